"""What is wrong in the files of `audit_templates/`, said so that its writer can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass


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
