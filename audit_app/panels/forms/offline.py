"""Choosing a filled workbook of agreed ratings, and confirming what it changes."""

from collections.abc import Mapping, Sequence

from flask_wtf.file import FileRequired

from audit_app.core.forms import FileField, PageForm, is_number
from audit_app.panels.forms.pages import answer_of, tidy
from audit_app.panels.rules import Decision, RatingOutcome, gaps_in
from audit_app.returns.rules.workbooks import Stands


class LoadRatingsForm(PageForm):
    """The ratings of a case that its chair filled in away from the service."""

    file = FileField(
        "Choose the spreadsheet that was filled in",
        validators=[FileRequired("Choose the spreadsheet that was filled in.")],
        description="The .xlsx file that was downloaded here. At most 5 MB. Nothing is taken before you confirm it.",
    )


class TakeRatingsForm:
    """What of a filled workbook is taken. The page carries what the file said, and nothing of it is kept before.

    For each item N: seen-N, its version when the file was written, and now-N, that which the page showed; answer-N,
    reason-N, better-N and because-N as on the page of a case; and of two that clash, stand-N.
    """

    def __init__(self, posted: Mapping[str, str]) -> None:
        self.posted = posted
        self.stands = {name.removeprefix("stand-"): text for name, text in posted.items() if name.startswith("stand-")}
        self.because = {
            name.removeprefix("because-"): tidy(text) for name, text in posted.items() if name.startswith("because-")
        }
        self.problems: dict[str, str] = {}
        self.refusal = ""

    @property
    def decisions(self) -> Sequence[Decision]:
        """What the file said, each with the version of its item when the file was written."""
        named = [name.removeprefix("seen-") for name in self.posted if name.startswith("seen-")]
        return [self._decision(one) for one in named if is_number(one)]

    def _decision(self, one: str) -> Decision:
        posted = self.posted
        seen = posted[f"seen-{one}"]
        kind, level_id = answer_of(posted.get(f"answer-{one}", ""))
        return Decision(
            item_id=int(one),
            version=int(seen) if is_number(seen) else 0,
            answer=kind,
            level_id=level_id,
            reason=tidy(posted.get(f"reason-{one}", "")),
            changed_because=self.because.get(one, ""),
            better=tidy(posted.get(f"better-{one}", "")),
        )

    def has_moved(self, outcomes: Sequence[RatingOutcome]) -> bool:
        """Whether something was agreed on one of these items since the page was shown."""
        return any(self.posted.get(f"now-{one.key}") != str(one.item.version) for one in outcomes)

    def look_at(self, outcomes: Sequence[RatingOutcome]) -> bool:
        """Whether every clash was decided, and every change of what is agreed has its reason; else `problems` say."""
        for one in outcomes:
            stands = self.stands.get(one.key, "")
            if one.is_clash and stands not in list(Stands):
                self.problems[f"stand-{one.key}"] = "Choose which answer should stand."
            elif not one.is_clash or stands == Stands.FILE:
                gaps = gaps_in(one.decision, is_change=one.item.agreed is not None)
                self.problems |= {f"{part}-{one.key}": f"{one.title}: {gap}" for part, gap in gaps.items()}
        return not self.problems

    @property
    def errors(self) -> bool:
        return bool(self.problems or self.refusal)

    def error_pairs(self) -> list[tuple[str, str]]:
        """Lines of the error summary, each with the input that mends it."""
        refused = [(self.refusal, "")] if self.refusal else []
        return refused + [(sentence, f"#{field}") for field, sentence in self.problems.items()]
