"""Eva's plan is followed up and her case closed: who says what, what is frozen, and what is refused."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, transaction

from humla.audit.models import Event
from humla.audit.tags import Tag
from humla.cases import actions as case_actions
from humla.cases.models import Case, CaseState, Category
from humla.cases.rules import may_change
from humla.cases.visibility import case_seen
from humla.consents import actions as consent_actions
from humla.consents.models import Consent
from humla.core.context import Actor, acting, now, today
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.disclosures import actions as disclosure_actions
from humla.disclosures.models import Disclosure, Document, DocumentKind, DocumentPart
from humla.followups import actions
from humla.followups import today as today_questions
from humla.followups.models import Before, Closing, FollowUp, Livelihood, Progress, Status
from humla.followups.visibility import (
    begun_in,
    follow_ups_of,
    newest_progress,
    replaced_in,
    sheet_of,
    the_one_before,
    undertaking_in,
)
from humla.plans import actions as plan_actions
from humla.plans.models import Commitment, Goal
from humla.plans.visibility import plan_of
from tests import factories
from tests.cast import Cast
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

Clock = Callable[[datetime], None]


@pytest.fixture
def document(cast: Cast) -> Document:
    return factories.plan_at_work(cast, by=cast.siv)


@pytest.fixture
def ids(cast: Cast, document: Document) -> dict[str, Any]:
    """The commitments' ids, by what they say."""
    with acting(cast.siv):
        return {one.what: one.pk for one in Commitment.objects.all()}


def seen(document: Document) -> Case:
    found = case_seen(document.case_id)
    assert found is not None
    return found


def said(cast: Cast, document: Document, what: Any, status: Status, *, by: Actor, **more: str) -> Progress:
    with acting(by):
        return actions.report(what, seen(document), status=status, by=by, **more)


# --- each party's own status --------------------------------------------------------------------------------


def test_amir_says_how_it_goes_and_siv_sees_it_at_once(cast: Cast, document: Document, ids: dict[str, Any]):
    said(cast, document, ids[factories.FIND_PRACTICE], Status.UNDER_WAY, by=cast.amir, note="Ringt två.")

    with acting(cast.siv):
        told = newest_progress(document.case_id)[ids[factories.FIND_PRACTICE]]
        assert (told.status, told.note, told.unit_id) == (Status.UNDER_WAY, "Ringt två.", cast.amir.unit_id)
    with person_acting(cast.eva):
        assert [one.status for one in Progress.objects.all()] == [Status.UNDER_WAY]
        assert Event.objects.filter(tag=Tag.PROGRESS_REPORTED, actor_id=cast.amir.id).exists()


def test_amir_cannot_say_how_farids_commitment_goes(cast: Cast, document: Document, ids: dict[str, Any]):
    with pytest.raises(NotAllowed, match="FK Humlesund säger själv"):
        said(cast, document, ids[factories.EXTEND_BENEFIT], Status.DONE, by=cast.amir)


def test_what_was_not_handed_over_is_not_there_to_report_on(
    cast: Cast, document: Document, ids: dict[str, Any]
):
    """The referral is health: Arbetsförmedlingen may not know that it stands in the plan."""
    with pytest.raises(NotAllowed, match="står inte i den plan som din enhet har fått"):
        said(cast, document, ids[factories.REFERRAL], Status.DONE, by=cast.amir)


def test_the_wall_refuses_a_report_on_anothers_commitment(
    cast: Cast, document: Document, ids: dict[str, Any]
):
    """Past the rule in Python: a row for Farid's commitment, and one that calls it Amir's."""
    with acting(cast.amir):
        for unit in (cast.farid.unit_id, cast.amir.unit_id):
            row = Progress(
                association_id=document.association_id,
                authority_id=cast.amir.authority_id,
                person_id=document.person_id,
                case_id=document.case_id,
                commitment_id=ids[factories.EXTEND_BENEFIT],
                unit_id=unit,
                status=Status.DONE,
                reported_at=now(),
                reported_by_id=cast.amir.id,
            )
            with pytest.raises(ProgrammingError), transaction.atomic():
                row.save(force_insert=True)


