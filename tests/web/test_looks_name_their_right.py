"""Every look at a case says on the trail what gave the right to it: her page tells the person that."""

from dataclasses import replace
from typing import Any

import pytest
from django.urls import URLPattern, reverse

from humla.audit.models import Event
from humla.audit.tags import LOOKS
from humla.cases.models import Case
from humla.cases.visibility import my_assignment
from humla.core.context import acting
from humla.disclosures.models import Document
from humla.plans.models import Commitment, Goal
from humla.protection.actions import protect
from humla.protection.models import MarkingKind
from humla.web.urls import urlpatterns
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db

PAGES = [
    (str(one.name), sorted(set(one.pattern.converters) - {"case_id"}))
    for one in urlpatterns
    if isinstance(one, URLPattern)
    and str(one.pattern).startswith("arenden/<uuid:case_id>/")
    and "GET" in getattr(one.callback, "door_methods", ())
    # A case that is open has no page about how it was closed.
    and one.name != "closing"
]
"""All pages about a case that those who hold it can open, by the site map: a new one is here by itself."""


def _ids(cast: Cast, document: Document) -> dict[str, Any]:
    with acting(cast.siv):
        return {
            "goal_id": Goal.objects.filter(case=document.case)[0].pk,
            "commitment_id": Commitment.objects.filter(case=document.case)[0].pk,
            "consent_id": document.case.consents.get().pk,
            "version": document.version,
            **factories.besides(cast, document.case, by=cast.siv),
        }


def _only_where_asked(name: str, more: list[str], cast: Cast, document: Document) -> dict[str, Any]:
    """What few pages are about, made for those alone."""
    ids: dict[str, Any] = {}
    if "mandate_id" in more:
        ids["mandate_id"] = factories.mandate(document.case, by=cast.siv).pk
    if "disclosure_id" in more:
        ids["disclosure_id"] = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"]).pk
    if {"answer_id", "scan_id"} & set(more):
        ids |= factories.beside_consents(cast, document.case, by=cast.siv)
    if "offer_id" in more:
        ids |= factories.times_offered(document.case, by=cast.siv, to=cast.units["amir"])
    if "evidence_id" in more:
        factories.consent(document.case, cast.units["amir"], by=cast.siv)
        ids["evidence_id"] = factories.evidence_asked(document.case, by=cast.siv, to=cast.units["amir"]).pk
    if name == "protected_contact":
        with acting(cast.siv):
            protect(document.case, kind=MarkingKind.SECRECY, reason="Polisen ringde.", by=cast.siv)
    return ids


def _rights(cast: Cast, case: Case) -> list[list[list[str]]]:
    """What each look at the case says that it rests on."""
    with acting(replace(cast.siv, role="log_reviewer")):
        looks = Event.objects.filter(case_id=case.pk, tag__in=[tag.value for tag in LOOKS])
        return [one.allowed_by for one in looks]


@pytest.mark.parametrize(("name", "more"), PAGES, ids=[name for name, _more in PAGES])
def test_a_page_about_a_case_names_the_assignment_that_it_is_read_by(
    name: str, more: list[str], sign_in: Any, cast: Cast
) -> None:
    document = factories.adopted_plan(cast, by=cast.siv)
    ids = _ids(cast, document) | {"slug": "samtycke"}
    ids |= factories.meeting_ids(document.case, by=cast.siv, to=cast.units["amir"])
    if {"paper_id", "follow_up_id"} & set(more):
        factories.consent(document.case, cast.units["amir"], by=cast.siv)
        ids |= factories.followed_up(document, by=cast.siv, to=cast.units["amir"])
    ids["arrived_id"] = factories.asked_to_read(document.case, by=cast.nils, holder=cast.siv)
    ids |= _only_where_asked(name, more, cast, document)
    with acting(cast.siv):
        mine = my_assignment(document.case, cast.siv)
    assert mine is not None
    address = reverse(name, kwargs={"case_id": document.case_id, **{each: ids[each] for each in more}})

    assert sign_in(cast.siv).get(address).status_code == 200
    assert _rights(cast, document.case) == [[["assignment", str(mine.pk)]]]
