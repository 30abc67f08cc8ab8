"""The questions about a partnership's own templates, a form for each of their pages."""

from collections.abc import Mapping, Sequence
from typing import Any

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
    MINUTES_AT_MOST,
    NAME_AT_MOST,
    RATED_WORDS,
    TITLE_AT_MOST,
    WORDS_AT_MOST,
    AppliesBy,
    Rated,
    Scale,
    TemplateIndicator,
    applies_by_words,
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
        description="With another scale, every question loses its words for levels that the new scale does not have.",
    )

    def __init__(self, scales: Mapping[str, Scale], **more: Any) -> None:
        super().__init__(**more)
        self.scale.choices = as_choices([(code, scale.title) for code, scale in scales.items()])
        self.hints = {
            code: ", ".join(level.words for level in scale.as_read) or "Nothing is graded: every answer is a text."
            for code, scale in scales.items()
        }


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

    `scale_seen` is the scale whose levels the page asked about.
    """

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
    agency_kind = SeveralField("Which agencies answer it?", ())
    plan_status = SeveralField("For children on which plans?", ())
    age_band = SeveralField("For children of which age?", ())
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
    def levels(self) -> Sequence[Field]:
        """The questions about the levels, in the order in which people read the scale."""
        return [one for one in self if one.name.startswith("level_")]

    def wanted(self, code: str) -> TemplateIndicator:
        """What was answered, as the deed takes it."""
        return TemplateIndicator(
            code=code,
            title=self.title.data,
            question=_plain(self.question.data),
            why=_plain(self.why.data),
            look_for=_plain(self.look_for.data),
            example=_plain(self.example.data),
            rated=Rated(self.rated.data),
            is_panel=self.is_panel.data,
            is_narrative=self.is_narrative.data,
            guidance={one.name.removeprefix("level_"): _plain(one.data) for one in self.levels},
            applies={by: frozenset(self[by.value].data or ()) for by in AppliesBy},
        )


def indicator_form(scale: Scale) -> type[IndicatorForm]:
    """The form of an indicator in a template with this scale."""

    class FormOfThisScale(IndicatorForm):
        pass

    for level in scale.as_read:
        asked = WordsField(
            f"What does “{level.words}” look like?",
            [at_most(WORDS_AT_MOST, "This text")],
            description=f"Left empty, it says: {level.means}" if level.means else "",
        )
        setattr(FormOfThisScale, f"level_{level.code}", asked)
    return FormOfThisScale


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


def _plain(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n")