def test_what_farid_says_is_not_shown_to_amir_nor_to_lena(
    cast: Cast, document: Document, ids: dict[str, Any]
):
    factories.taken_in(
        factories.handed_over(cast, document, by=cast.siv, to=cast.units["farid"]), by=cast.farid
    )
    said(cast, document, ids[factories.EXTEND_BENEFIT], Status.DONE, by=cast.farid)

    for other in (cast.amir, cast.lena, cast.nils, cast.stranger, cast.maja):
        with acting(other):
            assert list(Progress.objects.all()) == [], other.name
    for reader in (cast.farid, cast.siv):
        with acting(reader):
            assert [one.status for one in Progress.objects.all()] == [Status.DONE]


def test_a_withdrawn_yes_closes_reporting_in_the_next_statement(
    cast: Cast, document: Document, ids: dict[str, Any], clock: Clock
):
    started = datetime.now().astimezone()
    with acting(cast.siv):
        yes = Consent.objects.get(receiver_unit=cast.amir.unit_id)
        consent_actions.withdraw(yes, by=cast.siv)
    clock(started + timedelta(minutes=1))

    with acting(cast.amir):
        assert case_seen(document.case_id) is None
    with acting(cast.siv):
        held = seen(document)
    with acting(cast.amir), pytest.raises(NotAllowed):
        actions.report(ids[factories.FIND_PRACTICE], held, status=Status.DONE, by=cast.amir)


def test_siv_notes_what_she_was_told_by_telephone(cast: Cast, document: Document, ids: dict[str, Any]):
    told = said(
        cast,
        document,
        ids[factories.EXTEND_BENEFIT],
        Status.HINDERED,
        by=cast.siv,
        hinder="evidence",
        note="Läkarutlåtandet dröjer.",
    )

    assert (told.unit_id, told.authority_id) == (cast.farid.unit_id, cast.siv.authority_id)


def test_a_hinder_says_what_it_is(cast: Cast, document: Document, ids: dict[str, Any]):
    with pytest.raises(NotAllowed, match="Välj vad som hindrar"):
        said(cast, document, ids[factories.FIND_PRACTICE], Status.HINDERED, by=cast.amir)


def test_undone_what_was_said_before_is_said_again(
    cast: Cast, document: Document, ids: dict[str, Any], clock: Clock
):
    practice, start = ids[factories.FIND_PRACTICE], datetime.now().astimezone()
    said(cast, document, practice, Status.UNDER_WAY, by=cast.amir, note="Ringt två.")
    clock(start + timedelta(minutes=1))
    said(cast, document, practice, Status.DONE, by=cast.amir)
    clock(start + timedelta(minutes=2))

    with acting(cast.amir):
        actions.take_back_report(practice, seen(document), by=cast.amir)
        assert newest_progress(document.case_id)[practice].note == "Ringt två."
        assert Progress.objects.count() == 3
    with acting(cast.siv), pytest.raises(NotAllowed, match="Bara den som sa det senast"):
        actions.take_back_report(practice, seen(document), by=cast.siv)


def test_nobody_says_anothers_words_again_in_her_own_name(
    cast: Cast, document: Document, ids: dict[str, Any], clock: Clock
):
    practice, start = ids[factories.FIND_PRACTICE], datetime.now().astimezone()
    said(cast, document, practice, Status.UNDER_WAY, by=cast.amir, note="Ringt två.")
    clock(start + timedelta(minutes=1))
    said(cast, document, practice, Status.DONE, by=cast.siv)
    clock(start + timedelta(minutes=2))

    with acting(cast.siv):
        with pytest.raises(NotAllowed, match="någon annans ord"):
            actions.take_back_report(practice, seen(document), by=cast.siv)
        assert Progress.objects.filter(note="Ringt två.").count() == 1


def test_a_row_that_is_still_being_written_has_no_status(cast: Cast):
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    factories.whole_plan(cast, case, by=cast.siv)
    with acting(cast.siv):
        row = Commitment.objects.all()[0]
        with pytest.raises(NotAllowed, match="fastställd plan"):
            actions.report(row.pk, case, status=Status.DONE, by=cast.siv)


# --- follow-ups ---------------------------------------------------------------------------------------------


def begun(cast: Cast, document: Document) -> FollowUp:
    return actions.begin_follow_up(seen(document), document=document, held_on=today(), by=cast.siv)


