"""Somebody does a SIP for the first time: each step explained, what is done ticked, a coordinator beside."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from humla.audit.models import Event
from humla.cases.actions import hand_over
from humla.cases.beside import DAYS, ask_to_look, coordinators_near, end_look, who_looks
from humla.cases.models import Case
from humla.cases.visibility import case_seen
from humla.core.context import acting
from humla.core.rulings import NotAllowed
from humla.organisation.visibility import colleagues
from humla.protection.actions import protect
from humla.protection.models import MarkingKind
from tests import factories
from tests.cast import Cast
from tests.conftest import Door, person_acting

pytestmark = pytest.mark.django_db

SignIn = Callable[[Any], Door]


@pytest.fixture
def case(cast: Cast) -> Case:
    """Siv opened the case about Eva and handed it over: it is Maja's first, and Siv is the coordinator."""
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        to = colleagues(cast.siv).get(professional=cast.maja.id)
        hand_over([case.pk], to=to, by=cast.siv)
    with acting(cast.maja):
        seen = case_seen(case.pk)
    assert seen is not None
    return seen


def page_of(door: Door, case: Case) -> str:
    answer = door.get(reverse("guide", kwargs={"case_id": case.pk}))
    assert answer.status_code == 200
    content: str = answer.content.decode()
    return content


def ask_siv(door: Door, cast: Cast, case: Case) -> Any:
    with acting(cast.maja):
        (siv,) = coordinators_near(cast.maja)
    return door.send(reverse("ask_to_look", kwargs={"case_id": case.pk}), {"coordinator": str(siv.pk)})


def test_each_step_says_what_why_and_how_and_leads_to_its_page_and_its_form(
    sign_in: SignIn, cast: Cast, case: Case
) -> None:
    page = page_of(sign_in(cast.maja), case)

    assert page.count("Varför?") == page.count("Ett exempel:") == 9
    assert "Fråga om personen vill ha en plan." in page
    for where in ("consents", "preparation", "meetings", "plan", "follow_ups", "close_case"):
        assert reverse(where, kwargs={"case_id": case.pk}) in page
    assert reverse("form_for_case", kwargs={"case_id": case.pk, "slug": "samtycke"}) in page
    assert "1 av 9 steg är klara." in page  # The case is open: the need is written down.


def test_what_is_done_ticks_itself(sign_in: SignIn, cast: Cast, case: Case) -> None:
    maja = sign_in(cast.maja)
    factories.agreed(case, by=cast.maja)
    after_yes = page_of(maja, case)
    factories.planned_meeting(case, by=cast.maja)
    with_time = page_of(maja, case)

    assert "2 av 9 steg är klara." in after_yes
    assert with_time.index("Hitta en tid") < with_time.index("klart", with_time.index("4. Hitta en tid"))
    assert "här är ni nu" in with_time


def test_one_tap_and_the_coordinator_may_look_for_two_weeks(sign_in: SignIn, cast: Cast, case: Case) -> None:
    maja, siv = sign_in(cast.maja), sign_in(cast.siv)
    before = siv.get(reverse("case", kwargs={"case_id": case.pk})).status_code
    asked = ask_siv(maja, cast, case)
    page, today = page_of(siv, case), siv.get(reverse("today")).content.decode()

    assert (before, asked.status_code) == (404, 302)
    assert "Maja Moberg har bett dig" in today
    assert "är med och tittar till" in page
    with acting(cast.maja):
        (look,) = who_looks(case)
    assert look.ends_at is not None
    assert look.ends_at - look.starts_at == timedelta(days=DAYS)
    with person_acting(cast.eva):
        assert Event.objects.filter(tag="cases:assignment:made", actor_id=cast.maja.id).count() == 1


@pytest.mark.parametrize("who", ["maja", "siv"])
def test_one_tap_ends_it_for_whoever_looks_and_whoever_asked(
    who: str, sign_in: SignIn, cast: Cast, case: Case
) -> None:
    ask_siv(sign_in(cast.maja), cast, case)
    with acting(cast.maja):
        (look,) = who_looks(case)
    where = reverse("end_look", kwargs={"case_id": case.pk, "assignment_id": look.pk})
    ended = sign_in(getattr(cast, who)).send(where)

    assert ended.status_code == 302
    assert sign_in(cast.siv).get(reverse("guide", kwargs={"case_id": case.pk})).status_code == 404


def test_after_its_days_it_has_ended_by_itself(
    sign_in: SignIn, cast: Cast, case: Case, clock: Callable[[Any], None]
) -> None:
    ask_siv(sign_in(cast.maja), cast, case)
    with acting(cast.maja):
        (look,) = who_looks(case)
        clock(look.ends_at)
        assert who_looks(case) == []
    with acting(cast.siv):
        assert case_seen(case.pk) is None


def test_asked_twice_she_looks_once(sign_in: SignIn, cast: Cast, case: Case) -> None:
    maja = sign_in(cast.maja)
    ask_siv(maja, cast, case)
    again = ask_siv(maja, cast, case)

    assert "kan redan läsa ärendet" in again.content.decode()
    with acting(cast.maja):
        assert len(who_looks(case)) == 1


def test_only_whoever_is_responsible_asks_and_only_a_coordinator_of_her_own_authority(
    cast: Cast, case: Case
) -> None:
    with acting(cast.maja):
        ylva = colleagues(cast.maja).get(professional=cast.ylva.id)
        with pytest.raises(NotAllowed, match="Välj en SIP-samordnare hos er"):
            ask_to_look(case, ylva, by=cast.maja)
        (siv,) = coordinators_near(cast.maja)
    for who in (cast.nils, cast.amir, cast.stranger, cast.ylva):
        with acting(who), connection.cursor() as cursor:
            cursor.execute(
                "SELECT ask_to_look(%s, %s, %s, 14, gen_random_uuid())",
                [case.pk, siv.professional_id, siv.unit_id],
            )
            assert cursor.fetchone() == (False,)


def test_nobody_is_let_in_to_look_at_somebody_with_protected_identity(cast: Cast, case: Case) -> None:
    with acting(cast.maja):
        protect(case, kind=MarkingKind.SECRECY, reason="Polisen ringde.", by=cast.maja)
        guarded = case_seen(case.pk)
        assert guarded is not None
        (siv,) = coordinators_near(cast.maja)
        with pytest.raises(NotAllowed, match="skyddade uppgifter"):
            ask_to_look(guarded, siv, by=cast.maja)


def test_a_managers_opening_is_not_ended_here(cast: Cast, case: Case) -> None:
    factories.opened_by_manager(case, by=cast.ylva)
    with acting(cast.maja):
        opened = case.caseassignments.get(professional=cast.ylva.id)
        assert who_looks(case) == []
        with pytest.raises(NotAllowed):
            end_look(opened, by=cast.maja)


def test_the_page_costs_the_same_however_long_the_case_is(sign_in: SignIn, cast: Cast, case: Case) -> None:
    maja = sign_in(cast.maja)
    factories.agreed(case, by=cast.maja)
    factories.planned_meeting(case, by=cast.maja)
    page_of(maja, case)
    with CaptureQueriesContext(connection) as one:
        page_of(maja, case)
    for days in (20, 30):
        factories.planned_meeting(case, by=cast.maja, days=days)
    with CaptureQueriesContext(connection) as three:
        page_of(maja, case)

    assert len(one) == len(three)
