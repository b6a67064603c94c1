"""Asking for a plan without an account: page, receipt, and where it stands, on a borrowed phone."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from humla.audit.models import Event
from humla.cases.models import Initiation
from humla.core.context import acting
from humla.initiations.models import PlanRequest
from humla.notifications.models import Notice
from humla.web import ask_for_plan
from humla.web.pace import Pace
from tests.cast import Cast
from tests.doors import Door

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Door]
ASK, RECEIPT, STATUS = "/be-om-samsip/", "/be-om-samsip/kvitto/", "/be-om-samsip/svar/"
WORDS = "Jag orkar inte ringa runt till alla längre. Jag vill börja arbeta igen."


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute of its own for each test: the counts are in memory."""
    monkeypatch.setattr(ask_for_plan, "SENT", Pace(10, seconds=600))
    monkeypatch.setattr(ask_for_plan, "TRIED", Pace(20, seconds=600))


@pytest.fixture
def phone() -> Client:
    """Eva's borrowed phone: nobody is signed in."""
    return Door()


def asked(phone: Client, cast: Cast, **more: Any) -> Any:
    said = {
        "key": "5b0c3c1e-3b6f-4f1d-9d11-0d9f3f0f0a01",
        "asked_by": "person",
        "unit": str(cast.units["siv"].pk),
        "words": WORDS,
        "name": "Eva Ek",
        "reach": "070-174 06 01, helst förmiddagar",
        "language": "sv",
    }
    return phone.post(ASK, said | more)


def receipt(phone: Client) -> tuple[str, str]:
    """The number and the code, as they stand on the page."""
    page = phone.get(RECEIPT).content.decode()
    number, code = re.findall(r"<bdi>([A-Z0-9]{4}-[A-Z0-9]{4})</bdi>", page)[:2]
    return number, code


def row_of(number: str, cast: Cast) -> PlanRequest:
    with acting(cast.siv):
        return PlanRequest.objects.get(reference=number)


def test_eva_asks_gets_a_receipt_and_sees_where_it_stands(phone: Client, cast: Cast):
    assert "inom 5 arbetsdagar" in phone.get(ASK).content.decode()

    sent = asked(phone, cast)
    number, code = receipt(phone)
    closed = phone.post(RECEIPT, {"close": "1"})
    elsewhere = Door()
    wrong = elsewhere.post(STATUS, {"number": number, "code": "CCCC-DDDD"})
    right = elsewhere.post(STATUS, {"number": number.lower().replace("-", ""), "code": code.lower()})
    page = elsewhere.get(STATUS).content.decode()

    assert (sent.status_code, sent.url) == (302, RECEIPT)
    assert (closed.status_code, phone.get(RECEIPT).url) == (302, STATUS)
    assert "Numret och koden hör inte ihop" in wrong.content.decode()
    assert (right.status_code, right.url) == (302, STATUS)
    assert "Frågan väntar på svar" in page
    assert [word in page for word in (WORDS, "Eva Ek", "070-174 06 01", code)] == [False] * 4


def test_the_code_is_in_no_address_and_the_cookie_is_for_these_pages_alone(phone: Client, cast: Cast):
    sent = asked(phone, cast)
    kept = sent.cookies[ask_for_plan.COOKIE]
    number, code = receipt(phone)

    assert (kept["path"], kept["httponly"], int(kept["max-age"])) == (ASK, True, 900)
    assert [word in kept.value for word in (number, code)] == [False, False]


def test_the_unit_reads_it_takes_it_over_and_opens_the_case(phone: Client, cast: Cast, sign_in: SignIn):
    asked(phone, cast)
    number, _code = receipt(phone)
    one = row_of(number, cast)
    here = f"/begaran/{one.pk}/"
    siv = sign_in(cast.siv)

    listed, shown = siv.get("/begaran/").content.decode(), siv.get(here).content.decode()
    taken = siv.send(here, {"verb": "take_over", "version": "1"})
    opening = siv.get(f"/arenden/nytt/?begaran={one.pk}")
    form = opening.context["form"] if opening.context else None
    page = opening.content.decode()
    opened = siv.send(
        "/arenden/nytt/",
        {
            "asked": str(one.pk),
            "number": cast.eva,
            "given_name": "Eva",
            "family_name": "Ek",
            "reason": WORDS,
            "language": "sv",
            "initiator": "person",
            "need_seen_on": one.arrived_at.date().isoformat(),
        },
    )
    tied = row_of(number, cast)

    assert form is None or form.is_bound is False
    assert (number in listed, WORDS in listed, WORDS in shown) == (True, False, True)
    assert (taken.status_code, taken.url) == (302, here)
    assert [word in page for word in ('value="Eva"', 'value="Ek"', WORDS, "070-174 06 01")] == [True] * 4
    assert opened.status_code == 302
    assert (tied.answer, str(tied.case_id) in opened.url) == ("taken", True)
    status = phone.get(STATUS).content.decode()
    assert "Någon har tagit hand om din fråga" in status
    with acting(cast.siv):
        assert Initiation.objects.get(case=tied.case_id).initiator == "person"


