"""What happens to a meeting about Eva: who hears of it, when, and who never does."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from humla.agreements.models import Duty
from humla.agreements.visibility import agreement_in_force
from humla.audit.models import Event
from humla.cases.models import Case, Category
from humla.consents import actions as consents
from humla.consents.kept_away import keep_away, let_come
from humla.consents.models import Consent
from humla.core.context import acting, now
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.disclosures.models import Disclosure, DocumentPart
from humla.followups import today
from humla.meetings import actions
from humla.meetings.document import OwnWords
from humla.meetings.models import (
    AbsenceCause,
    Answer,
    AnsweredBy,
    Attendance,
    Called,
    ChangeCause,
    DeclineCause,
    Meeting,
    MeetingKind,
    MeetingState,
    PreparatoryResult,
    Summons,
    SummonsAnswer,
    SummonsState,
)
from humla.meetings.rules import Call, Present, duty_in
from humla.meetings.visibility import (
    meetings_of,
    next_meeting,
    open_summonses,
    summonses_of,
    summonses_received,
)
from humla.notifications.models import Notice, NoticeKind, NoticeState
from humla.organisation.models import Unit
from humla.people.models import Sex
from tests import factories
from tests.cast import Cast
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

Clock = Callable[[datetime], None]
SUMMON_QUESTIONS = 12
HEALTH = "Behöver Eva en utredning?"


@pytest.fixture
def case(cast: Cast) -> Case:
    return factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)


@pytest.fixture
def amir(cast: Cast, case: Case) -> Unit:
    """Amir's unit, which Eva has said yes to: planning and needs, not health."""
    factories.consent(case, cast.units["amir"], by=cast.siv)
    return cast.units["amir"]


@pytest.fixture
def meeting(cast: Cast, case: Case) -> Meeting:
    return factories.planned_meeting(case, by=cast.siv, health_questions=HEALTH)


def summon(cast: Cast, meeting: Meeting, unit: Unit, **more: Any) -> Summons:
    with acting(cast.siv):
        return actions.summon(meeting, called=Called.UNIT, unit=unit, by=cast.siv, **more)


def letters(cast: Cast, **more: Any) -> list[tuple[str, str]]:
    with acting(cast.siv):
        return [(one.kind, one.state) for one in Notice.objects.filter(**more).order_by("queued_at", "kind")]


def refused(cast: Cast, act: Callable[[], Any]) -> str:
    with acting(cast.siv), pytest.raises(NotAllowed) as no:
        act()
    return no.value.reason


def state(cast: Cast, meeting: Meeting) -> list[tuple[str, SummonsState]]:
    with acting(cast.siv):
        return [(one.unit.name if one.unit else one.called, one.state) for one in summonses_of(meeting)]


# --- planning and changing ----------------------------------------------------------------------------------


def test_a_planned_meeting_keeps_who_eva_was_on_that_day(cast: Cast, case: Case, meeting: Meeting) -> None:
    with acting(cast.siv):
        assert (meeting.sex_then, meeting.age_then) == (Sex.UNSTATED, meeting.starts_at.year - 1986)
        assert next_meeting(case) == meeting
    with person_acting(cast.eva):
        assert Event.objects.filter(tag="meetings:meeting:planned").count() == 1


def test_the_later_of_two_who_change_it_is_told(cast: Cast, meeting: Meeting) -> None:
    with acting(cast.siv):
        actions.change_meeting(meeting, version=1, place="Rum 4", by=cast.siv)
        with pytest.raises(Stale) as stale:
            actions.change_meeting(meeting, version=1, place="Rum 5", by=cast.siv)
    assert stale.value.theirs.place == "Rum 4"  # type: ignore[attr-defined]


def test_an_answer_is_wanted_before_the_meeting(cast: Cast, meeting: Meeting) -> None:
    later = meeting.starts_at.date() + timedelta(days=1)
    change = lambda: actions.change_meeting(meeting, version=1, answer_by=later, by=cast.siv)  # noqa: E731

    assert "Svaren behövs före mötet" in refused(cast, change)


