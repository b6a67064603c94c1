"""Somebody is looking for Eva: her case closes to all but those who are cleared, and opens again by two."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from humla.audit.models import Event
from humla.cases.actions import assign, hand_over, open_case
from humla.cases.models import Case, CaseAssignment
from humla.cases.visibility import case_seen, my_cases, who_can_take_over, who_works_in
from humla.core.context import Actor, acting, now, today
from humla.core.numbers import parse
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.notifications.models import Notice
from humla.organisation.models import Professional, UnitAssignment
from humla.people.actions import found_by_number
from humla.people.models import Person
from humla.protection import actions, rules
from humla.protection.models import Clearance, ClearanceGround, Marking, MarkingKind, ProtectedContact
from humla.protection.visibility import (
    clearances_in,
    contact_of,
    former_markings,
    guarded_cases,
    marking_of,
)
from tests import factories
from tests.cast import EVA, Cast
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

WHY = "Polisen i Humlesund ringde i dag. Han vet att hon har flyttat."


def protected(cast: Cast, *, by: Actor) -> Case:
    """Siv's case about Eva, marked by Siv."""
    case = factories.open_case(cast, by=by)
    with acting(by):
        actions.protect(case, kind=MarkingKind.SECRECY, reason=WHY, by=by)
    return case


def cleared(case: Case, who: Actor, *, by: Actor, days: int = 30) -> None:
    with acting(by):
        actions.clear(case.pk, who.id, who.unit_id, until=today() + timedelta(days=days), by=by)


def colleague_in(case: Case, who: Actor, *, by: Actor) -> None:
    with acting(by):
        professional = Professional.objects.get(pk=who.id)
        unit = UnitAssignment.objects.filter(professional=who.id)[0].unit
        assign(case, professional, unit, by=by)


def sees(case: Case, who: Actor) -> bool:
    with acting(who):
        return case_seen(case.pk) is not None


def test_one_marks_her_and_the_case_closes_at_once_to_everybody_but_the_responsible(cast):
    case = factories.open_case(cast, by=cast.siv)
    colleague_in(case, cast.maja, by=cast.siv)
    before = sees(case, cast.maja)
    with acting(cast.siv):
        marking = actions.protect(case, kind=MarkingKind.REGISTRATION, reason=WHY, by=cast.siv)
        at = now()
        (kept,) = clearances_in(case)

    assert (before, sees(case, cast.maja), sees(case, cast.siv)) == (True, False, True)
    assert (marking.kind, marking.reason, marking.marked_by_id) == ("registration", WHY, cast.siv.id)
    assert (kept.ground, kept.professional_id) == (ClearanceGround.MARKING, cast.siv.id)
    assert kept.ends_at == at + rules.KEPT_BY_RESPONSIBLE
    with acting(cast.maja):
        assert (list(Person.objects.all()), list(Marking.objects.all()), my_cases()) == ([], [], [])


def test_all_of_her_cases_here_are_closed_also_those_that_the_one_who_marks_her_does_not_know_of(cast):
    hers = factories.open_case(cast, by=cast.maja)
    factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        case = Case.objects.get(opened_by=cast.siv.id)
        actions.protect(case, kind=MarkingKind.SECRECY, reason=WHY, by=cast.siv)
    with acting(cast.maja):
        there = Case.objects.get(pk=hers.pk)
        kept = Clearance.objects.filter(case=hers.pk).values_list("professional", flat=True)

        assert there.is_protected
        assert list(kept) == [cast.maja.id]
    with acting(cast.siv):
        assert not Case.objects.filter(pk=hers.pk).exists()


def test_nobody_marks_her_twice_nor_without_saying_how_she_knows(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv), pytest.raises(NotAllowed, match="Skriv hur du vet"):
        actions.protect(case, kind=MarkingKind.SECRECY, reason=" ", by=cast.siv)
    with acting(cast.siv):
        actions.protect(case, kind=MarkingKind.SECRECY, reason=WHY, by=cast.siv)
    with acting(cast.siv), pytest.raises(NotAllowed, match="redan skyddad"):
        actions.protect(case, kind=MarkingKind.SECRECY, reason=WHY, by=cast.siv)


