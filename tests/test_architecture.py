"""Arrows point down, also where import-linter cannot see: foreign keys, texts and folders."""

import ast
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "humla"
LAYERS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0][
    "layers"
]
RANK = {name.strip(): rank for rank, layer in enumerate(reversed(LAYERS)) for name in layer.split("|")}
FORBIDDEN_NAMES = {"utils", "helpers", "services", "managers", "manager", "common", "base", "misc"}
MODULES = [file for file in SOURCE.rglob("*.py") if "migrations" not in file.parts]


def test_every_package_has_a_place_in_the_layers():
    packages = {folder.name for folder in SOURCE.iterdir() if (folder / "__init__.py").exists()}

    assert packages == set(RANK)


def test_foreign_keys_point_down_or_stay_at_home():
    up = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model.__module__.startswith("humla.")
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and (related := field.related_model._meta.app_label) != model._meta.app_label
        and RANK[related] >= RANK[model._meta.app_label]
    ]

    assert up == []


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_a_module_opens_with_what_it_is_and_has_a_domain_name(file):
    assert ast.get_docstring(ast.parse(file.read_text())), "no module docstring"
    assert file.stem not in FORBIDDEN_NAMES


def test_models_and_rules_never_write():
    """A verb is one function in an actions.py; nothing else saves."""
    writers = [
        f"{file.relative_to(SOURCE)}:{node.lineno}"
        for file in MODULES
        if file.name in {"models.py", "rules.py", "visibility.py", "notices.py"}
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"save", "create", "bulk_create", "update_or_create", "get_or_create", "delete"}
    ]

    assert writers == []


def test_web_asks_concepts_for_queries():
    asked = [
        str(file.relative_to(SOURCE))
        for file in (SOURCE / "web").rglob("*.py")
        if ".objects" in file.read_text()
    ]

    assert asked == []


def test_actions_take_who_does_it_last():
    """`def verb(subject, *, details, by)`: nobody acts without being named, but the clock, which sends."""
    nameless = [
        f"{file.relative_to(SOURCE)}:{node.name}"
        for file in MODULES
        if file.name == "actions.py" and file.parent.name not in {"drafts", "accounts", "notifications"}
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and (not node.args.kwonlyargs or node.args.kwonlyargs[-1].arg != "by")
    ]

    assert nameless == []
