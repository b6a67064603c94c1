"""A case laid to rest, handed over, its beginning put right, and the notes that nobody else reads."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from humla.audit.models import Event
from humla.cases import actions, rules
from humla.cases.actions import InitiationDetails
from humla.cases.models import Case, CaseState, Handover, Initiation, Initiator, Note, NoteStage
from humla.cases.visibility import (
    case_seen,
    caseload,
    handovers_in,
    initiation_of,
    my_cases,
    notes_of,
    who_can_take_over,
    who_works_in,
)
from humla.core.context import acting, today
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.organisation.models import Profession, Role, UnitAssignment
from tests import factories
from tests.cast import EVA, Cast
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

NUMBERS = ["196411182394", "196502022772"]


def tags() -> list[str]:
    with person_acting(EVA):
        return [one.tag for one in Event.objects.order_by("at")]


def at_unit(actor) -> UnitAssignment:
    """The unit assignment that somebody acts in."""
    found = UnitAssignment.objects.select_related("professional", "unit__authority")
    return found.get(pk=actor.assignment_id)


def received(cast: Cast) -> Case:
    """Eva's case, with her plan taken in by Amir."""
    document = factories.adopted_plan(cast, by=cast.siv)
    factories.taken_in(
        factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"]), by=cast.amir
    )
    return document.case


# --- how it began -------------------------------------------------------------------------------------------


