"""Nils asks, Siv and Eva decide, Ylva opens in the open, Rut reviews, and Eva asks why."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from humla.access import actions
from humla.access.models import AccessRequest, ArrivedRequest, LogReview, LookQuestion, ManagerOpening
from humla.access.naming import read_reference
from humla.access.visibility import (
    authorities_with_openness,
    how_many_openings_wait,
    my_requests,
    openings_to_review,
    openness_here,
    own_look,
    own_openings,
    own_questions,
    own_request,
    own_requests,
    questioned_looks,
    questions_here,
    request_to,
    requests_to,
    requests_waiting,
    sample,
    week_of,
)
from humla.audit.models import Event
from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.visibility import case_seen, my_assignment, who_works_in
from humla.core.context import Actor, acting, now, standing
from humla.core.rulings import NotAllowed
from humla.disclosures import actions as disclosure_actions
from humla.plans import actions as plan_actions
from tests import factories
from tests.cast import Cast
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

WHY = "Klienten söker försörjningsstöd hos oss och säger att det finns en plan."


def asked(case: Case, *, by: Actor) -> None:
    with acting(by):
        actions.ask(case.reference, reason=WHY, by=by)


def looked(case: Case, *, by: Actor) -> None:
    """A look at the case, as the door writes it."""
    with acting(by):
        mine = my_assignment(case, by)
        rights = [("assignment", mine.pk)] if mine else []
        record(
            Tag.CASE_READ,
            case=case.pk,
            person=case.person_id,
            items=[("case", case.pk, 1)],
            allowed_by=rights,
        )


# --- asking ---


def test_whoever_asks_gets_the_same_row_whether_there_is_a_case_or_not(cast: Cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.nils):
        actions.ask(case.reference, reason=WHY, by=cast.nils)
        actions.ask("ZZZ-999", reason=WHY, by=cast.nils)
        rows = my_requests()
        told = [(one.answered_at, one.is_waiting, one.request.closes_on, one.request.reason) for one in rows]

    assert told[0] == told[1]
    assert {one.request.reference for one in rows} == {case.reference, "ZZZ-999"}
    with acting(cast.nils):
        assert [ArrivedRequest.objects.count(), Case.objects.count()] == [0, 0]
        # The line about asking is without case and person: whoever asks does not know of them.
    with acting(replace(cast.nils, role="log_reviewer")):
        lines = Event.objects.filter(tag=Tag.ACCESS_ASKED.value)
        assert {(one.case_id, one.person_id) for one in lines} == {(None, None)}


def test_it_comes_to_those_who_hold_the_case_and_to_the_person(cast: Cast):
    case = factories.open_case(cast, by=cast.siv)
    asked(case, by=cast.nils)

    for somebody in (cast.maja, cast.amir, cast.nils, cast.stranger):
        with acting(somebody):
            assert ArrivedRequest.objects.count() == 0
    with acting(cast.siv):
        (one,) = requests_to(case)
        assert [row.is_mine for row in requests_waiting(None)] == [True]
    assert (one.asking_professional.name, one.reason) == ("Nils Nyman", WHY)
    with person_acting(cast.eva):
        assert [each.reason for each in own_requests()] == [WHY]
        assert AccessRequest.objects.count() == 0


def test_a_no_is_never_told_and_a_yes_is_when_it_has_led_somewhere(cast: Cast):
    case = factories.open_case(cast, by=cast.siv)
    asked(case, by=cast.nils)
    with acting(cast.siv):
        (one,) = requests_to(case)
        actions.say_no(one, case=case, why="Frågan hör inte till planen.", by=cast.siv)
        assert list(requests_waiting(None)) == []
    with acting(cast.nils):
        (row,) = my_requests()
        assert (row.answered_at, row.is_waiting) == (None, True)

    with acting(cast.siv):
        again = request_to(case, one.pk)
        assert again is not None
        actions.say_yes(again, case=case, by=cast.siv)
    with acting(cast.nils):
        assert my_requests()[0].answered_at is None
    factories.consent(factories.agreed(case, by=cast.siv), cast.units["nils"], by=cast.siv)
    with acting(cast.nils):
        # Eva's yes alone is not told: she may take it back before anybody there knows that there is a case.
        assert (my_requests()[0].answered_at, case_seen(case.pk)) == (None, None)
    plan = factories.whole_plan(cast, case, by=cast.siv)
    with acting(cast.siv):
        document = plan_actions.adopt(plan, version=plan.version, by=cast.siv)
    given = factories.handed_over(cast, document, by=cast.siv, to=cast.units["nils"])
    with acting(cast.nils):
        assert my_requests()[0].answered_at is not None
    with acting(cast.siv):
        disclosure_actions.recall(given, why="receiver", by=cast.siv)
    with acting(cast.nils):
        assert my_requests()[0].answered_at is None


def test_a_colleague_who_asks_is_let_in_by_the_yes(cast: Cast):
    case = factories.open_case(cast, by=cast.siv)
    asked(case, by=cast.maja)
    with acting(cast.siv):
        (one,) = requests_to(case)
        actions.say_yes(one, case=case, by=cast.siv)
        assert {each.professional.name for each in who_works_in(case)} == {"Siv Sandberg", "Maja Moberg"}
    with acting(cast.maja):
        assert case_seen(case.pk) is not None
        assert my_requests()[0].answered_at is not None


def test_the_persons_no_to_another_authority_is_the_answer(cast: Cast):
    case = factories.open_case(cast, by=cast.siv)
    asked(case, by=cast.nils)
    with person_acting(cast.eva):
        (one,) = own_requests()
        said = actions.person_says(one, says="no", by=standing().actor)
    assert (said.person_says, said.answer) == ("no", "no")
    with acting(cast.siv):
        assert list(requests_waiting(None)) == []


def test_the_persons_word_about_a_colleague_is_heard_and_the_holder_decides(cast: Cast):
    case = factories.open_case(cast, by=cast.siv)
    asked(case, by=cast.maja)
    with person_acting(cast.eva):
        (one,) = own_requests()
        actions.person_says(one, says="no", by=standing().actor)
    with acting(cast.siv):
        (one,) = requests_to(case)
        assert (one.person_says, one.answer) == ("no", "")
        actions.say_yes(one, case=case, by=cast.siv)
    with person_acting(cast.eva):
        found = own_request(one.pk)
        assert found is not None
        with pytest.raises(NotAllowed, match="redan besvarad"):
            actions.person_says(found, says="yes", by=standing().actor)


def test_only_the_responsible_answers_and_nobody_speaks_for_the_person(cast: Cast):
    case = factories.open_case(cast, by=cast.siv)
    asked(case, by=cast.nils)
    factories.colleague_in(case, cast, by=cast.siv)
    with acting(cast.maja):
        (one,) = requests_to(case)
        with pytest.raises(NotAllowed, match="Siv Sandberg är ansvarig"):
            actions.say_yes(one, case=case, by=cast.maja)
        with pytest.raises(NotAllowed, match="personen själv"):
            actions.person_says(one, says="yes", by=cast.maja)


def test_asking_is_limited_by_the_day_and_waits_once_in_a_case(cast: Cast):
    case = factories.open_case(cast, by=cast.siv)
    for _time in range(3):
        asked(case, by=cast.nils)
    with acting(cast.siv):
        assert len(requests_to(case)) == 1
    with acting(cast.nils):
        for number in range(7):
            actions.ask(f"QQQ-{number}{number}{number}", reason=WHY, by=cast.nils)
        with pytest.raises(NotAllowed, match="10 gånger på ett dygn"):
            actions.ask("QQQ-999", reason=WHY, by=cast.nils)


@pytest.mark.parametrize("written", ["hx7-4k2", " HX7 4K2 ", "hx74k2"])
def test_a_reference_is_read_as_people_write_it(written: str):
    assert read_reference(written) == "HX7-4K2"


@pytest.mark.parametrize("written", ["", "HX7", "198606112384", "HX7-4K2-1"])
def test_what_is_no_reference_is_refused_in_words(written: str):
    with pytest.raises(ValidationError, match="HX7-4K2"):
        read_reference(written)


def test_those_who_hold_no_cases_do_not_ask(cast: Cast):
    for somebody in (cast.rut, cast.olof, cast.greta):
        with acting(somebody), pytest.raises(NotAllowed):
            actions.ask("HX7-4K2", reason=WHY, by=somebody)


# --- a manager opens ---


def test_the_manager_opens_for_four_hours_and_everybody_concerned_sees_it(cast: Cast, clock):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.ylva):
        assert case_seen(case.pk) is None
        actions.open_as_manager(case.pk, reason="Siv är sjuk och mötet är i dag.", by=cast.ylva)
        assert case_seen(case.pk) is not None
        ends_at = ManagerOpening.objects.get().ends_at
    with person_acting(cast.eva):
        assert [(one.subject.reason, one.is_open) for one in own_openings()] == [
            ("Siv är sjuk och mötet är i dag.", True)
        ]
    with acting(cast.rut):
        assert how_many_openings_wait() == 1
        assert Case.objects.count() == 0

    clock(ends_at - timedelta(microseconds=1))
    with acting(cast.ylva):
        assert case_seen(case.pk) is not None
    clock(ends_at)
    with acting(cast.ylva):
        assert case_seen(case.pk) is None


def test_a_manager_opens_only_what_her_own_unit_answers_for(cast: Cast):
    case = factories.open_case(cast, by=cast.siv)
    elsewhere = replace(cast.ylva, unit_id=cast.nils.unit_id, authority_id=cast.nils.authority_id)
    for somebody in (elsewhere, replace(cast.lena, role="manager"), cast.maja, cast.rut):
        with acting(somebody), pytest.raises(NotAllowed):
            actions.open_as_manager(case.pk, reason="Jag vill se.", by=somebody)
    with acting(cast.ylva):
        with pytest.raises(NotAllowed, match="Skriv varför"):
            actions.open_as_manager(case.pk, reason=" ", by=cast.ylva)
        actions.open_as_manager(case.pk, reason="Siv är sjuk.", by=cast.ylva)
        with pytest.raises(NotAllowed, match="går inte att öppna"):
            actions.open_as_manager(case.pk, reason="Igen.", by=cast.ylva)
        with pytest.raises(NotAllowed, match="går inte att öppna"):
            actions.open_as_manager(uuid4(), reason="Finns inte.", by=cast.ylva)


# --- reviewing ---


def test_an_opening_is_reviewed_and_asking_leaves_it_open(cast: Cast, clock):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.ylva):
        actions.open_as_manager(case.pk, reason="Siv är sjuk.", by=cast.ylva)
    with acting(cast.rut):
        (one,) = openings_to_review()
        with pytest.raises(NotAllowed, match="Skriv vad"):
            actions.review_opening(one.subject, result="asked", why="", by=cast.rut)
        actions.review_opening(one.subject, result="asked", why="Frågat Ylva.", by=cast.rut)
        assert (openings_to_review()[0].is_open, how_many_openings_wait()) == (True, 1)
        later = now() + timedelta(hours=1)
    clock(later)
    with acting(cast.rut):
        actions.review_opening(one.subject, result="in_order", why="", by=cast.rut)
        assert (how_many_openings_wait(), LogReview.objects.count()) == (0, 2)
    with person_acting(cast.eva):
        (hers,) = own_openings()
        assert hers.review is not None
        assert hers.review.result == "in_order"


def test_nobody_reviews_herself_nor_another_authority(cast: Cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.ylva):
        actions.open_as_manager(case.pk, reason="Siv är sjuk.", by=cast.ylva)
    herself = replace(cast.ylva, role="log_reviewer")
    with acting(herself):
        (one,) = openings_to_review()
        with pytest.raises(NotAllowed, match="dig själv"):
            actions.review_opening(one.subject, result="in_order", why="", by=herself)
    with acting(replace(cast.lena, role="log_reviewer")):
        assert openings_to_review() == []
        assert LogReview.objects.count() == 0


def test_the_sample_is_the_same_whoever_draws_it_and_of_ones_own_people(cast: Cast):
    document = factories.adopted_plan(cast, by=cast.siv)
    factories.taken_in(
        factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"]), by=cast.amir
    )
    for _time in range(9):
        looked(document.case, by=cast.siv)
    looked(document.case, by=cast.amir)
    with acting(cast.rut):
        week = week_of(now().date())
        drawn = [one.subject.pk for one in sample(week, size=4)]
        everything = [one.subject for one in sample(week, size=50)]
        again = [one.subject.pk for one in sample(week, size=4)]
        before = sample(week.moved(-1), size=4)

    assert len(drawn) == 4
    assert drawn == again
    assert set(drawn) < {one.pk for one in everything}
    assert {one.authority_id for one in everything} == {cast.siv.authority_id}
    assert before == []


# --- the person asks why ---


def a_look(cast: Cast) -> Event:
    with person_acting(cast.eva):
        return Event.objects.filter(tag=Tag.CASE_READ.value).order_by("-at")[0]


def test_the_person_asks_and_the_manager_answers_in_words(cast: Cast):
    case = factories.open_case(cast, by=cast.siv)
    looked(case, by=cast.siv)
    look = a_look(cast)
    with person_acting(cast.eva):
        assert own_look(look.pk) is not None
        actions.ask_about_look(look, words="Jag känner henne inte.", by=standing().actor)
        with pytest.raises(NotAllowed, match="redan frågat"):
            actions.ask_about_look(look, words="Igen.", by=standing().actor)
    for somebody in (cast.siv, cast.maja, replace(cast.lena, role="manager")):
        with acting(somebody):
            assert LookQuestion.objects.count() == 0
    with acting(cast.ylva):
        (question,) = questions_here(only_open=True)
        assert questioned_looks()[question.pk].tag == Tag.CASE_READ.value
        assert Event.objects.count() == 0
        actions.answer_look(question, answer="Siv leder din plan.", by=cast.ylva)
        actions.answer_look(question, answer="Siv leder din plan, och läste inför mötet.", by=cast.ylva)
    with person_acting(cast.eva):
        (hers,) = own_questions()
        assert hers.answer == "Siv leder din plan, och läste inför mötet."
        with pytest.raises(NotAllowed, match="redan besvarad"):
            actions.take_back_question(hers, by=standing().actor)


def test_a_manager_does_not_answer_about_herself_and_the_reviewer_does(cast: Cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.ylva):
        actions.open_as_manager(case.pk, reason="Siv är sjuk.", by=cast.ylva)
    looked(case, by=cast.ylva)
    look = a_look(cast)
    with person_acting(cast.eva):
        actions.ask_about_look(look, words="", by=standing().actor)
    with acting(cast.ylva):
        (question,) = questions_here()
        with pytest.raises(NotAllowed, match="gäller dig själv"):
            actions.answer_look(question, answer="Det var rätt.", by=cast.ylva)
    with acting(cast.rut):
        (question,) = questions_here()
        assert actions.answer_look(question, answer="Det var i sin ordning.", by=cast.rut).answered_at


def test_a_question_is_taken_back_and_can_be_asked_again(cast: Cast):
    case = factories.open_case(cast, by=cast.siv)
    looked(case, by=cast.siv)
    with person_acting(cast.eva):
        look = Event.objects.filter(tag=Tag.CASE_READ.value)[0]
        question = actions.ask_about_look(look, words="Fel.", by=standing().actor)
        actions.take_back_question(question, by=standing().actor)
        assert own_questions() == []
        actions.ask_about_look(look, words="Jo, fel.", by=standing().actor)
    with acting(cast.ylva):
        assert [one.words for one in questions_here()] == ["Jo, fel."]


# --- what an authority has decided ---


def test_only_the_administrator_writes_down_what_an_authority_has_decided(cast: Cast):
    with acting(cast.siv):
        policy = openness_here()
        assert (policy.names_staff, policy.answer_days) == (False, 5)
        with pytest.raises(NotAllowed):
            actions.set_openness(
                policy, names_staff=True, answer_days=3, weekly_sample=9, version=1, by=cast.siv
            )
    with acting(cast.olof):
        ours = next(row for one, row in authorities_with_openness() if one.pk == cast.siv.authority_id)
        actions.set_openness(ours, names_staff=True, answer_days=3, weekly_sample=9, version=1, by=cast.olof)
    with acting(cast.siv):
        assert openness_here().names_staff
