"""Deeds on rounds: planning, opening, moving on, withdrawing. Publishing and closing know more and live higher."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Unpack, cast

from sqlalchemy import delete, insert
from sqlalchemy.orm import InstrumentedAttribute

from audit_app.accounts import queries as accounts
from audit_app.core import clock
from audit_app.core.actors import Actor
from audit_app.core.db import Owned, db
from audit_app.core.errors import NotHere, Refused
from audit_app.history.services import record
from audit_app.indicators import queries as indicators
from audit_app.indicators.rules import AuditTemplate, TemplateIndicator
from audit_app.rounds import queries, rules
from audit_app.rounds.models import (
    Round,
    RoundAgency,
    RoundApplicability,
    RoundAttribute,
    RoundAttributeOption,
    RoundDomain,
    RoundGuidance,
    RoundIndicator,
    RoundKeyLine,
    RoundLevel,
)
from audit_app.rounds.rules import (
    DATE_WORDS,
    DAYS_AT_MOST,
    FIELD_WORDS,
    LOOK_BACK_AT_MOST,
    ROUND_STATE_WORDS,
    Plan,
    PlanChanges,
    RoundState,
)

STALE = (
    "Someone else changed this plan while you had the page open. Compare both below, then save again to keep what is "
    "in the form."
)


def create_round(*, title: str, reference: str, by: Actor, at: datetime) -> Round:
    """Begin planning a round.

    Raises:
        Refused: no title, or a reference that is malformed or taken.
    """
    _check_name(by.partnership_id, title=title, reference=reference)
    new = Round(
        partnership_id=by.partnership_id,
        reference=reference,
        title=title,
        created_at=at,
        created_by_id=by.id,
    )
    db.session.add(new)
    db.session.flush()
    record("round_created", by=by, of=new)
    return new


def change_plan(round_id: int, *, version: int, by: Actor, **changes: Unpack[PlanChanges]) -> Round:
    """Change any part of a plan, or once its round is opened its dates, its reminders and what is decided about panels.

    `version` is the one seen.

    Returns keep the day for which they were sent.

    Raises:
        Refused: the plan is frozen, was changed meanwhile, or a part cannot be so (`field` names it).
    """
    found = queries.round_for_change(by.partnership_id, round_id)
    plan = queries.plan_of(by.partnership_id, round_id)
    if reason := rules.why_not_change_plan(found.state, changes, is_any_released=plan.is_any_released):
        raise Refused(reason)
    if version != found.version:
        raise Refused(STALE)
    wanted = _that_differ(plan, changes)
    if not wanted:
        return found
    _check(plan, wanted, by.partnership_id)
    for name, value in wanted.items():
        if name == "key_lines":
            _replace(found, RoundKeyLine, [{"position": i, "words": words} for i, words in enumerate(value, 1)])
        elif name == "agency_ids":
            _replace(found, RoundAgency, [{"agency_id": agency_id} for agency_id in sorted(value)])
        else:
            setattr(found, name, value)
    found.version += 1
    words = list(dict.fromkeys(FIELD_WORDS[name] for name in wanted))
    record("round_changed", by=by, of=found, fields=rules.in_a_row(words))
    db.session.flush()
    return found


def _that_differ(plan: Plan, changes: PlanChanges) -> dict[str, Any]:
    """The changes that change something, with collections in one form."""
    wanted = cast(dict[str, Any], dict(changes))
    if "key_lines" in wanted:
        wanted["key_lines"] = tuple(wanted["key_lines"])
    if "agency_ids" in wanted:
        wanted["agency_ids"] = frozenset(wanted["agency_ids"])
    stored = {**vars(plan), "agency_ids": frozenset(agency_id for agency_id, _ in plan.agencies)}
    return {name: value for name, value in wanted.items() if value != stored[name]}


def _check(plan: Plan, wanted: Mapping[str, Any], partnership_id: int) -> None:
    """Raise Refused for the first part of a changed plan that cannot be so."""
    _check_name(partnership_id, title=wanted.get("title"), reference=wanted.get("reference"))
    months = wanted.get("look_back_months")
    if months is not None and not 1 <= months <= LOOK_BACK_AT_MOST:
        raise Refused(f"The look-back period must be 1 to {LOOK_BACK_AT_MOST} months.", "look_back_months")
    _check_choices(wanted, partnership_id)
    _check_days(plan, {name: wanted[name] for name in DAYS_AT_MOST if name in wanted})
    _check_dates(plan, {name: wanted[name] for name in DATE_WORDS if name in wanted})


def _check_days(plan: Plan, days: Mapping[str, int | None]) -> None:
    """Reminders and feedback come after numbers of days that make sense, and in order."""
    for name, number in days.items():
        if reason := rules.why_not_days(name, number):
            raise Refused(reason, name)
    after: dict[str, Any] = {**vars(plan), **days}
    if reason := rules.why_not_ladder(after["remind_leads_days"], after["remind_partners_days"]):
        raise Refused(reason, "remind_partners_days")


def _check_dates(plan: Plan, dates: Mapping[str, Any]) -> None:
    """The days that are changed lie ahead, and the whole timetable is in order."""
    for name, chosen in dates.items():
        if reason := rules.why_not_empty(name, chosen, plan.state):
            raise Refused(reason, name)
    if dates:
        after = replace(plan, **dates)
        if reason := rules.why_not_dates(after.returns_due_on, after.panel_on, after.report_due_on):
            raise Refused(reason, "report_due_on" if reason.startswith("The report") else "panel_on")
    for name, chosen in dates.items():
        if reason := rules.why_not_past(name, chosen, today=clock.today()):
            raise Refused(reason, name)


def _check_name(partnership_id: int, *, title: str | None, reference: str | None) -> None:
    if title is not None and not title:
        raise Refused("Enter a title.", "title")
    if reference is None:
        return
    if reason := rules.why_not_reference(reference):
        raise Refused(reason, "reference")
    if queries.is_reference_taken(partnership_id, reference):
        raise Refused("Another round has that reference. Choose another.", "reference")


def _check_choices(wanted: Mapping[str, Any], partnership_id: int) -> None:
    """What is chosen is this partnership's, and has not ended."""
    if wanted.get("body_id") and wanted["body_id"] not in {body.id for body in accounts.bodies(partnership_id)}:
        raise Refused("Choose one of the partnership's bodies.", "body_id")
    if wanted.get("area_id") and wanted["area_id"] not in {area.id for area in accounts.areas(partnership_id)}:
        raise Refused("Choose one of the partnership's areas.", "area_id")
    known: Collection[int] = {agency.id for agency in accounts.agencies(partnership_id)}
    if not set(wanted.get("agency_ids", ())).issubset(known):
        raise Refused("Choose from the partnership's agencies.", "agency_ids")
    offered = {template.version_id for template in indicators.templates_offered(partnership_id)}
    if wanted.get("template_version_id") and wanted["template_version_id"] not in offered:
        raise Refused("Choose one of the templates that are offered.", "template_version_id")


