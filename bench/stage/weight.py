"""What a page weighs on the wire, with everything that it asks the browser to fetch.

Here: the bytes after gzip of the page, its style sheets and its scripts, and requests to others than us.
Not here: how fast they come.
"""

import gzip
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from bench.stage.client import Client, Unexpected

_IN_CSS = re.compile(r"(?:@import\s+|url\()\s*['\"]?([^'\")\s]+)")


@dataclass
class Weight:
    """Bytes after gzip, and the addresses that lead to others."""

    html: int = 0
    css: int = 0
    js: int = 0
    third_party: list[str] = field(default_factory=list)


class _Linked(HTMLParser):
    """What the browser fetches by itself: style sheets, scripts, images and fonts; not where links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "link" and told.get("href"):
            kind = "css" if "stylesheet" in (told.get("rel") or "") else "other"
            self.found.append((kind, str(told["href"])))
        elif told.get("src"):
            self.found.append(("js" if tag == "script" else "other", str(told["src"])))


def weighed(client: Client, path: str) -> Weight:
    """One page. A client that accepts gzip gets the static files packed; the page is packed here."""
    page = client.get(path)
    weight = Weight(html=len(gzip.compress(page.text.encode(), 6)))
    links = _Linked()
    links.feed(page.text)
    own, seen = f"http://127.0.0.1:{client.port}", set()
    for kind, href in links.found:
        address = urljoin(own + path, href)
        if address.startswith("data:") or address in seen:
            continue
        seen.add(address)
        if not address.startswith(own + "/"):
            weight.third_party.append(address)
            continue
        if kind == "other":
            continue
        file = client.get(urlsplit(address).path)
        if file.status != 200:
            raise Unexpected(f"{href} answered {file.status}")
        setattr(weight, kind, getattr(weight, kind) + len(file.body))
        if kind == "css":
            inside = [urljoin(address, one) for one in _IN_CSS.findall(file.text)]
            weight.third_party += [one for one in inside if not one.startswith((own + "/", "data:"))]
    return weight
