"""Form fields in the design system's dress, for pages of up to about eight fields.

A dense page (scoring, grids, a panel's case) uses the hand-written macros in `templates/components/` instead: they draw
the same markup ten times faster.
"""

import re
from collections.abc import Sequence
from datetime import date, time
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField as WtfFileField
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovDateInput,
    GovFileInput,
    GovPasswordInput,
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import fields
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, StopValidation, ValidationError
from wtforms.widgets import HiddenInput

from audit_app.core.web import clock_time, day

Choices = Sequence[tuple[str, str]]


def is_number(text: str) -> bool:
    """Whether a text that was sent is a whole number that any column of numbers can hold."""
    return text.isdecimal() and len(text) <= 9


def whole_number(text: str) -> int:
    """The whole number in a part of an address; for `request.args.get(..., type=whole_number)`.

    Raises:
        ValueError: it is none, or larger than any column of numbers can hold.
    """
    if not is_number(text):
        raise ValueError(text)
    return int(text)


class PageForm(FlaskForm):
    """A form of one page. `form_errors` holds refusals that belong to no field."""

    def error_list(self) -> list[dict[str, str]]:
        """The errors for the summary at the top of the page: text, and a link to the input that mends it."""
        listed = [{"text": str(text)} for text in self.form_errors]
        listed += [
            {"text": str(field.errors[0]), "href": f"#{_first_input(field)}"}
            for field in self._fields.values()
            if field.errors and field.name != "csrf_token"
        ]
        return listed


def _first_input(field: fields.Field) -> str:
    return f"{field.id}-day" if isinstance(field, DayField) else str(field.id)


def _stripped(value: str | None) -> str | None:
    """Text as it is kept. A database may refuse the character NUL, which nobody types."""
    return value.replace("\0", "").strip() if isinstance(value, str) else value


def _lines(value: str | None) -> str | None:
    """Lines as they are kept: each ends in one character, however a browser sends it, and is counted as one."""
    text = _stripped(value)
    return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text


class _Needed(InputRequired):
    """Blanks alone are no answer: fields of text have taken them off by now."""

    def __call__(self, form: Any, field: fields.Field) -> None:
        if field.data == "":
            field.errors = []
            raise StopValidation(self.message)
        super().__call__(form, field)


def needed(sentence: str) -> InputRequired:
    """A field that must be answered; the sentence says what to do."""
    return _Needed(sentence)


class OptionalAnswer(Optional):
    """A field that may be left empty."""


def at_most(length: int, what: str) -> Length:
    """A text of at most `length` characters; `what` begins the sentence (“The title”)."""
    return Length(max=length, message=f"{what} must be {length:,} characters or fewer.")


class TextField(fields.StringField):
    """One line of text, without the spaces around it."""

    widget = GovTextInput()

    def __init__(self, label: str, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, validators=list(validators), filters=[_stripped], **kwargs)


class PasswordField(fields.PasswordField):
    """A password, kept exactly as typed and never sent back."""

    widget = GovPasswordInput()


class WordsField(fields.TextAreaField):
    """Several lines of text."""

    widget = GovTextArea()

    def __init__(self, label: str, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, validators=list(validators), filters=[_lines], **kwargs)

    @property
    def limit(self) -> str:
        """How much may be written, as the page says it; empty where nothing limits it."""
        longest = [one.max for one in self.validators if isinstance(one, Length)]
        return f"Up to {min(longest):,} characters." if longest else ""


class WholeNumberField(fields.IntegerField):
    """A whole number. `sentence` says what to enter when it is none."""

    widget = GovTextInput()

    def __init__(self, label: str, validators: Sequence[Any] = (), *, sentence: str, **kwargs: Any) -> None:
        super().__init__(label, validators=list(validators), **kwargs)
        self.sentence = sentence

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            self.data = None
            return
        if not is_number(text):
            self.data = None
            raise ValueError(self.sentence)
        self.data = int(text)


