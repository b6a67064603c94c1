"""What Amir gets, and what Lena, Nils and everybody else cannot know is there."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from humla.audit.models import Event
from humla.cases.models import Case, Category
from humla.consents import actions as consents
from humla.core.context import acting
from humla.disclosures.models import Disclosure
from humla.plans import actions as plans
from humla.plans.models import Doer
from humla.plans.visibility import plan_of
from tests import factories
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

BERIT = "196411182394"


def page_of(case: Case, name: str = "received", **query: Any) -> str:
    path = reverse(name, kwargs={"case_id": case.pk})
    return f"{path}?version={query['version']}" if query else path


def text(response: Any) -> str:
    return response.content.decode()


@pytest.fixture
def handed(cast) -> Disclosure:
    """Eva's plan, handed over to Amir with planning and needs, and taken in by him. Health stays in it."""
    document = factories.adopted_plan(cast, by=cast.siv)
    given = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    factories.taken_in(given, by=cast.amir)
    return given


def next_version(cast, case: Case) -> Any:
    """Siv changes the plan and adopts it anew."""
    with acting(cast.siv):
        plan = plan_of(case)
        plans.add_commitment(
            plan, doer=Doer.UNIT, unit=cast.units["amir"], what="Ordna en praktikplats", by=cast.siv
        )
        plan.refresh_from_db()
        return plans.adopt(plan, version=plan.version, by=cast.siv)


# --- what has come ------------------------------------------------------------------------------------------


def test_the_way_in_sees_from_whom_and_when_but_no_person(cast, sign_in):
    document = factories.adopted_plan(cast, by=cast.siv)
    factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    page = text(sign_in(cast.amir).get(reverse("arrivals")))

    assert "En handling från Arbetsmarknadstorget" in page
    assert "Individ- och arbetsmarknadsnämnden" in page
    assert [words in page for words in ("Eva", "Ek<", document.case.reference, str(document.case_id))] == [
        False
    ] * 4


def test_arrivals_are_for_the_way_in_only(cast, sign_in):
    answers = {
        actor.name: sign_in(actor).get(reverse("arrivals")).status_code
        for actor in (cast.amir, cast.siv, cast.nils, cast.greta, cast.olof)
    }

    assert answers == {
        "Amir Haddad": 200,
        "Siv Sandberg": 404,
        "Nils Nyman": 404,
        "Greta Grahn": 404,
        "Olof Ohlin": 404,
    }


def test_amir_takes_it_in_and_reads(cast, sign_in):
    document = factories.adopted_plan(cast, by=cast.siv)
    given = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    amir, path = sign_in(cast.amir), reverse("take_in", kwargs={"disclosure_id": given.pk})
    before = amir.get(page_of(document.case)).status_code
    form = text(amir.get(path))
    answer = amir.send(path, {"professional": str(cast.amir.id)})
    page = text(amir.get(answer["Location"]))

    assert before == 404
    assert "Jag själv (Amir Haddad)" in form
    assert "Eva" not in form
    assert answer["Location"] == page_of(document.case)
    assert "Eva Ek" in page


def test_what_came_to_another_unit_cannot_be_taken_in(cast, sign_in):
    document = factories.adopted_plan(cast, by=cast.siv)
    given = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    path = reverse("take_in", kwargs={"disclosure_id": given.pk})
    answers = [sign_in(actor).get(path).status_code for actor in (cast.farid, cast.lena, cast.siv)]

    assert answers == [404, 404, 404]


def test_three_arrivals_take_as_many_questions_as_one(cast, sign_in):
    document = factories.adopted_plan(cast, by=cast.siv)
    amir, counts = sign_in(cast.amir), []
    for _each in range(3):
        factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
        with CaptureQueriesContext(connection) as asked:
            came = amir.get(reverse("arrivals"))
        counts.append((len(asked), text(came).count("En handling från")))
        document = next_version(cast, document.case)

    assert [shown for _count, shown in counts] == [1, 2, 3]
    assert len({count for count, _shown in counts}) == 1


def test_nothing_that_has_come_is_beyond_the_last_page(cast, sign_in, monkeypatch):
    """Four have come and two fit on a page: what waits comes first, and turning finds each of them once."""
    monkeypatch.setattr("humla.web.received.PAGE", 2)
    document = factories.adopted_plan(cast, by=cast.siv)
    other = factories.adopted_plan(cast, by=cast.siv, number=BERIT, name="Berit Björk")
    taken = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    factories.taken_in(taken, by=cast.amir)
    for _each in range(2):
        factories.handed_over(cast, next_version(cast, document.case), by=cast.siv, to=cast.units["amir"])
    factories.handed_over(cast, other, by=cast.siv, to=cast.units["amir"])
    amir, address, pages = sign_in(cast.amir), reverse("arrivals"), []
    while address:
        pages.append(text(amir.get(address)))
        address = next(iter(re.findall(r'rel="next" href="([^"]+)"', pages[-1])), "").replace("&amp;", "&")

    assert [page.count("En handling från") for page in pages] == [2, 2]
    assert [page.count(">Ta emot<") for page in pages] == [1, 0]
    assert ['rel="prev"' in page for page in pages] == [False, True]
    assert "Inget väntar" not in pages[1]
    assert "Listan är slut" in text(
        amir.get(f"{reverse('arrivals')}?fore=1_2020-01-01T00:00:00%2B00:00_{uuid4()}")
    )
    assert text(amir.get(f"{reverse('arrivals')}?fore=x")).count("En handling från") == 2