def test_changed_the_summoned_get_it_anew_and_their_answer_stands(
    cast: Cast, meeting: Meeting, amir: Unit, clock: Clock
) -> None:
    sent = summon(cast, meeting, amir)
    clock(sent.leaves_at)
    with acting(cast.siv):
        actions.answer(sent, answer=Answer.COMES, how=AnsweredBy.NOTED, by=cast.siv)
        actions.change_meeting(meeting, version=1, place="Rum 9", by=cast.siv)
        only, _replaced = sorted(summonses_of(meeting), key=lambda one: one.cancelled_at is not None)
        assert only.state is SummonsState.COMES
        assert "Rum 9" in str(DocumentPart.objects.get(document=only.document, category="PLANNING").content)
    assert (NoticeKind.SUMMONS_CHANGED, NoticeState.WAITING) in letters(cast)


def test_changed_the_answer_stands_on_every_page(
    cast: Cast, meeting: Meeting, amir: Unit, clock: Clock
) -> None:
    sent = summon(cast, meeting, amir)
    clock(sent.leaves_at)
    assert sent.disclosure is not None
    factories.taken_in(sent.disclosure, by=cast.amir)
    with acting(cast.amir):
        mine = Summons.objects.get()
        actions.answer(
            mine, answer=Answer.COMES, who_comes="Amir Haddad", how=AnsweredBy.SIGNED_IN, by=cast.amir
        )
    with acting(cast.siv):
        actions.change_meeting(meeting, version=1, place="Rum 9", by=cast.siv)
        (anew,) = open_summonses(meeting)
    clock(anew.leaves_at)
    with acting(cast.siv):
        assert list(today.unanswered(None)) == []
        (again,) = SummonsAnswer.objects.filter(summons=anew)
        assert (again.answer, again.who_comes) == (Answer.COMES, "Amir Haddad")
        assert (again.answered_by, again.answered_by_id) == (AnsweredBy.NOTED, cast.siv.id)
    with acting(cast.amir):
        assert list(today.summoned(None)) == []
        received = summonses_received(meeting.case, amir.pk).values()
        assert sorted(one.state for one in received) == [SummonsState.CANCELLED, SummonsState.COMES]


def test_moved_the_answer_to_the_old_time_is_none_to_the_new(
    cast: Cast, meeting: Meeting, amir: Unit, clock: Clock
) -> None:
    sent = summon(cast, meeting, amir)
    clock(sent.leaves_at)
    with acting(cast.siv):
        actions.answer(sent, answer=Answer.COMES, how=AnsweredBy.NOTED, by=cast.siv)
        later = meeting.starts_at + timedelta(days=7)
        new = actions.move(meeting, starts_at=later, cause=ChangeCause.PARTY, by=cast.siv)
    assert state(cast, new) == [(amir.name, SummonsState.LEAVING)]


def test_a_meeting_that_has_begun_is_put_right_and_nobody_summoned_anew(
    cast: Cast, meeting: Meeting, amir: Unit, clock: Clock
) -> None:
    sent = summon(cast, meeting, amir)
    clock(meeting.starts_at)
    with acting(cast.siv):
        changed = actions.change_meeting(meeting, version=1, place="Rum 9", by=cast.siv)
        assert (changed.place, [one.pk for one in open_summonses(changed)]) == ("Rum 9", [sent.pk])
    assert NoticeKind.SUMMONS_CHANGED not in [kind for kind, _state in letters(cast)]


def test_another_time_is_a_move_when_somebody_has_been_told(cast: Cast, meeting: Meeting, amir: Unit) -> None:
    summon(cast, meeting, amir)
    later = meeting.starts_at + timedelta(hours=1)
    change = lambda: actions.change_meeting(meeting, version=1, starts_at=later, by=cast.siv)  # noqa: E731

    assert "Flytta mötet i stället" in refused(cast, change)


