"""The first questions of a return: is the child known, for whom is answered, is the right file open."""

from typing import Any

from wtforms import HiddenField

from audit_app.accounts.rules import Role, Terms
from audit_app.core.forms import (
    ChoiceField,
    OptionalAnswer,
    PageForm,
    TextField,
    WordsField,
    YesField,
    at_most,
    needed,
)
from audit_app.returns.rules import (
    KNOWN_WORDS,
    OWN_PART_WORDS,
    SHOULD_HAVE_KNOWN_WORDS,
    TEXT_AT_MOST,
    Known,
    ShouldHaveKnown,
)


class KnownForm(PageForm):
    """Whether the agency knows the child. `seen` is the state of the return that the page showed."""

    known = ChoiceField(
        "Does your agency know this child?",
        [(known.value, words) for known, words in KNOWN_WORDS.items()],
        [needed("Choose whether your agency knows this child.")],
    )
    should_have_known = ChoiceField(
        "Should your agency have known this child?",
        [(answer.value, words) for answer, words in SHOULD_HAVE_KNOWN_WORDS.items()],
        [OptionalAnswer()],
        description="For instance because a health visitor is offered to every child under five.",
    )
    reason = WordsField(
        "",
        [OptionalAnswer(), at_most(TEXT_AT_MOST, "This text")],
        description="Where you looked and why you answer so. Write no names.",
    )
    on_behalf_of = TextField(
        "Do you answer for another organisation?",
        [OptionalAnswer(), at_most(200, "The organisation")],
        description="The name of the general practice, school or nursery for which you answer. "
        "Leave this empty if you answer for your own agency. Never write a child's name here.",
    )
    seen = HiddenField()

    def __init__(self, terms: Terms, **more: Any) -> None:
        super().__init__(**more)
        self.reason.label.text = f"What should the {terms.said(Role.COORDINATOR)} know?"

    def should_have_known_said(self) -> ShouldHaveKnown | None:
        """Whether they should have known a child whom they do not know; nothing with any other answer."""
        said = self.should_have_known.data
        return ShouldHaveKnown(said) if said and self.known.data == Known.NOT_KNOWN else None


class RightFileForm(PageForm):
    """That the right file is open, and what part the auditor had. `seen` says when it was confirmed last."""

    is_right = YesField(
        "The file I have open is this child's: I compared it with the identity sheet",
        [needed("Tick the box when you have compared the file with the identity sheet.")],
    )
    file_number = TextField(
        "Your agency's own file number",
        [OptionalAnswer(), at_most(100, "The file number")],
    )
    own_part = ChoiceField(
        "Did you have a part in this child's care?",
        [(part.value, words) for part, words in OWN_PART_WORDS.items()],
        [needed("Say whether you had a part in this child's care or its supervision.")],
        description="Whoever worked with the family, or supervised someone who did, may still make this return. "
        "It must be known, so that it can be weighed.",
    )
    own_part_words = WordsField(
        "What was your part?",
        [OptionalAnswer(), at_most(2000, "Your part")],
        description="Such as: I supervised the social worker until May. Write no names.",
    )
    seen = HiddenField()

    def __init__(self, terms: Terms, *, has_number: bool, **more: Any) -> None:
        super().__init__(**more)
        kept = "One is noted already: you see it with the identity sheet. Another takes its place. "
        self.file_number.description = (
            f"So that you find the file again. {kept if has_number else ''}It is kept encrypted with the identity "
            f"sheet: only your agency's {terms.several(Role.AUDITOR)} and the {terms.said(Role.KEY_HOLDER)} see it. "
            "You may leave this empty."
        )
