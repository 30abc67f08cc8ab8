"""What a return asks, domain by domain: the page of one domain, progress, gaps, and all answers to read."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, not_, select
from sqlalchemy.orm import InstrumentedAttribute

from audit_app.accounts.models import Person
from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.indicators.rules import Band
from audit_app.returns.models import Rating
from audit_app.returns.queries.ratings import is_answered
from audit_app.returns.rules import Answer, Gap, Question, gap_in
from audit_app.rounds.models import RoundDomain, RoundGuidance, RoundIndicator, RoundLevel
from audit_app.rounds.queries import LEVEL
from audit_app.rounds.rules import FrozenLevel

_ANSWER: tuple[InstrumentedAttribute[Any], ...] = (
    Rating.answer,
    Rating.level_id,
    Rating.reason,
    Rating.evidence,
    Rating.where_on_file,
    Rating.tag,
)

_WORDS: tuple[InstrumentedAttribute[Any], ...] = (
    RoundIndicator.code,
    RoundIndicator.title,
    RoundIndicator.question,
    RoundIndicator.why,
    RoundIndicator.look_for,
    RoundIndicator.example,
    RoundIndicator.rated,
    RoundIndicator.is_narrative,
)


@dataclass(frozen=True)
class DomainProgress:
    """How far one domain of a return is: `answered` of `total` indicators lack nothing."""

    position: int
    title: str
    answered: int
    total: int


@dataclass(frozen=True)
class DomainPage:
    """One domain of a return, whole. `previous` and `next` are domains that this return is asked about."""

    position: int
    title: str
    levels: Sequence[FrozenLevel]
    questions: Sequence[Question]
    previous: DomainProgress | None
    next: DomainProgress | None


def domain_progress(partnership_id: int, return_id: int) -> Sequence[DomainProgress]:
    """The domains that a return is asked about, in order, with how far each is."""
    rows = db.session.execute(
        select(
            RoundDomain.position,
            RoundDomain.title,
            func.count(Rating.id).filter(is_answered()).label("answered"),
            func.count(Rating.id).label("total"),
        )
        .select_from(Rating)
        .join(RoundIndicator, RoundIndicator.id == Rating.indicator_id)
        .join(RoundDomain, RoundDomain.id == RoundIndicator.domain_id)
        .where(Rating.partnership_id == partnership_id, Rating.return_id == return_id)
        .group_by(RoundDomain.position, RoundDomain.title)
        .order_by(RoundDomain.position)
    )
    return [DomainProgress(*row) for row in rows]


def domain_page(partnership_id: int, round_id: int, return_id: int, position: int) -> DomainPage:
    """One domain of a return, in four queries.

    Raises:
        NotHere: the return is asked nothing in a domain of that position.
    """
    domains = domain_progress(partnership_id, return_id)
    index = next((i for i, domain in enumerate(domains) if domain.position == position), None)
    if index is None:
        raise NotHere
    return DomainPage(
        position=position,
        title=domains[index].title,
        levels=levels_of_round(partnership_id, round_id),
        questions=_questions(partnership_id, round_id, return_id, RoundDomain.position == position),
        previous=domains[index - 1] if index else None,
        next=domains[index + 1] if index + 1 < len(domains) else None,
    )


def levels_of_round(partnership_id: int, round_id: int) -> Sequence[FrozenLevel]:
    """The levels of a round's scale, in the order in which people read it."""
    rows = db.session.execute(
        select(*LEVEL)
        .where(RoundLevel.partnership_id == partnership_id, RoundLevel.round_id == round_id)
        .order_by(RoundLevel.read_at)
    )
    return [FrozenLevel(*row) for row in rows]


def question_of(partnership_id: int, round_id: int, return_id: int, indicator_id: int) -> Question:
    """One question of a return with what is kept as its answer.

    Raises:
        NotHere: the return is not asked it.
    """
    found = _questions(partnership_id, round_id, return_id, RoundIndicator.id == indicator_id)
    if not found:
        raise NotHere
    return found[0]


