"""Asking to read, deciding, a manager's opening, the log review and the person's question, as pages."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from humla.access.models import RequestAnswer
from humla.access.visibility import requests_to
from humla.audit.models import Event
from humla.audit.tags import LOOKS, Tag
from humla.cases.models import Case
from humla.core.context import acting
from humla.web.review import WORDS
from tests import factories
from tests.cast import Cast
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

WHY = "Klienten söker försörjningsstöd hos oss."
REQUESTS_QUERIES, ASK_QUERIES, OPENINGS_QUERIES, SAMPLE_QUERIES, QUESTIONS_QUERIES = 8, 6, 8, 11, 9
"""The door's own, the trail's and the page's, whatever the number of rows."""
NUMBERS = ["196411182394", "196502022772", "196506232880"]


def text_of(response: Any) -> str:
    """What stands on the page."""
    assert response.status_code == 200, response.status_code
    main = response.content.decode().partition("<main")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def selects(door: Any, address: str, how_many: Any) -> None:
    with how_many:
        door.get(address)


# --- asking ---


def test_the_answer_to_asking_is_the_same_for_a_case_that_is_and_one_that_is_not(cast: Cast, sign_in: Any):
    case = factories.open_case(cast, by=cast.siv)
    nils = sign_in(cast.nils)
    told = []
    for reference in (case.reference, "ZZZ-999"):
        sent = nils.send("/begar-atkomst/", {"reference": reference, "reason": WHY})
        assert (sent.status_code, sent.url) == (302, "/begar-atkomst/")
        page = text_of(nils.get("/begar-atkomst/"))
        told.append(page.replace(case.reference, "KOD").replace("ZZZ-999", "KOD").count("inget svar än"))
    page = nils.get("/begar-atkomst/").content.decode()

    assert told == [1, 2]
    rows = re.findall(r'<tr role="row">\s*<th role="rowheader".*?</tr>', page, re.DOTALL)
    assert len({re.sub(r"[A-Z0-9]{3}-[A-Z0-9]{3}", "KOD", one) for one in rows}) == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"reference": ""}, "Skriv ärendekoden."),
        ({"reference": "hej"}, "Skriv ärendekoden så här: HX7-4K2."),
        ({"reason": "  "}, "Skriv varför du behöver läsa."),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(
    wrong: dict[str, str], sentence: str, cast: Cast, sign_in: Any
):
    typed = {"reference": "HX7-4K2", "reason": WHY} | wrong
    page = sign_in(cast.nils).send("/begar-atkomst/", typed).content.decode()

    assert sentence in page
    assert all(value in page for value in typed.values() if value.strip())


def test_an_empty_list_says_what_to_do(cast: Cast, sign_in: Any):
    assert "Du har inte frågat om något" in text_of(sign_in(cast.nils).get("/begar-atkomst/"))
    assert "Ingen chef har öppnat något ärende" in text_of(sign_in(cast.rut).get("/granskning/"))
    assert "Ingen har frågat" in text_of(sign_in(cast.ylva).get("/fragor-om-lasning/"))
    case = factories.open_case(cast, by=cast.siv)
    assert "Ingen har frågat om att få läsa" in text_of(
        sign_in(cast.siv).get(f"/arenden/{case.pk}/vill-lasa/")
    )


def test_the_responsible_sees_it_on_her_first_page_and_says_yes_to_the_prefilled_consent(
    cast: Cast, sign_in: Any
):
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    arrived = factories.asked_to_read(case, by=cast.nils, holder=cast.siv)
    siv = sign_in(cast.siv)
    address = f"/arenden/{case.pk}/vill-lasa/{arrived}/"
    assert "Ekonomiskt bistånd vill läsa ärendet" in text_of(siv.get("/idag/"))
    page = text_of(siv.get(address))
    sent = siv.send(address, {"svar": "ja"})
    form = siv.get(sent.url).content.decode()

    assert "Nils Nyman vill läsa ärendet" in page
    assert sent.url == f"/arenden/{case.pk}/samtycke/nytt/?unit={cast.nils.unit_id}"
    assert re.search(rf'value="{cast.nils.unit_id}"[^>]*(selected|checked)', form)
    assert "vill läsa ärendet" not in text_of(siv.get("/idag/"))


