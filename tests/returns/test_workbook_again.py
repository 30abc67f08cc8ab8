"""A filled workbook that is mended and loaded once more by the same person."""

from flask import Flask
from sqlalchemy import select

from audit_app.accounts.models import Agency, Partnership
from audit_app.accounts.rules import Role
from audit_app.core.db import db, transaction
from audit_app.returns import queries, services
from audit_app.returns.models import LoadedFile
from tests.factories.accounts import a_member
from tests.factories.papers import typed
from tests.factories.returns import Asked, fill_in, say_overall, submit
from tests.factories.workbooks import KNOWN, RATINGS, YES, YOURS, looked_at, rated, take_in


def test_a_file_that_is_mended_and_loaded_again_does_not_clash_with_itself(app: Flask, asked: Asked) -> None:
    own, auditor = asked.returns[asked.health][0], asked.actor(asked.health_auditor)
    shown = queries.offline_return(auditor, asked.cases[0], asked.health)
    with transaction():
        empty = services.workbook_taken(shown, by=auditor)
    first = typed(empty, {**YES, **rated("A01", "A04"), (KNOWN, "Known 8", YOURS): "SC/2026/0417"})
    take_in(own, first, auditor)
    mended = typed(first, {**rated("A01", level="Outstanding"), (RATINGS, "A04", "Answer"): None, **rated("B01")})
    _, comparison = looked_at(own, mended, auditor)
    assert (len(comparison.clashes), {one.key for one in comparison.changes}) == (0, {"A01", "A04", "B01", "Known 8"})
    colleague = a_member(
        db.session.get_one(Partnership, asked.partnership_id),
        Role.AUDITOR,
        agency=db.session.get_one(Agency, asked.health),
    )
    _, theirs = looked_at(own, mended, asked.actor(colleague.id))
    assert {one.key for one in theirs.clashes} >= {"A01", "A04"}, "another person loaded that"
    fill_in(own, auditor, "inadequate")
    _, moved = looked_at(own, mended, auditor)
    assert {one.key for one in moved.clashes} >= {"A01", "A04"}, "what was typed on screen since still clashes"
    kept = db.session.scalars(select(LoadedFile)).one()
    assert "Known 8" not in kept.digests, "the file number belongs to the identity key"
    db.session.rollback()
    say_overall(own, auditor)
    submit(own, auditor)
    assert db.session.scalars(select(LoadedFile)).all() == []
