"""What each value of each dimension opens, said a third time and by hand.

Two walls that refuse everything agree. Here stands, for the receiver's and the holder's reading of parts
(each also for another unit of the authority), which values open when everything else is open; all cells of
such a value must be readable, and no cell of another value.

Lives here: the table of what opens, and the counting. Not here: the cells themselves (`decisions.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from humla.cases.models import RELEASABLE, Category
from humla.disclosures.models import DocumentPart
from prove.ground.world import (
    ASSIGNMENTS,
    CONSENTS,
    DISCLOSURES,
    EXTRAS,
    LEAVINGS,
    PLACES,
    PROTECTIONS,
    SCOPES,
    CaseFile,
)

_WORKING = {"gäller", "slutar 1 µs senare", "börjar nu"}
_OTHER_UNIT = {"för annan enhet i myndigheten"}
_CLEARED = {"oskyddad", "skyddad, behörighet slutar 1 µs senare"}
_LEFT = {"har lämnat", "lämnar nu"}
_RELEASED = {one.value for one in RELEASABLE}

OPENS: Mapping[str, Mapping[str, set[str]]] = {
    "mottagarens handläggare": {
        "plats": {"eget förbund"},
        "uppdrag": _WORKING,
        "skydd": _CLEARED,
        "samtycke": {"gäller", "börjar nu", "slutar 1 µs senare", "återkallat 1 µs senare"},
        "omfattning": {"slaget med"},
        "annat öppet": {"nej"},
        "utlämnande": {"till mottagaren: slaget med"},
        "lämnat": _LEFT,
        "slag": _RELEASED,
    },
    "innehavarens handläggare": {
        "plats": {"eget förbund"},
        "uppdrag": _WORKING,
        "skydd": _CLEARED,
        "lämnat": {*LEAVINGS},
        "slag": {one.value for one in Category},
    },
    "han själv för annan enhet": {
        "uppdrag": _OTHER_UNIT,
        "skydd": _CLEARED,
        "samtycke": {"annan enhet hos mottagaren"},
        "omfattning": {"slaget med"},
        "annat öppet": {"nej", "ja"},
        "utlämnande": {"allt till mottagarens andra enhet"},
        "lämnat": _LEFT,
        "slag": _RELEASED,
    },
    "hon själv för annan enhet": {
        "uppdrag": _OTHER_UNIT,
        "skydd": _CLEARED,
        "lämnat": {*LEAVINGS},
        "slag": {one.value for one in Category},
    },
}
_ALSO_OPENS = {
    ("mottagarens handläggare", "annat öppet", "ja"),
    ("mottagarens handläggare", "utlämnande", "laglig: slaget med"),
}
"""Opens too, but is closed while the other dimensions are tried: it would open what they should close."""


@dataclass(frozen=True)
class Opening:
    """One value of one dimension, everything else open."""

    reader: str
    dimension: str
    value: str
    cells: int
    readable: int
    complaint: str


def counted(
    files: Sequence[CaseFile], allowed: Mapping[tuple[str, str], frozenset[UUID]]
) -> Iterator[Opening]:
    """Every value, for each of the readers, and the releases under law without any consent."""
    cells = [(_values(file, part), part.pk) for file in files for part in file.parts]
    for reader, opens in OPENS.items():
        readable = allowed["disclosures_documentpart", reader]
        for dimension in opens:
            yield from _of_dimension(reader, dimension, opens, cells, readable)
    reader = "mottagarens handläggare"
    by_law = dict(OPENS[reader]) | {"samtycke": {"inget"}, "omfattning": {"slaget med", "slaget inte med"}}
    by_law["utlämnande"] = {"laglig: slaget med"}
    readable = allowed["disclosures_documentpart", reader]
    yield from _of_dimension(f"{reader}, utan samtycke", "utlämnande", by_law, cells, readable)


def _of_dimension(
    reader: str,
    dimension: str,
    opens: Mapping[str, set[str]],
    cells: Sequence[tuple[dict[str, str], UUID]],
    readable: frozenset[UUID],
) -> Iterator[Opening]:
    found: dict[str, list[bool]] = {value: [] for value in _KNOWN.get(dimension, ())}
    others = [one for one in opens if one != dimension]
    for values, row in cells:
        if all(values[one] in opens[one] for one in others):
            found.setdefault(values[dimension], []).append(row in readable)
    for value, answers in found.items():
        should = value in opens[dimension] or (reader, dimension, value) in _ALSO_OPENS
        right = all(answers) if should else not any(answers)
        complaint = "" if answers and right else f"{reader}: {dimension} = {value} öppnar fel"
        yield Opening(reader, dimension, value, len(answers), sum(answers), complaint)


# Categories are in or out relative to the part, so their values come with the cells.
_KNOWN: dict[str, list[str]] = {
    "plats": [*PLACES],
    "uppdrag": [*ASSIGNMENTS],
    "skydd": [*PROTECTIONS],
    "samtycke": [*CONSENTS],
    "annat öppet": [*EXTRAS],
    "lämnat": [*LEAVINGS],
    "slag": [one.value for one in Category],
}


def _values(file: CaseFile, part: DocumentPart) -> dict[str, str]:
    facts = file.facts
    return {
        "plats": facts.place,
        "uppdrag": facts.assignment,
        "skydd": facts.protection,
        "samtycke": facts.consent,
        "omfattning": _in(part.category, SCOPES[facts.scope]),
        "annat öppet": facts.extra,
        "utlämnande": _disclosure(facts.disclosure, part.category),
        "lämnat": facts.leaving,
        "slag": part.category,
    }


_ELSEWHERE = ("allt till mottagarens andra enhet", "allt till annan", "av en annan handling")


def _disclosure(name: str, category: str) -> str:
    disclosed = DISCLOSURES[name]
    if disclosed is None or name in _ELSEWHERE:
        return name
    return f"{'laglig' if disclosed[3] == 'law' else 'till mottagaren'}: {_in(category, disclosed[2])}"


def _in(category: str, among: Sequence[str]) -> str:
    return "slaget med" if category in among else "slaget inte med"
