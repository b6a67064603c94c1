"""Eva is looked for: her name leaves every page, and who reads her case is decided on two others."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from humla.audit.models import Event
from humla.cases.models import Case
from humla.core.context import acting
from humla.core.dates import today
from humla.disclosures.models import DocumentPart
from humla.meetings.actions import summon
from humla.meetings.models import Summons
from humla.notifications.models import Notice
from humla.plans.actions import adopt
from humla.protection import actions
from humla.protection.models import MarkingKind
from tests import factories
from tests.cast import EVA
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

NUMBER = "198606112384"
UNIT_QUERIES = 6
WHERE = "Ljungvägen 4, Nora"


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode().replace("\xa0", " ")))


def marked(cast, case: Case) -> Case:
    with acting(cast.siv):
        actions.protect(case, kind=MarkingKind.SECRECY, reason="Polisen ringde.", by=cast.siv)
    return case


def clear(cast, case: Case, who) -> None:
    with acting(cast.ylva):
        actions.clear(case.pk, who.id, who.unit_id, until=today() + timedelta(days=30), by=cast.ylva)


@pytest.fixture
def case(cast) -> Case:
    """Eva's case with a plan, a consent, a meeting; protected since."""
    document = factories.adopted_plan(cast, by=cast.siv)
    factories.planned_meeting(document.case, by=cast.siv, place="Biblioteket")
    return marked(cast, document.case)


def test_siv_sets_the_protection_clears_maja_and_both_take_it_away(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv)
    place, siv, maja = f"/arenden/{case.pk}/skydd/", sign_in(cast.siv), sign_in(cast.maja)
    empty = siv.send(place, {"gor": "satt", "kind": "secrecy", "reason": ""})
    done = siv.send(place, {"gor": "satt", "kind": "secrecy", "reason": "Polisen ringde."})
    page = siv.get(place).content.decode()
    to = re.search(r'<option value="([0-9a-f-]{36})">Maja', page)
    late = siv.send(place, {"gor": "behorig", "who": to[1], "until": "2040-01-01"})
    siv.send(place, {"gor": "behorig", "who": to[1], "until": str(today() + timedelta(days=9))})
    siv.send(place, {"gor": "be", "reason": "Hotet är över."})
    hers = siv.get(place).content.decode()
    refused = siv.send(place, {"gor": "ta_bort"})
    other = maja.get(place)
    gone = maja.send(place, {"gor": "ta_bort"})

    assert ("Skriv hur du vet" in words(empty), done.url) == (True, place)
    assert "Bara en är behörig" in page
    assert "högst ett år" in words(late)
    assert 'value="ta_bort"' in hers
    assert "En annan person behöver också säga ja" in words(refused)
    assert ("Siv Sandberg vill ta bort skyddet" in words(other), "Hotet är över." in words(other)) == (
        True,
        True,
    )
    assert gone.url == place
    assert "Eva Ek" in words(siv.get(f"/arenden/{case.pk}/"))


def test_on_no_page_of_the_case_stands_her_name_or_number_but_on_the_one_of_her_own_details(
    cast, sign_in, case
):
    siv = sign_in(cast.siv)
    found = {}
    seen, todo = set(), ["/idag/", "/arenden/", f"/arenden/{case.pk}/"]
    while todo:
        path = todo.pop()
        if path in seen or len(seen) > 80:
            continue
        seen.add(path)
        response = siv.get(path)
        if response.status_code != 200 or "text/html" not in response.headers["Content-Type"]:
            continue
        page = response.content.decode()
        found[path] = page
        todo += re.findall(rf'href="(/arenden/{case.pk}/[a-z0-9/-]*)"', page)
    named = {path for path, page in found.items() if "Eva Ek" in page or "19860611" in page or ">Eva" in page}

    assert len(found) > 15
    # The page of her own details; and what was frozen while she was not protected, which is never rewritten.
    told = {one.removeprefix(f"/arenden/{case.pk}/") for one in named}
    assert told <= {"person/", "plan/version/1/", "plan/version/1/text/"}
    assert case.reference in words(siv.get("/arenden/"))
    assert "Skyddad person" in words(siv.get(f"/arenden/{case.pk}/"))


