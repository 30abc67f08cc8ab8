"""What comes back from the page that sends a return back. The page is dense, so it is read by hand."""

from collections.abc import Mapping

from audit_app.core.errors import Refused
from audit_app.core.forms import is_number


class CommentsForm:
    """Why a return is sent back, and the comments on single indicators: `reason`, and comment-N for an indicator N.

    `number` is that of the submission that the page showed. Everything typed is shown again until it is sent.
    """

    def __init__(self, posted: Mapping[str, str]) -> None:
        self.reason = _lines(posted.get("reason", ""))
        self.number = int(posted["number"]) if is_number(posted.get("number", "")) else 0
        self.comments: dict[int, str] = {}
        self.error: tuple[str, str] | None = None
        for name, words in posted.items():
            number = name.removeprefix("comment-")
            if number != name and is_number(number):
                self.comments[int(number)] = _lines(words)

    def refuse(self, refusal: Refused) -> None:
        """Nothing was sent: the page shows everything that was typed, and why."""
        self.error = (refusal.reason, refusal.field or "")

    def problem(self, field: str) -> str:
        """What stands in the way of one field."""
        return self.error[0] if self.error and self.error[1] == field else ""

    def error_list(self) -> list[tuple[str, str]]:
        """Lines of the error summary."""
        return [(self.error[0], f"#{self.error[1]}" if self.error[1] else "")] if self.error else []


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\0", "").strip()
