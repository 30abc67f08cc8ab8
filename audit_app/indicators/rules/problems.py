"""What is wrong in the files of `audit_templates/`, said so that its writer can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN_AT_MOST = 60
"""Characters of what somebody wrote that a problem repeats."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: in which file (empty where there is only one), where in it, and how."""

    file: str
    place: str
    mending: str

    def __str__(self) -> str:
        """One line."""
        return ": ".join(part for part in (self.file, self.place, self.mending) if part)


class CatalogueProblems(ValueError):
    """The files cannot be used. Carries every problem, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def shown(given: object) -> str:
    """What somebody wrote, for a sentence: long texts are cut, and what fills more than a line is named by its kind."""
    match given:
        case str():
            return repr(cut(given))
        case bool():
            return str(given).lower()
        case int():
            return str(given) if abs(given) < 10**15 else "a very large number"
        case dict():
            return "a table"
        case list():
            return "a list"
        case _:
            return str(given)


def cut(text: str) -> str:
    """A text as far as a sentence repeats it."""
    return text if len(text) <= SHOWN_AT_MOST else f"{text[:SHOWN_AT_MOST]}…"
