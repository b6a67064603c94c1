"""A body that no page of ours sends is refused before anybody reads it."""

import time
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from humla.core.text import clean

pytestmark = pytest.mark.django_db


def test_a_body_above_the_limit_is_refused_unread(client):
    answer = client.post("/logga-ut/", b"x" * 2_000_001, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 413


def test_a_body_in_strange_letters_is_refused(client):
    strange = "application/x-www-form-urlencoded; charset=zlib"
    answer = client.generic("POST", "/logga-ut/", b"x", content_type=strange)

    assert answer.status_code == 415


PAPER = f"/arenden/{UUID(int=1)}/samtycke/{UUID(int=2)}/papper/"


@pytest.mark.parametrize(
    ("address", "bytes_", "status"),
    [(PAPER, 4_900_000, 404), (PAPER, 5_600_000, 413), ("/logga-ut/", 4_900_000, 413)],
)
def test_a_scan_may_be_larger_than_a_form_and_nothing_else_may(cast, sign_in, address, bytes_, status):
    scan = SimpleUploadedFile("papper.pdf", b"x" * bytes_, content_type="application/pdf")

    answer = sign_in(cast.siv).send(address, {"scan": scan})

    assert answer.status_code == status
    if (address, status) == (PAPER, 413):
        assert "Den får vara högst 5 MB." in answer.content.decode()


def test_nobody_who_is_not_signed_in_sends_a_large_file(client):
    scan = SimpleUploadedFile("papper.pdf", b"x" * 3_000_000, content_type="application/pdf")

    assert client.post(PAPER, {"scan": scan}).status_code == 413


def test_an_ordinary_form_passes(client):
    assert client.post("/finns-inte/", {"a": "b"}).status_code == 404


def test_a_long_run_of_spaces_costs_no_more_than_it_is_long():
    begun = time.process_time()
    with pytest.raises(ValidationError):
        clean(" " * 2_000_000, limit=200, multiline=False)
    clean(" " * 4_000 + "a", limit=200, multiline=False)

    assert time.process_time() - begun < 1
