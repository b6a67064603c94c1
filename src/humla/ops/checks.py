"""`./humla check` and `./humla fix`: whether the code may be handed on, and what can be put right by itself.

Lives here: one short line per check, run side by side, and the mending of what needs no thought. Not here:
what the tests prove (`tests/`), and how reliability is proved (`prove/`).
"""

import hashlib
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from time import monotonic

import psycopg
from babel.messages import mofile, pofile

from humla.ops import install, walls
from humla.ops.environment import Environment, scratch, without_owner
from humla.ops.install import ROOT, VAR
from humla.ops.sentences import Stop, say, seconds

_VENDORED = ROOT / "src/humla/web/static/vendor"
_BIN = Path(sys.executable).parent
# The bootstrap has no ending, so the tools must be told of it.
_PYTHON_FILES = [".", "humla"]


@dataclass(frozen=True)
class Verdict:
    """How one check went; `faults` is empty when all is well."""

    name: str
    faults: str
    took: str


def check() -> int:
    """All checks, two at a time, the slowest first; 0 when every one of them is content."""
    begun = monotonic()
    with scratch("check") as environment, ThreadPoolExecutor(max_workers=2) as pool:
        waiting = [pool.submit(_judged, name, work) for name, work in _checks(environment)]
        verdicts = [_told(verdict) for verdict in waiting]
    bad = [verdict.name for verdict in verdicts if verdict.faults]
    say(f"{'Brister: ' + ', '.join(bad) if bad else 'Allt stämmer'} ({seconds(begun)})")
    return 1 if bad else 0


def fix(*, requirements: bool) -> int:
    """Format, mend, generate and compile; then look at what changed before you commit it."""
    if requirements:
        _resolve_requirements()
    for title, command in (
        ("form", ["ruff", "format", *_PYTHON_FILES]),
        ("lint", ["ruff", "check", "--fix", "-q", *_PYTHON_FILES]),
    ):
        say(f"{title}: {_output_of([str(_BIN / command[0]), *command[1:]]) or 'klart'}")
    for file in _catalogues():
        file.with_suffix(".mo").write_bytes(_compiled(file))
    if importlib.util.find_spec("humla.ops.docs"):
        with scratch("check") as environment:
            say(f"dokument: {_output_of([sys.executable, '-m', 'humla.ops.docs'], environment) or 'klart'}")
    return 0


def _checks(environment: Environment) -> list[tuple[str, Callable[[], str]]]:
    python = sys.executable
    makemigrations = [python, "-m", "django", "makemigrations", "--check", "--dry-run"]
    as_owner = environment | {"HUMLA_AS_OWNER": "1"}
    return [
        ("typer (mypy)", _tool("mypy", "--no-error-summary", *_typed_folders())),
        ("murar", lambda: _walls_stand(environment)),
        ("migreringar", lambda: _output_of(makemigrations, as_owner)),
        ("lager (import-linter)", _tool("lint-imports", "--no-cache", "--no-logo")),
        ("genererade dokument", lambda: _documents_current(environment)),
        ("form (ruff format)", _tool("ruff", "format", "--check", *_PYTHON_FILES)),
        ("lint (ruff)", _tool("ruff", "check", "-q", *_PYTHON_FILES)),
        ("översättningar kompilerade", _translations_compiled),
        ("krav i takt", _requirements_in_step),
        ("främmande filer orörda", _vendored_untouched),
    ]


def _typed_folders() -> list[str]:
    """Not the tests: they are stories, and what they call is typed."""
    return [name for name in ("src", "config", "bench", "prove") if [*(ROOT / name).rglob("*.py")]]


def _judged(name: str, work: Callable[[], str]) -> Verdict:
    begun = monotonic()
    try:
        faults = work()
    except (Stop, OSError, ValueError, psycopg.Error) as error:
        faults = "\n".join([*str(getattr(error, "details", "")).splitlines(), str(error) or repr(error)])
    return Verdict(name, faults, seconds(begun))


def _told(waiting: Future[Verdict]) -> Verdict:
    verdict = waiting.result()
    say(f"{'FEL' if verdict.faults else 'ok '} {verdict.name} ({verdict.took})")
    for line in verdict.faults.splitlines()[:60]:
        say(f"      {line}")
    return verdict


def _tool(program: str, *words: str) -> Callable[[], str]:
    return lambda: _output_of([str(_BIN / program), *words])


def _output_of(command: list[str], environment: Environment | None = None) -> str:
    """What a program says when it fails; nothing when it is content."""
    surroundings = environment or dict(os.environ, DJANGO_SETTINGS_MODULE="config.settings")
    done = subprocess.run(command, env=surroundings, cwd=ROOT, capture_output=True, text=True)
    return (done.stdout + done.stderr).strip() or f"slutade med {done.returncode}" if done.returncode else ""


