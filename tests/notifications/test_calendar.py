"""A summons's letter carries the time to the mailbox's calendar, through a real mail server."""

from email.message import Message
from typing import Any

import psycopg
import pytest
import vobject
from django.db import transaction

from humla.core.context import acting
from humla.meetings import actions as meetings
from humla.meetings.models import ChangeCause, Summons
from humla.ops.jobs import send
from tests import factories
from tests.cast import AF_MAIL, Cast
from tests.conftest import _owner
from tests.notifications.conftest import MailServer


@pytest.fixture
def summons(cast: Cast, committed_db: str) -> Summons:
    with transaction.atomic():
        return factories.summoned(cast, by=cast.siv, to=cast.units["amir"])


def a_minute_passes(database: str) -> None:
    """The letters' minutes are over, and the summons has left."""
    later = "- interval '2 minutes'"
    with psycopg.connect(_owner(database)) as owner:
        owner.execute(
            f"UPDATE notifications_notice SET leaves_at = leaves_at {later}, queued_at = queued_at {later}"
        )
        owner.execute(f"UPDATE meetings_summons SET leaves_at = leaves_at {later}, sent_at = sent_at {later}")
        both = f"opens_at = opens_at {later}, disclosed_at = disclosed_at {later}"
        owner.execute(f"UPDATE disclosures_disclosure SET {both}")


def parts(letter: Message) -> dict[str, Message]:
    return {part.get_content_type(): part for part in letter.walk() if not part.is_multipart()}


def invitation(letter: Message) -> Any:
    return vobject.readOne(
        str(parts(letter)["text/calendar"].get_payload(decode=True), "utf-8"), validate=True
    )


def test_the_letter_is_words_with_an_invitation_beside_and_a_file(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer
) -> None:
    mail_server.up()
    a_minute_passes(committed_db)
    send(timestamp=0)
    (letter,) = mail_server.letters
    calendar = parts(letter)["text/calendar"]

    assert letter.get_content_type() == "multipart/mixed"
    assert letter.get_payload(0).get_content_type() == "multipart/alternative"  # type: ignore[union-attr]
    assert (calendar.get_param("method"), calendar.get_content_charset()) == ("REQUEST", "utf-8")
    assert parts(letter)["application/ics"].get_filename() == "mote.ics"
    assert list(parts(letter)) == ["text/plain", "text/calendar", "application/ics"]
    beside, in_file = (parts(letter)[kind].get_payload(decode=True) for kind in list(parts(letter))[1:])
    assert isinstance(in_file, bytes)
    assert in_file.endswith(b"END:VCALENDAR\r\n")
    assert beside == in_file


def test_what_leaves_says_when_to_whom_and_where_to_answer_and_no_word_of_the_case(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer
) -> None:
    mail_server.up()
    a_minute_passes(committed_db)
    send(timestamp=0)
    (letter,) = mail_server.letters
    event = invitation(letter).vevent

    assert event.dtstart.value == summons.meeting.starts_at.replace(microsecond=0)
    assert event.attendee.value == f"mailto:{AF_MAIL}"
    assert event.url.value in str(parts(letter)["text/plain"].get_payload(decode=True), "utf-8")
    everything = "".join(str(one.get_payload(decode=True), "utf-8") for one in parts(letter).values())
    could_leak = ["Eva", "Ek ", cast.eva, "Siv", "Individ", summons.case.reference, str(summons.case_id)]
    assert [one for one in could_leak if one in everything] == []


def test_a_cancelled_meeting_is_taken_out_of_the_calendar(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer
) -> None:
    mail_server.up()
    a_minute_passes(committed_db)
    send(timestamp=0)
    with transaction.atomic(), acting(cast.siv):
        meetings.cancel(summons.meeting, cause=ChangeCause.ILLNESS, by=cast.siv)
    send(timestamp=0)
    asked, taken = (invitation(letter) for letter in mail_server.letters)

    assert (asked.method.value, taken.method.value) == ("REQUEST", "CANCEL")
    assert asked.vevent.uid.value == taken.vevent.uid.value
    assert int(asked.vevent.sequence.value) < int(taken.vevent.sequence.value)
