"""What happens to a person's registration: made once per authority, corrected, linked, taken apart.

Here: the verbs. Not here: that a case is opened about her (`humla.cases.actions`), nor how many numbers one
may try in a day (`humla.web.seeking`). Nobody is ever merged:
two rows that are the same human are linked, and the link can be undone.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from humla.audit.record import record
from humla.audit.tags import Tag
from humla.core.codes import spoken_code
from humla.core.context import Actor, now
from humla.core.numbers import Kind, Number
from humla.core.rulings import NotAllowed
from humla.core.secrets import person_key, person_lookup
from humla.core.versions import Stale
from humla.people import rules
from humla.people.models import HouseholdRole, Language, NumberKind, Person, PersonKey, PersonLink, Sex

_KINDS = {Kind.PERSONNUMMER: NumberKind.PERSONNUMMER, Kind.SAMORDNINGSNUMMER: NumberKind.SAMORDNINGSNUMMER}


@dataclass(frozen=True)
class PersonDetails:
    """What is written about a person. Without a number she gets a temporary code."""

    given_name: str
    family_name: str
    number: Number | None = None
    born_year: int | None = None
    sex: str = Sex.UNSTATED
    household_role: str = HouseholdRole.NONE
    language: str = Language.SWEDISH
    needs_interpreter: bool = False
    communication_support: str = ""
    wants_contact_by: str = ""

    def columns(self) -> dict[str, Any]:
        """The columns that hold them; the number apart, since it is written once."""
        return {name: value for name, value in vars(self).items() if name != "number"}


class NumberTaken(NotAllowed):
    """Another registration of the authority has the number. `person_id` is whose, for the trail alone."""

    def __init__(self, person_id: UUID | None) -> None:
        super().__init__(_("Numret finns redan hos er myndighet. Koppla ihop registreringarna i stället."))
        self.person_id = person_id


@dataclass(frozen=True)
class Registered:
    """The row to use. When `is_new` is False the authority had it, and nothing in it was changed."""

    person: Person
    is_new: bool


@transaction.atomic
def register(details: PersonDetails, *, by: Actor) -> Registered:
    """The authority's one row for this person: a new one, or the one that already has the number.

    A found row may belong to cases that the actor knows nothing of. It answers with its id and what its
    number says, which she gave; the rest is fetched when asked for, which the row policies refuse until she
    works with the person.
    """
    rules.may_register(by).enforce()
    number = details.number
    known = _sought(number, by) if number else None
    if known is None:
        try:
            with transaction.atomic():
                person = _insert(details, by)
        except IntegrityError:
            # A colleague registered the same number in the same second: hers is the row.
            known = _sought(number, by) if number else None
            if known is None:
                raise
        else:
            record(Tag.PERSON_REGISTERED, person=person.pk, items=[("person", person.pk, 1)])
            return Registered(person, is_new=True)
    assert number is not None
    return Registered(_unread(known, number, by), is_new=False)


@transaction.atomic
def change(person: Person, details: PersonDetails, *, version: int, by: Actor) -> Person:
    """Write the details over, unless somebody else has since `version`; then Stale with how it is now.

    A number is added to a registration that has none; one that stands is left as it is.
    """
    rules.may_change(by, person).enforce()
    columns = details.columns()
    if person.number:
        del columns["born_year"]  # the number says it
    number = details.number if details.number and details.number.digits12 != person.number else None
    if number is not None:
        rules.may_number(person).enforce()
        _hold(person, version)
        columns |= _free_for(person, number, by)
    _write(person, columns, version)
    if number is not None:
        _set_key(person, person_key(number.digits12))
    record(Tag.PERSON_CHANGED, person=person.pk, items=[("person", person.pk, version + 1)])
    return Person.objects.get(pk=person.pk)


@transaction.atomic
def correct_number(person: Person, number: Number | None, *, reason: str, version: int, by: Actor) -> Person:
    """Another number instead of a wrong one, or a temporary code again while nobody knows the right one.

    From then on her own page is found by the new number, and whoever had the wrong one finds nothing.
    """
    rules.may_correct_number(by, person).enforce()
    if not reason.strip():
        raise NotAllowed(_("Skriv hur du vet vilket nummer som är rätt."))
    if number is not None and number.digits12 == person.number:
        raise NotAllowed(_("Det är numret som står redan. Skriv det rätta numret."))
    _hold(person, version)
    columns = _coded() if number is None else _free_for(person, number, by)
    born = number.born_on if number else None  # the year that stands was the wrong number's
    columns |= {"number_reason": reason, "born_year": born.year if born else None}
    _write(person, columns, version)
    _set_key(person, person_key(number.digits12) if number else "")
    record(Tag.NUMBER_CORRECTED, person=person.pk, items=[("person", person.pk, version + 1)])
    return Person.objects.get(pk=person.pk)


@transaction.atomic
def link(person: Person, same_as: Person, *, reason: str, by: Actor) -> PersonLink:
    """Say that two registrations are the same human. Both stay as they are."""
    rules.may_link(by, person, same_as).enforce()
    made = PersonLink(
        **(_kept_by(by) | {"linked_by_id": by.id}),
        person=person,
        same_as=same_as,
        reason=reason,
        linked_at=now(),
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        # Asking first would miss the colleague who links her in the same second.
        raise NotAllowed(rules.linked_already().reason) from None
    for one in (person.pk, same_as.pk):
        record(Tag.PERSONS_LINKED, person=one, items=[("link", made.pk, 0)])
    return made


@transaction.atomic
def unlink(link: PersonLink, *, by: Actor) -> PersonLink:
    """Take two registrations apart again; that they were together stays on the trail."""
    rules.may_unlink(by, link).enforce()
    standing = PersonLink.objects.filter(pk=link.pk, undone_at__isnull=True)
    if standing.update(undone_at=now(), undone_by_id=by.id) != 1:
        raise NotAllowed(_("De är redan isärtagna."))
    link.undone_at, link.undone_by_id = now(), by.id
    for one in (link.person_id, link.same_as_id):
        record(Tag.PERSONS_UNLINKED, person=one, items=[("link", link.pk, 0)])
    return link


def found_by_number(number: Number, *, by: Actor) -> Person | None:
    """The authority's own registration with this number, known by nothing else until one works with it."""
    known = _sought(number, by)
    return None if known is None else _unread(known, number, by)


