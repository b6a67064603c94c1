"""Somebody beside one: whoever is responsible asks a coordinator of her own authority to look at the case.

Here: whom to ask, the asking, the end of it, and who has been asked (INI-11). Not here: colleagues who work
in the case until further notice (`actions`). It lasts so many days and ends by itself; it never reaches
another authority, since the coordinator's is the same as the case's.

The right with an end is written by the owner's functions (walls/68_beside.sql), which judge it once more.
"""

from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases.models import Case, CaseAssignment, CaseRole, CaseState
from humla.cases.rules import may_assign
from humla.cases.turns import take_turn
from humla.cases.visibility import mine_now, who_works_in
from humla.core.context import Actor, now
from humla.core.questions import prepared
from humla.core.rulings import YES, NotAllowed, Ruling, all_of, no
from humla.organisation.models import Role, UnitAssignment
from humla.organisation.visibility import colleagues

DAYS = 14
"""So long the coordinator may look, when nobody ends it before."""


def coordinators_near(actor: Actor) -> list[UnitAssignment]:
    """The coordinators of the actor's own authority, those of her own unit first."""
    found = colleagues(actor).filter(role=Role.COORDINATOR)
    return sorted(found, key=lambda one: (one.unit_id != actor.unit_id, one.professional.name))


def who_looks(case: Case) -> list[CaseAssignment]:
    """Who has been asked to look and may do so now."""
    return [one for one in who_works_in(case) if is_a_look(one)]


def is_a_look(one: CaseAssignment) -> bool:
    """Was she asked to look for a while? What she takes part in otherwise has another role."""
    return one.role == CaseRole.READER and one.ends_at is not None and one.ends_at > now()


@prepared
def asked_to_look(_none: None) -> QuerySet[CaseAssignment]:
    """The cases that the reader has been asked to look at (Idag)."""
    rows = mine_now().filter(role=CaseRole.READER, ends_at__isnull=False, case__state=CaseState.OPEN)
    return (
        rows.select_related("case", "assigned_by")
        .defer("case__reason", "case__resting_reason")
        .order_by("starts_at", "id")
    )


def may_ask_to_look(actor: Actor, case: Case) -> Ruling:
    """May she ask a coordinator to look? Whoever is responsible, and not where the person is protected."""
    if case.is_protected:
        return no(_("Personen har skyddade uppgifter. Chefen ger behörighet till den som ska se ärendet."))
    return may_assign(actor, case, working=who_works_in(case))


def may_end_look(actor: Actor, one: CaseAssignment) -> Ruling:
    """May she end it? Whoever looks, and whoever is responsible."""
    if not is_a_look(one):
        return no(_("Det är redan avslutat."))
    if (one.professional_id, one.unit_id) == (actor.id, actor.unit_id):
        return YES
    return may_assign(actor, one.case, working=who_works_in(one.case))


@transaction.atomic
def ask_to_look(case: Case, coordinator: UnitAssignment, *, by: Actor) -> UUID:
    """Let the coordinator in for a while; she sees it on her Idag."""
    take_turn(case)
    all_of(may_ask_to_look(by, case), _is_coordinator_here(coordinator, by)).enforce()
    row = uuid4()
    asked = [case.pk, coordinator.professional_id, coordinator.unit_id, DAYS, row]
    if not _said("SELECT ask_to_look(%s, %s, %s, %s, %s)", asked):
        words = {"name": coordinator.professional.name}
        raise NotAllowed(_("%(name)s kan redan läsa ärendet.") % words)
    record(Tag.CASE_ASSIGNED, case=case.pk, person=case.person_id, items=[("assignment", row, 0)])
    return row


@transaction.atomic
def end_look(one: CaseAssignment, *, by: Actor) -> None:
    """She has looked: the right ends at once."""
    may_end_look(by, one).enforce()
    if not _said("SELECT end_look(%s)", [one.pk]):
        raise NotAllowed(_("Det är redan avslutat."))
    items = [("assignment", one.pk, 0)]
    record(Tag.CASE_UNASSIGNED, case=one.case_id, person=one.person_id, items=items)


def _is_coordinator_here(one: UnitAssignment, by: Actor) -> Ruling:
    if one.role == Role.COORDINATOR and one.unit.authority_id == by.authority_id:
        return YES
    return no(_("Välj en SIP-samordnare hos er."))


def _said(question: str, words: list[Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, words)
        row: tuple[bool] = cursor.fetchone()
    return row[0]
