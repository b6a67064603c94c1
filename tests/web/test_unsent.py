"""Siv was called away in the middle of a sentence: she finds it again, and nobody else does."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch

from humla.audit.models import Event
from humla.audit.tags import Tag
from humla.cases.actions import end_assignment
from humla.cases.models import CaseAssignment
from humla.consents.actions import withdraw
from humla.consents.models import Consent
from humla.core.context import acting
from humla.drafts.actions import count_up, keep_draft
from humla.drafts.models import Draft
from humla.web import start, unsent
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db

WORDS = "Halva meningen"
NUMBER = "196411182394"


def listed(browser: Any) -> str:
    return str(browser.get("/dina-utkast/").content.decode())


def test_siv_finds_what_she_began_and_comes_back_to_it(cast: Cast, sign_in: Any) -> None:
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        keep_draft(f"note:{case.pk}", {"text": WORDS}, case=case.pk)
    siv = sign_in(cast.siv)

    page = listed(siv)

    assert f'<a href="/arenden/{case.pk}/anteckningar/">Egen anteckning</a>' in page
    assert case.reference in page
    assert WORDS not in page
    assert WORDS in siv.get(f"/arenden/{case.pk}/anteckningar/").content.decode()


def test_the_list_is_a_look_at_the_cases_it_names(cast: Cast, sign_in: Any) -> None:
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        keep_draft(f"note:{case.pk}", {"text": WORDS}, case=case.pk)

    listed(sign_in(cast.siv))

    with acting(cast.rut):
        [look] = Event.objects.filter(tag=Tag.CASES_LISTED)
    assert str(case.pk) in str(look.items)


def test_eva_s_own_page_lists_her_preparation_and_no_reference(cast: Cast, sign_in: Any) -> None:
    case = factories.open_case(cast, by=cast.siv)
    eva = sign_in(cast.eva)
    with acting(eva.actor):
        keep_draft(f"preparation:{case.pk}", {"important": WORDS}, case=case.pk)

    page = listed(eva)

    assert f'<a href="/min-sida/forberedelse/{case.pk}/">Din förberedelse</a>' in page
    assert (case.reference in page, "<title>Min sida</title>" in page) == (False, True)
    assert "Du har inga utkast" in listed(sign_in(cast.siv))


def test_what_is_thrown_is_gone_and_only_the_owner_throws_it(cast: Cast, sign_in: Any) -> None:
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        draft = keep_draft(f"note:{case.pk}", {"text": WORDS}, case=case.pk)
    throw = f"/dina-utkast/{draft.pk}/slang/"

    assert sign_in(cast.maja).send(throw).status_code == 404
    assert sign_in(cast.eva).send(throw).status_code == 404
    siv = sign_in(cast.siv)
    assert siv.send(throw)["Location"] == "/dina-utkast/"
    assert "Du har inga utkast" in listed(siv)
    assert siv.send(throw).status_code == 404


def test_a_count_of_tries_is_no_draft(cast: Cast, sign_in: Any) -> None:
    from humla.core.context import today

    eva = sign_in(cast.eva)
    with acting(eva.actor):
        count_up("tries", today())

    assert "Du har inga utkast" in listed(eva)


@pytest.fixture
def amirs(cast: Cast) -> Draft:
    """What Amir has written beside the plan that he was handed."""
    case_id = factories.plan_at_work(cast, by=cast.siv).case_id
    with acting(cast.amir):
        return keep_draft(f"note:{case_id}", {"text": WORDS}, case=case_id)


def test_a_withdrawn_yes_freezes_the_receiver_s_draft_and_a_new_one_thaws_it(
    cast: Cast, sign_in: Any, amirs: Draft
) -> None:
    amir = sign_in(cast.amir)
    assert "Egen anteckning" in listed(amir)

    with acting(cast.siv):
        consent = Consent.objects.filter(case=amirs.case_id, receiver_unit=cast.units["amir"])[0]
        withdraw(consent, by=cast.siv)
    frozen = listed(amir)
    thrown = amir.send(f"/dina-utkast/{amirs.pk}/slang/").status_code
    with acting(cast.amir):
        rows = list(Draft.objects.filter(pk=amirs.pk))
    factories.consent(consent.case, cast.units["amir"], by=cast.siv)

    assert ("Egen anteckning" in frozen, thrown, rows) == (False, 404, [])
    assert "Egen anteckning" in listed(amir)


def test_a_colleague_s_ended_assignment_freezes_her_draft(cast: Cast, sign_in: Any) -> None:
    case = factories.open_case(cast, by=cast.siv)
    factories.colleague_in(case, cast, by=cast.siv)
    with acting(cast.maja):
        keep_draft(f"note:{case.pk}", {"text": WORDS}, case=case.pk)
    maja = sign_in(cast.maja)
    assert "Egen anteckning" in listed(maja)

    with acting(cast.siv):
        end_assignment(CaseAssignment.objects.get(case=case, professional=cast.maja.id), by=cast.siv)

    assert "Egen anteckning" not in listed(maja)


def test_the_list_asks_the_same_for_one_draft_and_for_three(cast: Cast, sign_in: Any) -> None:
    siv, counts = sign_in(cast.siv), []
    eva = factories.open_case(cast, by=cast.siv)
    adam = factories.open_case(cast, by=cast.siv, number=NUMBER, name="Adam Alm")
    for began in ([(eva, "note")], [(eva, "told"), (adam, "note")]):
        with acting(cast.siv):
            for case, form in began:
                keep_draft(f"{form}:{case.pk}", {"text": WORDS}, case=case.pk)
        with CaptureQueriesContext(connection) as asked:
            page = listed(siv)
        counts.append((len(asked), page.count(">Kasta</button>")))

    assert [drafts for _queries, drafts in counts] == [1, 3]
    assert len({queries for queries, _drafts in counts}) == 1


def test_the_list_says_when_a_draft_goes(cast: Cast, sign_in: Any) -> None:
    case = factories.open_case(cast, by=cast.siv)
    with acting(cast.siv):
        draft = keep_draft(f"note:{case.pk}", {"text": WORDS}, case=case.pk)
    from humla.web.jinja import environment

    goes = environment().filters["short_day"](draft.saved_at + timedelta(days=30))
    assert goes in listed(sign_in(cast.siv))


def test_every_form_that_keeps_drafts_is_on_the_list_and_leads_to_a_page() -> None:
    row = "5b0e6b0e-2f5e-4a52-9a0e-6f6f2f9b7f10"
    kept = [form for form in unsent.FORMS if start._DRAFTED.fullmatch(f"{form}:{row}")]
    away = []
    for form, written in unsent.FORMS.items():
        try:
            written.way(row, row)  # type: ignore[arg-type]
        except NoReverseMatch:
            away.append(form)

    assert (set(unsent.FORMS) - set(kept), away) == ({"person"}, [])
    assert start._DRAFTED.pattern.count("|") + 1 <= len(unsent.FORMS) * 2