def test_a_no_needs_a_reason_and_reaches_the_person_but_not_the_asker(cast: Cast, sign_in: Any):
    case = factories.open_case(cast, by=cast.siv)
    arrived = factories.asked_to_read(case, by=cast.nils, holder=cast.siv)
    siv = sign_in(cast.siv)
    address = f"/arenden/{case.pk}/vill-lasa/{arrived}/"
    empty = siv.send(address, {"svar": "nej", "why": ""})
    done = siv.send(address, {"svar": "nej", "why": "Frågan hör inte till planen."})

    assert "Skriv varför svaret är nej." in text_of(empty)
    assert done.url == f"/arenden/{case.pk}/vill-lasa/"
    hers = text_of(sign_in(cast.eva).get(f"/min-sida/vill-lasa/{arrived}/"))
    assert "Frågan hör inte till planen." in hers
    asker = text_of(sign_in(cast.nils).get("/begar-atkomst/"))
    assert "inget svar än" in asker
    assert "hör inte till planen" not in asker


def test_eva_sees_who_asks_and_says_no(cast: Cast, sign_in: Any):
    case = factories.open_case(cast, by=cast.siv)
    arrived = factories.asked_to_read(case, by=cast.nils, holder=cast.siv)
    eva = sign_in(cast.eva)
    assert "Någon frågar om att få läsa om dig" in text_of(eva.get("/min-sida/"))
    sent = eva.send(f"/min-sida/vill-lasa/{arrived}/", {"svar": "nej"})

    assert sent.url == "/min-sida/"
    assert "Någon frågar om att få läsa om dig" not in text_of(eva.get("/min-sida/"))
    with acting(cast.siv):
        (one,) = requests_to(case)
    assert (one.person_says, one.answer) == (RequestAnswer.NO, RequestAnswer.NO)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_requests_asks_as_much_for_one_as_for_three(
    count: int, cast: Cast, sign_in: Any, django_assert_num_queries: Any
):
    case = factories.open_case(cast, by=cast.siv)
    for somebody in (cast.nils, cast.amir, cast.lena)[:count]:
        factories.asked_to_read(case, by=somebody, holder=cast.siv)
    selects(sign_in(cast.siv), f"/arenden/{case.pk}/vill-lasa/", django_assert_num_queries(REQUESTS_QUERIES))


@pytest.mark.parametrize("count", [1, 3])
def test_the_askers_list_asks_as_much_for_one_as_for_three(
    count: int, cast: Cast, sign_in: Any, django_assert_num_queries: Any
):
    case = factories.open_case(cast, by=cast.siv)
    for _time in range(count):
        factories.asked_to_read(case, by=cast.nils, holder=cast.siv)
    selects(sign_in(cast.nils), "/begar-atkomst/", django_assert_num_queries(ASK_QUERIES))


# --- a manager opens ---


def test_the_manager_opens_from_her_list_and_eva_sees_it_at_once(cast: Cast, sign_in: Any):
    case = factories.open_case(cast, by=cast.siv)
    ylva, address = sign_in(cast.ylva), f"/enhetens-arenden/{case.pk}/oppna/"
    assert ylva.get(f"/arenden/{case.pk}/").status_code == 404
    assert address in ylva.get("/enhetens-arenden/").content.decode()
    before = text_of(ylva.get(address))
    empty = ylva.send(address, {"reason": ""})
    sent = ylva.send(address, {"reason": "Siv är sjuk och mötet är i dag."})

    assert "Eva" not in before
    assert "Skriv varför du öppnar ärendet." in text_of(empty)
    assert sent.url == f"/arenden/{case.pk}/"
    assert ylva.get(sent.url).status_code == 200
    hers = text_of(sign_in(cast.eva).get("/min-sida/"))
    assert "En chef har öppnat ditt ärende" in hers
    assert "Siv är sjuk och mötet är i dag." in hers
    assert "Granska den öppning som en chef har gjort" in text_of(sign_in(cast.rut).get("/idag/"))
    assert "Siv är sjuk" in text_of(sign_in(cast.siv).get(f"/arenden/{case.pk}/vill-lasa/"))


def test_a_case_of_another_unit_cannot_be_opened_and_is_absent(cast: Cast, sign_in: Any):
    ylva = sign_in(cast.ylva)
    theirs = factories.open_case(cast, by=cast.nils)
    for one in (theirs.pk, uuid4()):
        assert ylva.get(f"/enhetens-arenden/{one}/oppna/").status_code == 404
        assert ylva.send(f"/enhetens-arenden/{one}/oppna/", {"reason": "x"}).status_code == 404


# --- the log review ---


def test_every_kind_of_look_has_a_word_for_the_reviewer():
    assert set(WORDS) == set(LOOKS)


