"""A line of the technical log never holds the token of a link."""

import logging
import sys

import pytest
from django.db import DatabaseError, connection

from humla.web.log_lines import WithoutLinks, WithoutValues

TOKEN = "kXv3-aHemligtOrdSomOppnarSvaret"


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ("Forbidden (%s): %s", ("CSRF cookie not set.", f"/svar/{TOKEN}/")),
        (f"Internal Server Error: /svar/{TOKEN}/", ()),
        ("%s", (f"GET /svar/{TOKEN} HTTP/1.1",)),
    ],
)
def test_the_token_is_taken_out_of_every_line(words: str, arguments: tuple[str, ...]) -> None:
    line = logging.LogRecord("django.request", logging.ERROR, "", 0, words, arguments, None)

    assert WithoutLinks().filter(line)
    assert (TOKEN in line.getMessage(), "/svar/…" in line.getMessage()) == (False, True)


def test_nor_the_token_of_a_link_that_a_code_opens() -> None:
    line = logging.LogRecord("django.request", logging.ERROR, "", 0, "%s", (f"/oppna/{TOKEN}/",), None)

    assert WithoutLinks().filter(line)
    assert line.getMessage() == "/oppna/…/"


def test_a_letter_answered_without_the_cookie_leaves_no_token(client, caplog) -> None:
    from django.test import Client

    with caplog.at_level(logging.WARNING):
        for handler in logging.getLogger().handlers:
            handler.addFilter(WithoutLinks())
        Client(enforce_csrf_checks=True).post(f"/svar/{TOKEN}/", {"answer": "comes"})

    assert caplog.records
    assert [line.getMessage() for line in caplog.records if TOKEN in line.getMessage()] == []


def test_a_fault_is_told_by_kind_and_place_and_never_in_the_words_that_caused_it(caplog) -> None:
    written = "Eva Ek 19860611-2384"
    try:
        try:
            int(written)
        except ValueError as cause:
            raise RuntimeError(f"could not read {written}") from cause
    except RuntimeError:
        line = logging.LogRecord("humla", logging.ERROR, "", 0, "broken", (), sys.exc_info())
    assert written in logging.Formatter().formatException(line.exc_info)

    assert WithoutValues().filter(line)
    said = logging.Formatter().format(line)
    assert written not in said
    assert [
        one for one in ("builtins.ValueError", "builtins.RuntimeError", "test_log_lines.py") if one in said
    ] == ["builtins.ValueError", "builtins.RuntimeError", "test_log_lines.py"]


@pytest.mark.django_db
def test_what_the_database_refuses_is_told_by_the_name_of_its_rule() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
    except DatabaseError:
        line = logging.LogRecord("humla", logging.ERROR, "", 0, "broken", (), sys.exc_info())
    WithoutValues().filter(line)

    assert "django.db.utils.DataError (22012)" in logging.Formatter().format(line)
