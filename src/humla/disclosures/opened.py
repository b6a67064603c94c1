"""What lies behind an opening link, and the code that opens it: for those who have no account.

Here: asking for a code, trying one, reading what it opened, the receipt and the answer in one's own words.
Not here: the link and its tokens (`humla.links`), its door and its page (`humla.web.opening_link`), neutral
links.

Everything goes through the owner's functions in the walls (62_received.sql): in a link's own context no row
of a person can be read at all. The consent is asked for at every reading, never when the link was made.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.translation import gettext as _

from humla.audit.record import record
from humla.audit.tags import Tag
from humla.core.context import Actor
from humla.core.rulings import NotAllowed
from humla.core.sealed_field import sealed_for
from humla.disclosures.models import DocumentPart, Reply
from humla.links.tokens import browser_token, code_of, kept_of, kept_of_code

OPENED = "opened"
"""The role of a link in the browser where its code was right."""


@dataclass(frozen=True)
class Opening:
    """What an opening link says before a code: no name, no case."""

    subject: str
    phone_ends: str
    asked_at: datetime | None
    tries_left: int


@dataclass(frozen=True)
class Opened:
    """What the code opened, as it was handed over and as the yes stands at this second."""

    disclosure_id: UUID
    case_id: UUID
    person_id: UUID
    document_id: UUID
    kind: str
    version: int
    title: str
    reference: str
    disclosed_at: datetime
    received_at: datetime | None
    giver_unit: str
    giver_phone: str
    giver_authority: str
    parts: list[DocumentPart]


class Tried(StrEnum):
    """What became of a code that was tried."""

    OPENED = "opened"
    WRONG = "wrong"
    OVER = "over"
    DEAD = "dead"


def opening() -> Opening | None:
    """Is there something behind the open link now? Nothing when it is over, called back or closed by a no."""
    row = _row("SELECT * FROM opening_state()", [])
    if row is None:
        return None
    subject, phone_ends, asked_at, tries_left = row
    return Opening(subject, phone_ends or "", asked_at, tries_left or 0)


@transaction.atomic
def ask_code(*, by: Actor) -> None:
    """A new code to the telephone that the unit has registered; the older ones open nothing any more."""
    row_id = uuid4()
    row = _row(
        "SELECT ask_code(%s, %s, %s)", [row_id, uuid4(), kept_of_code(code_of(row_id), link_id=_link(by))]
    )
    why_not = row[0] if row else "dead"
    if why_not:
        raise NotAllowed(_WHY_NOT[why_not]())
    record(Tag.CODE_ASKED, items=[("opening", row_id, 0)], allowed_by=[("link", _link(by))])


@transaction.atomic
def use_code(code: str, *, by: Actor) -> tuple[Tried, str]:
    """Try a code. Right, it gives what the browser keeps; wrong, it is counted, so the caller must commit."""
    browser = browser_token()
    row = _row("SELECT use_code(%s, %s)", [kept_of_code(code, link_id=_link(by)), kept_of(browser)])
    tried = Tried(row[0]) if row else Tried.DEAD
    if tried is not Tried.DEAD:
        tag = Tag.LINK_OPENED if tried is Tried.OPENED else Tag.CODE_WRONG
        record(tag, allowed_by=[("link", _link(by))])
    return tried, browser if tried is Tried.OPENED else ""


def opened() -> Opened | None:
    """What the open browser reads."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM opened_parts()")
        rows = cursor.fetchall()
    if not rows:
        return None
    *about, _category, _content = rows[0]
    kind, version, title = about[4:7]
    parts = [
        DocumentPart(kind=kind, version=version, title=title, category=row[-2], content=_read(row[-1]))
        for row in rows
    ]
    return Opened(*[*about, parts])


@transaction.atomic
def receive_opened(what: Opened, *, by: Actor) -> None:
    """The unit has it: the giver and the person see that it has come."""
    row = _row("SELECT receive_opened()", [])
    if not (row and row[0]):
        raise NotAllowed(_("Handlingen är redan kvitterad."))
    _recorded(Tag.DOCUMENT_RECEIVED, what, by)


@transaction.atomic
def reply(what: Opened, text: str, *, by: Actor) -> None:
    """The unit's own words back to whoever handed it over."""
    sealed = sealed_for(Reply, "text", text)
    row = _row("SELECT write_reply(%s, %s, %s)", [uuid4(), uuid4(), sealed])
    if not (row and row[0]):
        raise NotAllowed(_("Det går inte att svara mer med den här länken i dag. Ring i stället."))
    _recorded(Tag.REPLY_WRITTEN, what, by)


@transaction.atomic
def close() -> None:
    """Done reading: the browser's way in is closed."""
    _row("SELECT close_opening()", [])


def _recorded(tag: Tag, what: Opened, by: Actor) -> None:
    record(
        tag,
        case=what.case_id,
        person=what.person_id,
        items=[("document", what.document_id, what.version), ("disclosure", what.disclosure_id, 0)],
        allowed_by=[("link", _link(by)), ("disclosure", what.disclosure_id)],
    )


def _link(by: Actor) -> UUID:
    assert by.id is not None
    return by.id


def _row(question: str, words: list[Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(question, words)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _read(content: Any) -> dict[str, Any]:
    """JSON from a cursor of our own comes as it was written."""
    found: dict[str, Any] = json.loads(content) if isinstance(content, str) else content
    return found


_WHY_NOT = {
    "dead": lambda: _("Länken gäller inte längre."),
    "no_phone": lambda: _("Enheten har ingen telefon för engångskoder längre. Logga in och läs."),
    "too_many": lambda: _("Det har skickats för många koder. Vänta en timme, eller logga in och läs."),
}
