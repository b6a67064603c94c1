"""The pages without any person in them: the organisation and the agreement."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from humla.agreements.models import AgreementParty
from humla.core.context import acting
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_the_organisation_lists_every_unit_with_who_acts_for_it(cast: Cast, sign_in: Any) -> None:
    page = sign_in(cast.siv).get("/organisation/").content.decode()

    rows = page.split("<tbody")[1].split("</tbody>")[0]
    assert rows.count('<tr role="row">') == 7
    for words in (
        "Arbetsmarknadstorget",
        "Siv Sandberg",
        "SIP-samordnare",
        "Psykiatrin Humlesund",
        "Lena Lind",
    ):
        assert words in rows


def test_another_forbund_with_the_same_names_does_not_show(cast: Cast, sign_in: Any) -> None:
    page = sign_in(cast.stranger).get("/organisation/").content.decode()

    rows = page.split("<tbody")[1].split("</tbody>")[0]
    assert (rows.count('<tr role="row">'), "Maja Moberg" in rows) == (1, False)


@pytest.mark.parametrize("who", ["siv", "stranger"])
def test_the_organisation_asks_as_many_questions_for_one_unit_as_for_seven(
    cast: Cast, sign_in: Any, who: str
) -> None:
    browser = sign_in(getattr(cast, who))

    with CaptureQueriesContext(connection) as asked:
        browser.get("/organisation/")

    assert len([one for one in asked if '"organisation_' in one["sql"]]) == 4


@pytest.mark.parametrize("who", ["siv", "greta", "olof"])
def test_professionals_forbund_and_administrators_read_the_agreement(
    cast: Cast, sign_in: Any, who: str
) -> None:
    page = sign_in(getattr(cast, who)).get("/overenskommelsen/").content.decode()

    assert "Alla parter har skrivit under." in page
    assert page.count("kallad (ska delta)") == 5
    assert "10 kap. 8 § socialtjänstlagen (2025:400)" in page
    assert "Startar inte själva, utan talar med någon som får: arbetsförmedlare." in page


def test_the_person_and_the_stranger_in_the_street_do_not(cast: Cast, sign_in: Any, client: Any) -> None:
    assert sign_in(cast.eva).get("/overenskommelsen/").status_code == 404
    assert client.get("/overenskommelsen/").headers["Location"] == "/logga-in/"


def test_an_agreement_that_waits_says_for_whom(cast: Cast, sign_in: Any) -> None:
    page = sign_in(cast.stranger).get("/overenskommelsen/").content.decode()

    assert "Väntar på underskrift av Humlesunds kommun." in page
    assert page.count("inbjuden (får delta)") == 1
    assert "Blir kallad (ska delta) när överenskommelsen gäller." in page


def test_only_the_administrator_gets_a_form(cast: Cast, sign_in: Any) -> None:
    page = sign_in(cast.stranger).get("/overenskommelsen/").content.decode()

    assert "Skriv in underskriften" not in page


def test_nobody_else_can_send_one(cast: Cast, sign_in: Any) -> None:
    with acting(cast.stranger):
        row = AgreementParty.objects.get()

    answer = sign_in(cast.stranger).send(
        f"/overenskommelsen/{row.pk}/underskrift/", {"name": "Siv Sandberg", "signed_on": "2026-01-01"}
    )

    assert answer.status_code == 404
    with acting(cast.stranger):
        assert AgreementParty.objects.get().signed_on is None


def test_a_signature_that_stands_already_is_refused_in_words(cast: Cast, sign_in: Any) -> None:
    with acting(cast.olof):
        row = AgreementParty.objects.filter(party__name="Region Humleland").get()

    answer = sign_in(cast.olof).send(
        f"/overenskommelsen/{row.pk}/underskrift/", {"name": "Någon Annan", "signed_on": "2026-01-01"}
    )

    assert answer.status_code == 409
    assert "Parten har redan skrivit under." in answer.content.decode()


def test_a_form_with_faults_comes_back_with_the_words_in_it(cast: Cast, sign_in: Any) -> None:
    with acting(cast.olof):
        row = AgreementParty.objects.filter(party__name="Region Humleland").get()

    page = (
        sign_in(cast.olof)
        .send(f"/overenskommelsen/{row.pk}/underskrift/", {"name": "", "signed_on": "30 februari 2026"})
        .content.decode()
    )

    assert "Skriv namnet på den som skrev under." in page
    assert "30 februari 2026" in page
