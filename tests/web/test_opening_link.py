"""The link that a code opens: never without the telephone, never longer than the yes, and once each."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.urls import reverse

from humla.audit.models import Event
from humla.cases.models import Category
from humla.consents import actions as consents
from humla.consents.visibility import consents_of
from humla.core.context import Actor, Kind, acting, now
from humla.disclosures import actions
from humla.disclosures.models import Disclosure, DocumentPart, Reply
from humla.links.actions import forget_openings
from humla.links.models import Link
from humla.links.tokens import code_of, token_of
from humla.notifications.models import Notice
from humla.notifications.post import post
from humla.ops.jobs import send_due
from tests import factories
from tests.cast import CLINIC_PHONE, Cast
from tests.conftest import Door, person_acting

pytestmark = pytest.mark.django_db

DEAD = "Länken gäller inte längre"
HEALTH = "Utredning hos psykiatrin"
SignIn = Callable[[Any], Door]
Clock = Callable[[Any], None]


def text(response: Any) -> str:
    content: str = response.content.decode()
    return content


@pytest.fixture
def phone() -> Door:
    """A browser where nobody has signed in."""
    return Door()


@pytest.fixture
def given(cast: Cast) -> Disclosure:
    """Eva's plan, handed over to the clinic, whose letter carries an opening link."""
    document = factories.adopted_plan(cast, by=cast.siv)
    factories.consent(document.case, cast.units["lena"], by=cast.siv, categories=[Category.PLANNING])
    return factories.handed_over(cast, document, by=cast.siv, to=cast.units["lena"])


@pytest.fixture
def address(cast: Cast, given: Disclosure) -> str:
    """The link, once the clock has sent the letter."""
    leave(cast)
    with acting(clockwork(cast)):
        letter = Notice.objects.get(about_id=given.pk, kind="document")
    return reverse("opening_link", kwargs={"token": token_of(letter.pk, opens=True)})


def clockwork(cast: Cast) -> Actor:
    return Actor(Kind.SYSTEM, association_id=cast.association.pk)


def leave(cast: Cast) -> None:
    """What is due leaves."""
    with post() as server:
        send_due(cast.association.pk, server=server)


def newest_code(cast: Cast) -> str:
    """What stands in the last text to the telephone."""
    with acting(clockwork(cast)):
        notice = Notice.objects.filter(kind="link_code").order_by("queued_at", "id").last()
    assert notice is not None
    return code_of(notice.about_id)


def opened(cast: Cast, phone: Door, address: str) -> Any:
    """A code asked for and tried."""
    phone.post(address, {"ask": "1"})
    return phone.post(address, {"code": newest_code(cast)})


def in_rows(question: str, actor: Actor) -> int:
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(question)
        return len(cursor.fetchall())


# --- before the code ----------------------------------------------------------------------------------------


def test_the_page_says_where_the_code_goes_and_nothing_of_whom(phone: Door, given: Disclosure, address: str):
    page = text(phone.get(address))

    assert "Läs handlingen med en engångskod" in page
    assert "slutar på 40" in page
    told = ["Eva", "Ek<", given.case.reference, str(given.case_id), "Arbetsmarknadstorget", CLINIC_PHONE]
    assert [one for one in told if one in page] == []


def test_a_scanner_that_follows_the_link_neither_asks_for_a_code_nor_opens(
    phone: Door, cast: Cast, address: str
):
    for _turn in range(3):
        phone.get(address)
        phone.head(address)
    with acting(clockwork(cast)):
        asked = Notice.objects.filter(kind="link_code").count()

    assert asked == 0


def test_the_code_goes_to_the_telephone_and_never_to_the_mailbox(
    phone: Door, cast: Cast, address: str, settings: Any, tmp_path: Path
):
    settings.SMS_FOLDER = str(tmp_path / "outgoing")
    Path(settings.SMS_FOLDER).mkdir()
    phone.post(address, {"ask": "1"})
    code = newest_code(cast)
    leave(cast)
    (told,) = Path(settings.SMS_FOLDER).iterdir()
    said = told.read_text("utf-8")

    assert said.startswith("To: 46701740640\n")
    assert code in said
    assert [name for name in ("Eva", "Psykiatrin", "http") if name in said] == []


def test_without_the_gateway_no_letter_has_an_opening_link(cast: Cast, given: Disclosure, settings: Any):
    settings.SMS_LEAVES = False
    leave(cast)
    made = in_rows("SELECT 1 FROM links_link WHERE kind = 'opening'", clockwork(cast))

    assert made == 0


