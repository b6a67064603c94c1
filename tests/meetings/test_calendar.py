"""A meeting in other calendars: read back by another library than the one that wrote it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import vobject

from humla.cases.models import Case
from humla.consents import actions as consents
from humla.consents.visibility import consents_of
from humla.core.context import Actor, Kind, acting
from humla.core.dates import STOCKHOLM
from humla.meetings import actions
from humla.meetings.calendar import (
    Entry,
    Invited,
    calendar_of,
    entry_of,
    invitation_with,
    posted_entry,
    received_entry,
)
from humla.meetings.models import Called, ChangeCause, Meeting, Summons
from humla.meetings.visibility import open_summonses
from humla.notifications.models import Notice
from humla.protection.actions import protect
from humla.protection.models import MarkingKind
from tests import factories
from tests.cast import AF_MAIL, Cast

AF = Invited("AF Humlesund", AF_MAIL)
MADE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LINK = "https://humla.example/svar/abc/"
NUMBER = UUID("6f9619ff-8b86-4d01-b42d-00cf4fc964ff")


def entry(at: datetime, minutes: int = 60, **more: Any) -> Entry:
    return Entry(number=NUMBER, sequence=0, starts_at=at, minutes=minutes, **more)


def read(content: bytes) -> Any:
    """As an independent parser reads it, strictly."""
    calendar = vobject.readOne(content.decode(), validate=True)
    calendar.validate(raiseException=True)
    return calendar


def written(at: datetime, minutes: int = 60, *, invited: Invited | None = AF, **more: Any) -> bytes:
    return calendar_of(entry(at, minutes, **more), link=LINK, made_at=MADE, invited=invited)


def to_the_second(at: datetime) -> datetime:
    """A calendar knows no parts of one."""
    return at.replace(microsecond=0)


def local(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=STOCKHOLM, fold=fold)  # type: ignore[arg-type,misc]


# --- what the file says -------------------------------------------------------------------------------------


def test_another_library_reads_the_same_time_the_same_number_and_who_is_asked():
    at = local(2026, 12, 4, 13)
    calendar = read(written(at, 90, is_obliged=True))
    event = calendar.vevent

    assert (calendar.version.value, calendar.method.value) == ("2.0", "REQUEST")
    assert (event.dtstart.value, event.dtend.value) == (at, at + timedelta(minutes=90))
    assert (event.uid.value, event.sequence.value) == (f"{NUMBER}@127.0.0.1", "0")
    assert (event.dtstamp.value, event.status.value) == (MADE, "CONFIRMED")
    assert event.organizer.value == "mailto:humla@127.0.0.1"
    assert event.attendee.value == f"mailto:{AF_MAIL}"
    assert event.attendee.params["ROLE"] == ["REQ-PARTICIPANT"]
    assert event.attendee.params["RSVP"] == ["FALSE"]


def test_it_says_when_and_nothing_else():
    event = read(written(local(2026, 12, 4, 13))).vevent

    assert event.summary.value == "Möte"
    assert event.description.value == f"Svara här: {LINK}"
    assert event.url.value == LINK
    assert event.getChildValue("class") == "PRIVATE"
    assert not hasattr(event, "location")


@pytest.mark.parametrize("is_cancelled", [False, True])
def test_every_property_that_rfc_5546_asks_for_stands_there_once(is_cancelled: bool):
    content = written(local(2026, 12, 4, 13), is_cancelled=is_cancelled).decode()
    event = content.partition("BEGIN:VEVENT")[2]
    wanted = ("ATTENDEE", "DTSTAMP", "DTSTART", "ORGANIZER", "SEQUENCE", "SUMMARY", "UID", "STATUS")

    assert {one: len(re.findall(rf"^{one}[;:]", event, re.M)) for one in wanted} == dict.fromkeys(wanted, 1)
    assert all(len(line.encode()) <= 75 for line in content.split("\r\n"))
    assert content.endswith("END:VCALENDAR\r\n")


def test_a_cancelled_one_takes_itself_out_and_leads_nowhere():
    calendar = read(written(local(2026, 12, 4, 13), is_cancelled=True))

    assert (calendar.method.value, calendar.vevent.status.value) == ("CANCEL", "CANCELLED")
    assert not hasattr(calendar.vevent, "url")
    assert not hasattr(calendar.vevent, "description")


def test_a_file_for_oneself_invites_nobody():
    calendar = read(written(local(2026, 12, 4, 13), invited=None))

    assert calendar.method.value == "PUBLISH"
    assert not hasattr(calendar.vevent, "attendee")


def test_a_long_name_with_quotes_and_other_letters_is_only_a_name():
    name = 'Mottagning "Öst"; الوحدة\r\nBEGIN:VEVENT ' + "å" * 200
    content = written(local(2026, 12, 4, 13), invited=Invited(name, AF_MAIL))

    calendar = read(content)
    assert len(list(calendar.components())) == 2  # The time zone and one meeting.
    assert calendar.vevent.attendee.value == f"mailto:{AF_MAIL}"


# --- the nights when the clocks change ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "minutes", "ends"),
    [
        (local(2027, 3, 28, 1, 30), 60, local(2027, 3, 28, 3, 30)),  # Spring: half past two never comes.
        (local(2026, 10, 25, 1, 30), 60, local(2026, 10, 25, 2, 30)),  # Autumn: the first half past two.
        (local(2026, 10, 25, 2, 30), 60, local(2026, 10, 25, 2, 30, fold=1)),
        (local(2026, 10, 25, 2, 30, fold=1), 60, local(2026, 10, 25, 3, 30)),
        (local(2026, 10, 24, 22), 600, local(2026, 10, 25, 7)),
    ],
)
def test_an_hour_is_an_hour_the_night_when_the_clocks_change(at: datetime, minutes: int, ends: datetime):
    event = read(written(at, minutes)).vevent

    assert event.dtstart.value.astimezone(UTC) == at.astimezone(UTC)
    assert event.dtend.value.astimezone(UTC) == ends.astimezone(UTC)
    assert ends.astimezone(UTC) - at.astimezone(UTC) == timedelta(minutes=minutes)


def test_the_hour_that_comes_twice_is_told_in_utc_and_all_others_in_swedish_time():
    twice = written(local(2026, 10, 25, 2, 30, fold=1)).decode()
    once = written(local(2026, 10, 25, 4)).decode()

    assert "DTSTART:20261025T013000Z" in twice
    assert "VTIMEZONE" not in twice
    assert "DTSTART;TZID=Europe/Stockholm:20261025T040000" in once


def test_the_rule_for_summer_time_is_the_one_that_the_zone_has_for_twenty_years():
    """Every hour around every change, as a parser of time zones that is not ours understands the rule."""
    zone = read(written(local(2026, 12, 4, 13))).vtimezone.tzinfo
    wrong = []
    for year in range(2026, 2046):
        for month in (3, 10):
            night = datetime(year, month, 23, tzinfo=UTC)
            for hour in range(24 * 9):
                at = night + timedelta(hours=hour)
                ours = at.astimezone(STOCKHOLM)
                if ours.replace(fold=0).utcoffset() != ours.replace(fold=1).utcoffset():
                    continue  # Never told in Swedish time.
                if ours.replace(tzinfo=zone).utcoffset() != ours.utcoffset():
                    wrong.append(at)
    assert wrong == []


# --- what happens to the meeting ----------------------------------------------------------------------------


@pytest.fixture
def case(cast: Cast, db: None) -> Case:
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    factories.consent(case, cast.units["amir"], by=cast.siv)
    return case


@pytest.fixture
def meeting(cast: Cast, case: Case) -> Meeting:
    words: dict[str, Any] = {
        "place": "Skyddat boende Rosen",
        "purpose": "Eva Ek vill arbeta igen",
        "interpreter": "somaliska",
    }
    return factories.planned_meeting(case, by=cast.siv, **words)


def summon(cast: Cast, meeting: Meeting) -> Summons:
    with acting(cast.siv):
        return actions.summon(meeting, called=Called.UNIT, unit=cast.units["amir"], by=cast.siv)


def letters(cast: Cast) -> list[tuple[str, Any]]:
    """Every letter that there is, in order, with what it says to the mailbox's calendar."""
    with acting(Actor(Kind.SYSTEM, association_id=cast.association.pk)):
        rows = Notice.objects.select_related("unit").order_by("queued_at", "leaves_at")
        return [(one.kind, invitation_with(one, "x" * 43)) for one in rows if one.state == "waiting"]


