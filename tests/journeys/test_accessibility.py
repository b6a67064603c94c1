"""Every page, for each who reads it, with something on it: axe finds nothing, nothing sticks out sideways.

The data comes through the actions, not through the pages. What a machine cannot tell (whether the words are
plain, whether the order makes sense) is looked at in the pictures and walked in `test_keyboard.py`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page

from humla.cases.models import Case
from humla.consents.visibility import consents_of
from humla.core.context import acting
from humla.plans import actions as plan_actions
from humla.plans.document import commitments_in, goals_in
from humla.plans.visibility import plan_of
from humla.representatives.models import Mandate
from tests import factories
from tests.cast import Cast
from tests.journeys import axe, steps
from tests.journeys.conftest import MONA, Beside, Live, Windows

pytestmark = [pytest.mark.browser, pytest.mark.slow]


EMPTIED = """() => document.querySelectorAll("main input[type=text], main input[type=date], main textarea")
    .forEach(field => field.value = "")"""


@dataclass(frozen=True)
class World:
    """What stands in the database, by the addresses of its pages."""

    case: UUID
    bare: UUID
    goal: UUID
    row: UUID
    consent: UUID
    document: UUID
    arrival: UUID
    meeting: UUID
    summons: UUID
    held: UUID
    line: UUID
    follow_up: UUID
    paper: UUID
    mandate: Mandate
    evidence: UUID
    times: dict[str, UUID]


@pytest.fixture(scope="module")
def world(beside: Beside, everybody: Cast, new_number: Callable[[], str]) -> World:
    """Mona's plan is handed over and read; another waits at the unit; Tova's case is new and empty."""
    siv = everybody.siv
    with beside():
        document = factories.adopted_plan(replace(everybody, eva=MONA), by=siv)
        handed = factories.handed_over(everybody, document, by=siv, to=everybody.units["amir"])
        factories.taken_in(handed, by=everybody.amir)
        waiting = factories.agreed(
            factories.open_case(everybody, by=siv, number=new_number(), name="Ivar Is"), by=siv
        )
        factories.consent(waiting, everybody.units["farid"], by=siv)
        plan = factories.whole_plan(everybody, waiting, by=siv)
        with acting(siv):
            version = plan_actions.adopt(plan, version=plan.version, by=siv)
        arrival = factories.handed_over(everybody, version, by=siv, to=everybody.units["farid"])
        factories.prepared(document.case_id, MONA)
        bare = factories.open_case(everybody, by=siv, number=new_number(), name="Tova Tom")
        summons = factories.summons_in(document.case, by=siv, to=everybody.units["amir"])
        held = factories.held_meeting(document.case, by=siv)
        followed = factories.followed_up(document, by=siv, to=everybody.units["amir"])
        evidence = factories.evidence_asked(document.case, by=siv, to=everybody.units["amir"])
        times = factories.times_offered(document.case, by=siv, to=everybody.units["amir"])
        mandate = factories.mandate(document.case, by=siv)
        with acting(siv):
            case = Case.objects.get(pk=document.case_id)
            adopted = plan_of(case)
            assert adopted is not None
            return World(
                case=case.pk,
                bare=bare.pk,
                goal=goals_in(adopted)[0].pk,
                row=commitments_in(adopted)[0].pk,
                consent=consents_of(case)[0].pk,
                document=document.pk,
                arrival=arrival.pk,
                meeting=summons.meeting_id,
                summons=summons.pk,
                held=held.pk,
                line=held.attendances.all()[0].pk,
                follow_up=followed["follow_up_id"],
                paper=followed["paper_id"],
                mandate=mandate,
                evidence=evidence.pk,
                times=times,
            )


@pytest.fixture(scope="module")
def open_windows(live: Live, browser: Browser, beside: Beside) -> Iterator[Windows]:
    """One window for each reader, over all of her pages."""
    everyones = Windows(live, browser, beside, [])
    yield everyones
    everyones.close()


def pages_of_siv(world: World) -> list[str]:
    """A coordinator's pages; after # the button that sends the form empty, so that it comes back."""
    case, bare = f"/arenden/{world.case}/", f"/arenden/{world.bare}/"
    return [
        "/idag/",
        "/arenden/",
        "/arenden/?lage=avslutade",
        "/arenden/nytt/",
        "/arenden/nytt/#Öppna ärendet",
        case,
        f"{case}ombud/",
        f"{case}ombud/nytt/",
        f"{case}ombud/nytt/#Spara ombudet",
        f"{case}ombud/{world.mandate.pk}/",
        f"{case}ombud/{world.mandate.pk}/undanta/",
        f"{case}ombud/{world.mandate.pk}/avsluta/",
        bare,
        f"{case}medarbetare/",
        f"{case}person/",
        f"{case}person/koppla/",
        f"{case}samtycke/",
        f"{bare}samtycke/",
        f"{case}samtycke/plan/#Spara svaret",
        f"{case}samtycke/nytt/",
        f"{case}samtycke/nytt/#Spara samtycket",
        f"{case}samtycke/forhandsvisning/?categories=PLANNING&categories=HEALTH",
        f"{case}samtycke/{world.consent}/",
        f"{case}samtycke/{world.consent}/begransa/",
        f"{case}samtycke/{world.consent}/aterkalla/",
        f"{case}forberedelse/?skriv=1#Spara det personen sagt",
        f"{bare}forberedelse/",
        f"{bare}moten/",
        f"{case}moten/",
        f"{case}moten/nytt/#Planera mötet",
        f"{case}moten/{world.meeting}/",
        f"{case}moten/{world.meeting}/andra/",
        f"{case}moten/{world.meeting}/flytta/#Flytta mötet",
        f"{case}moten/{world.meeting}/stall-in/",
        f"{case}moten/{world.meeting}/hall/",
        f"{case}moten/{world.meeting}/kalla/",
        f"{case}moten/{world.held}/",
        f"{case}moten/{world.held}/ratta/",
        f"{case}narvaro/{world.line}/",
        f"{case}kallelser/{world.summons}/",
        f"{case}kallelser/{world.summons}/svar/#Spara svaret",
        f"{bare}tider/",
        f"{case}tider/",
        f"{case}tider/nytt/",
        f"{case}tider/nytt/#Fråga personen först",
        f"{case}tider/{world.times['offer_id']}/",
        f"{case}tider/{world.times['offer_id']}/fler/",
        f"{case}tider/{world.times['offer_id']}/svar/{world.times['invitee_id']}/",
        f"{bare}underlag/#Fråga",
        f"{case}underlag/",
        f"{case}underlag/{world.evidence}/",
        f"{case}blanketter/",
        f"{bare}plan/",
        f"{case}plan/",
        f"{case}plan/eget-mal/#Spara",
        f"{case}plan/mal/nytt/",
        f"{case}plan/mal/{world.goal}/",
        f"{case}plan/?till=forbehall",
        f"{case}plan/?till=delmal&mal={world.goal}",
        f"{case}plan/forbehall/nytt/#Spara",
        f"{case}plan/behov/nytt/",
        f"{case}plan/andra-planer/ny/",
        f"{case}plan/mal/{world.goal}/delmal/nytt/",
        f"{case}plan/atagande/nytt/#Spara",
        f"{case}plan/atagande/{world.row}/",
        f"{case}plan/ansvar/",
        f"{case}plan/faststall/",
        f"{case}atagande/{world.row}/lage/",
        f"{case}uppfoljning/",
        f"{bare}uppfoljning/",
        f"{bare}uppfoljning/ny/",
        f"{case}uppfoljning/{world.follow_up}/",
        f"{case}handling/{world.paper}/",
        f"{case}avsluta/",
        f"{bare}avsluta/#Avsluta ärendet",
        f"{case}plan/version/1/",
        f"{case}plan/version/1/text/",
        "/overenskommelsen/",
        "/organisation/",
        "/dina-utkast/",
        "/inloggningar/",
        "/komponenter/",
    ]


