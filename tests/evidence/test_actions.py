"""Underlag asked for: who may be asked, what they answer, and what a withdrawn yes ends."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from humla.cases.models import Case, Category
from humla.consents import actions as consents
from humla.consents.models import Consent
from humla.core.context import Actor, Kind, acting, now, today
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.evidence import actions
from humla.evidence.asked import all_asked_evidence, answer_asked, asked_evidence, write_view
from humla.evidence.models import EvidenceAnswer, EvidenceRequest, EvidenceState, OwnView
from humla.evidence.visibility import Asked, evidence_of, suggested_by_when
from humla.meetings.models import Called
from humla.meetings.rules import Call
from humla.notifications.models import Notice, NoticeKind
from tests import factories
from tests.cast import Cast
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> Case:
    made = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    factories.consent(made, cast.units["amir"], by=cast.siv)
    return made


def ask(case: Case, cast: Cast, *who: str, kind: str = "own_plan", days: int = 10) -> list[EvidenceRequest]:
    calls = [Call(Called.UNIT, cast.units[one]) for one in who] or [Call(Called.PERSON)]
    with acting(cast.siv):
        return actions.ask_all(
            case, kind=kind, calls=calls, by_when=today() + timedelta(days=days), by=cast.siv
        )


def only(case: Case, cast: Cast) -> Asked:
    with acting(cast.siv):
        (one,) = evidence_of(case)
    return one


def letters(cast: Cast) -> list[tuple[str, str]]:
    with acting(Actor(Kind.SYSTEM, association_id=cast.association.pk)):
        return list(
            Notice.objects.filter(kind__startswith="evidence")
            .order_by("queued_at", "id")
            .values_list("kind", "state")
        )


def test_a_unit_with_a_yes_is_asked_and_gets_one_letter(case: Case, cast: Cast):
    (asked,) = ask(case, cast, "amir")

    assert letters(cast) == [(NoticeKind.EVIDENCE_ASKED, "waiting")]
    assert only(case, cast).state is EvidenceState.LEAVING
    assert asked.leaves_at > asked.asked_at


@pytest.mark.parametrize("who", ["lena", "farid"])
def test_a_unit_without_a_yes_is_not_asked_and_neither_are_the_others(who: str, case: Case, cast: Cast):
    with pytest.raises(NotAllowed, match="Samtycke saknas"):
        ask(case, cast, "amir", who)

    with acting(cast.siv):
        assert not EvidenceRequest.objects.exists()
    assert letters(cast) == []


def test_a_yes_without_planning_is_not_enough(cast: Cast):
    made = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    factories.consent(made, cast.units["amir"], by=cast.siv, categories=[Category.NEEDS])

    with pytest.raises(NotAllowed, match="omfattar inte planering"):
        ask(made, cast, "amir")


def test_only_those_who_hold_the_case_ask(case: Case, cast: Cast):
    with pytest.raises(NotAllowed), acting(cast.nils):
        actions.ask_all(case, kind="view", calls=[Call(Called.PERSON)], by_when=today(), by=cast.nils)


def test_asked_for_the_same_twice_is_refused_until_it_has_come(
    case: Case, cast: Cast, clock: Callable[[Any], None]
):
    (first,) = ask(case, cast, "amir")
    with pytest.raises(NotAllowed, match="redan tillfrågad"):
        ask(case, cast, "amir")
    ask(case, cast, "amir", kind="decision")
    with acting(cast.siv):
        actions.note(first, said="arrived", by=cast.siv)

    ask(case, cast, "amir")
    with acting(cast.siv):
        assert EvidenceRequest.objects.count() == 3


def test_a_day_that_has_been_is_refused(case: Case, cast: Cast):
    with pytest.raises(NotAllowed, match="Dagen har redan varit"):
        ask(case, cast, "amir", days=-1)


def test_undone_before_it_left_nobody_hears_of_it(case: Case, cast: Cast):
    (asked,) = ask(case, cast, "amir")
    with acting(cast.siv):
        actions.withdraw(asked, by=cast.siv)

    assert letters(cast) == [(NoticeKind.EVIDENCE_ASKED, "cancelled")]
    assert only(case, cast).state is EvidenceState.WITHDRAWN


def test_taken_back_after_it_left_the_unit_is_told(case: Case, cast: Cast, clock: Callable[[Any], None]):
    (asked,) = ask(case, cast, "amir")
    clock(asked.leaves_at)
    with acting(cast.siv):
        actions.withdraw(asked, by=cast.siv)

    assert (NoticeKind.EVIDENCE_WITHDRAWN, "waiting") in letters(cast)


def test_the_unit_answers_signed_in_without_seeing_a_row(
    case: Case, cast: Cast, clock: Callable[[Any], None]
):
    (asked,) = ask(case, cast, "amir")
    clock(asked.leaves_at)
    with acting(cast.amir):
        seen = [model.objects.count() for model in (EvidenceRequest, EvidenceAnswer, OwnView)]
        (told,) = all_asked_evidence()
        answer_asked(told.id, said="promised", promised_on=today() + timedelta(days=3), by=cast.amir)
        answer_asked(told.id, said="promised", promised_on=today() + timedelta(days=3), by=cast.amir)
        again = asked_evidence(told.id)

    assert seen == [0, 0, 0]
    assert told.reference == case.reference
    assert again is not None
    assert again.said == "promised"
    assert only(case, cast).state is EvidenceState.PROMISED
    with acting(cast.siv):
        assert EvidenceAnswer.objects.count() == 1


@pytest.mark.parametrize("who", ["lena", "farid", "nils", "siv", "stranger"])
def test_nobody_else_answers(who: str, case: Case, cast: Cast, clock: Callable[[Any], None]):
    (asked,) = ask(case, cast, "amir")
    clock(asked.leaves_at)
    actor = getattr(cast, who)
    with acting(actor):
        assert all_asked_evidence() == []
        assert asked_evidence(asked.pk) is None
        with pytest.raises(NotAllowed):
            answer_asked(asked.pk, said="sent", by=actor)


def test_before_it_has_left_the_unit_sees_nothing(case: Case, cast: Cast, clock: Callable[[Any], None]):
    (asked,) = ask(case, cast, "amir")
    clock(asked.leaves_at - timedelta(microseconds=1))
    with acting(cast.amir):
        assert all_asked_evidence() == []


def test_a_promise_that_is_broken_is_late_and_chased(case: Case, cast: Cast, clock: Callable[[Any], None]):
    (asked,) = ask(case, cast, "amir", days=20)
    clock(asked.leaves_at)
    with acting(cast.amir):
        answer_asked(asked.pk, said="promised", promised_on=today() + timedelta(days=1), by=cast.amir)
    assert only(case, cast).state is EvidenceState.PROMISED
    clock(asked.leaves_at + timedelta(days=2))

    assert only(case, cast).state is EvidenceState.LATE


def test_what_came_on_paper_is_ticked_and_a_wrong_tick_is_taken_back(
    case: Case, cast: Cast, clock: Callable[[Any], None]
):
    (asked,) = ask(case, cast, "amir")
    clock(asked.leaves_at)
    with acting(cast.siv):
        actions.note(asked, said="arrived", by=cast.siv)
    came = only(case, cast).state
    clock(asked.leaves_at + timedelta(minutes=1))
    with acting(cast.siv):
        actions.note(asked, said="missing", by=cast.siv)

    assert (came, only(case, cast).state) == (EvidenceState.ARRIVED, EvidenceState.ASKED)
    with acting(cast.siv):
        assert EvidenceAnswer.objects.count() == 2


def test_what_has_come_is_not_answered_away(case: Case, cast: Cast, clock: Callable[[Any], None]):
    (asked,) = ask(case, cast, "amir")
    clock(asked.leaves_at)
    with acting(cast.siv):
        actions.note(asked, said="arrived", by=cast.siv)
    with pytest.raises(NotAllowed), acting(cast.amir):
        answer_asked(asked.pk, said="refused", cause="not_ours", by=cast.amir)


@pytest.mark.parametrize(
    ("said", "told", "sentence"),
    [("promised", {}, "vilken dag"), ("refused", {}, "varför det inte går")],
)
def test_later_has_a_day_and_cannot_has_a_cause(
    said: str, told: dict[str, Any], sentence: str, case: Case, cast: Cast
):
    (asked,) = ask(case, cast, "amir")
    with pytest.raises(NotAllowed, match=sentence), acting(cast.siv):
        actions.note(asked, said=said, **told, by=cast.siv)


def test_two_change_the_day_at_once(case: Case, cast: Cast):
    (asked,) = ask(case, cast, "amir")
    with acting(cast.siv):
        day = today() + timedelta(days=5)
        actions.change(asked, by_when=day, where_it_lies="Akt 12", version=1, by=cast.siv)
        with pytest.raises(Stale):
            actions.change(asked, by_when=day, where_it_lies="Akt 13", version=1, by=cast.siv)

    assert only(case, cast).request.where_it_lies == "Akt 12"


def test_a_yes_taken_back_ends_what_was_still_to_come_in_the_same_second(
    case: Case, cast: Cast, clock: Callable[[Any], None]
):
    open_one, came = ask(case, cast, "amir")[0], ask(case, cast, "amir", kind="decision")[0]
    clock(open_one.leaves_at)
    with acting(cast.siv):
        actions.note(came, said="arrived", by=cast.siv)
        yes = Consent.objects.get(case=case, receiver_unit=cast.units["amir"], withdrawn_at=None)
        consents.withdraw(yes, by=cast.siv)
        stands = {one.request.kind: one.state for one in evidence_of(case)}

    assert stands == {"own_plan": EvidenceState.WITHDRAWN, "decision": EvidenceState.ARRIVED}
    assert (NoticeKind.EVIDENCE_WITHDRAWN, "waiting") in letters(cast)
    with acting(cast.amir):
        assert all_asked_evidence() == []
        assert asked_evidence(open_one.pk) is None


def test_a_units_own_view_is_read_by_the_holder_and_the_person_alone(
    case: Case, cast: Cast, clock: Callable[[Any], None]
):
    (asked,) = ask(case, cast, "amir", kind="view")
    clock(asked.leaves_at)
    with acting(cast.amir):
        write_view(asked.pk, "Vi ser att praktik fungerar.", by=cast.amir)
        ours = OwnView.objects.count()
    with person_acting(cast.eva):
        hers = [one.text for one in OwnView.objects.all()]
    with acting(cast.nils):
        others = OwnView.objects.count()

    found = only(case, cast)
    assert (found.state, found.views[0].text) == (EvidenceState.ARRIVED, "Vi ser att praktik fungerar.")
    assert (ours, hers, others) == (0, ["Vi ser att praktik fungerar."], 0)


def test_words_have_no_way_in_but_as_a_view(case: Case, cast: Cast, clock: Callable[[Any], None]):
    (asked,) = ask(case, cast, "amir", kind="decision")
    clock(asked.leaves_at)
    with pytest.raises(NotAllowed), acting(cast.amir):
        write_view(asked.pk, "Hon dricker.", by=cast.amir)


def test_the_day_is_so_many_working_days_before_the_meeting(case: Case, cast: Cast):
    with acting(cast.siv):
        meeting = factories.planned_meeting(case, by=cast.siv, days=30)
    with acting(cast.siv):
        on = suggested_by_when(meeting)
        assert on < meeting.starts_at.date()
        assert on.weekday() < 5
        assert (meeting.starts_at.date() - on).days >= 7
        assert suggested_by_when(None) > now().date()
