"""Queries of the underlag asked for, named by what they return, and where each question stands now.

Here: the checklist of a case. Not here: what a unit that is asked sees (`asked`): it reads no row of these.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from humla.agreements.visibility import deadlines_on
from humla.cases.models import Case, CaseState
from humla.core.context import now, today
from humla.core.dates import day_of
from humla.core.workdays import first_working_day, is_working_day
from humla.evidence.models import EvidenceAnswer, EvidenceRequest, EvidenceState, OwnView, Said
from humla.meetings.models import Meeting

_SETTLED = {
    Said.ARRIVED: EvidenceState.ARRIVED,
    Said.SENT: EvidenceState.SENT,
    Said.REFUSED: EvidenceState.REFUSED,
    Said.WRONG_UNIT: EvidenceState.WRONG_UNIT,
}


@dataclass
class Asked:
    """One question with its newest answer and the views that came."""

    request: EvidenceRequest
    newest: EvidenceAnswer | None
    views: Sequence[OwnView] = ()

    @cached_property
    def state(self) -> EvidenceState:
        """Where it stands, by its instants, its day and the newest answer."""
        if self.request.withdrawn_at is not None:
            return EvidenceState.WITHDRAWN
        if self.newest is not None and self.newest.said in _SETTLED:
            return _SETTLED[Said(self.newest.said)]
        if self.views and self.newest is None:
            return EvidenceState.ARRIVED
        if now() < self.request.leaves_at:
            return EvidenceState.LEAVING
        if self.is_promised:
            return EvidenceState.LATE if self.expected_on < today() else EvidenceState.PROMISED
        return EvidenceState.LATE if self.request.by_when < today() else EvidenceState.ASKED

    @property
    def is_promised(self) -> bool:
        """Has it been said when it comes?"""
        return self.newest is not None and self.newest.said == Said.PROMISED

    @property
    def expected_on(self) -> date:
        """The day it is to be here: as promised, or as asked."""
        promised = self.newest.promised_on if self.newest and self.is_promised else None
        return promised or self.request.by_when

    @property
    def is_open(self) -> bool:
        """Is something still to come?"""
        return self.state in OPEN

    @property
    def who(self) -> str:
        """Whom it was asked of; empty for the person."""
        return self.request.unit.name if self.request.unit else self.request.name


OPEN = frozenset(
    {
        EvidenceState.LEAVING,
        EvidenceState.ASKED,
        EvidenceState.PROMISED,
        EvidenceState.SENT,
        EvidenceState.LATE,
    }
)

_ORDER = [
    EvidenceState.LATE,
    EvidenceState.WRONG_UNIT,
    EvidenceState.REFUSED,
    EvidenceState.SENT,
    EvidenceState.LEAVING,
    EvidenceState.ASKED,
    EvidenceState.PROMISED,
    EvidenceState.ARRIVED,
    EvidenceState.WITHDRAWN,
]


def evidence_of(case: Case) -> list[Asked]:
    """The checklist of a case: what needs a hand first, what has come last. Three questions at most."""
    rows = EvidenceRequest.objects.select_related("unit__authority__party", "asked_by", "meeting")
    found = _with_answers(list(rows.filter(case=case.pk)))
    for one in found:
        one.request.case = case
    return sorted(found, key=lambda one: (_ORDER.index(one.state), one.expected_on, one.who))


def evidence_request(case: Case, request_id: UUID) -> Asked | None:
    """One question of this case."""
    return next((one for one in evidence_of(case) if one.request.pk == request_id), None)


def own_evidence() -> list[Asked]:
    """What is asked for around the person in her open cases, for herself; the row policies say whose."""
    rows = EvidenceRequest.objects.filter(withdrawn_at=None, case__state=CaseState.OPEN)
    return _with_answers(list(rows.select_related("unit").order_by("by_when", "id")))


def answers_to(request: EvidenceRequest) -> list[EvidenceAnswer]:
    """Every answer there has been, newest first."""
    return list(EvidenceAnswer.objects.filter(request=request).order_by("-answered_at", "-id"))


def suggested_by_when(meeting: Meeting | None) -> date:
    """So many working days before the meeting as the agreement says; without one, a week ahead."""
    if meeting is None:
        return first_working_day(today() + timedelta(days=7))
    left = deadlines_on(today()).input_days
    on = day_of(meeting.starts_at)
    while left > 0:
        on -= timedelta(days=1)
        left -= is_working_day(on)
    return max(on, today())


def _with_answers(rows: Sequence[EvidenceRequest]) -> list[Asked]:
    if not rows:
        return []
    newest = {
        one.request_id: one
        for one in EvidenceAnswer.objects.filter(request__in=rows).order_by("answered_at", "id")
    }
    views: dict[UUID, list[OwnView]] = {}
    for view in OwnView.objects.filter(request__in=rows).order_by("-written_at", "id"):
        views.setdefault(view.request_id, []).append(view)
    return [Asked(one, newest.get(one.pk), views.get(one.pk, ())) for one in rows]