def test_a_unit_without_a_telephone_gets_the_letter_it_always_had(cast: Cast):
    document = factories.adopted_plan(cast, by=cast.siv)
    factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    leave(cast)

    assert in_rows("SELECT 1 FROM links_link", clockwork(cast)) == 0


# --- the code -----------------------------------------------------------------------------------------------


def test_the_right_code_opens_exactly_what_was_handed_over(
    phone: Door, cast: Cast, given: Disclosure, address: str
):
    answer = opened(cast, phone, address)
    page, printed = text(phone.get(address)), phone.get(f"{address}?pdf")

    assert answer.status_code == 302
    assert answer.cookies["humla_opening"]["path"] == address
    assert answer.cookies["humla_opening"]["httponly"]
    assert "Eva Ek" in page
    assert given.case.reference in page
    assert HEALTH not in page
    assert printed.content.startswith(b"%PDF")
    with person_acting(cast.eva):
        event = Event.objects.get(tag="links:link:read")
    assert [kind for kind, _one in event.allowed_by] == ["link", "disclosure"]


def test_another_browser_with_the_same_link_needs_a_code_of_its_own(phone: Door, cast: Cast, address: str):
    opened(cast, phone, address)
    stranger = text(Door().get(address))

    assert "engångskod" in stranger
    assert "Eva Ek" not in stranger


def test_a_code_opens_once(phone: Door, cast: Cast, address: str):
    opened(cast, phone, address)
    again = Door()
    answer = again.post(address, {"code": newest_code(cast)})

    assert answer.url.endswith("?kod=slut")
    assert "Koden gäller inte längre" in text(again.get(answer.url))


def test_five_wrong_tries_and_the_right_one_opens_nothing(phone: Door, cast: Cast, address: str):
    phone.post(address, {"ask": "1"})
    right = newest_code(cast)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    went = [phone.post(address, {"code": wrong}).url.rpartition("=")[2] for _turn in range(5)]
    after = phone.post(address, {"code": right})

    assert went == ["fel"] * 4 + ["slut"]
    assert after.url.endswith("?kod=slut")
    assert "humla_opening" not in after.cookies


def test_whoever_goes_on_guessing_over_new_codes_finds_the_link_closed(
    phone: Door, cast: Cast, address: str, clock: Clock
):
    alive = []
    for _turn in range(5):
        clock(now_in(cast) + timedelta(minutes=1))
        phone.post(address, {"ask": "1"})
        wrong = f"{(int(newest_code(cast)) + 1) % 1_000_000:06}"
        for _try in range(5):
            alive.append(phone.get(address).status_code)
            phone.post(address, {"code": wrong})

    assert alive == [200] * 25
    assert phone.get(address).status_code == 404


def test_after_ten_minutes_the_code_is_over_and_the_text_is_not_sent_late(
    phone: Door, cast: Cast, address: str, clock: Clock
):
    phone.post(address, {"ask": "1"})
    code = newest_code(cast)
    with acting(clockwork(cast)):
        asked = Notice.objects.get(kind="link_code")
    clock(asked.queued_at + timedelta(minutes=10))
    answer = phone.post(address, {"code": code})
    leave(cast)
    with acting(clockwork(cast)):
        asked.refresh_from_db()

    assert answer.url.endswith("?kod=slut")
    assert asked.state == "cancelled"


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1234567"])
def test_what_is_no_code_is_said_at_the_field_and_not_counted(
    typed: str, phone: Door, cast: Cast, address: str
):
    phone.post(address, {"ask": "1"})
    answer = phone.post(address, {"code": typed})
    right = phone.post(address, {"code": f" {newest_code(cast)[:3]} {newest_code(cast)[3:]} "})

    assert answer.status_code == 200
    assert "Fel:" in text(answer)
    assert right.url == address


def test_more_than_five_codes_in_an_hour_is_no(phone: Door, cast: Cast, address: str):
    went = [phone.post(address, {"ask": "1"}).status_code for _turn in range(6)]

    assert went == [302] * 5 + [409]


def test_only_the_newest_code_is_good(phone: Door, cast: Cast, address: str, clock: Clock):
    phone.post(address, {"ask": "1"})
    first = newest_code(cast)
    clock(now_in(cast) + timedelta(minutes=1))
    phone.post(address, {"ask": "1"})

    assert phone.post(address, {"code": first}).url.endswith("?kod=fel")
    assert phone.post(address, {"code": newest_code(cast)}).url == address


