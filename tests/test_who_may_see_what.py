"""Every page, every reader: who may see what, as one table. A page in no row fails the build (SEC-1).

Eva's case is opened by Siv, its plan adopted, handed over to Arbetsförmedlingen and taken in by Amir.
Lena's clinic has no consent, Nils works in another municipality, Maja sits beside Siv without an
assignment, Ylva is their manager and Rut goes through who has looked, the stranger has Siv's name in
another förbund, and Adam is another person. Absence is absence: to whoever may not know of a page, its real
address and a made-up one give the same bytes.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from humla.consents.models import Consent
from humla.core.context import acting
from humla.drafts.actions import keep_draft
from humla.organisation.models import UnitAssignment
from humla.plans.models import Commitment, Goal
from humla.web.urls import urlpatterns
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db

ADAM = "199001022383"
BERIT = "196411182394"
EVERYBODY = {
    "siv",
    "maja",
    "ylva",
    "rut",
    "amir",
    "farid",
    "lena",
    "nils",
    "stranger",
    "greta",
    "olof",
    "eva",
    "adam",
    "ralf",
    "anonymous",
}
SIGNED_IN = EVERYBODY - {"anonymous"}
PROFESSIONALS = {"siv", "maja", "ylva", "rut", "amir", "farid", "lena", "nils", "stranger"}
WORKERS = PROFESSIONALS - {"rut"}
OFFICE = PROFESSIONALS | {"greta", "olof"}
PERSONS = {"eva", "adam"}
HOLDER = {"siv"}
RECEIVER = {"amir"}
WAYS_IN = {"amir", "farid", "lena"}

# Who gets the page on GET. None: the page takes no GET.
MAY_LOOK: dict[str, set[str] | None] = {
    "home": EVERYBODY,
    "alive": EVERYBODY,
    "ready": EVERYBODY,
    "save_draft": None,
    "drafts": PROFESSIONALS | PERSONS,
    "throw_unsent": None,
    "page_fault": None,
    "sign_in": EVERYBODY,
    "openid_connect_login": None,
    "openid_connect_callback": None,
    "choose_assignment": SIGNED_IN,
    "switch_assignment": SIGNED_IN,
    "sign_out": None,
    "signed_out": EVERYBODY,
    "sign_ins": SIGNED_IN,
    "colleagues_sign_ins": {"olof"},
    "sign_out_colleague": None,
    "today": PROFESSIONALS,
    "is_sip_right": EVERYBODY,
    "ask_for_plan": EVERYBODY,
    "request_receipt": EVERYBODY,
    "request_status": EVERYBODY,
    "plan_requests": WORKERS,
    "ask_unit": WORKERS,
    "request_counts": {"siv", "ylva", "stranger"},
    # The unit that was asked; whoever asked reads the answer on a page of her own.
    "plan_request": {"siv", "maja", "ylva"},
    "my_plan_request": {"amir"},
    "consultations": {"siv", "stranger"},
    "register_consultation": {"siv", "stranger"},
    "consultation": HOLDER,
    "lead_times": WORKERS,
    "cases": PROFESSIONALS,
    "hand_over_cases": PROFESSIONALS,
    "guarded_cases": {"ylva"},
    "guarded_case": set(),
    "hand_over_guarded": set(),
    "protection": HOLDER,
    "protected_contact": set(),  # Only where she is protected.
    "approve_place": None,
    "caseload": {"ylva"},
    "ask_access": WORKERS,
    "manager_open": {"ylva"},
    "case_requests": HOLDER,
    "answer_request": HOLDER,
    "open_case": PROFESSIONALS,
    "case": HOLDER | RECEIVER,
    "guide": HOLDER,
    "ask_to_look": None,
    "end_look": None,
    "initiation": HOLDER,
    "correct_case": HOLDER,
    "rest_case": HOLDER,
    "wake_case": None,
    "hand_over_case": HOLDER,
    "offer_lead": HOLDER,
    "notes": HOLDER | RECEIVER,
    "person": HOLDER,
    "correct_number": HOLDER,
    "link_person": None,
    "unlink_person": None,
    "colleagues": HOLDER,
    "end_colleague": None,
    "mandates": HOLDER,
    "attest_mandate": HOLDER,
    "mandate": HOLDER,
    "replace_mandate": HOLDER,
    "end_mandate": HOLDER,
    "rest_mandate": HOLDER,
    "let_mandate_stand": HOLDER,
    "withhold": HOLDER,
    "give_back": None,
    "consents": HOLDER,
    "answer_plan": HOLDER,
    "give_consent": HOLDER,
    "preview_consent": HOLDER,
    "ask_consent": HOLDER,
    "take_back_question": None,
    "kept_away": HOLDER,
    "let_come_again": None,
    "afterwards": HOLDER,
    "take_back_survey": None,
    "signed_paper": HOLDER,
    "remove_signed_paper": None,
    "signed_papers": HOLDER,
    "consent": HOLDER,
    "narrow_consent": HOLDER,
    "withdraw_consent": HOLDER,
    "evidence": HOLDER,
    "one_evidence": HOLDER,
    "evidence_came": None,
    "change_evidence": None,
    "withdraw_evidence": None,
    "times": HOLDER,
    "offer_times": HOLDER,
    "time_offer": HOLDER,
    "add_times": HOLDER,
    "settle_times": None,
    "withdraw_times": None,
    "note_times": HOLDER,
    "times_letter": HOLDER,
    "leave_out": None,
    "strike_time": None,
    "meetings": HOLDER,
    "plan_meeting": HOLDER,
    "meeting": HOLDER,
    "change_meeting": HOLDER,
    "move_meeting": HOLDER,
    "cancel_meeting": HOLDER,
    "hold_meeting": HOLDER,
    "correct_meeting": HOLDER,
    "summon": HOLDER,
    "meeting_calendar": HOLDER,
    "summons": HOLDER,
    "summons_pdf": HOLDER,
    "undo_summons": None,
    "cancel_summons": None,
    "forward_summons": None,
    "reminders": None,
    "note_answer": HOLDER,
    "letters": PROFESSIONALS,
    "letters_sent_off": None,
    "letters_pdf": HOLDER,
    "letter_pdf": HOLDER,
    "letter_way": HOLDER,
    "letter_back": None,
    "letter_reminder": None,
    "correct_attendance": HOLDER,
    "preparation": HOLDER,
    "case_forms": HOLDER,
    "form_for_case": HOLDER,
    "plan": HOLDER | RECEIVER,
    "own_goal": HOLDER,
    "add_goal": HOLDER,
    "goal": HOLDER,
    "remove_goal": None,
    "add_commitment": HOLDER,
    "commitment": HOLDER,
    "remove_commitment": None,
    "throw_draft": None,
    "add_milestone": HOLDER,
    "milestone": HOLDER,
    "remove_milestone": None,
    "add_reservation": HOLDER,
    "reservation": HOLDER,
    "remove_reservation": None,
    "add_unmet_need": HOLDER,
    "unmet_need": HOLDER,
    "remove_unmet_need": None,
    "add_other_plan": HOLDER,
    "other_plan": HOLDER,
    "remove_other_plan": None,
    "settle_plan": HOLDER,
    "adopt_plan": HOLDER,
    "plan_version": HOLDER,
    "plan_version_pdf": HOLDER,
    "plan_version_text": HOLDER,
    "hand_over": None,
    "progress": HOLDER,
    "follow_ups": HOLDER,
    "begin_follow_up": HOLDER,
    "follow_up": HOLDER,
    "finish_follow_up": None,
    "correct_follow_up": None,
    "remove_follow_up": None,
    "close_case": HOLDER,
    "closing": HOLDER,
    "reopen_case": None,
    "case_document": HOLDER,
    "case_document_pdf": HOLDER,
    "hand_over_document": None,
    "undo_hand_over": None,
    "disclosed": HOLDER,
    "unit_evidence_list": WAYS_IN,
    "unit_evidence": {"amir"},
    "arrivals": WAYS_IN,
    "take_in": None,
    "unit_times": RECEIVER,
    "received": RECEIVER,
    "answer_lead": RECEIVER,
    "received_pdf": RECEIVER,
    "answer_summons": None,
    "received_calendar": RECEIVER,
    "report_progress": RECEIVER,
    "received_document": RECEIVER,
    "received_document_pdf": RECEIVER,
    "received_text": RECEIVER,
    "received_copies": WORKERS,
    "received_copy": RECEIVER,
    "received_copy_pdf": RECEIVER,
    "received_copy_text": RECEIVER,
    "receive_copy": None,
    "archive_copy": None,
    "unarchive_copy": None,
    # Whoever holds the link, signed in or not: the token is the whole of who asks.
    "answer_link": EVERYBODY,
    "answer_calendar": EVERYBODY,
    # Before a code the page says where the code goes, and nothing else; after it, what was handed over.
    "opening_link": EVERYBODY,
    "own_page": PERSONS,
    "own_calendar": {"eva"},
    "own_preparation": {"eva"},
    "hand_in_preparation": {"eva"},
    "own_summons": {"eva"},
    "own_summons_pdf": {"eva"},
    "own_document": {"eva"},
    "own_document_pdf": {"eva"},
    "own_looks": PERSONS,
    "own_ask_look": {"eva"},
    "own_take_back": None,
    "own_access_request": {"eva"},
    "own_plan": {"eva"},
    "own_plan_pdf": {"eva"},
    "own_question": {"eva"},
    "own_question_preview": {"eva"},
    "own_times": {"eva"},
    "own_narrow": {"eva"},
    "own_narrow_preview": {"eva"},
    "own_withdraw": {"eva"},
    "own_kept_away": {"eva"},
    "own_let_come": None,
    "own_survey": {"eva"},
    "review": {"rut"},
    "review_opening": {"rut"},
    "review_looks": {"rut"},
    "review_look": {"rut"},
    "look_questions": {"ylva", "rut"},
    "answer_question": {"ylva", "rut"},
    "openness": {"olof"},
    "set_openness": {"olof"},
    "own_mandates": PERSONS,
    "own_objection": {"eva"},
    # Whoever acts for Eva, by the one mandate that the session has chosen.
    "acting_for": {"ralf"},
    "represented": {"ralf"},
    "represented_plan": {"ralf"},
    "represented_summons": {"ralf"},
    "represented_plan_pdf": {"ralf"},
    "represented_withdraw": {"ralf"},
    "represented_question": {"ralf"},
    "represented_times": {"ralf"},
    "guardian_policies": OFFICE,
    "guardian_policy": {"olof"},
    "forms": EVERYBODY,
    "form_pdf": EVERYBODY,
    "agreement": OFFICE,
    "agreement_versions": OFFICE,
    "agreement_version": OFFICE - {"stranger"},
    "compare_versions": OFFICE - {"stranger"},
    "take_back_agreement": None,
    "sign_agreement": None,
    "agreement_draft": {"olof"},
    "begin_agreement_draft": None,
    "send_agreement_draft": None,
    "throw_agreement_draft": None,
    "pick_up_agreement_draft": None,
    "edit_agreement": {"olof"},
    "agreement_texts": {"olof"},
    "edit_agreement_text": {"olof"},
    "organisation": OFFICE,
    "units": OFFICE,
    "unit_choices": None,
    "unit": OFFICE - {"stranger"},
    "confirm_unit": None,
    "describe_unit": {"ylva", "olof"},
    "code_phone": {"ylva", "olof"},
    "legal_grounds": OFFICE,
    "write_ground": {"olof"},
    "consent_texts": {"olof"},
    "write_consent_text": {"olof"},
    "consent_text": {"olof"},
    "end_consent_text": None,
    "notices": {"olof"},
    "retry_notices": None,
    "deliveries": {"ylva", "olof"},
    "delivery": {"ylva", "olof"},
    "demo_mail": EVERYBODY,
    "components": EVERYBODY,
}
# Pages that go elsewhere by their nature (a redirect is their answer).
LEADS_ON = {
    "home",
    "request_receipt",
    "case",
    "plan",
    "closing",
    "choose_assignment",
    "switch_assignment",
    "acting_for",
}


@dataclass
class World:
    """The case and every id that an address can hold."""

    ids: dict[str, Any]
    doors: dict[str, Any]


@pytest.fixture
def world(cast: Cast, sign_in: Any, client: Any, clock: Any) -> World:
    return the_world(cast, sign_in, client, clock)


def the_world(
    cast: Cast, sign_in: Callable[..., Any], client: Any, clock: Callable[[datetime], None]
) -> World:
    """Also for `prove/routes.py`, which walks it on committed data."""
    document = factories.adopted_plan(cast, by=cast.siv)
    disclosure = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    factories.taken_in(disclosure, by=cast.amir)
    factories.lead_offered(document.case, by=cast.siv, to=cast.units["amir"])
    # Each factory opens and closes a context of its own.
    besides = factories.besides(cast, document.case, by=cast.siv)
    besides["consultation_id"] = factories.consulted(cast, by=cast.siv).pk
    factories.drafted_agreement(cast)
    asked = factories.asked_for_plan(cast, by=cast.amir, to=cast.units["siv"])
    besides |= {"plan_request_id": asked, "asked_id": asked}
    with acting(cast.siv):
        ids = {
            "case_id": document.case_id,
            "consent_id": Consent.objects.get().pk,
            "goal_id": Goal.objects.all()[0].pk,
            "commitment_id": Commitment.objects.get(what="Boka studiebesök").pk,
            "version": 1,
            "disclosure_id": disclosure.pk,
            "document_id": document.pk,
            "assignment_id": UnitAssignment.objects.all()[0].pk,
            "link_id": uuid4(),
            "agreement_id": cast.agreement.pk,
            "chapter": "frister",
            "kind": "letter",
            "key": "person.called",
            "agreement_party_id": cast.agreement.parties.all()[0].pk,
            "provider_id": "e-legitimation",
            "slug": "samtycke",
            "subject": "barn",
        }
    ids |= besides
    summons = factories.summons_in(document.case, by=cast.siv, to=cast.units["amir"])
    ids["token"] = factories.link_in_letter(summons, unit=cast.units["amir"])
    ids |= factories.times_offered(document.case, by=cast.siv, to=cast.units["amir"])
    ids["evidence_id"] = factories.evidence_asked(document.case, by=cast.siv, to=cast.units["amir"]).pk
    ids |= {"summons_id": summons.pk, "meeting_id": summons.meeting_id, "about_id": summons.pk}
    ids.setdefault("unit_id", cast.units["siv"].pk)
    ids |= {"called_id": factories.called_herself(summons, by=cast.siv).pk, "occasion": "called"}
    held = factories.held_meeting(document.case, by=cast.siv)
    with acting(cast.siv):
        ids["attendance_id"] = held.attendances.all()[0].pk
    clock(summons.leaves_at)  # Before, the link leads nowhere.
    ids |= factories.followed_up(document, by=cast.siv, to=cast.units["amir"])
    # Another case of the unit: a manager who has opened this one would be a reader of it.
    other = factories.open_case(cast, by=cast.siv, number=BERIT, name="Berit Björk")
    ids["arrived_id"] = factories.asked_to_read(document.case, by=cast.nils, holder=cast.siv)
    ids["opening_id"] = factories.opened_by_manager(other, by=cast.ylva)
    ids["event_id"], ids["question_id"] = factories.asked_why(document.case, cast.eva, looked=cast.siv)
    ids["authority_id"] = cast.siv.authority_id
    ids["opening_token"] = factories.opening_link(other, by=cast.siv, to=cast.units["lena"])
    ids["copy_id"] = factories.copy_of(disclosure, by=cast.amir)
    made = factories.mandate(document.case, by=cast.siv)
    ids |= {"mandate_id": made.pk, "withheld_id": uuid4(), "person_id": document.person_id}
    ids |= factories.beside_consents(cast, document.case, by=cast.siv)
    ids |= {"about": "consent", "language": "sv", "professional_id": cast.siv.id}
    with acting(cast.siv):
        note = f"note:{document.case_id}"
        ids["draft_id"] = keep_draft(note, {"text": "Ringde skolan."}, case=document.case_id).pk
    staff = {name: sign_in(getattr(cast, name)) for name in OFFICE}
    staff["ralf"] = sign_in(factories.representative(made))
    return World(ids, {**staff, "eva": sign_in(cast.eva), "adam": sign_in(ADAM), "anonymous": client})


def address(one: Any, ids: dict[str, Any]) -> str:
    wanted = re.findall(r"<(?:\w+:)?(\w+)>", str(one.pattern))
    if one.name == "opening_link":
        ids = ids | {"token": ids["opening_token"]}
    if one.name in ("own_times", "represented_times"):
        ids = ids | {"invitee_id": ids["own_invitee_id"]}
    return reverse(one.name, kwargs={name: ids[name] for name in wanted})


def test_every_page_stands_in_the_table():
    assert {one.name for one in urlpatterns} == set(MAY_LOOK)


PARTS = range(4)
"""A world is dear to make, so each test walks a quarter of the pages in one; the workers share them."""


@pytest.mark.parametrize("part", PARTS)
def test_those_who_may_look_see_it_and_to_the_others_it_is_absent(part: int, world: World):
    names = [name for name, who in MAY_LOOK.items() if who is not None]
    assert {name: said for name in names[part::4] if (said := wrongly_answered(name, world))} == {}


def wrongly_answered(name: str, world: World) -> dict[str, Any]:
    """What each reader is answered where it should have been something else; empty when all is right."""
    one = next(one for one in urlpatterns if one.name == name)
    where = address(one, world.ids)
    answers = {who: door.get(where) for who, door in world.doors.items()}
    shown = {who for who, answer in answers.items() if answer.status_code == 200}
    led = {who for who, answer in answers.items() if answer.status_code in (302, 303)}
    may = MAY_LOOK[name] or set()
    absent = EVERYBODY - may - {"anonymous"}
    wrong = {who for who in absent if answers[who].status_code != 404}
    if name in LEADS_ON:
        wrong |= may - shown - led
        wrong |= {who for who in led - may if "logga-in" not in answers[who].url}
    else:
        wrong |= (shown ^ may) | (led ^ ({"anonymous"} - may))
    return {who: answers[who].status_code for who in sorted(wrong)}


@pytest.mark.parametrize("part", PARTS)
def test_a_hidden_address_and_a_made_up_one_give_the_same_bytes(part: int, world: World):
    made_up = {key: uuid4() if isinstance(value, UUID) else value for key, value in world.ids.items()}
    told = [
        (one.name, who)
        for one in [one for one in urlpatterns if "uuid" in str(one.pattern)][part::4]
        for who in SIGNED_IN - (MAY_LOOK[one.name] or HOLDER | RECEIVER | {"eva", "olof"})
        if _answer(world.doors[who].get(address(one, world.ids)))
        != _answer(world.doors[who].get(address(one, made_up)))
    ]
    assert told == []


@pytest.mark.parametrize("part", PARTS)
def test_a_form_sent_to_a_hidden_case_does_nothing_and_tells_nothing(part: int, world: World):
    made_up = {key: uuid4() if isinstance(value, UUID) else value for key, value in world.ids.items()}
    sent_to = [
        one for one in urlpatterns if "case_id" in str(one.pattern) and "POST" in one.callback.door_methods
    ]
    told = []
    for one in sent_to[part::4]:
        for who in ("maja", "lena", "nils", "stranger"):
            real, other = (_answer(world.doors[who].send(address(one, ids))) for ids in (world.ids, made_up))
            if real[0] != 404 or real != other:
                told.append((one.name, who, real[0]))
    assert told == []


def _answer(response: Any) -> tuple[int, bytes]:
    return response.status_code, response.content


def test_nobody_gets_in_with_a_method_that_the_page_does_not_have(world: World):
    for one in urlpatterns:
        if one.name.startswith("openid_connect"):
            continue
        answer = world.doors["siv"].put(address(one, world.ids))
        assert (one.name, answer.status_code) == (one.name, 405)