def answered(follow_up: FollowUp, *, by: Actor, staff: int = 3, person: int | None = 2) -> FollowUp:
    sheet = sheet_of(follow_up)
    return actions.keep_follow_up(
        follow_up,
        version=follow_up.version,
        commitments={one.id: {"outcome": "done"} for one in sheet.commitments},
        goals={one.id: {"by_person": None, "by_staff": 4} for one in sheet.goals},
        step_by_staff=staff,
        step_by_person=person,
        person_words="Det går framåt, sakta.",
        next_on=today() + timedelta(days=90),
        no_next_by="",
        by=by,
    )


def test_a_follow_up_asks_what_was_adopted_and_not_what_is_being_written(cast: Cast, document: Document):
    with acting(cast.siv):
        plan = plan_of(seen(document))
        assert plan is not None
        plan_actions.add_commitment(plan, doer="person", what="Något nytt", by=cast.siv)
        asked = [one.block["what"] for one in sheet_of(begun(cast, document)).commitments]

    assert len(asked) == 6
    assert "Något nytt" not in asked


def test_it_is_not_done_until_everything_is_answered_and_says_what_is_not(cast: Cast, document: Document):
    with acting(cast.siv):
        follow_up = begun(cast, document)
        with pytest.raises(NotAllowed, match=r"Boka studiebesök.*till"):
            actions.finish_follow_up(follow_up, version=1, by=cast.siv)
        kept = answered(follow_up, by=cast.siv)
        kept = actions.keep_follow_up(kept, version=kept.version, step_by_staff=None, by=cast.siv)
        with pytest.raises(NotAllowed, match="inte besvarat: steget enligt personalen"):
            actions.finish_follow_up(kept, version=kept.version, by=cast.siv)


def test_what_was_not_done_says_why(cast: Cast, document: Document):
    with acting(cast.siv):
        follow_up, one = begun(cast, document), Commitment.objects.get(what=factories.FIND_PRACTICE)
        goal, keep = Goal.objects.all()[0].pk, partial(actions.keep_follow_up, follow_up, by=cast.siv)
        with pytest.raises(NotAllowed, match="Välj vad som hindrade"):
            keep(version=1, commitments={one.pk: {"outcome": "not"}})
        keep(version=1, commitments={one.pk: {"outcome": "partly", "hinder": "queue"}})
        keep(version=2, goals={goal: {"by_person": 2, "by_staff": 3}})
        with pytest.raises(NotAllowed, match="mellan 1 och 5"):
            keep(version=3, goals={goal: {"by_person": 6, "by_staff": 3}})

        assert [each.result.hinder for each in sheet_of(follow_up).commitments if each.result] == ["queue"]


def test_one_that_was_begun_by_mistake_is_removed_and_stops_nothing(cast: Cast, document: Document):
    with acting(cast.siv):
        first = actions.keep_follow_up(
            begun(cast, document), version=1, person_words="Det går framåt.", by=cast.siv
        )
        gone = actions.remove_follow_up(first, by=cast.siv)
        with pytest.raises(NotAllowed, match="borttagen"):
            actions.keep_follow_up(gone, version=gone.version, step_by_staff=3, by=cast.siv)
        with pytest.raises(NotAllowed, match="borttagen"):
            actions.finish_follow_up(gone, version=gone.version, by=cast.siv)
        assert (follow_ups_of(seen(document)), begun_in(seen(document))) == ([], None)
        assert list(today_questions.begun_follow_ups(None)) == []

        second = begun(cast, document)
        with pytest.raises(NotAllowed, match="pågår redan"):
            actions.restore_follow_up(gone, by=cast.siv)
        actions.remove_follow_up(second, by=cast.siv)
        back = actions.restore_follow_up(gone, by=cast.siv)
        assert [one.person_words for one in follow_ups_of(seen(document))] == ["Det går framåt."]
        kept = answered(back, by=cast.siv)
        actions.finish_follow_up(kept, version=kept.version, by=cast.siv)
    with person_acting(cast.eva):
        tags = [one.tag for one in Event.objects.order_by("at", "id")]
    assert tags.count("followups:follow_up:removed") == 2
    assert tags.count("followups:follow_up:restored") == 1


