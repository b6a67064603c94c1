"""The look: components with ordinary and hostile text, what templates may call, the rules of the house.

The browser tests need Chromium and no server: they give it the page with the site's own strict CSP.
"""

import gzip
import hashlib
import mimetypes
import re
import uuid
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.conf import settings as site
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from jinja2 import UndefinedError

from humla.core.rulings import YES, no
from humla.web import jinja
from humla.web.components_page import HOSTILE, SampleForm, components, page_context
from humla.web.page import Note, Sending

WEB = Path(jinja.__file__).parent
STATIC = WEB / "static"
TEMPLATES = WEB / "templates"
LOCALE = Path(site.ROOT) / "locale"
AXE = Path(__file__).parent.parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
WHEN = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BASES = ("", "?bas=personal", "?bas=person")


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def rendered(source: str, **context: Any) -> str:
    """A scrap of template, rendered as the site renders it."""
    return str(engines["jinja2"].from_string(source).render({**page_context(), **context}))


def living_page(query: str = "") -> str:
    return components(RequestFactory().get(f"/komponenter/{query}")).content.decode()


# What a template may call


def test_days_and_times_are_written_in_swedish() -> None:
    with translation.override("sv"):
        assert jinja.day(date(2026, 11, 24)) == "tisdag 24\xa0november 2026"
        assert jinja.moment(WHEN) == "tisdag 24\xa0november kl.\xa013.00"
        assert jinja.moment(WHEN, year=True) == "tisdag 24\xa0november 2026 kl.\xa013.00"
        assert jinja.clock(WHEN) == "13.00"
        assert jinja.iso(WHEN) == "2026-11-24T13:00+01:00"
        assert rendered("{{ n | number }}", n=1234567) == "1\xa0234\xa0567"


@pytest.mark.parametrize("language", ["sv", "sv-lattlast", "en", "ar", "so", "uk", "ti", "prs", "fi"])
def test_every_language_of_the_mechanism_writes_a_day(language: str) -> None:
    with translation.override(language):
        assert "24" in jinja.day(date(2026, 11, 24))
        assert "13" in jinja.moment(WHEN)


def test_a_number_in_a_template_follows_each_readers_language() -> None:
    template = engines["jinja2"].from_string("{{ 1234 | number }}")
    written = []
    for language in ("sv", "en"):
        with translation.override(language):
            written.append(template.render())

    assert written == ["1\xa0234", "1,234"]


def test_an_instant_without_a_time_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="time zone"):
        jinja.moment(datetime(2026, 11, 24, 13, 0))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("19900101-2384", "19900101-••••"),
        ("199001012384", "19900101-••••"),
        ("900101-2384", "900101-••••"),
        ("19200101+2384", "19200101+••••"),
        ("okänt", "••••••••-••••"),
    ],
)
def test_a_person_number_is_shown_without_its_last_four(written: str, shown: str) -> None:
    assert jinja.masked(written) == shown


def test_a_persons_own_text_keeps_its_lines_and_runs_no_markup() -> None:
    assert jinja.paragraphs("Hej <b>\r\nrad två\r\n \r\nأهلا") == (
        '<p dir="auto">Hej &lt;b&gt;<br>rad två</p>\n<p dir="auto">أهلا</p>'
    )


def test_a_misspelt_name_in_a_template_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        rendered("{{ mee.name }}")


def test_a_missing_page_leaves_no_dead_link() -> None:
    assert jinja.url_if_any("no_such_page") == ""


# The components


def test_a_ruling_that_says_no_disables_the_button_and_gives_its_reason() -> None:
    source = '{% from "components/button.html" import button %}{{ button("Kalla", allowed=ruling) }}'
    refused = rendered(source, ruling=no("Samtycke saknas för Psykiatrin."))
    allowed = rendered(source, ruling=YES)

    assert " disabled>" in refused
    assert "Samtycke saknas för Psykiatrin." in refused
    assert "disabled" not in allowed


def test_a_form_carries_the_four_things_every_post_carries() -> None:
    html = rendered(
        '{% from "components/form.html" import form_start %}{{ form_start("/x/", sending, version=7) }}',
        sending=Sending("token", "unit-2"),
    )
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', html))

    assert uuid.UUID(sent.pop("key")).version == 4
    assert sent == {"csrfmiddlewaretoken": "token", "acting_as": "unit-2", "version": "7"}


