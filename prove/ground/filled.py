"""A database where every walled table has rows of both förbund: seeing nothing then means something.

Lives here: a small piece of the world, and the rows that the decision table has no use for (organisation,
agreement, drafts, links, sessions). Not here: the decision table's world (`world.py`).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Model

from humla.access.models import OpennessPolicy
from humla.accounts.models import Account, Session
from humla.accounts.tokens import session_seal
from humla.agreements.models import (
    AgreementParty,
    AgreementText,
    Duty,
    InitiatingProfession,
    LawReference,
    LegalGround,
    LifeArea,
    LocalAgreement,
    NeedsGroup,
)
from humla.consents.models import ConsentWording
from humla.drafts.models import Draft, Submission
from humla.links.models import LinkOpening
from humla.notifications.models import Delivery
from humla.organisation.models import Profession, Professional, Role, UnitAssignment
from humla.people.models import PersonLink
from humla.representatives.models import GuardianPolicy
from prove.ground import world
from prove.ground.readers import (
    AWAY,
    DEPUTY_KEY,
    HANNA,
    HER_KEY,
    HOLDER,
    OLLE,
    OTHER,
    OWN,
    RECEIVER,
    UNITS,
    known,
)

_BEFORE, _AFTER = world.NOW - timedelta(days=1), world.NOW + timedelta(days=1)


@dataclass(frozen=True)
class SignIn:
    """A session and the kind of context that `enter()` must give it."""

    name: str
    kind: str
    becomes: str
    assignment: str = ""
    person_key: str = ""
    role: Role = Role.HANDLER
    mandate: str = ""
    has_key: bool = True
    is_active: bool = True
    is_hers: bool = True
    ends_in: timedelta = timedelta(hours=1)
    idle: timedelta = timedelta(minutes=1)

    @property
    def token(self) -> str:
        return known(f"session {self.name}").hex * 2

    @property
    def account_key(self) -> str:
        return self.person_key if self.has_key else ""


def _deputy(mandate: str) -> dict[str, Any]:
    return {"mandate": mandate, "person_key": DEPUTY_KEY}


_GROUND = {"subject": "barn", "text": "t", "reference": "r"}
_WORDING = {"about": "consent", "language": "sv", "text": "t"}
_AWAY_AGREEMENT = known("annat avtal")
_MICROSECOND = timedelta(microseconds=1)
SIGN_INS = [
    SignIn("handläggare", "professional", "professional", "gäller"),
    SignIn("person", "person", "person", person_key=HER_KEY),
    SignIn("person utan nyckel på kontot", "person", "none", person_key=HER_KEY, has_key=False),
    SignIn("har inte valt", "none", "none"),
    SignIn("administratör", "admin", "admin", "gäller", role=Role.ADMINISTRATOR),
    SignIn("förbundschef", "forbund", "forbund", "gäller", role=Role.ASSOCIATION),
    # What the session says of itself is not believed: the kind follows from the assignment.
    SignIn("administratör som handläggare", "professional", "admin", "gäller", role=Role.ADMINISTRATOR),
    SignIn("förbundschef som handläggare", "professional", "forbund", "gäller", role=Role.ASSOCIATION),
    SignIn("handläggare som administratör", "admin", "professional", "gäller"),
    SignIn("uppdraget slutar nu", "professional", "none", "slutar nu"),
    SignIn("uppdraget börjar strax", "professional", "none", "börjar 1 µs senare"),
    SignIn("uppdraget börjar nu", "professional", "professional", "börjar nu"),
    SignIn("någon annans uppdrag", "professional", "none", "gäller", is_hers=False),
    SignIn("ombud", "representative", "representative", **_deputy("ombud med uppdrag")),
    SignIn("ombudets uppdrag slutar nu", "representative", "none", **_deputy("ombud vars uppdrag slutar nu")),
    SignIn("ombudets uppdrag vilar", "representative", "none", **_deputy("ombud vars uppdrag vilar")),
    SignIn(
        "ombud med någon annans uppdrag",
        "representative",
        "none",
        mandate="ombud med uppdrag",
        person_key=HER_KEY,
    ),
    SignIn("stängt konto", "professional", "public", "gäller", is_active=False),
    SignIn("sessionen slutar nu", "professional", "public", "gäller", ends_in=timedelta(0)),
    SignIn("sessionen slutar strax", "professional", "professional", "gäller", ends_in=_MICROSECOND),
    SignIn("orörd i trettio minuter", "professional", "public", "gäller", idle=timedelta(minutes=30)),
    SignIn(
        "orörd nästan trettio",
        "professional",
        "professional",
        "gäller",
        idle=timedelta(minutes=30) - _MICROSECOND,
    ),
]


def rows() -> dict[type[Model], list[Model]]:
    """Everything, in an order that foreign keys accept."""
    some = world.some_files()
    laid = world.rows(some)
    laid[Professional] = [*laid[Professional], *_professionals()]
    return {
        Account: [*_accounts()],
        **laid,
        **_agreements(laid),
        Profession: [
            *laid[Profession],
            *(Profession(id=known(f"yrke {one}"), association_id=one, name="z") for one in (OWN, OTHER)),
        ],
        UnitAssignment: [*_unit_assignments()],
        **_parts_of_agreements(),
        **_beside(some),
        OpennessPolicy: [
            OpennessPolicy(association_id=tenant, authority_id=one)
            for tenant, one in ((OWN, HOLDER), (OTHER, AWAY))
        ],
        Delivery: [
            Delivery(association_id=tenant, unit_id=UNITS[one][0], chosen_at=_BEFORE, chosen_by_id=HANNA)
            for tenant, one in ((OWN, HOLDER), (OWN, RECEIVER), (OTHER, AWAY))
        ],
        GuardianPolicy: [_guardian_policy(tenant, one) for tenant, one in ((OWN, HOLDER), (OTHER, AWAY))],
        Session: [*_sessions()],
    }


def _guardian_policy(tenant: UUID, authority: UUID) -> GuardianPolicy:
    return GuardianPolicy(
        association_id=tenant,
        authority_id=authority,
        version=1,
        bands=[],
        if_disagree="no",
        reference="r",
        written_at=_BEFORE,
        written_by_id=HANNA,
    )


def _accounts() -> list[Account]:
    return [
        Account(id=known(f"konto {one.name}"), is_active=one.is_active, person_key=one.account_key)
        for one in SIGN_INS
    ]


def _professionals() -> list[Professional]:
    """One for each sign-in, with its account."""
    return [
        Professional(
            id=known(f"anställd {one.name}"),
            association_id=OWN,
            authority_id=HOLDER,
            account_id=known(f"konto {one.name}"),
            name="n",
        )
        for one in SIGN_INS
    ]


def _sessions() -> list[Session]:
    return [
        Session(
            token_hash=one.token,
            seal=session_seal(one.token, known(f"konto {one.name}"), one.account_key),
            account_id=known(f"konto {one.name}"),
            level="loa3",
            kind=one.kind,
            assignment_id=known(f"enhetsuppdrag {one.name}") if one.assignment else None,
            mandate_id=known(one.mandate) if one.mandate else None,
            person_key=one.person_key,
            started_at=_BEFORE,
            seen_at=world.NOW - one.idle,
            ends_at=world.NOW + one.ends_in,
        )
        for one in SIGN_INS
    ]


def _unit_assignments() -> list[UnitAssignment]:
    made = [_unit_assignment("Hanna", HANNA, HOLDER, OWN), _unit_assignment("Olle", OLLE, AWAY, OTHER)]
    for one in SIGN_INS:
        period = world.ASSIGNMENTS.get(one.assignment)
        if period:
            who = known(f"anställd {one.name if one.is_hers else SIGN_INS[0].name}")
            row = _unit_assignment(one.name, who, HOLDER, OWN)
            row.starts_at, row.ends_at, row.role = period[0], period[1], one.role
            made.append(row)
    return made


def _unit_assignment(name: str, who: UUID, authority: UUID, tenant: UUID) -> UnitAssignment:
    return UnitAssignment(
        id=known(f"enhetsuppdrag {name}"),
        association_id=tenant,
        professional_id=who,
        unit_id=UNITS[authority][0],
        role=Role.HANDLER,
        starts_at=_BEFORE,
    )


def _agreements(laid: dict[type[Model], list[Model]]) -> dict[type[Model], list[Model]]:
    """The other förbund has one too."""
    away = LocalAgreement(
        id=_AWAY_AGREEMENT,
        association_id=OTHER,
        title="t",
        target_group="t",
        starts_on=date(2026, 1, 1),
        ends_on=date(2027, 1, 1),
        answer_days=1,
        meeting_days=1,
        follow_up_months=1,
        reminder_days=1,
    )
    area = LifeArea(id=known("annat livsområde"), association_id=OTHER, agreement=away, position=1)
    return {LocalAgreement: [*laid[LocalAgreement], away], LifeArea: [*laid[LifeArea], area]}


def _parts_of_agreements() -> dict[type[Model], list[Model]]:
    both = [(OWN, known("avtal")), (OTHER, _AWAY_AGREEMENT)]
    return {
        AgreementParty: [
            AgreementParty(association_id=o, agreement_id=a, party_id=known(f"part {o}"), duty=Duty.OBLIGED)
            for o, a in both
        ],
        InitiatingProfession: [
            InitiatingProfession(association_id=o, agreement_id=a, profession_id=known(f"yrke {o}"))
            for o, a in both
        ],
        NeedsGroup: [NeedsGroup(association_id=o, agreement_id=a, name="n", position=1) for o, a in both],
        LawReference: [
            LawReference(association_id=o, agreement_id=a, subject="s", text="t") for o, a in both
        ],
        AgreementText: [
            AgreementText(agreement_id=a, association_id=o, kind="letter", key="k", part="p", text="t")
            for o, a in both
        ],
        LegalGround: [
            LegalGround(association_id=o, version=1, written_at=_BEFORE, written_by_id=OLLE, **_GROUND)
            for o, _agreement in both
        ],
        ConsentWording: [
            ConsentWording(association_id=o, version=1, written_at=_BEFORE, **_WORDING)
            for o, _agreement in both
        ],
    }


def _beside(some: list[world.CaseFile]) -> dict[type[Model], list[Model]]:
    """Links of persons that Hanna works with, and texts of hers that are not sent."""
    one, other = [
        file for file in some if file.facts.assignment == "gäller" and file.facts.protection == "oskyddad"
    ][:2]
    link = PersonLink(
        association_id=OWN,
        authority_id=HOLDER,
        person=one.person,
        same_as=other.person,
        reason="r",
        linked_at=_BEFORE,
        linked_by_id=HANNA,
    )
    long_ago = world.NOW - timedelta(days=31)
    handed = next(file for file in some if file.disclosures and file.case.association_id == OWN)
    return {
        PersonLink: [link],
        LinkOpening: [
            LinkOpening(
                association_id=OWN,
                link_id=known(f"länk {handed.case.pk}"),
                code_hash="0" * 64,
                asked_at=_BEFORE,
            )
        ],
        Draft: [
            Draft(owner_id=HANNA, form="f", saved_at=_BEFORE),
            Draft(owner_id=OLLE, form="f", saved_at=long_ago),
        ],
        Submission: [
            Submission(key=known("nyckel 1"), owner_id=HANNA, payload="p", answer="a", sent_at=_BEFORE),
            Submission(key=known("nyckel 2"), owner_id=OLLE, payload="p", answer="a", sent_at=long_ago),
        ],
    }
