"""Small promises that hold over the whole program: templates, words, tags and generated pages."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.template import engines

from humla.audit.tags import LOOKS, SENTENCES, Tag
from humla.ops import docs

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "src" / "humla" / "web" / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TEMPLATES)))
def test_a_template_compiles_and_has_no_inline_style_or_script(page):
    text = page.read_text()

    assert engines["jinja2"].get_template(str(page.relative_to(TEMPLATES)))
    assert (
        re.findall(
            r"<style|<script(?![^>]*\bsrc=)|\bstyle=|\bon(?:click|change|submit|load)=|javascript:", text
        )
        == []
    )
    # Two component files hold drawings as constants of their own; nothing a person wrote is ever "safe".
    assert page.name in {"case.html", "icon.html"} or "|safe" not in text.replace(" ", "")


def test_no_template_is_forgotten():
    written = "".join(file.read_text() for file in (ROOT / "src").rglob("*.py")) + "".join(
        page.read_text() for page in PAGES
    )
    unused = [
        str(page.relative_to(TEMPLATES)) for page in PAGES if str(page.relative_to(TEMPLATES)) not in written
    ]

    assert unused == []


def test_every_tag_has_its_sentence_and_its_grammar():
    assert set(SENTENCES) == set(Tag)
    assert set(Tag) >= LOOKS
    assert [tag for tag in Tag if not re.fullmatch(r"[a-z]+:[a-z_]+:[a-z_]+", tag.value)] == []


def test_every_transition_names_an_action_that_exists():
    source = ROOT / "src" / "humla"
    # A verb lives in the highest concept that it touches: what closes a case is not in `cases`.
    verbs = {
        verb for file in source.glob("*/*.py") for verb in re.findall(r"^def (\w+)\(", file.read_text(), re.M)
    }
    missing = [
        f"{file.parent.name}.{verb}"
        for file in sorted(source.glob("*/models.py"))
        for verb in re.findall(r'Transition\([^,]+, "(\w+)"', file.read_text())
        if verb not in verbs
    ]

    assert missing == []


def test_every_field_that_a_person_meets_has_its_swedish_word():
    shown = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("humla.")
        for field in model._meta.get_fields()
        if getattr(field, "choices", None)
        and field.verbose_name == field.name.replace("_", " ")
        and field.name.isalpha()
        and field.name not in {"kind", "role", "ground", "category", "language"}
    ]

    assert shown == []


def test_generated_pages_are_in_step():
    assert docs.states() == (ROOT / "docs" / "states.md").read_text()
    assert docs.who_may_do_what() == (ROOT / "docs" / "who-may-do-what.md").read_text()
