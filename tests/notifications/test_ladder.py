"""Whoever is asked and silent is reminded by the agreement; an answer ends it; then somebody rings."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse

from humla.accounts.models import Session
from humla.agreements.visibility import agreement_in_force, rungs_of
from humla.core.context import Actor, Kind, acting, now, today
from humla.core.dates import STOCKHOLM, transaction_now
from humla.core.rulings import NotAllowed
from humla.core.workdays import working_days_after
from humla.links.models import Link, LinkSubject
from humla.links.tokens import kept_of, token_of
from humla.meetings import actions as meetings
from humla.meetings.models import AnsweredBy, Summons
from humla.meetings.visibility import summons_of
from humla.notifications import actions
from humla.notifications.actions import go_on_reminding, queue, remind_now, stop_reminding
from humla.notifications.ladder import Rungs, Silence, is_time, ladders, silent, unanswered
from humla.notifications.models import Notice, NoticeKind, NoticeState
from humla.notifications.visibility import still_holds
from humla.ops.jobs import remind_silent, send
from tests import factories
from tests.cast import Cast
from tests.conftest import Door, _owner
from tests.doors import signed_in
from tests.notifications.conftest import MailServer
from tests.notifications.test_sending import MONA, body, pass_time

RUNGS = Rungs(days=2, times=2)


# --- the days of it ---


def silence(told_on: date, reminders: int = 0) -> Silence:
    at = datetime(told_on.year, told_on.month, told_on.day, 14, tzinfo=STOCKHOLM)
    return Silence(NoticeKind.SUMMONS, uuid4(), uuid4(), at, None, reminders)


@pytest.mark.parametrize(
    ("told_on", "due_on"),
    [
        (date(2026, 11, 23), date(2026, 11, 25)),  # Monday, Wednesday.
        (date(2026, 11, 26), date(2026, 11, 30)),  # Over a weekend.
        (date(2026, 12, 22), date(2026, 12, 28)),  # Over Christmas.
        (date(2027, 3, 25), date(2027, 3, 31)),  # Over Easter.
        (date(2026, 10, 23), date(2026, 10, 27)),  # Over the night when summer time ends.
    ],
)
def test_only_working_days_are_counted(told_on: date, due_on: date) -> None:
    one = silence(told_on)

    assert one.next_on(RUNGS) == due_on
    assert (one.is_due(RUNGS, due_on - timedelta(days=1)), one.is_due(RUNGS, due_on)) == (False, True)


def test_after_the_last_there_are_no_more() -> None:
    long_ago = date(2026, 1, 1)

    assert [silence(long_ago, so_many).is_due(RUNGS, date(2026, 12, 1)) for so_many in range(4)] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("at", "is_so"),
    [
        (datetime(2026, 11, 23, 7, 59, tzinfo=STOCKHOLM), False),
        (datetime(2026, 11, 23, 8, 7, tzinfo=STOCKHOLM), True),
        (datetime(2026, 11, 23, 16, 59, tzinfo=STOCKHOLM), True),
        (datetime(2026, 11, 23, 17, 7, tzinfo=STOCKHOLM), False),
        (datetime(2026, 11, 22, 10, 7, tzinfo=STOCKHOLM), False),  # A Sunday.
        (datetime(2026, 12, 24, 10, 7, tzinfo=STOCKHOLM), False),
    ],
)
def test_nobody_is_reminded_at_night_or_on_a_holiday(at: datetime, is_so: bool) -> None:
    assert is_time(at) is is_so


# --- in Eva's case ---


@pytest.fixture
def summons(cast: Cast, committed_db: str) -> Summons:
    with transaction.atomic():
        return factories.summoned(cast, by=cast.siv, to=cast.units["amir"])


def the_clock(cast: Cast) -> Actor:
    return Actor(Kind.SYSTEM, association_id=cast.association.pk)


def days_pass(database: str, days: int) -> None:
    """Everything that has been written was written so long ago."""
    with psycopg.connect(_owner(database)) as owner:
        for table, columns in {
            "notifications_notice": ("queued_at", "leaves_at", "sent_at", "staff_from"),
            "meetings_summons": ("sent_at", "leaves_at"),
            "disclosures_disclosure": ("disclosed_at", "opens_at"),
            "consents_consent": ("given_at", "starts_at"),
        }.items():
            moved = ", ".join(f"{one} = {one} - {_time(one, days)}" for one in columns)
            owner.execute(f"UPDATE {table} SET {moved}")


def _time(column: str, days: int) -> str:
    return str(days) if column.endswith("_from") else f"interval '{days} days'"


def reminders(cast: Cast) -> list[Notice]:
    with transaction.atomic(), acting(the_clock(cast)):
        return list(Notice.objects.filter(kind=NoticeKind.REMINDER).order_by("queued_at"))


def the_clock_comes(cast: Cast) -> int:
    made = remind_silent(cast.association.pk)
    send(timestamp=0)
    return made


def test_the_silent_are_reminded_twice_and_then_somebody_rings(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer
) -> None:
    mail_server.up()
    days_pass(committed_db, 1)
    send(timestamp=0)
    made = [the_clock_comes(cast)]
    for _week in range(4):
        days_pass(committed_db, 7)
        made += [the_clock_comes(cast), the_clock_comes(cast)]

    assert made == [0, 1, 0, 1, 0, 0, 0, 0, 0]
    assert [letter["Subject"].strip().split(".")[0] for letter in mail_server.letters] == [
        "Kallelse till ett möte",
        "Påminnelse om att svara",
        "Påminnelse om att svara",
    ]
    first, last = reminders(cast)
    assert first.staff_from is None
    with transaction.atomic(), acting(cast.siv):
        left_at = Summons.objects.get().leaves_at
        ladder = ladders({summons.pk: left_at}, RUNGS)[summons.pk]
        assert ladder.next_on is None
        assert ladder.staff_from == last.staff_from
        assert ladder.is_staffs(today())


def test_the_reminder_has_its_own_link_to_the_same_page(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer
) -> None:
    mail_server.up()
    days_pass(committed_db, 1)
    send(timestamp=0)
    days_pass(committed_db, 7)
    the_clock_comes(cast)

    (reminder,) = reminders(cast)
    assert f"/svar/{token_of(reminder.pk)}/" in body(mail_server.letters[-1])
    with transaction.atomic(), acting(the_clock(cast)):
        link = Link.objects.get(token_hash=kept_of(token_of(reminder.pk)))
    assert (link.subject, link.subject_id, link.unit_id) == (
        LinkSubject.SUMMONS,
        summons.pk,
        cast.units["amir"].pk,
    )


def test_whoever_has_answered_is_left_in_peace(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer
) -> None:
    """Also when the answer comes between the reminder and its leaving."""
    mail_server.up()
    days_pass(committed_db, 1)
    send(timestamp=0)
    days_pass(committed_db, 7)
    remind_silent(cast.association.pk)
    with transaction.atomic(), acting(cast.siv):
        meetings.answer(summons, answer="comes", how=AnsweredBy.NOTED, by=cast.siv)
    send(timestamp=0)
    days_pass(committed_db, 7)

    assert the_clock_comes(cast) == 0
    assert [one.state for one in reminders(cast)] == [NoticeState.CANCELLED]
    assert len(mail_server.letters) == 1


def test_a_cancelled_meeting_and_a_yes_taken_back_end_it(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer
) -> None:
    mail_server.up()
    days_pass(committed_db, 1)
    send(timestamp=0)
    days_pass(committed_db, 7)
    remind_silent(cast.association.pk)
    with transaction.atomic(), acting(cast.siv):
        now_left = summons_of(summons.case, summons.pk)
        assert now_left is not None
        meetings.cancel_summons(now_left, by=cast.siv)
    send(timestamp=0)

    assert the_clock_comes(cast) == 0
    assert [one.state for one in reminders(cast)] == [NoticeState.CANCELLED]
    assert [one["Subject"].strip() for one in mail_server.letters][1:] == ["Ett möte är inställt"]


def test_while_the_letter_itself_has_not_left_nobody_is_reminded_of_it(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer
) -> None:
    """The mail server is down for a fortnight: one letter waits, and the silence counts from when it left."""
    for _day in range(14):
        days_pass(committed_db, 1)
        the_clock_comes(cast)
    mail_server.up()
    days_pass(committed_db, 1)
    send(timestamp=0)

    assert the_clock_comes(cast) == 0
    assert len(mail_server.letters) == 1


def test_what_did_not_get_there_is_nothing_to_remind_of_but_somebody_rings(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer
) -> None:
    mail_server.up()
    mail_server.to_recipient = "550 no such mailbox"
    days_pass(committed_db, 1)
    send(timestamp=0)
    days_pass(committed_db, 7)

    assert the_clock_comes(cast) == 0
    with transaction.atomic(), acting(cast.siv):
        assert ladders({summons.pk: summons.leaves_at}, RUNGS)[summons.pk].is_staffs(today())


def test_one_who_cannot_be_reminded_does_not_stop_the_others(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer
) -> None:
    with transaction.atomic():
        other = factories.summoned(cast, by=cast.siv, to=cast.units["farid"], name="Mona Mo", number=MONA)
    mail_server.up()
    days_pass(committed_db, 1)
    send(timestamp=0)
    days_pass(committed_db, 7)
    first = min(summons.pk, other.pk)
    with psycopg.connect(_owner(committed_db)) as owner:
        owner.execute(
            f"""CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE 'a fault of ours'; END $$;
                CREATE TRIGGER fails BEFORE INSERT ON notifications_notice FOR EACH ROW
                WHEN (new.about_id = '{first}') EXECUTE FUNCTION fails()"""
        )
    with pytest.raises(ExceptionGroup):
        remind_silent(cast.association.pk)

    assert [one.about_id for one in reminders(cast)] == [max(summons.pk, other.pk)]


def test_the_clock_and_whoever_asked_at_once_are_one_letter(cast: Cast, asked: Summons) -> None:
    with acting(the_clock(cast)):
        (found,) = silent()
    with acting(cast.siv):
        told = unanswered(asked.case_id, asked.pk)
        assert told is not None
        remind_now(told, cast.units["amir"], case=asked.case_id, rungs=RUNGS, by=cast.siv)
    with acting(the_clock(cast)):
        second = actions.remind(found, rungs=RUNGS, by=the_clock(cast))
        kinds = list(Notice.objects.filter(kind=NoticeKind.REMINDER).values_list("queued_by_id", flat=True))

    assert (second, kinds) == (None, [cast.siv.id])


def test_each_step_stands_on_the_trail(
    cast: Cast, summons: Summons, committed_db: str, mail_server: MailServer
) -> None:
    days_pass(committed_db, 1)
    mail_server.up()
    send(timestamp=0)
    days_pass(committed_db, 7)
    remind_silent(cast.association.pk)

    with psycopg.connect(_owner(committed_db)) as owner:
        told = owner.execute(
            "SELECT kind, case_id, person_id, items FROM audit_event"
            " WHERE tag = 'notifications:reminder:queued'"
        ).fetchall()
    assert told == [("system", None, None, [["notice", str(reminders(cast)[0].pk), 0]])]


def test_times_and_evidence_are_reminded_of_too_each_by_a_link_to_its_own_page(
    cast: Cast, committed_db: str, mail_server: MailServer
) -> None:
    mail_server.up()
    with transaction.atomic():
        case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
        factories.consent(case, cast.units["amir"], by=cast.siv)
    with transaction.atomic():
        invitee = factories.times_offered(case, by=cast.siv, to=cast.units["amir"])["invitee_id"]
        evidence = factories.evidence_asked(case, by=cast.siv, to=cast.units["amir"])
    for table in ("scheduling_invitee", "evidence_evidencerequest"):
        with psycopg.connect(_owner(committed_db)) as owner:
            owner.execute(f"UPDATE {table} SET {_earlier('1 hour')}")
    pass_time(committed_db, minutes=2)
    send(timestamp=0)
    with psycopg.connect(_owner(committed_db)) as owner:
        owner.execute("UPDATE notifications_notice SET sent_at = sent_at - interval '7 days'")
        for table in ("scheduling_invitee", "evidence_evidencerequest"):
            owner.execute(f"UPDATE {table} SET {_earlier('7 days')}")
    made = the_clock_comes(cast)

    told = {one.reminds_of: one for one in reminders(cast)}
    with transaction.atomic(), acting(the_clock(cast)):
        leads = {
            kind: Link.objects.get(token_hash=kept_of(token_of(one.pk))).subject for kind, one in told.items()
        }
    assert made == 2
    assert {kind: one.about_id for kind, one in told.items()} == {
        "times_offered": invitee,
        "evidence_asked": evidence.pk,
    }
    assert leads == {"times_offered": LinkSubject.TIMES, "evidence_asked": LinkSubject.EVIDENCE}


def _earlier(time: str) -> str:
    return f"asked_at = asked_at - interval '{time}', leaves_at = leaves_at - interval '{time}'"


# --- what those who asked do themselves ---


@pytest.fixture
def asked(cast: Cast, clock: Callable[[datetime], None]) -> Summons:
    """Three days have passed, and nobody has answered."""
    return asked_three_days_ago(cast, "amir", clock)


def asked_three_days_ago(cast: Cast, to: str, clock: Callable[[datetime], None]) -> Summons:
    made = factories.summoned(cast, by=cast.siv, to=cast.units[to])
    clock(made.leaves_at + timedelta(days=3))
    with acting(the_clock(cast)), transaction.atomic():
        # Its letter has left, as the job would have said.
        Notice.objects.update(state="sent", sent_at=made.leaves_at, tries=1)
    return made


def test_she_reminds_now_and_it_is_one_of_the_steps(cast: Cast, asked: Summons) -> None:
    with acting(cast.siv):
        told = unanswered(asked.case_id, asked.pk)
        assert told is not None
        made = remind_now(told, cast.units["amir"], case=asked.case_id, rungs=RUNGS, by=cast.siv)
        assert (made.kind, made.reminds_of, made.about_id) == ("reminder", "summons", asked.pk)
        with pytest.raises(NotAllowed, match="redan på väg"):
            remind_now(told, cast.units["amir"], case=asked.case_id, rungs=RUNGS, by=cast.siv)
        (ladder,) = ladders({asked.pk: asked.leaves_at}, RUNGS).values()
    assert (ladder.on_its_way, ladder.next_on) == (True, None)


def test_she_stops_them_and_lets_them_go_on(cast: Cast, asked: Summons) -> None:
    with acting(cast.siv):
        told = unanswered(asked.case_id, asked.pk)
        assert told is not None
        stop_reminding(told, cast.units["amir"], case=asked.case_id, by=cast.siv)
        again = stop_reminding(told, cast.units["amir"], case=asked.case_id, by=cast.siv)
        stopped = ladders({asked.pk: asked.leaves_at}, RUNGS)[asked.pk]
    with acting(the_clock(cast)):
        when_stopped = silent()
    with acting(cast.siv):
        lifted = [go_on_reminding(told, case=asked.case_id, by=cast.siv) for _twice in range(2)]
    with acting(the_clock(cast)):
        when_on = [one.about_id for one in silent()]

    assert again is None
    assert (stopped.is_stopped, stopped.next_on) == (True, None)
    assert (when_stopped, lifted, when_on) == ([], [1, 0], [asked.pk])


def test_what_she_stops_in_its_minute_never_leaves(
    cast: Cast, asked: Summons, clock: Callable[[datetime], None]
) -> None:
    with acting(cast.siv):
        told = unanswered(asked.case_id, asked.pk)
        assert told is not None
        made = remind_now(told, cast.units["amir"], case=asked.case_id, rungs=RUNGS, by=cast.siv)
        stop_reminding(told, cast.units["amir"], case=asked.case_id, by=cast.siv)
        with pytest.raises(NotAllowed, match="stoppade"):
            remind_now(told, cast.units["amir"], case=asked.case_id, rungs=RUNGS, by=cast.siv)
    clock(made.leaves_at)
    with acting(the_clock(cast)):
        when_stopped = still_holds(made)
    with acting(cast.siv):
        go_on_reminding(told, case=asked.case_id, by=cast.siv)
    with acting(the_clock(cast)):
        assert (when_stopped, still_holds(made)) == (False, True)


@pytest.mark.parametrize("who", ["amir", "lena", "nils", "maja", "greta", "olof", "stranger"])
def test_nobody_else_learns_of_it_or_stops_it(who: str, cast: Cast, asked: Summons) -> None:
    other = getattr(cast, who)
    with acting(cast.siv):
        told = unanswered(asked.case_id, asked.pk)
        assert told is not None
        stop_reminding(told, cast.units["amir"], case=asked.case_id, by=cast.siv)
    with acting(other):
        assert unanswered(asked.case_id, asked.pk) is None
        assert not ladders({asked.pk: asked.leaves_at}, RUNGS)[asked.pk].is_stopped
        assert go_on_reminding(told, case=asked.case_id, by=other) == 0
        with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
            stop_reminding(told, cast.units["amir"], case=asked.case_id, by=other)


def test_the_clock_reminds_only_whom_it_was_said_to(cast: Cast, asked: Summons) -> None:
    """The wall asks: a reminder becomes a letter with a link that answers."""
    wrong = Silence(NoticeKind.SUMMONS, asked.pk, cast.units["lena"].pk, asked.leaves_at, None, 0)
    with acting(the_clock(cast)), pytest.raises(ProgrammingError), transaction.atomic():
        actions.remind(wrong, rungs=RUNGS, by=the_clock(cast))


def test_without_a_mailbox_nobody_is_reminded(cast: Cast, clock: Callable[[datetime], None]) -> None:
    summons = asked_three_days_ago(cast, "vera", clock)
    with acting(the_clock(cast)):
        assert silent() == []
    with acting(cast.siv):
        told = unanswered(summons.case_id, summons.pk)
        assert told is not None
        with pytest.raises(NotAllowed, match="Ring i stället"):
            remind_now(told, cast.units["vera"], case=summons.case_id, rungs=RUNGS, by=cast.siv)


def test_another_forbund_is_not_found(cast: Cast, asked: Summons) -> None:
    with acting(Actor(Kind.SYSTEM, association_id=cast.stranger.association_id)):
        assert silent() == []
    with acting(the_clock(cast)):
        assert len(silent()) == 1


def test_the_agreement_says_how_often(cast: Cast, db: Any) -> None:
    with acting(cast.siv):
        said = rungs_of(agreement_in_force(today()))

    assert said == Rungs(days=2, times=2)
    assert rungs_of(None) == Rungs(days=3, times=2)


def test_as_long_after_the_last_one_somebody_rings(cast: Cast, asked: Summons) -> None:
    with acting(cast.siv):
        told = unanswered(asked.case_id, asked.pk)
        assert told is not None
        made = remind_now(
            told, cast.units["amir"], case=asked.case_id, rungs=Rungs(days=2, times=1), by=cast.siv
        )
        assert made.staff_from == working_days_after(today(), 2)
        assert now() is not None
        queue_is = queue(
            NoticeKind.SUMMONS, unit=cast.units["amir"], about=asked.pk, leaves_at=now(), by=cast.siv
        )
    assert queue_is is not None


# --- on the pages of those who asked ---


@pytest.fixture
def entered(cast: Cast) -> Callable[[Actor], Door]:
    """`entered(cast.siv)`: her browser, where she has signed in by the database's clock."""

    def signed(who: Actor) -> Door:
        door, at = signed_in(who, cast), transaction_now(connection)
        Session.objects.update(seen_at=at, ends_at=at + timedelta(hours=10))
        return door

    return signed


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode().replace("\xa0", " "))


