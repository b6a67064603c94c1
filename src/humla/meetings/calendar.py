"""A meeting as other calendars know it: one entry for each receiver, that says when and nothing else (SUM-4).

Here: the entry (RFC 5545), as a file to lay in a calendar and as the invitation that goes with a letter
(RFC 5546, RFC 6047). Not here: the letter (`humla.notifications`), the pages (`humla.web.calendar`).

Calendars are shared with colleagues and lie in others' clouds. So the title is "Möte" for everybody, there is
no place and nobody's name, and two receivers of one meeting get numbers that cannot be laid together. The
number is kept when the meeting is moved or cancelled, and the sequence grows: so the entry changes place
instead of becoming two. What is asked for a link, for the clock and for a receiver goes through the owner's
functions in the walls, which let nothing more through than is written in the file.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vRecur, vUri

from humla.core.dates import STOCKHOLM
from humla.meetings.models import Meeting, MeetingState
from humla.notifications.models import Notice

PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"
_ONE_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Entry:
    """All that a calendar is told of a meeting."""

    number: UUID
    """The meeting's and the receiver's together: the same wherever the meeting goes."""
    sequence: int
    starts_at: datetime
    minutes: int
    is_cancelled: bool = False
    is_obliged: bool = False

    @property
    def ends_at(self) -> datetime:
        """An hour is an hour, also the night when the clocks change."""
        return self.starts_at.astimezone(UTC) + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Invited:
    """The unit that an invitation goes to."""

    name: str
    mail: str


def entry_of(meeting: Meeting, receiver: UUID) -> Entry:
    """The entry of somebody who reads the meeting itself: the holder, the person."""
    return Entry(
        number=uuid5(meeting.calendar_uid, str(receiver)),
        sequence=meeting.calendar_sequence,
        starts_at=meeting.starts_at,
        minutes=meeting.minutes,
        is_cancelled=meeting.state == MeetingState.CANCELLED,
    )


def linked_entry() -> Entry | None:
    """Of the summons that the open link leads to."""
    return _entry("SELECT * FROM linked_calendar()", [])


def posted_entry(notice_id: UUID) -> Entry | None:
    """Of the summons that a letter on its way tells of; none when it tells of something else."""
    return _entry("SELECT * FROM posted_calendar(%s)", [notice_id])


def received_entry(summons_id: UUID) -> Entry | None:
    """Of a summons that has come to the reader's own unit."""
    return _entry("SELECT * FROM received_calendar(%s)", [summons_id])


def invitation_with(notice: Notice, token: str) -> bytes:
    """What goes with a letter to a unit's calendar; nothing when it is about no summons.

    A letter that is carried twice says the same twice.
    """
    entry = posted_entry(notice.pk)
    if entry is None:
        return b""
    link = settings.PUBLIC_URL + reverse("answer_link", kwargs={"token": token}) if token else ""
    invited = Invited(notice.unit.name, notice.unit.mail)
    return calendar_of(entry, link=link, made_at=notice.queued_at, invited=invited)


def calendar_of(
    entry: Entry, *, link: str, made_at: datetime, title: str = "", invited: Invited | None = None
) -> bytes:
    """The file. With somebody invited it is an invitation, or takes one back; otherwise it is only laid out.

    `link` is where the meeting is read or answered: a neutral link, or a page behind the sign-in.
    """
    method = CANCEL if entry.is_cancelled else REQUEST if invited else PUBLISH
    calendar = Calendar()
    calendar.add("prodid", "-//Humla//Humla//SV")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    begins, ends = _written(entry.starts_at, entry.ends_at)
    if begins.tzinfo is not UTC:
        calendar.add_component(_swedish_time())
    calendar.add_component(_event(entry, begins, ends, link, made_at, title or _title(), invited))
    return bytes(calendar.to_ical())


def _event(
    entry: Entry,
    begins: datetime,
    ends: datetime,
    link: str,
    made_at: datetime,
    title: str,
    invited: Invited | None,
) -> Event:
    event = Event()
    event.add("uid", f"{entry.number}@{urlsplit(settings.PUBLIC_URL).hostname or 'humla'}")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("dtstart", begins)
    event.add("dtend", ends)
    event.add("summary", title)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.is_cancelled else "OPAQUE")
    event.add("class", "PRIVATE")
    event.add("organizer", _address(settings.MAIL_FROM.rpartition("<")[2].rstrip(">"), "Humla"))
    if invited is not None:
        event.add("attendee", _attendee(invited, entry), encode=False)
    if link and not entry.is_cancelled:
        event.add("url", vUri(link))
        if invited is not None:
            # Outlook shows these words instead of the letter's.
            event.add("description", _answer_here(link))
    return event


def _attendee(invited: Invited, entry: Entry) -> vCalAddress:
    """A mailbox that several read. Its calendar is not to answer: the answer is the link's."""
    attendee = _address(invited.mail, invited.name)
    attendee.params["CUTYPE"] = "GROUP"
    attendee.params["ROLE"] = "REQ-PARTICIPANT" if entry.is_obliged else "OPT-PARTICIPANT"
    attendee.params["PARTSTAT"] = "NEEDS-ACTION"
    attendee.params["RSVP"] = "FALSE"
    return attendee


def _address(mail: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{mail}")
    address.params["CN"] = name.replace('"', "'")
    return address


def _written(begins: datetime, ends: datetime) -> tuple[datetime, datetime]:
    """In Swedish time, which holds if the law of summer time is changed; but the hour that comes twice in
    autumn can only be told in UTC.
    """
    local = begins.astimezone(STOCKHOLM), ends.astimezone(STOCKHOLM)
    if any(one.replace(fold=0).utcoffset() != one.replace(fold=1).utcoffset() for one in local):
        return begins.astimezone(UTC), ends.astimezone(UTC)
    return local


def _swedish_time() -> Timezone:
    """When the clocks change, by the rule since 1996. Written out: the library's own (icalendar 7.3) puts the
    change in spring an hour late.
    """
    zone = Timezone()
    zone.add("tzid", str(STOCKHOLM.key))
    for part, month, first, before, after in (
        (TimezoneDaylight(), 3, datetime(1996, 3, 31, 2), 1, 2),  # noqa: DTZ001
        (TimezoneStandard(), 10, datetime(1996, 10, 27, 3), 2, 1),  # noqa: DTZ001
    ):
        part.add("dtstart", first)
        part.add("rrule", vRecur({"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": "-1SU"}))
        part.add("tzoffsetfrom", before * _ONE_HOUR)
        part.add("tzoffsetto", after * _ONE_HOUR)
        part.add("tzname", "CEST" if after == 2 else "CET")
        zone.add_component(part)
    return zone


def _title() -> str:
    with translation.override("sv"):
        return _("Möte")


def _answer_here(link: str) -> str:
    with translation.override("sv"):
        return _("Svara här: %(link)s") % {"link": link}


def _entry(question: str, words: list[Any]) -> Entry | None:
    with connection.cursor() as cursor:
        cursor.execute(question, words)
        row = cursor.fetchone()
    if row is None:
        return None
    uid, receiver, sequence, starts_at, minutes, is_cancelled, is_obliged = row
    return Entry(
        number=uuid5(uid, str(receiver)),
        sequence=sequence,
        starts_at=starts_at,
        minutes=minutes,
        is_cancelled=is_cancelled,
        is_obliged=is_obliged,
    )
