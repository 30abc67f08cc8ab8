"""The demonstration as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from pathlib import Path

from audit_app.accounts.queries import has_any_partnership, partnership_named
from audit_app.accounts.rules import Role
from audit_app.cases.models import Case
from audit_app.core.errors import NotHere, Refused
from audit_app.core.settings import settings, settings_with
from audit_app.demo import rules
from audit_app.demo.rules import Material, read_material
from audit_app.demo.services.auditing import answer_case
from audit_app.demo.services.calibrating import score_practice_case
from audit_app.demo.services.case_actions import carry_case_action
from audit_app.demo.services.days import Days, Story, live_through, side_by_side
from audit_app.demo.services.meeting import answer_questions, hold_panels, plan_panels
from audit_app.demo.services.people import Place, make_partnership
from audit_app.demo.services.planning import plan_round
from audit_app.demo.services.practice import GIVEN_AFTER, give_feedback
from audit_app.demo.services.reporting import report_round
from audit_app.demo.services.rooms import sit_in_room
from audit_app.demo.services.samples import complete_sheets, sample_cases, send_out
from audit_app.returns.rules import Occasion
from audit_app.rounds.models import Round
from audit_app.rounds.queries import frozen_template
from audit_app.rounds.rules import FrozenTemplate

MATERIAL = Path(__file__).parents[1] / "material"


@dataclass(frozen=True)
class SignIn:
    """One person to sign in as, for each role. All share the demonstration's password."""

    role: Role
    name: str
    email: str


def build_demonstration(*, password_hash: str, at: datetime) -> None:
    """Build the demonstration's partnerships, with everything dated back from `at`, and one password for everybody.

    Runs in one transaction, so that there is all of it or nothing. Its mails stay in the outbox, whatever the settings.

    Raises:
        Refused: this is production, or the database holds a partnership.
    """
    if settings().is_production:
        raise Refused("The demonstration is not for production.")
    if has_any_partnership():
        raise Refused("The demonstration is built in an empty database only.")
    material = material_read()
    days = Days(at)
    with settings_with(smtp_host=""):
        live_through(_all(material, days=days, password_hash=password_hash))


def material_read() -> Material:
    """The material that lies beside this code."""
    return read_material(
        {path.relative_to(MATERIAL).as_posix(): path.read_text("utf-8") for path in MATERIAL.rglob("*.toml")}
    )


def _all(material: Material, *, days: Days, password_hash: str) -> Story[None]:
    """Two partnerships, and the rounds of the first side by side."""
    place = yield from make_partnership(material.partnership, days=days, password_hash=password_hash)
    yield from make_partnership(material.second, days=days, password_hash=password_hash)
    used = accumulate((len(told.cases) for told in material.rounds), initial=0)
    yield from side_by_side(
        *(
            _round(told, material.names, skip=skip, place=place, days=days)
            for told, skip in zip(material.rounds, used, strict=False)
        )
    )


def _round(told: rules.Round, names: rules.Names, *, skip: int, place: Place, days: Days) -> Story[None]:
    """Take one round as far as its material goes."""
    plan = told.plan
    found = yield from plan_round(plan, place=place, days=days)
    if told.practice is not None:
        yield from score_practice_case(told.practice, found, place=place, days=days)
    if plan.sample is None:
        return
    folder = MATERIAL / "populations"
    drawn = yield from sample_cases(plan, told.cases, found=found, folder=folder, place=place, days=days)
    assert plan.confirmed_days_before is not None
    in_order = [drawn[position] for position in sorted(drawn)]
    yield from complete_sheets(in_order, names, skip=skip, before=plan.confirmed_days_before, place=place, days=days)
    yield from send_out(found, plan, place=place, days=days)
    yield from plan_panels(plan, drawn, found=found, place=place, days=days)
    template = frozen_template(place.id, found.id)
    yield from side_by_side(
        *(answer_case(story, drawn[story.position], template=template, place=place, days=days) for story in told.cases)
    )
    if plan.published_days_before is not None:
        yield from side_by_side(
            _meet_and_report(told, drawn, found, template=template, place=place, days=days),
            *(
                carry_case_action(one, drawn[story.position], place=place, days=days)
                for story in told.cases
                for one in story.case_actions
            ),
        )
    for panel in plan.panels:
        if panel.began_minutes_before is not None:
            yield from sit_in_room(panel, told.cases, drawn, template=template, place=place, days=days)


def _meet_and_report(
    told: rules.Round, drawn: Mapping[int, Case], found: Round, *, template: FrozenTemplate, place: Place, days: Days
) -> Story[None]:
    """Hold the panels of a round, give feedback, report it and carry its plan on."""
    yield from hold_panels(told.plan, told.cases, drawn, template=template, place=place, days=days)
    yield from answer_questions(told.cases, drawn, place=place, days=days)
    last = min(panel.held_days_before for panel in told.plan.panels)
    yield from give_feedback(Occasion.PANEL, told.cases, drawn, before=last - GIVEN_AFTER, place=place, days=days)
    yield from report_round(told, drawn, found, template=template, place=place, days=days)


def sign_ins_there() -> Sequence[SignIn]:
    """The first person of each role where the database holds the demonstration, in the order of the roles."""
    partnership = material_read().partnership
    try:
        is_there = partnership_named(partnership.slug).is_demonstration
    except NotHere:
        return []
    firsts = {role: person for person in reversed(partnership.people) for role in person.roles}
    return [SignIn(role, firsts[role].name, firsts[role].email) for role in Role if is_there]