def test_a_field_with_a_hint_and_an_error_names_both_for_a_screen_reader() -> None:
    form = SampleForm({"goal": ""})
    html = rendered('{% from "components/form.html" import field %}{{ field(form["goal"]) }}', form=form)

    assert 'aria-invalid="true"' in html
    for place in ("id_goal_helptext", "id_goal_error", "id_goal_counter"):
        assert f'id="{place}"' in html
        assert place in re.findall(r'aria-describedby="([^"]*)"', html)[0].split()
    assert "maxlength" not in html, "a browser that cuts a pasted text loses somebody's words"


def test_the_error_summary_leads_to_every_field() -> None:
    form = SampleForm({"goal": ""})
    html = rendered(
        '{% from "components/form.html" import error_summary %}{{ error_summary(form) }}', form=form
    )

    assert set(re.findall(r'href="#([^"]*)"', html)) == {
        "id_goal", "id_due_on", "id_unit", "id_how_0", "id_categories_0", "id_understood",
    }  # fmt: skip
    assert "Det du skrev finns kvar." in html


def test_a_note_from_the_page_before_has_our_tone() -> None:
    html = rendered('{% extends "base/public.html" %}', notes=[Note("Sparat.", "success")])

    assert "message is-done" in html


def test_every_component_stands_on_the_living_page() -> None:
    sources = "".join(path.read_text() for path in TEMPLATES.glob("komponenter/*.html"))
    sources += "".join(path.read_text() for path in TEMPLATES.glob("base/*.html"))
    for family in set(re.findall(r'"(components/\w+\.html)"', sources)):
        for macro in re.findall(r"{% macro ([a-z]\w+)", (TEMPLATES / family).read_text()):
            inner = macro in ("filter_field", "hexagon")
            assert inner or f"{macro}(" in sources, f"{macro} in {family} is not shown"


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("language", ["sv", "ar"])
def test_hostile_text_stays_text(base: str, language: str) -> None:
    with translation.override(language):
        html = living_page(base)

    assert "&lt;script&gt;alert(1)" in html
    assert "<script>" not in html
    assert "<b>fet" not in html
    assert "7*7" in html
    assert HOSTILE.name.split("<")[0] in html


@pytest.mark.parametrize(
    ("language", "lang", "direction"), [("sv-lattlast", "sv", "ltr"), ("ar", "ar", "rtl")]
)
def test_the_page_says_its_language_and_direction(language: str, lang: str, direction: str) -> None:
    with translation.override(language):
        assert f'<html lang="{lang}" dir="{direction}">' in living_page()


def test_the_person_can_leave_without_javascript_and_the_tab_says_nothing() -> None:
    html = rendered('{% extends "base/person.html" %}')

    assert re.search(r'<a class="button is-leave" href="https://www\.smhi\.se/"', html)
    assert "<title>Min sida</title>" in html


# The rules of the house


def test_no_template_has_inline_style_or_script() -> None:
    for path in TEMPLATES.rglob("*.html"):
        source = re.sub(r"{#.*?#}", "", path.read_text(), flags=re.DOTALL)
        assert not re.search(
            r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=\"|hx-on|javascript:", source
        ), path


def test_the_css_is_logical_so_that_arabic_mirrors_by_itself() -> None:
    css = "".join(path.read_text() for path in STATIC.glob("css/**/*.css"))
    physical = re.findall(
        r"[;{]\s*((?:margin|padding|border)-(?:left|right|top|bottom)[\w-]*|left|right|top|bottom|width|height"
        r"|(?:min|max)-(?:width|height)|float)\s*:|text-align:\s*(?:left|right)",
        css,
    )
    assert physical == []


def test_the_pages_stay_light() -> None:
    def weight(*paths: str) -> int:
        return sum(len(gzip.compress((STATIC / path).read_bytes(), 9)) for path in paths)

    assert weight("css/humla.css", "css/themes/standard.css") <= 10_000
    assert weight("vendor/htmx-4.0.1/htmx.min.js", "js/theme.js", "js/once.js", "js/keys.js") <= 15_000


@pytest.mark.parametrize("folder", [STATIC / "vendor", AXE.parent.parent])
def test_what_others_made_is_unchanged_and_has_its_licence(folder: Path) -> None:
    lines = (folder / "CHECKSUMS").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    found = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "CHECKSUMS"
    }
    assert found == listed
    assert all((part / "LICENSE").exists() for part in folder.iterdir() if part.is_dir())