def test_she_is_not_found_by_name_or_number_and_her_name_is_in_no_file(cast, sign_in, case):
    siv = sign_in(cast.siv)
    for what in ("Eva", NUMBER, "Ek"):
        page = siv.get(siv.send("/arenden/", {"words": what}).url)
        assert (what, case.reference in words(page)) == (what, False)
    by_code = siv.get(siv.send("/arenden/", {"words": case.reference}).url)
    file = siv.get("/arenden/?som=csv").content.decode()

    assert case.reference in words(by_code)
    assert (case.reference in file, "Eva" in file) == (True, False)


def test_a_plan_made_while_she_is_protected_is_a_code_also_to_whoever_gets_it(cast, case):
    with acting(cast.siv):
        parts = list(DocumentPart.objects.filter(kind="plan").values_list("content", flat=True))
    before = str(parts)
    other = factories.open_case(cast, by=cast.siv, number="196502022772", name="Ada Bo")
    plan = factories.whole_plan(cast, marked(cast, factories.agreed(other, by=cast.siv)), by=cast.siv)
    with acting(cast.siv):
        document = adopt(plan, version=plan.version, by=cast.siv)
        after = str(list(DocumentPart.objects.filter(document=document).values_list("content", flat=True)))

    assert ("Eva Ek" in before, "Ada Bo" in after, "19650202" in after) == (True, False, False)
    assert "Skyddad person" in after


def test_a_place_is_read_by_two_before_anybody_is_summoned_and_no_letter_leaves(cast, sign_in, case):
    clear(cast, case, cast.maja)
    siv, maja = sign_in(cast.siv), sign_in(cast.maja)
    with acting(cast.siv):
        meeting = case.meetings.get()
    page = f"/arenden/{case.pk}/moten/{meeting.pk}/"
    waits = siv.get(page)
    keys = re.findall(r'name="who" value="([^"]+)"', siv.get(f"{page}kalla/").content.decode())
    call = {"who": keys, "steg": "skicka"}
    siv.send(f"{page}kalla/", call)
    with acting(cast.siv):
        none = Summons.objects.count()
    mine = siv.send(f"{page}plats/", {"place": "Biblioteket"})
    stale = maja.send(f"{page}plats/", {"place": "Någon annanstans"})
    ok = maja.send(f"{page}plats/", {"place": "Biblioteket"})
    with acting(cast.siv):
        sent = summon(meeting, called="unit", unit=cast.units["amir"], by=cast.siv)
        letters = Notice.objects.filter(state="waiting").count()
    after = siv.get(page)

    assert "Platsen väntar på en till" in words(waits)
    assert none == 0
    assert "Du skrev platsen" in words(mine)
    assert "har ändrats" in words(stale)
    assert ok.url == page
    assert (letters, sent.unit_id) == (0, cast.units["amir"].pk)
    assert "Till dess har ingen fått den" in words(after)


def test_where_she_is_is_read_on_its_own_page_and_each_reading_is_hers_to_see(cast, sign_in, case):
    place, siv = f"/arenden/{case.pk}/skydd/kontakt/", sign_in(cast.siv)
    saved = siv.send(place, {"version": "0", "address": WHERE, "school": "Björkskolan"})
    page = siv.get(place)
    late = siv.send(place, {"version": "0", "address": "Annan väg 1"})
    others = (f"/arenden/{case.pk}/", f"/arenden/{case.pk}/skydd/")
    elsewhere = [siv.get(one).content.decode() for one in others]
    hidden = [sign_in(who).get(place).status_code for who in (cast.maja, cast.amir, cast.ylva, cast.nils)]
    with person_acting(EVA):
        looks = [one.tag for one in Event.objects.filter(tag="protection:contact:read")]

    assert saved.url == place
    assert WHERE in page.content.decode()
    assert ("Annan väg 1" in late.content.decode(), WHERE in late.content.decode()) == (True, True)
    assert [WHERE in one for one in elsewhere] == [False, False]
    assert hidden == [404, 404, 404, 404]
    assert len(looks) >= 2