def test_a_coordinators_pages(world: World, open_windows: Windows, everybody: Cast) -> None:
    assert _found(open_windows.already_in(everybody.siv, everybody), pages_of_siv(world)) == []


def test_a_receivers_pages(world: World, open_windows: Windows, everybody: Cast) -> None:
    paper = f"/mottagna/{world.case}/handling/{world.paper}/"
    amirs = ["/idag/", paper, "/arenden/", "/mottaget/", f"/mottagna/{world.case}/", "/arenden/nytt/"]
    assert _found(open_windows.already_in(everybody.amir, everybody), amirs) == []
    farids = ["/mottaget/", f"/mottaget/{world.arrival}/ta-emot/"]
    assert _found(open_windows.already_in(everybody.farid, everybody), farids) == []


def test_pages_with_nothing_on_them(world: World, open_windows: Windows, everybody: Cast) -> None:
    for reader in (everybody.lena, everybody.nils):
        pages = ["/arenden/", "/mottaget/", f"/arenden/{world.case}/"]
        assert _found(open_windows.already_in(reader, everybody), pages) == []


def test_the_offices_pages(open_windows: Windows, everybody: Cast) -> None:
    both = ["/overenskommelsen/", "/organisation/"]
    for reader, more in ((everybody.greta, []), (everybody.olof, ["/organisation/inloggningar/"])):
        assert _found(open_windows.already_in(reader, everybody), [*both, *more]) == []


