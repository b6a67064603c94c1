"""The meetings of a case, and one meeting: who is summoned, what they have answered, what can be done now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from humla.cases.models import Case
from humla.core.context import now, today
from humla.core.rulings import Ruling
from humla.meetings import rules
from humla.meetings.models import Called, Meeting, MeetingKind, MeetingState, Summons, SummonsState
from humla.meetings.visibility import (
    attendances_of,
    meetings_of,
    summonses_by_meeting,
    summonses_of,
)
from humla.meetings.waited import waited_for
from humla.notifications.ladder import Ladder
from humla.notifications.rules import may_remind
from humla.notifications.visibility import opened_in
from humla.organisation.visibility import names_of_professionals
from humla.web.door import DoorRequest, case_page, only_where_held
from humla.web.meetings.forwarding import chain_of
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
from humla.web.reminders import ladders_of


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
    ladder: Ladder | None
    """The reminders, while it waits for an answer."""
    opened_at: datetime | None
    """When somebody there first opened it: signed in, or with a code."""
    may_remind: Ruling | None
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
    ladders = ladders_of(summonses)
    opened = opened_in(case.pk) if ladders else {}
    rows = [summons_row(request, one, ladders.get(one.pk), opened.get(one.pk)) for one in summonses]
    context = head(
        case,
        today=today(),
        meeting=found,
        row=_row(found, summonses),
        waits=waited_for(summonses),
        open=[row for row in rows if row.summons.cancelled_at is None],
        closed=[row for row in rows if row.summons.cancelled_at is not None],
        attendances=attendances_of(found) if found.state == MeetingState.HELD else [],
        names=names_of_professionals({found.planned_by_id, *(one.sent_by_id for one in summonses)}),
        waits_for_place=bool(found.place) and not rules.place_may_be_told(found),
        may_approve=rules.may_approve_place(request.actor, found),
        is_over=found.starts_at <= now(),
        chain=chain_of(request.actor, found, summonses),
        may_change=rules.may_change_meeting(request.actor, found),
        may_summon=rules.may_summon_to(request.actor, found),
        may_hold=rules.may_hold_at_all(request.actor, found),
        may_plan=rules.may_plan(request.actor, case),
        may_correct=rules.may_correct_held_at_all(request.actor, found),
    )
    return render(request, "meetings/meeting.html", context)


def summons_row(
    request: DoorRequest, summons: Summons, ladder: Ladder | None = None, opened_at: datetime | None = None
) -> SummonsRow:
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
        ladder=ladder,
        opened_at=opened_at,
        may_remind=may_remind(actor, summons.unit, ladder.told) if ladder and summons.unit else None,
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
