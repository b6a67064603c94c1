"""Makes an empty cluster into Humla's: roles, the database, tables, walls, keys and static files.

Lives here: what is done once, or again when the code has changed, and the stamp that says it is done. Not
here: starting the database (`cluster.py`), the walls' content (`walls.py`), demonstration data (`demo.py`).
"""

import base64
import contextlib
import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from humla.core.secrets import RINGS
from humla.ops import walls
from humla.ops.sentences import Stop

ROOT = Path(__file__).resolve().parents[3]
VAR = Path(os.environ.get("HUMLA_VAR") or ROOT / "var")

# Who may do what is told in docs/drift.md; grants on tables stand in src/humla/walls.
ROLES = {
    "humla_owner": "LOGIN CREATEDB",
    "humla_app": "LOGIN",
    "humla_sealer": "LOGIN",
    "humla_counter": "LOGIN",
    "humla_backup": "LOGIN BYPASSRLS",
}


def prepare(super_url: str, *, tests: bool = False) -> None:
    """Roles and an empty database, in an embedded or test cluster. Nothing happens when they are there."""
    with psycopg.connect(_on(super_url, "postgres"), autocommit=True) as connection:
        found = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
        if "humla_backup" not in found:
            _make_roles(connection, found)
        if tests and "humla_tester" not in found:
            # For tests that hold facts of many authorities: SET LOCAL ROLE, never rights of its own.
            connection.execute("CREATE ROLE humla_tester LOGIN NOINHERIT IN ROLE humla_owner, humla_app")
        if connection.execute("SELECT FROM pg_database WHERE datname = 'humla'").fetchone() is None:
            connection.execute("CREATE DATABASE humla OWNER humla_owner")
    _close_database(_on(super_url, "humla"))


def sweep(super_url: str) -> None:
    """In a test cluster nobody else uses: databases of killed test runs, and templates of older code."""
    with psycopg.connect(super_url, autocommit=True) as connection:
        left = connection.execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^(test|committed)_|_partial$'"
            " OR (datname ~ '^template_' AND oid < (SELECT max(oid) FROM pg_database"
            " WHERE datname ~ '^template_' AND datname !~ '_partial$'))"
        ).fetchall()
        for (name,) in left:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(str(name))))


