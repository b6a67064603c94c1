"""Eva answers her own summons on her telephone; Ralf does it for her when his mandate receives summonses."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from humla.audit.models import Event
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.core.context import acting, now
from humla.meetings import actions
from humla.meetings.models import Answer, AnsweredBy, Called, Summons, SummonsAnswer
from humla.meetings.own import answer_own, own_summonses
from humla.meetings.visibility import meeting_of
from humla.representatives.actions import withhold
from humla.representatives.models import WithheldKind
from tests import factories
from tests.cast import Cast
from tests.conftest import Door, person_acting

pytestmark = pytest.mark.django_db

WISH = "Jag vill att tolken sitter bredvid mig, och att vi tar en paus. أريد مترجمة"


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def called(cast: Cast, clock: Any) -> Summons:
    """Eva and Arbetsförmedlingen are called to a first meeting, and the minute of regret is over."""
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    factories.consent(case, cast.units["amir"], by=cast.siv)
    meeting = factories.planned_meeting(case, by=cast.siv)
    with acting(cast.siv):
        hers = actions.summon(meeting, called=Called.PERSON, by=cast.siv)
        actions.summon(meeting, called=Called.UNIT, unit=cast.units["amir"], by=cast.siv)
    clock(hers.leaves_at)
    return hers


@pytest.fixture
def eva(cast: Cast, sign_in: Any) -> Door:
    door: Door = sign_in(cast.eva)
    return door


def path(summons: Summons) -> str:
    return f"/min-sida/kallelse/{summons.pk}/"


def answers(cast: Cast) -> list[tuple[str, str, str]]:
    with acting(cast.siv):
        rows = SummonsAnswer.objects.order_by("answered_at")
        return [(one.answer, one.wish, one.answered_by) for one in rows]


def test_she_says_with_one_tap_on_her_first_page_that_she_comes(cast: Cast, called: Summons, eva: Door):
    page = eva.get("/min-sida/").content.decode()
    assert f'action="{path(called)}"' in page
    assert "Ja, jag kommer" in page

    answer = eva.send(path(called), {"answer": "comes"})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/min-sida/")
    assert answers(cast) == [(Answer.COMES, "", AnsweredBy.PERSON)]
    assert "Du har svarat att du kommer." in text_of(eva.get("/min-sida/"))


def test_what_she_wants_otherwise_is_quoted_to_siv_and_stands_on_her_day(
    cast: Cast, called: Summons, eva: Door, sign_in: Any
):
    eva.send(path(called), {"answer": "comes", "wish": WISH})

    siv = sign_in(cast.siv)
    meeting = siv.get(f"/arenden/{called.case_id}/moten/{called.meeting_id}/").content.decode()
    assert WISH in meeting
    assert "personen själv" in meeting
    assert "vill att något på mötet är annorlunda" in text_of(siv.get("/idag/"))


def test_amir_who_is_called_to_the_same_meeting_never_reads_her_words(
    cast: Cast, called: Summons, eva: Door, sign_in: Any
):
    eva.send(path(called), {"answer": "declined", "wish": WISH})

    with acting(cast.amir):
        assert list(SummonsAnswer.objects.all()) == []
    amir = sign_in(cast.amir)
    for page in ("/idag/", "/mottaget/", f"/mottagna/{called.case_id}/"):
        assert WISH not in amir.get(page).content.decode()


def test_siv_notes_that_it_is_taken_care_of_and_the_line_is_gone(
    cast: Cast, called: Summons, eva: Door, sign_in: Any, clock: Any
):
    eva.send(path(called), {"answer": "comes", "wish": WISH})
    siv = sign_in(cast.siv)
    clock(called.leaves_at + timedelta(minutes=2))

    siv.send(f"/arenden/{called.case_id}/kallelser/{called.pk}/svar/", {"answer": "comes"})

    assert "är annorlunda" not in text_of(siv.get("/idag/"))
    assert "Det är antecknat att du kommer." in text_of(eva.get("/min-sida/"))
    assert WISH in siv.get(f"/arenden/{called.case_id}/kallelser/{called.pk}/").content.decode()


def test_she_need_not_say_why_she_does_not_come_and_may_change_her_mind(
    cast: Cast, called: Summons, eva: Door, sign_in: Any, clock: Any
):
    eva.send(path(called), {"answer": "declined"})
    assert "vill inte komma på mötet" in text_of(sign_in(cast.siv).get("/idag/"))
    clock(called.leaves_at + timedelta(minutes=2))

    eva.send(path(called), {"answer": "comes"})

    assert [one[0] for one in answers(cast)] == [Answer.DECLINED, Answer.COMES]
    assert "vill inte komma" not in text_of(sign_in(cast.siv).get("/idag/"))


def test_the_same_answer_twice_is_one_and_stands_on_the_trail_as_hers(cast: Cast, called: Summons, eva: Door):
    for _ in range(2):
        eva.send(path(called), {"answer": "other_time", "wish": WISH})

    assert len(answers(cast)) == 1
    with person_acting(cast.eva):
        told = Event.objects.filter(tag=Tag.SUMMONS_ANSWERED)
        assert [one.kind for one in told] == ["person"]


def test_without_a_choice_what_she_wrote_is_kept_beside_the_field(called: Summons, eva: Door):
    page = eva.send(path(called), {"wish": WISH})

    assert page.status_code == 200
    assert "Välj ett svar." in page.content.decode()
    assert WISH in page.content.decode()


def test_a_meeting_that_is_cancelled_meanwhile_takes_no_answer(cast: Cast, called: Summons, eva: Door):
    with acting(cast.siv):
        case = called.case
        meeting = meeting_of(case, called.meeting_id)
        assert meeting is not None
        actions.cancel(meeting, cause="illness", by=cast.siv)

    assert eva.send(path(called), {"answer": "comes"}).status_code == 404
    assert "Kommer du?" not in text_of(eva.get("/min-sida/"))


def test_when_it_is_moved_she_is_asked_again(cast: Cast, called: Summons, eva: Door, clock: Any):
    eva.send(path(called), {"answer": "comes"})
    with acting(cast.siv):
        meeting = meeting_of(called.case, called.meeting_id)
        assert meeting is not None
        new = actions.move(
            meeting,
            starts_at=meeting.starts_at.replace(minute=meeting.starts_at.minute ^ 1),
            cause="person",
            by=cast.siv,
        )
        again = Summons.objects.get(meeting=new, called=Called.PERSON)
    clock(again.leaves_at)

    page = eva.get("/min-sida/").content.decode()

    assert f'action="{path(again)}"' in page
    assert eva.get(path(called)).status_code == 404


def test_before_the_minute_is_over_and_after_it_has_begun_there_is_nothing_to_answer(
    cast: Cast, called: Summons, eva: Door, clock: Any
):
    clock(called.sent_at)
    assert eva.get(path(called)).status_code == 404
    with acting(cast.siv):
        begins: datetime = Summons.objects.select_related("meeting").get(pk=called.pk).meeting.starts_at
    clock(begins)
    with person_acting(cast.eva):
        assert own_summonses() == {}


def test_she_reads_the_letter_in_easy_swedish_and_takes_it_home(called: Summons, eva: Door):
    page = eva.get(f"{path(called)}?sprak=sv-lattlast").content.decode()
    assert "Vi ska ha ett möte om dig och din plan." in page

    paper = eva.get(f"{path(called)}pdf/")

    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    assert "mitt-mote.pdf" in paper["Content-Disposition"]


def test_adam_is_somebody_else(called: Summons, sign_in: Any):
    adam = sign_in("199001022383")

    assert adam.get(path(called)).status_code == 404
    assert adam.send(path(called), {"answer": "comes"}).status_code == 404


# --- whoever acts for her -----------------------------------------------------------------------------------


@pytest.fixture
def case(called: Summons) -> Case:
    return called.case


def test_ralf_answers_for_eva_and_she_sees_who_did(cast: Cast, called: Summons, case: Case, sign_in: Any):
    ralf = factories.representative(factories.mandate(case, by=cast.siv))
    with acting(ralf):
        hers = own_summonses()[called.meeting_id]
        answer_own(hers, answer=Answer.COMES, wish="Jag följer med.", by=ralf)

    assert answers(cast) == [(Answer.COMES, "Jag följer med.", AnsweredBy.MANDATE)]


def test_ralf_answers_on_his_page_for_her_and_her_page_says_that_he_did(
    cast: Cast, called: Summons, case: Case, sign_in: Any, eva: Door
):
    ralf = sign_in(factories.representative(factories.mandate(case, by=cast.siv)))
    page = f"/for/{called.person_id}/kallelse/{called.pk}/"
    assert f'href="{page}"' in ralf.get(f"/for/{called.person_id}/").content.decode()
    assert "Kan inte den tiden" in text_of(ralf.get(page))

    answer = ralf.send(page, {"answer": "comes"})

    assert answer.headers["Location"] == f"/for/{called.person_id}/"
    assert "Svaret är: kommer." in text_of(ralf.get(f"/for/{called.person_id}/"))
    assert "Den som företräder dig har svarat." in text_of(eva.get("/min-sida/"))


def test_ralf_does_not_read_what_eva_wrote_herself(cast: Cast, called: Summons, case: Case, eva: Door):
    eva.send(path(called), {"answer": "comes", "wish": WISH})
    ralf = factories.representative(factories.mandate(case, by=cast.siv))

    with acting(ralf):
        hers = own_summonses()[called.meeting_id]
        assert (hers.answer, hers.wish) == (Answer.COMES, "")
        assert list(SummonsAnswer.objects.all()) == []


@pytest.mark.parametrize("how", ["narrow", "withheld", "other"])
def test_a_mandate_that_does_not_reach_so_far_answers_nothing(
    cast: Cast, called: Summons, case: Case, how: str
):
    made = factories.mandate(case, by=cast.siv, may_receive_summons=how != "narrow")
    if how == "withheld":
        with acting(cast.siv):
            withhold(
                case,
                made,
                kind=WithheldKind.MEETING,
                subject_id=called.meeting_id,
                reason="Hon vill det.",
                by=cast.siv,
            )
    number = "199001022383" if how == "other" else factories.RALF
    ralf = factories.representative(made, number)

    with acting(ralf):
        assert own_summonses() == {}
        row = SummonsAnswer(
            association_id=called.association_id,
            authority_id=called.authority_id,
            person_id=called.person_id,
            case_id=called.case_id,
            summons_id=called.pk,
            answer="comes",
            answered_by="mandate",
            answered_at=now(),
            answered_by_id=ralf.id,
        )
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            row.save(force_insert=True)
