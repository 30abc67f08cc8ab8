"""The question on the page where a template is loaded from a file."""

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileRequired
from wtforms.fields import HiddenField

from audit_app.core.forms import FileField, PageForm

PROBLEMS_SHOWN = 50
"""Of the problems in a file. A page with all of 5,000 helps nobody."""


class LoadForm(PageForm):
    """A file with a template. `mark` is that of the draft which it replaces, as the person saw it."""

    file = FileField(
        "File with the template",
        validators=[FileRequired("Choose the file with the template.")],
        description="An Excel workbook (.xlsx) or a TOML file, as they are downloaded here. At most 5 MB, TOML 1 MB.",
    )
    mark = HiddenField()

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.problems: Sequence[str] = ()

    def error_list(self) -> list[dict[str, str]]:
        """The errors of the form, then what is wrong in the file."""
        return [*super().error_list(), *({"text": problem} for problem in self.problems)]

    def refuse_file(self, problems: Sequence[str]) -> None:
        """Show what is wrong in the file: the first of it, and how much more there is."""
        count = f"{len(problems):,} things" if len(problems) > 1 else "one thing"
        self.file.errors = [f"Nothing was loaded. Mend {count} in the file, then choose it again."]
        self.problems = problems[:PROBLEMS_SHOWN]
        if len(problems) > PROBLEMS_SHOWN:
            self.problems = [*self.problems, f"And {len(problems) - PROBLEMS_SHOWN:,} more."]
