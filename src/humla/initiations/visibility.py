"""Queries of requests: what has come to the unit, what one has asked for, where one without account stands.

Here: the questions. Not here: who may answer (`rules`). The row policy shows a unit its own; whoever asked,
and the public, are answered by functions that give them their part alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.text import capfirst

from humla.cases.models import Initiator
from humla.core.context import now, today
from humla.core.questions import Told, prepared
from humla.core.sealed_field import opened_from
from humla.initiations.models import AskedBy, DeclineGround, PlanRequest, RequestState, RequestTheme
from humla.initiations.receipts import Receipt

PAGE = 50
DAYS_KEPT = 90
"""So long after the answer the words are kept (`empty_old_requests()` in the walls)."""


@dataclass(frozen=True)
class WayIn:
    """A unit that the public may ask."""

    unit_id: UUID
    unit: str
    place: str
    phone: str
    phone_hours: str
    authority: str
    party: str
    association_id: UUID
    association: str
    request_days: int

    @property
    def label(self) -> str:
        """Arbetsmarknadstorget, Humlesund."""
        return f"{self.unit}, {self.place}" if self.place else self.unit


@dataclass(frozen=True)
class Standing:
    """Where a request stands, for whoever asked: what was answered, and nothing of what it led to."""

    id: UUID
    reference: str
    unit: str
    phone: str
    arrived_at: datetime
    answer_by: date
    answer: str
    answered_at: datetime | None
    ground: str
    why: str
    instead: str
    passed_at: datetime | None
    taken_back_at: datetime | None
    party: str = ""
    phone_hours: str = ""

    @property
    def state(self) -> str:
        """One word for the page to choose its sentence by."""
        if self.taken_back_at:
            return "taken_back"
        if self.answer:
            return self.answer
        return "late" if self.answer_by < today() else "waiting"

    @property
    def ground_label(self) -> str:
        """The ground of a no."""
        return str(DeclineGround(self.ground).label) if self.ground else ""


@dataclass(frozen=True)
class Asked(Standing):
    """The same for the professional who asked, with what she wrote."""

    unit_id: UUID | None = None
    authority_id: UUID | None = None
    authority: str = ""
    theme: str = ""
    words: str = ""
    name: str = ""
    reach: str = ""
    reminded_at: datetime | None = None
    version: int = 0

    @property
    def theme_label(self) -> str:
        """What it is about, in one word."""
        return str(RequestTheme(self.theme).label)


@dataclass
class Month:
    """The requests of one month, counted."""

    month: date
    arrived: int = 0
    in_time: int = 0
    too_late: int = 0
    waiting: int = 0
    late: int = 0
    taken: int = 0
    declined: int = 0
    thrown: int = 0
    taken_back: int = 0


@dataclass(frozen=True)
class Counts:
    """By month, newest first; and how often each ground was given."""

    months: list[Month]
    grounds: list[tuple[str, int]]


# --- without account ----------------------------------------------------------------------------------------


def ways_in() -> list[WayIn]:
    """Where anybody may send a request, by förbund, party and authority. One question, however many."""
    return [WayIn(*row) for row in _rows("SELECT * FROM public_ways_in()")]


def standing_of(receipt: Receipt) -> Standing | None:
    """The request with this number and code; none when they do not belong together."""
    rows = _named("SELECT * FROM request_status(%s)", [receipt.kept])
    return Standing(**_unsealed(rows[0])) if rows else None


# --- at the unit that it came to ----------------------------------------------------------------------------


def requests_here(*, answered: bool = False, words: str = "", page: int = 1) -> list[PlanRequest]:
    """One page of what has come to the unit, and one more when there is a next. What is to be answered stands
    with the earliest day first and before what is only taken over, what is answered with the newest. Words
    search the number and the asker."""
    found = _here()
    found = found.filter(~_to_do()) if answered else found.filter(_to_do())
    for word in words.split():
        found = found.filter(
            Q(reference__icontains=word)
            | Q(asker__name__icontains=word)
            | Q(asker_unit__name__icontains=word)
            | Q(answered_by__name__icontains=word)
        )
    order = ("-arrived_at", "id") if answered else ("answer", "answer_by", "arrived_at", "id")
    # The sealed texts are nothing that a list shows.
    plain = found.defer("words", "name", "reach", "helper", "why", "instead")
    return list(plain.order_by(*order)[(page - 1) * PAGE : page * PAGE + 1])


def request_here(request_id: UUID) -> PlanRequest | None:
    """One of them."""
    return _here().filter(pk=request_id).first()


@prepared
def requests_to_do(_none: None) -> QuerySet[PlanRequest]:
    """What waits for the unit's answer, and what the reader has taken over without a case yet (Idag)."""
    mine = Q(answer=RequestState.TAKEN, case__isnull=True, answered_by=Told("ctx_actor"))
    waiting = Q(answer=RequestState.WAITING)
    found = PlanRequest.objects.filter(
        waiting | mine, unit=Told("ctx_unit"), taken_back_at__isnull=True, emptied_at__isnull=True
    )
    plain = found.defer("words", "name", "reach", "helper", "why", "instead")
    return plain.order_by("answer_by", "arrived_at", "id")


