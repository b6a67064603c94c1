"""A screen that was left open does not open a protected case to one more reader."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from humla.accounts.models import Session
from humla.core import dates
from humla.core.context import acting, today
from humla.organisation.models import UnitAssignment
from humla.protection.actions import protect
from humla.protection.models import MarkingKind
from humla.protection.visibility import clearances_in
from humla.web.fresh import LATELY
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("minutes", "status", "readers"), [(29, 302, 2), (30, 403, 1)])
def test_one_more_reader_asks_for_a_sign_in_made_within_the_half_hour(
    cast: Cast, sign_in: Any, clock: Any, minutes: int, status: int, readers: int
) -> None:
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        protect(case, kind=MarkingKind.SECRECY, reason="Beslut i dag.", by=cast.siv)
        maja = UnitAssignment.objects.filter(professional=cast.maja.id)[0].pk
        until = today() + timedelta(days=30)
    siv = sign_in(cast.siv)
    started = Session.objects.get(account=cast.accounts[cast.siv.id]).started_at
    clock(started + timedelta(minutes=minutes))
    Session.objects.update(seen_at=dates.transaction_now(connection))

    answer = siv.send(
        f"/arenden/{case.pk}/skydd/", {"gor": "behorig", "who": str(maja), "until": until.isoformat()}
    )

    with acting(cast.siv):
        assert (answer.status_code, len(clearances_in(case))) == (status, readers), answer.content.decode()
    assert ("Logga in igen först" in answer.content.decode()) == (status == 403)
    assert LATELY.total_seconds() == 1800


def test_what_protects_is_done_at_once_however_long_she_has_been_signed_in(
    cast: Cast, sign_in: Any, clock: Any
) -> None:
    case = factories.open_case(cast, by=cast.siv)
    siv = sign_in(cast.siv)
    started = Session.objects.get(account=cast.accounts[cast.siv.id]).started_at
    clock(started + timedelta(hours=9))
    Session.objects.update(seen_at=dates.transaction_now(connection))

    answer = siv.send(
        f"/arenden/{case.pk}/skydd/",
        {"gor": "satt", "kind": MarkingKind.SECRECY.value, "reason": "Beslut i dag."},
    )

    assert answer.status_code == 302, answer.content.decode()
