"""What a panel takes from a case and says to its agencies, written while it sits; and what an agency answers."""

from collections.abc import Sequence
from datetime import datetime

from audit_app.accounts.rules import Viewer
from audit_app.cases import queries as cases
from audit_app.cases.models import Case
from audit_app.core.clock import LONDON
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.history.services import record, record_once_an_hour
from audit_app.messages import services as messages
from audit_app.panels import queries, rules
from audit_app.panels.models import OutcomeForAgency
from audit_app.panels.rules import OutcomePart
from audit_app.panels.services.names import check_names
from audit_app.panels.services.revision import touch_room
from audit_app.rounds import queries as rounds
from audit_app.rounds.models import Round


def save_outcome(case_id: int, parts: Sequence[OutcomePart], *, by: Viewer) -> None:
    """Save what a panel writes of the outcome of a case, all of it or the parts that are given. All or none is saved.

    A part that says what is kept changes nothing.

    Raises:
        NotHere: no such case, or a part is for an agency that has no return on it.
        Refused: neither chair nor note-taker, not at panel, or a text is too long (`field` names it).
        Stale: somebody else wrote some of these parts meanwhile. `theirs` has what is kept of them, by field.
    """
    case = cases.case_for_change(by.partnership_id, case_id)
    hold = queries.hold_of(by.partnership_id, case_id)
    is_writer = rules.is_chair(by, hold.chair_id) or queries.takes_notes(by, case_id)
    if reason := rules.why_not_write_outcome(
        case.state, round_state=hold.round_state, is_writer=is_writer, terms=by.terms
    ):
        raise Refused(reason)
    said = queries.said_to_agencies_for_change(by.partnership_id, case_id)
    kept: dict[int | None, OutcomePart] = {
        None: OutcomePart(None, (case.outcome, case.good_practice), case.outcome_version)
    }
    for agency_id, row in said.items():
        kept[agency_id] = OutcomePart(agency_id) if row is None else queries.part_of(row)
    if any(part.agency_id not in kept for part in parts):
        raise NotHere
    changes = [part for part in parts if part.words != kept[part.agency_id].words]
    for part in changes:
        if problem := rules.too_long(part):
            field, sentence = problem
            raise Refused(sentence, field=field)
    stale = [kept[part.agency_id] for part in changes if part.version != kept[part.agency_id].version]
    if stale:
        raise Stale({field: text for part in stale for field, text in part.by_field.items()}, version=0)
    for part in changes:
        _write(case, part, None if part.agency_id is None else said[part.agency_id])
    if changes:
        record_once_an_hour("outcome_saved", by=by, of=case)
        db.session.flush()
        touch_room(by.partnership_id, hold.panel_id)


def _write(case: Case, part: OutcomePart, row: OutcomeForAgency | None) -> None:
    if part.agency_id is None:
        case.outcome, case.good_practice = part.words
        case.outcome_version += 1
        return
    if row is None:
        row = OutcomeForAgency(partnership_id=case.partnership_id, case_id=case.id, agency_id=part.agency_id, version=0)
        db.session.add(row)
    row.feedback, row.question = part.words
    row.version += 1


def tell_of_questions(case: Case, found: Round, *, link: str, at: datetime) -> None:
    """Mail the auditors and leads of agencies that the panel asked something, without a word about the case. Runs in
    the deed that finishes it; `link` is where they find what they were asked."""
    today = at.astimezone(LONDON).date()
    for person in queries.people_asked(case.partnership_id, case.id, today=today):
        subject, body = rules.question_mail(recipient=person.name, round_title=found.title, link=link)
        messages.post(
            partnership_id=case.partnership_id,
            recipient=person.email,
            occasion=f"case {case.id} question",
            subject=subject,
            body=body,
        )


def answer_question(
    case_id: int,
    agency_id: int,
    *,
    answer: str,
    version: int,
    are_not_names: bool = False,
    by: Viewer,
    at: datetime,
) -> None:
    """Answer what a panel asked an agency, or change the answer. `version` is of what was seen.

    Raises:
        NotHere: the panel said nothing to this agency, it is not the actor's, or the case is not agreed yet.
        Refused: nothing was asked, the round is closed (or published, for a change), there is no answer, or something
            in it may name someone and nobody has said that it does not (`field` names what).
        Stale: somebody else of the agency answered meanwhile.
    """
    found = rounds.round_for_change(by.partnership_id, cases.round_of_case(by.partnership_id, case_id))
    row, agency = queries.panel_feedback_for_change(by, case_id, agency_id)
    is_first = row.answered_at is None
    if reason := rules.why_not_answer(found.state, question=row.question, is_answered=not is_first):
        raise Refused(reason)
    if sentence := rules.what_is_wrong_with_answer(answer):
        raise Refused(sentence, field="answer")
    if not is_first and row.answer == answer:
        return
    if row.version != version:
        raise Stale({"answer": row.answer}, version=row.version)
    check_names(answer, case_id=case_id, agency_id=agency_id, are_not_names=are_not_names, by=by)
    row.answer, row.answered_at, row.answered_by_id = answer, at, by.id
    row.version += 1
    case = db.session.get_one(Case, case_id)
    record("question_answered" if is_first else "answer_changed", by=by, of=case, agency=agency)
    db.session.flush()