def test_the_meeting_says_when_the_silent_are_reminded_and_she_does_it_now(
    cast: Cast, asked: Summons, entered: Callable[[Actor], Door]
) -> None:
    siv = entered(cast.siv)
    page = reverse("meeting", kwargs={"case_id": asked.case_id, "meeting_id": asked.meeting_id})
    deed = reverse("reminders", kwargs={"case_id": asked.case_id, "about_id": asked.pk})
    before = text(siv.get(page))
    siv.send(deed, {"do": "nu"})
    reminded = text(siv.get(page))
    siv.send(deed, {"do": "stoppa"})
    stopped = text(siv.get(page))
    siv.send(deed, {"do": "fortsatt"})
    with acting(the_clock(cast)):
        made = [(one.reminds_of, one.state) for one in Notice.objects.filter(kind=NoticeKind.REMINDER)]

    assert "Utan svar påminns de" in before
    assert "Påminn nu" in before
    assert "En påminnelse är på väg." in reminded
    assert "Påminnelserna är stoppade." in stopped
    assert made == [("summons", "waiting")]


def test_whoever_presses_when_the_answer_has_come_is_told_so(
    cast: Cast, asked: Summons, entered: Callable[[Actor], Door]
) -> None:
    siv = entered(cast.siv)
    with acting(cast.siv):
        meetings.answer(asked, answer="comes", how=AnsweredBy.NOTED, by=cast.siv)
    deed = reverse("reminders", kwargs={"case_id": asked.case_id, "about_id": asked.pk})
    answer = siv.send(deed, {"do": "nu"}, follow=True)

    assert "De har svarat" in text(answer)
    with acting(the_clock(cast)):
        assert not Notice.objects.filter(kind=NoticeKind.REMINDER).exists()


