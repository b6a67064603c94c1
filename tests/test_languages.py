"""The catalogues: nothing missing from the template, nothing broken in a translation, her pages complete.

When one of these fails: run the commands in babel.cfg, write the missing words, then ./humla fix.
"""

import ast
import re
from collections.abc import Iterator
from configparser import ConfigParser
from functools import cache
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from humla.cases.models import Category
from humla.consents.models import ConsentState
from humla.organisation.models import Role

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("ar", "en", "sv_Lattlast")

WHOLE = ("ar", "en")
"""Easy-read Swedish falls back to Swedish, text by text; the others must say everything that she reads."""

HER_FILES = (
    "src/humla/audit/tags.py",
    "src/humla/initiations/guide.py",
    "src/humla/web/answer.py",
    "src/humla/web/ask_for_plan.py",
    "src/humla/web/calendar.py",
    "src/humla/evidence/wording.py",
    "src/humla/web/errors.py",
    "src/humla/web/is_sip_right.py",
    "src/humla/web/evidence_link.py",
    "src/humla/web/looks.py",
    "src/humla/web/own.py",
    "src/humla/web/own_access.py",
    "src/humla/web/own_answer.py",
    "src/humla/web/own_consents.py",
    "src/humla/web/own_preparation.py",
    "src/humla/web/own_times.py",
    "src/humla/web/times_link.py",
    "src/humla/web/representatives/acting.py",
    "src/humla/web/representatives/hers.py",
    "src/humla/web/sessions.py",
    "src/humla/web/signin.py",
    "src/humla/web/unsent.py",
    "src/humla/web/templates/answer/",
    "src/humla/web/templates/asking/",
    "src/humla/web/templates/base/page.html",
    "src/humla/web/templates/base/person.html",
    "src/humla/web/templates/base/public.html",
    "src/humla/web/templates/components/message.html",
    "src/humla/web/templates/components/navigation.html",
    "src/humla/web/templates/components/plan.html",
    "src/humla/web/templates/drafts/",
    "src/humla/web/templates/errors/",
    "src/humla/web/templates/evidence/answer",
    "src/humla/web/templates/followups/own.html",
    "src/humla/web/templates/followups/paper.html",
    "src/humla/web/templates/forms/list.html",
    "src/humla/web/templates/forms/parts.html",
    "src/humla/web/templates/own/",
    "src/humla/web/templates/representatives/for.html",
    "src/humla/web/templates/representatives/for_plan.html",
    "src/humla/web/templates/representatives/for_question.html",
    "src/humla/web/templates/representatives/for_withdraw.html",
    "src/humla/web/templates/representatives/hers.html",
    "src/humla/web/templates/representatives/objection.html",
    "src/humla/web/templates/signin/",
    "src/humla/web/templates/start/",
    "src/humla/web/templates/representatives/times.html",
    "src/humla/web/templates/times/answer.html",
    "src/humla/web/templates/times/own_part.html",
    "src/humla/web/templates/times/tap.html",
    "src/humla/web/templates/times/unit_part.html",
)

STAY_SWEDISH: frozenset[str] = frozenset()
"""Texts of those files that need no translation. None today."""

KINDS = {
    "_": 0,
    "gettext": 0,
    "gettext_lazy": 0,
    "ngettext": 0,
    "ngettext_lazy": 0,
    "pgettext": 1,
    "npgettext": 1,
}
"""What marks a text, and how many arguments stand before it."""

HOLDERS = re.compile(r"%(?:\(\w+\)[a-z]|%|)")

Key = tuple[str, str | None]


def _catalogue(language: str) -> Catalog:
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file)


