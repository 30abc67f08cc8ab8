"""What in a return may say who the child is: every text that an agency typed, compared with the identity sheet."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from audit_app.cases.queries import names_sought
from audit_app.cases.rules import names_in
from audit_app.core.db import db
from audit_app.returns.models import AgencyReturn, Rating
from audit_app.returns.queries.chronology import texts_of_chronology
from audit_app.returns.queries.practice import texts_of_discussion
from audit_app.returns.queries.voices import texts_of_voices
from audit_app.rounds.models import RoundDomain, RoundIndicator


@dataclass(frozen=True)
class Written:
    """Texts that an agency typed at one place. `page` is the endpoint where they are changed, `position` that of its
    domain, `anchor` the place on it."""

    where: str
    texts: tuple[str, ...]
    page: str
    position: int | None = None
    anchor: str = ""


@dataclass(frozen=True)
class NamesTyped:
    """What at one place of a return may say who the child is, as it was typed."""

    where: str
    names: tuple[str, ...]
    page: str
    position: int | None
    anchor: str


Source = Callable[[int, int], Iterable[Written]]


def _of_ratings(partnership_id: int, return_id: int) -> Iterable[Written]:
    rows = db.session.execute(
        select(
            RoundDomain.position,
            RoundIndicator.id,
            RoundIndicator.code,
            RoundIndicator.title,
            Rating.evidence,
            Rating.reason,
            Rating.where_on_file,
        )
        .select_from(Rating)
        .join(RoundIndicator, RoundIndicator.id == Rating.indicator_id)
        .join(RoundDomain, RoundDomain.id == RoundIndicator.domain_id)
        .where(Rating.partnership_id == partnership_id, Rating.return_id == return_id)
        .order_by(RoundIndicator.position)
    )
    for position, indicator_id, code, title, *texts in rows:
        yield Written(f"{code} {title}", tuple(texts), "returns.score_domain", position, f"rating-{indicator_id}")


def typed_on_return(where: str, page: str, *columns: InstrumentedAttribute[str]) -> Source:
    """Texts that stand in columns of the return itself."""

    def source(partnership_id: int, return_id: int) -> Iterable[Written]:
        query = select(*columns).where(AgencyReturn.partnership_id == partnership_id, AgencyReturn.id == return_id)
        return [Written(where, tuple(row), page) for row in db.session.execute(query)]

    return source


def _of_practice(partnership_id: int, return_id: int) -> Iterable[Written]:
    """The discussion has a page of its own; what practitioners answered is read on that of the return."""
    for where, anchor, text in texts_of_discussion(partnership_id, return_id):
        page = "returns.show_return" if anchor.startswith("replies-") else "returns.discussion"
        yield Written(where, (text,), page, anchor=anchor)


def placed(page: str, texts: Callable[[int, int], Iterable[tuple[str, str, str]]]) -> Source:
    """Texts that say themselves where they stand in words, and at which place of their page."""

    def source(partnership_id: int, return_id: int) -> Iterable[Written]:
        return [
            Written(where, (text,), page, anchor=anchor) for where, anchor, text in texts(partnership_id, return_id)
        ]

    return source


SOURCES: Sequence[Source] = (
    typed_on_return("Your part in the child's care", "returns.confirm_file", AgencyReturn.own_part_words),
    _of_ratings,
    typed_on_return(
        "Over the whole return",
        "returns.save_words",
        AgencyReturn.worked_well,
        AgencyReturn.to_improve,
        AgencyReturn.overall_reason,
        AgencyReturn.learning,
        AgencyReturn.proposed_actions,
    ),
    placed("returns.chronology", texts_of_chronology),
    placed("returns.voices", texts_of_voices),
    _of_practice,
)
"""Where agencies type. Whatever else they are asked to write gets a line here: one query or two each."""


def names_typed(partnership_id: int, return_id: int, *, case_id: int, agency_id: int) -> Sequence[NamesTyped]:
    """What an agency typed into its return that may say who the child is, in the order of the return's pages.

    Ask only for that agency's own auditor, to whom the sheet was released. Nothing where the identity was destroyed.
    """
    sought = names_sought(partnership_id, case_id, agency_id)
    if sought is None:
        return ()
    return [
        NamesTyped(written.where, tuple(names), written.page, written.position, written.anchor)
        for source in SOURCES
        for written in source(partnership_id, return_id)
        if (names := names_in("\n\n".join(written.texts), sought))
    ]


def places_of_names(partnership_id: int, return_id: int, *, case_id: int, agency_id: int) -> Sequence[str]:
    """Where in a return something may say who the child is, and not which words: for a coordinator who submits it on
    behalf of its agency, and to whom no sheet is released."""
    found = names_typed(partnership_id, return_id, case_id=case_id, agency_id=agency_id)
    return list(dict.fromkeys(one.where for one in found))