@pytest.mark.parametrize("who", ["amir", "lena", "nils", "maja", "stranger"])
def test_to_others_the_deed_is_not_there(
    who: str, cast: Cast, asked: Summons, entered: Callable[[Actor], Door]
) -> None:
    there = reverse("reminders", kwargs={"case_id": asked.case_id, "about_id": asked.pk})
    nowhere = reverse("reminders", kwargs={"case_id": uuid4(), "about_id": uuid4()})
    door = entered(getattr(cast, who))

    assert door.send(there, {"do": "nu"}).status_code == door.send(nowhere, {"do": "nu"}).status_code == 404


def test_when_the_reminders_are_spent_it_is_her_turn_to_ring(
    cast: Cast, asked: Summons, clock: Callable[[datetime], None], entered: Callable[[Actor], Door]
) -> None:
    with acting(cast.siv):
        told = unanswered(asked.case_id, asked.pk)
        assert told is not None
        once = Rungs(days=1, times=1)
        made = remind_now(told, cast.units["amir"], case=asked.case_id, rungs=once, by=cast.siv)
    clock(made.leaves_at)
    with acting(the_clock(cast)):
        Notice.objects.filter(kind=NoticeKind.REMINDER).update(state="sent", sent_at=now())
    siv = entered(cast.siv)
    today_page = reverse("today")
    same_day = text(siv.get(today_page))
    clock(asked.leaves_at + timedelta(days=7))
    later = text(entered(cast.siv).get(today_page))
    case = text(entered(cast.siv).get(reverse("case", kwargs={"case_id": asked.case_id})))

    assert "AF Humlesund har påmints och har inte svarat. Du ringer och skriver in svaret." in case
    assert "AF Humlesund ska svara på kallelsen" in same_day
    assert "AF Humlesund har påmints och har inte svarat på kallelsen. Ring." in later


