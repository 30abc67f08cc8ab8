"""The states of a message."""

from enum import StrEnum


class MessageState(StrEnum):
    """waiting -> sending -> sent or failed; kept where no mail server is set; failed -> waiting by hand."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    KEPT = "kept"


STATE_WORDS = {
    MessageState.WAITING: "Waiting",
    MessageState.SENDING: "Being sent",
    MessageState.SENT: "Sent",
    MessageState.FAILED: "Not sent",
    MessageState.KEPT: "Kept here",
}

TRANSITIONS: dict[MessageState, frozenset[MessageState]] = {
    MessageState.WAITING: frozenset({MessageState.SENDING, MessageState.KEPT}),
    MessageState.SENDING: frozenset({MessageState.SENT, MessageState.FAILED, MessageState.WAITING}),
    MessageState.FAILED: frozenset({MessageState.WAITING}),
    MessageState.SENT: frozenset(),
    MessageState.KEPT: frozenset(),
}


SUBJECT_AT_MOST = 200


def subject_line(text: str) -> str:
    """A subject as it is kept and sent: one line, cut where a long title would make it too long."""
    line = " ".join(text.split())
    return line if len(line) <= SUBJECT_AT_MOST else f"{line[: SUBJECT_AT_MOST - 1]}…"


def why_not_read(state: MessageState) -> str | None:
    """The reason the text of a message cannot be read in the outbox, or None."""
    if state is MessageState.KEPT:
        return None
    return "Only messages that are kept here can be read: the others go to their recipient alone."


def why_not_retry(state: MessageState) -> str | None:
    """The reason a message cannot be sent again, or None."""
    return None if state is MessageState.FAILED else "Only a message that was not sent can be sent again."
