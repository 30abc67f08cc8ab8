"""The questions about a case: its identity sheet, an immediate concern, and what must be passed on another way."""

from datetime import datetime, time
from typing import Any

from wtforms import HiddenField
from wtforms.validators import ValidationError

from audit_app.cases.rules import LIMIT_UNIT_WORDS, ROUTES, SHEET_WORDS, IdentitySheet
from audit_app.core import clock
from audit_app.core.forms import (
    ChoiceField,
    Choices,
    DayField,
    DayNeeded,
    PageForm,
    SelectField,
    TextField,
    VersionField,
    WholeNumberField,
    WordsField,
    as_choices,
    at_most,
    needed,
    time_in,
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
    other_children = WordsField(
        "Other children in the home",
        [at_most(2000, "What you say of other children")],
        description="How many there are and how old, with a number or a case reference where you know it. Write no "
        "names. Leave it empty if there are none, or nobody knows.",
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
        _check_time(field)

    def agency_id(self) -> int | None:
        """The agency it is raised for: the chosen one, the only one, or none."""
        if "agency" in self:
            return int(self.agency.data)
        return int(self._agencies[0][0]) if self._agencies else None

    def told_at(self) -> datetime:
        """The moment at which someone was told. Only for a form that is valid."""
        return _moment(self.told_on, self.told_time)


class NoteForm(PageForm):
    """What is added to the log of a concern."""

    words = WordsField(
        "What was done, or what did you hear?",
        [needed("Write what was done, or what you heard."), at_most(4000, "The note")],
        description="It stays in the log as you write it. Do not name the child.",
    )


class OutcomeForm(PageForm):
    """What came of a concern, as the agency holding the case says."""

    words = WordsField(
        "What came of it?",
        [needed("Write what came of it."), at_most(4000, "The outcome")],
        description="What was found, what was decided, and how the child is kept safe now. Do not name the child.",
    )


class AgreementForm(PageForm):
    """Whether someone of another agency agrees with the outcome. `seen` is the outcome that the page showed."""

    answer = ChoiceField(
        "Is the child kept safe by what was done?",
        [("agree", "Yes: I agree, and the concern is closed"), ("disagree", "No: the concern stays open")],
        [needed("Say whether you agree.")],
    )
    words = WordsField(
        "If you do not agree, why not?",
        [at_most(4000, "The reason")],
        description="What is still missing, and whom you have told.",
    )
    seen = VersionField()

    def validate_words(self, field: WordsField) -> None:
        if self.answer.data == "disagree" and not field.data:
            raise ValidationError("Say why you do not agree.")

    @property
    def agrees(self) -> bool:
        return bool(self.answer.data == "agree")


class HolderForm(PageForm):
    """Which agency holds the case."""

    agency = SelectField("Which agency holds the case?", [], [needed("Choose an agency.")])

    def __init__(self, agencies: Choices, **more: Any) -> None:
        super().__init__(**more)
        self.agency.choices = as_choices([("", "Choose an agency"), *agencies])


class RouteForm(PageForm):
    """Whom a partnership tells by one of the other routes, and by when."""

    contact_name = TextField("Whom to tell", [at_most(200, "The name")], description="A name with the role, or a team.")
    contact_email = TextField("E-mail address", [at_most(254, "The e-mail address")])
    contact_phone = TextField("Telephone number", [at_most(60, "The number")])
    limit_number = WholeNumberField(
        "Time limit", [needed("Enter a number.")], sentence="Enter the limit as a whole number."
    )
    limit_unit = ChoiceField(
        "Counted in", [(unit.value, words) for unit, words in LIMIT_UNIT_WORDS.items()], [needed("Choose one.")]
    )


class PassOnForm(PageForm):
    """That something was passed on. There is no question about what it is, so that nobody writes it here."""

    route = ChoiceField(
        "What is it?",
        [(route.value, words.title) for route, words in ROUTES.items()],
        [needed("Choose what it is.")],
    )
    noticed_on = DayField("When did you notice it?", [DayNeeded("Enter the day.")], what="The day you noticed it")
    noticed_time = TextField("At what time did you notice it?", [needed("Enter the time, such as 14:05.")])
    passed_to = TextField(
        "To whom did you pass it on?",
        [needed("Say to whom you passed it on."), at_most(120, "This")],
        description="Their name or role. Nothing about what it is, and nobody whom it is about.",
    )
    passed_on = DayField("When did you pass it on?", [DayNeeded("Enter the day.")], what="The day you passed it on")
    passed_time = TextField("At what time did you pass it on?", [needed("Enter the time, such as 14:05.")])
    token = HiddenField()

    def validate_noticed_time(self, field: TextField) -> None:
        _check_time(field)

    def validate_passed_time(self, field: TextField) -> None:
        _check_time(field)

    def noticed_at(self) -> datetime:
        """When it was noticed. Only for a form that is valid."""
        return _moment(self.noticed_on, self.noticed_time)

    def passed_at(self) -> datetime:
        """When it was passed on. Only for a form that is valid."""
        return _moment(self.passed_on, self.passed_time)


def _check_time(field: TextField) -> None:
    if time_in(field.data) is None:
        raise ValidationError("Enter a time such as 14:05 or 2.05pm.")


def _moment(day: DayField, at: TextField) -> datetime:
    assert day.data is not None
    return datetime.combine(day.data, time_in(at.data) or time(), tzinfo=clock.LONDON)
