"""Populations and samples for tests, made through the services from the extracts in tests/data."""

from collections.abc import Sequence
from datetime import date

from audit_app.accounts.models import Partnership
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.rounds.models import Round
from audit_app.sampling import rules, services
from audit_app.sampling.models import Draw, PopulationImport
from audit_app.sampling.rules import SamplingFrame, SamplingPlan
from config import PROJECT
from tests.factories.accounts import a_member, as_actor

DATA = PROJECT / "tests" / "data"
AS_AT = date(2026, 2, 28)
FRAME = SamplingFrame()
PLAN = SamplingPlan(size=9, reserves=2, seed="N26 spring")


def the_file(name: str = "annex-a.xlsx") -> bytes:
    """A file that a council hands over."""
    return (DATA / name).read_bytes()


def a_waiting_file(found: Round, content: bytes | None = None) -> PopulationImport:
    """A file that the key holder uploaded and has not confirmed."""
    content = content or the_file()
    read, by = rules.read_population(content, today=clock.today()), somebody(found, Role.KEY_HOLDER)
    with transaction():
        return services.keep_file(found.id, content=content, file_name="list.xlsx", read=read, by=by, at=clock.now())


def a_population(found: Round, content: bytes | None = None, as_at: date = AS_AT) -> PopulationImport:
    """The confirmed population of a round."""
    content = content or the_file()
    waiting = a_waiting_file(found, content)
    read, by = rules.read_population(content, today=clock.today()), somebody(found, Role.KEY_HOLDER)
    with transaction():
        return services.confirm_population(found.id, waiting.file_sha256, read=read, as_at=as_at, by=by, at=clock.now())


def a_draw(found: Round, plan: SamplingPlan = PLAN, frame: SamplingFrame = FRAME) -> Draw:
    """A drawn sample of a round whose population is confirmed. Not confirmed itself."""
    by = somebody(found, Role.COORDINATOR)
    with transaction():
        return services.draw_sample(found.id, frame=frame, plan=plan, by=by, at=clock.now())


def a_sample(found: Round, plan: SamplingPlan = PLAN) -> Sequence[Case]:
    """The cases of a round, from the population to the confirmed sample."""
    a_population(found)
    draw, by = a_draw(found, plan), somebody(found, Role.COORDINATOR)
    with transaction():
        return services.confirm_sample(found.id, draw.id, by=by, at=clock.now())


def somebody(found: Round, role: Role) -> Viewer:
    """Someone with this role in the round's partnership."""
    partnership = db.session.get_one(Partnership, found.partnership_id)
    return as_actor(a_member(partnership, role), partnership)
