"""The forms of a practice case. The page on which one is scored is long, so its form is read by hand."""

from collections.abc import Mapping, Sequence

from audit_app.core.errors import Refused
from audit_app.core.forms import (
    DayField,
    DayNeeded,
    PageForm,
    TextField,
    VersionField,
    WordsField,
    at_most,
    is_number,
    needed,
)
from audit_app.panels.rules.calibration import STORY_AT_MOST, TITLE_AT_MOST, PracticeAnswer, gaps_in_practice
from audit_app.returns.rules import AnswerKind
from audit_app.rounds.rules import FrozenIndicator


class PracticeCaseForm(PageForm):
    """The story of a made-up child, and by when everybody scores it."""

    title = TextField(
        "What is the practice case called?",
        [needed("Give the practice case a title."), at_most(TITLE_AT_MOST, "The title")],
    )
    story = WordsField(
        "The story",
        [needed("Write the story of the practice case."), at_most(STORY_AT_MOST, "The story")],
        description="What each agency knew and did, as its files would say it. Make the child up: never tell of a real "
        "one, even with other names.",
    )
    due_on = DayField("By when does everybody score it?", [DayNeeded("Enter the day.")], what="The day")
    version = VersionField()


class ClosePracticeForm(PageForm):
    """Closing a practice case asks nothing but to be sure."""


class PracticeScoreForm:
    """What came back from the page on which a practice case is scored: answer-N and reason-N for indicator N."""

    def __init__(self, posted: Mapping[str, str], questions: Sequence[FrozenIndicator]) -> None:
        self.questions = {one.id: one for one in questions}
        self.answers = {
            one: PracticeAnswer(*_answer(posted.get(f"answer-{one}", "")), _tidy(posted.get(f"reason-{one}", "")))
            for one in self.questions
        }
        self.problems: dict[str, str] = {}
        self.refusal = ""

    def is_ready(self) -> bool:
        """Whether the answers can be saved; if not, `problems` says why."""
        self.problems = {f"answer-{one}": sentence for one, sentence in gaps_in_practice(self.answers).items()}
        return not self.problems

    def refuse(self, refusal: Refused) -> None:
        """Show why a save was refused."""
        self.refusal = refusal.reason

    @property
    def errors(self) -> bool:
        return bool(self.problems or self.refusal)

    def error_list(self) -> list[dict[str, str]]:
        """Lines of the error summary, each with the input that mends it."""
        listed = [{"text": self.refusal}] if self.refusal else []
        for field, sentence in self.problems.items():
            question = self.questions[int(field.rpartition("-")[2])]
            listed.append({"text": f"{question.code} {question.title}: {sentence}", "href": f"#{field}"})
        return listed


def _answer(choice: str) -> tuple[AnswerKind | None, int | None]:
    if is_number(choice):
        return AnswerKind.LEVEL, int(choice)
    if choice in {AnswerKind.NOT_APPLICABLE, AnswerKind.NO_EVIDENCE}:
        return AnswerKind(choice), None
    return None, None


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\0", "").strip()
