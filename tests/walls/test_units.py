"""A yes to one unit opens nothing for the next, though both are the same authority (docs/decisions/0008)."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from humla.cases.models import Case, Category
from humla.cases.visibility import my_cases
from humla.consents import actions as consents
from humla.consents.models import Consent
from humla.core.context import Actor, acting
from humla.disclosures.models import Disclosure, DocumentPart
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(cast: Cast) -> dict[str, Consent]:
    """Eva lets the clinic know about health, and the health centre of the same region who does what."""
    document = factories.adopted_plan(cast, by=cast.siv)
    consents_given = {}
    for name, category in (("lena", Category.HEALTH), ("vera", Category.PLANNING)):
        unit, way_in = cast.units[name], getattr(cast, name)
        consents_given[name] = factories.consent(document.case, unit, by=cast.siv, categories=[category])
        factories.taken_in(factories.handed_over(cast, document, by=cast.siv, to=unit), by=way_in)
    return consents_given


def read(by: Actor) -> set[str]:
    """The kinds of information that somebody reads in all there is."""
    with acting(by):
        return set(DocumentPart.objects.values_list("category", flat=True))


def known(by: Actor) -> list[int]:
    """How many cases, listed cases, consents, releases somebody knows of."""
    with acting(by):
        listed = len(my_cases())
        return [Case.objects.count(), listed, Consent.objects.count(), Disclosure.objects.count()]


def test_each_unit_reads_what_she_allowed_it(cast: Cast, given: dict[str, Consent]):
    assert cast.lena.authority_id == cast.vera.authority_id
    assert read(cast.lena) == {Category.IDENTITY, Category.HEALTH}
    assert read(cast.vera) == {Category.IDENTITY, Category.PLANNING}
    assert known(cast.lena) == known(cast.vera) == [1, 1, 1, 1]


def test_a_unit_whose_yes_is_taken_back_does_not_go_on_reading_by_anothers(
    cast: Cast, given: dict[str, Consent], clock: Callable[..., None]
):
    with acting(cast.siv) as place:
        consents.withdraw(given["lena"], by=cast.siv)
    clock(place.at)

    assert read(cast.lena) == set()
    assert known(cast.lena)[:2] == [0, 0]
    assert read(cast.vera) == {Category.IDENTITY, Category.PLANNING}


@pytest.mark.parametrize(("who", "other"), [("lena", "vera"), ("siv", "nils")])
def test_work_for_one_unit_counts_for_nothing_while_acting_for_another(
    who: str, other: str, cast: Cast, given: dict[str, Consent]
):
    acting_elsewhere = replace(getattr(cast, who), unit_id=getattr(cast, other).unit_id, role="handler")

    assert read(acting_elsewhere) == set()
    assert known(acting_elsewhere) == [0, 0, 0, 0]
