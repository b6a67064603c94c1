"""Eva's own pages: what happens next, what she has said yes to, and who has looked."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from humla.audit.models import Event
from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases.models import Category
from humla.consents.models import Consent
from humla.core.context import acting
from humla.disclosures.models import Disclosure, DocumentPart
from humla.plans import actions as plans
from humla.plans.models import Doer
from tests import factories
from tests.cast import Cast
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

Clock = Callable[[datetime], None]
MORNING = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=6)


def _look(cast: Cast, disclosure: Disclosure, by: Any) -> None:
    """What the door writes when a receiver has opened the plan."""
    assert disclosure.consent_id is not None
    with acting(by):
        record(
            Tag.DOCUMENT_READ,
            case=disclosure.case_id,
            person=disclosure.person_id,
            items=[("document", disclosure.document_id, 1)],
            allowed_by=[("consent", disclosure.consent_id)],
        )


def _read(page: str) -> str:
    """The text of a piece of a page: names and frozen texts stand in elements that say they are Swedish."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def disclosure(cast: Cast, clock: Clock) -> Disclosure:
    """Eva's plan, adopted by Siv and handed over to Arbetsförmedlingen, where Amir has taken it in."""
    clock(MORNING)
    document = factories.adopted_plan(cast, by=cast.siv)
    handed = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    factories.taken_in(handed, by=cast.amir)
    return handed


def test_the_first_line_says_what_happens_next(cast: Cast, disclosure: Disclosure, sign_in: Any) -> None:
    page = sign_in(cast.eva).get("/min-sida/").content.decode()

    first = page.split('class="waiting-for"')[1].split("</p>")[0]
    said = _read(first)
    assert "Senast fredag 15 januari 2027 ska Arbetsmarknadstorget ha gjort det här: Boka studiebesök" in said


def test_a_unit_that_has_not_got_the_plan_is_not_said_to_have_promised(
    cast: Cast, clock: Clock, sign_in: Any
) -> None:
    clock(MORNING)
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    plan = factories.whole_plan(cast, case, by=cast.siv)
    lena, soon = cast.units["lena"], (MORNING + timedelta(days=2)).date()
    with acting(cast.siv):
        plans.add_commitment(plan, doer=Doer.UNIT, unit=lena, what="Ge en tid", due_on=soon, by=cast.siv)
        plan.refresh_from_db()
        plans.adopt(plan, version=plan.version, by=cast.siv)
    page = _read(sign_in(cast.eva).get("/min-sida/").content.decode())

    assert "Siv Sandberg ska prata med Psykiatrin Humlesund om det här:Ge en tid" in page
    assert "ska Psykiatrin Humlesund ha gjort" not in page
    assert "ska Arbetsmarknadstorget ha gjort det här: Boka studiebesök" in page


def test_her_own_words_come_first_and_whom_it_is_about_last(
    cast: Cast, disclosure: Disclosure, sign_in: Any
) -> None:
    page = sign_in(cast.eva).get(f"/min-sida/plan/{disclosure.document_id}/").content.decode()
    told = [
        factories.OWN_GOAL,
        "En egen inkomst.",
        "Boka studiebesök",
        ">Person<",
        "19860611-••••",
    ]
    places = [page.index(text) for text in told]

    assert places == sorted(places)
    assert "19860611-2384" not in page
    assert "Personen själv" not in page
    assert "<bdi>Du</bdi>" in page


def test_she_reads_the_whole_plan_also_what_no_receiver_has(
    cast: Cast, disclosure: Disclosure, sign_in: Any
) -> None:
    page = sign_in(cast.eva).get(f"/min-sida/plan/{disclosure.document_id}/").content.decode()

    assert [text in page for text in (factories.OWN_GOAL, factories.REFERRAL, factories.BUDGET)] == [True] * 3


def test_her_plan_on_paper_says_nothing_in_its_name(cast: Cast, disclosure: Disclosure, sign_in: Any) -> None:
    answer = sign_in(cast.eva).get(f"/min-sida/plan/{disclosure.document_id}/pdf/")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="min-plan-1.pdf"'
    assert answer.content[:5] == b"%PDF-"


