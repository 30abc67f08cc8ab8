"""Choosing a filled workbook, and confirming what it changes."""

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileRequired
from wtforms import HiddenField

from audit_app.core.forms import FileField, PageForm
from audit_app.returns.rules.workbooks import Comparison, why_not_confirm


class LoadReturnForm(PageForm):
    """A return that somebody filled in away from the service."""

    file = FileField(
        "Choose the spreadsheet that was filled in",
        validators=[FileRequired("Choose the spreadsheet that was filled in.")],
        description="The .xlsx file that was downloaded here. At most 5 MB. Nothing is taken before you confirm it.",
    )


class TakeForm(PageForm):
    """That a file may be taken. `mark` is of what the page showed; stand-KEY says which answer of a clash stands."""

    file_sha256 = HiddenField()
    mark = HiddenField()

    def __init__(self, posted: Mapping[str, str], **more: Any) -> None:
        super().__init__(**more)
        self.stands = {
            name.removeprefix("stand-"): value for name, value in posted.items() if name.startswith("stand-")
        }
        self.problems: dict[str, str] = {}

    def look_at(self, comparison: Comparison) -> bool:
        """Whether every clash was decided. Where one was not, the page says so beside it."""
        self.problems = why_not_confirm(comparison, self.stands)
        return not self.problems

    def error_pairs(self) -> list[tuple[str, str]]:
        """For the summary at the top: what belongs to no field, then the clashes that are left open."""
        refused = [(str(text), "") for text in self.form_errors]
        return refused + [(f"{key}: {text}", f"#stand-{key.replace(' ', '-')}") for key, text in self.problems.items()]
