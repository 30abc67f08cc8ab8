"""Roles, passwords, addresses, colours: the rules as tables."""

from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import pytest

from audit_app.accounts import rules
from audit_app.accounts.rules import Role

TODAY = date(2026, 3, 4)
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
COORDINATOR = frozenset({Role.COORDINATOR})


@pytest.mark.parametrize("role", sorted(rules.ROLES_OF_AN_AGENCY))
def test_a_role_of_an_agency_needs_its_agency(role: Role) -> None:
    assert "Choose the agency" in (rules.why_not_give_role(role, agency_id=None, by_roles=ADMINISTRATOR) or "")
    assert rules.why_not_give_role(role, agency_id=3, by_roles=ADMINISTRATOR) is None


@pytest.mark.parametrize("role", sorted(set(Role) - rules.ROLES_OF_AN_AGENCY))
def test_a_coordinator_gives_every_role_but_administrator_and_key_holder(role: Role) -> None:
    reason = rules.why_not_give_role(role, agency_id=None, by_roles=COORDINATOR)
    assert (reason is not None) == (role in {Role.ADMINISTRATOR, Role.KEY_HOLDER})
    assert rules.why_not_give_role(role, agency_id=None, by_roles=ADMINISTRATOR) is None


@pytest.mark.parametrize(
    ("held", "has_password", "is_own", "by_roles", "words"),
    [
        (set(), False, False, COORDINATOR, None),
        ({Role.BOARD_MEMBER}, False, False, COORDINATOR, None),
        ({Role.KEY_HOLDER}, True, False, COORDINATOR, None),
        ({Role.KEY_HOLDER}, False, False, COORDINATOR, "Only an administrator can do this for the role Key holder."),
        ({Role.KEY_HOLDER}, False, False, ADMINISTRATOR, None),
        (
            {Role.COORDINATOR},
            True,
            True,
            COORDINATOR,
            "Ask an administrator: nobody else can give a role to themselves.",
        ),
        ({Role.ADMINISTRATOR}, True, True, ADMINISTRATOR, None),
    ],
)
def test_nobody_but_an_administrator_gives_themselves_a_role_or_opens_what_they_could_not_give(
    held: set[Role], has_password: bool, is_own: bool, by_roles: frozenset[Role], words: str | None
) -> None:
    reason = rules.why_not_give_any_role(held, has_password=has_password, is_own=is_own, by_roles=by_roles)
    assert reason == words


def test_a_link_that_opens_two_partnerships_is_handed_to_nobody() -> None:
    assert rules.why_not_hand_over("Vic Venn", is_elsewhere=False) is None
    assert "Vic Venn has a role in another partnership too" in (
        rules.why_not_hand_over("Vic Venn", is_elsewhere=True) or ""
    )


def why_not_end(role: Role, **changes: object) -> str | None:
    known = {"administrators_left": 1, "by_roles": ADMINISTRATOR, "is_own": False, "from_day": TODAY, "today": TODAY}
    return rules.why_not_end_role(role, **{**known, **changes})  # type: ignore[arg-type]


def test_the_last_administrator_stays() -> None:
    assert "only administrator" in (why_not_end(Role.ADMINISTRATOR, administrators_left=0) or "")
    assert why_not_end(Role.ADMINISTRATOR) is None
    assert why_not_end(Role.COORDINATOR, administrators_left=0) is None


def test_a_role_ends_today_or_later() -> None:
    assert why_not_end(Role.AUDITOR, from_day=TODAY - timedelta(days=1)) == "Choose today or a later day."
    assert why_not_end(Role.AUDITOR, from_day=TODAY + timedelta(days=40)) is None


def test_nobody_ends_the_role_that_keeps_them_blind() -> None:
    assert "Ask someone else" in (why_not_end(Role.AUDITOR, by_roles=COORDINATOR, is_own=True) or "")
    assert why_not_end(Role.AUDITOR, by_roles=COORDINATOR) is None
    assert why_not_end(Role.SCRUTINEER, by_roles=COORDINATOR, is_own=True) is None


def test_a_coordinator_ends_no_key_holder() -> None:
    assert why_not_end(Role.KEY_HOLDER, by_roles=COORDINATOR) == (
        "Only an administrator can do this for the role Key holder."
    )


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("elevenchars", "at least 12"),
        ("x1" * 65, "at most 128"),
        ("samlee@people.example", "not your name"),
        ("Sam Lee 2026!", "not your name"),
        ("lee.sam.lee.sam", "not your name"),
        ("Password12345", "easy to guess"),
        ("passwordpassword", "easy to guess"),
        ("safeguarding1", "easy to guess"),
        ("123456789012", "easy to guess"),
        ("aaaaaaaaaaaaaa", "easy to guess"),
        ("qwertyuiop[]12", "easy to guess"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password: str, words: str) -> None:
    reason = rules.why_not_password(password, email="leesam@people.example", name="Sam Lee")
    if "samlee@" in password:
        reason = rules.why_not_password(password, email=password, name="Someone Else")
    assert words in (reason or "")


