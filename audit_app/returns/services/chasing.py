"""What the coordinator does about returns that are owed: remind, ask someone else, give more time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from audit_app.accounts.rules import Role, Viewer
from audit_app.core import clock
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused
from audit_app.core.web import plural
from audit_app.history.services import record
from audit_app.messages import queries as outbox
from audit_app.messages import services as messages
from audit_app.returns import queries, rules
from audit_app.returns.models import AgencyReturn, ReturnExtension
from audit_app.returns.queries import OwedReturn, Picked, Recipient
from audit_app.rounds import queries as rounds
from audit_app.rounds.models import Round

CHOOSE = "Choose at least one return that is still owed."


@dataclass(frozen=True)
class Reminded:
    """Who was reminded, who had been reminded today already, and the agencies where nobody is asked, by name."""

    told: Sequence[str]
    told_before: Sequence[str]
    nobody_at: Sequence[str]


def remind(round_id: int, picked: Picked, *, link: str, by: Viewer, at: datetime) -> Reminded:
    """Remind whoever is asked for these returns of all they still owe to the round, once a day at most.

    The mail says how many there are and by when, and nothing of any case; `link` is where they find them.

    Raises:
        Refused: none of them is owed.
        NotHere: the actor is no coordinator, or there is no such round.
    """
    found, owed = _round_and_owed(round_id, by, at)
    chosen = [one for one in owed if one.is_among(picked)]
    if not chosen:
        raise Refused(CHOOSE)
    today = _day(at)
    people = queries.people_to_tell(by.partnership_id, today=today)
    days: dict[Recipient, list[date]] = {}
    for one in owed:
        for person in people.asked(one.agency_id, one.auditor_id):
            days.setdefault(person, []).append(one.due_on)
    asked = {person for one in chosen for person in people.asked(one.agency_id, one.auditor_id)}
    occasion = f"round {found.id} reminded {today.isoformat()}"
    before = {person for person in asked if outbox.is_posted(by.partnership_id, person.email, occasion)}
    for person in asked - before:
        subject, body = rules.reminder_mail(
            recipient=person.name, round_title=found.title, days=days[person], today=today, link=link
        )
        _post(found, person, occasion, subject, body)
    if asked - before:
        record("returns_reminded", by=by, of=found, people=_people(len(asked - before)))
    db.session.flush()
    return Reminded(
        told=sorted(person.name for person in asked - before),
        told_before=sorted(person.name for person in before),
        nobody_at=sorted({one.agency for one in chosen if not people.asked(one.agency_id, one.auditor_id)}),
    )


def assign_returns(
    round_id: int, picked: Picked, *, auditor_id: int | None, link: str, by: Viewer, at: datetime
) -> Sequence[AgencyReturn]:
    """Ask one of an agency's auditors for its returns, or again nobody in particular. Gives the returns that changed.

    Whoever is newly asked is mailed, without a word about any case.

    Raises:
        Refused: none is owed, they are of several agencies, or the person does not audit for that agency.
        NotHere: the actor is no coordinator, or there is no such round.
    """
    found, owed = _round_and_owed(round_id, by, at)
    chosen = [one for one in owed if one.is_among(picked)]
    if reason := rules.why_not_assign_these({one.agency_id for one in chosen}):
        raise Refused(reason)
    auditors = queries.people_to_tell(by.partnership_id, today=_day(at)).auditors.get(chosen[0].agency_id, {})
    if auditor_id is not None and auditor_id not in auditors:
        raise Refused(f"Choose {by.terms.one(Role.AUDITOR)} of that agency.", field="auditor_id")
    changed = []
    for agency_return in _locked(chosen, by):
        if agency_return.auditor_id == auditor_id:
            continue
        agency_return.auditor_id = auditor_id
        changed.append(agency_return)
        if auditor_id is None:
            record("return_unassigned", by=by, of=agency_return)
        else:
            record("return_assigned", by=by, of=agency_return, auditor=auditors[auditor_id].name)
    if changed and auditor_id is not None:
        subject, body = rules.assigned_mail(
            recipient=auditors[auditor_id].name,
            round_title=found.title,
            returns=len(changed),
            due_on=min(one.due_on for one in changed),
            link=link,
        )
        _post(found, auditors[auditor_id], f"round {found.id} assigned {at.isoformat()}", subject, body)
    db.session.flush()
    return changed


def extend_returns(
    round_id: int, picked: Picked, *, due_on: date, reason: str, is_sure: bool = False, by: Viewer, at: datetime
) -> Sequence[AgencyReturn]:
    """Make returns due on a later day, with a reason that their agency reads. The ladder of reminders begins anew.

    Raises:
        Refused: none is owed, the day is not later than that of each of them, no reason is given, or the day is that of
            the round's panel or after it, and nobody `is_sure` (`field`).
        NotHere: the actor is no coordinator, or there is no such round.
    """
    its_round, owed = _round_and_owed(round_id, by, at)
    chosen = [one for one in owed if one.is_among(picked)]
    if not chosen:
        raise Refused(CHOOSE)
    if refusal := rules.why_not_extend(
        due_on=max(one.due_on for one in chosen),
        new_day=due_on,
        today=_day(at),
        reason=reason,
        panel_on=its_round.panel_on,
        is_sure=is_sure,
    ):
        raise Refused(*refusal)
    extended = _locked(chosen, by)
    for agency_return in extended:
        db.session.add(
            ReturnExtension(
                partnership_id=agency_return.partnership_id,
                return_id=agency_return.id,
                from_day=agency_return.due_on,
                to_day=due_on,
                reason=reason,
                extended_at=at,
                extended_by_id=by.id,
            )
        )
        was, agency_return.due_on = agency_return.due_on, due_on
        record("return_extended", by=by, of=agency_return, from_day=_in_words(was), to_day=_in_words(due_on))
    db.session.flush()
    return extended


def _round_and_owed(round_id: int, by: Viewer, at: datetime) -> tuple[Round, Sequence[OwedReturn]]:
    """The round, locked, so that two who remind at once tell nobody twice, and what is owed to it."""
    if not by.has(Role.COORDINATOR):
        raise NotHere
    found = rounds.round_for_change(by.partnership_id, round_id)
    return found, queries.owed_returns(by, round_id, today=_day(at))


def _locked(chosen: Collection[OwedReturn], by: Viewer) -> Sequence[AgencyReturn]:
    """The chosen returns, locked. One that was answered a moment ago refuses the whole deed."""
    found = []
    for one in sorted(chosen, key=lambda one: one.id):
        agency_return, _, standing = queries.return_and_case_for_change(by.partnership_id, one.id)
        if reason := rules.why_not_chase(standing, terms=by.terms):
            raise Refused(f"{agency_return.name}: {reason}")
        found.append(agency_return)
    return found


def _post(found: Round, person: Recipient, occasion: str, subject: str, body: str) -> None:
    messages.post(
        partnership_id=found.partnership_id, recipient=person.email, occasion=occasion, subject=subject, body=body
    )


def _day(at: datetime) -> date:
    return at.astimezone(clock.LONDON).date()


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _people(count: int) -> str:
    return plural(count, "person", "people")
