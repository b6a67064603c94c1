"""Which sign-ins are open: one's own, and those that act in some assignments.

Lives here: the queries of the page where sign-ins are ended. Not here: ending them (`actions.py`), nor whose
account it is (organisation).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Max, QuerySet

from humla.accounts import tokens
from humla.accounts.models import Session
from humla.core.context import now


@dataclass(frozen=True, slots=True)
class OpenSignIn:
    """A browser where somebody is signed in. `name` is what a form calls it by; it opens nothing."""

    name: str
    kind: Session.Kind
    assignment_id: UUID | None
    started_at: datetime
    seen_at: datetime
    ends_at: datetime
    is_this: bool


def sign_ins_of(account_id: UUID, *, token: str) -> list[OpenSignIn]:
    """Where the account is signed in now: this browser first, then the one that was seen last."""
    this = tokens.hash_of(token)
    rows = _open().filter(account=account_id).order_by("-seen_at")
    found = [
        OpenSignIn(
            tokens.name_of(row.token_hash),
            Session.Kind(row.kind),
            row.assignment_id,
            row.started_at,
            row.seen_at,
            row.ends_at,
            row.token_hash == this,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: not one.is_this)


def last_seen_in(assignments: Iterable[UUID]) -> dict[UUID, datetime]:
    """When somebody who is signed in was seen last in each of these assignments.

    Not what the same human does as a private person or in another förbund: that is hers.
    """
    rows = _open().filter(assignment_id__in=set(assignments)).values("assignment_id")
    seen = rows.annotate(seen=Max("seen_at")).values_list("assignment_id", "seen")
    return {assignment: at for assignment, at in seen if assignment}


def signed_in_at(token: str) -> datetime | None:
    """When the holder of this token identified herself."""
    found = _open().filter(token_hash=tokens.hash_of(token)).values_list("started_at", flat=True)
    return found.first()


def _open() -> QuerySet[Session]:
    """Neither ended nor idle too long: the same as `enter()` in the walls lets in."""
    at = now()
    return Session.objects.filter(ends_at__gt=at, seen_at__gt=at - settings.SIGNIN_SESSION_IDLE)