def counts() -> Counts:
    """The authority's requests by month and the grounds of every no."""
    months: dict[date, Month] = {}
    grounds: dict[str, int] = {}
    for month, _by, answer, ground, is_taken_back, in_time, is_late, times in _rows(
        "SELECT * FROM requests_counted()"
    ):
        one = months.setdefault(month, Month(month))
        one.arrived += times
        one.taken_back += times * is_taken_back
        one.late += times * is_late
        one.waiting += times * (answer == RequestState.WAITING and not is_taken_back)
        one.taken += times * (answer == RequestState.TAKEN)
        one.declined += times * (answer == RequestState.DECLINED)
        one.thrown += times * (answer == RequestState.THROWN)
        if answer in (RequestState.TAKEN, RequestState.DECLINED):
            one.in_time += times * bool(in_time)
            one.too_late += times * (not in_time)
        if ground:
            grounds[ground] = grounds.get(ground, 0) + times
    ordered = sorted(grounds.items(), key=lambda told: (-told[1], told[0]))
    return Counts(
        sorted(months.values(), key=lambda one: one.month, reverse=True),
        [(str(DeclineGround(code).label), times) for code, times in ordered],
    )


def _here() -> QuerySet[PlanRequest]:
    found = PlanRequest.objects.filter(unit=Told("ctx_unit"))
    return found.select_related(
        "asker__profession", "asker_unit__authority", "answered_by", "passed_from", "case", "unit"
    )


def _to_do() -> Q:
    open_ones = Q(answer=RequestState.WAITING) | Q(answer=RequestState.TAKEN, case__isnull=True)
    return open_ones & Q(taken_back_at__isnull=True, emptied_at__isnull=True)


# --- for the professional who asked -------------------------------------------------------------------------


def my_requests() -> list[Asked]:
    """What the actor has asked for her unit, newest first; one question."""
    return [_asked(row) for row in _named("SELECT * FROM asked_requests()")]


def my_answers() -> list[Asked]:
    """What has been answered in the last week of what the actor has asked for (Idag)."""
    week_ago = now() - timedelta(days=7)
    question = "SELECT * FROM asked_requests() WHERE answered_at > %s AND answer <> 'thrown'"
    return [_asked(row) for row in _named(question, [week_ago])]


def my_request(request_id: UUID) -> Asked | None:
    """One of them."""
    rows = _named("SELECT * FROM asked_requests() WHERE id = %s", [request_id])
    return _asked(rows[0]) if rows else None


def _asked(row: dict[str, Any]) -> Asked:
    return Asked(**_unsealed(row))


def by_whom(one: PlanRequest) -> str:
    """Who asks, in words: by name only where a professional does."""
    if one.asker is not None and one.asker_unit is not None:
        return f"{one.asker.name}, {one.asker_unit.name}"
    if one.asker_unit is not None:
        return one.asker_unit.name
    return str(capfirst(AskedBy(one.asked_by).label))


def initiator_of(one: PlanRequest) -> Initiator:
    """Who saw the need, as the case's beginning says it."""
    told = {AskedBy.PERSON: Initiator.PERSON, AskedBy.RELATIVE: Initiator.RELATIVE}
    return told.get(AskedBy(one.asked_by), Initiator.PROFESSIONAL)


_SEALED = ("words", "name", "reach", "why", "instead")


def _unsealed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: opened_from(PlanRequest, name, value) if name in _SEALED else value
        for name, value in row.items()
    }


def _rows(question: str) -> Iterable[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return list(cursor.fetchall())


def _named(question: str, about: Iterable[Any] = ()) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(question, list(about))
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
