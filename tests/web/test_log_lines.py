"""A line of the technical log never holds the token of a link."""

import logging

import pytest

from humla.web.log_lines import WithoutLinks

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


def test_a_letter_answered_without_the_cookie_leaves_no_token(client, caplog) -> None:
    from django.test import Client

    with caplog.at_level(logging.WARNING):
        for handler in logging.getLogger().handlers:
            handler.addFilter(WithoutLinks())
        Client(enforce_csrf_checks=True).post(f"/svar/{TOKEN}/", {"answer": "comes"})

    assert caplog.records
    assert [line.getMessage() for line in caplog.records if TOKEN in line.getMessage()] == []