def _texts(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _forms(text: "str | tuple[str, ...] | list[str]") -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def _holders(text: str) -> set[str]:
    """What is filled in: %(name)s, {} and {page}, and the bare % that must stay %%."""
    return set(HOLDERS.findall(text)) | {
        f"{{{name}}}" for _, name, _, _ in Formatter().parse(text) if name is not None
    }


@cache
def _in_sources() -> dict[Key, set[str]]:
    """Every text that stands in the sources now, and the files it stands in."""
    found: dict[Key, set[str]] = {}
    for file in sorted((ROOT / "src" / "humla").rglob("*")):
        look = {".py": _in_python, ".html": _in_template}.get(file.suffix)
        if look and "migrations" not in file.parts:
            for key in look(file):
                found.setdefault(key, set()).add(file.relative_to(ROOT).as_posix())
    return found


def _in_python(file: Path) -> Iterator[Key]:
    """By the syntax tree: Babel's own reading takes ten times as long."""
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS:
            words = [each.value if isinstance(each, ast.Constant) else None for each in node.args]
            at = KINDS[node.func.id]
            if len(words) > at and isinstance(words[at], str):
                yield words[at], words[0] if at else None


def _in_template(file: Path) -> Iterator[Key]:
    settings = ConfigParser()
    settings.read(ROOT / "babel.cfg")
    options = next(dict(settings[name]) for name in settings.sections() if name.startswith("jinja2:"))
    with file.open("rb") as opened:
        for _line, kind, words, _comments in babel_extract(opened, tuple(KINDS), (), options):
            texts = _forms(words)
            yield texts[KINDS[kind]], texts[0] if KINDS[kind] else None


def _key(message: Message) -> Key:
    return _forms(message.id)[0], message.context


def _hers() -> dict[Key, list[str]]:
    """What the person and the public read, by where it stands."""
    named = {(text, None): sorted(places) for (text, _), places in _in_sources().items() if _is_hers(places)}
    labels = [str(one.label) for kinds in (Category, ConsentState, Role) for one in kinds]
    return named | {(label, None): ["models"] for label in labels}


def _is_hers(places: set[str]) -> bool:
    return any(place.startswith(HER_FILES) for place in places)


def test_the_template_has_every_text_of_the_sources_and_no_other():
    with (ROOT / "locale" / "django.pot").open("rb") as file:
        written = {_key(message) for message in _texts(read_po(file))}

    assert sorted(set(_in_sources()) - written, key=str) == []
    assert sorted(written - set(_in_sources()), key=str) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_the_template_s_texts_and_no_leftovers(language):
    catalogue = _catalogue(language)

    assert {_key(message) for message in _texts(catalogue)} == set(_in_sources())
    assert list(catalogue.obsolete) == []
    assert [message.id for message in _texts(catalogue) if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_of_its_text(language):
    wrong = [
        (message.id, form)
        for message in _texts(_catalogue(language))
        for form in _forms(message.string)
        if form and not _fits(message, form)
    ]

    assert wrong == []


def _fits(message: Message, form: str) -> bool:
    """The same places to fill in; only a plural's form for none, one or two may do without its number."""
    asked = set.union(*(_holders(text) for text in _forms(message.id)))
    spare = {"%(num)s", "%(count)s"} if message.pluralizable else set()
    return asked - spare <= _holders(form) <= asked


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plural_has_all_its_forms(language):
    catalogue = _catalogue(language)
    counts = {
        len(form) if all(form) else 0
        for message in _texts(catalogue)
        if message.pluralizable and any(form := _forms(message.string))
    }

    assert counts <= {catalogue.num_plurals}
    assert catalogue.num_plurals == {"ar": 6}.get(language, 2)


@pytest.mark.parametrize("language", WHOLE)
def test_everything_that_the_person_reads_is_translated(language):
    catalogue = _catalogue(language)
    lacking = {
        text: places
        for (text, context), places in _hers().items()
        if text not in STAY_SWEDISH and not _is_said(catalogue.get(text, context))
    }

    assert lacking == {}


def _is_said(message: Message | None) -> bool:
    return message is not None and all(_forms(message.string))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language):
    written = BytesIO()
    write_mo(written, _catalogue(language))
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = read_mo(file)

    expected = read_mo(BytesIO(written.getvalue()))
    assert _said(compiled) == _said(expected)


def _said(catalogue: Catalog) -> dict[Key, list[str]]:
    return {_key(message): _forms(message.string) for message in _texts(catalogue)}