def test_a_no_has_a_ground_and_what_instead_and_eva_reads_both(phone: Client, cast: Cast, sign_in: SignIn):
    asked(phone, cast)
    number, _code = receipt(phone)
    here = f"/begaran/{row_of(number, cast).pk}/"
    siv = sign_in(cast.siv)

    without = siv.send(here, {"verb": "decline", "version": "1", "ground": "one_party", "why": "Kort."})
    said = {"ground": "one_party", "why": "Kommunen kan hjälpa dig själv.", "instead": "Ring 0123-45 67."}
    answered = siv.send(here, {"verb": "decline", "version": "1", **said})
    status = phone.get(STATUS).content.decode()
    undone = siv.send(here, {"verb": "undo", "version": "2"})

    assert "Skriv vad personen kan göra i stället." in without.content.decode()
    assert "Kort." in without.content.decode()
    assert answered.status_code == 302
    assert [word in status for word in ("behovet klaras av en part", *list(said.values())[1:])] == [True] * 3
    assert undone.status_code == 302
    assert "Frågan väntar på svar" in phone.get(STATUS).content.decode()


def test_the_public_is_never_told_that_somebody_has_a_plan_already(
    phone: Client, cast: Cast, sign_in: SignIn
):
    """Nobody knows who has written: the answer could go to somebody who wants to find her."""
    asked(phone, cast)
    number, _code = receipt(phone)
    here = f"/begaran/{row_of(number, cast).pk}/"
    siv = sign_in(cast.siv)

    page = siv.get(here).content.decode()
    sent = siv.send(here, {"verb": "decline", "version": "1", "ground": "plan_exists", "instead": "Ring."})

    assert "det finns redan en plan" not in page.lower()
    assert (sent.status_code, row_of(number, cast).answer) == (200, "")


@pytest.mark.parametrize("who", ["amir", "lena", "nils", "stranger", "rut", "greta", "olof", "eva"])
def test_nobody_but_the_unit_that_was_asked_knows_of_it(who: str, phone: Client, cast: Cast, sign_in: SignIn):
    asked(phone, cast)
    number, _code = receipt(phone)
    one = row_of(number, cast)
    door = sign_in(getattr(cast, who))

    assert door.get(f"/begaran/{one.pk}/").status_code == 404
    assert door.send(f"/begaran/{one.pk}/", {"verb": "take_over", "version": "1"}).status_code == 404
    listed = door.get("/begaran/")
    assert number not in listed.content.decode()


def test_every_reading_is_on_the_trail_without_a_word_of_it(phone: Client, cast: Cast, sign_in: SignIn):
    asked(phone, cast)
    number, _code = receipt(phone)
    one = row_of(number, cast)
    sign_in(cast.siv).get(f"/begaran/{one.pk}/")

    with acting(cast.rut):
        looks = Event.objects.filter(tag="initiations:request:read", actor_id=cast.siv.id)
        assert [look.items for look in looks] == [[["plan_request", str(one.pk), 1]]]


def test_the_same_form_sent_twice_is_one_request_with_one_receipt(phone: Client, cast: Cast):
    asked(phone, cast)
    first = receipt(phone)
    asked(phone, cast)
    again = receipt(phone)
    asked(phone, cast, words=WORDS + " Och bo kvar.")
    other = receipt(phone)

    assert (first == again, first == other) == (True, False)
    with acting(cast.siv):
        assert PlanRequest.objects.count() == 2


def test_what_is_missing_is_said_at_the_field_and_nothing_typed_is_lost(phone: Client, cast: Cast):
    page = asked(phone, cast, asked_by="relative", reach="", helper="Ulla").content.decode()

    assert [
        sentence in page
        for sentence in ("Skriv hur vi når dig", "Fråga personen först", WORDS, 'value="Ulla"', "Fel: ")
    ] == [True] * 5


def test_a_robot_is_stopped_and_a_person_who_filled_the_trap_is_told(phone: Client, cast: Cast):
    page = asked(phone, cast, webbplats="https://kop.example").content.decode()

    assert "Töm den sista rutan" in page
    assert WORDS in page
    with acting(cast.siv):
        assert PlanRequest.objects.count() == 0


