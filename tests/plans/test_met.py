"""The plan says of the meeting who was there, and tells no clinic to whoever may not know health."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from humla.cases.models import Case, Category
from humla.core.context import acting, now
from humla.core.dates import day_of, written_date
from humla.meetings import actions as meeting_actions
from humla.meetings.models import AbsenceCause, Called, Meeting, MeetingKind, PreparatoryResult
from humla.meetings.rules import Present
from humla.plans.document import parts_of
from humla.plans.visibility import plan_of
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db

Clock = Callable[[datetime], None]


@pytest.fixture
def case(cast: Cast) -> Case:
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    factories.whole_plan(cast, case, by=cast.siv)
    return case


def held(cast: Cast, case: Case, clock: Clock, kind: MeetingKind = MeetingKind.FIRST) -> Meeting:
    """Siv led and wrote; the clinic came, Arbetsförmedlingen was ill."""
    with acting(cast.siv):
        meeting = meeting_actions.plan_meeting(
            case, kind=kind, starts_at=now() + timedelta(days=1), purpose="Hur orkar Eva?", by=cast.siv
        )
    clock(meeting.starts_at + timedelta(hours=2))
    came = [
        Present(Called.PERSON, was_present=True),
        Present(Called.UNIT, was_present=True, unit=cast.units["lena"], name="Lena Lind"),
        Present(
            Called.UNIT,
            was_present=False,
            cause=AbsenceCause.ILLNESS,
            unit=cast.units["amir"],
            name="Amir Haddad",
        ),
        Present(Called.RELATIVE, was_present=True, name="Ellen Ek"),
    ]
    with acting(cast.siv):
        siv = meeting.planned_by
        roles = {"chair": siv, "note_taker": siv}
        return meeting_actions.hold(
            meeting, attendances=came, next_on=date(2027, 6, 1), result=_led_to(kind), **roles, by=cast.siv
        )


def _led_to(kind: MeetingKind) -> str:
    return PreparatoryResult.SIP if kind == MeetingKind.PREPARATORY else ""


def test_who_was_there_is_told_by_party_by_unit_and_the_clinic_only_with_health(
    cast: Cast, case: Case, clock: Clock
) -> None:
    meeting = held(cast, case, clock)
    with acting(cast.siv):
        plan = plan_of(case)
        assert plan is not None
        said = parts_of(plan)
    rows = dict(said[Category.PLANNING][0]["rows"])
    there = {
        key: block["text"]
        for key, blocks in said.items()
        for block in blocks
        if block.get("id", "").startswith("attended")
    }

    assert rows["Mötet"] == f"{written_date(day_of(meeting.starts_at))}, på plats"
    assert (rows["Mötesledare"], rows["Dokumenterare"]) == ("Siv Sandberg", "Siv Sandberg")
    assert (rows["Var med"], rows["Var inte med"]) == ("Personen, Region Humleland", "Arbetsförmedlingen")
    assert {key: sorted(text.splitlines()) for key, text in there.items()} == {
        Category.NEEDS: [
            f"Amir Haddad, {cast.units['amir'].name}: var inte med (sjukdom)",
            "Ellen Ek, Närstående",
            "Personen",
        ],
        Category.HEALTH: ["Lena Lind, Psykiatrin Humlesund"],
    }


def test_a_preparatory_meeting_makes_no_plan(cast: Cast, case: Case, clock: Clock) -> None:
    held(cast, case, clock, MeetingKind.PREPARATORY)
    with acting(cast.siv):
        plan = plan_of(case)
        assert plan is not None
        assert "Mötesledare" not in str(parts_of(plan))
