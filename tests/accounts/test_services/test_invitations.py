"""Inviting and accepting: the deeds and each of their refusals."""

from datetime import timedelta

import pytest
from flask import Flask

from audit_app.accounts import queries, services
from audit_app.accounts.models import Agency, Invitation, Partnership, Person
from audit_app.accounts.rules import Part, Role, Viewer
from audit_app.core import clock as core_clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.history.queries import deeds_of_partnership
from audit_app.messages.models import Message
from tests.factories.accounts import a_member, a_membership, a_partnership, a_person, an_agency, as_actor
from tests.fixtures import Clock, Together

AUDITOR, CHAIR = Role.AUDITOR, Part(Role.PANEL_CHAIR)


def invite(by: Viewer, *parts: Part, email: str = "ravi@health.example", name: str = "Ravi Shah") -> services.Invited:
    with transaction():
        return services.invite_person(name=name, email=email, parts=parts, by=by)


def secret_of(invited: services.Invited) -> str:
    assert invited.link is not None
    return invited.link.rpartition("/")[2]


def accept(secret: str, hashed: str = "a hash") -> None:
    with transaction():
        services.accept_invitation(secret, password_hash=hashed)


def roles_of(person_id: int, partnership: Partnership) -> set[tuple[Role, str]]:
    shown = queries.person_shown(partnership.id, person_id, today=core_clock.today())
    return {(held.role, held.agency_name) for held in shown.roles}


def test_an_invited_person_has_their_roles_and_a_link_of_which_only_a_hash_is_kept(
    coordinator: Viewer, partnership: Partnership, agency: Agency
) -> None:
    invited = invite(coordinator, Part(AUDITOR, agency.id), CHAIR, email=" Ravi@Health.example ")
    assert invited.is_new
    assert invited.email == "ravi@health.example"
    assert roles_of(invited.person_id, partnership) == {(AUDITOR, agency.short_name), (Role.PANEL_CHAIR, "")}
    kept = db.session.query(Invitation).one()
    assert secret_of(invited) not in kept.secret_hash
    assert kept.secret_hash == services.hash_of(secret_of(invited))
    assert kept.expires_at - kept.created_at == timedelta(days=7)
    message = db.session.query(Message).one()
    assert (message.recipient, secret_of(invited) in (message.body or "")) == ("ravi@health.example", True)
    deed = deeds_of_partnership(partnership.id)[0]
    assert deed.words == f"{coordinator.name} invited Ravi Shah as Auditor, Panel chair"


@pytest.mark.parametrize(
    ("email", "name", "roles", "words", "field"),
    [
        ("ravi", "Ravi", [Role.PANEL_CHAIR], "correct format", "email"),
        ("ravi@health.example", "", [Role.PANEL_CHAIR], "Enter the person's name", "name"),
        ("ravi@health.example", "Ravi", [], "at least one role", "roles"),
        ("ravi@health.example", "Ravi", [Role.AUDITOR], "Choose the agency", "agency"),
        ("ravi@health.example", "Ravi", [Role.ADMINISTRATOR], "Only an administrator", "roles"),
        ("ravi@health.example", "Ravi", [Role.KEY_HOLDER], "Only an administrator", "roles"),
    ],
)
def test_an_invitation_that_cannot_be_is_refused_and_leaves_nothing(
    coordinator: Viewer, email: str, name: str, roles: list[Role], words: str, field: str
) -> None:
    with pytest.raises(Refused, match=words) as refusal:
        invite(coordinator, *(Part(role) for role in roles), email=email, name=name)
    assert refusal.value.field == field
    assert queries.person_of_email("ravi@health.example") is None


def test_an_agency_of_another_partnership_is_not_there(coordinator: Viewer) -> None:
    with pytest.raises(NotHere):
        invite(coordinator, Part(AUDITOR, an_agency(a_partnership()).id))


def test_an_agency_that_has_ended_is_refused(coordinator: Viewer, agency: Agency) -> None:
    with transaction():
        agency.ended_on = core_clock.today()
    with pytest.raises(Refused, match="has ended"):
        invite(coordinator, Part(AUDITOR, agency.id))


def test_the_same_role_twice_is_refused(coordinator: Viewer) -> None:
    invite(coordinator, CHAIR)
    with pytest.raises(Refused, match="has the role Panel chair already"):
        invite(coordinator, CHAIR)


