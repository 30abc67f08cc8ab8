"""The questions about a draft as a whole, and about its domains."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms.fields import Field, HiddenField

from audit_app.core.forms import (
    ChoiceField,
    Choices,
    PageForm,
    SeveralField,
    TextField,
    VersionField,
    WholeNumberField,
    WordsField,
    answers_that_differ,
    as_choices,
    at_most,
    needed,
)
from audit_app.indicators.rules import (
    MINUTES_AT_MOST,
    NAME_AT_MOST,
    WORDS_AT_MOST,
    Requirement,
    Scale,
    level_alone,
)

NOT_ASKED = {"csrf_token", "edition", "scale_seen"}


class CopyForm(PageForm):
    title = TextField(
        "What is your copy called?",
        [needed("Enter a title."), at_most(NAME_AT_MOST, "The title")],
        description="Only your partnership sees it. For example, “Core 16 with brothers and sisters”.",
    )


class DraftForm(PageForm):
    """Something of a draft that is saved by itself. `edition` is the save that the person saw."""

    edition = VersionField()

    def questions(self) -> Sequence[Field]:
        return [one for one in self if one.name not in NOT_ASKED]

    def differences(self, stored: "DraftForm") -> list[tuple[str, str, str]]:
        """Where what is typed differs from what is stored: the question, what is stored, what is typed."""
        return answers_that_differ(self.questions(), stored.questions())


class DescriptionForm(DraftForm):
    """The words of a template itself, and its scale."""

    title = TextField("Title", [needed("Enter a title."), at_most(NAME_AT_MOST, "The title")])
    description = WordsField(
        "Description",
        [at_most(WORDS_AT_MOST, "The description")],
        description="Whom it is for and what it asks, in a sentence or two, for whoever chooses one for a round.",
    )
    minutes_per_child = WholeNumberField(
        "How long does one child take?",
        [needed(f"Enter the minutes that one child takes: 1 to {MINUTES_AT_MOST}.")],
        sentence="Enter the minutes as a whole number, such as 60.",
        render_kw={"width": 3, "suffix": "minutes", "inputmode": "numeric"},
    )
    scale = ChoiceField(
        "Scale",
        [],
        [needed("Choose a scale.")],
        description="With another scale, every question needs words for other levels. The words for the levels of this "
        "one are kept until you publish: change back, and they are there again.",
    )

    def __init__(self, scales: Mapping[str, Scale], **more: Any) -> None:
        super().__init__(**more)
        self.scale.choices = as_choices([(code, scale.title) for code, scale in scales.items()])
        self.hints = {
            code: ", ".join(level_alone(level.letter, level.words) for level in scale.as_read)
            or "Nothing is graded: every answer is a text."
            for code, scale in scales.items()
        }


class RecordedForm(DraftForm):
    """Which case attributes are recorded about each child, by their codes. `known` are those of the library."""

    attributes = SeveralField("What is recorded about each child?", [])

    def __init__(self, known: Mapping[str, Requirement], **more: Any) -> None:
        super().__init__(**more)
        self.known = known
        self.attributes.choices = as_choices([(code, one.title) for code, one in known.items()])

    @property
    def groups(self) -> Mapping[str, Sequence[Mapping[str, object]]]:
        """The boxes under the headings of the library, as the page draws them."""
        ticked, groups = set(self.attributes.data or ()), dict[str, list[Mapping[str, object]]]()
        for code, one in self.known.items():
            box = {"value": code, "text": one.title, "hint": one.words, "checked": code in ticked}
            groups.setdefault(one.group, []).append(box)
        return groups

    def differences(self, stored: DraftForm) -> list[tuple[str, str, str]]:
        """The attributes that one of the two records: what it is called, what is stored, what is ticked."""
        said, ticked = ("Not recorded", "Recorded"), set(self.attributes.data or ())
        kept = set(stored["attributes"].data or ())
        return [
            (one.title, said[code in kept], said[code in ticked])
            for code, one in self.known.items()
            if (code in kept) != (code in ticked)
        ]


class DomainForm(DraftForm):
    title = TextField(
        "Title of the domain",
        [needed("Enter a title."), at_most(NAME_AT_MOST, "The title")],
        description="Each domain is one page of a return. Four to eight questions on a page are usual.",
    )


class RemoveDomainForm(PageForm):
    move_to = ChoiceField("Which domain takes its questions?", [])

    def __init__(self, others: Choices, **more: Any) -> None:
        super().__init__(**more)
        self.move_to.choices = as_choices(others)

    @property
    def chosen_id(self) -> int | None:
        """The domain that was chosen, if any."""
        return int(self.move_to.data) if self.move_to.data else None


class PublishForm(PageForm):
    """The draft as it was checked, and what has changed in it."""

    mark = HiddenField()
    note = WordsField(
        "What has changed since the version before?",
        [at_most(WORDS_AT_MOST, "The note")],
        description="Everybody who looks at the template reads it. Say what, and why.",
    )


class ConfirmForm(PageForm):
    """Nothing to fill in."""
