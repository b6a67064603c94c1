"""Whose yes an authority asks for when the person is a child: its own text, or what the program came with.

Here: reading the policy, and the person's age on a day. Not here: what follows from it for one answer
(`rules`), nor writing a new version (`actions.write_policy`).
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

from humla.core.dates import day_of
from humla.people.models import Person
from humla.people.naming import born_on
from humla.representatives.models import GuardianPolicy, Needed

ADULT = 18
_FILE = Path(__file__).parent / "texts" / "guardians.toml"


@dataclass(frozen=True)
class Band:
    """Some ages, and whose yes is asked for in them. `to_age` is the first age that it is not about."""

    from_age: int
    to_age: int
    needed: Needed


@dataclass(frozen=True)
class Policy:
    """What holds at one authority; version 0 is what the program came with."""

    bands: tuple[Band, ...]
    if_disagree: str
    starts_from: int
    reference: str
    version: int
    written: date

    def needed_at(self, age: int | None) -> Needed | None:
        """Whose yes a child of this age needs; nothing for an adult, or when nobody knows how old she is."""
        if age is None or age >= ADULT:
            return None
        return next((one.needed for one in self.bands if one.from_age <= age < one.to_age), None)


@lru_cache
def standard() -> Policy:
    """What the program came with."""
    told = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return Policy(bands_of(told.pop("bands")), version=0, **told)


def bands_of(written: list[dict[str, Any]]) -> tuple[Band, ...]:
    """The bands by age, each until the next begins."""
    ordered = sorted(written, key=lambda one: int(one["from_age"]))
    starts = [*(int(one["from_age"]) for one in ordered), ADULT]
    return tuple(
        Band(start, end, Needed(one["needed"]))
        for (start, end), one in zip(pairwise(starts), ordered, strict=True)
    )


def policy_of(authority_id: UUID) -> Policy:
    """What holds at the authority now."""
    return next(iter(policies([authority_id]).values()))


def policies(authorities: list[UUID]) -> dict[UUID, Policy]:
    """The same for several, in one question."""
    rows = GuardianPolicy.objects.filter(authority__in=authorities)
    newest = {
        one.authority_id: one for one in rows.order_by("authority_id", "-version").distinct("authority_id")
    }
    return {one: as_written(newest.get(one)) for one in authorities}


def as_written(row: GuardianPolicy | None) -> Policy:
    """One version, or what the program came with."""
    if row is None:
        return standard()
    return Policy(
        bands=bands_of(row.bands),
        if_disagree=row.if_disagree,
        starts_from=row.starts_from,
        reference=row.reference,
        version=row.version,
        written=day_of(row.written_at),
    )


def age_of(person: Person, on: date) -> int | None:
    """Whole years on a day. By the year alone she counts as having had her birthday."""
    born = born_on(person)
    if born is None:
        return None if person.born_year is None else on.year - person.born_year
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def of_age_on(person: Person) -> date | None:
    """The day when she turns 18: a guardian's mandate ends there by itself."""
    born = born_on(person)
    if born is None:
        return None if person.born_year is None else date(person.born_year + ADULT, 1, 1)
    if (born.month, born.day) == (2, 29):
        return date(born.year + ADULT, 3, 1)
    return born.replace(year=born.year + ADULT)
