"""What happens to a case: opened, a colleague let in, a colleague let out.

Here: the verbs of the case and its assignments. Not here: a receiver who takes in what was handed over
(`humla.disclosures.actions.take_in`), since that rests on a disclosure.
"""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases import rules
from humla.cases.models import Case, CaseAssignment, CaseRole
from humla.cases.turns import take_turn
from humla.cases.visibility import already_works, who_works_in
from humla.core.codes import spoken_code
from humla.core.context import Actor, now
from humla.core.rulings import NotAllowed
from humla.organisation.models import Professional, Unit
from humla.organisation.rules import may_act_for
from humla.people.models import Person

_TRIES = 5


@transaction.atomic
def open_case(*, person: Person, reason: str, by: Actor) -> Case:
    """Start a case about a person of the actor's own authority; the one who opens it is responsible."""
    rules.may_open(by).enforce()
    rules.may_open_about(by, person).enforce()
    case = _with_free_reference(person, reason, by)
    record(Tag.CASE_OPENED, case=case.pk, person=person.pk, items=[("case", case.pk, case.version)])
    responsible = _let_in(case, by.id, by.unit_id, CaseRole.RESPONSIBLE, by)
    record(Tag.CASE_ASSIGNED, case=case.pk, person=person.pk, items=[("assignment", responsible.pk, 0)])
    return case


@transaction.atomic
def assign(
    case: Case, professional: Professional, unit: Unit, *, role: CaseRole = CaseRole.MEMBER, by: Actor
) -> CaseAssignment:
    """Let a colleague of the same authority work in the case from now."""
    rules.may_assign(by, case, working=who_works_in(case)).enforce()
    take_turn(case)
    may_act_for(professional, unit, by).enforce()
    if role == CaseRole.RESPONSIBLE:
        raise NotAllowed(_("Ett ärende har en ansvarig i taget."))
    if already_works(case, professional, unit):
        raise NotAllowed(_("%(name)s deltar redan i ärendet.") % {"name": professional.name})
    made = _let_in(case, professional.pk, unit.pk, role, by)
    record(Tag.CASE_ASSIGNED, case=case.pk, person=case.person_id, items=[("assignment", made.pk, 0)])
    return made


@transaction.atomic
def end_assignment(assignment: CaseAssignment, *, by: Actor) -> CaseAssignment:
    """End a colleague's work in the case, from this instant."""
    rules.may_end(by, assignment, working=who_works_in(assignment.case)).enforce()
    ended = CaseAssignment.objects.filter(pk=assignment.pk, ends_at__isnull=True).update(ends_at=now())
    if ended != 1:
        raise NotAllowed(_("Uppdraget är redan avslutat."))
    assignment.ends_at = now()
    record(
        Tag.CASE_UNASSIGNED,
        case=assignment.case_id,
        person=assignment.person_id,
        items=[("assignment", assignment.pk, 0)],
    )
    return assignment


def _with_free_reference(person: Person, reason: str, by: Actor) -> Case:
    columns: dict[str, Any] = {
        "association_id": by.association_id,
        "authority_id": by.authority_id,
        "unit_id": by.unit_id,
        "opened_by_id": by.id,
    }
    for _try in range(_TRIES):
        try:
            with transaction.atomic():
                return Case.objects.create(
                    person_id=person.pk, reference=spoken_code(), reason=reason, opened_at=now(), **columns
                )
        except IntegrityError:
            # Somebody's case has it, perhaps in another förbund: not ours to look up, so another is drawn.
            continue
    raise RuntimeError("No free case reference was found.")


def _let_in(
    case: Case, professional_id: UUID | None, unit_id: UUID | None, role: CaseRole, by: Actor
) -> CaseAssignment:
    columns: dict[str, Any] = {
        "authority_id": by.authority_id,
        "professional_id": professional_id,
        "unit_id": unit_id,
        "assigned_by_id": by.id,
    }
    return CaseAssignment.objects.create(
        association_id=case.association_id,
        person_id=case.person_id,
        case=case,
        role=role,
        is_protected=case.is_protected,
        starts_at=now(),
        **columns,
    )
