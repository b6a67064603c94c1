"""Which persons there are for the one who asks.

Here: the queries of persons and of what links two registrations. The row policies show a professional
only those whom she works with in a case; these questions only narrow that. Not here: finding somebody by
number among all of the authority's persons (`actions`), which answers with an id and nothing else.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from humla.core.questions import prepared
from humla.people.models import Person, PersonLink


def person_seen(person_id: UUID) -> Person | None:
    """The person, when the one who asks works with her."""
    return Person.objects.filter(pk=person_id).first()


def person_with_code(code: str) -> Person | None:
    """The person with this temporary code, when the one who asks works with her."""
    written = code.strip().upper()
    return Person.objects.filter(code=written, is_protected=False).first() if written else None


def names_of(ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of those among the ids whom the one who asks works with, but for the protected."""
    if not ids:
        return {}
    # The number stays sealed: a list needs names only.
    return {one.pk: one.full_name for one in _named(tuple(set(ids)))}


@prepared
def _named(ids: tuple[UUID, ...]) -> QuerySet[Person]:
    some = Person.objects.filter(pk__any=ids, is_protected=False)
    return some.only("given_name", "family_name", "code")


def named_in_search(word: str) -> QuerySet[Person, Any]:
    """Persons with the word in their name, or with this temporary code, as a sub-question. Nobody protected:
    a search stands on a screen, and its answer is the name."""
    return Person.objects.filter(
        Q(given_name__icontains=word) | Q(family_name__icontains=word) | Q(code__iexact=word),
        is_protected=False,
    ).values("pk")


@dataclass(frozen=True)
class LinkedTo:
    """Another registration of the same human. `other` is None when the reader does not work with it."""

    link: PersonLink
    other: Person | None


def links_of(person: Person) -> list[LinkedTo]:
    """The registrations that this one is linked to now, in either direction."""
    either = Q(person=person) | Q(same_as=person)
    links = list(PersonLink.objects.filter(either, undone_at__isnull=True).order_by("linked_at"))
    ids = {_other_end(link, person) for link in links}
    others = Person.objects.in_bulk(ids) if ids else {}
    return [LinkedTo(link, others.get(_other_end(link, person))) for link in links]


def is_linked(person: Person) -> bool:
    """Has this registration been said to be the same human as another, and is it so still?"""
    return PersonLink.objects.filter(person=person, undone_at__isnull=True).exists()


def link_seen(person: Person, link_id: UUID) -> PersonLink | None:
    """One link of this person that still holds."""
    return PersonLink.objects.filter(
        Q(person=person) | Q(same_as=person), pk=link_id, undone_at__isnull=True
    ).first()


def _other_end(link: PersonLink, person: Person) -> UUID:
    return link.same_as_id if link.person_id == person.pk else link.person_id
