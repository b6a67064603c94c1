"""`./humla run`: database, web, worker and (in a demonstration) the sign-in provider, kept as one.

Lives here: starting them in order, watching them, stopping them in order, and cleaning up after a
supervisor that was killed. Not here: the database itself (`cluster.py`), what is installed in it
(`install.py`), what the children are told (`environment.py`).
"""

import contextlib
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import psycopg

from humla.ops import install, walls
from humla.ops.cluster import Cluster, dies_with_parent
from humla.ops.environment import Environment, for_run, in_production, prepared, try_lock, without_owner
from humla.ops.install import ROOT, VAR
from humla.ops.sentences import Stop, progress, require_space, say, seconds

_RUNNING = VAR / "run.json"
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_RESTARTS = 3  # More often than this within a minute is not an accident.


class Asked(BaseException):
    """Ctrl-C, TERM or HUP: not an error, and not for anybody's `except Exception`."""


@dataclass
class Child:
    """One program that is kept running, in a session and process group of its own."""

    name: str
    command: list[str]
    environment: Environment
    process: subprocess.Popen[bytes] = field(init=False)
    started: list[float] = field(default_factory=list)

    @property
    def log(self) -> Path:
        return VAR / "log" / f"{self.name}.log"

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.started.append(time.monotonic())
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGTERM),
            )

    def stop(self, *, at_once: bool = False) -> None:
        if not at_once:
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(8)
        # Granian's worker outlives a killed leader and holds the port for ever: always the whole group.
        _kill_group(self.process.pid)
        self.process.wait()

    def tail(self) -> str:
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:])
        return ""


def run(*, host: str, port: int) -> int:
    """Start all, say the address, watch until told to stop. The exit code is 0 after an ordinary stop."""
    lock = try_lock(VAR / "run.lock")
    if lock is None:
        raise Stop(
            "Humla körs redan i den här mappen. Stoppa den med Ctrl-C där den startades.",
            "Humla is already running in this folder. Stop it with Ctrl-C where it was started.",
        )
    with lock, _signals():
        children: list[Child] = []
        cluster = None if in_production() else Cluster(VAR, durable=True)
        try:
            _start_all(children, cluster, host=host, port=port)
            return _watch(children, cluster)
        except Asked:
            return 0
        finally:
            _stop_all(children, cluster)


def _start_all(children: list[Child], cluster: Cluster | None, *, host: str, port: int) -> None:
    begun = float(os.environ.get("HUMLA_BEGUN") or time.monotonic())
    _stop_what_is_left()
    require_space(VAR, megabytes=200)
    _refuse_busy_port(host, port)
    if cluster is not None:
        _refuse_busy_port("127.0.0.1", port + 1)
        with progress("Databasen / Database"):
            prepared(cluster)
            _write_running(children, cluster)
    environment = for_run(cluster, port=port)
    _install(environment)
    serving = without_owner(environment)
    with psycopg.connect(serving["DATABASE_URL"]) as connection:
        walls.stand_or_stop(connection)
    for child in _children(serving, host=host, port=port):
        child.start()
        children.append(child)
        _write_running(children, cluster)
    _await_first_page(children, cluster, host=host, port=port)
    say(f"\nHumla: {environment['HUMLA_URL']}  ({seconds(begun)}; Ctrl-C stoppar / stops)")


def _children(environment: Environment, *, host: str, port: int) -> Iterator[Child]:
    if environment.get("HUMLA_DEMO") == "1" and "HUMLA_OIDC_URL" not in environment:
        from humla.ops.identity_provider import DEMO_ISSUER

        environment["HUMLA_OIDC_URL"] = f"http://127.0.0.1:{port + 1}"
        environment["HUMLA_OIDC_ISSUER"] = DEMO_ISSUER
        environment["HUMLA_OIDC_SECRET"] = secrets.token_urlsafe(32)
        provider = ["-m", "humla.ops.identity_provider", "--port", str(port + 1)]
        yield Child("identity", [sys.executable, *provider], environment)
    web = ["-m", "granian", "--interface", "wsgi", "--no-ws", "--host", host, "--port", str(port)]
    # An idle thread takes its connection and all its prepared plans with it: 600 is the longest allowed.
    web += ["--workers", "1", "--blocking-threads", "4", "--blocking-threads-idle-timeout", "600"]
    yield Child("web", [sys.executable, *web, "config.wsgi:application"], environment)
    yield Child("worker", [sys.executable, "-m", "django", "procrastinate", "worker"], environment)


