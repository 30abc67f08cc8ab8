"""The questions about a partnership's own templates, a form for each of their pages."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from wtforms.fields import Field, HiddenField

from audit_app.accounts.rules import Role, Terms
from audit_app.core.forms import (
    ChoiceField,
    Choices,
    PageForm,
    SelectField,
    SeveralField,
    TextField,
    VersionField,
    WholeNumberField,
    WordsField,
    YesField,
    answers_that_differ,
    as_choices,
    at_most,
    needed,
)
from audit_app.indicators.rules import (
    APPLIES_BY_WORDS,
    AT_LEAST_ONE,
    MINUTES_AT_MOST,
    NAME_AT_MOST,
    RATED_WORDS,
    TITLE_AT_MOST,
    WORDS_AT_MOST,
    AppliesBy,
    Level,
    Rated,
    Requirement,
    Scale,
    TemplateIndicator,
    applies_by_words,
    why_not_levels,
)

NOT_ASKED = {"csrf_token", "edition", "scale_seen"}
WRITTEN = {
    "title": "Title",
    "description": "Description",
    "question": "Question",
    "why": "Why we ask",
    "look_for": "What to look for",
    "example": "How evidence might read",
    "note": "What has changed",
}
"""What people write about a template, by the names of the fields: to give it back where no form is left for it."""


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
            code: ", ".join(level.words for level in scale.as_read) or "Nothing is graded: every answer is a text."
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


class AddForm(PageForm):
    code = SelectField("Question of the library", [], [needed("Choose an indicator of the library.")])

    def __init__(self, offered: Choices, **more: Any) -> None:
        super().__init__(**more)
        self.code.choices = as_choices([("", "Choose a question"), *offered])


class WriteForm(PageForm):
    title = TextField(
        "Title of the new question",
        [needed("Enter a title."), at_most(TITLE_AT_MOST, "The title")],
        description=f"At most {TITLE_AT_MOST} characters: it stands beside the bars of charts. "
        "You write the question itself on the next page.",
    )


class MoveForm(PageForm):
    domain_id = ChoiceField("To which domain?", [], [needed("Choose a domain.")])

    def __init__(self, domains: Choices, **more: Any) -> None:
        super().__init__(**more)
        self.domain_id.choices = as_choices(domains)


class IndicatorForm(DraftForm):
    """An indicator of a draft. `indicator_form` adds a question for each level of the template's scale.

    `scale` is that scale, `scale_seen` the code of the one about whose levels the page asked that was sent.
    """

    scale: ClassVar[Scale]

    title = TextField(
        "Title",
        [needed("Enter a title."), at_most(TITLE_AT_MOST, "The title")],
        description=f"At most {TITLE_AT_MOST} characters. It stands beside the bars of charts.",
    )
    question = WordsField("Question", [at_most(WORDS_AT_MOST, "The question")])
    why = WordsField("Why we ask", [at_most(WORDS_AT_MOST, "This text")], description="What it means for the child.")
    look_for = WordsField(
        "What to look for",
        [at_most(WORDS_AT_MOST, "This text")],
    )
    example = WordsField(
        "How evidence might read",
        [at_most(WORDS_AT_MOST, "The example")],
    )
    rated = ChoiceField(
        "What is rated?",
        [(rated.value, words) for rated, words in RATED_WORDS.items()],
        [needed("Choose what is rated.")],
        description="Where agencies rate their own work, the panel agrees a rating for each of them.",
    )
    is_narrative = YesField(
        "Answered in words only",
        description="There is no level to choose, and nothing is counted: for what no level could say.",
    )
    is_panel = YesField(
        "The panel always discusses it",
        description="At most eight questions of a template: a panel has an hour a child.",
    )
    agency_kind = SeveralField("Which agencies answer it?", (), [needed(AT_LEAST_ONE[AppliesBy.AGENCY_KIND])])
    plan_status = SeveralField("For children on which plans?", (), [needed(AT_LEAST_ONE[AppliesBy.PLAN_STATUS])])
    age_band = SeveralField("For children of which age?", (), [needed(AT_LEAST_ONE[AppliesBy.AGE_BAND])])
    scale_seen = HiddenField()

    def __init__(self, terms: Terms, **more: Any) -> None:
        super().__init__(**more)
        auditor = terms.said(Role.AUDITOR)
        self.question.description = f"What the {auditor} answers."
        self.look_for.description = f"Where in the file the {auditor} finds it, and what shows that it was done."
        self.example.description = f"A sentence or two that a good {auditor} might write. Made up: no child's name."
        for by, words in applies_by_words(terms).items():
            self[by.value].choices = as_choices([*words.items()])

    @property
    def is_of_another_scale(self) -> bool:
        """Whether the page that was sent asked about the levels of another scale than the template has by now."""
        return bool(self.scale_seen.data != self.scale.code)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all answers can be kept. Words for the levels of another scale never can."""
        is_valid = bool(super().validate(extra_validators))
        reason = why_not_levels((), seen=self.scale_seen.data or "", scale=self.scale)
        self.form_errors = [reason] if reason else []
        return is_valid and reason is None

    @property
    def levels(self) -> Sequence[Field]:
        """The questions about the levels, in the order in which people read the scale."""
        return [one for one in self if one.name.startswith("level_")]

    def wanted(self, code: str) -> TemplateIndicator:
        """What was answered, as the deed takes it."""
        return TemplateIndicator(
            code=code,
            title=self.title.data,
            question=self.question.data or "",
            why=self.why.data or "",
            look_for=self.look_for.data or "",
            example=self.example.data or "",
            rated=Rated(self.rated.data),
            is_panel=self.is_panel.data,
            is_narrative=self.is_narrative.data,
            guidance={one.name.removeprefix("level_"): one.data or "" for one in self.levels},
            applies={by: frozenset(self[by.value].data or ()) for by in AppliesBy},
        )


