"""A version is frozen, handed over to those who may have it, and taken in."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from humla.audit.models import Event
from humla.cases.models import Category
from humla.consents import actions as consents
from humla.consents.visibility import consents_of
from humla.core.context import acting
from humla.core.rulings import NotAllowed
from humla.disclosures import actions
from humla.disclosures.intake import arrived, colleagues_in
from humla.disclosures.models import Disclosure, Document, DocumentKind
from humla.disclosures.visibility import parts_seen
from tests import factories
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PARTS = {
    Category.IDENTITY: [{"kind": "facts", "rows": [["Namn", "Eva Ek"]]}],
    Category.HEALTH: [{"kind": "statement", "heading": "Hälsa", "text": "Sover dåligt."}],
    Category.INTERNAL: [{"kind": "statement", "heading": "Not", "text": "Ring inte efter fyra."}],
}


def frozen(cast, *categories: Category) -> Document:
    """A case of Eva's with PARTS frozen, and her yes to Amir for some of it."""
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    factories.consent(case, cast.units["amir"], by=cast.siv, categories=categories or (Category.PLANNING,))
    with acting(cast.siv):
        return actions.freeze(case, kind=DocumentKind.PLAN, version=1, title="Plan", parts=PARTS, by=cast.siv)


def test_the_sum_covers_every_part_and_not_their_order(cast):
    first = frozen(cast)
    turned = dict(reversed(PARTS.items()))
    without_the_note = {**PARTS, Category.INTERNAL: []}
    with acting(cast.siv):
        second, third = (
            actions.freeze(
                first.case, kind=DocumentKind.PLAN, version=version, title="Plan", parts=parts, by=cast.siv
            )
            for version, parts in ((2, turned), (3, without_the_note))
        )

    assert second.sha256 == first.sha256
    assert third.sha256 != first.sha256


def test_a_version_is_frozen_once(cast):
    document = frozen(cast)
    with acting(cast.siv), pytest.raises(IntegrityError, match="document_version_once"), transaction.atomic():
        actions.freeze(
            document.case, kind=DocumentKind.PLAN, version=1, title="Plan", parts=PARTS, by=cast.siv
        )


def test_only_what_the_yes_covers_and_the_document_has_is_handed_over(cast):
    document = frozen(cast, Category.HEALTH, Category.ECONOMY)
    with acting(cast.siv):
        given = actions.disclose(document, unit=cast.units["amir"], by=cast.siv)

    assert given.categories == ["IDENTITY", "HEALTH"]
    assert given.consent.receiver_unit_id == cast.units["amir"].pk


def test_without_consent_nothing_is_handed_over(cast):
    document = frozen(cast)
    with acting(cast.siv):
        with pytest.raises(NotAllowed, match="Samtycke saknas för Psykiatrin Humlesund"):
            actions.disclose(document, unit=cast.units["lena"], by=cast.siv)
        given = Disclosure.objects.count()

    assert given == 0


def test_after_withdrawal_nothing_more_is_handed_over(cast):
    document = frozen(cast)
    with acting(cast.siv):
        consents.withdraw(consents_of(document.case)[0], by=cast.siv)
        with pytest.raises(NotAllowed, match="Samtycke saknas för AF Humlesund"):
            actions.disclose(document, unit=cast.units["amir"], by=cast.siv)


def test_the_same_version_is_not_handed_over_twice_but_more_of_it_is(cast, clock):
    clock(NOON)
    document = frozen(cast, Category.PLANNING)
    with acting(cast.siv):
        actions.disclose(document, unit=cast.units["amir"], by=cast.siv)
        with pytest.raises(NotAllowed, match="AF Humlesund har redan fått version 1"):
            actions.disclose(document, unit=cast.units["amir"], by=cast.siv)
    clock(NOON + timedelta(hours=1))
    factories.consent(document.case, cast.units["amir"], by=cast.siv, categories=[Category.HEALTH])
    with acting(cast.siv):
        more = actions.disclose(document, unit=cast.units["amir"], by=cast.siv)

    assert more.categories == ["IDENTITY", "HEALTH"]


def test_amir_hands_nothing_over_and_nils_cannot_even_try(cast):
    document = frozen(cast)
    for actor in (cast.amir, cast.nils):
        with acting(actor), pytest.raises(NotAllowed, match="Bara de kan ändra"):
            actions.disclose(document, unit=cast.units["farid"], by=actor)


