"""Days when things go wrong: pressed twice, signed out, two at once, the wrong unit, the tab closed.

Nothing that somebody has typed may be lost, and nothing may happen twice. Each test is a day of its own case.
"""

from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest
from playwright.sync_api import Page, expect

from humla.cases.models import Case
from humla.core.context import acting
from humla.plans import actions as plan_actions
from humla.plans.visibility import plan_of
from tests import factories
from tests.cast import Cast
from tests.journeys import axe, steps
from tests.journeys.conftest import Beside, Live, sign_in_as

pytestmark = pytest.mark.browser

ROW = "Boka studiebesök på Återbruket"
GOAL = "En egen inkomst, men inte för varje pris."


@pytest.fixture
def case(beside: Beside, everybody: Cast, new_number: Callable[[], str]) -> str:
    """Somebody's case with a plan begun and one goal in it; its address."""
    siv = everybody.siv
    with beside():
        made = factories.open_case(everybody, by=siv, number=new_number(), name="Rut Regn")
        with acting(siv):
            plan = plan_actions.start_plan(made, by=siv)
            area = everybody.agreement.life_areas.order_by("position")[0]
            plan_actions.add_goal(plan, life_area=area, situation="", text="En egen inkomst.", by=siv)
    return f"/arenden/{made.pk}/"


@pytest.mark.parametrize("script", [True, False])
def test_pressed_twice_is_saved_once(
    at_once: Callable[..., Page], everybody: Cast, case: str, script: bool
) -> None:
    page = at_once(everybody.siv, script=script)
    steps.go(page, case, "plan/")
    row = steps.new_row(page)
    steps.fill_row(row, who="Arbetsmarknadstorget", what=ROW)
    row.get_by_role("button", name="Spara raden").dblclick()
    expect(page.get_by_text("Raden är sparad.")).to_be_visible()

    steps.go(page, case, "plan/")
    assert steps.rows_saying(page, ROW) == 1


def test_sent_again_as_it_was_happens_once(at_once: Callable[..., Page], everybody: Cast, case: str) -> None:
    page = at_once(everybody.siv)
    steps.go(page, case, "plan/")
    row = steps.new_row(page)
    steps.fill_row(row, who="Arbetsmarknadstorget", what=ROW)
    sent = row.evaluate("form => Object.fromEntries(new FormData(form))")
    answers = [
        page.request.post(f"{case}plan/atagande/nytt/", form=sent, max_redirects=0) for _each in range(2)
    ]
    assert [one.status for one in answers] == [302, 302]
    assert answers[0].headers["location"] == answers[1].headers["location"]

    steps.go(page, case, "plan/")
    assert steps.rows_saying(page, ROW) == 1


def test_signed_out_while_typing(
    person_at: Callable[..., Page], live: Live, everybody: Cast, case: str
) -> None:
    page = person_at("Siv Sandberg")
    steps.go(page, case, "plan/mal/nytt/")
    steps.choose(page.get_by_label("Livsområde"), "Boende")
    page.get_by_label("Mål", exact=True).fill(GOAL)
    _an_hour_passes(live, everybody.accounts[everybody.siv.id or UUID(int=0)])
    steps.press(page, "Spara")
    expect(page.get_by_role("heading", level=1)).to_have_text("Du har blivit utloggad")
    expect(page.get_by_role("paragraph").filter(has_text=GOAL)).to_be_visible()
    assert axe.one_look(page) == []

    with page.expect_popup() as opened:
        page.get_by_role("link", name="Logga in i en ny flik").click()
    sign_in_as(opened.value, "Siv Sandberg")
    opened.value.wait_for_url("**/idag/")
    steps.press(page, "Skicka igen")
    expect(page.get_by_text("Målet är tillagt.")).to_be_visible()
    assert page.get_by_text(GOAL).count() >= 1


def test_two_change_the_same_goal(at_once: Callable[..., Page], everybody: Cast, case: str) -> None:
    first, second = at_once(everybody.siv), at_once(everybody.siv)
    for page, words in ((first, "En egen inkomst till sommaren."), (second, GOAL)):
        steps.go(page, case, "plan/")
        page.get_by_role("link", name="Ändra målet").click()
        page.get_by_label("Mål", exact=True).fill(words)
    steps.press(first, "Spara")
    expect(first.get_by_text("Målet är ändrat.")).to_be_visible()

    steps.press(second, "Spara")
    expect(second.get_by_text("Din text").first).to_be_visible()
    expect(second.get_by_text("En egen inkomst till sommaren.").first).to_be_visible()
    assert second.get_by_label("Mål", exact=True).input_value() == GOAL
    assert axe.one_look(second) == []

    steps.press(second, "Spara")
    expect(second.get_by_text("Målet är ändrat.")).to_be_visible()
    assert [second.get_by_text(words).count() > 0 for words in (GOAL, "till sommaren")] == [True, False]


