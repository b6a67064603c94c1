"""The databases and fixtures of the tests: a walled template, cloned for each worker, always as role `app`.

Ordinary tests run in an outer transaction that is rolled back. Tests that need committed data (browser,
races) get a clone of their own. Nothing is ever emptied: TRUNCATE is refused for `app`.
"""

import hashlib
import os
import pickle
import secrets
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from playwright.sync_api import Browser, sync_playwright
from psycopg import sql

from humla.core.context import Actor, Kind, now
from humla.core.secrets import person_key
from humla.ops import install, walls
from tests import cast as the_cast
from tests.doors import Door, signed_in

_TEST_CLOCK = """
CREATE OR REPLACE FUNCTION humla_now() RETURNS timestamptz LANGUAGE sql STABLE AS
$$SELECT coalesce(nullif(current_setting('humla.test_clock', true), '')::timestamptz,
                  transaction_timestamp())$$
"""


def _owner(database: str) -> str:
    return os.environ["DATABASE_OWNER_URL"].replace("/humla?", f"/{database}?")


@contextmanager
def _owning(database: str) -> Iterator[None]:
    """Let Django speak as owner in a database for a while: only to build the template."""
    place = connections["default"].settings_dict
    before = place["NAME"], place["USER"]
    connection.close()
    place["NAME"], place["USER"] = database, "humla_owner"
    try:
        yield
    finally:
        connection.close()
        place["NAME"], place["USER"] = before


def _template() -> tuple[str, Path]:
    """The template database and the cast in it, made once for this state of the code."""
    total = hashlib.sha256(install.stamp().encode() + Path(the_cast.__file__).read_bytes())
    total.update(Path(__file__).read_bytes())
    name = f"template_{total.hexdigest()[:16]}"
    kept = install.VAR / f"{name}.cast"
    with psycopg.connect(_owner("humla"), autocommit=True) as owner:
        owner.execute("SELECT pg_advisory_lock(7301)")
        found = owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if found and kept.exists():
            return name, kept
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        partial = f"{name}_partial"
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(partial)))
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(partial)))
        install.migrate_and_wall(_owner(partial))
        with psycopg.connect(_owner(partial), autocommit=True) as inside:
            inside.execute(_TEST_CLOCK)
            walls.seal(inside)
        with _owning(partial):
            the_cast.seed()
            kept.write_bytes(pickle.dumps(the_cast.gather()))
        owner.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(partial), sql.Identifier(name))
        )
        owner.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name)))
    return name, kept


def _clone(template: str, name: str) -> None:
    with psycopg.connect(_owner("humla"), autocommit=True) as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        owner.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )


def _drop(name: str) -> None:
    with psycopg.connect(_owner("humla"), autocommit=True) as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def pytest_configure() -> None:
    # Playwright's synchronous interface runs an event loop in this thread; Django would think we are in it.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    # Pages in tests name their files without sums: nothing needs collecting first.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker and marker.kwargs.get("transaction"):
            raise pytest.UsageError(
                f"{item.nodeid}: transaction=True ends in TRUNCATE, which app may not do. Use committed_db."
            )


@pytest.fixture(scope="session")
def template(django_db_blocker: Any) -> tuple[str, Path]:
    """Name of the walled template database, and where its cast is kept."""
    if "DATABASE_OWNER_URL" not in os.environ:
        pytest.exit("Testerna behöver sitt databaskluster: kör ./humla test", returncode=2)
    with django_db_blocker.unblock():
        return _template()


@pytest.fixture(scope="session")
def django_db_setup(template: tuple[str, Path], django_db_blocker: Any) -> Iterator[None]:
    """Each worker's own clone of the template, spoken to as role app."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    _clone(template[0], name)
    with django_db_blocker.unblock():
        connections["default"].close()
    settings.DATABASES["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    _drop(name)


@pytest.fixture
def committed_db(template: tuple[str, Path], django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of this test's own in which commits are real. Its name."""
    name = f"committed_{os.getpid()}_{secrets.token_hex(4)}"
    place = connections["default"].settings_dict
    before = place["NAME"]
    with django_db_blocker.unblock():
        connections["default"].close()
        _clone(template[0], name)
        place["NAME"] = name
        yield name
        connections.close_all()
        place["NAME"] = before
    _drop(name)


@pytest.fixture
def cast(template: tuple[str, Path]) -> the_cast.Cast:
    """Siv, Amir, Lena, Nils, Eva and the others."""
    gathered: the_cast.Cast = pickle.loads(template[1].read_bytes())
    return gathered


@pytest.fixture
def sign_in(cast: the_cast.Cast) -> Callable[[Actor | str], Door]:
    """`sign_in(cast.siv)` is a browser where Siv has signed in; `sign_in(cast.eva)` one where Eva has."""

    return lambda who: signed_in(who, cast)


@pytest.fixture
def clock(db: None) -> Callable[[datetime], None]:
    """`clock(at)`: the database says that it is then, until the test ends."""

    def set_clock(at: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('humla.test_clock', %s, true)", [at.isoformat()])

    return set_clock


@contextmanager
def person_acting(number: str) -> Iterator[None]:
    """Eva's own session in the open transaction."""
    from humla.core.context import acting

    with acting(Actor(Kind.PERSON, id=uuid.uuid4(), person_key=person_key(number))):
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's own Chromium. Without one, browser tests fail in CI and are loudly skipped elsewhere."""
    path = next(
        (found for one in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(one))),
        "",
    )
    if not path:
        if os.environ.get("CI"):
            pytest.fail("Chromium saknas: apt-get install chromium")
        pytest.skip("Chromium saknas, så webbläsartesterna hoppas över: apt-get install chromium")
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=[*root, *quiet, "--disable-gpu"])
        yield chromium
        chromium.close()


__all__ = ["Door", "now", "person_acting"]
