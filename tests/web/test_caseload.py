"""The manager of a unit hands over what somebody has left, without seeing whom it is about."""

import re
from dataclasses import replace
from uuid import uuid4

import psycopg
from django.db import transaction

from humla.cases.visibility import my_cases
from humla.core.context import acting
from humla.organisation.models import Role
from tests import factories
from tests.cast import SINCE
from tests.conftest import _owner


def test_the_manager_hands_over_by_reference_and_sees_nobodys_name(cast, sign_in, committed_db):
    with transaction.atomic():
        case = factories.open_case(cast, by=cast.siv)
    with psycopg.connect(_owner(committed_db), autocommit=True) as owner:
        boss, post = uuid4(), uuid4()
        owner.execute(
            "INSERT INTO organisation_professional"
            " (id, association_id, authority_id, account_id, name, phone)"
            " SELECT %s, association_id, authority_id, account_id, 'Bo Boman', ''"
            " FROM organisation_professional WHERE id = %s",
            [boss, cast.maja.id],
        )
        owner.execute(
            "INSERT INTO organisation_unitassignment"
            " (id, association_id, professional_id, unit_id, role, starts_at)"
            " VALUES (%s, %s, %s, %s, 'manager', %s)",
            [post, cast.maja.association_id, boss, cast.maja.unit_id, SINCE],
        )
    cast.accounts[boss] = cast.accounts[cast.maja.id]
    door = sign_in(replace(cast.maja, id=boss, assignment_id=post, role=Role.MANAGER.value))
    page = door.get("/enhetens-arenden/").content.decode()
    to = re.search(r'<option value="([0-9a-f-]{36})">Ylva', page)
    done = door.send("/enhetens-arenden/", {"cases": [str(case.pk)], "to": to[1], "note": "Siv är sjuk."})
    with transaction.atomic(), acting(cast.ylva):
        mine = my_cases()

    assert (case.reference in page, "Siv Sandberg" in page, "Eva" in page) == (True, True, False)
    assert "/enhetens-arenden/" in door.get("/arenden/").content.decode()
    assert [one in page for one in ('href="/skyddade-arenden/"', 'href="/aviseringar/"')] == [True, True]
    assert door.get(f"/arenden/{case.pk}/").status_code == 404
    assert done.url == "/enhetens-arenden/"
    assert [one.is_responsible for one in mine] == [True]
