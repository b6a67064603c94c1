"""The same thing twice in the same second: the second waits, and gets a sentence."""

from django.db import transaction

from humla.cases import actions
from humla.cases.models import Case
from humla.core.context import acting
from humla.organisation.models import Professional
from humla.people.actions import PersonDetails, register
from tests import factories
from tests.races import second_of_two


def test_a_colleague_who_is_let_in_twice_in_the_same_second_is_let_in_once(cast, committed_db):
    with transaction.atomic():
        case = factories.open_case(cast, by=cast.siv)
    with transaction.atomic(), acting(cast.siv):
        maja = Professional.objects.get(pk=cast.maja.id)

    _made, told = second_of_two(
        lambda: actions.assign(case, maja, cast.units["maja"], by=cast.siv),
        lambda: actions.assign(case, maja, cast.units["maja"], by=cast.siv),
        by=cast.siv,
    )

    assert told == "Maja Moberg deltar redan i ärendet."


def test_two_tabs_open_one_case_about_a_person(cast, committed_db):
    with transaction.atomic(), acting(cast.siv):
        ida = register(PersonDetails("Ida", "Ek"), by=cast.siv).person

    def opened() -> Case:
        return actions.open_case(person=ida, reason="Många kontakter.", by=cast.siv)

    made, told = second_of_two(opened, opened, by=cast.siv)

    assert told == f"Du har redan ett pågående ärende om personen: {made.reference}. Fortsätt i det."