@pytest.mark.parametrize(
    "catalogue", sorted(LOCALE.glob("*/LC_MESSAGES/django.po")), ids=lambda path: path.parts[-3]
)
def test_every_translation_keeps_its_places(catalogue: Path) -> None:
    name = {"sv_Lattlast": "sv", "prs": "fa_AF"}.get(catalogue.parts[-3], catalogue.parts[-3])
    with catalogue.open("rb") as file:
        messages = [message for message in read_po(file, locale=name) if message.id and message.string]
    for message in messages:
        ids = [message.id] if isinstance(message.id, str) else message.id
        places = {place for each in ids for place in re.findall(r"%\(\w+\)\w|{}|%%", each)}
        for text in [message.string] if isinstance(message.string, str) else message.string:
            assert set(re.findall(r"%\(\w+\)\w|{}|%%", text)) <= places, message.id
            if "%(num)s" not in places and text:
                assert set(re.findall(r"%\(\w+\)\w|{}|%%", text)) == places, message.id


# In a real browser


def open_page(browser: Any, html: str, complaints: list[str], **options: Any) -> Any:
    """The page with its static files and the site's CSP, without a server."""
    policy = "; ".join(
        f"{name} {' '.join(sources)}" for name, sources in site.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
    )

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix("http://humla.test").partition("?")[0]
        headers = {"content-security-policy": policy, "content-type": "text/html; charset=utf-8"}
        if not path.startswith("/static/"):
            route.fulfill(body=html, headers=headers)
            return
        file = STATIC / path.removeprefix("/static/")
        headers["content-type"] = mimetypes.guess_type(file.name)[0] or "font/woff2"
        route.fulfill(body=file.read_bytes(), headers=headers)

    page = browser.new_page(**options)
    page.route("**/*", answer)
    page.on("console", lambda said: complaints.append(said.text) if "Security Policy" in said.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("http://humla.test/")
    return page


AXE_RUN = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
    .map(one => one.id + ': ' + one.nodes.slice(0, 3).map(node => node.html).join(' | '))"""


@pytest.mark.browser
@pytest.mark.parametrize(
    ("base", "language"), [("", "sv"), ("?bas=personal", "sv"), ("?bas=person", "sv"), ("?bas=person", "ar")]
)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(browser: Any, base: str, language: str) -> None:
    with translation.override(language):
        html = living_page(base)
    complaints: list[str] = []
    page = open_page(browser, html, complaints, reduced_motion="reduce")
    page.evaluate(AXE.read_text())
    found = {}
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), width
        for scheme in ("light", "dark") if width != 320 else ():
            page.emulate_media(color_scheme=scheme)
            found[width, scheme] = page.evaluate(AXE_RUN)
    page.close()

    assert {place: problems for place, problems in found.items() if problems} == {}
    assert complaints == []


@pytest.mark.browser
def test_the_keys_open_the_help_and_close_it(browser: Any) -> None:
    page = open_page(browser, living_page("?bas=personal"), [])
    page.keyboard.press("?")
    assert page.evaluate("() => document.getElementById('keys').open")
    page.keyboard.press("Escape")
    assert not page.evaluate("() => document.getElementById('keys').open")
    page.close()


@pytest.mark.browser
def test_a_second_press_sends_nothing_more(browser: Any) -> None:
    source = (
        '{% extends "base/public.html" %}{% block main %}'
        '{% from "components/form.html" import form_start, form_end %}<h1>x</h1>'
        '{{ form_start("/send/", sending) }}<button>Skicka</button>{{ form_end() }}{% endblock %}'
    )
    page = open_page(browser, rendered(source), [])
    posts: list[str] = []
    page.route("**/send/", lambda route: posts.append(route.request.url))  # never answered: still on its way
    page.evaluate("() => { const b = document.querySelector('main button'); b.click(); b.click(); }")
    page.wait_for_timeout(300)
    page.close()

    assert len(posts) == 1


@pytest.mark.browser
def test_a_list_filters_by_typing(browser: Any) -> None:
    page = open_page(browser, living_page(), [])
    page.fill("#vanlig-table-filter", "amir")
    shown = page.locator("#vanlig-table tbody tr:visible").count()
    said = page.locator("[data-filter=vanlig-table] [role=status]").inner_text()
    page.close()

    assert (shown, said) == (1, "Visar 1 av 2")


@pytest.mark.browser
def test_leaving_quickly_empties_the_page_and_its_place_in_history(browser: Any) -> None:
    page = open_page(browser, living_page("?bas=person"), [])
    page.click("[data-leave]")
    page.wait_for_url("https://www.smhi.se/**")
    assert page.evaluate("() => history.length") <= 2
    page.close()
