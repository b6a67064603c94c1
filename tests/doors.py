"""A browser without a window, where somebody has signed in; for tests and proofs.

Lives here: signing in past the provider, and sending a form as its page would. Not here: the real sign-in
(`tests/web/test_signin.py`) and a real browser (`tests/journeys`).
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from humla.accounts import tokens
from humla.accounts.models import Account, Session
from humla.core.context import Actor, Kind
from humla.core.secrets import person_key
from tests.cast import Cast


class Door(Client):
    """A signed-in browser. Every POST carries its own key and the unit that the page was rendered for."""

    actor: Actor

    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        if connection.in_atomic_block and not connection.needs_rollback:
            # A test's outer transaction outlives the page; in life the commit ends the context.
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('humla.ctx', '', true)")
        return response

    def send(self, path: str, data: dict[str, Any] | None = None, **extra: Any) -> Any:
        """POST a form as its page would send it."""
        acting_as = str(self.actor.assignment_id or self.actor.id)
        return self.post(path, {"key": str(uuid.uuid4()), "acting_as": acting_as, **(data or {})}, **extra)


def signed_in(who: Actor | str, cast: Cast) -> Door:
    """A browser where somebody has signed in: one of the cast, whoever has this number, or for somebody."""
    door = Door()
    token = tokens.new_token()
    started = datetime.now().astimezone()
    if isinstance(who, str):
        account = Account.objects.create(person_key=person_key(who))
        door.actor = Actor(Kind.PERSON, id=account.pk, person_key=person_key(who))
    elif who.kind is Kind.REPRESENTATIVE:
        account = Account.objects.create(person_key=who.person_key)
        door.actor = who
    else:
        account = Account.objects.get(pk=cast.accounts[who.id]) if who.id else Account.objects.create()
        door.actor = who
    Session.objects.create(
        token_hash=tokens.hash_of(token),
        seal=tokens.session_seal(tokens.hash_of(token), account.pk, account.person_key),
        account=account,
        level="loa3",
        kind=door.actor.kind.value,
        assignment_id=door.actor.assignment_id,
        mandate_id=door.actor.id if door.actor.kind is Kind.REPRESENTATIVE else None,
        person_key=door.actor.person_key,
        started_at=started,
        seen_at=started,
        ends_at=started + timedelta(hours=10),
    )
    door.cookies[settings.SIGNIN_COOKIE] = token
    return door
