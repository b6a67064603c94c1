"""The units' pages: Siv finds the right one, Ylva says that hers is true, and nobody changes another's."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from humla.core.context import Actor, Kind, acting
from humla.notifications.models import Notice, NoticeKind
from humla.notifications.wording import text_of
from humla.organisation.models import Unit

pytestmark = pytest.mark.django_db

TOLD = {
    "takes_on": "Vuxna som står långt från arbete",
    "serves": "Humlesund, Vassvik , Humlesund",
    "from_age": "18",
    "to_age": "64",
    "is_way_in": "on",
    "also_called": "torget, soc",
    "place": "Humlesund",
    "phone": "0980-319 210",
    "phone_hours": "Vardagar 9–11",
    "hours": "Måndag till fredag 8–16",
    "mail": "torget@humlesund.example",
    "stand_in": "Vakten",
    "stand_in_phone": "0980-319 299",
}


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def names(answer) -> list[str]:
    return re.findall(r'<a href="/enheter/[0-9a-f-]{36}/"><bdi>(.*?)</bdi>', answer.content.decode())


def own(cast, page: str) -> str:
    return reverse(page, kwargs={"unit_id": cast.units["siv"].pk})


def told(cast) -> Unit:
    with acting(cast.siv):
        return Unit.objects.get(pk=cast.units["siv"].pk)


def searched(door, words: str):
    answer = door.send(reverse("units"), {"words": words})
    assert words not in answer["Location"]
    return door.get(answer["Location"])


def test_siv_finds_a_unit_by_what_she_knows_and_the_words_are_not_in_the_address(cast, sign_in):
    siv = sign_in(cast.siv)

    assert names(searched(siv, "psyk")) == ["Psykiatrin Humlesund"]
    assert names(searched(siv, "vassvik")) == ["Ekonomiskt bistånd"]
    assert "Ingen enhet passar" in text(searched(siv, "zzzz"))
    assert len(names(siv.get(reverse("units")))) == 6


def test_as_many_questions_for_one_unit_as_for_all(cast, sign_in):
    siv, counts = sign_in(cast.siv), []
    for words in ("psyk", "humlesund"):
        place = siv.send(reverse("units"), {"words": words})["Location"]
        with CaptureQueriesContext(connection) as asked:
            siv.get(place)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_what_ylva_tells_is_what_siv_reads_and_it_is_confirmed(cast, sign_in):
    ylva = sign_in(cast.ylva)
    answer = ylva.send(own(cast, "describe_unit"), {**TOLD, "version": "1", "owner": str(cast.siv.id)})
    page = text(sign_in(cast.siv).get(own(cast, "unit")))
    unit = told(cast)

    assert answer.status_code == 302
    assert (unit.serves, unit.owner_id, unit.confirmed_by_id) == (
        ["Humlesund", "Vassvik"],
        cast.siv.id,
        cast.ylva.id,
    )
    assert "18–64 år. Tar emot från Humlesund, Vassvik." in page
    assert "Svarar ingen: Vakten 0980-319 299." in page
    assert "En väg in" in page
    assert "Bekräftad" in page


def test_whoever_looks_after_the_unit_says_in_one_tap_that_it_is_true(cast, sign_in):
    sign_in(cast.ylva).send(own(cast, "describe_unit"), {**TOLD, "version": "1", "owner": str(cast.siv.id)})
    answer = sign_in(cast.siv).send(own(cast, "confirm_unit"), {"version": "2"})

    assert (answer.status_code, told(cast).version, told(cast).confirmed_by_id) == (302, 3, cast.siv.id)


def test_nobody_changes_a_unit_that_is_not_hers(cast, sign_in):
    for who in (cast.siv, cast.amir, cast.nils, cast.greta):
        door = sign_in(who)
        assert door.send(own(cast, "describe_unit"), {**TOLD, "version": "1"}).status_code == 404
        assert door.send(own(cast, "code_phone"), {"phone": "070-174 06 41"}).status_code == 404
        door.send(own(cast, "confirm_unit"), {"version": "1"})

    assert (told(cast).version, told(cast).confirmed_at, told(cast).takes_on) == (1, None, "")


def test_two_who_write_at_once_both_keep_their_words(cast, sign_in):
    ylva, olof = sign_in(cast.ylva), sign_in(cast.olof)
    olof.send(own(cast, "describe_unit"), {**TOLD, "version": "1", "takes_on": "Alla vuxna"})
    page = text(ylva.send(own(cast, "describe_unit"), {**TOLD, "version": "1", "takes_on": "Bara unga"}))

    assert ["Alla vuxna" in page, "Bara unga" in page, told(cast).takes_on] == [True, True, "Alla vuxna"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"from_age": "70"}, "Den lägre åldern måste stå först."),
        ({"mail": "torget"}, "Skriv adressen så här: enheten@kommunen.se"),
        ({"serves": ", ".join(f"ort {n}" for n in range(21))}, "Skriv högst tjugo orter"),
    ],
    ids=["ages", "mail", "places"],
)
def test_what_cannot_be_is_said_at_the_field_and_the_rest_is_kept(change, sentence, cast, sign_in):
    answer = sign_in(cast.ylva).send(own(cast, "describe_unit"), {**TOLD, "version": "1", **change})

    assert [sentence in text(answer), "torget, soc" in answer.content.decode(), told(cast).version] == [
        True,
        True,
        1,
    ]


def test_ylva_changes_the_telephone_for_codes_and_whoever_only_looks_after_the_rest_does_not(cast, sign_in):
    sign_in(cast.ylva).send(own(cast, "describe_unit"), {**TOLD, "version": "1", "owner": str(cast.siv.id)})
    sign_in(cast.siv).send(own(cast, "code_phone"), {"phone": "070-174 06 99", "version": "2"})
    before = told(cast).code_phone
    wrong = sign_in(cast.ylva).send(own(cast, "code_phone"), {"phone": "ring oss", "version": "2"})
    sign_in(cast.ylva).send(own(cast, "code_phone"), {"phone": "070-174 06 41", "version": "2"})

    assert "Skriv ett telefonnummer, med siffror." in text(wrong)
    assert (before, told(cast).code_phone) == ("", "070-174 06 41")
    assert "070-174 06 41" not in text(sign_in(cast.siv).get(own(cast, "unit")))


def test_the_old_telephone_is_told_once_however_often_it_is_changed(cast, sign_in, settings):
    settings.SMS_LEAVES = True
    ylva, clock = sign_in(cast.ylva), Actor(Kind.SYSTEM, association_id=cast.association.pk)
    for version, phone in enumerate(["070-174 06 41", "070-174 06 42", "070-174 06 43"], start=1):
        ylva.send(own(cast, "code_phone"), {"phone": phone, "version": str(version)})
    with acting(clock):
        (notice,) = Notice.objects.select_related("unit").filter(kind=NoticeKind.CODE_PHONE)
        letter, to = text_of(notice, str)

    assert (to, told(cast).code_phone) == ("070-174 06 41", "070-174 06 43")
    assert "kommer inte längre till den här telefonen" in letter.body
    assert [word for word in ("Arbetsmarknadstorget", "070-174", "Ylva") if word in letter.body] == []
