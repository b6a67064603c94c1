"""Two people at once, on committed data: a withdrawal and a handing over, and two who write the same yes."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections, transaction

from humla.cases.models import Category
from humla.consents import actions as consents
from humla.consents.models import Consent
from humla.consents.visibility import consents_of
from humla.core.context import acting
from humla.core.rulings import NotAllowed
from humla.disclosures import actions
from humla.disclosures.models import Disclosure, Document, DocumentKind
from tests import factories

PARTS = {
    Category.IDENTITY: [{"kind": "facts", "rows": [["Namn", "Eva Ek"]]}],
    Category.HEALTH: [{"kind": "statement", "heading": "Hälsa", "text": "Sover dåligt."}],
}


@pytest.fixture
def committed_case(committed_db, cast) -> tuple[Document, Consent]:
    """A document ready to be handed over, and the yes that it would rest on, both committed."""
    with transaction.atomic():
        case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
        factories.consent(case, cast.units["amir"], by=cast.siv, categories=[Category.HEALTH])
    with transaction.atomic(), acting(cast.siv):
        document = actions.freeze(
            case, kind=DocumentKind.PLAN, version=1, title="Plan", parts=PARTS, by=cast.siv
        )
        return document, consents_of(case)[0]


def in_thread(work: Callable[[], None]) -> threading.Thread:
    """Another connection to the same database, closed when the work is done."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def test_a_withdrawal_waits_for_the_handing_over_that_was_first(committed_case, cast):
    document, consent = committed_case
    begun, done = threading.Event(), threading.Event()

    def withdraw() -> None:
        with transaction.atomic(), acting(cast.siv):
            begun.set()
            consents.withdraw(consent, by=cast.siv)
        done.set()

    with transaction.atomic(), acting(cast.siv):
        given = actions.disclose(document, unit=cast.units["amir"], by=cast.siv)
        thread = in_thread(withdraw)
        begun.wait(5)
        withdrawn_meanwhile = done.wait(0.3)
    thread.join(5)
    with transaction.atomic(), acting(cast.siv):
        closed = Consent.objects.get(pk=consent.pk)

    assert withdrawn_meanwhile is False
    assert closed.withdrawn_at is not None
    assert given.disclosed_at <= closed.withdrawn_at


def test_a_handing_over_that_was_second_is_refused_though_it_began_before(committed_case, cast):
    document, consent = committed_case
    begun, withdrawn, told = threading.Event(), threading.Event(), []

    def disclose() -> None:
        # Its transaction, and with it its clock, begins before the withdrawal's.
        with transaction.atomic(), acting(cast.siv):
            begun.set()
            withdrawn.wait(5)
            try:
                actions.disclose(document, unit=cast.units["amir"], by=cast.siv)
            except NotAllowed as refused:
                told.append(refused.reason)

    thread = in_thread(disclose)
    begun.wait(5)
    with transaction.atomic(), acting(cast.siv):
        consents.withdraw(consent, by=cast.siv)
        withdrawn.set()
        thread.join(0.3)
        waited = thread.is_alive()
    thread.join(5)
    with transaction.atomic(), acting(cast.siv):
        given = Disclosure.objects.count()

    assert waited is True
    assert told == ["Samtycket togs tillbaka medan du arbetade. Inget har lämnats ut."]
    assert given == 0


def test_of_two_who_write_a_yes_to_the_same_unit_at_once_one_stands(committed_case, cast):
    document, _consent = committed_case

    def give() -> None:
        with transaction.atomic():
            factories.consent(document.case, cast.units["farid"], by=cast.siv)

    threads = [in_thread(give) for _each in range(4)]
    for thread in threads:
        thread.join(10)
    with transaction.atomic(), acting(cast.siv):
        open_ones = Consent.objects.filter(
            receiver_unit=cast.units["farid"], withdrawn_at__isnull=True
        ).count()
        written = Consent.objects.filter(receiver_unit=cast.units["farid"]).count()

    assert (open_ones, written) == (1, 4)