def test_a_letter_that_came_back_is_a_task_at_once(
    cast: Cast, asked: Summons, clock: Callable[[datetime], None], entered: Callable[[Actor], Door]
) -> None:
    with acting(cast.siv):
        told = unanswered(asked.case_id, asked.pk)
        assert told is not None
        made = remind_now(told, cast.units["amir"], case=asked.case_id, rungs=RUNGS, by=cast.siv)
    clock(made.leaves_at)
    with acting(the_clock(cast)):
        Notice.objects.filter(state="waiting").update(state="failed", fault="address")
    siv = entered(cast.siv)
    meeting = reverse("meeting", kwargs={"case_id": asked.case_id, "meeting_id": asked.meeting_id})

    assert "Brevet till AF Humlesund gick inte fram. Ring." in text(siv.get(reverse("today")))
    assert "Brevet till AF Humlesund gick inte fram." in text(siv.get(meeting))


def test_the_page_of_offered_times_says_when_the_silent_are_reminded_and_she_does_it_now(
    cast: Cast, clock: Callable[[datetime], None], entered: Callable[[Actor], Door]
) -> None:
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    factories.consent(case, cast.units["amir"], by=cast.siv)
    ids = factories.times_offered(case, by=cast.siv, to=cast.units["amir"])
    with acting(cast.siv):
        clock(now() + timedelta(days=1))
    with acting(the_clock(cast)):
        Notice.objects.update(state="sent", sent_at=now() - timedelta(hours=20))
    siv = entered(cast.siv)
    page = reverse("time_offer", kwargs={"case_id": case.pk, "offer_id": ids["offer_id"]})
    before = text(siv.get(page))
    deed = reverse("reminders", kwargs={"case_id": case.pk, "about_id": ids["invitee_id"]})
    done = siv.send(deed, {"do": "nu"})

    assert "Utan svar påminns de" in before
    assert "Påminn nu" in before
    assert done["Location"] == reverse("times", kwargs={"case_id": case.pk})
    assert "En påminnelse är på väg." in text(siv.get(page))
