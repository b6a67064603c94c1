"""Finding the right unit by typing: party, place, what it takes on, or the word that people say.

Here: which units fit what is written, and in which order they are shown. Not here: which units there are to
find (`humla.organisation.visibility`), how one is reached (`humla.organisation.reaching`), the field on the
form (`humla.web.unit_choice`).

The order is for whoever does not know the organisation: "en väg in" before the rest of its authority, and
what takes on people from the same place before what does not.
"""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from humla.organisation.models import PartyKind, Unit

EVERYDAY: dict[str, tuple[str, ...]] = {
    "soc": ("socialnamnd", "socialtjanst", "ekonomiskt bistand", "vuxenenhet"),
    "socialen": ("socialnamnd", "socialtjanst", "ekonomiskt bistand", "vuxenenhet"),
    "forsorjningsstod": ("ekonomiskt bistand",),
    "kassan": ("forsakringskassan",),
    "af": ("arbetsformedling",),
    "ams": ("arbetsformedling",),
    "fk": ("forsakringskassan",),
    "vc": ("vardcentral", "halsocentral"),
    "vardcentralen": ("vardcentral", "halsocentral"),
    "vardcentral": ("vardcentral", "halsocentral"),
    "halsocentral": ("vardcentral", "halsocentral"),
    "doktor": ("vardcentral", "halsocentral", "primarvard"),
    "lakare": ("vardcentral", "halsocentral", "primarvard", "psykiatri"),
    "sjukskriven": ("forsakringskassan", "sjukskriv"),
    "jobb": ("arbetsformedling", "arbetsmarknad", "arbete"),
    "skola": ("skola", "gymnasi", "utbildning"),
}
"""What people call them, for the words that no name holds. Each unit may add its own (`also_called`)."""

_CLOSE = 0.78
_SHORT = 3


@dataclass(frozen=True)
class Found:
    """The units that fit, best first, and whether the words had to be read kindly."""

    units: list[Unit]
    read_as: str = ""
    """What a misspelled word was taken for; empty when it was found as written."""


def find(units: Iterable[Unit], written: str, *, near: Collection[str] = ()) -> Found:
    """Those that have every word that is written; all of them, nearest first, when nothing is."""
    close = {folded(place) for place in near if place}
    rows = [_Row.of(unit) for unit in units]
    words = folded(written).split()
    if fits := _fitting(rows, words):
        return Found(_in_order(fits, words, close))
    guessed = _guess(rows, words)
    if guessed == words:
        return Found([])
    return Found(_in_order(_fitting(rows, guessed), guessed, close), " ".join(guessed))


def folded(text: str) -> str:
    """Without capitals, accents and dots over letters: how somebody in a hurry types."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in parts if not unicodedata.combining(one))


@dataclass(frozen=True)
class _Row:
    """A unit with the words that it is found by; those that say most first."""

    unit: Unit
    name: str
    place: str
    rest: str

    @classmethod
    def of(cls, unit: Unit) -> "_Row":
        authority = unit.authority
        kind = str(PartyKind(authority.party.kind).label)
        return cls(
            unit,
            folded(f"{unit.name} {unit.also_called}"),
            folded(" ".join((unit.place, *unit.serves))),
            folded(" ".join((authority.name, authority.party.name, kind, unit.takes_on))),
        )

    def weight(self, word: str) -> int:
        """How much it says that the word is there; 0 when it is not."""
        if any(each.startswith(word) for each in self.name.split()):
            return 4
        for weight, text in ((3, self.name), (2, self.place), (1, self.rest)):
            if any(_has(text, each) for each in (word, *EVERYDAY.get(word, ()))):
                return weight
        return 0


def _has(text: str, word: str) -> bool:
    # "soc" stands in the middle of every hälsocentral: a short word is the beginning of one.
    return word in text if len(word) > _SHORT else any(each.startswith(word) for each in text.split())


def _fitting(rows: Sequence[_Row], words: Sequence[str]) -> list[_Row]:
    return [row for row in rows if all(row.weight(word) for word in words)]


def _in_order(rows: Sequence[_Row], words: Sequence[str], near: set[str]) -> list[Unit]:
    def place(row: _Row) -> tuple[object, ...]:
        unit = row.unit
        is_near = not near.isdisjoint(map(folded, (unit.place, *unit.serves)))
        weight = sum(row.weight(word) for word in words)
        return (-weight, not is_near, not unit.is_way_in, unit.authority.party.name, unit.name)

    return [row.unit for row in sorted(rows, key=place)]


def _guess(rows: Sequence[_Row], words: Sequence[str]) -> list[str]:
    """The nearest word that some unit has, for each that none has."""
    known = {word for row in rows for word in f"{row.name} {row.place} {row.rest}".split()} | set(EVERYDAY)
    return [_nearest(word, known) if not any(row.weight(word) for row in rows) else word for word in words]


def _nearest(word: str, known: set[str]) -> str:
    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=_CLOSE)), word)
