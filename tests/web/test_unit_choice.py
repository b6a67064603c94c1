"""Choosing a unit by typing: the form comes back with those that fit, and nothing else has happened."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from humla.consents.models import Consent
from humla.core.context import acting
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast):
    return factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)


def offered(answer) -> list[str]:
    found = re.findall(r'name="unit" value="[^"]+".*?<bdi>(.*?)</bdi>', answer.content.decode(), re.S)
    return list(dict.fromkeys(found))


def test_without_script_the_search_comes_back_with_what_fits_and_keeps_the_rest(cast, case, sign_in):
    siv, path = sign_in(cast.siv), reverse("give_consent", kwargs={"case_id": case.pk})
    answer = siv.send(path, {"sok_enhet": "1", "unit_sok": "psyk", "exceptions": "Inget om barnen."})

    assert (answer.status_code, offered(answer)) == (200, ["Psykiatrin Humlesund"])
    assert "Inget om barnen." in answer.content.decode()
    assert "behöver ändras" not in answer.content.decode()
    with acting(cast.siv):
        assert Consent.objects.count() == 0


def test_what_is_chosen_stays_in_the_list_whatever_is_typed(cast, case, sign_in):
    siv, path = sign_in(cast.siv), reverse("give_consent", kwargs={"case_id": case.pk})
    chosen = str(cast.units["amir"].pk)
    answer = siv.send(path, {"sok_enhet": "1", "unit_sok": "psyk", "unit": chosen})

    assert offered(answer) == ["AF Humlesund", "Psykiatrin Humlesund"]
    assert f'value="{chosen}" id="id_unit_0" checked' in answer.content.decode()


def test_nobody_found_says_what_to_type_instead(cast, case, sign_in):
    siv, path = sign_in(cast.siv), reverse("give_consent", kwargs={"case_id": case.pk})
    answer = siv.send(path, {"sok_enhet": "1", "unit_sok": "إيفا إك"})

    assert offered(answer) == []
    assert "Skriv ett kortare ord, en ort, eller vad personen behöver hjälp med." in answer.content.decode()


def test_a_unit_that_the_form_does_not_offer_is_not_taken(cast, case, sign_in):
    siv, path = sign_in(cast.siv), reverse("give_consent", kwargs={"case_id": case.pk})
    answer = siv.send(path, {"unit": str(cast.units["siv"].pk)})

    assert "Välj ett av alternativen i listan." in answer.content.decode()


def test_the_list_follows_the_typing_among_others_only_and_never_by_an_address(cast, sign_in):
    siv, path = sign_in(cast.siv), reverse("unit_choices") + "?falt=unit&bland=andra"
    answer = siv.send(path, {"unit_sok": "humlesund"})
    everybody = siv.send(path.replace("andra", "alla"), {"unit_sok": "arbetsmarknad"})

    assert offered(answer) == [
        "AF Humlesund",
        "FK Humlesund",
        "Psykiatrin Humlesund",
        "Vårdcentralen Humlesund",
    ]
    assert offered(everybody) == ["Arbetsmarknadstorget"]
    assert siv.get(path).status_code == 405


@pytest.mark.parametrize("query", ["?falt=unit", "?falt=%3Cb%3E&bland=alla", "?falt=unit&bland=bara"])
def test_a_list_that_nobody_has_made_is_absent(query, cast, sign_in):
    assert sign_in(cast.siv).send(reverse("unit_choices") + query, {}).status_code == 404


def test_the_persons_own_session_has_no_such_list(cast, sign_in):
    answer = sign_in(cast.eva).send(reverse("unit_choices") + "?falt=unit&bland=alla", {})

    assert answer.status_code == 404


def test_as_many_questions_for_one_unit_as_for_all(cast, sign_in):
    siv, counts = sign_in(cast.siv), []
    for written in ("psyk", ""):
        with CaptureQueriesContext(connection) as asked:
            siv.send(reverse("unit_choices") + "?falt=unit&bland=alla", {"unit_sok": written})
        counts.append(len(asked))

    assert counts[0] == counts[1]
