"""A case of Eva's, brought as far as a test needs it, through the real actions and both walls."""

import base64
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from humla.access import actions as access_actions
from humla.access.visibility import requests_to
from humla.agreements.drafting import begin_draft
from humla.agreements.models import LocalAgreement
from humla.audit.models import Event
from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases.actions import assign
from humla.cases.actions import open_case as open_the_case
from humla.cases.models import Case, Category
from humla.cases.visibility import case_seen
from humla.consents import actions as consent_actions
from humla.consents.afterwards import answer_survey
from humla.consents.asking import ask_person
from humla.consents.kept_away import keep_away
from humla.consents.models import Consent, Manner
from humla.consents.papers import lay_in
from humla.consents.reviewed import write_wording
from humla.consultations.actions import ConsultationDetails
from humla.consultations.actions import register as register_consultation
from humla.consultations.models import Consultation, ConsultationForm, ConsultationResult, Theme
from humla.core.context import Actor, Kind, acting, now
from humla.core.dates import today
from humla.core.numbers import parse
from humla.core.secrets import person_key
from humla.disclosures import actions as disclosure_actions
from humla.disclosures.models import Disclosure, Document, DocumentKind, ReceivedCopy
from humla.evidence import actions as evidence_actions
from humla.evidence.models import EvidenceRequest
from humla.followups import actions as followup_actions
from humla.followups.models import FollowUp
from humla.followups.visibility import follow_ups_of, sheet_of
from humla.initiations.actions import ask_unit
from humla.initiations.models import RequestTheme
from humla.letters.actions import say_way
from humla.letters.models import Way
from humla.links.actions import make
from humla.links.models import LinkKind, LinkSubject
from humla.meetings import actions as meeting_actions
from humla.meetings.models import Called, Meeting, MeetingKind, PreparatoryResult, Summons
from humla.meetings.preparation import hand_in, keep_preparation
from humla.meetings.rules import Call, Present
from humla.meetings.visibility import meeting_of
from humla.notifications.models import Notice
from humla.organisation.models import Professional, Unit
from humla.people.actions import PersonDetails, register
from humla.people.models import Language
from humla.plans import actions as plan_actions
from humla.plans.lead import offer_lead
from humla.plans.models import Doer, LeadTransfer, NeedLeft, OtherPlanKind, Plan
from humla.plans.visibility import plan_of
from humla.representatives.actions import MandateDetails, attest
from humla.representatives.models import Mandate, MandateKind
from humla.scheduling.actions import offer_times
from humla.scheduling.models import Invitee, Slot, TimeOffer
from tests.cast import Cast

OWN_GOAL = "Jag vill orka vara med mina barn på sportlovet."
REFERRAL = "Skriva remiss till neuropsykiatrisk utredning"
BUDGET = "Gå igenom skulderna tillsammans med Eva"


def open_case(cast: Cast, *, by: Actor, number: str = "", name: str = "Eva Ek") -> Case:
    """Siv opens a case about Eva."""
    given, _, family = name.partition(" ")
    with acting(by):
        details = PersonDetails(
            given_name=given,
            family_name=family,
            number=parse(number or cast.eva, today()),
            language=Language.SWEDISH,
        )
        registered = register(details, by=by)
        return open_the_case(person=registered.person, reason="Många kontakter, ingen gemensam plan.", by=by)


def agreed(case: Case, *, by: Actor) -> Case:
    """Eva has said yes to a plan being made."""
    with acting(by):
        consent_actions.answer_plan(
            case,
            agrees=True,
            manner=Manner.ORAL,
            heard_by="Siv Sandberg",
            language="sv",
            with_interpreter=False,
            instead="",
            by=by,
        )
    return case


