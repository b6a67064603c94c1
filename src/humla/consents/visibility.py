"""Queries of consents, and where a consent stands at an instant.

Here: what a case's pages list. Not here: what a consent opens for reading (`humla.disclosures.visibility`).
The row policies limit every answer: those who gave, those who receive, and the person.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from humla.cases.models import Case
from humla.consents.models import Consent, ConsentState, PlanConsent
from humla.core.context import now
from humla.core.periods import holds
from humla.core.questions import NOW, Told, prepared
from humla.organisation.models import Unit


def consents_of(case: Case) -> list[Consent]:
    """Every consent there has been in the case, newest first."""
    return consents_in(case.pk)


@prepared
def consents_in(case_id: UUID) -> QuerySet[Consent]:
    """The same by the case's id."""
    given = Consent.objects.select_related("receiver__party", "receiver_unit")
    return given.filter(case_id=case_id).order_by("-given_at", "-id")


def consent_in(case: Case, consent_id: UUID) -> Consent | None:
    """One consent of this case."""
    found = Consent.objects.select_related("receiver__party", "receiver_unit")
    return found.filter(case_id=case.pk, pk=consent_id).first()


def consent_to(case: Case, unit: Unit) -> Consent | None:
    """The consent to this unit that is in force now."""
    return (
        Consent.objects.filter(_in_force(now()), case_id=case.pk, receiver_unit_id=unit.pk)
        .order_by("-starts_at", "-id")
        .first()
    )


@prepared
def consents_received(case_id: UUID) -> QuerySet[Consent]:
    """What the reader's own unit may receive in the case now, the longest first.

    The person's exceptions are her words to those who hand over. They are left out here: a sentence about
    what must not be told, tells it.
    """
    to_us = Consent.objects.filter(_in_force(NOW), case_id=case_id, receiver_unit_id=Told("ctx_unit"))
    return to_us.defer("exceptions").select_related("receiver_unit").order_by("-ends_at", "-id")


def latest_plan_answer(case: Case) -> PlanConsent | None:
    """What the person last answered about a plan being made."""
    return latest_answer_in.first(case.pk)


@prepared
def latest_answer_in(case_id: UUID) -> QuerySet[PlanConsent]:
    """The same by the case's id, in at most one row."""
    return PlanConsent.objects.filter(case_id=case_id).order_by("-given_at", "-id")[:1]


def plan_answers(case: Case) -> list[PlanConsent]:
    """Every answer about a plan being made, newest first."""
    return list(PlanConsent.objects.filter(case_id=case.pk).order_by("-given_at", "-id"))


def replaced_in(consents: Collection[Consent]) -> set[UUID]:
    """Which of a case's consents ended because another to the same unit took their place.

    One that was given and taken back in the same instant has not replaced itself, nor the one before it.
    """
    began = {(one.receiver_unit_id, one.given_at) for one in consents if one.withdrawn_at != one.given_at}
    return {one.pk for one in consents if (one.receiver_unit_id, one.withdrawn_at) in began}


def state_of(consent: Consent, at: datetime) -> ConsentState:
    """Where the consent stands at an instant. Every period is half-open: at its end it has ended."""
    if consent.withdrawn_at is not None and consent.withdrawn_at <= at:
        return ConsentState.WITHDRAWN
    if consent.ends_at <= at:
        return ConsentState.ENDED
    return ConsentState.AHEAD if at < consent.starts_at else ConsentState.IN_FORCE


def _in_force(at: datetime) -> Q:
    """The same for the database to find by."""
    return holds(at) & (Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=at))