def test_somebody_else_finds_neither_her_plan_nor_her_consent(
    cast: Cast, disclosure: Disclosure, sign_in: Any
) -> None:
    bertil = sign_in("197101152390")

    pages = [
        bertil.get(f"/min-sida/plan/{disclosure.document_id}/"),
        bertil.get(f"/min-sida/samtycke/{disclosure.consent_id}/aterkalla/"),
        bertil.send(f"/min-sida/samtycke/{disclosure.consent_id}/aterkalla/"),
    ]

    assert [page.status_code for page in pages] == [404, 404, 404]
    with person_acting(cast.eva):
        assert [one.withdrawn_at for one in Consent.objects.all()] == [None]


def test_who_has_no_plan_is_told_whom_to_ask(cast: Cast, disclosure: Disclosure, sign_in: Any) -> None:
    page = sign_in("197101152390").get("/min-sida/").content.decode()

    assert "Det finns ingen plan för dig här" in page
    assert "Eva" not in page


def test_looks_are_counted_from_when_she_was_here_last(
    cast: Cast, disclosure: Disclosure, clock: Clock, sign_in: Any
) -> None:
    def seen(hours: float) -> str:
        clock(MORNING + timedelta(hours=hours))
        text: str = sign_in(cast.eva).get("/min-sida/").content.decode()
        return _read(text.split("</h1>")[1].split("</section>")[0])

    assert "Ingen har läst om dig än." in seen(0.5)
    clock(MORNING + timedelta(hours=1))
    _look(cast, disclosure, cast.amir)
    _look(cast, disclosure, cast.amir)
    _look(cast, disclosure, cast.siv)

    assert "Vid 2 tillfällen har någon läst om dig sedan du var här sist." in seen(2)
    assert "Vid 2 tillfällen har någon läst om dig sedan du var här sist." in seen(2.1)
    assert "mottagare och handläggare 2 gånger" in seen(2.2)
    assert "Ingen har läst om dig sedan du var här sist." in seen(4)


def test_the_list_says_where_they_work_and_which_consent_let_them(
    cast: Cast, disclosure: Disclosure, sign_in: Any
) -> None:
    _look(cast, disclosure, cast.amir)
    _look(cast, disclosure, cast.amir)

    page = sign_in(cast.eva).get("/min-sida/vem-har-last/").content.decode()

    day = page.split('<section class="card">')[1].split("</section>")[0]
    folded, every = day.split("<details")
    assert [part.count("<li>") for part in (folded, every)] == [1, 2]
    told = _read(folded)
    assert "AF Humlesund, Arbetsförmedlingen, mottagare och handläggare 2 gånger: läste din plan." in told
    assert "Fick läsa genom ditt samtycke till AF Humlesund" in told
    assert page.count('<section class="card">') == 1


def test_a_refused_look_is_not_listed(cast: Cast, disclosure: Disclosure, sign_in: Any) -> None:
    refused = sign_in(cast.lena).get(f"/arenden/{disclosure.case_id}/")
    with acting(cast.lena):
        record(Tag.CASE_READ, case=disclosure.case_id, person=disclosure.person_id, decision="denied")

    page = sign_in(cast.eva).get("/min-sida/vem-har-last/?visa=allt").content.decode()

    assert refused.status_code == 404
    assert "Psykiatrin Humlesund" not in page
    assert "Arbetsmarknadstorget" in page


def test_her_own_visit_is_on_the_trail_and_not_among_the_looks(
    cast: Cast, disclosure: Disclosure, sign_in: Any
) -> None:
    eva = sign_in(cast.eva)
    eva.get("/min-sida/")

    assert "Ingen har läst om dig än" in eva.get("/min-sida/vem-har-last/").content.decode()
    with person_acting(cast.eva):
        own = Event.objects.filter(tag=Tag.OWN_PAGE_READ)
        assert [(one.kind, one.person_id) for one in own] == [("person", disclosure.person_id)] * 2


