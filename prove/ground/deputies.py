"""Those who act for the person: their mandates as rows, and which rows each mandate opens.

Lives here: the rows of `humla.representatives` around a case, who reads by them, and the design's words for
what they open. Not here: the case (`world.py`), and how staff and the person read them (`decisions.py`).

One human has all of the mandates tried here: rights never add up, so each opens its own case only. Every
other case has a mandate too, of somebody without a way in, for the staff and the person to read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Model

from humla.cases.models import CaseRole
from humla.core.context import Actor, Kind
from humla.disclosures.models import Document
from humla.representatives.models import Mandate, MandateKey, Withheld
from prove.ground.readers import DEPUTY_KEY, HANNA, known

if TYPE_CHECKING:
    from prove.ground.world import CaseFile, Facts

IN_ORDER: tuple[type[Model], ...] = (Mandate, MandateKey, Withheld)
"""In an order that foreign keys accept."""

_TICK, _DAY = timedelta(microseconds=1), timedelta(days=1)


@dataclass(frozen=True)
class Tried:
    """What is tried of one mandate; the rest of it is in order."""

    name: str
    ends_in: timedelta = _DAY
    rests: bool = False
    may_consent: bool = True


TRIED: Mapping[tuple[str, str, str], Tried] = {
    ("oskyddad", "plan och hälsa", "allt till mottagaren"): Tried("ombud med uppdrag"),
    ("oskyddad", "plan och hälsa", "en del till mottagaren"): Tried("ombud vars uppdrag vilar", rests=True),
    ("oskyddad", "behov och ekonomi", "allt till mottagaren"): Tried(
        "ombud vars uppdrag slutar nu", ends_in=timedelta(0)
    ),
    ("oskyddad", "behov och ekonomi", "en del till mottagaren"): Tried(
        "ombud utan att få samtycka", ends_in=_TICK, may_consent=False
    ),
    ("skyddad", "plan och hälsa", "allt till mottagaren"): Tried("ombud för en skyddad person"),
}
"""By protection, scope and disclosure, where everything else of the case is open."""


def tried_in(facts: "Facts") -> Tried | None:
    """Which mandate is tried in the case with these facts."""
    is_open = (facts.place, facts.assignment, facts.consent, facts.extra, facts.leaving) == (
        "eget förbund",
        "gäller",
        "gäller",
        "ja",
        "har lämnat",
    )
    return TRIED.get((facts.protection, facts.scope, facts.disclosure)) if is_open else None


_ABOUT_CONSENT = {
    "consents_consent",
    "consents_planconsent",
    "consents_consentrequest",
    "disclosures_disclosure",
}


def around(file: "CaseFile", about: dict[str, Any], at: datetime) -> Iterator[Model]:
    """A mandate of the person's, and one kind of information in one document kept from it."""
    tried = tried_in(file.facts)
    held = {one: value for one, value in about.items() if one != "case_id"}
    mandate = Mandate(
        id=known(tried.name) if tried else known(f"uppdrag åt {file.case.pk}"),
        **held,
        kind="god_man",
        name="n",
        categories=["IDENTITY", "PLANNING", "HEALTH"],
        may_consent=tried.may_consent if tried else False,
        evidence="e",
        attested_at=at - _DAY,
        attested_by_id=HANNA,
        starts_at=at - _DAY,
        ends_at=at + (tried.ends_in if tried else _DAY),
        rested_at=at - _DAY if tried and tried.rests else None,
        rested_by_id=HANNA if tried and tried.rests else None,
    )
    yield mandate
    if tried:
        yield MandateKey(mandate=mandate, key=DEPUTY_KEY)
    yield Withheld(
        id=known(f"undantag {file.case.pk}"),
        **about,
        mandate=mandate,
        kind="part",
        subject_id=file.parts[0].document_id,
        category="HEALTH",
        reason="r",
        withheld_at=at - _DAY,
        withheld_by_id=HANNA,
    )


def opened(table: str, actor: Actor, file: "CaseFile", at: datetime) -> Iterator[UUID]:
    """The rows of a table that the representative may read in this case."""
    mine = [one for one in file.held if isinstance(one, MandateKey) and one.mandate_id == actor.id]
    if actor.kind is not Kind.REPRESENTATIVE or not mine or actor.person_key != DEPUTY_KEY:
        return
    if table == "representatives_mandatekey":
        yield actor.id  # Her own key, also when it opens nothing any more.
    mandate = mine[0].mandate
    if mandate.starts_at <= at < mandate.ends_at and not mandate.rested_at and not file.case.is_protected:
        yield from _within(table, mandate, file, at)


def _within(table: str, mandate: Mandate, file: "CaseFile", at: datetime) -> Iterator[UUID]:
    """What a mandate in force reaches: her, her case, the parts it names; consents only with that tick."""
    match table:
        case "people_person":
            yield file.person.pk
        case "cases_case":
            yield file.case.pk
        case "cases_caseassignment":
            yield from (one.pk for one in file.assignments if one.role == CaseRole.RESPONSIBLE)
        case "disclosures_document":
            yield from (one.pk for one in file.held if isinstance(one, Document))
        case "disclosures_documentpart":
            kept = [one.category for one in file.held if isinstance(one, Withheld)]
            reached = [one for one in file.parts if one.category in mandate.categories]
            yield from (one.pk for one in reached if one.category not in kept)
        case _ if table in _ABOUT_CONSENT and mandate.may_consent:
            yield from _said(table, file, at)


def _said(table: str, file: "CaseFile", at: datetime) -> Iterator[UUID]:
    if table == "consents_consent":
        yield from (one.pk for one in file.consents)
    elif table != "disclosures_disclosure":
        yield from (one.pk for one in file.held if one._meta.db_table == table)
    else:
        yield from (one.pk for one in file.disclosures if one.undone_at is None and one.opens_at <= at)
