"""How a letter is carried: to the mail server, or kept in a demonstration that has none. And how a text is.

Here: one message and what the server answered, as a code of ours. Not here: when it is tried again (`rules`,
`actions`). Which server it is stands in the settings (SMTP_URL), and so does where texts are laid for the
gateway that sends them to telephones (SMS_FOLDER): a file for each, as SMS Server Tools and its like take
them.

The Message-ID is made of the notice's own id: a letter that was taken and then not marked, because we died in
between, is sent again under the same one, and mail programs show it once.
"""

import contextlib
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core import mail

from humla.notifications.models import Fault
from humla.notifications.wording import Letter

SERVERS = (Fault.UNREACHABLE, Fault.SIGN_IN)
"""The faults of the server itself, or of how we come to it: of no letter more than of another."""


@dataclass
class NotCarried(Exception):
    """The letter is still ours. A final answer is not asked again by itself."""

    fault: Fault
    is_final: bool = False

    @property
    def is_servers(self) -> bool:
        """Would the next letter meet the same?"""
        return self.fault in SERVERS


@contextlib.contextmanager
def post() -> Iterator[Any]:
    """One visit to the mail server, opened when there is a first letter."""
    with contextlib.closing(mail.get_connection()) as server:
        yield server


def carry(letter: Letter, *, to: str, notice_id: UUID, server: Any, calendar: bytes = b"") -> None:
    """Hand the letter to the server. Returns when it has taken it; otherwise raises NotCarried.

    `calendar`: what the letter says to the reader's calendar, as a calendar file with its method.
    """
    message = mail.EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.body,
        from_email=settings.MAIL_FROM,
        to=[to],
        headers={"Message-ID": message_id(notice_id), "Auto-Submitted": "auto-generated"},
        connection=server,
    )
    if calendar:
        _invite(message, calendar.decode())
    try:
        server.open()
        server.send_messages([message])
    except (
        OSError,
        ValueError,
    ) as error:  # every fault of smtplib is an OSError; a bad header is a ValueError
        # What the connection is good for now is uncertain; the next letter opens a new one.
        with contextlib.suppress(OSError):
            server.close()
        raise _judged(error) from None


def carry_text(letter: Letter, *, to: str, notice_id: UUID) -> None:
    """Lay the text for the gateway, whole or not at all: it takes what it sees."""
    if not settings.SMS_FOLDER:
        if settings.DEMO:
            return
        raise NotCarried(Fault.UNREACHABLE)
    folder = Path(settings.SMS_FOLDER)
    number = "".join(one for one in to if one.isdigit())
    number = f"46{number[1:]}" if number.startswith("0") else number
    half = folder.parent / f".{notice_id}.half"
    try:
        half.write_text(f"To: {number}\nAlphabet: UTF-8\n\n{letter.body}", "utf-8")
        half.replace(folder / f"{notice_id}.txt")
    except OSError:
        raise NotCarried(Fault.UNREACHABLE) from None


def message_id(notice_id: UUID) -> str:
    """The same for every try."""
    return f"<{notice_id}@{urlsplit(settings.PUBLIC_URL).hostname or 'humla'}>"


def _invite(message: mail.EmailMultiAlternatives, calendar: str) -> None:
    """Beside the words, where calendars look (RFC 6047), and as a file for those that know no invitations."""
    method = calendar.partition("METHOD:")[2].split("\r\n")[0]
    message.attach_alternative(calendar, f"text/calendar; method={method}")
    message.attach("mote.ics", calendar.encode(), "application/ics")


def _judged(error: Exception) -> NotCarried:
    match error:
        case smtplib.SMTPAuthenticationError() | smtplib.SMTPSenderRefused():
            # The sender is ours and the same in every letter (MAIL_FROM): the next would meet the same.
            return NotCarried(Fault.SIGN_IN)
        case smtplib.SMTPRecipientsRefused():
            codes = [code for code, _words in error.recipients.values()]
            return _by_code(min(codes, default=550), Fault.ADDRESS)
        case smtplib.SMTPConnectError() | smtplib.SMTPHeloError():
            return NotCarried(Fault.UNREACHABLE)
        case smtplib.SMTPResponseException():
            return _by_code(error.smtp_code, Fault.REFUSED)
        case OSError():
            return NotCarried(Fault.UNREACHABLE)
    return NotCarried(Fault.ADDRESS, is_final=True)


def _by_code(code: int, final: Fault) -> NotCarried:
    """4xx: not now. 5xx: never like this (RFC 5321, 4.2.1)."""
    return NotCarried(Fault.LATER) if code < 500 else NotCarried(final, is_final=True)
