"""The questions about a case: its identity sheet, and an immediate concern."""

import re
from datetime import date, datetime, time
from typing import Any

from wtforms import HiddenField
from wtforms.validators import ValidationError

from audit_app.cases.rules import SHEET_WORDS, IdentitySheet
from audit_app.core import clock
from audit_app.core.forms import (
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
    needed,
)


class IdentitySheetForm(PageForm):
    """What agencies need to find their file. The version says on what it was typed."""

    names = WordsField(SHEET_WORDS["names"], [at_most(500, "The names")])
    born_on = DayField(SHEET_WORDS["born_on"], what="The date of birth")
    addresses = WordsField(SHEET_WORDS["addresses"], [at_most(2000, "The addresses")])
    carers = WordsField(SHEET_WORDS["carers"], [at_most(1000, "The parents and carers")])
    siblings = WordsField(SHEET_WORDS["siblings"], [at_most(1000, "The brothers and sisters")])
    other_adults = WordsField(SHEET_WORDS["other_adults"], [at_most(1000, "The other adults")])
    numbers = TextField(SHEET_WORDS["numbers"], [at_most(300, "The numbers")])
    school = TextField(SHEET_WORDS["school"], [at_most(300, "The school or nursery")])
    practice = TextField(SHEET_WORDS["practice"], [at_most(300, "The general practice")])
    missing_reason = WordsField("Why is something of this not known?", [at_most(500, "The reason")])
    version = HiddenField()

    @classmethod
    def showing(cls, kept: IdentitySheet, *, missing_reason: str, version: int) -> "IdentitySheetForm":
        """The form filled with a sheet as it is kept."""
        words = {name: getattr(kept, name) for name in SHEET_WORDS}
        filled = {**words, "born_on": kept.born, "missing_reason": missing_reason, "version": version}
        return cls(formdata=None, data=filled)

    def sheet(self) -> IdentitySheet:
        """The sheet as it was typed."""
        words = {name: self[name].data or "" for name in SHEET_WORDS if name != "born_on"}
        return IdentitySheet(**words, born_on=self.born_on.data.isoformat() if self.born_on.data else "")

    def version_typed_on(self) -> int:
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else 0


class SummaryForm(PageForm):
    """What the panel reads first of a case. `version` is of the words that the page showed."""

    summary = WordsField(
        "What is this child's situation?",
        [at_most(2000, "The summary")],
        description="A few sentences for the panel: age, home, plan, the main worries. Write no names.",
    )
    version = VersionField()


class ConcernForm(PageForm):
    """The record that someone was told. The token makes a double click one record."""

    told_whom = TextField(
        "Who did you tell?",
        [needed("Say whom you told. If you have told no one yet, ring now."), at_most(300, "Whom you told")],
        description="Their name, role and agency.",
    )
    told_on = DayField(
        "When did you tell them?", [DayNeeded("Enter the day on which you told them.")], what="The day you told them"
    )
    told_time = TextField(
        "At what time?",
        [needed("Enter the time at which you told them, such as 14:05.")],
        description="Such as 14:05 or 2.05pm.",
    )
    agreed = WordsField(
        "What was agreed?", [needed("Say what was agreed, and who does it by when."), at_most(4000, "What was agreed")]
    )
    worry = WordsField(
        "What are you worried about?",
        [needed("Say what you are worried about."), at_most(4000, "What you are worried about")],
        description="What you saw in the file, and when. Do not name the child: the case's reference is kept with it.",
    )
    agency = SelectField("For which agency are you raising it?", [])
    token = HiddenField()

    def __init__(self, agencies: Choices, **more: Any) -> None:
        super().__init__(**more)
        self._agencies = agencies
        self.is_for_an_agency = bool(agencies)
        if len(agencies) < 2:
            del self.agency
        else:
            self.agency.choices = as_choices([("", "Choose an agency"), *agencies])
            self.agency.validators = [needed("Choose the agency for which you are raising it.")]

    def validate_told_time(self, field: TextField) -> None:
        if time_in(field.data) is None:
            raise ValidationError("Enter a time such as 14:05 or 2.05pm.")

    def agency_id(self) -> int | None:
        """The agency it is raised for: the chosen one, the only one, or none."""
        if "agency" in self:
            return int(self.agency.data)
        return int(self._agencies[0][0]) if self._agencies else None

    def told_at(self) -> datetime:
        """The moment at which someone was told. Only for a form that is valid."""
        at = time_in(self.told_time.data) or time()
        day: date | None = self.told_on.data
        assert day is not None
        return datetime.combine(day, at, tzinfo=clock.LONDON)


def time_in(text: str | None) -> time | None:
    """The time that someone in a hurry typed: 14:05, 1405, 2.05pm or 2 pm; None where it is none."""
    found = re.fullmatch(r"(\d{1,2}?)[:. ]?(\d{2})? ?([ap]m)?", (text or "").strip().lower(), re.ASCII)
    if found is None or not (found[2] or found[3]):
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3] and not 1 <= hour <= 12:
        return None
    if found[3]:
        hour = hour % 12 + (12 if found[3] == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
