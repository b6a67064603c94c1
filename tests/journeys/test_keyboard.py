"""Everything with the keys alone: from the list of cases to an adopted plan, and out of an error again.

At each stop of Tab it must show where one is. Not here: what a screen reader says, which is tried by hand.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from humla.core.context import acting
from humla.plans import actions as plan_actions
from tests import factories
from tests.cast import Cast
from tests.journeys import steps
from tests.journeys.conftest import Beside

pytestmark = pytest.mark.browser

FAR = 90
ROW = "Boka studiebesök på Återbruket"

# Where the focus is: its words, whether it can be seen there, and whether it is marked.
_FOCUS = """() => {
    const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return {
        words: [one.ariaLabel, ...[...(one.labels || [])].map(label => label.textContent), one.textContent]
            .join(" ").replace(/\\s+/g, " ").trim(),
        shown: box.width > 8 && box.height > 8 && box.bottom > 0 && box.top < innerHeight
            && box.right > 0 && box.left < innerWidth,
        // A part of a date field has the focus instead of the field: the browser marks the part itself.
        marked: ring || style.boxShadow !== "none" || !one.matches(":focus"),
        at: one.outerHTML.slice(0, 120),
    };
}"""


@pytest.fixture
def kajs_plan(beside: Beside, everybody: Cast, new_number: Callable[[], str]) -> str:
    """A case where one row is all that is missing, and another, so that there is a list; its address."""
    siv = everybody.siv
    with beside():
        case = factories.open_case(everybody, by=siv, number=new_number(), name="Kaj Kant")
        factories.agreed(case, by=siv)
        factories.open_case(everybody, by=siv, number=new_number(), name="Kim Kull")
        with acting(siv):
            plan = plan_actions.start_plan(case, by=siv)
            plan_actions.settle(
                plan,
                accountable_party=everybody.parties["Humlesunds kommun"],
                lead_id=siv.id,
                nothing_by_others=True,
                follow_up_on=steps.LATER,
                version=plan.version,
                by=siv,
            )
        return f"/arenden/{case.pk}/"


def test_from_the_list_to_an_adopted_plan(
    at_once: Callable[..., Page], everybody: Cast, kajs_plan: str
) -> None:
    page = at_once(everybody.siv)
    page.goto("/arenden/")
    _the_first_stop_leads_past_the_menu(page)

    _tab_to(page, "Kaj Kant")
    _enter(page)
    _tab_to(page, "Planen")
    _enter(page)
    assert steps.path_of(page) == f"{kajs_plan}plan/"

    _tab_to(page, "Vem?")
    page.keyboard.type("Arbetsmark")
    _tab_to(page, "Vad ska göras?")
    page.keyboard.type(ROW)
    _tab_to(page, "Slag av uppgift")
    page.keyboard.type("Planer")
    _tab_to(page, "Slag av uppgift")
    page.keyboard.type("Planer")
    _tab_to(page, "Spara raden")
    _enter(page, "Space")
    expect(page.get_by_text("Raden är sparad.")).to_be_visible()
    expect(page.get_by_label("Vad ska göras?")).to_be_focused()

    _tab_to(page, "Läs igenom och fastställ", "Shift+Tab")
    _enter(page)
    _tab_to(page, "Ja")
    page.keyboard.press("Space")
    _tab_to(page, "Fastställ version 1")
    _enter(page, "Space")
    expect(page.get_by_text("Version 1 är fastställd.")).to_be_visible()
    assert page.get_by_role("row").filter(has_text=ROW).filter(has_text="Arbetsmarknadstorget").count() == 1


def test_an_error_takes_the_focus_and_leads_to_its_field(
    at_once: Callable[..., Page], everybody: Cast, kajs_plan: str
) -> None:
    page = at_once(everybody.siv)
    for where, button, label in (
        ("plan/mal/nytt/", "Spara", "Livsområde"),
        ("samtycke/plan/", "Spara svaret", "Ja, gör en plan"),
    ):
        steps.go(page, kajs_plan, where)
        _tab_to(page, button)
        _enter(page)
        expect(page.get_by_role("alert").first).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_label(label).first).to_be_focused()


def test_the_keys_tell_what_they_do(at_once: Callable[..., Page], everybody: Cast, kajs_plan: str) -> None:
    page = at_once(everybody.siv)
    page.goto("/arenden/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Kortkommandon")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()

    page.keyboard.press("/")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    page.keyboard.type("kaj/?2")
    assert search.input_value() == "kaj/?2", "a field that is written in keeps its signs"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("7")
    page.wait_for_url("**/overenskommelsen/")


def _the_first_stop_leads_past_the_menu(page: Page) -> None:
    page.keyboard.press("Tab")
    focus = page.evaluate(_FOCUS)
    assert (focus["words"], focus["shown"]) == ("Hoppa till innehållet", True)
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.get_by_role("main").locator(":focus").count() == 1


def _tab_to(page: Page, words: str, key: str = "Tab") -> None:
    """On until the focus stands where it says so; every stop on the way shows that one is there."""
    for _each in range(FAR):
        focus = page.evaluate(_FOCUS)
        if words in focus["words"] and "<main" not in focus["at"] and "<body" not in focus["at"]:
            return
        page.keyboard.press(key)
        focus = page.evaluate(_FOCUS)
        if "<body" not in focus["at"]:
            assert (focus["shown"], focus["marked"]) == (True, True), focus["at"]
    raise AssertionError(f"{words}: {FAR} stops, and not there")


def _enter(page: Page, key: str = "Enter") -> None:
    """Press, and be on the next page."""
    before = page.evaluate("() => performance.timeOrigin")
    page.keyboard.press(key)
    page.wait_for_function(
        "before => performance.timeOrigin !== before && document.readyState === 'complete'", arg=before
    )
