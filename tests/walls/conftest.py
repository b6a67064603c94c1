"""What stands in the database before somebody tries to write what she may not, and how she tries.

Lives here: a held case, a hidden one, and `attempt`, which says in one word how a statement went and leaves
nothing behind. Rows are written by the ORM as the limited role, past our own actions: it is the database's
answer that is asked for.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from humla.cases.models import Case, CaseAssignment, Category
from humla.consents.models import Consent, Manner
from humla.core.context import Actor, Kind, acting, now
from humla.core.secrets import lookup
from humla.disclosures.models import Disclosure, Document, DocumentPart
from humla.evidence.models import EvidenceRequest
from humla.followups.models import Closing, FollowUp
from humla.meetings.models import Meeting, Summons
from humla.people.models import NumberKind, Person
from humla.plans.models import Commitment, Goal, Plan
from humla.representatives.models import Mandate, MandateKey, MandateKind
from humla.scheduling.models import Invitee, Slot, TimeOffer
from tests.cast import Cast


@dataclass
class Held:
    """A case, and what its holder has laid in it."""

    by: Actor
    to: Actor
    person: Person
    case: Case
    assignment: CaseAssignment
    consent: Consent
    withdrawn: Consent
    document: Document
    plan: Plan
    goal: Goal
    disclosure: Disclosure
    commitment: Commitment
    meeting: Meeting
    summons: Summons
    follow_up: FollowUp
    closing: Closing
    mandate: Mandate
    offer: TimeOffer
    slot: Slot
    invitee: Invitee
    evidence: EvidenceRequest

    @property
    def about(self) -> dict[str, Any]:
        """The columns that every row about the person has."""
        return {
            "association_id": self.by.association_id,
            "authority_id": self.by.authority_id,
            "person_id": self.person.pk,
            "case_id": self.case.pk,
        }


@dataclass
class Scene:
    """Siv holds a case that Arbetsförmedlingen may read; Lena's clinic holds another."""

    cast: Cast
    ours: Held
    hidden: Held
    protected: Person


@pytest.fixture
def scene(db: None, cast: Cast, clock: Callable[[datetime], None]) -> Scene:
    """Everything was written an hour ago."""
    ours = _held(cast, cast.siv, to=cast.amir)
    hidden = _held(cast, cast.lena, to=cast.farid)
    with acting(cast.siv):
        protected = _person(cast.siv)
        case, _assignment = _case(cast.siv, protected)
        with connection.cursor() as cursor:
            cursor.execute("SELECT protect_person(%s, 'secrecy', 'r', %s)", [case.pk, uuid4()])
        at = now()
    clock(at + timedelta(hours=1))
    return Scene(cast, ours, hidden, protected)


def attempt(by: Actor, sql: str, parameters: list[Any]) -> str:
    """How many rows, or the database's refusal without its ids; deferred checks are asked at once."""
    with acting(by), connection.cursor() as cursor:
        point = transaction.savepoint()
        try:
            cursor.execute(sql, parameters)
            said = str(cursor.rowcount)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except DatabaseError as error:
            cause: Any = error.__cause__
            said = f"{cause.sqlstate} {re.sub(_ID, '…', cause.diag.message_primary)}"
        transaction.savepoint_rollback(point)
    return said


_ID = r"[0-9a-f]{8}-[0-9a-f-]{27}"
REFUSED = "42501"


def _held(cast: Cast, by: Actor, *, to: Actor) -> Held:
    with acting(by):
        person = _person(by)
        case, assignment = _case(by, person)
        about = {**_by(by), "person": person, "case": case}
        area = cast.agreement.life_areas.order_by("position")[0]
        plan = Plan.objects.create(**about)
        goal = Goal.objects.create(**about, plan=plan, life_area=area, text="t")
        commitment = Commitment.objects.create(
            **about, plan=plan, goal=goal, doer="unit", unit_id=to.unit_id, what="t"
        )
        document = Document.objects.create(
            **about, kind="plan", version=1, title="t", sha256="0" * 64, frozen_at=now(), frozen_by_id=by.id
        )
        for category in Category:
            blocks = [{"kind": "commitment", "id": str(commitment.pk)}] if category == "PLANNING" else []
            DocumentPart.objects.create(
                **about,
                document=document,
                kind="plan",
                version=1,
                title="t",
                category=category,
                content={"blocks": blocks},
            )
        consent, withdrawn = _consent(by, about, to), _consent(by, about, to)
        Consent.objects.filter(pk=withdrawn.pk).update(withdrawn_at=now(), withdrawn_by_id=by.id)
        disclosure = Disclosure.objects.create(
            **about,
            document=document,
            **_receiver(to),
            categories=["IDENTITY", "PLANNING"],
            ground="consent",
            consent=consent,
            disclosed_at=now(),
            opens_at=now(),
            disclosed_by_id=by.id,
        )
        course = _course(by, about, document, disclosure, to)
        mandate = _mandate(by, person)
        times = _times(by, about, to)
        evidence = _evidence(by, about, to)
    return Held(
        by,
        to,
        person,
        case,
        assignment,
        consent,
        withdrawn,
        document,
        plan,
        goal,
        disclosure,
        commitment,
        *course,
        mandate,
        *times,
        evidence,
    )


