"""The world of the decision table: one case for every combination of facts, with all that hangs on it.

Lives here: the dimensions, their values, and the rows that make them true. Not here: what happens in a case
afterwards (`course.py`), who reads (`readers.py`), what may be read (`decisions.py`) and the writing of rows
(`database.py`).

Every boundary is tried at the instant itself and one microsecond beside it. Beside the consent that is tried
another one may stay open for who it is about only: otherwise the case closes together with the part, and a
fault in the part's own rule hides behind the case's. For the same reason some rows are stamped with another
förbund than the facts around them, and the check that nothing internal is consented to is lifted in the
programme's database: each rule must hold by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, Final
from uuid import UUID

from django.db.models import Model

from humla.agreements.models import LifeArea, LocalAgreement
from humla.audit.models import Event
from humla.cases.models import Case, CaseAssignment, CaseRole, Category
from humla.consents.models import Consent, Manner, PlanConsent
from humla.disclosures.models import Disclosure, Document, DocumentKind, DocumentPart, Ground, RecallCause
from humla.organisation.models import Profession
from humla.people.models import NumberKind, Person, PersonKey
from humla.plans.models import Commitment, Doer, Goal, Plan
from prove.ground import approach, consenting, course, deputies, evidence, guarding, lettering, seeking
from prove.ground.readers import (
    ANOTHER_KEY,
    AWAY,
    HANNA,
    HER_KEY,
    HOLDER,
    OLLE,
    OTHER,
    OWN,
    RECEIVER,
    RUNE,
    THIRD,
    TORA,
    UNITS,
    known,
    organisation,
)

NOW: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)
_TICK, _DAY = timedelta(microseconds=1), timedelta(days=1)
_LONG_AGO, _LATER = NOW - 100 * _DAY, NOW + 100 * _DAY

# place: (the förbund on case, document and part; on consent and disclosure; on assignment; who holds it)
PLACES: Final = {
    "eget förbund": (OWN, OWN, OWN, HOLDER),
    "annat förbunds innehavare": (OTHER, OTHER, OTHER, AWAY),
    "allt stämplat annat förbund": (OTHER, OTHER, OTHER, HOLDER),
    "raden stämplad annat förbund": (OTHER, OWN, OWN, HOLDER),
    "samtycke stämplat annat förbund": (OTHER, OTHER, OWN, HOLDER),
}
_OTHER_UNIT: Final = "för annan enhet i myndigheten"
# assignment: (starts, ends, which of the authority's units, another authority that it is stamped with)
ASSIGNMENTS: Final[dict[str, tuple[datetime, datetime | None, int, UUID | None] | None]] = {
    "inget": None,
    "gäller": (_LONG_AGO, None, 0, None),
    "slutar nu": (_LONG_AGO, NOW, 0, None),
    "slutar 1 µs senare": (_LONG_AGO, NOW + _TICK, 0, None),
    "börjar nu": (NOW, _LATER, 0, None),
    "börjar 1 µs senare": (NOW + _TICK, _LATER, 0, None),
    "slutade för länge sedan": (_LONG_AGO, NOW - _DAY, 0, None),
    _OTHER_UNIT: (_LONG_AGO, _LATER, 1, None),
    "stämplat annan myndighet": (_LONG_AGO, _LATER, 0, AWAY),
}
# protection: (the case is protected, until when the assignment is cleared for it)
PROTECTIONS: Final[dict[str, tuple[bool, datetime | None]]] = {
    "oskyddad": (False, None),
    "skyddad": (True, None),
    "skyddad, behörighet slutar nu": (True, NOW),
    "skyddad, behörighet slutar 1 µs senare": (True, NOW + _TICK),
}
# consent: (starts, ends, withdrawn, giver or None for the holder, receiver, which of the receiver's units)
CONSENTS: Final[dict[str, tuple[datetime, datetime, datetime | None, UUID | None, UUID, int] | None]] = {
    "inget": None,
    "gäller": (_LONG_AGO, _LATER, None, None, RECEIVER, 0),
    "börjar nu": (NOW, _LATER, None, None, RECEIVER, 0),
    "börjar 1 µs senare": (NOW + _TICK, _LATER, None, None, RECEIVER, 0),
    "slutar nu": (_LONG_AGO, NOW, None, None, RECEIVER, 0),
    "slutar 1 µs senare": (_LONG_AGO, NOW + _TICK, None, None, RECEIVER, 0),
    "återkallat nu": (_LONG_AGO, _LATER, NOW, None, RECEIVER, 0),
    "återkallat 1 µs senare": (_LONG_AGO, _LATER, NOW + _TICK, None, RECEIVER, 0),
    "annan enhet hos mottagaren": (_LONG_AGO, _LATER, None, None, RECEIVER, 1),
    "annan mottagare": (_LONG_AGO, _LATER, None, None, THIRD, 0),
    "annan givare": (_LONG_AGO, _LATER, None, THIRD, RECEIVER, 0),
}
SCOPES: Final = {
    "plan och hälsa": ["IDENTITY", "PLANNING", "HEALTH", "INTERNAL"],
    "behov och ekonomi": ["IDENTITY", "NEEDS", "ECONOMY", "PROTECTED"],
}
EXTRAS: Final = {"nej": False, "ja": True}
_ALL, _SOME = [one.value for one in Category], ["IDENTITY", "PLANNING", "NEEDS"]
# disclosure: (receiver, which of its units, categories, ground, of the document itself)
DISCLOSURES: Final[dict[str, tuple[UUID, int, list[str], str, bool] | None]] = {
    "inget": None,
    "allt till mottagaren": (RECEIVER, 0, _ALL, Ground.CONSENT.value, True),
    "en del till mottagaren": (RECEIVER, 0, _SOME, Ground.CONSENT.value, True),
    "inget om planering till mottagaren": (RECEIVER, 0, ["IDENTITY", "NEEDS"], Ground.CONSENT.value, True),
    "allt till mottagarens andra enhet": (RECEIVER, 1, _ALL, Ground.CONSENT.value, True),
    "allt till annan": (THIRD, 0, _ALL, Ground.CONSENT.value, True),
    "allt med stöd i lag": (RECEIVER, 0, _ALL, Ground.LAW.value, True),
    "en del med stöd i lag": (RECEIVER, 0, _SOME, Ground.LAW.value, True),
    "av en annan handling": (RECEIVER, 0, _ALL, Ground.CONSENT.value, False),
}
# leaving: (the instant it opens, the instant it was taken back, the instant it was called back)
LEAVINGS: Final[dict[str, tuple[datetime, datetime | None, datetime | None]]] = {
    "har lämnat": (_LONG_AGO, None, None),
    "lämnar nu": (NOW, None, None),
    "lämnar 1 µs senare": (NOW + _TICK, None, None),
    "ångrat i tid": (NOW - _DAY, NOW - 2 * _DAY, None),
    "ångrat, skulle lämna senare": (_LATER, NOW - _DAY, None),
    "återkallat": (_LONG_AGO, None, NOW - _DAY),
}
_WORKS_IN_CASES = ((HANNA, HOLDER), (RUNE, RECEIVER), (TORA, THIRD), (OLLE, AWAY))


@dataclass(frozen=True)
class Facts:
    """One combination."""

    place: str
    assignment: str
    protection: str
    consent: str
    scope: str
    extra: str
    disclosure: str
    leaving: str


@dataclass
class CaseFile:
    """A case and every row around it."""

    facts: Facts
    case: Case
    person: Person
    key: PersonKey | None
    assignments: list[CaseAssignment] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    disclosures: list[Disclosure] = field(default_factory=list)
    parts: list[DocumentPart] = field(default_factory=list)
    held: list[Model] = field(default_factory=list)
    """What the holder writes (documents, the plan, meetings, follow-ups), and what hangs on it (`course`)."""


def combinations() -> Iterator[Facts]:
    """Every value with every other in the own förbund; where another is stamped, what would be open there.

    Products that overlap, since one over everything takes minutes and tells no more: everything about
    consent for an open and a closed right to work in the case and for one of another unit, and everything
    about that right for an open and an absent consent and for one to another unit. What has not left yet, or
    was taken back, is tried for those who work in the case, those who do so for another unit, and others.
    """
    left, *not_left = LEAVINGS
    for values in product(ASSIGNMENTS, PROTECTIONS, CONSENTS, SCOPES, EXTRAS, DISCLOSURES):
        facts = Facts("eget förbund", *values, left)
        works = facts.assignment in ("gäller", "slutar nu", _OTHER_UNIT)
        about_consent = works and facts.protection in ("oskyddad", "skyddad")
        about_unit = facts.consent == "annan enhet hos mottagaren" and (
            facts.assignment == _OTHER_UNIT or facts.protection == "oskyddad"
        )
        if about_consent or about_unit or facts.consent in ("inget", "gäller"):
            yield facts
    for place in list(PLACES)[1:]:
        for scope, extra, disclosure in product(SCOPES, EXTRAS, DISCLOSURES):
            yield Facts(place, "gäller", "oskyddad", "gäller", scope, extra, disclosure, left)
    working = ("gäller", _OTHER_UNIT, "inget")
    agreed = ("gäller", "annan enhet hos mottagaren", "inget")
    sent = [one for one in DISCLOSURES if one != "inget"]
    for right, *rest in product(working, agreed, SCOPES, EXTRAS, sent, not_left):
        yield Facts("eget förbund", right, "oskyddad", *rest)


def files() -> list[CaseFile]:
    """The world: a file for every combination."""
    return [_file(number, facts) for number, facts in enumerate(combinations())]


def some_files() -> list[CaseFile]:
    """A ninth of it, and every case in which a mandate is tried."""
    return [one for number, one in enumerate(files()) if number % 9 == 0 or deputies.tried_in(one.facts)]


def rows(world: list[CaseFile]) -> dict[type[Model], list[Model]]:
    """All rows, in an order that foreign keys accept."""
    some_consent = _somebody_elses_consent()
    beside = (
        *course.IN_ORDER,
        *approach.IN_ORDER,
        *deputies.IN_ORDER,
        *guarding.IN_ORDER,
        *consenting.IN_ORDER,
        *lettering.IN_ORDER,
        *seeking.IN_ORDER,
        *evidence.IN_ORDER,
    )
    order: list[type[Model]] = [Document, DocumentPart, PlanConsent, Plan, Goal, Commitment, *beside]
    held: dict[type[Model], list[Model]] = {model: [] for model in order}
    for file in world:
        for row in [*file.held, *file.parts]:
            held[type(row)].append(row)
    return {
        **organisation(),
        LocalAgreement: [_agreement()],
        LifeArea: [
            LifeArea(id=known("livsområde"), association_id=OWN, agreement_id=known("avtal"), position=1)
        ],
        Person: [some_consent.person, *(file.person for file in world)],
        PersonKey: [file.key for file in world if file.key],
        Case: [some_consent.case, *(file.case for file in world)],
        CaseAssignment: [one for file in world for one in file.assignments],
        Consent: [some_consent, *(one for file in world for one in file.consents)],
        **{model: held[model] for model in order if model not in beside},
        Disclosure: [one for file in world for one in file.disclosures],
        Profession: [Profession(id=known("ett yrke"), association_id=OWN, name="y")],
        **{model: held[model] for model in beside},
        Event: [_look(file) for file in world if any(isinstance(one, Plan) for one in file.held)],
    }


def _file(number: int, facts: Facts) -> CaseFile:
    row_tenant, fact_tenant, assignment_tenant, holder = PLACES[facts.place]
    is_protected, _ = PROTECTIONS[facts.protection]
    person = _person(number, row_tenant, holder)
    case = Case(
        id=known(f"ärende {number}"),
        association_id=row_tenant,
        authority_id=holder,
        person=person,
        unit_id=UNITS[holder][0],
        reference=f"{number:X}",
        is_protected=is_protected,
        opened_at=_LONG_AGO,
        opened_by_id=HANNA,
    )
    file = CaseFile(facts, case, person, _key(number, person))
    file.assignments = [*_assignments(file, assignment_tenant)]
    file.consents = [*_consents(file, fact_tenant)]
    _lay_documents(file)
    file.disclosures = [*_disclosures(file, fact_tenant)]
    for disclosure in file.disclosures:
        file.held += course.after_a_disclosure(file, _about(file), disclosure, NOW)
    if facts.consent == "gäller" and facts.extra == "ja":
        file.held += _plan(file)
        file.held += course.beside_a_plan(file, _about(file), file.parts[0].document_id, NOW)
        file.held += approach.around(file, _about(file), NOW)
        file.held += deputies.around(file, _about(file), NOW)
        file.held += guarding.around(file, _about(file), NOW)
        file.held += consenting.around(file, _about(file), NOW)
        file.held += lettering.around(file, _about(file), NOW)
        file.held += seeking.around(file, _about(file), NOW)
        file.held += evidence.around(file, _about(file), NOW)
    return file


def _person(number: int, tenant: UUID, holder: UUID) -> Person:
    return Person(
        id=known(f"person {number}"),
        association_id=tenant,
        authority_id=holder,
        given_name="n",
        family_name="n",
        number_kind=NumberKind.CODE,
        code=f"{number:X}",
    )


def _key(number: int, person: Person) -> PersonKey | None:
    """In turn: the person's own, another's, none, and the person's own until her number was taken away."""
    key, ended_at = ((HER_KEY, None), (ANOTHER_KEY, None), (None, None), (HER_KEY, _LONG_AGO))[number % 4]
    return PersonKey(person=person, key=key, ended_at=ended_at) if key else None


