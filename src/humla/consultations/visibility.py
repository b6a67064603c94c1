"""Which consultations there are for the coordinator who asks, and how many.

Here: the list, narrowed and counted, and who can have asked. The row policies show the unit's own, those tied
to a case only to who works in it. Not here: figures for anybody else (`humla.statistics`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from humla.cases.models import Case, CaseState
from humla.consultations.models import Consultation
from humla.core.context import Actor, standing, today
from humla.organisation.models import PartyKind, UnitAssignment
from humla.organisation.visibility import assignments_now

Mark = tuple[date, datetime, UUID]
"""Where a page of the list ended."""


@dataclass(frozen=True)
class Narrowing:
    """What the list is narrowed by; nothing is everything."""

    month: date | None = None
    profession: UUID | None = None
    result: str = ""
    theme: str = ""
    is_removed: bool = False


@dataclass(frozen=True)
class Counts:
    """How many: this month, this year, and how many different people have asked."""

    this_month: int
    this_year: int
    askers: int
    unnamed: int
    """Of this year's, those where only profession and unit were written."""


def consultations_found(
    narrowing: Narrowing, *, words: str = "", before: Mark | None = None, limit: int = 50
) -> list[Consultation]:
    """The consultations of the actor's unit, newest first. Words search the asker's name and unit."""
    found = _ours().filter(is_removed=narrowing.is_removed)
    if narrowing.month:
        found = found.filter(held_on__year=narrowing.month.year, held_on__month=narrowing.month.month)
    if narrowing.profession:
        found = found.filter(asker_profession=narrowing.profession)
    if narrowing.result:
        found = found.filter(result=narrowing.result)
    if narrowing.theme:
        found = found.filter(theme=narrowing.theme)
    for word in words.split():
        found = found.filter(Q(asker__name__icontains=word) | Q(asker_unit__name__icontains=word))
    if before is not None:
        on, at, last = before
        same_day = Q(held_on=on) & (Q(registered_at__lt=at) | Q(registered_at=at, pk__lt=last))
        found = found.filter(Q(held_on__lt=on) | same_day)
    return list(found.order_by("-held_on", "-registered_at", "-pk")[:limit])


def consultation_seen(consultation_id: UUID) -> Consultation | None:
    """One of them, also when it is removed."""
    return _ours().filter(pk=consultation_id).first()


def counts() -> Counts:
    """This month's, this year's and the different askers, in one question; removed ones do not count."""
    on = today()
    this_year = Q(held_on__year=on.year)
    told = Consultation.objects.filter(is_removed=False).aggregate(
        this_month=Count("pk", filter=this_year & Q(held_on__month=on.month)),
        this_year=Count("pk", filter=this_year),
        askers=Count("asker", filter=this_year, distinct=True),
        unnamed=Count("pk", filter=this_year & Q(asker__isnull=True)),
    )
    return Counts(**told)


def months() -> list[date]:
    """The months that have any, newest first."""
    found = Consultation.objects.filter(is_removed=False).annotate(month=TruncMonth("held_on"))
    return list(found.order_by("-month").values_list("month", flat=True).distinct())


def who_can_ask(actor: Actor) -> list[UnitAssignment]:
    """Those who work at the parties now, once for each unit, herself left out; nearest first."""
    found = assignments_now().exclude(professional=actor.id).exclude(professional__profession=None)
    found = found.exclude(unit__authority__party__kind=PartyKind.ASSOCIATION)
    once = {(one.professional_id, one.unit_id): one for one in found.select_related("unit__authority")}
    return sorted(once.values(), key=lambda one: one.unit.authority_id != actor.authority_id)


def cases_to_tie(references: Iterable[str]) -> list[Case]:
    """Those of the actor's own open cases that have one of these references."""
    ours = Case.objects.filter(authority=standing().actor.authority_id, state=CaseState.OPEN)
    return list(ours.filter(reference__in=list(references)))


def _ours() -> QuerySet[Consultation]:
    unit = standing().actor.unit_id
    found = Consultation.objects.filter(unit=unit)
    return found.select_related("asker", "asker_profession", "asker_unit", "case", "registered_by")
