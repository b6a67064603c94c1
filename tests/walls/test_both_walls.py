"""A slice of `./humla prove authorisation`, small enough for every run: both walls, every reader and table.

The whole table, and the planted faults, are the programme's. Here stands also that the plans of the reads
that pages do stay narrow when there is much in the tables.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from prove.ground import database, decisions, faults, openings, readers, world


@dataclass
class Laid:
    """A committed database with a slice of the world in it."""

    name: str
    files: list[world.CaseFile]


@pytest.fixture(scope="module")
def laid(template: tuple[str, Path]) -> Iterator[Laid]:
    files = world.some_files()
    with database.cloned("walls", of=template[0]) as name:
        with database.as_owner(name) as owner:
            database.lift_checks(owner)
            database.load(owner, world.rows(files))
        yield Laid(name, files)


def differing(laid: Laid, table: str, reader: readers.Reader) -> int:
    """How many cells of a table the two walls disagree about."""
    answer = decisions.decide(table, reader.actor, laid.files)
    with database.as_app(laid.name) as app:
        column = decisions.KEYS.get(table, "id")
        seen = database.seen(app, table, reader.line(), world.NOW, column=column)
    return len(seen ^ {row for row, may in answer.items() if may})


def test_both_walls_say_the_same_to_every_reader(laid: Laid):
    assert len(laid.files) > 300
    wrong = {
        (table, reader.name): count
        for table in decisions.TABLES
        for reader in readers.readers()
        if (count := differing(laid, table, reader))
    }

    assert wrong == {}


def test_a_planted_fault_is_seen(laid: Laid):
    fault = next(one for one in faults.all_faults() if one.name == "del: egen part för vid")
    reader = next(one for one in readers.readers() if one.name == fault.readers[0])
    with database.as_owner(laid.name) as owner:
        database.apply(owner, faults.changed(database.the_walls(), [fault.edit]))
        try:
            assert differing(laid, fault.table, reader) > 100
        finally:
            database.apply(owner, database.the_walls())


def test_every_planted_fault_still_fits_the_walls():
    texts = database.the_walls()
    for fault in faults.all_faults():
        for edit in (fault.edit, *fault.masked_by):
            assert faults.changed(texts, [edit]) != texts


def test_each_reader_that_opens_something_is_named_among_the_readers():
    assert set(openings.OPENS) <= {one.name for one in readers.readers()}


READS = {
    "the parts of a case": "SELECT * FROM disclosures_documentpart WHERE case_id = '{case}'",
    "one case": "SELECT * FROM cases_case WHERE id = '{case}'",
    "the disclosures of a case": "SELECT * FROM disclosures_disclosure WHERE case_id = '{case}'",
    "what has come to a unit": "SELECT * FROM disclosures_disclosure WHERE receiver_unit_id = '{unit}'"
    " ORDER BY disclosed_at DESC LIMIT 50",
    "the consents of a case": "SELECT * FROM consents_consent WHERE case_id = '{case}'",
}


@pytest.mark.parametrize("who", ["innehavarens handläggare", "mottagarens handläggare", "personen"])
def test_a_page_reads_its_own_rows_only(who: str, laid: Laid):
    reader = next(one for one in readers.readers() if one.name == who)
    case = laid.files[0].case
    unit = readers.UNITS[readers.RECEIVER][0]
    for what, query in READS.items():
        with database.as_app(laid.name) as app, app.transaction():
            app.execute("SELECT set_config('humla.ctx', %s, true)", [reader.line()])
            rows = app.execute(f"EXPLAIN {query.format(case=case.pk, unit=unit)}".encode()).fetchall()
        plan = "\n".join(str(row[0]) for row in rows)
        assert (what, "hashed SubPlan" in plan) == (what, False)
        assert (what, [line for line in plan.splitlines() if "Seq Scan" in line]) == (what, [])
