"""The right unit is chosen by typing, and what is typed never stands in an address."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.journeys import steps

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_siv_types_and_chooses(
    script: bool,
    at_once: Callable[..., Page],
    everybody: Cast,
    new_number: Callable[[], str],
) -> None:
    siv = at_once(everybody.siv, script=script)
    siv.goto("/arenden/")
    case = steps.open_case(siv, number=new_number(), name="Noa Nord")
    steps.go(siv, case, "samtycke/ska-inte-vara-med/")
    asked: list[str] = []
    siv.on("request", lambda request: asked.append(request.url))
    group = siv.get_by_role("group", name="En enhet")
    group.get_by_role("radio", name="AF Humlesund").check()
    group.get_by_role("searchbox").fill("psyk")
    if not script:
        steps.press(siv, "Sök")
    expect(group.get_by_role("radio")).to_have_count(3)  # none, the chosen one, and what fits

    group.get_by_role("radio", name="Psykiatrin Humlesund").check()
    steps.press(siv, "Skriv upp")
    siv.get_by_text("Sparat. Den kallas inte till möten i ärendet.").wait_for()
    assert [one for one in asked if "psyk" in one] == []
