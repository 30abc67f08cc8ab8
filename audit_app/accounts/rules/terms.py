"""A partnership's own words: what it calls roles, plans of children, kinds of agency and parts of the workforce.

Codes never change. What a partnership says in its own words is kept beside it, and laid over the delivered words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from audit_app.accounts.rules.kinds import (
    AGENCY_KIND_WORDS,
    PLAN_STATUS_WORDS,
    ROLE_WORDS,
    WORKFORCE_WORDS,
    AgencyKind,
    PlanStatus,
    Role,
    Workforce,
)

TERM_AT_MOST = 80

Words = Mapping[str, str]
"""Words by the code that they stand for."""


class TermGroup(StrEnum):
    """What is named. The words of one group are all different, since people choose between them."""

    PLAN_STATUS = "plan_status"
    ROLE = "role"
    AGENCY_KIND = "agency_kind"
    WORKFORCE = "workforce"


TERM_GROUP_WORDS = {
    TermGroup.PLAN_STATUS: "Plans of children",
    TermGroup.ROLE: "Roles in this service",
    TermGroup.AGENCY_KIND: "Kinds of agency",
    TermGroup.WORKFORCE: "Who uses practice tools",
}

DELIVERED_TERMS: Mapping[TermGroup, Words] = {
    TermGroup.PLAN_STATUS: {one.value: words for one, words in PLAN_STATUS_WORDS.items()},
    TermGroup.ROLE: {one.value: words for one, words in ROLE_WORDS.items()},
    TermGroup.AGENCY_KIND: {one.value: words for one, words in AGENCY_KIND_WORDS.items()},
    TermGroup.WORKFORCE: {one.value: words for one, words in WORKFORCE_WORDS.items()},
}
"""The words of today, by group and code, in the order in which pages show them."""

COMING_TERMS: Mapping[TermGroup, Words] = {
    TermGroup.PLAN_STATUS: {
        PlanStatus.CHILD_IN_NEED.value: "Family help (child in need)",
        PlanStatus.EARLY_HELP.value: "Family help (early help)",
    },
    TermGroup.AGENCY_KIND: {AgencyKind.EARLY_HELP.value: "Family help"},
    TermGroup.WORKFORCE: {
        Workforce.SOCIAL_WORKER.value: "Lead child protection practitioner or other social worker",
        Workforce.SOCIAL_WORK_MANAGER.value: "Manager in family help or the multi-agency child protection team",
        Workforce.WIDER_WORKFORCE.value: "Family help lead practitioner and the wider workforce",
    },
}
"""The words of the Families First Partnership programme and the reforms of children's social care in England.