def _about(file: CaseFile, tenant: UUID | None = None, holder: UUID | None = None) -> dict[str, Any]:
    return {
        "association_id": tenant or file.case.association_id,
        "authority_id": holder or file.case.authority_id,
        "person_id": file.person.pk,
        "case_id": file.case.pk,
    }


def _assignments(file: CaseFile, tenant: UUID) -> Iterator[CaseAssignment]:
    period = ASSIGNMENTS[file.facts.assignment]
    if period is None:
        return
    starts_at, ends_at, unit, stamped = period
    is_protected, cleared_until = PROTECTIONS[file.facts.protection]
    for who, authority in _WORKS_IN_CASES:
        yield CaseAssignment(
            id=known(f"uppdrag {file.case.pk} {who}"),
            **_about(file, tenant, stamped or authority),
            professional_id=who,
            unit_id=UNITS[authority][unit],
            role=CaseRole.MEMBER,
            is_protected=is_protected,
            cleared_until=cleared_until,
            starts_at=starts_at,
            ends_at=ends_at,
            assigned_by_id=who,
        )


def _consents(file: CaseFile, tenant: UUID) -> Iterator[Consent]:
    tried = CONSENTS[file.facts.consent]
    if tried is not None:
        starts_at, ends_at, withdrawn_at, giver, receiver, unit = tried
        yield _consent(
            file,
            tenant,
            "prövat",
            giver,
            (receiver, unit),
            SCOPES[file.facts.scope],
            starts_at,
            ends_at,
            withdrawn_at,
        )
    if EXTRAS[file.facts.extra]:
        yield _consent(file, tenant, "annat", None, (RECEIVER, 0), ["IDENTITY"], _LONG_AGO, _LATER, None)


