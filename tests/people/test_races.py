"""Two who link, or write the same number, in the same second: one stands and the other gets a sentence."""

from django.db import transaction

from humla.cases.actions import open_case
from humla.core.context import acting
from humla.core.dates import today
from humla.core.numbers import parse
from humla.people import actions
from humla.people.actions import PersonDetails
from humla.people.models import Person
from tests import factories
from tests.cast import EVA, Cast
from tests.races import second_of_two


def eva(*, number: str = "") -> PersonDetails:
    return PersonDetails("Eva", "Ek", parse(number, today()) if number else None)


def coded(cast: Cast) -> Person:
    """Eva without her number, in a case of Siv's."""
    with acting(cast.siv):
        person = actions.register(eva(), by=cast.siv).person
        open_case(person=person, reason="Det behövs.", by=cast.siv)
        return Person.objects.get(pk=person.pk)


def test_two_links_in_the_same_second_are_one_and_a_sentence(cast, committed_db):
    with transaction.atomic():
        case = factories.open_case(cast, by=cast.siv)
        first, second = coded(cast), coded(cast)
        with acting(cast.siv):
            known = Person.objects.get(pk=case.person_id)

    _made, told = second_of_two(
        lambda: actions.link(known, first, reason="Kort.", by=cast.siv),
        lambda: actions.link(known, second, reason="Kort.", by=cast.siv),
        by=cast.siv,
    )

    assert told == "Personen är redan ihopkopplad. Ta isär den kopplingen först."


def test_one_number_written_on_two_registrations_in_the_same_second_stands_on_one(cast, committed_db):
    with transaction.atomic():
        first, second = coded(cast), coded(cast)

    changed, told = second_of_two(
        lambda: actions.change(first, eva(number=EVA), version=1, by=cast.siv),
        lambda: actions.change(second, eva(number=EVA), version=1, by=cast.siv),
        by=cast.siv,
    )

    assert changed.number == EVA
    assert told == "Numret finns redan hos er myndighet. Koppla ihop registreringarna i stället."
