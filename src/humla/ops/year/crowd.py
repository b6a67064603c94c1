"""`./humla demo --persons N`: fills a demonstration with many persons, by COPY, as the database's owner.

Here: the year copied until there are enough. Not here: the year itself (`writing.py`), which must be there.

A copy is the same hundred-odd cases with other ids: the ids in the text of the copied rows carry the copy's
number in front, so that what pointed at each other still does. Nobody copied has a person number: they get
temporary codes, and no key. Foreign keys are dropped meanwhile and made again, checked, afterwards: they
would be looked up one row at a time.
"""

import os
import sys
from collections.abc import Iterator

import psycopg
from psycopg import sql

from humla.ops.sentences import say

Connection = psycopg.Connection[tuple[object, ...]]

_ABOUT = (
    "people_person",
    "cases_case",
    "cases_caseassignment",
    "cases_initiation",
    "cases_handover",
    "cases_note",
    "representatives_mandate",
    "consents_planconsent",
    "consents_consent",
    "disclosures_document",
    "disclosures_documentpart",
    "disclosures_disclosure",
    "disclosures_receivedcopy",
    "plans_plan",
    "plans_goal",
    "plans_commitment",
    "plans_milestone",
    "plans_reservation",
    "plans_unmetneed",
    "plans_otherplan",
    "plans_leadtransfer",
    "meetings_meeting",
    "meetings_summons",
    "meetings_summonsanswer",
    "meetings_attendance",
    "meetings_preparation",
    "followups_progress",
    "followups_followup",
    "followups_commitmentresult",
    "followups_goalresult",
    "followups_closing",
    "followups_livelihoodline",
)
"""The tables whose rows are copied, all of them rows of a person's."""


def main(words: list[str]) -> int:
    """Copy until there are so many persons; 0 when there are."""
    wanted = int(words[0])
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        there = _count(owner)
        if there == 0:
            say("Läs in demonstrationen först: ./humla demo. / Load the demonstration first: ./humla demo.")
            return 1
        if there < wanted:
            _fill(owner, there, wanted)
        say(f"{_count(owner)} personer finns. / {_count(owner)} persons.")
    return 0


def _count(owner: Connection) -> int:
    row = owner.execute("SELECT count(*) FROM people_person").fetchone()
    return int(str(row[0])) if row else 0


def _fill(owner: Connection, there: int, wanted: int) -> None:
    first, persons = _copies_made(owner) + 1, _persons_of_the_year(owner)
    turns = range(first, first - (wanted - there) // -persons)
    patterns = {table: _rows_to_copy(owner, table) for table in _ABOUT}
    keys = _drop_foreign_keys(owner)
    for table, (columns, pattern) in patterns.items():
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
        with owner.cursor().copy(into) as copy:
            for turn in _shown(turns, table):
                copy.write(_numbered(pattern, turn))
    for name, constraint, definition in keys:
        owner.execute(f"ALTER TABLE {name} ADD CONSTRAINT {constraint} {definition}".encode())
    owner.commit()
    owner.autocommit = True
    owner.execute("VACUUM (ANALYZE)")


def _shown(turns: range, table: str) -> Iterator[int]:
    """The turns, with a bar while they go."""
    for done, turn in enumerate(turns, 1):
        yield turn
        if sys.stderr.isatty() or done == len(turns):
            width = 24 * done // len(turns)
            print(f"\r{table:30} [{'█' * width}{'·' * (24 - width)}]", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


_MARK = "c0b1a5e0"
"""How the ids of a copied row begin; then come the copy's number and the rest of the id it is copied from."""


def _numbered(pattern: str, turn: int) -> str:
    """The rows of one copy: 28 bits of its number in every id, all of it in every code."""
    return (
        pattern.replace("~A~", f"{turn >> 12 & 0xFFFF:04x}")
        .replace("~B~", f"{turn & 0xFFF:03x}")
        .replace("~C~", f"{turn:06X}")
    )


def _copies_made(owner: Connection) -> int:
    found = owner.execute(
        "SELECT max(('x' || substr(id::text, 10, 4) || substr(id::text, 16, 3))::bit(28)::int)"
        " FROM people_person WHERE id::text LIKE %s",
        [f"{_MARK}-%"],
    ).fetchone()
    return int(str(found[0])) if found and found[0] is not None else 0


def _persons_of_the_year(owner: Connection) -> int:
    """Those who are copied: everybody who is not a copy."""
    found = owner.execute(
        "SELECT count(*) FROM people_person WHERE id::text NOT LIKE %s", [f"{_MARK}-%"]
    ).fetchone()
    return int(str(found[0])) if found else 0


def _rows_to_copy(owner: Connection, table: str) -> tuple[list[str], str]:
    """The columns of a table, and its rows as COPY writes them with places where the copy's number goes."""
    found = owner.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " ORDER BY attnum",
        [table],
    ).fetchall()
    columns = [str(row[0]) for row in found]
    moving = {"id", "series"} | _pointing_at_copied(owner, table)
    chosen = ", ".join(_written(table, column, is_moving=column in moving) for column in columns)
    rows = f"COPY (SELECT {chosen} FROM {table} WHERE id::text NOT LIKE '{_MARK}-%') TO STDOUT"
    with owner.cursor().copy(rows.encode()) as copy:
        return columns, b"".join(bytes(piece) for piece in copy).decode()


def _pointing_at_copied(owner: Connection, table: str) -> set[str]:
    """The columns that point at rows which are copied too; the others point at the organisation."""
    found = owner.execute(
        "SELECT a.attname FROM pg_constraint c"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
        " WHERE c.contype = 'f' AND c.conrelid = %s::regclass AND c.confrelid::regclass::text = ANY (%s)",
        [table, list(_ABOUT)],
    ).fetchall()
    return {str(row[0]) for row in found}


def _written(table: str, column: str, *, is_moving: bool) -> str:
    """How a column is copied."""
    quoted = f'"{column}"'
    if is_moving:
        return (
            f"CASE WHEN {quoted} IS NULL THEN NULL ELSE '{_MARK}-~A~-4~B~-' || substr({quoted}::text, 20) END"
        )
    return _NOT_COPIED.get((table, column), quoted)


_CODE = "'~C~' || '-' || to_hex(row_number() OVER (ORDER BY id))"
_NOT_COPIED = {
    ("people_person", "number_kind"): "'code'",
    ("people_person", "number"): "''",
    ("people_person", "number_lookup"): "''",
    ("people_person", "number_reason"): "NULL",
    ("people_person", "code"): _CODE,
    ("cases_case", "reference"): _CODE,
    ("representatives_mandate", "number"): "''",
}
"""What is a person's own, or may be there only once."""


def _drop_foreign_keys(owner: Connection) -> list[tuple[object, ...]]:
    found = owner.execute(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)"
        " FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
        " AND conrelid::regclass::text = ANY (%s)",
        [list(_ABOUT)],
    ).fetchall()
    for table, constraint, _definition in found:
        owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}".encode())
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
