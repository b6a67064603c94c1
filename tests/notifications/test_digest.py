"""A unit that has asked for it gets one letter a day, with numbers and links; what is near never waits."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import ProgrammingError, transaction

from humla.core.context import Actor, Kind, acting, now
from humla.core.dates import STOCKHOLM
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.links.tokens import kept_of, token_of
from humla.meetings import actions as meetings
from humla.meetings.models import Summons
from humla.meetings.visibility import summons_of
from humla.notifications.actions import queue, try_again
from humla.notifications.digest import choose_delivery, delivery_to, may_wait, next_collection
from humla.notifications.ladder import Rungs, ladders
from humla.notifications.models import Delivery, Notice, NoticeKind
from humla.notifications.visibility import failed
from humla.notifications.wording import Line, digest_letter
from tests import factories
from tests.cast import Cast
from tests.conftest import _owner
from tests.notifications.conftest import MailServer
from tests.notifications.test_sending import body, pass_time, the_clock_comes

MONDAY = date(2026, 11, 23)


def stockholm(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=STOCKHOLM)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("at", "then"),
    [
        (stockholm(2026, 11, 23, 7, 29), stockholm(2026, 11, 23, 7, 30)),
        (stockholm(2026, 11, 23, 7, 30), stockholm(2026, 11, 24, 7, 30)),
        (stockholm(2026, 11, 27, 16, 0), stockholm(2026, 11, 30, 7, 30)),  # Over a weekend.
        (stockholm(2026, 12, 23, 12, 0), stockholm(2026, 12, 28, 7, 30)),  # Over Christmas.
        # The night when summer time ends.
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), stockholm(2026, 10, 26, 7, 30)),
    ],
)
def test_it_leaves_in_the_morning_of_the_next_working_day(at: datetime, then: datetime) -> None:
    assert next_collection(at) == then


@pytest.mark.parametrize(
    ("kind", "answer_by", "waits"),
    [
        (NoticeKind.SUMMONS, MONDAY + timedelta(days=6), True),
        (NoticeKind.SUMMONS, MONDAY + timedelta(days=5), False),
        (NoticeKind.SUMMONS, None, False),  # The meeting is too near for a day to answer by.
        (NoticeKind.REMINDER, MONDAY + timedelta(days=2), False),
        (NoticeKind.TIMES_OFFERED, MONDAY + timedelta(days=9), True),
        (NoticeKind.DOCUMENT, None, True),
        (NoticeKind.SUMMONS_CANCELLED, None, False),
        (NoticeKind.SUMMONS_CHANGED, MONDAY + timedelta(days=30), False),
        (NoticeKind.RECALLED, None, False),
        (NoticeKind.CONSENT_CHANGED, None, False),
        (NoticeKind.LINK_CODE, None, False),
    ],
)
def test_what_is_near_or_taken_back_never_waits(
    kind: NoticeKind, answer_by: date | None, waits: bool
) -> None:
    collected = Delivery(is_collected=True, urgent_days=5)

    assert may_wait(kind, answer_by, collected, MONDAY) is waits
    assert not may_wait(kind, answer_by, Delivery(is_collected=False, urgent_days=5), MONDAY)
    assert not may_wait(kind, answer_by, None, MONDAY)


def collects(cast: Cast, who: str = "amir", *, is_collected: bool = True, version: int = 0) -> None:
    unit, by = cast.units[who], cast.olof
    with transaction.atomic(), acting(by):
        choose_delivery(unit, is_collected=is_collected, urgent_days=3, version=version, by=by)


@pytest.fixture
def summons(cast: Cast, committed_db: str) -> Summons:
    collects(cast)
    with transaction.atomic():
        return factories.summoned(cast, by=cast.siv, to=cast.units["amir"])


def notices(cast: Cast) -> list[tuple[str, str]]:
    with transaction.atomic(), acting(Actor(Kind.SYSTEM, association_id=cast.association.pk)):
        return [(one.kind, one.state) for one in Notice.objects.order_by("queued_at", "kind")]


def another(cast: Cast, summons: Summons, kind: NoticeKind) -> None:
    with transaction.atomic(), acting(cast.siv):
        queue(kind, unit=cast.units["amir"], about=summons.pk, leaves_at=now(), by=cast.siv)


def test_one_letter_with_numbers_and_links_and_nothing_of_the_case(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer
) -> None:
    mail_server.up()
    another(cast, summons, NoticeKind.DOCUMENT)
    another(cast, summons, NoticeKind.DOCUMENT)
    pass_time(committed_db, minutes=2)
    the_clock_comes()
    before = list(mail_server.letters)
    pass_time(committed_db, days=5)
    the_clock_comes()
    the_clock_comes()

    (letter,) = mail_server.letters
    with transaction.atomic(), acting(Actor(Kind.SYSTEM, association_id=cast.association.pk)):
        (own,) = Notice.objects.filter(kind=NoticeKind.SUMMONS)
        (collected,) = Notice.objects.filter(kind=NoticeKind.DIGEST)
    assert before == []
    assert letter["Subject"].strip() == "3 nya till er enhet"
    assert letter["Message-ID"] == f"<{collected.pk}@127.0.0.1>"
    assert f"/svar/{token_of(own.pk)}/" in body(letter)
    assert "2 × En ny handling har kommit" in body(letter)
    told = [cast.eva, cast.eva[2:], "Eva", "Siv", "orka", str(summons.pk), str(summons.case_id)]
    assert [one for one in told if one in letter.as_string() + body(letter)] == []
    assert {state for _kind, state in notices(cast)} == {"sent"}


def test_its_link_answers_as_the_letters_own_would(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer
) -> None:
    mail_server.up()
    pass_time(committed_db, minutes=2)
    the_clock_comes()
    pass_time(committed_db, days=5)
    the_clock_comes()

    with transaction.atomic(), acting(Actor(Kind.SYSTEM, association_id=cast.association.pk)):
        (own,) = Notice.objects.filter(kind=NoticeKind.SUMMONS)
    with psycopg.connect(_owner(committed_db)) as owner:
        found = owner.execute(
            "SELECT subject, subject_id FROM links_link WHERE token_hash = %s", [kept_of(token_of(own.pk))]
        ).fetchall()
    assert found == [("summons", summons.pk)]


def test_what_is_cancelled_meanwhile_is_not_in_it_and_is_told_at_once(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer
) -> None:
    """The cancelling was of a summons that the unit had never been told of; the document still comes."""
    mail_server.up()
    with psycopg.connect(_owner(committed_db)) as owner:
        owner.execute("UPDATE meetings_summons SET leaves_at = sent_at")
        owner.execute("UPDATE disclosures_disclosure SET opens_at = disclosed_at")
    pass_time(committed_db, minutes=2)
    the_clock_comes()
    with transaction.atomic(), acting(cast.siv):
        found = summons_of(summons.case, summons.pk)
        assert found is not None
        meetings.cancel_summons(found, by=cast.siv)
    the_clock_comes()
    at_once = [one["Subject"].strip() for one in mail_server.letters]
    pass_time(committed_db, days=5)
    the_clock_comes()

    assert at_once == ["Ett möte är inställt"]
    assert len(mail_server.letters) == 1
    assert ("summons", "cancelled") in notices(cast)


def test_a_server_that_dies_gets_the_same_letter_again(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer
) -> None:
    mail_server.up()
    mail_server.dies_when_it_has_it = True
    pass_time(committed_db, minutes=2)
    the_clock_comes()
    pass_time(committed_db, days=5)
    the_clock_comes()
    when_dead = notices(cast)
    mail_server.dies_when_it_has_it = False
    pass_time(committed_db, minutes=20)
    the_clock_comes()

    first, second = mail_server.letters
    assert when_dead == [("summons", "waiting"), ("digest", "waiting")]
    assert first["Message-ID"] == second["Message-ID"]
    assert body(first) == body(second)
    assert {state for _kind, state in notices(cast)} == {"sent"}


def test_when_the_mailbox_is_not_there_each_that_was_in_it_has_failed_and_can_be_tried_again(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer
) -> None:
    """Otherwise whoever asked would wait for a letter that is on its way for ever."""
    mail_server.up()
    mail_server.to_recipient = "550 no such mailbox"
    another(cast, summons, NoticeKind.DOCUMENT)
    pass_time(committed_db, minutes=2)
    the_clock_comes()
    pass_time(committed_db, days=5)
    the_clock_comes()
    when_failed = notices(cast)
    with transaction.atomic(), acting(cast.siv):
        told = ladders({summons.pk: summons.leaves_at}, Rungs())[summons.pk]
    mail_server.to_recipient = ""
    with transaction.atomic(), acting(cast.olof):
        for one in failed():
            try_again(one, by=cast.olof)
    collects(cast, version=1, is_collected=False)
    the_clock_comes()

    assert sorted(when_failed) == [("digest", "cancelled"), ("document", "failed"), ("summons", "failed")]
    assert (told.has_failed, told.on_its_way) == (True, False)
    assert len(mail_server.letters) == 2
    assert sorted(notices(cast)) == [("digest", "cancelled"), ("document", "sent"), ("summons", "sent")]


def test_those_who_have_not_asked_for_it_get_each_at_once(
    cast: Cast, committed_db: str, mail_server: MailServer
) -> None:
    mail_server.up()
    collects(cast, "farid")
    with transaction.atomic():
        factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    pass_time(committed_db, minutes=2)
    the_clock_comes()

    assert len(mail_server.letters) == 1


def test_a_line_is_made_of_a_kind_a_day_and_links_alone() -> None:
    lines = [Line(NoticeKind.SUMMONS, date(2026, 11, 27), "tok"), Line(NoticeKind.REPLY)]
    made = digest_letter(lines, unit="AF Humlesund", association="Humledalen")

    assert made.subject == "2 nya till er enhet"
    assert "Kallelse till ett möte. Svara senast fredag 27 november 2026." in made.body
    assert "/svar/tok/" in made.body
    assert "1 × Ett svar har kommit" in made.body
    assert digest_letter(lines[:1], unit="AF", association="H").subject == "1 nytt till er enhet"


# --- whose choice it is ---


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["siv", "maja", "rut", "amir", "lena", "greta", "stranger"])
def test_nobody_else_chooses(who: str, cast: Cast) -> None:
    other, unit = getattr(cast, who), cast.units["siv"]
    with acting(other), pytest.raises(NotAllowed, match=r"chef eller administratören|finns inte"):
        choose_delivery(unit, is_collected=True, urgent_days=3, version=0, by=other)
    with acting(other), pytest.raises(ProgrammingError), transaction.atomic():
        Delivery(
            association_id=other.association_id,
            unit=unit,
            is_collected=True,
            chosen_at=now(),
            chosen_by_id=other.id or uuid4(),
        ).save(force_insert=True)


@pytest.mark.django_db
def test_the_manager_chooses_for_her_own_unit_and_two_at_once_see_each_other(cast: Cast) -> None:
    unit = cast.units["siv"]
    with acting(cast.ylva):
        choose_delivery(unit, is_collected=True, urgent_days=4, version=0, by=cast.ylva)
        with pytest.raises(NotAllowed):
            choose_delivery(cast.units["amir"], is_collected=True, urgent_days=4, version=0, by=cast.ylva)
    with acting(cast.olof):
        with pytest.raises(Stale):
            choose_delivery(unit, is_collected=False, urgent_days=4, version=0, by=cast.olof)
        changed = choose_delivery(unit, is_collected=False, urgent_days=6, version=1, by=cast.olof)
        found = delivery_to(unit.pk)
    assert found is not None
    assert (found.is_collected, found.urgent_days, found.version, changed.version) == (False, 6, 2, 2)


@pytest.mark.django_db
def test_the_clock_collects_for_a_unit_about_itself_alone(cast: Cast) -> None:
    clock = Actor(Kind.SYSTEM, association_id=cast.association.pk)
    row = {"association_id": cast.association.pk, "kind": NoticeKind.DIGEST, "unit": cast.units["amir"]}
    with acting(clock), pytest.raises(ProgrammingError), transaction.atomic():
        Notice(**row, about_id=uuid4(), queued_at=now(), leaves_at=now()).save(force_insert=True)
    with acting(clock):
        about = cast.units["amir"].pk
        Notice(**row, about_id=about, queued_at=now(), leaves_at=now()).save(force_insert=True)
