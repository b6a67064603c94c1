"""`./humla bench summon`: the whole preparation in a real browser, from a need to everybody being called.

Siv opens a case, writes down what the person says yes to, offers times with the person beside her, and sets
the time; two units answer by the link in their letter, on a telephone and without an account. Every click,
tick and field filled in is one interaction. The goals are the issue's: under three minutes and fewer than 25
interactions for a trained user.

Seconds are what the program took, measured, and what a practised hand takes for the same interactions, by
the keystroke-level model (Card, Moran and Newell, 1980): K 0.20 s a key (a good typist, 55 words a minute),
P 1.1 s to point, B 0.2 s to click, H 0.4 s between mouse and keys, M 1.35 s before each thing decided. What
somebody says meanwhile is not in it.

Here: the hands and the walk. Not here: how fast a page is (`bench.pages`).
"""

import argparse
import os
import re
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import django
import psycopg
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from bench.stage.report import Goal, Report
from bench.stage.server import Server
from bench.stage.world import World
from humla.ops.install import ROOT

KEY, POINT, CLICK, HOMING, MENTAL = 0.20, 1.1, 0.2, 0.4, 1.35
MOST_INTERACTIONS, MOST_SECONDS = 25, 180.0
MOST_TAPS, MOST_ANSWER_SECONDS = 2, 90.0
REASON = "Många kontakter och ingen gemensam plan."
PURPOSE = "Vem gör vad, och när?"
UNITS = {
    "Arbetsförmedlingen Humlesund": ("Planering", "Behov"),
    "Försäkringskassan Humlesund": ("Planering",),
}


@dataclass
class Hand:
    """Somebody at a page: what she does is counted, and what it takes a practised one."""

    page: Page
    interactions: int = 0
    human: float = 0.0
    waited: float = 0.0
    steps: list[str] = field(default_factory=list)

    def press(self, what: Locator) -> None:
        """Point and click, and wait for what comes."""
        self._count(MENTAL + POINT + CLICK, f"klick: {_name_of(what)}")
        began = time.perf_counter()
        what.click()
        self.page.wait_for_load_state("load")
        self.waited += time.perf_counter() - began

    def tick(self, what: Locator) -> None:
        """Point and tick."""
        self._count(MENTAL + POINT + CLICK, f"kryss: {_name_of(what)}")
        what.check()

    def write(self, what: Locator, words: str) -> None:
        """Point at a field, and write in it."""
        self._count(MENTAL + POINT + CLICK + HOMING + KEY * len(words), f"skriver: {_name_of(what)}")
        what.fill(words)

    @property
    def seconds(self) -> float:
        return self.human + self.waited

    def _count(self, seconds: float, step: str) -> None:
        self.interactions += 1
        self.human += seconds
        self.steps.append(step)


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./humla bench summon")
    parser.add_argument("--keep", action=argparse.BooleanOptionalAction, default=True)
    chosen = parser.parse_args(words)
    # Playwright's synchronous interface runs an event loop in this thread; Django would think we are in it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    django.setup()
    report = Report("Från behov till kallade")
    world = _world()
    server = Server(world)
    try:
        server.await_page("/arenden/", world.leader)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
            siv, answers = _walk(browser, server, world)
            browser.close()
    finally:
        server.stop()
    met = _told(report, siv, answers)
    if chosen.keep:
        report.keep("summon.txt")
    return 0 if met else 1


def _told(report: Report, siv: Hand, answers: Sequence[Hand]) -> bool:
    for at, step in enumerate(siv.steps, 1):
        report.say(f"{at:3} {step}")
    rows = [
        [who, str(one.interactions), f"{one.human:.1f} s", f"{one.waited:.1f} s", f"{one.seconds:.1f} s"]
        for who, one in [("Siv", siv), *((f"enhet {at}", one) for at, one in enumerate(answers, 1))]
    ]
    report.table("Tid", ["vem", "moment", "handen (KLM)", "programmet", "tillsammans"], rows)
    slowest = max(answers, key=lambda one: one.seconds)
    return report.goals(
        [
            Goal("Sivs moment", MOST_INTERACTIONS - 1, siv.interactions),
            Goal("Sivs tid", MOST_SECONDS, siv.seconds, "s"),
            Goal("enhetens tryck", MOST_TAPS, slowest.interactions),
            Goal("enhetens tid", MOST_ANSWER_SECONDS, slowest.seconds, "s"),
        ]
    )


# --- the walk -----------------------------------------------------------------------------------------------


def _walk(browser: Browser, server: Server, world: World) -> tuple[Hand, list[Hand]]:
    siv = Hand(_page(browser, server, world.leader))
    siv.page.goto("/arenden/")
    _opens_the_case(siv)
    _writes_down_her_yes(siv)
    _offers_times(siv)
    answers = [_answers(browser, server, link) for link in _letters_that_leave(world)]
    siv.page.reload()  # The day after, from Idag: the case says that it is time to choose.
    siv.press(siv.page.get_by_role("button", name="Bestäm tiden och kalla alla"))
    siv.page.get_by_text("kallelser går om en minut").wait_for()
    return siv, answers


def _opens_the_case(siv: Hand) -> None:
    page = siv.page
    siv.press(page.get_by_role("link", name="Nytt ärende").first)
    siv.write(page.get_by_label("Personnummer eller samordningsnummer"), _new_number())
    siv.write(page.get_by_label("Förnamn"), "Mio")
    siv.write(page.get_by_label("Efternamn"), "Mark")
    siv.write(page.get_by_label("Varför behövs en samordnad plan?"), REASON)
    siv.press(page.get_by_role("button", name="Öppna ärendet"))