# --- what is read -------------------------------------------------------------------------------------------


def test_amir_reads_what_the_yes_covers_and_who_gave_it(cast, sign_in, handed):
    page = text(sign_in(cast.amir).get(page_of(handed.case)))

    assert "Boka studiebesök" in page
    assert factories.OWN_GOAL in page
    assert "Siv Sandberg" in page
    assert "Arbetsmarknadstorget, Individ- och arbetsmarknadsnämnden" in page


def test_what_the_unit_does_and_whom_to_call_come_before_the_plan_and_the_metadata_last(
    cast, sign_in, handed
):
    factories.handed_over(cast, next_version(cast, handed.case), by=cast.siv, to=cast.units["amir"])
    page = text(sign_in(cast.amir).get(page_of(handed.case)))
    order = (
        "Din enhet gör:",
        "Ordna en praktikplats",
        "Ring <bdi>",
        "Ändrat sedan version 1",
        factories.OWN_GOAL,
        "Boka studiebesök",
        ">Person<",
        "Lämnat av",
        "Versioner som du har fått",
    )
    places = [page.index(words) for words in order]

    assert places == sorted(places)
    assert page.count('class="is-ours"') == 1


def test_health_and_economy_are_neither_on_the_page_nor_in_the_pdf(cast, sign_in, handed):
    amir, siv = sign_in(cast.amir), sign_in(cast.siv)
    page, pdf = text(amir.get(page_of(handed.case))), amir.get(page_of(handed.case, "received_pdf"))
    whole = siv.get(
        reverse("plan_version_pdf", kwargs={"case_id": handed.case_id, "version": handed.document.version})
    )
    secrets = ("neuropsykiatrisk", "skulderna")

    # The words are there for those who hold the plan, or the test would prove nothing.
    assert [words in drawn(whole.content) for words in ("Boka", *secrets)] == [True, True, True]
    assert [words in page for words in ("Boka", *secrets)] == [True, False, False]
    assert [words in drawn(pdf.content) for words in ("Boka", *secrets)] == [True, False, False]


def drawn(pdf: bytes) -> str:
    """Every text that the PDF holds, by the map from its glyphs back to letters."""
    found = []
    with pikepdf.open(BytesIO(pdf)) as document:
        for page in document.pages:
            maps = {
                name: _letters(font.ToUnicode.read_bytes().decode("latin-1"))
                for name, font in page.Resources.get("/Font", {}).items()
                if "/ToUnicode" in font
            }
            letters: dict[str, str] = {}
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    letters = maps.get(str(operands[0]), {})
                elif str(operator) in ("Tj", "TJ"):
                    pieces = operands[0] if str(operator) == "TJ" else operands
                    for piece in pieces:
                        if isinstance(piece, pikepdf.String):
                            raw = bytes(piece).hex().upper()
                            found += [letters.get(raw[i : i + 4], "") for i in range(0, len(raw), 4)]
    return "".join(found)


def _letters(cmap: str) -> dict[str, str]:
    pairs = re.findall(r"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>", cmap)
    return {glyph.upper(): bytes.fromhex(code).decode("utf-16-be") for glyph, code in pairs}


def test_the_pdf_carries_the_reference_and_no_name_in_its_own(cast, sign_in, handed):
    answer = sign_in(cast.amir).get(page_of(handed.case, "received_pdf"))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == (
        f'attachment; filename="plan-{handed.case.reference}-version-1.pdf"'
    )
    assert answer["Cache-Control"] == "no-store"
    assert answer.content.startswith(b"%PDF-")


def test_the_exceptions_in_eva_words_never_reach_the_receiver(cast, sign_in):
    document = factories.adopted_plan(cast, by=cast.siv)
    with acting(cast.siv):
        consents.give(
            document.case,
            unit=cast.units["amir"],
            categories=[Category.PLANNING],
            exceptions="Inget om min bror",
            ends_on=document.frozen_at.date() + timedelta(days=30),
            manner="paper",
            heard_by="",
            language="sv",
            with_interpreter=False,
            by=cast.siv,
        )
    factories.taken_in(
        factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"]), by=cast.amir
    )
    page = text(sign_in(cast.amir).get(page_of(document.case)))

    assert "Boka studiebesök" in page
    assert "min bror" not in page


