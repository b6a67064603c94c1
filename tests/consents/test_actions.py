"""Eva says yes, says less, and takes it back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from humla.audit.models import Event
from humla.cases.models import Case, Category
from humla.consents import actions
from humla.consents.models import Consent, ConsentState, Manner, PlanConsent
from humla.consents.visibility import consent_to, consents_of, latest_plan_answer, state_of
from humla.core.context import Actor, acting, now
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.organisation.models import Unit
from tests import factories
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

HOW = {"manner": Manner.ORAL, "heard_by": "Siv Sandberg", "language": "sv", "with_interpreter": False}
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def give(
    case: Case, unit: Unit, by: Actor, *categories: Category, ends_on: date | None = None, **more: object
) -> Consent:
    """Eva's yes to one unit, in an open context."""
    return actions.give(
        case,
        unit=unit,
        categories=categories or (Category.PLANNING,),
        exceptions="",
        ends_on=ends_on or now().date() + timedelta(days=30),
        by=by,
        **{**HOW, **more},
    )


def tags() -> list[str]:
    """What stands on the trail, oldest first; asked as Eva, who reads what is about her."""
    return [one.tag for one in Event.objects.order_by("at", "id")]


def test_a_no_to_the_plan_is_kept_with_what_happens_instead(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        actions.answer_plan(case, agrees=False, instead="Siv ringer om en månad.", by=cast.siv, **HOW)
        latest = latest_plan_answer(case)

    assert latest is not None
    assert (latest.agrees, latest.instead) == (False, "Siv ringer om en månad.")


def test_a_no_says_what_happens_instead(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv), pytest.raises(NotAllowed, match="vad som händer i stället"):
        actions.answer_plan(case, agrees=False, instead=" ", by=cast.siv, **HOW)


def test_the_latest_answer_counts_and_the_earlier_ones_stay(cast, clock):
    case = factories.open_case(cast, by=cast.siv)
    clock(NOON)
    with acting(cast.siv):
        actions.answer_plan(case, agrees=False, instead="Inget.", by=cast.siv, **HOW)
    clock(NOON + timedelta(days=1))
    with acting(cast.siv):
        actions.answer_plan(case, agrees=True, instead="", by=cast.siv, **HOW)
        latest = latest_plan_answer(case)
        kept = PlanConsent.objects.count()

    assert latest is not None
    assert (latest.agrees, kept) == (True, 2)


def test_no_consent_is_written_after_a_no_to_the_plan(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        actions.answer_plan(case, agrees=False, instead="Inget.", by=cast.siv, **HOW)
        with pytest.raises(NotAllowed, match="sagt nej till en plan"):
            give(case, cast.units["amir"], cast.siv)


def test_a_yes_says_who_what_how_long_and_how_it_was_said(cast, clock):
    clock(NOON)
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        given = actions.give(
            case,
            unit=cast.units["amir"],
            categories=[Category.NEEDS, Category.PLANNING],
            exceptions="Inget om min bror.",
            ends_on=date(2027, 3, 31),
            manner=Manner.ORAL,
            heard_by="Siv Sandberg",
            language="ar",
            with_interpreter=True,
            by=cast.siv,
        )
        kept = Consent.objects.get(pk=given.pk)

    assert kept.receiver_unit_id == cast.units["amir"].pk
    assert kept.receiver_id == cast.units["amir"].authority_id
    assert kept.categories == ["IDENTITY", "PLANNING", "NEEDS"]
    assert kept.exceptions == "Inget om min bror."
    assert kept.starts_at == NOON
    assert kept.ends_at == datetime(2027, 3, 31, 22, 0, tzinfo=UTC)  # midnight in Sweden, summer time
    assert (kept.manner, kept.heard_by, kept.language, kept.with_interpreter) == (
        "oral",
        "Siv Sandberg",
        "ar",
        True,
    )
    assert kept.recorded_by_id == cast.siv.id


def test_an_oral_yes_that_nobody_heard_is_refused_by_the_database(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv), pytest.raises(IntegrityError, match="consent_oral_heard"), transaction.atomic():
        give(case, cast.units["amir"], cast.siv, heard_by="")


@pytest.mark.parametrize("category", [Category.INTERNAL, Category.PROTECTED])
def test_own_notes_and_protected_data_cannot_be_consented_away(cast, category):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv), pytest.raises(NotAllowed, match="kan aldrig lämnas ut"):
        give(case, cast.units["amir"], cast.siv, Category.PLANNING, category)


def test_no_consent_is_for_ever(cast, clock):
    clock(NOON)
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        give(case, cast.units["amir"], cast.siv, ends_on=date(2027, 11, 24))
        with pytest.raises(NotAllowed, match="högst 12 månader"):
            give(case, cast.units["farid"], cast.siv, ends_on=date(2027, 11, 25))


def test_a_consent_does_not_end_before_today(cast, clock):
    clock(NOON)
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv), pytest.raises(NotAllowed, match="har redan varit"):
        give(case, cast.units["amir"], cast.siv, ends_on=date(2026, 11, 23))


