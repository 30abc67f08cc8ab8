"""What is asked before the first rating: is the child known, for whom is answered, and is the right file open."""

from datetime import datetime
from enum import StrEnum


class Known(StrEnum):
    """The first answer of every return: whether the agency knows the child."""

    KNOWN = "known"
    KNOWN_OUTSIDE = "known_outside"
    FAMILY_KNOWN = "family_known"
    NOT_KNOWN = "not_known"
    DECLINED = "declined"


KNOWN_WORDS = {
    Known.KNOWN: "Yes, in the look-back period",
    Known.KNOWN_OUTSIDE: "Yes, but only outside the look-back period",
    Known.FAMILY_KNOWN: "No, only a parent, brother or sister",
    Known.NOT_KNOWN: "No",
    Known.DECLINED: "We cannot make this return",
}


class ShouldHaveKnown(StrEnum):
    """Whether an agency that did not know a child should have."""

    YES = "yes"
    NO = "no"
    CANNOT_SAY = "cannot_say"


SHOULD_HAVE_KNOWN_WORDS = {
    ShouldHaveKnown.YES: "Yes",
    ShouldHaveKnown.NO: "No",
    ShouldHaveKnown.CANNOT_SAY: "We cannot say",
}


class OwnPart(StrEnum):
    """What part whoever audits had in the child's care or its supervision."""

    NONE = "none"
    SOME = "some"


OWN_PART_WORDS = {
    OwnPart.NONE: "I had no part in this child's care or its supervision",
    OwnPart.SOME: "I had a part in it",
}


def missing_with(known: Known, reason: str, should_have_known: ShouldHaveKnown | None) -> tuple[str, str] | None:
    """What an answer to the first question still needs, as the field and a sentence, or None.

    An agency that does not know the child says whether it should have; that, and declining, want a few words.
    """
    if known is Known.NOT_KNOWN and should_have_known is None:
        return "should_have_known", "Say whether your agency should have known this child."
    if known is Known.NOT_KNOWN and not reason:
        return "reason", "Say where you looked, and why your agency should or should not have known this child."
    if known is Known.DECLINED and not reason:
        return "reason", "Say why your agency cannot make this return."
    return None


def why_not_declare(own_part: OwnPart, words: str) -> tuple[str, str] | None:
    """What a declaration still needs, as the field and a sentence, or None: a part is named."""
    if own_part is OwnPart.SOME and not words:
        return "own_part_words", "Say what your part was, so that the panel can weigh it."
    return None


def seen_confirmed(at: datetime | None) -> str:
    """What a page carries of when the file was confirmed last, so that nobody overwrites what they have not seen."""
    return at.isoformat() if at else ""


def named(agency: str, on_behalf_of: str) -> str:
    """Who answered, in words: an agency, for itself or for a practice or a school. One that wrote its own name answers
    for itself."""
    is_other = on_behalf_of and on_behalf_of.casefold() != agency.casefold()
    return f"{agency}, on behalf of {on_behalf_of}" if is_other else agency
