"""What comes back from the page about the child. The page is dense, so it is read by hand."""

from collections.abc import Collection, Mapping, Sequence

from audit_app.core.errors import Refused
from audit_app.core.forms import (
    is_number,
)
from audit_app.returns.rules import (
    AttributeAsked,
    AttributeChange,
    read_seen_choice,
)


class AttributesForm:
    """What came back from the page about the child: the attributes that were touched, and what stands in their way.

    `posted` gives everything that was sent under a name. The page carries for each attribute N: attribute-N (ids of
    options), and seen-N (see `rules.seen_choice`).
    """

    def __init__(self, posted: Mapping[str, Sequence[str]]) -> None:
        self.typed: dict[int, frozenset[int]] = {}
        self.changes: dict[int, AttributeChange] = {}
        self.mine: dict[int, frozenset[int]] = {}
        self.problems: dict[int, str] = {}
        self.refusal = ""
        for name in posted:
            number = name.removeprefix("seen-")
            if number != name and is_number(number):
                self._read(int(number), posted)

    def _read(self, attribute: int, posted: Mapping[str, Sequence[str]]) -> None:
        version, saved = read_seen_choice(posted[f"seen-{attribute}"][0])
        chosen = frozenset(int(one) if is_number(one) else 0 for one in posted.get(f"attribute-{attribute}", ()))
        self.typed[attribute] = chosen
        if chosen != saved:
            self.changes[attribute] = AttributeChange(chosen, version)

    def clash(self, attributes: Collection[int]) -> None:
        """Somebody else saved these first: the page shows what they chose, and says what was chosen here."""
        for attribute in attributes:
            self.problems[attribute] = (
                "A colleague answered this meanwhile. What they chose is shown: change it if needed."
            )
            self.mine[attribute] = self.typed.pop(attribute)

    def refuse(self, refusal: Refused) -> None:
        """Nothing can be saved: the page shows everything that was chosen, and why."""
        number = (refusal.field or "").removeprefix("attribute-")
        if is_number(number):
            self.problems[int(number)] = refusal.reason
        self.refusal = refusal.reason

    @property
    def errors(self) -> bool:
        return bool(self.problems or self.refusal)

    def problem(self, asked: AttributeAsked) -> str:
        """What stands in the way of an attribute, with what was chosen here where a colleague's choice is shown."""
        problem, mine = self.problems.get(asked.attribute.id, ""), self.mine.get(asked.attribute.id)
        if mine is None:
            return problem
        words = "; ".join(option.words for option in asked.attribute.options if option.id in mine)
        return f"{problem} You had chosen: {words or 'nothing'}."

    def shown(self, asked: AttributeAsked, sampled: Collection[int]) -> Collection[int]:
        """The options to show as chosen: what was chosen and not saved, what is saved, or what the sample says."""
        return sorted(self.typed.get(asked.attribute.id, asked.chosen or sampled or ()))

    def error_list(self, asked: Collection[AttributeAsked]) -> list[tuple[str, str]]:
        """Lines of the error summary, in the order of the page."""
        listed = [(self.refusal, "")] if self.refusal and not self.problems else []
        return listed + [
            (f"{one.attribute.title}: {self.problem(one)}", f"#attribute-{one.attribute.id}")
            for one in asked
            if one.attribute.id in self.problems
        ]
