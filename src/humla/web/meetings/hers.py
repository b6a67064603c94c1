"""The person's next meeting, for the top of her own page: when, where, with whom, what to bring.

Here: one card for each of her cases that has a meeting ahead. Not here: the page (`humla.web.own`). She reads
her own meetings; nothing here is said to anybody else.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from humla.cases.models import Case
from humla.consents.models import Consent
from humla.meetings.models import Called, Meeting, MeetingForm, MeetingKind, Summons
from humla.meetings.visibility import next_meetings, still_called, units_told_of_planning


@dataclass(frozen=True)
class NextMeeting:
    """What she needs to know of it."""

    meeting: Meeting
    kind: str
    at: datetime
    how: str
    place: str
    video_link: str
    who: list[str]
    bring: str
    interpreter: str
    why: list[str]
    """What it is about and what it shall answer, as whoever summoned wrote it. She reads all of it."""

    @property
    def is_safe_link(self) -> bool:
        """Only an address of the web becomes a link."""
        return self.video_link.startswith(("https://", "http://")) and " " not in self.video_link


def her_next_meetings(cases: Mapping[UUID, tuple[Case, Collection[Consent]]]) -> dict[UUID, NextMeeting]:
    """By case: the meeting that comes next in it; two questions however many cases she has."""
    found = next_meetings([case for case, _consents in cases.values()])
    called = still_called(found.values())
    return {
        case_id: _next(meeting, called.get(meeting.pk, []), cases[case_id][1])
        for case_id, meeting in found.items()
    }


def _next(meeting: Meeting, called: Collection[Summons], consents: Collection[Consent]) -> NextMeeting:
    mine = next((one for one in called if one.called == Called.PERSON), None)
    form = mine.form if mine and mine.form else meeting.form
    return NextMeeting(
        meeting=meeting,
        kind=str(MeetingKind(meeting.kind).label),
        at=meeting.starts_at,
        how=str(MeetingForm(form).label),
        place=meeting.place if form not in (MeetingForm.VIDEO, MeetingForm.PHONE) else "",
        video_link=meeting.video_link if form != MeetingForm.IN_PERSON else "",
        who=_who(meeting, called, units_told_of_planning(consents)),
        bring=mine.bring if mine else "",
        interpreter=meeting.interpreter,
        why=[text for text in (meeting.purpose, meeting.questions, meeting.health_questions) if text],
    )


def _who(meeting: Meeting, called: Collection[Summons], open_to: set[UUID]) -> list[str]:
    """The units and people who are called; whoever she has taken her yes back from does not come."""
    names = [meeting.case.unit.name]
    for one in called:
        if one.unit is not None and (one.disclosure_id is None or one.unit_id in open_to):
            names.append(one.unit.name)
        elif one.called not in (Called.UNIT, Called.PERSON):
            names.append(one.name or _("någon mer"))
    return list(dict.fromkeys(names))
