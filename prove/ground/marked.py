"""A world in which every text about a person is a word of its own, to be told wherever it turns up.

Lives here: the words (canaries), and the cases in which each is written through the program's own actions
and pages. Not here: who may see which (`allowed.py`), what is collected and searched (`prove/canaries.py`).

Eva's case is led by Siv and has everything in it. Arbetsförmedlingen (Amir) and Försäkringskassan (Farid)
have consents of different width and have got its documents; vårdcentralen (Vera) got the plan and then her
consent was withdrawn; the clinic (Lena) has no consent and is named in a row about health. Ralf acts for Eva.
Paula is protected, Cilla's case ended and was opened again, the manager opened Berit's, Kim is a child.
"""

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.urls import reverse
from PIL import Image

from humla.access import actions as access
from humla.access.models import LookQuestion, ManagerOpening
from humla.access.visibility import requests_to
from humla.audit.models import Event
from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases import actions as cases
from humla.cases.models import Case, Category
from humla.cases.visibility import case_seen
from humla.consents import actions as consents
from humla.consents import afterwards, asking, kept_away, papers
from humla.consents.models import Manner, SurveyPurpose
from humla.consultations import actions as consultations
from humla.consultations.actions import ConsultationDetails
from humla.consultations.models import ConsultationForm, ConsultationResult, Theme
from humla.core.context import Actor, Kind, acting, now
from humla.core.dates import today
from humla.core.numbers import parse
from humla.core.secrets import person_key
from humla.disclosures import actions as disclosures
from humla.disclosures.copies import copy_seen
from humla.disclosures.models import Disclosure, Document, ReceivedCopy
from humla.evidence import actions as evidence
from humla.evidence.asked import write_view
from humla.followups import actions as followups
from humla.followups.models import Before, CloseReason, Hinder, Livelihood, Outcome, Status
from humla.followups.visibility import closing_of, sheet_of
from humla.initiations import actions as initiations
from humla.initiations.actions import Wish
from humla.initiations.models import AskedBy, DeclineGround, RequestTheme
from humla.initiations.visibility import request_here, ways_in
from humla.letters.actions import say_way
from humla.letters.models import Way
from humla.links.actions import make
from humla.links.models import LinkKind, LinkSubject
from humla.links.tokens import code_of
from humla.meetings import actions as meetings
from humla.meetings.document import OwnWords
from humla.meetings.models import Answer, AnsweredBy, Called, Meeting, MeetingForm, MeetingKind, Summons
from humla.meetings.own import answer_own, own_summonses
from humla.meetings.preparation import hand_in, keep_preparation, tell_preparation
from humla.meetings.rules import Call, Present
from humla.notifications.models import Notice, NoticeKind
from humla.organisation.models import Professional, UnitAssignment
from humla.people import actions as people
from humla.people.actions import PersonDetails
from humla.people.models import Person
from humla.plans import actions as plans
from humla.plans import lead
from humla.plans.models import Doer, LeadTransfer, NeedLeft, OtherPlanKind, PersonSays, Plan
from humla.plans.visibility import plan_of
from humla.protection import actions as protection
from humla.protection.models import MarkingKind
from humla.protection.visibility import marking_of
from humla.representatives import actions as mandates
from humla.representatives.models import GivenBy, MandateKind, WithheldKind
from humla.representatives.policy import bands_of, standard
from humla.representatives.rules import Answered
from humla.scheduling.actions import offer_times
from humla.scheduling.models import Invitee
from tests import factories
from tests.cast import Cast
from tests.doors import Door, signed_in

LETTERS = 9


def token(name: str) -> str:
    """The word of a mark: letters only, so that no typesetting, escaping or folding of case hides it."""
    sum_of = hashlib.sha256(name.encode()).digest()
    return "kanarie" + "".join(chr(ord("a") + byte % 26) for byte in sum_of[:LETTERS])


@dataclass
class Marked:
    """What has been written: which words, whose numbers, and the ids and doors to look with."""

    words: dict[str, str] = field(default_factory=dict)
    """Mark to word. A mark is "table.column", with ":VARIANT" where one column is written more than once."""
    numbers: dict[str, str] = field(default_factory=dict)
    doors: dict[str, Any] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    cases: list[Any] = field(default_factory=list)
    """The ids of the cases about Eva, Paula, Cilla and Berit."""
    undertaken: Any = None
    """What Amir's unit undertakes in Eva's plan."""

    def __call__(self, name: str) -> str:
        """The word to write there."""
        self.words[name] = token(name)
        return self.words[name]


