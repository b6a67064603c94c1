"""A body that no page of ours sends is refused before anybody reads it."""

import time

import pytest
from django.core.exceptions import ValidationError

from humla.core.text import clean

pytestmark = pytest.mark.django_db


def test_a_body_above_the_limit_is_refused_unread(client):
    answer = client.post("/logga-ut/", b"x" * 2_000_001, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 413


def test_a_body_in_strange_letters_is_refused(client):
    strange = "application/x-www-form-urlencoded; charset=zlib"
    answer = client.generic("POST", "/logga-ut/", b"x", content_type=strange)

    assert answer.status_code == 415


def test_an_ordinary_form_passes(client):
    assert client.post("/finns-inte/", {"a": "b"}).status_code == 404


def test_a_long_run_of_spaces_costs_no_more_than_it_is_long():
    begun = time.process_time()
    with pytest.raises(ValidationError):
        clean(" " * 2_000_000, limit=200, multiline=False)
    clean(" " * 4_000 + "a", limit=200, multiline=False)

    assert time.process_time() - begun < 1
