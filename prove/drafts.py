"""Prove that at most five seconds of typing are lost, whatever is killed.

`./humla prove drafts [FAULTS] [SEED]`. Ten of Siv's forms are typed in at once in a real browser, twenty
signs a second. At a random moment the web server is killed (-9), or the sessions end, or the browser is
killed, and never is anything saved by hand. Then the forms are opened anew, and what stands in them is
compared with what had been typed at the moment of the fault.

Then the same is done with the browser's saving cut off: that loss must be noticed.

Lives here: the programme. Not here: the script that saves (`web/static/js/drafts.js`), nor that a draft is
its owner's alone and follows the consent (`tests/drafts`, `tests/web`).
"""

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence

import django

# Playwright's synchronous interface runs an event loop in this thread; Django would think we are in it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections, transaction  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, sync_playwright  # noqa: E402

from humla.core.dates import today  # noqa: E402
from humla.ops.environment import without_owner  # noqa: E402
from humla.ops.install import ROOT  # noqa: E402
from prove.ground import database, stage  # noqa: E402
from tests import cast as the_cast  # noqa: E402
from tests import factories  # noqa: E402
from tests.doors import signed_in  # noqa: E402

FAULTS, SEED, AT_ONCE = 100, 4, 10
GOAL_SECONDS = 5.0
_EACH_MS = 50
_SHORTEST, _LONGEST = 6.0, 14.0
_KINDS = ("webbservern dödad", "sessionen slut", "webbläsaren dödad")

_TYPING = """([start, each]) => {
    const text = document.querySelector("textarea[name=text]");
    window.typed = start;
    text.value = "";
    window.typing = setInterval(() => {
        text.value += " " + ++window.typed;
        text.dispatchEvent(new Event("input", { bubbles: true }));
    }, each);
}"""


class Web:
    """The web server, started as `./humla run` does, on a port that it keeps when it is started again."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        name = stage.name_of_the_stage()
        address = os.environ["DATABASE_URL"].replace("/humla?", f"/{name}?")
        environment = without_owner(dict(os.environ)) | {"DATABASE_URL": address, "HUMLA_URL": self.url}
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--no-ws",
            "--port",
            str(self.port),
        ]
        command += ["--workers", "1", "--blocking-threads", "4", "config.wsgi:application"]
        self._process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"{self.url}/halsa/levande/", timeout=5),
            ):
                return
            time.sleep(0.05)
        raise AssertionError("webbservern svarar inte")

    def kill(self) -> None:
        """Without warning, and its worker with it."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def main(words: Sequence[str]) -> int:
    """Type, break, look; the exit code."""
    faults, seed = int(words[0]) if words else FAULTS, int(words[1]) if len(words) > 1 else SEED
    chance, begun = random.Random(seed), time.monotonic()
    lost: dict[str, list[float]] = {kind: [] for kind in _KINDS}
    with stage.staged("d") as cast, sync_playwright() as playwright:
        addresses = _forms(cast)
        web = Web()
        try:
            for turn in range(-(-faults // AT_ONCE)):
                kind = _KINDS[turn % len(_KINDS)]
                lost[kind] += _round(playwright, web, cast, addresses, kind, chance, turn * 100_000)
            control = _round(
                playwright, web, cast, addresses[:1], _KINDS[2], chance, 90_000_000, saving=False
            )
        finally:
            web.kill()
    for kind, each in lost.items():
        worst = f"som mest {max(each):.2f} s förlorade" if each else "inte prövad"
        print(f"{kind:22}{len(each):4} gånger: {worst}".replace(".", ","))
    worst_of_all = max(one for each in lost.values() for one in each)
    print(
        f"som mest {worst_of_all:.2f} s av {faults} fel (mål {GOAL_SECONDS:.0f} s), frö {seed}".replace(
            ".", ","
        )
    )
    print(f"utan att något sparas: {control[0]:.1f} s förlorade (ska vara fler än målet)".replace(".", ","))
    print(f"{time.monotonic() - begun:.0f} s")
    return 0 if worst_of_all <= GOAL_SECONDS < control[0] else 1


def _forms(cast: the_cast.Cast) -> list[str]:
    """Ten cases of Siv's, and the page of her notes in each."""
    addresses = []
    for number in stage.numbers(AT_ONCE, today()):
        with transaction.atomic():
            case = factories.open_case(cast, by=cast.siv, number=number)
        addresses.append(f"/arenden/{case.pk}/anteckningar/")
    connections.close_all()
    return addresses


def _round(
    playwright: Playwright,
    web: Web,
    cast: the_cast.Cast,
    addresses: Sequence[str],
    kind: str,
    chance: random.Random,
    start: int,
    *,
    saving: bool = True,
) -> list[float]:
    """Every form typed in until the fault; seconds of typing lost in each."""
    browser = _launched(playwright)
    window = _signed_in(browser, web, cast)
    if not saving:
        window.route("**/utkast/**", lambda route: route.abort())
    pages = [_opened(window, address) for address in addresses]
    for page in pages:
        page.evaluate(_TYPING, [start, _EACH_MS])
    pages[0].wait_for_timeout(1000 * chance.uniform(_SHORTEST, _LONGEST))
    typed = [int(page.evaluate("() => window.typed")) for page in pages]
    if kind == _KINDS[0]:
        web.kill()
    elif kind == _KINDS[1]:
        _end_sessions()
        pages[0].wait_for_timeout(1000)  # She goes on typing, and it is refused.
    _kill_browser(browser)  # A closed one would save as it leaves.
    if kind == _KINDS[0]:
        web.start()
    browser = _launched(playwright)
    window = _signed_in(browser, web, cast)
    lost = []
    for address, last in zip(addresses, typed, strict=True):
        words = _opened(window, address).locator("textarea[name=text]").input_value().split()
        kept = max(start, int(words[-1])) if words else start  # An earlier round's words are not this one's.
        lost.append(max(0, last - kept) * _EACH_MS / 1000)
    browser.close()
    return lost


def _launched(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])


def _kill_browser(browser: Browser) -> None:
    """Without warning, like a machine that loses its power."""
    told = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    pid = next(int(one["id"]) for one in told["processInfo"] if one["type"] == "browser")
    os.kill(pid, signal.SIGKILL)
    while browser.is_connected():
        time.sleep(0.05)
        with contextlib.suppress(Error):
            browser.contexts[0].pages[0].title()


def _opened(window: BrowserContext, address: str) -> Page:
    page = window.new_page()
    page.goto(address)
    return page


def _signed_in(browser: Browser, web: Web, cast: the_cast.Cast) -> BrowserContext:
    token = signed_in(cast.siv, cast).cookies[settings.SIGNIN_COOKIE].value
    window = browser.new_context(base_url=web.url, locale="sv-SE")
    window.add_cookies([{"name": settings.SIGNIN_COOKIE, "value": token, "url": web.url}])
    return window


def _end_sessions() -> None:
    with database.as_owner(stage.name_of_the_stage()) as owner:
        owner.execute("UPDATE accounts_session SET ends_at = now()")


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        raise SystemExit("Chromium saknas: apt-get install chromium")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
