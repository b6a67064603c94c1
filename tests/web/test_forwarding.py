"""On the pages: psykiatrin says who is right, Siv calls that one with one button, or asks Eva first."""

import re

import pytest
from django.urls import reverse

from humla.core.context import acting
from humla.meetings.models import Summons
from humla.organisation.models import Unit
from tests import factories

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def clinic(cast) -> Unit:
    with acting(cast.siv):
        return Unit.objects.get(name="Vårdcentralen Humlesund")


@pytest.fixture
def summons(cast, clock) -> Summons:
    """Psykiatrin was called, and it has left."""
    made = factories.summoned(cast, by=cast.siv, to=cast.units["lena"])
    clock(made.leaves_at)
    return made


def page_of(door, summons) -> str:
    found = door.get(
        reverse("meeting", kwargs={"case_id": summons.case_id, "meeting_id": summons.meeting_id})
    )
    return found.content.decode()


def note(door, summons, unit) -> None:
    path = reverse("note_answer", kwargs={"case_id": summons.case_id, "summons_id": summons.pk})
    assert door.send(path, {"answer": "wrong_unit", "passed_unit": str(unit.pk)}).status_code == 302


def test_siv_is_led_to_the_question_and_then_calls_the_right_unit_with_one_button(
    cast, summons, clinic, sign_in
):
    siv = sign_in(cast.siv)
    note(siv, summons, clinic)
    before = page_of(siv, summons)
    factories.consent(summons.case, clinic, by=cast.siv)
    forward = reverse("forward_summons", kwargs={"case_id": summons.case_id, "summons_id": summons.pk})
    between = page_of(siv, summons)
    siv.send(forward, {})
    after = page_of(siv, summons)

    assert [f"samtycke/fraga/?unit={clinic.pk}" in page for page in (before, between)] == [True, False]
    assert [f'action="{forward}"' in page for page in (before, between, after)] == [False, True, False]
    assert "Kom först till <bdi>Psykiatrin Humlesund</bdi>, som var fel enhet." in after
    assert "<bdi>Vårdcentralen Humlesund</bdi> är kallad i stället." in after


def test_another_huvudmans_unit_is_not_in_the_list_and_not_taken(cast, summons, sign_in):
    siv = sign_in(cast.siv)
    path = reverse("note_answer", kwargs={"case_id": summons.case_id, "summons_id": summons.pk})
    amir = str(cast.units["amir"].pk)
    answer = siv.send(path, {"answer": "wrong_unit", "passed_unit": amir})

    assert (answer.status_code, amir in siv.get(path).content.decode()) == (200, False)


def test_nobody_but_those_who_hold_the_case_calls_the_right_unit(cast, summons, clinic, sign_in):
    note(sign_in(cast.siv), summons, clinic)
    factories.consent(summons.case, clinic, by=cast.siv)
    forward = reverse("forward_summons", kwargs={"case_id": summons.case_id, "summons_id": summons.pk})

    assert [sign_in(who).send(forward, {}).status_code for who in (cast.lena, cast.nils)] == [404, 404]