Family help joins targeted early help with help for children in need; the two stay apart in figures, so both words are
kept. What is not named here keeps its name.
"""


class TermSet(StrEnum):
    """Delivered words that an administrator can take over together."""

    COMING = "coming"
    TODAY = "today"


TERM_SET_WORDS = {TermSet.COMING: "the coming terms", TermSet.TODAY: "the words of today"}


@dataclass(frozen=True)
class Terms:
    """The words of one partnership: the delivered ones, and over them `own`, by group and code."""

    own: Mapping[str, Words] = field(default_factory=dict, hash=False)

    def of(self, group: TermGroup) -> dict[str, str]:
        """The words of a group by code, in the delivered order. Codes that nobody knows any more are passed over."""
        own = self.own.get(group, {})
        return {code: own.get(code, words) for code, words in DELIVERED_TERMS[group].items()}

    @cached_property
    def plan_statuses(self) -> Mapping[PlanStatus, str]:
        return {PlanStatus(code): words for code, words in self.of(TermGroup.PLAN_STATUS).items()}

    @cached_property
    def roles(self) -> Mapping[Role, str]:
        return {Role(code): words for code, words in self.of(TermGroup.ROLE).items()}

    @cached_property
    def agency_kinds(self) -> Mapping[AgencyKind, str]:
        return {AgencyKind(code): words for code, words in self.of(TermGroup.AGENCY_KIND).items()}

    @cached_property
    def workforce(self) -> Mapping[Workforce, str]:
        return {Workforce(code): words for code, words in self.of(TermGroup.WORKFORCE).items()}

    def said(self, role: Role) -> str:
        """A role inside a sentence: “key holder”."""
        return in_sentence(self.roles[role])

    def one(self, role: Role) -> str:
        """Someone with a role inside a sentence: “an auditor”."""
        return with_article(self.said(role))

    def several(self, role: Role) -> str:
        """Those with a role inside a sentence: “board members”."""
        return plural_of(self.said(role))

    def listed(self, roles: Iterable[Role]) -> str:
        """Roles as a list in words, in the order of the enum."""
        held = set(roles)
        return ", ".join(self.roles[role] for role in Role if role in held)


DELIVERED = Terms()
"""The words of a partnership that has none of its own, and of pages that belong to none."""


def tidied_terms(words: Words) -> dict[str, str]:
    """Words as they are kept: one space between them and none around them."""
    return {code: " ".join(text.split()) for code, text in words.items()}


def _delivered_for_another(group: TermGroup, code: str, text: str) -> str | None:
    """The delivered word of another code of the group, where a text is that word, whatever that code is called here."""
    delivered = DELIVERED_TERMS[group]
    words = (word for other, word in delivered.items() if other != code and word.casefold() == text.casefold())
    return next(words, None) if text != delivered[code] else None


def why_not_terms(group: TermGroup, words: Words) -> tuple[str, str] | None:
    """The reason a group cannot have these words, with the code it is about, or None.

    `words` has every code of the group, tidied.

    Raises:
        ValueError: a code is missing, or is none of the group's.
    """
    delivered = DELIVERED_TERMS[group]
    if words.keys() != delivered.keys():
        raise ValueError(f"these are not the codes of {group}: {sorted(words.keys() ^ delivered.keys())}")
    seen: dict[str, str] = {}
    for code in sorted(
        delivered, key=lambda code: words[code] != delivered[code]
    ):  # of two alike, blame what was changed
        text = words[code]
        if not text:
            return f"Enter the word for “{delivered[code]}”.", code
        if len(text) > TERM_AT_MOST:
            return f"The word for “{delivered[code]}” must be {TERM_AT_MOST} characters or fewer.", code
        if not any(character.isalpha() for character in text):
            return f"The word for “{delivered[code]}” must have a letter in it.", code
        if same := seen.get(text.casefold()):
            is_own_name = delivered[same].casefold() == text.casefold()
            taken = (
                f"There is “{text}” already" if is_own_name else f"“{delivered[same]}” has the word “{text}” already"
            )
            return f"{taken}. Choose another, so that people can tell them apart.", code
        if other := _delivered_for_another(group, code, text):
            return f"“{other}” means something else in every file that is exchanged. Choose another word.", code
        seen[text.casefold()] = code
    return None


def own_terms(group: TermGroup, words: Words) -> dict[str, str]:
    """What of a group's words a partnership keeps: those that differ from the delivered ones."""
    return {code: text for code, text in words.items() if text != DELIVERED_TERMS[group][code]}


def terms_of_set(chosen: TermSet, terms: Terms) -> dict[TermGroup, dict[str, str]]:
    """The words of every group after a set was taken over. What the coming terms do not name stays as it is."""
    delivered = {group: {code: DELIVERED_TERMS[group][code] for code in words} for group, words in COMING_TERMS.items()}
    taken: Mapping[TermGroup, Words] = COMING_TERMS if chosen is TermSet.COMING else delivered
    return {group: terms.of(group) | dict(taken.get(group, {})) for group in TermGroup}


def is_of_set(chosen: TermSet, terms: Terms) -> bool:
    """Whether a partnership has all the words of a set already."""
    return terms_of_set(chosen, terms) == {group: terms.of(group) for group in TermGroup}


def changed_terms(before: Words, after: Words) -> str:
    """What became of words, for the history: “Child in need” is now “Family help”."""
    return "; ".join(f"“{before[code]}” is now “{after[code]}”" for code in before if before[code] != after[code])


def in_sentence(words: str) -> str:
    """Words without the capital that begins them. An abbreviation keeps its own: “LSCP officer”."""
    first = words.split(" ", maxsplit=1)[0]
    return words if first[1:] != first[1:].lower() or len(first) == 1 else words[:1].lower() + words[1:]


def with_article(words: str) -> str:
    """Words with “a” or “an” before them, by how they are spoken: an auditor, a user, an LSCP officer."""
    first = words.split(" ", maxsplit=1)[0]
    if first.isupper() and len(first) > 1:
        sounds_open = first[0] in "AEFHILMNORSX"
    else:
        sounds_open = first[:1].lower() in set("aeiou") and not first.lower().startswith(("uni", "use", "eu", "one"))
    return f"{'an' if sounds_open else 'a'} {words}"


def plural_of(words: str) -> str:
    """Words for several: “key holders”, “heads of quality”, “deputies”."""
    for link in (" of ", " for ", " in "):
        head, found, rest = words.partition(link)
        if found:
            return plural_of(head) + link + rest
    if words.endswith(("s", "x", "ch", "sh")):
        return f"{words}es"
    if words.endswith("y") and words[-2:-1] not in set("aeiou"):
        return f"{words[:-1]}ies"
    return f"{words}s"
