"""What may be done with a case: who opens one, changes it, lets it rest, hands it over, lets colleagues in.

Here: the rules of the case itself. Those about colleagues are given who works in the case now, so that a page
with thirty of them asks once. Not here: who may start by an agreement (`humla.agreements.rules`),
which is asked, nor what another authority may read (`humla.disclosures`).
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from humla.agreements.rules import may_concern, may_initiate
from humla.agreements.visibility import agreement_in_force
from humla.cases.models import Case, CaseAssignment, CaseRole, CaseState, Initiator, Note
from humla.cases.visibility import is_cleared_for, is_protected_here, my_open_cases_about, opened_just_now
from humla.core.context import Actor, Kind, now, today
from humla.core.dates import written_date
from humla.core.rulings import YES, Ruling, all_of, no
from humla.organisation.models import CASE_ROLES, Profession, Role, UnitAssignment
from humla.organisation.visibility import colleagues_with, profession_of
from humla.people.models import Person
from humla.people.naming import born_on

LONGEST_REST = timedelta(days=366)
"""A case that nobody looks at for longer than that is not resting but forgotten."""


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
    """May a case be started about this person? Of one's own record, old enough for the agreement, and once:
    not beside one that goes on."""
    if person.authority_id != actor.authority_id:
        return no(_("Personen är registrerad hos en annan myndighet."))
    on = today()
    ruling = may_concern(born_on(person) or person.born_year, agreement_in_force(on), on)
    if not ruling:
        return ruling
    ruling = _no_other_of_mine(person)
    if not ruling:
        return ruling
    # Only the cleared come as far as this: for others she is not found by her number (`wall_find_person`).
    if is_protected_here(person.pk) and not is_cleared_for(person.pk):
        return no(_("Det går inte att öppna ett ärende om personen här. Prata med din chef."))
    return YES


def may_continue(actor: Actor, person: Person, after: Case) -> Ruling:
    """May the actor go on with another authority's case under her own lead? That is not to start anew: no
    profession is asked for, nor an age. Whether it was offered to her is the offer's to say."""
    if actor.kind is not Kind.PROFESSIONAL or actor.role not in CASE_ROLES:
        return no(_("I den här rollen leder man inga ärenden. Byt uppdrag om du har ett annat."))
    if after.authority_id == actor.authority_id:
        return no(_("Ärendet finns redan hos er. Lämna över ansvaret till en kollega i stället."))
    if person.authority_id != actor.authority_id:
        return no(_("Personen är registrerad hos en annan myndighet."))
    return _no_other_of_mine(person)


def may_change(actor: Actor, case: Case) -> Ruling:
    """May the actor write in the case? Those of the authority that holds it, while it is open and awake."""
    return all_of(may_conclude(actor, case), _is_awake(case))


def may_conclude(actor: Actor, case: Case) -> Ruling:
    """The same, also while it rests: what ends something need not be woken first."""
    return all_of(_holds_it(actor, case), _goes_on(case))


def may_rest(actor: Actor, case: Case, *, until: date, reason: str) -> Ruling:
    """May the case rest until that day? It comes back by itself, so the day is ahead and within reach."""
    return all_of(
        may_change(actor, case),
        YES if reason.strip() else no(_("Skriv varför ärendet vilar.")),
        _is_ahead(until),
    )


def may_wake(actor: Actor, case: Case) -> Ruling:
    """May it be taken up before its day?"""
    resting = case.state_on(today()) is CaseState.RESTING
    return all_of(may_conclude(actor, case), YES if resting else no(_("Ärendet vilar inte.")))


def may_hand_over(actor: Actor, case: Case, *, working: Iterable[CaseAssignment]) -> Ruling:
    """May she hand the responsibility on? The one who has it; a manager has a list of her own for it."""
    return all_of(may_conclude(actor, case), _is_responsible(actor, working))


def may_hand_over_to(actor: Actor, to: UnitAssignment | None) -> Ruling:
    """Only to somebody of the same authority who handles cases now: a case is never without (INI-9)."""
    if to is None or to.unit.authority_id != actor.authority_id or to.role not in CASE_ROLES:
        return no(_("Välj någon som handlägger ärenden hos er."))
    return YES


