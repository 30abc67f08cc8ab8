"""The forms of the accuracy check."""

from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField

from audit_app.core.errors import Stale
from audit_app.core.forms import (
    ChoiceField,
    Choices,
    DayField,
    DayNeeded,
    PageForm,
    SelectField,
    TextField,
    VersionField,
    WordsField,
    as_choices,
    at_most,
    is_number,
    needed,
)
from audit_app.panels.forms.moderation import answer_of, answers_to
from audit_app.panels.forms.names import MayNameForm
from audit_app.panels.rules import AgreedHow, Decision, Item, OutcomePart
from audit_app.returns.rules import TEXT_AT_MOST
from audit_app.rounds.rules import FrozenLevel

OUTCOME = "outcome"
"""What is chosen where a correction is about the outcome of a case."""
UNCHANGED = "unchanged"
"""What is chosen where a corrected fact leaves the agreed rating as it is."""


class AskForm(MayNameForm):
    """What an agency asks to correct in what was agreed on a case."""

    about = SelectField("What is it about?", [], [needed("Choose what it is about.")])
    what_is_wrong = WordsField(
        "What is wrong in fact?",
        [needed("Say what is wrong in fact."), at_most(TEXT_AT_MOST, "What is wrong")],
        description="Facts only: a rating that you would have given differently is no mistake. Write no names.",
    )
    what_is_right = WordsField("What is right?", [needed("Say what is right."), at_most(TEXT_AT_MOST, "What is right")])
    where_on_file = TextField(
        "Where on file does it stand?",
        [needed("Say where on file that stands: the document and its date."), at_most(500, "Where on file")],
        description="The document and its date",
    )

    def __init__(self, items: Choices, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.about.choices = as_choices([("", "Choose"), (OUTCOME, "What the panel learned"), *items])


class DecideForm(MayNameForm):
    """What is decided about a fact that an agency asked to correct.

    `seen` is the mark of the outcome that the page showed (`OutcomePart.mark`): words over which nothing was typed
    change nothing, whoever corrected them meanwhile.
    """

    is_corrected = ChoiceField(
        "What do you decide?",
        [("yes", "Corrected"), ("no", "Not changed")],
        [needed("Choose what you decide.")],
    )
    response = WordsField(
        "Your response",
        [needed("Give a response. The agency reads it."), at_most(TEXT_AT_MOST, "Your response")],
        description="The agency reads it. Write no names.",
    )
    answer = ChoiceField("What is agreed now?", [])
    reason = WordsField("The reason for this rating", [at_most(TEXT_AT_MOST, "The reason")])
    outcome = WordsField("What the panel learned from this case", [at_most(TEXT_AT_MOST, "What the panel learned")])
    seen = HiddenField()
    version = VersionField()

    def __init__(
        self, item: Item | None, levels: Sequence[FrozenLevel], *, outcome: str, outcome_version: int, **kwargs: Any
    ) -> None:
        agreed = item.agreed if item is not None else None
        super().__init__(
            version=item.version if item is not None else 0,
            answer=UNCHANGED,
            reason=agreed.reason if agreed is not None else "",
            outcome=outcome,
            seen=_part(outcome, outcome_version).mark,
            **kwargs,
        )
        self.item = item
        if item is None:
            del self.answer, self.reason
        else:
            del self.outcome, self.seen
            self.answer.choices = as_choices([(UNCHANGED, "What was agreed stays"), *answers_to(item, levels)])

    @property
    def decision(self) -> Decision | None:
        """What is agreed anew, or None where that stays."""
        if self.item is None or self.answer.data in {None, "", UNCHANGED}:
            return None
        kind, level_id = answer_of(self.answer.data)
        return Decision(
            item_id=self.item.id,
            version=self.version.data or 0,
            answer=kind,
            level_id=level_id,
            reason=self.reason.data or "",
            changed_because=self.response.data or "",
            how=AgreedHow.CORRECTED,
        )

    @property
    def new_outcome(self) -> str | None:
        """The outcome in its new words, or None where it stays."""
        if self.item is not None:
            return None
        typed = self.outcome.data or ""
        return None if _part(typed, self.outcome_version).mark == self.seen.data else typed

    @property
    def outcome_version(self) -> int:
        """The version of the outcome that the page showed; 0 where it showed none."""
        seen = "" if self.item is not None else (self.seen.data or "").partition(".")[0]
        return int(seen) if is_number(seen) else 0

    def compare(self, stale: Stale) -> None:
        """Go on from the outcome that is kept now, which the page shows beside what was typed."""
        if self.item is None and "outcome" in stale.theirs:
            self.seen.data = _part(stale.theirs["outcome"], stale.version).mark


def _part(outcome: str, version: int) -> OutcomePart:
    return OutcomePart(None, (outcome, ""), version)


class MoreTimeForm(PageForm):
    """Until when agencies may check facts, and why longer."""

    due_on = DayField("Until which day?", [DayNeeded("Enter the new day.")], what="The new day")
    reason = WordsField(
        "Why do they need more time?",
        [needed("Say why they need more time."), at_most(2_000, "The reason")],
        description="The agencies read it.",
    )


class EndForm(PageForm):
    """Ending an accuracy check asks nothing but to be sure."""