def _consent(
    file: CaseFile,
    tenant: UUID,
    name: str,
    giver: UUID | None,
    receiver: tuple[UUID, int],
    categories: list[str],
    starts_at: datetime,
    ends_at: datetime,
    withdrawn_at: datetime | None,
) -> Consent:
    return Consent(
        id=known(f"samtycke {name} {file.case.pk}"),
        **_about(file, tenant, giver),
        receiver_id=receiver[0],
        receiver_unit_id=UNITS[receiver[0]][receiver[1]],
        categories=categories,
        manner=Manner.PAPER,
        given_at=_LONG_AGO,
        recorded_by_id=HANNA,
        starts_at=starts_at,
        ends_at=ends_at,
        withdrawn_at=withdrawn_at,
        withdrawn_by_id=HANNA if withdrawn_at else None,
    )


def _lay_documents(file: CaseFile) -> None:
    document = _document(file, 1)
    file.held.append(document)
    disclosed = DISCLOSURES[file.facts.disclosure]
    if disclosed and not disclosed[4]:
        file.held.append(_document(file, 2))
    for category in Category:
        file.parts.append(
            DocumentPart(
                id=known(f"del {file.case.pk} {category.value}"),
                **_about(file),
                document_id=document.pk,
                kind=DocumentKind.PLAN,
                version=1,
                title="t",
                category=category.value,
                content={},
            )
        )


