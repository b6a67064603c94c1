"""A förbund is loaded from files: whole or not at all, and only once."""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from humla.agreements.models import AgreementParty
from humla.agreements.visibility import latest_agreement
from humla.audit.models import Event
from humla.cases.models import Case
from humla.core.context import Actor, Kind, acting
from humla.core.dates import today
from humla.core.secrets import person_key
from humla.ops.demo import DEMO
from humla.ops.loading import load, read
from humla.ops.reading import Refused

OTHER = DEMO.parent / "exempel-annat-forbund"
EVA = "198606112384"


@pytest.fixture
def empty(committed_db: str) -> str:
    """A database of its own; the cast's förbund has another short name in it than the files'."""
    with _owner(committed_db) as owner:
        owner.execute("UPDATE organisation_association SET short_name = 'cast-' || short_name")
    return committed_db


def _owner(database: str) -> Any:
    url = os.environ["DATABASE_OWNER_URL"].replace("/humla?", f"/{database}?")
    return psycopg.connect(url, autocommit=True)


def _as_eva(work: Any) -> Any:
    eva = Actor(Kind.PERSON, id=__import__("uuid").uuid4(), person_key=person_key(EVA))
    with transaction.atomic(), acting(eva):
        return work()


def _rows(database: str) -> dict[str, int]:
    tables = (
        "organisation_association",
        "organisation_unit",
        "accounts_account",
        "cases_case",
        "audit_event",
    )
    with _owner(database) as owner:
        return {name: owner.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}


def test_the_fictitious_forbund_is_loaded_with_its_first_cases(empty: str) -> None:
    report = load(DEMO)

    assert report.is_new
    assert report.counts == {"parter": 8, "myndigheter": 9, "enheter": 13, "medarbetare": 17, "ärenden": 5}
    assert _as_eva(lambda: [case.unit.name for case in Case.objects.select_related("unit")]) == [
        "Arbetsmarknadstorget"
    ]
