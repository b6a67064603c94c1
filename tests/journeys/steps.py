"""What people do on the pages, one verb each; the labels that journeys press stand here.

Found by role and label, as a reader of the page finds them, so a template may change its marks freely.
Each works with and without JavaScript. Not here: what must be true afterwards (the tests).
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Locator, Page

TODAY = date.today()
SOON = TODAY + timedelta(days=40)
LATER = TODAY + timedelta(days=90)
PLANNING = "Planering"


# --- a case -------------------------------------------------------------------------------------------------


def open_case(
    page: Page, *, number: str, name: str, reason: str = "Många kontakter, ingen gemensam plan."
) -> str:
    """Open a case from the list; returns the case's address."""
    given, _, family = name.partition(" ")
    page.get_by_role("link", name="Mina ärenden").first.click()
    page.get_by_role("link", name="Nytt ärende").first.click()
    page.get_by_label("Personnummer eller samordningsnummer").fill(number)
    page.get_by_label("Förnamn").fill(given)
    page.get_by_label("Efternamn").fill(family)
    page.get_by_label("Varför behövs en samordnad plan?").fill(reason)
    press(page, "Öppna ärendet")
    page.get_by_role("heading", level=1, name=name).wait_for()
    return path_of(page)


def go(page: Page, case: str, where: str = "") -> None:
    """Straight to a page of the case."""
    page.goto(f"{case}{where}")


# --- consent ------------------------------------------------------------------------------------------------


def say_yes_to_a_plan(page: Page, case: str) -> None:
    """Write down that the person wants a plan."""
    go(page, case, "samtycke/")
    page.get_by_role("link", name="Skriv in svaret").click()
    page.get_by_label("Ja, gör en plan").check()
    say_how(page)
    press(page, "Spara svaret")
    page.get_by_text("Svaret är sparat.").wait_for()


def say_how(page: Page) -> None:
    """The answer was given by word of mouth, and somebody heard it."""
    page.get_by_label("Muntligt").check()
    page.get_by_label("Vem hörde det?").fill("Siv Sandberg")


def choose_receiver(form: Locator | Page, unit: str, kinds: Iterable[str]) -> None:
    """The unit, and the kinds of information that the person has said yes to."""
    choose_unit(form, "Vem får veta?", unit)
    for kind in kinds:
        form.get_by_role("checkbox", name=kind).check()


def save_consent(page: Page, *, until: date = LATER) -> None:
    """The rest of the yes."""
    page.get_by_label("Gäller till och med").fill(until.isoformat())
    say_how(page)
    press(page, "Spara samtycket")
    page.get_by_text("Samtycket är sparat.").wait_for()


# --- the plan -----------------------------------------------------------------------------------------------


def begin_plan(page: Page, case: str) -> None:
    """From the empty plan page to the plan."""
    go(page, case, "plan/")
    press(page, "Börja på planen")
    page.get_by_role("heading", level=1, name="Plan för").wait_for()


def write_own_goal(page: Page, case: str, words: str) -> None:
    """The person's own words."""
    go(page, case, "plan/eget-mal/")
    page.get_by_label("Vad vill personen själv?").fill(words)
    page.get_by_label("Vilken dag sa personen det?").fill(TODAY.isoformat())
    press(page, "Spara")
    page.get_by_text("Personens eget mål är sparat.").wait_for()


def write_goal(page: Page, case: str, *, area: str, situation: str, goal: str) -> None:
    """One life area."""
    go(page, case, "plan/mal/nytt/")
    choose(page.get_by_label("Livsområde"), area)
    page.get_by_label("Nuläge").fill(situation)
    page.get_by_label("Mål", exact=True).fill(goal)
    press(page, "Spara")
    page.get_by_text("Målet är tillagt.").wait_for()


def new_row(page: Page) -> Locator:
    """The form with the empty row of who does what."""
    return page.get_by_role("form", name="Ny rad")


