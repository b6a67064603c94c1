"""Queries of the local agreements, and where an agreement stands on a day.

Here: which agreement there is and whether it is in force. Not here: what follows from it (`rules`). The row
policies limit every answer to the reader's own förbund, and there is nothing about a person in it.

Where it stands is derived from signatures and dates: a stored state would be wrong the day after.
"""

from datetime import date
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from humla.agreements.models import (
    AgreementParty,
    AgreementState,
    InitiatingProfession,
    LocalAgreement,
    NeedsGroup,
)
from humla.core.questions import fetched, prepared


def agreements() -> QuerySet[LocalAgreement]:
    """All agreements of the förbund with parties and initiating professions: three queries."""
    return LocalAgreement.objects.select_related("association").prefetch_related(
        Prefetch("parties", AgreementParty.objects.select_related("party")),
        Prefetch("initiating", InitiatingProfession.objects.select_related("profession")),
    )


def agreement_in_force(on: date) -> LocalAgreement | None:
    """The agreement that decides on that day; the newest when two overlap."""
    return next((row for row in _newest_first() if is_in_force(row, on)), None)


def _newest_first() -> list[LocalAgreement]:
    """As `agreements()`, which pages ask for more seldom."""
    rows, parties, initiating = all_agreements(None), all_parties(None), all_initiating(None)
    for row in rows:
        fetched(row, "parties", [one for one in parties if one.agreement_id == row.pk])
        fetched(row, "initiating", [one for one in initiating if one.agreement_id == row.pk])
    return rows


@prepared
def all_agreements(_about: None) -> QuerySet[LocalAgreement]:
    """Every agreement of the förbund, newest first."""
    return LocalAgreement.objects.select_related("association").order_by("-starts_on", "-version")


@prepared
def all_parties(_about: None) -> QuerySet[AgreementParty]:
    """What they say of their parties."""
    return AgreementParty.objects.select_related("party")


@prepared
def all_initiating(_about: None) -> QuerySet[InitiatingProfession]:
    """And of the professions that may begin."""
    return InitiatingProfession.objects.select_related("profession")


IN_FORCE = (all_agreements, all_parties, all_initiating)
"""What `agreement_in_force` asks, for a page that knows that it will."""


def latest_agreement(on: date) -> LocalAgreement | None:
    """The agreement to show: the one in force, else the newest, also before it has been signed."""
    return agreement_in_force(on) or agreements().order_by("-starts_on", "-version").first()


def agreement_party(row_id: UUID) -> AgreementParty | None:
    """One party's row in an agreement."""
    return AgreementParty.objects.select_related("party", "agreement").filter(pk=row_id).first()


def needs_groups(on: date) -> QuerySet[NeedsGroup]:
    """The groups that the förbund looks at by the agreements of that day; often there are none."""
    return NeedsGroup.objects.filter(agreement__starts_on__lte=on, agreement__ends_on__gte=on)


def state_of(agreement: LocalAgreement, on: date) -> AgreementState:
    """Where the agreement stands on a day: a missing signature outranks every date."""
    if on > agreement.ends_on:
        return AgreementState.ENDED
    # An agreement without parties binds nobody: it is unsigned, with nobody to name.
    if not agreement.parties.all() or missing_signatures(agreement, on):
        return AgreementState.UNSIGNED
    return AgreementState.AHEAD if on < agreement.starts_on else AgreementState.IN_FORCE


def is_in_force(agreement: LocalAgreement, on: date) -> bool:
    """All its parties have signed, and the day is within its period."""
    return state_of(agreement, on) is AgreementState.IN_FORCE


def missing_signatures(agreement: LocalAgreement, on: date) -> list[AgreementParty]:
    """The parties that had not signed by that day."""
    return [row for row in agreement.parties.all() if row.signed_on is None or row.signed_on > on]
