"""Changing a partnership's words: what is kept, what history says, and two people at once."""

import pytest

from audit_app.accounts import queries, services
from audit_app.accounts.models import Partnership
from audit_app.accounts.rules import (
    DELIVERED_TERMS,
    Part,
    PlanStatus,
    Role,
    TermGroup,
    Terms,
    TermSet,
    Viewer,
    Workforce,
)
from audit_app.core import clock as core_clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import Refused, Stale
from audit_app.history.queries import deeds_of_partnership
from audit_app.messages.models import Message
from tests.factories.accounts import a_member, a_partnership, as_actor
from tests.fixtures import Together

PLANS = DELIVERED_TERMS[TermGroup.PLAN_STATUS]
ROLES = DELIVERED_TERMS[TermGroup.ROLE]


def kept(partnership: Partnership) -> Terms:
    return Terms(queries.partnership_settings(partnership.id).terms)


def change(group: TermGroup, words: dict[str, str], *, version: int = 1, by: Viewer) -> None:
    with transaction():
        services.change_terms(group, {**DELIVERED_TERMS[group], **words}, version=version, by=by)


def test_only_what_differs_is_kept_and_history_says_what_changed(
    administrator: Viewer, partnership: Partnership
) -> None:
    other = a_partnership()
    change(TermGroup.PLAN_STATUS, {"child_in_need": " Family  help "}, by=administrator)
    found = queries.partnership_settings(partnership.id)
    assert (found.terms, found.terms_version) == ({"plan_status": {"child_in_need": "Family help"}}, 2)
    assert deeds_of_partnership(partnership.id)[0].words.endswith(
        "words. Plans of children: “Child in need” is now “Family help”"
    )
    assert kept(other) == Terms()


def test_the_next_request_knows_the_words(administrator: Viewer, partnership: Partnership) -> None:
    change(TermGroup.ROLE, {"scrutineer": "Independent chair"}, by=administrator)
    viewer = queries.viewer(administrator.id, partnership.slug, today=core_clock.today())
    assert viewer is not None
    assert viewer.terms.roles[Role.SCRUTINEER] == "Independent chair"


def test_words_that_did_not_change_leave_no_trace(administrator: Viewer, partnership: Partnership) -> None:
    change(TermGroup.PLAN_STATUS, {}, by=administrator)
    assert queries.partnership_settings(partnership.id).terms_version == 1
    assert deeds_of_partnership(partnership.id) == []


def test_a_group_keeps_the_words_of_the_others(administrator: Viewer, partnership: Partnership) -> None:
    change(TermGroup.PLAN_STATUS, {"other": "Universal"}, by=administrator)
    change(TermGroup.ROLE, {"auditor": "Reviewer"}, version=2, by=administrator)
    assert kept(partnership).own == {"plan_status": {"other": "Universal"}, "role": {"auditor": "Reviewer"}}
    change(TermGroup.ROLE, {}, version=3, by=administrator)
    assert kept(partnership).own == {"plan_status": {"other": "Universal"}}


@pytest.mark.parametrize(
    ("words", "reason"),
    [({"other": " "}, "Enter the word"), ({"other": "x" * 81}, "80 characters"), ({"other": "early help"}, "already")],
)
def test_a_word_that_cannot_be_is_refused_beside_its_field(
    administrator: Viewer, partnership: Partnership, words: dict[str, str], reason: str
) -> None:
    with pytest.raises(Refused, match=reason) as refusal:
        change(TermGroup.PLAN_STATUS, words, by=administrator)
    assert refusal.value.field == "other"
    assert kept(partnership) == Terms()


def test_a_save_over_somebody_elses_is_refused_and_shows_theirs(
    administrator: Viewer, partnership: Partnership
) -> None:
    change(TermGroup.PLAN_STATUS, {"other": "Universal"}, by=administrator)
    with pytest.raises(Stale) as stale:
        change(TermGroup.PLAN_STATUS, {"other": "Targeted"}, by=administrator)
    assert (stale.value.theirs["other"], stale.value.version) == ("Universal", 2)
    with pytest.raises(Stale), transaction():
        services.use_terms(TermSet.COMING, version=1, by=administrator)
    assert kept(partnership).own == {"plan_status": {"other": "Universal"}}


def test_of_two_who_save_at_once_one_is_refused(
    administrator: Viewer, partnership: Partnership, together: Together
) -> None:
    results = together(
        lambda: change(TermGroup.PLAN_STATUS, {"other": "Universal"}, by=administrator),
        lambda: change(TermGroup.PLAN_STATUS, {"other": "Targeted"}, by=administrator),
    )
    assert {type(result) for result in results} == {type(None), Stale}
    assert queries.partnership_settings(partnership.id).terms_version == 2


def test_the_coming_terms_are_taken_over_and_put_back(administrator: Viewer, partnership: Partnership) -> None:
    change(TermGroup.ROLE, {"scrutineer": "Independent chair"}, by=administrator)
    with transaction():
        services.use_terms(TermSet.COMING, version=2, by=administrator)
    terms = kept(partnership)
    assert terms.plan_statuses[PlanStatus.CHILD_IN_NEED] == "Family help (child in need)"
    assert terms.workforce[Workforce.SOCIAL_WORKER].startswith("Lead child protection practitioner")
    assert "Kinds of agency: “Early help” is now “Family help”" in deeds_of_partnership(partnership.id)[0].words
    with transaction():
        services.use_terms(TermSet.TODAY, version=3, by=administrator)
    assert kept(partnership).own == {"role": {"scrutineer": "Independent chair"}}


def test_a_set_with_a_word_that_is_taken_is_refused(administrator: Viewer, partnership: Partnership) -> None:
    change(TermGroup.AGENCY_KIND, {"voluntary": "Family help"}, by=administrator)
    with pytest.raises(Refused, match="“Early help” has the word “Family help” already"), transaction():
        services.use_terms(TermSet.COMING, version=2, by=administrator)


def test_history_keeps_the_words_of_its_time(administrator: Viewer, partnership: Partnership) -> None:
    person = a_member(partnership, Role.COORDINATOR)
    with transaction():
        services.give_role(person.id, Part(Role.SCRUTINEER), by=administrator)
    change(TermGroup.ROLE, {"scrutineer": "Independent chair"}, by=administrator)
    actor = queries.viewer(administrator.id, partnership.slug, today=core_clock.today())
    assert actor is not None
    with pytest.raises(Refused, match="has the role Independent chair already"), transaction():
        services.give_role(person.id, Part(Role.SCRUTINEER), by=actor)
    told = [deed.words for deed in deeds_of_partnership(partnership.id)]
    assert any("the role Independent scrutineer" in words for words in told)


def test_mails_say_roles_in_the_partnerships_words(
    administrator: Viewer, partnership: Partnership, mail_server_set: None
) -> None:
    change(TermGroup.ROLE, {"board_member": "Executive member"}, by=administrator)
    actor = as_actor(a_member(partnership, Role.ADMINISTRATOR), partnership)
    with transaction():
        services.invite_person(name="Bo Ard", email="bo@board.example", parts=[Part(Role.BOARD_MEMBER)], by=actor)
    assert "Executive member" in (db.session.query(Message).one().body or "")