@contextmanager
def as_one(who: Actor) -> Iterator[None]:
    """In one committed transaction, as this one."""
    with transaction.atomic(), acting(who):
        yield


def write(cast: Cast, numbers: list[str], later: Callable[[int], None]) -> Marked:
    """All of it. `later(minutes)` moves the database's clock: what was sent must have left to be answered."""
    it = Marked()
    her = _in_eva(it, cast, numbers[4])
    it.cases.append(her.pk)
    plan = _plan(it, cast, her)
    document = _adopted(it, cast, her, plan)
    _given_away(it, cast, her, document)
    meeting, called = _meetings(it, cast, her)
    asked = _evidence(it, cast, her)
    later(2)
    _answers(it, cast, her, called)
    _their_view(it, cast, asked)
    _times(it, cast, her)
    _held(it, cast, her)
    _followed_up(it, cast, her, document)
    _access(it, cast, her)
    _asked_for_plan(it, cast)
    _mandates(it, cast, her, numbers[0])
    _her_own_words(it, cast, her)
    _asked(it, cast, her)
    _protected(it, cast, numbers[1])
    _ended(it, cast, numbers[2])
    _opened_by_manager(it, cast, numbers[3])
    _child(it, cast)
    _lead(it, cast, her)
    later(4)
    _doors(it, cast)
    _drafts(it, her, meeting)
    return it


# --- Eva ----------------------------------------------------------------------------------------------------


def _in_eva(it: Marked, cast: Cast, wrong: str) -> Case:
    siv = cast.siv
    it.numbers["eva"], it.numbers["wrong"] = cast.eva, wrong
    with as_one(siv):
        details = PersonDetails(
            given_name=it("people_person.given_name"),
            family_name=it("people_person.family_name"),
            communication_support=it("people_person.communication_support"),
            wants_contact_by=it("people_person.wants_contact_by"),
            number=parse(wrong, today()),
        )
        person = people.register(details, by=siv).person
        case = cases.open_case(person=person, reason=it("cases_case.reason"), by=siv)
        number, reason = parse(cast.eva, today()), it("people_person.number_reason")
        person = people.correct_number(person, number, reason=reason, version=person.version, by=siv)
        other = people.register(
            PersonDetails(given_name="Eva", family_name="Ek", born_year=1986), by=siv
        ).person
        cases.open_case(person=other, reason="", by=siv)
        people.link(person, other, reason=it("people_personlink.reason"), by=siv)
        cases.write_note(_case(case), stage="meeting", text=it("cases_note.text"), by=siv)
        advice = _consulted(cast, by=siv)
        consultations.register(advice(it("consultations_consultation.advice")), by=siv)
        answer = consents.answer_plan(
            _case(case),
            agrees=True,
            manner=Manner.PAPER,
            heard_by=it("consents_planconsent.heard_by"),
            language="sv",
            with_interpreter=False,
            instead="",
            by=siv,
        )
        picture = io.BytesIO()
        Image.new("RGB", (8, 8), "white").save(picture, "PNG")
        papers.lay_in(_case(case), answer, picture.getvalue(), by=siv)
    return case


def _case(case: Case) -> Case:
    found = case_seen(case.pk)
    assert found is not None
    return found


def _consulted(cast: Cast, *, by: Actor) -> Callable[[str], Any]:
    maja = Professional.objects.select_related("profession").get(pk=cast.maja.id)
    assert maja.profession is not None
    profession = maja.profession

    def details(advice: str) -> ConsultationDetails:
        return ConsultationDetails(
            held_on=today(),
            asker=maja,
            profession=profession,
            unit=cast.units["maja"],
            theme=Theme.IS_SIP_RIGHT,
            form=ConsultationForm.PHONE,
            result=ConsultationResult.ADVICE,
            advice=advice,
        )

    return details


def _yes(
    it: Marked, cast: Cast, case: Case, to: str, *categories: Category, mark: str = "", **more: Any
) -> Any:
    with as_one(cast.siv):
        return consents.give(
            _case(case),
            unit=cast.units[to],
            categories=categories,
            exceptions=it(f"consents_consent.exceptions{mark}") if mark is not None else "",
            ends_on=today() + timedelta(days=180),
            manner=Manner.ORAL,
            heard_by=it(f"consents_consent.heard_by{mark}"),
            language="sv",
            with_interpreter=False,
            by=cast.siv,
            **more,
        )


