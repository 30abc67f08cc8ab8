"""The forms of a chronology: one event, and rows that were pasted."""

from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField

from audit_app.core.forms import (
    DayField,
    DayNeeded,
    OptionalAnswer,
    PageForm,
    VersionField,
    WordsField,
    at_most,
    needed,
)
from audit_app.returns.rules import EVENT_TEXT_AT_MOST, PASTE_AT_MOST, Event


class EventForm(PageForm):
    """An event. `version` is of the one that the page showed, `sure` the date about which it asked."""

    happened_on = DayField(
        "When did it happen?",
        [DayNeeded("Enter the day on which it happened.")],
        what="The day",
        description="The day itself, or the first day of what went on for longer. For example, 4 3 2026.",
    )
    event = WordsField(
        "What happened?",
        [needed("Say what happened."), at_most(EVENT_TEXT_AT_MOST, "What happened")],
        description="As your agency knew it. Write no names.",
    )
    impact = WordsField(
        "What was the impact on the child?",
        [OptionalAnswer(), at_most(EVENT_TEXT_AT_MOST, "The impact on the child")],
        description="What it meant for the child's daily life, health or safety.",
    )
    response = WordsField(
        "What did your agency do?",
        [OptionalAnswer(), at_most(EVENT_TEXT_AT_MOST, "What your agency did")],
        description="Also if the answer is nothing.",
    )
    version = VersionField()
    sure = HiddenField()

    @property
    def told(self) -> Event:
        """The event that was typed."""
        assert self.happened_on.data is not None
        return Event(self.happened_on.data, self.event.data or "", self.impact.data or "", self.response.data or "")

    @property
    def is_sure(self) -> bool:
        """Whether the page asked about this very date, and it was sent again."""
        return self.happened_on.data is not None and self.sure.data == self.happened_on.data.isoformat()

    def ask_about_day(self) -> None:
        """The page asks about the date now: sent again, it is meant."""
        self.sure.data = self.happened_on.data.isoformat() if self.happened_on.data else ""


class RowsField(WordsField):
    """Rows as they were pasted: a tab at the beginning stands for an empty first cell."""

    limit = ""  # nobody counts what they paste

    def __init__(self, label: str, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.filters = ()


class PasteForm(PageForm):
    """Rows from a table: in `text` what was pasted or could not be read, in `ready` what waits to be added."""

    text = RowsField(
        "Paste the rows here",
        [OptionalAnswer(), at_most(PASTE_AT_MOST, "What you paste")],
        description="Copy the cells in Excel, LibreOffice or a table in Word, and paste them. "
        "Columns: date, event, impact, response. In another order, copy the row of headings too.",
    )
    ready = HiddenField(validators=[OptionalAnswer(), at_most(2 * PASTE_AT_MOST, "What waits to be added")])
