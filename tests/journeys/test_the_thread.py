"""The main job, from sign-in to the page that no longer opens, by the five people it concerns.

One story on purpose: each step stands on the one before. Who may see which rows is tried cell by cell
elsewhere (`tests/test_who_may_see_what.py`); here it is tried that the pages lead there.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pikepdf
import pytest
from playwright.sync_api import Page, expect

from tests import cast as the_cast
from tests.core.test_document import squeezed, words
from tests.journeys import pictures, steps

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OWN_GOAL = "Jag vill orka vara med mina barn på sportlovet."
VISIT = "Boka studiebesök på Återbruket"
REFERRAL = "Skriva remiss till neuropsykiatrisk utredning"
SUMMONS = "Kalla till möte om stöd till arbetsgivare"
SITUATION = "Försörjningsstöd sedan två år."


@dataclass
class Addresses:
    """What there is to know the address of."""

    case: str
    version: str = ""
    received: str = ""
    taken_in: str = ""


def test_the_thread(person_at: Callable[..., Page], a_minute_passes: Callable[[], None]) -> None:
    siv = person_at("Siv Sandberg")
    assert steps.path_of(siv) == "/idag/"
    there = Addresses(_a_case_opens(siv))
    steps.say_yes_to_a_plan(siv, there.case)
    _a_plan_without_its_parts_is_not_adopted(siv, there.case)
    _the_plan_is_written(siv, there.case)
    preview = _the_preview_comes_before_the_yes(siv, there.case)
    there.version = _it_is_adopted_and_handed_over(siv, there.case)
    a_minute_passes()

    amir = person_at("Amir Haddad")
    _amir_reads_what_the_preview_showed(amir, there, preview)
    _the_pdf_holds_the_same(amir, there.received)
    for name in ("Lena Lind", "Nils Nyman"):
        _nobody_else_can_know_of_it(person_at(name), there)

    eva = person_at("Eva Ek", width=390, phone=True)
    _eva_sees_it_all(eva)
    _eva_takes_her_yes_back(eva)
    _amirs_next_click_finds_nothing(amir, there)


def _a_case_opens(siv: Page) -> str:
    case = steps.open_case(siv, number=the_cast.EVA, name="Eva Ek")
    siv.get_by_role("link", name="Mina ärenden").first.click()
    pictures.take(siv, "mina-arenden")
    siv.get_by_role("link", name="Nytt ärende").first.click()
    pictures.take(siv, "nytt-arende")
    siv.get_by_role("link", name="Mina ärenden").first.click()
    siv.get_by_role("row").filter(has_text="Eva Ek").first.get_by_role("link").click()
    assert steps.path_of(siv) == case
    return case


def _a_plan_without_its_parts_is_not_adopted(siv: Page, case: str) -> None:
    steps.begin_plan(siv, case)
    steps.write_own_goal(siv, case, OWN_GOAL)
    siv.get_by_role("link", name="Läs igenom och fastställ").click()

    expect(siv.get_by_role("button", name="Fastställ version 1")).to_be_disabled()
    missing = "Det står inte vilka insatser som behövs."
    assert siv.get_by_text(missing).count() == 2, (
        "once in the list of what is missing, once beside the button"
    )
    assert siv.get_by_text("Det står inte vem som har det övergripande ansvaret").count() == 1


def _the_plan_is_written(siv: Page, case: str) -> None:
    steps.write_goal(siv, case, area="Försörjning", situation=SITUATION, goal="En egen inkomst.")
    steps.write_row(siv, who="Arbetsmarknadstorget", what=VISIT)
    steps.write_row(siv, who="Psykiatrin Humlesund", what=REFERRAL, kind="Hälsa")
    steps.write_row(siv, who="AF Humlesund", what=SUMMONS)
    steps.write_row(siv, who="Personen själv", what="Ringa vårdcentralen")
    steps.settle(siv, case, huvudman="Humlesunds kommun", lead="Siv Sandberg")
    assert [steps.rows_saying(siv, what) for what in (VISIT, REFERRAL, SUMMONS)] == [1, 1, 1]
    pictures.take(siv, "plan")


def _the_preview_comes_before_the_yes(siv: Page, case: str) -> dict[str, str]:
    steps.go(siv, case, "samtycke/nytt/")
    steps.choose_receiver(siv, "AF Humlesund", ["Planering", "Behov"])
    shown = siv.locator("#preview")
    expect(shown).to_contain_text(SITUATION)
    expect(shown).to_contain_text("AF Humlesund")
    expect(shown).to_contain_text(VISIT)
    expect(shown).not_to_contain_text(REFERRAL)
    pictures.take(siv, "samtycke-forhandsvisning")
    preview = steps.parts_in(shown)
    steps.save_consent(siv)
    return preview


def _it_is_adopted_and_handed_over(siv: Page, case: str) -> str:
    steps.go(siv, case, "plan/faststall/")
    pictures.take(siv, "faststall")
    version = steps.adopt(siv, case)
    pictures.take(siv, "lamna-ut")
    steps.hand_over(siv, version, "AF Humlesund")
    steps.go(siv, case)
    pictures.take(siv, "arendet")
    return version


def _amir_reads_what_the_preview_showed(amir: Page, there: Addresses, preview: dict[str, str]) -> None:
    amir.goto("/mottaget/")
    assert amir.get_by_text("Eva").count() == 0, "who it is about is for the one who takes it in"
    pictures.take(amir, "mottaget")
    there.taken_in = amir.get_by_role("link", name="Ta emot").first.get_attribute("href") or ""
    there.received = steps.take_in(amir)
    pictures.take(amir, "mottagen-plan")

    read = steps.parts_in(amir)
    assert list(read) == list(preview) == ["Behov", "Planering", "Person"]
    # That it is a draft is the only thing the preview says that the adopted plan does not.
    assert steps.without_head(read) == steps.without_head(preview)
    assert "utkast till version 1" in preview["Person"]
    assert [one in amir.content() for one in (OWN_GOAL, VISIT, REFERRAL)] == [True, True, False]


def _the_pdf_holds_the_same(amir: Page, received: str) -> None:
    with amir.expect_download() as download:
        amir.get_by_role("link", name="Hämta som pdf").click()
    content = download.value.path().read_bytes()
    with pikepdf.open(BytesIO(content)) as pdf:
        text = squeezed(words(pdf))
        assert str(pdf.Root.Lang) == "sv"
    assert [squeezed(one) in text for one in (OWN_GOAL, VISIT, REFERRAL)] == [True, True, False]
    assert REFERRAL.encode() not in content
    assert "Eva" not in download.value.suggested_filename


def _nobody_else_can_know_of_it(page: Page, there: Addresses) -> None:
    case, made_up = there.case.split("/")[2], str(uuid.uuid4())
    disclosure = there.taken_in.split("/")[2]
    real = [there.case, f"{there.case}plan/", there.version, f"{there.version}pdf/", there.received]
    real += [f"{there.received}pdf/", there.taken_in, f"{there.case}samtycke/", f"{there.case}person/"]
    for address in real:
        false = address.replace(case, made_up).replace(disclosure, made_up)
        assert false != address
        found, missed = page.request.get(address), page.request.get(false)
        assert (found.status, found.body()) == (404, missed.body()), address
    for its_list in ("/arenden/", "/mottaget/"):
        page.goto(its_list)
        assert page.get_by_text("Eva").count() == 0
        assert page.locator(f"a[href*='{case}'], a[href*='{disclosure}']").count() == 0


def _eva_sees_it_all(eva: Page) -> None:
    assert steps.path_of(eva) == "/min-sida/"
    assert eva.title() == "Min sida", "whoever stands behind her reads the tab"
    expect(eva.get_by_text(OWN_GOAL).first).to_be_visible()
    expect(eva.get_by_role("heading", name="AF Humlesund")).to_be_visible()
    expect(eva.get_by_text("Planen lämnades ut")).to_be_visible()
    pictures.take(eva, "min-sida-390")
    eva.get_by_role("link", name="Öppna planen").click()
    expect(eva.get_by_text(REFERRAL)).to_be_visible()
    eva.get_by_role("link", name="Vem har läst").click()
    amirs = eva.get_by_role("listitem").filter(has_text="AF Humlesund").filter(has_text="genom ditt samtycke")
    expect(amirs).to_have_count(1)
    pictures.take(eva, "vem-har-last-390")
    eva.get_by_text("klockslag").first.click()
    assert amirs.filter(has_text="tog en kopia").count() >= 1, "the folded line, and each time by the clock"
    assert amirs.count() >= 3, "the folded line, the page and the pdf"


def _eva_takes_her_yes_back(eva: Page) -> None:
    eva.get_by_role("link", name="Min sida").click()
    eva.get_by_role("link", name="Ta tillbaka").click()
    steps.press(eva, "Ta tillbaka samtycket")
    expect(eva.get_by_text("Ditt samtycke är tillbakataget.")).to_be_visible()


def _amirs_next_click_finds_nothing(amir: Page, there: Addresses) -> None:
    never_was = amir.request.get(there.received.replace(there.case.split("/")[2], str(uuid.uuid4())))
    answer = amir.goto(there.received)
    assert answer is not None
    assert (answer.status, answer.body()) == (404, never_was.body())
    assert amir.request.get(f"{there.received}pdf/").status == 404
    amir.goto("/overenskommelsen/")
    pictures.take(amir, "overenskommelsen")
