"""A demonstration filled with many persons: whole cases, nobody's number, and it can go on."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.conftest import _clone, _drop
from tests.ops.test_year import ROOT, _run, one


@pytest.fixture(scope="module")
def crowd(template: tuple[str, Path]) -> Iterator[tuple[psycopg.Connection[Any], dict[str, str]]]:
    """The year, and the surroundings in which it can be copied."""
    name = f"crowd_{os.getpid()}"
    _clone(template[0], name)
    urls = {
        which: os.environ[which].replace("/humla?", f"/{name}?")
        for which in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }
    surroundings = os.environ | urls
    with psycopg.connect(urls["DATABASE_OWNER_URL"], autocommit=True) as connection:
        connection.execute("UPDATE organisation_association SET short_name = 'cast-' || short_name")
        _run(surroundings, "humla.ops.demo")
        _run(surroundings | {"HUMLA_AS_OWNER": "1"}, "humla.ops.year")
        yield connection, surroundings
    _drop(name)


def _fill(surroundings: dict[str, str], persons: int) -> str:
    words = [sys.executable, "-m", "humla.ops.year.crowd", str(persons)]
    return subprocess.run(
        words, env=surroundings, cwd=ROOT, check=True, capture_output=True, text=True
    ).stderr


def test_it_goes_on_where_it_stopped_and_every_row_points_at_its_own_copy(crowd: Any) -> None:
    year, surroundings = crowd
    numbered = "SELECT count(*) FROM people_person WHERE number <> ''"
    before, keys = one(year, numbered), one(year, "SELECT count(*) FROM pg_constraint WHERE contype = 'f'")

    _fill(surroundings, 300)
    said = _fill(surroundings, 600)

    assert one(year, "SELECT count(*) FROM people_person") >= 600
    assert f"{one(year, 'SELECT count(*) FROM people_person')} personer finns." in said
    assert one(year, numbered) == before
    # The foreign keys are back, and PostgreSQL has tried every row of them.
    assert one(year, "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated") == keys
    assert (
        one(
            year,
            "SELECT count(*) FROM plans_plan p JOIN cases_case c"
            " ON c.id = p.case_id AND c.person_id <> p.person_id",
        )
        == 0
    )


def test_when_there_are_enough_nothing_happens(crowd: Any) -> None:
    year, surroundings = crowd
    before = one(year, "SELECT count(*) FROM people_person")

    _fill(surroundings, 1)

    assert one(year, "SELECT count(*) FROM people_person") == before
