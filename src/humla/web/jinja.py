"""The Jinja2 environment that every page of ours is rendered with.

Lives here: what templates may call (addresses, static files, gettext) and the filters that write days,
times, numbers and people's own words. Not here: what a page knows (its view and the door), and the
components (`templates/components/`).

Django's backend hands over its own `undefined`; ours replaces it, so that a misspelt name in a template
is an error in the first test instead of an empty place on somebody's plan.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from django.conf import settings
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from humla.web.template_code import PageEnvironment

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NO_BREAK = "\N{NO-BREAK SPACE}"
BULLETS = "••••"
_PARAGRAPH = Markup('<p dir="auto">{}</p>')

# Babel's name for a language of ours. Dari is Persian of Afghanistan there; lättläst is Swedish.
BABEL_NAMES = {"prs": "fa_AF", "sv-lattlast": "sv"}
# <html lang> must be a language a screen reader has a voice for.
HTML_NAMES = {"sv-lattlast": "sv"}
MOMENT_PATTERNS = {"sv": "'kl.' HH.mm", "en": "'at' HH:mm", "fi": "'klo' H.mm", "ar": "'الساعة' HH:mm"}
CLOCK_PATTERNS = {"sv": "HH.mm", "fi": "H.mm"}


def environment(**options: Any) -> Environment:
    """Called once by Django's Jinja2 backend."""
    options["undefined"] = StrictUndefined
    options.setdefault("extensions", ["jinja2.ext.i18n"])
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    env = PageEnvironment(**options)
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    # A plan says two hundred phrases: each is translated and marked safe once, not at every page.
    env.globals.update(gettext=said, _=said)
    env.globals.update(
        url=url, url_if_any=url_if_any, static=static, languages=languages, html_language=html_language
    )
    env.filters.update(
        day=day,
        short_day=short_day,
        moment=moment,
        clock=clock,
        iso=iso,
        number=number,
        masked=masked,
        paragraphs=paragraphs,
        bdi=bdi,
    )
    return env


def said(phrase: str, /, **words: object) -> Markup:
    """The phrase in the page's language; what is put into it is escaped."""
    return _translated(language(), phrase) % words if words else _plain(language(), phrase)


@lru_cache(maxsize=8_192)
def _translated(_language: str, phrase: str) -> Markup:
    return Markup(translation.gettext(phrase))  # noqa: S704 - our own phrases


@lru_cache(maxsize=8_192)
def _plain(language_code: str, phrase: str) -> Markup:
    return _translated(language_code, phrase) % {}


def url(name: str, /, *args: object, **kwargs: object) -> str:
    """The address of a page; a name that does not exist is an error."""
    if args or not all(isinstance(value, UUID | int) for value in kwargs.values()):
        return reverse(name, args=args or None, kwargs=kwargs or None)
    return _address(name, tuple((word, type(value)) for word, value in kwargs.items())) % kwargs


@lru_cache(maxsize=512)
def _address(name: str, words: tuple[tuple[str, type], ...]) -> str:
    """The address with places for ids and numbers: a plan has a hundred links that differ in nothing else."""
    stands_for = {word: uuid4() if kind is UUID else 7_171_700 + at for at, (word, kind) in enumerate(words)}
    address = reverse(name, kwargs=stands_for or None).replace("%", "%%")
    for word, value in stands_for.items():
        address = address.replace(str(value), f"%({word})s")
    return address


