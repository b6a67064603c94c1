"""How many statements a page sends, counted by the database itself.

Here: turning the statement log on for one world, asking a page, and counting. Not here: how long they take.
The cluster is the measurement's own, so its superuser may be asked to log; nobody else's may.
"""

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from bench.stage.client import Unexpected
from bench.stage.server import serving
from bench.stage.world import World
from humla.ops.cluster import SUPERUSER
from humla.ops.install import VAR

_LINE = re.compile(r"LOG: +(?:statement|execute [^:]*): *(.*)")
_CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET")
_WARM = 3


def counted(world: World, asked: dict[str, tuple[str, str]]) -> dict[str, list[str]]:
    """For each page (path and cookies): its statements, those that only steer the transaction left out."""
    found = {}
    with _logged(world), serving(world) as server:
        for name, (path, cookies) in asked.items():
            server.await_page(path, cookies)
            client = server.client(cookies)
            for _ in range(_WARM):
                client.get(path)
            before = _log_size()
            if client.get(path).status != 200:
                raise Unexpected(f"{path} failed while its statements were counted")
            client.close()
            time.sleep(0.2)
            found[name] = _statements(before)
    return found


@contextmanager
def _logged(world: World) -> Iterator[None]:
    role, database = sql.Identifier("humla_app"), sql.Identifier(world.database)
    address = os.environ["DATABASE_OWNER_URL"].replace("humla_owner@", f"{SUPERUSER}@")
    change = sql.SQL("ALTER ROLE {} IN DATABASE {} {}")
    with psycopg.connect(address, autocommit=True) as superuser:
        superuser.execute(change.format(role, database, sql.SQL("SET log_statement = 'all'")))
        try:
            yield
        finally:
            superuser.execute(change.format(role, database, sql.SQL("RESET log_statement")))


def _log_size() -> int:
    return (VAR / "log" / "postgres.log").stat().st_size


def _statements(start: int) -> list[str]:
    with (VAR / "log" / "postgres.log").open(errors="replace") as log:
        log.seek(start)
        said = [match[1].strip() for line in log if (match := _LINE.search(line))]
    return [one for one in said if not one.upper().startswith(_CONTROL)]
