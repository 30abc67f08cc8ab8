"""What the link of someone who has no password yet opens: never more than those who hold it could give."""

from datetime import timedelta

import pytest
from flask import Flask

from audit_app.accounts import queries, services
from audit_app.accounts.models import Invitation, Partnership, Person
from audit_app.accounts.rules import ROLES_OF_AN_AGENCY, Part, Role, Viewer
from audit_app.core import clock as core_clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import Refused
from audit_app.history.queries import deeds_of_partnership
from audit_app.messages.models import Message
from tests.factories.accounts import a_member, a_membership, a_partnership, a_person, as_actor
from tests.fixtures import Together

CHAIR, KEY_HOLDER = Part(Role.PANEL_CHAIR), Part(Role.KEY_HOLDER)
VIC = "vic@health.example"


@pytest.fixture
def elsewhere(app: Flask) -> Partnership:
    return a_partnership("elsewhere")


@pytest.fixture
def their_coordinator(elsewhere: Partnership) -> Viewer:
    return as_actor(a_member(elsewhere, Role.COORDINATOR), elsewhere)


def invite(by: Viewer, *parts: Part) -> services.Invited:
    with transaction():
        return services.invite_person(name="Vic Venn", email=VIC, parts=parts, by=by)


def give(invited: services.Invited, part: Part, by: Viewer) -> services.Invited | None:
    with transaction():
        return services.give_role(invited.person_id, part, by=by)


def leave(invited: services.Invited, by: Viewer) -> None:
    with transaction():
        services.end_person(invited.person_id, by=by)


def accept(link: str | None) -> None:
    assert link is not None
    with transaction():
        services.accept_invitation(link.rpartition("/")[2], password_hash="a hash")


def mailed_link() -> str:
    """The link in the newest mail."""
    mail = db.session.query(Message).order_by(Message.id.desc()).limit(1).one()
    assert mail.recipient == VIC
    return next(line for line in (mail.body or "").splitlines() if "/invitation/" in line)


def is_refused(link: str | None) -> bool:
    with pytest.raises(Refused, match="a newer one took its place"):
        accept(link)
    return True


def password_of(invited: services.Invited) -> str | None:
    return db.session.get_one(Person, invited.person_id).password


def test_a_link_in_a_coordinators_hands_does_not_open_the_role_an_administrator_gives_later(
    coordinator: Viewer, administrator: Viewer, partnership: Partnership
) -> None:
    first = invite(coordinator, CHAIR)
    second = give(first, KEY_HOLDER, administrator)
    assert is_refused(first.link)
    with pytest.raises(Refused, match="Only an administrator"), transaction():
        services.renew_invitation(first.person_id, by=coordinator)
    assert second is not None
    accept(second.link)
    vic = db.session.get_one(Person, first.person_id)
    assert as_actor(vic, partnership).roles == {Role.PANEL_CHAIR, Role.KEY_HOLDER}


def test_history_says_that_a_new_link_was_made_with_the_role(
    coordinator: Viewer, administrator: Viewer, partnership: Partnership
) -> None:
    give(invite(coordinator, CHAIR), KEY_HOLDER, administrator)
    events = [deed.event for deed in deeds_of_partnership(partnership.id)]
    assert events == ["invitation_renewed", "role_given", "person_invited"]


def test_who_may_not_give_all_roles_of_someone_invited_gives_them_no_further_one(
    coordinator: Viewer, administrator: Viewer
) -> None:
    invited = invite(administrator, KEY_HOLDER)
    with pytest.raises(Refused, match="Only an administrator") as refusal:
        give(invited, CHAIR, coordinator)
    assert refusal.value.field == "role"
    accept(invited.link)
    assert give(invited, CHAIR, coordinator) is None


def test_someone_with_a_password_gets_a_role_and_no_link(administrator: Viewer, partnership: Partnership) -> None:
    member = a_person(password="a hash")
    a_membership(member, partnership, Role.BOARD_MEMBER)
    with transaction():
        assert services.give_role(member.id, CHAIR, by=administrator) is None
    assert db.session.query(Invitation).count() == 0


