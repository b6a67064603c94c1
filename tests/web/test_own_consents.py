"""Eva says yes, sees first what they would see, says less, says no, and takes it back: all by herself."""

import re
from typing import Any

import pytest

from humla.audit.models import Event
from humla.cases.models import Case, Category
from humla.consents.asking import ask_person
from humla.consents.kept_away import keep_away
from humla.consents.models import Consent, ConsentRequest, KeptAway, Manner
from humla.consents.rules import last_day, months_after
from humla.core import dates
from humla.core.context import acting, today
from tests import factories
from tests.cast import Cast
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

INSTEAD = "Siv ringer dem utan att säga vem det gäller."


def _read(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.content.decode()))


def ask(cast: Cast, case: Case, to: str = "farid", *kinds: Category) -> ConsentRequest:
    """Siv asks Eva about one unit."""
    with acting(cast.siv):
        return ask_person(
            case,
            unit=cast.units[to],
            categories=kinds or (Category.PLANNING, Category.HEALTH),
            ends_on=months_after(today(), 6),
            why="De kan pröva förebyggande sjukpenning.",
            instead=INSTEAD,
            by=cast.siv,
        )


@pytest.fixture
def case(cast: Cast) -> Case:
    return factories.adopted_plan(cast, by=cast.siv).case


@pytest.fixture
def asked(cast: Cast, case: Case) -> ConsentRequest:
    return ask(cast, case)


def at(asked: ConsentRequest, more: str = "") -> str:
    return f"/min-sida/fraga/{asked.pk}/{more}"


def until(asked: ConsentRequest) -> str:
    return last_day(asked.ends_at).isoformat()


def test_the_question_stands_first_on_her_page_and_says_what_a_no_means(
    cast: Cast, asked: ConsentRequest, sign_in: Any
) -> None:
    eva = sign_in(cast.eva)
    first, page = _read(eva.get("/min-sida/")), _read(eva.get(at(asked)))

    assert "En fråga till dig" in first
    assert INSTEAD in page
    assert "förebyggande sjukpenning" in page
    assert "I några få fall säger en lag" in page  # It never promises that nothing leaves.


def test_nothing_is_ticked_for_her(cast: Cast, asked: ConsentRequest, sign_in: Any) -> None:
    assert " checked" not in sign_in(cast.eva).get(at(asked)).content.decode()


def test_she_says_yes_to_less_than_she_was_asked_for(cast: Cast, asked: ConsentRequest, sign_in: Any) -> None:
    answer = sign_in(cast.eva).send(
        at(asked), {"svar": "ja", "categories": ["PLANNING"], "ends_on": until(asked)}
    )
    with acting(cast.siv):
        given = Consent.objects.get(receiver_unit=cast.units["farid"])
        question = ConsentRequest.objects.get(pk=asked.pk)

    assert answer.status_code == 302
    assert (given.categories, given.manner) == (["IDENTITY", "PLANNING"], Manner.EID)
    assert question.consent_id == given.pk


def test_she_cannot_say_yes_to_more_or_for_longer(cast: Cast, asked: ConsentRequest, sign_in: Any) -> None:
    eva = sign_in(cast.eva)
    more = eva.send(at(asked), {"svar": "ja", "categories": ["ECONOMY"], "ends_on": until(asked)})
    longer = eva.send(
        at(asked),
        {"svar": "ja", "categories": ["PLANNING"], "ends_on": months_after(dates.today(), 8).isoformat()},
    )
    with acting(cast.siv):
        there = Consent.objects.filter(receiver_unit=cast.units["farid"]).exists()

    assert [more.status_code, longer.status_code] == [200, 200]
    assert "Frågan gällde inte så länge" in _read(longer)
    assert not there


def test_a_no_is_one_tap_and_is_met_with_what_happens_instead(
    cast: Cast, asked: ConsentRequest, sign_in: Any
) -> None:
    eva = sign_in(cast.eva)
    answer = eva.send(at(asked), {"svar": "nej"})
    page = _read(eva.get(answer["Location"]))
    with acting(cast.siv):
        question = ConsentRequest.objects.get(pk=asked.pk)

    assert "Du har sagt nej till FK Humlesund" in page
    assert INSTEAD in page
    assert question.answered_at is not None
    assert question.consent_id is None


def test_farid_never_learns_that_there_was_a_question(
    cast: Cast, asked: ConsentRequest, sign_in: Any
) -> None:
    sign_in(cast.eva).send(at(asked), {"svar": "nej"})
    with acting(cast.farid):
        assert not ConsentRequest.objects.exists()
    assert sign_in(cast.farid).get(at(asked)).status_code == 404


