"""Keeping what was submitted when a return is sent back, so that it can be compared with what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from audit_app.accounts.rules import Viewer
from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.returns import queries
from audit_app.returns.models import (
    AgencyReturn,
    AttributeAnswer,
    AttributeChoice,
    ChoiceVersion,
    ChronologyEvent,
    EventVersion,
    Rating,
    RatingVersion,
    ReturnComment,
    ReturnVersion,
)
from audit_app.returns.rules import OVERALL_WORDS

_OF_RATING = (
    *("partnership_id", "indicator_id", "answer", "level_id", "reason", "evidence", "where_on_file", "tag"),
    *("answered_at", "answered_by_id"),
)
_OF_EVENT = ("partnership_id", "happened_on", "event", "impact", "response", "saved_at", "saved_by_id")


@dataclass(frozen=True)
class KeptVersion:
    """A version that was just kept: its row and which submission it is."""

    id: int
    number: int
    partnership_id: int


def keep_version(found: AgencyReturn, *, reason: str, by: Viewer, at: datetime) -> KeptVersion:
    """Copy a locked return as it was submitted: its words, ratings, chronology and what it records about the child.

    A statement for each kind, whatever the number of rows: nothing of it passes through this program. Voices are not
    copied: who withdraws one has it destroyed.
    """
    number = queries.submissions_of_return(found.partnership_id, found.id)
    version_id = db.session.scalars(
        insert(ReturnVersion).returning(ReturnVersion.id),
        [
            {
                **{name: getattr(found, name) for name in ("partnership_id", "submitted_at", "submitted_by_id")},
                **{name: getattr(found, name) for name in ("declaration", *OVERALL_WORDS)},
                "return_id": found.id,
                "number": number,
                "sent_back_at": at,
                "sent_back_by_id": by.id,
                "reason": reason,
            }
        ],
    ).one()
    _copy(
        RatingVersion,
        version_id,
        [getattr(Rating, name) for name in _OF_RATING],
        (Rating.partnership_id == found.partnership_id, Rating.return_id == found.id),
    )
    _copy(
        ChoiceVersion,
        version_id,
        [
            AttributeAnswer.partnership_id,
            AttributeChoice.option_id,
            AttributeAnswer.answered_at,
            AttributeAnswer.answered_by_id,
        ],
        (
            AttributeAnswer.partnership_id == found.partnership_id,
            AttributeAnswer.return_id == found.id,
            AttributeChoice.answer_id == AttributeAnswer.id,  # by the answer: a partnership has many
        ),
    )
    _copy(
        EventVersion,
        version_id,
        [getattr(ChronologyEvent, name) for name in _OF_EVENT],
        (ChronologyEvent.partnership_id == found.partnership_id, ChronologyEvent.return_id == found.id),
    )
    return KeptVersion(version_id, number, found.partnership_id)


def _copy(
    into: type[RatingVersion | ChoiceVersion | EventVersion],
    version_id: int,
    columns: Sequence[InstrumentedAttribute[Any]],
    which: Sequence[Any],
) -> None:
    rows = select(literal(version_id), *columns).where(*which)
    names = ["version_id", *(column.key for column in columns)]
    db.session.execute(insert(into).from_select(names, rows, include_defaults=False))


def keep_comments(kept: KeptVersion, comments: Mapping[int, str], *, by: Viewer, at: datetime) -> None:
    """Keep what should be changed on single indicators of a version.

    Raises:
        NotHere: the version does not answer one of the indicators.
    """
    if not comments:
        return
    asked = db.session.scalars(
        select(RatingVersion.indicator_id).where(
            RatingVersion.partnership_id == kept.partnership_id, RatingVersion.version_id == kept.id
        )
    )
    if not comments.keys() <= set(asked):
        raise NotHere
    written = {"partnership_id": kept.partnership_id, "version_id": kept.id, "written_at": at, "written_by_id": by.id}
    db.session.execute(
        insert(ReturnComment),
        [{**written, "indicator_id": indicator_id, "words": words} for indicator_id, words in comments.items()],
    )