def test_what_is_frozen_is_never_removed(cast: Cast, document: Document):
    with acting(cast.siv):
        kept = answered(begun(cast, document), by=cast.siv)
        actions.finish_follow_up(kept, version=kept.version, by=cast.siv)
        done = FollowUp.objects.get()
        done.case = seen(document)
        with pytest.raises(NotAllowed, match="Rätta den med en ny"):
            actions.remove_follow_up(done, by=cast.siv)


def test_done_it_is_frozen_by_category_and_the_plan_gets_its_next_day(cast: Cast, document: Document):
    with acting(cast.siv):
        kept = answered(begun(cast, document), by=cast.siv)
        frozen = actions.finish_follow_up(kept, version=kept.version, by=cast.siv)
        plan, parts = plan_of(seen(document)), DocumentPart.objects.filter(document=frozen)
        told = {part.category: str(part.content) for part in parts}

    assert plan is not None
    assert plan.follow_up_on == kept.next_on
    assert not plan.is_changed
    assert (frozen.kind, frozen.version) == (DocumentKind.FOLLOW_UP, 1)
    assert factories.REFERRAL in told[Category.HEALTH]
    assert factories.BUDGET in told[Category.ECONOMY]
    assert factories.FIND_PRACTICE in told[Category.PLANNING]
    assert factories.REFERRAL not in told[Category.PLANNING] + told[Category.NEEDS]
    assert "Det går framåt" in told[Category.NEEDS]


def test_amir_gets_the_parts_of_the_follow_up_that_his_yes_covers(
    cast: Cast, document: Document, clock: Clock
):
    with acting(cast.siv):
        kept = answered(begun(cast, document), by=cast.siv)
        frozen = actions.finish_follow_up(kept, version=kept.version, by=cast.siv)
    factories.handed_over(cast, frozen, by=cast.siv, to=cast.units["amir"])

    with acting(cast.amir):
        seen_by_him = {part.category for part in DocumentPart.objects.filter(document=frozen)}
        assert seen_by_him == {Category.IDENTITY, Category.PLANNING, Category.NEEDS}
        assert list(FollowUp.objects.all()) == []
    with acting(cast.lena):
        assert not DocumentPart.objects.filter(document=frozen).exists()


def test_two_who_write_at_once_lose_nothing(cast: Cast, document: Document):
    with acting(cast.siv):
        follow_up = begun(cast, document)
        answered(follow_up, by=cast.siv)
        with pytest.raises(Stale) as stale:
            actions.keep_follow_up(follow_up, version=1, person_words="Annat.", by=cast.siv)
    assert stale.value.theirs.person_words == "Det går framåt, sakta."  # type: ignore[attr-defined]


def test_one_at_a_time_and_once_a_day_and_never_tomorrow(cast: Cast, document: Document):
    with acting(cast.siv):
        case, tomorrow = seen(document), today() + timedelta(days=1)
        with pytest.raises(NotAllowed, match="inte här än"):
            actions.begin_follow_up(case, document=document, held_on=tomorrow, by=cast.siv)
        follow_up = begun(cast, document)
        with pytest.raises(NotAllowed, match="pågår redan"):
            begun(cast, document)
        kept = answered(follow_up, by=cast.siv)
        actions.finish_follow_up(kept, version=kept.version, by=cast.siv)
        with pytest.raises(NotAllowed, match="Rätta den i stället"):
            begun(cast, document)


def test_a_correction_takes_the_answers_along_and_counts_when_it_is_done(
    cast: Cast, document: Document, clock: Clock
):
    start = datetime.now().astimezone()
    with acting(cast.siv):
        kept = answered(begun(cast, document), by=cast.siv)
        actions.finish_follow_up(kept, version=kept.version, by=cast.siv)
    clock(start + timedelta(minutes=5))
    with acting(cast.siv):
        first = follow_ups_of(seen(document))[0]
        with pytest.raises(NotAllowed, match="Rätta den"):
            actions.keep_follow_up(first, version=first.version, person_words="Nej", by=cast.siv)
        again = actions.correct_follow_up(first, by=cast.siv)
        assert replaced_in(follow_ups_of(seen(document))) == {}
        frozen = actions.finish_follow_up(again, version=again.version, step_by_staff=4, by=cast.siv)

        assert frozen.version == 2
        assert replaced_in(follow_ups_of(seen(document))) == {first.pk: again.pk}
        assert FollowUp.objects.get(pk=first.pk).step_by_staff == 3


