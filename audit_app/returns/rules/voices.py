"""Voices: what somebody said about the help, asked for by consent, and what may be done with their words."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

VOICES_AT_MOST = 30
"""Voices of one return: a child, their parents and carers, and those who work with them."""
VOICE_TEXT_AT_MOST = 4_000
WHO_AT_MOST = 200


def voices_address(reference: str, agency_id: int) -> str:
    """Where the pages of a return's voices begin, after the partnership's own part: what is typed there is kept so."""
    return f"/cases/{reference}/return/{agency_id}/voices"


class VoiceOf(StrEnum):
    """Whose voice it is."""

    CHILD = "child"
    PARENT = "parent"
    PRACTITIONER = "practitioner"


class Contact(StrEnum):
    """Whether it is safe to contact somebody for their voice."""

    SAFE = "safe"
    NOT_SAFE = "not_safe"


class Consent(StrEnum):
    """What somebody answered who was asked to take part."""

    AGREED = "agreed"
    DECLINED = "declined"


class WordsKind(StrEnum):
    """Whether words are those that were said."""

    QUOTE = "quote"
    SUMMARY = "summary"


class WordsUse(StrEnum):
    """How far words may go, as the person who said them decided."""

    AUDIT = "audit"
    PARTNERSHIP = "partnership"
    OUTSIDE = "outside"


VOICE_OF_WORDS = {
    VoiceOf.CHILD: "The child",
    VoiceOf.PARENT: "A parent or carer",
    VoiceOf.PRACTITIONER: "The practitioner",
}
CONTACT_WORDS = {Contact.SAFE: "Yes, it is safe", Contact.NOT_SAFE: "No, it is not safe"}
CONSENT_WORDS = {Consent.AGREED: "Agreed to take part", Consent.DECLINED: "Declined"}
WORDS_KIND_WORDS = {WordsKind.QUOTE: "A quote, in their own words", WordsKind.SUMMARY: "A summary"}
WORDS_USE_WORDS = {
    WordsUse.AUDIT: "Not beyond this audit",
    WordsUse.PARTNERSHIP: "Inside the partnership",
    WordsUse.OUTSIDE: "Outside the partnership too",
}
LEAVES_THE_AUDIT = frozenset({WordsUse.PARTNERSHIP, WordsUse.OUTSIDE})
"""Words that may stand in a workbook of the round."""


@dataclass(frozen=True)
class VoiceTold:
    """What is recorded of a voice. Without a safe contact nobody was asked; without agreement there are no words."""

    whose: VoiceOf
    contact: Contact
    decided_by: str
    asked_by: str = ""
    information: str = ""
    aid: str = ""
    consent: Consent | None = None
    said_on: date | None = None
    kind: WordsKind | None = None
    words: str = ""
    use: WordsUse | None = None


def tidied_voice(told: VoiceTold) -> VoiceTold:
    """A voice as it is kept: words only of who agreed, nothing of a conversation that was not safe to have."""
    if told.contact is Contact.NOT_SAFE:
        return VoiceTold(told.whose, told.contact, told.decided_by)
    if told.consent is not Consent.AGREED:
        without = {"said_on": None, "kind": None, "words": "", "use": None}
        return VoiceTold(**{**vars(told), **without})
    if not told.words:
        return VoiceTold(**{**vars(told), "kind": None, "use": None})
    return told


def why_not_voice(told: VoiceTold, *, today: date) -> tuple[str, str] | None:
    """The field and the reason why a voice cannot be recorded so, or None. Words that nobody may record are said so,
    rather than dropped: they were typed."""
    if not told.decided_by:
        return "decided_by", "Say who decided whether contact is safe, by their role."
    if told.contact is Contact.NOT_SAFE:
        if told.words or told.consent:
            return "contact", "Where contact is not safe nobody is asked, and no words can be recorded."
        return None
    if not told.asked_by:
        return "asked_by", "Say who asks, by their role: someone the family knows."
    if told.words and told.consent is not Consent.AGREED:
        return "consent", "Words can only be recorded of someone who agreed to take part."
    if told.words and told.kind is None:
        return "kind", "Choose whether these are their own words or a summary."
    if told.words and told.use is None:
        return "use", "Choose how these words may be used, as the person decided."
    if told.said_on and told.said_on > today:
        return "said_on", "The day on which it was said cannot be in the future."
    return None


def why_not_more_voices(there: int) -> str | None:
    """The reason no further voice can be added to a return, or None."""
    return f"A return holds at most {VOICES_AT_MOST} voices." if there >= VOICES_AT_MOST else None


def why_not_withdraw_voice(*, is_withdrawn: bool) -> str | None:
    """The reason a voice cannot be withdrawn, or None. It can in any state of its return, case and round."""
    return "This voice was withdrawn already, and its words were destroyed." if is_withdrawn else None


def why_not_feed_back(
    contact: Contact, fed_back: str, day: date | None, *, is_withdrawn: bool, today: date
) -> str | None:
    """The reason it cannot be recorded what somebody was told of the audit, or None. In every state it can."""
    if is_withdrawn:
        return "This voice was withdrawn: nothing more is recorded about it."
    if contact is Contact.NOT_SAFE:
        return "It was not safe to contact this person, so there is nothing to feed back."
    if not fed_back or day is None:
        return "Say what they were told, and when."
    return "The day on which they were told cannot be in the future." if day > today else None
