"""What every page of a meeting begins with: the meeting or nowhere, the look on the trail, the head.

Not here: the pages themselves, nor how a summons is read (`reading`).
"""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from humla.audit.record import Item
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.meetings.models import Answer, Meeting, MeetingState, Summons, SummonsState
from humla.meetings.visibility import meeting_of, summons_of
from humla.people.naming import display_name, shown_number
from humla.web.door import DoorRequest, only_where_held

MEETING_TONES = {
    MeetingState.PLANNED: "info",
    MeetingState.HELD: "done",
    MeetingState.MOVED: "neutral",
    MeetingState.CANCELLED: "stop",
}
SUMMONS_TONES = {
    SummonsState.LEAVING: "neutral",
    SummonsState.WAITING: "warning",
    SummonsState.COMES: "done",
    SummonsState.OTHER_TIME: "warning",
    SummonsState.DECLINED: "stop",
    SummonsState.READS: "neutral",
    SummonsState.WRONG_UNIT: "stop",
    SummonsState.CANCELLED: "neutral",
}


def meeting_or_404(request: DoorRequest, case: Case, meeting_id: UUID) -> Meeting:
    """One meeting of this case, for those who hold it."""
    only_where_held(request, case)
    found = meeting_of(case, meeting_id)
    if found is None:
        raise Http404
    return found


def summons_or_404(request: DoorRequest, case: Case, summons_id: UUID) -> Summons:
    """One summons in this case, for those who hold it."""
    only_where_held(request, case)
    found = summons_of(case, summons_id)
    if found is None:
        raise Http404
    return found


def looked(request: DoorRequest, case: Case, *meetings: Meeting) -> None:
    """Say on the trail which meetings were read, as they were then."""
    items: list[Item] = [("meeting", one.pk, one.version) for one in meetings]
    request.looked_in(case, Tag.MEETING_READ, items=items or [("case", case.pk, 0)])


def head(case: Case, **more: Any) -> dict[str, Any]:
    """Whose case it is: nobody is to be summoned in the wrong one."""
    return {"case": case, "name": display_name(case.person), "number": shown_number(case.person), **more}


def back(case: Case, meeting: Meeting, where: str = "") -> HttpResponse:
    """To the meeting, at the place where something was done."""
    answer = redirect("meeting", case_id=case.pk, meeting_id=meeting.pk)
    answer["Location"] += where
    return answer


def receiver_name(summons: Summons) -> str:
    """Who is summoned, in a word."""
    if summons.unit is not None:
        return summons.unit.name
    return summons.name or _("Personen själv")


def answers_in_words(summonses: list[Summons]) -> str:
    """3 av 5 kommer. Väntar på svar: Psykiatrin."""
    counted = [one for one in summonses if one.state is not SummonsState.CANCELLED]
    if not counted:
        return _("Ingen är kallad än.")
    come = sum(one.newest is not None and one.newest.answer == Answer.COMES for one in counted)
    words = [_("%(come)s av %(all)s kommer.") % {"come": come, "all": len(counted)}]
    silent = [receiver_name(one) for one in counted if one.state is SummonsState.WAITING]
    if silent:
        words.append(_("Väntar på svar: %(who)s.") % {"who": ", ".join(silent)})
    other = [receiver_name(one) for one in counted if one.state is SummonsState.OTHER_TIME]
    if other:
        words.append(_("Kan inte tiden: %(who)s.") % {"who": ", ".join(other)})
    return " ".join(words)
