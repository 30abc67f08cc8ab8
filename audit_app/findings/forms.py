"""The questions about findings: what was found, why one is removed, and the check before publishing."""

from collections.abc import Sequence
from typing import Any

from wtforms.fields import HiddenField

from audit_app.core.forms import (
    ChoiceField,
    Choices,
    PageForm,
    SeveralField,
    TextField,
    VersionField,
    WordsField,
    as_choices,
    at_most,
    needed,
)
from audit_app.findings.rules import FINDING_KIND_WORDS, TITLE_AT_MOST, WORDS_AT_MOST, FindingKind


class FindingForm(PageForm):
    """A finding. Its indicators are offered in the order of the template."""

    kind = ChoiceField(
        "What kind of finding is it?",
        [(kind.value, words) for kind, words in FINDING_KIND_WORDS.items()],
        [needed("Choose whether this is a strength or an area for development.")],
    )
    title = TextField(
        "What did you find, in a line?",
        [needed("Enter a title."), at_most(TITLE_AT_MOST, "The title")],
        description="The board reads this first. For example, “Fathers and other men were seldom assessed”.",
    )
    words = WordsField(
        "What was found?",
        [needed("Say what was found."), at_most(WORDS_AT_MOST, "The finding")],
        description="In how many cases, what agencies did, and what it meant for children. Name no child, and nothing "
        "by which a reader could tell which child it was.",
    )
    indicator_ids = SeveralField(
        "Which indicators does it rest on?",
        [],
        [needed("Choose at least one indicator that the finding rests on.")],
        description="Their counts are shown with the finding.",
    )
    version = VersionField()

    def __init__(self, indicators: Choices, **more: Any) -> None:
        super().__init__(**more)
        self.indicator_ids.choices = as_choices(indicators)

    @property
    def chosen_kind(self) -> FindingKind:
        """The kind that was chosen, once the form is valid."""
        return FindingKind(self.kind.data)

    @property
    def chosen_ids(self) -> Sequence[int]:
        """The indicators that were chosen, as ids, once the form is valid."""
        return [int(value) for value in self.indicator_ids.data]

    def differences(
        self, kind: FindingKind, title: str, words: str, indicator_ids: Sequence[int]
    ) -> list[tuple[str, str, str]]:
        """Where what is typed differs from what is stored: the question, what is stored, what is typed."""
        chosen = set(self.indicator_ids.data or ())
        named = [(choice.value, choice.label) for choice in self.indicator_ids.choices]
        pairs = (
            (self.kind, FINDING_KIND_WORDS[kind], FINDING_KIND_WORDS[self.chosen_kind]),
            (self.title, title, self.title.data),
            (self.words, _plain(words), self.words.data),
            (
                self.indicator_ids,
                ", ".join(label for value, label in named if int(value) in indicator_ids),
                ", ".join(label for value, label in named if value in chosen),
            ),
        )
        return [(field.label.text, stored, typed) for field, stored, typed in pairs if stored != typed]


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


class RemoveForm(PageForm):
    reason = WordsField(
        "Why is this finding removed?",
        [needed("Say why the finding is removed."), at_most(1000, "The reason")],
        description="The reason stays in the history of the round.",
    )


class PublishForm(PageForm):
    """Nothing to fill in: the findings as they were when they were checked."""

    edition = HiddenField()
