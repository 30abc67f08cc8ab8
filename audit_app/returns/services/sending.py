"""Sending the cases of a round to its agencies."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import insert, literal, select

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Viewer
from audit_app.cases import services as cases
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core import clock
from audit_app.core.db import db
from audit_app.core.errors import Refused
from audit_app.core.web import plural
from audit_app.history.services import record
from audit_app.messages import services as messages
from audit_app.returns import queries, rules
from audit_app.returns.models import AgencyReturn, ReturnReminder
from audit_app.returns.rules import Ladder, ReturnState, Rung
from audit_app.rounds import queries as rounds
from audit_app.rounds import services as round_services
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState


def send_to_agencies(round_id: int, *, due_on: date, link: str, by: Viewer, at: datetime) -> int:
    """Ask every agency of a round for a return on each waiting case, and release the identity sheets to them.

    The first time, the round goes to its agencies; later, children who took another's place are sent. The agencies'
    auditors are mailed without a word about any case; `link` is where they find what they were asked. Gives the number
    of cases sent.

    Raises:
        Refused: no case waits, identity sheets are missing, no agency takes part, or the day due has passed.
        NotHere: no such round.
    """
    found = rounds.round_for_change(by.partnership_id, round_id)
    today = at.astimezone(clock.LONDON).date()
    page = queries.send_page(by.partnership_id, round_id, today=today)
    if reason := rules.why_not_send(
        found.state, cases=len(page.cases), sheets_missing=page.sheets_missing, agencies=len(page.agencies)
    ):
        raise Refused(reason)
    if reason := rules.why_not_due(due_on, today=today):
        raise Refused(reason, field="due_on")
    agencies = rounds.participating_agencies(by.partnership_id, round_id)
    waiting = queries.cases_to_send(by.partnership_id, round_id)
    db.session.execute(insert(AgencyReturn), _rows(waiting, agencies, due_on))
    _asked_is_reminded(found, waiting, due_on, at)
    for case in waiting:
        cases.release_to_agencies(case, agencies, by=by, at=at)
        cases.move_case(case, CaseState.WITH_AGENCIES)
    if found.state is RoundState.SAMPLING:
        round_services.move_round(round_id, to=RoundState.RETURNS, by=by)
    record(
        "cases_sent",
        by=by,
        of=found,
        cases=plural(len(waiting), "case"),
        agencies=plural(len(agencies), "agency", "agencies"),
    )
    auditors = queries.auditors_of_agencies(by.partnership_id, round_id, today=today)
    _tell(found, auditors, returns=len(waiting), due_on=due_on, link=link, at=at)
    db.session.flush()
    return len(waiting)


def _rows(waiting: Sequence[Case], agencies: Collection[Agency], due_on: date) -> list[dict[str, object]]:
    return [
        {
            "partnership_id": case.partnership_id,
            "round_id": case.round_id,
            "case_id": case.id,
            "agency_id": agency.id,
            "name": f"{case.reference} {agency.short_name}",
            "state": ReturnState.NOT_STARTED,
            "due_on": due_on,
        }
        for case in waiting
        for agency in agencies
    ]


def _asked_is_reminded(found: Round, waiting: Sequence[Case], due_on: date, at: datetime) -> None:
    """Where auditors would be reminded of these returns at once, the mail that asks for them is the reminder."""
    ladder = Ladder(found.remind_auditors_days, found.remind_leads_days, found.remind_partners_days)
    if Rung.AUDITORS not in rules.rungs_due(due_on, ladder, taken={}, today=at.astimezone(clock.LONDON).date()):
        return
    new = select(
        AgencyReturn.partnership_id,
        AgencyReturn.id,
        AgencyReturn.due_on,
        literal(Rung.AUDITORS, ReturnReminder.rung.type),
        literal(at, ReturnReminder.reminded_at.type),
    ).where(
        AgencyReturn.partnership_id == found.partnership_id,
        AgencyReturn.round_id == found.id,
        AgencyReturn.case_id.in_([case.id for case in waiting]),
    )
    columns = ["partnership_id", "return_id", "due_on", "rung", "reminded_at"]
    db.session.execute(insert(ReturnReminder).from_select(columns, new))


def _tell(
    found: Round,
    auditors: Mapping[int, Sequence[queries.Recipient]],
    *,
    returns: int,
    due_on: date,
    link: str,
    at: datetime,
) -> None:
    """Mail each auditor once, with the returns that all their agencies are asked for."""
    asked: dict[queries.Recipient, int] = {}
    for people in auditors.values():
        for person in people:
            asked[person] = asked.get(person, 0) + returns
    for person, count in asked.items():
        subject, body = rules.asked_mail(
            recipient=person.name, round_title=found.title, returns=count, due_on=due_on, link=link
        )
        messages.post(
            partnership_id=found.partnership_id,
            recipient=person.email,
            occasion=f"round {found.id} asked {at.isoformat()}",
            subject=subject,
            body=body,
        )
