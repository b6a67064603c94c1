"""What happens to the protection around a person: set by one, taken away by two, somebody cleared, her places
written down.

Here: the verbs. What they write, the database writes (`walls/63_protection.sql`): a marking reaches cases of
hers that the one who marks her may not see, and nobody clears herself by an UPDATE. Not here: the second pair
of eyes on a meeting's place (`humla.meetings.actions.approve_place`).
"""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.translation import gettext as _

from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.turns import take_turn, take_turn_about
from humla.core.context import Actor, now
from humla.core.dates import end_of
from humla.core.rulings import NotAllowed
from humla.core.sealed_field import sealed_for
from humla.core.versions import Stale
from humla.protection import rules
from humla.protection.models import Marking, MarkingKind, ProtectedContact
from humla.protection.visibility import GuardedCase, contact_of, marking_of

PLACES = ("reached_by", "phone", "address", "school", "workplace")
"""What is written of where she is."""


@transaction.atomic
def protect(case: Case, *, kind: str, reason: str, by: Actor) -> Marking:
    """Set the protection: at once, in all of her cases here. Only the responsible keep theirs, for a week."""
    take_turn_about(case.person_id)
    take_turn(case)
    rules.may_protect(by, case).enforce()
    if not reason.strip():
        raise NotAllowed(_("Skriv hur du vet att personen är skyddad."))
    row = uuid4()
    sealed = sealed_for(Marking, "reason", reason.strip())
    if _asked("SELECT protect_person(%s, %s, %s, %s)", case.pk, MarkingKind(kind).value, sealed, row) is None:
        raise NotAllowed(_("Personen är redan skyddad."))
    record(Tag.PERSON_PROTECTED, case=case.pk, person=case.person_id, items=[("marking", row, 0)])
    case.is_protected = True
    return _of(case.person_id)


@transaction.atomic
def ask_to_unprotect(marking: Marking, *, case: Case, reason: str, by: Actor) -> Marking:
    """The first of two says that the protection should go, and why."""
    rules.may_ask_to_unprotect(by, marking).enforce()
    if not reason.strip():
        raise NotAllowed(_("Skriv varför skyddet ska tas bort."))
    sealed = sealed_for(Marking, "removal_reason", reason.strip())
    if not _asked("SELECT ask_to_unprotect(%s, %s)", marking.pk, sealed):
        raise NotAllowed(_("Någon annan hann före. Läs sidan igen."))
    _record(Tag.UNPROTECTING_ASKED, marking, case.pk)
    return _of(marking.person_id)


@transaction.atomic
def keep_protected(marking: Marking, *, case: Case, by: Actor) -> Marking:
    """It stays: what the first asked for is taken back."""
    _stays(marking.pk)
    _record(Tag.UNPROTECTING_REFUSED, marking, case.pk)
    return _of(marking.person_id)


@transaction.atomic
def unprotect(marking: Marking, *, case: Case, by: Actor) -> None:
    """The second of two takes the protection away; every clearance ends with it."""
    rules.may_unprotect(by, marking).enforce()
    _unprotected(marking.pk, case.pk)
    case.is_protected = False


@transaction.atomic
def decide_as_manager(guarded: GuardedCase, *, goes: bool, by: Actor) -> None:
    """The manager is the second of the two, for a case that she does not read: it goes, or it stays."""
    rules.may_clear_as_manager(by).enforce()
    if guarded.marking_id is None or guarded.removal_asked_at is None:
        raise NotAllowed(_("Ingen har bett om att skyddet ska tas bort."))
    if not goes:
        _stays(guarded.marking_id)
        record(Tag.UNPROTECTING_REFUSED, case=guarded.case_id, items=[("marking", guarded.marking_id, 0)])
        return
    rules.is_another(by, guarded.removal_asked_by_id).enforce()
    _unprotected(guarded.marking_id, guarded.case_id)


@transaction.atomic
def clear(case_id: UUID, professional_id: UUID, unit_id: UUID, *, until: date, by: Actor) -> UUID:
    """Let one professional work in a protected case, through a day. Who may is asked where it is written.

    One who does not work in the case begins to. A clearance that stood is replaced.
    """
    rules.is_for_another(by, professional_id).enforce()
    rules.is_long_enough(until).enforce()
    row = uuid4()
    ends_at = end_of(until)
    her = _asked("SELECT give_clearance(%s, %s, %s, %s, %s)", case_id, professional_id, unit_id, ends_at, row)
    if her is None:
        raise NotAllowed(
            _("Behörigheten kunde inte ges. Den ansvariga eller enhetens chef ger den, till någon annan.")
        )
    record(Tag.CLEARANCE_GIVEN, case=case_id, person=her, items=[("clearance", row, 0)])
    return row


@transaction.atomic
def end_clearance(clearance_id: UUID, *, by: Actor) -> None:
    """A clearance ends at this instant."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT the_person, the_case FROM end_clearance(%s)", [clearance_id])
        her, case_id = cursor.fetchone()
    if her is None:
        raise NotAllowed(_("Behörigheten har redan slutat gälla, eller är inte din att avsluta."))
    record(Tag.CLEARANCE_ENDED, case=case_id, person=her, items=[("clearance", clearance_id, 0)])


@transaction.atomic
def write_contact(case: Case, *, places: dict[str, str], version: int, by: Actor) -> ProtectedContact:
    """Where she is, under its own key. Raises Stale when somebody wrote it meanwhile."""
    rules.may_write_contact(by, case).enforce()
    take_turn_about(case.person_id)  # Two who write the first one at once: the second hears of it.
    kept = {name: places.get(name, "").strip() for name in PLACES}
    written: dict[str, Any] = {**kept, "written_at": now(), "written_by_id": by.id}
    standing = contact_of(case.person_id)
    if standing is None:
        standing = ProtectedContact(
            association_id=case.association_id,
            authority_id=case.authority_id,
            person_id=case.person_id,
            **written,
        )
        standing.save(force_insert=True)
    else:
        found = ProtectedContact.objects.filter(pk=standing.pk, version=version)
        if found.update(**written, version=version + 1) != 1:
            raise Stale(standing)
        standing.version = version + 1
    items = [("protected_contact", standing.pk, standing.version)]
    record(Tag.PROTECTED_CONTACT_WRITTEN, case=case.pk, person=case.person_id, items=items)
    return standing


def _of(person_id: UUID) -> Marking:
    found = marking_of(person_id)
    if found is None:
        raise NotAllowed(_("Skyddet har tagits bort under tiden. Läs sidan igen."))
    return found


def _stays(marking_id: UUID) -> None:
    if not _asked("SELECT keep_protected(%s)", marking_id):
        raise NotAllowed(_("Ingen ber längre om att skyddet ska tas bort."))


def _unprotected(marking_id: UUID, case_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT the_person, outcome FROM unprotect_person(%s)", [marking_id])
        her, outcome = cursor.fetchone()
    if outcome == "twin":
        raise NotAllowed(_("En annan registrering hos er har samma nummer. Rätta numret på en av dem först."))
    if outcome != "done":
        raise NotAllowed(_("Skyddet kunde inte tas bort. Två personer gör det tillsammans."))
    record(Tag.PERSON_UNPROTECTED, case=case_id, person=her, items=[("marking", marking_id, 0)])


def _record(tag: Tag, marking: Marking, case_id: UUID) -> None:
    record(tag, case=case_id, person=marking.person_id, items=[("marking", marking.pk, 0)])


def _asked(sentence: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sentence, list(values))
        row: tuple[Any] = cursor.fetchone()
    return row[0]
