"""What may happen by a local agreement: who must come, who may start, who writes the next one and who signs.

Here: answers about one agreement at one day. Not here: fetching it and where it stands (`visibility`),
signing it (`actions`), nor whether a case may be opened (`humla.cases.rules`, which asks here).
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from humla.agreements.models import AgreementParty, AgreementState, Duty, LocalAgreement
from humla.agreements.visibility import is_in_force, state_of
from humla.core.context import Actor, Kind
from humla.core.rulings import YES, Ruling, all_of, no
from humla.organisation.models import Party


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


def may_concern(born: date | int | None, agreement: LocalAgreement | None, on: date) -> Ruling:
    """May a SAMSIP by the agreement be about somebody born then: on a day, in a year, or nobody knows when?

    Only who is surely too young is refused: somebody of whom just the year is known may have turned already.
    """
    if agreement is None or born is None or _oldest(born, on) >= agreement.from_age:
        return YES
    return no(
        _(
            "Överenskommelsen gäller från %(age)s år, och personen är yngre."
            " Gör planen på det vanliga sättet med socialtjänsten och vården."
        )
        % {"age": agreement.from_age}
    )


def may_sign(actor: Actor, row: AgreementParty) -> Ruling:
    """May this party's signature be recorded? It is recorded once and never taken back here."""
    return all_of(
        _is_administrator(actor),
        YES if row.signed_on is None else no(_("Parten har redan skrivit under.")),
        no(_("Det är ett utkast. Skicka det för underskrift först.")) if row.agreement.is_draft else YES,
    )


def may_draft(actor: Actor) -> Ruling:
    """May she write the next version? The parties decide by signing; the administrator holds the pen."""
    if actor.kind is Kind.ADMIN:
        return YES
    return no(_("Förbundets administratör skriver nästa version."))


def may_send(actor: Actor, draft: LocalAgreement) -> Ruling:
    """May the draft be sent for signature? What all would sign must be whole."""
    return all_of(
        may_draft(actor),
        YES if draft.is_draft and draft.thrown_at is None else no(_("Det är inget utkast längre.")),
        YES if draft.parties.all() else no(_("Välj vilka parter som är med.")),
        YES if draft.initiating.all() else no(_("Välj vilka yrken som får starta.")),
        YES if draft.life_areas.all() else no(_("Skriv minst ett livsområde.")),
        YES if draft.law.all() else no(_("Skriv minst ett lagrum.")),
    )


def may_take_back(actor: Actor, sent: LocalAgreement, draft: LocalAgreement | None) -> Ruling:
    """May a version that was sent be a draft again? Only while nobody has signed what it says."""
    signed = [row for row in sent.parties.all() if row.signed_on]
    return all_of(
        may_draft(actor),
        YES if sent.sent_at else no(_("Den lästes in från fil och kan inte bli ett utkast.")),
        no(
            _("%(parties)s har redan skrivit under. Börja på en ny version i stället.")
            % {"parties": in_words(signed)}
        )
        if signed
        else YES,
        no(_("Det finns redan ett annat utkast. Skicka eller kasta det först.")) if draft else YES,
    )


def may_write_ground(actor: Actor) -> Ruling:
    """May she write what the processing rests on, for the whole förbund?"""
    return (
        YES if actor.kind is Kind.ADMIN else no(_("Förbundets administratör skriver de rättsliga grunderna."))
    )


def in_words(rows: Iterable[AgreementParty]) -> str:
    """The names of the parties in one sentence's worth."""
    names = [row.party.name for row in rows]
    if len(names) < 2:
        return "".join(names)
    return _("%(some)s och %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}


def _oldest(born: date | int, on: date) -> int:
    """How old she is on that day, at the most."""
    if isinstance(born, int):
        return on.year - born
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _is_administrator(actor: Actor) -> Ruling:
    if actor.kind is Kind.ADMIN:
        return YES
    return no(_("Förbundets administratör skriver in underskrifter."))
