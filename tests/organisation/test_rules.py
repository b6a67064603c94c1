"""Who acts for which unit, and the lists one chooses from."""

import pytest

from humla.core.context import acting
from humla.organisation.models import Professional
from humla.organisation.rules import may_act_for
from humla.organisation.visibility import (
    colleagues,
    colleagues_with,
    names_of_professionals,
    profession_of,
    units_to_choose,
)

pytestmark = pytest.mark.django_db


def test_units_are_chosen_with_authority_and_party_and_never_the_office(cast, django_assert_num_queries):
    with acting(cast.siv), django_assert_num_queries(1):
        names = [(one.authority.party.name, one.name) for one in units_to_choose()]

    assert names == [
        ("Arbetsförmedlingen", "AF Humlesund"),
        ("Försäkringskassan", "FK Humlesund"),
        ("Humlesunds kommun", "Arbetsmarknadstorget"),
        ("Region Humleland", "Psykiatrin Humlesund"),
        ("Region Humleland", "Vårdcentralen Humlesund"),
        ("Vassviks kommun", "Ekonomiskt bistånd"),
    ]


def test_colleagues_are_those_of_ones_own_authority(cast):
    with acting(cast.siv):
        assert [one.professional.name for one in colleagues(cast.siv)] == ["Maja Moberg", "Ylva Yxell"]
    with acting(cast.stranger):
        assert list(colleagues(cast.stranger)) == []


def test_a_colleague_acts_for_the_unit_she_has_an_assignment_for(cast):
    with acting(cast.siv):
        maja = Professional.objects.get(pk=cast.maja.id)
        amir = Professional.objects.get(pk=cast.amir.id)

        assert may_act_for(maja, cast.units["maja"], cast.siv)
        assert may_act_for(amir, cast.units["siv"], cast.siv).reason == (
            "Amir Haddad handlägger inte ärenden för Arbetsmarknadstorget nu."
        )
        assert may_act_for(amir, cast.units["amir"], cast.siv).reason == (
            "AF Humlesund hör till en annan myndighet."
        )


def test_those_to_ask_are_the_nearest_first_and_nobody_of_another_forbund(cast):
    with acting(cast.siv):
        own = profession_of(cast.maja)
        assert own is not None
        names = colleagues_with([own.pk], near=cast.siv)

    assert names == ["Maja Moberg (Arbetsmarknadstorget)", "Nils Nyman (Ekonomiskt bistånd)"]


def test_names_are_given_by_id(cast):
    with acting(cast.siv):
        names = names_of_professionals([cast.siv.id, cast.stranger.id])

    assert names == {cast.siv.id: "Siv Sandberg"}