def test_someone_who_signs_in_elsewhere_needs_no_new_password(administrator: Viewer, partnership: Partnership) -> None:
    elsewhere = a_partnership("elsewhere")
    known = a_person("Kim Known", password="a hash")
    a_membership(known, elsewhere, Role.COORDINATOR)
    invited = invite(administrator, CHAIR, email=known.email, name="Another Name")
    assert (invited.is_new, invited.has_password, invited.link) == (False, True, None)
    assert invited.name == "Kim Known"
    assert db.session.query(Invitation).count() == 0
    opened = {choice.slug for choice in queries.partnerships_of(known.id, today=core_clock.today())}
    assert opened == {elsewhere.slug, partnership.slug}
    assert as_actor(known, partnership).has_other_partnerships


def test_a_coordinator_gets_no_link_for_someone_invited_as_administrator(
    administrator: Viewer, coordinator: Viewer
) -> None:
    invite(administrator, Part(Role.ADMINISTRATOR))
    with pytest.raises(Refused, match="Only an administrator"):
        invite(coordinator, CHAIR)


# --- accepting -------------------------------------------------------------------------------------------------------


def test_accepting_sets_the_password_and_uses_the_link_up(coordinator: Viewer, partnership: Partnership) -> None:
    invited = invite(coordinator, CHAIR)
    accept(secret_of(invited))
    assert db.session.get_one(Person, invited.person_id).password == "a hash"
    assert deeds_of_partnership(partnership.id)[0].words == "Ravi Shah accepted the invitation and set a password"
    with pytest.raises(Refused, match="used already"):
        accept(secret_of(invited), "another hash")


def test_an_unknown_link_is_refused(app: Flask) -> None:
    with pytest.raises(Refused, match="not known"):
        accept("something made up")


def test_a_link_expires_after_seven_days(coordinator: Viewer, clock: Clock) -> None:
    invited = invite(coordinator, CHAIR)
    clock.forward(days=7)
    with pytest.raises(Refused, match="expired"):
        accept(secret_of(invited))


def test_a_link_of_someone_who_has_left_is_refused(coordinator: Viewer) -> None:
    invited = invite(coordinator, CHAIR)
    with transaction():
        services.end_person(invited.person_id, by=coordinator)
    with pytest.raises(Refused, match="has ended"):
        accept(secret_of(invited))


def test_two_who_use_a_link_at_the_same_moment_do_not_both_get_in(
    app: Flask, coordinator: Viewer, together: Together
) -> None:
    invited = invite(coordinator, CHAIR)
    secret, person_id = secret_of(invited), invited.person_id
    answers = together(lambda: accept(secret, "first"), lambda: accept(secret, "second"))
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "Refused"]
    winner = ["first", "second"][answers.index(None)]
    db.session.expire_all()
    assert db.session.get_one(Person, person_id).password == winner


def test_a_new_invitation_ends_the_earlier_one(coordinator: Viewer) -> None:
    first = invite(coordinator, CHAIR)
    with transaction():
        second = services.renew_invitation(first.person_id, by=coordinator)
    with pytest.raises(Refused, match="expired"):
        accept(secret_of(first))
    accept(secret_of(second))


def test_no_new_invitation_for_someone_with_a_password_or_a_leaver_or_an_administrator(
    coordinator: Viewer, administrator: Viewer, partnership: Partnership
) -> None:
    done, left, above = invite(coordinator, CHAIR), a_member(partnership), None
    accept(secret_of(done))
    a_membership(left, partnership, Role.BOARD_MEMBER, until_day=core_clock.today() - timedelta(days=1))
    above = invite(administrator, Part(Role.KEY_HOLDER), email="key@council.example", name="Kay Holder")
    for person_id, words in ((done.person_id, "has a password"), (left.id, "has left"), (above.person_id, "Only an")):
        with pytest.raises(Refused, match=words), transaction():
            services.renew_invitation(person_id, by=coordinator)


def test_nobody_renews_an_invitation_of_another_partnership(coordinator: Viewer) -> None:
    stranger = a_member(a_partnership(), Role.AUDITOR)
    with pytest.raises(NotHere), transaction():
        services.renew_invitation(stranger.id, by=coordinator)
