"""A partnership's words: which may be, which lie over which, and how they stand in sentences."""

import pytest

from audit_app.accounts.rules import (
    COMING_TERMS,
    DELIVERED,
    DELIVERED_TERMS,
    TERM_AT_MOST,
    AgencyKind,
    PlanStatus,
    Role,
    TermGroup,
    Terms,
    TermSet,
    Workforce,
    changed_terms,
    in_sentence,
    is_of_set,
    own_terms,
    plural_of,
    terms_of_set,
    tidied_terms,
    why_not_terms,
    with_article,
)

PLANS = DELIVERED_TERMS[TermGroup.PLAN_STATUS]


def test_own_words_lie_over_the_delivered_ones() -> None:
    terms = Terms({"plan_status": {"child_in_need": "Family help", "gone": "Of a code that nobody knows"}})
    assert terms.plan_statuses[PlanStatus.CHILD_IN_NEED] == "Family help"
    assert terms.plan_statuses[PlanStatus.EARLY_HELP] == "Early help"
    assert list(terms.plan_statuses) == list(PlanStatus)
    assert terms.roles == DELIVERED.roles
    assert hash(terms) == hash(DELIVERED)


def test_every_code_has_a_delivered_word() -> None:
    assert list(DELIVERED.roles) == list(Role)
    assert list(DELIVERED.plan_statuses) == list(PlanStatus)
    assert list(DELIVERED.agency_kinds) == list(AgencyKind)
    assert list(DELIVERED.workforce) == list(Workforce)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({}, None),
        ({"child_in_need": "Family help"}, None),
        ({"child_in_need": "X" + "x" * (TERM_AT_MOST - 1)}, None),
        (
            {"child_in_need": "Early help", "early_help": "Child in need"},
            "“Early help” means something else in",
        ),
        ({"child_in_need": "Early help", "early_help": "Universal"}, "“Early help” means something else in"),
        ({"child_in_need": ""}, "Enter the word for “Child in need”."),
        ({"child_in_need": "x" * (TERM_AT_MOST + 1)}, "The word for “Child in need” must be 80 characters or fewer."),
        ({"child_in_need": "17"}, "The word for “Child in need” must have a letter in it."),
        ({"child_in_need": "Own", "other": "Own"}, "“Child in need” has the word “Own” already. Choose another,"),
        ({"child_in_need": "looked AFTER"}, "There is “looked AFTER” already. Choose another,"),
    ],
)
def test_a_word_is_there_short_and_no_others(words: dict[str, str], reason: str | None) -> None:
    refusal = why_not_terms(TermGroup.PLAN_STATUS, {**PLANS, **words})
    assert refusal is None if reason is None else refusal and refusal[0].startswith(reason)


def test_two_roles_never_have_one_name() -> None:
    words = {**DELIVERED_TERMS[TermGroup.ROLE], "key_holder": "Auditor"}
    assert why_not_terms(TermGroup.ROLE, words) == (
        "There is “Auditor” already. Choose another, so that people can tell them apart.",
        "key_holder",
    )


@pytest.mark.parametrize("words", [{}, {**PLANS, "gone": "Gone"}])
def test_words_have_exactly_the_codes_of_their_group(words: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="not the codes of plan_status"):
        why_not_terms(TermGroup.PLAN_STATUS, words)


def test_only_what_differs_is_kept() -> None:
    assert own_terms(TermGroup.PLAN_STATUS, {**PLANS, "other": "Universal"}) == {"other": "Universal"}
    assert tidied_terms({"other": "  Universal \n help "}) == {"other": "Universal help"}


def test_the_coming_terms_may_be_and_name_what_the_reforms_name() -> None:
    coming = terms_of_set(TermSet.COMING, DELIVERED)
    for group, words in coming.items():
        assert why_not_terms(group, words) is None
    named = " ".join(word for words in COMING_TERMS.values() for word in words.values()).lower()
    for term in ("family help", "lead child protection practitioner", "multi-agency child protection team"):
        assert term in named


def test_a_set_leaves_alone_what_it_does_not_name_and_can_be_put_back() -> None:
    own = Terms({"role": {"scrutineer": "Independent chair"}, "plan_status": {"child_in_need": "Section 17"}})
    coming = Terms({group.value: words for group, words in terms_of_set(TermSet.COMING, own).items()})
    assert coming.roles[Role.SCRUTINEER] == "Independent chair"
    assert coming.plan_statuses[PlanStatus.CHILD_IN_NEED] == "Family help (child in need)"
    assert is_of_set(TermSet.COMING, coming)
    assert not is_of_set(TermSet.TODAY, coming)
    today = Terms({group.value: words for group, words in terms_of_set(TermSet.TODAY, coming).items()})
    assert today.roles[Role.SCRUTINEER] == "Independent chair"
    assert today.plan_statuses == DELIVERED.plan_statuses
    assert is_of_set(TermSet.TODAY, today)


def test_history_says_which_word_became_which() -> None:
    assert changed_terms(PLANS, {**PLANS, "other": "Universal"}) == "“Other” is now “Universal”"
    assert changed_terms(PLANS, PLANS) == ""


@pytest.mark.parametrize(
    ("words", "inside", "one", "several"),
    [
        ("Auditor", "auditor", "an auditor", "auditors"),
        ("Key holder", "key holder", "a key holder", "key holders"),
        ("LSCP officer", "LSCP officer", "an LSCP officer", "LSCP officers"),
        ("QA lead", "QA lead", "a QA lead", "QA leads"),
        ("User of data", "user of data", "a user of data", "users of data"),
        ("Head of quality", "head of quality", "a head of quality", "heads of quality"),
        ("Deputy", "deputy", "a deputy", "deputies"),
        ("Survey lead for health", "survey lead for health", "a survey lead for health", "survey leads for health"),
        ("Coach", "coach", "a coach", "coaches"),
        ("É", "É", "a É", "És"),
    ],
)
def test_words_stand_in_a_sentence(words: str, inside: str, one: str, several: str) -> None:
    assert in_sentence(words) == inside
    assert with_article(inside) == one
    assert plural_of(inside) == several
