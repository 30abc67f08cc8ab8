"""A domain of a template in the shape in which a return asks it, to be shown before any round has it."""

from collections.abc import Mapping
from dataclasses import dataclass

from audit_app.indicators.rules.catalogue import AppliesBy, AuditTemplate, Band, Rated
from audit_app.indicators.rules.drafts import whole
from audit_app.indicators.rules.limits import is_asked

NOT_WRITTEN = "Not written yet."


@dataclass(frozen=True)
class PreviewLevel:
    """A level as a return offers it. `id` is its rank, since no round has given it one."""

    id: int
    letter: str
    words: str
    rank: int
    band: Band


@dataclass(frozen=True)
class PreviewQuestion:
    """A question as a return asks it. `guidance` gives the words for each level by the level's `id`."""

    indicator_id: int
    code: str
    title: str
    question: str
    why: str
    look_for: str
    example: str
    rated: Rated
    is_narrative: bool
    guidance: Mapping[int, str]


def preview_levels(template: AuditTemplate) -> tuple[PreviewLevel, ...]:
    """The levels that an auditor chooses from, in the order in which people read them, as in a return."""
    return tuple(
        PreviewLevel(level.rank, level.letter, level.words, level.rank, level.band) for level in template.scale.as_read
    )


def preview_domains(template: AuditTemplate, of: Mapping[AppliesBy, str]) -> tuple[int, ...]:
    """The positions of the domains that a return has, from 1; see `is_asked` for `of`.

    A return leaves out a domain that asks nothing of its agency about its child. Where `of` says nothing at all, every
    domain is there, those too in which a draft asks nothing yet.
    """
    return tuple(
        position
        for position, domain in enumerate(template.domains, 1)
        if not of or any(is_asked(it.applies, of) for it in domain.indicators)
    )


def preview_questions(
    template: AuditTemplate, position: int, of: Mapping[AppliesBy, str]
) -> tuple[PreviewQuestion, ...]:
    """The questions of one domain that a return asks; positions count from 1, and see `is_asked` for `of`.

    Raises:
        IndexError: there is no such domain.
    """
    ranks = {level.code: level.rank for level in template.scale.levels}
    return tuple(
        PreviewQuestion(
            indicator_id=number,
            code=it.code,
            title=it.title,
            question=it.question or NOT_WRITTEN,
            why=it.why or NOT_WRITTEN,
            look_for=it.look_for or NOT_WRITTEN,
            example=it.example,
            rated=it.rated,
            is_narrative=template.is_in_words(it),
            guidance={ranks[code]: words for code, words in it.guidance.items()},
        )
        for number, it in enumerate(whole(template).domains[position - 1].indicators, 1)
        if is_asked(it.applies, of)
    )
