"""Eva prepares a meeting on her telephone; before she hands it in nothing here tells anybody that she has."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from humla.audit.models import Event
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.core.context import acting
from humla.meetings.models import Preparation
from tests import factories
from tests.cast import Cast
from tests.conftest import Door, person_acting

pytestmark = pytest.mark.django_db

WORRY = "Att ingen ska tro mig när jag säger som det är."
ARABIC = "أريد أن أنام وأن أعود إلى العمل ببطء"


def _read(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def case(cast: Cast) -> Case:
    """Eva's case with a meeting ahead; Amir has taken in her plan."""
    document = factories.adopted_plan(cast, by=cast.siv)
    factories.taken_in(
        factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"]), by=cast.amir
    )
    factories.planned_meeting(document.case, by=cast.siv, place="Biblioteket, rum 2")
    return document.case


@pytest.fixture
def eva(cast: Cast, sign_in: Any) -> Door:
    """Eva's own browser."""
    door: Door = sign_in(cast.eva)
    return door


def _path(case: Case) -> str:
    return f"/min-sida/forberedelse/{case.pk}/"


def _save(eva: Door, case: Case, version: int = 0, **words: str) -> Any:
    return eva.send(_path(case), {"version": version, **(words or {"worries": WORRY})})


def _hand_in(eva: Door, case: Case, version: int = 1) -> Any:
    return eva.send(f"{_path(case)}lamna-in/", {"version": version})


@contextmanager
def _hers(cast: Cast) -> Iterator[None]:
    with person_acting(cast.eva):
        yield


def test_her_start_page_leads_here(case: Case, eva: Door) -> None:
    assert f'href="{_path(case)}"' in eva.get("/min-sida/").content.decode()


def test_she_sees_when_the_meeting_is_and_that_only_she_reads(case: Case, eva: Door) -> None:
    page = _read(eva.get(_path(case)).content.decode())

    assert "Biblioteket, rum 2" in page
    assert "Bara du ser det här" in page
    assert "Inget sparat än" in page


def test_what_she_saves_is_there_next_time(case: Case, eva: Door) -> None:
    answer = _save(eva, case, worries=WORRY, should_come=f"Min syster {ARABIC}")

    assert (answer.status_code, answer.headers["Location"]) == (302, _path(case))
    page = eva.get(_path(case)).content.decode()
    assert WORRY in page
    assert ARABIC in page
    assert re.search(r"Sparat \d\d\.\d\d", page)


def test_before_it_is_handed_in_siv_has_no_page_list_count_or_search_that_knows(
    cast: Cast, case: Case, eva: Door, sign_in: Any
) -> None:
    siv = sign_in(cast.siv)
    looked_at = (
        f"/arenden/{case.pk}/",
        f"/arenden/{case.pk}/forberedelse/",
        f"/arenden/{case.pk}/moten/",
        "/arenden/",
        "/arenden/?q=tro",
    )
    before = {path: _steady(siv.get(path)) for path in looked_at}
    _save(eva, case)
    kept = eva.send(f"/utkast/?case={case.pk}&form=preparation:{case.pk}", {"worries": WORRY})
    assert kept.status_code == 200

    for path in looked_at:
        assert _steady(siv.get(path)) == before[path]
    with acting(cast.siv):
        assert Preparation.objects.count() == 0
        assert not Event.objects.filter(tag=Tag.PREPARATION_KEPT).exists()


def _steady(answer: Any) -> str:
    """A page without what differs each time it is drawn: keys and the guard against forgery."""
    return re.sub(r'value="[\w-]{30,}"|data-\w+="[\w-]{30,}"', "", answer.content.decode())


def test_handed_in_siv_reads_it_and_the_others_do_not(
    cast: Cast, case: Case, eva: Door, sign_in: Any
) -> None:
    _save(eva, case)
    _hand_in(eva, case)

    path = f"/arenden/{case.pk}/forberedelse/"
    assert WORRY in sign_in(cast.siv).get(path).content.decode()
    for who in (cast.amir, cast.lena, cast.nils, cast.maja):
        assert sign_in(who).get(path).status_code == 404
    assert WORRY not in sign_in(cast.amir).get(f"/mottagna/{case.pk}/").content.decode()


def test_she_reads_through_and_sees_who_will_read_before_she_hands_in(case: Case, eva: Door) -> None:
    answer = _save(eva, case, worries=WORRY, lamna_in="1")
    page = _read(eva.get(answer.headers["Location"]).content.decode())

    assert answer.headers["Location"] == f"{_path(case)}lamna-in/"
    assert WORRY in page
    assert "Siv Sandberg, SIP-samordnareArbetsmarknadstorget" in page.split("De här kan läsa det sedan")[1]
    assert "Amir" not in page


def test_handed_in_it_is_quoted_with_its_day_and_cannot_be_edited(cast: Cast, case: Case, eva: Door) -> None:
    _save(eva, case)
    assert _hand_in(eva, case).status_code == 302

    page = eva.get(_path(case)).content.decode()
    assert WORRY in page
    assert "<textarea" not in page
    assert "Inlämnat" in page
    assert "<textarea" in eva.get(f"{_path(case)}?ny=1").content.decode()
    _save(eva, case, worries="En sak till.")
    with _hers(cast):
        assert sorted(Preparation.objects.values_list("worries", flat=True)) == [WORRY, "En sak till."]


