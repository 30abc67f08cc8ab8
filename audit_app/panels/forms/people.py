"""The forms about a panel's people: who came, and whose own case it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from audit_app.core.forms import Choices, PageForm, SelectField, WordsField, as_choices, at_most, needed
from audit_app.panels.rules import Attendance

REASON_AT_MOST = 500


class AttendanceForm:
    """What came back from the list of who came.

    The page carries for the member of id N came-N, and was-N: what it showed. Only what differs between the two is
    wanted, so that whoever said meanwhile that they are here stays present.
    """

    def __init__(self, posted: Mapping[str, str], members: Sequence[int]) -> None:
        came = {person: posted.get(f"came-{person}") for person in members}
        self.wanted: dict[int, Attendance | None] = {
            person: Attendance(said) if said else None
            for person, said in came.items()
            if said is not None and said in {"", *Attendance} and said != posted.get(f"was-{person}")
        }


class ConflictForm(PageForm):
    """Who is left out of the rating of a case, and why."""

    person = SelectField("Who is left out?", [], [needed("Choose who is left out.")])
    reason = WordsField(
        "What is the conflict of interest?",
        [needed("Say what the conflict of interest is."), at_most(REASON_AT_MOST, "The reason")],
        description="For example, “Supervises the worker”. Everyone on the panel reads it. Nothing about the child.",
    )

    def __init__(self, people: Choices, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.person.choices = as_choices([*([("", "Choose a person")] if len(people) > 1 else []), *people])