def _install(environment: Environment) -> None:
    """Tables, walls, static files and, in an empty demonstration, its organisation."""
    # The walls ask HUMLA_DEMO whether the clock may be replaced, and the key file for the signing key.
    os.environ.update({k: v for k, v in environment.items() if k in ("HUMLA_KEYS", "HUMLA_DEMO")})
    keys = Path(environment["HUMLA_KEYS"])
    if not keys.exists():
        install.make_keys(keys, data_exists=install.is_installed(environment["DATABASE_URL"]))
    failures: list[BaseException] = []
    static = threading.Thread(target=_collect_static, args=[failures])
    static.start()
    owner = environment.get("DATABASE_OWNER_URL")
    try:
        if owner is not None:
            with progress("Tabeller och murar / Tables and walls"):
                install.migrate_and_wall(owner)
    finally:
        static.join()
    if failures:
        raise failures[0]
    if owner is not None and environment.get("HUMLA_DEMO") == "1" and not install.has_associations(owner):
        with progress("Påhittade ärenden / Fictitious cases"):
            load_demo(environment, ROOT / "data" / "demo")


def load_demo(environment: Environment, path: Path) -> None:
    """In a process of its own: loading is done as the owner, which the supervisor must not be."""
    command = [sys.executable, "-m", "humla.ops", "_load", str(path)]
    done = subprocess.run(command, env=environment | {"HUMLA_AS_OWNER": "1"}, cwd=ROOT)
    if done.returncode:
        raise Stop(
            "Demonstrationen gick inte att ladda; inget av den är sparat.",
            "The demonstration could not be loaded; nothing of it was saved.",
        )


def _collect_static(failures: list[BaseException]) -> None:
    try:
        install.collect_static(VAR)
    except (Stop, OSError) as failure:
        failures.append(failure)


def _await_first_page(children: list[Child], cluster: Cluster | None, *, host: str, port: int) -> None:
    deadline = time.monotonic() + 60
    where = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    while time.monotonic() < deadline:
        _refuse_dead(children, cluster)
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(where, port, timeout=5)
            connection.request("GET", "/halsa/redo/", headers={"X-Forwarded-Proto": "https"})
            if connection.getresponse().status == 200:
                return
        time.sleep(0.03)
    raise Stop(
        f"Webben svarade inte inom en minut. Loggarna ligger i {VAR / 'log'}.",
        f"The web did not answer within a minute. The logs are in {VAR / 'log'}.",
        details=next(child.tail() for child in children if child.name == "web"),
    )


def _refuse_dead(children: list[Child], cluster: Cluster | None) -> None:
    if cluster is not None and cluster.process is not None and cluster.process.poll() is not None:
        raise _database_died(cluster)
    for child in children:
        if child.process.poll() is not None:
            raise _gave_up(child)


def _watch(children: list[Child], cluster: Cluster | None) -> int:
    while True:
        if cluster is not None and cluster.process is not None and cluster.process.poll() is not None:
            raise _database_died(cluster)
        for child in children:
            if child.process.poll() is not None:
                _start_again(child)
                _write_running(children, cluster)
        time.sleep(0.2)


def _start_again(child: Child) -> None:
    child.stop(at_once=True)
    recent = [instant for instant in child.started if time.monotonic() - instant < 60]
    if len(recent) > _RESTARTS:
        raise _gave_up(child)
    say(f"{child.name} stannade och startas om / stopped and is started again ({child.log})")
    child.start()


def _gave_up(child: Child) -> Stop:
    return Stop(
        f"{child.name} stannade. Hela loggen: {child.log}",
        f"{child.name} stopped. The whole log: {child.log}",
        details=child.tail(),
    )