def may_see_caseload(actor: Actor) -> Ruling:
    """Which cases the unit answers for: reference and who is responsible, for its manager."""
    if actor.kind is Kind.PROFESSIONAL and actor.role == Role.MANAGER:
        return YES
    return no(_("Bara enhetens chef ser vilka ärenden enheten ansvarar för."))


def may_initiate_so(initiator: str, profession: Profession | None, need_seen_on: date | None) -> Ruling:
    """Does it say who saw the need and when? Somebody at a party has a profession; nobody sees tomorrow."""
    if initiator == Initiator.PROFESSIONAL and profession is None:
        return no(_("Välj yrket hos den som tog initiativet."))
    if need_seen_on is not None and need_seen_on > today():
        return no(_("Dagen har inte varit än. Skriv den dag då behovet märktes."))
    return YES


def may_write_note(actor: Actor, case: Case) -> Ruling:
    """May she write an own note beside the case? Everybody who works in it, also where it is received."""
    if actor.kind is not Kind.PROFESSIONAL:
        return no(_("Bara de som arbetar i ärendet skriver egna anteckningar."))
    return _goes_on(case)


def may_change_note(actor: Actor, case: Case, note: Note) -> Ruling:
    """Only the one who wrote it changes or removes it."""
    if note.written_by_id != actor.id:
        return no(_("Bara den som skrev anteckningen ändrar den."))
    return may_write_note(actor, case)


def may_assign(actor: Actor, case: Case, *, working: Iterable[CaseAssignment]) -> Ruling:
    """May the actor let a colleague in? The one who is responsible decides that."""
    return all_of(may_change(actor, case), _is_responsible(actor, working))


def may_end(actor: Actor, assignment: CaseAssignment, *, working: Iterable[CaseAssignment]) -> Ruling:
    """May this assignment be ended? By oneself or the responsible; one responsible always remains."""
    return all_of(
        _is_of_our_authority(actor, assignment),
        _is_not_the_last_responsible(assignment),
        _has_no_end(assignment),
        YES if _is_own(actor, assignment) else _is_responsible(actor, working),
    )


def _holds_it(actor: Actor, case: Case) -> Ruling:
    if case.authority_id == actor.authority_id:
        return YES
    return no(_("%(authority)s har ärendet. Bara de kan ändra i det.") % {"authority": case.authority.name})


def _no_other_of_mine(person: Person) -> Ruling:
    mine = my_open_cases_about(person.pk)
    if mine:
        sentence = _("Du har redan ett pågående ärende om personen: %(reference)s. Fortsätt i det.")
        return no(sentence % {"reference": mine[0].reference})
    if opened_just_now(person.pk):
        return no(_("Du har just öppnat ett ärende om personen, kanske i en annan flik. Fortsätt i det."))
    return YES


def _goes_on(case: Case) -> Ruling:
    if case.state == CaseState.MOVED:
        return no(
            _("Ledningen är överlämnad. Ärendet fortsätter hos dem som tog över, och här ändras inget.")
        )
    return YES if case.state == CaseState.OPEN else no(_("Ärendet är avslutat."))


def _is_awake(case: Case) -> Ruling:
    if case.state_on(today()) is not CaseState.RESTING or case.resting_until is None:
        return YES
    until = {"day": written_date(case.resting_until)}
    return no(_("Ärendet vilar till den %(day)s. Ta upp det igen först.") % until)


def _is_ahead(until: date) -> Ruling:
    if until <= today():
        return no(_("Välj en dag framåt. Då kommer ärendet tillbaka av sig självt."))
    if until - today() > LONGEST_REST:
        return no(_("Ett ärende vilar högst ett år åt gången. Välj en dag som är närmare."))
    return YES


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


def _has_no_end(assignment: CaseAssignment) -> Ruling:
    """A manager's opening lasts its hours (`humla.access`)."""
    if assignment.ends_at is None or assignment.ends_at <= now():
        return YES
    if assignment.role == CaseRole.READER:
        return no(_("Uppdraget slutar av sig självt. På sidan Steg för steg avslutas det nu."))
    return no(_("Uppdraget slutar av sig självt om några timmar."))


def _whom_to_ask(names: list[str]) -> str:
    if not names:
        return _("Fråga förbundets kansli vem som får.")
    return _("Det här är några som får: %(names)s.") % {"names": ", ".join(names)}