def _plan(it: Marked, cast: Cast, case: Case) -> Plan:
    """Rows of every kind of information that can be chosen for them."""
    siv = cast.siv
    with as_one(siv):
        area = cast.agreement.life_areas.order_by("position")[0]
        plan = plans.start_plan(_case(case), by=siv)
        plan = plans.say_own_goal(
            plan,
            text=it("plans_plan.own_goal"),
            said_on=today(),
            told_to=it("plans_plan.own_goal_told_to"),
            version=plan.version,
            by=siv,
        )
        for kind in (Category.PLANNING, Category.NEEDS, Category.HEALTH, Category.ECONOMY):
            goal = plans.add_goal(
                plan,
                life_area=area,
                situation=it(f"plans_goal.situation:{kind}"),
                text=it(f"plans_goal.text:{kind}"),
                category=kind,
                by=siv,
            )
            made = plans.add_commitment(
                plan,
                goal=goal,
                doer=Doer.UNIT,
                unit=cast.units["lena" if kind == Category.HEALTH else "amir"],
                what=it(f"plans_commitment.what:{kind}"),
                responsible=it(f"plans_commitment.responsible:{kind}"),
                starts_when=it(f"plans_commitment.starts_when:{kind}"),
                known_by=it(f"plans_commitment.known_by:{kind}"),
                person_does=it(f"plans_commitment.person_does:{kind}"),
                category=kind,
                by=siv,
            )
            it.undertaken = it.undertaken or made.pk
            plans.add_commitment(
                plan,
                doer=Doer.OTHER,
                other=it(f"plans_commitment.other:{kind}"),
                what=it(f"plans_commitment.what:other {kind}"),
                category=kind,
                by=siv,
            )
            plans.add_milestone(plan, goal=goal, text=it(f"plans_milestone.text:{kind}"), by=siv)
            plans.add_reservation(
                plan,
                unit=cast.units["lena"],
                what=it(f"plans_reservation.what:{kind}"),
                why=it(f"plans_reservation.why:{kind}"),
                category=kind,
                by=siv,
            )
            plans.add_unmet_need(
                plan,
                life_area=area,
                what=it(f"plans_unmetneed.what:{kind}"),
                why=NeedLeft.QUEUE,
                category=kind,
                by=siv,
            )
            plans.add_other_plan(
                plan,
                kind=OtherPlanKind.CARE_PLAN,
                owner=it(f"plans_otherplan.owner:{kind}"),
                reference=it(f"plans_otherplan.reference:{kind}"),
                category=kind,
                by=siv,
            )
        plan.refresh_from_db()
        return plans.settle(
            plan,
            accountable_party=cast.parties["Humlesunds kommun"],
            lead_id=siv.id,
            nothing_by_others=False,
            follow_up_on=None,
            no_follow_up_by=it("plans_plan.no_follow_up_by"),
            if_worse=it("plans_plan.if_worse"),
            if_worse_category=Category.HEALTH,
            version=plan.version,
            by=siv,
        )


def _adopted(it: Marked, cast: Cast, case: Case, plan: Plan) -> Document:
    with as_one(cast.siv):
        why = it("plans_plan.person_says_why")
        plan.refresh_from_db()
        return plans.adopt(plan, version=plan.version, says=PersonSays.NO, why=why, by=cast.siv)


def _given_away(it: Marked, cast: Cast, case: Case, document: Document) -> None:
    """Amir may know of planning and needs, Farid of planning, Vera of health until her yes was withdrawn."""
    _yes(it, cast, case, "amir", Category.PLANNING, Category.NEEDS)
    _yes(it, cast, case, "farid", Category.PLANNING, mark=":farid")
    withdrawn = _yes(it, cast, case, "vera", Category.HEALTH, mark=":vera")
    for name in ("amir", "farid", "vera"):
        with as_one(cast.siv):
            given = disclosures.disclose(_document(document), unit=cast.units[name], by=cast.siv)
        receiver = getattr(cast, name)
        with as_one(receiver):
            disclosures.take_in(Disclosure.objects.get(pk=given.pk), receiver.id, by=receiver)
    with as_one(cast.vera):
        copy = ReceivedCopy.objects.get()
        seen = copy_seen(copy.pk)
        assert seen is not None
        disclosures.receive(seen, by=cast.vera)
    with as_one(cast.farid):
        copy = ReceivedCopy.objects.get()
        seen = copy_seen(copy.pk)
        assert seen is not None
        disclosures.archive(seen, reference=it("disclosures_receivedcopy.archive_reference"), by=cast.farid)
    with as_one(cast.siv):
        consents.withdraw(withdrawn, by=cast.siv)


def _document(document: Document) -> Document:
    return Document.objects.select_related("case__authority", "case__unit", "case__person").get(
        pk=document.pk
    )