def test_an_old_follow_up_put_right_leaves_the_next_day_as_the_later_one_settled_it(
    cast: Cast, document: Document, clock: Clock
):
    start = datetime.now().astimezone()
    with acting(cast.siv):
        kept = answered(begun(cast, document), by=cast.siv)
        actions.finish_follow_up(kept, version=kept.version, by=cast.siv)
    clock(start + timedelta(days=30))
    with acting(cast.siv):
        later = answered(begun(cast, document), by=cast.siv)
        actions.finish_follow_up(later, version=later.version, by=cast.siv)
    clock(start + timedelta(days=31))
    with acting(cast.siv):
        first = follow_ups_of(seen(document))[1]
        again = actions.correct_follow_up(first, by=cast.siv)
        actions.finish_follow_up(again, version=again.version, step_by_staff=4, by=cast.siv)
        plan = plan_of(seen(document))

    assert first.next_on != later.next_on
    assert plan is not None
    assert plan.follow_up_on == later.next_on


def test_the_step_is_compared_with_the_time_before(cast: Cast, document: Document, clock: Clock):
    start = datetime.now().astimezone()
    with acting(cast.siv):
        kept = answered(begun(cast, document), by=cast.siv, staff=2)
        actions.finish_follow_up(kept, version=kept.version, by=cast.siv)
    clock(start + timedelta(days=80))
    with acting(cast.siv):
        kept = answered(begun(cast, document), by=cast.siv, staff=4, person=None)
        frozen = actions.finish_follow_up(kept, version=kept.version, by=cast.siv)
        needs = DocumentPart.objects.get(document=frozen, category=Category.NEEDS)
        rows = follow_ups_of(seen(document))
        before = the_one_before(rows[0], rows)

    assert before is not None
    assert before.step_by_staff == 2
    assert "4 av 5, 2 upp" in str(needs.content)
    assert "inget svar" in str(needs.content)


def test_nobody_else_follows_up_or_closes(cast: Cast, document: Document):
    with acting(cast.siv):
        case = seen(document)
    for other in (cast.amir, cast.maja, cast.nils, cast.lena):
        with acting(other):
            with pytest.raises(NotAllowed):
                actions.begin_follow_up(case, document=document, held_on=today(), by=other)
            with pytest.raises(NotAllowed):
                actions.close(case, reason="no_contact", by=other)


# --- the end of a case --------------------------------------------------------------------------------------

BOTH_ENDS: Any = [
    {"end": Before.BEFORE, "kind": Livelihood.INCOME_SUPPORT, "percent": 100},
    {"end": Before.AFTER, "kind": Livelihood.WORK, "percent": 50},
    {"end": Before.AFTER, "kind": Livelihood.SICKNESS_BENEFIT, "percent": 50, "is_pending": True},
]


def ended(cast: Cast, document: Document, **more: Any) -> Closing:
    told = {"reason": "goal_reached", "result": "Ett halvtidsjobb.", "livelihood": BOTH_ENDS, **more}
    return actions.close(seen(document), by=cast.siv, **told)


def test_closed_it_is_frozen_and_read_only(cast: Cast, document: Document, ids: dict[str, Any]):
    with acting(cast.siv):
        closing = ended(cast, document, verdict=4, verdict_words="Bra att någon höll ihop det.")
        case = seen(document)
        ruling = may_change(cast.siv, case)
        parts = DocumentPart.objects.filter(kind=DocumentKind.CLOSING)
        told = {part.category: str(part.content) for part in parts}

        assert case.state == CaseState.CLOSED
        assert case.closed_at == closing.closed_at
        assert not ruling
        assert "avslutat" in ruling.reason
        assert closing.age_then == today().year - 1986
        assert "lön av arbete" in told[Category.ECONOMY]
        assert "försörjningsstöd" not in told[Category.PLANNING]
        assert "Ett halvtidsjobb" in told[Category.NEEDS]
    with pytest.raises(NotAllowed, match="avslutat"):
        said(cast, document, ids[factories.FIND_PRACTICE], Status.DONE, by=cast.amir)