def test_handing_in_twice_is_handing_in_once(cast: Cast, case: Case, eva: Door) -> None:
    _save(eva, case)
    answers = [_hand_in(eva, case), _hand_in(eva, case, version=2)]

    assert [one.headers["Location"] for one in answers] == [_path(case)] * 2
    with _hers(cast):
        assert Preparation.objects.count() == 1


def test_with_nothing_written_the_page_says_what_to_do(case: Case, eva: Door) -> None:
    page = eva.get(f"{_path(case)}lamna-in/").content.decode()

    assert "Du har inget att lämna in" in page
    assert f'href="{_path(case)}"' in page


def test_two_windows_show_both_texts_and_lose_neither(cast: Cast, case: Case, eva: Door) -> None:
    _save(eva, case, worries="Från datorn.")

    page = _save(eva, case, version=0, worries="Från telefonen.").content.decode()

    assert "Två olika texter" in page
    assert "Från datorn." in page
    assert "Från telefonen.</textarea>" in page
    assert _save(eva, case, version=1, worries="Från telefonen.").status_code == 302


def test_what_is_typed_is_kept_when_the_session_ends(case: Case, eva: Door) -> None:
    kept = eva.send(
        f"/utkast/?case={case.pk}&form=preparation:{case.pk}", {"made_for": "0", "worries": WORRY}
    )

    assert kept.status_code == 200
    page = eva.get(_path(case)).content.decode()
    assert f"{WORRY}</textarea>" in page


def test_an_old_draft_does_not_cover_newer_words(cast: Cast, case: Case, eva: Door) -> None:
    _save(eva, case, worries="Det nya.")
    eva.send(
        f"/utkast/?case={case.pk}&form=preparation:{case.pk}", {"made_for": "0", "worries": "Det gamla."}
    )

    page = eva.get(_path(case)).content.decode()
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    answer = _save(eva, case, version=int(version[1]), worries="Det gamla.")

    assert "Två olika texter" in answer.content.decode()
    with _hers(cast):
        assert Preparation.objects.get().worries == "Det nya."


def test_too_long_a_text_comes_back_whole(case: Case, eva: Door) -> None:
    page = _save(eva, case, worries="å" * 10_001).content.decode()

    assert "Korta den till högst 10\N{NO-BREAK SPACE}000 tecken" in page
    assert "å" * 10_001 in page


def test_somebody_elses_address_is_absent(case: Case, sign_in: Any) -> None:
    bertil = sign_in("197101152390")

    assert [
        bertil.get(_path(case)).status_code,
        bertil.get(f"{_path(case)}lamna-in/").status_code,
        _save(bertil, case).status_code,
    ] == [404, 404, 404]


def test_siv_writes_down_what_eva_tells_and_eva_reads_it(
    cast: Cast, case: Case, eva: Door, sign_in: Any
) -> None:
    siv, path = sign_in(cast.siv), f"/arenden/{case.pk}/forberedelse/"
    assert "Inget är inlämnat än" in siv.get(path).content.decode()

    missing = siv.send(path, {"worries": WORRY, "told_to": ""}).content.decode()
    empty = siv.send(path, {"told_to": "Siv Sandberg"}).content.decode()
    answer = siv.send(path, {"worries": WORRY, "told_to": "Siv Sandberg"})

    assert "Skriv för vem personen berättade." in missing
    assert f"{WORRY}</textarea>" in missing
    assert "Det räcker med en av frågorna." in empty
    assert (answer.status_code, answer.headers["Location"]) == (302, path)
    assert "Berättat för Siv Sandberg" in _read(siv.get(path).content.decode())
    assert "Berättat för Siv Sandberg" in _read(eva.get(_path(case)).content.decode())


def test_her_reading_is_a_look_of_sivs_on_evas_list(cast: Cast, case: Case, eva: Door, sign_in: Any) -> None:
    _save(eva, case)
    _hand_in(eva, case)
    sign_in(cast.siv).get(f"/arenden/{case.pk}/forberedelse/")

    page = _read(eva.get("/min-sida/vem-har-last/").content.decode())
    assert "läste det du ville säga inför mötet" in page


@pytest.mark.parametrize("times", [1, 3])
def test_the_page_asks_as_many_questions_however_much_there_is(
    cast: Cast, case: Case, sign_in: Any, times: int
) -> None:
    siv, path = sign_in(cast.siv), f"/arenden/{case.pk}/forberedelse/"
    for _one in range(times):
        siv.send(path, {"worries": WORRY, "told_to": "Siv Sandberg"})

    with CaptureQueriesContext(connection) as asked:
        page = siv.get(path).content.decode()

    read = [one for one in asked if re.match(r'SELECT .*FROM "', one["sql"])]
    assert (page.count("Inlämnat"), len(read)) == (times, 4)
