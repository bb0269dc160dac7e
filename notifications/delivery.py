"""The way out: one connection for a batch, one answer for each message. Knows mail, not what it says."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from email.utils import format_datetime
from enum import StrEnum

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend


class Answer(StrEnum):
    SENT = "sent"
    REFUSED = "refused"  # for good: this address takes no mail
    NOT_TAKEN = "not_taken"  # for good: this message is not taken
    BAD_ADDRESS = "bad_address"
    LATER = "later"  # this message, some other time
    DOWN = "down"  # no message at all now


FOR_GOOD = (Answer.REFUSED, Answer.NOT_TAKEN, Answer.BAD_ADDRESS)


@contextmanager
def mail_server() -> Iterator[BaseEmailBackend | None]:
    """An open connection, or None when nobody answers."""
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException):
        yield None
        return
    try:
        yield connection
    finally:
        _close(connection)


def _close(connection: BaseEmailBackend) -> None:
    with suppress(OSError, smtplib.SMTPException):  # the server hung up first
        connection.close()


def send(
    connection: BaseEmailBackend,
    *,
    to: str,
    subject: str,
    text: str,
    html: str,
    message_id: str,
    at: datetime,
) -> Answer:
    headers = {"Message-ID": message_id, "Date": format_datetime(at), "Auto-Submitted": "auto-generated"}
    mail = EmailMultiAlternatives(" ".join(subject.split()), text, to=[to], headers=headers, connection=connection)
    if html:
        mail.attach_alternative(html, "text/html")
    try:
        connection.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as refusal:
        codes = [code for code, _words in refusal.recipients.values()]
        return Answer.REFUSED if min(codes, default=0) >= 500 else Answer.LATER
    except smtplib.SMTPDataError as refusal:
        return Answer.NOT_TAKEN if refusal.smtp_code >= 500 else Answer.LATER
    except (OSError, smtplib.SMTPException):  # hung up, timed out, or does not let us in at all
        return Answer.DOWN
    except ValueError:  # a line break in a header, or an address that is none
        return Answer.BAD_ADDRESS
    return Answer.SENT


def reconnected(connection: BaseEmailBackend) -> bool:
    """After the server hung up: did it let us in again?"""
    _close(connection)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException):
        return False
    return True