def test_no_consent_to_the_authority_that_holds_the_case(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv), pytest.raises(NotAllowed, match="en annan myndighet"):
        give(case, cast.units["siv"], cast.siv)


def test_the_office_of_the_forbund_takes_no_part_and_gets_no_consent(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv), pytest.raises(NotAllowed, match="Kansliet har upphört eller deltar inte"):
        give(case, cast.units["greta"], cast.siv, Category.PLANNING)


def test_a_colleague_who_has_no_part_in_the_case_writes_no_consent(cast):
    case = factories.open_case(cast, by=cast.siv)
    with (
        acting(cast.maja),
        pytest.raises(NotAllowed, match="finns inte längre"),
    ):
        give(case, cast.units["amir"], cast.maja)


def test_amir_writes_no_consent_in_sivs_case(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.amir), pytest.raises(NotAllowed, match="finns inte längre för dig"):
        give(case, cast.units["farid"], cast.amir)


def test_a_consent_holds_from_its_first_instant_until_its_end_not_at_it(cast, clock):
    clock(NOON)
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        given = give(case, cast.units["amir"], cast.siv, ends_on=date(2026, 12, 24))
    tick = timedelta(microseconds=1)
    found = []
    for at in (NOON - tick, NOON, given.ends_at - tick, given.ends_at):
        clock(at)
        with acting(cast.siv):
            # Before her assignment began, Siv sees nothing at all; the states tell the rest.
            found.append((consent_to(case, cast.units["amir"]) == given, state_of(given, now())))

    assert found == [
        (False, ConsentState.AHEAD),
        (True, ConsentState.IN_FORCE),
        (True, ConsentState.IN_FORCE),
        (False, ConsentState.ENDED),
    ]


def test_a_new_yes_to_the_same_unit_replaces_the_old_one(cast, clock):
    clock(NOON)
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        first = give(case, cast.units["amir"], cast.siv, Category.PLANNING, Category.HEALTH)
    clock(NOON + timedelta(hours=1))
    with acting(cast.siv):
        second = give(case, cast.units["amir"], cast.siv, Category.PLANNING)
        states = {one.pk: state_of(one, now()) for one in consents_of(case)}

    assert states == {first.pk: ConsentState.WITHDRAWN, second.pk: ConsentState.IN_FORCE}


