"""Feedback to practitioners: it falls due after the panel and after publication, and is recorded when given."""

from datetime import datetime

from sqlalchemy import insert

from audit_app.accounts.rules import Viewer
from audit_app.core import clock
from audit_app.core.db import db
from audit_app.core.errors import Refused, Stale
from audit_app.core.web import day
from audit_app.history.services import record
from audit_app.returns import queries, rules
from audit_app.returns.models import Feedback
from audit_app.returns.rules import OCCASION_WORDS, Occasion, Told
from audit_app.rounds.models import Round


def feedback_falls_due(occasion: Occasion, found: Round, *, at: datetime, case_id: int | None = None) -> None:
    """Ask the agencies that handed a return over for feedback to those who did the work: on one case after its panel,
    on every agreed case of a round after publication. Runs in the deed that it follows, so it happens once."""
    due_on = rules.feedback_due_on(at.astimezone(clock.LONDON).date(), found.feedback_days)
    its = {"partnership_id": found.partnership_id, "round_id": found.id, "occasion": occasion, "due_on": due_on}
    owing = queries.returns_to_feed_back(found.partnership_id, found.id, case_id)
    if rows := [its | {"return_id": return_id, "agency_id": agency_id} for return_id, agency_id in owing]:
        db.session.execute(insert(Feedback), rows)


def record_feedback(feedback_id: int, told: Told, *, version: int, by: Viewer, at: datetime) -> Feedback:
    """Record that feedback was given, or put right what was recorded. `version` is of what was seen.

    Raises:
        Refused: something is missing (`field` names it).
        Stale: somebody else recorded it meanwhile.
        NotHere: it is not the actor's agency that owes it.
    """
    found, about = queries.feedback_for_change(by, feedback_id)
    if refusal := rules.why_not_told(told, today=at.astimezone(clock.LONDON).date()):
        raise Refused(*refusal)
    kept = queries.feedback_told(found)
    if kept == told:
        return found
    if found.version != version:
        raise Stale(_in_fields(kept), version=found.version)
    found.was_good, found.given_to, found.given_on, found.how = told.was_good, told.given_to, told.given_on, told.how
    found.to_learn, found.they_said = told.to_learn, told.they_said
    found.saved_at, found.saved_by_id = at, by.id
    found.version += 1
    record("feedback_recorded", by=by, of=about, occasion=OCCASION_WORDS[found.occasion].lower())
    db.session.flush()
    return found


def _in_fields(told: Told) -> dict[str, str]:
    """Feedback by the fields of its page, to show beside what was typed."""
    return {
        "was_good": told.was_good,
        "given_to": told.given_to,
        "given_on": day(told.given_on),
        "how": rules.FEEDBACK_HOW_WORDS[told.how] if told.how else "",
        "to_learn": told.to_learn,
        "they_said": told.they_said,
    }
