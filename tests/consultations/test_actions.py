"""Somebody asks Siv what to do; it is written down in half a minute and says nothing of whom it is about."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from humla.cases.actions import assign
from humla.consultations import actions, rules
from humla.consultations.actions import ConsultationDetails
from humla.consultations.models import Consultation, ConsultationForm, ConsultationResult, Theme
from humla.consultations.visibility import Narrowing, consultations_found, counts, months, who_can_ask
from humla.core.context import acting, now, today
from humla.core.numbers import found_in
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.organisation.models import Professional, Role
from tests import factories
from tests.cast import EVA, Cast

pytestmark = pytest.mark.django_db


def details(cast: Cast, who: str = "maja", **more: object) -> ConsultationDetails:
    """Maja asks on the phone whether a SIP is right."""
    asker = Professional.objects.select_related("profession").get(pk=getattr(cast, who).id)
    known = {
        "held_on": today(),
        "asker": asker,
        "profession": asker.profession,
        "unit": cast.units[who],
        "theme": Theme.IS_SIP_RIGHT,
        "form": ConsultationForm.PHONE,
        "result": ConsultationResult.ADVICE,
        "advice": "Prata med personen om ett förmöte först.",
    }
    return ConsultationDetails(**(known | more))  # type: ignore[arg-type]


def test_a_consultation_is_registered_counted_and_found(cast):
    with acting(cast.siv):
        actions.register(details(cast), by=cast.siv)
        actions.register(details(cast, "amir", result=ConsultationResult.SIP), by=cast.siv)
        actions.register(details(cast, asker=None, held_on=today() - timedelta(days=800)), by=cast.siv)
        told = counts()
        led_to_sip = consultations_found(Narrowing(result=ConsultationResult.SIP))
        by_unit = consultations_found(Narrowing(), words="af humle")
        this_month = consultations_found(Narrowing(month=today()))

        assert (told.this_month, told.this_year, told.askers, told.unnamed) == (2, 2, 2, 0)
        assert [one.asker.name for one in led_to_sip] == ["Amir Haddad"]
        assert [one.pk for one in by_unit] == [led_to_sip[0].pk]
        assert (len(this_month), len(months())) == (2, 2)


def test_three_hundred_come_in_pages_in_their_order(cast):
    with acting(cast.siv):
        made = [
            actions.register(details(cast, held_on=today() - timedelta(days=n // 3)), by=cast.siv)
            for n in range(9)
        ]
        seen, mark = [], None
        while page := consultations_found(Narrowing(), before=mark, limit=4):
            seen += [one.pk for one in page]
            mark = page[-1].held_on, page[-1].registered_at, page[-1].pk

    assert sorted(seen) == sorted(one.pk for one in made)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    "advice", [f"Gäller {EVA}.", "Hon har 860611-2384", "860611 – 2384", "nr 19860611-2384, ring"]
)
def test_a_person_number_in_the_advice_is_refused(cast, advice):
    with acting(cast.siv), pytest.raises(NotAllowed, match="Här står ett personnummer"):
        actions.register(details(cast, advice=advice), by=cast.siv)


@pytest.mark.parametrize("text", ["Ring 0980-319 210", "Dnr 202611221234567", "2026-11-22", "991332-1234"])
def test_other_figures_are_no_person_number(text):
    assert found_in(text, date(2026, 11, 22)) == []


def test_nothing_is_written_down_before_it_happens(cast):
    with acting(cast.siv), pytest.raises(NotAllowed, match="Dagen har inte varit än"):
        actions.register(details(cast, held_on=today() + timedelta(days=1)), by=cast.siv)


@pytest.mark.parametrize("who", ["maja", "amir", "nils"])
def test_only_the_coordinator_writes_and_reads_them(cast, who):
    other = getattr(cast, who)
    with acting(cast.siv):
        said = details(cast)
        actions.register(said, by=cast.siv)
    with acting(other):
        with pytest.raises(NotAllowed, match="Bara SIP-samordnaren"):
            actions.register(said, by=other)
        assert list(Consultation.objects.all()) == []


def test_another_units_coordinator_reads_none_of_them(cast):
    with acting(cast.siv):
        actions.register(details(cast), by=cast.siv)
    for actor in (replace(cast.nils, role=Role.COORDINATOR.value), cast.stranger):
        with acting(actor):
            assert list(Consultation.objects.all()) == []


def test_the_database_refuses_one_in_somebody_elses_name(cast):
    with acting(cast.maja):
        said = details(cast)
        hers = Consultation(
            association_id=cast.maja.association_id,
            authority_id=cast.maja.authority_id,
            unit_id=cast.maja.unit_id,
            registered_by_id=cast.maja.id,
            registered_at=now(),
            **said.columns(),
        )
        with pytest.raises(DatabaseError), transaction.atomic():
            hers.save(force_insert=True)


def test_it_is_corrected_removed_and_put_back(cast):
    with acting(cast.siv):
        made = actions.register(details(cast), by=cast.siv)
        changed = actions.change(made, details(cast, theme=Theme.BENEFIT), version=1, by=cast.siv)
        with pytest.raises(Stale):
            actions.change(made, details(cast), version=1, by=cast.siv)
        removed = actions.remove(changed, by=cast.siv)
        gone = (counts().this_month, len(consultations_found(Narrowing(is_removed=True))))
        back = actions.restore(removed, by=cast.siv)

        assert (changed.theme, gone, counts().this_month, back.version) == ("benefit", (0, 1), 1, 4)


def test_a_tied_one_is_read_by_those_who_work_in_the_case(cast):
    case = factories.open_case(cast, by=cast.siv)
    colleague = replace(cast.maja, role=Role.COORDINATOR.value)
    with acting(cast.siv):
        made = actions.register(details(cast), by=cast.siv)
        tied = actions.tie(made, case, by=cast.siv)
        with pytest.raises(NotAllowed, match="redan lett till ett ärende"):
            actions.tie(tied, case, by=cast.siv)
        with pytest.raises(NotAllowed, match="har lett till SIP"):
            actions.change(tied, details(cast), version=2, by=cast.siv)
    with acting(colleague):
        before = len(consultations_found(Narrowing()))
    with acting(cast.siv):
        who = Professional.objects.get(pk=cast.maja.id)
        assign(case, who, cast.units["maja"], by=cast.siv)
    with acting(colleague):
        after = [one.case.reference for one in consultations_found(Narrowing())]

    assert (tied.result, before, after) == ("sip", 0, [case.reference])


def test_a_colleagues_case_cannot_be_tied(cast):
    hers = factories.open_case(cast, by=cast.maja)
    with acting(cast.siv):
        made = actions.register(details(cast), by=cast.siv)
        with pytest.raises(DatabaseError), transaction.atomic():
            Consultation.objects.filter(pk=made.pk).update(case=hers, result="sip")


def test_whoever_works_at_a_party_can_have_asked(cast):
    with acting(cast.siv):
        asked = who_can_ask(cast.siv)

        assert asked[0].unit.authority_id == cast.siv.authority_id
        assert "Siv Sandberg" not in {one.professional.name for one in asked}
        assert rules.may_consult(cast.siv)