def test_she_takes_back_a_yes_and_the_receiver_reads_nothing(
    cast: Cast, disclosure: Disclosure, sign_in: Any
) -> None:
    eva = sign_in(cast.eva)
    path = f"/min-sida/samtycke/{disclosure.consent_id}/aterkalla/"
    with acting(cast.amir):
        before = DocumentPart.objects.count()

    asked = eva.get(path).content.decode()
    answer = eva.send(path)

    assert "AF Humlesund" in asked
    assert (answer.status_code, answer.headers["Location"]) == (302, path)
    with acting(cast.amir):
        assert (before, DocumentPart.objects.count()) == (3, 0)
    with person_acting(cast.eva):
        taken = Event.objects.get(tag=Tag.CONSENT_WITHDRAWN)
        assert (taken.kind, taken.person_id) == ("person", disclosure.person_id)


def test_taking_back_twice_changes_nothing_the_second_time(
    cast: Cast, disclosure: Disclosure, sign_in: Any
) -> None:
    eva = sign_in(cast.eva)
    path = f"/min-sida/samtycke/{disclosure.consent_id}/aterkalla/"
    eva.send(path)
    with person_acting(cast.eva):
        first = Consent.objects.get().withdrawn_at

    again = eva.send(path)

    assert again.status_code == 409
    assert "Samtycket är redan återkallat." in again.content.decode()
    with person_acting(cast.eva):
        assert Consent.objects.get().withdrawn_at == first


def test_cases_at_two_authorities_stand_side_by_side(
    cast: Cast, disclosure: Disclosure, sign_in: Any
) -> None:
    factories.agreed(factories.open_case(cast, by=cast.nils), by=cast.nils)

    page = sign_in(cast.eva).get("/min-sida/").content.decode()

    assert page.count('<h2><bdi lang="sv">') == 2
    assert "Ekonomiskt bistånd" in page
    assert "Arbetsmarknadstorget" in page


@pytest.mark.parametrize("looks", [1, 3])
def test_the_list_asks_as_many_questions_however_long_it_is(
    cast: Cast, disclosure: Disclosure, sign_in: Any, looks: int
) -> None:
    for _one in range(looks):
        _look(cast, disclosure, cast.amir)
    eva = sign_in(cast.eva)

    with CaptureQueriesContext(connection) as asked:
        eva.get("/min-sida/vem-har-last/")

    assert len([one for one in asked if one["sql"].startswith("SELECT") and "humla" not in one["sql"]]) == 10


@pytest.mark.parametrize("path", ["/min-sida/", "/min-sida/vem-har-last/"])
def test_professionals_do_not_have_a_page_of_their_own_here(cast: Cast, sign_in: Any, path: str) -> None:
    assert sign_in(cast.siv).get(path).status_code == 404


def test_kinds_of_information_are_said_in_plain_words(cast: Cast, clock: Clock, sign_in: Any) -> None:
    clock(MORNING)
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    factories.consent(case, cast.units["farid"], by=cast.siv, categories=[Category.HEALTH])

    page = sign_in(cast.eva).get("/min-sida/").content.decode()

    assert "<strong>Hälsa:</strong> Sjukdomar, besvär, vård" in page
    assert "HEALTH" not in page
    assert "Inget har lämnats ut dit än." in page


OWN_QUERIES = 21
"""What the page reads, whatever the number of cases. The trail has a line for each authority's row of her."""


def test_the_own_page_asks_as_much_for_one_case_as_for_three(
    cast: Cast, disclosure: Disclosure, sign_in: Any
) -> None:
    eva = sign_in(cast.eva)
    asked = []
    for others in ([], [cast.maja, cast.nils]):
        for by in others:
            case = factories.agreed(factories.open_case(cast, by=by), by=by)
            factories.consent(case, cast.units["farid"], by=by)
        with CaptureQueriesContext(connection) as questions:
            page = eva.get("/min-sida/").content.decode()
        read = [one for one in questions if re.match(r'SELECT .*FROM "', one["sql"])]
        asked.append((page.count("Den du ringer"), len(read)))

    assert asked == [(1, OWN_QUERIES), (3, OWN_QUERIES)]
