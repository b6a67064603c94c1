"""Who acts now: the one context that every transaction has, and how it is signed.

Here: the eight kinds of context, the actor that a rule is asked about, and the signed line that the
database checks before it shows a row. Not here: how a page or a job gets its context (`humla.web.door`,
`humla.ops.door`), nor what a context may see (`humla.walls`).
"""

import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection

from humla.core.dates import day_of

GATE = 7201
"""The advisory lock that every transaction shares and that applying the walls takes alone."""

_LIFE_SECONDS = 60

# A public or system context has no unit and acts for nobody. The ids are typed as there, since a rule asks
# for the kind before it reads them; where the kind was not asked, None matches no row.
_ABSENT: Any = None


class Kind(StrEnum):
    """The kinds of context. Exactly one is open in a transaction."""

    PROFESSIONAL = "professional"
    PERSON = "person"
    REPRESENTATIVE = "representative"
    LINK = "link"
    PUBLIC = "public"
    FORBUND = "forbund"
    ADMIN = "admin"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Who acts, for which unit and in which role; rights never add up over several of them.

    `id` is the professional's, or the account's for a person. `person_key` is the keyed pseudonym that
    says which rows in different authorities are the same human; only that human's own session has it.
    """

    kind: Kind
    association_id: UUID = _ABSENT
    id: UUID = _ABSENT
    authority_id: UUID = _ABSENT
    unit_id: UUID = _ABSENT
    role: str = ""
    person_key: str = ""
    case_id: UUID | None = None
    assignment_id: UUID | None = None
    name: str = ""
    unit_name: str = ""
    authority_name: str = ""
    level: str = ""
    language: str = ""

    def signed(self, request_id: UUID) -> str:
        """The line that the database verifies (`ctx_ok()` in the walls); valid for a minute."""
        fields = [
            self.kind.value,
            *(str(one or "") for one in (self.association_id, self.id, self.authority_id, self.unit_id)),
            self.role,
            self.person_key,
            str(self.case_id or ""),
            str(int(time.time()) + _LIFE_SECONDS),
            str(request_id),
        ]
        if any("|" in field for field in fields):
            raise ValueError("A context field may not hold the separator.")
        line = "|".join(fields)
        return f"{line}|{mac(line)}"


def mac(line: str) -> str:
    """What only holders of the context key can write under a line (`wall_mac()` in the walls)."""
    key = bytes.fromhex(str(settings.HUMLA_KEYS_DATA["context"]))
    return hmac.new(key, line.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Standing:
    """An open context: the actor, the transaction's instant and the id of the request or job."""

    actor: Actor
    at: datetime
    request_id: UUID


_standing: ContextVar[Standing | None] = ContextVar("humla_standing", default=None)


def standing() -> Standing:
    """The open context; raises LookupError outside the door, where nothing about a person may happen."""
    now = _standing.get()
    if now is None:
        raise LookupError("No context is open: pass the door first.")
    return now


def is_standing() -> bool:
    """Is a context open? Pages of error are also drawn outside the door."""
    return _standing.get() is not None


def now() -> datetime:
    """The instant of the open transaction, by the database's clock."""
    return standing().at


def today() -> date:
    """The day in Sweden at the open transaction's instant: what is decided by a date is decided by this."""
    return day_of(now())


@contextmanager
def stand(actor: Actor, at: datetime, request_id: UUID) -> Iterator[Standing]:
    """Make `actor` the open context of this thread; the door has already told the database."""
    place = Standing(actor, at, request_id)
    token = _standing.set(place)
    try:
        yield place
    finally:
        _standing.reset(token)


@contextmanager
def acting(actor: Actor, *, request_id: UUID | None = None) -> Iterator[Standing]:
    """Open a signed context in the transaction that is already begun (jobs, proofs, tests)."""
    request_id = request_id or uuid4()
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_context(%s)", [actor.signed(request_id)])
        row = cursor.fetchone()
    try:
        with stand(actor, row[0], request_id) as place:
            yield place
    finally:
        if connection.in_atomic_block and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('humla.ctx', '', true)")