class ChoiceField(fields.RadioField):
    """One of a few answers, as radios. Choices are (value, words)."""

    widget = GovRadioInput()

    def __init__(self, label: str, choices: Choices, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(
            label, choices=as_choices(choices), validators=list(validators), validate_choice=False, **kwargs
        )

    def pre_validate(self, _form: Any) -> None:
        _check_choice(self)


class SelectField(fields.SelectField):
    """One of many answers, as a list to choose from. Choices are (value, words)."""

    widget = GovSelect()

    def __init__(self, label: str, choices: Choices, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(
            label, choices=as_choices(choices), validators=list(validators), validate_choice=False, **kwargs
        )

    def pre_validate(self, _form: Any) -> None:
        _check_choice(self)


class SeveralField(fields.SelectMultipleField):
    """Any number of answers, as checkboxes. Choices are (value, words)."""

    widget = GovCheckboxesInput()

    def __init__(self, label: str, choices: Choices, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(
            label, choices=as_choices(choices), validators=list(validators), validate_choice=False, **kwargs
        )

    def pre_validate(self, _form: Any) -> None:
        known = {choice.value for choice in self.choices or ()}
        if any(value not in known for value in self.data or ()):
            raise ValidationError("Choose from the answers shown.")


class YesField(fields.BooleanField):
    """One box to tick."""

    widget = GovCheckboxInput()


class FileField(WtfFileField):
    """A file to send."""

    widget = GovFileInput()


class VersionField(fields.IntegerField):
    """The version of what is changed, as the person saw it. Anything else that is sent counts as one long gone."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0] if valuelist else ""
        self.data = int(text) if is_number(text) else 0

    def _value(self) -> str:
        return str(self.data or 0)


class SubmitField(fields.SubmitField):
    """The page's button."""

    widget = GovSubmitInput()


class _DayWidget(GovDateInput):
    def map_gov_params(self, field: "DayField", **kwargs: Any) -> Any:
        raw = list(field.raw_data or [])
        if raw and len(raw) != 3:
            field.raw_data = [*raw, "", "", ""][:3]
        return super().map_gov_params(field, **kwargs)


MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


def month_number(text: str) -> str:
    """The number of a month that was written as its name, whole or from its first three letters on (“Mar”, “Sept.”).
    Anything else is given back as it is."""
    name = text.lower().removesuffix(".")
    if len(name) < 3:
        return text
    return next((str(number) for number, month in enumerate(MONTHS, 1) if month.startswith(name)), text)


class DayField(fields.Field):
    """A date in three parts: day, month, year. The month may be its name. `what` begins the sentences of its errors
    (“The panel's date”)."""

    widget = _DayWidget()

    def __init__(self, label: str, validators: Sequence[Any] = (), *, what: str, **kwargs: Any) -> None:
        super().__init__(label, validators=list(validators), **kwargs)
        self.what = what

    def _value(self) -> str:
        return " ".join(self.raw_data or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        parts = [part.strip() for part in valuelist]
        if not any(parts):
            return
        parts[1:2] = [month_number(month) for month in parts[1:2]]
        if len(parts) != 3 or not all(part.isdecimal() and len(part) <= 4 for part in parts):
            raise ValueError(f"{self.what} must be a day, a month and a year, such as 4 3 2026.")
        day, month, year = (int(part) for part in parts)
        if not 1900 <= year <= 2200:
            raise ValueError(f"{self.what} must have a year of four digits.")
        try:
            self.data = date(year, month, day)
        except ValueError as error:
            raise ValueError(f"{self.what} must be a real date.") from error

    def pre_validate(self, _form: Any) -> None:
        if self.raw_data and any(part.strip() for part in self.raw_data) and self.data is None:
            raise StopValidation


def time_in(text: str | None) -> time | None:
    """The time that someone in a hurry typed: 14:05, 1405, 2.05pm or 2 p.m.; None where it is none."""
    found = re.fullmatch(r"(\d{1,2}?)[:. ]?(\d{2})? ?(?:([ap])\.?m\.?)?", (text or "").strip().lower(), re.ASCII)
    if found is None or not (found[2] or found[3]):
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3] and not 1 <= hour <= 12:
        return None
    if found[3]:
        hour = hour % 12 + (12 if found[3] == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


class TimeField(fields.StringField):
    """A time of day, as people write it. `sentence` says what to enter when it is none. Empty is no time."""

    widget = GovTextInput()

    def __init__(self, label: str, validators: Sequence[Any] = (), *, sentence: str, **kwargs: Any) -> None:
        super().__init__(label, validators=list(validators), **kwargs)
        self.sentence = sentence

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return clock_time(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = time_in(text)
        if text and self.data is None:
            raise ValueError(self.sentence)


class DayNeeded:
    """A date that must be given."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __call__(self, _form: Any, field: DayField) -> None:
        if field.data is None:
            raise StopValidation(self.sentence)


def in_words(field: fields.Field) -> str:
    """An answer in words, as the page would say it: to show what was typed beside what is stored."""
    if isinstance(field, DayField):
        return day(field.data)
    if isinstance(field, ChoiceField | SelectField | SeveralField):
        return ", ".join(choice.label for choice in field.iter_choices() if choice.selected)
    if isinstance(field, YesField):
        return "Yes" if field.data else "No"
    return str(field.data if field.data is not None else "").replace("\r\n", "\n")


def answers_that_differ(typed: Sequence[fields.Field], stored: Sequence[fields.Field]) -> list[tuple[str, str, str]]:
    """Where what is typed differs from what is stored: the question, what is stored, what is typed."""
    answers = ((mine.label.text, in_words(its), in_words(mine)) for mine, its in zip(typed, stored, strict=True))
    return [(question, its, mine) for question, its, mine in answers if its != mine]


def as_choices(choices: Choices) -> list[SelectChoice]:
    """Pairs of value and words as WTForms wants them, for forms whose choices come through the constructor."""
    return [SelectChoice(value, words) for value, words in choices]


def _check_choice(field: Any) -> None:
    if field.data in (None, ""):
        return
    if field.data not in {choice.value for choice in field.choices or ()}:
        raise ValidationError("Choose one of the answers shown.")
