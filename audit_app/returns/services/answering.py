"""What an auditor does with a return of their agency."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.history.services import record, record_once_an_hour
from audit_app.returns import queries, rules
from audit_app.returns.models import AgencyReturn, LoadedFile, Rating
from audit_app.returns.rules import (
    KNOWN_STATES,
    KNOWN_WORDS,
    Change,
    Known,
    Overall,
    ReturnState,
    SavedAnswer,
    ShouldHaveKnown,
)
from audit_app.returns.services.right_file import forget_file
from audit_app.returns.services.writing import return_to_write
from audit_app.rounds import queries as rounds
from audit_app.rounds.models import RoundLevel
from audit_app.rounds.rules import indicators_for


def say_known(
    return_id: int,
    *,
    known: Known,
    reason: str,
    seen: str,
    by: Viewer,
    at: datetime,
    should_have_known: ShouldHaveKnown | None = None,
    on_behalf_of: str = "",
) -> AgencyReturn:
    """Answer whether the agency knows the child. `seen` is the state of the return that the person had seen.

    A known child gets a rating to fill in for every indicator that applies to the agency and the child. Every other
    answer is a whole answer: the return asks no more, and the agency has no file open. Ratings written before stay,
    should the answer change again. `on_behalf_of` names the practice or school for which the agency answers, if any.
    A second press by the same person is quiet.

    Raises:
        Refused: it cannot be answered (so) now, or someone else answered meanwhile.
        NotHere: the actor does not audit for that agency.
    """
    found, case, standing = queries.return_and_case_for_change(by.partnership_id, return_id)
    _check_own(found, by)
    if refusal := rules.why_not_say_known(standing, known, reason, should_have_known, terms=by.terms):
        field, sentence = rules.missing_with(known, reason, should_have_known) or ("", "")
        raise Refused(refusal, field=field if refusal == sentence else None)
    wanted = (
        KNOWN_STATES[known],
        "" if known is Known.KNOWN else reason,
        should_have_known if known is Known.NOT_KNOWN else None,
        on_behalf_of,
    )
    if seen != found.state:
        if found.known_by_id == by.id and wanted == _said(found):
            return found
        raise Refused(
            f"Someone else answered this meanwhile: the return is now at “{rules.RETURN_STATE_WORDS[found.state]}”. "
            "Check your answer, then save again."
        )
    found.state, found.reason, found.should_have_known, found.on_behalf_of = wanted
    found.known_by_id = by.id
    found.started_at = found.started_at or at
    if known is Known.KNOWN:
        _make_ratings(found, case)
    else:
        forget_file(found, case)
    record("return_known", by=by, of=found, known=KNOWN_WORDS[known])
    db.session.flush()
    return found


def _said(found: AgencyReturn) -> tuple[ReturnState, str, ShouldHaveKnown | None, str]:
    return found.state, found.reason, found.should_have_known, found.on_behalf_of


def _check_own(found: AgencyReturn, by: Viewer) -> None:
    if found.agency_id not in by.agencies(Role.AUDITOR):
        raise NotHere


def _make_ratings(found: AgencyReturn, case: Case) -> None:
    """An empty rating for each indicator that applies and has none yet."""
    template = rounds.frozen_template(found.partnership_id, found.round_id)
    kind = db.session.get_one(Agency, found.agency_id).kind
    of_return = (Rating.partnership_id == found.partnership_id, Rating.return_id == found.id)
    there = set(db.session.scalars(select(Rating.indicator_id).where(*of_return)))
    rows = [
        {
            "partnership_id": found.partnership_id,
            "return_id": found.id,
            "round_id": found.round_id,
            "agency_id": found.agency_id,
            "indicator_id": indicator.id,
            "indicator_code": indicator.code,
        }
        for indicator in indicators_for(template, kind, case.plan_status, case.age_band)
        if indicator.id not in there
    ]
    if rows:
        db.session.execute(insert(Rating), rows)


def save_ratings(return_id: int, changes: Mapping[int, Change], *, by: Viewer, at: datetime) -> frozenset[int]:
    """Save answers by indicator. Gives the indicators whose answer somebody else changed first: those were not saved.

    Every other answer is saved, finished or not. What is kept already is not saved again. One read, one update of
    all rows, one line of history an hour.

    Raises:
        Refused: nothing can be saved now, a text is too long, a level is not of the round's scale, or an indicator is
            not answered so.
        NotHere: the return is not of the actor's agency, or does not ask one of the indicators.
    """
    return frozenset(one for one, saved in _saved(return_id, changes, by, at).items() if saved.is_clash)


def save_rating(return_id: int, indicator_id: int, change: Change, *, by: Viewer, at: datetime) -> SavedAnswer:
    """Save one answer, as the page does by itself while somebody types. Gives the version that is kept now.

    Raises:
        As `save_ratings`.
    """
    return _saved(return_id, {indicator_id: change}, by, at)[indicator_id]


def _saved(return_id: int, changes: Mapping[int, Change], by: Viewer, at: datetime) -> Mapping[int, SavedAnswer]:
    """Save what differs from what is kept and clashes with nothing. Gives for each indicator what became of it."""
    found = return_to_write(return_id, by)
    changes = {indicator: Change(rules.tidied(change.answer), change.version) for indicator, change in changes.items()}
    for change in changes.values():
        if reason := rules.why_not_text(change.answer):
            raise Refused(reason)
    kept = _kept(found, changes)
    differing = {indicator: change for indicator, change in changes.items() if change.answer != kept[indicator].answer}
    clashes = frozenset(
        indicator for indicator, change in differing.items() if change.version != kept[indicator].version
    )
    standing_levels = {its.answer.level_id: its.level_code for its in kept.values() if its.answer.level_id}
    levels = _levels(found, differing.values(), standing_levels)
    rows = [_row(kept[indicator], differing[indicator], levels, by, at) for indicator in differing.keys() - clashes]
    if rows:
        db.session.connection().execute(_SAVE, rows)
        record_once_an_hour("ratings_saved", by=by, of=found)
    return {
        indicator: SavedAnswer(
            kept[indicator].version + (indicator in differing and indicator not in clashes), indicator in clashes
        )
        for indicator in changes
    }


def _kept(found: AgencyReturn, changes: Mapping[int, Change]) -> Mapping[int, queries.KeptRating]:
    """What is kept of the indicators that are to be saved, each of which may be answered so."""
    kept = queries.ratings_for_change(found.partnership_id, found.id, changes.keys())
    if kept.keys() != changes.keys():
        raise NotHere
    for indicator, change in changes.items():
        if reason := rules.why_not_kind(change.answer.kind, is_narrative=kept[indicator].is_narrative):
            raise Refused(reason)
    return kept


_SAVE = (
    update(Rating)
    .where(Rating.id == bindparam("its_id"))
    .values(
        {
            name: bindparam(name)
            for name in (
                *("version", "answer", "level_id", "level_code", "reason", "evidence", "where_on_file", "tag"),
                *("answered_at", "answered_by_id"),
            )
        }
    )
)
"""One statement for all rows of a save. Nothing of them is in the session."""


def _row(
    kept: queries.KeptRating, change: Change, levels: Mapping[int, str | None], by: Viewer, at: datetime
) -> dict[str, object]:
    level_id = change.answer.level_id
    return {
        "its_id": kept.id,
        "version": kept.version + 1,
        "answer": change.answer.kind,
        "level_id": level_id,
        "level_code": None if level_id is None else levels[level_id],
        "reason": change.answer.reason,
        "evidence": change.answer.evidence,
        "where_on_file": change.answer.where_on_file,
        "tag": change.answer.tag,
        "answered_at": at,
        "answered_by_id": by.id,
    }


def _levels(
    found: AgencyReturn, changes: Collection[Change], known: Mapping[int, str | None]
) -> Mapping[int, str | None]:
    """The codes of the levels that are chosen, by their ids. Looked up only where one is not among the `known`: who
    types about a level that stands already asks for none."""
    if all(change.answer.level_id is None or change.answer.level_id in known for change in changes):
        return known
    levels = _levels_of_round(found)
    if not {change.answer.level_id for change in changes} - {None} <= levels.keys():
        raise Refused("Choose one of the levels shown.")
    return levels


def _levels_of_round(found: AgencyReturn) -> dict[int, str | None]:
    asked = {"partnership": found.partnership_id, "its_round": found.round_id}
    return {row.id: row.code for row in db.session.execute(_LEVELS, asked)}


_LEVELS = select(RoundLevel.id, RoundLevel.code).where(
    RoundLevel.partnership_id == bindparam("partnership"), RoundLevel.round_id == bindparam("its_round")
)


def save_words(
    return_id: int,
    *,
    overall_level_id: int | None,
    overall_reason: str,
    worked_well: str,
    to_improve: str,
    learning: str,
    proposed_actions: str,
    version: int,
    by: Viewer,
) -> int:
    """Save what the agency says over the whole return. `version` is of these words as they were seen. Gives the one
    that is kept now.

    Raises:
        Refused: nothing can be saved now, a text is too long, or the level is not of the round's scale.
        Stale: somebody else saved these words meanwhile. `theirs` has the level by its id.
        NotHere: the return is not of the actor's agency.
    """
    found = return_to_write(return_id, by)
    wanted = rules.tidied_overall(
        Overall(overall_level_id, overall_reason, worked_well, to_improve, learning, proposed_actions)
    )
    if reason := rules.why_not_overall(wanted):
        raise Refused(reason)
    if overall_level_id is not None and overall_level_id not in _levels_of_round(found):
        raise Refused("Choose one of the levels shown.", field="overall_level")
    kept = queries.overall_of(found)
    if kept == wanted:
        return found.version
    if found.version != version:
        theirs = {name: str(value or "") for name, value in asdict(kept).items()}
        raise Stale(theirs, version=found.version)
    for name, value in asdict(wanted).items():
        setattr(found, name, value)
    found.version += 1
    record_once_an_hour("return_summary_saved", by=by, of=found)
    db.session.flush()
    return found.version


def submit_return(
    return_id: int,
    *,
    is_declared: bool,
    are_not_names: bool = False,
    minutes_spent: int | None = None,
    minutes_seen: int | None = None,
    declaration: str = rules.DECLARATION,
    by: Viewer,
    at: datetime,
) -> AgencyReturn:
    """Hand an agency's ratings over. From then on they are counted, and can no longer be changed.

    The `declaration` is kept in the words that were ticked, with who and when. `are_not_names` is said where something
    that was typed may name someone; `minutes_spent` only where somebody liked to say. Left out, it takes back what the
    page had shown, `minutes_seen`. A second press by the same person is quiet.

    Raises:
        Refused: not in a state to be submitted, something is still needed, nothing was declared, or a text may name
            someone and nobody has said that it does not.
        NotHere: the return is not of the actor's agency.
    """
    found, _, standing = queries.return_and_case_for_change(by.partnership_id, return_id)
    _check_own(found, by)
    if is_declared and _is_submitted(found, declaration, minutes_spent, by):
        return found
    needs = queries.needs_of_return(by.partnership_id, found.round_id, return_id)
    its = {"case_id": found.case_id, "agency_id": found.agency_id}
    names = () if needs or are_not_names else queries.names_typed(by.partnership_id, return_id, **its)
    wanting = {"gaps": len(needs), "names": len(names)}
    if reason := rules.why_not_submit(standing, **wanting, is_declared=is_declared, terms=by.terms):
        raise Refused(reason, field="are_not_names" if names else None if is_declared else "is_declared")
    if reason := rules.why_not_minutes(minutes_spent):
        raise Refused(reason, field="hours")
    if minutes_spent is not None or minutes_seen is not None:
        found.minutes_spent = minutes_spent
    found.state, found.reason, found.declaration = ReturnState.SUBMITTED, "", declaration
    found.submitted_at, found.submitted_by_id = at, by.id
    _count_ratings(found, is_submitted=True)
    of_return = LoadedFile.partnership_id == found.partnership_id, LoadedFile.return_id == found.id
    db.session.execute(delete(LoadedFile).where(*of_return).execution_options(synchronize_session=False))
    record("return_submitted", by=by, of=found)
    db.session.flush()
    return found


def _is_submitted(found: AgencyReturn, declaration: str, minutes_spent: int | None, by: Viewer) -> bool:
    """Whether this very person has submitted it so already."""
    said = (found.state, found.submitted_by_id, found.declaration)
    is_same_time = minutes_spent in {None, found.minutes_spent}
    return said == (ReturnState.SUBMITTED, by.id, declaration) and is_same_time


def _count_ratings(found: AgencyReturn, *, is_submitted: bool) -> None:
    db.session.execute(
        update(Rating)
        .where(Rating.partnership_id == found.partnership_id, Rating.return_id == found.id)
        .values(is_submitted=is_submitted)
        .execution_options(synchronize_session=False)
    )
