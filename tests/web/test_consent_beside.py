"""Siv asks Eva, writes down a no, who must not come, and a yes to questions; Olof sees to the words."""

import re
from datetime import timedelta
from typing import Any

import pytest

from humla.cases.models import Case
from humla.consents.actions import narrow
from humla.consents.models import (
    Consent,
    ConsentRequest,
    ConsentWording,
    KeptAway,
    PlanConsent,
    SurveyConsent,
)
from humla.core import dates
from humla.core.context import acting
from humla.people.models import Person
from tests import factories
from tests.cast import Cast
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db

NAME = "Faḍwā al-Ḥaddād " * 3


def _read(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.content.decode()))


@pytest.fixture
def case(cast: Cast) -> Case:
    return factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)


def at(case: Case, more: str = "") -> str:
    return f"/arenden/{case.pk}/samtycke/{more}"


def question(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "unit": str(cast.units["farid"].pk),
        "categories": ["PLANNING", "HEALTH"],
        "ends_on": "2027-05-01",
        "why": "De kan pröva sjukpenning.",
        "instead": "Siv ringer utan namn.",
        "how": "sjalv",
        "manner": "",
        "heard_by": "",
        **more,
    }


# --- asking -------------------------------------------------------------------------------------------------


def test_siv_asks_and_takes_the_question_back(cast: Cast, case: Case, sign_in: Any) -> None:
    siv = sign_in(cast.siv)
    answer = siv.send(at(case, "fraga/"), question(cast))
    listed = _read(siv.get(at(case)))
    with acting(cast.siv):
        asked = ConsentRequest.objects.get()
    back = siv.send(at(case, f"fraga/{asked.pk}/ta-tillbaka/"), {})
    after = _read(siv.get(at(case)))

    assert answer.status_code == 302
    assert back.status_code == 302
    assert "FK Humlesund väntar på svar" in listed
    assert "återtagen" in after


def test_an_error_at_the_field_keeps_what_was_typed(cast: Cast, case: Case, sign_in: Any) -> None:
    page = sign_in(cast.siv).send(at(case, "fraga/"), question(cast, instead="", why=NAME))

    assert page.status_code == 200
    assert "Skriv vad som händer om personen säger nej." in _read(page)
    assert NAME.strip() in _read(page)


def test_the_same_question_twice_is_refused_in_words(cast: Cast, case: Case, sign_in: Any) -> None:
    siv = sign_in(cast.siv)
    siv.send(at(case, "fraga/"), question(cast))
    again = siv.send(at(case, "fraga/"), question(cast))

    assert "har redan fått frågan om FK Humlesund" in _read(again)


def test_a_no_that_was_heard_is_kept_with_what_happens_instead(cast: Cast, case: Case, sign_in: Any) -> None:
    siv = sign_in(cast.siv)
    deaf = siv.send(at(case, "fraga/"), question(cast, how="nej", manner="oral"))
    siv.send(at(case, "fraga/"), question(cast, how="nej", manner="oral", heard_by="Siv Sandberg"))
    page = _read(siv.get(at(case)))
    with acting(cast.siv):
        asked, consents = ConsentRequest.objects.get(), Consent.objects.count()

    assert "Skriv vem som hörde" in _read(deaf)
    assert (asked.heard_by, consents) == ("Siv Sandberg", 0)
    assert "Siv ringer utan namn." in page


def test_a_receiver_reaches_none_of_the_pages(cast: Cast, sign_in: Any) -> None:
    document = factories.plan_at_work(cast, by=cast.siv)
    amir = sign_in(cast.amir)
    pages = ("fraga/", "ska-inte-vara-med/", "efterat/")

    assert {amir.get(at(document.case, page)).status_code for page in pages} == {404}


def test_a_consent_that_ends_soon_is_asked_for_again_in_one_click(
    cast: Cast, case: Case, sign_in: Any
) -> None:
    siv, day = sign_in(cast.siv), dates.today() + timedelta(days=20)
    factories.consent(case, cast.units["amir"], by=cast.siv)
    early = _read(siv.get(at(case)))
    with acting(cast.siv):
        narrow(
            Consent.objects.select_related("case").get(), categories=["PLANNING"], ends_on=day, by=cast.siv
        )
    page = siv.get(at(case)).content.decode()
    link = re.search(r'href="([^"]+samtycke/nytt/\?unit[^"]+)"', page)

    assert "Fråga igen" not in early
    assert link is not None
    form = siv.get(link[1].replace("&amp;", "&")).content.decode()
    assert f'value="{cast.units["amir"].pk}" id="id_unit_0" checked' in form
    assert re.search(r'value="PLANNING"[^>]* checked', form)
    assert "Det slutar snart att gälla" in _read(sign_in(cast.eva).get("/min-sida/"))