def consent(
    case: Case,
    unit: Unit,
    *,
    by: Actor,
    categories: Collection[Category] = (Category.PLANNING, Category.NEEDS),
) -> Consent:
    """Eva has said yes to one receiver, for half a year."""
    with acting(by):
        return consent_actions.give(
            case,
            unit=unit,
            categories=categories,
            exceptions="",
            ends_on=now().date() + timedelta(days=180),
            manner=Manner.ORAL,
            heard_by="Siv Sandberg",
            language="sv",
            with_interpreter=False,
            by=by,
        )


def whole_plan(cast: Cast, case: Case, *, by: Actor) -> Plan:
    """A plan with the four statutory parts, one of its rows about health and one about economy."""
    with acting(by):
        plan = plan_actions.start_plan(case, by=by)
        area = cast.agreement.life_areas.order_by("position")[0]
        plan = plan_actions.say_own_goal(
            plan,
            text=OWN_GOAL,
            said_on=date(2026, 11, 20),
            told_to="Siv Sandberg",
            version=plan.version,
            by=by,
        )
        goal = plan_actions.add_goal(
            plan, life_area=area, situation="Försörjningsstöd sedan två år.", text="En egen inkomst.", by=by
        )
        unit, by_when = cast.units["siv"], date(2027, 1, 15)
        plan_actions.add_commitment(
            plan, goal=goal, doer=Doer.UNIT, unit=unit, what="Boka studiebesök", due_on=by_when, by=by
        )
        plan_actions.add_commitment(
            plan, doer=Doer.UNIT, unit=cast.units["lena"], what=REFERRAL, category=Category.HEALTH, by=by
        )
        plan_actions.add_commitment(
            plan, doer=Doer.UNIT, unit=unit, what=BUDGET, category=Category.ECONOMY, due_on=by_when, by=by
        )
        plan_actions.add_commitment(plan, doer=Doer.PERSON, what="Ringa vårdcentralen", by=by)
        plan.refresh_from_db()
        return plan_actions.settle(
            plan,
            accountable_party=cast.parties["Humlesunds kommun"],
            lead_id=by.id,
            nothing_by_others=False,
            follow_up_on=date(2027, 2, 20),
            version=plan.version,
            by=by,
        )


def adopted_plan(cast: Cast, *, by: Actor, **whom: str) -> Document:
    """Eva's case with a consent to Arbetsförmedlingen and an adopted plan, not yet handed over."""
    case = agreed(open_case(cast, by=by, **whom), by=by)
    consent(case, cast.units["amir"], by=by)
    plan = whole_plan(cast, case, by=by)
    with acting(by):
        return plan_actions.adopt(plan, version=plan.version, by=by)


def handed_over(cast: Cast, document: Document, *, by: Actor, to: Unit) -> Disclosure:
    """The document handed over to a unit that the person has consented to."""
    with acting(by):
        return disclosure_actions.disclose(document, unit=to, by=by)


def taken_in(disclosure: Disclosure, *, by: Actor) -> None:
    """The receiving unit's way in takes it herself."""
    with acting(by):
        disclosure_actions.take_in(disclosure, by.id, by=by)


FIND_PRACTICE = "Hitta en praktikplats nära hemmet"
"""What Arbetsförmedlingen undertakes in `plan_at_work`."""
EXTEND_BENEFIT = "Pröva förebyggande sjukpenning"
"""What Försäkringskassan undertakes in it; its consent is of the same kinds as Arbetsförmedlingen's."""


def plan_at_work(cast: Cast, *, by: Actor) -> Document:
    """An adopted plan in which AF and FK each do something; AF has it, and Amir works with it."""
    case = agreed(open_case(cast, by=by), by=by)
    consent(case, cast.units["amir"], by=by)
    consent(case, cast.units["farid"], by=by)
    plan = whole_plan(cast, case, by=by)
    with acting(by):
        for name, what in (("amir", FIND_PRACTICE), ("farid", EXTEND_BENEFIT)):
            plan_actions.add_commitment(
                plan, doer=Doer.UNIT, unit=cast.units[name], what=what, due_on=date(2027, 1, 20), by=by
            )
        plan.refresh_from_db()
        document = plan_actions.adopt(plan, version=plan.version, by=by)
    taken_in(handed_over(cast, document, by=by, to=cast.units["amir"]), by=cast.amir)
    return document


