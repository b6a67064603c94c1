"""Handing over: each receiver gets its own parts, on the page and on paper, and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from humla.audit.models import Event
from humla.cases.models import Case, Category
from humla.consents.actions import give, withdraw
from humla.consents.models import Manner
from humla.core.context import acting, now
from humla.disclosures.models import Disclosure, Document
from humla.notifications.models import Notice
from humla.plans import actions
from humla.plans.models import Doer
from humla.plans.visibility import plan_of
from tests import factories
from tests.cast import Cast
from tests.core.test_document import squeezed, words

pytestmark = pytest.mark.django_db

SignIn = Callable[[Any], Any]
HERS = [factories.OWN_GOAL, "Boka studiebesök", "19860611-2384"]
NOT_HERS = [factories.REFERRAL, factories.BUDGET]


@pytest.fixture
def siv(sign_in: SignIn, cast: Cast) -> Any:
    return sign_in(cast.siv)


@pytest.fixture
def document(cast: Cast) -> Document:
    return factories.adopted_plan(cast, by=cast.siv)


def at(name: str, document: Document, **query: Any) -> str:
    path = reverse(name, kwargs={"case_id": document.case_id, "version": document.version})
    return f"{path}?mottagare={query['unit'].pk}" if query else path


def text_of(response: Any) -> str:
    content: str = response.content.decode()
    return content


def pdf_of(response: Any) -> str:
    with pikepdf.open(BytesIO(response.content)) as pdf:
        return str(squeezed(words(pdf)))


def test_the_holder_reads_the_whole_version(siv: Any, document: Document) -> None:
    page = text_of(siv.get(at("plan_version", document)))

    assert [text in page for text in HERS + NOT_HERS] == [True] * 5
    assert document.sha256 in page


def test_the_row_of_a_receiver_says_what_goes_there_and_that_it_has_not(
    siv: Any, cast: Cast, document: Document
) -> None:
    page = text_of(siv.get(at("plan_version", document)))

    assert "AF Humlesund" in page
    assert "inte utlämnad än" in page
    assert '<span class="visually-hidden">Ingår inte: </span>Hälsa' in page
    assert "Psykiatrin Humlesund</bdi></span></h3>" not in page


def test_as_the_receiver_sees_it_there_is_no_health_and_no_economy(
    siv: Any, cast: Cast, document: Document
) -> None:
    page = text_of(siv.get(at("plan_version", document, unit=cast.units["amir"])))

    assert [text in page for text in HERS] == [True] * 3
    assert [text in page for text in NOT_HERS] == [False] * 2


def test_the_pdf_of_a_receiver_holds_its_parts_and_nothing_else(
    siv: Any, cast: Cast, document: Document
) -> None:
    whole = pdf_of(siv.get(at("plan_version_pdf", document)))
    hers = pdf_of(siv.get(at("plan_version_pdf", document, unit=cast.units["amir"])))

    assert [squeezed(text) in whole for text in HERS + NOT_HERS] == [True] * 5
    assert [squeezed(text) in hers for text in HERS] == [True] * 3
    assert [squeezed(text) in hers for text in NOT_HERS] == [False] * 2
    assert squeezed("Inte utlämnad än.") in hers
    assert document.sha256 in hers


def test_the_pdf_is_kept_by_nobody_and_its_name_says_nobody(siv: Any, document: Document) -> None:
    answer = siv.get(at("plan_version_pdf", document))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"] == f'attachment; filename="plan-{document.case.reference}-v1.pdf"'


def test_printing_is_on_the_trail_with_the_consent_it_was_made_for(
    siv: Any, cast: Cast, document: Document
) -> None:
    siv.get(at("plan_version_pdf", document, unit=cast.units["amir"]))

    with acting(replace(cast.siv, role="log_reviewer")):
        (event,) = Event.objects.filter(tag="disclosures:document:printed")
    assert event.items == [["document", str(document.pk), 1]]
    assert [kind for kind, _id in event.allowed_by] == ["assignment", "consent"]


def test_siv_hands_over_and_the_row_says_when_and_by_whom(
    siv: Any, cast: Cast, document: Document, clock: Callable[[Any], None]
) -> None:
    answer = siv.send(at("hand_over", document), {"unit": str(cast.units["amir"].pk)})
    clock(_act(cast).opens_at)
    page = text_of(siv.get(at("plan_version", document)))
    paper = pdf_of(siv.get(at("plan_version_pdf", document, unit=cast.units["amir"])))

    assert answer.url == at("plan_version", document)
    assert "har fått den" in page
    assert "Siv Sandberg" in page
    assert squeezed("Utlämnad av Siv Sandberg") in paper
    with acting(cast.siv):
        (act,) = Disclosure.objects.all()
    assert (act.receiver_unit_id, act.categories) == (
        cast.units["amir"].pk,
        ["IDENTITY", "PLANNING", "NEEDS"],
    )


def test_a_unit_without_consent_gets_nothing(siv: Any, cast: Cast, document: Document) -> None:
    answer = siv.send(at("hand_over", document), {"unit": str(cast.units["lena"].pk)})

    assert answer.status_code == 404
    with acting(cast.siv):
        assert list(Disclosure.objects.all()) == []


def test_a_withdrawn_consent_closes_the_row(siv: Any, cast: Cast, document: Document) -> None:
    factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    with acting(cast.siv):
        withdraw(document.case.consents.get(), by=cast.siv)
    page = text_of(siv.get(at("plan_version", document)))
    as_amir = siv.get(at("plan_version", document, unit=cast.units["amir"]))

    assert "samtycket gäller inte längre" in page
    assert ">Lämna ut<" not in page
    assert as_amir.status_code == 404


def test_what_the_person_excepted_is_shown_beside_the_button(
    siv: Any, cast: Cast, document: Document
) -> None:
    with acting(cast.siv):
        give(
            document.case,
            unit=cast.units["farid"],
            categories=[Category.PLANNING],
            exceptions="Inget om skulderna.",
            ends_on=now().date() + timedelta(days=30),
            manner=Manner.ORAL,
            heard_by="Siv Sandberg",
            language="sv",
            with_interpreter=False,
            by=cast.siv,
        )
    page = text_of(siv.get(at("plan_version", document)))
    as_farid = text_of(siv.get(at("plan_version", document, unit=cast.units["farid"])))

    assert "Inget om skulderna." in page
    # A sentence about what must not be told, tells it.
    assert "Inget om skulderna." not in as_farid


def test_the_second_version_says_what_differs_from_the_first(
    siv: Any, cast: Cast, document: Document
) -> None:
    with acting(cast.siv):
        plan = plan_of(document.case)
        assert plan is not None
        actions.add_commitment(plan, doer=Doer.OTHER, other="Mamma", what="Passa barnen", by=cast.siv)
        plan.refresh_from_db()
        second = actions.adopt(plan, version=plan.version, by=cast.siv)
    page = text_of(siv.get(at("plan_version", second)))

    assert "Skillnad mot version 1" in page
    assert "<bdi>Mamma: Passa barnen</bdi>" in page
    assert "Passa barnen" not in text_of(siv.get(at("plan_version", document)))


def test_an_older_version_says_that_there_is_a_newer_and_is_not_handed_over(
    siv: Any, cast: Cast, document: Document
) -> None:
    with acting(cast.siv):
        plan = plan_of(document.case)
        assert plan is not None
        actions.add_commitment(plan, doer=Doer.OTHER, other="Mamma", what="Passa barnen", by=cast.siv)
        plan.refresh_from_db()
        second = actions.adopt(plan, version=plan.version, by=cast.siv)
    page = text_of(siv.get(at("plan_version", document)))
    answer = siv.send(at("hand_over", document), {"unit": str(cast.units["amir"].pk)})

    assert "Version 2 finns" in page
    assert f'href="{at("plan_version", second)}"' in page
    assert "Det finns en nyare version. Lämna ut version 2 i stället." in page
    assert "inte utlämnad än" not in page
    assert answer.status_code == 409
    with acting(cast.siv):
        assert list(Disclosure.objects.all()) == []
    assert siv.send(at("hand_over", second), {"unit": str(cast.units["amir"].pk)}).status_code == 302


@pytest.mark.parametrize("who", ["amir", "lena", "nils", "maja"])
def test_the_holders_pages_are_absent_for_others(
    who: str, sign_in: SignIn, cast: Cast, document: Document
) -> None:
    act = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    factories.taken_in(act, by=cast.amir)
    other = sign_in(getattr(cast, who))
    names = ("plan_version", "plan_version_pdf")

    assert [other.get(at(name, document)).status_code for name in names] == [404, 404]
    assert other.send(at("hand_over", document), {"unit": str(cast.units["amir"].pk)}).status_code == 404


def test_amir_is_led_from_the_plan_to_what_he_has_received(
    sign_in: SignIn, cast: Cast, document: Document
) -> None:
    act = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    factories.taken_in(act, by=cast.amir)
    answer = sign_in(cast.amir).get(reverse("plan", kwargs={"case_id": document.case_id}))

    assert (answer.status_code, answer.url) == (
        302,
        reverse("received", kwargs={"case_id": document.case_id}),
    )


def _more_receivers(cast: Cast, case: Case, names: list[str]) -> None:
    for name in names:
        factories.consent(case, cast.units[name], by=cast.siv, categories=[Category.PLANNING])


@pytest.mark.parametrize("more", [[], ["farid", "lena"]])
def test_the_page_asks_as_few_questions_for_three_receivers_as_for_one(
    more: list[str], siv: Any, cast: Cast, document: Document
) -> None:
    _more_receivers(cast, document.case, more)
    siv.get(at("plan_version", document))
    with CaptureQueriesContext(connection) as asked:
        siv.get(at("plan_version", document))

    statements = [
        one["sql"] for one in asked if "SAVEPOINT" not in one["sql"] and "set_config" not in one["sql"]
    ]
    assert len(statements) == 8


def _act(cast: Cast) -> Disclosure:
    with acting(cast.siv):
        return Disclosure.objects.select_related("receiver_unit").get()


def test_for_a_minute_the_receiver_knows_nothing_and_siv_can_undo(
    siv: Any, sign_in: SignIn, cast: Cast, document: Document, clock: Callable[[Any], None]
) -> None:
    siv.send(at("hand_over", document), {"unit": str(cast.units["amir"].pk)})
    page = text_of(siv.get(at("plan_version", document)))
    waiting = text_of(sign_in(cast.amir).get(reverse("arrivals")))
    clock(_act(cast).opens_at)
    later = text_of(sign_in(cast.amir).get(reverse("arrivals")))

    assert "skickas strax" in page
    assert "Skickas om 60 sekunder." in page
    assert ">Ångra<" in page
    assert "Individ- och arbetsmarknadsnämnden" not in waiting
    assert "Individ- och arbetsmarknadsnämnden" in later


def test_undone_it_never_left_and_can_be_handed_over_again(
    siv: Any, sign_in: SignIn, cast: Cast, document: Document, clock: Callable[[Any], None]
) -> None:
    siv.send(at("hand_over", document), {"unit": str(cast.units["amir"].pk)})
    act = _act(cast)
    undo = reverse("undo_hand_over", kwargs={"case_id": document.case_id, "disclosure_id": act.pk})
    answer = siv.send(undo)
    page = text_of(siv.get(at("plan_version", document)))
    clock(act.opens_at + timedelta(minutes=5))
    arrived = text_of(sign_in(cast.amir).get(reverse("arrivals")))

    assert answer.url == at("plan_version", document)
    assert "Ångrat. Inget har skickats till AF Humlesund." in page
    assert "inte utlämnad än" in page
    assert "Individ- och arbetsmarknadsnämnden" not in arrived
    again = siv.send(at("hand_over", document), {"unit": str(cast.units["amir"].pk)})
    assert again.status_code == 302
    with acting(cast.siv):
        assert [one.undone_at is None for one in Disclosure.objects.order_by("disclosed_at")] == [False, True]


def test_undoing_is_on_the_trail_and_stops_the_letter(siv: Any, cast: Cast, document: Document) -> None:
    siv.send(at("hand_over", document), {"unit": str(cast.units["amir"].pk)})
    act = _act(cast)
    siv.send(reverse("undo_hand_over", kwargs={"case_id": document.case_id, "disclosure_id": act.pk}))

    with acting(replace(cast.siv, role="log_reviewer")):
        (event,) = Event.objects.filter(tag="disclosures:disclosure:undone")
    assert ["disclosure", str(act.pk), 0] in event.items
    with acting(cast.olof):
        assert [one.state for one in Notice.objects.all()] == ["cancelled"]


def test_when_it_has_left_the_button_says_why_it_cannot_be_undone(
    siv: Any, cast: Cast, document: Document, clock: Callable[[Any], None]
) -> None:
    siv.send(at("hand_over", document), {"unit": str(cast.units["amir"].pk)})
    act = _act(cast)
    clock(act.opens_at)
    page = text_of(siv.get(at("plan_version", document)))
    answer = siv.send(
        reverse("undo_hand_over", kwargs={"case_id": document.case_id, "disclosure_id": act.pk})
    )

    why = "Det har redan lämnat myndigheten och kan inte ångras. "
    why += "Återkalla i stället, och ring AF Humlesund."
    assert "har fått den" in page
    assert why in page
    assert answer.status_code == 409
    assert why in text_of(answer)
    with acting(cast.siv):
        assert Disclosure.objects.get().undone_at is None


@pytest.mark.parametrize("who", ["amir", "lena", "nils", "maja"])
def test_nobody_else_undoes_it(who: str, sign_in: SignIn, siv: Any, cast: Cast, document: Document) -> None:
    siv.send(at("hand_over", document), {"unit": str(cast.units["amir"].pk)})
    undo = reverse("undo_hand_over", kwargs={"case_id": document.case_id, "disclosure_id": _act(cast).pk})

    assert sign_in(getattr(cast, who)).send(undo).status_code == 404
    with acting(cast.siv):
        assert Disclosure.objects.get().undone_at is None


def test_a_follow_up_on_its_way_is_taken_back_in_the_same_way(
    siv: Any, cast: Cast, document: Document
) -> None:
    case_id = document.case_id
    paper_id = factories.followed_up(document, by=cast.siv, to=cast.units["amir"])["paper_id"]
    factories.consent(document.case, cast.units["farid"], by=cast.siv)
    page = reverse("case_document", kwargs={"case_id": case_id, "paper_id": paper_id})
    siv.send(
        reverse("hand_over_document", kwargs={"case_id": case_id, "paper_id": paper_id}),
        {"unit": str(cast.units["farid"].pk)},
    )
    with acting(cast.siv):
        act = Disclosure.objects.get(receiver_unit=cast.units["farid"])
    shown = text_of(siv.get(page))
    answer = siv.send(reverse("undo_hand_over", kwargs={"case_id": case_id, "disclosure_id": act.pk}))

    assert "Skickas om 60 sekunder." in shown
    assert answer.url == page
    with acting(cast.siv):
        assert Disclosure.objects.get(pk=act.pk).undone_at is not None
