"""Queries of access: one's own requests, what came to a case, what is to be reviewed, what is to be answered.

Here: rows for those who ask, decide, review and answer, and for the person. Not here: who may (`rules`), nor
the person's whole list of looks (`humla.audit.visibility`). The row policies decide what is seen; these
questions only narrow it.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import MD5, Cast, Concat

from humla.access.models import (
    AccessRequest,
    ArrivedRequest,
    LogReview,
    LookQuestion,
    ManagerOpening,
    OpennessPolicy,
    RequestAnswer,
    ReviewResult,
)
from humla.audit.models import Event
from humla.audit.tags import LOOKS
from humla.cases.models import Case, CaseRole, CaseState
from humla.cases.visibility import mine_now
from humla.core.context import standing, today
from humla.core.dates import start_of
from humla.core.questions import prepared
from humla.organisation.models import Authority
from humla.people.models import PersonKey

MOST = 500
"""So many rows a list holds; it says so when there are more."""


# --- what somebody asked for --------------------------------------------------------------------------------


@dataclass(frozen=True)
class AskedRow:
    """One request of one's own. What came of it is told only when it led somewhere."""

    request: AccessRequest
    answered_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        """Can an answer still come?"""
        return self.answered_at is None and self.request.closes_on >= today()


def my_requests(*, words: str = "") -> list[AskedRow]:
    """What the actor has asked for her unit, newest first; two questions, however many there are."""
    found = AccessRequest.objects.order_by("-asked_at", "-id")
    for word in words.split():
        found = found.filter(reference__icontains=word)
    rows = list(found[:MOST])
    answers = _answers() if rows else {}
    return [AskedRow(one, answers.get(one.pk)) for one in rows]


def asked_since(at: datetime) -> int:
    """How many requests the actor has sent since then."""
    return AccessRequest.objects.filter(asked_at__gt=at).count()


def _answers() -> dict[UUID, datetime]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT request_id, answered_at FROM access_answers()")
        return dict(cursor.fetchall())


# --- what came to a case ------------------------------------------------------------------------------------


def requests_to(case: Case) -> list[ArrivedRequest]:
    """Who has asked to read this case, those that wait for an answer first."""
    found = _arrived().filter(case=case.pk)
    return sorted(found.order_by("-arrived_at"), key=lambda one: one.answer != RequestAnswer.OPEN)


def request_to(case: Case, request_id: UUID) -> ArrivedRequest | None:
    """One of them."""
    return _arrived().filter(case=case.pk, pk=request_id).first()


@prepared
def requests_waiting(_none: None) -> QuerySet[ArrivedRequest]:
    """What waits for an answer in the cases that the reader works in for her unit (Idag)."""
    going_on = mine_now().filter(case=OuterRef("case_id"))
    rows = ArrivedRequest.objects.filter(
        Exists(going_on), answer=RequestAnswer.OPEN, case__state=CaseState.OPEN
    ).annotate(is_mine=Exists(going_on.filter(role=CaseRole.RESPONSIBLE)))
    # The holder's sealed texts are nothing that a list shows.
    return (
        rows.select_related("case", "asking_unit")
        .defer("reason", "why", "case__reason", "case__resting_reason")
        .order_by("arrived_at", "id")
    )


def own_requests() -> list[ArrivedRequest]:
    """Who has asked to read about the person, newest first; in her own session."""
    return list(_arrived().filter(person__in=_about_her()).order_by("-arrived_at", "-id")[:MOST])


def own_request(request_id: UUID) -> ArrivedRequest | None:
    """One of them."""
    return _arrived().filter(person__in=_about_her(), pk=request_id).first()


def _arrived() -> QuerySet[ArrivedRequest]:
    return ArrivedRequest.objects.select_related(
        "asking_unit__authority", "asking_professional__profession", "authority"
    )


# --- a manager's openings, and what a log reviewer looks through --------------------------------------------


@dataclass(frozen=True)
class Reviewed:
    """An opening or a look, and the newest word of it."""

    subject: Any
    review: LogReview | None

    @property
    def is_open(self) -> bool:
        """Is there something left to do? Nobody has said, or only asked."""
        return self.review is None or self.review.result == ReviewResult.ASKED