REFUSAL = "Utredning av adhd före sommaren"
QUEUE = "Kön till utredning är arton månader"
NOBODYS = "Någon att prata med på kvällarna"


def besides(cast: Cast, case: Case, *, by: Actor) -> dict[str, UUID]:
    """One row of each kind beside who does what: the reservation is about health. Their ids, by address."""
    with acting(by):
        plan = Plan.objects.get(case=case)
        goal = plan.goals.all()[0]
        step = plan_actions.add_milestone(
            plan, goal=goal, text="Ett studiebesök", due_on=date(2027, 1, 10), by=by
        )
        refusal = plan_actions.add_reservation(
            plan, unit=cast.units["lena"], what=REFUSAL, why=QUEUE, category=Category.HEALTH, by=by
        )
        need = plan_actions.add_unmet_need(
            plan, life_area=goal.life_area, what=NOBODYS, why=NeedLeft.NOT_OFFERED, by=by
        )
        other = plan_actions.add_other_plan(
            plan, kind=OtherPlanKind.ACTION_PLAN, owner="Arbetsförmedlingen", reference="HP 44", by=by
        )
    return {
        "milestone_id": step.pk,
        "reservation_id": refusal.pk,
        "unmet_need_id": need.pk,
        "other_plan_id": other.pk,
    }


def summoned(cast: Cast, *, by: Actor, to: Unit, name: str = "Eva Ek", number: str = "") -> Summons:
    """A unit that the person has consented to, summoned to a first meeting; it leaves in a minute."""
    case = agreed(open_case(cast, by=by, name=name, number=number), by=by)
    consent(case, to, by=by)
    return summons_in(case, by=by, to=to)


def summons_in(case: Case, *, by: Actor, to: Unit) -> Summons:
    """The same in a case that has its consent."""
    with acting(by):
        meeting = meeting_actions.plan_meeting(
            case,
            kind=MeetingKind.FIRST,
            starts_at=now() + timedelta(days=10),
            answer_by=now().date() + timedelta(days=5),
            purpose="Hur ska Eva orka?",
            by=by,
        )
        return meeting_actions.summon(meeting, called=Called.UNIT, unit=to, by=by)


def called_herself(summons: Summons, *, by: Actor) -> Summons:
    """The person called to the same meeting; her letters are handed over to her."""
    with acting(by):
        whole = meeting_of(summons.case, summons.meeting_id)
        assert whole is not None
        hers = meeting_actions.summon(whole, called=Called.PERSON, by=by)
        say_way(hers, way=Way.BY_HAND, by=by)
    return hers


def link_in_letter(summons: Summons, *, unit: Unit) -> str:
    """The token of the letter about a summons, made as the clock makes it when the letter leaves."""
    clock = Actor(Kind.SYSTEM, association_id=summons.association_id)
    with acting(clock):
        letter_id = Notice.objects.filter(about_id=summons.pk).values_list("pk", flat=True)[0]
        return make(LinkSubject.SUMMONS, subject_id=summons.pk, unit=unit, letter_id=letter_id, by=clock)


def link_to_times(asked: Invitee) -> str:
    """The token of the letter that asks a unit about times."""
    clock = Actor(Kind.SYSTEM, association_id=asked.association_id)
    with acting(clock):
        letter_id = Notice.objects.filter(about_id=asked.pk).values_list("pk", flat=True)[0]
        unit: Any = asked.unit
        return make(LinkSubject.TIMES, subject_id=asked.pk, unit=unit, letter_id=letter_id, by=clock)


