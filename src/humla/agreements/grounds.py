"""What the processing rests on: the texts the program came with, and what the förbund has written instead.

Here: reading both and the newest of each subject. Not here: writing a new version (`actions.write_ground`).
Sections move (SoL did in 2025), so a reference is text that an administrator edits and never a constant.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from humla.agreements.models import LegalGround
from humla.core.dates import day_of

_FILE = Path(__file__).parent / "texts" / "grounds.toml"


@dataclass(frozen=True)
class Ground:
    """One kind of processing and what it rests on; version 0 is the text the program came with."""

    subject: str
    title: str
    text: str
    reference: str
    version: int
    written: date


@lru_cache
def standard() -> Mapping[str, Ground]:
    """The texts the program came with, by subject, in the order they are read."""
    told = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {one["subject"]: Ground(**one, version=0, written=told["written"]) for one in told["ground"]}


def grounds() -> list[Ground]:
    """Every subject as it stands now: one question."""
    newest = {
        row.subject: row for row in LegalGround.objects.order_by("subject", "-version").distinct("subject")
    }
    return [_as_written(one, newest.get(one.subject)) for one in standard().values()]


def ground(subject: str) -> Ground | None:
    """One subject as it stands now; None when there is no such subject."""
    came_with = standard().get(subject)
    if came_with is None:
        return None
    row = LegalGround.objects.filter(subject=subject).order_by("-version").first()
    return _as_written(came_with, row)


def earlier(subject: str) -> list[Ground]:
    """What was written before, newest first, the program's own text last."""
    came_with = standard()[subject]
    rows = LegalGround.objects.filter(subject=subject).order_by("-version")
    return [*(_as_written(came_with, row) for row in rows), came_with][1:]


def _as_written(came_with: Ground, row: LegalGround | None) -> Ground:
    if row is None:
        return came_with
    return Ground(row.subject, came_with.title, row.text, row.reference, row.version, day_of(row.written_at))