def test_letters_on_their_way_about_her_stay_where_they_are(cast):
    case = factories.summoned(cast, by=cast.siv, to=cast.units["amir"]).case
    with acting(cast.siv):
        waiting = list(Notice.objects.values_list("state", flat=True))
        actions.protect(case, kind=MarkingKind.SECRECY, reason=WHY, by=cast.siv)
        after = list(Notice.objects.values_list("state", flat=True))

    assert (waiting, after) == (["waiting"], ["cancelled"])


def test_the_manager_clears_a_colleague_for_a_time_and_reads_nothing_herself(cast):
    case, chief = protected(cast, by=cast.siv), cast.ylva
    with acting(chief):
        (guarded,) = guarded_cases()
        unseen = case_seen(case.pk)
    cleared(case, cast.maja, by=chief)

    assert (guarded.reference, guarded.responsible.name, unseen) == (case.reference, "Siv Sandberg", None)
    assert not guarded.is_unread
    assert sees(case, cast.maja)
    with acting(cast.maja):
        (mine,) = Clearance.objects.all().filter(professional=cast.maja.id)
        assert (mine.given_by_id, mine.ground) == (chief.id, ClearanceGround.GIVEN)


@pytest.mark.parametrize("days", [0, 366, -1])
def test_a_clearance_is_for_a_time(cast, days):
    case = protected(cast, by=cast.siv)
    if days == 0:
        cleared(case, cast.maja, by=cast.siv, days=0)
        assert sees(case, cast.maja)
        return
    with pytest.raises(NotAllowed, match="Välj en dag"):
        cleared(case, cast.maja, by=cast.siv, days=days)


def test_a_clearance_that_has_run_out_opens_nothing_from_that_instant(cast, clock):
    case = protected(cast, by=cast.siv)
    cleared(case, cast.maja, by=cast.siv, days=0)
    with acting(cast.maja):
        ends = CaseAssignment.objects.get(professional=cast.maja.id).cleared_until
    clock(ends - timedelta(microseconds=1))
    last = sees(case, cast.maja)
    clock(ends)

    assert (last, sees(case, cast.maja)) == (True, False)


def test_nobody_clears_herself_and_only_the_responsible_or_the_manager_clears_at_all(cast):
    case = protected(cast, by=cast.siv)
    cleared(case, cast.maja, by=cast.siv)
    with pytest.raises(NotAllowed, match="Ingen ger sig själv"):
        cleared(case, cast.siv, by=cast.siv)
    for who in (cast.maja, cast.lena, cast.nils, cast.amir):
        with pytest.raises(NotAllowed, match="kunde inte ges"):
            cleared(case, cast.siv, by=who)
    # Somebody of another authority, and one without any assignment there.
    for other in (cast.lena, replace(cast.maja, id=cast.lena.id)):
        with pytest.raises(NotAllowed, match="kunde inte ges"):
            cleared(case, other, by=cast.siv)


def test_past_our_own_rule_the_database_says_no_to_clearing_oneself(cast):
    case = protected(cast, by=cast.siv)
    chief = cast.ylva
    with acting(chief), connection.cursor() as cursor:
        cursor.execute(
            "SELECT give_clearance(%s, %s, %s, %s, %s)",
            [case.pk, chief.id, chief.unit_id, now() + timedelta(days=9), case.pk],
        )
        assert cursor.fetchone() == (None,)
    assert not sees(case, chief)


@pytest.mark.parametrize("who", ["maja", "siv", "manager"])
def test_a_clearance_ends_by_whoever_has_it_the_responsible_or_the_manager(cast, who):
    case = protected(cast, by=cast.siv)
    cleared(case, cast.maja, by=cast.siv)
    with acting(cast.siv):
        (given,) = [one for one in clearances_in(case) if one.professional_id == cast.maja.id]
    by = cast.ylva if who == "manager" else getattr(cast, who)
    with acting(by):
        actions.end_clearance(given.pk, by=by)

    assert not sees(case, cast.maja)
    with acting(cast.siv), pytest.raises(NotAllowed, match="redan slutat"):
        actions.end_clearance(given.pk, by=cast.siv)


