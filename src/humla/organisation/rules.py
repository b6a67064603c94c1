"""What follows from the organisation: for whom somebody may act.

Here: answers about professionals and units at this instant. Not here: what an assignment opens
(`humla.cases.rules`).
"""

from django.utils.translation import gettext as _

from humla.core.context import Actor, Kind
from humla.core.rulings import YES, Ruling, no
from humla.organisation.models import Professional, Role, Unit
from humla.organisation.visibility import handles_cases_for


def may_act_for(professional: Professional, unit: Unit, actor: Actor) -> Ruling:
    """May this colleague work for that unit in a case? Both must be of the actor's own authority."""
    if unit.authority_id != actor.authority_id:
        return no(_("%(unit)s hör till en annan myndighet.") % {"unit": unit.name})
    if not handles_cases_for(professional.pk, unit.pk):
        names = {"name": professional.name, "unit": unit.name}
        return no(_("%(name)s handlägger inte ärenden för %(unit)s nu.") % names)
    return YES


def may_look_after(actor: Actor, unit: Unit) -> Ruling:
    """May the actor change how the unit is reached, or say that it is still true?"""
    if actor.kind is Kind.ADMIN or _leads(actor, unit):
        return YES
    if actor.kind is Kind.PROFESSIONAL and unit.pk == actor.unit_id and unit.owner_id == actor.id:
        return YES
    return no(
        _("Enhetens chef, den som sköter uppgifterna och administratören ändrar dem. Säg till någon av dem.")
    )


def may_set_code_phone(actor: Actor, unit: Unit) -> Ruling:
    """May the actor change where the codes come? Whoever has that telephone opens what is sent there."""
    if actor.kind is Kind.ADMIN or _leads(actor, unit):
        return YES
    return no(_("Bara enhetens chef och administratören ändrar telefonen för engångskoder."))


def _leads(actor: Actor, unit: Unit) -> bool:
    return actor.kind is Kind.PROFESSIONAL and actor.role == Role.MANAGER and unit.pk == actor.unit_id


def may_sign_out(professional: Professional, actor: Actor) -> Ruling:
    """May the actor end all of a professional's sign-ins? An administrator may, whoever it is."""
    if actor.kind is not Kind.ADMIN:
        return no(_("Bara administratören avslutar andras inloggningar."))
    if professional.account_id is None:
        return no(_("%(name)s har inte loggat in någon gång.") % {"name": professional.name})
    return YES
