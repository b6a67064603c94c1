"""What watches the whole SAMSIP: every address that anybody has been at, and what those outside get there.

Here: the listening beside the pages (addresses, complaints of the browser, pages to look at afterwards), and
those outside, who try every address. Not here: what is done (`samsip_meetings`, `samsip_plan`, `samsip_end`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlsplit
from uuid import uuid4

from playwright.sync_api import ConsoleMessage, Page, Request

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TAG = re.compile(r"<[^>]*>")
LISTS = (
    "/arenden/",
    "/arenden/?lage=avslutade",
    "/mottaget/",
    "/idag/",
    "/konsultationer/",
    "/valj-uppdrag/",
)
"""Where those outside would see something, if they saw anything: the pages that need no id."""


@dataclass
class Watch:
    """Listens to every browser of those inside."""

    addresses: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    album: dict[str, tuple[str, str]] = field(default_factory=dict)

    def over(self, page: Page) -> Page:
        """Listen to this one too."""
        page.on("request", self._asked)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def keep(self, page: Page, called: str) -> None:
        """The page as it stands, to be looked at by the machine when the walk is over; one of each kind."""
        kind = _ID.sub("-", urlsplit(page.url).path)
        self.album.setdefault(f"{kind} {called}", (page.url.partition("#")[0], page.content()))

    def _asked(self, request: Request) -> None:
        at = urlsplit(request.url)
        if request.is_navigation_request() and _ID.search(at.path):
            self.addresses.add(f"{at.path}?{at.query}" if at.query else at.path)

    def _said(self, message: ConsoleMessage) -> None:
        # A broken content security policy is said here too, and nowhere else.
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.location.get('url', '')}: {message.text}")


@dataclass
class Outsider:
    """Somebody signed in who should not know of the case. Asks as her browser would."""

    name: str
    url: str
    cookies: str
    tried: int = 0
    never_was: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    def can_tell(self, addresses: Iterable[str], words: Iterable[str]) -> list[str]:
        """Everything that she could learn something from: nothing."""
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=20)
        try:
            found = [one for address in sorted(addresses) if (one := self._differs(connection, address))]
            return found + [one for address in LISTS if (one := self._tells(connection, address, words))]
        finally:
            connection.close()

    def _differs(self, connection: HTTPConnection, address: str) -> str:
        """A real address answers as one that was never given out, to the byte."""
        kind = _ID.sub("-", address)
        if kind not in self.never_was:
            self.never_was[kind] = self._ask(connection, _ID.sub(lambda _found: str(uuid4()), address))
        real, false = self._ask(connection, address), self.never_was[kind]
        self.tried += 1
        return (
            "" if real == false and real[0] in (404, 405) else f"{self.name} {address}: {real[0]} {false[0]}"
        )

    def _tells(self, connection: HTTPConnection, address: str, words: Iterable[str]) -> str:
        _status, body = self._ask(connection, address)
        told = [one for one in words if one in in_words(body.decode())]
        return f"{self.name} {address}: {told}" if told else ""

    def _ask(self, connection: HTTPConnection, address: str) -> tuple[int, bytes]:
        connection.request("GET", address, headers={"Cookie": self.cookies, "Accept": "text/html"})
        answer = connection.getresponse()
        return answer.status, answer.read()


def in_words(page: str) -> str:
    """What a page says and where it leads. The rest is drawn by lot now and then, and spells anything."""
    return " ".join([*re.findall(r'href="([^"]*)"', page), _TAG.sub(" ", page)])


def outsider(page: Page, name: str, url: str) -> Outsider:
    """The one who has signed in on this page."""
    kept = page.context.cookies()
    return Outsider(name, url, "; ".join(f"{one['name']}={one['value']}" for one in kept))
