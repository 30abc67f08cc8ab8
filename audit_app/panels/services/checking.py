"""How a round goes on once all its cases are agreed, and how its accuracy check begins."""

from collections.abc import Iterable
from datetime import date, datetime

from audit_app.accounts import queries as accounts
from audit_app.core import clock
from audit_app.core.actors import Actor
from audit_app.core.db import db
from audit_app.core.settings import settings
from audit_app.core.web import day
from audit_app.history.services import record
from audit_app.messages import services as messages
from audit_app.panels import queries, rules
from audit_app.rounds import services as round_services
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState


def move_after_panels(found: Round, *, to: RoundState, by: Actor, at: datetime) -> None:
    """Move a locked round to what follows its panels, or its moderation. An accuracy check begins with mails."""
    round_services.move_round(found.id, to=to, by=by)
    if to is RoundState.ACCURACY_CHECK:
        found.accuracy_due_on = rules.due_after(at, found.accuracy_days)
        record("check_begun", by=by, of=found, day=day(found.accuracy_due_on))
        db.session.flush()
        ask_agencies(found, queries.agencies_asked(found.partnership_id, found.id), due_on=found.accuracy_due_on)


def ask_agencies(found: Round, agency_ids: Iterable[int], *, due_on: date) -> None:
    """Mail the auditors and leads of these agencies that they may correct facts until a day: once for each day."""
    link = link_to_check(found)
    for name, email in queries.people_who_check(found.partnership_id, agency_ids, today=clock.today()):
        subject, body = rules.check_mail(recipient=name, round_title=found.title, due_on=due_on, link=link)
        messages.post(
            partnership_id=found.partnership_id,
            recipient=email,
            occasion=f"round {found.id} facts by {due_on.isoformat()}",
            subject=subject,
            body=body,
        )


def link_to_check(found: Round) -> str:
    """The address of a round's accuracy check, for mails."""
    slug = accounts.partnership_settings(found.partnership_id).slug
    return f"{settings().base_url}/p/{slug}/rounds/{found.reference}/accuracy"
