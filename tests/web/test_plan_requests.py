"""A professional who may not start a plan asks somebody who may: what is told, answered and counted."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from humla.core.context import acting
from humla.initiations.actions import ask_unit
from humla.initiations.models import PlanRequest
from humla.notifications.models import Notice
from humla.organisation.models import Professional
from tests.cast import Cast
from tests.doors import Door

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Door]
NEW = "/begaran/ny/"
WHY = "Eva har fyra kontakter som inte vet om varandra."


def ask(door: Door, cast: Cast, *, to: str = "siv", **more: Any) -> Any:
    return door.send(NEW, {"unit": str(cast.units[to].pk), "theme": "work"} | more)


def one_at(cast: Cast, who: str = "siv") -> PlanRequest:
    with acting(getattr(cast, who)):
        return PlanRequest.objects.get()


def id_in(url: str) -> UUID:
    return UUID(url.rstrip("/").rpartition("/")[2])


def test_amir_asks_and_siv_learns_only_the_theme_until_eva_has_said_yes(cast: Cast, sign_in: SignIn):
    amir, siv = sign_in(cast.amir), sign_in(cast.siv)
    named = ask(amir, cast, name="Eva Ek", words=WHY).content.decode()
    sent = ask(amir, cast)
    here = f"/begaran/{one_at(cast).pk}/"
    before = siv.get(here).content.decode()
    told = amir.send(
        sent.url, {"name": "Eva Ek", "reach": "070", "words": WHY, "agrees": "on", "version": "1"}
    )
    after = siv.get(here).content.decode()

    assert "Fråga personen först, och kryssa i att hen har sagt ja." in named
    assert 'value="Eva Ek"' in named
    assert [word in before for word in ("arbete eller praktik", "Amir Haddad", "Eva Ek", WHY)] == [
        True,
        True,
        False,
        False,
    ]
    assert told.status_code == 302
    assert [word in after for word in ("Eva Ek", WHY)] == [True, True]


def test_within_the_authority_a_colleague_may_say_who_it_is(cast: Cast, sign_in: SignIn):
    """Vera's and Lena's units belong to the same region."""
    sent = ask(sign_in(cast.vera), cast, to="lena", name="Eva Ek", words=WHY)

    assert sent.status_code == 302
    assert one_at(cast, "lena").name == "Eva Ek"


def test_who_asked_sees_the_answer_and_nothing_of_the_case(cast: Cast, sign_in: SignIn):
    amir, siv = sign_in(cast.amir), sign_in(cast.siv)
    sent = ask(amir, cast, name="Eva Ek", agrees="on", words=WHY)
    one = one_at(cast)
    siv.send(f"/begaran/{one.pk}/", {"verb": "take_over", "version": "1"})
    case = siv.send(
        "/arenden/nytt/",
        {
            "asked": str(one.pk),
            "number": cast.eva,
            "given_name": "Eva",
            "family_name": "Ek",
            "reason": WHY,
            "language": "sv",
            "initiator": "professional",
            "initiator_profession": str(_profession(cast)),
        },
    )
    page = amir.get(sent.url).content.decode()

    assert case.status_code == 302
    assert "har tagit över" in page
    assert str(one_at(cast).case_id) not in page
    assert amir.get(f"/begaran/{one.pk}/").status_code == 404
    with acting(cast.olof):
        told = list(Notice.objects.filter(kind="request_answered").values_list("unit_id", flat=True))
    assert told == [cast.units["amir"].pk]
    assert "har svarat på din begäran" in amir.get("/idag/").content.decode()


def _profession(cast: Cast) -> UUID:
    with acting(cast.siv):
        found = Professional.objects.get(pk=cast.amir.id).profession_id
    assert found is not None
    return found


def test_a_colleague_who_does_not_work_in_the_case_reads_it_no_more(cast: Cast, sign_in: SignIn):
    test_who_asked_sees_the_answer_and_nothing_of_the_case(cast, sign_in)

    with acting(cast.maja):
        assert PlanRequest.objects.count() == 0


def test_a_no_to_another_authority_never_says_that_she_has_a_plan(cast: Cast, sign_in: SignIn):
    ask(sign_in(cast.amir), cast)
    ask(sign_in(cast.vera), cast, to="lena")
    elsewhere = sign_in(cast.siv).get(f"/begaran/{one_at(cast).pk}/").content.decode()
    at_home = sign_in(cast.lena).get(f"/begaran/{one_at(cast, 'lena').pk}/").content.decode()

    assert ["Det finns redan en plan" in page for page in (elsewhere, at_home)] == [False, True]


def test_she_who_may_not_start_may_not_take_over_and_is_told_why(cast: Cast, sign_in: SignIn):
    """Amir's profession does not start plans by the agreement."""
    ask(sign_in(cast.siv), cast, to="amir")
    one = one_at(cast, "amir")
    amir = sign_in(cast.amir)

    page = amir.get(f"/begaran/{one.pk}/").content.decode()
    refused = amir.send(f"/begaran/{one.pk}/", {"verb": "take_over", "version": "1"})

    assert "Ditt yrke får inte starta en SAMSIP" in page
    assert (refused.status_code, one_at(cast, "amir").answer) == (409, "")


