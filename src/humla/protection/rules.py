"""What may happen to the protection around a person: who sets it, who takes it away, who is cleared.

Here: the rulings. Every one of them stands once more in the database (`walls/63_protection.sql`), which has
the last word: a manager decides of cases whose rows she cannot read. Not here: who reads a protected case
(the assignment says it, `humla.cases`).
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from humla.cases.models import Case, CaseAssignment, CaseRole
from humla.cases.rules import may_conclude
from humla.core.context import Actor, Kind, now, today
from humla.core.rulings import YES, Ruling, all_of, any_of, no
from humla.organisation.models import Role
from humla.protection.models import Clearance, Marking

LONGEST = timedelta(days=365)
"""A clearance is looked at anew once a year at least."""
KEPT_BY_RESPONSIBLE = timedelta(days=7)
"""So long the responsible keeps the case when the protection is set, until somebody has been cleared."""


def may_protect(actor: Actor, case: Case) -> Ruling:
    """May she set the protection? One is enough, at once: it is the removal that takes two."""
    if case.is_protected:
        return no(_("Personen är redan skyddad."))
    if case.authority_id != actor.authority_id:
        return no(_("%(authority)s har ärendet. Ring dem.") % {"authority": case.authority.name})
    return YES


def may_ask_to_unprotect(actor: Actor, marking: Marking | None) -> Ruling:
    """May she be the first of the two who take it away?"""
    if marking is None:
        return no(_("Personen är inte skyddad."))
    if marking.removal_asked_at is not None:
        return no(_("Någon har redan bett om att skyddet ska tas bort. Nu behövs en till."))
    return YES if marking.authority_id == actor.authority_id else _another_authoritys()


def may_unprotect(actor: Actor, marking: Marking | None) -> Ruling:
    """May she be the second? Never the one who was the first."""
    if marking is None:
        return no(_("Personen är inte skyddad."))
    if marking.removal_asked_at is None:
        return no(_("Ingen har bett om att skyddet ska tas bort."))
    return all_of(
        is_another(actor, marking.removal_asked_by_id),
        YES if marking.authority_id == actor.authority_id else _another_authoritys(),
    )


def is_another(actor: Actor, asked_by_id: object) -> Ruling:
    """Two people, not one twice."""
    if actor.id == asked_by_id:
        return no(_("Du bad själv om det. En annan person behöver också säga ja."))
    return YES


def may_clear(actor: Actor, case: Case, *, working: Iterable[CaseAssignment]) -> Ruling:
    """May she say who else reads the case? The responsible may, and she is cleared or would not be here."""
    if not case.is_protected:
        return no(_("Ärendet är inte skyddat, så ingen behöver behörighet."))
    return all_of(may_conclude(actor, case), _is_responsible(actor, working))


def may_clear_as_manager(actor: Actor) -> Ruling:
    """The manager says who of her unit reads the protected cases that it works in."""
    if actor.kind is Kind.PROFESSIONAL and actor.role == Role.MANAGER:
        return YES
    return no(_("Bara enhetens chef ger behörighet till enhetens skyddade ärenden."))


def is_for_another(actor: Actor, professional_id: object) -> Ruling:
    """Nobody clears herself."""
    if professional_id == actor.id:
        return no(_("Ingen ger sig själv behörighet. Be din chef, eller den som är ansvarig för ärendet."))
    return YES


def is_long_enough(until: date) -> Ruling:
    """For a time, and no longer than a year."""
    if until < today():
        return no(_("Välj en dag framåt."))
    if until - today() > LONGEST:
        return no(_("En behörighet gäller högst ett år. Välj en dag som är närmare."))
    return YES


def may_end_clearance(actor: Actor, clearance: Clearance, *, working: Iterable[CaseAssignment]) -> Ruling:
    """May she end it? The one who has it, and the responsible."""
    mine = (clearance.professional_id, clearance.unit_id) == (actor.id, actor.unit_id)
    if clearance.authority_id != actor.authority_id:
        return no(_("En annan myndighet bestämmer vem av dess medarbetare som är behörig."))
    if clearance.ended_at is not None or clearance.ends_at <= now():
        return no(_("Behörigheten har redan slutat gälla."))
    return any_of(YES if mine else no(_("Den är någon annans.")), _is_responsible(actor, working))


def may_write_contact(actor: Actor, case: Case) -> Ruling:
    """May she write where the person is? Those who are cleared where the case is held."""
    if not case.is_protected:
        return no(_("Personen är inte skyddad. Skriv kontaktuppgifter bland uppgifterna om personen."))
    if case.authority_id != actor.authority_id:
        return no(_("%(authority)s har ärendet.") % {"authority": case.authority.name})
    return YES


def _another_authoritys() -> Ruling:
    return no(_("En annan myndighet har satt skyddet."))


def _is_responsible(actor: Actor, working: Iterable[CaseAssignment]) -> Ruling:
    responsible = next((one for one in working if one.role == CaseRole.RESPONSIBLE), None)
    if responsible is not None and (responsible.professional_id, responsible.unit_id) == (
        actor.id,
        actor.unit_id,
    ):
        return YES
    if responsible is None:
        return no(_("Bara den som är ansvarig för ärendet, eller enhetens chef, ger behörighet."))
    who = {"name": responsible.professional.name}
    return no(_("%(name)s är ansvarig för ärendet och ger behörighet, eller enhetens chef.") % who)
