"""What is queued leaves once its minute is over, through a real mail server, and survives that it is down."""

from datetime import timedelta
from email.message import Message
from typing import Any

import psycopg
import pytest
from django.db import transaction

from humla.core.context import Actor, Kind, acting, now
from humla.links.models import Link
from humla.links.tokens import kept_of, token_of
from humla.meetings import actions as meetings
from humla.meetings.models import Summons
from humla.notifications.actions import try_again
from humla.notifications.models import Fault, Notice
from humla.notifications.post import NotCarried
from humla.notifications.rules import MOST_TRIES, wait_after
from humla.ops.jobs import send
from tests import factories
from tests.cast import AF_MAIL, Cast
from tests.conftest import _owner
from tests.notifications.conftest import MailServer

MONA = "197604202395"


@pytest.fixture
def summons(cast: Cast, committed_db: str) -> Summons:
    with transaction.atomic():
        return factories.summoned(cast, by=cast.siv, to=cast.units["amir"])


@pytest.fixture
def notice(summons: Summons, cast: Cast) -> Notice:
    return the_notice(cast)


def pass_time(database: str, **time: int) -> None:
    """What waits has waited so long."""
    with psycopg.connect(_owner(database)) as owner:
        owner.execute(
            "UPDATE notifications_notice SET leaves_at = leaves_at - %(t)s, queued_at = queued_at - %(t)s",
            {"t": timedelta(**time)},
        )


def the_notice(cast: Cast) -> Notice:
    with transaction.atomic(), acting(Actor(Kind.SYSTEM, association_id=cast.association.pk)):
        return Notice.objects.get()


def the_clock_comes() -> None:
    send(timestamp=0)


def state(cast: Cast) -> tuple[str, int, str]:
    row = the_notice(cast)
    return row.state, row.tries, row.fault


def body(message: Message) -> str:
    """The words of the letter; a summons has an invitation for the calendar beside them."""
    words = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    return str(words.get_payload(decode=True), "utf-8")


def test_before_its_minute_is_over_nothing_leaves(
    cast: Cast, notice: Notice, mail_server: MailServer
) -> None:
    mail_server.up()
    the_clock_comes()

    assert mail_server.letters == []
    assert state(cast) == ("waiting", 0, "")


def test_then_it_leaves_once(cast: Cast, notice: Notice, committed_db: str, mail_server: MailServer) -> None:
    mail_server.up()
    pass_time(committed_db, minutes=2)
    the_clock_comes()
    the_clock_comes()

    (letter,) = mail_server.letters
    assert mail_server.envelopes[0][1] == [AF_MAIL]
    assert letter["Subject"].strip().startswith("Kallelse till ett möte. Svara senast ")
    assert letter["Message-ID"] == f"<{notice.pk}@127.0.0.1>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert f"/svar/{token_of(notice.pk)}/" in body(letter)
    assert state(cast) == ("sent", 1, "")


def test_the_link_is_made_when_the_letter_leaves_and_kept_as_a_hash(
    cast: Cast, notice: Notice, committed_db: str, mail_server: MailServer
) -> None:
    mail_server.up()
    pass_time(committed_db, minutes=2)
    the_clock_comes()

    with transaction.atomic(), acting(Actor(Kind.SYSTEM, association_id=cast.association.pk)):
        (link,) = Link.objects.all()
    assert link.token_hash == kept_of(token_of(notice.pk))
    assert link.unit_id == cast.units["amir"].pk


def test_a_server_that_is_down_loses_nothing(
    cast: Cast, notice: Notice, committed_db: str, mail_server: MailServer
) -> None:
    for _try in range(15):
        pass_time(committed_db, minutes=20)
        the_clock_comes()
    when_down = state(cast)
    mail_server.up()
    pass_time(committed_db, minutes=20)
    the_clock_comes()

    assert when_down == ("waiting", 15, "unreachable")
    assert len(mail_server.letters) == 1
    assert state(cast) == ("sent", 16, "")


