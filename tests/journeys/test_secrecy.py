"""From the person's own yes to a copy that is called back, and who has looked: by those it concerns.

One story on purpose: each step stands on the one before. Who may do what is tried cell by cell elsewhere
(`tests/test_who_may_see_what.py`), the races by `./humla prove withdrawal`; here, that the pages lead there.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from humla.cases.models import Case
from humla.core.context import acting
from humla.ops.jobs import send
from humla.plans import actions as plan_actions
from tests import cast as the_cast
from tests import factories
from tests.journeys import pictures, steps
from tests.journeys.conftest import Beside, Live, Windows, inside

pytestmark = [pytest.mark.browser, pytest.mark.slow]

UNIT, CLINIC = "AF Humlesund", "Psykiatrin Humlesund"
SITUATION = "Försörjningsstöd sedan två år."
VISIT = "Boka studiebesök"
WHY = "Arbetsförmedlingen letar praktikplats, och behöver veta vad ni kom fram till på mötet."
INSTEAD = "Siv letar praktikplats tillsammans med dig, utan Arbetsförmedlingen."
DOUBT = "Varför läste Siv min plan en söndag?"
ANSWER = "Siv håller ihop din plan och hade jour. Hon skulle läsa den. Ring mig gärna."


@dataclass
class There:
    """Whom it is about, and what there is to know the address of."""

    number: str
    made: Case
    case: str
    version: str

    @property
    def reference(self) -> str:
        """The code of the case."""
        return str(self.made.reference)


@pytest.fixture
def there(everybody: the_cast.Cast, beside: Beside, new_number: Callable[[], str]) -> There:
    """Eva's plan is adopted; nobody but those who wrote it may read it."""
    number, siv = new_number(), everybody.siv
    with beside():
        case = factories.agreed(factories.open_case(everybody, by=siv, number=number), by=siv)
        plan = factories.whole_plan(everybody, case, by=siv)
        with acting(siv):
            plan_actions.adopt(plan, version=plan.version, by=siv)
    at = f"/arenden/{case.pk}/"
    return There(number, case, at, f"{at}plan/version/1/")


@pytest.fixture
def the_post_goes(
    live: Live, django_db_blocker: Any, a_minute_passes: Callable[[], None]
) -> Callable[[], None]:
    """What waits to leave leaves: letters to mailboxes, codes to telephones."""

    def go() -> None:
        a_minute_passes()
        leaves = override_settings(MAIL_LEAVES=True, SMS_LEAVES=True, PUBLIC_URL=live.url)
        with inside(live.database, django_db_blocker), leaves:
            send(timestamp=0)

    return go


# --- her yes, what it opens and what it closes --------------------------------------------------------------


def test_secrecy_all_the_way(
    there: There, at_once: Callable[..., Page], everybody: the_cast.Cast, a_minute_passes: Callable[[], None]
) -> None:
    siv, amir = at_once(everybody.siv), at_once(everybody.amir)
    eva = at_once(there.number, width=390, phone=True)
    _siv_asks_the_person(siv, there)
    _eva_says_yes_to_some_of_it(eva)
    steps.hand_over(siv, there.version, UNIT)
    a_minute_passes()
    given = _the_act(siv, there)
    live_page = _amir_reads(amir, given)
    copy = _amir_receives_his_copy(amir, there)
    _eva_takes_it_back(eva)
    _the_live_page_is_gone_and_the_copy_is_not(amir, live_page, copy)
    _siv_calls_it_back(siv, given)
    _the_copy_is_closed(amir, copy)
    _eva_asks_why_somebody_looked(eva)
    _the_manager_answers(at_once(everybody.ylva), there)
    _eva_reads_the_answer(eva)


def _siv_asks_the_person(siv: Page, there: There) -> None:
    steps.go(siv, there.case, "samtycke/")
    siv.get_by_role("link", name="Fråga personen").click()
    steps.choose_unit(siv, "Vem skulle få veta?", UNIT)
    for kind in ("Planering", "Behov", "Ekonomi"):
        siv.get_by_role("checkbox", name=kind).check()
    siv.get_by_label("Till och med").fill(steps.LATER.isoformat())
    siv.get_by_label("Varför behöver de veta?").fill(WHY)
    siv.get_by_label("Vad händer om svaret är nej?").fill(INSTEAD)
    siv.get_by_role("radio", name="Själv, inloggad på sin sida").check()
    expect(siv.locator("#preview")).to_contain_text(factories.BUDGET)
    pictures.take(siv, "fraga-personen")
    steps.press(siv, "Spara frågan")
    expect(siv.get_by_role("button", name="Ta tillbaka frågan")).to_be_visible()