def migrate_and_wall(owner_url: str) -> bool:
    """Tables and walls as the owner; False when the stamp says that they are as the code wants them."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        if _stamp_in(connection) == stamp():
            return False
        connection.execute("SELECT pg_advisory_lock(%s)", [walls.GATE + 1])  # Two servers that start at once.
        if _stamp_in(connection) == stamp():
            return False
        as_owner = {"HUMLA_AS_OWNER": "1", "DATABASE_OWNER_URL": owner_url}
        _django("migrate", "--no-input", "--verbosity", "0", **as_owner)
        try:
            walls.apply(connection)
        except psycopg.Error as error:
            raise Stop(
                "Murarna gick inte att sätta upp; databasen har kvar dem den hade.",
                "The walls could not be applied; the database keeps those it had.",
                details="\n".join([*getattr(error, "__notes__", []), str(error)]),
            ) from error
        _write_stamp(connection)
    return True


def stamp() -> str:
    """The sum of all that decides how tables and walls look."""
    total = hashlib.sha256(walls.sum_of_files().encode())
    # A new context key must be set in the database too. The sum of 32 random bytes gives nothing away.
    total.update(hashlib.sha256(walls.context_key().encode()).digest())
    files = sorted(ROOT.glob("src/humla/*/migrations/*.py"))
    for file in [*files, ROOT / "requirements" / "run.txt", ROOT / "config" / "settings.py"]:
        total.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return f"humla:{total.hexdigest()}"


def make_keys(path: Path, *, data_exists: bool) -> None:
    """The keys of this installation: made once, readable by us alone, never in the database.

    Data without its keys cannot be read, so they are not quietly replaced.
    """
    if path.exists():
        _add_rings(path)
        return
    if data_exists:
        raise Stop(
            f"Nyckelfilen {path} saknas men databasen finns. Lägg tillbaka filen från säkerhetskopian.",
            f"The key file {path} is missing but the database exists. Put the file back from the backup.",
        )
    keys: dict[str, object] = {
        "django": secrets.token_urlsafe(50),
        "context": secrets.token_hex(32),
        "lookup": secrets.token_hex(32),
        **{ring: [new_key()] for ring in RINGS},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = _written_beside(path, keys)
    # A link refuses to replace: of two that begin at once, one pair of keys wins.
    with contextlib.suppress(FileExistsError):
        os.link(partial, path)
    partial.unlink()


def new_key() -> str:
    """A key for sealed texts."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def replace_keys(path: Path, keys: dict[str, object]) -> None:
    """The key file with other keys in it, at once: whoever reads it meanwhile has the old ones or the new."""
    _written_beside(path, keys).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _written_beside(path: Path, keys: dict[str, object]) -> Path:
    partial = path.with_name(path.name + f".{os.getpid()}")
    with open(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        json.dump(keys, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return partial


def _add_rings(path: Path) -> None:
    """A file from before protected contact details had a key of their own gets one; it has sealed nothing."""
    if all(ring in json.loads(path.read_text()) for ring in RINGS):
        return
    with exclusive(path.with_name(path.name + ".lock")):
        keys = json.loads(path.read_text())
        if missing := {ring: [new_key()] for ring in RINGS if ring not in keys}:
            replace_keys(path, keys | missing)


def collect_static(var: Path) -> None:
    """Static files with their sums in their names, when any of them or a package has changed."""
    total = hashlib.sha256((ROOT / "requirements" / "run.txt").read_bytes())
    for file in sorted((ROOT / "src/humla/web/static").rglob("*")):
        if file.is_file():
            seen = file.stat()
            total.update(f"{file.relative_to(ROOT)} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    done = var / "static" / ".stamp"
    if done.exists() and done.read_text() == total.hexdigest():
        return
    with exclusive(var / "static.lock"):
        _django("collectstatic", "--no-input", "--clear", "--verbosity", "0", HUMLA_VAR=str(var))
        done.write_text(total.hexdigest())


def is_installed(url: str) -> bool:
    """Whether tables have been made in this database; any role may ask."""
    with psycopg.connect(url) as connection:
        return _stamp_in(connection) is not None


def is_inhabited(owner_url: str) -> bool:
    """Whether an organisation and its first cases are there: an empty demonstration gets the fictitious ones.

    Both, since a load that was killed between them is done again by loading once more.
    """
    asked = "SELECT EXISTS (SELECT FROM organisation_association) AND EXISTS (SELECT FROM cases_case)"
    with psycopg.connect(owner_url) as connection:
        row = connection.execute(asked.encode()).fetchone()
    return row is not None and bool(row[0])


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """One process at a time; waits for its turn."""
    import fcntl

    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make_roles(connection: walls.Connection, found: set[object]) -> None:
    for role, attributes in ROLES.items():
        if role not in found:
            connection.execute(f"CREATE ROLE {role} {attributes}".encode())
    # Nested row policies cost more to plan than to run; otherwise each connection plans five times.
    connection.execute("ALTER ROLE humla_app SET plan_cache_mode = force_generic_plan")
    # The owner drops test databases that the app's sessions are just leaving.
    connection.execute("GRANT pg_signal_backend TO humla_owner")


def _close_database(url: str) -> None:
    """Without TEMP nobody can put a table of the same name in front of ours."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("REVOKE ALL ON DATABASE humla FROM PUBLIC")
        roles = sql.SQL(", ").join(sql.Identifier(role) for role in ROLES)
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE humla TO {}").format(roles))


def _stamp_in(connection: walls.Connection) -> object:
    row = connection.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    return row[0] if row else None


def _write_stamp(connection: walls.Connection) -> None:
    name = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, stamp()))


def _django(*arguments: str, **told: str) -> None:
    environment = dict(os.environ, DJANGO_SETTINGS_MODULE="config.settings") | told
    command = [sys.executable, "-m", "django", *arguments]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        if "No space left" in done.stderr or shutil.disk_usage(VAR.parent).free < 10_000_000:
            raise OSError(28, "No space left on device")
        raise Stop(
            f"Steget {arguments[0]} misslyckades; det som fanns är kvar.",
            f"The step {arguments[0]} failed; what was there is still there.",
            details="\n".join(done.stderr.splitlines()[-25:]),
        )


def _on(url: str, database: str) -> str:
    return make_conninfo(url, dbname=database)
