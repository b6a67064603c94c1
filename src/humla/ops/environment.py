"""Which database a command talks to, and what its children are told through the environment.

Lives here: the database of `./humla run` (production's, the one already running, or one started for this
command) and the throw-away clusters of tests and checks. Not here: starting PostgreSQL (`cluster.py`), roles
and tables (`install.py`).
"""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import psycopg

from humla.ops import install
from humla.ops.cluster import SUPERUSER, Cluster
from humla.ops.install import ROOT, VAR
from humla.ops.sentences import Stop, require_space, stop_for

Environment = dict[str, str]
_SCRATCH_CLUSTERS = 8


def in_production() -> bool:
    """With an address given from outside no cluster is started and nothing is demonstration."""
    return "DATABASE_URL" in os.environ


def for_run(cluster: Cluster | None, *, port: int = 8000) -> Environment:
    """What the commands around `run` hand on; the owner's address is taken away before web and worker."""
    environment = dict(os.environ, DJANGO_SETTINGS_MODULE="config.settings", HUMLA_VAR=str(VAR))
    environment.setdefault("HUMLA_KEYS", str(VAR / "keys.json"))
    environment.setdefault("HUMLA_URL", f"http://127.0.0.1:{port}")
    if cluster is None and environment.get("HUMLA_DEMO") == "1":
        raise Stop(
            "HUMLA_DEMO=1 tillsammans med DATABASE_URL skulle låta vem som helst logga in som vem som helst. "
            "Ta bort HUMLA_DEMO.",
            "HUMLA_DEMO=1 together with DATABASE_URL would let anybody sign in as anybody: remove it.",
        )
    if cluster is not None:
        environment |= _addresses(cluster) | {"HUMLA_DEMO": "1"}
    return environment


def without_owner(environment: Environment) -> Environment:
    """Nobody who serves can become the owner, not even by mistake."""
    kept_back = {"DATABASE_OWNER_URL", "HUMLA_TESTER_URL", "HUMLA_AS_OWNER"}
    return {k: v for k, v in environment.items() if k not in kept_back}


@contextlib.contextmanager
def database() -> Iterator[Environment]:
    """For one command beside `run`: production's, the running one, or the same data started for a moment."""
    if in_production():
        yield for_run(None)
        return
    cluster = Cluster(VAR, durable=True)
    lock = try_lock(VAR / "run.lock")
    if lock is None:
        _await_running(cluster)
        yield for_run(cluster)
        return
    with lock:
        try:
            prepared(cluster)
            yield for_run(cluster)
        finally:
            cluster.stop()


def prepared(cluster: Cluster) -> None:
    """Keys first, then data: data without keys never exists, not even after an interruption."""
    keys = Path(os.environ.setdefault("HUMLA_KEYS", str(VAR / "keys.json")))
    install.make_keys(keys, data_exists=cluster.exists)
    cluster.start()
    install.prepare(cluster.url(SUPERUSER, "postgres"))


@contextlib.contextmanager
def scratch(kind: str = "test", *, durable: bool = False) -> Iterator[Environment]:
    """A cluster for tests and checks. Two at once get one each; it is stopped at the end, its data kept."""
    require_space(VAR, megabytes=500)
    for number in range(1, _SCRATCH_CLUSTERS + 1):
        home = VAR / f"{kind}-{number}"
        home.mkdir(exist_ok=True)
        if (lock := try_lock(home / "lock")) is not None:
            break
    else:
        raise Stop("För många tester körs redan här.", "Too many test runs are already going on here.")
    with lock:
        keys = VAR / "test-keys.json"
        install.make_keys(keys, data_exists=False)
        cluster = Cluster(home, durable=durable)
        try:
            cluster.start()
            install.prepare(cluster.url(SUPERUSER, "postgres"), tests=True)
            install.sweep(cluster.url(SUPERUSER, "postgres"))
            # What tests write beside the database belongs to this cluster too: two at once must not share it.
            own = {"HUMLA_VAR": str(home), "HUMLA_KEYS": str(keys)}
            environment = for_run(cluster) | own | {"HUMLA_TESTER_URL": cluster.url("humla_tester")}
            with _as_own(environment):
                yield environment
        finally:
            cluster.stop()


def try_lock(path: Path) -> TextIO | None:
    """The open lock file, or None when another process holds it. The lock ends with its holder."""
    import fcntl

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    except OSError as error:
        raise stop_for(error, ROOT) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def _addresses(cluster: Cluster) -> Environment:
    return {"DATABASE_URL": cluster.url("humla_app"), "DATABASE_OWNER_URL": cluster.url("humla_owner")}


def _await_running(cluster: Cluster) -> None:
    """Another command holds the database; it may still be starting it."""
    os.environ.setdefault("HUMLA_KEYS", str(VAR / "keys.json"))
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(cluster.url("humla_owner")).close()
            return
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise Stop(
                    "En annan ./humla håller databasen men svarar inte.",
                    "Another ./humla holds the database but does not answer.",
                    details=str(error),
                ) from error
            time.sleep(0.2)


@contextlib.contextmanager
def _as_own(environment: Environment) -> Iterator[None]:
    """For what runs in this process: walls and install read the key file from the environment."""
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