def test_a_case_remembers_who_saw_the_need_and_how_old_she_was(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        found = initiation_of(case)
        assert found is not None
        told = (found.initiator, found.initiator_unit, found.via_coordinator, found.need_seen_on)

        assert told == (Initiator.PROFESSIONAL, cast.units["siv"], True, today())
        assert found.initiator_profession is not None
        assert found.initiator_profession.name == "SIP-samordnare"
        assert (found.sex_then, found.age_then) == ("x", today().year - 1986)


def test_a_wrong_beginning_is_put_right_and_the_counted_age_stays(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        found = initiation_of(case)
        details = InitiationDetails(initiator=Initiator.PERSON, need_seen_on=today() - timedelta(days=9))
        changed = actions.correct_initiation(found, details=details, version=1, by=cast.siv)
        with pytest.raises(Stale):
            actions.correct_initiation(found, details=details, version=1, by=cast.siv)

    assert (changed.initiator, changed.initiator_profession, changed.initiator_unit) == ("person", None, None)
    assert (changed.version, changed.age_then) == (2, found.age_then)
    assert "cases:initiation:corrected" in tags()


@pytest.mark.parametrize(
    ("details", "sentence"),
    [
        (InitiationDetails(), "Välj yrket hos den som tog initiativet."),
        (InitiationDetails(Initiator.PERSON, need_seen_on=date(2099, 1, 1)), "Dagen har inte varit än"),
    ],
)
def test_a_beginning_that_cannot_be_is_refused(cast, details, sentence):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv), pytest.raises(NotAllowed, match=sentence):
        actions.correct_initiation(initiation_of(case), details=details, version=1, by=cast.siv)


def test_the_receiver_does_not_read_how_it_began(cast):
    case = received(cast)
    with acting(cast.amir):
        assert (case_seen(case.pk) is not None, initiation_of(case)) == (True, None)


def test_another_forbunds_profession_cannot_be_pointed_at(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.stranger):
        theirs = Profession.objects.get(name="SIP-samordnare")
    with acting(cast.siv), pytest.raises(DatabaseError), transaction.atomic():
        Initiation.objects.filter(case=case).update(initiator_profession=theirs)


# --- rest ---------------------------------------------------------------------------------------------------


def test_a_case_rests_and_comes_back_by_itself(cast, clock):
    clock(datetime(2026, 11, 22, 9, tzinfo=UTC))
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        actions.rest(
            case, until=date(2026, 12, 1), reason="Väntar på operation.", version=case.version, by=cast.siv
        )
        resting, others = my_cases(state=CaseState.RESTING), my_cases()
        ruling = rules.may_change(cast.siv, case_seen(case.pk))
    clock(datetime(2026, 12, 1, 9, tzinfo=UTC))
    with acting(cast.siv):
        back = my_cases()
        awake = rules.may_change(cast.siv, case_seen(case.pk))

    assert ([one.reference for one in resting], others) == ([case.reference], [])
    assert ruling.reason == "Ärendet vilar till den 1\xa0december\xa02026. Ta upp det igen först."
    assert [(one.reference, one.state) for one in back] == [(case.reference, CaseState.OPEN)]
    assert awake
    assert "cases:case:rested" in tags()


def test_it_is_taken_up_before_its_day(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        until = today() + timedelta(days=30)
        resting = actions.rest(case, until=until, reason="Väntar.", version=1, by=cast.siv)
        awake = actions.wake(resting, by=cast.siv)
        with pytest.raises(NotAllowed, match="Ärendet vilar inte"):
            actions.wake(awake, by=cast.siv)

    assert (awake.resting_until, awake.resting_reason) == (None, "")
    assert "cases:case:woken" in tags()


@pytest.mark.parametrize(
    ("days", "reason", "sentence"),
    [
        (0, "Väntar.", "Välj en dag framåt"),
        (400, "Väntar.", "högst ett år"),
        (9, " ", "Skriv varför ärendet vilar"),
    ],
)
def test_a_rest_has_a_day_within_reach_and_a_reason(cast, days, reason, sentence):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv), pytest.raises(NotAllowed, match=sentence):
        actions.rest(case, until=today() + timedelta(days=days), reason=reason, version=1, by=cast.siv)


def test_two_who_lay_it_to_rest_at_once_do_not_write_over_each_other(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        until = today() + timedelta(days=30)
        actions.rest(case, until=until, reason="Väntar.", version=1, by=cast.siv)
        with pytest.raises(Stale):
            actions._changed(case, 1, actions.Tag.CASE_RESTED, resting_until=until)


def test_who_has_received_it_is_not_told_that_it_rests(cast):
    case = received(cast)
    with acting(cast.siv):
        until = today() + timedelta(days=30)
        actions.rest(
            case_seen(case.pk), until=until, reason="Väntar på NILS.", version=case.version, by=cast.siv
        )
    with acting(cast.amir):
        going_on, resting = my_cases(), my_cases(state=CaseState.RESTING)
        with pytest.raises(NotAllowed, match="har ärendet"):
            actions.wake(case_seen(case.pk), by=cast.amir)

    assert [(one.reference, one.state, one.resting_until) for one in going_on] == [
        (case.reference, CaseState.OPEN, None)
    ]
    assert resting == []


# --- handing over -------------------------------------------------------------------------------------------


def test_the_responsibility_goes_to_a_colleague_with_a_word_on_the_way(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        to = who_can_take_over(cast.siv).get(professional=cast.maja.id)
        assert actions.hand_over([case.pk], to=to, note="Ring Eva på tisdagar.", by=cast.siv) == 1
        gone = case_seen(case.pk)
    with acting(cast.maja):
        seen = case_seen(case.pk)
        assert seen is not None
        (responsible,) = who_works_in(seen)
        (handover,) = handovers_in(case.pk)

        assert (gone, responsible.professional.name, responsible.role) == (None, "Maja Moberg", "responsible")
        assert (handover.note, handover.from_professional.name) == ("Ring Eva på tisdagar.", "Siv Sandberg")
        assert seen.series == case.series
    assert "cases:case:handed_over" in tags()


def test_a_colleague_in_the_case_becomes_responsible_and_works_in_it_once(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        to = at_unit(cast.maja)
        actions.assign(case, to.professional, to.unit, by=cast.siv)
        actions.hand_over([case.pk], to=to, by=cast.siv)
    with acting(cast.maja):
        assert [one.role for one in who_works_in(case_seen(case.pk))] == ["responsible"]


def test_many_go_together_or_none_does(cast):
    mine = [factories.open_case(cast, by=cast.siv, number=number).pk for number in NUMBERS]
    hers = factories.open_case(cast, by=cast.maja)
    with acting(cast.siv):
        to = at_unit(cast.maja)
        with pytest.raises(NotAllowed, match="inget är överlämnat"):
            actions.hand_over([*mine, hers.pk], to=to, by=cast.siv)
        kept = len(my_cases())
        assert actions.hand_over(mine, to=to, by=cast.siv) == 2
        assert (kept, my_cases()) == (2, [])
    with acting(cast.maja):
        assert len(my_cases()) == 3


def test_a_case_goes_to_nobody_outside_the_authority_and_not_to_oneself(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        for to, sentence in ((at_unit(cast.amir), "handlägger ärenden hos er"), (at_unit(cast.siv), "redan")):
            with pytest.raises(NotAllowed, match=sentence):
                actions.hand_over([case.pk], to=to, by=cast.siv)
        assert case_seen(case.pk) is not None


@pytest.mark.parametrize("who", ["maja", "nils", "amir"])
def test_nobody_takes_a_case_that_is_not_hers_to_hand_over(cast, who):
    case = factories.open_case(cast, by=cast.siv)
    actor = getattr(cast, who)
    with acting(actor):
        with pytest.raises(NotAllowed):
            actions.hand_over([case.pk], to=at_unit(actor), by=actor)
        assert caseload() == []


def test_the_manager_hands_over_what_somebody_has_left_and_reads_nothing_of_it(cast):
    case = factories.open_case(cast, by=cast.siv)
    manager = replace(cast.maja, id=cast.vera.id, role=Role.MANAGER.value)
    with acting(manager):
        (row,) = caseload()
        unseen = case_seen(case.pk)
        near = [one.professional.name for one in who_can_take_over(manager, within_unit=True)]
        actions.hand_over([row.case_id], to=at_unit(cast.maja), note="Siv är sjuk.", by=manager)

    assert (row.reference, row.professional, unseen) == (case.reference, "Siv Sandberg", None)
    assert near == ["Maja Moberg", "Siv Sandberg", "Ylva Yxell"]
    with acting(cast.maja):
        assert [one.is_responsible for one in my_cases()] == [True]
    with acting(replace(cast.nils, role=Role.MANAGER.value)):
        assert caseload() == []


def test_the_receiver_does_not_read_the_word_on_the_way(cast):
    case = received(cast)
    with acting(cast.siv):
        actions.hand_over([case.pk], to=at_unit(cast.maja), note="LENA är inte inkopplad.", by=cast.siv)
    with acting(cast.amir):
        assert (case_seen(case.pk) is not None, list(Handover.objects.all())) == (True, [])


# --- own notes ----------------------------------------------------------------------------------------------


def test_a_note_is_its_units_own_on_both_sides(cast):
    case = received(cast)
    for who in (cast.siv, cast.amir):
        with acting(who):
            actions.write_note(case_seen(case.pk), stage=NoteStage.PLAN, text=f"Av {who.name}", by=who)
    read = {}
    for who in (cast.siv, cast.maja, cast.amir, cast.lena, cast.nils):
        with acting(who):
            read[who.name] = [one.text for one in notes_of(case)]
    with person_acting(EVA):
        hers = list(Note.objects.all())

    assert read == {
        "Siv Sandberg": ["Av Siv Sandberg"],
        "Maja Moberg": [],
        "Amir Haddad": ["Av Amir Haddad"],
        "Lena Lind": [],
        "Nils Nyman": [],
    }
    assert hers == []
    assert tags().count("cases:note:written") == 2


def test_only_the_writer_changes_removes_and_puts_back(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        actions.assign(case, at_unit(cast.maja).professional, cast.units["maja"], by=cast.siv)
        note = actions.write_note(case, stage=NoteStage.MEETING, text="Tänk på tolk.", by=cast.siv)
        changed = actions.change_note(note, stage=NoteStage.PLAN, text="Boka tolk.", version=1, by=cast.siv)
        with pytest.raises(Stale):
            actions.change_note(note, stage=NoteStage.PLAN, text="Nej.", version=1, by=cast.siv)
        removed = actions.remove_note(changed, by=cast.siv)
        back = actions.restore_note(removed, by=cast.siv)
    with acting(cast.maja):
        (seen,) = notes_of(case)
        with pytest.raises(NotAllowed, match="Bara den som skrev"):
            actions.change_note(seen, stage=NoteStage.PLAN, text="Mitt.", version=4, by=cast.maja)
        seen.is_removed = True
        assert Note.objects.filter(pk=seen.pk).update(text="Mitt.") == 0

    assert (seen.text, seen.stage, back.is_removed, back.version) == ("Boka tolk.", "plan", False, 4)


def test_an_empty_note_is_refused_and_so_is_one_beside_a_closed_case(cast):
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        with pytest.raises(NotAllowed, match="Skriv något"):
            actions.write_note(case, stage=NoteStage.PLAN, text=" \n", by=cast.siv)
        case.state = CaseState.CLOSED
        with pytest.raises(NotAllowed, match="Ärendet är avslutat"):
            actions.write_note(case, stage=NoteStage.PLAN, text="Efteråt.", by=cast.siv)