# --- who must not come --------------------------------------------------------------------------------------


def test_who_must_not_come_is_written_and_struck(cast: Cast, case: Case, sign_in: Any) -> None:
    siv, path = sign_in(cast.siv), at(case, "ska-inte-vara-med/")
    neither = siv.send(path, {"unit": "", "name": ""})
    siv.send(path, {"unit": str(cast.units["nils"].pk), "name": ""})
    twice = siv.send(path, {"unit": str(cast.units["nils"].pk), "name": ""})
    siv.send(path, {"unit": "", "name": NAME})
    page = _read(siv.get(path))
    with acting(cast.siv):
        row = KeptAway.objects.get(unit=cast.units["nils"])
    siv.send(at(case, f"ska-inte-vara-med/{row.pk}/stryk/"), {})
    listed = page.split("Skriv upp någon")[0]
    after = _read(siv.get(path)).split("Skriv upp någon")[0]

    assert "Välj en enhet eller skriv ett namn" in _read(neither)
    assert "Enheten står redan på listan" in _read(twice)
    assert "Ekonomiskt bistånd" in listed
    assert NAME.strip() in listed
    assert "Ekonomiskt bistånd" not in after


def test_eva_reads_whom_siv_has_written_up(cast: Cast, case: Case, sign_in: Any) -> None:
    sign_in(cast.siv).send(at(case, "ska-inte-vara-med/"), {"unit": "", "name": "Kurt Karlsson"})

    assert "Kurt Karlsson" in _read(sign_in(cast.eva).get("/min-sida/"))


# --- questions afterwards -----------------------------------------------------------------------------------


def survey(**more: Any) -> dict[str, Any]:
    return {
        "purpose": "survey",
        "agrees": "ja",
        "ends_on": "2027-11-01",
        "said_on": dates.today().isoformat(),
        "manner": "oral",
        "heard_by": "Siv Sandberg",
        "language": "sv",
        **more,
    }


def test_a_yes_to_questions_is_its_own_record_and_opens_nothing(cast: Cast, case: Case, sign_in: Any) -> None:
    sign_in(cast.siv).send(at(case, "efterat/"), survey())
    with acting(cast.siv):
        answer, consents = SurveyConsent.objects.get(), Consent.objects.count()
        plan_answers = PlanConsent.objects.count()
    with acting(cast.amir):
        assert not SurveyConsent.objects.exists()

    assert answer.agrees
    assert (consents, plan_answers) == (0, 1)  # The one about the plan is the fixture's.


def test_eva_takes_it_back_herself_and_nothing_else_changes(cast: Cast, case: Case, sign_in: Any) -> None:
    given = factories.consent(case, cast.units["amir"], by=cast.siv)
    sign_in(cast.siv).send(at(case, "efterat/"), survey())
    eva = sign_in(cast.eva)
    with person_acting(cast.eva):
        answer = SurveyConsent.objects.get()
    before = _read(eva.get("/min-sida/"))
    eva.send(f"/min-sida/fragor-efterat/{answer.pk}/", {})
    with acting(cast.siv):
        answer.refresh_from_db()
        given.refresh_from_db()

    assert "svara på en enkät" in before
    assert "svara på en enkät" not in _read(eva.get("/min-sida/"))
    assert answer.withdrawn_at is not None
    assert given.withdrawn_at is None


def test_a_yes_says_until_when_and_no_longer_than_two_years(cast: Cast, case: Case, sign_in: Any) -> None:
    siv, path = sign_in(cast.siv), at(case, "efterat/")

    assert "Skriv till och med vilken dag" in _read(siv.send(path, survey(ends_on="")))
    assert "i högst 24 månader" in _read(siv.send(path, survey(ends_on="2029-12-01")))
    assert siv.send(path, survey(agrees="nej", ends_on="")).status_code == 302


# --- the words ----------------------------------------------------------------------------------------------