def _document(file: CaseFile, version: int) -> Document:
    return Document(
        id=known(f"handling {file.case.pk} {version}"),
        **_about(file),
        kind=DocumentKind.PLAN,
        version=version,
        title="t",
        sha256="0" * 64,
        frozen_at=_LONG_AGO,
        frozen_by_id=HANNA,
    )


def _disclosures(file: CaseFile, tenant: UUID) -> Iterator[Disclosure]:
    disclosed = DISCLOSURES[file.facts.disclosure]
    if disclosed is None:
        return
    receiver, unit, categories, ground, is_of_it = disclosed
    opens_at, undone_at, recalled_at = LEAVINGS[file.facts.leaving]
    by_law = ground == Ground.LAW.value
    resting_on = file.consents[0].pk if file.consents else known("samtycke i annat ärende")
    yield Disclosure(
        id=known(f"utlämnande {file.case.pk}"),
        **_about(file, tenant),
        document_id=known(f"handling {file.case.pk} {1 if is_of_it else 2}"),
        receiver_id=receiver,
        receiver_unit_id=UNITS[receiver][unit],
        categories=categories,
        ground=ground,
        consent_id=None if by_law else resting_on,
        law="10 kap. 28 § OSL" if by_law else "",
        disclosed_at=_LONG_AGO,
        disclosed_by_id=HANNA,
        opens_at=opens_at,
        undone_at=undone_at,
        recalled_at=recalled_at,
        recalled_by_id=HANNA if recalled_at else None,
        recalled_why=RecallCause.CONTENT if recalled_at else "",
    )


