"""What may be done with a case: who opens one, who changes it, who lets colleagues in and out.

Here: the rules of the case itself. Those about colleagues are given who works in the case now, so that a page
with thirty of them asks once. Not here: who may start by an agreement (`humla.agreements.rules`),
which is asked, nor what another authority may read (`humla.disclosures`).
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from humla.agreements.rules import may_initiate
from humla.agreements.visibility import agreement_in_force
from humla.cases.models import Case, CaseAssignment, CaseRole, CaseState
from humla.cases.visibility import is_protected_here, my_open_cases_about
from humla.core.context import Actor, Kind, today
from humla.core.rulings import YES, Ruling, all_of, no
from humla.organisation.models import CASE_ROLES
from humla.organisation.visibility import colleagues_with, profession_of
from humla.people.models import Person


def may_open(actor: Actor) -> Ruling:
    """May the actor start a SAMSIP? Her role must hold cases, and the agreement name her profession."""
    if actor.kind is not Kind.PROFESSIONAL or actor.role not in CASE_ROLES:
        return no(_("I den här rollen startar man inga ärenden. Byt uppdrag om du har ett annat."))
    on = today()
    agreement, profession = agreement_in_force(on), profession_of(actor)
    ruling = may_initiate(profession.pk if profession else None, agreement, on)
    if ruling or agreement is None:
        return ruling
    names = colleagues_with({one.profession_id for one in agreement.initiating.all()}, near=actor)
    return no(f"{ruling.reason} {_whom_to_ask(names)}".strip())


def may_open_about(actor: Actor, person: Person) -> Ruling:
    """May a case be started about this person? Of one's own record, and once: not beside one that goes on."""
    if person.authority_id != actor.authority_id:
        return no(_("Personen är registrerad hos en annan myndighet."))
    mine = my_open_cases_about(person.pk)
    if mine:
        sentence = _("Du har redan ett pågående ärende om personen: %(reference)s. Fortsätt i det.")
        return no(sentence % {"reference": mine[0].reference})
    # A colleague's case is not hers to know of; only that she must go another way when it is protected.
    if is_protected_here(person.pk):
        return no(_("Det går inte att öppna ett ärende om personen här. Prata med din chef."))
    return YES


def may_change(actor: Actor, case: Case) -> Ruling:
    """May the actor write in the case? Those of the authority that holds it, while it is open."""
    return all_of(_holds_it(actor, case), _is_open(case))


def may_assign(actor: Actor, case: Case, *, working: Iterable[CaseAssignment]) -> Ruling:
    """May the actor let a colleague in? The one who is responsible decides that."""
    return all_of(may_change(actor, case), _is_responsible(actor, working))


def may_end(actor: Actor, assignment: CaseAssignment, *, working: Iterable[CaseAssignment]) -> Ruling:
    """May this assignment be ended? By oneself or the responsible; one responsible always remains."""
    return all_of(
        _is_of_our_authority(actor, assignment),
        _is_not_the_last_responsible(assignment),
        YES if _is_own(actor, assignment) else _is_responsible(actor, working),
    )


def _holds_it(actor: Actor, case: Case) -> Ruling:
    if case.authority_id == actor.authority_id:
        return YES
    return no(_("%(authority)s har ärendet. Bara de kan ändra i det.") % {"authority": case.authority.name})


def _is_open(case: Case) -> Ruling:
    return YES if case.state == CaseState.OPEN else no(_("Ärendet är avslutat."))


def _is_responsible(actor: Actor, working: Iterable[CaseAssignment]) -> Ruling:
    responsible = next((one for one in working if one.role == CaseRole.RESPONSIBLE), None)
    if responsible is None:
        return no(_("Bara den som är ansvarig för ärendet bestämmer vilka som deltar."))
    if _is_own(actor, responsible):
        return YES
    who = responsible.professional.name
    return no(_("%(name)s är ansvarig för ärendet och bestämmer vilka som deltar.") % {"name": who})


def _is_own(actor: Actor, assignment: CaseAssignment) -> bool:
    """Hers, for the unit that she acts for now."""
    return (assignment.professional_id, assignment.unit_id) == (actor.id, actor.unit_id)


def _is_of_our_authority(actor: Actor, assignment: CaseAssignment) -> Ruling:
    if assignment.authority_id == actor.authority_id:
        return YES
    return no(_("En annan myndighet bestämmer vilka av dess medarbetare som deltar."))


def _is_not_the_last_responsible(assignment: CaseAssignment) -> Ruling:
    if assignment.role != CaseRole.RESPONSIBLE:
        return YES
    return no(_("Ett ärende har alltid en ansvarig, så den ansvariga kan inte tas bort."))


def _whom_to_ask(names: list[str]) -> str:
    if not names:
        return _("Fråga förbundets kansli vem som får.")
    return _("Det här är några som får: %(names)s.") % {"names": ", ".join(names)}