def _eva_says_yes_to_some_of_it(eva: Page) -> None:
    eva.goto("/min-sida/")
    eva.get_by_role("link", name="Läs och svara").click()
    assert eva.title() == "Min sida", "whoever stands behind her reads the tab"
    shown = eva.locator("#preview")
    for kind in ("Planering", "Behov", "Ekonomi"):
        expect(eva.get_by_role("checkbox", name=kind)).not_to_be_checked()
        eva.get_by_role("checkbox", name=kind).check()
    expect(shown).to_contain_text(factories.BUDGET)
    eva.get_by_role("checkbox", name="Ekonomi").uncheck()
    expect(shown).not_to_contain_text(factories.BUDGET)
    expect(shown).to_contain_text(SITUATION)
    pictures.take(eva, "fragan-390")
    pictures.take(eva, "fragan-forhandsvisning-390", at="#preview-title")
    steps.press(eva, "Ja, till det jag har kryssat i")
    expect(eva.get_by_text("Ditt ja är sparat.")).to_be_visible()


def _the_act(siv: Page, there: There) -> str:
    """Where Siv sees what has become of it."""
    siv.goto(there.version)
    siv.get_by_role("link", name="Kvitto, svar och återkallelse").click()
    expect(siv.get_by_text("Inte kvitterad av enheten än.")).to_be_visible()
    return steps.path_of(siv)


def _amir_reads(amir: Page, given: str) -> str:
    amir.goto(f"/mottaget/{given.strip('/').rpartition('/')[2]}/ta-emot/")
    steps.press(amir, "Ta emot")
    expect(amir.get_by_text("Nu kan du läsa det.")).to_be_visible()
    page = amir.content()
    read = [one in page for one in (SITUATION, VISIT, factories.BUDGET, factories.REFERRAL)]
    assert read == [True, True, False, False]
    return steps.path_of(amir)


def _amir_receives_his_copy(amir: Page, there: There) -> str:
    amir.get_by_role("link", name="Mottagna handlingar").first.click()
    row = amir.get_by_role("row").filter(has_text=there.reference)
    pictures.take(amir, "mottagna-handlingar")
    row.get_by_role("link").first.click()
    steps.press(amir, "Kvittera")
    expect(amir.get_by_text("mottagen", exact=True)).to_be_visible()
    assert [one in amir.content() for one in (SITUATION, factories.BUDGET)] == [True, False]
    pictures.take(amir, "mottagen-handling")
    return steps.path_of(amir)


def _eva_takes_it_back(eva: Page) -> None:
    eva.goto("/min-sida/")
    eva.get_by_role("link", name="Ta tillbaka").click()
    steps.press(eva, "Ta tillbaka samtycket")
    expect(eva.get_by_text("Ditt samtycke är tillbakataget.")).to_be_visible()
    expect(eva.get_by_role("heading", name="Det här hade de redan fått")).to_be_visible()
    pictures.take(eva, "tillbakataget-390")


def _the_live_page_is_gone_and_the_copy_is_not(amir: Page, live_page: str, copy: str) -> None:
    answer = amir.goto(live_page)
    assert answer is not None
    assert answer.status == 404
    amir.goto(copy)
    expect(amir.get_by_text(SITUATION)).to_be_visible()


def _siv_calls_it_back(siv: Page, given: str) -> None:
    siv.goto(given)
    expect(siv.get_by_text("mottagen", exact=True)).to_be_visible()
    siv.get_by_role("radio", name="Innehållet var fel").check()
    pictures.take(siv, "aterkalla-handling")
    steps.press(siv, "Återkalla handlingen")
    expect(siv.get_by_text("Handlingen är återkallad")).to_be_visible()