def test_moved_the_old_one_stays_and_whoever_was_summoned_gets_the_new_time(
    cast: Cast, case: Case, meeting: Meeting, amir: Unit, clock: Clock
) -> None:
    sent = summon(cast, meeting, amir, bring="Handlingsplanen")
    clock(sent.leaves_at)
    later = meeting.starts_at + timedelta(days=7)
    with acting(cast.siv):
        new = actions.move(meeting, starts_at=later, cause=ChangeCause.ILLNESS, by=cast.siv)
        old = Meeting.objects.get(pk=meeting.pk)

        assert [one.state for one in meetings_of(case)] == [MeetingState.PLANNED, MeetingState.MOVED]
        assert (old.moved_to_id, old.change_cause, old.starts_at) == (new.pk, "illness", meeting.starts_at)
        assert [(one.bring, one.state) for one in summonses_of(new)] == [
            ("Handlingsplanen", SummonsState.LEAVING)
        ]
        assert [one.state for one in summonses_of(old)] == [SummonsState.CANCELLED]
    assert letters(cast) == [("summons", "cancelled"), ("summons_changed", "waiting")]


def test_moved_within_the_minute_nobody_hears_of_the_old_time(
    cast: Cast, meeting: Meeting, amir: Unit, clock: Clock
) -> None:
    summon(cast, meeting, amir)
    later = meeting.starts_at + timedelta(days=7)
    with acting(cast.siv):
        actions.move(meeting, starts_at=later, cause=ChangeCause.PARTY, by=cast.siv)
        undone = [one.undone_at is not None for one in Disclosure.objects.order_by("undone_at")]
    assert undone == [True, False]
    assert letters(cast) == [("summons", "cancelled"), ("summons", "waiting")]


def test_told_of_the_old_time_and_cancelled_before_the_new_has_left_the_unit_hears(
    cast: Cast, meeting: Meeting, amir: Unit, clock: Clock
) -> None:
    sent = summon(cast, meeting, amir)
    clock(sent.leaves_at)
    with acting(cast.siv):
        later = meeting.starts_at + timedelta(days=7)
        new = actions.move(meeting, starts_at=later, cause=ChangeCause.PARTY, by=cast.siv)
    clock(sent.leaves_at + timedelta(seconds=20))
    with acting(cast.siv):
        actions.cancel(new, cause=ChangeCause.ILLNESS, by=cast.siv)

    assert letters(cast) == [
        ("summons", "cancelled"),
        ("summons_changed", "cancelled"),
        ("summons_cancelled", "waiting"),
    ]


def test_told_once_and_changed_before_the_next_has_left_it_is_still_a_change(
    cast: Cast, meeting: Meeting, amir: Unit, clock: Clock
) -> None:
    sent = summon(cast, meeting, amir)
    for seconds, place in ((0, "Rum 5"), (20, "Rum 6")):
        clock(sent.leaves_at + timedelta(seconds=seconds))
        with acting(cast.siv):
            version = Meeting.objects.get().version
            actions.change_meeting(meeting, version=version, place=place, by=cast.siv)

    assert [kind for kind, state in letters(cast) if state == "waiting"] == [NoticeKind.SUMMONS_CHANGED]


@pytest.mark.parametrize("was_told", [True, False])
def test_moved_twice_and_undone_the_unit_hears_if_it_was_ever_told(
    cast: Cast, meeting: Meeting, amir: Unit, clock: Clock, was_told: bool
) -> None:
    sent = summon(cast, meeting, amir)
    start = sent.leaves_at if was_told else sent.sent_at + timedelta(seconds=1)
    for days in (7, 9):
        clock(start + timedelta(seconds=days))
        with acting(cast.siv):
            later = meeting.starts_at + timedelta(days=days)
            meeting = actions.move(meeting, starts_at=later, cause=ChangeCause.PARTY, by=cast.siv)
    clock(start + timedelta(seconds=20))
    with acting(cast.siv):
        (last,) = open_summonses(meeting)
        actions.undo_summons(last, by=cast.siv)

    waiting = [kind for kind, state in letters(cast) if state == "waiting"]
    assert waiting == ([NoticeKind.SUMMONS_CANCELLED] if was_told else [])