def test_too_many_from_one_place_wait_and_keep_what_they_wrote(
    phone: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ask_for_plan, "SENT", Pace(1, seconds=600))
    asked(phone, cast)
    page = asked(phone, cast, words="En till")

    assert (page.status_code, "En till" in page.content.decode()) == (429, True)


def test_codes_are_not_guessed(phone: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch):
    asked(phone, cast)
    number, _code = receipt(phone)
    monkeypatch.setattr(ask_for_plan, "TRIED", Pace(3, seconds=600))
    tries = [
        Door().post(STATUS, {"number": number, "code": f"CCCC-DDD{sign}"}).status_code for sign in "CDFG"
    ]

    assert tries[-1] == 429


def test_eva_takes_it_back_and_what_she_wrote_is_gone(phone: Client, cast: Cast, sign_in: SignIn):
    asked(phone, cast)
    number, _code = receipt(phone)
    one = row_of(number, cast)

    back = phone.post(STATUS, {"take_back": "1"})
    page = phone.get(STATUS).content.decode()
    at_the_unit = sign_in(cast.siv).get(f"/begaran/{one.pk}/").content.decode()

    assert back.status_code == 302
    assert "Du har tagit tillbaka frågan" in page
    assert [word in at_the_unit for word in (WORDS, "Eva Ek", "har tagit tillbaka sin begäran")] == [
        False,
        False,
        True,
    ]
    again = phone.post(STATUS, {"take_back": "1"})
    assert (again.status_code, "redan besvarad eller tillbakatagen" in again.content.decode()) == (409, True)


def test_a_late_answer_shows_to_both(
    phone: Client, cast: Cast, sign_in: SignIn, clock: Callable[[datetime], None]
):
    now = datetime.now().astimezone()
    clock(now - timedelta(days=20))
    asked(phone, cast)
    number, _code = receipt(phone)
    clock(now)

    siv = sign_in(cast.siv)
    assert "försenat" in siv.get("/begaran/").content.decode()
    assert "Svaret är försenat" in phone.get(STATUS).content.decode()
    assert f"Svara på begäran {number} om en plan" in siv.get("/idag/").content.decode()


def test_the_unit_with_a_mailbox_gets_a_letter_that_says_nothing_of_her(phone: Client, cast: Cast):
    asked(phone, cast, unit=str(cast.units["amir"].pk))
    with acting(cast.olof):
        told = list(Notice.objects.filter(kind="request_arrived").values_list("unit_id", flat=True))

    assert told == [cast.units["amir"].pk]


def test_the_page_speaks_arabic_names_and_long_words(phone: Client, cast: Cast, sign_in: SignIn):
    long = "ord" * 600
    asked(
        phone,
        cast,
        name="فاطمة الزهراء",
        words=f"أحتاج إلى مساعدة {long}",
        language="ar",
        needs_interpreter="on",
    )
    number, _code = receipt(phone)
    page = sign_in(cast.siv).get(f"/begaran/{row_of(number, cast).pk}/").content.decode()

    assert [word in page for word in ("فاطمة الزهراء", "أحتاج", "arabiska, vill ha tolk")] == [True] * 3


def test_spam_is_thrown_and_brought_back(phone: Client, cast: Cast, sign_in: SignIn):
    asked(phone, cast, words="Köp våra produkter")
    number, _code = receipt(phone)
    here = f"/begaran/{row_of(number, cast).pk}/"
    siv = sign_in(cast.siv)

    siv.send(here, {"verb": "throw", "version": "1"})
    assert row_of(number, cast).answer == "thrown"
    assert "Frågan är borttagen" in phone.get(STATUS).content.decode()
    siv.send(here, {"verb": "undo", "version": "2"})
    assert row_of(number, cast).answer == ""


def test_two_who_answer_at_once_do_not_write_over_each_other(phone: Client, cast: Cast, sign_in: SignIn):
    asked(phone, cast)
    number, _code = receipt(phone)
    here = f"/begaran/{row_of(number, cast).pk}/"
    sign_in(cast.siv).send(here, {"verb": "take_over", "version": "1"})
    late = sign_in(cast.ylva).send(here, {"verb": "throw", "version": "1"})

    assert (late.status_code, row_of(number, cast).answer) == (409, "taken")


def test_the_list_costs_the_same_for_one_and_for_three(phone: Client, cast: Cast, sign_in: SignIn):
    siv = sign_in(cast.siv)
    costs = []
    for how_many in (1, 2):
        for one in range(how_many):
            asked(phone, cast, words=f"Behov {how_many} {one}")
        with CaptureQueriesContext(connection) as queries:
            siv.get("/begaran/")
        costs.append(len(queries))

    assert costs[0] == costs[1]
