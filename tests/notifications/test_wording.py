"""A letter says what kind of thing, by when and where to go; never who, no number, no word of a case (NOT-2).

Shown in two ways: whatever the person is called and whatever is written about her, the letter is the same to
the byte but for its link; and a letter of a real case, as the server got it, holds nothing of that case.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from humla.core.context import Actor, Kind, acting, now
from humla.notifications.actions import queue, send
from humla.notifications.models import Fault, Notice, NoticeKind
from humla.notifications.post import post
from humla.notifications.visibility import next_due
from humla.notifications.wording import BY_LINK, BY_PHONE, FAULTS, letter, text_message
from tests import factories
from tests.cast import Cast

NUMBERS = ["198606112384", "197604202395", ""]
LETTERS = [one for one in NoticeKind if one not in BY_PHONE and one is not NoticeKind.DIGEST]
"""What goes to a mailbox by itself; a code goes to a telephone, and a collected letter is made of these."""

OF_A_CASE = [one for one in LETTERS if one is not NoticeKind.REQUEST_ARRIVED]
"""Those that can be about a case: a request has none."""

NAMES = ["Eva Ek", "Ali حسن", "O'Brien", "Åsa Öst", "Svara Senast", "Till Möte", "Kallelse"]


def test_every_kind_has_its_words_and_every_fault_its_sentence() -> None:
    letters = {
        kind: letter(kind, unit="AF", association="Humledalen", token="x" if kind in BY_LINK else "")
        for kind in LETTERS
    }

    assert len({one.subject for one in letters.values()}) == len(LETTERS)
    assert set(FAULTS) == set(Fault)


def test_a_letter_says_the_day_in_words_and_leads_where_it_should() -> None:
    made = letter(
        NoticeKind.SUMMONS,
        unit="AF Humlesund",
        association="Humledalen",
        answer_by=date(2026, 11, 27),
        token="tok",
    )

    assert made.subject == "Kallelse till ett möte. Svara senast fredag 27 november 2026"
    assert "/svar/tok/" in made.body
    assert "Till AF Humlesund" in made.body


def test_a_text_to_the_telephone_has_the_code_and_neither_name_nor_link() -> None:
    body = text_message("004217").body

    assert "004217" in body
    assert "://" not in body
    assert len(body) < 140  # One text, not two.


def test_with_a_telephone_registered_the_letter_has_a_second_address() -> None:
    words = {"unit": "Psykiatrin", "association": "Humledalen"}
    without = letter(NoticeKind.DOCUMENT, **words)
    made = letter(NoticeKind.DOCUMENT, **words, opening_token="tok")

    assert "/oppna/" not in without.body
    assert "/oppna/tok/" in made.body


def test_a_letter_to_those_who_sign_in_has_no_key_in_it() -> None:
    made = letter(NoticeKind.DOCUMENT, unit="AF Humlesund", association="Humledalen", token="tok")

    assert "tok" not in made.body
    assert "/mottaget/" in made.body


def test_it_is_swedish_whatever_language_the_sender_reads() -> None:
    from django.utils import translation

    with translation.override("ar"):
        made = letter(NoticeKind.DOCUMENT, unit="AF", association="Humledalen")

    assert made.subject == "En ny handling har kommit"


@contextmanager
def _all_that_is_logged() -> Iterator[list[str]]:
    lines: list[str] = []

    class Keeps(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    keeper, root = Keeps(), logging.getLogger()
    before = root.level
    root.addHandler(keeper)
    root.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        root.removeHandler(keeper)
        root.setLevel(before)


def _sent(cast: Cast, *, name: str, number: str, kind: NoticeKind) -> tuple[str, str]:
    """Everything that left about somebody: the letter as bytes, and what was logged meanwhile."""
    mail.outbox.clear()
    with transaction.atomic():
        summons = factories.summoned(cast, by=cast.siv, to=cast.units["amir"], name=name, number=number)
        case = summons.case
        with acting(cast.siv):
            queued = queue(
                kind,
                unit=cast.units["amir"],
                about=summons.pk,
                leaves_at=now(),
                answer_by=now().date() + timedelta(days=5),
                reminds_of=NoticeKind.SUMMONS if kind is NoticeKind.REMINDER else None,
                by=cast.siv,
            )
        assert queued is not None
        with connection.cursor() as cursor:
            # The summons itself has left, so that there is something to remind of.
            cursor.execute("SELECT set_config('humla.test_clock', %s, true)", [str(summons.leaves_at)])
        clock = Actor(Kind.SYSTEM, association_id=cast.association.pk)
        with acting(clock), post() as server, _all_that_is_logged() as log:
            Notice.objects.exclude(pk=queued.pk).update(state="cancelled")
            notice = next_due()
            assert notice is not None
            send(notice, token=lambda: "TOKEN", server=server)
        transaction.set_rollback(True)
    (message,) = mail.outbox
    raw = message.message().as_bytes().decode()
    decoded = f"{message.subject}\n{message.body}\n{message.extra_headers}\n{message.to}{message.from_email}"
    for secret in (str(summons.pk), str(case.pk), case.reference, str(case.person_id)):
        assert secret not in raw + decoded + "".join(log)
    return re.sub(r"Date: .*|<[0-9a-f-]{36}@", "", raw), "\n".join(log)


letters = st.characters(categories=("Lu", "Ll", "Lo"))
names = st.one_of(st.sampled_from(NAMES), st.text(letters, min_size=1, max_size=20))


@pytest.mark.django_db
@given(name=names, family=names, number=st.sampled_from(NUMBERS), kind=st.sampled_from(OF_A_CASE))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whoever_it_is_about_the_letter_is_the_same(
    cast: Cast, name: str, family: str, number: str, kind: NoticeKind
) -> None:
    somebody = _sent(cast, name=f"{name} {family}", number=number, kind=kind)
    another = _sent(cast, name="Mona Mo", number="197604202395", kind=kind)

    assert somebody == another


@pytest.mark.django_db
@pytest.mark.parametrize("kind", OF_A_CASE)
def test_no_letter_of_evas_case_holds_anything_of_it(cast: Cast, kind: NoticeKind) -> None:
    raw, log = _sent(cast, name="Eva Ek", number=cast.eva, kind=kind)
    told = [*("Eva", "Siv", "Sandberg", "kontakter", "Individ- och", "arbetsmarknad"), cast.eva, cast.eva[2:]]

    assert [one for one in told if one in raw + log] == []


@pytest.mark.django_db
def test_what_the_server_says_of_the_address_is_not_kept(cast: Cast, monkeypatch: Any) -> None:
    import smtplib

    from humla.notifications import post as the_post

    class Refuses:
        def open(self) -> None: ...

        def close(self) -> None: ...

        def send_messages(self, _letters: Any) -> None:
            raise smtplib.SMTPRecipientsRefused({"eva.ek@af.example": (550, b"eva.ek@af.example unknown")})

    with pytest.raises(the_post.NotCarried) as refused, _all_that_is_logged() as log:
        the_post.carry(
            letter(NoticeKind.DOCUMENT, unit="AF", association="Humledalen"),
            to="x@af.example",
            notice_id=uuid4(),
            server=Refuses(),
        )

    assert (refused.value.fault, refused.value.is_final) == (Fault.ADDRESS, True)
    assert "eva" not in str(refused.value).lower() + "".join(log)
    assert Notice._meta.get_field("fault").max_length == 40