def test_what_is_begun_is_done_before_the_case_is_closed(cast: Cast, document: Document):
    with acting(cast.siv):
        kept = answered(begun(cast, document), by=cast.siv)
        with pytest.raises(NotAllowed, match="pågår redan"):
            ended(cast, document)
        actions.finish_follow_up(kept, version=kept.version, by=cast.siv)
        ended(cast, document)

        assert seen(document).state == CaseState.CLOSED


def test_a_case_that_rested_is_closed_without_a_trace_of_why_it_rested(cast: Cast, document: Document):
    with acting(cast.siv):
        case = seen(document)
        until = today() + timedelta(days=30)
        case_actions.rest(case, version=case.version, until=until, reason="Utreds i Lund.", by=cast.siv)
        ended(cast, document)
        case = Case.objects.get(pk=document.case_id)

    assert (case.resting_until, case.resting_reason) == (None, "")


def test_a_plan_that_came_to_its_end_tells_the_outcome(cast: Cast, document: Document):
    with acting(cast.siv):
        for more, sentence in (
            ({"result": ""}, "vad det blev"),
            ({"livelihood": BOTH_ENDS[:1]}, "både när planen började och vid avslut"),
            ({"livelihood": [*BOTH_ENDS, BOTH_ENDS[0]]}, "två gånger"),
            ({"reason": "other_plan"}, "vem som tar vid"),
            ({"verdict": 6}, "mellan 1 och 5"),
            ({"closed_on": today() + timedelta(days=1)}, "mellan att det öppnades och i dag"),
        ):
            with pytest.raises(NotAllowed, match=sentence):
                ended(cast, document, **more)
        assert not Closing.objects.exists()
        assert actions.close(seen(document), reason="died", by=cast.siv).result == ""


def test_those_who_are_to_know_get_it_by_their_yes(cast: Cast, document: Document):
    with acting(cast.siv):
        with pytest.raises(NotAllowed, match="Samtycke saknas för Psykiatrin"):
            ended(cast, document, tell=[cast.units["lena"]])
        ended(cast, document, tell=[cast.units["amir"]])
        act = Disclosure.objects.get(document__kind=DocumentKind.CLOSING)

    assert act.opens_at > act.disclosed_at
    assert set(act.categories) == {"IDENTITY", "PLANNING", "NEEDS"}


def test_reopened_with_a_reason_it_goes_on_and_can_be_closed_again(cast: Cast, document: Document):
    with acting(cast.siv):
        closing = ended(cast, document)
        with pytest.raises(NotAllowed, match="Skriv varför"):
            actions.reopen(closing, why=" ", by=cast.siv)
        case = actions.reopen(closing, why="Jobbet tog slut.", by=cast.siv)
        assert may_change(cast.siv, case)
        assert case.closed_at is None
        with pytest.raises(NotAllowed, match="inte avslutat"):
            actions.reopen(closing, why="Igen.", by=cast.siv)
        ended(cast, document)
        frozen = Document.objects.filter(kind=DocumentKind.CLOSING).values_list("version", flat=True)
        assert sorted(frozen) == [1, 2]


def test_what_amir_has_been_given_stays_while_the_yes_holds(cast: Cast, document: Document):
    """The consent is the person's: closing ends the work, not her yes."""
    with acting(cast.siv):
        ended(cast, document)
    with acting(cast.amir):
        assert DocumentPart.objects.filter(kind=DocumentKind.PLAN).exists()
        assert undertaking_in(seen(document), next(iter(_his(document)))) is not None


def _his(document: Document) -> list[UUID]:
    for part in DocumentPart.objects.filter(category=Category.PLANNING, kind=DocumentKind.PLAN):
        return [
            UUID(block["id"])
            for block in part.content["blocks"]
            if block["kind"] == "commitment" and block["what"] == factories.FIND_PRACTICE
        ]
    return []


def test_a_closing_that_has_not_left_can_be_taken_back_though_the_case_is_closed(
    cast: Cast, document: Document
):
    with acting(cast.siv):
        ended(cast, document, tell=[cast.units["amir"]])
        act = Disclosure.objects.get(document__kind=DocumentKind.CLOSING)
        disclosure_actions.undo(act, by=cast.siv)
        assert Disclosure.objects.get(pk=act.pk).undone_at is not None