def test_two_write_about_different_things(at_once: Callable[..., Page], everybody: Cast, case: str) -> None:
    first, second = at_once(everybody.siv), at_once(everybody.siv)
    steps.go(first, case, "plan/eget-mal/")
    steps.go(second, case, "plan/ansvar/")
    steps.write_own_goal(first, case, "Jag vill sova.")
    steps.choose(second.get_by_label("Huvudman med övergripande ansvar"), "Humlesunds kommun")
    steps.press(second, "Spara")
    expect(second.get_by_text("Ansvaret för planen är sparat.")).to_be_visible()


def test_at_another_unit_in_another_tab(person_at: Callable[..., Page]) -> None:
    page = person_at("Ture Tall")
    page.get_by_role("button", name="Välj Arbetsmarknadstorget").click()
    page.wait_for_url("**/idag/")
    page.goto("/arenden/nytt/")
    page.get_by_label("Varför behövs en samordnad plan?").fill("Han har sju kontakter.")
    other = page.context.new_page()
    _act_at(other, "Vuxenenheten")

    steps.press(page, "Öppna ärendet")
    expect(page.get_by_role("heading", level=1)).to_have_text("Du arbetar för en annan enhet nu")
    expect(page.get_by_role("paragraph").filter(has_text="Han har sju kontakter.")).to_be_visible()
    assert axe.one_look(page) == []

    _act_at(other, "Arbetsmarknadstorget")
    steps.press(page, "Skicka igen")
    expect(page.get_by_label("Varför behövs en samordnad plan?")).to_have_value("Han har sju kontakter.")


@pytest.mark.slow
def test_the_tab_is_closed_in_the_middle(
    at_once: Callable[..., Page], everybody: Cast, case: str, beside: Beside
) -> None:
    page = at_once(everybody.siv)
    steps.go(page, case, "plan/eget-mal/")
    page.get_by_label("Vad vill personen själv?").fill("Jag vill bara få")
    expect(page.get_by_text("Utkast sparat ")).to_be_visible(timeout=6_500)
    again = page.context.new_page()
    page.close()

    steps.go(again, case, "plan/eget-mal/")
    expect(again.get_by_label("Vad vill personen själv?")).to_have_value("Jag vill bara få")
    expect(again.get_by_text("Du har ett utkast från")).to_be_visible()
    with beside(), acting(everybody.siv):
        plan = plan_of(Case.objects.get(pk=case.split("/")[2]))
        assert plan is not None
        assert plan.own_goal == "", "a draft is nobody's plan"

    steps.write_own_goal(again, case, "Jag vill bara få sova.")
    steps.go(again, case, "plan/eget-mal/")
    assert again.get_by_text("Du har ett utkast från").count() == 0


def test_the_tab_is_closed_at_once(at_once: Callable[..., Page], everybody: Cast, case: str) -> None:
    page = at_once(everybody.siv)
    steps.go(page, case, "plan/eget-mal/")
    page.get_by_label("Vad vill personen själv?").fill("Jag vill bara")
    page.close(run_before_unload=True)

    again = page.context.new_page()
    again.wait_for_timeout(300)
    steps.go(again, case, "plan/eget-mal/")
    expect(again.get_by_label("Vad vill personen själv?")).to_have_value("Jag vill bara")


def _an_hour_passes(live: Live, account: UUID) -> None:
    """For the sessions of one account."""
    with psycopg.connect(live.owner_url) as owner:
        owner.execute(
            "UPDATE accounts_session SET started_at = started_at - interval '1 hour',"
            " seen_at = seen_at - interval '1 hour' WHERE account_id = %s",
            [account],
        )


def _act_at(page: Page, unit: str) -> None:
    page.goto("/byt-uppdrag/")
    page.get_by_role("button", name=f"Välj {unit}").click()
    page.wait_for_url("**/idag/")
