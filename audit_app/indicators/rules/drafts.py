"""What a partnership's own templates are held to: who sees a draft, what may be changed, what publishing needs."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain, count, product
from string import ascii_uppercase, digits

from audit_app.accounts.rules import DELIVERED, Role, Terms
from audit_app.indicators.rules.catalogue import (
    APPLIES_BY_WORDS,
    OWN,
    AppliesBy,
    AuditTemplate,
    Level,
    Scale,
    TemplateDomain,
    TemplateIndicator,
)
from audit_app.indicators.rules.titles import key_of, one_line
from audit_app.indicators.rules.whole import (
    AT_LEAST_ONE,
    NOBODY,
    asked_of_nobody,
    levels_without_words,
    why_not_on_panel,
)

DRAFTS_SEEN_BY = frozenset({Role.COORDINATOR, Role.SCRUTINEER})
"""Who sees drafts. Only coordinators change them."""

TITLE_AT_MOST = 45
"""Characters in the title of an indicator, which stands beside the bars of charts."""
NAME_AT_MOST = 120
"""Characters in the title of a template or of a domain."""
WORDS_AT_MOST = 4_000
"""Characters in any longer text of a template."""
MINUTES_AT_MOST = 600
DOMAINS_AT_MOST = 40
INDICATORS_AT_MOST = 200
"""In one template. The longest that is delivered asks some 60."""

DELIVERED_NEVER_CHANGES = (
    "This template was delivered with the service, so it never changes. Copy it, and change your copy."
)
PUBLISHED_NEVER_CHANGES = "This version is published, so it never changes. Start the next version, and change that."
UNCHANGED = "asks the same as version {}: change something first"

WITHOUT = {
    "title": "has no title",
    "question": "has no question",
    "why": "does not say why it matters",
    "look_for": "does not say what to look for",
    "example": "has no example of how evidence might read",
}
"""What an indicator lacks when a field of words that every indicator has is empty."""


def may_see_drafts(roles: Collection[Role]) -> bool:
    """Whether someone with these roles sees the drafts of their partnership."""
    return not DRAFTS_SEEN_BY.isdisjoint(roles)


def why_not_edit(*, is_own: bool, is_published: bool) -> str | None:
    """The reason a version of a template cannot be changed, or None."""
    if not is_own:
        return DELIVERED_NEVER_CHANGES
    return PUBLISHED_NEVER_CHANGES if is_published else None


def why_not_start_version(*, is_own: bool, is_published: bool, has_draft: bool) -> str | None:
    """The reason no new version of a template can be started, or None. `is_published`: whether any version is."""
    if not is_own:
        return DELIVERED_NEVER_CHANGES
    if has_draft or not is_published:
        return "There is a draft of this template already. Go on with that one."
    return None


def why_not_name(title: str, what: str) -> str | None:
    """The reason a text cannot be the title of a template or a domain, or None. `what` begins a sentence."""
    if not title:
        return "Enter a title."
    return f"{what} must be {NAME_AT_MOST} characters or fewer." if len(title) > NAME_AT_MOST else None


def why_not_domain(title: str, *, others: Collection[str], is_new: bool) -> str | None:
    """The reason a domain cannot have this title beside `others`, or None. Files tell domains apart by the same key."""
    if key_of(title) in map(key_of, others):
        return "Another domain of this template has that title. Choose another."
    if is_new and len(others) >= DOMAINS_AT_MOST:
        return f"A template has at most {DOMAINS_AT_MOST} domains."
    return why_not_name(title, "The title of a domain")


def why_not_remove_domain(*, indicators: int, move_to: int | None) -> str | None:
    """The reason a domain cannot be removed, or None. `move_to` is the domain that takes its indicators."""
    if indicators and move_to is None:
        return "Choose the domain that takes its questions, or remove them first."
    return None


def why_not_add(code: str, *, asked: Collection[str]) -> str | None:
    """The reason an indicator cannot be added to those that a template asks, or None."""
    if code in asked:
        return f"This template asks {code} already."
    if len(asked) >= INDICATORS_AT_MOST:
        return f"A template asks at most {INDICATORS_AT_MOST} questions."
    return None


def why_not_ask(count: int) -> str | None:
    """The reason a file cannot become a template with this many questions, or None. It goes on from a place."""
    if count > INDICATORS_AT_MOST:
        return f"asks {count:,} questions; a template asks at most {INDICATORS_AT_MOST}"
    return None


def why_look_again(read: AuditTemplate, *, code: str, published: Collection[int]) -> str | None:
    """What to say when a file made before the newest published version of the template `code` becomes its draft."""
    newest = max(published, default=0)
    if read.code != code or read.version >= newest:
        return None
    return (
        f"This file was made from version {read.version}, and version {newest} is newer: see what changed before you "
        "publish."
    )


def why_not_description(*, description: str, minutes_per_child: int | None) -> tuple[str, str] | None:
    """The reason a template cannot be described so, with the field it is about, or None."""
    if len(description) > WORDS_AT_MOST:
        return f"The description must be {WORDS_AT_MOST:,} characters or fewer.", "description"
    if minutes_per_child is None or not 1 <= minutes_per_child <= MINUTES_AT_MOST:
        return f"Enter the minutes that one child takes: 1 to {MINUTES_AT_MOST}.", "minutes_per_child"
    return None


def why_not_indicator(wanted: TemplateIndicator) -> tuple[str, str] | None:
    """The reason a draft cannot keep an indicator so, with the field it is about, or None. Words may still be missing.

    A level's words are about the field `level_` and the level's code.
    """
    return next(whys_not_indicator(wanted), None)


def whys_not_indicator(wanted: TemplateIndicator) -> Iterator[tuple[str, str]]:
    """Every reason a draft cannot keep an indicator so, each with the field it is about."""
    if not wanted.title:
        yield "Enter a title.", "title"
    if len(wanted.title) > TITLE_AT_MOST:
        yield f"The title must be {TITLE_AT_MOST} characters or fewer.", "title"
    texts = {name: getattr(wanted, name) for name in WITHOUT if name != "title"}
    texts |= {f"level_{code}": words for code, words in wanted.guidance.items()}
    for name, text in texts.items():
        if len(text) > WORDS_AT_MOST:
            yield f"A text must be {WORDS_AT_MOST:,} characters or fewer. This one has {len(text):,}.", name
    for by in asked_of_nobody(wanted.applies):
        yield AT_LEAST_ONE[by], by.value
    for by, values in wanted.applies.items():
        if not values <= APPLIES_BY_WORDS[by].keys():
            yield "Choose from the answers shown.", by.value


def why_not_levels(guidance: Collection[str], *, seen: str, scale: Scale) -> str | None:
    """The reason words for levels, by the levels' codes, cannot be kept in a draft with this scale, or None.

    `seen` is the code of the scale about whose levels the person was asked.
    """
    if seen != scale.code or not set(guidance) <= {level.code for level in scale.levels}:
        return "The scale of this template was changed while you were working. Look at its levels, then save again."
    return None


def why_not_attributes(attributes: Collection[str], *, known: Collection[str]) -> str | None:
    """The reason these cannot be the case attributes that a template records, or None. `known` are the library's."""
    return None if set(attributes) <= set(known) else "Choose from the answers shown."