@lru_cache(maxsize=128)
def url_if_any(name: str, /) -> str:
    """The address of a page without parameters, or nothing: base layouts never draw a dead link."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def languages() -> list[dict[str, str | bool]]:
    """The languages in the switch, each under its own name, with the one in use marked."""
    active = language()
    return [
        {"code": code, "name": str(name), "html_lang": html_language(code), "current": code == active}
        for code, name in settings.LANGUAGES
    ]


def language() -> str:
    """The language of the page being rendered."""
    return _page_language.get() or translation.get_language() or settings.LANGUAGE_CODE


@contextmanager
def one_language() -> Iterator[None]:
    """A page is drawn in one language: each of its phrases asks a variable instead of Django."""
    token = _page_language.set(translation.get_language() or settings.LANGUAGE_CODE)
    try:
        yield
    finally:
        _page_language.reset(token)


_page_language: ContextVar[str] = ContextVar("humla_page_language", default="")


def html_language(code: str) -> str:
    """The code for <html lang> and for a text in that language."""
    return HTML_NAMES.get(code, code)


def day(value: date | None) -> str:
    """tisdag 24 november 2026"""
    return _written(value, "EEEE d MMMM y")


def short_day(value: date | None) -> str:
    """24 nov. 2026"""
    return _written(value, "d MMM y")


def moment(value: datetime | None, year: bool = False) -> str:
    """tisdag 24 november kl. 13.00; with its year where old things are listed."""
    if value is None:
        return ""
    pattern = MOMENT_PATTERNS.get(_language_root(), "HH:mm")
    head = "EEEE d MMMM y" if year else "EEEE d MMMM"
    return _written_moment(_local(value), f"{head} {pattern}", _babel_name())


def clock(value: datetime | None) -> str:
    """13.42"""
    if value is None:
        return ""
    pattern = CLOCK_PATTERNS.get(_language_root(), "HH:mm")
    return _written_moment(_local(value), pattern, _babel_name())


def iso(value: date | None) -> str:
    """For <time datetime>: 2026-11-24, or 2026-11-24T13:00+01:00."""
    if value is None:
        return ""
    return _local(value).isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()


@pass_context
def number(_context: Context, value: float | None, decimals: int | None = None) -> str:
    """1 234 567 with spaces that do not break. (The narrow one is next to none in Source Sans.)

    Takes the context only to be asked each time: Jinja works out `1234 | number` when it compiles the
    template, and the first visitor's language would stick.
    """
    if value is None:
        return ""
    pattern = None if decimals is None else "#,##0." + "0" * decimals if decimals else "#,##0"
    return str(format_decimal(value, format=pattern, locale=_babel_name()))


def masked(value: object) -> str:
    """19900101-•••• whatever way the number is written; nothing of what is not a number."""
    digits = re.sub(r"\D", "", str(value))
    if len(digits) not in (10, 12):
        return f"{BULLETS}{BULLETS}-{BULLETS}"
    mark = "+" if "+" in str(value) else "-"
    return f"{digits[:-4]}{mark}{BULLETS}"


def paragraphs(value: object) -> Markup:
    """A person's own text: paragraphs and line breaks kept, each in its own reading direction."""
    text = str(value)
    if "\n" not in text and "\r" not in text:
        return _PARAGRAPH.format(text) if text.strip() else Markup()
    blocks = [block.strip("\n") for block in re.split(r"\n[^\S\n]*\n", _unix_lines(value))]
    lines = [Markup("<br>").join(block.split("\n")) for block in blocks if block.strip()]
    return Markup("\n").join(Markup('<p dir="auto">{}</p>').format(line) for line in lines)


def bdi(value: object) -> Markup:
    """A name or a number inside a sentence in another direction."""
    return Markup("<bdi>{}</bdi>").format(escape(value))


def _written(value: date | None, pattern: str) -> str:
    if value is None:
        return ""
    on = _local(value).date() if isinstance(value, datetime) else value
    return _written_day(on, pattern, _babel_name())


@lru_cache(maxsize=4_096)
def _written_day(on: date, pattern: str, locale: str) -> str:
    return _bound(format_date(on, pattern, locale=locale))


@lru_cache(maxsize=4_096)
def _written_moment(at: datetime, pattern: str, locale: str) -> str:
    return _bound(format_datetime(at, pattern, locale=locale))


def _bound(text: str) -> str:
    """Keep a day number with its month, and "kl." with its time, on one line."""
    return re.sub(r"(\b\d{1,2}|\bkl\.|\bklo|\bat) ", rf"\1{NO_BREAK}", text)


def _local(value: datetime) -> datetime:
    """A naive instant is a programming error that astimezone would hide by guessing."""
    if timezone.is_naive(value):
        raise ValueError("An instant without a time zone cannot be shown.")
    return value.astimezone(STOCKHOLM)


def _unix_lines(value: object) -> str:
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def _language_root() -> str:
    return language().partition("-")[0]


def _babel_name() -> str:
    return _babel_name_of(language())


@lru_cache
def _babel_name_of(code: str) -> str:
    return BABEL_NAMES.get(code, code.replace("-", "_"))