def test_after_a_fault_it_waits_before_the_next_try(
    cast: Cast, notice: Notice, committed_db: str, mail_server: MailServer
) -> None:
    pass_time(committed_db, minutes=2)
    the_clock_comes()
    the_clock_comes()

    assert state(cast) == ("waiting", 1, "unreachable")


def test_a_server_that_asks_us_to_wait_gets_it_later(
    cast: Cast, notice: Notice, committed_db: str, mail_server: MailServer
) -> None:
    mail_server.up()
    mail_server.to_letter = f"451 {AF_MAIL} try later"
    pass_time(committed_db, minutes=2)
    the_clock_comes()
    first = state(cast)
    mail_server.to_letter = ""
    pass_time(committed_db, minutes=2)
    the_clock_comes()

    assert first == ("waiting", 1, "later")
    assert state(cast) == ("sent", 2, "")


@pytest.mark.parametrize("says", ["550 not a sender of ours", "451 who are you"])
def test_a_sender_that_the_server_refuses_is_waited_for_as_a_server_that_is_down(
    cast: Cast, notice: Notice, committed_db: str, mail_server: MailServer, says: str
) -> None:
    """MAIL_FROM is wrong for every letter alike: none of them may be given up for it."""
    mail_server.up()
    mail_server.to_sender = says
    for _try in range(13):
        pass_time(committed_db, minutes=20)
        the_clock_comes()
    when_refused = state(cast)
    mail_server.to_sender = ""
    pass_time(committed_db, minutes=20)
    the_clock_comes()

    assert when_refused == ("waiting", 13, "sign_in")
    assert len(mail_server.letters) == 1


def test_the_tries_of_a_long_outage_are_not_counted_against_the_letter(
    cast: Cast, notice: Notice, committed_db: str, mail_server: MailServer
) -> None:
    for _try in range(15):
        pass_time(committed_db, minutes=20)
        the_clock_comes()
    mail_server.up()
    mail_server.to_recipient = f"450 {AF_MAIL} try later"
    pass_time(committed_db, minutes=20)
    the_clock_comes()
    first = state(cast)
    pass_time(committed_db, minutes=2)
    the_clock_comes()

    assert first == ("waiting", 1, "later")
    assert state(cast) == ("waiting", 2, "later")


def test_the_waits_before_it_is_given_up_are_sixteen_hours_together() -> None:
    later = NotCarried(Fault.LATER)
    waits = [wait_after(tries, later) for tries in range(1, MOST_TRIES)]

    assert sum(waits, timedelta()) == timedelta(hours=16, minutes=15)


def test_a_server_that_asks_for_ever_is_given_up_after_twelve_tries(
    cast: Cast, notice: Notice, committed_db: str, mail_server: MailServer
) -> None:
    mail_server.up()
    mail_server.to_letter = "451 later"
    for _try in range(12):
        pass_time(committed_db, hours=5)
        the_clock_comes()

    assert state(cast) == ("failed", 12, "later")


def test_a_mailbox_that_is_not_there_is_told_to_the_administrator_who_tries_again(
    cast: Cast, notice: Notice, committed_db: str, mail_server: MailServer
) -> None:
    mail_server.up()
    mail_server.to_recipient = f"550 no such mailbox {AF_MAIL}"
    pass_time(committed_db, minutes=2)
    the_clock_comes()
    refused = state(cast)
    mail_server.to_recipient = ""
    with transaction.atomic(), acting(cast.olof):
        try_again(Notice.objects.get(), by=cast.olof)
    the_clock_comes()

    assert refused == ("failed", 1, "address")
    assert [letter["Message-ID"] for letter in mail_server.letters] == [f"<{notice.pk}@127.0.0.1>"]
    assert state(cast) == ("sent", 1, "")


def test_a_letter_taken_and_not_marked_goes_again_under_the_same_name(
    cast: Cast, notice: Notice, committed_db: str, mail_server: MailServer, monkeypatch: Any
) -> None:
    """We die between the server's 250 and our commit."""

    def dies(*_row: Any, **_fields: Any) -> None:
        raise KeyboardInterrupt

    mail_server.up()
    pass_time(committed_db, minutes=2)
    with monkeypatch.context() as broken:
        broken.setattr("humla.notifications.actions._move", dies)
        with pytest.raises(KeyboardInterrupt):
            the_clock_comes()
    the_clock_comes()

    first, second = mail_server.letters
    assert (first["Message-ID"], body(first)) == (second["Message-ID"], body(second))
    assert state(cast) == ("sent", 1, "")