def told(cast: Cast) -> list[tuple[str, str, int, datetime]]:
    made = [(kind, read(content)) for kind, content in letters(cast) if content]
    return [
        (kind, one.method.value, int(one.vevent.sequence.value), one.vevent.dtstart.value)
        for kind, one in made
    ]


def test_the_letter_carries_the_time_and_nothing_of_the_case(cast: Cast, case: Case, meeting: Meeting):
    summon(cast, meeting)
    ((kind, content),) = letters(cast)

    assert kind == "summons"
    assert read(content).vevent.dtstart.value == to_the_second(meeting.starts_at)
    could_leak = ["Eva", "Ek ", cast.eva, "Rosen", "arbeta", "somaliska", "Siv", case.reference, "Individ"]
    could_leak += [str(one) for one in (case.pk, case.person_id, meeting.pk, meeting.calendar_uid)]
    assert [one for one in could_leak if one in content.decode()] == []


def test_moved_it_is_the_same_entry_at_another_time(
    cast: Cast, meeting: Meeting, clock: Callable[[datetime], None]
):
    sent = summon(cast, meeting)
    before = read(letters(cast)[0][1]).vevent
    clock(sent.leaves_at)
    later = meeting.starts_at + timedelta(days=7)
    with acting(cast.siv):
        new = actions.move(meeting, starts_at=later, cause=ChangeCause.PARTY, by=cast.siv)
    after = read(letters(cast)[-1][1]).vevent

    assert new.calendar_uid == meeting.calendar_uid
    assert after.uid.value == before.uid.value
    assert int(after.sequence.value) > int(before.sequence.value)
    assert after.dtstart.value == to_the_second(later)


