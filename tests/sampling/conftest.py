"""A round being sampled, with its people, for the tests of the pages."""

import io
from dataclasses import dataclass

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from audit_app.accounts.models import Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.core.db import db
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, a_partnership
from tests.factories.rounds import a_round
from tests.fixtures import Clock, Prepared
from tests.pages import Page, PageClient


@dataclass(frozen=True)
class Place:
    """A round being sampled, and who works on its sample."""

    partnership: Partnership
    found: Round
    key_holder: PageClient
    coordinator: PageClient

    @property
    def population(self) -> str:
        return f"/p/{self.partnership.slug}/rounds/{self.found.reference}/population"

    @property
    def sample(self) -> str:
        return f"/p/{self.partnership.slug}/rounds/{self.found.reference}/sample"

    def upload(self, content: bytes, name: str = "list.xlsx", status: int | None = None) -> Page:
        page = self.key_holder.get(self.population)
        file = (io.BytesIO(content), name)
        return self.key_holder.send(page, {"file": file}, action="/population", status=status)


@dataclass(frozen=True)
class Rows:
    partnership: Partnership
    found: Round
    key_holder: Person
    coordinator: Person


def a_round_being_sampled() -> Rows:
    partnership = a_partnership()
    return Rows(
        partnership,
        a_round(partnership, state=RoundState.SAMPLING, reference="N26"),
        a_member(partnership, Role.KEY_HOLDER),
        a_member(partnership, Role.COORDINATOR),
    )


@pytest.fixture
def place(prepared: Prepared, client: PageClient, clock: Clock) -> Place:
    rows = prepared.rows("a round being sampled", a_round_being_sampled)
    return Place(rows.partnership, rows.found, client.as_(rows.key_holder), client.as_(rows.coordinator))


def facts(page: Page) -> dict[str, str]:
    """The rows of the page's summary lists."""
    keys = [element for element in page.tree.iter() if element.tag in {"dt", "dd"}]
    texts = [" ".join("".join(element.itertext()).split()) for element in keys]
    return dict(zip(texts[::2], texts[1::2], strict=True))


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def a_workbook(*rows: list[object]) -> bytes:
    book, file = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(file)
    return file.getvalue()
