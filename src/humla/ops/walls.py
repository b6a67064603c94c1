"""Applies the database's half of the secrecy rule, and refuses to serve when it is not whole.

Lives here: running `src/humla/walls/*.sql` in one transaction, the two sums (files and live state), and
the questions asked before web and worker begin. Not here: the rule (the SQL files; in Python
`disclosures/visibility.py`) and roles and tables (`install.py`).
"""

import hashlib
import json
import os
import re
import time
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from humla.ops.sentences import Stop

FILES = Path(__file__).resolve().parent.parent / "walls"
# The door takes this lock shared in its opening statement: applying under traffic deadlocked without it.
GATE = 7201
_ATTEMPTS = 5

Connection = psycopg.Connection[tuple[object, ...]]


def apply(connection: Connection) -> None:
    """As owner: drop every policy, run the files in name order, set the key, store the sums."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with connection.transaction():
                _apply_once(connection)
            return
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            if attempt == _ATTEMPTS:
                raise
            time.sleep(0.2 * attempt)


def seal(connection: Connection) -> None:
    """Store the sums of how it stands now: after `apply`, and after a test has replaced the clock."""
    connection.execute(
        "INSERT INTO humla_wall (id, files, live, applied_at)"
        " VALUES (1, %s, wall_fingerprint(), transaction_timestamp())"
        " ON CONFLICT (id) DO UPDATE SET files = excluded.files, live = excluded.live,"
        " applied_at = excluded.applied_at",
        [sum_of_files()],
    )


def sum_of_files() -> str:
    total = hashlib.sha256()
    for file in sorted(FILES.glob("*.sql")):
        total.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def verify(connection: Connection) -> list[str]:
    """What is wrong with the walls, in Swedish sentences; an empty list when they stand. Any role may ask."""
    try:
        with connection.transaction():
            row = connection.execute("SELECT files, live, wall_fingerprint() FROM humla_wall").fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedFunction):
        return ["Murarna i databasen är inte uppsatta."]
    if row is None:
        return ["Murarna i databasen är inte uppsatta."]
    files, stored, live = row
    problems = []
    if files != sum_of_files():
        problems.append("Murarna i databasen är gjorda av andra filer än dem i src/humla/walls.")
    if stored != live:
        problems.append("Murarna i databasen har ändrats för hand sedan de sattes upp.")
    return problems


def refuse_wrong_role(connection: Connection) -> None:
    """Serving as superuser, with BYPASSRLS or as owner would be serving without the wall."""
    row = connection.execute(
        "SELECT current_user, rolsuper, rolbypassrls, EXISTS ("
        "  SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        "  AND relkind IN ('r', 'p') AND pg_has_role(current_user, relowner, 'MEMBER'))"
        " FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    assert row is not None
    if any(row[1:]):
        raise Stop(
            f"Webb och arbetare får inte köra som databasrollen {row[0]}: den går förbi murarna. "
            "Ge humla_app i DATABASE_URL.",
            f"Web and worker must not run as the database role {row[0]}: it passes the walls. "
            "Give humla_app in DATABASE_URL.",
        )
    if os.environ.get("HUMLA_DEMO") != "1":
        _refuse_replaced_clock(connection)


def refuse_to_serve() -> None:
    """Asked by web and worker before their first work; ends the process with two sentences."""
    try:
        if "HUMLA_KEYS" not in os.environ:
            raise Stop(
                "HUMLA_KEYS saknas: utan nyckelfilen kan inget signeras eller läsas.",
                "HUMLA_KEYS is missing: without the key file nothing can be signed or read.",
            )
        refuse_an_open_wire(os.environ.get("DATABASE_URL", ""))
        with psycopg.connect(os.environ.get("DATABASE_URL", ""), connect_timeout=10) as connection:
            stand_or_stop(connection)
    except Stop as stop:
        stop.show()
        raise SystemExit(1) from None


def stand_or_stop(connection: Connection) -> None:
    """The wrong role, a replaced clock or altered walls: a Stop. Otherwise nothing."""
    refuse_wrong_role(connection)
    if problems := verify(connection):
        raise Stop(
            f"{' '.join(problems)} Sätt upp dem igen: starta om ./humla run med DATABASE_OWNER_URL.",
            "The walls in the database do not match the code. Apply them again: restart ./humla run with "
            "DATABASE_OWNER_URL.",
        )


def refuse_an_open_wire(url: str) -> None:
    """A database on another machine is spoken to over TLS, with its certificate checked: nothing less."""
    told = conninfo_to_dict(url)
    hosts = [*str(told.get("host") or "").split(","), *str(told.get("hostaddr") or "").split(",")]
    mode = told.get("sslmode") or os.environ.get("PGSSLMODE", "")
    if all(_is_this_machine(host) for host in hosts) or mode == "verify-full":
        return
    raise Stop(
        "Databasen står på en annan maskin och förbindelsen är inte skyddad. Lägg till "
        "?sslmode=verify-full i DATABASE_URL.",
        "The database is on another machine and the connection is not protected. Add ?sslmode=verify-full to "
        "DATABASE_URL.",
    )


def _is_this_machine(host: str) -> bool:
    return host in ("", "localhost", "::1") or host.startswith(("/", "@", "127."))


def context_key() -> str:
    """The key that signs contexts. It is set again at each apply, for backups leave it out."""
    return str(json.loads(Path(os.environ["HUMLA_KEYS"]).read_text())["context"])


def _apply_once(connection: Connection) -> None:
    connection.execute("SET LOCAL lock_timeout = '5s'")
    # Unknown notices such as "does not exist, skipping" are not news at every start.
    connection.execute("SET LOCAL client_min_messages = warning")
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [GATE])
    policies = connection.execute("SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public'")
    for name, table in policies.fetchall():
        both = sql.Identifier(str(name)), sql.Identifier("public", str(table))
        connection.execute(sql.SQL("DROP POLICY {} ON {}").format(*both))
    for file in sorted(FILES.glob("*.sql")):
        try:
            connection.execute(file.read_bytes())
        except psycopg.Error as error:
            error.add_note(f"walls/{file.name}{_line_of(error, file)}")
            raise
    connection.execute("SELECT wall_set_key(%s)", [context_key()])
    seal(connection)


def _line_of(error: psycopg.Error, file: Path) -> str:
    position = error.diag.statement_position
    if position is None:
        return ""
    return f":{file.read_text()[: int(position)].count(chr(10)) + 1}"


def _refuse_replaced_clock(connection: Connection) -> None:
    """Only test and demonstration databases may have a humla_now() that can be set."""
    row = connection.execute(
        "SELECT coalesce(nullif(prosrc, ''), pg_get_function_sqlbody(oid)) FROM pg_proc"
        " WHERE proname = 'humla_now' AND pronamespace = 'public'::regnamespace"
    ).fetchone()
    body = " ".join(str(row[0]).lower().split()) if row else ""
    if not re.fullmatch(r"(select|return) (pg_catalog\.)?(transaction_timestamp|now)\(\) ?;?", body):
        raise Stop(
            "Databasens klocka humla_now() är utbytt: det får den bara vara i test och demonstration.",
            "The database's clock humla_now() has been replaced: only tests and demonstrations may do that.",
        )