@dataclass(frozen=True)
class Week:
    """A week of the calendar: what the sample is drawn from."""

    year: int
    number: int

    @property
    def code(self) -> str:
        """2026-47: as it stands in the address."""
        return f"{self.year}-{self.number:02}"

    @property
    def starts_on(self) -> date:
        """Its Monday."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def starts_at(self) -> datetime:
        """The first instant of it, in Sweden."""
        return start_of(self.starts_on)

    @property
    def ends_at(self) -> datetime:
        """The first instant of the next."""
        return start_of(self.starts_on + timedelta(weeks=1))

    def moved(self, weeks: int) -> "Week":
        """Another week, so many later."""
        return week_of(self.starts_on + timedelta(weeks=weeks))


def week_of(on: date) -> Week:
    """The week that a day is in."""
    year, number, _day = on.isocalendar()
    return Week(year, number)


def openings_to_review() -> list[Reviewed]:
    """What managers of the reviewer's authority have opened, those that are not yet reviewed first."""
    # The reviewer does not read the case: joined, it would take the opening away from her.
    found = ManagerOpening.objects.select_related("professional", "unit")
    rows = list(found.order_by("-opened_at", "-id")[:MOST])
    newest = _newest("opening_id", [one.pk for one in rows])
    told = [Reviewed(one, newest.get(one.pk)) for one in rows]
    return sorted(told, key=lambda one: not one.is_open)


def opening_to_review(opening_id: UUID) -> ManagerOpening | None:
    """One of them."""
    return ManagerOpening.objects.select_related("professional", "unit").filter(pk=opening_id).first()


def sample(week: Week, *, size: int) -> list[Reviewed]:
    """The week's sample of looks by the authority's own people, in the order of time.

    Drawn by a sum of each line's own random id: nobody can steer what is drawn, and whoever draws again, this
    year or the next, gets the same, since the trail is never changed.
    """
    drawn = MD5(Concat(Cast("id", TextField()), Value(f" {week.code}")))
    found = _looks_here().filter(at__gte=week.starts_at, at__lt=week.ends_at)
    rows = sorted(found.order_by(drawn, "id")[:size], key=lambda one: (one.at, one.pk))
    newest = _newest("event_id", [one.pk for one in rows])
    return [Reviewed(one, newest.get(one.pk)) for one in rows]


def look_to_review(event_id: UUID) -> Event | None:
    """One look of the authority's people, for its log reviewer."""
    return _looks_here().filter(pk=event_id).first()


def reviews_of(*, opening: UUID | None = None, event: UUID | None = None) -> list[LogReview]:
    """Everything that has been said of one opening or look, newest first."""
    found = LogReview.objects.select_related("reviewed_by")
    return list(found.filter(opening=opening, event_id=event).order_by("-reviewed_at"))


def how_many_openings_wait() -> int:
    """How many openings nobody has reviewed, for the reviewer's Idag."""
    decided = LogReview.objects.filter(opening=OuterRef("pk")).exclude(result=ReviewResult.ASKED)
    return ManagerOpening.objects.filter(~Exists(decided)).count()


def references_of(cases: Iterable[UUID | None]) -> dict[UUID, str]:
    """What a reviewer, or the manager of a questioned unit, calls the cases: by reference alone."""
    sought = {one for one in cases if one is not None}
    if not sought:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id, reference FROM reviewed_references(%s)", [list(sought)])
        return dict(cursor.fetchall())


def own_openings() -> list[Reviewed]:
    """What managers have opened about the person, newest first; in her own session."""
    found = ManagerOpening.objects.select_related("professional", "unit__authority")
    rows = list(found.filter(person__in=_about_her()).order_by("-opened_at", "-id")[:MOST])
    newest = _newest("opening_id", [one.pk for one in rows])
    return [Reviewed(one, newest.get(one.pk)) for one in rows]


def openings_of(case: Case) -> list[ManagerOpening]:
    """When managers have opened this case, for those who work in it."""
    found = ManagerOpening.objects.select_related("professional", "unit").filter(case=case.pk)
    return list(found.order_by("-opened_at"))