def test_whoever_did_not_know_of_the_other_yes_is_told_and_nothing_changes(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        first = give(case, cast.units["amir"], cast.siv)
        with pytest.raises(Stale) as stale:
            give(case, cast.units["amir"], cast.siv, Category.HEALTH, knowing=[])
        in_force = consent_to(case, cast.units["amir"])

    assert stale.value.theirs == first
    assert in_force == first


def test_narrowing_ends_the_old_consent_and_opens_one_with_less(cast, clock):
    clock(NOON)
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        given = give(case, cast.units["amir"], cast.siv, Category.PLANNING, Category.HEALTH)
    clock(NOON + timedelta(days=1))
    with acting(cast.siv):
        less = actions.narrow(given, categories=[Category.PLANNING], by=cast.siv)
        states = {one.pk: state_of(one, now()) for one in consents_of(case)}

    assert states == {given.pk: ConsentState.WITHDRAWN, less.pk: ConsentState.IN_FORCE}
    assert (less.categories, less.ends_at, less.narrows_id) == (
        ["IDENTITY", "PLANNING"],
        given.ends_at,
        given.pk,
    )


def test_narrowing_never_adds(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        given = give(case, cast.units["amir"], cast.siv, Category.PLANNING)
        with pytest.raises(NotAllowed, match="bara att ta bort"):
            actions.narrow(given, categories=[Category.HEALTH], by=cast.siv)
        with pytest.raises(NotAllowed, match="Inget är ändrat"):
            actions.narrow(given, categories=[Category.PLANNING], by=cast.siv)


def test_a_consent_can_be_narrowed_to_end_sooner(cast, clock):
    clock(NOON)
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        given = give(case, cast.units["amir"], cast.siv, ends_on=date(2027, 1, 31))
        less = actions.narrow(given, categories=given.categories, ends_on=date(2026, 12, 31), by=cast.siv)

    assert less.ends_at == datetime(2026, 12, 31, 23, 0, tzinfo=UTC)


def test_siv_takes_a_consent_back_once(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        given = give(case, cast.units["amir"], cast.siv)
        actions.withdraw(given, by=cast.siv)
        with pytest.raises(NotAllowed, match="redan återkallat"):
            actions.withdraw(given, by=cast.siv)
        in_force = consent_to(case, cast.units["amir"])

    assert in_force is None


def test_the_second_of_two_who_take_it_back_learns_that_it_is_done(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        given = give(case, cast.units["amir"], cast.siv)
        as_seen_by_the_other = Consent.objects.get(pk=given.pk)
        actions.withdraw(given, by=cast.siv)
        with pytest.raises(Stale) as stale:
            actions.withdraw(as_seen_by_the_other, by=cast.siv)

    assert stale.value.theirs == given


def test_eva_takes_it_back_herself_and_nobody_else_at_another_authority_can(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        given = give(case, cast.units["amir"], cast.siv)
    with acting(cast.amir), pytest.raises(NotAllowed, match="Bara den myndighet"):
        actions.withdraw(given, by=cast.amir)
    with person_acting(cast.eva):
        from humla.core.context import standing

        actions.withdraw(Consent.objects.get(pk=given.pk), by=standing().actor)
    with acting(cast.siv):
        in_force = consent_to(case, cast.units["amir"])

    assert in_force is None


def test_every_word_about_consent_is_on_evas_trail(cast, clock):
    clock(NOON)
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    clock(NOON + timedelta(hours=1))
    with acting(cast.siv):
        given = give(case, cast.units["amir"], cast.siv, Category.PLANNING, Category.HEALTH)
    clock(NOON + timedelta(hours=2))
    with acting(cast.siv):
        less = actions.narrow(given, categories=[Category.PLANNING], by=cast.siv)
    clock(NOON + timedelta(hours=3))
    with acting(cast.siv):
        actions.withdraw(less, by=cast.siv)
    with person_acting(cast.eva):
        written = [one for one in Event.objects.order_by("at") if one.tag.startswith("consents:")]

    assert [one.tag for one in written] == [
        "consents:plan:answered",
        "consents:consent:given",
        "consents:consent:narrowed",
        "consents:consent:withdrawn",
    ]
    assert {one.allowed_by[0][0] for one in written} == {"assignment"}
    assert written[2].items == [["consent", str(less.pk), 0], ["consent", str(given.pk), 0]]