def test_cancelled_it_is_taken_out_by_a_higher_number(
    cast: Cast, meeting: Meeting, clock: Callable[[datetime], None]
):
    clock(summon(cast, meeting).leaves_at)
    asked = read(letters(cast)[0][1]).vevent
    with acting(cast.siv):
        cancelled = actions.cancel(meeting, cause=ChangeCause.ILLNESS, by=cast.siv)
    (last,) = [read(content) for kind, content in letters(cast) if kind == "summons_cancelled"]

    assert (last.method.value, last.vevent.uid.value) == ("CANCEL", asked.uid.value)
    assert int(last.vevent.sequence.value) > int(asked.sequence.value)
    assert cancelled.calendar_sequence == 1


def test_taken_back_and_called_again_each_letter_has_a_higher_number_whenever_it_is_carried(
    cast: Cast, meeting: Meeting, clock: Callable[[datetime], None]
):
    """The mail server is down meanwhile: all three are made when it is up again."""
    first = summon(cast, meeting)
    clock(first.leaves_at)
    with acting(cast.siv):
        actions.cancel_summons(first, by=cast.siv)
    clock(first.leaves_at + timedelta(minutes=5))
    summon(cast, meeting)

    assert [(method, number) for _kind, method, number, _at in told(cast)] == [("CANCEL", 1), ("REQUEST", 2)]


def test_a_consent_taken_back_takes_the_entry_out(
    cast: Cast, case: Case, meeting: Meeting, clock: Callable[[datetime], None]
):
    clock(summon(cast, meeting).leaves_at)
    with acting(cast.siv):
        (yes,) = consents_of(case)
        consents.withdraw(yes, by=cast.siv)

    assert ("summons_cancelled", "CANCEL") in [(kind, method) for kind, method, _number, _at in told(cast)]


def test_what_is_written_otherwise_raises_the_number_and_a_note_about_roles_does_not(
    cast: Cast, meeting: Meeting
):
    with acting(cast.siv):
        longer = actions.change_meeting(meeting, version=1, minutes=90, by=cast.siv)
        same = actions.change_meeting(longer, version=2, chair=None, by=cast.siv)

    assert (longer.calendar_sequence, same.calendar_sequence) == (1, 1)
    assert entry_of(same, cast.siv.authority_id).minutes == 90  # type: ignore[arg-type]


def test_two_receivers_of_one_meeting_have_numbers_that_cannot_be_laid_together(
    cast: Cast, case: Case, meeting: Meeting
):
    factories.consent(case, cast.units["farid"], by=cast.siv)
    summon(cast, meeting)
    with acting(cast.siv):
        actions.summon(meeting, called=Called.UNIT, unit=cast.units["farid"], by=cast.siv)
    numbers = {read(content).vevent.uid.value for _kind, content in letters(cast)}

    assert len(numbers) == 2
    assert len({one[:8] for one in numbers}) == 2


# --- who may ask --------------------------------------------------------------------------------------------


def test_only_the_clock_asks_for_a_letters_entry_and_only_the_unit_for_its_own(
    cast: Cast, meeting: Meeting, clock: Callable[[datetime], None]
):
    sent = summon(cast, meeting)
    clock(sent.leaves_at)
    with acting(cast.siv):
        (notice,) = Notice.objects.all()
        (summons,) = open_summonses(meeting)
        assert posted_entry(notice.pk) is None
        assert received_entry(summons.pk) is None
    with acting(Actor(Kind.SYSTEM, association_id=cast.stranger.association_id)):
        assert posted_entry(notice.pk) is None
    for who in (cast.lena, cast.nils, cast.stranger, cast.amir):
        with acting(who):
            assert received_entry(summons.pk) is None  # Amir has not taken it in: it is not his to open yet.


def test_nothing_is_told_of_somebody_with_protected_identity(cast: Cast, case: Case, meeting: Meeting):
    sent = summon(cast, meeting)
    with acting(cast.siv):
        notice = Notice.objects.get(about_id=sent.pk)
        protect(case, kind=MarkingKind.SECRECY, reason="Polisen ringde.", by=cast.siv)
    with acting(Actor(Kind.SYSTEM, association_id=cast.association.pk)):
        assert posted_entry(notice.pk) is None