def test_the_manager_decides_who_reads_without_learning_who_it_is(cast, sign_in, case):
    ylva, place = sign_in(cast.ylva), f"/skyddade-arenden/{case.pk}/"
    page = ylva.get("/skyddade-arenden/")
    to = re.search(r'<option value="([0-9a-f-]{36})">Maja', ylva.get(place).content.decode())
    done = ylva.send(place, {"gor": "behorig", "who": to[1], "until": str(today() + timedelta(days=9))})
    wrong = ylva.send(place, {"gor": "behorig", "who": to[1], "until": "x"})
    reads = sign_in(cast.maja).get(f"/arenden/{case.pk}/").status_code
    over = ylva.get(f"{place}lamna-over/").content.decode()
    maja = re.search(r'<option value="([0-9a-f-]{36})">Maja', over)
    handed = ylva.send(f"{place}lamna-over/", {"to": maja[1]})
    ids = re.findall(r'name="behorighet" value="([0-9a-f-]{36})"', ylva.get(place).content.decode())
    ended = ylva.send(place, {"gor": "sluta", "behorighet": ids[0]})

    assert (case.reference in words(page), "Eva" in words(page)) == (True, False)
    assert (done.url, handed.url, ended.url) == ("/skyddade-arenden/",) * 3
    assert "datum" in words(wrong)
    assert (reads, sign_in(cast.maja).get(f"/arenden/{case.pk}/").status_code) == (200, 404)
    assert ylva.get(f"/arenden/{case.pk}/").status_code == 404


def test_the_managers_list_asks_as_little_for_three_as_for_one(cast, sign_in, case):
    ylva = sign_in(cast.ylva)
    ylva.get("/skyddade-arenden/")
    with CaptureQueriesContext(connection) as one:
        ylva.get("/skyddade-arenden/")
    for number, name in (("196502022772", "Ada Bo"), ("196411182394", "نور الدين عبد الرحمن")):
        marked(cast, factories.open_case(cast, by=cast.siv, number=number, name=name))
    with CaptureQueriesContext(connection) as three:
        page = ylva.get("/skyddade-arenden/")

    assert page.content.decode().count("/skyddade-arenden/") == 3
    assert (len(one), len(three)) == (UNIT_QUERIES, UNIT_QUERIES)


def test_only_a_manager_has_the_list(cast, sign_in, case):
    for who in (cast.siv, cast.maja, cast.amir, cast.nils, cast.olof, cast.greta):
        for place in ("/skyddade-arenden/", f"/skyddade-arenden/{case.pk}/"):
            assert sign_in(who).get(place).status_code in (403, 404)
    assert sign_in(cast.ylva).get(f"/skyddade-arenden/{cast.siv.id}/").status_code == 404


def test_whoever_is_cleared_learns_that_somebody_has_registered_her_anew(cast, sign_in, case):
    siv = sign_in(cast.siv)
    before = words(siv.get(f"/arenden/{case.pk}/skydd/"))
    other = factories.open_case(cast, by=cast.maja)
    after = words(siv.get(f"/arenden/{case.pk}/skydd/"))

    assert "inte är skyddat" not in before
    assert f"{other.reference}: Maja Moberg" in after


def test_her_own_page_does_not_say_where_those_who_looked_work(cast, sign_in, case):
    sign_in(cast.siv).get(f"/arenden/{case.pk}/")
    eva = sign_in(cast.eva)
    page = words(eva.get("/min-sida/vem-har-last/"))

    assert ("Arbetsmarknadstorget" in page, "Individ- och arbetsmarknadsnämnden" in page) == (False, True)