def test_whose_yes_has_ended_hears_only_that_the_old_time_is_off(
    cast: Cast, meeting: Meeting, amir: Unit, clock: Clock
) -> None:
    sent = summon(cast, meeting, amir)
    clock(sent.leaves_at)
    with acting(cast.siv):
        consents.withdraw(Consent.objects.get(), by=cast.siv)
        later = meeting.starts_at + timedelta(days=7)
        new = actions.move(meeting, starts_at=later, cause=ChangeCause.CONSENT, by=cast.siv)
        assert summonses_of(new) == []
    assert sorted(letters(cast)) == [
        ("consent_changed", "waiting"),
        ("summons", "cancelled"),
        ("summons_cancelled", "waiting"),
    ]


def test_cancelled_the_told_are_told_and_the_others_never_hear(
    cast: Cast, meeting: Meeting, amir: Unit, clock: Clock
) -> None:
    sent = summon(cast, meeting, amir)
    clock(sent.leaves_at)
    factories.consent(meeting.case, cast.units["farid"], by=cast.siv)
    late = summon(cast, meeting, cast.units["farid"])
    with acting(cast.siv):
        gone = actions.cancel(meeting, cause=ChangeCause.NO_TIME, by=cast.siv)
        assert (gone.state, gone.change_cause) == ("cancelled", "no_time")
        assert {one.state for one in summonses_of(gone)} == {SummonsState.CANCELLED}
    assert letters(cast, about_id=sent.pk) == [("summons", "cancelled"), ("summons_cancelled", "waiting")]
    assert letters(cast, about_id=late.pk) == [("summons", "cancelled")]
    assert "Mötet är inställt" in refused(
        cast, lambda: actions.summon(gone, called=Called.PERSON, by=cast.siv)
    )


# --- summoning ----------------------------------------------------------------------------------------------


def test_a_unit_without_consent_cannot_be_summoned(cast: Cast, meeting: Meeting) -> None:
    act = lambda: actions.summon(meeting, called=Called.UNIT, unit=cast.units["lena"], by=cast.siv)  # noqa: E731

    assert "Samtycke saknas för Psykiatrin Humlesund" in refused(cast, act)
    with acting(cast.siv):
        assert (Summons.objects.count(), Disclosure.objects.count(), DocumentPart.objects.count()) == (
            0,
            0,
            0,
        )


def test_a_yes_that_leaves_the_planning_out_is_no_summons(cast: Cast, case: Case, meeting: Meeting) -> None:
    factories.consent(case, cast.units["farid"], by=cast.siv, categories=[Category.NEEDS])
    act = lambda: actions.summon(meeting, called=Called.UNIT, unit=cast.units["farid"], by=cast.siv)  # noqa: E731

    assert "omfattar inte planering" in refused(cast, act)


def test_amir_reads_his_summons_when_it_has_left_and_nothing_of_health(
    cast: Cast, case: Case, meeting: Meeting, amir: Unit, clock: Clock
) -> None:
    words = OwnWords("Jag vill orka vara med mina barn.", date(2026, 11, 20), "Siv Sandberg")
    sent = summon(cast, meeting, amir, bring="Handlingsplanen", own_words=words)
    with acting(cast.amir):
        assert list(DocumentPart.objects.all()) == []
        assert list(Summons.objects.all()) == []
    clock(sent.leaves_at)
    with acting(cast.amir):
        assert list(Summons.objects.all()) == []
    assert sent.disclosure is not None
    factories.taken_in(sent.disclosure, by=cast.amir)
    with acting(cast.amir):
        parts = {one.category: str(one.content) for one in DocumentPart.objects.all()}
        assert set(parts) == {"IDENTITY", "PLANNING", "NEEDS"}
        assert "Eva Ek" in parts["IDENTITY"]
        assert "Siv Sandberg" in parts["IDENTITY"]
        assert "Handlingsplanen" in parts["PLANNING"]
        assert words.text in parts["NEEDS"]
        assert HEALTH not in str(parts)
        assert [one.state for one in summonses_received(case, amir.pk).values()] == [SummonsState.WAITING]


