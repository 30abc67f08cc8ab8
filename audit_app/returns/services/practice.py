"""The reflective discussion, who is named to read a return, and what they answer."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from audit_app.accounts.rules import Role, Viewer
from audit_app.core import clock
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.core.web import day
from audit_app.history.services import record, record_once_an_hour
from audit_app.messages import services as messages
from audit_app.returns import queries, rules
from audit_app.returns.models import AgencyReturn, Discussion, PractitionerAnswer, ReturnPractitioner
from audit_app.returns.queries import WHOLE
from audit_app.returns.rules import PractitionerPart, Prompt, Reply, Talk
from audit_app.returns.services.writing import return_to_write
from audit_app.rounds.models import Round


def save_discussion(return_id: int, talk: Talk, *, is_held: bool, version: int, by: Viewer, at: datetime) -> None:
    """Record the reflective discussion, or why there was none. `version` is of what was seen, 0 of nothing yet.

    Notes stay when it is then said that no discussion was held: they are not shown, and not lost.

    Raises:
        Refused: nothing can be saved now, or something is missing (`field` names it).
        Stale: somebody else saved it meanwhile.
        NotHere: the return is not of the actor's agency.
    """
    found = return_to_write(return_id, by)
    if refusal := rules.why_not_talk(talk, is_held=is_held, today=at.astimezone(clock.LONDON).date()):
        raise Refused(*refusal)
    wanted = Talk(talk.held_on, talk.with_whom, "", talk.notes) if is_held else Talk(None, "", talk.not_held_reason)
    kept = queries.discussion_for_change(by.partnership_id, return_id)
    if kept is None:
        kept = Discussion(partnership_id=found.partnership_id, return_id=found.id, version=0)
        _write(kept, wanted, by, at)
        db.session.add(kept)
    elif _is_kept(kept, wanted):
        return
    elif kept.version != version:
        raise Stale(_in_fields(queries.talk_of(kept)), version=kept.version)
    else:
        _write(kept, wanted, by, at)
    record_once_an_hour("discussion_saved", by=by, of=found)
    db.session.flush()


def _is_kept(kept: Discussion, wanted: Talk) -> bool:
    same = (kept.held_on, kept.with_whom, kept.not_held_reason)
    return same == (wanted.held_on, wanted.with_whom, wanted.not_held_reason) and all(
        getattr(kept, prompt) == words for prompt, words in wanted.notes.items()
    )


def _write(kept: Discussion, wanted: Talk, by: Viewer, at: datetime) -> None:
    kept.held_on, kept.with_whom, kept.not_held_reason = wanted.held_on, wanted.with_whom, wanted.not_held_reason
    for prompt, words in wanted.notes.items():
        setattr(kept, prompt, words)
    kept.saved_at, kept.saved_by_id = at, by.id
    kept.version += 1


def _in_fields(talk: Talk) -> dict[str, str]:
    """A discussion by the fields of its page, to show beside what was typed."""
    return {
        "held_on": day(talk.held_on),
        "with_whom": talk.with_whom,
        "not_held_reason": talk.not_held_reason,
        **{prompt.value: talk.notes.get(prompt, "") for prompt in Prompt},
    }


def name_practitioner(
    return_id: int, person_id: int, *, part: PractitionerPart, link: str, by: Viewer, at: datetime
) -> None:
    """Name a practitioner, or their manager, who may then read this one return once it is submitted.

    They are mailed without a word about the case; `link` is where they sign in.

    Raises:
        Refused: nobody can be named now, or this person cannot.
        NotHere: the actor neither audits for the agency nor coordinates.
    """
    found = _return_to_name(return_id, by)
    people = queries.people_to_name(by.partnership_id, found.agency_id, today=at.astimezone(clock.LONDON).date())
    person = next((one for one in people if one.id == person_id), None)
    if person is None:
        raise Refused("Choose one of the people shown.", field="person")
    kept = queries.naming_for_change(by.partnership_id, return_id, person_id)
    if kept is not None and kept.ended_at is None and kept.part is part:
        return
    if kept is None:
        kept = ReturnPractitioner(partnership_id=found.partnership_id, return_id=found.id, person_id=person_id)
        db.session.add(kept)
    kept.part, kept.named_at, kept.named_by_id, kept.ended_at = part, at, by.id, None
    record("practitioner_named", by=by, of=found, part=rules.part_words(part, by.terms))
    subject, body = rules.named_mail(
        recipient=person.name, round_title=db.session.get_one(Round, found.round_id).title, link=link
    )
    messages.post(
        partnership_id=found.partnership_id,
        recipient=person.email,
        occasion=f"return {found.id} named {at.isoformat()}",
        subject=subject,
        body=body,
    )
    db.session.flush()


def _return_to_name(return_id: int, by: Viewer) -> AgencyReturn:
    found, standing = queries.return_for_change(by.partnership_id, return_id)
    _check_names(found, by)
    access = queries.access_of_round(by.partnership_id, found.round_id)
    if reason := rules.why_not_name(access, standing, terms=by.terms):
        raise Refused(reason)
    return found


def _check_names(found: AgencyReturn, by: Viewer) -> None:
    if not by.has(Role.COORDINATOR) and found.agency_id not in by.agencies(Role.AUDITOR):
        raise NotHere


def end_naming(return_id: int, named_id: int, *, by: Viewer, at: datetime) -> None:
    """Let someone read a return no longer. What they answered stays. Possible at any time.

    Raises:
        NotHere: nobody is named so on that return, or the actor neither audits for the agency nor coordinates.
    """
    found, _ = queries.return_for_change(by.partnership_id, return_id)
    _check_names(found, by)
    query = select(ReturnPractitioner).where(
        ReturnPractitioner.partnership_id == by.partnership_id,
        ReturnPractitioner.return_id == return_id,
        ReturnPractitioner.id == named_id,
    )
    kept = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if kept is None or kept.ended_at is not None:
        raise NotHere
    kept.ended_at = at
    record("practitioner_ended", by=by, of=found, part=rules.part_words(kept.part, by.terms))
    db.session.flush()


def save_replies(
    reference: str, agency_id: int, changes: Mapping[int, Reply], *, by: Viewer, at: datetime
) -> frozenset[int]:
    """Answer ratings of the return that one is named on, by indicator, and the whole (WHOLE).

    Gives those that were changed in another window first: they were not saved.

    Raises:
        Refused: the round asks for no answer (to one of these), the return is not open, or an answer is too long.
        NotHere: the actor is not named on it, or it does not rate one of the indicators.
    """
    seen = queries.own_work(by, reference, agency_id)
    found, _, standing = queries.return_and_case_for_change(by.partnership_id, seen.return_id)
    seen = queries.own_work(by, reference, agency_id)  # once more: it is locked now
    if not seen.is_readable and standing.state in rules.HANDED_OVER:
        raise NotHere
    if reason := rules.why_not_reply(seen.access, standing, terms=by.terms):
        raise Refused(reason)
    kept = queries.own_replies(by.partnership_id, seen.named_id)
    nothing = Reply("", 0)
    differing = {one: reply for one, reply in changes.items() if reply.words != kept.get(one, nothing).words}
    _check_asked(seen, differing, by)
    clashes = frozenset(one for one, reply in differing.items() if reply.version != kept.get(one, nothing).version)
    for one in differing.keys() - clashes:
        _answer(seen.named_id, one, differing[one].words, by, at)
    if differing.keys() - clashes:
        record_once_an_hour("practitioner_answered", by=by, of=found)
    db.session.flush()
    return clashes


def _check_asked(seen: queries.OwnWork, changes: Mapping[int, Reply], by: Viewer) -> None:
    """Raise unless each of these may be answered so."""
    for one, reply in changes.items():
        if reason := rules.why_not_words(reply.words):
            raise Refused(reason, field=f"answer-{one}")
    indicators = changes.keys() - {WHOLE}
    bands = queries.bands_of_return(by.partnership_id, seen.return_id) if changes else {}
    if not indicators <= bands.keys():
        raise NotHere
    if WHOLE in changes and (reason := rules.why_not_reply_to_all(seen.access, bands.values())):
        raise Refused(reason, field=f"answer-{WHOLE}")
    for one in indicators:
        if not rules.is_open_to_reply(seen.access, bands[one]):
            raise Refused("In this round only ratings below good are answered.", field=f"answer-{one}")


def _answer(named_id: int, indicator: int, words: str, by: Viewer, at: datetime) -> None:
    about = PractitionerAnswer.indicator_id
    query = select(PractitionerAnswer).where(
        PractitionerAnswer.partnership_id == by.partnership_id,
        PractitionerAnswer.named_id == named_id,
        about.is_(None) if indicator == WHOLE else about == indicator,
    )
    kept = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if kept is None:
        kept = PractitionerAnswer(
            partnership_id=by.partnership_id, named_id=named_id, indicator_id=indicator or None, version=0
        )
        db.session.add(kept)
    kept.words, kept.answered_at = words, at
    kept.version += 1