@pytest.mark.parametrize("who", ["amir", "lena", "nils"])
def test_a_stranger_ends_no_clearance(cast, who):
    case = protected(cast, by=cast.siv)
    with acting(cast.siv):
        (kept,) = clearances_in(case)
    with acting(getattr(cast, who)), pytest.raises(NotAllowed, match="inte din"):
        actions.end_clearance(kept.pk, by=getattr(cast, who))

    assert sees(case, cast.siv)


def test_two_take_it_away_and_the_first_cannot_be_the_second(cast):
    case = protected(cast, by=cast.siv)
    cleared(case, cast.maja, by=cast.siv)
    with acting(cast.siv):
        marking = actions.ask_to_unprotect(
            marking_of(case.person_id), case=case, reason="Hotet är över.", by=cast.siv
        )
        with pytest.raises(NotAllowed, match="En annan person"):
            actions.unprotect(marking, case=case, by=cast.siv)
        with connection.cursor() as cursor:
            cursor.execute("SELECT outcome FROM unprotect_person(%s)", [marking.pk])
            assert cursor.fetchone() == ("",)
    assert Case.objects.count() == 0
    with acting(cast.maja):
        there = case_seen(case.pk)
        actions.unprotect(marking_of(case.person_id), case=there, by=cast.maja)
    with acting(cast.siv):
        (gone,) = former_markings(case.person_id)
        her = Person.objects.get()

        assert (gone.removal_asked_by_id, gone.removed_by_id) == (cast.siv.id, cast.maja.id)
        assert (her.is_protected, case_seen(case.pk).is_protected, clearances_in(case)) == (False, False, [])


def test_the_manager_can_be_the_second_and_can_say_that_it_stays(cast):
    case, chief = protected(cast, by=cast.siv), cast.ylva
    with acting(cast.siv):
        actions.ask_to_unprotect(marking_of(case.person_id), case=case, reason="Hotet är över.", by=cast.siv)
    with acting(chief):
        (guarded,) = guarded_cases()
        assert guarded.removal_asked_by == "Siv Sandberg"
        actions.decide_as_manager(guarded, goes=False, by=chief)
    with acting(cast.siv):
        assert marking_of(case.person_id).removal_asked_at is None
        actions.ask_to_unprotect(marking_of(case.person_id), case=case, reason="Hotet är över.", by=cast.siv)
    with acting(chief):
        (guarded,) = guarded_cases()
        actions.decide_as_manager(guarded, goes=True, by=chief)
        assert guarded_cases() == []
    with acting(cast.siv):
        assert marking_of(case.person_id) is None


def test_a_protected_case_is_handed_over_to_one_who_is_cleared_for_it_and_to_nobody_else(cast):
    case, chief = protected(cast, by=cast.siv), cast.ylva
    with acting(chief):
        to = who_can_take_over(chief, within_unit=True).get(professional=cast.maja.id)
        with pytest.raises(NotAllowed):
            hand_over([case.pk], to=to, by=chief)
    cleared(case, cast.maja, by=chief)
    with acting(chief):
        hand_over([case.pk], to=to, note="Siv är sjuk.", by=chief)
    with acting(cast.maja):
        first = who_works_in(case_seen(case.pk))[0]

    assert (first.professional_id, first.role, first.is_protected) == (cast.maja.id, "responsible", True)
    assert sees(case, cast.maja)


def test_whoever_is_not_cleared_finds_nobody_by_her_number_and_can_register_it_as_if_she_were_not_here(cast):
    case = protected(cast, by=cast.siv)
    with acting(cast.maja):
        assert found_by_number(parse(EVA, today()), by=cast.maja) is None
    other = factories.open_case(cast, by=cast.maja)
    with acting(cast.siv):
        assert found_by_number(parse(EVA, today()), by=cast.siv).pk == case.person_id

    assert other.person_id != case.person_id
    assert not other.is_protected


def test_the_protection_stays_while_another_registration_has_her_number(cast):
    case = protected(cast, by=cast.siv)
    factories.open_case(cast, by=cast.maja)
    with acting(cast.siv):
        actions.ask_to_unprotect(marking_of(case.person_id), case=case, reason="Över.", by=cast.siv)
    chief = cast.ylva
    with acting(chief), pytest.raises(NotAllowed, match="samma nummer"):
        actions.decide_as_manager(guarded_cases()[0], goes=True, by=chief)