def pages_of_mona(world: World) -> list[str]:
    """The person's pages."""
    looks, plan = "/min-sida/vem-har-last/", f"/min-sida/plan/{world.document}/"
    words = f"/min-sida/forberedelse/{world.case}/"
    taken_back = f"/min-sida/samtycke/{world.consent}/aterkalla/"
    deputies = ["/min-sida/ombud/", f"/min-sida/ombud/{world.mandate.pk}/nej/"]
    times = f"/min-sida/tider/{world.times['own_invitee_id']}/"
    mine = ["/min-sida/", times, looks, f"{looks}?visa=allt", plan, words, f"{words}lamna-in/", taken_back]
    return [*mine, *deputies, "/dina-utkast/", "/inloggningar/"]


def test_the_persons_pages(world: World, open_windows: Windows, everybody: Cast) -> None:
    assert _found(open_windows.already_in(MONA, everybody), pages_of_mona(world)) == []


def test_the_representatives_pages(world: World, open_windows: Windows, everybody: Cast) -> None:
    hers = f"/for/{world.mandate.person_id}/"
    times = f"{hers}tider/{world.times['own_invitee_id']}/"
    pages = [hers, times, f"{hers}plan/{world.document}/", f"{hers}samtycke/{world.consent}/aterkalla/"]
    ralf = factories.representative(world.mandate)
    assert _found(open_windows.already_in(ralf, everybody), pages) == []


def test_the_persons_pages_in_arabic(world: World, open_windows: Windows, everybody: Cast) -> None:
    page = open_windows.already_in(MONA, everybody, width=axe.PHONE, phone=True)
    page.goto("/min-sida/?sprak=ar")
    for address in pages_of_mona(world):
        page.goto(address)
        root = page.locator("html")
        assert (root.get_attribute("lang"), root.get_attribute("dir")) == ("ar", "rtl"), address
        assert axe.one_look(page) == [], address
        assert axe.too_wide(page, axe.NARROW) == [], address
        page.set_viewport_size({"width": axe.PHONE, "height": 844})


def test_pages_before_sign_in(open_windows: Windows) -> None:
    page = open_windows.blank()
    assert _found(page, ["/", "/blanketter/", "/logga-in/", "/utloggad/", "/finns-inte/"]) == []
    page.set_viewport_size({"width": axe.DESK, "height": 900})
    page.goto("/logga-in/")
    page.get_by_role("button", name="Logga in").first.click()
    page.get_by_role("button", name="Siv Sandberg").wait_for()
    assert axe.every_look(page) == [], "the identity provider's list of people"


def test_the_box_of_keys_and_the_menu(open_windows: Windows, everybody: Cast) -> None:
    page = open_windows.already_in(everybody.siv, everybody)
    page.goto("/organisation/")
    page.get_by_text("Siv Sandberg").first.click()
    page.get_by_role("link", name="Byt uppdrag").wait_for()
    assert axe.one_look(page) == [], "the menu"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Kortkommandon").click()
    page.get_by_role("dialog").wait_for()
    assert axe.one_look(page) == [], "the keys"


def _found(page: Page, addresses: list[str]) -> list[str]:
    found = []
    for address in addresses:
        at, _sign, button = address.partition("#")
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.set_viewport_size({"width": axe.DESK, "height": 900})
        answer = page.goto(at)
        assert answer is not None
        if button:
            _send_empty(page, button)
        found += [f"{address}: {one}" for one in axe.every_look(page)]
    return found


def _send_empty(page: Page, button: str) -> None:
    page.evaluate(EMPTIED)
    steps.press(page.get_by_role("main"), button)
    page.get_by_role("alert").first.wait_for()


FAULTS = """() => {
    const main = document.querySelector("main");
    main.insertAdjacentHTML("beforeend", `<h5>För djupt</h5><input id="utan-namn" type="text">
        <p id="blek">Blek text</p><div id="bred">Bred</div>
        <details><summary>Mer</summary><img src="/static/img/humla.svg"></details>`);
    document.querySelector("#blek").style.color = "#999";
    document.querySelector("#bred").style.inlineSize = "500px";
    document.title = "";
}"""


def test_what_is_wrong_is_found(open_windows: Windows) -> None:
    """Planted faults: a check that never finds anything would pass all the tests above."""
    page = open_windows.blank()
    page.goto("/")
    page.evaluate(FAULTS)
    found = "\n".join(axe.every_look(page))

    sought = (
        "level jumps to För djupt",
        "no title",
        "light: label",
        "color-contrast: #blek",
        "image-alt",
        "sideways at 320",
    )
    assert [one for one in sought if one not in found] == []