def _replace(found: Round, table: type[Owned], rows: list[dict[str, Any]]) -> None:
    """Put these rows in the place of those that a round has."""
    mine = {"partnership_id": found.partnership_id, "round_id": found.id}
    db.session.execute(delete(table).filter_by(**mine))
    _insert(table, [mine | row for row in rows])


def open_round(round_id: int, *, version: int, by: Actor, at: datetime) -> Round:
    """Open a round for sampling: its plan and a copy of its template are frozen. `version` is that of the checked plan.

    Raises:
        Refused: opened already, changed meanwhile, something missing, an agency that is asked nothing, or the dates do
            not hold any more.
    """
    found = queries.round_for_change(by.partnership_id, round_id)
    plan = queries.plan_of(by.partnership_id, round_id)
    if reason := rules.why_not_open(plan, today=_london(at)):
        raise Refused(reason)
    if version != found.version:
        raise Refused("Someone else changed this plan while you were checking it. Check it once more.")
    if found.template_version_id is None:
        raise NotHere
    template = indicators.template_version(found.template_version_id)
    if reason := rules.why_not_reach(queries.reach_of(by.partnership_id, found.id, template)):
        raise Refused(reason)
    _freeze(found, template)
    found.state, found.opened_at, found.opened_by_id = RoundState.SAMPLING, at, by.id
    record("round_opened", by=by, of=found, template=plan.template)
    db.session.flush()
    return found


def _london(at: datetime) -> date:
    return at.astimezone(clock.LONDON).date()


