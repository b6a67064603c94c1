"""What may happen by a local agreement: whether it is in force, who must come, who may start, who signs.

Here: answers about one agreement at one day. Not here: fetching it (`visibility`), signing it (`actions`),
nor whether a case may be opened (`humla.cases.rules`, which asks here).

Everything is derived from signatures and dates: a stored state would be wrong the day after.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from humla.agreements.models import AgreementParty, AgreementState, Duty, LocalAgreement
from humla.core.context import Actor, Kind
from humla.core.rulings import YES, Ruling, all_of, no
from humla.organisation.models import Party


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


def duty_of(party: Party, agreement: LocalAgreement | None, on: date) -> Duty:
    """Whether the party is called (must come) or invited (may come) on a day.

    Before all have signed, and after the agreement has ended, everybody is only invited.
    """
    if agreement is None or not is_in_force(agreement, on):
        return Duty.INVITED
    rows = (row for row in agreement.parties.all() if row.party_id == party.pk)
    return next((Duty(row.duty) for row in rows), Duty.INVITED)


def may_initiate(profession_id: UUID | None, agreement: LocalAgreement | None, on: date) -> Ruling:
    """May somebody of this profession start a SAMSIP by the agreement?"""
    if agreement is None:
        return no(_("Det finns ingen överenskommelse som gäller."))
    state = state_of(agreement, on)
    if state is not AgreementState.IN_FORCE:
        return no(_("Överenskommelsen gäller inte nu: %(state)s.") % {"state": state.label})
    if profession_id in {row.profession_id for row in agreement.initiating.all()}:
        return YES
    return no(
        _(
            "Ditt yrke får inte starta en SAMSIP enligt överenskommelsen."
            " Be SIP-samordnaren eller någon annan som får starta."
        )
    )


def may_sign(actor: Actor, row: AgreementParty) -> Ruling:
    """May this party's signature be recorded? It is recorded once and never taken back here."""
    return all_of(
        _is_administrator(actor),
        YES if row.signed_on is None else no(_("Parten har redan skrivit under.")),
    )


def in_words(rows: Iterable[AgreementParty]) -> str:
    """The names of the parties in one sentence's worth."""
    names = [row.party.name for row in rows]
    if len(names) < 2:
        return "".join(names)
    return _("%(some)s och %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}


def _is_administrator(actor: Actor) -> Ruling:
    if actor.kind is Kind.ADMIN:
        return YES
    return no(_("Förbundets administratör skriver in underskrifter."))
