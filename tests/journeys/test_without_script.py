"""The main job with JavaScript turned off: every page of it works as links and forms."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.journeys import steps

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROW, REFERRAL = "Boka studiebesök på Återbruket", "Skriva remiss till neuropsykiatrisk utredning"


def test_from_a_new_case_to_a_handed_over_plan(
    at_once: Callable[..., Page],
    everybody: Cast,
    new_number: Callable[[], str],
    a_minute_passes: Callable[[], None],
) -> None:
    siv = at_once(everybody.siv, script=False)
    siv.goto("/arenden/")
    case = steps.open_case(siv, number=new_number(), name="Noa Nord")
    steps.say_yes_to_a_plan(siv, case)
    steps.begin_plan(siv, case)
    steps.write_own_goal(siv, case, "Jag vill ha ett jobb där jag får röra på mig.")
    steps.write_goal(siv, case, area="Försörjning", situation="Försörjningsstöd.", goal="En egen inkomst.")
    steps.write_row(siv, who="Arbetsmarknadstorget", what=ROW)
    steps.write_row(siv, who="Psykiatrin Humlesund", what=REFERRAL, kind="Hälsa")
    steps.write_row(siv, who="Personen själv", what="Ringa vårdcentralen")
    steps.settle(siv, case, huvudman="Humlesunds kommun", lead="Siv Sandberg")
    preview = _see_before_saying_yes(siv, case)
    version = steps.adopt(siv, case)
    steps.hand_over(siv, version, "AF Humlesund")
    siv.get_by_role("form", name="Ångra: AF Humlesund").get_by_role("button").click()
    siv.get_by_text("Ångrat. Inget har skickats till AF Humlesund.").wait_for()
    steps.hand_over(siv, version, "AF Humlesund")
    a_minute_passes()

    amir = at_once(everybody.amir, script=False)
    amir.goto("/mottaget/")
    steps.take_in(amir)
    read = steps.parts_in(amir)
    assert len(read) == len(preview) == 3
    assert steps.without_head(read) == steps.without_head(preview)
    assert [words in amir.content() for words in ("Noa Nord", ROW, REFERRAL)] == [True, True, False]


def _see_before_saying_yes(siv: Page, case: str) -> dict[str, str]:
    steps.go(siv, case, "samtycke/nytt/")
    first = siv.locator("form").filter(has=siv.get_by_role("button", name="Förhandsgranska"))
    steps.choose_receiver(first, "AF Humlesund", ["Planering", "Behov"])
    steps.press(first, "Förhandsgranska")
    expect(siv.get_by_text("Så här ser det ut för AF Humlesund")).to_be_visible()
    preview = steps.parts_in(siv)
    assert [ROW in siv.content(), REFERRAL in siv.content()] == [True, False]

    siv.get_by_role("link", name="Skriv in samtycket").click()
    give = siv.locator("form").filter(has=siv.get_by_role("button", name="Spara samtycket"))
    ticked = give.get_by_role("checkbox", name="Hälsa"), give.get_by_role("checkbox", name="Planering")
    assert [box.is_checked() for box in ticked] == [False, True], "what was seen is what is asked for"
    steps.save_consent(siv)
    return preview
