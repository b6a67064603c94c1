"""What happens to a case: opened, laid to rest, handed over, a colleague let in or out, a note beside it.

Here: the verbs of the case, its assignments, its initiation and its notes. Not here: a receiver who takes in
what was handed over (`humla.disclosures.actions.take_in`), since that rests on a disclosure; another
authority that takes over the lead (`humla.plans.lead`); how a case ends (`humla.followups`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from humla.agreements.models import NeedsGroup
from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases import rules
from humla.cases.models import (
    Case,
    CaseAssignment,
    CaseRole,
    Handover,
    Initiation,
    Initiator,
    Note,
    NoteStage,
)
from humla.cases.turns import take_turn, take_turn_about
from humla.cases.visibility import already_works, is_protected_here, who_works_in
from humla.core.codes import spoken_code
from humla.core.context import Actor, now, today
from humla.core.rulings import NotAllowed
from humla.core.sealed_field import sealed_for
from humla.core.versions import Stale
from humla.organisation.models import Profession, Professional, Role, Unit, UnitAssignment
from humla.organisation.rules import may_act_for
from humla.organisation.visibility import profession_of
from humla.people.ages import then
from humla.people.models import Person

_TRIES = 5


@dataclass(frozen=True)
class InitiationDetails:
    """Who saw the need and when. A profession and a unit belong to somebody who works at a party."""

    initiator: str = Initiator.PROFESSIONAL
    profession: Profession | None = None
    unit: Unit | None = None
    need_seen_on: date | None = None
    via_coordinator: bool = False
    needs_group: NeedsGroup | None = None

    def columns(self) -> dict[str, Any]:
        """The columns that hold them."""
        works_there = self.initiator == Initiator.PROFESSIONAL
        return {
            "initiator": self.initiator,
            "initiator_profession": self.profession if works_there else None,
            "initiator_unit": self.unit if works_there else None,
            "need_seen_on": self.need_seen_on,
            "via_coordinator": self.via_coordinator,
            "needs_group": self.needs_group,
        }


@transaction.atomic
def open_case(*, person: Person, reason: str, initiation: InitiationDetails | None = None, by: Actor) -> Case:
    """Start a case about a person of the actor's own authority; the one who opens it is responsible.

    Without anything said about the initiative it was her own, today.
    """
    rules.may_open(by).enforce()
    take_turn_about(person.pk)
    rules.may_open_about(by, person).enforce()
    told = initiation or _by_herself(by)
    rules.may_initiate_so(told.initiator, told.profession, told.need_seen_on).enforce()
    return _begun(person, reason, by, told)


@transaction.atomic
def continue_case(*, person: Person, after: Case, initiation: InitiationDetails, by: Actor) -> Case:
    """Go on with another authority's case under one's own lead: a case of one's own, still the same SIP."""
    take_turn_about(person.pk)
    rules.may_continue(by, person, after).enforce()
    return _begun(person, "", by, initiation, continues_id=after.pk, series=after.series)


@transaction.atomic
def correct_initiation(
    initiation: Initiation, *, details: InitiationDetails, version: int, by: Actor
) -> Initiation:
    """Say rightly who saw the need and when. Sex and age stay as they were when the case was opened."""
    case = initiation.case
    rules.may_change(by, case).enforce()
    rules.may_initiate_so(details.initiator, details.profession, details.need_seen_on).enforce()
    found = Initiation.objects.filter(pk=initiation.pk, version=version)
    if found.update(version=F("version") + 1, **details.columns()) != 1:
        raise Stale(Initiation.objects.get(pk=initiation.pk))
    _record_in(case, Tag.INITIATION_CORRECTED, "initiation", initiation.pk, version + 1)
    return Initiation.objects.get(pk=initiation.pk)


@transaction.atomic
def rest(case: Case, *, until: date, reason: str, version: int, by: Actor) -> Case:
    """Let the case rest until a day. Nothing brings it back: on that day it no longer rests (INI-8)."""
    rules.may_rest(by, case, until=until, reason=reason).enforce()
    return _changed(case, version, Tag.CASE_RESTED, resting_until=until, resting_reason=reason)


@transaction.atomic
def wake(case: Case, *, by: Actor) -> Case:
    """Take it up before its day."""
    rules.may_wake(by, case).enforce()
    return _changed(case, case.version, Tag.CASE_WOKEN, resting_until=None, resting_reason="")


@transaction.atomic
def hand_over(case_ids: Collection[UUID], *, to: UnitAssignment, note: str = "", by: Actor) -> int:
    """The responsibility for one or many cases goes to a colleague, in one step each; all or none.

    By the one who has it, or by the unit's manager, who sees none of the cases: so the database asks, and
    answers with the person for the trail alone.
    """
    rules.may_hand_over_to(by, to).enforce()
    may_act_for(to.professional, to.unit, by).enforce()
    if not case_ids:
        raise NotAllowed(_("Välj minst ett ärende att lämna över."))
    sealed = sealed_for(Handover, "note", note.strip())
    for case_id in sorted(set(case_ids)):
        row = uuid4()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT hand_over_case(%s, %s, %s, %s, %s)",
                [case_id, to.professional_id, to.unit_id, sealed, row],
            )
            found: tuple[UUID | None] = cursor.fetchone()
        if found[0] is None:
            raise NotAllowed(_cannot_go(to, many=len(set(case_ids)) > 1, by=by))
        record(Tag.CASE_HANDED_OVER, case=case_id, person=found[0], items=[("handover", row, 0)])
    return len(set(case_ids))


