"""The link in a letter: a time, five answers, and nothing that tells whose case it is."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from humla.audit.models import Event
from humla.cases.models import Case
from humla.core.context import Actor, Kind, acting
from humla.links.models import Link
from humla.meetings import actions as meetings
from humla.meetings.models import Summons, SummonsAnswer
from tests import factories
from tests.cast import Cast
from tests.conftest import Door, person_acting

pytestmark = pytest.mark.django_db

DEAD = "Länken gäller inte längre"


@pytest.fixture
def phone() -> Door:
    """A browser where nobody has signed in."""
    return Door()


@pytest.fixture
def summons(cast: Cast) -> Summons:
    return factories.summoned(cast, by=cast.siv, to=cast.units["amir"])


@pytest.fixture
def address(cast: Cast, summons: Summons, clock: Callable[[Any], None]) -> str:
    """The link in the letter, once the summons has left."""
    clock(summons.leaves_at)
    token = factories.link_in_letter(summons, unit=cast.units["amir"])
    return reverse("answer_link", kwargs={"token": token})


def text_of(answer: Any) -> str:
    content: str = answer.content.decode()
    return content


def answers(cast: Cast) -> list[tuple[str, str, bool, str]]:
    with acting(cast.siv):
        rows = SummonsAnswer.objects.order_by("answered_at", "id")
        return [(one.answer, one.cause, one.sends_evidence, one.answered_by) for one in rows]


def test_the_page_says_the_time_and_the_reference(phone: Door, cast: Cast, summons: Summons, address: str):
    page = phone.get(address)

    assert page.status_code == 200
    assert "Ni är kallade till ett möte" in text_of(page)
    assert summons.case.reference in text_of(page)
    assert "AF Humlesund" in text_of(page)
    assert page["Cache-Control"] == "no-store"


@pytest.mark.parametrize("who", [None, "amir", "siv"])
def test_nothing_on_the_page_tells_whose_case_it_is(
    who: str | None, phone: Door, sign_in: Callable[[Any], Door], cast: Cast, summons: Summons, address: str
):
    door = sign_in(getattr(cast, who)) if who else phone
    page = text_of(door.get(address))

    told = ["Eva", "Ek<", cast.eva, cast.eva[2:], "Siv", "Hur ska", "Individ- och", str(summons.case_id)]
    assert [one for one in told if one in page] == []


def test_whoever_comes_says_so_with_one_button_and_how_is_known(phone: Door, cast: Cast, address: str):
    phone.post(address, {"answer": "comes"})

    with acting(cast.siv):
        (one,) = SummonsAnswer.objects.all()
    assert (one.answer, one.form, one.stay, one.brings) == ("comes", "in_person", "whole", [])
    assert "På plats, hela mötet." in text_of(phone.get(address))


def test_how_when_and_with_what_are_codes_and_come_back_to_be_changed(phone: Door, cast: Cast, address: str):
    phone.post(
        address,
        {"answer": "comes", "how": "phone", "stay": "start", "brings": ["view", "certificate"]},
    )
    page = text_of(phone.get(address))

    with acting(cast.siv):
        (one,) = SummonsAnswer.objects.all()
    assert (one.form, one.stay, one.brings) == ("phone", "start", ["certificate", "view"])
    assert "Telefon, bara i början." in page
    assert "Med er: läkarintyg eller läkarutlåtande, vår syn inför mötet." in page
    assert re.search(r'value="phone"[^>]*checked', page)


def test_another_answer_takes_nothing_with_it_from_the_first(phone: Door, cast: Cast, address: str):
    phone.post(address, {"answer": "comes", "how": "video", "stay": "whole", "brings": ["view"]})
    phone.post(address, {"answer": "other_time", "how": "video", "brings": ["view"], "cause": "illness"})

    with acting(cast.siv):
        last = SummonsAnswer.objects.order_by("answered_at", "id").get(answer="other_time")
    assert (last.form, last.stay, last.brings, last.cause) == ("", "", [], "")


def test_who_sends_papers_instead_has_said_that_they_come(phone: Door, cast: Cast, address: str):
    phone.post(address, {"answer": "declined", "cause": "written"})

    assert answers(cast) == [("declined", "written", True, "link")]


def test_the_wrong_unit_points_at_the_right_one_of_its_own_huvudman_only(
    phone: Door, cast: Cast, clock: Callable[[Any], None]
):
    psychiatry, clinic = cast.units["lena"], cast.units["vera"]
    summons = factories.summoned(cast, by=cast.siv, to=psychiatry)
    clock(summons.leaves_at)
    address = reverse("answer_link", kwargs={"token": factories.link_in_letter(summons, unit=psychiatry)})
    page = text_of(phone.get(address))
    strange = phone.post(address, {"answer": "wrong_unit", "passed_unit": str(cast.units["amir"].pk)})
    phone.post(address, {"answer": "wrong_unit", "passed_unit": str(clinic.pk)})

    assert [one in page for one in ("Vårdcentralen Humlesund", "AF Humlesund")] == [True, False]
    assert strange.status_code == 200
    with acting(cast.siv):
        (one,) = SummonsAnswer.objects.all()
    assert (one.answer, one.passed_unit_id, one.passed_to) == ("wrong_unit", clinic.pk, "")
    assert "Rätt enhet är Vårdcentralen Humlesund." in text_of(phone.get(address))


def test_pressing_nothing_says_so(phone: Door, cast: Cast, address: str):
    page = phone.post(address, {"answer": "ring mig"})

    assert page.status_code == 200
    assert "Välj ett svar." in text_of(page)
    assert answers(cast) == []


def test_a_unit_without_an_account_says_that_it_comes(phone: Door, cast: Cast, address: str):
    phone.get(address)
    answer = phone.post(address, {"answer": "comes", "sends_evidence": "on"})
    page = text_of(phone.get(address))

    assert (answer.status_code, answer.url) == (302, address)
    assert answers(cast) == [("comes", "", True, "link")]
    assert "Tack. Ni har svarat: Vi kommer." in page
    assert "Ni kan ändra svaret till mötet börjar" in page


def test_the_same_answer_twice_is_one_and_another_is_a_second(
    phone: Door, cast: Cast, summons: Summons, address: str, clock: Callable[[Any], None]
):
    for minutes, one in enumerate(("comes", "comes", "other_time", "comes")):
        clock(summons.leaves_at + timedelta(minutes=minutes))
        phone.post(address, {"answer": one})

    assert [row[0] for row in answers(cast)] == ["comes", "other_time", "comes"]


def test_whoever_does_not_come_says_why(phone: Door, cast: Cast, address: str):
    refused = phone.post(address, {"answer": "declined"})
    taken = phone.post(address, {"answer": "declined", "cause": "no_time"})

    assert refused.status_code == 200
    assert "Välj varför ni inte kommer." in text_of(refused)
    assert taken.status_code == 302
    assert answers(cast) == [("declined", "no_time", False, "link")]


def test_free_words_have_no_way_in(phone: Door, cast: Cast, address: str):
    phone.post(address, {"answer": "comes", "who_comes": "Eva Ek", "passed_to": "Eva", "cause": "illness"})

    assert answers(cast) == [("comes", "", False, "link")]


def test_looking_answers_nothing(phone: Door, cast: Cast, address: str):
    phone.get(f"{address}?answer=comes")
    phone.head(address)

    assert answers(cast) == []


def test_the_answer_is_on_the_trail_as_the_links(phone: Door, cast: Cast, summons: Summons, address: str):
    phone.post(address, {"answer": "comes"})
    phone.post(address, {"answer": "comes"})

    with person_acting(cast.eva):
        (line,) = Event.objects.filter(tag="meetings:summons:answered")
    assert (line.kind, line.case_id, line.unit_id) == ("link", summons.case_id, cast.units["amir"].pk)
    assert line.authority_id is None
    assert line.allowed_by == [["link", str(line.actor_id)]]


def test_the_one_who_summoned_sees_the_answer(
    phone: Door, sign_in: Callable[[Any], Door], cast: Cast, summons: Summons, address: str
):
    phone.post(address, {"answer": "reads"})

    with acting(cast.siv):
        (row,) = SummonsAnswer.objects.filter(summons=summons)
    assert row.authority_id == cast.siv.authority_id


def test_a_dead_link_and_one_that_never_was_give_the_same_page(
    phone: Door, cast: Cast, summons: Summons, address: str
):
    with acting(cast.siv):
        meetings.cancel_summons(summons, by=cast.siv)
    dead = phone.get(address)
    never = phone.get(reverse("answer_link", kwargs={"token": "x" * 43}))

    assert dead.status_code == 404
    assert DEAD in text_of(dead)
    assert (dead.status_code, dead.content) == (never.status_code, never.content)
    assert phone.post(address, {"answer": "comes"}).status_code == 404
    assert answers(cast) == []


def test_the_link_dies_when_the_meeting_begins(
    phone: Door, cast: Cast, summons: Summons, address: str, clock: Callable[[Any], None]
):
    with acting(cast.siv):
        starts_at = summons.meeting.starts_at
    clock(starts_at - timedelta(microseconds=1))
    before = phone.get(address).status_code
    clock(starts_at)

    assert (before, phone.get(address).status_code) == (200, 404)


def test_the_links_own_context_reads_no_row_at_all(cast: Cast, address: str):
    with acting(Actor(Kind.SYSTEM, association_id=cast.association.pk)):
        link = Link.objects.get()
    with acting(Actor(Kind.LINK, association_id=cast.association.pk, id=link.pk, unit_id=link.unit_id)):
        seen = [model.objects.count() for model in (Case, Summons, SummonsAnswer, Link, Event)]
    assert seen == [0, 0, 0, 0, 0]


def test_the_database_holds_no_token(cast: Cast, address: str):
    token = address.split("/")[-2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM links_link WHERE links_link::text LIKE %s", [f"%{token}%"])
        assert cursor.fetchone() == (0,)


def test_the_page_costs_three_questions(phone: Door, address: str):
    phone.get(address)
    with CaptureQueriesContext(connection) as asked:
        phone.get(address)

    statements = [
        one["sql"] for one in asked if "SAVEPOINT" not in one["sql"] and "set_config" not in one["sql"]
    ]
    assert len(statements) == 2


def test_a_forged_form_is_refused(cast: Cast, address: str):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(address, {"answer": "comes"}).status_code == 403
    assert answers(cast) == []


def test_before_it_has_left_the_link_leads_nowhere(
    phone: Door, cast: Cast, summons: Summons, clock: Callable[[Any], None]
):
    token = factories.link_in_letter(summons, unit=cast.units["amir"])
    here = reverse("answer_link", kwargs={"token": token})
    clock(summons.leaves_at - timedelta(microseconds=1))
    before = phone.get(here).status_code
    clock(summons.leaves_at)

    assert (before, phone.get(here).status_code) == (404, 200)
