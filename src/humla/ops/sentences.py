"""How the commands speak: one clear sentence in Swedish and one in English, never a traceback.

Lives here: the exception that carries the two sentences, and the lines written while things are made
ready. Not here: what the pages say (`humla.web`), which goes through gettext.
"""

import contextlib
import errno
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

AGAIN = ("Kör samma kommando igen, så fortsätter det.", "Run the same command again and it continues.")


class Stop(Exception):
    """Something outside the code is missing or wrong; the two sentences say what to do."""

    def __init__(self, swedish: str, english: str, *, details: str = "") -> None:
        super().__init__(swedish)
        self.swedish, self.english, self.details = swedish, english, details

    def show(self) -> None:
        for line in self.details.splitlines():
            say("    " + line)
        say(self.swedish)
        say(self.english)


def say(text: str) -> None:
    """To stderr, so that what a command prints can be piped. A closed terminal must not stop a stop."""
    with contextlib.suppress(OSError, ValueError):
        print(text, file=sys.stderr, flush=True)


def seconds(since: float) -> str:
    return f"{monotonic() - since:.1f} s".replace(".", ",")


@contextlib.contextmanager
def progress(title: str) -> Iterator[None]:
    """One line when a step is done, with the seconds it took; nothing about what took no time."""
    started = monotonic()
    yield
    if monotonic() - started > 0.3:
        say(f"{title}: {seconds(started)}")


def stop_for(error: OSError, folder: Path) -> Stop:
    """The two sentences for a disk that is full or a folder that cannot be written to."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(folder)
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return Stop(
            f"Mappen {folder} går inte att skriva i. Lägg Humla i en mapp som du äger.",
            f"The folder {folder} cannot be written to. Put Humla in a folder that you own.",
        )
    raise error


def disk_full(folder: Path) -> Stop:
    return Stop(
        f"Disken är full: frigör plats i {folder}. Inget har gått förlorat. {AGAIN[0]}",
        f"The disk is full: free some space in {folder}. Nothing is lost. {AGAIN[1]}",
    )


def require_space(folder: Path, *, megabytes: int) -> None:
    """A database that stops in the middle of a write is worse than one that never began."""
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < megabytes * 1_000_000:
        raise disk_full(folder)