def _walls_stand(environment: Environment) -> str:
    """Tables made from nothing, walls applied twice, then looked at by the limited role."""
    owner_url, app_url = (
        environment[name].replace("/humla?", "/check_walls?")
        for name in ("DATABASE_OWNER_URL", "DATABASE_URL")
    )
    with psycopg.connect(environment["DATABASE_OWNER_URL"], autocommit=True) as connection:
        found = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'check_walls'"
        ).fetchone()
        if found is None or found[0] != install.stamp():
            connection.execute("DROP DATABASE IF EXISTS check_walls WITH (FORCE)")
            connection.execute("CREATE DATABASE check_walls")
    install.migrate_and_wall(owner_url)
    with psycopg.connect(owner_url) as connection:
        walls.apply(connection)
    with psycopg.connect(app_url) as connection:
        walls.refuse_wrong_role(connection)
        return "\n".join(walls.verify(connection))


def _documents_current(environment: Environment) -> str:
    if importlib.util.find_spec("humla.ops.docs") is None:
        return ""
    return _output_of([sys.executable, "-m", "humla.ops.docs", "--check"], without_owner(environment))


def _catalogues() -> list[Path]:
    return sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))


_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def _compiled(file: Path) -> bytes:
    """Compiled catalogues are kept in the repository: msgfmt is not on every machine."""
    written = BytesIO()
    with file.open("rb") as source:
        catalogue = pofile.read_po(source)
    # Where the header has no date Babel writes the present minute, and the file would be new each minute.
    catalogue.creation_date = catalogue.revision_date = _ANY_DAY
    mofile.write_mo(written, catalogue)
    return written.getvalue()


def _translations_compiled() -> str:
    late = [f for f in _catalogues() if _bytes_of(f.with_suffix(".mo")) != _compiled(f)]
    return "\n".join(f"{file.relative_to(ROOT)}: kör ./humla fix" for file in late)


def _bytes_of(file: Path) -> bytes:
    return file.read_bytes() if file.exists() else b""


def _requirements_in_step() -> str:
    """What is asked for is pinned, what run has dev has too, and no line names where packages come from."""
    faults: list[str] = []
    pins = {name: _pins(ROOT / "requirements" / f"{name}.txt") for name in ("run", "dev")}
    for name in ("run", "dev"):
        for asked in _names_asked_for(ROOT / "requirements" / f"{name}.in"):
            if asked not in pins[name]:
                faults.append(f"{name}.txt saknar {asked}, som {name}.in ber om")
        if "://" in (ROOT / "requirements" / f"{name}.txt").read_text():
            faults.append(f"{name}.txt nämner en adress")
    faults += [
        f"dev.txt och run.txt skiljer sig om {n}" for n, v in pins["run"].items() if pins["dev"].get(n) != v
    ]
    return "\n".join(faults)


def _pins(file: Path) -> dict[str, str]:
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", file.read_text(), flags=re.MULTILINE)
    return {_canonical(name): version for name, version in found}


def _names_asked_for(file: Path) -> list[str]:
    lines = [line.split("#")[0].strip() for line in file.read_text().splitlines()]
    return [_canonical(re.split(r"[\[<>=!~; ]", line)[0]) for line in lines if line and line[0] != "-"]


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _vendored_untouched() -> str:
    sums = _VENDORED / "CHECKSUMS"
    if not sums.exists():
        return ""
    noted = {
        name.lstrip("*"): sum_
        for sum_, name in (line.split(maxsplit=1) for line in sums.read_text().splitlines())
    }
    there = {str(f.relative_to(_VENDORED)): f for f in _VENDORED.rglob("*") if f.is_file() and f != sums}
    faults = [f"{name} står inte i CHECKSUMS" for name in sorted(there.keys() - noted.keys())]
    for name, sum_ in noted.items():
        if name not in there or hashlib.sha256(there[name].read_bytes()).hexdigest() != sum_:
            faults.append(f"{name} är ändrad eller borta")
    return "\n".join(faults)


def _resolve_requirements() -> None:
    """With uv, for maintainers; its hashes hold for every platform and its output names no host."""
    tools = VAR / "tools"
    if not (tools / "bin" / "uv").exists():
        command = [sys.executable, "-m", "pip", "install", "-q", "--target", str(tools), "uv"]
        if fault := _output_of(command):
            raise Stop("uv gick inte att hämta.", "uv could not be fetched.", details=fault)
    for name in ("run", "dev"):
        command = [
            str(tools / "bin" / "uv"),
            "pip",
            "compile",
            "--universal",
            "--generate-hashes",
            "--upgrade",
        ]
        command += ["--no-header", "--no-emit-index-url", "--no-emit-find-links", "--python-version", "3.11"]
        files = [f"requirements/{name}.in", "-o", f"requirements/{name}.txt"]
        if fault := _output_of([*command, "-q", *files]):
            raise Stop(
                "Versionerna gick inte att lösa.", "The versions could not be resolved.", details=fault
            )
