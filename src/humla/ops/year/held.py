"""A case of the year while it is being written, and who takes in what comes to each unit.

Here: what the later rows point at. Not here: the rows (`course.py`, `gatherings.py`, `planning.py`).
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from humla.cases.models import Case
from humla.consents.models import Consent
from humla.meetings.models import Meeting
from humla.ops.year.cases import Course
from humla.organisation.models import Professional, Unit
from humla.people.models import Person
from humla.plans.models import Commitment, Goal, Plan
from humla.representatives.models import Mandate

RECEIVERS = {
    "Arbetsförmedlingen Humlesund": "Amir Haddad",
    "Försäkringskassan Humlesund": "Farid Rahimi",
    "Hälsocentralen Humlesund": "Rakel Rosén",
    "Psykiatriska mottagningen Humlesund": "Lena Lind",
}
"""The units that are summoned, and who takes in what comes to them."""


@dataclass
class Held:
    """A case being written: its rows so far, and what later rows point at."""

    course: Course
    case: Case
    person: Person
    by: Professional
    unit: Unit
    opened_on: date
    about: dict[str, Any]
    consented: list[Unit] = field(default_factory=list)
    consents: dict[Any, Consent] = field(default_factory=dict)
    mandates: list[Mandate] = field(default_factory=list)
    meeting: Meeting | None = None
    plan: Plan | None = None
    goals: list[Goal] = field(default_factory=list)
    commitments: list[Commitment] = field(default_factory=list)
    adopted_on: date | None = None

    @property
    def then(self) -> dict[str, Any]:
        """Sex and age at an event of this case."""
        return {
            "sex_then": self.person.sex,
            "age_then": self.opened_on.year - int(self.person.born_year or 0),
        }
