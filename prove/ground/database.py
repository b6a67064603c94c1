"""A database of the programme's own, with committed rows, walls as text and a clock that can be set.

Lives here: cloning, loading by the owner, applying walls (also altered ones), and reading as the limited
role in a given context. Not here: what is loaded (`world.py`) and who reads (`readers.py`).

The clock is replaced because an instant that ends "exactly now" cannot be hit otherwise; production refuses
to start with a replaced one (`humla.ops.walls`).
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import psycopg
from django.db.models import Model
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.types.json import Json

from humla.ops import walls

Connection = psycopg.Connection[tuple[object, ...]]
Texts = Mapping[str, str]
"""The walls' files: name to content."""

_CLOCK = """
CREATE OR REPLACE FUNCTION humla_now() RETURNS timestamptz LANGUAGE sql STABLE AS
$$SELECT coalesce(nullif(current_setting('humla.test_clock', true), '')::timestamptz,
                  transaction_timestamp())$$
"""


@contextmanager
def cloned(name: str, *, of: str = "humla") -> Iterator[str]:
    """A copy of a database, dropped at the end. Yields its name."""
    full = f"prove_{os.getpid()}_{name}"
    with as_owner("postgres") as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(full)))
        owner.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(full), sql.Identifier(of)
            )
        )
    try:
        yield full
    finally:
        with as_owner("postgres") as owner:
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(full)))


def as_owner(database: str) -> Connection:
    """Autocommit, as the role that migrates and loads."""
    return psycopg.connect(make_conninfo(os.environ["DATABASE_OWNER_URL"], dbname=database), autocommit=True)


def as_app(database: str) -> Connection:
    """As web and worker do it: the limited role, prepared statements, nothing of its own."""
    return psycopg.connect(
        make_conninfo(os.environ["DATABASE_URL"], dbname=database), autocommit=True, prepare_threshold=1
    )


def the_walls() -> dict[str, str]:
    """The walls as they stand in the source."""
    return {file.name: file.read_text() for file in sorted(walls.FILES.glob("*.sql"))}


def apply(owner: Connection, texts: Texts) -> None:
    """Put up these walls in one transaction, as `humla.ops.walls` does it, and the replaced clock."""
    with owner.transaction():
        owner.execute("SET LOCAL client_min_messages = warning")
        found = owner.execute("SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public'")
        for policy, table in found.fetchall():
            both = sql.Identifier(str(policy)), sql.Identifier("public", str(table))
            owner.execute(sql.SQL("DROP POLICY {} ON {}").format(*both))
        for name in sorted(texts):
            owner.execute(texts[name].encode())
        owner.execute("SELECT wall_set_key(%s)", [walls.context_key()])
        owner.execute(_CLOCK)


def lift_checks(owner: Connection) -> None:
    """Otherwise "internal is never released" could not be told from "nobody can consent to it"."""
    owner.execute("ALTER TABLE consents_consent DROP CONSTRAINT consent_categories_releasable")
    owner.execute("ALTER TABLE disclosures_disclosure DROP CONSTRAINT disclosure_categories_releasable")


def load(owner: Connection, rows: Mapping[type[Model], Sequence[Model]]) -> None:
    """Write rows past the policies, in the order given; foreign keys and checks are asked as always."""
    with owner.transaction():
        for model, some in rows.items():
            fields = model._meta.concrete_fields
            columns = sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields)
            table = sql.Identifier(model._meta.db_table)
            names = [field.attname for field in fields]
            with (
                owner.cursor() as cursor,
                cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(table, columns)) as copy,
            ):
                for row in some:
                    copy.write_row([_plain(getattr(row, name)) for name in names])
    owner.execute("ANALYZE")


def seen(app: Connection, table: str, line: str, at: datetime, *, column: str = "id") -> set[UUID]:
    """The ids of the rows that a context sees in a table at an instant."""
    with app.transaction():
        app.execute(
            "SELECT set_config('humla.ctx', %s, true), set_config('humla.test_clock', %s, true)",
            [line, at.isoformat()],
        )
        query = sql.SQL("SELECT {} FROM {}").format(sql.Identifier(column), sql.Identifier(table))
        return {row[0] for row in app.execute(query) if isinstance(row[0], UUID)}


def listed(app: Connection, *lists: str) -> Iterable[str]:
    """The tables that stand in these lists (`walls/10_lists.sql`) and that the limited role may read."""
    rows = app.execute(
        "SELECT name FROM humla_list WHERE list = ANY (%s) AND rights <> '' ORDER BY name", [list(lists)]
    )
    return [str(row[0]) for row in rows.fetchall()]


def _plain(value: object) -> object:
    return Json(value) if isinstance(value, dict) else value
