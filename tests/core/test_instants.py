"""Instants out of the database, as Django's own loader reads them."""

from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import register_tzloader

WRITTEN = [
    "2026-11-24 12:00:00+00",
    "2026-11-24 12:00:00.1+00",
    "2026-11-24 12:00:00.123456+00",
    "2026-07-01 00:30:00+02",
    "1889-12-31 23:59:59+01",
    "0001-01-01 00:00:00+00",
    "9999-12-31 23:59:59+00",
]


@pytest.mark.django_db
@pytest.mark.parametrize("written", WRITTEN)
def test_an_instant_is_the_one_that_django_reads(written):
    with connection.cursor() as cursor:
        ours = cursor.execute("SELECT %s::timestamptz", [written]).fetchone()[0]
        register_tzloader(UTC, cursor.cursor)
        theirs = cursor.execute("SELECT %s::timestamptz", [written]).fetchone()[0]

    assert (ours, ours.tzinfo) == (theirs, theirs.tzinfo)


@pytest.mark.django_db
def test_an_instant_is_the_same_in_another_time_zone_of_the_connection():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TimeZone = 'Europe/Stockholm'")
        at = cursor.execute("SELECT '2026-11-24 12:00:00+00'::timestamptz").fetchone()[0]

    assert (at, at.tzinfo) == (datetime(2026, 11, 24, 12, tzinfo=UTC), UTC)


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["infinity", "0044-03-15 12:00:00+00 BC"])
def test_what_is_no_instant_of_ours_is_said_and_not_guessed(written):
    with connection.cursor() as cursor, pytest.raises(psycopg.DataError):
        cursor.execute("SELECT %s::timestamptz", [written]).fetchone()
