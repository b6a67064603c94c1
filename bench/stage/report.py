"""What a measurement says: tables of raw rounds, goals with their figures, and the exit code.

Here: putting figures into lines, and keeping the last report under `bench/results/`. Not here: measuring.
A missed goal is printed with its figure and never redefined. No name of a machine or a folder is written.
"""

import os
import platform
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version

import psycopg

from humla.ops.install import ROOT


@dataclass
class Rounds:
    """What one candidate took, round by round: milliseconds for each visit."""

    taken: list[list[float]] = field(default_factory=list)
    web_cpu: float = 0.0
    database_cpu: float = 0.0

    def add(self, seconds: Sequence[float], *, web: float, database: float) -> None:
        self.taken.append([one * 1_000 for one in seconds])
        self.web_cpu += web
        self.database_cpu += database

    @property
    def medians(self) -> list[float]:
        return [statistics.median(one) for one in self.taken]

    @property
    def best(self) -> float:
        """The best round's median: what is left when others use the machine less."""
        return min(self.medians)

    @property
    def p95(self) -> float:
        """The median over the rounds of each round's 95th percentile."""
        return statistics.median(sorted(one)[int(len(one) * 0.95)] for one in self.taken)

    def per_visit(self, seconds: float, warm: int) -> float:
        return seconds * 1_000 / sum(len(one) + warm for one in self.taken)


@dataclass(frozen=True)
class Goal:
    """One goal, its limit and what was measured. A stretch goal is told, and misses nothing."""

    name: str
    limit: float
    measured: float
    unit: str = ""
    at_least: bool = False
    is_stretch: bool = False

    @property
    def is_met(self) -> bool:
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit


class Report:
    """Lines that are printed as they come and can be kept afterwards."""

    def __init__(self, title: str) -> None:
        self.lines: list[str] = []
        self.say(f"{title}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
        self.say(_versions())
        self.say(
            f"{os.cpu_count()} processorer, belastning vid start {os.getloadavg()[0]:.1f}".replace(".", ",")
        )

    def say(self, line: str = "") -> None:
        self.lines.append(line)
        print(line, flush=True)

    def table(self, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Text to the left, figures to the right; a comma for decimals."""
        self.say(f"\n{title}")
        every = [list(heads), *[[one.replace(".", ",") for one in row] for row in rows]]
        widths = [max(len(row[at]) for row in every) for at in range(len(heads))]
        for first, *rest in every:
            cells = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
            self.say("  ".join([first.ljust(widths[0]), *cells]).rstrip())

    def goals(self, goals: Sequence[Goal]) -> bool:
        """Print them all; whether every goal that is not a stretch was met."""
        rows = []
        for one in goals:
            sign = "≥" if one.at_least else "≤"
            said = "ja" if one.is_met else "nej (sträckmål)" if one.is_stretch else "NEJ"
            limit, measured = f"{sign} {one.limit:g} {one.unit}", f"{one.measured:.2f} {one.unit}"
            rows.append([one.name, limit.strip(), measured.strip(), said])
        self.table("Mål", ["mål", "gräns", "mätt", "nått"], rows)
        return all(one.is_met or one.is_stretch for one in goals)

    def keep(self, name: str) -> None:
        place = ROOT / "bench" / "results" / name
        place.parent.mkdir(exist_ok=True)
        place.write_text("\n".join(self.lines) + "\n")


def _versions() -> str:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        server = connection.info.server_version // 10_000
    packages = ", ".join(f"{name} {version(name)}" for name in ("Django", "Jinja2", "psycopg", "granian"))
    python = ".".join(map(str, sys.version_info[:3]))
    return f"Python {python}, {packages}, PostgreSQL {server}, {platform.system()} {platform.machine()}"
