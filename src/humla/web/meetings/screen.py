"""The meetings of a case, and one meeting: who is summoned, what they have answered, what can be done now."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from humla.cases.models import Case
from humla.core.context import now
from humla.core.rulings import Ruling
from humla.meetings import rules
from humla.meetings.models import Called, Meeting, MeetingKind, MeetingState, Summons, SummonsState
from humla.meetings.visibility import (
    attendances_of,
    meetings_of,
    summonses_by_meeting,
    summonses_of,
)
from humla.organisation.visibility import names_of_professionals
from humla.web.door import DoorRequest, case_page, only_where_held
from humla.web.meetings.opening import (
    MEETING_TONES,
    SUMMONS_TONES,
    answers_in_words,
    head,
    looked,
    meeting_or_404,
    receiver_name,
)
from humla.web.page import render


@dataclass(frozen=True)
class MeetingRow:
    """A meeting in the list."""

    meeting: Meeting
    kind: str
    state: str
    tone: str
    answers: str


@dataclass(frozen=True)
class SummonsRow:
    """One who is summoned: where it stands, what was answered, what can be done."""

    summons: Summons
    name: str
    called: str
    state: str
    tone: str
    answer: Any
    is_leaving: bool
    on_paper: bool
    """Nobody gets a mail: it is printed and given."""
    has_lost_consent: bool
    ended_with_consent: bool
    may_undo: Ruling
    may_cancel: Ruling
    may_note: Ruling


@case_page()
def meetings(request: DoorRequest, case: Case) -> HttpResponse:
    """Every meeting of the case, the latest first."""
    only_where_held(request, case)
    found = meetings_of(case)
    called = summonses_by_meeting(found)
    looked(request, case, *found)
    context = head(
        case,
        rows=[_row(one, called.get(one.pk, [])) for one in found],
        kinds=[(kind.value, str(kind.label)) for kind in MeetingKind],
        may_plan=rules.may_plan(request.actor, case),
    )
    return render(request, "meetings/list.html", context)


@case_page()
def meeting(request: DoorRequest, case: Case, meeting_id: UUID) -> HttpResponse:
    """One meeting: when and where, who is summoned and what they have answered, and the next thing to do."""
    found = meeting_or_404(request, case, meeting_id)
    looked(request, case, found)
    summonses = summonses_of(found)
    rows = [summons_row(request, one) for one in summonses]
    context = head(
        case,
        meeting=found,
        row=_row(found, summonses),
        open=[row for row in rows if row.summons.cancelled_at is None],
        closed=[row for row in rows if row.summons.cancelled_at is not None],
        attendances=attendances_of(found) if found.state == MeetingState.HELD else [],
        names=names_of_professionals({found.planned_by_id, *(one.sent_by_id for one in summonses)}),
        waits_for_place=bool(found.place) and not rules.place_may_be_told(found),
        may_approve=rules.may_approve_place(request.actor, found),
        is_over=found.starts_at <= now(),
        may_change=rules.may_change_meeting(request.actor, found),
        may_summon=rules.may_summon_to(request.actor, found),
        may_hold=rules.may_hold_at_all(request.actor, found),
        may_plan=rules.may_plan(request.actor, case),
        may_correct=rules.may_correct_held_at_all(request.actor, found),
    )
    return render(request, "meetings/meeting.html", context)


def summons_row(request: DoorRequest, summons: Summons) -> SummonsRow:
    """One summons with what can be done to it by the reader."""
    actor, state = request.actor, summons.state
    return SummonsRow(
        summons=summons,
        name=receiver_name(summons),
        called=str(Called(summons.called).label),
        state=str(state.label),
        tone=SUMMONS_TONES[state],
        answer=summons.newest,
        is_leaving=summons.cancelled_at is None and now() < summons.leaves_at,
        on_paper=summons.unit is None or not summons.unit.mail or summons.case.is_protected,
        has_lost_consent=state is SummonsState.CANCELLED and summons.cancelled_at is None,
        ended_with_consent=summons.ended_with_consent,
        may_undo=rules.may_undo(actor, summons),
        may_cancel=rules.may_cancel_summons(actor, summons),
        may_note=rules.may_note_answer(actor, summons),
    )


def _row(one: Meeting, summonses: list[Summons]) -> MeetingRow:
    state, kind = MeetingState(one.state), str(MeetingKind(one.kind).label)
    return MeetingRow(
        meeting=one,
        kind=f"{kind[:1].upper()}{kind[1:]}",
        state=str(state.label),
        tone=MEETING_TONES[state],
        answers=answers_in_words(summonses) if state is MeetingState.PLANNED else "",
    )
