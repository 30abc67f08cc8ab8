"""Who sees what of a case: one function. Its table is printed in `docs/visibility.md` and joined into queries."""

from collections.abc import Iterable
from enum import IntEnum, StrEnum


class CasePart(StrEnum):
    """The part that someone has in one case."""

    COORDINATOR = "coordinator"
    AUDITOR = "auditor of an agency asked about the case"
    PANEL = "chair, note-taker or member of the case's panel"
    SCRUTINEER = "independent scrutineer"
    PRACTITIONER = "practitioner or manager named on the return"
    KEY_HOLDER = "key holder"
    AGENCY_LEAD = "agency lead"
    BOARD_MEMBER = "board member"
    ADMINISTRATOR = "administrator"


class Thing(StrEnum):
    """What there is to see of a case."""

    CASE = "the case: reference, plan, age band, area"
    IDENTITY_SHEET = "the identity sheet"
    OWN_RETURN = "the return of the viewer's own agency"
    PACK = "what other agencies wrote: evidence, chronology, voices, without what they chose"
    OTHER_RETURN = "the returns of other agencies, with what they chose"
    NAMED_RETURN = "the return about the viewer's own work, where they are named on it"
    AGREED_RATINGS = "the agreed ratings"
    CONCERN = "an immediate concern"
    CASE_ACTION = "an action about the child"
    FEEDBACK = "feedback to practitioners: case, when it is due, what was said"
    PANEL_FEEDBACK = "the panel's feedback and question to an agency, and its answer"
    COUNTS = "counts and findings of the round"


class Stage(IntEnum):
    """How far a case is, for seeing. Later stages include what earlier ones showed."""

    SAMPLED = 0
    WITH_AGENCIES = 1
    HANDED_OVER = 2  # the return in question was submitted
    RELEASED = 3
    SHOWN = 4  # the chair showed the ratings of the item in question
    AGREED = 5
    PUBLISHED = 6


STAGE_WORDS = {
    Stage.SAMPLED: "sampled",
    Stage.WITH_AGENCIES: "with agencies",
    Stage.HANDED_OVER: "return submitted",
    Stage.RELEASED: "released to the panel",
    Stage.SHOWN: "ratings shown",
    Stage.AGREED: "agreed",
    Stage.PUBLISHED: "round published",
}

BLIND = frozenset({CasePart.AUDITOR, CasePart.PANEL})
"""Whoever audits or scores a case sees what others judged only so, whatever else they are."""

JUDGED = {
    Thing.PACK: Stage.RELEASED,
    Thing.OTHER_RETURN: Stage.SHOWN,
    Thing.NAMED_RETURN: Stage.SHOWN,
    Thing.AGREED_RATINGS: Stage.RELEASED,
    Thing.PANEL_FEEDBACK: Stage.RELEASED,
    Thing.COUNTS: Stage.RELEASED,
}
"""What others judged, and the stage until which the strictest part wins over it. The rest (that there is a case, a
concern about the child, what is to be done for it) nobody must be kept blind to."""

SEEN_FROM: dict[Thing, dict[CasePart, Stage]] = {
    Thing.CASE: {
        CasePart.COORDINATOR: Stage.SAMPLED,
        CasePart.SCRUTINEER: Stage.SAMPLED,
        CasePart.KEY_HOLDER: Stage.SAMPLED,
        CasePart.AUDITOR: Stage.WITH_AGENCIES,
        CasePart.PANEL: Stage.RELEASED,
    },
    Thing.IDENTITY_SHEET: {CasePart.KEY_HOLDER: Stage.SAMPLED, CasePart.AUDITOR: Stage.WITH_AGENCIES},
    Thing.OWN_RETURN: {CasePart.AUDITOR: Stage.WITH_AGENCIES},
    Thing.PACK: {
        CasePart.COORDINATOR: Stage.HANDED_OVER,
        CasePart.SCRUTINEER: Stage.HANDED_OVER,
        CasePart.PANEL: Stage.RELEASED,
        CasePart.AUDITOR: Stage.AGREED,  # and only if the round says so
    },
    Thing.OTHER_RETURN: {
        CasePart.COORDINATOR: Stage.HANDED_OVER,
        CasePart.SCRUTINEER: Stage.HANDED_OVER,
        CasePart.PANEL: Stage.SHOWN,
        CasePart.AUDITOR: Stage.AGREED,  # and only if the round says so
    },
    Thing.NAMED_RETURN: {CasePart.PRACTITIONER: Stage.HANDED_OVER},
    Thing.AGREED_RATINGS: {
        CasePart.COORDINATOR: Stage.RELEASED,
        CasePart.SCRUTINEER: Stage.RELEASED,
        CasePart.PANEL: Stage.RELEASED,
        CasePart.AUDITOR: Stage.AGREED,
    },
    Thing.CONCERN: {
        CasePart.COORDINATOR: Stage.SAMPLED,
        CasePart.SCRUTINEER: Stage.SAMPLED,
        CasePart.AUDITOR: Stage.WITH_AGENCIES,
        CasePart.PANEL: Stage.RELEASED,
    },
    Thing.CASE_ACTION: {
        CasePart.COORDINATOR: Stage.RELEASED,
        CasePart.SCRUTINEER: Stage.RELEASED,
        CasePart.PANEL: Stage.RELEASED,
        CasePart.AUDITOR: Stage.RELEASED,  # at once: something is to be done for the child
        CasePart.AGENCY_LEAD: Stage.RELEASED,  # of an agency asked about the case
    },
    Thing.FEEDBACK: {
        CasePart.COORDINATOR: Stage.AGREED,
        CasePart.SCRUTINEER: Stage.AGREED,
        CasePart.AUDITOR: Stage.AGREED,  # of their own agency
        CasePart.AGENCY_LEAD: Stage.AGREED,  # of their own agency
    },
    Thing.PANEL_FEEDBACK: {
        CasePart.COORDINATOR: Stage.RELEASED,
        CasePart.SCRUTINEER: Stage.RELEASED,
        CasePart.PANEL: Stage.RELEASED,
        CasePart.AUDITOR: Stage.AGREED,  # to their own agency
        CasePart.AGENCY_LEAD: Stage.AGREED,  # to their own agency
    },
    Thing.COUNTS: {
        CasePart.COORDINATOR: Stage.AGREED,
        CasePart.SCRUTINEER: Stage.AGREED,
        CasePart.BOARD_MEMBER: Stage.PUBLISHED,
        CasePart.AGENCY_LEAD: Stage.PUBLISHED,
    },
}
"""From which stage a part sees a thing. A part that is not named never does."""

