"""Posting, sending, and the administrator's outbox."""

from audit_app.messages.services.outbox import post, read_kept, send_again, send_message

__all__ = ["post", "read_kept", "send_again", "send_message"]
