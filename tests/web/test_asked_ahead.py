"""What the door asks ahead of the page: the same answers, nobody else's, and nothing left when it fails."""

from uuid import uuid4

import psycopg
import pytest
from django.db import DataError, connection, transaction
from django.db.models.expressions import RawSQL
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.visibility import FIRST_PAGE, my_cases, the_case
from humla.consents.visibility import consents_received, latest_answer_in
from humla.core.context import acting, standing
from humla.core.questions import answered, prepared
from humla.disclosures.visibility import disclosures_of, parts_in
from humla.drafts.actions import drafts_in, keep_draft
from humla.organisation.models import Professional, UnitAssignment
from humla.plans.actions import remove_commitment
from humla.plans.visibility import commitments_of, goals_of, the_plan
from humla.web import door
from tests import factories
from tests.conftest import _owner

QUESTIONS = {
    "case": the_case,
    "answer": latest_answer_in,
    "consents": consents_received,
    "parts": parts_in,
    "disclosures": disclosures_of,
    "plan": the_plan,
    "goals": goals_of,
    "commitments": commitments_of,
    "drafts": drafts_in,
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_prepared_question_is_answered_as_its_queryset(cast, name):
    question, case = QUESTIONS[name], _handed_over(cast)
    found = {}
    for actor in (cast.siv, cast.amir, cast.lena, cast.nils):
        with acting(actor):
            rows = question(case)
            assert [_everything(one) for one in rows] == [
                _everything(one) for one in question.__wrapped__(case)
            ]
            found[actor.name] = len(rows)

    assert max(found.values()) > 0, "a question that nobody has an answer to shows nothing"
    assert (found[cast.lena.name], found[cast.nils.name]) == (0, 0)


@pytest.mark.django_db
def test_an_answer_is_for_the_context_it_was_given_in(cast):
    case = _handed_over(cast)
    with acting(cast.siv):
        rows = the_plan.sent(case).fetchall()
        with answered({(the_plan, case): rows}):
            mine = the_plan(case)
            with acting(cast.nils):
                his = the_plan(case)

    assert (len(mine), his) == (1, [])


@pytest.mark.django_db
def test_in_a_deed_an_answer_is_given_once_and_then_asked_anew(cast):
    case = _handed_over(cast)
    with acting(cast.siv):
        before = commitments_of.sent(case).fetchall()
        with answered({(commitments_of, case): before}, once=True):
            first = commitments_of(case)
            remove_commitment(first[0], by=cast.siv)
            second = commitments_of(case)

    struck = [{one.pk for one in rows if one.is_removed} for rows in (first, second)]
    assert struck == [set(), {first[0].pk}]


@pytest.mark.django_db
def test_several_ids_are_one_question_however_many(cast):
    everybody = Professional.objects.all
    some = prepared(lambda ids: Professional.objects.filter(pk__any=ids).order_by("name"))
    units = prepared(
        lambda ids: UnitAssignment.objects.filter(unit__any=ids).order_by("pk").values_list("pk", "role")
    )
    with acting(cast.siv):
        ids = [one.pk for one in everybody()]
        for asked in (ids, ids[:1], []):
            assert some(tuple(asked)) == list(everybody().filter(pk__in=asked).order_by("name"))
        hers = (cast.siv.unit_id,)
        expected = UnitAssignment.objects.filter(unit__in=hers).order_by("pk").values_list("pk", "role")
        assert units(hers) == list(expected)


@pytest.mark.django_db
def test_the_first_page_of_the_list_is_the_list(cast):
    """It has a question of its own, worked out once; narrowed by nothing in another way it is the other."""
    _handed_over(cast)
    for actor in (cast.siv, cast.amir, cast.lena):
        with acting(actor):
            assert my_cases(limit=FIRST_PAGE) == my_cases(limit=FIRST_PAGE + 1)
    with acting(cast.amir):
        assert my_cases(limit=FIRST_PAGE)


@pytest.mark.django_db
def test_a_question_cannot_be_built_for_one_reader(cast):
    hers = prepared(lambda about: Case.objects.filter(pk=about, unit=standing().actor.unit_id))
    with acting(cast.siv), pytest.raises(LookupError):
        hers(uuid4())


def test_a_connection_that_died_between_pages_costs_a_page_with_questions_nothing(
    cast, sign_in, committed_db
):
    address = reverse("case", kwargs={"case_id": _committed_case(cast)})
    siv = sign_in(cast.siv)
    assert siv.get(address).status_code == 200
    with psycopg.connect(_owner(committed_db), autocommit=True) as owner:
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND pid <> pg_backend_pid()",
            [committed_db],
        )

    assert siv.get(address).status_code == 200


def test_a_question_that_fails_fails_the_page_and_leaves_nothing(cast, sign_in, committed_db):
    case, siv = _committed_case(cast), sign_in(cast.siv)
    impossible = prepared(lambda about: Case.objects.filter(pk=about).annotate(no=RawSQL("1 / 0", [])))
    page = door.case_page(ahead=(impossible,))(lambda request, case: HttpResponse("visas aldrig"))
    with pytest.raises(DataError):
        page(_request(siv), case_id=case)

    assert _is_as_new()
    assert siv.get(reverse("case", kwargs={"case_id": case})).status_code == 200


def test_a_page_whose_line_on_the_trail_is_refused_does_not_leave(cast, sign_in, committed_db):
    case, siv = _committed_case(cast), sign_in(cast.siv)

    def shows(request, case):
        request.looked_in(case, Tag.CASE_READ)
        request.looks.append(_RefusedLook(Tag.CASE_READ, case.pk, None))
        return HttpResponse("får inte lämna servern")

    with pytest.raises(DataError):
        door.case_page()(shows)(_request(siv), case_id=case)

    assert _is_as_new()
    with psycopg.connect(_owner(committed_db)) as owner:
        assert owner.execute(
            "SELECT count(*) FROM audit_event WHERE tag = %s", [Tag.CASE_READ]
        ).fetchone() == (0,)


class _RefusedLook(door.Look):
    def write(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")


def _handed_over(cast):
    """Siv's plan about Eva, adopted, handed over to Amir's unit and taken in; Siv has begun a row more."""
    document = factories.adopted_plan(cast, by=cast.siv)
    given = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    factories.taken_in(given, by=cast.amir)
    with acting(cast.siv):
        keep_draft("add_commitment:x", {"what": "Ringa"}, case=document.case_id)
    return document.case_id


def _committed_case(cast):
    with transaction.atomic():
        return factories.open_case(cast, by=cast.siv).pk


def _everything(row):
    """All that a row says, with what was joined to it."""
    joined = {name: one and _everything(one) for name, one in row._state.fields_cache.items()}
    return {**{name: value for name, value in vars(row).items() if name != "_state"}, **joined}


def _is_as_new():
    """Outside every transaction, and of no context."""
    status = connection.connection.info.transaction_status
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('humla.ctx', true)")
        context = cursor.fetchone()[0]
    return (status.name, connection.in_atomic_block, context or "") == ("IDLE", False, "")


def _request(signed_in):
    request = RequestFactory().get("/")
    request.COOKIES = {name: one.value for name, one in signed_in.cookies.items()}
    return request