def tidied(indicator: TemplateIndicator) -> TemplateIndicator:
    """An indicator without empty guidance, and without limits that name every value and so limit nothing.

    Its title is one line.
    """
    return replace(
        indicator,
        title=one_line(indicator.title),
        guidance={level: words for level, words in indicator.guidance.items() if words},
        applies={by: values for by, values in indicator.applies.items() if values != APPLIES_BY_WORDS[by].keys()},
    )


# --- codes of one's own ---


def own_code(title: str, *, taken: Collection[str]) -> str:
    """A code for a partnership's own template, which stands in its address: `own-` and the title, in small letters."""
    plain = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40].strip("-") or "template"
    tried = (f"{OWN}{plain}" if number == 1 else f"{OWN}{plain}-{number}" for number in count(1))
    return next(code for code in tried if code not in taken)


def series_of(slug: str, *, others: Collection[str]) -> Iterator[str]:
    """The two to four letters that begin the codes of a partnership's own indicators: first those of its short name.

    `others` are the codes of the library and of other partnerships. A series in which one of them stands is left out.
    """
    letters = re.sub(r"[^A-Z]", "", slug.upper())
    taken = {code.rstrip(digits) for code in others}
    lengthened = (stem + more for stem in (letters[:3], "OWN") for more in ("", *ascii_uppercase))
    any_at_all = ("".join(some) for length in (2, 3, 4) for some in product(ascii_uppercase, repeat=length))
    tried = chain((letters[:3], letters[:4], letters[:2]), lengthened, any_at_all)
    return (one for one in tried if 2 <= len(one) <= 4 and one not in taken)


def next_code(slug: str, *, ours: Collection[str], others: Collection[str]) -> str:
    """The first free code for an own indicator of a partnership, such as SAL01; after SAL99 that of its next series.

    `ours` are the codes that its templates ask already, `others` those of the library and of other partnerships.
    """
    codes = (f"{series}{number:02}" for series in series_of(slug, others=others) for number in range(1, 100))
    return next(code for code in codes if code not in ours)