def test_who_else_comes_is_told_by_party_and_never_the_clinic(
    cast: Cast, case: Case, meeting: Meeting, amir: Unit, clock: Clock
) -> None:
    everything = [Category.PLANNING, Category.NEEDS, Category.HEALTH]
    factories.consent(case, cast.units["lena"], by=cast.siv, categories=everything)
    calls = [
        Call(Called.UNIT, amir),
        Call(Called.UNIT, cast.units["lena"]),
        Call(Called.RELATIVE, name="Ove Ek"),
    ]
    with acting(cast.siv):
        sent = actions.summon_all(meeting, calls=calls, by=cast.siv)
    said = {}
    clock(sent[0].leaves_at)
    for one, actor in ((sent[0], cast.amir), (sent[1], cast.lena)):
        assert one.disclosure is not None
        factories.taken_in(one.disclosure, by=actor)
        with acting(actor):
            said[actor.name] = str(
                [part.content for part in DocumentPart.objects.filter(document=one.document_id)]
            )

    assert "Region Humleland" in said["Amir Haddad"]
    assert ["Psykiatrin" in said["Amir Haddad"], "Ove" in said["Amir Haddad"]] == [False, False]
    assert "AF Humlesund" in said["Lena Lind"]
    assert HEALTH in said["Lena Lind"]


def test_a_relative_gets_time_and_place_and_nothing_of_needs(cast: Cast, meeting: Meeting) -> None:
    with acting(cast.siv):
        sent = actions.summon(meeting, called=Called.RELATIVE, name="Ove Ek", by=cast.siv)
        parts = {
            one.category: str(one.content) for one in DocumentPart.objects.filter(document=sent.document)
        }
    assert set(parts) == {"IDENTITY", "PLANNING"}
    assert "2384" not in str(parts)
    assert letters(cast) == []


def test_an_own_unit_needs_no_consent_and_nothing_is_handed_over(cast: Cast, meeting: Meeting) -> None:
    sent = summon(cast, meeting, cast.units["siv"])

    with acting(cast.siv):
        assert (sent.disclosure_id, Disclosure.objects.count()) == (None, 0)


def test_obliged_by_the_agreement_and_invited_before_all_have_signed(
    cast: Cast, meeting: Meeting, amir: Unit, clock: Clock
) -> None:
    with acting(cast.siv):
        assert summon(cast, meeting, amir).duty == Duty.OBLIGED
    clock(datetime.fromisoformat("2024-11-01T10:00+01:00"))
    with acting(cast.siv):
        assert duty_in(Call(Called.UNIT, amir), agreement_in_force(now().date())) == Duty.INVITED


@pytest.mark.parametrize("count", [1, 3])
def test_three_are_summoned_by_as_many_questions_as_one(cast: Cast, meeting: Meeting, count: int) -> None:
    """What is written for each is written for each; what it rests on is asked once."""
    calls = [Call(Called.RELATIVE, None, name) for name in ("Erik Ek", "Elsa Ek", "فاطمة")[:count]]
    with acting(cast.siv), CaptureQueriesContext(connection) as asked:
        made = actions.summon_all(meeting, calls=calls, by=cast.siv)
    questions = [
        one["sql"] for one in asked if one["sql"].startswith("SELECT") and "set_config" not in one["sql"]
    ]

    assert len(made) == count
    assert len(questions) == SUMMON_QUESTIONS


def test_two_calls_to_the_same_unit_are_one_too_many(cast: Cast, meeting: Meeting, amir: Unit) -> None:
    both = [Call(Called.UNIT, amir), Call(Called.UNIT, amir, bring="Intyget")]
    with acting(cast.siv), pytest.raises(NotAllowed, match="redan kallad"):
        actions.summon_all(meeting, calls=both, by=cast.siv)


