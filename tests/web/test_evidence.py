"""Underlag on the pages: asked in six taps, answered by link or signed in, ticked when it has come."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from humla.cases.models import Case
from humla.core.context import acting
from humla.evidence import actions
from humla.evidence.asked import write_view
from humla.evidence.models import EvidenceAnswer, EvidenceRequest
from humla.evidence.visibility import evidence_of
from humla.meetings.models import Called
from humla.meetings.rules import Call
from tests import factories
from tests.cast import Cast
from tests.conftest import Door

pytestmark = pytest.mark.django_db

SignIn = Callable[[Any], Door]
Clock = Callable[[Any], None]


@pytest.fixture
def case(cast: Cast) -> Case:
    made = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    factories.consent(made, cast.units["amir"], by=cast.siv)
    return made


def page_of(case: Case) -> str:
    return reverse("evidence", kwargs={"case_id": case.pk})


def text_of(answer: Any) -> str:
    content: str = answer.content.decode()
    return re.sub(r"\s+", " ", content)


def asked(case: Case, cast: Cast, kind: str = "own_plan", days: int = 10) -> EvidenceRequest:
    with acting(cast.siv):
        (one,) = actions.ask_all(
            case,
            kind=kind,
            calls=[Call(Called.UNIT, cast.units["amir"])],
            by_when=date.today() + timedelta(days=days),
            by=cast.siv,
        )
    return one


def link_to(one: EvidenceRequest) -> str:
    return reverse("answer_link", kwargs={"token": factories.link_to_evidence(one)})


def answers(cast: Cast) -> list[tuple[str, str, str]]:
    with acting(cast.siv):
        rows = EvidenceAnswer.objects.order_by("answered_at", "id")
        return [(one.said, one.cause, one.how) for one in rows]


def test_an_empty_list_says_what_to_do_and_offers_those_with_a_yes(sign_in: SignIn, cast: Cast, case: Case):
    page = text_of(sign_in(cast.siv).get(page_of(case)))

    assert "Inget underlag är efterfrågat" in page
    assert [one in page for one in ("AF Humlesund", "Psykiatrin")] == [True, False]
    assert "Personen själv" in page


def test_several_are_asked_at_once_with_the_day_already_there(sign_in: SignIn, cast: Cast, case: Case):
    factories.consent(case, cast.units["farid"], by=cast.siv)
    door = sign_in(cast.siv)
    day = re.search(r'name="by_when" value="([^"]+)"', text_of(door.get(page_of(case))))
    assert day is not None
    units = [str(cast.units[one].pk) for one in ("amir", "farid")]
    done = door.send(page_of(case), {"kind": "certificate", "who": units, "by_when": day[1]})
    page = text_of(door.get(page_of(case)))

    assert (done.status_code, done.url) == (302, page_of(case))
    assert page.count("skickas strax") == 2
    with acting(cast.siv):
        assert {one.who for one in evidence_of(case)} == {"AF Humlesund", "FK Humlesund"}


def test_a_unit_without_a_yes_cannot_be_smuggled_in(sign_in: SignIn, cast: Cast, case: Case):
    sent = {"kind": "view", "who": [str(cast.units["lena"].pk)], "by_when": str(date.today())}
    page = sign_in(cast.siv).send(page_of(case), sent)

    assert page.status_code == 200
    with acting(cast.siv):
        assert not EvidenceRequest.objects.exists()


def test_what_was_ticked_is_kept_when_something_is_missing(sign_in: SignIn, cast: Cast, case: Case):
    unit = str(cast.units["amir"].pk)
    page = text_of(sign_in(cast.siv).send(page_of(case), {"who": [unit], "by_when": str(date.today())}))

    assert "Välj vilket underlag ni behöver." in page
    assert re.search(rf'value="{unit}"[^>]*checked', page)


def test_a_relative_is_written_down_by_name(sign_in: SignIn, cast: Cast, case: Case):
    name = "فاطمة " + "Åse" * 30
    sent = {"kind": "other", "other_name": name[:120], "by_when": str(date.today())}
    sign_in(cast.siv).send(page_of(case), sent)

    with acting(cast.siv):
        (one,) = evidence_of(case)
    assert (one.request.called, one.request.name) == ("relative", name[:120])


@pytest.mark.parametrize("who", ["amir", "lena", "nils", "ylva"])
def test_the_list_is_absent_to_everybody_else(who: str, sign_in: SignIn, cast: Cast, case: Case):
    one = asked(case, cast)
    door = sign_in(getattr(cast, who))
    here = reverse("one_evidence", kwargs={"case_id": case.pk, "evidence_id": one.pk})

    assert [door.get(page_of(case)).status_code, door.get(here).status_code] == [404, 404]


def test_it_came_with_one_tap_and_a_wrong_tap_is_put_right(
    sign_in: SignIn, cast: Cast, case: Case, clock: Clock
):
    one = asked(case, cast)
    clock(one.leaves_at)
    door = sign_in(cast.siv)
    ids = {"case_id": case.pk, "evidence_id": one.pk}
    door.send(reverse("evidence_came", kwargs=ids), {})
    ticked = text_of(door.get(page_of(case)))
    clock(one.leaves_at + timedelta(minutes=1))
    door.send(reverse("one_evidence", kwargs=ids), {"said": "missing"})

    assert "har kommit" in ticked
    assert answers(cast) == [("arrived", "", "noted"), ("missing", "", "noted")]
    assert "väntar på svar" in text_of(door.get(page_of(case)))


def test_a_noted_answer_needs_its_day(sign_in: SignIn, cast: Cast, case: Case):
    one = asked(case, cast)
    here = reverse("one_evidence", kwargs={"case_id": case.pk, "evidence_id": one.pk})
    page = sign_in(cast.siv).send(here, {"said": "promised"})

    assert page.status_code == 200
    assert "Välj vilken dag det kommer." in text_of(page)
    assert answers(cast) == []


def test_the_day_is_moved_and_where_it_lies_is_written(sign_in: SignIn, cast: Cast, case: Case):
    one = asked(case, cast)
    ids = {"case_id": case.pk, "evidence_id": one.pk}
    sent = {"by_when": str(date.today() + timedelta(days=20)), "where_it_lies": "Akt 12", "version": "1"}
    door = sign_in(cast.siv)
    door.send(reverse("change_evidence", kwargs=ids), sent)
    stale = door.send(reverse("change_evidence", kwargs=ids), sent | {"where_it_lies": "Akt 13"})

    assert "Någon annan ändrade nyss" in text_of(stale)
    assert "Akt 13" in text_of(stale)
    assert "Akt 12" in text_of(door.get(page_of(case)))


def test_the_silent_are_reminded_now_or_left_alone(sign_in: SignIn, cast: Cast, case: Case, clock: Clock):
    one = asked(case, cast)
    clock(one.leaves_at + timedelta(minutes=5))
    door = sign_in(cast.siv)
    here = reverse("one_evidence", kwargs={"case_id": case.pk, "evidence_id": one.pk})
    page = text_of(door.get(here))
    ladder = reverse("reminders", kwargs={"case_id": case.pk, "about_id": one.pk})
    stopped = door.send(ladder, {"do": "stoppa"})

    assert "Påminn nu" in page
    assert stopped.url == page_of(case)
    assert "Påminnelserna är stoppade." in text_of(door.get(here))


def test_undone_within_the_minute(sign_in: SignIn, cast: Cast, case: Case):
    one = asked(case, cast)
    door = sign_in(cast.siv)
    door.send(reverse("withdraw_evidence", kwargs={"case_id": case.pk, "evidence_id": one.pk}), {})

    assert "Ångrat. Ingen har fått frågan." in text_of(door.get(page_of(case)))


def test_the_link_tells_the_kind_and_the_day_and_nothing_of_whom(cast: Cast, case: Case, clock: Clock):
    one = asked(case, cast, kind="certificate")
    clock(one.leaves_at)
    page = text_of(Door().get(link_to(one)))

    assert "läkarintyg eller läkarutlåtande" in page
    assert case.reference in page
    told = ["Eva", "Ek<", cast.eva, cast.eva[2:], "Siv", "Individ- och", str(case.pk), str(case.person_id)]
    assert [word for word in told if word in page] == []


def test_the_unit_answers_by_link_in_two_taps_and_changes_it(cast: Cast, case: Case, clock: Clock):
    one = asked(case, cast)
    clock(one.leaves_at)
    address, phone = link_to(one), Door()
    phone.get(f"{address}?answer=sent")
    before = answers(cast)
    phone.post(address, {"answer": "sent"})
    phone.post(address, {"answer": "sent"})
    page = text_of(phone.get(address))
    clock(one.leaves_at + timedelta(minutes=1))
    phone.post(address, {"answer": "promised", "promised_on": str(date.today() + timedelta(days=2))})

    assert before == []
    assert "Tack. Ni har svarat: Vi har skickat det." in page
    assert answers(cast) == [("sent", "", "link"), ("promised", "", "link")]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"answer": "promised"}, "Välj vilken dag det kommer."),
        ({"answer": "promised", "promised_on": "2001-01-01"}, "Dagen har redan varit."),
        ({"answer": "refused"}, "Välj varför det inte går."),
        ({"answer": "Eva dricker"}, "Välj ett svar."),
        ({"answer": "arrived"}, "Välj ett svar."),
    ],
)
def test_what_is_missing_is_said_at_the_field(
    sent: dict[str, str], sentence: str, cast: Cast, case: Case, clock: Clock
):
    one = asked(case, cast)
    clock(one.leaves_at)
    page = Door().post(link_to(one), sent)

    assert page.status_code == 200
    assert sentence in text_of(page)
    assert answers(cast) == []


def test_a_withdrawn_question_and_a_link_that_never_was_are_the_same_page(
    cast: Cast, case: Case, clock: Clock
):
    one = asked(case, cast)
    clock(one.leaves_at)
    address = link_to(one)
    with acting(cast.siv):
        actions.withdraw(one, by=cast.siv)
    dead = Door().get(address)
    never = Door().get(reverse("answer_link", kwargs={"token": "x" * 43}))

    assert (dead.status_code, dead.content) == (404, never.content)


def test_the_units_way_in_finds_it_and_writes_its_own_view(
    sign_in: SignIn, cast: Cast, case: Case, clock: Clock
):
    one = asked(case, cast, kind="view")
    clock(one.leaves_at)
    amir = sign_in(cast.amir)
    assert reverse("unit_evidence_list") in text_of(amir.get(reverse("today")))
    listed = text_of(amir.get(reverse("unit_evidence_list")))
    here = reverse("unit_evidence", kwargs={"evidence_id": one.pk})
    page = text_of(amir.get(here))
    amir.send(here, {"answer": "view", "text": "Vi ser att praktik fungerar."})
    read = text_of(
        sign_in(cast.siv).get(reverse("one_evidence", kwargs={"case_id": case.pk, "evidence_id": one.pk}))
    )

    assert here in listed
    assert [word for word in ("Eva", cast.eva) if word in listed + page] == []
    assert "Vi ser att praktik fungerar." in read
    assert answers(cast) == [("arrived", "", "signed_in")]


def test_eva_sees_what_she_is_to_bring_and_how_the_unit_sees_it(
    sign_in: SignIn, cast: Cast, case: Case, clock: Clock
):
    view = asked(case, cast, kind="view")
    with acting(cast.siv):
        day = date.today() + timedelta(days=9)
        actions.ask_all(case, kind="decision", calls=[Call(Called.PERSON)], by_when=day, by=cast.siv)
    clock(view.leaves_at)
    with acting(cast.amir):
        write_view(view.pk, "Vi ser att praktik fungerar.", by=cast.amir)
    page = text_of(sign_in(cast.eva).get(reverse("own_page")))

    assert "Det här behövs från dig" in page
    assert "Så ser AF Humlesund på det inför mötet" in page
    assert "Vi ser att praktik fungerar." in page


@pytest.mark.parametrize("who", ["lena", "nils", "siv"])
def test_another_units_question_is_absent(who: str, sign_in: SignIn, cast: Cast, case: Case, clock: Clock):
    one = asked(case, cast)
    clock(one.leaves_at)
    here = reverse("unit_evidence", kwargs={"evidence_id": one.pk})

    assert sign_in(getattr(cast, who)).get(here).status_code == 404


def test_the_list_of_a_unit_is_searched(sign_in: SignIn, cast: Cast, case: Case, clock: Clock):
    one = asked(case, cast)
    clock(one.leaves_at)
    amir, here = sign_in(cast.amir), reverse("unit_evidence_list")

    found = amir.send(here, {"words": case.reference.lower()})
    assert case.reference in text_of(amir.get(found.url))
    # What is typed is in no address: some type the person's name.
    missed = amir.send(here, {"words": "Eva Ek"})
    assert "Eva" not in missed.url
    assert "Inget hittades" in text_of(amir.get(missed.url))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long_it_is(
    rows: int, sign_in: SignIn, cast: Cast, case: Case, clock: Clock
):
    for kind in ("own_plan", "decision", "summary")[:rows]:
        last = asked(case, cast, kind=kind)
    clock(last.leaves_at)
    door = sign_in(cast.siv)
    door.get(page_of(case))
    with CaptureQueriesContext(connection) as told:
        door.get(page_of(case))

    assert len(told) == COST


COST = 19