def indicator_form(scale: Scale) -> type[IndicatorForm]:
    """The form of an indicator in a template with this scale."""

    class FormOfThisScale(IndicatorForm):
        pass

    FormOfThisScale.scale = scale
    for level in scale.as_read:
        asked = WordsField(
            level_question(level),
            [at_most(WORDS_AT_MOST, "This text")],
            description=f"Left empty, it says: {level.means}" if level.means else "",
        )
        setattr(FormOfThisScale, f"level_{level.code}", asked)
    return FormOfThisScale


def level_question(level: Level) -> str:
    """What the page asks about a level."""
    return f"What does “{level.words}” look like?"


def typed_for_other_levels(
    sent: Mapping[str, str], scale: Scale, scales: Iterable[Scale]
) -> Mapping[str, tuple[str, str]]:
    """What was typed for levels that a scale does not have: its question and the text, by the name of the field."""
    names = {level.code for level in scale.levels}
    fields = {f"level_{one.code}": one for other in scales for one in other.as_read if one.code not in names}
    return {name: (level_question(one), sent[name]) for name, one in fields.items() if sent.get(name, "").strip()}


def written_texts(sent: Mapping[str, str], scales: Iterable[Scale]) -> list[tuple[str, str]]:
    """Every text that a person wrote in a form of these pages, with its question."""
    names = WRITTEN | {f"level_{one.code}": level_question(one) for scale in scales for one in scale.as_read}
    return [(asked, sent[name]) for name, asked in names.items() if sent.get(name, "").strip()]


def as_answers(indicator: TemplateIndicator, *, edition: int, scale: Scale) -> dict[str, Any]:
    """An indicator as the answers with which its form begins. What it is not limited by is ticked whole."""
    answers = {name: getattr(indicator, name) for name in ("title", "question", "why", "look_for", "example")}
    answers |= {"rated": indicator.rated.value}
    answers |= {"is_panel": indicator.is_panel, "is_narrative": indicator.is_narrative}
    answers |= {"edition": edition, "scale_seen": scale.code}
    answers |= {by.value: sorted(indicator.applies.get(by, APPLIES_BY_WORDS[by])) for by in AppliesBy}
    return answers | {f"level_{level.code}": indicator.guidance.get(level.code, "") for level in scale.levels}


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
