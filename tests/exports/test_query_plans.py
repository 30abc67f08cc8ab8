"""A round's workbook costs what the round holds, whatever else a partnership has."""

from flask import Flask
from sqlalchemy import select

from audit_app.accounts.models import Person
from audit_app.core.db import db
from benchmarks.loader import load
from benchmarks.world import COORDINATOR, SLUG, Size, reference
from tests.fixtures import Prepared
from tests.pages import PageClient
from tests.query_plans import QueryPlans

SIZE = Size(rounds=24, cases=4, open_rounds=2, auditors=1)
FEW_A_ROUND = {
    *(
        "population_import",
        "draw",
        "draw_stratum",
        "panel",
        "panel_member",
        "parked_point",
        "finding_indicator",
        "dissent",
    ),
}
"""A round has a handful of these: a database without statistics may as well read all of a partnership's."""


def test_the_workbook_of_a_round_reads_no_growing_table_whole(
    app: Flask, prepared: Prepared, client: PageClient, query_plans: QueryPlans
) -> None:
    prepared("the loaded database", lambda: load(SIZE))
    browser = client.as_(db.session.scalars(select(Person).where(Person.email == COORDINATOR)).one())
    with query_plans() as plans:
        browser.post(f"/p/{SLUG}/rounds/{reference(1)}/workbook", status=200)
    assert plans.count > 20
    assert [line for line in plans.wide() if line.split(":")[0] not in FEW_A_ROUND] == []