def times_offered(case: Case, *, by: Actor, to: Unit) -> dict[str, UUID]:
    """Three times for a closing meeting, which the person can; the ids of it, by address."""
    with acting(by):
        times = [now() + timedelta(days=20 + one) for one in range(3)]
        offer = offer_times(
            case,
            kind=MeetingKind.CLOSING,
            times=times,
            person_can=times,
            calls=[Call(Called.UNIT, to)],
            answer_by=today() + timedelta(days=5),
            by=by,
        )
        return _ids_of(offer)


def _ids_of(offer: TimeOffer) -> dict[str, UUID]:
    asked = {one.called: one.pk for one in Invitee.objects.filter(offer=offer)}
    slot = Slot.objects.filter(offer=offer)[0]
    return {
        "offer_id": offer.pk,
        "slot_id": slot.pk,
        "invitee_id": asked[Called.UNIT],
        "own_invitee_id": asked[Called.PERSON],
    }


def opening_link(case: Case, *, by: Actor, to: Unit) -> str:
    """The token of a link that a code opens, to something handed over in a case of its own."""
    consent(agreed(case, by=by), to, by=by)
    with acting(by):
        parts = {Category.IDENTITY: [{"kind": "facts", "rows": [["Namn", "Berit Björk"]]}]}
        paper = disclosure_actions.freeze(
            case, kind=DocumentKind.CLOSING, version=1, title="Avslut", parts=parts, by=by
        )
        given = disclosure_actions.disclose(paper, unit=to, by=by)
    clock = Actor(Kind.SYSTEM, association_id=case.association_id)
    with acting(clock):
        return make(
            LinkSubject.DOCUMENT,
            subject_id=given.pk,
            unit=to,
            letter_id=uuid4(),
            kind=LinkKind.OPENING,
            by=clock,
        )


def copy_of(disclosure: Disclosure, *, by: Actor) -> UUID:
    """The receiver's own copy of what was handed over."""
    with acting(by):
        return ReceivedCopy.objects.get(disclosure=disclosure).pk


def evidence_asked(case: Case, *, by: Actor, to: Unit, kind: str = "own_plan") -> EvidenceRequest:
    """A unit with a yes is asked for underlag; the letter leaves in a minute."""
    with acting(by):
        calls = [Call(Called.UNIT, to)]
        day = today() + timedelta(days=10)
        return evidence_actions.ask_all(case, kind=kind, calls=calls, by_when=day, by=by)[0]


def link_to_evidence(asked: EvidenceRequest) -> str:
    """The token of the letter about it, made as the clock makes it when the letter leaves."""
    clock = Actor(Kind.SYSTEM, association_id=asked.association_id)
    with acting(clock):
        letter = Notice.objects.select_related("unit").get(about_id=asked.pk)
        return make(
            LinkSubject.EVIDENCE, subject_id=asked.pk, unit=letter.unit, letter_id=letter.pk, by=clock
        )


def planned_meeting(case: Case, *, by: Actor, days: int = 10, **details: Any) -> Meeting:
    """A first SIP meeting some days ahead, to which nobody has been summoned."""
    with acting(by):
        whole: Any = {"kind": MeetingKind.FIRST, "starts_at": now() + timedelta(days=days), **details}
        return meeting_actions.plan_meeting(case, by=by, **whole)


def answered(follow_up: FollowUp, *, by: Actor) -> FollowUp:
    """A follow-up in which everything has been answered; in the holder's open context."""
    sheet = sheet_of(follow_up)
    return followup_actions.keep_follow_up(
        follow_up,
        version=follow_up.version,
        commitments={one.id: {"outcome": "done"} for one in sheet.commitments},
        goals={one.id: {"by_person": None, "by_staff": 4} for one in sheet.goals},
        step_by_staff=3,
        step_by_person=2,
        person_words="Det går framåt, sakta.",
        next_on=now().date() + timedelta(days=90),
        no_next_by="",
        by=by,
    )