def _freeze(found: Round, template: AuditTemplate) -> None:
    """Copy a template into a round, in seven inserts. Answers point at the copy, never at the library."""
    mine = {"partnership_id": found.partnership_id, "round_id": found.id}
    level_ids = _insert(
        RoundLevel,
        [
            mine | {"read_at": place} | _fields(it, "code", "letter", "words", "rank", "band")
            for place, it in enumerate(template.scale.as_read, 1)
        ],
        RoundLevel.code,
    )
    domain_ids = _insert(
        RoundDomain,
        [mine | {"position": number, "title": domain.title} for number, domain in enumerate(template.domains, 1)],
        RoundDomain.position,
    )
    domain_of = {
        it.code: domain_ids[number] for number, domain in enumerate(template.domains, 1) for it in domain.indicators
    }
    indicator_ids = _insert(
        RoundIndicator,
        [
            mine
            | {"domain_id": domain_of[it.code], "position": position, "is_narrative": template.is_in_words(it)}
            | _words_of(it)
            for position, it in enumerate(template.indicators, 1)
        ],
        RoundIndicator.code,
    )
    owner = {"partnership_id": found.partnership_id}
    _freeze_attributes(template.attributes, mine, owner)
    _insert(
        RoundGuidance,
        [
            owner | {"indicator_id": indicator_ids[it.code], "level_id": level_ids[level], "words": words}
            for it in template.indicators
            if not template.is_in_words(it)
            for level, words in it.guidance.items()
        ],
    )
    _insert(
        RoundApplicability,
        [
            owner | {"indicator_id": indicator_ids[it.code], "applies_by": by, "value": value}
            for it in template.indicators
            for by, values in it.applies.items()
            for value in sorted(values)
        ],
    )


def _freeze_attributes(codes: Sequence[str], mine: Mapping[str, int], owner: Mapping[str, int]) -> None:
    """Copy the case attributes that a template names, with their options."""
    known = indicators.requirements()
    attributes = [known[code] for code in codes]
    ids = _insert(
        RoundAttribute,
        [
            {**mine, "position": position, "question": it.words, "help": it.detail["help"]}
            | {"is_many": it.detail["answers"] == "many"}
            | _fields(it, "code", "title")
            for position, it in enumerate(attributes, 1)
        ],
        RoundAttribute.code,
    )
    _insert(
        RoundAttributeOption,
        [
            {**owner, "attribute_id": ids[it.code], "position": position}
            | {"code": option["code"], "words": option["words"], "part": option.get("part", "")}
            for it in attributes
            for position, option in enumerate(it.detail["option"], 1)
        ],
    )


def _words_of(indicator: TemplateIndicator) -> dict[str, Any]:
    return _fields(indicator, "code", "title", "question", "why", "look_for", "example", "rated", "is_panel")


def _fields(source: object, *names: str) -> dict[str, Any]:
    return {name: getattr(source, name) for name in names}


def _insert(
    table: type[Owned], rows: list[dict[str, Any]], key: InstrumentedAttribute[Any] | None = None
) -> dict[Any, int]:
    """Insert rows in one go. Gives their ids by `key`, where one is named."""
    if not rows:
        return {}
    if key is None:
        db.session.execute(insert(table), rows)
        return {}
    return dict(db.session.execute(insert(table).returning(key, table.id), rows).all())


def move_round(round_id: int, *, to: RoundState, by: Actor) -> Round:
    """Move a round on, as part of a deed of a higher feature. Gives the round, locked.

    Raises:
        Refused: `rules.TRANSITIONS` knows no such step.
    """
    found = queries.round_for_change(by.partnership_id, round_id)
    if reason := rules.why_not_move(found.state, to):
        raise Refused(reason)
    was, found.state = found.state, to
    record("round_moved", by=by, of=found, from_state=ROUND_STATE_WORDS[was], to_state=ROUND_STATE_WORDS[to])
    db.session.flush()
    return found


def withdraw_round(round_id: int, *, reason: str, by: Actor) -> Round:
    """Take a round back before it is published. It stays readable to those who plan and check, with the reason.

    Raises:
        Refused: published or withdrawn already, or no reason given.
    """
    found = queries.round_for_change(by.partnership_id, round_id)
    if refusal := rules.why_not_withdraw(found.state):
        raise Refused(refusal)
    if not reason:
        raise Refused("Say why the round is withdrawn.", "reason")
    found.state, found.withdrawn_reason = RoundState.WITHDRAWN, reason
    record("round_withdrawn", by=by, of=found, reason=reason)
    db.session.flush()
    return found