def fill_row(row: Locator, *, who: str, what: str, due_on: date | None = SOON, kind: str = PLANNING) -> None:
    """What a row cannot be saved without, and its day."""
    choose(row.get_by_label("Vem?"), who)
    row.get_by_label("Vad ska göras?").fill(what)
    row.get_by_label("Klart senast").fill(due_on.isoformat() if due_on else "")
    choose(row.get_by_label("Slag av uppgift"), kind)


def write_row(page: Page, *, who: str, what: str, due_on: date | None = SOON, kind: str = PLANNING) -> None:
    """One row, on the plan's own page."""
    row = new_row(page)
    fill_row(row, who=who, what=what, due_on=due_on, kind=kind)
    press(row, "Spara raden")
    page.get_by_text("Raden är sparad.").wait_for()


def settle(page: Page, case: str, *, huvudman: str, lead: str) -> None:
    """Who answers for the plan, who holds it together, when it is looked at again."""
    go(page, case, "plan/ansvar/")
    choose(page.get_by_label("Huvudman med övergripande ansvar"), huvudman)
    choose(page.get_by_label("Huvudansvarig", exact=False).first, lead)
    page.get_by_label("Nästa uppföljning").fill(LATER.isoformat())
    press(page, "Spara")
    page.get_by_text("Ansvaret för planen är sparat.").wait_for()


def adopt(page: Page, case: str) -> str:
    """Read it through and adopt it; returns the version's address."""
    go(page, case, "plan/faststall/")
    page.get_by_role("radio", name="Ja").check()
    press(page, "Fastställ version 1")
    page.get_by_text("Version 1 är fastställd.").wait_for()
    return path_of(page)


def hand_over(page: Page, version: str, unit: str) -> None:
    """The version to one unit; it leaves in a minute."""
    page.goto(version)
    press(page.get_by_role("form", name=f"Lämna ut till {unit}"), "Lämna ut")
    page.get_by_text(f"Planen skickas till {unit} om 60 sekunder.").wait_for()


# --- the receiver -------------------------------------------------------------------------------------------


def take_in(page: Page) -> str:
    """The first that waits at the unit, by oneself; returns the address of what can be read now."""
    page.get_by_role("link", name="Har kommit till enheten").click()
    page.get_by_role("link", name="Ta emot").first.click()
    press(page, "Ta emot")
    page.get_by_text("Nu kan du läsa det.").wait_for()
    return path_of(page)


# --- reading ------------------------------------------------------------------------------------------------


def parts_in(place: Locator | Page) -> dict[str, str]:
    """The chapters of a plan that a page shows, by heading."""
    found: list[list[str]] = place.locator("section.plan-part").evaluate_all(
        "all => all.map(one => [one.getAttribute('aria-label'), one.innerText.replace(/\\s+/g, ' ').trim()])"
    )
    return dict(found)


def without_head(parts: Mapping[str, str]) -> dict[str, str]:
    """All but which version it is and what the person says of it: a preview is of a draft."""
    asked = r"\s*Är personen med på planen\?\s*\S[^\n]*"
    return {heading: re.sub(asked, "", text) for heading, text in parts.items() if heading != "Person"}


def rows_saying(page: Page, what: str) -> int:
    """How many rows of the plan being written say this."""
    return page.get_by_role("row").filter(has_text=what).count()


def path_of(page: Page) -> str:
    """The address without its host, its question and its place on the page."""
    return re.sub(r"^https?://[^/]+|[?#].*$", "", page.url)


# --- fingers ------------------------------------------------------------------------------------------------


def press(place: Locator | Page, name: str) -> None:
    """A button by its own words."""
    place.get_by_role("button", name=name, exact=True).click()


def choose_unit(form: Locator | Page, asked_for: str, unit: str) -> None:
    """The unit with this name, in the list under the search box."""
    form.get_by_role("group", name=asked_for).get_by_role("radio", name=unit).first.check()


def choose(select: Locator, words: str) -> None:
    """The first option that says this."""
    options: list[Mapping[str, Any]] = select.locator("option").evaluate_all(
        "all => all.map(one => ({value: one.value, label: one.label}))"
    )
    select.select_option(next(one["value"] for one in options if words in one["label"]))
