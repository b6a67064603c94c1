"""From worry to a held time: Eva asks, Siv takes it on, and everybody who is needed has a time. Nobody rings.

Five roles: Eva on her own phone, Siv at her desk, Amir signed in at Arbetsförmedlingen, Försäkringskassan by
the links in its letters and never signed in, and Karin, Eva's mother, on paper only. What each page holds is
tried where it lives; here the order of things, and that no step needs a telephone.
"""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Browser, Page, expect

from tests import cast as the_cast
from tests.journeys import steps
from tests.journeys.conftest import Windows, inside, running
from tests.journeys.samsip_story import Story, asked, says, tick, unfold, write

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORDS = "Jag får olika besked av alla och orkar inte ringa en gång till."
PURPOSE = "Ett samlat stöd tillbaka till arbete."
MOTHER = "Karin Ek"
FK_MAIL = "postlada@fk.example"
STREET = "Humlegatan 3\n855 00 Humlesund"


@pytest.fixture
def story(
    template: tuple[str, Path], browser: Browser, tmp_path_factory: Any, django_db_blocker: Any
) -> Iterator[Story]:
    """A Humla where nothing has happened yet."""
    with running(template[0], tmp_path_factory.mktemp("held"), django_db_blocker) as live:
        within = partial(inside, live.database, django_db_blocker)
        windows = Windows(live, browser, within, [])
        mail.outbox = []
        yield Story(live, windows, within)
        windows.close()


def test_from_worry_to_a_held_time(story: Story) -> None:
    phone = story.windows.blank(width=390, phone=True)
    receipt = _eva_asks(phone)
    siv = story.comes("Siv Sandberg")
    _siv_takes_it_over(story, siv)
    assert "Någon har tagit hand om din fråga" in _the_answer(
        story.windows.blank(width=390, phone=True), receipt
    )
    _she_says_yes(story, siv)
    _siv_offers_times(story, siv)

    eva = story.comes("Eva Ek", on_the_phone=True)
    _eva_says_which_times(eva)
    story.a_minute_passes()
    amir = story.comes("Amir Haddad")
    _amir_answers(amir)
    _the_office_answers_by_its_link(story)

    meeting = _siv_sets_the_time(story, siv)
    story.a_minute_passes()
    _karin_is_written_to(story, siv)
    _the_office_has_nothing_more_to_do(story)
    eva.goto("/min-sida/")
    steps.press(eva, "Ja, jag kommer")
    _karins_slip_comes_back(siv, meeting)

    says(siv, "4 av 4 kommer.")
    assert "ring" not in siv.locator("main").inner_text().casefold().split()
    story.nameless_letters(len(mail.outbox))


def _eva_asks(phone: Page) -> dict[str, str]:
    phone.goto("/be-om-samsip/")
    tick(phone, "Vem gäller det?", "Mig själv")
    steps.choose(asked(phone, "Var har du kontakt, eller var bor du?"), "Arbetsmarknadstorget")
    write(phone, "Vad behöver du hjälp med?", WORDS)
    write(phone, "Namn", "Eva Ek")
    write(phone, "Hur når vi dig?", "Sms till 070-174 06 05")
    steps.press(phone, "Skicka frågan")
    says(phone, "Din fråga är skickad")
    shown = phone.locator("main").inner_text()
    number, code = re.search(r"Nummer\s+(\S+)", shown), re.search(r"Kod\s+(\S+)", shown)
    assert number is not None
    assert code is not None
    return {"Nummer": number[1], "Kod": code[1]}


def _the_answer(phone: Page, receipt: dict[str, str]) -> str:
    phone.goto("/be-om-samsip/svar/")
    for label, value in receipt.items():
        write(phone, label, value)
    steps.press(phone, "Visa svaret")
    phone.get_by_role("heading", name="Svaret på din fråga").wait_for()
    return phone.locator("main").inner_text()


def _siv_takes_it_over(story: Story, siv: Page) -> None:
    siv.goto("/begaran/")
    siv.locator("main").get_by_role("table").get_by_role("link").first.click()
    says(siv, WORDS)
    steps.press(siv, "Ta över begäran")
    siv.get_by_role("link", name="Öppna ärendet").click()
    write(siv, "Personnummer eller samordningsnummer", the_cast.EVA)
    write(siv, "Förnamn", "Eva")
    write(siv, "Efternamn", "Ek")
    steps.press(siv, "Öppna ärendet")
    siv.get_by_role("heading", level=1, name="Eva Ek").wait_for()
    story.case = steps.path_of(siv)


