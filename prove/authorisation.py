"""Prove that the two walls say the same in every cell of the decision table, and that it would show if not.

`./humla prove authorisation`. Wall 1 is `humla.disclosures.visibility`, asked row by row; wall 2 is what the
limited role sees in the database. Then the walls are altered on purpose, one fault at a time, and every fault
must be noticed. Ends with 1 when a cell differs, a fault goes unnoticed, or nothing could be read where the
law lets somebody read: a table of refusals alone proves nothing.

Lives here: the programme and what it prints. Not here: what it stands on (`prove/ground/`); writing, which
is tried in `tests/walls`.
"""

import multiprocessing
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from queue import SimpleQueue
from time import monotonic
from uuid import UUID

import django

django.setup()

from django.utils import translation  # noqa: E402

from prove.ground import database, decisions, faults, openings, readers, world  # noqa: E402

MINIMUM_CELLS = 100_000
_FOUR = ("cases_case", "consents_consent", "disclosures_disclosure", "disclosures_documentpart")
_WORKERS = 2

Readable = dict[tuple[str, str], frozenset[UUID]]
"""Table and reader: the rows that may be read."""

_world: list[world.CaseFile] = []


@dataclass(frozen=True)
class Tried:
    """What became of one planted fault; `complaint` is empty when it was noticed as it should."""

    fault: faults.Fault
    wrong: int
    complaint: str


def main() -> int:
    """Build, compare, plant; the exit code."""
    begun = monotonic()
    translation.deactivate_all()  # nobody reads the reasons here, and translating them takes most of the time
    _world.extend(world.files())
    cast = readers.readers()
    complaints: list[str] = []
    with (
        ProcessPoolExecutor(_WORKERS, multiprocessing.get_context("fork")) as pool,
        ExitStack() as stack,
    ):
        asked = _ask_wall_one(pool, cast)
        first = stack.enter_context(database.cloned("a"))
        _fill(first)
        print(f"Världen: {len(_world)} ärenden. {_took(begun)}")
        allowed, cells = _answers(asked)
        complaints += _compare(first, cast, allowed, cells)
        complaints += _openings(allowed)
        print(f"Murarna jämförda. {_took(begun)}\n")
        second = stack.enter_context(database.cloned("b", of=first))
        complaints += _plant([first, second], cast, allowed)
    for complaint in complaints:
        print(f"FEL: {complaint}")
    print(f"\n{len(complaints)} fel. {_took(begun)}")
    return 1 if complaints else 0


def _ask_wall_one(
    pool: ProcessPoolExecutor, cast: Sequence[readers.Reader]
) -> dict[tuple[str, str], "Future[tuple[int, frozenset[UUID]]]"]:
    return {
        (table, reader.name): pool.submit(_decided, table, index)
        for table in sorted(decisions.TABLES, key=lambda one: one != "disclosures_documentpart")
        for index, reader in enumerate(cast)
    }


def _decided(table: str, index: int) -> tuple[int, frozenset[UUID]]:
    """In a process of its own, which got the world when it was forked."""
    answer = decisions.decide(table, readers.readers()[index].actor, _world)
    return len(answer), frozenset(row for row, may in answer.items() if may)


def _answers(
    asked: Mapping[tuple[str, str], "Future[tuple[int, frozenset[UUID]]]"],
) -> tuple[Readable, dict[tuple[str, str], int]]:
    answers = {which: future.result() for which, future in asked.items()}
    return {w: rows for w, (_, rows) in answers.items()}, {w: count for w, (count, _) in answers.items()}


def _fill(name: str) -> None:
    with database.as_owner(name) as owner:
        database.apply(owner, database.the_walls())
        database.lift_checks(owner)
        database.load(owner, world.rows(_world))