OF_OWN_AGENCY = {Thing.PANEL_FEEDBACK: frozenset({CasePart.AUDITOR, CasePart.AGENCY_LEAD})}
"""Parts that see a thing of their own agency and of no other."""


def visible(parts: Iterable[CasePart], thing: Thing, stage: Stage) -> bool:
    """Whether someone with these parts in a case may see a thing of it at this stage.

    Until then (`JUDGED`) the strictest part wins over what others judged: a coordinator who audits a case for an agency
    sees the other returns as its auditor. After it every part counts. An auditor's sight of others' returns also needs
    the round's setting.
    """
    held = set(parts)
    if thing in JUDGED and stage < JUDGED[thing] and not held.isdisjoint(BLIND):
        held &= BLIND
    seen_from = SEEN_FROM[thing]
    return any(part in seen_from and stage >= seen_from[part] for part in held)


def as_markdown() -> str:
    """The whole table, for `docs/visibility.md`."""
    lines = [
        "# Who sees what of a case, and from when",
        "",
        "Generated from `audit_app/cases/rules/visibility.py` by `make docs`.",
        "",
        "Until a case is released to its panel the strictest part wins: whoever audits it, or sits on its panel, sees",
        "what others judged (returns, agreed ratings, counts) only so, whatever else they are. What other agencies",
        "chose stays hidden from them until the chair shows the ratings of that item; pages that show a whole return",
        "wait until the case is agreed. Where the panel meets on paper, or the round shows ratings in the pack, the",
        "release shows them. Nobody is kept from a concern about a child by another part that they have. An empty",
        "place means never. A member's own rating in the room is seen by nobody else until the chair shows the",
        "ratings.",
        "",
        "| what | " + " | ".join(part.value for part in CasePart) + " |",
        "|---|" + "---|" * len(CasePart),
    ]
    for thing in Thing:
        stages = [SEEN_FROM[thing].get(part) for part in CasePart]
        lines.append(
            f"| {thing.value} | " + " | ".join("" if stage is None else STAGE_WORDS[stage] for stage in stages) + " |"
        )
    lines += [
        "",
        "Auditors see other agencies' returns only where the round says so. They see the identity sheet only once it",
        "was released to their agency, and each look is recorded. Counts are of rounds being reported or published.",
        "Whoever raised a concern reads it, and so do the safeguarding contact and deputy of the agency for which",
        "it was raised and of the agency holding the case, and a delegated partner to whom it was passed on.",
        "While it is open those contacts, deputies and coordinators may open the child's identity sheet for it, each",
        "look recorded (`docs/adr/0019-who-opens-an-identity-for-a-concern.md`). What was passed on by another route",
        "is seen by whoever recorded it and by coordinators. Practitioners read the one return that they are named on,",
        "where the round opens returns to them, and nothing else of its case. Feedback is seen by auditors and leads",
        "of the agency that owes it. An action about one child is seen by the auditors and leads of every agency asked",
        "about the case, since whoever works with the family must know; a board reads how many there are, and no more.",
        "What the panel says to an agency is read by that agency alone, and by those who",
        "run, check or sit on the panel.",
        "",
        "While a round is moderated, the chairs of its panels and the one other whom the coordinator named read what",
        "was agreed on all its cases, with what agencies said of each item; after that only what was agreed. While its",
        "facts are checked, the auditors and leads of an agency read what was agreed on the cases that it was asked",
        "about, but never on another agency's own work. What an agency asked to correct, and what was done, is read by",
        "it, by the chair of the case's panel, and by those who run or check the round.",
        "",
        "What was submitted and sent back is kept as a version. Its own agency reads it, with the comments; so does",
        "whoever checks the round, from that submission on; so does the panel, from release on, beside the return that",
        "it judges. No other agency ever does. What an agency changed and did not submit yet is read by it alone.",
        "",
    ]
    return "\n".join(lines)