def test_the_reviewer_goes_through_an_opening_and_reads_nothing_of_the_case(cast: Cast, sign_in: Any):
    case = factories.open_case(cast, by=cast.siv)
    opening = factories.opened_by_manager(case, by=cast.ylva)
    rut, address = sign_in(cast.rut), f"/granskning/oppning/{opening}/"
    listed, page = text_of(rut.get("/granskning/")), text_of(rut.get(address))
    refused = rut.send(address, {"result": "not", "why": ""})
    sent = rut.send(address, {"result": "in_order", "why": ""})

    assert case.reference in listed
    assert "Ylva Yxell" in page
    assert not any("Eva" in one or "Ek " in one for one in (listed, page))
    assert "Skriv vad som inte var i sin ordning" in text_of(refused)
    assert sent.url == "/granskning/"
    assert "Alla öppningar är granskade." in text_of(rut.get("/granskning/"))
    assert "det var i sin ordning" in text_of(sign_in(cast.eva).get("/min-sida/"))
    for somebody in (cast.siv, cast.ylva, cast.amir, cast.olof):
        assert sign_in(somebody).get("/granskning/").status_code == 404


def test_the_weeks_sample_is_reviewed_line_by_line(cast: Cast, sign_in: Any):
    case = factories.open_case(cast, by=cast.siv)
    sign_in(cast.siv).get(f"/arenden/{case.pk}/")
    with acting(cast.rut):
        look = Event.objects.get(tag=Tag.CASE_READ.value)
        year, week, _day = look.at.date().isocalendar()
    rut, address = sign_in(cast.rut), f"/granskning/visningar/?vecka={year}-{week:02}"
    before = text_of(rut.get(address))
    sent = rut.send(f"/granskning/visningar/{look.pk}/", {"result": "in_order", "why": "Leder planen."})
    after = text_of(rut.get(address))

    assert "Siv Sandberg" in before
    assert "öppnade ärendet" in before
    assert "arbetade i ärendet" in before
    assert "ska granskas" in before
    assert sent.url == address
    assert "Hela stickprovet är granskat." in after
    assert rut.get("/granskning/visningar/?vecka=2099-01").status_code == 404
    assert rut.get("/granskning/visningar/?vecka=2026-99").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_reviewers_lists_ask_as_much_for_one_as_for_three(
    count: int, cast: Cast, sign_in: Any, django_assert_num_queries: Any
):
    for number in NUMBERS[:count]:
        case = factories.open_case(cast, by=cast.siv, number=number, name="Berit Björk")
        factories.opened_by_manager(case, by=cast.ylva)
        factories.asked_why(case, number, looked=cast.siv)
    rut, ylva = sign_in(cast.rut), sign_in(cast.ylva)
    with acting(cast.rut):
        year, week, _day = Event.objects.filter(tag=Tag.CASE_READ.value)[0].at.date().isocalendar()
    selects(rut, "/granskning/", django_assert_num_queries(OPENINGS_QUERIES))
    selects(rut, f"/granskning/visningar/?vecka={year}-{week:02}", django_assert_num_queries(SAMPLE_QUERIES))
    selects(ylva, "/fragor-om-lasning/", django_assert_num_queries(QUESTIONS_QUERIES))


# --- the person asks why ---


def looked_by_siv(cast: Cast, sign_in: Any) -> tuple[Case, Event]:
    case = factories.open_case(cast, by=cast.siv)
    sign_in(cast.siv).get(f"/arenden/{case.pk}/")
    with person_acting(cast.eva):
        return case, Event.objects.get(tag=Tag.CASE_READ.value)


def test_eva_asks_why_and_gets_an_answer_in_words(cast: Cast, sign_in: Any):
    case, look = looked_by_siv(cast, sign_in)
    eva, ylva = sign_in(cast.eva), sign_in(cast.ylva)
    address = f"/min-sida/vem-har-last/{look.pk}/"
    assert address in eva.get("/min-sida/vem-har-last/").content.decode()
    page = text_of(eva.get(address))
    sent = eva.send(address, {"words": "Jag känner <b>ingen</b> där."})
    waiting = text_of(eva.get("/min-sida/vem-har-last/"))
    assert "Svara en person som undrar" in text_of(ylva.get("/idag/"))
    listed = ylva.get("/fragor-om-lasning/").content.decode()
    question = re.search(r"/fragor-om-lasning/([0-9a-f-]{36})/", listed)
    assert question is not None
    asked = ylva.get(question[0])
    empty = ylva.send(question[0], {"answer": ""})
    ylva.send(question[0], {"answer": "Siv leder din plan och läste inför mötet."})

    assert "Arbetsmarknadstorget" in page
    assert "Chefen på enheten ska svara dig inom 5 arbetsdagar." in page
    assert sent.url == "/min-sida/vem-har-last/#fragor"
    assert "väntar på svar" in waiting
    assert "Siv Sandberg" in text_of(asked)
    assert case.reference in text_of(asked)
    assert "Eva" not in text_of(asked)
    assert "<b>ingen</b>" not in asked.content.decode()
    assert "Skriv ett svar." in text_of(empty)
    assert "Du har fått svar på din fråga" in text_of(eva.get("/min-sida/"))
    assert "Siv leder din plan och läste inför mötet." in text_of(eva.get("/min-sida/vem-har-last/"))