def followed_up(document: Document, *, by: Actor, to: Unit) -> dict[str, UUID]:
    """The plan followed up today and handed over to a unit, and a correction of it begun."""
    with acting(by):
        case = case_seen(document.case_id)
        assert case is not None
        begun = followup_actions.begin_follow_up(case, document=document, held_on=now().date(), by=by)
        kept = answered(begun, by=by)
        frozen = followup_actions.finish_follow_up(kept, version=kept.version, by=by)
        disclosure_actions.disclose(frozen, unit=to, by=by)
        done = follow_ups_of(case)[0]
        done.case = case
        again = followup_actions.correct_follow_up(done, by=by)
    return {"paper_id": frozen.pk, "follow_up_id": again.pk}


def consulted(cast: Cast, *, by: Actor, result: str = ConsultationResult.ADVICE) -> Consultation:
    """Maja has asked the coordinator on the phone whether a SIP is right."""
    with acting(by):
        maja = Professional.objects.select_related("profession").get(pk=cast.maja.id)
        assert maja.profession is not None
        details = ConsultationDetails(
            held_on=now().date(),
            asker=maja,
            profession=maja.profession,
            unit=cast.units["maja"],
            theme=Theme.IS_SIP_RIGHT,
            form=ConsultationForm.PHONE,
            result=result,
        )
        return register_consultation(details, by=by)


def asked_for_plan(cast: Cast, *, by: Actor, to: Unit) -> UUID:
    """Somebody who may not start a plan has asked another unit to."""
    with acting(by):
        return ask_unit(to, theme=RequestTheme.WORK, by=by)


def lead_offered(case: Case, *, by: Actor, to: Unit) -> LeadTransfer:
    """A unit that has the plan is asked to take over the lead."""
    with acting(by):
        return offer_lead(case, plan_of(case), unit=to, note="Ring mig.", by=by)


def held_meeting(case: Case, *, by: Actor, next_on: date | None = None, **details: Any) -> Meeting:
    """A meeting yesterday where the person was, led and written by whoever wrote it down."""
    meeting = planned_meeting(case, by=by, days=-1, **details)
    with acting(by):
        told: Any = {"next_on": next_on} if next_on else {"no_next_by": "Eva Ek"}
        if meeting.kind == MeetingKind.PREPARATORY:
            told["result"] = PreparatoryResult.SIP
        return meeting_actions.hold(
            meeting,
            attendances=[Present(Called.PERSON, was_present=True)],
            chair=meeting.planned_by,
            note_taker=meeting.planned_by,
            by=by,
            **told,
        )


def meeting_ids(case: Case, *, by: Actor, to: Unit) -> dict[str, UUID]:
    """A summons to a meeting ahead and a line of who came to another: their ids, by address."""
    summons, held = summons_in(case, by=by, to=to), held_meeting(case, by=by)
    with acting(by):
        line = held.attendances.all()[0]
        return {"summons_id": summons.pk, "meeting_id": summons.meeting_id, "attendance_id": line.pk}


def prepared(case_id: UUID, number: str) -> None:
    """The person with this number has handed in what she wants to say, and begun on something more."""
    her = Actor(Kind.PERSON, id=uuid4(), person_key=person_key(number))
    with acting(her):
        case = case_seen(case_id)
        assert case is not None
        kept = keep_preparation(case, worries="Att ingen tror mig.", version=0, by=her)
        hand_in(kept, version=kept.version, by=her)
        keep_preparation(case, questions="Vem ringer jag när det blir kväll?", version=0, by=her)


RALF = "196202252760"
"""The number of Ralf Rask, who is Eva's god man in some tests; from the published test series."""


def mandate(case: Case, *, by: Actor, **change: Any) -> Mandate:
    """A god man who reads planning and needs, knows when she meets, and consents, unless told otherwise."""
    details: dict[str, Any] = {
        "kind": MandateKind.GOD_MAN,
        "name": "Ralf Rask",
        "number": parse(RALF, today()),
        "evidence": "Registerutdrag från överförmyndaren den 1 november.",
        "categories": [Category.IDENTITY, Category.PLANNING, Category.NEEDS],
        "may_consent": True,
        "may_receive_summons": True,
        "may_represent_at_meeting": True,
        "ends_on": today() + timedelta(days=300),
    }
    with acting(by):
        return attest(case, MandateDetails(**details | change), by=by)


