"""The guide on its page: for anybody, for staff with the agreement's own words, keeping nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import Cast
from tests.doors import Door

pytestmark = pytest.mark.django_db

HERE = "/ar-sip-ratt/"
SIP = {
    "several": "ja", "coordinate": "ja", "wants": "ja",
    "sick_leave": "nej", "has_plan": "nej", "urgent": "nej",
}  # fmt: skip


def test_anybody_answers_and_is_led_to_ask_for_a_plan():
    door = Door()
    asked = door.get(HERE).content.decode()
    told = door.post(HERE, SIP)
    page = told.content.decode()

    assert "Svaren sparas inte" in asked
    assert (told.status_code, "Svaren pekar på en SIP" in page, 'href="/be-om-samsip/"' in page) == (
        200,
        True,
        True,
    )


def test_the_insurances_meeting_is_pointed_at_and_kept_apart():
    page = Door().post(HERE, SIP | {"several": "nej", "sick_leave": "ja"}).content.decode()

    assert "Försäkringskassans avstämningsmöte" in page
    assert "Det är inte en SIP och görs inte här" in page


def test_a_missing_answer_is_asked_for_at_its_question():
    page = Door().post(HERE, SIP | {"wants": ""}).content.decode()

    assert "Välj ett svar. Vet inte går också bra." in page


def test_staff_see_the_agreement_and_the_way_that_is_theirs(cast: Cast, sign_in: Callable[..., Any]):
    siv = sign_in(cast.siv).send(HERE, SIP).content.decode()
    amir = sign_in(cast.amir).send(HERE, SIP).content.decode()

    assert "behöver samordning mellan minst två parter" in siv
    assert ['href="/arenden/nytt/"' in page for page in (siv, amir)] == [True, False]
    assert 'href="/begaran/ny/"' in amir
