"""What happens to a person's registration: made once per authority, corrected, linked, taken apart.

Here: the verbs. Not here: that a case is opened about her (`humla.cases.actions`). Nobody is ever merged:
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


@dataclass(frozen=True)
class Registered:
    """The row to use. When `is_new` is False the authority had it, and nothing in it was changed."""

    person: Person
    is_new: bool


@transaction.atomic
def register(details: PersonDetails, *, by: Actor) -> Registered:
    """The authority's one row for this person: a new one, or the one that already has the number.

    A found row may belong to cases that the actor knows nothing of. It answers with its id only; the rest
    is fetched when asked for, which the row policies refuse until she works with the person.
    """
    rules.may_register(by).enforce()
    known = _find(details.number, by)
    if known is None:
        try:
            with transaction.atomic():
                person = _insert(details, by)
        except IntegrityError:
            # A colleague registered the same number in the same second: hers is the row.
            known = _find(details.number, by)
            if known is None:
                raise
        else:
            record(Tag.PERSON_REGISTERED, person=person.pk, items=[("person", person.pk, 1)])
            return Registered(person, is_new=True)
    return Registered(_unread(known, by), is_new=False)


@transaction.atomic
def change(person: Person, details: PersonDetails, *, version: int, by: Actor) -> Person:
    """Write the details over, unless somebody else has since `version`; then Stale with how it is now.

    A number is added to a registration that has none; one that stands is left as it is.
    """
    rules.may_change(by, person).enforce()
    columns = details.columns()
    if person.number:
        del columns["born_year"]  # the number says it
    if details.number is not None and details.number.digits12 != person.number:
        rules.may_number(person).enforce()
        _refuse_number_of_another(details.number, by)
        columns |= _numbered(details.number, by)
    changed = Person.objects.filter(pk=person.pk, version=version).update(**columns, version=version + 1)
    if changed != 1:
        raise Stale(Person.objects.get(pk=person.pk))
    if "number_lookup" in columns and details.number is not None:
        PersonKey.objects.create(person_id=person.pk, key=person_key(details.number.digits12))
    record(Tag.PERSON_CHANGED, person=person.pk, items=[("person", person.pk, version + 1)])
    return Person.objects.get(pk=person.pk)


@transaction.atomic
def link(person: Person, same_as: Person, *, reason: str, by: Actor) -> PersonLink:
    """Say that two registrations are the same human. Both stay as they are."""
    rules.may_link(by, person, same_as).enforce()
    if PersonLink.objects.filter(person=person, undone_at__isnull=True).exists():
        raise NotAllowed(_("Personen är redan ihopkopplad. Ta isär den kopplingen först."))
    made = PersonLink.objects.create(
        **(_kept_by(by) | {"linked_by_id": by.id}),
        person=person,
        same_as=same_as,
        reason=reason,
        linked_at=now(),
    )
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
    """The authority's own registration with this number, known by its id only until one works with it."""
    known = _find(number, by)
    return None if known is None else _unread(known, by)


def _find(number: Number | None, by: Actor) -> UUID | None:
    if number is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall_find_person(%s)", [person_lookup(by.authority_id, number.digits12)])
        row: tuple[UUID | None] = cursor.fetchone()
    return row[0]


def _unread(person_id: UUID, by: Actor) -> Person:
    """A row known by its id. Every other column is fetched when asked for, past the row policies."""
    known = ["id", "association_id", "authority_id"]
    return Person.from_db("default", known, [person_id, by.association_id, by.authority_id])


def _insert(details: PersonDetails, by: Actor) -> Person:
    number = details.number
    chosen = _numbered(number, by) if number else {"number_kind": NumberKind.CODE, "code": _temporary_code()}
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


def _refuse_number_of_another(number: Number, by: Actor) -> None:
    if _find(number, by) is not None:
        raise NotAllowed(_("Numret finns redan hos er myndighet. Koppla ihop registreringarna i stället."))


def _temporary_code() -> str:
    return f"T-{spoken_code()}"
