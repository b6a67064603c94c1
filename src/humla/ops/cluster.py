"""The embedded PostgreSQL: one data folder, one socket, started and stopped by whoever holds it.

Lives here: initdb, start, readiness, stop, and how all this is done as root. Not here: the programs
(`binaries.py`), roles and tables (`install.py`), which processes run beside it (`supervisor.py`). Linux is
tested; macOS should work; on Windows give DATABASE_URL instead.
"""

import contextlib
import ctypes
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from humla.ops import binaries
from humla.ops.sentences import Stop, disk_full, say

SUPERUSER = "humla_super"
# sun_path holds 108 bytes on Linux and 104 on macOS, with the closing zero.
LONGEST_SOCKET = 100
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None  # Loaded before any fork.


class Cluster:
    """One PostgreSQL in a folder of its own. `durable=False` is for tests: a power cut loses data."""

    def __init__(self, home: Path, *, durable: bool) -> None:
        self.home = home
        self.durable = durable
        self.binaries, self.major = binaries.find()
        self.process: subprocess.Popen[bytes] | None = None
        self._user: int | None = None
        self._prefix: list[str] = []
        self._place = home  # Where data and socket lie.
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            self._prepare_as_root()
        self.data = self._place / f"pg{self.major}"
        self.log = home / "log" / "postgres.log"

    def start(self) -> None:
        """Make the data folder when there is none, start, and return when connections are accepted."""
        self._refuse_another_version()
        self._folder(self._place)
        self._sockets = self._socket_folder()
        if not self.data.exists():
            self._make_data()
        self._stop_what_is_left()
        with open_log(self.log) as log:
            self.process = subprocess.Popen(
                [*self._prefix, str(self.binaries / "postgres"), "-D", str(self.data), *self._settings()],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd="/",
                user=self._user,
                group=self._user,
                env=_plain_environment(),
                # Ctrl-C in a terminal reaches the whole group, and the database must go last.
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGINT),
            )
        self._await_ready()

    def stop(self) -> None:
        """Fast shutdown: SIGINT. SIGTERM would wait for clients for ever."""
        if self.process is None:
            return
        for sign, patience in ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
                break
        self.process = None
        if self._sockets != self._place / "sock":
            shutil.rmtree(self._sockets, ignore_errors=True)
            (self.home / "socket-folder").unlink(missing_ok=True)

    def url(self, role: str, database: str = "humla") -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='/')}"

    @property
    def sockets(self) -> Path:
        """Where the socket is, or was when the cluster was last started (for a second process)."""
        with contextlib.suppress(OSError):
            return Path((self.home / "socket-folder").read_text())
        return self._place / "sock"

    @property
    def exists(self) -> bool:
        return self.data.exists()

    # -- making the data folder

    def _refuse_another_version(self) -> None:
        others = [f for f in self._place.glob("pg*") if (f / "PG_VERSION").exists() and f != self.data]
        here = _read(self.data / "PG_VERSION")
        if here and here != str(self.major):
            raise _another_version(self.data, here, self.major)
        if not here and others:
            raise _another_version(others[0], _read(others[0] / "PG_VERSION"), self.major)

    def _make_data(self) -> None:
        partial = self.data.with_name(self.data.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        command = [*self._prefix, str(self.binaries / "initdb"), "-D", str(partial), "-U", SUPERUSER]
        # Trust is enough on a socket in a folder only its owner may enter; peer is useless with unshare.
        command += ["--auth=trust", "--encoding=UTF8", "--no-instructions"]
        # The builtin locale is the same on every machine and three times faster to make than libc's.
        builtin = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += builtin if self.major >= 17 else ["--locale=C.UTF-8"]
        command += [] if self.durable else ["--no-sync"]
        made = subprocess.run(
            command,
            capture_output=True,
            text=True,
            cwd="/",
            user=self._user,
            group=self._user,
            env=_plain_environment(),
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )
        if made.returncode:
            shutil.rmtree(partial, ignore_errors=True)
            raise self._did_not_start(made.stderr)
        partial.rename(self.data)

    def _folder(self, folder: Path) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._user is not None:
            os.chown(folder, self._user, self._user)

    # -- starting

    def _settings(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "80",
            "shared_buffers": "256MB",
            "log_line_prefix": "%m [%p] ",
        }
        if self.durable:
            # Statements and the details of a broken constraint hold personal data: never in the log.
            settings |= {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}
        else:
            quick = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")
            settings |= dict.fromkeys(quick, "off")
        return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]

    def _socket_folder(self) -> Path:
        """In the home folder; when that path is too long for a socket, a short one of our own in temp.

        The short folder is made by mkdtemp (0700, unguessable) and remembered in the home folder, so that
        a second process finds it; stop() removes it.
        """
        usual = self._place / "sock"
        if len(os.fsencode(usual / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
            (self.home / "socket-folder").unlink(missing_ok=True)
            self._folder(usual)
            usual.chmod(0o700)
            return usual
        remembered = _read(self.home / "socket-folder")
        if remembered and _is_ours_alone(Path(remembered), self._user):
            return Path(remembered)
        short = Path(tempfile.mkdtemp(prefix="humla-"))
        if self._user is not None:
            os.chown(short, self._user, self._user)
        (self.home / "socket-folder").write_text(str(short))
        return short

    def _await_ready(self) -> None:
        """Line 8 of postmaster.pid says ready; no client is needed to ask."""
        assert self.process is not None
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise self._did_not_start(_tail(self.log))
            lines = _read(self.data / "postmaster.pid").splitlines()
            # An old file may say ready too: the first line must be our process.
            if len(lines) >= 8 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready":
                return
            time.sleep(0.01)
        self.stop()
        raise self._did_not_start(_tail(self.log))

    def _stop_what_is_left(self) -> None:
        """A postmaster whose supervisor was killed is stopped; a pid taken over by a stranger is ignored."""
        lock = self.data / "postmaster.pid"
        first = _read(lock).split("\n", 1)[0]
        if not first.isdigit():
            return
        pid = int(first)
        if str(self.data) not in _command_line(pid):
            # After a restart of a container the same number is often another program, and PostgreSQL
            # would refuse to start for its sake.
            lock.unlink(missing_ok=True)
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + 20
        while str(self.data) in _command_line(pid) and time.monotonic() < deadline:
            time.sleep(0.02)

    def _did_not_start(self, output: str) -> Stop:
        if "No space left" in output or "Disk quota" in output:
            return disk_full(self.home)
        return Stop(
            f"Databasen i {self.data} startade inte. Hela loggen: {self.log}",
            f"The database in {self.data} did not start. The whole log: {self.log}",
            details=output,
        )

    # -- as root

    def _prepare_as_root(self) -> None:
        """PostgreSQL refuses to be root. A user namespace of its own satisfies it and copies nothing."""
        unshare = None if os.environ.get("HUMLA_NO_UNSHARE") == "1" else shutil.which("unshare")
        if unshare and subprocess.run([unshare, "-U", "true"], capture_output=True).returncode == 0:
            self._prefix = [unshare, "-U"]
            return
        # Containers often forbid that. Then a copy of the program is run as nobody. Others who run as
        # nobody on the same machine may enter that socket: enough for a demonstration, not for more.
        import pwd

        self._user = pwd.getpwnam("nobody").pw_uid
        self._place = self.home / "nobody"
        if not _everybody_may_enter(self.home):
            self._place = Path("/var/lib") / f"humla-{hashlib.sha256(bytes(self.home)).hexdigest()[:12]}"
            say(f"Databasen läggs i {self._place} / The database is put in {self._place}")
        self._folder(self._place)
        self.binaries = binaries.copied(self.binaries, self._place / "program")


def dies_with_parent(sign: signal.Signals) -> Callable[[], None] | None:
    """For preexec_fn: the kernel sends `sign` when the thread that started the child is gone (Linux).

    A supervisor killed with -9 then leaves nothing behind. Start children from the main thread only.
    """
    if _libc is None:
        return None
    prctl = _libc.prctl
    return lambda: prctl(1, int(sign)) and None


def keep_environment_private() -> None:
    """The kernel then hides /proc/<pid>/environ of this process from others of the same user (Linux).

    The supervisor was given the owner's database address; its children are not, and shall not read it there.
    """
    if _libc is not None:
        _libc.prctl(4, 0)  # PR_SET_DUMPABLE


def open_log(path: Path) -> BinaryIO:
    """For appending; one that has grown past 10 MB is set aside at a start, and the one before it goes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > 10_000_000:
        path.replace(path.with_suffix(".old.log"))
    return path.open("ab")


def _everybody_may_enter(folder: Path) -> bool:
    existing = [path for path in (folder, *folder.parents) if path.exists()]
    return all(path.stat().st_mode & stat.S_IXOTH for path in existing)


def _is_ours_alone(folder: Path, user: int | None) -> bool:
    """Temp is open to everybody: a remembered folder counts only if it is real, ours and closed."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    owner = os.geteuid() if user is None else user
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and stat.S_IMODE(found.st_mode) == 0o700


def _another_version(folder: Path, found: str, wanted: int) -> Stop:
    return Stop(
        f"Databasen i {folder} är gjord av PostgreSQL {found}, men programmet är {wanted}. Inget är rört. "
        "Flytta den med pg_dump och pg_restore eller pg_upgrade (docs/drift.md).",
        f"The database in {folder} was made by PostgreSQL {found}, but the program is {wanted}. Nothing was "
        "touched. Move it with pg_dump and pg_restore or pg_upgrade (docs/drift.md).",
    )


def _plain_environment() -> dict[str, str]:
    """PG* variables of the user would lead our own programs astray."""
    return {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_ALL": "C"}


def _command_line(pid: int) -> str:
    if sys.platform == "linux":
        return _read(Path(f"/proc/{pid}/cmdline")).replace("\0", " ")
    return subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True).stdout


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""


def _tail(path: Path, lines: int = 12) -> str:
    return "\n".join(_read(path).splitlines()[-lines:])