def _looks_here() -> QuerySet[Event]:
    actor = standing().actor
    return Event.objects.filter(
        authority_id=actor.authority_id,
        association_id=actor.association_id,
        kind="professional",
        decision="allowed",
        person_id__isnull=False,
        tag__in=[tag.value for tag in LOOKS],
    )


def _newest(column: str, ids: Sequence[UUID]) -> dict[UUID, LogReview]:
    if not ids:
        return {}
    found = LogReview.objects.filter(**{f"{column}__in": ids}).select_related("reviewed_by")
    return {getattr(one, column): one for one in found.order_by("reviewed_at", "id")}


# --- the person's questions about looks ---------------------------------------------------------------------


@dataclass(frozen=True)
class QuestionedLook:
    """The line of the trail that a question is about."""

    at: datetime
    role: str
    tag: str
    items: list[Any]
    allowed_by: list[Any]


def questions_here(*, only_open: bool = False) -> list[LookQuestion]:
    """What persons ask about the looks of the unit, or of the whole authority for its log reviewer."""
    found = LookQuestion.objects.filter(taken_back_at__isnull=True).select_related("unit", "answered_by")
    if only_open:
        found = found.filter(answered_at__isnull=True)
    return list(found.order_by(F("answered_at").asc(nulls_first=True), "answer_by", "asked_at")[:MOST])


def question_here(question_id: UUID) -> LookQuestion | None:
    """One of them."""
    found = LookQuestion.objects.filter(taken_back_at__isnull=True).select_related("unit", "answered_by")
    return found.filter(pk=question_id).first()


def questioned_looks() -> dict[UUID, QuestionedLook]:
    """What the questions are about, by question; in one question of ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT question_id, at, role, tag, items::text, allowed_by::text FROM questioned_looks()"
        )
        rows = cursor.fetchall()
    return {
        key: QuestionedLook(at, role, tag, _read(items), _read(rights))
        for key, at, role, tag, items, rights in rows
    }


def own_questions() -> list[LookQuestion]:
    """What the person has asked, newest first."""
    found = LookQuestion.objects.filter(person__in=_about_her(), taken_back_at__isnull=True)
    return list(found.select_related("unit__authority", "answered_by").order_by("-asked_at", "-id")[:MOST])


def own_question(question_id: UUID) -> LookQuestion | None:
    """One of them, that she has not taken back."""
    found = LookQuestion.objects.filter(person__in=_about_her(), taken_back_at__isnull=True)
    return found.filter(pk=question_id).first()


def is_protected_herself() -> bool:
    """Has the person a protected identity in any case of hers? In her own session."""
    return Case.objects.filter(person__in=_about_her(), is_protected=True).exists()


def own_look(event_id: UUID) -> Event | None:
    """One line of the person's own trail that she may ask about: what a professional did."""
    found = Event.objects.filter(person_id__in=_about_her(), pk=event_id, kind="professional")
    return found.filter(unit_id__isnull=False, decision="allowed").first()


def _read(text: str) -> list[Any]:
    found: list[Any] = json.loads(text)
    return found


# --- what each authority has decided ------------------------------------------------------------------------


def openness_of(authorities: Collection[UUID | None]) -> dict[UUID, OpennessPolicy]:
    """What each of these has decided; the defaults where nothing is written."""
    sought = {one for one in authorities if one is not None}
    written = {one.authority_id: one for one in OpennessPolicy.objects.filter(authority__in=sought)}
    return {one: written.get(one) or OpennessPolicy(authority_id=one) for one in sought}


def openness_here() -> OpennessPolicy:
    """What the actor's own authority has decided."""
    authority_id = standing().actor.authority_id
    return openness_of([authority_id])[authority_id]


def authorities_with_openness() -> list[tuple[Authority, OpennessPolicy]]:
    """Every authority of the förbund with what it has decided: two questions."""
    found = list(Authority.objects.select_related("party").order_by("party__name", "name"))
    decided = openness_of([one.pk for one in found])
    return [(one, decided[one.pk]) for one in found]


def _about_her() -> QuerySet[PersonKey, Any]:
    # From her pseudonym to the rows: the policy alone would be asked about every person there is.
    return PersonKey.objects.filter(key=standing().actor.person_key).values("person")
