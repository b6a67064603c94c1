"""A yes ends, and what was on its way with it: summonses, letters, links, the lead that was offered.

What has left stays with whoever has it; who had something is told that something has changed, and never why.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from humla.audit.models import Event
from humla.cases.models import Case, Category
from humla.cases.visibility import case_seen
from humla.consents import actions
from humla.consents.models import Consent
from humla.core.context import Actor, Kind, acting, now, standing
from humla.core.rulings import NotAllowed
from humla.disclosures.actions import GRACE, disclose
from humla.disclosures.models import Disclosure
from humla.disclosures.visibility import parts_seen
from humla.drafts.actions import draft_of, keep_draft
from humla.links.models import Link
from humla.meetings.models import Summons
from humla.notifications.models import Notice, NoticeKind, NoticeState
from humla.plans.models import LeadTransfer
from tests import factories
from tests.cast import Cast
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

Clock = Callable[[datetime], None]


def letters(cast: Cast) -> set[tuple[str, str]]:
    """What the clock has in the outbox, by kind and state."""
    with acting(Actor(Kind.SYSTEM, association_id=cast.association.pk)):
        return set(Notice.objects.values_list("kind", "state"))


def later(clock: Clock, **how_much: float) -> None:
    """The clock goes on from where it stands."""
    with acting(Actor(Kind.SYSTEM)):
        at = now()
    clock(at + timedelta(**how_much))


def eva_takes_it_back(cast: Cast, consent: Consent) -> None:
    with person_acting(cast.eva):
        actions.withdraw(Consent.objects.get(pk=consent.pk), by=standing().actor)


def consent_in(case: Case, by: Actor) -> Consent:
    with acting(by):
        return Consent.objects.get(case_id=case.pk, withdrawn_at=None)


def test_a_summons_that_has_left_is_cancelled_when_eva_takes_it_back(cast: Cast, clock: Clock) -> None:
    summons = factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    later(clock, seconds=90)
    eva_takes_it_back(cast, consent_in(summons.case, cast.siv))
    with acting(cast.siv):
        found = Summons.objects.get(pk=summons.pk)

    assert found.cancelled_at is not None
    assert (NoticeKind.SUMMONS, NoticeState.CANCELLED) in letters(cast)
    assert (NoticeKind.SUMMONS_CANCELLED, NoticeState.WAITING) in letters(cast)
    assert (NoticeKind.CONSENT_CHANGED, NoticeState.WAITING) in letters(cast)


def test_a_summons_in_its_minute_of_regret_never_was(cast: Cast) -> None:
    summons = factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    eva_takes_it_back(cast, consent_in(summons.case, cast.siv))
    with acting(cast.siv):
        found = Summons.objects.select_related("disclosure").get(pk=summons.pk)

    assert found.cancelled_at is not None
    assert found.disclosure is not None
    assert found.disclosure.undone_at is not None
    assert letters(cast) == {(NoticeKind.SUMMONS, NoticeState.CANCELLED)}


def test_a_link_that_is_out_closes_with_the_yes(cast: Cast, clock: Clock) -> None:
    summons = factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    later(clock, seconds=90)
    factories.link_in_letter(summons, unit=cast.units["amir"])
    eva_takes_it_back(cast, consent_in(summons.case, cast.siv))
    with acting(Actor(Kind.SYSTEM, association_id=cast.association.pk)):
        revoked = [one.revoked_at is not None for one in Link.objects.filter(subject_id=summons.pk)]

    assert revoked == [True]


def test_a_narrowing_that_leaves_the_planning_leaves_the_summons(cast: Cast, clock: Clock) -> None:
    summons = factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    later(clock, seconds=90)
    with acting(cast.siv):
        actions.narrow(consent_in_open(summons.case), categories=[Category.PLANNING], by=cast.siv)
        found = Summons.objects.get(pk=summons.pk)

    assert found.cancelled_at is None
    assert (NoticeKind.CONSENT_CHANGED, NoticeState.WAITING) in letters(cast)
    assert NoticeKind.SUMMONS_CANCELLED not in {kind for kind, _state in letters(cast)}


def consent_in_open(case: Case) -> Consent:
    """The same in a context that is open already."""
    return Consent.objects.select_related("case").get(case_id=case.pk, withdrawn_at=None)


def test_a_narrowing_that_takes_the_planning_cancels_the_summons(cast: Cast, clock: Clock) -> None:
    summons = factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    later(clock, seconds=90)
    with acting(cast.siv):
        actions.narrow(consent_in_open(summons.case), categories=[Category.NEEDS], by=cast.siv)
        found = Summons.objects.get(pk=summons.pk)

    assert found.cancelled_at is not None


def test_a_new_yes_to_the_same_unit_leaves_the_summons(cast: Cast, clock: Clock) -> None:
    summons = factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    later(clock, seconds=90)
    factories.consent(summons.case, cast.units["amir"], by=cast.siv)
    with acting(cast.siv):
        found = Summons.objects.get(pk=summons.pk)

    assert found.cancelled_at is None
    assert NoticeKind.CONSENT_CHANGED not in {kind for kind, _state in letters(cast)}


def test_another_unit_s_summons_stands(cast: Cast, clock: Clock) -> None:
    summons = factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    farids = factories.consent(summons.case, cast.units["farid"], by=cast.siv)
    later(clock, seconds=90)
    eva_takes_it_back(cast, farids)
    with acting(cast.siv):
        found = Summons.objects.get(pk=summons.pk)

    assert found.cancelled_at is None


def test_a_unit_that_has_got_nothing_is_told_nothing(cast: Cast) -> None:
    """It does not know that there is a case, and a letter would tell it."""
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    eva_takes_it_back(cast, factories.consent(case, cast.units["amir"], by=cast.siv))

    assert letters(cast) == set()


def test_a_plan_in_its_minute_of_regret_does_not_leave(cast: Cast) -> None:
    document = factories.adopted_plan(cast, by=cast.siv)
    with acting(cast.siv):
        act = disclose(document, unit=cast.units["amir"], leaves_in=GRACE, by=cast.siv)
    eva_takes_it_back(cast, consent_in(document.case, cast.siv))
    with acting(cast.siv):
        found = Disclosure.objects.get(pk=act.pk)

    assert found.undone_at is not None
    assert letters(cast) == {(NoticeKind.DOCUMENT, NoticeState.CANCELLED)}


def test_what_has_left_stays_on_record_and_its_letter_does_not_go(cast: Cast) -> None:
    document = factories.adopted_plan(cast, by=cast.siv)
    act = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    eva_takes_it_back(cast, consent_in(document.case, cast.siv))
    with acting(cast.siv):
        found = Disclosure.objects.get(pk=act.pk)

    assert found.undone_at is None
    assert (NoticeKind.DOCUMENT, NoticeState.CANCELLED) in letters(cast)


def test_the_lead_that_was_offered_is_taken_back(cast: Cast) -> None:
    document = factories.plan_at_work(cast, by=cast.siv)
    offer = factories.lead_offered(document.case, by=cast.siv, to=cast.units["amir"])
    with acting(cast.siv):
        amirs = Consent.objects.get(case_id=document.case_id, receiver_unit=cast.units["amir"])
    eva_takes_it_back(cast, amirs)
    with acting(cast.siv):
        found = LeadTransfer.objects.get(pk=offer.pk)

    assert found.taken_back_at is not None


def test_it_stands_on_evas_trail_what_was_stopped(cast: Cast, clock: Clock) -> None:
    summons = factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    later(clock, seconds=90)
    eva_takes_it_back(cast, consent_in(summons.case, cast.siv))
    with person_acting(cast.eva):
        line = Event.objects.get(tag="consents:consent:withdrawn")

    assert ["summons", str(summons.pk), 0] in line.items


def test_nobody_ends_what_rests_on_a_consent_that_stands(cast: Cast, clock: Clock) -> None:
    """The function behind it believes only the row: called by itself it does nothing."""
    summons = factories.summoned(cast, by=cast.siv, to=cast.units["amir"])
    later(clock, seconds=90)
    consent = consent_in(summons.case, cast.siv)
    for by in (cast.siv, cast.amir, cast.nils, cast.olof):
        with acting(by):
            assert actions._end_what_rested_on(consent) == []
    with acting(cast.siv):
        found = Summons.objects.get(pk=summons.pk)

    assert found.cancelled_at is None


def test_a_draft_of_the_receiver_is_frozen_and_comes_back(cast: Cast) -> None:
    document = factories.plan_at_work(cast, by=cast.siv)
    form = f"note:{document.case_id}"
    with acting(cast.amir):
        keep_draft(form, {"text": "Eva orkar två timmar om dagen."}, case=document.case_id)
    with acting(cast.siv):
        amirs = Consent.objects.get(case_id=document.case_id, receiver_unit=cast.units["amir"])
    eva_takes_it_back(cast, amirs)
    with acting(cast.amir):
        frozen, seen = draft_of(form), case_seen(document.case_id)
    factories.consent(document.case, cast.units["amir"], by=cast.siv)
    with acting(cast.amir):
        back = draft_of(form)

    assert frozen is None
    assert seen is None
    assert back is not None


def test_a_draft_of_the_holder_is_not_frozen(cast: Cast) -> None:
    document = factories.plan_at_work(cast, by=cast.siv)
    form = f"note:{document.case_id}"
    with acting(cast.siv):
        keep_draft(form, {"text": "Ring på torsdag."}, case=document.case_id)
        amirs = Consent.objects.get(case_id=document.case_id, receiver_unit=cast.units["amir"])
    eva_takes_it_back(cast, amirs)
    with acting(cast.siv):
        assert draft_of(form) is not None


def test_a_yes_at_the_table_counts_from_that_second(cast: Cast) -> None:
    """The meeting goes on: Eva says yes to Farid, gets her plan handed to him, and takes it back."""
    document = factories.adopted_plan(cast, by=cast.siv)
    case = document.case
    factories.planned_meeting(case, by=cast.siv, days=0)
    with acting(cast.siv), pytest.raises(NotAllowed, match="Samtycke saknas"):
        disclose(document, unit=cast.units["farid"], by=cast.siv)
    said = factories.consent(case, cast.units["farid"], by=cast.siv)
    factories.taken_in(
        factories.handed_over(cast, document, by=cast.siv, to=cast.units["farid"]), by=cast.farid
    )
    read = _reads(cast.farid, case)
    eva_takes_it_back(cast, said)

    assert read == {"IDENTITY", "PLANNING", "NEEDS"}
    assert _reads(cast.farid, case) == set()


def _reads(by: Actor, case: Case) -> set[Any]:
    with acting(by):
        return {part.category for part in parts_seen(case.pk)}