def _meetings(it: Marked, cast: Cast, case: Case) -> tuple[Meeting, dict[str, Summons]]:
    siv = cast.siv
    with as_one(siv):
        kept_away.keep_away(_case(case), name=it("consents_keptaway.name"), by=siv)
        meeting = meetings.plan_meeting(
            _case(case),
            kind=MeetingKind.FIRST,
            starts_at=now() + timedelta(days=10),
            form=MeetingForm.HYBRID,
            place=it("meetings_meeting.place"),
            video_link=f"https://video.example/{it('meetings_meeting.video_link')}",
            interpreter=it("meetings_meeting.interpreter"),
            purpose=it("meetings_meeting.purpose"),
            questions=it("meetings_meeting.questions"),
            health_questions=it("meetings_meeting.health_questions"),
            answer_by=today() + timedelta(days=5),
            by=siv,
        )
        calls = [
            Call(Called.UNIT, cast.units["amir"], bring=it("meetings_summons.bring:amir")),
            Call(Called.UNIT, cast.units["farid"], bring=it("meetings_summons.bring:farid")),
            Call(Called.PERSON, bring=it("meetings_summons.bring:eva")),
            Call(
                Called.RELATIVE, name=it("meetings_summons.name"), bring=it("meetings_summons.bring:relative")
            ),
        ]
        words = OwnWords(it.words["plans_plan.own_goal"], today(), it.words["plans_plan.own_goal_told_to"])
        made = meetings.summon_all(_meeting(meeting), calls=calls, own_words=words, by=siv)
    for one in made:
        if one.unit is not None and one.unit_id in (cast.units["amir"].pk, cast.units["farid"].pk):
            with transaction.atomic():
                it.links.append(factories.link_in_letter(one, unit=one.unit))
    return meeting, {"amir": made[0], "farid": made[1], "eva": made[2], "relative": made[3]}


