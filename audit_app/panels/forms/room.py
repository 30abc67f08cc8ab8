"""What a screen in the room sends. Its forms are small and many, so one reader takes them all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from audit_app.core.errors import Refused
from audit_app.core.forms import is_number
from audit_app.panels.forms.pages import answer_of, tidy
from audit_app.panels.rules import AgreedHow, Decision, OwnRating, VoteKind
from audit_app.returns.rules import AnswerKind


@dataclass
class RoomForm:
    """A post of a room's page. `do` names the deed; where it is refused, what was typed stands in the form again.

    Fields: item and version (of an item), ballot, case, answer (a level's id, or a kind), reasoning, reason, better,
    dissent-N (of the person N), note (the note's version), words, where_to, point, step.
    """

    posted: Mapping[str, str]
    problem: str = ""
    problem_field: str | None = None
    theirs: Mapping[str, str] = field(default_factory=dict)

    @property
    def do(self) -> str:
        return self.posted.get("do", "")

    def number(self, name: str) -> int:
        """A number that the page itself put in, or 0."""
        text = self.posted.get(name, "")
        return int(text) if is_number(text) else 0

    def text(self, name: str) -> str:
        """What was typed under a name."""
        return tidy(self.posted.get(name, ""))

    def own_rating(self) -> OwnRating:
        """What somebody gives of their own."""
        choice = self.posted.get("answer", "")
        if is_number(choice):
            return OwnRating(VoteKind.LEVEL, int(choice), self.text("reasoning"))
        kinds = set(VoteKind) - {VoteKind.LEVEL}
        return OwnRating(VoteKind(choice) if choice in kinds else None, None, self.text("reasoning"))

    def decision(self) -> Decision:
        """What the chair agrees on an item once its ratings are shown."""
        kind, level_id = answer_of(self.posted.get("answer", ""))
        dissent = {
            int(name.removeprefix("dissent-")): tidy(words)
            for name, words in self.posted.items()
            if name.startswith("dissent-") and is_number(name.removeprefix("dissent-")) and words.strip()
        }
        return Decision(
            item_id=self.number("item"),
            version=self.number("version"),
            answer=kind,
            level_id=level_id,
            reason=self.text("reason"),
            better=self.text("better"),
            dissent=dissent,
            how=AgreedHow.VOTED,
        )

    def together(self) -> Sequence[Decision]:
        """What the chair confirms together: each item that is ticked, with the answer beside it."""
        return list(self._ticked())

    def _ticked(self) -> Iterator[Decision]:
        for name in self.posted:
            number = name.removeprefix("tick-")
            if name.startswith("tick-") and is_number(number):
                kind, level_id = answer_of(self.posted.get(f"answer-{number}", ""))
                version = self.number(f"version-{number}")
                reason = self.text("reason") or ("Confirmed together." if kind is not AnswerKind.IN_WORDS else "")
                yield Decision(int(number), version, kind, level_id, reason, how=AgreedHow.TOGETHER)

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal: above the page, and beside the field it belongs to."""
        self.problem, self.problem_field = refusal.reason, refusal.field
        self.theirs = getattr(refusal, "theirs", {})

    @property
    def errors(self) -> bool:
        return bool(self.problem)

    def error_list(self) -> list[dict[str, str]]:
        """The line of the error summary."""
        if not self.problem:
            return []
        if self.problem_field is None:
            return [{"text": self.problem}]
        is_of_item = self.do in {"agree", "note", "reopen"} and self.problem_field in {"answer", "reason", "better"}
        return [
            {
                "text": self.problem,
                "href": f"#{self.do}-{self.problem_field}" if is_of_item else f"#{self.problem_field}",
            }
        ]

    def typed(self, do: str, name: str, kept: str = "", *, item: int = 0) -> str:
        """What a field of one of the page's forms holds: what was typed in it, if it was refused, else what is kept."""
        is_mine = self.errors and self.do == do and self.number("item") == item
        return self.posted.get(name, "") if is_mine else kept

    def error(self, do: str, name: str) -> str:
        """The sentence beside a field, if it was refused for it."""
        return self.problem if self.errors and self.do == do and self.problem_field == name else ""