def test_once_per_unit_and_only_to_a_meeting_that_is_ahead(
    cast: Cast, meeting: Meeting, amir: Unit, clock: Clock
) -> None:
    summon(cast, meeting, amir)
    act = lambda: actions.summon(meeting, called=Called.UNIT, unit=amir, by=cast.siv)  # noqa: E731

    assert "redan kallad" in refused(cast, act)
    clock(meeting.starts_at)
    assert "redan varit" in refused(cast, lambda: actions.summon(meeting, called=Called.PERSON, by=cast.siv))


def test_undone_within_the_minute_it_never_was(
    cast: Cast, case: Case, meeting: Meeting, amir: Unit, clock: Clock
) -> None:
    first = summon(cast, meeting, amir)
    clock(first.leaves_at)
    assert first.disclosure is not None
    factories.taken_in(first.disclosure, by=cast.amir)
    with acting(cast.siv):
        other = actions.plan_meeting(case, kind="follow_up", starts_at=meeting.starts_at, by=cast.siv)
    sent = summon(cast, other, amir, bring="Det hemliga")
    with acting(cast.siv):
        actions.undo_summons(sent, by=cast.siv)
    clock(sent.leaves_at + timedelta(minutes=1))

    with acting(cast.amir):
        assert list(Summons.objects.values_list("pk", flat=True)) == [first.pk]
        assert not DocumentPart.objects.filter(document=sent.document_id).exists()
    assert letters(cast, about_id=sent.pk) == [("summons", "cancelled")]


def test_left_it_is_taken_back_and_the_unit_told(
    cast: Cast, meeting: Meeting, amir: Unit, clock: Clock
) -> None:
    sent = summon(cast, meeting, amir)
    assert "Ångra den i stället" in refused(cast, lambda: actions.cancel_summons(sent, by=cast.siv))
    clock(sent.leaves_at)
    assert "Ta tillbaka den i stället" in refused(cast, lambda: actions.undo_summons(sent, by=cast.siv))
    with acting(cast.siv):
        actions.cancel_summons(sent, by=cast.siv)

    assert letters(cast)[-1] == ("summons_cancelled", "waiting")
    assert state(cast, meeting) == [(amir.name, SummonsState.CANCELLED)]


def test_a_yes_whose_time_is_over_shows_at_once_and_whoever_summoned_can_tell(
    cast: Cast, meeting: Meeting, amir: Unit, clock: Clock
) -> None:
    sent = summon(cast, meeting, amir)
    with acting(cast.siv):
        whole = Consent.objects.select_related("case").get()
        consents.narrow(whole, categories=["PLANNING"], ends_on=sent.leaves_at.date(), by=cast.siv)
    clock(sent.leaves_at + timedelta(days=2))
    assert state(cast, meeting) == [(amir.name, SummonsState.CANCELLED)]
    with acting(cast.siv):
        actions.cancel_summons(sent, by=cast.siv)
    assert letters(cast)[-1] == ("summons_cancelled", "waiting")


def test_whom_the_person_does_not_want_there_is_not_summoned(
    cast: Cast, meeting: Meeting, amir: Unit
) -> None:
    with acting(cast.siv):
        kept = keep_away(meeting.case, unit=amir, by=cast.siv)
        keep_away(meeting.case, name="Kurt  Karlsson", by=cast.siv)
        with pytest.raises(NotAllowed, match="vill inte att AF Humlesund är med"):
            actions.summon(meeting, called=Called.UNIT, unit=amir, by=cast.siv)
        with pytest.raises(NotAllowed, match="vill inte att"):
            actions.summon(meeting, called=Called.OTHER, name="kurt karlsson", by=cast.siv)
        let_come(kept, by=cast.siv)
        actions.summon(meeting, called=Called.UNIT, unit=amir, by=cast.siv)
    assert state(cast, meeting) == [(amir.name, SummonsState.LEAVING)]


