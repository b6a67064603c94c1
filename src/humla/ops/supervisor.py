"""`./humla run`: database, web, worker and (in a demonstration) the sign-in provider, kept as one.

Lives here: starting them in order, watching them and stopping them in order. Not here: the database itself
(`cluster.py`), what is installed in it (`install.py`), what the children are told (`environment.py`), and
what a killed supervisor left behind (`leftovers.py`).
"""

import contextlib
import http.client
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

from humla.ops import install, leftovers, walls
from humla.ops.cluster import Cluster, dies_with_parent, keep_environment_private, open_log
from humla.ops.demo import BESIDE, DEMO
from humla.ops.environment import Environment, for_run, in_production, prepared, try_lock, without_owner
from humla.ops.install import ROOT, VAR
from humla.ops.sentences import Stop, progress, require_space, say, seconds

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
        self.started.append(time.monotonic())
        with open_log(self.log) as log:
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
                self.process.wait(5)
        # Granian's worker outlives a killed leader and holds the port for ever: always the whole group.
        leftovers.kill_group(self.process.pid)
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
    keep_environment_private()
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
    leftovers.stop_what_is_left()
    require_space(VAR, megabytes=200)
    _refuse_busy_port(host, port)
    if cluster is not None:
        _refuse_busy_port("127.0.0.1", port + 1)
        with progress("Databasen / Database"):
            prepared(cluster)
            _note(children, cluster)
    environment = for_run(cluster, port=port)
    _install(environment)
    serving = without_owner(environment)
    with psycopg.connect(serving["DATABASE_URL"]) as connection:
        walls.stand_or_stop(connection)
    for child in _children(serving, host=host, port=port):
        child.start()
        children.append(child)
        _note(children, cluster)
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
    # The sending job runs four times a minute: what is done well is not kept.
    worker = ["-m", "django", "procrastinate", "worker", "--delete-jobs", "successful"]
    yield Child("worker", [sys.executable, *worker], environment)


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
    if owner is not None and environment.get("HUMLA_DEMO") == "1" and not install.is_inhabited(owner):
        with progress("Påhittade ärenden / Fictitious cases"):
            if load_demo(environment):
                raise Stop(
                    "Demonstrationen gick inte att läsa in; inget av den är sparat.",
                    "The demonstration could not be loaded; nothing of it was saved.",
                )


def load_demo(environment: Environment, *paths: str) -> int:
    """In processes of their own: loading needs the owner, which neither supervisor nor web may be.

    Without a path: the fictitious förbund, another one beside it, and a year in the first.
    """
    steps = [["humla.ops.demo", path] for path in paths or (str(DEMO), str(BESIDE))]
    for step in steps:
        if code := _python(environment, *step):
            return code
    return 0 if paths else _python({**environment, "HUMLA_AS_OWNER": "1"}, "humla.ops.year")


def fill_demo(environment: Environment, persons: int) -> int:
    """Copy the year until there are so many persons; only where everything is fictitious."""
    if environment.get("HUMLA_DEMO") != "1":
        raise Stop(
            "--persons fyller bara en demonstration, aldrig en riktig databas.",
            "--persons fills a demonstration only, never a real database.",
        )
    return _python(environment, "humla.ops.year.crowd", str(persons))


def _python(environment: Environment, *words: str) -> int:
    return subprocess.run([sys.executable, "-m", *words], env=environment, cwd=ROOT).returncode


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
                _note(children, cluster)
        time.sleep(0.2)


def _note(children: list[Child], cluster: Cluster | None) -> None:
    processes = {child.name: child.process.pid for child in children}
    if cluster is not None and cluster.process is not None:
        processes["postgres"] = cluster.process.pid
    leftovers.note(processes)


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
    leftovers.forget()
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