def test_the_act_is_on_evas_trail_with_what_allowed_it(cast):
    document = frozen(cast)
    given = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    with person_acting(cast.eva):
        event = Event.objects.get(tag="disclosures:document:disclosed")

    assert event.items == [["document", str(document.pk), 1], ["disclosure", str(given.pk), 0]]
    assert [kind for kind, _one in event.allowed_by] == ["assignment", "consent"]
    assert event.allowed_by[1][1] == str(given.consent_id)


def test_the_way_in_sees_that_something_came_and_nothing_of_whom(cast):
    document = frozen(cast)
    factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    with acting(cast.amir):
        came = arrived(cast.amir)
        parts = parts_seen(document.case_id)

    assert [(one.authority_name, one.unit_names, one.taken_by) for one in came] == [
        ("Individ- och arbetsmarknadsnämnden", ("Arbetsmarknadstorget",), ())
    ]
    assert list(parts) == []


def test_another_unit_sees_no_arrival(cast):
    document = frozen(cast)
    factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    seen = {}
    for actor in (cast.lena, cast.farid, cast.nils):
        with acting(actor):
            seen[actor.name] = arrived(actor)

    assert seen == {"Lena Lind": [], "Farid Rahimi": [], "Nils Nyman": []}


def test_taken_in_amir_reads_exactly_his_parts(cast):
    document = frozen(cast, Category.HEALTH)
    given = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    factories.taken_in(given, by=cast.amir)
    with acting(cast.amir):
        seen = [part.category for part in parts_seen(document.case_id)]

    assert seen == ["IDENTITY", "HEALTH"]


def test_taking_in_twice_says_so(cast):
    given = factories.handed_over(cast, frozen(cast), by=cast.siv, to=cast.units["amir"])
    factories.taken_in(given, by=cast.amir)
    with acting(cast.amir), pytest.raises(NotAllowed, match="arbetar redan i ärendet"):
        actions.take_in(given, cast.amir.id, by=cast.amir)


def test_only_the_way_in_takes_in_and_only_for_its_own_people(cast):
    given = factories.handed_over(cast, frozen(cast), by=cast.siv, to=cast.units["amir"])
    with acting(cast.farid), pytest.raises(NotAllowed, match="Bara enhetens mottagare"):
        actions.take_in(given, cast.farid.id, by=cast.farid)
    with acting(cast.amir), pytest.raises(NotAllowed, match="Välj någon som arbetar på enheten"):
        actions.take_in(given, cast.lena.id, by=cast.amir)


def test_what_came_cannot_be_taken_in_after_withdrawal(cast):
    given = factories.handed_over(cast, frozen(cast), by=cast.siv, to=cast.units["amir"])
    with acting(cast.siv):
        consents.withdraw(given.consent, by=cast.siv)
    with acting(cast.amir), pytest.raises(NotAllowed, match="går inte att ta emot längre"):
        actions.take_in(given, cast.amir.id, by=cast.amir)


def test_a_withdrawn_yes_closes_the_parts_in_the_next_statement(cast):
    given = factories.handed_over(cast, frozen(cast, Category.HEALTH), by=cast.siv, to=cast.units["amir"])
    factories.taken_in(given, by=cast.amir)
    with acting(cast.siv):
        consents.withdraw(given.consent, by=cast.siv)
    with acting(cast.amir):
        seen = list(parts_seen(given.case_id))

    assert seen == []


def test_a_narrowed_yes_closes_only_what_was_taken_out(cast):
    given = factories.handed_over(cast, frozen(cast, Category.HEALTH), by=cast.siv, to=cast.units["amir"])
    factories.taken_in(given, by=cast.amir)
    with acting(cast.siv):
        consents.narrow(given.consent, categories=[], by=cast.siv)
    with acting(cast.amir):
        seen = [part.category for part in parts_seen(given.case_id)]

    assert seen == ["IDENTITY"]


def test_the_parts_close_at_the_last_instant_of_the_period_not_after_it(cast, clock):
    given = factories.handed_over(cast, frozen(cast, Category.HEALTH), by=cast.siv, to=cast.units["amir"])
    factories.taken_in(given, by=cast.amir)
    seen = []
    for at in (given.consent.ends_at - timedelta(microseconds=1), given.consent.ends_at):
        clock(at)
        with acting(cast.amir):
            seen.append([part.category for part in parts_seen(given.case_id)])

    assert seen == [["IDENTITY", "HEALTH"], []]


def test_the_way_in_may_choose_among_those_who_work_in_cases_at_the_unit(cast):
    with acting(cast.amir):
        names = [one.professional.name for one in colleagues_in(cast.amir)]

    assert names == ["Amir Haddad"]
