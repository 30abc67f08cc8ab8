"""What practitioners said of a loaded return, the feedback that is owed on it, and what its panel said."""

from datetime import datetime, timedelta

from audit_app.panels.models import OutcomeForAgency
from audit_app.returns.models import Discussion, Feedback, PractitionerAnswer, ReturnPractitioner
from audit_app.returns.rules import FeedbackHow, Occasion, PractitionerPart
from benchmarks.bulk import Bulk
from benchmarks.world import PARTNERSHIP_ID

MINE = {"partnership_id": PARTNERSHIP_ID}
NOTE = "The winter, and that nobody had seen the child alone since the summer."


def add_practice(bulk: Bulk, return_id: int, indicator_id: int, person_id: int, *, at: datetime) -> None:
    """A discussion, someone named, and an answer to one rating and to the whole."""
    saved = {"saved_at": at, "saved_by_id": person_id}
    notes = {"worried": NOTE, "in_the_way": "", "differently": NOTE, "helped": NOTE, "supported": ""}
    its = {"held_on": at.date(), "with_whom": "the health visitor", "not_held_reason": "", "version": 1}
    bulk.add(Discussion, return_id=return_id, **its, **notes, **saved, **MINE)
    by = {"part": PractitionerPart.PRACTITIONER, "named_at": at, "named_by_id": person_id}
    named_id = bulk.add(ReturnPractitioner, return_id=return_id, person_id=person_id, **by, **MINE)
    for about in (indicator_id, None):
        said = {"words": NOTE, "answered_at": at, "version": 1}
        bulk.add(PractitionerAnswer, named_id=named_id, indicator_id=about, **said, **MINE)


def add_feedback(
    bulk: Bulk, return_id: int, round_id: int, agency_id: int, person_id: int, *, at: datetime, is_given: bool
) -> None:
    """The feedback after the panel, given or still owed."""
    due = {"occasion": Occasion.PANEL, "due_on": at.date() + timedelta(days=52)}
    given = {
        "given_on": at.date() if is_given else None,
        "given_to": "the health visitor" if is_given else "",
        "how": FeedbackHow.IN_PERSON if is_given else None,
        "was_good": NOTE if is_given else "",
        "to_learn": "",
        "they_said": "",
        "saved_at": at if is_given else None,
        "saved_by_id": person_id if is_given else None,
        "version": 1,
    }
    bulk.add(Feedback, return_id=return_id, round_id=round_id, agency_id=agency_id, **due, **given, **MINE)


def add_panel_feedback(
    bulk: Bulk, case_id: int, agency_id: int, person_id: int, *, at: datetime, is_answered: bool
) -> None:
    """What the panel of a case said to an agency, with its question, answered or waiting."""
    answer = {
        "answer": NOTE if is_answered else "",
        "answered_at": at if is_answered else None,
        "answered_by_id": person_id if is_answered else None,
        "version": 2 if is_answered else 1,
    }
    said = {"feedback": NOTE, "question": NOTE}
    bulk.add(OutcomeForAgency, case_id=case_id, agency_id=agency_id, **said, **answer, **MINE)
