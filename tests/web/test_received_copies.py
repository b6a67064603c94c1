"""Mottagna handlingar: what Amir's unit was given stays in its own record, until it is called back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from humla.audit.models import Event
from humla.consents import actions as consents
from humla.consents.visibility import consents_of
from humla.core.context import Actor, Kind, acting, today
from humla.core.rulings import NotAllowed
from humla.disclosures import actions
from humla.disclosures.copies import Stage, copies, parts_of
from humla.disclosures.models import Disclosure, ReceivedCopy
from humla.disclosures.visibility import parts_seen
from humla.notifications.models import Notice
from humla.organisation.models import Role
from humla.protection import actions as protection
from humla.protection.models import MarkingKind
from tests import factories
from tests.cast import Cast
from tests.conftest import Door, person_acting

pytestmark = pytest.mark.django_db

BERIT = "196411182394"
SignIn = Callable[[Any], Door]
HEALTH = "Utredning hos psykiatrin"


def text(response: Any) -> str:
    content: str = response.content.decode()
    return content


@pytest.fixture
def handed(cast: Cast) -> Disclosure:
    """Eva's plan, handed over to Amir's unit and taken in by him."""
    document = factories.adopted_plan(cast, by=cast.siv)
    given = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    factories.taken_in(given, by=cast.amir)
    return given


def copy_of(cast: Cast, given: Disclosure) -> ReceivedCopy:
    with acting(cast.amir):
        return ReceivedCopy.objects.select_related("disclosure").get(disclosure=given)


def at(name: str, copy: ReceivedCopy) -> str:
    return reverse(name, kwargs={"copy_id": copy.pk})


def withdrawn(cast: Cast, given: Disclosure) -> None:
    with acting(cast.siv):
        for one in consents_of(given.case):
            if one.withdrawn_at is None:
                consents.withdraw(one, by=cast.siv)


# --- it lies there ------------------------------------------------------------------------------------------


def test_the_copy_holds_what_was_handed_over_and_nothing_else(cast: Cast, handed: Disclosure):
    with acting(cast.amir):
        copy = ReceivedCopy.objects.get()
        live = {part.category: part.content for part in parts_seen(handed.case_id)}

    assert sorted(copy.parts) == sorted(handed.categories) == sorted(live)
    assert copy.parts == live
    assert copy.authority_id == cast.units["amir"].authority_id
    assert "HEALTH" not in copy.parts


def test_when_the_yes_is_taken_back_the_live_page_closes_and_the_copy_stays(
    cast: Cast, sign_in: SignIn, handed: Disclosure
):
    copy, amir = copy_of(cast, handed), sign_in(cast.amir)
    live = reverse("received", kwargs={"case_id": handed.case_id})
    before = amir.get(live).status_code
    withdrawn(cast, handed)
    listed, page = text(amir.get(reverse("received_copies"))), text(amir.get(at("received_copy", copy)))

    assert (before, amir.get(live).status_code) == (200, 404)
    assert "Eva Ek" in listed
    assert handed.case.reference in listed
    assert "Eva Ek" in page
    assert HEALTH not in page


@pytest.mark.parametrize("who", ["siv", "lena", "nils", "farid", "maja"])
def test_nobody_else_sees_that_it_lies_there(who: str, cast: Cast, sign_in: SignIn, handed: Disclosure):
    copy, other = copy_of(cast, handed), sign_in(getattr(cast, who))
    names = ("received_copy", "received_copy_pdf", "received_copy_text")

    assert [other.get(at(name, copy)).status_code for name in names] == [404] * 3
    assert handed.case.reference not in text(other.get(reverse("received_copies")))
    with acting(getattr(cast, who)):
        assert ReceivedCopy.objects.count() == 0


def test_eva_reads_her_own_and_a_stranger_none(cast: Cast, handed: Disclosure):
    with person_acting(cast.eva):
        hers = ReceivedCopy.objects.count()
    with person_acting(BERIT):
        strangers = ReceivedCopy.objects.count()

    assert (hers, strangers) == (1, 0)


def test_before_it_has_left_and_when_it_is_undone_there_is_no_copy(cast: Cast, clock: Callable[[Any], None]):
    document = factories.adopted_plan(cast, by=cast.siv)
    first = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    factories.taken_in(first, by=cast.amir)
    withdrawn(cast, first)
    factories.consent(document.case, cast.units["amir"], by=cast.siv, categories=["PLANNING", "ECONOMY"])
    with acting(cast.siv):
        actions.recall(Disclosure.objects.get(pk=first.pk), why="content", by=cast.siv)
        again = actions.disclose(document, unit=cast.units["amir"], leaves_in=actions.GRACE, by=cast.siv)
    seen = []
    for step in (again.disclosed_at, again.opens_at):
        clock(step)
        with acting(cast.amir):
            seen.append(ReceivedCopy.objects.filter(disclosure=again).count())
    clock(again.disclosed_at)
    with acting(cast.siv):
        actions.undo(again, by=cast.siv)
    clock(again.opens_at + timedelta(hours=1))
    with acting(cast.amir):
        seen.append(ReceivedCopy.objects.filter(disclosure=again).count())

    assert seen == [0, 1, 0]


def test_paper_and_text_hold_the_same_parts_and_are_named_by_reference(
    cast: Cast, sign_in: SignIn, handed: Disclosure
):
    copy, amir = copy_of(cast, handed), sign_in(cast.amir)
    printed, plain = amir.get(at("received_copy_pdf", copy)), amir.get(at("received_copy_text", copy))

    assert printed["Content-Disposition"] == f'attachment; filename="plan-{handed.case.reference}-1.pdf"'
    assert printed.content.startswith(b"%PDF")
    assert "Eva Ek" in text(plain)
    assert HEALTH not in text(plain)


def test_one_and_three_take_as_many_questions(cast: Cast, sign_in: SignIn):
    amir, counts = sign_in(cast.amir), []
    for number, name in ((cast.eva, "Eva Ek"), (BERIT, "Berit Björk"), ("197002259294", "Cilla Cedros")):
        document = factories.adopted_plan(cast, by=cast.siv, number=number, name=name)
        factories.taken_in(
            factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"]), by=cast.amir
        )
        with CaptureQueriesContext(connection) as asked:
            page = amir.get(reverse("received_copies"))
        counts.append((len(asked), text(page).count("Kvittera Samordnad")))

    assert [shown for _count, shown in counts] == [1, 2, 3]
    assert len({count for count, _shown in counts}) == 1


def test_a_name_finds_hers_and_stands_in_no_address(cast: Cast, sign_in: SignIn, handed: Disclosure):
    other = factories.adopted_plan(cast, by=cast.siv, number=BERIT, name="Berit Björk")
    factories.taken_in(factories.handed_over(cast, other, by=cast.siv, to=cast.units["amir"]), by=cast.amir)
    amir = sign_in(cast.amir)
    answer = amir.send(reverse("received_copies"), {"words": "björk"})
    page = text(amir.get(answer["Location"]))
    nothing = amir.send(reverse("received_copies"), {"words": "Namn"})

    assert "jörk" not in answer["Location"]
    assert ("Berit" in page, "Eva Ek" in page) == (True, False)
    assert "Inget hittades" in text(amir.get(nothing["Location"]))


def test_once_she_is_protected_her_name_is_on_no_list_and_finds_nothing(
    cast: Cast, sign_in: SignIn, handed: Disclosure
):
    amir = sign_in(cast.amir)
    before = text(amir.get(reverse("received_copies")))
    with acting(cast.siv):
        protection.protect(handed.case, kind=MarkingKind.SECRECY, reason="Polisen ringde.", by=cast.siv)
    closed = text(amir.get(reverse("received_copies")))
    # His manager, whoever that is, says that he may go on.
    chief = replace(cast.amir, id=cast.ylva.id, role=Role.MANAGER)
    with acting(chief):
        until = today() + timedelta(days=30)
        protection.clear(handed.case_id, cast.amir.id, cast.amir.unit_id, until=until, by=chief)
    listed = text(amir.get(reverse("received_copies")))
    sought = amir.send(reverse("received_copies"), {"words": "Eva"})["Location"]

    assert ("Eva Ek" in before, handed.case.reference in closed) == (True, False)
    assert ("Skyddad person" in listed, "Eva" in listed) == (True, False)
    assert "Inget hittades" in text(amir.get(sought))


# --- receipt and archive ------------------------------------------------------------------------------------


def test_the_receipt_is_seen_by_siv_and_by_eva(cast: Cast, sign_in: SignIn, handed: Disclosure):
    copy, amir = copy_of(cast, handed), sign_in(cast.amir)
    answer = amir.send(at("receive_copy", copy), {"fran": "lista"})
    again = amir.send(at("receive_copy", copy))
    page = text(
        sign_in(cast.siv).get(
            reverse("disclosed", kwargs={"case_id": handed.case_id, "disclosure_id": handed.pk})
        )
    )
    with person_acting(cast.eva):
        told = Disclosure.objects.get(pk=handed.pk).received_at
        trail = Event.objects.filter(tag="disclosures:document:received").count()

    assert (answer.status_code, answer["Location"]) == (302, reverse("received_copies"))
    assert again.status_code == 409
    assert "Amir Haddad" in page
    assert "mottagen" in page
    assert told is not None
    assert trail == 1


def test_archived_it_is_emptied_here_and_the_receipt_stays(
    cast: Cast, sign_in: SignIn, handed: Disclosure, clock: Callable[[Any], None]
):
    copy, amir = copy_of(cast, handed), sign_in(cast.amir)
    without = amir.send(at("archive_copy", copy), {"reference": " "})
    done = amir.send(at("archive_copy", copy), {"reference": "AF 2026/118"})
    page = text(amir.get(done["Location"]))
    kept = copy_of(cast, handed)

    assert without.status_code == 200
    assert "Skriv var ni har arkiverat handlingen." in text(without)
    assert kept.parts == {}
    assert kept.disclosure.received_at is not None
    assert "AF 2026/118" in page
    assert "Eva Ek" not in page
    assert amir.get(at("received_copy_pdf", copy)).status_code == 404


def test_archived_by_mistake_it_comes_back_within_the_minute_and_not_after(
    cast: Cast, handed: Disclosure, clock: Callable[[Any], None]
):
    before = copy_of(cast, handed)
    with acting(cast.amir):
        actions.archive(before, reference="AF 1", by=cast.amir)
    archived = copy_of(cast, handed)
    assert archived.archived_at is not None
    clock(archived.archived_at + timedelta(seconds=59))
    with acting(cast.amir):
        actions.unarchive(archived, by=cast.amir)
    back = copy_of(cast, handed)
    with acting(cast.amir):
        actions.archive(back, reference="AF 2", by=cast.amir)
    later = copy_of(cast, handed)
    assert later.archived_at is not None
    clock(later.archived_at + timedelta(seconds=60))
    with acting(cast.amir), pytest.raises(NotAllowed, match="Minuten har gått"):
        actions.unarchive(later, by=cast.amir)

    assert back.parts == before.parts


# --- called back --------------------------------------------------------------------------------------------


def recall(sign_in: SignIn, cast: Cast, given: Disclosure, why: str = "receiver") -> Any:
    address = reverse("disclosed", kwargs={"case_id": given.case_id, "disclosure_id": given.pk})
    return sign_in(cast.siv).send(address, {"why": why})


def test_called_back_it_closes_everywhere_at_once_and_the_receipt_stays_for_both(
    cast: Cast, sign_in: SignIn, handed: Disclosure
):
    copy, amir = copy_of(cast, handed), sign_in(cast.amir)
    amir.send(at("receive_copy", copy))
    done = recall(sign_in, cast, handed)
    page = text(amir.get(at("received_copy", copy)))
    with acting(cast.amir):
        parts = list(parts_seen(handed.case_id))
        kept = ReceivedCopy.objects.get(pk=copy.pk)
    with acting(cast.siv):
        notices = list(Notice.objects.order_by("queued_at").values_list("kind", "state"))
    with person_acting(cast.eva):
        act = Disclosure.objects.get(pk=handed.pk)
        told = Event.objects.filter(tag="disclosures:disclosure:recalled").count()

    assert done.status_code == 302
    assert (parts, kept.parts) == ([], {})
    assert amir.get(reverse("received", kwargs={"case_id": handed.case_id})).status_code == 404
    assert "Handlingen är återkallad" in page
    assert "den gick till fel enhet" in page
    assert "Eva Ek" not in page
    assert "mottagen" in page
    assert ("recalled", "waiting") in notices
    assert (act.received_at is not None, act.recalled_why, told) == (True, "receiver", 1)


def test_the_reason_is_asked_for_and_nothing_happens_without_it(
    cast: Cast, sign_in: SignIn, handed: Disclosure
):
    answer = recall(sign_in, cast, handed, why="")
    with acting(cast.siv):
        act = Disclosure.objects.get(pk=handed.pk)

    assert answer.status_code == 200
    assert "Välj varför handlingen återkallas." in text(answer)
    assert act.recalled_at is None


@pytest.mark.parametrize("who", ["amir", "lena", "nils", "maja"])
def test_nobody_but_the_giver_calls_back(who: str, cast: Cast, sign_in: SignIn, handed: Disclosure):
    address = reverse("disclosed", kwargs={"case_id": handed.case_id, "disclosure_id": handed.pk})
    answer = sign_in(getattr(cast, who)).send(address, {"why": "receiver"})
    with acting(getattr(cast, who)), connection.cursor() as cursor:
        cursor.execute("SELECT recall_disclosure(%s, 'receiver')", [handed.pk])
        done = cursor.fetchone()

    assert answer.status_code == 404
    assert done == (False,)


def test_what_was_called_back_for_its_words_is_handed_over_anew(
    cast: Cast, sign_in: SignIn, handed: Disclosure
):
    recall(sign_in, cast, handed, why="content")
    hers = text(sign_in(cast.eva).get(reverse("own_page")))
    twice = recall(sign_in, cast, handed, why="content")
    with acting(cast.siv):
        document = Disclosure.objects.get(pk=handed.pk).document
        again = actions.disclose(document, unit=cast.units["amir"], by=cast.siv)
    with acting(cast.amir):
        (here,) = copies(stage=Stage.NEW)

    assert twice.status_code == 409
    assert "Det blev fel, så den är återkallad" in hers
    assert here.disclosure_id == again.pk
    assert {part.category for part in parts_of(here)} == set(again.categories)


# --- the wall itself ----------------------------------------------------------------------------------------


def test_nobody_writes_in_a_copy_not_even_those_who_have_it(cast: Cast, handed: Disclosure):
    orders = (
        "UPDATE disclosures_receivedcopy SET parts = '{}'",
        "DELETE FROM disclosures_receivedcopy",
        "UPDATE disclosures_disclosure SET received_at = NULL",
        "UPDATE disclosures_disclosure SET recalled_at = humla_now()",
    )
    for actor in (cast.amir, cast.siv):
        for order in orders:
            with (
                acting(actor),
                pytest.raises(ProgrammingError, match="permission"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(order)


def test_a_function_called_by_the_wrong_hand_does_nothing(cast: Cast, handed: Disclosure):
    copy = copy_of(cast, handed)
    asked = {
        "receive": ("SELECT receive_document(%s)", handed.pk),
        "archive": ("SELECT archive_copy(%s, 'x')", copy.pk),
        "unarchive": ("SELECT unarchive_copy(%s)", copy.pk),
        "lay": ("SELECT lay_copy(%s, gen_random_uuid())", handed.pk),
    }
    clock = Actor(Kind.SYSTEM, association_id=cast.association.pk)
    for actor in (cast.siv, cast.lena, cast.nils, cast.farid, clock):
        for order, row in asked.values():
            with acting(actor), connection.cursor() as cursor:
                cursor.execute(order, [row])
                assert cursor.fetchone() == (False,)


def test_nothing_is_archived_unreceived_and_nothing_recalled_before_it_left(
    cast: Cast, handed: Disclosure, clock: Callable[[Any], None]
):
    copy = copy_of(cast, handed)
    with acting(cast.amir), connection.cursor() as cursor:
        cursor.execute("SELECT archive_copy(%s, 'AF 1')", [copy.pk])
        archived = cursor.fetchone()
    factories.consent(handed.case, cast.units["farid"], by=cast.siv, categories=["PLANNING"])
    with acting(cast.siv):
        leaving = actions.disclose(
            handed.document, unit=cast.units["farid"], leaves_in=actions.GRACE, by=cast.siv
        )
        with pytest.raises(NotAllowed, match="Det har inte skickats än"):
            actions.recall(leaving, why="receiver", by=cast.siv)
        with connection.cursor() as cursor:
            cursor.execute("SELECT recall_disclosure(%s, 'receiver')", [leaving.pk])
            recalled = cursor.fetchone()

    assert (archived, recalled) == ((False,), (False,))


def test_what_came_to_the_unit_is_not_taken_in_when_it_was_called_back(cast: Cast, sign_in: SignIn):
    document = factories.adopted_plan(cast, by=cast.siv)
    given = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    recall(sign_in, cast, given)
    page = text(sign_in(cast.amir).get(reverse("arrivals")))
    with acting(cast.amir), pytest.raises(NotAllowed, match="Det går inte att ta emot längre"):
        actions.take_in(Disclosure.objects.get(pk=given.pk), cast.amir.id, by=cast.amir)

    assert "Inget väntar" in page