def test_nobody_elses_case_can_be_summoned_from(cast: Cast, meeting: Meeting) -> None:
    for actor in (cast.maja, cast.lena, cast.nils, cast.stranger):
        with acting(actor):
            assert list(Meeting.objects.all()) == []
            with pytest.raises(NotAllowed):
                actions.summon(meeting, called=Called.PERSON, by=actor)


# --- answering ----------------------------------------------------------------------------------------------


def test_amir_answers_for_his_unit_and_the_newest_counts(
    cast: Cast, meeting: Meeting, amir: Unit, clock: Clock
) -> None:
    sent = summon(cast, meeting, amir)
    clock(sent.leaves_at)
    assert sent.disclosure is not None
    factories.taken_in(sent.disclosure, by=cast.amir)
    with acting(cast.amir):
        mine = Summons.objects.get()
        actions.answer(mine, answer=Answer.OTHER_TIME, how=AnsweredBy.SIGNED_IN, by=cast.amir)
    clock(sent.leaves_at + timedelta(hours=1))
    with acting(cast.amir):
        actions.answer(
            mine, answer=Answer.COMES, who_comes="Amir Haddad", how=AnsweredBy.SIGNED_IN, by=cast.amir
        )
    with acting(cast.siv):
        (one,) = summonses_of(meeting)
        assert (one.state, one.newest and one.newest.who_comes) == (SummonsState.COMES, "Amir Haddad")
        assert SummonsAnswer.objects.count() == 2


def test_another_unit_cannot_answer_for_amir(cast: Cast, meeting: Meeting, amir: Unit, clock: Clock) -> None:
    sent = summon(cast, meeting, amir)
    clock(sent.leaves_at)
    for actor in (cast.lena, cast.nils, cast.farid):
        with acting(actor), pytest.raises(NotAllowed):
            actions.answer(sent, answer=Answer.COMES, how=AnsweredBy.SIGNED_IN, by=actor)


def test_a_no_says_why(cast: Cast, meeting: Meeting, amir: Unit) -> None:
    sent = summon(cast, meeting, amir)
    act = lambda: actions.answer(sent, answer=Answer.DECLINED, how=AnsweredBy.NOTED, by=cast.siv)  # noqa: E731

    assert refused(cast, act) == "Välj varför ni inte kommer."
    with acting(cast.siv):
        given = actions.answer(
            sent, answer=Answer.DECLINED, cause=DeclineCause.NO_TIME, how=AnsweredBy.NOTED, by=cast.siv
        )
        assert given.cause == "no_time"


def test_after_the_meeting_is_cancelled_amir_has_nothing_to_answer(
    cast: Cast, meeting: Meeting, amir: Unit, clock: Clock
) -> None:
    sent = summon(cast, meeting, amir)
    clock(sent.leaves_at)
    assert sent.disclosure is not None
    factories.taken_in(sent.disclosure, by=cast.amir)
    with acting(cast.amir):
        mine = Summons.objects.get()
    with acting(cast.siv):
        actions.cancel(meeting, cause=ChangeCause.OTHER, by=cast.siv)
    with acting(cast.amir), pytest.raises(NotAllowed, match="ändrat, flyttat eller inställt"):
        actions.answer(mine, answer=Answer.COMES, how=AnsweredBy.SIGNED_IN, by=cast.amir)


# --- holding ------------------------------------------------------------------------------------------------


def present(*summonses: Summons, person: bool = True) -> list[Present]:
    cause = "" if person else AbsenceCause.ILLNESS
    return [
        Present(Called.PERSON, was_present=person, cause=cause),
        *(Present(one.called, was_present=True, summons=one) for one in summonses),
    ]


def hold(cast: Cast, meeting: Meeting, attendances: list[Present], **more: Any) -> Meeting:
    with acting(cast.siv):
        siv = meeting.planned_by
        return actions.hold(
            meeting, attendances=attendances, **{"chair": siv, "note_taker": siv, **more}, by=cast.siv
        )