def _plan(file: CaseFile) -> list[Model]:
    plan = Plan(id=known(f"plan {file.case.pk}"), **_about(file))
    row = _about(file) | {"plan_id": plan.pk}
    return [
        plan,
        Goal(id=known(f"mål {file.case.pk}"), **row, life_area_id=known("livsområde"), text="t"),
        Commitment(id=known(f"åtagande {file.case.pk}"), **row, doer=Doer.PERSON, what="t"),
        PlanConsent(
            id=known(f"svar {file.case.pk}"),
            **_about(file),
            agrees=True,
            manner=Manner.PAPER,
            given_at=_LONG_AGO,
            recorded_by_id=HANNA,
        ),
    ]


def _look(file: CaseFile) -> Event:
    """Somebody at the holder looked: the person may read that, her reader may not."""
    return Event(
        id=known(f"rad {file.case.pk}"),
        at=_LONG_AGO,
        association_id=file.case.association_id,
        kind="professional",
        actor_id=HANNA,
        authority_id=file.case.authority_id,
        unit_id=UNITS[HOLDER][0],
        role="handler",
        person_id=file.person.pk,
        case_id=file.case.pk,
        tag="case:read",
        request_id=known("begäran"),
    )


def _somebody_elses_consent() -> Consent:
    """What a disclosure says it rested on is never asked at reading: an ended consent of another case."""
    person = _person(0xFFFFFF, OWN, HOLDER)
    case = Case(
        id=known("annat ärende"),
        association_id=OWN,
        authority_id=HOLDER,
        person=person,
        unit_id=UNITS[HOLDER][0],
        reference="ANNAT",
        opened_at=_LONG_AGO,
        opened_by_id=HANNA,
    )
    file = CaseFile(Facts("", "", "", "", "", "", "", ""), case, person, None)
    consent = _consent(file, OWN, "", None, (RECEIVER, 0), ["IDENTITY"], _LONG_AGO, NOW - _DAY, None)
    consent.id = known("samtycke i annat ärende")
    consent.person, consent.case = person, case
    return consent


def _agreement() -> LocalAgreement:
    return LocalAgreement(
        id=known("avtal"),
        association_id=OWN,
        title="t",
        target_group="t",
        starts_on=_LONG_AGO.date(),
        ends_on=_LATER.date(),
        answer_days=1,
        meeting_days=1,
        follow_up_months=1,
        reminder_days=1,
    )
