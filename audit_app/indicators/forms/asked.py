"""The questions about the questions of a draft, and about what was typed in a form that is left behind."""

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
    WordsField,
    YesField,
    as_choices,
    at_most,
    needed,
)
from audit_app.indicators.forms.drafts import DraftForm
from audit_app.indicators.rules import (
    APPLIES_BY_WORDS,
    AT_LEAST_ONE,
    RATED_WORDS,
    TITLE_AT_MOST,
    WORDS_AT_MOST,
    AppliesBy,
    Level,
    Rated,
    Scale,
    TemplateIndicator,
    applies_by_words,
    level_alone,
    why_not_levels,
)

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
    return f"What does “{level_alone(level.letter, level.words)}” look like?"


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
