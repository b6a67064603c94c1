"""How long each step takes: figures over one's own cases, and never fewer than five behind one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from humla.cases.models import Case
from humla.core.context import Actor, acting, now
from humla.core.dates import day_of
from humla.followups.lead_times import LeadStep, lead_times, why_moved
from humla.meetings import actions as meetings
from humla.meetings.models import Answer, AnsweredBy, ChangeCause, MeetingKind
from humla.meetings.rules import Call
from humla.protection.actions import protect
from humla.protection.models import MarkingKind
from tests import factories
from tests.cast import Cast
from tests.conftest import Door

pytestmark = pytest.mark.django_db

Clock = Callable[[datetime], None]
SignIn = Callable[[Any], Door]
NUMBERS = [
    line.split()[0].replace("-", "")
    for line in (Path(__file__).parents[2] / "data" / "testnummer.txt").read_text("utf-8").splitlines()
    if line[:4] in ("1970", "1971", "1972", "1973", "1974", "1975", "1976", "1977", "1978", "1979")
]


@pytest.fixture
def begin() -> datetime:
    """Some weeks ago, in the middle of the day."""
    return datetime(2026, 9, 1, 10).astimezone()


def opened(cast: Cast, clock: Clock, at: datetime, many: int, *, by: Actor | None = None) -> list[Case]:
    clock(at)
    return [factories.open_case(cast, by=by or cast.siv, number=NUMBERS[one]) for one in range(many)]


def year(cast: Cast, *, by: Actor) -> dict[tuple[LeadStep, str], tuple[int, float, float]]:
    with acting(by):
        rows = lead_times(datetime(2026, 1, 1).date(), datetime(2027, 12, 31).date())
        return {(one.step, one.unit): (one.cases, float(one.middle), float(one.ninth)) for one in rows}


def test_five_cases_from_need_to_yes(cast: Cast, clock: Clock, begin: datetime) -> None:
    for days, case in zip((1, 2, 3, 4, 30), opened(cast, clock, begin, 5), strict=True):
        clock(begin + timedelta(days=days))
        factories.agreed(case, by=cast.siv)

    assert year(cast, by=cast.siv) == {(LeadStep.CONSENT, ""): (5, 3.0, 19.6)}


def test_four_cases_are_too_few_to_tell(cast: Cast, clock: Clock, begin: datetime) -> None:
    for case in opened(cast, clock, begin, 4):
        factories.agreed(case, by=cast.siv)

    assert year(cast, by=cast.siv) == {}


def test_somebody_with_protected_identity_is_not_counted(cast: Cast, clock: Clock, begin: datetime) -> None:
    cases = opened(cast, clock, begin, 5)
    for case in cases:
        factories.agreed(case, by=cast.siv)
    with acting(cast.siv):
        protect(cases[0], kind=MarkingKind.SECRECY, reason="Polisen ringde.", by=cast.siv)

    assert year(cast, by=cast.siv) == {}


def test_a_handler_counts_her_own_a_manager_the_units_and_nobody_elses_authority(
    cast: Cast, clock: Clock, begin: datetime
) -> None:
    for case in opened(cast, clock, begin, 5):
        factories.agreed(case, by=cast.siv)

    counted = {(LeadStep.CONSENT, ""): (5, 0.0, 0.0)}
    assert year(cast, by=cast.ylva) == counted
    for who in (cast.maja, cast.nils, cast.amir, cast.stranger, cast.rut):
        assert year(cast, by=who) == {}


def summoned(cast: Cast, case: Case, *, by: Actor) -> Any:
    factories.agreed(case, by=by)
    factories.consent(case, cast.units["amir"], by=by)
    with acting(by):
        meeting = meetings.plan_meeting(
            case, kind=MeetingKind.FIRST, starts_at=now() + timedelta(days=21), by=by
        )
        (made,) = meetings.summon_all(meeting, calls=[Call("unit", cast.units["amir"])], by=by)
    return made


def test_how_long_a_unit_takes_to_answer_and_why_meetings_are_moved(
    cast: Cast, clock: Clock, begin: datetime
) -> None:
    made = [summoned(cast, case, by=cast.siv) for case in opened(cast, clock, begin, 5)]
    clock(begin + timedelta(days=8))
    with acting(cast.siv):
        for one in made:
            how = {"answer": Answer.OTHER_TIME, "how": AnsweredBy.NOTED}
            meetings.answer(one, **how, by=cast.siv)
            meetings.move(
                one.meeting,
                starts_at=one.meeting.starts_at + timedelta(days=7),
                cause=ChangeCause.PARTY,
                by=cast.siv,
            )
        why = why_moved(day_of(begin), day_of(begin) + timedelta(days=30))
    found = year(cast, by=cast.siv)

    assert found[LeadStep.ANSWER, "AF Humlesund"] == found[LeadStep.ANSWER, ""] == (5, 8.0, 8.0)
    assert found[LeadStep.ASKED, ""] == (5, 0.0, 0.0)
    assert [(one.cause, one.party, one.meetings) for one in why] == [
        ("party", "", 5),
        ("party", "Arbetsförmedlingen", 5),
    ]


def test_the_whole_way_from_need_to_the_plan_and_its_follow_up(
    cast: Cast, clock: Clock, begin: datetime
) -> None:
    """Five plans made on one day and handed over: held meeting, plan sent, all counted on their own days."""
    for number in NUMBERS[:5]:
        document = factories.adopted_plan(cast, by=cast.siv, number=number)
        factories.held_meeting(document.case, by=cast.siv)
        factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    found = year(cast, by=cast.siv)

    assert found[LeadStep.SENT, "AF Humlesund"] == found[LeadStep.SENT, ""] == (5, 1.0, 1.0)
    assert (LeadStep.FOLLOW_UP, "") not in found


def test_the_page_shows_the_period_and_gives_the_same_as_a_file(
    sign_in: SignIn, cast: Cast, clock: Clock, begin: datetime
) -> None:
    for case in opened(cast, clock, begin, 5):
        factories.agreed(case, by=cast.siv)
    siv = sign_in(cast.siv)
    whole = {"fran": "2026-01-01", "till": "2027-12-31"}
    page = siv.get(reverse("lead_times"), whole).content.decode()
    before = siv.get(reverse("lead_times"), {"fran": "2025-01-01", "till": "2025-12-31"}).content.decode()
    file = siv.get(reverse("lead_times"), {**whole, "som": "csv"})

    assert "Från att behovet märktes till ja till en plan" in page
    assert "Alla ärenden som er myndighet leder." in page
    assert "För få ärenden i perioden" in before
    assert file["Content-Type"] == "text/csv; charset=utf-8"
    assert "Från att behovet märktes till ja till en plan;;;0;0;5" in file.content.decode()
    assert [one for one in ("Eva", *NUMBERS[:5]) if one in page + file.content.decode()] == []


def test_a_period_that_ends_before_it_begins_is_said_at_the_field_and_kept(
    sign_in: SignIn, cast: Cast
) -> None:
    page = sign_in(cast.siv).get(reverse("lead_times"), {"fran": "2026-05-01", "till": "2026-04-01"})

    assert "Perioden slutar före den börjar" in page.content.decode()
    assert 'value="2026-05-01"' in page.content.decode()


def test_the_page_costs_the_same_for_one_case_and_for_three(
    sign_in: SignIn, cast: Cast, clock: Clock, begin: datetime
) -> None:
    siv = sign_in(cast.siv)
    opened(cast, clock, begin, 1)
    siv.get(reverse("lead_times"))
    with CaptureQueriesContext(connection) as one:
        siv.get(reverse("lead_times"))
    clock(begin)
    for each in (1, 2):
        factories.agreed(factories.open_case(cast, by=cast.siv, number=NUMBERS[each]), by=cast.siv)
    with CaptureQueriesContext(connection) as three:
        siv.get(reverse("lead_times"))

    assert len(one) == len(three)
