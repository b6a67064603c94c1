"""Olof writes the next version of the agreement without code, sees how it will be, and Siv sees it hold."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from humla.agreements.chapters import Chapter, content
from humla.agreements.drafting import begin_draft
from humla.agreements.models import AgreementParty, LocalAgreement
from humla.agreements.visibility import draft_agreement
from humla.core.context import acting
from humla.core.dates import today, written_date
from tests.cast import AREAS, Cast

pytestmark = pytest.mark.django_db
DRAFT = "/overenskommelsen/utkast/"
DEADLINES = {
    "request_days": "5",
    "times_days": "3",
    "answer_days": "7",
    "meeting_days": "21",
    "input_days": "5",
    "reminder_days": "2",
    "reminders": "2",
    "follow_up_months": "3",
}
LETTER = {
    "heading": "Välkommen till ditt möte",
    "opening": "Vi ses och pratar.",
    "to_do": "Ring oss.",
    "closing": "Det är frivilligt.",
}


@pytest.fixture
def draft(cast: Cast) -> LocalAgreement:
    with transaction.atomic(), acting(cast.olof):
        return begin_draft(by=cast.olof)


def _version(page: str) -> str:
    return page.split('name="version" value="')[1].split('"')[0]


def _read(browser: Any, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.content.decode())


def _send(browser: Any, address: str, data: dict[str, str]) -> Any:
    return browser.send(address, {**data, "version": _version(_read(browser, address))})


def _sign(cast: Cast, olof: Any) -> None:
    with acting(cast.olof):
        rows = list(AgreementParty.objects.filter(agreement__version=2))
        said = {"name": "Agneta Alm", "signed_on": today().isoformat()}
    for row in rows:
        olof.send(f"/overenskommelsen/{row.pk}/underskrift/", said)


def test_from_the_agreement_to_a_version_that_all_have_signed(cast: Cast, sign_in: Any) -> None:
    olof, siv = sign_in(cast.olof), sign_in(cast.siv)
    assert "Skriv nästa version" in _read(olof, "/overenskommelsen/")
    assert "Börja på nästa version" in _read(olof, DRAFT)
    assert olof.send(DRAFT + "borja/").headers["Location"] == DRAFT
    assert "Inget är ändrat än." not in _read(olof, DRAFT), "the period is a new one"

    begins = today() - timedelta(days=1)
    frame = {
        "title": "Överenskommelse 2",
        "target_group": "Alla från 16 år.",
        "from_age": "16",
        "starts_on": begins.isoformat(),
        "ends_on": "2031-12-31",
        "renewal_decided_by": "2031-09-30",
    }
    assert _send(olof, DRAFT + "del/grunder/", frame).headers["Location"] == DRAFT
    assert _send(olof, DRAFT + "del/frister/", DEADLINES).headers["Location"] == DRAFT
    overview = _read(olof, DRAFT)
    assert "Dagar att svara på en kallelse: 7 i stället för 5." in overview
    assert "Skriv nästa version" not in _read(siv, "/overenskommelsen/")

    sent = olof.send(DRAFT + "skicka/")
    page = _read(siv, "/overenskommelsen/")
    assert "Version 2 är på väg" in page
    assert "inom 5 dagar" in page
    assert "7 i stället för 5" in _read(siv, sent.headers["Location"] + "andringar/")
    _sign(cast, olof)
    page = _read(siv, "/overenskommelsen/")
    assert "inom 7 dagar" in page
    assert "Alla parter har skrivit under." in page
    versions = _read(siv, "/overenskommelsen/versioner/")
    assert "avlöst av en senare version" in versions
    assert "Version 1" in versions


def test_a_preview_shows_what_the_number_means_today_and_saves_nothing(
    cast: Cast, sign_in: Any, draft: LocalAgreement, clock: Any
) -> None:
    olof = sign_in(cast.olof)

    page = _send(olof, DRAFT + "del/frister/", {**DEADLINES, "preview": "1"}).content.decode()

    assert "Så blir det om något händer i dag" in page
    assert "som sista dag att svara" in page
    assert 'value="7"' in page
    with acting(cast.olof):
        now = draft_agreement()
        assert now is not None
        assert now.answer_days == 5


def test_a_number_out_of_bounds_comes_back_at_its_field_with_what_was_typed(
    cast: Cast, sign_in: Any, draft: LocalAgreement
) -> None:
    page = _send(
        sign_in(cast.olof), DRAFT + "del/frister/", {**DEADLINES, "answer_days": "0", "reminders": "nio"}
    ).content.decode()

    assert page.count('class="error"') >= 2 or page.count("has-error") >= 2
    assert 'value="nio"' in page


def test_the_life_areas_are_ordered_by_their_numbers_and_an_empty_row_goes(
    cast: Cast, sign_in: Any, draft: LocalAgreement
) -> None:
    olof = sign_in(cast.olof)
    rows = {f"name_{at}": name for at, name in enumerate(AREAS)}
    places = {f"place_{at}": str(at + 2) for at in range(len(AREAS))}
    new = {"name_1": "", "name_6": "Barnen", "place_6": "1", "icf_6": "d7"}

    sent = _send(olof, DRAFT + "del/livsomraden/", {**rows, **places, **new})

    assert sent.headers["Location"] == DRAFT
    with acting(cast.olof):
        now = draft_agreement()
        assert now is not None
        assert content(now, Chapter.AREAS) == [
            ("Barnen", "d7"),
            *((name, "") for name in AREAS if name != "Boende"),
        ]


def test_the_same_life_area_twice_is_said_at_the_second(
    cast: Cast, sign_in: Any, draft: LocalAgreement
) -> None:
    page = _send(
        sign_in(cast.olof), DRAFT + "del/livsomraden/", {"name_0": "Boende", "name_1": "boende"}
    ).content.decode()

    assert "Det står redan i listan." in page


def test_the_parties_are_called_invited_or_left_out(cast: Cast, sign_in: Any, draft: LocalAgreement) -> None:
    olof = sign_in(cast.olof)
    af, fk = cast.parties["Arbetsförmedlingen"], cast.parties["Försäkringskassan"]
    told = {f"party_{af.pk.hex}": "obliged", f"party_{fk.pk.hex}": "invited"}

    preview = _send(olof, DRAFT + "del/parter/", {**told, "preview": "1"}).content.decode()
    assert "Försäkringskassan: inbjuden (får delta)" in preview
    assert _send(olof, DRAFT + "del/parter/", told).headers["Location"] == DRAFT
    with acting(cast.olof):
        now = draft_agreement()
        assert now is not None
        assert content(now, Chapter.PARTIES) == {af.pk: "obliged", fk.pk: "invited"}
    nobody = _send(olof, DRAFT + "del/parter/", {}).content.decode()
    assert "Välj minst en part som är med." in nobody


def test_who_may_start_is_chosen_among_the_professions(
    cast: Cast, sign_in: Any, draft: LocalAgreement
) -> None:
    olof = sign_in(cast.olof)
    with acting(cast.olof):
        one = content(draft, Chapter.PROFESSIONS)[0]

    assert _send(olof, DRAFT + "del/vem-far-starta/", {"professions": str(one)}).headers["Location"] == DRAFT
    assert "Välj minst ett yrke." in _send(olof, DRAFT + "del/vem-far-starta/", {}).content.decode()
    assert "Borttaget:" in _read(olof, DRAFT)


def test_the_law_is_text_and_cannot_be_emptied(cast: Cast, sign_in: Any, draft: LocalAgreement) -> None:
    olof = sign_in(cast.olof)

    assert _send(olof, DRAFT + "del/lagrum/", {"plan": "7 kap. 7 §"}).headers["Location"] == DRAFT
    assert "Skriv minst ett lagrum." in _send(olof, DRAFT + "del/lagrum/", {}).content.decode()


def test_a_letter_is_seen_as_it_will_be_read_and_saved(
    cast: Cast, sign_in: Any, draft: LocalAgreement
) -> None:
    olof = sign_in(cast.olof)
    place = DRAFT + "texter/letter/person.called/sv/"

    preview = _send(olof, place, {**LETTER, "preview": "1"}).content.decode()
    assert "Så blir det, inte sparat än" in preview
    assert preview.count("Välkommen till ditt möte") >= 2
    assert _send(olof, place, LETTER).headers["Location"] == DRAFT + "texter/letter/"
    assert "era ord" in _read(olof, DRAFT + "texter/letter/")
    assert "Brev till personen, kallelse är omskrivet." in _read(olof, DRAFT)


def test_two_who_write_in_the_same_letter_see_both_texts(
    cast: Cast, sign_in: Any, draft: LocalAgreement
) -> None:
    olof = sign_in(cast.olof)
    place = DRAFT + "texter/letter/person.called/sv/"
    seen = _version(_read(olof, place))
    olof.send(place, {**LETTER, "version": seen})

    late = olof.send(place, {**LETTER, "heading": "Kom och prata", "version": seen}).content.decode()

    assert "Kom och prata" in late
    assert late.count("Välkommen till ditt möte") >= 1
    saved = olof.send(place, {**LETTER, "heading": "Kom och prata", "version": _version(late)})
    assert saved.status_code == 302


def test_an_arabic_letter_waits_for_a_name_and_a_changed_one_waits_again(
    cast: Cast, sign_in: Any, draft: LocalAgreement
) -> None:
    olof = sign_in(cast.olof)
    place = DRAFT + "texter/letter/person.called/ar/"
    arabic = dict.fromkeys(LETTER, "مرحبا بك في الاجتماع")

    _send(olof, place, {**arabic, "closing": ""})
    assert "väntar på granskning" in _read(olof, DRAFT + "texter/letter/")
    half = _send(olof, place, {**arabic, "closing": "", "reviewed_by": "Layla", "reviewed_on": "2026-05-04"})
    assert "Skriv alla delar innan texten granskas." in half.content.decode()
    review = {"reviewed_by": "Layla Aziz", "reviewed_on": "2026-05-04"}
    assert _send(olof, place, {**arabic, **review}).status_code == 302
    assert "väntar på granskning" not in _read(olof, DRAFT + "texter/letter/")
    again = _send(olof, place, {**arabic, **review, "heading": "اجتماع"}).content.decode()
    assert "Texten är ändrad sedan den granskades." in again


@pytest.mark.parametrize(
    "place",
    [
        "del/annat/",
        "texter/annat/",
        "texter/letter/person.called/xx/",
        "texter/letter/obliged.called/ar/",
        "texter/guidance/annat/sv/",
        "texter/question/need/sv/",
    ],
)
def test_what_there_is_none_of_is_absent(cast: Cast, sign_in: Any, draft: LocalAgreement, place: str) -> None:
    assert sign_in(cast.olof).get(DRAFT + place).status_code == 404


@pytest.mark.parametrize(
    "place",
    [
        *(f"del/{one}/" for one in Chapter),
        "texter/letter/",
        "texter/guidance/",
        "texter/question/",
        "texter/guidance/need/sv/",
        "texter/question/several/sv/",
        "texter/letter/person.times/sv-lattlast/",
    ],
)
def test_every_part_can_be_opened_by_the_administrator_and_by_nobody_else(
    cast: Cast, sign_in: Any, draft: LocalAgreement, place: str
) -> None:
    assert "Nästa version" in _read(sign_in(cast.olof), DRAFT + place)
    assert sign_in(cast.greta).get(DRAFT + place).status_code == 404


def test_a_thrown_draft_is_one_tap_away(cast: Cast, sign_in: Any, draft: LocalAgreement) -> None:
    olof = sign_in(cast.olof)
    olof.send(DRAFT + "kasta/")
    assert "Utkastet till version 2 är kastat" in _read(olof, DRAFT)
    olof.send(f"{DRAFT}{draft.pk}/ta-tillbaka/")
    assert "Utkast till version 2" in _read(olof, DRAFT)


def test_without_a_draft_its_parts_are_absent(cast: Cast, sign_in: Any) -> None:
    assert sign_in(cast.olof).get(DRAFT + "del/frister/").status_code == 404
    assert sign_in(cast.olof).send(DRAFT + "skicka/").status_code == 404


def test_another_forbund_finds_nothing_of_it(cast: Cast, sign_in: Any, draft: LocalAgreement) -> None:
    stranger = sign_in(cast.stranger)
    assert stranger.get(f"/overenskommelsen/versioner/{draft.pk}/").status_code == 404
    assert stranger.get(f"/overenskommelsen/versioner/{draft.pk}/andringar/").status_code == 404
    assert "Version 2" not in _read(stranger, "/overenskommelsen/versioner/")


def test_the_agreement_tells_everybody_when_it_is_time_to_renew(
    cast: Cast, sign_in: Any, draft: LocalAgreement
) -> None:
    greta, olof = sign_in(cast.greta), sign_in(cast.olof)
    assert "Dags att förlänga" not in _read(greta, "/overenskommelsen/")
    frame = {"title": "Kort", "target_group": "Alla", "from_age": "16", "renewal_decided_by": ""}
    days = {"starts_on": today() - timedelta(days=1), "ends_on": today() + timedelta(days=30)}
    _send(olof, DRAFT + "del/grunder/", {**frame, **{name: day.isoformat() for name, day in days.items()}})
    olof.send(DRAFT + "skicka/")
    _sign(cast, olof)

    page = _read(greta, "/overenskommelsen/")

    assert "Dags att förlänga" in page
    assert f"Förlängning beslutas senast {written_date(days['ends_on'])}." in page
    assert "avlöst av en senare version" in _read(greta, "/overenskommelsen/versioner/")


def test_a_long_text_and_an_arabic_name_are_kept_whole(
    cast: Cast, sign_in: Any, draft: LocalAgreement
) -> None:
    olof = sign_in(cast.olof)
    place = DRAFT + "texter/guidance/need/sv/"
    long = "ord " * 499

    assert _send(olof, place, {"do": long, "why": "علي", "example": "x"}).status_code == 302
    page = _send(olof, place, {"do": "x" * 2001, "why": "a", "example": "b"}).content.decode()
    assert "x" * 2001 in page