def test_where_she_is_lies_under_its_own_key_and_is_read_by_the_cleared_alone(cast):
    case = protected(cast, by=cast.siv)
    places = {"address": "Ljungvägen 4", "school": "Björkskolan", "reached_by": "Ring advokaten."}
    with acting(cast.siv):
        actions.write_contact(case, places=places, version=0, by=cast.siv)
        with connection.cursor() as cursor:
            cursor.execute("SELECT address FROM protection_protectedcontact")
            sealed = cursor.fetchone()[0]
        read = contact_of(case.person_id)
        with pytest.raises(Stale):
            actions.write_contact(case, places=places, version=7, by=cast.siv)
        again = actions.write_contact(case, places={"phone": "070"}, version=1, by=cast.siv)

    assert (read.address, read.school, read.phone) == ("Ljungvägen 4", "Björkskolan", "")
    assert "Ljungv" not in sealed
    assert again.version == 2
    for who in (cast.maja, cast.amir, cast.lena, cast.nils, cast.ylva):
        with acting(who):
            assert list(ProtectedContact.objects.all()) == []
    with person_acting(EVA):
        assert ProtectedContact.objects.get().phone == "070"


def test_once_the_protection_is_gone_nobody_here_reads_where_she_was(cast):
    case = protected(cast, by=cast.siv)
    with acting(cast.siv):
        actions.write_contact(case, places={"address": "Ljungvägen 4"}, version=0, by=cast.siv)
        actions.ask_to_unprotect(marking_of(case.person_id), case=case, reason="Över.", by=cast.siv)
    chief = cast.ylva
    with acting(chief):
        actions.decide_as_manager(guarded_cases()[0], goes=True, by=chief)
    with acting(cast.siv):
        assert case_seen(case.pk) is not None
        assert list(ProtectedContact.objects.all()) == []


def test_whoever_is_cleared_opens_her_next_case_and_is_cleared_for_it_too(cast):
    case = protected(cast, by=cast.siv)
    with acting(cast.siv), pytest.raises(NotAllowed, match="redan ett pågående"):
        open_case(person=Person.objects.get(), reason="x", by=cast.siv)
    with transaction.atomic(), acting(cast.siv):
        Case.objects.filter(pk=case.pk).update(state="closed", closed_at=now())
        after = open_case(person=Person.objects.get(), reason="Igen.", by=cast.siv)

        assert case_seen(after.pk).is_protected
        assert [one.professional_id for one in clearances_in(after)] == [cast.siv.id]


def test_no_row_of_the_protection_is_written_past_its_own_functions(cast):
    case = protected(cast, by=cast.siv)
    orders = [
        "UPDATE protection_marking SET removed_at = now()",
        "UPDATE protection_clearance SET ends_at = now() + interval '1 year'",
        "UPDATE cases_caseassignment SET cleared_until = now() + interval '1 year'",
        "UPDATE cases_case SET is_protected = false",
        "UPDATE people_person SET is_protected = false",
        "DELETE FROM protection_marking",
    ]
    for order in orders:
        refused = pytest.raises(DatabaseError, match="permission")
        with acting(cast.siv), connection.cursor() as cursor, refused, transaction.atomic():
            cursor.execute(order)
    assert sees(case, cast.siv)


def test_each_step_stands_on_her_trail(cast):
    case = protected(cast, by=cast.siv)
    cleared(case, cast.maja, by=cast.siv)
    with acting(cast.siv):
        actions.write_contact(case, places={"address": "Ljungvägen 4"}, version=0, by=cast.siv)
        actions.ask_to_unprotect(marking_of(case.person_id), case=case, reason="Över.", by=cast.siv)
    with acting(cast.maja):
        there = case_seen(case.pk)
        actions.keep_protected(marking_of(case.person_id), case=there, by=cast.maja)
    with person_acting(EVA):
        seen = [one.tag for one in Event.objects.order_by("at") if one.tag.startswith("protection:")]

    assert sorted(seen) == [
        "protection:clearance:given",
        "protection:contact:written",
        "protection:marking:kept",
        "protection:marking:removal_asked",
        "protection:marking:set",
    ]
