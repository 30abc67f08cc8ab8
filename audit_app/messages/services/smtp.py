"""One mail through the mail server of the settings."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate

from config import Settings

TIMEOUT = 30  # seconds for each answer of the mail server


def deliver(settings: Settings, *, recipient: str, subject: str, body: str, key: str) -> None:
    """Hand one mail to the mail server. `key` makes its Message-ID, the same at every attempt.

    Raises:
        OSError: the server cannot be reached.
        smtplib.SMTPException: the server refuses.
        Exception: no mail can be made of an address or a text. Python's mail library raises many kinds of error then.
    """
    domain = settings.mail_from.rpartition("@")[2]
    mail = EmailMessage()
    mail["From"] = settings.mail_from
    mail["To"] = recipient
    mail["Subject"] = subject
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{key}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body)
    with _connect(settings) as server:
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(mail)


def _connect(settings: Settings) -> smtplib.SMTP:
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(
            settings.smtp_host, settings.smtp_port, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT)
    if settings.smtp_security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server
