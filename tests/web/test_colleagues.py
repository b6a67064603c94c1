"""The page of colleagues on committed data: it asks as much for one as for thirty."""

import psycopg
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.cast import Cast
from tests.conftest import _owner

QUERIES = 7
"""The door's own, the trail's and the page's, whatever the number of colleagues."""


def test_the_page_of_colleagues_asks_as_much_for_one_as_for_thirty(cast, sign_in, committed_db):
    with transaction.atomic():
        case = factories.open_case(cast, by=cast.siv)
    siv = sign_in(cast.siv)
    asked = []
    for count in (1, 3, 30):
        _let_in(committed_db, cast, count)
        with CaptureQueriesContext(connection) as questions:
            page = siv.get(f"/arenden/{case.pk}/medarbetare/").content.decode()
        asked.append((page.count("Maja Moberg</bdi>"), len(questions)))

    assert asked == [(1, QUERIES), (3, QUERIES), (30, QUERIES)]


def _let_in(database: str, cast: Cast, count: int) -> None:
    """So many rows of Maja's beside Siv's own; ended in a year, since she can be let in for good once."""
    with psycopg.connect(_owner(database), autocommit=True) as owner:
        owner.execute("DELETE FROM cases_caseassignment WHERE role = 'member'")
        owner.execute(
            "INSERT INTO cases_caseassignment (id, association_id, authority_id, person_id, case_id, unit_id,"
            " professional_id, role, is_protected, starts_at, ends_at, assigned_by_id)"
            " SELECT gen_random_uuid(), association_id, authority_id, person_id, case_id, unit_id, %s,"
            " 'member', false, starts_at, now() + interval '1 year', professional_id"
            " FROM cases_caseassignment, generate_series(1, %s) WHERE role = 'responsible'",
            [cast.maja.id, count],
        )
