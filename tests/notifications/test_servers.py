"""A mail server has its bad days: it hangs, dies, is away for a week, or has no such mailbox."""

from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import transaction

from humla.core.context import acting
from humla.meetings.models import Summons
from humla.organisation.models import Unit
from tests import factories
from tests.cast import AF_MAIL, Cast
from tests.conftest import _owner
from tests.notifications.conftest import MailServer
from tests.notifications.test_sending import pass_time, state, the_clock_comes

THEIRS = ("amir", "farid", "lena")
"""Those whose units have a mailbox."""


@pytest.fixture
def summons(cast: Cast, committed_db: str) -> Summons:
    with transaction.atomic():
        return factories.summoned(cast, by=cast.siv, to=cast.units["amir"])


def mailbox_failed_at(cast: Cast) -> datetime | None:
    with transaction.atomic(), acting(cast.siv):
        return Unit.objects.get(pk=cast.units["amir"].pk).mail_failed_at


def test_a_server_that_hangs_is_waited_for_and_not_for_ever(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer, settings: Any
) -> None:
    settings.EMAIL_TIMEOUT = 1
    mail_server.up()
    mail_server.hangs_for = 2.5
    pass_time(committed_db, minutes=2)
    begun = datetime.now().astimezone()
    the_clock_comes()
    waited = datetime.now().astimezone() - begun
    when_hanging = state(cast)
    mail_server.hangs_for = 0
    pass_time(committed_db, minutes=20)
    the_clock_comes()

    assert waited < timedelta(seconds=8)
    assert when_hanging == ("waiting", 1, "unreachable")
    assert state(cast) == ("sent", 2, "")
    assert {letter["Message-ID"] for letter in mail_server.letters} == {mail_server.letters[0]["Message-ID"]}


def test_a_server_that_dies_when_it_has_the_letter_gets_it_again_under_the_same_name(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer
) -> None:
    """We cannot know that it took it: twice in the mailbox is better than never, and it is shown once."""
    mail_server.up()
    mail_server.dies_when_it_has_it = True
    pass_time(committed_db, minutes=2)
    the_clock_comes()
    when_dead = state(cast)
    mail_server.dies_when_it_has_it = False
    pass_time(committed_db, minutes=20)
    the_clock_comes()

    first, second = (letter["Message-ID"] for letter in mail_server.letters)
    assert when_dead == ("waiting", 1, "unreachable")
    assert first == second
    assert state(cast) == ("sent", 2, "")


def test_after_a_week_without_a_server_everything_leaves_once_in_the_order_it_was_written(
    cast: Cast, committed_db: str, mail_server: MailServer
) -> None:
    with transaction.atomic():
        case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    written = []
    for who in THEIRS:
        with transaction.atomic():
            factories.consent(case, cast.units[who], by=cast.siv)
            factories.summons_in(case, by=cast.siv, to=cast.units[who])
        written.append(cast.units[who].mail)
        pass_time(committed_db, seconds=61)
    for _hour in range(7 * 6):
        pass_time(committed_db, hours=4)
        the_clock_comes()
    when_down = len(mail_server.letters)
    mail_server.up()
    # It is back just before the time of the next try: nobody overtakes the one that it was tried with.
    the_clock_comes()
    overtaken = len(mail_server.letters)
    pass_time(committed_db, minutes=10)
    the_clock_comes()
    the_clock_comes()

    assert (when_down, overtaken) == (0, 0)
    assert [to for _from, (to,) in mail_server.envelopes] == written


def test_a_mailbox_that_is_not_there_is_trusted_less_until_a_letter_gets_through(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer
) -> None:
    mail_server.up()
    mail_server.to_recipient = f"550 no such mailbox {AF_MAIL}"
    pass_time(committed_db, minutes=2)
    the_clock_comes()
    when_refused = mailbox_failed_at(cast)
    mail_server.to_recipient = ""
    with psycopg.connect(_owner(committed_db)) as owner:
        owner.execute("UPDATE notifications_notice SET state = 'waiting', fault = ''")
    the_clock_comes()

    assert when_refused is not None
    assert mailbox_failed_at(cast) is None


@pytest.mark.parametrize("says", ["451 later", "421 closing"])
def test_a_server_that_asks_us_to_wait_says_nothing_of_the_mailbox(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer, says: str
) -> None:
    mail_server.up()
    mail_server.to_recipient = says
    pass_time(committed_db, minutes=2)
    the_clock_comes()

    assert mailbox_failed_at(cast) is None


def test_a_code_to_a_telephone_does_not_wait_for_the_mail_server(
    cast: Cast, committed_db: str, mail_server: MailServer, settings: Any, tmp_path: Any
) -> None:
    settings.SMS_FOLDER, settings.SMS_LEAVES = str(tmp_path), True
    with transaction.atomic():
        summons = factories.summoned(cast, by=cast.siv, to=cast.units["lena"])
    pass_time(committed_db, minutes=2)
    the_clock_comes()  # The mail server is away: the letter is put off.
    with psycopg.connect(_owner(committed_db)) as owner:
        owner.execute(
            "INSERT INTO links_link (id, association_id, unit_id, token_hash, kind, subject, subject_id,"
            " made_at, ends_at) SELECT gen_random_uuid(), association_id, unit_id, 'x', 'opening', 'summons',"
            " id, now(), now() + interval '1 day' FROM meetings_summons WHERE id = %s",
            [summons.pk],
        )
        owner.execute(
            "INSERT INTO links_linkopening (id, association_id, link_id, code_hash, asked_at, tries,"
            " browser_hash) SELECT gen_random_uuid(), association_id, id, 'x', now(), 0, '' FROM links_link"
            " WHERE token_hash = 'x'"
        )
        owner.execute(
            "INSERT INTO notifications_notice (id, association_id, kind, unit_id, about_id, state, queued_at,"
            " leaves_at, tries, fault) SELECT gen_random_uuid(), o.association_id, 'link_code', l.unit_id,"
            " o.id, 'waiting', now(), now(), 0, '' FROM links_linkopening o"
            " JOIN links_link l ON l.id = o.link_id"
        )
    the_clock_comes()

    assert len(list(tmp_path.glob("*.txt"))) == 1