@pytest.mark.parametrize(
    "password", ["copper kettle umbrella", "my dog hates Tuesdays", "ключ от старой двери", "9f!K2m#pQz7w"]
)
def test_a_good_password_is_taken(password: str) -> None:
    assert rules.why_not_password(password, email="sam@people.example", name="Sam Lee") is None


@pytest.mark.parametrize(
    "email",
    [
        *("", "sam", "sam@example", "sam@@example.org", "sam lee@example.org", "a@b.c\n", "x" * 250 + "@b.uk"),
        *("a@[x.org", "a@x.org]", "a[b@x.org", "a(b@x.org", "a:b@x.org", "a\\@x.org", "a\x01@x.org", "a@x.org;b@y.org"),
        *(
            ".a@x.org",
            "a.@x.org",
            "a..b@x.org",
            "a@x..org",
            "a@.x.org",
            "a@x.org.",
            "a@-x.org",
            "a@x-.org",
            "a@x_y.org",
        ),
        *("zoë@x.org", "a@zoë.org", "\u212aim@x.org", "=?utf-8?q?x?=@x.org"),
        *("a" * 65 + "@x.org", "a@" + "x" * 64 + ".org", "a@" + "x." * 126 + "org"),
    ],
)
def test_what_is_no_e_mail_address_is_refused(email: str) -> None:
    assert rules.why_not_email(email) is not None


@pytest.mark.parametrize(
    "email",
    [
        *("sam@example.org", "o'neil.s+audit@police.example.uk", "Anne-Marie_O.Shea@nhs-trust.example.net"),
        *(
            "a@b.c",
            "a" * 64 + "@x.org",
            "a@" + "x" * 63 + ".org",
            "2nd.duty@xn--bcher-kva.example",
            "a{b}~!#$%&*/=^`|@x.org",
        ),
    ],
)
def test_an_e_mail_address_is_taken_and_a_mail_can_be_addressed_to_it(email: str) -> None:
    assert rules.why_not_email(email) is None
    mail = EmailMessage()
    mail["To"] = email
    assert ([to.addr_spec for to in mail["To"].addresses], mail["To"].defects) == ([email], ())


@pytest.mark.parametrize(
    ("colour", "is_fine"),
    [("#0b5c5c", True), ("#000000", True), ("#ffff00", False), ("#777777", False), ("teal", False), ("#0b5c5", False)],
)
def test_a_colour_must_carry_white_words(colour: str, is_fine: bool) -> None:
    assert (rules.why_not_colour(colour) is None) is is_fine


def test_contrast_is_that_of_the_guidelines() -> None:
    assert rules.contrast_with_white("#000000") == pytest.approx(21)
    assert rules.contrast_with_white("#ffffff") == pytest.approx(1)
    assert rules.contrast_with_white("#767676") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, None),
        ({"expires_at": None}, "not known"),
        ({"used_at": NOW}, "used already"),
        ({"has_password": True}, "used already"),
        ({"expires_at": NOW}, "expired"),
        ({"is_member": False}, "has ended"),
    ],
)
def test_an_invitation_is_accepted_once_in_time_by_a_member(changes: dict[str, object], words: str | None) -> None:
    known = {
        "expires_at": NOW + timedelta(days=1),
        "used_at": None,
        "has_password": False,
        "is_member": True,
        "at": NOW,
    }
    reason = rules.why_not_accept(**{**known, **changes})  # type: ignore[arg-type]
    assert (reason is None) if words is None else (words in (reason or ""))


@pytest.mark.parametrize(
    ("years", "months", "setting"),
    [
        (0, 12, "round_retention_years"),
        (26, 12, "round_retention_years"),
        (6, 0, "identity_retention_months"),
        (6, 61, "identity_retention_months"),
        (None, 12, "round_retention_years"),
    ],
)
def test_retention_has_bounds(years: int | None, months: int, setting: str) -> None:
    reason = rules.why_not_retention(years=years, months=months)
    assert reason is not None
    assert reason[1] == setting
    assert rules.why_not_retention(years=6, months=12) is None
