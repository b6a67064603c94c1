"""What may be done with a consultation: registered and corrected by the coordinator, and it names nobody.

Here: answers about one consultation. Not here: who may open the case that it leads to (`humla.cases.rules`).
"""

from datetime import date

from django.utils.translation import gettext as _

from humla.cases.models import Case
from humla.consultations.models import Consultation, ConsultationResult
from humla.core.context import Actor, Kind, today
from humla.core.numbers import found_in
from humla.core.rulings import YES, Ruling, all_of, no
from humla.organisation.models import Role


def may_consult(actor: Actor) -> Ruling:
    """Who holds consultations: the SIP coordinator."""
    if actor.kind is Kind.PROFESSIONAL and actor.role == Role.COORDINATOR:
        return YES
    return no(_("Bara SIP-samordnaren för in konsultationer."))


def may_register(actor: Actor, *, held_on: date, result: str, advice: str, case: Case | None) -> Ruling:
    """May it be written down so? On a day that has been, naming nobody, tied to a case that came of it."""
    return all_of(
        may_consult(actor), has_been(held_on), names_nobody(advice), led_to(result, is_tied=case is not None)
    )


def may_change(actor: Actor, consultation: Consultation) -> Ruling:
    """May it be corrected? By the coordinators of the unit that held it."""
    if consultation.unit_id != actor.unit_id:
        return no(_("En annan enhet har haft konsultationen."))
    return may_consult(actor)


def may_open_of(actor: Actor, consultation: Consultation) -> Ruling:
    """May a case be opened of it? Of one that led to a SIP it may, once."""
    if consultation.is_removed:
        return no(_("Konsultationen är borttagen. Ta tillbaka den först."))
    if consultation.case_id is not None:
        return no(_("Konsultationen har redan lett till ett ärende."))
    return may_change(actor, consultation)


def has_been(held_on: date) -> Ruling:
    """Nothing is written down before it has happened."""
    if held_on <= today():
        return YES
    return no(_("Dagen har inte varit än. Skriv den dag då ni talades vid."))


def names_nobody(advice: str) -> Ruling:
    """A consultation is about somebody whom the coordinator does not know: a number would say who."""
    if found_in(advice, today()):
        return no(_("Här står ett personnummer. Ta bort det: konsultationen ska inte säga vem den gäller."))
    return YES


def led_to(result: str, *, is_tied: bool) -> Ruling:
    """One that is tied to a case has led to a SIP."""
    if not is_tied or result == ConsultationResult.SIP:
        return YES
    return no(_("En konsultation som hör till ett ärende har lett till SIP. Välj SIP som resultat."))