def _meeting(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_related("case__authority", "case__unit", "case__person").get(pk=meeting.pk)


def _times(it: Marked, cast: Cast, case: Case) -> None:
    """A time is looked for, which she can; Amir's unit has the link and her employer is rung."""
    with as_one(cast.siv):
        times = [now() + timedelta(days=30 + one) for one in range(3)]
        offer = offer_times(
            _case(case),
            kind=MeetingKind.CLOSING,
            times=times,
            person_can=times,
            calls=[
                Call(Called.UNIT, cast.units["amir"]),
                Call(Called.EMPLOYER, name=it("scheduling_invitee.name")),
            ],
            answer_by=today() + timedelta(days=5),
            form=MeetingForm.HYBRID,
            place=it("scheduling_timeoffer.place"),
            video_link=f"https://video.example/{it('scheduling_timeoffer.video_link')}",
            interpreter=it("scheduling_timeoffer.interpreter"),
            purpose=it("scheduling_timeoffer.purpose"),
            by=cast.siv,
        )
        asked = Invitee.objects.select_related("unit").get(offer=offer, called=Called.UNIT)
    with transaction.atomic():
        it.links.append(factories.link_to_times(asked))


def _evidence(it: Marked, cast: Cast, case: Case) -> UUID:
    """Underlag asked of Amir's unit, which writes its view, and of somebody near her."""
    with as_one(cast.siv):
        relative = Call(Called.RELATIVE, name=it("evidence_evidencerequest.name"))
        calls, day = [Call(Called.UNIT, cast.units["amir"]), relative], today() + timedelta(days=5)
        asked, other = evidence.ask_all(_case(case), kind="view", calls=calls, by_when=day, by=cast.siv)
    with as_one(cast.siv):
        where = it("evidence_evidencerequest.where_it_lies")
        evidence.change(other, by_when=day, where_it_lies=where, version=1, by=cast.siv)
    return asked.pk


def _their_view(it: Marked, cast: Cast, asked: UUID) -> None:
    with as_one(cast.amir):
        write_view(asked, it("evidence_ownview.text"), by=cast.amir)


def _answers(it: Marked, cast: Cast, case: Case, called: dict[str, Summons]) -> None:
    for name, change in (
        ("amir", {"answer": Answer.COMES, "who_comes": "who_comes"}),
        ("farid", {"answer": Answer.WRONG_UNIT, "passed_to": "passed_to"}),
    ):
        with as_one(cast.siv):
            one = Summons.objects.select_related("case", "meeting").get(pk=called[name].pk)
            told: dict[str, Any] = {
                key: it(f"meetings_summonsanswer.{value}") if key == value else value
                for key, value in change.items()
            }
            meetings.answer(one, how=AnsweredBy.NOTED, by=cast.siv, **told)
    eva = _herself(cast.eva)
    with as_one(eva):
        hers = own_summonses()[called["eva"].meeting_id]
        answer_own(hers, answer=Answer.COMES, wish=it("meetings_summonsanswer.wish"), by=eva)
    with as_one(cast.siv):
        relative = Summons.objects.select_related("case", "meeting").get(pk=called["relative"].pk)
        address = f"{it('letters_addressee.address')}\n123 45 Humlesund"
        say_way(relative, way=Way.POST, address=address, by=cast.siv)
    it.words["letters_addressee.name"] = it.words["meetings_summons.name"]


def _held(it: Marked, cast: Cast, case: Case) -> None:
    siv = cast.siv
    with as_one(siv):
        lead_by = Professional.objects.get(pk=siv.id)
        meeting = meetings.plan_meeting(
            _case(case), kind=MeetingKind.FOLLOW_UP, starts_at=now() - timedelta(days=1), by=siv
        )
        meetings.hold(
            _meeting(meeting),
            attendances=[
                Present(Called.PERSON, was_present=True),
                Present(Called.OTHER, was_present=True, name=it("meetings_attendance.name")),
            ],
            no_next_by=it("meetings_meeting.no_next_by"),
            chair=lead_by,
            note_taker=lead_by,
            by=siv,
        )


def _followed_up(it: Marked, cast: Cast, case: Case, document: Document) -> None:
    siv = cast.siv
    with as_one(cast.amir):
        seen = _case(case)
        note = it("followups_progress.note")
        followups.report(
            it.undertaken, seen, status=Status.HINDERED, hinder=Hinder.QUEUE, note=note, by=cast.amir
        )
    with as_one(siv):
        whole = _case(case)
        begun = followups.begin_follow_up(whole, document=_document(document), held_on=today(), by=siv)
        sheet = sheet_of(begun)
        kept = followups.keep_follow_up(
            begun,
            version=begun.version,
            commitments={
                one.id: {
                    "outcome": Outcome.NOT,
                    "hinder": Hinder.QUEUE,
                    "why": it(f"followups_commitmentresult.why:{one.category}"),
                }
                for one in sheet.commitments
            },
            goals={one.id: {"by_person": 2, "by_staff": 4} for one in sheet.goals},
            step_by_staff=3,
            step_by_person=2,
            person_words=it("followups_followup.person_words"),
            next_on=None,
            no_next_by=it("followups_followup.no_next_by"),
            by=siv,
        )
        frozen = followups.finish_follow_up(kept, version=kept.version, by=siv)
        for name in ("amir", "farid"):
            disclosures.disclose(_document(frozen), unit=cast.units[name], by=siv)


def _asked_for_plan(it: Marked, cast: Cast) -> None:
    """Somebody without account has asked Siv's unit, and so has Amir, who got a no."""
    where, siv = "initiations_planrequest", cast.siv
    with as_one(Actor(Kind.PUBLIC)):
        to = next(one for one in ways_in() if one.unit_id == siv.unit_id)
        texts: dict[str, Any] = {name: it(f"{where}.{name}") for name in ("words", "name", "reach", "helper")}
        wish = Wish(asked_by=AskedBy.RELATIVE, **texts)
        initiations.ask_for_plan(wish, to=to, key=uuid4(), by=Actor(Kind.PUBLIC))
    with as_one(cast.amir):
        told: Any = {name: it(f"{where}.{name}:amir") for name in ("words", "name", "reach")}
        unit = cast.units["siv"]
        row = initiations.ask_unit(unit, theme=RequestTheme.WORK, agrees=True, by=cast.amir, **told)
    with as_one(siv):
        one = request_here(row)
        assert one is not None
        why, instead = it(f"{where}.why"), it(f"{where}.instead")
        initiations.decline(
            one, ground=DeclineGround.OTHER, why=why, instead=instead, version=one.version, by=siv
        )


def _access(it: Marked, cast: Cast, case: Case) -> None:
    """Somebody elsewhere wants to read; Eva asks about a look, the manager answers, the reviewer reads."""
    siv, eva = cast.siv, _herself(cast.eva)
    with as_one(cast.nils):
        access.ask(case.reference, reason=it("access_accessrequest.reason"), by=cast.nils)
    # The same words lie in the row that came to the case.
    it.words["access_arrivedrequest.reason"] = it.words["access_accessrequest.reason"]
    with as_one(siv):
        arrived = requests_to(_case(case))[0]
        access.say_no(arrived, case=_case(case), why=it("access_arrivedrequest.why"), by=siv)
        record(Tag.CASE_READ, case=case.pk, person=case.person_id, items=[("case", case.pk, 1)])
    with as_one(eva):
        look = Event.objects.filter(tag=Tag.CASE_READ.value, actor_id=siv.id).order_by("-at")[0]
        question = access.ask_about_look(look, words=it("access_lookquestion.words"), by=eva)
    with as_one(cast.ylva):
        asked = LookQuestion.objects.get(pk=question.pk)
        access.answer_look(asked, answer=it("access_lookquestion.answer"), by=cast.ylva)
    with as_one(cast.rut):
        seen = Event.objects.get(pk=look.pk)
        access.review_look(seen, result="not", why=it("access_logreview.why:look"), by=cast.rut)


def _herself(number: str) -> Actor:
    return Actor(Kind.PERSON, id=uuid4(), person_key=person_key(number))


def _mandates(it: Marked, cast: Cast, case: Case, number: str) -> None:
    siv = cast.siv
    it.numbers["ralf"], it.numbers["vilhelm"] = factories.RALF, number
    told = ("name", "reached_by", "evidence")
    with transaction.atomic():
        words = {name: it(f"representatives_mandate.{name}:ralf") for name in told}
        made = factories.mandate(_case_of(siv, case), by=siv, **words)
        words = {name: it(f"representatives_mandate.{name}:vilhelm") for name in told}
        power: Any = {"kind": MandateKind.ADMINISTRATOR, "number": parse(number, today())}
        second = factories.mandate(_case_of(siv, case), by=siv, **words, **power)
    with as_one(siv):
        document = Document.objects.filter(case=case, kind="follow_up")[0]
        mandates.withhold(
            _case(case),
            made,
            kind=WithheldKind.DOCUMENT,
            subject_id=document.pk,
            reason=it("representatives_withheld.reason"),
            by=siv,
        )
    eva = _herself(cast.eva)
    with as_one(eva):
        mandates.object_to(second, why=it("representatives_mandate.rested_why"), by=eva)
    with as_one(siv):
        second.refresh_from_db()
        mandates.let_stand(_case(case), second, why=it("representatives_mandate.decided_why"), by=siv)
    it.doors["ralf"] = factories.representative(made)


_QUESTIONS = ("important", "strengths", "questions", "should_come", "should_not_come", "worries", "practical")


def _her_own_words(it: Marked, cast: Cast, case: Case) -> None:
    """Once handed in, once told to Siv, and once more begun and not handed in."""
    eva = _herself(cast.eva)
    with as_one(eva):
        words: Any = {name: it(f"meetings_preparation.{name}:handed in") for name in _QUESTIONS}
        kept = keep_preparation(_case(case), version=0, by=eva, **words)
        hand_in(kept, version=kept.version, by=eva)
    with as_one(eva):
        words = {name: it(f"meetings_preparation.{name}:begun") for name in _QUESTIONS}
        keep_preparation(_case(case), version=0, by=eva, **words)
    with as_one(cast.siv):
        told = it("meetings_preparation.told_to")
        tell_preparation(_case(case), told_to=told, important="Berättat.", by=cast.siv)


def _asked(it: Marked, cast: Cast, case: Case) -> None:
    """Two questions to Eva about consent: one she has not answered, one she said no to. And a survey."""
    siv = cast.siv
    asked: Any = {"categories": [Category.PLANNING], "ends_on": today() + timedelta(days=90), "by": siv}
    with as_one(siv):
        asking.ask_person(
            _case(case),
            unit=cast.units["lena"],
            why=it("consents_consentrequest.why"),
            instead=it("consents_consentrequest.instead"),
            **asked,
        )
        asking.record_no(
            _case(case),
            unit=cast.units["nils"],
            why=it("consents_consentrequest.why:no"),
            instead=it("consents_consentrequest.instead:no"),
            manner=Manner.ORAL,
            heard_by=it("consents_consentrequest.heard_by"),
            **asked,
        )
        afterwards.answer_survey(
            _case(case),
            purpose=SurveyPurpose.SURVEY,
            agrees=True,
            ends_on=today() + timedelta(days=90),
            manner=Manner.ORAL,
            heard_by=it("consents_surveyconsent.heard_by"),
            language="sv",
            with_interpreter=False,
            by=siv,
        )


# --- the others ---------------------------------------------------------------------------------------------


def _somebody(it: Marked, cast: Cast, who: str, number: str) -> Case:
    """A case of Siv's about somebody else, whose name and reason are marks of their own."""
    it.numbers[who] = number
    with as_one(cast.siv):
        details = PersonDetails(
            given_name=it(f"people_person.given_name:{who}"),
            family_name=it(f"people_person.family_name:{who}"),
            number=parse(number, today()),
        )
        person: Person = people.register(details, by=cast.siv).person
        case = cases.open_case(person=person, reason=it(f"cases_case.reason:{who}"), by=cast.siv)
        it.cases.append(case.pk)
        return case


def _protected(it: Marked, cast: Cast, number: str) -> None:
    siv, maja = cast.siv, cast.maja
    case = _somebody(it, cast, "paula", number)
    with as_one(siv):
        told = it("protection_marking.reason")
        protection.protect(_case(case), kind=MarkingKind.THREAT, reason=told, by=siv)
        places = {name: it(f"protection_protectedcontact.{name}") for name in protection.PLACES}
        protection.write_contact(_case(case), places=places, version=0, by=siv)
    with as_one(cast.ylva):
        until = today() + timedelta(days=30)
        protection.clear(case.pk, maja.id, maja.unit_id, until=until, by=cast.ylva)
    with as_one(siv):
        meeting = meetings.plan_meeting(
            _case(case),
            kind=MeetingKind.FIRST,
            starts_at=now() + timedelta(days=11),
            place=it("meetings_placeapproval.place"),
            by=siv,
        )
    with as_one(maja):
        meetings.approve_place(_meeting(meeting), place=it.words["meetings_placeapproval.place"], by=maja)
    with as_one(siv):
        marking = marking_of(case.person_id)
        assert marking is not None
        why = it("protection_marking.removal_reason")
        protection.ask_to_unprotect(marking, case=_case(case), reason=why, by=siv)


def _ended(it: Marked, cast: Cast, number: str) -> None:
    """Closed with everything that is told of an end, and opened again; then another became responsible."""
    siv = cast.siv
    case = _somebody(it, cast, "cilla", number)
    with as_one(siv):
        consents.answer_plan(
            _case(case),
            agrees=False,
            manner=Manner.ORAL,
            heard_by=it("consents_planconsent.heard_by:cilla"),
            language="sv",
            with_interpreter=False,
            instead=it("consents_planconsent.instead"),
            by=siv,
        )
        lines: Any = [
            {"end": end, "kind": Livelihood.WORK, "percent": 50, "decided_on": None, "is_pending": False}
            for end in (Before.BEFORE, Before.AFTER)
        ]
        followups.close(
            _case(case),
            reason=CloseReason.GOAL_REACHED,
            result=it("followups_closing.result"),
            other_way=it("followups_closing.other_way"),
            takes_over=it("followups_closing.takes_over"),
            verdict=4,
            verdict_words=it("followups_closing.verdict_words"),
            closed_on=today(),
            livelihood=lines,
            by=siv,
        )
        ended = closing_of(_case(case))
        assert ended is not None
        followups.reopen(ended, why=it("followups_closing.reopened_why"), by=siv)
    with as_one(siv):
        to = UnitAssignment.objects.select_related("professional", "unit").get(professional_id=cast.maja.id)
        cases.hand_over([case.pk], to=to, note=it("cases_handover.note"), by=siv)


def _opened_by_manager(it: Marked, cast: Cast, number: str) -> None:
    """Ylva reads Berit's case for four hours; Lena's clinic got a document by a link and wrote back."""
    case = _somebody(it, cast, "berit", number)
    with as_one(cast.ylva):
        access.open_as_manager(case.pk, reason=it("access_manageropening.reason"), by=cast.ylva)
    with as_one(cast.rut):
        opening = ManagerOpening.objects.get()
        access.review_opening(opening, result="not", why=it("access_logreview.why"), by=cast.rut)
    _yes(it, cast, case_agreed(cast, case), "lena", Category.PLANNING, mark=":berit")
    with as_one(cast.siv):
        paper = disclosures.freeze(
            _case(case),
            kind="closing",
            version=1,
            title="Avslut",
            parts={
                Category.IDENTITY: [
                    {"kind": "facts", "rows": [["Namn", it("disclosures_documentpart.content")]]}
                ],
            },
            by=cast.siv,
        )
        given = disclosures.disclose(_document(paper), unit=cast.units["lena"], by=cast.siv)
        whole = _case(case)
        until, why = today() + timedelta(days=9), it("cases_case.resting_reason")
        cases.rest(whole, until=until, reason=why, version=whole.version, by=cast.siv)
    clock = Actor(Kind.SYSTEM, association_id=case.association_id)
    with as_one(clock):
        made = make(
            LinkSubject.DOCUMENT,
            subject_id=given.pk,
            unit=cast.units["lena"],
            letter_id=uuid4(),
            kind=LinkKind.OPENING,
            by=clock,
        )
    it.doors["phone"] = made


def _case_of(who: Actor, case: Case) -> Case:
    with acting(who):
        return _case(case)


def case_agreed(cast: Cast, case: Case) -> Case:
    """A plan may be made in it."""
    with as_one(cast.siv):
        return factories.agreed(_case(case), by=cast.siv)


def _child(it: Marked, cast: Cast) -> None:
    """What a child says for herself beside the yes of her guardians, in each of the three answers."""
    siv, standing = cast.siv, standard()
    with as_one(cast.olof):
        all_guardians = replace(standing, bands=bands_of([{"from_age": 0, "needed": "all"}]), starts_from=18)
        authority = cast.units["siv"].authority
        mandates.write_policy(authority, all_guardians, version=0, by=cast.olof)
    with as_one(siv):
        case = factories.child_case(cast, by=siv, born_year=today().year - 16)
        words: Any = {"kind": MandateKind.GUARDIAN, "ends_on": None}
        mother = factories.mandate(case, by=siv, name="Mor Ek", **words)
        father = factories.mandate(
            case, by=siv, name="Far Ek", number=parse("196203173056", today()), **words
        )
    both = [
        Answered(GivenBy.GUARDIANS, mother, father, it(f"consents_{table}.childs_view"))
        for table in ("planconsent", "consent")
    ]
    with as_one(siv):
        consents.answer_plan(
            _case(case),
            agrees=True,
            manner=Manner.ORAL,
            heard_by="Siv",
            language="sv",
            with_interpreter=False,
            instead="",
            answered=both[0],
            by=siv,
        )
    _yes(it, cast, case, "amir", Category.PLANNING, mark=":kim", answered=both[1])


def _lead(it: Marked, cast: Cast, case: Case) -> None:
    """Amir is asked to take over and says why not; then he is asked again."""
    siv, amir = cast.siv, cast.amir
    for turn in ("declined", "open"):
        with as_one(siv):
            whole = _case(case)
            plan = plan_of(whole)
            note = it(f"plans_leadtransfer.note:{turn}")
            offered = lead.offer_lead(whole, plan, unit=cast.units["amir"], note=note, by=siv)
        if turn == "declined":
            with as_one(amir):
                asked = LeadTransfer.objects.select_related("case").get(pk=offered.pk)
                why = it("plans_leadtransfer.declined_why")
                lead.decline_lead(asked, why=why, by=amir)


# --- doors and what is typed in them ------------------------------------------------------------------------

READERS = (
    *("siv", "maja", "ylva", "rut", "amir", "farid", "lena", "vera", "nils", "stranger", "greta", "olof"),
    *("eva", "paula", "adam", "ralf", "phone", "anonymous"),
)
ADAM = "199001022383"


def _doors(it: Marked, cast: Cast) -> None:
    ralf, phone = it.doors.pop("ralf"), it.doors.pop("phone")
    for name in READERS[:12]:
        it.doors[name] = signed_in(getattr(cast, name), cast)
    for name in ("eva", "paula"):
        it.doors[name] = signed_in(it.numbers[name], cast)
    it.doors["adam"] = signed_in(ADAM, cast)
    it.doors["ralf"] = signed_in(ralf, cast)
    anonymous, by_phone = Door(), Door()
    anonymous.actor = by_phone.actor = Actor(Kind.PUBLIC, id=uuid4())
    it.doors["phone"], it.doors["anonymous"] = by_phone, anonymous
    for door in it.doors.values():
        door.raise_request_exception = False
    _open_by_code(it, cast, phone)


def _open_by_code(it: Marked, cast: Cast, made: str) -> None:
    """The code that the clinic's telephone got, typed in; then an answer in words."""
    where, door = reverse("opening_link", kwargs={"token": made}), it.doors["phone"]
    it.links.append(made)
    door.post(where, {"ask": "1"})
    with as_one(Actor(Kind.SYSTEM, association_id=cast.association.pk)):
        text_message = Notice.objects.get(kind=NoticeKind.LINK_CODE)
    door.post(where, {"code": code_of(text_message.about_id)})
    door.post(where, {"text": it("disclosures_reply.text")})


def _drafts(it: Marked, case: Case, meeting: Meeting) -> None:
    for who, form in (("siv", "note"), ("eva", "preparation")):
        door, mark = it.doors[who], it(f"drafts_draft.fields:{who}")
        where = reverse("save_draft") + f"?form={form}:{case.pk}&case={case.pk}"
        answer = door.send(where, {"text": mark, "important": mark})
        assert answer.status_code == 200, (who, answer.content)