def _course(
    by: Actor, about: dict[str, Any], document: Document, disclosure: Disclosure, to: Actor
) -> tuple[Meeting, Summons, FollowUp, Closing]:
    """A meeting that the receiver is summoned to, a follow-up that is done, a close that was opened again."""
    meeting = Meeting.objects.create(
        **about, kind="first", starts_at=now() + timedelta(days=9), planned_at=now(), planned_by_id=by.id
    )
    summons = Summons.objects.create(
        **about,
        meeting=meeting,
        called="unit",
        unit_id=to.unit_id,
        duty="obliged",
        document=document,
        disclosure=disclosure,
        sent_at=now(),
        leaves_at=now(),
        sent_by_id=by.id,
    )
    follow_up = FollowUp.objects.create(
        **about,
        document=document,
        state="done",
        held_on=now().date(),
        begun_at=now(),
        begun_by_id=by.id,
        done_at=now(),
    )
    closing = Closing.objects.create(
        **about, reason="goal_reached", closed_on=now().date(), closed_at=now(), closed_by_id=by.id
    )
    Closing.objects.filter(pk=closing.pk).update(reopened_at=now(), reopened_why="w")
    return meeting, summons, follow_up, closing


def _times(by: Actor, about: dict[str, Any], to: Actor) -> tuple[TimeOffer, Slot, Invitee]:
    """A time is looked for, and the receiver is asked."""
    offer = TimeOffer.objects.create(
        **about,
        kind="first",
        answer_by=now().date() + timedelta(days=5),
        offered_at=now(),
        offered_by_id=by.id,
    )
    slot = Slot.objects.create(**about, offer=offer, starts_at=now() + timedelta(days=9), added_at=now())
    invitee = Invitee.objects.create(
        **about, offer=offer, called="unit", unit_id=to.unit_id, duty="obliged", asked_at=now()
    )
    return offer, slot, invitee


def _evidence(by: Actor, about: dict[str, Any], to: Actor) -> EvidenceRequest:
    """The receiver is asked for underlag."""
    return EvidenceRequest.objects.create(
        **about,
        called="unit",
        unit_id=to.unit_id,
        kind="view",
        by_when=now().date() + timedelta(days=5),
        asked_at=now(),
        leaves_at=now(),
        asked_by_id=by.id,
    )


def _mandate(by: Actor, person: Person) -> Mandate:
    """Somebody who reads planning and health, answers for the person, and may know when she meets."""
    mandate = Mandate.objects.create(
        **_by(by),
        person=person,
        kind=MandateKind.GOD_MAN,
        name="n",
        number="x",
        categories=["IDENTITY", "PLANNING", "HEALTH"],
        may_consent=True,
        may_receive_summons=True,
        evidence="e",
        attested_at=now(),
        attested_by_id=by.id,
        starts_at=now(),
        ends_at=now() + timedelta(days=90),
    )
    MandateKey.objects.create(mandate=mandate, key=lookup("walls", str(mandate.pk)))
    return mandate


def by_mandate(mandate: Mandate) -> Actor:
    """Whoever acts by it."""
    return Actor(
        Kind.REPRESENTATIVE,
        association_id=mandate.association_id,
        id=mandate.pk,
        role=mandate.kind,
        person_key=lookup("walls", str(mandate.pk)),
    )


def _by(by: Actor) -> dict[str, UUID | None]:
    return {"association_id": by.association_id, "authority_id": by.authority_id}


def _receiver(to: Actor) -> dict[str, UUID | None]:
    return {"receiver_id": to.authority_id, "receiver_unit_id": to.unit_id}


def _person(by: Actor) -> Person:
    number = {"number_kind": NumberKind.PERSONNUMMER, "number": "x", "number_lookup": uuid4().hex}
    return Person.objects.create(**_by(by), **number, given_name="n", family_name="n")


def _case(by: Actor, person: Person) -> tuple[Case, CaseAssignment]:
    case = Case.objects.create(
        **_by(by),
        person=person,
        unit_id=by.unit_id,
        reference=uuid4().hex[:10],
        opened_at=now(),
        opened_by_id=by.id,
    )
    assignment = CaseAssignment.objects.create(
        **_by(by),
        person=person,
        case=case,
        professional_id=by.id,
        unit_id=by.unit_id,
        role="responsible",
        starts_at=now(),
        assigned_by_id=by.id,
    )
    return case, assignment


def _consent(by: Actor, about: dict[str, Any], to: Actor) -> Consent:
    return Consent.objects.create(
        **about,
        **_receiver(to),
        categories=["IDENTITY", "PLANNING"],
        manner=Manner.PAPER,
        given_at=now(),
        recorded_by_id=by.id,
        starts_at=now(),
        ends_at=now() + timedelta(days=90),
    )
