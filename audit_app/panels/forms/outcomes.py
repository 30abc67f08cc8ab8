"""The forms of what a panel takes from a case and says to its agencies. The outcome is dense, so it is read by hand."""

from collections.abc import Mapping, Sequence

from audit_app.core.errors import Refused, Stale
from audit_app.core.forms import PageForm, VersionField, WordsField, YesField, at_most, is_number, needed
from audit_app.panels.forms.names import NOT_NAMES, MayNameForm
from audit_app.panels.rules import AGENCY_FIELDS, CASE_FIELDS, OutcomePart, ToAgency, too_long
from audit_app.returns.rules import TEXT_AT_MOST


class FinishForm(PageForm):
    """Finishing a case. The box is asked only where something that was written may name someone."""

    are_not_names = YesField(f"{NOT_NAMES}, or they can no longer be changed")


class AnswerForm(MayNameForm):
    """What an agency answers to the panel's question."""

    answer = WordsField(
        "Your agency's answer",
        [needed("Write your agency's answer."), at_most(TEXT_AT_MOST, "The answer")],
        description="The chair of the panel and those who run the audit read it. Write no names.",
    )
    version = VersionField()


class OutcomeForm:
    """What came back from the page on which the outcome of a case is written, and what stands in its way.

    The page carries outcome and good_practice with seen-0, and for each agency N feedback-N and question-N with seen-N:
    the mark of what it showed (`OutcomePart.mark`). Parts over which nothing was typed are left alone, so that two
    people who write at different places never refuse each other.
    """

    def __init__(self, posted: Mapping[str, str], part: OutcomePart, to_agencies: Sequence[ToAgency]) -> None:
        self.posted = posted
        self.parts = [part, *(one.part for one in to_agencies)]
        agencies = {one.agency_id: one.agency for one in to_agencies}
        self.names = {field: agencies.get(part.key, "") for part in self.parts for field in part.fields}
        self.changes = [typed for part in self.parts if (typed := self._read(part)) is not None]
        self.problems: dict[str, str] = {}
        self.theirs: Mapping[str, str] = {}
        self.refusal = ""

    def _read(self, part: OutcomePart) -> OutcomePart | None:
        """What was typed over a part, or None where that is nothing."""
        if not all(field in self.posted for field in part.fields):
            return None
        first, second = (_tidy(self.posted[field]) for field in part.fields)
        seen, _, _ = (mark := self.posted.get(f"seen-{part.key}", "")).partition(".")
        typed = OutcomePart(part.agency_id, (first, second), int(seen) if is_number(seen) else 0)
        return None if typed.mark == mark else typed

    def is_ready(self) -> bool:
        """Whether what was typed is short enough to keep; if not, `problems` say what is not."""
        self.problems |= dict(problem for part in self.changes if (problem := too_long(part)))
        return not self.problems

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal; of a save that came too late, beside each part that somebody else wrote meanwhile."""
        if isinstance(refusal, Stale):
            self.theirs = refusal.theirs
            self.problems |= {part.fields[0]: refusal.reason for part in self.parts if part.fields[0] in self.theirs}
        elif refusal.field:
            self.problems[refusal.field] = refusal.reason
        else:
            self.refusal = refusal.reason

    @property
    def errors(self) -> bool:
        return bool(self.problems or self.refusal)

    def shown(self, part: OutcomePart) -> Mapping[str, str]:
        """What the fields of a part hold: what was typed and is not saved, else what is kept."""
        return next((typed for typed in self.changes if typed.key == part.key), part).by_field

    def error_list(self) -> list[tuple[str, str]]:
        """Lines of the error summary, each with the place that mends it."""
        listed = [(self.refusal, "")] if self.refusal else []
        return listed + [(f"{self._said(field)}: {text}", f"#{field}") for field, text in self.problems.items()]

    def _said(self, field: str) -> str:
        """How the summary calls a field: the question, or which agency it is for."""
        if field in CASE_FIELDS:
            return CASE_FIELDS[field].removesuffix("?")
        return f"{AGENCY_FIELDS[field.partition('-')[0]]}, {self.names[field]}"


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\0", "").strip()
