"""Queries of the local agreements. Here: which agreement there is. Not here: what follows from it (`rules`).

The row policies limit every answer to the reader's own förbund, and there is nothing about a person in it.
"""

from datetime import date
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from humla.agreements.models import AgreementParty, InitiatingProfession, LocalAgreement
from humla.agreements.rules import is_in_force


def agreements() -> QuerySet[LocalAgreement]:
    """All agreements of the förbund with parties and initiating professions: three queries."""
    return LocalAgreement.objects.select_related("association").prefetch_related(
        Prefetch("parties", AgreementParty.objects.select_related("party")),
        Prefetch("initiating", InitiatingProfession.objects.select_related("profession")),
    )


def agreement_in_force(on: date) -> LocalAgreement | None:
    """The agreement that decides on that day; the newest when two overlap."""
    rows = agreements().order_by("-starts_on", "-version")
    return next((row for row in rows if is_in_force(row, on)), None)


def latest_agreement(on: date) -> LocalAgreement | None:
    """The agreement to show: the one in force, else the newest, also before it has been signed."""
    return agreement_in_force(on) or agreements().order_by("-starts_on", "-version").first()


def agreement_party(row_id: UUID) -> AgreementParty | None:
    """One party's row in an agreement."""
    return AgreementParty.objects.select_related("party", "agreement").filter(pk=row_id).first()
