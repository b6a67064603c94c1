"""What a killed supervisor left behind, and how the next one knows that it is ours.

Lives here: `var/run.json` and the stopping of what it names. Not here: the first net, the kernel's death
signal (`cluster.dies_with_parent`), and the ordinary stop (`supervisor.py`). Linux; elsewhere nothing is
found and nothing is stopped.
"""

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from humla.ops.install import VAR
from humla.ops.sentences import say

_RUNNING = VAR / "run.json"


def note(processes: dict[str, int]) -> None:
    """Write down who was started: name and pid, each the leader of a process group of its own."""
    rows = [{"name": name, "pid": pid, "started": _start_time(pid)} for name, pid in processes.items()]
    partial = _RUNNING.with_suffix(".partial")
    partial.write_text(json.dumps({"boot": _boot(), "children": rows}, indent=1))
    partial.replace(_RUNNING)


def forget() -> None:
    """After an ordinary stop nothing is left."""
    _RUNNING.unlink(missing_ok=True)


def stop_what_is_left() -> None:
    """Stopping is simpler than adopting and costs 0.2 s. A number that is another program's is left alone."""
    try:
        noted = json.loads(_RUNNING.read_text())
    except (OSError, ValueError):
        return
    if noted["boot"] != _boot():
        return
    # PostgreSQL needs more patience than this; the cluster itself stops one that is still there.
    others = [row for row in noted["children"] if row["name"] != "postgres"]
    left = [(row, pid) for row in others for pid in _ours(row["pid"], row["started"])]
    for _row, pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 1.5
    while time.monotonic() < deadline and any(_start_time(pid) for _row, pid in left):
        time.sleep(0.02)
    for row, pid in left:
        if _start_time(pid):
            kill_group(row["pid"])
    if left:
        say("Det som fanns kvar från förra gången är stoppat / What was left from last time is stopped")


def _ours(group: int, started: int) -> Iterator[int]:
    """Processes of the group (the leader may be gone) that began with it and run from this folder."""
    for folder in Path("/proc").glob("[0-9]*"):
        fields = _stat(int(folder.name))
        if len(fields) > 19 and fields[2] == str(group) and int(fields[19]) >= started:
            with contextlib.suppress(OSError):
                command = (folder / "cmdline").read_text(errors="replace")
                if sys.prefix in command:
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


def kill_group(group: int) -> None:
    """Everybody in it, at once."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
