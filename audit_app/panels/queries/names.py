"""What was written at a panel that may say who the child is: every text of the room, compared with the identity sheet.

Where it stands is told to whoever finishes the case, and never what: no sheet was released to a panel.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, and_, select

from audit_app.accounts.models import Agency, Person
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import names_sought, names_sought_on_case
from audit_app.cases.rules import names_in
from audit_app.core.db import db
from audit_app.panels.models import (
    AgreedRating,
    Dissent,
    ItemNote,
    PanelCase,
    PanelConflict,
    PanelItem,
    ParkedPoint,
    Vote,
)
from audit_app.panels.queries.items import item_name
from audit_app.panels.rules import Mend, PlaceOfNames, WrittenAtPanel, places
from audit_app.rounds.models import RoundIndicator

Items = Mapping[int, str]
"""The items of a case: how each is called, by its id."""
Source = Callable[[int, int, Items], Iterable[WrittenAtPanel]]


def _of_agreed(partnership_id: int, _case_id: int, items: Items) -> Iterable[WrittenAtPanel]:
    query = select(
        AgreedRating.id,
        AgreedRating.item_id,
        AgreedRating.is_current,
        AgreedRating.reason,
        AgreedRating.better,
        AgreedRating.changed_because,
    ).where(AgreedRating.partnership_id == partnership_id, AgreedRating.item_id.in_(items))
    for _, item_id, is_current, *texts in sorted(db.session.execute(query), key=_by_first):
        yield _agreed(items[item_id], item_id, "\n\n".join(texts), is_current=is_current)


def _of_dissent(partnership_id: int, _case_id: int, items: Items) -> Iterable[WrittenAtPanel]:
    query = (
        select(Dissent.id, AgreedRating.item_id, AgreedRating.is_current, Person.name, Dissent.words)
        .select_from(AgreedRating)
        .join(Dissent, Dissent.agreed_rating_id == AgreedRating.id)
        .join(Person, Person.id == Dissent.person_id)
        .where(
            AgreedRating.partnership_id == partnership_id,
            Dissent.partnership_id == partnership_id,
            AgreedRating.item_id.in_(items),
        )
    )
    for _, item_id, is_current, person, text in sorted(db.session.execute(query), key=_by_first):
        yield _agreed(f"{items[item_id]}, as {person} sees it", item_id, text, is_current=is_current)


def _by_first(row: Row[*tuple[Any, ...]]) -> int:
    """Rows in the order of their ids. Sorted here: ordered in SQL, SQLite would walk all of the partnership for it."""
    return int(row[0])


def _agreed(name: str, item_id: int, text: str, *, is_current: bool) -> WrittenAtPanel:
    """What stands is agreed anew without it. What was agreed before stays readable beside it, whatever it says."""
    if is_current:
        return WrittenAtPanel(f"What was agreed: {name}", Mend.AGREE_ANEW, text, item_id)
    return WrittenAtPanel(f"What was agreed before: {name}", Mend.KEPT, text)


def _of_notes(partnership_id: int, _case_id: int, items: Items) -> Iterable[WrittenAtPanel]:
    query = select(ItemNote.item_id, ItemNote.reason, ItemNote.better).where(
        ItemNote.partnership_id == partnership_id, ItemNote.item_id.in_(items)
    )
    for item_id, *texts in sorted(db.session.execute(query), key=_by_first):
        yield WrittenAtPanel(f"The notes: {items[item_id]}", Mend.AGREE_ANEW, "\n\n".join(texts), item_id)


def _of_ratings(partnership_id: int, _case_id: int, items: Items) -> Iterable[WrittenAtPanel]:
    query = (
        select(Vote.id, Vote.item_id, Person.name, Vote.reasoning)
        .join(Person, Person.id == Vote.person_id)
        .where(Vote.partnership_id == partnership_id, Vote.item_id.in_(items), Vote.reasoning != "")
    )
    for _, item_id, person, text in sorted(db.session.execute(query), key=_by_first):
        yield WrittenAtPanel(f"The rating of {person}: {items[item_id]}", Mend.KEPT, text)


def _of_points(partnership_id: int, case_id: int, _items: Items) -> Iterable[WrittenAtPanel]:
    its_panel = select(PanelCase.panel_id).where(
        PanelCase.partnership_id == partnership_id, PanelCase.case_id == case_id
    )
    its_reference = select(Case.reference).where(Case.partnership_id == partnership_id, Case.id == case_id)
    query = (
        select(ParkedPoint.words, ParkedPoint.where_to)
        .where(
            ParkedPoint.partnership_id == partnership_id,
            ParkedPoint.panel_id == its_panel.scalar_subquery(),
            ParkedPoint.case_reference == its_reference.scalar_subquery(),
        )
        .order_by(ParkedPoint.id)
    )
    for texts in db.session.execute(query):
        yield WrittenAtPanel("What was put aside for elsewhere", Mend.KEPT, "\n\n".join(texts))


def _of_conflicts(partnership_id: int, case_id: int, _items: Items) -> Iterable[WrittenAtPanel]:
    query = (
        select(Person.name, PanelConflict.reason)
        .join(Person, Person.id == PanelConflict.person_id)
        .where(PanelConflict.partnership_id == partnership_id, PanelConflict.case_id == case_id)
        .order_by(Person.name)
    )
    for person, text in db.session.execute(query):
        yield WrittenAtPanel(f"Why {person} is left out of the rating", Mend.MARK_ANEW, text)


SOURCES: Sequence[Source] = (_of_agreed, _of_dissent, _of_notes, _of_ratings, _of_points, _of_conflicts)
"""Where people type at a panel. Whatever else they are asked to write there gets a line here: one query each."""


def places_at_panel(partnership_id: int, case_id: int) -> Sequence[PlaceOfNames]:
    """Where in what was written at the panel of a case something may say who the child is: a query for the sheet, one
    for the items, and one a source. Nothing where the identity was destroyed.

    Ask only for whoever finishes the case, once everything is agreed: until then own ratings are hidden.
    """
    sought = names_sought_on_case(partnership_id, case_id)
    if sought is None:
        return ()
    items = _items(partnership_id, case_id)
    return places(
        [
            written
            for source in SOURCES
            for written in source(partnership_id, case_id, items)
            if names_in(written.text, sought)
        ]
    )


def _items(partnership_id: int, case_id: int) -> Items:
    query = (
        select(PanelItem.id, RoundIndicator.code, RoundIndicator.title, Agency.short_name)
        .outerjoin(RoundIndicator, RoundIndicator.id == PanelItem.indicator_id)
        .outerjoin(Agency, and_(Agency.partnership_id == PanelItem.partnership_id, Agency.id == PanelItem.agency_id))
        .where(PanelItem.partnership_id == partnership_id, PanelItem.case_id == case_id)
    )
    return {item_id: item_name(*names) for item_id, *names in sorted(db.session.execute(query), key=_by_first)}


def names_written(viewer: Viewer, case_id: int, agency_id: int | None, text: str) -> Sequence[str]:
    """What in a text about a case may say who the child is; `agency_id`: for which agency it is written, if for one.

    Only an agency's auditors, to whom the sheet was released, may be told the words. Nothing where the identity was
    destroyed.
    """
    if agency_id is not None and agency_id in viewer.agencies(Role.AUDITOR):
        sought = names_sought(viewer.partnership_id, case_id, agency_id)
    else:
        sought = names_sought_on_case(viewer.partnership_id, case_id)
    return () if sought is None else names_in(text, sought)