def _sought(number: Number, by: Actor) -> UUID | None:
    """Whose number it is, on the trail whether anybody has it or not: that somebody is known is secret."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall_find_person(%s)", [person_lookup(by.authority_id, number.digits12)])
        row: tuple[UUID | None] = cursor.fetchone()
    known = row[0]
    record(Tag.NUMBER_SOUGHT, person=known, items=[("person", known, 0)] if known else [])
    return known


def _unread(person_id: UUID, number: Number, by: Actor) -> Person:
    """A row known by its id and number. Every other column is fetched when asked for, past the policies."""
    known = {"id": person_id, "born_year": None, **_kept_by(by), **_numbered(number, by)}
    # from_db takes the columns in the model's own order.
    names = [one.attname for one in Person._meta.concrete_fields if one.attname in known]
    return Person.from_db("default", names, [known[name] for name in names])


def _insert(details: PersonDetails, by: Actor) -> Person:
    number = details.number
    chosen = _numbered(number, by) if number else _coded()
    person = Person.objects.create(**(_kept_by(by) | details.columns() | chosen))
    if number is not None:
        PersonKey.objects.create(person_id=person.pk, key=person_key(number.digits12))
    return person


def _kept_by(by: Actor) -> dict[str, Any]:
    return {"association_id": by.association_id, "authority_id": by.authority_id}


def _numbered(number: Number, by: Actor) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "number_kind": _KINDS[number.kind],
        "number": number.digits12,
        "number_lookup": person_lookup(by.authority_id, number.digits12),
        "code": "",
    }
    return columns | ({"born_year": number.born_on.year} if number.born_on else {})


def _coded() -> dict[str, Any]:
    return {
        "number_kind": NumberKind.CODE,
        "number": "",
        "number_lookup": "",
        "code": f"T-{spoken_code()}",
    }


def _free_for(person: Person, number: Number, by: Actor) -> dict[str, Any]:
    """The columns of a number that no other registration of the authority has."""
    known = _sought(number, by)
    if known not in (None, person.pk):
        raise NumberTaken(known)
    return _numbered(number, by)


def _hold(person: Person, version: int) -> None:
    """Nobody else changes her until the transaction ends. Before a look-up: a form too old seeks nobody."""
    held = Person.objects.select_for_update(no_key=True).filter(pk=person.pk).first()
    if held is None or held.version != version:
        raise Stale(held or person)


def _write(person: Person, columns: dict[str, Any], version: int) -> None:
    try:
        with transaction.atomic():
            found = Person.objects.filter(pk=person.pk, version=version)
            changed = found.update(**columns, version=version + 1)
    except IntegrityError:
        # A colleague wrote the same number on another registration in the same second.
        raise NumberTaken(None) from None
    if changed != 1:
        raise Stale(Person.objects.get(pk=person.pk))


def _set_key(person: Person, key: str) -> None:
    """Lay the key by which her own session finds her, or end it with ''.

    The database's own function writes it, and only one that agrees with the number just written.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_person_key(%s, %s)", [person.pk, key])
        row: tuple[bool] = cursor.fetchone()
    if not row[0]:
        raise RuntimeError("The key of a person was refused.")
