"""Folders, ports and processes for the tests of the commands; nothing is replaced by a stand-in."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from humla.ops import install
from humla.ops.cluster import SUPERUSER, Cluster

ROOT = Path(__file__).resolve().parents[2]


class Humla:
    """One ./humla run with its data in a folder of its own."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port = free_port()
        self.said = ""
        self.process: subprocess.Popen[str] | None = None

    def start(self, **environment: str) -> "Humla":
        ours = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "HUMLA_"))}
        self.process = subprocess.Popen(
            [str(ROOT / "humla"), "run", "--port", str(self.port)],
            env=ours | {"HUMLA_VAR": str(self.var)} | environment,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        return self

    def until(self, words: str) -> "Humla":
        """Read what it says until the words come, or fail with all that it said."""
        assert self.process is not None
        assert self.process.stderr is not None
        self.said = ""
        while words not in self.said:
            line = self.process.stderr.readline()
            self.said += line
            if not line:
                pytest.fail(f"{words!r} never came: {self.said}")
        return self

    def ended(self) -> tuple[int, str]:
        assert self.process is not None
        rest = self.process.communicate(timeout=30)[1]
        return self.process.returncode, rest

    def kill(self, sign: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(sign)

    def pids(self) -> dict[str, int]:
        rows = json.loads((self.var / "run.json").read_text())["children"]
        return {row["name"]: row["pid"] for row in rows}


def free_port() -> int:
    """A port whose neighbour is free too: the sign-in provider of the demonstration takes it."""
    while True:
        with socket.socket() as one, socket.socket() as next_one:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
            try:
                next_one.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def all_gone(pids: list[int], *, within: float = 8) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if not any(is_alive(pid) for pid in pids):
            return True
        time.sleep(0.02)
    return False


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


@pytest.fixture
def humla(var: Path) -> Iterator[Humla]:
    one = Humla(var)
    yield one
    if one.process is not None:
        one.process.terminate()
        one.process.communicate(timeout=30)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    one = Cluster(tmp_path_factory.mktemp("cluster"), durable=False)
    one.start()
    yield one
    one.stop()


@pytest.fixture(scope="module")
def walled(cluster: Cluster) -> Cluster:
    """A cluster with roles, tables and walls, as `./humla run` makes it."""
    install.prepare(cluster.url(SUPERUSER, "postgres"), tests=True)
    install.migrate_and_wall(cluster.url("humla_owner"))
    return cluster


@pytest.fixture
def owner(walled: Cluster) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """The owner's connection; whatever a test does with it is rolled back."""
    with psycopg.connect(walled.url("humla_owner")) as connection:
        yield connection
        connection.rollback()
