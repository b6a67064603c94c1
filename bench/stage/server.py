"""A web server under measurement: granian as `./humla run` starts it, and what it and PostgreSQL cost.

Here: starting and stopping it, CPU time and memory from /proc. Not here: what is asked of it (`client.py`).
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.stage.client import Client, Unexpected
from bench.stage.world import World
from humla.ops import leftovers
from humla.ops.cluster import dies_with_parent
from humla.ops.environment import without_owner
from humla.ops.install import ROOT, VAR

_TICK = os.sysconf("SC_CLK_TCK")
_OURS = "config.wsgi:application"


class Server:
    """One granian with one worker and four threads, serving one world."""

    def __init__(self, world: World, application: str = _OURS, *, settings: str = "config.settings") -> None:
        self.world = world
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        environment = without_owner(dict(os.environ)) | {
            "DATABASE_URL": world.app_url,
            "DJANGO_SETTINGS_MODULE": settings,
            # As in production: no demonstration, static files as they were collected.
            "HUMLA_DEMO": "0",
        }
        web = ["-m", "granian", "--interface", "wsgi", "--no-ws", "--port", str(self.port), "--workers", "1"]
        web += ["--blocking-threads", "4", "--blocking-threads-idle-timeout", "600", application]
        log = (VAR / "log" / "bench-web.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                [sys.executable, *web],
                env=environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGTERM),
            )

    def client(self, cookies: str, *, gzipped: bool = False) -> Client:
        return Client(self.port, cookies, gzipped=gzipped)

    def await_page(self, path: str, cookies: str) -> None:
        """Return when the page has been served."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise Unexpected("The web server stopped; see log/bench-web.log in its folder.")
            with contextlib.suppress(OSError):
                client = self.client(cookies)
                status = client.get(path).status
                client.close()
                if status == 200:
                    return
                raise Unexpected(f"{path} answered {status}")
            time.sleep(0.01)
        raise Unexpected("The web server did not answer within a minute.")

    def cpu(self) -> float:
        """Seconds of CPU that its processes have used."""
        return sum(_cpu_of(pid) for pid in _family(self.process.pid))

    def memory(self) -> int:
        """Bytes of resident memory in its largest process, the worker."""
        return max(_resident(pid) for pid in _family(self.process.pid))

    def stop(self) -> None:
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(8)
        leftovers.kill_group(self.process.pid)
        self.process.wait()


@contextlib.contextmanager
def serving(world: World, application: str = _OURS, *, settings: str = "config.settings") -> Iterator[Server]:
    """A server for the time of the block."""
    server = Server(world, application, settings=settings)
    try:
        yield server
    finally:
        server.stop()


def postgres_cpu(postmaster: int) -> float:
    """Seconds of CPU that PostgreSQL has used, those of ended connections among them."""
    fields = _stat(postmaster)
    ended = (int(fields[13]) + int(fields[14])) / _TICK
    return ended + sum(_cpu_of(pid) for pid in _family(postmaster))


def parent_of(pid: int) -> int:
    return int(_stat(pid)[1])


def _family(pid: int) -> list[int]:
    """A process and those that it has started, and theirs."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parents[int(folder.name)] = parent_of(int(folder.name))
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def _cpu_of(pid: int) -> float:
    with contextlib.suppress(OSError):
        fields = _stat(pid)
        return (int(fields[11]) + int(fields[12])) / _TICK
    return 0.0


def _resident(pid: int) -> int:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _stat(pid: int) -> list[str]:
    """The fields after the name, which may hold spaces: [0] is the state."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