def test_eva_takes_her_question_back(cast: Cast, sign_in: Any):
    _case, look = looked_by_siv(cast, sign_in)
    eva = sign_in(cast.eva)
    eva.send(f"/min-sida/vem-har-last/{look.pk}/", {"words": ""})
    page = eva.get("/min-sida/vem-har-last/").content.decode()
    back = re.search(r"/min-sida/fragor/[0-9a-f-]{36}/ta-tillbaka/", page)
    assert back is not None
    eva.send(back[0])

    assert "Dina frågor" not in text_of(eva.get("/min-sida/vem-har-last/"))
    assert "Ingen har frågat" in text_of(sign_in(cast.ylva).get("/fragor-om-lasning/"))


def test_a_late_answer_shows_on_both_sides(cast: Cast, sign_in: Any, clock: Any):
    clock(datetime.now(UTC) - timedelta(days=30))
    case = factories.open_case(cast, by=cast.siv)
    factories.asked_why(case, cast.eva, looked=cast.siv)
    clock(datetime.now(UTC))

    assert "svaret är försenat" in text_of(sign_in(cast.eva).get("/min-sida/vem-har-last/"))
    assert "försenat" in text_of(sign_in(cast.ylva).get("/fragor-om-lasning/"))
    assert "Svara en person som undrar" in text_of(sign_in(cast.rut).get("/idag/"))


def test_another_persons_line_is_absent(cast: Cast, sign_in: Any):
    _case, look = looked_by_siv(cast, sign_in)
    adam = sign_in(NUMBERS[0])
    for one in (look.pk, uuid4()):
        assert adam.get(f"/min-sida/vem-har-last/{one}/").status_code == 404
        assert adam.send(f"/min-sida/vem-har-last/{one}/", {"words": "Vem?"}).status_code == 404


# --- what she reads in her list ---


def test_the_list_says_which_parts_and_links_to_the_yes_that_allowed_it(cast: Cast, sign_in: Any):
    document = factories.adopted_plan(cast, by=cast.siv)
    handed = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    factories.taken_in(handed, by=cast.amir)
    sign_in(cast.amir).get(f"/mottagna/{document.case_id}/")
    page = sign_in(cast.eva).get("/min-sida/vem-har-last/").content.decode()

    assert f'href="/min-sida/#samtycke-{handed.consent_id}"' in page
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    assert "Det de såg: planen, version 1 (Person, Planering, Behov)." in said
    assert "Amir Haddad" not in said


def test_the_name_stands_there_when_the_authority_has_decided_so(cast: Cast, sign_in: Any):
    looked_by_siv(cast, sign_in)
    eva, olof = sign_in(cast.eva), sign_in(cast.olof)
    before = text_of(eva.get("/min-sida/vem-har-last/"))
    place = f"/insyn/{cast.siv.authority_id}/"
    assert "Individ- och arbetsmarknadsnämnden" in text_of(olof.get("/insyn/"))
    wrong = olof.send(place, {"answer_days": "0", "weekly_sample": "10", "version": "1"})
    olof.send(place, {"names_staff": "on", "answer_days": "7", "weekly_sample": "10", "version": "1"})
    after = text_of(eva.get("/min-sida/vem-har-last/"))

    assert wrong.status_code == 200
    assert "Siv Sandberg" not in before
    assert "Siv Sandberg" in after


def test_where_staff_work_is_not_told_when_the_person_is_protected(
    cast: Cast, sign_in: Any, monkeypatch: pytest.MonkeyPatch
):
    looked_by_siv(cast, sign_in)
    eva = sign_in(cast.eva)
    before = text_of(eva.get("/min-sida/vem-har-last/"))
    monkeypatch.setattr("humla.web.own.is_protected_herself", lambda: True)
    after = text_of(eva.get("/min-sida/vem-har-last/"))

    assert "Arbetsmarknadstorget" in before
    assert "Arbetsmarknadstorget" not in after
    assert "Individ- och arbetsmarknadsnämnden" in after


def test_two_who_write_an_authoritys_decisions_see_both(cast: Cast, sign_in: Any):
    olof, place = sign_in(cast.olof), f"/insyn/{cast.siv.authority_id}/"
    olof.send(place, {"answer_days": "7", "weekly_sample": "10", "version": "1"})
    olof.send(place, {"answer_days": "8", "weekly_sample": "10", "version": "1"})
    late = olof.send(place, {"answer_days": "9", "weekly_sample": "10", "version": "1"})

    assert late.status_code == 200
    page = text_of(late)
    assert "9" in page
    assert "8" in page
