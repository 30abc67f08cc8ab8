"""The forms around practitioners: the discussion, whom to name, what they answer, and feedback."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from audit_app.accounts.rules import Terms
from audit_app.core.errors import Refused
from audit_app.core.forms import (
    ChoiceField,
    DayField,
    DayNeeded,
    OptionalAnswer,
    PageForm,
    TextField,
    VersionField,
    WordsField,
    as_choices,
    at_most,
    is_number,
    needed,
)
from audit_app.returns.rules import (
    FEEDBACK_HOW_WORDS,
    PROMPT_WORDS,
    ROLE_AT_MOST,
    TEXT_AT_MOST,
    FeedbackHow,
    PractitionerPart,
    Prompt,
    Reply,
    Talk,
    Told,
    part_words,
    why_not_words,
)


def _notes(prompt: Prompt) -> WordsField:
    return WordsField(PROMPT_WORDS[prompt], [OptionalAnswer(), at_most(TEXT_AT_MOST, "This note")])


class DiscussionForm(PageForm):
    """The reflective discussion. Its notes have the names of `rules.Prompt`."""

    is_held = ChoiceField(
        "Was a discussion held?", [("yes", "Yes"), ("no", "No")], [needed("Choose whether a discussion was held.")]
    )
    not_held_reason = WordsField(
        "Why was none held?",
        [OptionalAnswer(), at_most(TEXT_AT_MOST, "The reason")],
        description="Such as: nobody who knew the child works here now.",
    )
    held_on = DayField("When did you talk?", what="The day on which you talked")
    with_whom = TextField(
        "With whom, by their role?",
        [at_most(ROLE_AT_MOST, "The role")],
        description="Such as the health visitor, or the social worker and her manager. No names.",
    )
    worried = _notes(Prompt.WORRIED)
    in_the_way = _notes(Prompt.IN_THE_WAY)
    differently = _notes(Prompt.DIFFERENTLY)
    helped = _notes(Prompt.HELPED)
    supported = _notes(Prompt.SUPPORTED)
    version = VersionField()

    @classmethod
    def showing(cls, talk: Talk, *, version: int) -> "DiscussionForm":
        """The form with what is kept, or empty where nothing is."""
        is_held = None if version == 0 else ("yes" if talk.held_on else "no")
        kept = {"held_on": talk.held_on, "with_whom": talk.with_whom, "not_held_reason": talk.not_held_reason}
        return cls(is_held=is_held, version=version, **kept, **{one.value: talk.notes.get(one, "") for one in Prompt})

    def talk(self) -> Talk:
        notes = {prompt: self._fields[prompt.value].data or "" for prompt in Prompt}
        return Talk(self.held_on.data, self.with_whom.data or "", self.not_held_reason.data or "", notes)


class NameForm(PageForm):
    """Whom to name on a return. Choices are (id, name)."""

    person = ChoiceField("Who may read this return?", [], [needed("Choose who may read this return.")])
    part = ChoiceField("Are they the one who did the work?", [], [needed("Choose as what you name them.")])

    def __init__(self, terms: Terms, people: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(**more)
        self.person.choices = as_choices(people)
        self.part.choices = as_choices([(one.value, part_words(one, terms)) for one in PractitionerPart])
        self.part.label.text = "As what?"


class FeedbackForm(PageForm):
    """Feedback as it was given. What was good is asked first."""

    was_good = WordsField(
        "What was good?",
        [needed("Say first what was good. There is always something."), at_most(TEXT_AT_MOST, "What was good")],
        description="What you told them about their work, before anything else. It can become a letter to them. "
        "Write no names.",
    )
    to_learn = WordsField(
        "What is there to learn?", [OptionalAnswer(), at_most(TEXT_AT_MOST, "What there is to learn")]
    )
    they_said = WordsField("What did they say?", [OptionalAnswer(), at_most(TEXT_AT_MOST, "What they said")])
    given_to = TextField(
        "Who was given feedback, by their role?",
        [needed("Say who was given feedback, by their role."), at_most(ROLE_AT_MOST, "The role")],
        description="Such as the health visitor. No names.",
    )
    given_on = DayField(
        "When?", [DayNeeded("Enter the day on which feedback was given.")], what="The day on which feedback was given"
    )
    how = ChoiceField(
        "How?",
        [(how.value, words) for how, words in FEEDBACK_HOW_WORDS.items()],
        [needed("Choose how feedback was given.")],
    )
    version = VersionField()

    @classmethod
    def showing(cls, told: Told, *, version: int) -> "FeedbackForm":
        """The form with what is kept."""
        kept = {**vars(told), "how": told.how.value if told.how else None}
        return cls(version=version, **kept)

    def told(self) -> Told:
        return Told(
            was_good=self.was_good.data or "",
            given_to=self.given_to.data or "",
            given_on=self.given_on.data,
            how=FeedbackHow(self.how.data) if self.how.data else None,
            to_learn=self.to_learn.data or "",
            they_said=self.they_said.data or "",
        )


class RepliesForm:
    """What came back from the page on which a practitioner answers. As dense as a return, so it is read by hand.

    The page carries for each indicator N (0: the whole return) answer-N and seen-N, the version that it showed.
    """

    def __init__(self, posted: Mapping[str, str]) -> None:
        self.changes: dict[int, Reply] = {}
        self.problems: dict[int, str] = {}
        self.refusal = ""
        for name in posted:
            number = name.removeprefix("answer-")
            if number == name or not is_number(number):
                continue
            words = posted[name].replace("\0", "").replace("\r\n", "\n").strip()
            seen = posted.get(f"seen-{number}", "")
            self.changes[int(number)] = Reply(words, int(seen) if is_number(seen) else 0)
            if reason := why_not_words(words):
                self.problems[int(number)] = reason

    @property
    def to_save(self) -> Mapping[int, Reply]:
        """What is short enough to keep."""
        return {one: reply for one, reply in self.changes.items() if one not in self.problems}

    def clash(self, indicators: Collection[int]) -> None:
        """These were saved in another window first: the page shows both."""
        for one in indicators:
            self.problems[one] = "You answered this in another window. Compare the two, then save again."

    def refuse(self, refusal: Refused) -> None:
        """Nothing can be saved: the page shows everything that was typed, and why."""
        number = (refusal.field or "").removeprefix("answer-")
        if is_number(number):
            self.problems[int(number)] = refusal.reason
        else:
            self.refusal = refusal.reason

    @property
    def errors(self) -> bool:
        return bool(self.problems or self.refusal)

    def shown(self, indicator: int, kept: Mapping[int, Reply]) -> str:
        """What to show in a field: what was typed and not saved, or what is kept."""
        typed, saved = self.changes.get(indicator), kept.get(indicator)
        is_unsaved = self.refusal or self.problems
        return typed.words if typed is not None and is_unsaved else (saved.words if saved else "")

    def error_list(self, names: Mapping[int, str]) -> list[tuple[str, str]]:
        """Lines of the error summary; `names` says what each indicator is called."""
        listed = [(self.refusal, "")] if self.refusal else []
        return listed + [
            (f"{names.get(one, 'Answer')}: {reason}", f"#answer-{one}") for one, reason in self.problems.items()
        ]