def test_everybody_else_gets_the_page_for_what_is_not_there(cast, sign_in, handed):
    for actor in (cast.siv, cast.maja, cast.lena, cast.farid, cast.nils, cast.stranger):
        door = sign_in(actor)
        there, nowhere = door.get(page_of(handed.case)), door.get(f"/mottagna/{uuid4()}/")
        assert (there.status_code, alike(there)) == (404, alike(nowhere)), actor.name


def alike(response: Any) -> str:
    """The page without what differs between any two: the form's own key and the guard against forgery."""
    return re.sub(r'(name="(?:csrfmiddlewaretoken|key)" value=")[^"]*', r"\1", text(response))


@pytest.mark.parametrize("name", ["received", "received_pdf"])
def test_withdrawn_the_next_look_is_as_for_a_random_address(cast, sign_in, handed, name):
    amir, siv = sign_in(cast.amir), sign_in(cast.siv)
    before = amir.get(page_of(handed.case, name)).status_code
    withdrawn = reverse(
        "withdraw_consent", kwargs={"case_id": handed.case_id, "consent_id": handed.consent_id}
    )
    siv.send(withdrawn)
    after = amir.get(page_of(handed.case, name))
    nowhere = amir.get(reverse(name, kwargs={"case_id": uuid4()}))

    assert before == 200
    assert (after.status_code, alike(after), sorted(after.headers.items())) == (
        404,
        alike(nowhere),
        sorted(nowhere.headers.items()),
    )


def test_at_the_end_of_the_period_it_closes_to_the_tick(cast, sign_in, handed, clock):
    amir, answers = sign_in(cast.amir), []
    with connection.cursor() as cursor:
        # The session is long gone half a year later; only the consent's clock is under test.
        cursor.execute(
            "UPDATE accounts_session SET ends_at = 'infinity', seen_at = %s", [handed.consent.ends_at]
        )
    for at in (handed.consent.ends_at - timedelta(microseconds=1), handed.consent.ends_at):
        clock(at)
        answers.append(amir.get(page_of(handed.case)).status_code)

    assert answers == [200, 404]


def test_narrowed_the_page_stays_with_less_on_it(cast, sign_in, handed):
    with acting(cast.siv):
        consents.narrow(handed.consent, categories=[Category.PLANNING], by=cast.siv)
    page = text(sign_in(cast.amir).get(page_of(handed.case)))

    assert "Boka studiebesök" in page
    assert factories.OWN_GOAL not in page


def test_a_new_version_tells_what_differs_and_the_earlier_stays(cast, sign_in, handed):
    factories.handed_over(cast, next_version(cast, handed.case), by=cast.siv, to=cast.units["amir"])
    amir = sign_in(cast.amir)
    newest, first = text(amir.get(page_of(handed.case))), text(amir.get(page_of(handed.case, version=1)))

    assert "nytt: <bdi>AF Humlesund: Ordna en praktikplats</bdi>" in newest
    assert _chapters(newest).count("Ordna en praktikplats") == 1
    assert _chapters(first).count("Ordna en praktikplats") == 0
    assert "Det här är en tidigare version. Den senaste är version 2." in first
    assert amir.get(page_of(handed.case, version=3)).status_code == 404


def _chapters(page: str) -> str:
    return " ".join(re.findall(r'<section class="card plan-part".*?</section>', page, re.DOTALL))


def test_a_version_that_was_not_handed_over_is_not_there(cast, sign_in, handed):
    next_version(cast, handed.case)
    amir = sign_in(cast.amir)

    assert amir.get(page_of(handed.case, version=2)).status_code == 404
    assert "Ordna en praktikplats" not in text(amir.get(page_of(handed.case)))


def test_reading_and_printing_are_on_evas_trail_with_what_allowed_them(cast, sign_in, handed):
    amir = sign_in(cast.amir)
    amir.get(page_of(handed.case))
    amir.get(page_of(handed.case, "received_pdf"))
    with person_acting(cast.eva):
        looks = {
            one.tag: (one.actor_id, one.items, [kind for kind, _id in one.allowed_by])
            for one in Event.objects.filter(tag__startswith="disclosures:document:", actor_id=cast.amir.id)
        }

    expected = (
        cast.amir.id,
        [["document", str(handed.document_id), 1]],
        ["assignment", "consent", "disclosure"],
    )
    assert looks == {"disclosures:document:read": expected, "disclosures:document:printed": expected}


def test_three_versions_take_as_many_questions_as_one(cast, sign_in, handed):
    amir, counts = sign_in(cast.amir), []
    for _each in range(3):
        with CaptureQueriesContext(connection) as asked:
            amir.get(page_of(handed.case))
        counts.append(len(asked))
        factories.handed_over(cast, next_version(cast, handed.case), by=cast.siv, to=cast.units["amir"])

    assert counts == [counts[0]] * 3