@transaction.atomic
def write_note(case: Case, *, stage: str, text: str, by: Actor) -> Note:
    """An own note beside the case, for the writer's unit alone (MEE-7)."""
    rules.may_write_note(by, case).enforce()
    _has_words(text)
    columns: dict[str, Any] = {
        "authority_id": by.authority_id,
        "unit_id": by.unit_id,
        "written_by_id": by.id,
    }
    note = Note(
        association_id=case.association_id,
        person_id=case.person_id,
        case=case,
        stage=NoteStage(stage),
        text=text,
        written_at=now(),
        **columns,
    )
    note.save(force_insert=True)
    _record_in(case, Tag.NOTE_WRITTEN, "note", note.pk, note.version)
    return note


@transaction.atomic
def change_note(note: Note, *, stage: str, text: str, version: int, by: Actor) -> Note:
    """Other words in an own note. Raises Stale when it was changed meanwhile, in another tab."""
    rules.may_change_note(by, note.case, note).enforce()
    _has_words(text)
    return _note_changed(note, version, stage=NoteStage(stage), text=text)


@transaction.atomic
def remove_note(note: Note, *, by: Actor) -> Note:
    """Take an own note away. It can be put back."""
    rules.may_change_note(by, note.case, note).enforce()
    return _note_changed(note, note.version, is_removed=True)


@transaction.atomic
def restore_note(note: Note, *, by: Actor) -> Note:
    """Put an own note back."""
    rules.may_change_note(by, note.case, note).enforce()
    return _note_changed(note, note.version, is_removed=False)


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


def _by_herself(by: Actor) -> InitiationDetails:
    unit = Unit.objects.get(pk=by.unit_id)
    return InitiationDetails(
        profession=profession_of(by),
        unit=unit,
        need_seen_on=today(),
        via_coordinator=by.role == Role.COORDINATOR,
    )


def _begun(person: Person, reason: str, by: Actor, told: InitiationDetails, **series: Any) -> Case:
    case = _with_free_reference(person, reason, by, **series)
    record(Tag.CASE_OPENED, case=case.pk, person=person.pk, items=[("case", case.pk, case.version)])
    responsible = _let_in(case, by.id, by.unit_id, CaseRole.RESPONSIBLE, by)
    if case.is_protected:
        _stays_cleared(case)
    record(Tag.CASE_ASSIGNED, case=case.pk, person=person.pk, items=[("assignment", responsible.pk, 0)])
    # Now that she works with the person, the row that was found by a number may be read.
    held: dict[str, Any] = {"association_id": case.association_id, "authority_id": case.authority_id}
    counted: dict[str, Any] = {**told.columns(), **then(person, today())}
    Initiation(case=case, person_id=person.pk, **held, **counted).save(force_insert=True)
    return case


def _stays_cleared(case: Case) -> None:
    """Whoever is cleared for her other case is so for the one she opens (`humla.protection` is above us)."""
    row = uuid4()
    with connection.cursor() as cursor:
        cursor.execute("SELECT carry_clearance(%s, %s)", [case.pk, row])
        found: tuple[bool] = cursor.fetchone()
    if not found[0]:
        raise NotAllowed(_("Det går inte att öppna ett ärende om personen här. Prata med din chef."))
    record(Tag.CLEARANCE_GIVEN, case=case.pk, person=case.person_id, items=[("clearance", row, 0)])


def _changed(case: Case, version: int, tag: Tag, **fields: Any) -> Case:
    if Case.objects.filter(pk=case.pk, version=version).update(version=F("version") + 1, **fields) != 1:
        raise Stale(Case.objects.get(pk=case.pk))
    _record_in(case, tag, "case", case.pk, version + 1)
    return Case.objects.get(pk=case.pk)


def _note_changed(note: Note, version: int, **fields: Any) -> Note:
    if Note.objects.filter(pk=note.pk, version=version).update(version=F("version") + 1, **fields) != 1:
        raise Stale(Note.objects.get(pk=note.pk))
    _record_in(note.case, Tag.NOTE_WRITTEN, "note", note.pk, version + 1)
    note.refresh_from_db(fields=["version", *fields])
    return note


def _has_words(text: str) -> None:
    if not text.strip():
        raise NotAllowed(_("Skriv något i anteckningen."))


def _cannot_go(to: UnitAssignment, *, many: bool, by: Actor) -> str:
    """Why the database said no. It looks past the policies, so it may say no more than that."""
    if by.role == Role.MANAGER and (to.professional_id == by.id or to.unit_id != by.unit_id):
        return _(
            "Som chef lämnar du över till en kollega på enheten. Till en annan enhet lämnar den ansvariga."
        )
    if to.professional_id == by.id and to.unit_id == by.unit_id:
        return _("Du är redan ansvarig. Välj en kollega.")
    if many:
        return _("Ett av ärendena kan du inte lämna över, så inget är överlämnat. Ladda om listan.")
    return _("Du kan inte lämna över ärendet. Bara den som är ansvarig för det kan, eller enhetens chef.")


def _record_in(case: Case, tag: Tag, kind: str, row: UUID, version: int) -> None:
    record(tag, case=case.pk, person=case.person_id, items=[(kind, row, version)])


def _with_free_reference(person: Person, reason: str, by: Actor, **series: Any) -> Case:
    columns: dict[str, Any] = {
        **series,
        "association_id": by.association_id,
        "authority_id": by.authority_id,
        "unit_id": by.unit_id,
        "opened_by_id": by.id,
    }
    is_protected = is_protected_here(person.pk)
    for _try in range(_TRIES):
        try:
            with transaction.atomic():
                return Case.objects.create(
                    is_protected=is_protected,
                    person_id=person.pk,
                    reference=spoken_code(),
                    reason=reason,
                    opened_at=now(),
                    **columns,
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