def _she_says_yes(story: Story, siv: Page) -> None:
    siv.get_by_role("link", name="Skriv in svaret").first.click()
    siv.get_by_label("Ja, gör en plan").check()
    for unit, kinds in {"AF Humlesund": ("Planering", "Behov"), "FK Humlesund": ("Planering",)}.items():
        for kind in kinds:
            siv.get_by_role("group", name=unit).get_by_role("checkbox", name=kind).check()
    steps.press(siv, "Spara svaret")
    says(siv, "AF Humlesund och FK Humlesund får veta det ni kryssade i")


def _siv_offers_times(story: Story, siv: Page) -> None:
    siv.goto(f"{story.case}tider/nytt/")
    unfold(siv, "Fråga någon annan")
    steps.choose(asked(siv, "Någon annan"), "närstående")
    write(siv, "Namn", MOTHER)
    unfold(siv, "Om mötet")
    write(siv, "Varför möts vi?", PURPOSE)
    steps.press(siv, "Fråga personen först")
    says(siv, "Personen svarar först")


def _eva_says_which_times(eva: Page) -> None:
    """The veto is hers, and first: the others never see the time that she took away."""
    eva.goto("/min-sida/")
    eva.get_by_role("link", name=re.compile("tider", re.IGNORECASE)).first.click()
    boxes = eva.get_by_role("group", name="Vilka tider").first.get_by_role("checkbox")
    expect(boxes).to_have_count(3)
    boxes.nth(0).check()
    boxes.nth(1).check()
    steps.press(eva, "Skicka svaret")
    says(eva, "Tack. Du har svarat.")


def _amir_answers(amir: Page) -> None:
    amir.goto("/mottaget/")
    amir.get_by_role("region", name="Vilka tider kan ni?").get_by_role("link", name="Svara").click()
    boxes = amir.get_by_role("group", name="Vilka tider kan ni?").get_by_role("checkbox")
    expect(boxes).to_have_count(2)
    boxes.nth(1).check()
    steps.press(amir, "Skicka svaret")
    says(amir, "Tack. Svaret är sparat.")


def _the_office_answers_by_its_link(story: Story) -> None:
    phone = story.windows.blank(width=390, phone=True)
    phone.goto(_link_to(FK_MAIL, "Förslag på tider"))
    for box in phone.get_by_role("group", name="Vilka tider kan ni?").get_by_role("checkbox").all():
        box.check()
    steps.press(phone, "Skicka svaret")
    says(phone, "Tack")


def _siv_sets_the_time(story: Story, siv: Page) -> str:
    """Karin's times came back on paper; then the best time is chosen, and says why it is best."""
    siv.goto(story.case)
    siv.get_by_role("link", name="Se vem som kan när").first.click()
    _card(siv, MOTHER).get_by_role("link", name="Anteckna svar").click()
    steps.press(siv, "Alla tiderna går")
    steps.press(siv, "Bestäm tiden och kalla alla")
    siv.get_by_role("heading", level=2, name="Kallade").wait_for()
    return steps.path_of(siv)


def _karin_is_written_to(story: Story, siv: Page) -> None:
    siv.goto("/brev/")
    siv.get_by_role("listitem").filter(has_text=MOTHER).get_by_role("link", name="Skriv adress").click()
    tick(siv, "Hur ska brevet lämnas?", "brev med posten")
    write(siv, "Adress", STREET)
    steps.press(siv, "Spara")
    siv.goto("/brev/")
    siv.get_by_role("row").filter(has_text=MOTHER).get_by_role("checkbox").check()
    steps.press(siv, "Lagt på posten eller lämnat")
    siv.goto("/brev/?visa=skickade")
    says(siv, MOTHER)


def _the_office_has_nothing_more_to_do(story: Story) -> None:
    """Its yes to the time is its answer to the summons; the link says so, and lets it be changed."""
    phone = story.windows.blank(width=390, phone=True)
    phone.goto(_link_to(FK_MAIL, "Kallelse"))
    says(phone, "Tack. Ni har svarat")
    expect(phone.get_by_text("Ändra svaret", exact=True)).to_be_visible()


def _karins_slip_comes_back(siv: Page, meeting: str) -> None:
    siv.goto(meeting)
    _card(siv, MOTHER).get_by_role("link", name="Anteckna svar").click()
    tick(siv, "Svar", "kommer")
    steps.press(siv, "Spara svaret")
    says(siv, "Svaret är sparat.")


def _card(page: Page, who: str) -> Any:
    return page.locator(".card").filter(has_text=who).first


def _link_to(mailbox: str, subject: str) -> str:
    """The address in the newest letter of that kind to that mailbox."""
    letters = [one for one in mail.outbox if one.subject.startswith(subject) and one.to == [mailbox]]
    found = re.search(r"/svar/\S+", str(letters[-1].body))
    assert found is not None
    return found[0]
