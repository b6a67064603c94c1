"""The door on committed data: the trail, lost connections, and nothing left for the next in line."""

import psycopg
from django.db import connection, transaction
from django.urls import reverse

from humla.audit.tags import Tag
from tests import factories
from tests.conftest import _owner


def trail(database: str) -> list[tuple[str, str, str | None]]:
    """The trail as its owner sees it: tag, decision, case."""
    with psycopg.connect(_owner(database)) as owner:
        rows = owner.execute("SELECT tag, decision, case_id FROM audit_event ORDER BY at, id").fetchall()
    return [(tag, decision, str(case) if case else None) for tag, decision, case in rows]


def test_a_committed_look_is_on_the_trail_and_so_is_a_denied_one(cast, sign_in, committed_db):
    case = _committed_case(cast)
    siv, lena = sign_in(cast.siv), sign_in(cast.lena)
    address = reverse("case", kwargs={"case_id": case})

    assert siv.get(address).status_code == 200
    assert lena.get(address).status_code == 404
    seen = trail(committed_db)
    assert (Tag.CASE_READ.value, "allowed", str(case)) in seen
    assert (Tag.LOOK_DENIED.value, "denied", None) in seen
    # What was denied is nobody's look: the person must not learn that a clinic typed an address.
    with psycopg.connect(_owner(committed_db)) as owner:
        row = owner.execute("SELECT person_id FROM audit_event WHERE decision = 'denied'").fetchone()
    assert row == (None,)


def test_a_connection_that_died_between_pages_costs_nobody_anything(cast, sign_in, committed_db):
    siv = sign_in(cast.siv)
    assert siv.get(reverse("cases")).status_code == 200
    with psycopg.connect(_owner(committed_db), autocommit=True) as owner:
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND pid <> pg_backend_pid()",
            [committed_db],
        )

    assert siv.get(reverse("cases")).status_code == 200


def test_nothing_of_the_context_is_left_for_the_next_in_line(cast, sign_in, committed_db):
    sign_in(cast.siv).get(reverse("cases"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('humla.ctx', true)")
        assert cursor.fetchone()[0] in (None, "")


def _committed_case(cast):
    with transaction.atomic():
        return factories.open_case(cast, by=cast.siv).pk