def test_held_it_says_who_came_and_who_did_not_and_why(
    cast: Cast, meeting: Meeting, amir: Unit, clock: Clock
) -> None:
    sent = summon(cast, meeting, amir)
    clock(meeting.starts_at + timedelta(hours=2))
    absent = Present(Called.UNIT, was_present=False, cause=AbsenceCause.UNKNOWN, summons=sent)
    extra = Present(Called.RELATIVE, was_present=True, name="Ove Ek")
    held = hold(cast, meeting, [*present(), absent, extra], next_on=date(2027, 6, 1))

    assert (held.state, held.next_on) == ("held", date(2027, 6, 1))
    with acting(cast.siv):
        found = {(one.called, one.was_present, one.cause) for one in Attendance.objects.all()}
    assert found == {("person", True, ""), ("unit", False, "unknown"), ("relative", True, "")}
    later = lambda: actions.move(held, starts_at=now() + timedelta(days=9), cause="other", by=cast.siv)  # noqa: E731
    assert "Mötet är hållet" in refused(cast, later)


def test_it_cannot_be_closed_without_what_is_missing(
    cast: Cast, meeting: Meeting, amir: Unit, clock: Clock
) -> None:
    sent = summon(cast, meeting, amir)
    with pytest.raises(NotAllowed, match="inte varit än"):
        hold(cast, meeting, present(sent), next_on=date(2027, 6, 1))
    clock(meeting.starts_at)
    whole: dict[str, Any] = {"next_on": date(2027, 6, 1)}
    for attendances, more, why in (
        (present(sent), {}, "när ni ses igen"),
        (present(), whole, "var och en som var kallad"),
        (present(sent)[1:], whole, "personen själv"),
        (present(sent), {**whole, "chair": None}, "mötesledare"),
        (present(sent), {**whole, "result": PreparatoryResult.SIP}, "Bara ett förmöte"),
        (present(sent), {**whole, "no_next_by": "Eva"}, "Antingen"),
        (present(sent), {"next_on": date(2026, 1, 1)}, "efter det här"),
    ):
        with pytest.raises(NotAllowed, match=why):
            hold(cast, meeting, attendances, **more)
    assert hold(cast, meeting, present(sent), no_next_by="Eva och Siv").no_next_by == "Eva och Siv"


@pytest.mark.parametrize(("result", "may"), [("sip", False), ("later", True), ("no", True)])
def test_a_preparatory_meeting_that_leads_to_no_sip_needs_no_next_day(
    cast: Cast, case: Case, clock: Clock, result: str, may: bool
) -> None:
    early = factories.planned_meeting(case, by=cast.siv, kind=MeetingKind.PREPARATORY)
    clock(early.starts_at)
    if may:
        assert hold(cast, early, present(), result=result, chair=None, note_taker=None).result == result
        return
    with pytest.raises(NotAllowed, match="när ni ses igen"):
        hold(cast, early, present(), result=result)


def test_who_came_is_put_right_on_the_trail(cast: Cast, meeting: Meeting, clock: Clock) -> None:
    clock(meeting.starts_at)
    hold(
        cast,
        meeting,
        [*present(person=False), Present(Called.OTHER, was_present=True, name="Ove")],
        no_next_by="Siv",
    )
    with acting(cast.siv):
        wrong = Attendance.objects.select_related("meeting", "case").get(called="person")
        actions.correct_attendance(wrong, was_present=True, by=cast.siv)
        again = Attendance.objects.get(called="person")
        assert (again.was_present, again.cause) == (True, "")
    with person_acting(cast.eva):
        assert Event.objects.filter(tag="meetings:attendance:corrected").count() == 1


def test_eva_reads_her_meetings_and_nils_reads_none(cast: Cast, meeting: Meeting) -> None:
    with person_acting(cast.eva):
        assert list(Meeting.objects.values_list("pk", flat=True)) == [meeting.pk]
    with acting(cast.nils):
        assert list(Meeting.objects.all()) == []
