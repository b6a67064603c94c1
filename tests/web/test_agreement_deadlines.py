"""A number in the agreement is a day somewhere else: it is suggested, and said when it has passed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from humla.agreements.actions import sign
from humla.agreements.chapters import Chapter, content, mark
from humla.agreements.drafting import begin_draft, send_for_signature, write_chapter
from humla.agreements.visibility import agreement_of, draft_agreement
from humla.cases.models import Case, Initiation
from humla.core.context import acting
from humla.core.dates import today, written_date
from humla.core.workdays import first_working_day, months_after
from humla.plans.actions import start_plan
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db
LATE = "Bestäm mötet. Enligt överenskommelsen skulle ni redan ha träffats."


def _agreed_on(cast: Cast, **frame: Any) -> None:
    """A new version, signed by all and in force since yesterday, with other numbers."""
    with transaction.atomic(), acting(cast.olof):
        begin_draft(by=cast.olof)
        for chapter in (Chapter.FRAME, Chapter.DEADLINES):
            draft = draft_agreement()
            assert draft is not None
            stands = content(draft, chapter)
            begun = {"starts_on": today() - timedelta(days=1)} | frame
            told = stands | {name: value for name, value in begun.items() if name in stands}
            write_chapter(draft, chapter, told, seen=mark(stands), by=cast.olof)
        send_for_signature(draft, by=cast.olof)
        sent = agreement_of(draft.pk)
        assert sent is not None
        for row in sent.parties.all():
            sign(row, name="Agneta Alm", signed_on=today(), by=cast.olof)


def _said_yes(cast: Cast) -> Case:
    return factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)


def _known(cast: Cast, case: Case, *, days: int) -> None:
    """The need was known so many days ago."""
    with transaction.atomic(), acting(cast.siv):
        Initiation.objects.filter(case=case.pk).update(need_seen_on=today() - timedelta(days=days))


def test_the_day_of_the_meeting_is_said_by_the_agreement(cast: Cast, sign_in: Any) -> None:
    case = _said_yes(cast)
    siv = sign_in(cast.siv)
    day = written_date(today() + timedelta(days=21))

    assert f"Senast {day} enligt överenskommelsen." in _read(siv, f"/arenden/{case.pk}/moten/nytt/")
    assert f"Ska hållas senast den {day}".replace("\xa0", " ") in _read(siv, f"/arenden/{case.pk}/")


def test_a_meeting_that_should_have_been_is_a_line_in_idag_until_one_is_planned(
    cast: Cast, sign_in: Any
) -> None:
    case = _said_yes(cast)
    siv, amir = sign_in(cast.siv), sign_in(cast.amir)
    _known(cast, case, days=21)
    assert LATE not in _read(siv, "/idag/")

    _known(cast, case, days=22)
    assert LATE in _read(siv, "/idag/")
    assert "Skulle ha hållits senast den" in _read(siv, f"/arenden/{case.pk}/")
    assert LATE not in _read(amir, "/idag/")
    factories.planned_meeting(case, by=cast.siv)
    assert LATE not in _read(siv, "/idag/")


def test_who_has_not_said_yes_waits_for_nobody(cast: Cast, sign_in: Any) -> None:
    case = factories.open_case(cast, by=cast.siv)
    _known(cast, case, days=40)

    assert LATE not in _read(sign_in(cast.siv), "/idag/")


def test_the_next_follow_up_is_suggested_and_falls_on_a_working_day(cast: Cast, sign_in: Any) -> None:
    case = _said_yes(cast)
    with transaction.atomic(), acting(cast.siv):
        start_plan(case, by=cast.siv)
    siv = sign_in(cast.siv)
    place = f"/arenden/{case.pk}/plan/ansvar/"

    assert _suggested(3) in _read(siv, place)
    _agreed_on(cast, follow_up_months=6)
    assert _suggested(6) in _read(siv, place)


@pytest.mark.parametrize(
    ("on", "months", "then"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
    ],
)
def test_a_month_without_the_day_ends_on_its_last(on: date, months: int, then: date) -> None:
    assert months_after(on, months) == then


def test_a_suggested_day_is_never_a_holiday() -> None:
    assert first_working_day(date(2026, 12, 24)) == date(2026, 12, 28)


def test_the_coordinator_is_told_in_idag_that_the_agreement_runs_out(cast: Cast, sign_in: Any) -> None:
    assert "Be förbundet förlänga den." not in _read(sign_in(cast.siv), "/idag/")
    ends = today() + timedelta(days=40)
    _agreed_on(cast, ends_on=ends, renewal_decided_by=today() + timedelta(days=2))

    page = _read(sign_in(cast.siv), "/idag/")

    assert f"Överenskommelsen gäller till och med {written_date(ends)}. Be förbundet förlänga den." in page
    assert "Be förbundet förlänga den." not in _read(sign_in(cast.maja), "/idag/")


def test_the_list_of_versions_asks_the_same_for_one_and_for_three(cast: Cast, sign_in: Any) -> None:
    greta = sign_in(cast.greta)

    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            greta.get("/overenskommelsen/versioner/")
        return len([one for one in questions if '"agreements_' in one["sql"]])

    before = asked()
    _agreed_on(cast)
    _agreed_on(cast)
    assert asked() == before == 6


def _suggested(months: int) -> str:
    return f"Överenskommelsen föreslår {written_date(first_working_day(months_after(today(), months)))}."


def _read(browser: Any, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, answer
    return str(answer.content.decode())