def test_it_is_sent_on_within_the_authority_and_beyond_only_when_the_asker_said_so(
    cast: Cast, sign_in: SignIn
):
    amir, lena = sign_in(cast.amir), sign_in(cast.lena)
    ask(amir, cast, to="lena")
    here = f"/begaran/{one_at(cast, 'lena').pk}/"
    by = one_at(cast, "lena").answer_by

    away = lena.send(here, {"verb": "pass_on", "version": "1", "unit": str(cast.units["nils"].pk)})
    within = lena.send(here, {"verb": "pass_on", "version": "1", "unit": str(cast.units["vera"].pk)})

    assert (away.status_code, within.status_code) == (200, 302)
    assert lena.get(here).status_code == 404
    assert (one_at(cast, "vera").answer_by, one_at(cast, "vera").version) == (by, 2)

    ask(amir, cast, to="lena", may_pass_on="on")
    here = f"/begaran/{one_at(cast, 'lena').pk}/"
    beyond = lena.send(here, {"verb": "pass_on", "version": "1", "unit": str(cast.units["nils"].pk)})
    assert (beyond.status_code, one_at(cast, "nils").unit_id) == (302, cast.units["nils"].pk)


def test_she_reminds_once_a_day_and_takes_it_back(
    cast: Cast, sign_in: SignIn, clock: Callable[[datetime], None]
):
    now = datetime.now().astimezone()
    clock(now - timedelta(days=2))
    siv = sign_in(cast.siv)
    with acting(cast.siv):
        row = ask_unit(cast.units["amir"], theme="work", by=cast.siv)
    mine = f"/begaran/skickad/{row}/"
    clock(now)
    first, again = siv.send(mine, {"remind": "1"}), siv.send(mine, {"remind": "1"})
    back = siv.send(mine, {"take_back": "1"})
    with acting(cast.olof):
        told = Notice.objects.filter(kind="request_arrived").values_list("state", flat=True)

        assert sorted(told) == ["cancelled", "cancelled"]
    assert (first.status_code, again.status_code, back.status_code) == (302, 409, 302)
    assert one_at(cast, "amir").taken_back_at is not None


def test_the_page_where_she_may_not_open_a_case_leads_here(cast: Cast, sign_in: SignIn):
    page = sign_in(cast.amir).get("/arenden/nytt/").content.decode()

    assert NEW in page


def test_an_empty_list_says_what_comes_here_and_her_own_what_she_can_do(cast: Cast, sign_in: SignIn):
    siv = sign_in(cast.siv)

    assert "Ingen väntar på svar" in siv.get("/begaran/").content.decode()
    assert "Inget är besvarat än" in siv.get("/begaran/?visa=besvarade").content.decode()
    assert "Du har inte bett om någon plan" in siv.get("/begaran/?visa=mina").content.decode()


def test_they_are_counted_in_time_and_by_ground_for_coordinator_and_manager(
    cast: Cast, sign_in: SignIn, clock: Callable[[datetime], None]
):
    amir, siv = sign_in(cast.amir), sign_in(cast.siv)
    ask(amir, cast)
    said = {"ground": "one_party", "instead": "Ring oss."}
    siv.send(f"/begaran/{one_at(cast).pk}/", {"verb": "decline", "version": "1", **said})
    page = siv.get("/begaran/rakning/").content.decode()

    assert "behovet klaras av en part" in page
    who = (cast.ylva, cast.maja, cast.rut)
    assert [sign_in(one).get("/begaran/rakning/").status_code for one in who] == [200, 404, 404]
    empty = sign_in(cast.stranger).get("/begaran/rakning/").content.decode()
    assert "Ingen har frågat än" in empty


def test_search_finds_by_number_and_by_who_asks(cast: Cast, sign_in: SignIn):
    ask(sign_in(cast.amir), cast)
    siv = sign_in(cast.siv)
    number = one_at(cast).reference
    found = siv.get(siv.send("/begaran/", {"words": "haddad"}).url).content.decode()
    none = siv.get(siv.send("/begaran/", {"words": "saknas"}).url).content.decode()

    assert (number in found, number in none, "Inget hittades" in none) == (True, False, True)


@pytest.mark.parametrize("which", ["", "?visa=mina", "?visa=besvarade"])
def test_three_requests_cost_as_many_questions_as_one(cast: Cast, sign_in: SignIn, which: str):
    """At the unit that they came to, with who asks and who answered, and for whoever asked."""
    amir, siv = sign_in(cast.amir), sign_in(cast.siv)
    counted = []
    for count in (1, 3):
        with acting(cast.siv):
            have = PlanRequest.objects.count()
        for _one in range(count - have):
            ask(amir, cast)
        if which == "?visa=besvarade":
            with acting(cast.siv):
                waiting = list(PlanRequest.objects.filter(answer=""))
            for one in waiting:
                siv.send(f"/begaran/{one.pk}/", {"verb": "throw", "version": "1"})
        reader = amir if which == "?visa=mina" else siv
        reader.get(f"/begaran/{which}")
        with CaptureQueriesContext(connection) as asked:
            page = reader.get(f"/begaran/{which}").content.decode()
        assert page.count('<th role="rowheader"') == count
        counted.append(len(asked))

    assert counted[0] == counted[1]
