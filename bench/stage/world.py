"""A world of any size to measure in: a clone of the walled database, a crowd, and a few cases in use.

Here: making such a database once per state of the code, and waking its sessions before a measurement. Not
here: the crowd (`crowd.sql`) and those who are looked at (`hot.py`).

Everything is written by the owner in set-based statements. Foreign keys are dropped while the crowd is
loaded and made again, checked, afterwards: three million single look-ups would be ten minutes.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from humla.ops import install

HERE = Path(__file__).resolve().parent
PEOPLE_PER_TENANT = 5_000
CASES_PER_HANDLER = 40
LEADING_AUTHORITIES = 6

Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True)
class World:
    """Where a seeded database is, who can sign in there, and which cases they look at."""

    people: int
    database: str
    leader: str
    receiver: str
    person: str
    leader_django: str
    receiver_django: str
    hot: list[str]
    small: str
    large: str

    @property
    def app_url(self) -> str:
        return url_of("DATABASE_URL", self.database)


def prepared(people: int) -> World:
    """The world with so many people, made now or kept from an earlier run of the same code."""
    database = f"bench_{people}_{_stamp(people)}"
    kept = install.VAR / f"{database}.json"
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        if not (kept.exists() and _exists(owner, database)):
            _drop_older(owner, people)
            _make(owner, people, database, kept)
    world = World(**json.loads(kept.read_text()))
    _wake(world)
    return world


def url_of(variable: str, database: str) -> str:
    """The address in the environment, turned to another database of the same cluster."""
    return os.environ[variable].replace("/humla?", f"/{database}?")


def keep(world: World, path: Path) -> None:
    """Remember what was made (called by `hot.py`, which makes it)."""
    path.write_text(json.dumps(asdict(world)))


def _make(owner: Connection, people: int, database: str, kept: Path) -> None:
    name = sql.Identifier(database)
    owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
    owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE humla STRATEGY file_copy").format(name))
    with psycopg.connect(url_of("DATABASE_OWNER_URL", database), autocommit=True) as inside:
        with inside.transaction():
            keys = _drop_foreign_keys(inside)
            _load_crowd(inside, people)
            for table, constraint, definition in keys:
                inside.execute(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {definition}".encode())
        _load_hot(people, database, kept)
        inside.execute("VACUUM (ANALYZE)")


def _load_crowd(inside: Connection, people: int) -> None:
    tenants = -(-people // PEOPLE_PER_TENANT)
    cases = people / tenants
    numbers = {
        "people": people,
        "tenants": tenants,
        "handlers": max(1, round(cases / LEADING_AUTHORITIES / CASES_PER_HANDLER)),
        "receivers": max(1, round(cases / CASES_PER_HANDLER)),
    }
    names = re.compile(rf"(?<![\w:]):({'|'.join(numbers)})\b")
    statements = names.sub(lambda found: str(numbers[found[1]]), (HERE / "crowd.sql").read_text())
    inside.execute("SET LOCAL work_mem = '256MB'")
    inside.execute("SET LOCAL maintenance_work_mem = '512MB'")
    inside.execute(statements.encode())


def _drop_foreign_keys(inside: Connection) -> list[tuple[object, ...]]:
    found = inside.execute(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)"
        " FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
    ).fetchall()
    for table, constraint, _definition in found:
        inside.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}".encode())
    return found


def _load_hot(people: int, database: str, kept: Path) -> None:
    """In a process of its own: it uses the models as owner, which this process never is."""
    environment = os.environ | {
        "HUMLA_AS_OWNER": "1",
        "DATABASE_OWNER_URL": url_of("DATABASE_OWNER_URL", database),
    }
    command = [sys.executable, "-m", "bench.stage.hot", str(people), database, str(kept)]
    subprocess.run(command, env=environment, cwd=install.ROOT, check=True)


def _wake(world: World) -> None:
    """Sessions end after half an hour without use, also those of a database kept since yesterday."""
    with psycopg.connect(url_of("DATABASE_OWNER_URL", world.database)) as owner:
        owner.execute(
            "UPDATE accounts_session SET started_at = now(), seen_at = now(),"
            " ends_at = now() + interval '10 hours'"
        )
        owner.execute("UPDATE django_session SET expire_date = now() + interval '10 hours'")


def _stamp(people: int) -> str:
    total = hashlib.sha256(f"{install.stamp()} {people}".encode())
    for file in sorted([*HERE.glob("*.sql"), HERE / "world.py", HERE / "hot.py"]):
        total.update(file.read_bytes())
    return total.hexdigest()[:12]


def _exists(owner: Connection, database: str) -> bool:
    return owner.execute("SELECT FROM pg_database WHERE datname = %s", [database]).fetchone() is not None


def _drop_older(owner: Connection, people: int) -> None:
    found = owner.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE %s", [rf"bench\_{people}\_%"]
    ).fetchall()
    for (database,) in found:
        name = sql.Identifier(str(database))
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        (install.VAR / f"{database}.json").unlink(missing_ok=True)
