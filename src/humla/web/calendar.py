"""A meeting as a file for one's own calendar: the link's, the staff's, the receiver's and the person's.

Here: who gets which file, and what stands on the trail of it. Not here: what the file says, which is when and
nothing else (`humla.meetings.calendar`), nor the invitation that goes with a letter.
"""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.visibility import is_held
from humla.core.context import Kind, now
from humla.meetings.calendar import Entry, calendar_of, entry_of, linked_entry, received_entry
from humla.meetings.models import Meeting, MeetingState
from humla.meetings.visibility import own_meeting
from humla.web.door import DoorRequest, case_page, link_page, person_page
from humla.web.meetings.opening import looked, meeting_or_404
from humla.web.page import render


@link_page()
def answer_calendar(request: DoorRequest) -> HttpResponse:
    """The time of the summons behind a link; it points back at the page where it is answered."""
    entry = linked_entry() if request.actor.kind is Kind.LINK else None
    if entry is None:
        return render(request, "answer/dead.html", status=404)
    return _file(entry, link=request.path.removesuffix("kalender/"))


@case_page()
def meeting_calendar(request: DoorRequest, case: Case, meeting_id: UUID) -> HttpResponse:
    """For those who hold the case. Of a cancelled meeting: what takes it out of the calendar again."""
    meeting = meeting_or_404(request, case, meeting_id)
    if meeting.state == MeetingState.MOVED:
        return redirect("meeting_calendar", case_id=case.pk, meeting_id=meeting.moved_to_id)
    looked(request, case, meeting)
    link = reverse("meeting", kwargs={"case_id": case.pk, "meeting_id": meeting.pk})
    return _file(entry_of(meeting, meeting.authority_id), link=link)


@case_page()
def received_calendar(request: DoorRequest, case: Case, summons_id: UUID) -> HttpResponse:
    """For the unit that was summoned, signed in, while the summons holds."""
    entry = None if is_held(case, request.actor) else received_entry(summons_id)
    if entry is None:
        raise Http404
    request.looked_in(case, Tag.SUMMONS_READ, items=[("summons", summons_id, 0)])
    return _file(entry, link=reverse("received", kwargs={"case_id": case.pk}))


@person_page()
def own_calendar(request: DoorRequest, meeting_id: UUID) -> HttpResponse:
    """For the person herself, in her language."""
    meeting = own_meeting(meeting_id)
    if meeting is None or meeting.state == MeetingState.MOVED:
        raise Http404
    request.looked(Tag.OWN_PAGE_READ, person=meeting.person_id, items=_items(meeting))
    return _file(entry_of(meeting, meeting.person_id), link=reverse("own_page"), title=_("Möte"))


def _items(meeting: Meeting) -> list[tuple[str, UUID, int]]:
    return [("meeting", meeting.pk, meeting.version)]


def _file(entry: Entry, *, link: str, title: str = "") -> HttpResponse:
    """Its name lies in the folder of downloads: it says what the title says."""
    content = calendar_of(entry, link=settings.PUBLIC_URL + link, made_at=now(), title=title)
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="mote.ics"', "Cache-Control": "no-store"},
    )
