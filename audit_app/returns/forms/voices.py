"""The forms of a voice: what is recorded of it, and what was fed back."""

from audit_app.core.forms import (
    ChoiceField,
    DayField,
    OptionalAnswer,
    PageForm,
    TextField,
    VersionField,
    WordsField,
    at_most,
    needed,
)
from audit_app.returns.rules import (
    CONSENT_WORDS,
    CONTACT_WORDS,
    VOICE_OF_WORDS,
    VOICE_TEXT_AT_MOST,
    WHO_AT_MOST,
    WORDS_KIND_WORDS,
    WORDS_USE_WORDS,
    Consent,
    Contact,
    VoiceOf,
    VoiceTold,
    WordsKind,
    WordsUse,
)

NOT_YET = "not_yet"


class VoiceForm(PageForm):
    """A voice. `version` is of the one that the page showed."""

    whose = ChoiceField(
        "Whose voice is it?",
        [(one.value, words) for one, words in VOICE_OF_WORDS.items()],
        [needed("Choose whose voice this is.")],
    )
    contact = ChoiceField(
        "Is it safe to contact them?",
        [(one.value, words) for one, words in CONTACT_WORDS.items()],
        [needed("Choose whether contact is safe.")],
        description="Think of who else may see a letter or hear a call, and of any case before a court.",
    )
    decided_by = TextField(
        "Who decided that?",
        [needed("Say who decided whether contact is safe, by their role."), at_most(WHO_AT_MOST, "Who decided")],
        description="Their role, not their name. For example, the child's social worker.",
    )
    asked_by = TextField(
        "Who asks them?",
        [OptionalAnswer(), at_most(WHO_AT_MOST, "Who asks")],
        description="Someone the family knows, by their role. Not you as the one who audits.",
    )
    information = WordsField(
        "What were they told before they answered?",
        [OptionalAnswer(), at_most(VOICE_TEXT_AT_MOST, "What they were told")],
        description="For example, the leaflet for families, and that they can change their mind at any time.",
    )
    aid = TextField(
        "Was there an interpreter or a communication aid?",
        [OptionalAnswer(), at_most(WHO_AT_MOST, "The interpreter or aid")],
        description="Leave empty if none was needed.",
    )
    consent = ChoiceField(
        "What did they answer?",
        [*((one.value, words) for one, words in CONSENT_WORDS.items()), (NOT_YET, "Not asked yet, or no answer yet")],
        [OptionalAnswer()],
        default=NOT_YET,
    )
    said_on = DayField("When did they say it?", [OptionalAnswer()], what="The day on which they said it")
    kind = ChoiceField(
        "What do you write down?",
        [(one.value, words) for one, words in WORDS_KIND_WORDS.items()],
        [OptionalAnswer()],
    )
    words = WordsField(
        "What did they say about the help?",
        [OptionalAnswer(), at_most(VOICE_TEXT_AT_MOST, "What they said")],
        description="Only if they agreed. Write no names.",
    )
    use = ChoiceField(
        "How may their words be used?",
        [(one.value, words) for one, words in WORDS_USE_WORDS.items()],
        [OptionalAnswer()],
        description="As they decided.",
    )
    version = VersionField()

    @property
    def told(self) -> VoiceTold:
        """What was typed and chosen."""
        return VoiceTold(
            whose=VoiceOf(self.whose.data),
            contact=Contact(self.contact.data),
            decided_by=self.decided_by.data or "",
            asked_by=self.asked_by.data or "",
            information=self.information.data or "",
            aid=self.aid.data or "",
            consent=None if self.consent.data in (None, NOT_YET) else Consent(self.consent.data),
            said_on=self.said_on.data,
            kind=WordsKind(self.kind.data) if self.kind.data else None,
            words=self.words.data or "",
            use=WordsUse(self.use.data) if self.use.data else None,
        )


class FedBackForm(PageForm):
    """What somebody who was asked was told of the audit, and when."""

    fed_back = WordsField(
        "What were they told?",
        [needed("Say what they were told."), at_most(VOICE_TEXT_AT_MOST, "What they were told")],
        description="What the audit learned, and what was done with what they said. Write no names.",
    )
    fed_back_on = DayField("When were they told?", [OptionalAnswer()], what="The day on which they were told")
    version = VersionField()