def now_in(cast: Cast) -> Any:
    with acting(cast.siv):
        return now()


# --- the short reading --------------------------------------------------------------------------------------


def test_after_twenty_minutes_and_when_she_is_done_it_is_closed(
    phone: Door, cast: Cast, address: str, clock: Clock
):
    opened(cast, phone, address)
    kept = phone.cookies["humla_opening"].value
    at = now_in(cast)
    clock(at + timedelta(minutes=19))
    still = "Eva Ek" in text(phone.get(address))
    phone.post(address, {"close": "1"})
    phone.cookies["humla_opening"] = kept
    closed = "Eva Ek" in text(phone.get(address))
    opened(cast, phone, address)
    clock(at + timedelta(minutes=40))
    over = "Eva Ek" in text(phone.get(address))

    assert (still, closed, over) == (True, False, False)


def test_a_yes_taken_back_closes_the_open_page_in_the_same_second(
    phone: Door, cast: Cast, given: Disclosure, address: str
):
    opened(cast, phone, address)
    before = "Eva Ek" in text(phone.get(address))
    with acting(cast.siv):
        (theirs,) = [one for one in consents_of(given.case) if one.receiver_unit_id == cast.units["lena"].pk]
        consents.withdraw(theirs, by=cast.siv)
    after, printed = phone.get(address), phone.get(f"{address}?pdf")

    assert before
    assert (after.status_code, printed.status_code) == (404, 404)
    assert DEAD in text(after)


def test_called_back_it_is_dead_as_one_that_never_was(
    phone: Door, cast: Cast, given: Disclosure, address: str
):
    opened(cast, phone, address)
    with acting(cast.siv):
        actions.recall(Disclosure.objects.get(pk=given.pk), why="receiver", by=cast.siv)
    dead = phone.get(address)
    never = phone.get(reverse("opening_link", kwargs={"token": "a" * 43}))

    assert (dead.status_code, never.status_code) == (404, 404)
    assert cut(text(dead)) == cut(text(never))


def cut(page: str) -> str:
    """The page without what differs on every page."""
    return page[page.index("<h1>") : page.index("</main>")]


def test_the_rows_themselves_stay_closed_to_an_opened_link(
    phone: Door, cast: Cast, given: Disclosure, address: str
):
    opened(cast, phone, address)
    with acting(clockwork(cast)):
        (row,) = Link.objects.all()
    unit = cast.units["lena"]
    link = Actor(Kind.LINK, association_id=row.association_id, id=row.pk, unit_id=unit.pk, role="opened")
    tables = (
        "disclosures_documentpart",
        "cases_case",
        "people_person",
        "disclosures_disclosure",
        "disclosures_receivedcopy",
        "disclosures_reply",
    )

    assert [in_rows(f"SELECT 1 FROM {one}", link) for one in tables] == [0] * len(tables)
    with acting(link):
        assert DocumentPart.objects.count() == 0


def test_the_neutral_link_of_a_summons_opens_nothing_with_a_code(phone: Door, cast: Cast, clock: Clock):
    summons = summoned_clinic(cast)
    clock(summons.leaves_at)
    neutral = factories.link_in_letter(summons, unit=cast.units["lena"])

    assert phone.get(reverse("opening_link", kwargs={"token": neutral})).status_code == 404


def test_nobody_but_an_opened_link_gets_anything_out_of_its_functions(
    cast: Cast, given: Disclosure, address: str, clock: Clock
):
    """Signed in, the clock, a neutral link that says it is opened, and an opening link before its code."""
    summons = summoned_clinic(cast, name="Berit Björk", number="196411182394")
    clock(summons.leaves_at)
    factories.link_in_letter(summons, unit=cast.units["lena"])
    with acting(clockwork(cast)):
        neutral, opening = (Link.objects.get(kind=kind) for kind in ("neutral", "opening"))
    link = Actor(Kind.LINK, association_id=cast.association.pk, unit_id=cast.units["lena"].pk)
    tried = {
        "siv": cast.siv,
        "lena": cast.lena,
        "clock": clockwork(cast),
        "neutral": replace(link, id=neutral.pk, role="opened"),
        "before its code": replace(link, id=opening.pk),
    }
    for who, actor in tried.items():
        assert (who, in_rows("SELECT * FROM opened_parts()", actor)) == (who, 0)
        for order in (
            "receive_opened()",
            "write_reply(gen_random_uuid(), gen_random_uuid(), 'x')",
            "close_opening()",
        ):
            with acting(actor), connection.cursor() as cursor:
                cursor.execute(f"SELECT {order}")
                assert (who, order, cursor.fetchone()) == (who, order, (False,))