def test_the_preview_follows_the_boxes_and_is_the_receivers_own_page(
    cast: Cast, asked: ConsentRequest, sign_in: Any
) -> None:
    eva = sign_in(cast.eva)
    planning = _read(eva.get(at(asked, "forhandsvisning/?categories=PLANNING")))
    health = _read(eva.get(at(asked, "forhandsvisning/?categories=PLANNING&categories=HEALTH")))
    never = _read(eva.get(at(asked, "forhandsvisning/?categories=ECONOMY")))

    assert "Boka studiebesök" in planning
    assert factories.REFERRAL not in planning
    assert factories.REFERRAL in health
    assert factories.BUDGET not in never  # Not asked for: not even as a preview of a yes.


def test_another_person_s_question_is_not_there(cast: Cast, asked: ConsentRequest, sign_in: Any) -> None:
    other = sign_in("198101012384")
    assert other.get(at(asked)).status_code == 404
    assert other.send(at(asked), {"svar": "nej"}).status_code == 404


def test_a_question_that_was_taken_back_needs_no_answer(
    cast: Cast, asked: ConsentRequest, sign_in: Any
) -> None:
    from humla.consents.asking import take_back_request

    with acting(cast.siv):
        take_back_request(asked, by=cast.siv)
    page = _read(sign_in(cast.eva).get(at(asked)))

    assert "Frågan är återtagen" in page


def test_siv_writes_down_the_yes_and_the_question_on_her_page_is_answered(
    cast: Cast, case: Case, asked: ConsentRequest, sign_in: Any
) -> None:
    factories.consent(case, cast.units["farid"], by=cast.siv)

    assert "Frågan är redan besvarad" in _read(sign_in(cast.eva).get(at(asked)))


def test_eva_lets_them_know_less_herself(cast: Cast, case: Case, sign_in: Any) -> None:
    with acting(cast.siv):
        consent = Consent.objects.get(case_id=case.pk)
    eva, path = sign_in(cast.eva), f"/min-sida/samtycke/{consent.pk}/begransa/"
    page = _read(eva.get(path))
    answer = eva.send(path, {"categories": ["PLANNING"], "ends_on": last_day(consent.ends_at).isoformat()})
    with acting(cast.siv):
        less = Consent.objects.get(narrows=consent)

    assert "Låt AF Humlesund veta mindre" in page
    assert answer.status_code == 302
    assert (less.categories, less.manner, less.heard_by) == (["IDENTITY", "PLANNING"], Manner.EID, "")


def test_taken_back_she_gets_the_list_of_what_they_had(cast: Cast, sign_in: Any) -> None:
    document = factories.adopted_plan(cast, by=cast.siv)
    act = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    eva, path = sign_in(cast.eva), f"/min-sida/samtycke/{act.consent_id}/aterkalla/"
    before = _read(eva.get(path))
    after = _read(eva.get(eva.send(path, {})["Location"]))

    assert "Det här har de redan fått" in before
    assert "Det här hade de redan fått" in after
    assert "Planen lämnades ut" in after


def test_whom_she_keeps_away_stands_on_her_list_and_can_be_struck(
    cast: Cast, case: Case, sign_in: Any
) -> None:
    eva, path = sign_in(cast.eva), f"/min-sida/ska-inte-vara-med/{case.pk}/"
    eva.send(path, {"name": "عمر الحدّاد"})
    listed = _read(eva.get(path))
    with person_acting(cast.eva):
        one = KeptAway.objects.get()
    eva.send(f"/min-sida/ska-inte-vara-med/{one.pk}/stryk/", {})

    assert "عمر الحدّاد" in listed
    assert "Ingen står på listan" in _read(eva.get(path))


def test_her_page_asks_as_much_with_three_questions_as_with_one(cast: Cast, case: Case, sign_in: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    eva, counts = sign_in(cast.eva), []
    for names in (("farid",), ("lena", "nils")):
        for name in names:
            ask(cast, case, name)
            with acting(cast.siv):
                keep_away(case, name=name, by=cast.siv)
        with CaptureQueriesContext(connection) as asked:
            eva.get("/min-sida/")
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_it_stands_on_the_trail_that_she_answered(cast: Cast, asked: ConsentRequest, sign_in: Any) -> None:
    sign_in(cast.eva).send(at(asked), {"svar": "nej"})
    with person_acting(cast.eva):
        line = Event.objects.get(tag="consents:request:answered")

    assert (line.kind, line.items[0][1]) == ("person", str(asked.pk))