def _questions(partnership_id: int, round_id: int, return_id: int, which: ColumnElement[bool]) -> Sequence[Question]:
    in_domain = (RoundDomain.partnership_id == partnership_id, RoundDomain.round_id == round_id, which)
    guidance: dict[int, dict[int, str]] = defaultdict(dict)
    for indicator_id, level_id, words in db.session.execute(
        select(RoundGuidance.indicator_id, RoundGuidance.level_id, RoundGuidance.words)
        .join(RoundIndicator, RoundIndicator.id == RoundGuidance.indicator_id)
        .join(RoundDomain, RoundDomain.id == RoundIndicator.domain_id)
        .where(*in_domain, RoundIndicator.partnership_id == partnership_id, RoundIndicator.round_id == round_id)
    ):
        guidance[indicator_id][level_id] = words
    rows = db.session.execute(
        select(RoundIndicator.id, *_WORDS, *_ANSWER, Rating.version, Rating.answered_at, Person.name)
        .select_from(RoundDomain)
        .join(RoundIndicator, RoundIndicator.domain_id == RoundDomain.id)
        .join(Rating, (Rating.indicator_id == RoundIndicator.id) & (Rating.return_id == return_id))
        .outerjoin(Person, Person.id == Rating.answered_by_id)
        .where(
            *in_domain,
            RoundIndicator.partnership_id == partnership_id,
            RoundIndicator.round_id == round_id,
            Rating.partnership_id == partnership_id,
        )
        .order_by(RoundIndicator.position)
    )
    return [
        Question(
            indicator_id=row.id,
            **{column.key: getattr(row, column.key) for column in _WORDS},
            guidance=guidance[row.id],
            answer=Answer(*row[9:15]),
            version=row.version,
            answered_at=row.answered_at,
            answered_by=row.name or "",
        )
        for row in rows
    ]


@dataclass(frozen=True)
class GapShown:
    """An indicator that still needs something before its return can be submitted."""

    position: int
    domain: str
    indicator_id: int
    code: str
    title: str
    gap: Gap


def gaps_of_return(partnership_id: int, return_id: int) -> Sequence[GapShown]:
    """What a return still needs, in the order of its pages."""
    found = []
    for row in _answers(partnership_id, return_id, not_(is_answered())):
        gap = gap_in(row.answer)
        if gap is not None:
            found.append(GapShown(row.position, row.domain, row.indicator_id, row.code, row.title, gap))
    return found


def next_gap(partnership_id: int, return_id: int, after: int) -> GapShown | None:
    """What to answer next for somebody who has been through the domain at `after`: what a later domain still needs,
    else the first of all, else None."""
    gaps = gaps_of_return(partnership_id, return_id)
    return next((gap for gap in gaps if gap.position > after), gaps[0] if gaps else None)


@dataclass(frozen=True)
class AnswerShown:
    """One answer of a return, to read."""

    position: int
    domain: str
    indicator_id: int
    code: str
    title: str
    question: str
    answer: Answer
    level: str
    letter: str
    rank: int
    band: Band | None


def answers_of_return(partnership_id: int, return_id: int) -> Sequence[AnswerShown]:
    """All answers of a return, in the order of its pages. Ask only for a viewer who may read them."""
    return _answers(partnership_id, return_id)


def _answers(partnership_id: int, return_id: int, *which: ColumnElement[bool]) -> Sequence[AnswerShown]:
    rows = db.session.execute(
        select(
            RoundDomain.position,
            RoundDomain.title.label("domain"),
            RoundIndicator.id,
            RoundIndicator.code,
            RoundIndicator.title,
            RoundIndicator.question,
            *_ANSWER,
            RoundLevel.words,
            RoundLevel.letter,
            RoundLevel.rank,
            RoundLevel.band,
        )
        .select_from(Rating)
        .join(RoundIndicator, RoundIndicator.id == Rating.indicator_id)
        .join(RoundDomain, RoundDomain.id == RoundIndicator.domain_id)
        .outerjoin(RoundLevel, RoundLevel.id == Rating.level_id)
        .where(Rating.partnership_id == partnership_id, Rating.return_id == return_id, *which)
        .order_by(RoundIndicator.position)
    )
    return [
        AnswerShown(
            position=row.position,
            domain=row.domain,
            indicator_id=row.id,
            code=row.code,
            title=row.title,
            question=row.question,
            answer=Answer(*row[6:12]),
            level=row.words or "",
            letter=row.letter or "",
            rank=row.rank or 0,
            band=row.band,
        )
        for row in rows
    ]