def test_a_summons_is_read_whole_with_a_code_and_names_its_person_only_then(
    phone: Door, cast: Cast, clock: Clock
):
    summons = summoned_clinic(cast)
    clock(summons.leaves_at)
    leave(cast)
    with acting(clockwork(cast)):
        letter = Notice.objects.get(about_id=summons.pk)
    path = reverse("opening_link", kwargs={"token": token_of(letter.pk, opens=True)})
    before = text(phone.get(path))
    opened(cast, phone, path)
    page = text(phone.get(path))

    assert "Läs kallelsen med en engångskod" in before
    assert "Eva" not in before
    assert "Eva Ek" in page
    assert "Kallelse till möte" in page


def summoned_clinic(cast: Cast, **whom: str) -> Any:
    return factories.summoned(cast, by=cast.siv, to=cast.units["lena"], **whom)


# --- receipt and answer -------------------------------------------------------------------------------------


def test_the_clinic_gives_its_receipt_and_answers_in_its_own_words(
    phone: Door, cast: Cast, given: Disclosure, address: str, sign_in: SignIn
):
    opened(cast, phone, address)
    received = phone.post(address, {"receive": "1"})
    empty = phone.post(address, {"text": "  "})
    done = phone.post(address, {"text": "Hon har en tid hos oss i mars.\nHälsningar mottagningen"})
    thanks = text(phone.get(address))
    page = text(
        sign_in(cast.siv).get(
            reverse("disclosed", kwargs={"case_id": given.case_id, "disclosure_id": given.pk})
        )
    )

    version = text(
        sign_in(cast.siv).get(reverse("plan_version", kwargs={"case_id": given.case_id, "version": 1}))
    )

    assert "har svarat" in version
    assert (received.status_code, empty.status_code, done.status_code) == (302, 200, 302)
    assert "Skriv ert svar." in text(empty)
    assert "Svaret är skickat" in thanks
    assert "Hon har en tid hos oss i mars." in page
    assert "mottagen" in page
    with person_acting(cast.eva):
        assert Reply.objects.get().text.startswith("Hon har en tid")
    for who in (cast.amir, cast.lena, cast.nils):
        with acting(who):
            assert Reply.objects.count() == 0


def test_the_answer_is_sealed_in_the_database(phone: Door, cast: Cast, given: Disclosure, address: str):
    opened(cast, phone, address)
    phone.post(address, {"text": "Hon har en tid hos oss i mars."})
    with acting(cast.siv), connection.cursor() as cursor:
        cursor.execute("SELECT text FROM disclosures_reply")
        (raw,) = cursor.fetchone()

    assert "mars" not in raw


def test_an_answer_that_is_never_opened_is_never_written(phone: Door, cast: Cast, address: str):
    answer = phone.post(address, {"text": "Vem gäller det?"})

    assert answer.status_code == 200
    with acting(cast.siv):
        assert Reply.objects.count() == 0


def test_the_letter_has_the_address_and_the_demonstration_shows_the_code(
    phone: Door, cast: Cast, address: str
):
    phone.post(address, {"ask": "1"})
    leave(cast)
    page = text(phone.get(reverse("demo_mail")))

    assert urlsplit(address).path in page
    assert newest_code(cast) in page
    assert CLINIC_PHONE in page


def test_after_a_month_the_clock_forgets_what_was_asked_for(
    phone: Door, cast: Cast, address: str, clock: Clock
):
    phone.post(address, {"ask": "1"})
    at = now_in(cast)
    clock(at + timedelta(days=29))
    with acting(Actor(Kind.SYSTEM)):
        early = forget_openings(by=Actor(Kind.SYSTEM))
    clock(at + timedelta(days=31))
    with acting(cast.siv):
        hers = forget_openings(by=Actor(Kind.SYSTEM))  # Only the context decides.
    with acting(Actor(Kind.SYSTEM)):
        late = forget_openings(by=Actor(Kind.SYSTEM))

    assert (early, hers, late) == (0, 0, 1)
