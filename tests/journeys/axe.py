"""What a machine can say about how well a page can be used, asked in the page as it stands.

axe-core lies in `tests/vendor` and is put into the page from outside, past its content security policy.
A page is loaded once and then looked at in several widths and colours: a reload costs more than the check.
"""

from functools import lru_cache
from typing import Any

from playwright.sync_api import Page

from humla.ops import install

NARROW, PHONE, DESK = 320, 390, 1280

_AXE = "axe-core-4.14.1/axe.min.js"
_RUN = """async options =>
    (await axe.run(document, {resultTypes: ["violations"], preload: false, ...options})).violations.map(one =>
        one.id + ": " + one.nodes.map(node => node.target.join(" ")).join(" | "))"""
_COLOURS = {"runOnly": ["color-contrast"]}
_ALL = {"rules": {"target-size": {"enabled": True}}}
_ALL_BUT_COLOURS = {"rules": {"target-size": {"enabled": True}, "color-contrast": {"enabled": False}}}
# What is folded in is read by somebody too. The menu at the top would only cover what lies behind it.
_UNFOLD = "() => document.querySelectorAll('details:not(.whoami)').forEach(one => one.open = true)"
_SHAPE = """() => {
    const all = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")];
    const seen = all.filter(one => one.checkVisibility());
    const levels = seen.map(one => +one.tagName[1]);
    const wrong = [];
    if (levels.filter(one => one === 1).length !== 1) wrong.push("h1: " + levels);
    levels.forEach((one, at) => {
        if (one > (levels[at - 1] || 1) + 1) wrong.push("level jumps to " + seen[at].textContent);
    });
    if (!document.title.trim()) wrong.push("no title");
    if (!document.documentElement.lang) wrong.push("no lang");
    return wrong;
}"""
_TOO_WIDE = """() => {
    const root = document.documentElement;
    if (root.scrollWidth <= innerWidth) return [];
    const out = [...document.body.querySelectorAll("*")].filter(one => {
        const box = one.getBoundingClientRect();
        return box.right > root.clientWidth + 1 || box.left < -1;
    });
    const told = out.slice(-3).map(one => one.outerHTML.slice(0, 120)).join(" … ");
    return ["sideways at " + innerWidth + ": " + told];
}"""


def every_look(page: Page) -> list[str]:
    """Everything against the page as it stands: desk and telephone, light and dark, and the narrowest."""
    _begin(page)
    found: list[str] = page.evaluate(_SHAPE)
    found += _asked(page, _ALL, "desk, light")
    page.emulate_media(color_scheme="dark")
    found += _asked(page, _COLOURS, "desk, dark")
    # The colours are the same however wide the page is.
    page.emulate_media(color_scheme="light")
    _width(page, PHONE)
    found += _asked(page, _ALL_BUT_COLOURS, "telephone, light")
    return found + too_wide(page, NARROW)


def one_look(page: Page) -> list[str]:
    """Everything at the width and in the colours that the page has."""
    _begin(page)
    found: list[str] = page.evaluate(_SHAPE)
    return found + _asked(page, _ALL, "as it stands")


def too_wide(page: Page, width: int) -> list[str]:
    """What sticks out sideways; 320 is also 1280 at 400 % zoom."""
    _width(page, width)
    found: list[str] = page.evaluate(_TOO_WIDE)
    return found


def _begin(page: Page) -> None:
    page.evaluate(_axe())
    page.evaluate(_UNFOLD)


def _asked(page: Page, options: dict[str, Any], where: str) -> list[str]:
    return [f"{where}: {one}" for one in page.evaluate(_RUN, options)]


def _width(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})


@lru_cache
def _axe() -> str:
    return (install.ROOT / "tests" / "vendor" / _AXE).read_text()