def olof_writes(cast: Cast, sign_in: Any, language: str, text: str, version: int = 0) -> ConsentWording:
    olof = sign_in(cast.olof)
    answer = olof.send(f"/samtyckestexter/skriv/consent/{language}/", {"text": text, "version": str(version)})
    assert answer.status_code == 302, _read(answer)
    with acting(cast.olof):
        return ConsentWording.objects.get(language=language, version=version + 1)


def olof_reviews(cast: Cast, sign_in: Any, one: ConsentWording) -> None:
    said = {"name": "Amal Aziz", "role": "auktoriserad översättare", "on": dates.today().isoformat()}
    assert sign_in(cast.olof).send(f"/samtyckestexter/{one.pk}/", said).status_code == 302


def test_a_language_is_offered_when_somebody_has_reviewed_its_words(
    cast: Cast, case: Case, sign_in: Any
) -> None:
    siv, path = sign_in(cast.siv), at(case, "nytt/")
    one = olof_writes(cast, sign_in, "ar", "أنت تقرر.")
    unreviewed = siv.get(path).content.decode()
    olof_reviews(cast, sign_in, one)
    reviewed = siv.get(path).content.decode()

    assert '<option value="ar"' not in unreviewed
    assert '<option value="ar"' in reviewed


def test_she_reads_her_own_language_and_the_consent_remembers_the_words(
    cast: Cast, case: Case, sign_in: Any
) -> None:
    with acting(cast.siv):
        Person.objects.filter(pk=case.person_id).update(language="ar")
    one = olof_writes(cast, sign_in, "ar", "أنت تقرر.")
    before = _read(sign_in(cast.siv).get(at(case, "nytt/")))
    olof_reviews(cast, sign_in, one)
    siv = sign_in(cast.siv)
    page = _read(siv.get(at(case, "nytt/")))
    siv.send(
        at(case, "nytt/"),
        {
            "unit": str(cast.units["amir"].pk),
            "categories": ["PLANNING"],
            "ends_on": "2027-05-01",
            "said_on": dates.today().isoformat(),
            "manner": "oral",
            "heard_by": "Siv Sandberg",
            "language": "ar",
            "knowing": "",
        },
    )
    with acting(cast.siv):
        given = Consent.objects.get()

    assert "Ingen har granskat texten på det språket" in before
    assert "أنت تقرر." not in before
    assert "أنت تقرر." in page
    assert "Amal Aziz" in page
    assert given.wording_id == one.pk


def test_a_new_version_replaces_and_a_stale_one_keeps_what_was_typed(
    cast: Cast, case: Case, sign_in: Any
) -> None:
    first = olof_writes(cast, sign_in, "sv", "Du bestämmer.")
    olof_reviews(cast, sign_in, first)
    olof = sign_in(cast.olof)
    stale = olof.send("/samtyckestexter/skriv/consent/sv/", {"text": "Min egen version.", "version": "0"})
    second = olof_writes(cast, sign_in, "sv", "Du bestämmer själv.", version=1)
    olof_reviews(cast, sign_in, second)
    page = _read(sign_in(cast.siv).get(at(case, "nytt/")))

    assert "Min egen version." in _read(stale)
    assert "Någon annan har skrivit" in _read(stale)
    assert "Du bestämmer själv." in page
    assert "ersatt" in _read(olof.get("/samtyckestexter/"))


def test_taken_out_of_use_the_program_s_own_text_is_read_and_says_that_nobody_answers_for_it(
    cast: Cast, case: Case, sign_in: Any
) -> None:
    one = olof_writes(cast, sign_in, "sv", "Du bestämmer.")
    olof_reviews(cast, sign_in, one)
    olof = sign_in(cast.olof)
    ended = olof.send(f"/samtyckestexter/{one.pk}/ur-bruk/", {})

    listed = _read(olof.get(ended["Location"]))
    page = _read(sign_in(cast.siv).get(at(case, "nytt/")))

    assert "tagen ur bruk" in listed
    assert "Ingen i förbundet har granskat den än" in page


def test_only_the_administrator_comes_to_the_words(cast: Cast, sign_in: Any) -> None:
    paths = ("/samtyckestexter/", "/samtyckestexter/skriv/consent/sv/")

    assert {sign_in(by).get(path).status_code for by in (cast.siv, cast.eva) for path in paths} <= {403, 404}
