"""What may be done with a person's registration.

Here: who may register, change, correct a number, link and unlink. Not here: whether a case may be opened
about her (`humla.cases.rules`).
"""

from django.utils.translation import gettext as _

from humla.core.context import Actor, Kind
from humla.core.rulings import YES, Ruling, all_of, no
from humla.organisation.models import CASE_ROLES
from humla.people.models import NumberKind, Person, PersonLink
from humla.people.visibility import is_linked


def may_register(actor: Actor) -> Ruling:
    """May the actor write a person into her authority's record?"""
    if actor.kind is Kind.PROFESSIONAL and actor.role in CASE_ROLES:
        return YES
    return no(_("Bara den som handlägger ärenden registrerar personer."))


def may_change(actor: Actor, person: Person) -> Ruling:
    """May the actor correct what is written? Every authority corrects its own record only."""
    return all_of(may_register(actor), _is_in_our_record(actor, person))


def may_number(person: Person) -> Ruling:
    """May the person be given a number? One that stands is never written over among the other details.

    It decides which page is her own, and what has been read rests on it. A wrong number is corrected by
    itself; with a new one she is registered again and the two are linked.
    """
    if person.number_kind == NumberKind.CODE:
        return YES
    return no(_("Numret står fast. Har personen fått ett nytt nummer: öppna med det och koppla ihop."))


def may_correct_number(actor: Actor, person: Person) -> Ruling:
    """May a wrong number be corrected? Whoever may change the person, also when the case is closed.

    A wrong number opens the case to whoever has it, on a page of her own: that stops at once.
    """
    return all_of(may_change(actor, person), _has_a_number(person))


def may_begin_link(actor: Actor, person: Person) -> Ruling:
    """May the person be linked to another registration at all? Asked before anybody is looked up for it."""
    return all_of(may_change(actor, person), linked_already() if is_linked(person) else YES)


def linked_already() -> Ruling:
    """No: one link at a time."""
    return no(_("Personen är redan ihopkopplad. Ta isär den kopplingen först."))


def may_link(actor: Actor, person: Person, same_as: Person) -> Ruling:
    """May the two be said to be the same human?"""
    return all_of(
        may_begin_link(actor, person),
        _is_in_our_record(actor, same_as),
        no(_("Det är samma registrering. Välj den andra.")) if person.pk == same_as.pk else YES,
    )


def may_unlink(actor: Actor, link: PersonLink) -> Ruling:
    """May the two be taken apart again?"""
    if link.authority_id != actor.authority_id:
        return no(_("En annan myndighet har kopplat ihop dem."))
    return no(_("De är redan isärtagna.")) if link.undone_at else may_register(actor)


def _is_in_our_record(actor: Actor, person: Person) -> Ruling:
    if person.authority_id == actor.authority_id:
        return YES
    return no(_("Personen är registrerad hos en annan myndighet."))


def _has_a_number(person: Person) -> Ruling:
    if person.number_kind != NumberKind.CODE:
        return YES
    return no(_("Personen har inget nummer som kan rättas. Skriv numret bland uppgifterna om personen."))