def child_case(cast: Cast, *, by: Actor, born_year: int) -> Case:
    """A case about somebody young, whose number nobody has yet."""
    with acting(by):
        registered = register(
            PersonDetails(given_name="Barn", family_name="Ek", number=None, born_year=born_year), by=by
        )
        return open_the_case(person=registered.person, reason="Skolan går inte.", by=by)


def representative(made: Mandate, number: str = RALF) -> Actor:
    """Whoever acts by the mandate, as the door sees her."""
    return Actor(
        Kind.REPRESENTATIVE,
        association_id=made.association_id,
        id=made.pk,
        role=made.kind,
        person_key=person_key(number),
    )


def colleague_in(case: Case, cast: Cast, *, by: Actor) -> None:
    """Maja takes part in the case."""
    with acting(by):
        assign(case, Professional.objects.get(pk=cast.maja.id), cast.units["maja"], by=by)


def asked_to_read(case: Case, *, by: Actor, holder: Actor) -> UUID:
    """Somebody elsewhere has asked to read the case; what came to it."""
    with acting(by):
        access_actions.ask(case.reference, reason="Vi har kontakt med personen.", by=by)
    with acting(holder):
        return requests_to(case)[0].pk


def opened_by_manager(case: Case, *, by: Actor) -> UUID:
    """The unit's manager has opened the case for four hours."""
    with acting(by):
        return access_actions.open_as_manager(case.pk, reason="Siv är sjuk och mötet är i dag.", by=by)


def asked_why(case: Case, number: str, *, looked: Actor) -> tuple[UUID, UUID]:
    """Somebody has opened the case, and the person has asked why: the line of the trail and the question."""
    with acting(looked):
        record(Tag.CASE_READ, case=case.pk, person=case.person_id, items=[("case", case.pk, case.version)])
    herself = Actor(Kind.PERSON, id=uuid4(), person_key=person_key(number))
    with acting(herself):
        look = Event.objects.filter(tag=Tag.CASE_READ.value, actor_id=looked.id).order_by("-at")[0]
        return look.pk, access_actions.ask_about_look(look, words="Vem är det?", by=herself).pk


def beside_consents(cast: Cast, case: Case, *, by: Actor) -> dict[str, UUID]:
    """One row of each kind beside the consents; their ids, by address."""
    how: Any = {"manner": Manner.PAPER, "heard_by": "", "language": "sv", "with_interpreter": False}
    with acting(by):
        until = now().date() + timedelta(days=60)
        asked = ask_person(
            case,
            unit=cast.units["nils"],
            categories=[Category.PLANNING],
            ends_on=until,
            why="Eva ska flytta dit.",
            instead="Siv ringer dem utan namn.",
            by=by,
        )
        kept = keep_away(case, name="Kurt Karlsson", by=by)
        survey = answer_survey(case, purpose="survey", agrees=True, ends_on=until, by=by, **how)
        answer = consent_actions.answer_plan(case, agrees=True, instead="", by=by, **how)
        scan = lay_in(case, answer, _PIXEL, by=by)
    with acting(cast.olof):
        words = write_wording(about="consent", language="fi", text="Sinä päätät.", version=0, by=cast.olof)
    return {
        "request_id": asked.pk,
        "kept_id": kept.pk,
        "survey_id": survey.pk,
        "answer_id": answer.pk,
        "scan_id": scan.pk,
        "wording_id": words.pk,
    }


def drafted_agreement(cast: Cast) -> LocalAgreement:
    """Olof has begun on the next version of the agreement."""
    with acting(cast.olof):
        return begin_draft(by=cast.olof)


_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""The smallest picture there is."""