def _compare(
    name: str, cast: Sequence[readers.Reader], allowed: Readable, cells: Mapping[tuple[str, str], int]
) -> list[str]:
    """Cell by cell, two readers at a time; prints one line per table."""
    with ThreadPoolExecutor(_WORKERS) as pool:
        waiting = {
            which: pool.submit(_differing, name, _named(cast, which[1]), which[0], allowed)
            for which in allowed
        }
        wrong = {which: future.result() for which, future in waiting.items()}
    print(f"\n{'tabell':28}{'celler':>10}{'läsbara':>10}{'skilda':>8}")
    for table in decisions.TABLES:
        of_table = [which for which in allowed if which[0] == table]
        counts = sum(cells[w] for w in of_table), sum(len(allowed[w]) for w in of_table)
        print(f"{table:28}{counts[0]:10}{counts[1]:10}{sum(wrong[w] for w in of_table):8}")
    print(f"\n{'läsare':32}{'läsbara':>10}")
    for reader in cast:
        readable = sum(len(rows) for which, rows in allowed.items() if which[1] == reader.name)
        print(f"{reader.name:32}{readable:10}")
    total, differ = sum(count for which, count in cells.items() if which[0] in _FOUR), sum(wrong.values())
    print(f"\n{total} celler i de fyra tabellerna, {sum(cells.values())} i alla; {differ} skilda")
    found = [f"{' och '.join(which)}: {count} celler skiljer" for which, count in wrong.items() if count]
    return found + ([f"Bara {total} celler."] if total < MINIMUM_CELLS else [])


def _differing(name: str, reader: readers.Reader, table: str, allowed: Readable) -> int:
    column = decisions.KEYS.get(table, "id")
    with database.as_app(name) as app:
        seen = database.seen(app, table, reader.line(), world.NOW, column=column)
    return len(seen ^ allowed[table, reader.name])


def _openings(allowed: Readable) -> list[str]:
    """Dimension by dimension: what should open does, and what should not never does."""
    found = []
    reader = ""
    for one in openings.counted(_world, allowed):
        if one.reader != reader:
            reader = one.reader
            print(f"\n{reader}, en dimension i taget")
            print(f"{'dimension':14}{'värde':36}{'celler':>8}{'läsbara':>9}")
        print(f"{one.dimension:14}{one.value:36}{one.cells:8}{one.readable:9}")
        if one.complaint:
            found.append(one.complaint)
    return found


def _plant(names: Sequence[str], cast: Sequence[readers.Reader], allowed: Readable) -> list[str]:
    """Every fault by itself in one of the databases; prints one line per fault."""
    free: SimpleQueue[str] = SimpleQueue()
    for name in names:
        free.put(name)
    with ThreadPoolExecutor(len(names)) as pool:
        every = list(pool.map(lambda fault: _try(free, fault, cast, allowed), faults.all_faults()))
    for tried in every:
        print(f"{tried.fault.name:52}{tried.wrong:8} celler  {'MISSAT' if tried.complaint else 'upptäckt'}")
        if tried.fault.why_masked:
            print(f"    ensamt tyst: {tried.fault.why_masked}")
    noticed = sum(not tried.complaint for tried in every)
    print(f"\n{noticed} av {len(every)} planterade fel upptäckta")
    return [f"{tried.fault.name}: {tried.complaint}" for tried in every if tried.complaint]


def _try(
    free: "SimpleQueue[str]", fault: faults.Fault, cast: Sequence[readers.Reader], allowed: Readable
) -> Tried:
    name = free.get()
    try:
        alone = _wrong_with(name, [fault.edit], fault, cast, allowed)
        if not fault.masked_by:
            return Tried(fault, alone, "" if alone else "inte upptäckt")
        without_wall = _wrong_with(name, fault.masked_by, fault, cast, allowed)
        both = _wrong_with(name, [fault.edit, *fault.masked_by], fault, cast, allowed)
    finally:
        free.put(name)
    if alone:
        return Tried(fault, alone, "sägs vara skymt men hörs ensamt: rätta deklarationen")
    return Tried(fault, both, "" if both > without_wall else "inte upptäckt ens utan muren framför")


def _wrong_with(
    name: str,
    edits: Sequence[faults.Edit],
    fault: faults.Fault,
    cast: Sequence[readers.Reader],
    allowed: Readable,
) -> int:
    with database.as_owner(name) as owner:
        database.apply(owner, faults.changed(database.the_walls(), edits))
    return min(
        sum(_differing(name, _named(cast, reader), table, allowed) for reader in fault.readers)
        for table in fault.tables
    )


def _named(cast: Sequence[readers.Reader], name: str) -> readers.Reader:
    return next(reader for reader in cast if reader.name == name)


def _took(begun: float) -> str:
    return f"{monotonic() - begun:.1f} s".replace(".", ",")


if __name__ == "__main__":
    sys.exit(main())