def _database_died(cluster: Cluster) -> Stop:
    return Stop(
        f"Databasen dog, så allt stoppades. Kör ./humla run igen. Loggen: {cluster.log}",
        f"The database died, so everything was stopped. Run ./humla run again. The log: {cluster.log}",
    )


def _stop_all(children: list[Child], cluster: Cluster | None) -> None:
    for sign in _STOP_SIGNALS:  # A second Ctrl-C must not interrupt the stop.
        signal.signal(sign, signal.SIG_IGN)
    begun = time.monotonic()
    # When the database is gone the worker keeps trying to reach it and does not listen to TERM.
    dead = cluster is not None and (cluster.process is None or cluster.process.poll() is not None)
    order = ["worker", "web", "identity"]
    for child in sorted(children, key=lambda child: order.index(child.name)):
        child.stop(at_once=dead)
    if cluster is not None:
        cluster.stop()
    _RUNNING.unlink(missing_ok=True)
    if children:
        say(f"Stoppat / Stopped: {seconds(begun)}")


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    """Installed by hand: a process that a script started with & has SIGINT ignored, and HUP would kill us."""

    def asked(_number: int, _frame: FrameType | None) -> None:
        for sign in _STOP_SIGNALS:
            signal.signal(sign, signal.SIG_IGN)
        raise Asked

    before = {sign: signal.signal(sign, asked) for sign in _STOP_SIGNALS}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def _refuse_busy_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # Without it a restart within a minute finds its own closed connections in the way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Stop(
                f"Porten {port} på {host} går inte att använda ({error.strerror}). "
                f"Välj en annan: ./humla run --port {port + 10}",
                f"Port {port} on {host} cannot be used. Choose another: ./humla run --port {port + 10}",
            ) from error


# -- what a killed supervisor left behind (Linux; the kernel's death signal is the first net)


def _write_running(children: list[Child], cluster: Cluster | None) -> None:
    processes = {child.name: child.process.pid for child in children}
    if cluster is not None and cluster.process is not None:
        processes["postgres"] = cluster.process.pid
    rows = [{"name": name, "pid": pid, "started": _start_time(pid)} for name, pid in processes.items()]
    partial = _RUNNING.with_suffix(".partial")
    partial.write_text(json.dumps({"boot": _boot(), "children": rows}, indent=1))
    partial.replace(_RUNNING)


def _stop_what_is_left() -> None:
    """Stopping is simpler than adopting and costs 0.2 s. A number that is another program's is left alone."""
    try:
        noted = json.loads(_RUNNING.read_text())
    except (OSError, ValueError):
        return
    if noted["boot"] != _boot():
        return
    left = [(row, pid) for row in noted["children"] for pid in _ours(row["pid"], row["started"])]
    for row, pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT if row["name"] == "postgres" else signal.SIGTERM)
    deadline = time.monotonic() + 1.5
    while time.monotonic() < deadline and any(_start_time(pid) for _row, pid in left):
        time.sleep(0.02)
    for row, pid in left:
        if _start_time(pid):
            _kill_group(row["pid"])
    if left:
        say("Det som fanns kvar från förra gången är stoppat / What was left from last time is stopped")


def _ours(group: int, started: int) -> Iterator[int]:
    """Processes of the group (the leader may be gone) that began with it and run from this folder."""
    for folder in Path("/proc").glob("[0-9]*"):
        fields = _stat(int(folder.name))
        if len(fields) > 19 and fields[2] == str(group) and int(fields[19]) >= started:
            with contextlib.suppress(OSError):
                command = (folder / "cmdline").read_text(errors="replace")
                if sys.prefix in command or str(VAR) in command or "postgres" in command:
                    yield int(folder.name)


def _start_time(pid: int) -> int:
    """Ticks since boot (field 22), 0 when there is no such process: a pid alone can be somebody else's."""
    fields = _stat(pid)
    return int(fields[19]) if len(fields) > 19 and fields[0] != "Z" else 0


def _stat(pid: int) -> list[str]:
    """The fields after the program's name, which may itself hold spaces and parentheses."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    return []


def _boot() -> str:
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return ""


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