@pytest.mark.usefixtures("mail_server_set")
def test_with_a_mail_server_the_new_link_goes_to_the_person_and_to_nobody_else(
    coordinator: Viewer, administrator: Viewer
) -> None:
    first = invite(coordinator, CHAIR)
    earlier = mailed_link()
    second = give(first, KEY_HOLDER, administrator)
    assert second is not None
    assert (second.is_mailed, second.link) == (True, None)
    assert is_refused(earlier)
    accept(mailed_link())
    assert password_of(first) == "a hash"


# --- two partnerships ------------------------------------------------------------------------------------------------


def test_without_a_mail_server_a_second_partnership_waits_until_there_is_a_password(
    coordinator: Viewer, their_coordinator: Viewer, elsewhere: Partnership
) -> None:
    first = invite(coordinator, CHAIR)
    with pytest.raises(Refused, match="choose their password with the other partnership's link, then invite them"):
        invite(their_coordinator, CHAIR)
    assert queries.people_of(elsewhere.id, today=core_clock.today())[1:] == []
    accept(first.link)
    assert invite(their_coordinator, CHAIR).has_password


def test_with_a_mail_server_a_second_partnerships_invitation_ends_a_link_that_was_handed_over(
    coordinator: Viewer, their_coordinator: Viewer, request: pytest.FixtureRequest
) -> None:
    first = invite(coordinator, CHAIR)
    request.getfixturevalue("mail_server_set")
    second = invite(their_coordinator, CHAIR)
    assert (second.is_new, second.is_mailed) == (False, True)
    assert is_refused(first.link)
    accept(mailed_link())
    opened = {choice.slug for choice in queries.partnerships_of(first.person_id, today=core_clock.today())}
    assert opened == {"here", "elsewhere"}


def test_the_link_of_a_partnership_that_someone_left_does_not_open_the_next(
    coordinator: Viewer, their_coordinator: Viewer
) -> None:
    first = invite(coordinator, CHAIR)
    leave(first, coordinator)
    second = invite(their_coordinator, CHAIR)
    assert is_refused(first.link)
    accept(second.link)


def test_where_both_have_someone_already_neither_makes_a_link_until_one_has_ended_their_roles(
    coordinator: Viewer, their_coordinator: Viewer, partnership: Partnership, elsewhere: Partnership
) -> None:
    both = a_member(partnership, Role.BOARD_MEMBER)
    a_membership(both, elsewhere, Role.BOARD_MEMBER)
    for by in (coordinator, their_coordinator):
        with pytest.raises(Refused, match="end their roles in one of them"), transaction():
            services.renew_invitation(both.id, by=by)
    with transaction():
        services.end_person(both.id, by=their_coordinator)
    with transaction():
        assert services.renew_invitation(both.id, by=coordinator).link is not None


# --- at the same moment ----------------------------------------------------------------------------------------------


def test_of_two_partnerships_that_invite_someone_at_the_same_moment_one_holds_the_link(
    coordinator: Viewer, their_coordinator: Viewer, together: Together
) -> None:
    leave(invite(coordinator, CHAIR), coordinator)
    answers = together(lambda: invite(coordinator, CHAIR), lambda: invite(their_coordinator, CHAIR))
    assert sorted(type(answer).__name__ for answer in answers) == ["Invited", "Refused"]


def test_a_link_used_while_a_role_is_given_is_used_before_or_not_at_all(
    coordinator: Viewer, administrator: Viewer, together: Together
) -> None:
    first = invite(coordinator, CHAIR)
    accepted, given = together(lambda: accept(first.link), lambda: give(first, KEY_HOLDER, administrator))
    db.session.expire_all()
    if accepted is None:
        assert (given, password_of(first)) == (None, "a hash")
    else:
        assert [type(accepted), type(given), password_of(first)] == [Refused, services.Invited, None]


def test_signing_in_and_being_given_roles_do_not_wait_for_each_other_for_ever(
    administrator: Viewer, partnership: Partnership, together: Together
) -> None:
    member = a_person(password="a hash")
    a_membership(member, partnership, Role.AUDITOR, from_day=core_clock.today() - timedelta(days=1))
    person_id = member.id

    def sign_in() -> None:
        for _ in range(20):
            with transaction():
                services.note_sign_in(person_id)

    def give_roles() -> None:
        for role in sorted(set(Role) - ROLES_OF_AN_AGENCY):
            with transaction():
                services.give_role(person_id, Part(role), by=administrator)

    assert together(sign_in, give_roles) == [None, None]