def _the_copy_is_closed(amir: Page, copy: str) -> None:
    amir.goto(copy)
    expect(amir.get_by_text("Handlingen är återkallad").first).to_be_visible()
    assert SITUATION not in amir.content()
    assert amir.request.get(f"{copy}pdf/").status == 404
    assert amir.request.get(f"{copy}text/").status == 404
    pictures.take(amir, "handlingen-aterkallad")


# --- who has looked -----------------------------------------------------------------------------------------


def _eva_asks_why_somebody_looked(eva: Page) -> None:
    eva.goto("/min-sida/vem-har-last/")
    eva.get_by_text("klockslag").first.click()
    line = eva.get_by_role("listitem").filter(has_text="Arbetsmarknadstorget", has_not_text="samtycke")
    line.get_by_role("link", name="Det ser fel ut").first.click()
    eva.get_by_label("Vad är det som ser fel ut?").fill(DOUBT)
    pictures.take(eva, "det-ser-fel-ut-390")
    steps.press(eva, "Fråga varför")
    expect(eva.get_by_text("väntar på svar")).to_be_visible()


def _the_manager_answers(ylva: Page, there: There) -> None:
    ylva.goto("/fragor-om-lasning/")
    ylva.get_by_role("row").filter(has_text=there.reference).get_by_role("link").first.click()
    told = ylva.locator("main").inner_text()
    assert [one in told for one in (DOUBT, "Siv Sandberg", "Eva", SITUATION)] == [True, True, False, False]
    ylva.get_by_label("Ditt svar till personen").fill(ANSWER)
    pictures.take(ylva, "svara-om-lasning")
    steps.press(ylva, "Svara personen")
    expect(ylva.get_by_text("Svaret är skickat.")).to_be_visible()


def _eva_reads_the_answer(eva: Page) -> None:
    eva.goto("/min-sida/")
    eva.get_by_role("link", name="Läs svaret").click()
    expect(eva.get_by_text(ANSWER)).to_be_visible()


# --- where nobody has an account ----------------------------------------------------------------------------


def test_a_code_opens_what_has_come_where_nobody_has_an_account(
    there: There,
    windows: Windows,
    at_once: Callable[..., Page],
    everybody: the_cast.Cast,
    beside: Beside,
    the_post_goes: Callable[[], None],
) -> None:
    with beside():
        factories.consent(there.made, everybody.units["lena"], by=everybody.siv)
    siv = at_once(everybody.siv)
    steps.hand_over(siv, there.version, CLINIC)
    the_post_goes()
    phone = windows.blank(width=390, phone=True)
    phone.goto(_newest_letter(windows, "psyk@region.example", "/oppna/"))
    before = phone.locator("body").inner_text()
    assert [one for one in ("Eva", there.reference, SITUATION) if one in before] == []
    steps.press(phone, "Skicka kod till telefonen")
    the_post_goes()
    code = _newest_code(windows)
    phone.get_by_role("textbox", name="Engångskod").fill(f"{code[:3]} {code[3:]}")
    pictures.take(phone, "engangskod-390")
    steps.press(phone, "Öppna")
    expect(phone.get_by_text(SITUATION)).to_be_visible()
    steps.press(phone, "Kvittera")
    phone.get_by_label("Ert svar").fill("Vi ringer på torsdag.")
    pictures.take(phone, "oppnad-med-kod-390")
    steps.press(phone, "Skicka svaret")
    steps.press(phone, "Klar, stäng")
    assert SITUATION not in phone.content()

    siv.goto(there.version)
    expect(siv.get_by_text("har svarat")).to_be_visible()
    siv.get_by_role("link", name="Kvitto, svar och återkallelse").click()
    expect(siv.get_by_text("Vi ringer på torsdag.")).to_be_visible()


def _newest_letter(windows: Windows, to: str, leads: str) -> str:
    """Where the newest letter to this mailbox leads, read in the demonstration's post."""
    post = windows.blank()
    post.goto("/demonstration/post/")
    letter = post.locator(".card").filter(has_text=to).first
    return letter.locator(f"a[href*='{leads}']").get_attribute("href") or ""


def _newest_code(windows: Windows) -> str:
    """What the newest text to the clinic's telephone says."""
    post = windows.blank()
    post.goto("/demonstration/post/")
    found = re.search(r"Engångskod till Humla: (\d{6})", post.locator("main").inner_text())
    assert found is not None
    return found[1]