def _writes_down_her_yes(siv: Hand) -> None:
    page = siv.page
    siv.press(page.get_by_role("link", name="Skriv in svaret").first)
    siv.tick(page.get_by_label("Ja, gör en plan"))
    for unit, kinds in UNITS.items():
        boxes = page.get_by_role("group", name=unit)
        for kind in kinds:
            siv.tick(boxes.get_by_role("checkbox", name=kind))
    siv.press(page.get_by_role("button", name="Spara svaret"))
    page.get_by_text("Svaret är sparat.").wait_for()


def _offers_times(siv: Hand) -> None:
    page = siv.page
    siv.press(page.get_by_role("link", name="Hitta en tid").first)
    siv.press(page.locator("summary").filter(has_text="Om mötet").first)
    siv.write(page.get_by_label("Varför möts vi?"), PURPOSE)
    siv.press(page.get_by_role("button", name="Personen är här"))
    page.get_by_text("Tiderna är föreslagna").wait_for()


def _answers(browser: Browser, server: Server, link: str) -> Hand:
    """On a telephone, without an account: the first time goes, send."""
    hand = Hand(_page(browser, server, "", width=390))
    began = time.perf_counter()
    hand.page.goto(link)
    hand.waited += time.perf_counter() - began
    hand.tick(hand.page.get_by_role("checkbox").first)
    hand.press(hand.page.get_by_role("button", name="Skicka svaret"))
    hand.page.get_by_text("Tack").first.wait_for()
    return hand


def _page(browser: Browser, server: Server, token: str, *, width: int = 1280) -> Page:
    from django.conf import settings

    url = f"http://127.0.0.1:{server.port}"
    context = browser.new_context(
        base_url=url, locale="sv-SE", timezone_id="Europe/Stockholm", viewport={"width": width, "height": 900}
    )
    if token:
        name, _is, value = token.partition("=")
        context.add_cookies([{"name": name or settings.SIGNIN_COOKIE, "value": value, "url": url}])
    page = context.new_page()
    page.set_default_timeout(20_000)
    return page


# --- the world ----------------------------------------------------------------------------------------------


def _world() -> World:
    """The fictitious förbund and nobody's cases but the file's; Siv has signed in."""
    from django.conf import settings

    from humla.accounts.models import Session
    from humla.accounts.tokens import hash_of, new_token, session_seal
    from humla.ops.loading import load

    load(ROOT / "data" / "demo")
    token, instant = new_token(), datetime.now(UTC)
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        account, assignment = owner.execute(
            "SELECT p.account_id, a.id FROM organisation_professional p"
            " JOIN organisation_unitassignment a ON a.professional_id = p.id WHERE p.name = 'Siv Sandberg'"
        ).fetchone() or (None, None)
    assert account is not None
    Session.objects.create(
        token_hash=hash_of(token),
        seal=session_seal(hash_of(token), UUID(str(account)), ""),
        account_id=account,
        assignment_id=assignment,
        kind="professional",
        level="loa3",
        started_at=instant,
        seen_at=instant,
        ends_at=instant + timedelta(hours=10),
    )
    cookie = f"{settings.SIGNIN_COOKIE}={token}"
    return World(0, "humla", cookie, "", "", "", "", [], "", "")


def _new_number() -> str:
    """One of the published test series that nobody here has: the world is kept between runs."""
    files = [(ROOT / "data" / "demo" / name).read_text() for name in ("cases.toml", "people.json")]
    series = (ROOT / "data" / "testnummer.txt").read_text().split()
    free = [
        one for one in series if one[:3] == "199" and one.isdigit() and not any(one in it for it in files)
    ]
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        (cases,) = owner.execute("SELECT count(*) FROM cases_case").fetchone() or (0,)
    return free[int(str(cases)) % len(free)]


def _letters_that_leave(world: World) -> list[str]:
    """The minute passes, the worker sends, and the links are read where their receivers read them."""
    from django.core import mail

    from humla.core.context import Actor, Kind
    from humla.notifications.visibility import associations_with_due
    from humla.ops.door import job_door
    from humla.ops.jobs import send_due

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute(
            "UPDATE notifications_notice SET queued_at = queued_at - interval '2 minutes',"
            " leaves_at = leaves_at - interval '2 minutes' WHERE state = 'waiting'"
        )
        owner.execute(
            "UPDATE scheduling_invitee SET asked_at = asked_at - interval '2 minutes',"
            " leaves_at = leaves_at - interval '2 minutes'"
        )
    server: Any = mail.get_connection("django.core.mail.backends.locmem.EmailBackend")
    mail.outbox = []
    with job_door(Actor(Kind.SYSTEM)):
        waiting = associations_with_due()
    for association in waiting:
        send_due(association, server=server)
    # The world is kept between runs: the summonses of the one before leave now too.
    asked = [one for one in mail.outbox if one.subject.startswith("Förslag på tider")]
    found = [re.search(r"/svar/\S+", str(one.body)) for one in asked]
    return [one[0] for one in found if one]


def _chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for one in names if (found := shutil.which(one))), "")
    if not path:
        sys.exit("Chromium saknas: apt-get install chromium")
    return path


def _name_of(what: Locator) -> str:
    found = what.first.evaluate(
        "one => (one.labels && one.labels[0] || one).innerText || one.getAttribute('aria-label') || one.name"
    )
    return " ".join(str(found).split())[:60]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
