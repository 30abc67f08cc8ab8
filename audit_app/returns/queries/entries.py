"""All that a return or one of its versions says, entry by entry, so that two can be laid beside each other."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from audit_app.accounts.models import Person
from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.returns.models import (
    AgencyReturn,
    AttributeAnswer,
    AttributeChoice,
    ChoiceVersion,
    ChronologyEvent,
    EventVersion,
    Rating,
    RatingVersion,
    ReturnVersion,
)
from audit_app.returns.rules import ANSWER_KIND_WORDS, OVERALL_WORDS, TAG_WORDS, AnswerKind, Entry
from audit_app.rounds.models import RoundAttribute, RoundAttributeOption, RoundDomain, RoundIndicator, RoundLevel

_ANSWER = ("answer", "reason", "evidence", "where_on_file", "tag")
_TEXTS = {"reason": "Why it does not apply", "evidence": "Evidence", "where_on_file": "Where on file"}


def entries_of_return(partnership_id: int, return_id: int) -> Sequence[Entry]:
    """All that a return says now, to be compared. Ask only for a viewer who may read it. Four queries."""
    return [
        *_overall(AgencyReturn, AgencyReturn.partnership_id == partnership_id, AgencyReturn.id == return_id),
        *_attributes(
            AttributeChoice,
            AttributeAnswer,
            AttributeAnswer.partnership_id == partnership_id,
            AttributeAnswer.return_id == return_id,
        ),
        *_ratings(Rating, Rating.partnership_id == partnership_id, Rating.return_id == return_id),
        *_events(
            ChronologyEvent, ChronologyEvent.partnership_id == partnership_id, ChronologyEvent.return_id == return_id
        ),
    ]


def entries_of_version(partnership_id: int, return_id: int, version_id: int) -> Sequence[Entry]:
    """All that a version of a return said. Four queries.

    Raises:
        NotHere: it is no version of that return.
    """
    return [
        *_overall(
            ReturnVersion,
            ReturnVersion.partnership_id == partnership_id,
            ReturnVersion.return_id == return_id,
            ReturnVersion.id == version_id,
        ),
        *_attributes(
            ChoiceVersion,
            ChoiceVersion,
            ChoiceVersion.partnership_id == partnership_id,
            ChoiceVersion.version_id == version_id,
        ),
        *_ratings(
            RatingVersion, RatingVersion.partnership_id == partnership_id, RatingVersion.version_id == version_id
        ),
        *_events(EventVersion, EventVersion.partnership_id == partnership_id, EventVersion.version_id == version_id),
    ]


def _overall(table: type[AgencyReturn] | type[ReturnVersion], *which: ColumnElement[bool]) -> Sequence[Entry]:
    texts = [getattr(table, name) for name in OVERALL_WORDS if name != "overall_level_id"]
    query = select(func.coalesce(RoundLevel.words, ""), *texts)
    row = db.session.execute(
        query.select_from(table).outerjoin(RoundLevel, RoundLevel.id == table.overall_level_id).where(*which)
    ).one_or_none()
    if row is None:
        raise NotHere
    return [
        Entry("Over the whole return", title, {"": text})
        for title, text in zip(OVERALL_WORDS.values(), row, strict=True)
    ]


def _attributes(chosen: Any, answered: Any, *which: ColumnElement[bool]) -> Sequence[Entry]:
    query = select(RoundAttribute.title, RoundAttributeOption.words, Person.name, answered.answered_at)
    query = query.select_from(answered)
    if chosen is not answered:
        query = query.join(chosen, chosen.answer_id == answered.id)
    rows = db.session.execute(
        query.join(RoundAttributeOption, RoundAttributeOption.id == chosen.option_id)
        .join(RoundAttribute, RoundAttribute.id == RoundAttributeOption.attribute_id)
        .outerjoin(Person, Person.id == answered.answered_by_id)
        .where(*which)
        .order_by(RoundAttribute.position, RoundAttributeOption.position)
    )
    found: dict[str, Entry] = {}
    for title, words, by, at in rows:
        before = f"{found[title].texts['']}\n" if title in found else ""
        found[title] = Entry("About the child", title, {"": f"{before}{words}"}, by=by or "", at=at)
    return list(found.values())


def _ratings(table: type[Rating] | type[RatingVersion], *which: ColumnElement[bool]) -> Sequence[Entry]:
    rows = db.session.execute(
        select(
            RoundDomain.title.label("domain"),
            RoundIndicator.id,
            RoundIndicator.code,
            RoundIndicator.title,
            *(getattr(table, name) for name in _ANSWER),
            RoundLevel.words.label("level"),
            Person.name.label("by"),
            table.answered_at,
        )
        .select_from(table)
        .join(RoundIndicator, RoundIndicator.id == table.indicator_id)
        .join(RoundDomain, RoundDomain.id == RoundIndicator.domain_id)
        .outerjoin(RoundLevel, RoundLevel.id == table.level_id)
        .outerjoin(Person, Person.id == table.answered_by_id)
        .where(*which)
        .order_by(RoundIndicator.position)
    )
    return [
        Entry(
            row.domain,
            f"{row.code} {row.title}",
            _texts(row),
            indicator_id=row.id,
            by=row.by or "",
            at=row.answered_at,
        )
        for row in rows
    ]


def _events(table: type[ChronologyEvent] | type[EventVersion], *which: ColumnElement[bool]) -> Sequence[Entry]:
    """Events by their days; of several on one day each by its place among them."""
    rows = db.session.execute(
        select(table.happened_on, table.event, table.impact, table.response, Person.name, table.saved_at)
        .outerjoin(Person, Person.id == table.saved_by_id)
        .where(*which)
        .order_by(table.happened_on, table.id)
    )
    found: list[Entry] = []
    of_day: Counter[date] = Counter()
    for day, event, impact, response, by, at in rows:
        of_day[day] += 1
        title = f"{day.day} {day:%B %Y}" + (f", event {of_day[day]}" if of_day[day] > 1 else "")
        texts = {"What happened": event, "Impact on the child": impact, "Response": response}
        found.append(Entry("Chronology", title, texts, by=by or "", at=at))
    return found


def _texts(row: Any) -> Mapping[str, str]:
    answer = row.level if row.answer is AnswerKind.LEVEL else ANSWER_KIND_WORDS.get(row.answer, "")
    texts = {"Answer": answer or "", **{words: getattr(row, name) for name, words in _TEXTS.items()}}
    return {**texts, "Shows": TAG_WORDS[row.tag] if row.tag else ""}