def why_not_code(code: str, *, library: Collection[str]) -> str | None:
    """The reason a draft cannot ask an indicator of this code, or None. `library` are the codes of the library.

    What the library does not have is a partnership's own: two to four letters that begin no code of the library.
    """
    if code in library:
        return None
    if not re.fullmatch(r"[A-Z]{1,4}[0-9]{2}", code):
        return "A code is one of the library, such as B01, or one of your own, such as SAL01."
    if len(code) == 3 or code[:-2] in {known[:-2] for known in library}:
        return f"{code} is not in the library. Correct it, or give the question a code of your own, such as SAL01."
    return None


# --- publishing ---


@dataclass(frozen=True)
class Missing:
    """One thing to mend before a draft can be published. `code` names the indicator it is about, if any."""

    place: str
    mending: str
    code: str = ""


def what_is_missing(
    draft: AuditTemplate, *, kinds: Collection[str], before: AuditTemplate | None, terms: Terms = DELIVERED
) -> list[Missing]:
    """Everything that keeps a draft from being published, in the order of its pages.

    `kinds` are the kinds of the partnership's agencies, `before` is the version that was published last,
    `terms` are its words.
    """
    missing = list(_of_the_whole(draft, before))
    for domain in draft.domains:
        if not domain.indicators:
            missing.append(Missing(domain.title, "asks nothing yet: add a question, or remove the domain"))
        for indicator in domain.indicators:
            place = f"{indicator.code} {indicator.title}"
            missing += [Missing(place, one, indicator.code) for one in _of_an_indicator(indicator, draft, kinds, terms)]
    return missing


def _of_the_whole(draft: AuditTemplate, before: AuditTemplate | None) -> Iterator[Missing]:
    if not draft.description:
        yield Missing("The template", "has no description: say whom it is for and what it asks")
    if not draft.indicators:
        yield Missing("The template", "asks no question: add one")
    panel = sum(1 for indicator in draft.indicators if indicator.is_panel)
    if reason := why_not_on_panel(panel):
        yield Missing("The template", f"has {panel} questions for the panel, and {reason}")
    if before and before == replace(draft, code=before.code, version=before.version):
        yield Missing("The template", UNCHANGED.format(before.version))


def _of_an_indicator(
    indicator: TemplateIndicator, draft: AuditTemplate, kinds: Collection[str], terms: Terms
) -> Iterator[str]:
    yield from (lack for name, lack in WITHOUT.items() if not getattr(indicator, name))
    for level in () if indicator.is_narrative else levels_without_words(draft.scale, indicator.guidance):
        yield f"does not say what “{level.words}” looks like"
    for by in asked_of_nobody(indicator.applies):
        yield f"is asked of nobody: {NOBODY[by]}"
    asked = indicator.applies.get(AppliesBy.AGENCY_KIND)
    if asked and kinds and asked.isdisjoint(kinds):
        words = " or ".join(text for kind, text in terms.agency_kinds.items() if kind in asked)
        yield f"is asked only of {words}, and the partnership has no such agency, so {NOBODY[AppliesBy.AGENCY_KIND]}"


def why_not_publish_draft(*, missing: Collection[Missing], version: int, note: str) -> tuple[str, str | None] | None:
    """The reason a draft cannot be published, with the field it is about, or None."""
    if missing:
        return "Something is missing. Mend what is listed, then publish.", None
    if version > 1 and not note:
        return "Say what has changed since the version before.", "note"
    if len(note) > WORDS_AT_MOST:
        return f"The note must be {WORDS_AT_MOST:,} characters or fewer.", "note"
    return None


def whole(draft: AuditTemplate) -> AuditTemplate:
    """A template in which every level of every indicator has its words: where its own are missing, the scale's."""
    return replace(
        draft,
        domains=tuple(
            replace(domain, indicators=tuple(_guided(indicator, draft.scale.levels) for indicator in domain.indicators))
            for domain in draft.domains
        ),
    )


def _guided(indicator: TemplateIndicator, levels: tuple[Level, ...]) -> TemplateIndicator:
    guidance = {level.code: indicator.guidance.get(level.code) or level.means for level in levels}
    return replace(indicator, guidance={code: words for code, words in guidance.items() if words})


def mark_of(draft: AuditTemplate) -> str:
    """A short mark of all that a draft says, to see whether it was changed since somebody checked it."""
    words = (draft.title, draft.description, draft.minutes_per_child, draft.attributes)
    return sha256(repr((words, _said(draft))).encode()).hexdigest()


def _said(draft: AuditTemplate) -> list[object]:
    def of(domain: TemplateDomain) -> list[object]:
        return [
            (replace(one, guidance={}, applies={}), sorted(one.guidance.items()), _sorted(one.applies))
            for one in domain.indicators
        ]

    return [draft.scale.code, *((domain.title, of(domain)) for domain in draft.domains)]


def _sorted(applies: Mapping[AppliesBy, frozenset[str]]) -> list[tuple[str, list[str]]]:
    return sorted((by.value, sorted(values)) for by, values in applies.items())