def test_two_workers_at_once_send_it_once(
    cast: Cast, notice: Notice, committed_db: str, mail_server: MailServer
) -> None:
    mail_server.up()
    pass_time(committed_db, minutes=2)
    with psycopg.connect(_owner(committed_db)) as other:
        other.execute("SELECT 1 FROM notifications_notice FOR UPDATE")
        the_clock_comes()
        held = list(mail_server.letters)
        other.rollback()
    the_clock_comes()

    assert held == []
    assert len(mail_server.letters) == 1


def test_what_is_undone_in_its_minute_never_leaves(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer
) -> None:
    mail_server.up()
    with transaction.atomic(), acting(cast.siv):
        meetings.undo_summons(summons, by=cast.siv)
    pass_time(committed_db, minutes=2)
    the_clock_comes()

    assert mail_server.letters == []
    assert state(cast) == ("cancelled", 0, "")


def test_a_consent_taken_back_before_it_left_stops_the_letter(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer
) -> None:
    """The rule is asked when the letter leaves, not when it was queued."""
    from humla.consents.actions import withdraw
    from humla.consents.models import Consent

    mail_server.up()
    with transaction.atomic(), acting(cast.siv):
        withdraw(Consent.objects.get(), by=cast.siv)
    pass_time(committed_db, minutes=2)
    the_clock_comes()

    assert mail_server.letters == []
    assert state(cast)[0] == "cancelled"


def test_without_a_mail_server_a_real_installation_waits(
    cast: Cast, notice: Notice, committed_db: str, settings: Any
) -> None:
    settings.MAIL_LEAVES = False
    pass_time(committed_db, minutes=2)
    the_clock_comes()

    assert state(cast) == ("waiting", 0, "")


def test_a_demonstration_without_one_counts_it_as_sent(
    cast: Cast, notice: Notice, committed_db: str, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    settings.MAIL_LEAVES = True
    pass_time(committed_db, minutes=2)
    the_clock_comes()

    assert state(cast) == ("sent", 1, "")


def test_a_notice_of_what_was_rolled_back_was_never_queued(cast: Cast, committed_db: str) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012 (what fails is the whole act)
        factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
        raise RuntimeError

    with transaction.atomic(), acting(Actor(Kind.SYSTEM, association_id=cast.association.pk)):
        assert Notice.objects.count() == 0
        assert now() is not None


def test_one_that_cannot_be_written_does_not_stop_the_others(
    cast: Cast, notice: Notice, committed_db: str, mail_server: MailServer
) -> None:
    """The first in the queue meets a fault of ours, each time; what comes after it leaves."""
    mail_server.up()
    with transaction.atomic():
        factories.summoned(cast, by=cast.siv, to=cast.units["farid"], name="Mona Mo", number=MONA)
    with psycopg.connect(_owner(committed_db)) as owner:
        owner.execute(
            f"""CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE 'a fault of ours'; END $$;
                CREATE TRIGGER fails BEFORE UPDATE ON notifications_notice FOR EACH ROW
                WHEN (new.id = '{notice.pk}' AND new.state = 'sent') EXECUTE FUNCTION fails()"""
        )
    pass_time(committed_db, minutes=2)
    with pytest.raises(ExceptionGroup) as told:
        the_clock_comes()
    the_clock_comes()

    with transaction.atomic(), acting(Actor(Kind.SYSTEM, association_id=cast.association.pk)):
        rows = {one.unit_id: (one.state, one.tries, one.fault) for one in Notice.objects.all()}
    assert rows == {
        cast.units["amir"].pk: ("waiting", 1, Fault.OURS),
        cast.units["farid"].pk: ("sent", 1, ""),
    }
    assert [len(one.exceptions) for one in told.value.exceptions] == [1]  # type: ignore[attr-defined]
