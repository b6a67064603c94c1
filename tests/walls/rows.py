"""Rows that the holder may write, as columns, to be changed in one thing; and the words for how it went.

Lives here: one lawful row per table, made from its model so that a new column has its default here too. Not
here: what stands in the database before (`conftest.py`) and who may (`test_*.py`).
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import connection
from django.db.models import Model

from humla.audit.models import Event
from humla.cases.models import Case, CaseAssignment, Initiation, Note
from humla.consents.models import (
    Consent,
    ConsentRequest,
    ConsentWording,
    KeptAway,
    PlanConsent,
    SignedPaper,
    SurveyConsent,
)
from humla.consultations.models import Consultation
from humla.core.context import Actor, acting, now
from humla.disclosures.models import Disclosure, Document, DocumentPart
from humla.evidence.models import EvidenceAnswer, EvidenceRequest
from humla.followups.models import (
    Closing,
    CommitmentResult,
    FollowUp,
    GoalResult,
    LivelihoodLine,
    Progress,
)
from humla.letters.models import Addressee, PaperLetter
from humla.links.models import Link
from humla.meetings.models import (
    Attendance,
    Meeting,
    PlaceApproval,
    Preparation,
    Summons,
    SummonsAnswer,
)
from humla.notifications.models import Delivery, Notice, ReminderStop
from humla.people.models import Person
from humla.plans.models import (
    Commitment,
    Goal,
    LeadTransfer,
    Milestone,
    OtherPlan,
    Reservation,
    UnmetNeed,
)
from humla.protection.models import ProtectedContact
from humla.representatives.models import GuardianPolicy, Mandate, Withheld
from humla.scheduling.models import Invitee, Slot, SlotAnswer, TimeOffer
from tests.walls.conftest import Held, attempt


def insert(by: Actor, table: str, columns: dict[str, Any]) -> str:
    """The word for how the insert went."""
    names = _named(columns)
    parts = table == DocumentPart._meta.db_table
    marks = ", ".join("%s::jsonb" if parts and one == "content" else "%s" for one in columns)
    return attempt(by, f"INSERT INTO {table} ({names}) VALUES ({marks})", list(columns.values()))


def keep(by: Actor, table: str, columns: dict[str, Any]) -> Any:
    """An insert that stands; its id."""
    marks = ", ".join(["%s"] * len(columns))
    with acting(by), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({_named(columns)}) VALUES ({marks})", list(columns.values()))
    return columns.get("id")


def _named(columns: dict[str, Any]) -> str:
    return ", ".join(f'"{one}"' for one in columns)


def update(by: Actor, table: str, row: Any, **columns: Any) -> str:
    """The word for how the update of one row went."""
    sets = ", ".join(f"{one} = %s" for one in columns)
    return attempt(by, f"UPDATE {table} SET {sets} WHERE id = %s", [*columns.values(), row])


def update_all(by: Actor, table: str, **columns: Any) -> str:
    """The same without asking for a row: an order that reads no column needs no right to read."""
    return attempt(
        by, f"UPDATE {table} SET {', '.join(f'{one} = %s' for one in columns)}", [*columns.values()]
    )


def sees(by: Actor, table: str) -> int:
    """How many rows of a table somebody sees."""
    return int(attempt(by, f"SELECT 1 FROM {table}", []))


# --- rows that the holder may write, to be changed in one thing ---


def moment(held: Held) -> Any:
    with acting(held.by):
        return now()


def assignment(held: Held, who: Actor) -> dict[str, Any]:
    return _columns(
        CaseAssignment,
        **held.about,
        professional_id=who.id,
        unit_id=who.unit_id,
        role="member",
        starts_at=moment(held),
        assigned_by_id=held.by.id,
    )


def consent(held: Held, to: Actor) -> dict[str, Any]:
    at = moment(held)
    return _columns(
        Consent,
        **held.about,
        receiver_id=to.authority_id,
        receiver_unit_id=to.unit_id,
        categories=["IDENTITY", "HEALTH"],
        manner="paper",
        given_at=at,
        recorded_by_id=held.by.id,
        starts_at=at,
        ends_at=at + timedelta(days=30),
    )


def plan_answer(held: Held) -> dict[str, Any]:
    return _columns(
        PlanConsent,
        **held.about,
        agrees=True,
        manner="paper",
        given_at=moment(held),
        recorded_by_id=held.by.id,
    )


def consent_request(held: Held, to: Actor) -> dict[str, Any]:
    at = moment(held)
    return _columns(
        ConsentRequest,
        **held.about,
        receiver_id=to.authority_id,
        receiver_unit_id=to.unit_id,
        categories=["IDENTITY", "PLANNING"],
        ends_at=at + timedelta(days=30),
        why="t",
        instead="t",
        asked_at=at,
        asked_by_id=held.by.id,
    )


def kept_away(held: Held) -> dict[str, Any]:
    return _columns(
        KeptAway, **held.about, unit_id=held.to.unit_id, said_at=moment(held), recorded_by_id=held.by.id
    )


def survey_consent(held: Held) -> dict[str, Any]:
    at = moment(held)
    return _columns(
        SurveyConsent,
        **held.about,
        purpose="survey",
        agrees=True,
        ends_at=at + timedelta(days=9),
        manner="paper",
        given_at=at,
        recorded_by_id=held.by.id,
    )


def signed_paper(held: Held) -> dict[str, Any]:
    return _columns(
        SignedPaper,
        **held.about,
        consent_id=held.consent.pk,
        kind="application/pdf",
        size=1,
        sha256="0" * 64,
        content="t",
        scanned_at=moment(held),
        scanned_by_id=held.by.id,
    )


def wording(by: Actor) -> dict[str, Any]:
    with acting(by):
        at = now()
    return _columns(
        ConsentWording,
        association_id=by.association_id,
        about="consent",
        language="sv",
        version=1,
        text="t",
        written_at=at,
        written_by_id=by.id,
    )


def document(held: Held) -> dict[str, Any]:
    return _columns(
        Document,
        **held.about,
        kind="plan",
        version=2,
        title="t",
        sha256="0" * 64,
        frozen_at=moment(held),
        frozen_by_id=held.by.id,
    )


def disclosure(held: Held, to: Actor) -> dict[str, Any]:
    at = moment(held)
    return _columns(
        Disclosure,
        **held.about,
        document_id=held.document.pk,
        receiver_id=to.authority_id,
        receiver_unit_id=to.unit_id,
        categories=["IDENTITY", "PLANNING"],
        ground="consent",
        consent_id=held.consent.pk,
        disclosed_at=at,
        opens_at=at,
        disclosed_by_id=held.by.id,
    )


def goal(held: Held) -> dict[str, Any]:
    return _columns(Goal, **_in_plan(held), life_area_id=held.goal.life_area_id, text="t")


def commitment(held: Held) -> dict[str, Any]:
    return _columns(Commitment, **_in_plan(held), goal_id=held.goal.pk, doer="person", what="t")


def milestone(held: Held) -> dict[str, Any]:
    return _columns(Milestone, **_in_plan(held), goal_id=held.goal.pk, text="t")


def reservation(held: Held) -> dict[str, Any]:
    return _columns(Reservation, **_in_plan(held), unit_id=held.to.unit_id, what="t", why="t")


def unmet_need(held: Held) -> dict[str, Any]:
    return _columns(UnmetNeed, **_in_plan(held), life_area_id=held.goal.life_area_id, what="t", why="queue")


def other_plan(held: Held) -> dict[str, Any]:
    return _columns(OtherPlan, **_in_plan(held), kind="lss", owner="t")


def initiation(held: Held) -> dict[str, Any]:
    return _columns(Initiation, **held.about, initiator="person")


def note(held: Held) -> dict[str, Any]:
    return _columns(
        Note,
        **held.about,
        unit_id=held.by.unit_id,
        text="t",
        written_by_id=held.by.id,
        written_at=moment(held),
    )


def meeting(held: Held) -> dict[str, Any]:
    at = moment(held)
    return _columns(
        Meeting,
        **held.about,
        kind="first",
        starts_at=at + timedelta(days=9),
        planned_at=at,
        planned_by_id=held.by.id,
    )


def summons(held: Held, to: Actor, disclosure_id: Any = None) -> dict[str, Any]:
    at = moment(held)
    return _columns(
        Summons,
        **held.about,
        meeting_id=held.meeting.pk,
        called="unit",
        unit_id=to.unit_id,
        duty="obliged",
        disclosure_id=disclosure_id,
        sent_at=at,
        leaves_at=at,
        sent_by_id=held.by.id,
    )


def summons_answer(held: Held) -> dict[str, Any]:
    return _columns(
        SummonsAnswer,
        **held.about,
        summons_id=held.summons.pk,
        answer="comes",
        answered_by="noted",
        answered_at=moment(held),
        answered_by_id=held.by.id,
    )


def attendance(held: Held) -> dict[str, Any]:
    return _columns(Attendance, **held.about, meeting_id=held.meeting.pk, called="person", was_present=True)


def time_offer(held: Held) -> dict[str, Any]:
    at = moment(held)
    return _columns(
        TimeOffer,
        **held.about,
        kind="follow_up",
        answer_by=at.date() + timedelta(days=5),
        offered_at=at,
        offered_by_id=held.by.id,
    )


def slot(held: Held) -> dict[str, Any]:
    at = moment(held)
    return _columns(
        Slot, **held.about, offer_id=held.offer.pk, starts_at=at + timedelta(days=12), added_at=at
    )


def invitee(held: Held, unit_id: Any) -> dict[str, Any]:
    return _columns(
        Invitee,
        **held.about,
        offer_id=held.offer.pk,
        called="unit",
        unit_id=unit_id,
        duty="obliged",
        asked_at=moment(held),
    )


def slot_answer(held: Held) -> dict[str, Any]:
    return _columns(
        SlotAnswer,
        **held.about,
        invitee_id=held.invitee.pk,
        slot_id=held.slot.pk,
        can="yes",
        answered_how="noted",
        answered_at=moment(held),
        answered_by_id=held.by.id,
    )


def evidence_request(held: Held, unit_id: Any) -> dict[str, Any]:
    at = moment(held)
    return _columns(
        EvidenceRequest,
        **held.about,
        called="unit",
        unit_id=unit_id,
        kind="decision",
        by_when=at.date() + timedelta(days=5),
        meeting_id=held.meeting.pk,
        asked_at=at,
        leaves_at=at,
        asked_by_id=held.by.id,
    )


def evidence_answer(held: Held) -> dict[str, Any]:
    return _columns(
        EvidenceAnswer,
        **held.about,
        request_id=held.evidence.pk,
        said="arrived",
        how="noted",
        answered_at=moment(held),
        answered_by_id=held.by.id,
    )


def place_approval(held: Held, by: Actor) -> dict[str, Any]:
    return _columns(
        PlaceApproval,
        **held.about,
        meeting_id=held.meeting.pk,
        place="Biblioteket",
        written_by_id=held.by.id,
        approved_at=moment(held),
        approved_by_id=by.id,
    )


def protected_contact(held: Held, by: Actor) -> dict[str, Any]:
    about = {one: value for one, value in held.about.items() if one != "case_id"}
    return _columns(ProtectedContact, **about, address="t", written_at=moment(held), written_by_id=by.id)


def addressee(held: Held) -> dict[str, Any]:
    return _columns(
        Addressee,
        **held.about,
        called="person",
        way="post",
        address="t",
        written_at=moment(held),
        written_by_id=held.by.id,
    )


def paper_letter(held: Held) -> dict[str, Any]:
    return _columns(
        PaperLetter,
        **held.about,
        summons_id=held.summons.pk,
        occasion="called",
        queued_at=moment(held),
        queued_by_id=held.by.id,
    )


def preparation(held: Held) -> dict[str, Any]:
    at = moment(held)
    return _columns(
        Preparation,
        **held.about,
        important="t",
        told_to="t",
        written_at=at,
        written_by_id=held.by.id,
        handed_in_at=at,
    )


def lead_transfer(held: Held) -> dict[str, Any]:
    return _columns(
        LeadTransfer,
        **held.about,
        to_unit_id=held.to.unit_id,
        disclosure_id=held.disclosure.pk,
        note="t",
        offered_at=moment(held),
        offered_by_id=held.by.id,
    )


def progress(held: Held) -> dict[str, Any]:
    return _columns(
        Progress,
        **held.about,
        commitment_id=held.commitment.pk,
        unit_id=held.commitment.unit_id,
        status="done",
        reported_at=moment(held),
        reported_by_id=held.by.id,
    )


def follow_up(held: Held) -> dict[str, Any]:
    at = moment(held)
    return _columns(
        FollowUp,
        **held.about,
        document_id=held.document.pk,
        held_on=at.date(),
        begun_at=at,
        begun_by_id=held.by.id,
    )


def commitment_result(held: Held) -> dict[str, Any]:
    return _columns(
        CommitmentResult,
        **held.about,
        follow_up_id=held.follow_up.pk,
        commitment_id=held.commitment.pk,
        outcome="done",
    )


def goal_result(held: Held) -> dict[str, Any]:
    return _columns(GoalResult, **held.about, follow_up_id=held.follow_up.pk, goal_id=held.goal.pk)


def closing(held: Held) -> dict[str, Any]:
    at = moment(held)
    return _columns(
        Closing,
        **held.about,
        reason="goal_reached",
        closed_on=at.date(),
        closed_at=at,
        closed_by_id=held.by.id,
    )


def livelihood(held: Held) -> dict[str, Any]:
    return _columns(LivelihoodLine, **held.about, closing_id=held.closing.pk, end="after", kind="work")


def consultation(held: Held, profession_id: Any) -> dict[str, Any]:
    at = moment(held)
    about = {one: value for one, value in held.about.items() if one != "person_id"}
    return _columns(
        Consultation,
        **about,
        unit_id=held.by.unit_id,
        held_on=at.date(),
        asker_profession_id=profession_id,
        asker_unit_id=held.to.unit_id,
        theme="other",
        form="phone",
        result="sip",
        registered_by_id=held.by.id,
        registered_at=at,
    )


def notice(held: Held, about: Any, unit_id: Any) -> dict[str, Any]:
    at = moment(held)
    return _columns(
        Notice,
        association_id=held.by.association_id,
        kind="summons",
        unit_id=unit_id,
        about_id=about,
        queued_at=at,
        queued_by_id=held.by.id,
        leaves_at=at,
    )


def reminder_stop(held: Held, about: Any, unit_id: Any) -> dict[str, Any]:
    return _columns(
        ReminderStop,
        association_id=held.by.association_id,
        unit_id=unit_id,
        about_id=about,
        stopped_at=moment(held),
        stopped_by_id=held.by.id,
    )


def delivery(held: Held, by: Any, unit_id: Any) -> dict[str, Any]:
    return _columns(
        Delivery,
        association_id=by.association_id,
        unit_id=unit_id,
        chosen_at=moment(held),
        chosen_by_id=by.id,
    )


def link(held: Held, about: Any, unit_id: Any) -> dict[str, Any]:
    at = moment(held)
    return _columns(
        Link,
        association_id=held.by.association_id,
        unit_id=unit_id,
        token_hash=uuid4().hex * 2,
        subject="summons",
        subject_id=about,
        made_at=at,
        ends_at=at + timedelta(days=9),
    )


def mandate(held: Held) -> dict[str, Any]:
    at = moment(held)
    about = {one: value for one, value in held.about.items() if one != "case_id"}
    return _columns(
        Mandate,
        **about,
        kind="relative",
        name="n",
        number="x",
        categories=["IDENTITY"],
        evidence="e",
        attested_at=at,
        attested_by_id=held.by.id,
        starts_at=at,
        ends_at=at + timedelta(days=9),
    )


def withheld(held: Held) -> dict[str, Any]:
    return _columns(
        Withheld,
        **held.about,
        mandate_id=held.mandate.pk,
        kind="document",
        subject_id=held.document.pk,
        reason="r",
        withheld_at=moment(held),
        withheld_by_id=held.by.id,
    )


def guardian_policy(held: Held, by: Actor) -> dict[str, Any]:
    return _columns(
        GuardianPolicy,
        association_id=held.by.association_id,
        authority_id=held.by.authority_id,
        version=1,
        bands=[{"from_age": 0, "needed": "all"}],
        if_disagree="no",
        reference="r",
        written_at=moment(held),
        written_by_id=by.id,
    )


def person(by: Actor) -> dict[str, Any]:
    return _columns(
        Person,
        association_id=by.association_id,
        authority_id=by.authority_id,
        given_name="n",
        family_name="n",
        number_kind="pnr",
        number="x",
        number_lookup=uuid4().hex,
    )


def a_case(by: Actor, about: Any) -> dict[str, Any]:
    return _columns(
        Case,
        association_id=by.association_id,
        authority_id=by.authority_id,
        person_id=about,
        unit_id=by.unit_id,
        reference=uuid4().hex[:10],
        opened_by_id=by.id,
    )


def event(by: Actor, **change: Any) -> dict[str, Any]:
    with acting(by):
        at = now()
    return (
        _columns(
            Event,
            at=at,
            association_id=by.association_id,
            kind=by.kind.value,
            actor_id=by.id,
            authority_id=by.authority_id,
            unit_id=by.unit_id,
            role=by.role,
            tag="t",
            decision="allowed",
            request_id=uuid4(),
        )
        | change
    )


def _in_plan(held: Held) -> dict[str, Any]:
    return {**held.about, "plan_id": held.plan.pk}


def _columns(model: type[Model], **values: Any) -> dict[str, Any]:
    """A row of a model as the columns and values that the database gets."""
    row = model(**values)
    return {
        field.column: field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in model._meta.concrete_fields
        if field.column
    }
