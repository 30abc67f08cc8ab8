"""Posting a message, sending it in the background, and what the administrator does with the outbox."""

from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from sqlalchemy.exc import IntegrityError

from audit_app.accounts.services.letters import delivered_by
from audit_app.core import clock
from audit_app.core.actors import Actor
from audit_app.core.db import db, transaction
from audit_app.core.errors import Refused
from audit_app.core.settings import settings
from audit_app.history.services import record
from audit_app.jobs.rules import MAX_ATTEMPTS, TryAgain
from audit_app.jobs.services import enqueue, handler
from audit_app.messages import queries, rules
from audit_app.messages.models import Message
from audit_app.messages.rules import MessageState
from audit_app.messages.services.smtp import deliver

SEND = "send_message"
NOT_MADE = "No mail could be made of this. Check the recipient's address, and sender and mail server in the settings."


@handler(SEND)
def send_message(message_id: int) -> None:
    """Send one message. Its claim is kept before the mail server hears of it.

    A worker that dies in between leaves it claimed; it is then sent once more, for a mail about a child's safety is
    better sent twice than never.

    Raises:
        TryAgain: the mail server could not be reached, or asks to come back later.
        Exception: the mail could not be made. The message has failed, and so does the job, with the error in the log.
    """
    with transaction():
        message = queries.message_to_send(message_id)
        if message.state not in (MessageState.WAITING, MessageState.SENDING):
            return
        message.state, message.attempts = MessageState.SENDING, message.attempts + 1
        recipient, subject, body = message.recipient, message.subject, message.body or ""
        attempts, message_key = message.attempts, f"{message.partnership_id}.{message.id}"
    try:
        deliver(settings(), recipient=recipient, subject=subject, body=body, key=message_key)
    except (OSError, SMTPException) as error:
        is_last = attempts >= MAX_ATTEMPTS or _is_final(error)
        _note_error(message_id, MessageState.FAILED if is_last else MessageState.WAITING, _words(error))
        if not is_last:
            raise TryAgain(_words(error)) from error
    except Exception as error:
        _note_error(message_id, MessageState.FAILED, f"{NOT_MADE} ({type(error).__name__})")
        raise
    else:
        with transaction():
            message = queries.message_to_send(message_id)
            message.state, message.sent_at = MessageState.SENT, clock.now()
            message.body, message.error = None, ""


@delivered_by
def post(*, partnership_id: int, recipient: str, occasion: str, subject: str, body: str) -> None:
    """Put a mail into the outbox, in the transaction of the deed that needs it. It is sent in the background.

    The same recipient gets one mail for an occasion: posting it again does nothing. A mail never holds anything about
    a case but its reference.
    """
    if queries.is_posted(partnership_id, recipient, occasion):
        return
    is_kept = not settings().is_mailing
    message = Message(
        partnership_id=partnership_id,
        recipient=recipient,
        occasion=occasion,
        subject=rules.subject_line(subject),
        body=body,
        state=MessageState.KEPT if is_kept else MessageState.WAITING,
        created_at=clock.now(),
        attempts=0,
    )
    try:
        with db.session.begin_nested():
            db.session.add(message)
    except IntegrityError:  # somebody else posted it at the same moment
        return
    if not is_kept:
        enqueue(SEND, message_id=message.id)


def read_kept(message_id: int, *, by: Actor) -> Message:
    """A message that is kept here, with its text. The look is written into history.

    Raises:
        NotHere: the actor's partnership has no such message.
        Refused: it is not a kept one.
    """
    message = queries.message_for_change(by.partnership_id, message_id)
    if reason := rules.why_not_read(message.state):
        raise Refused(reason)
    record("message_read", by=by, of=message)
    return message


def send_again(message_id: int, *, by: Actor) -> None:
    """Try again to send a message that failed.

    Raises:
        NotHere: the actor's partnership has no such message.
        Refused: it did not fail.
    """
    message = queries.message_for_change(by.partnership_id, message_id)
    if reason := rules.why_not_retry(message.state):
        raise Refused(reason)
    message.state, message.attempts, message.error = MessageState.WAITING, 0, ""
    record("message_retried", by=by, of=message)
    enqueue(SEND, message_id=message.id)


def _note_error(message_id: int, state: MessageState, words: str) -> None:
    with transaction():
        message = queries.message_to_send(message_id)
        message.state, message.error = state, words


def _is_final(error: OSError | SMTPException) -> bool:
    """Whether the mail server said no for good (a code of 500 and more)."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return isinstance(error, SMTPResponseException) and error.smtp_code >= 500


def _words(error: OSError | SMTPException) -> str:
    """What the administrator reads. Never the recipient's text, only what the server said."""
    if isinstance(error, SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return f"The mail server refused the address: {code} {_decoded(text)}"
    if isinstance(error, SMTPResponseException):
        return f"The mail server refused: {error.smtp_code} {_decoded(error.smtp_error)}"
    return f"The mail server could not be reached: {error}"


def _decoded(text: bytes | str) -> str:
    return text.decode(errors="replace") if isinstance(text, bytes) else text
