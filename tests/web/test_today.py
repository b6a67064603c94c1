"""Idag: what Siv, Amir and the others must do now, and what none of them may see there."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from humla.accounts.models import Account, Session
from humla.accounts.tokens import hash_of, new_token, session_seal
from humla.cases.actions import assign
from humla.cases.models import Case
from humla.cases.visibility import case_seen
from humla.consents import actions as consent_actions
from humla.consents.asking import answer_no, ask_person
from humla.consents.models import Consent, ConsentRequest
from humla.core.context import Actor, Kind, acting, now
from humla.core.dates import transaction_now
from humla.core.secrets import person_key
from humla.disclosures.models import Document
from humla.drafts.actions import keep_draft
from humla.followups import actions
from humla.meetings.preparation import hand_in, keep_preparation
from humla.organisation.models import Professional
from humla.plans import actions as plan_actions
from humla.plans.models import Commitment, Goal
from humla.plans.visibility import plan_of
from tests import factories
from tests.cast import EVA, Cast
from tests.conftest import Door
from tests.web.test_followups import at, text

pytestmark = pytest.mark.django_db

QUERIES = 32

TODAY = reverse("today")
DUE = datetime(2027, 1, 18, 9, 0).astimezone()
"""Boka studiebesök was due on the fifteenth, AF's and FK's rows are due on the twentieth."""


@pytest.fixture
def look(cast: Cast) -> Callable[..., Any]:
    """`look(cast.siv)`: what Siv sees, who signs in at this instant by the database's clock."""

    def looked(who: Actor, address: str = TODAY) -> Any:
        door, token, at = Door(), new_token(), transaction_now(connection)
        account = Account.objects.get(pk=cast.accounts[who.id])
        Session.objects.create(
            token_hash=hash_of(token),
            seal=session_seal(hash_of(token), account.pk, account.person_key),
            account=account,
            level="loa3",
            kind=who.kind.value,
            assignment_id=who.assignment_id,
            started_at=at,
            seen_at=at,
            ends_at=at + timedelta(hours=10),
        )
        door.actor = who
        door.cookies[settings.SIGNIN_COOKIE] = token
        return door.get(address)

    return looked


@pytest.fixture
def document(cast: Cast) -> Document:
    return factories.plan_at_work(cast, by=cast.siv)


def part(answer: Any, name: str) -> str:
    """One part of the page, as text."""
    page = answer.content.decode()
    found = re.search(rf'<section id="{name}".*?</section>', page, re.DOTALL)
    assert found is not None
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found.group(0))).replace("\N{NO-BREAK SPACE}", " ")


def test_signed_in_siv_comes_to_idag(cast: Cast, sign_in: Any):
    assert sign_in(cast.siv).get(reverse("home")).url == TODAY


def test_with_nothing_to_do_the_page_says_where_to_go(cast: Cast, look: Any):
    page = look(cast.nils)
    assert "Inget väntar på dig" in text(page)
    assert reverse("cases") in page.content.decode()


def test_siv_sees_what_is_late_what_is_near_and_whom_she_waits_for(
    cast: Cast, document: Document, look: Any, clock: Any
):
    clock(DUE)
    page = look(cast.siv)

    assert "Boka studiebesök" in part(page, "nu")
    assert "försenat" in part(page, "nu")
    assert "Eva Ek" in part(page, "nu")
    assert factories.FIND_PRACTICE not in text(page)
    clock(DUE + timedelta(days=5))
    assert f"AF Humlesund skulle ha varit klar: {factories.FIND_PRACTICE}" in part(look(cast.siv), "andra")


def test_what_is_done_is_gone_and_what_is_stuck_is_on_top(
    cast: Cast, document: Document, look: Any, clock: Any
):
    clock(DUE)
    with acting(cast.siv):
        case = case_seen(document.case_id)
        assert case is not None
        ours = Commitment.objects.get(what="Boka studiebesök")
        theirs = Commitment.objects.get(what=factories.EXTEND_BENEFIT)
        actions.report(ours.pk, case, status="done", by=cast.siv)
        actions.report(theirs.pk, case, status="hindered", hinder="evidence", by=cast.siv)
    page = look(cast.siv)

    assert "Boka studiebesök" not in text(page)
    assert f"FK Humlesund har ett hinder: {factories.EXTEND_BENEFIT}" in part(page, "nu")
    assert "underlag saknas" in part(page, "nu")


def test_what_is_stuck_on_the_way_to_a_struck_goal_is_gone(
    cast: Cast, document: Document, look: Any, clock: Any
):
    clock(DUE)
    with acting(cast.siv):
        case = case_seen(document.case_id)
        assert case is not None
        plan, goal = plan_of(case), Goal.objects.all()[0]
        assert plan is not None
        theirs = plan_actions.add_commitment(
            plan, doer="unit", unit=cast.units["farid"], goal=goal, what="Ringa arbetsgivaren", by=cast.siv
        )
        actions.report(theirs.pk, case, status="hindered", hinder="evidence", by=cast.siv)
    assert f"har ett hinder: {theirs.what}" in part(look(cast.siv), "nu")
    with acting(cast.siv):
        plan_actions.remove_goal(goal, by=cast.siv)

    assert theirs.what not in text(look(cast.siv))


def test_amir_sees_his_own_units_commitment_without_the_persons_name(
    cast: Cast, document: Document, look: Any, clock: Any
):
    clock(DUE)
    page = look(cast.amir)

    assert factories.FIND_PRACTICE in part(page, "veckan")
    assert at("received", document) in page.content.decode()
    for words in ("Eva Ek", factories.EXTEND_BENEFIT, factories.REFERRAL, "Boka studiebesök"):
        assert words not in text(page)
    with acting(cast.siv):
        practice = Commitment.objects.get(what=factories.FIND_PRACTICE).pk
    with acting(cast.amir):
        case = case_seen(document.case_id)
        assert case is not None
        actions.report(practice, case, status="done", by=cast.amir)
    assert factories.FIND_PRACTICE not in text(look(cast.amir))


def test_a_withdrawn_yes_empties_amirs_page(cast: Cast, document: Document, look: Any, clock: Any):
    with acting(cast.siv):
        consent_actions.withdraw(Consent.objects.get(receiver_unit=cast.amir.unit_id), by=cast.siv)
    clock(DUE)
    assert factories.FIND_PRACTICE not in text(look(cast.amir))


def test_lena_nils_and_maja_see_nothing_of_it(cast: Cast, document: Document, look: Any, clock: Any):
    clock(DUE)
    for other in (cast.lena, cast.nils, cast.maja, cast.stranger):
        page = text(look(other))
        for words in ("Eva Ek", "Boka studiebesök", factories.FIND_PRACTICE, document.case.reference):
            assert words not in page, other.name


def test_what_has_come_to_the_unit_is_one_line_for_its_way_in(cast: Cast, look: Any):
    document = factories.adopted_plan(cast, by=cast.siv)
    factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    page = look(cast.amir)

    assert "Ta emot det som har kommit till enheten" in part(page, "nu")
    assert "Eva" not in text(page)


def test_a_plan_is_followed_up_on_its_day_and_without_a_day_one_is_decided(
    cast: Cast, document: Document, look: Any, clock: Any
):
    clock(datetime(2027, 2, 15, 9, 0).astimezone())
    assert "Följ upp planen" in part(look(cast.siv), "veckan")
    clock(datetime(2027, 2, 21, 9, 0).astimezone())
    assert "Följ upp planen" in part(look(cast.siv), "nu")
    with acting(cast.siv):
        case = case_seen(document.case_id)
        assert case is not None
        plan = plan_of(case)
        assert plan is not None
        plan_actions.follow_up_next(plan, on=None, by=cast.siv)
    assert "Bestäm när planen ska följas upp" in part(look(cast.siv), "nu")
    with acting(cast.siv):
        case = Case.objects.get(pk=document.case_id)
        actions.begin_follow_up(case, document=document, held_on=date(2027, 2, 21), by=cast.siv)
    page = part(look(cast.siv), "nu")
    assert "Gör klar uppföljningen från" in page
    assert "Bestäm när" not in page


def test_a_summons_that_nobody_answered_waits_and_then_is_late(
    cast: Cast, document: Document, look: Any, clock: Any
):
    with acting(cast.siv):
        case, start = Case.objects.get(pk=document.case_id), now()
    summons = factories.summons_in(case, by=cast.siv, to=cast.units["farid"])
    clock(start + timedelta(minutes=5))
    assert "FK Humlesund ska svara på kallelsen" in part(look(cast.siv), "andra")
    with acting(cast.siv):
        by, meeting = summons.meeting.answer_by, summons.meeting.starts_at
    if by is not None and by < meeting.date():
        clock(datetime(by.year, by.month, by.day, 9, 0).astimezone() + timedelta(days=1))
        assert "har inte svarat på kallelsen" in part(look(cast.siv), "nu")
    clock(meeting - timedelta(hours=2))
    assert "Möte kl." in part(look(cast.siv), "nu")
    clock(meeting + timedelta(hours=2))
    assert "Skriv in vilka som var på mötet" in part(look(cast.siv), "nu")


def test_a_consent_that_ends_soon_is_asked_about(cast: Cast, document: Document, look: Any, clock: Any):
    with acting(cast.siv):
        ends = Consent.objects.get(receiver_unit=cast.amir.unit_id).ends_at
    clock(ends - timedelta(days=10))
    assert "Fråga om samtycket till AF Humlesund" in part(look(cast.siv), "veckan")
    assert f"samtycke/nytt/?unit={cast.amir.unit_id}" in look(cast.siv).content.decode()
    clock(ends - timedelta(days=31))
    assert "Fråga om samtycket" not in text(look(cast.siv))


def test_what_was_typed_and_never_sent_leads_back_to_its_form(cast: Cast, document: Document, look: Any):
    with acting(cast.siv):
        plan = Commitment.objects.all()[0].plan_id
        keep_draft(f"own_goal:{plan}", {"text": "Hemlig mening"}, case=document.case_id)
    page = look(cast.siv)

    assert "Du började skriva men skickade det inte: personens eget mål" in part(page, "nu")
    assert at("own_goal", document) in page.content.decode()
    assert "Hemlig mening" not in text(page)


@pytest.mark.parametrize(
    ("draft", "page", "row"),
    [
        ("meeting", "change_meeting", "meeting_id"),
        ("milestone", "milestone", "milestone_id"),
        ("reservation", "reservation", "reservation_id"),
        ("unmet_need", "unmet_need", "unmet_need_id"),
        ("other_plan", "other_plan", "other_plan_id"),
        ("settle_plan", "settle_plan", ""),
    ],
)
def test_a_draft_of_a_row_leads_to_the_page_of_the_row(
    cast: Cast, document: Document, look: Any, draft: str, page: str, row: str
):
    made_up = uuid4()
    with acting(cast.siv):
        keep_draft(f"{draft}:{made_up}", {"what": "Hemlig mening"}, case=document.case_id)

    where = {row: made_up} if row else {}
    assert f'"{at(page, document, **where)}"' in look(cast.siv).content.decode()


def test_a_draft_of_a_new_meeting_leads_to_planning_one(cast: Cast, document: Document, look: Any):
    with acting(cast.siv):
        keep_draft(f"meeting:{document.case_id}", {"place": "Hos oss"}, case=document.case_id)

    assert f'"{at("plan_meeting", document)}"' in look(cast.siv).content.decode()


def test_what_is_anothers_in_the_unit_stands_under_enhetens(
    cast: Cast, document: Document, look: Any, clock: Any
):
    """Maja works in the case, and Siv is responsible: it is not Maja's to do, but she may see it."""
    with acting(cast.siv):
        case = Case.objects.get(pk=document.case_id)
        assign(case, Professional.objects.get(pk=cast.maja.id), cast.units["maja"], by=cast.siv)
    clock(DUE)

    assert "Boka studiebesök" not in text(look(cast.maja))
    assert "Boka studiebesök" in part(look(cast.maja, f"{TODAY}?vems=enheten"), "nu")


def test_a_long_part_is_cut_and_shown_whole_with_one_tap(
    cast: Cast, document: Document, look: Any, clock: Any
):
    with acting(cast.siv):
        case = case_seen(document.case_id)
        assert case is not None
        plan = plan_of(case)
        assert plan is not None
        for number in range(30):
            plan_actions.add_commitment(
                plan,
                doer="unit",
                unit=cast.units["siv"],
                what=f"Sak nummer {number} نور",
                due_on=date(2027, 1, 10),
                by=cast.siv,
            )
    clock(DUE)
    page = look(cast.siv)

    assert part(page, "nu").count("Sak nummer") == 15
    assert "Visa alla 32" in part(page, "nu")
    assert part(look(cast.siv, f"{TODAY}?visa=nu"), "nu").count("Sak nummer") == 30


def test_it_costs_the_same_for_one_row_and_three(
    cast: Cast, document: Document, sign_in: Any, django_assert_num_queries: Any
):
    sign_in(cast.siv).get(TODAY)
    for count in (1, 3):
        with acting(cast.siv):
            case = case_seen(document.case_id)
            assert case is not None
            plan = plan_of(case)
            assert plan is not None
            have = Commitment.objects.filter(what="En sak till").count()
            for _one in range(count - have):
                plan_actions.add_commitment(
                    plan,
                    doer="unit",
                    unit=cast.units["siv"],
                    what="En sak till",
                    due_on=DUE.date(),
                    by=cast.siv,
                )
        door = sign_in(cast.siv)
        with django_assert_num_queries(QUERIES):
            door.get(TODAY)


def _eva() -> Actor:
    return Actor(Kind.PERSON, id=uuid4(), person_key=person_key(EVA))


def test_what_the_person_has_handed_in_is_told_to_the_one_responsible_and_not_what_it_says(
    cast: Cast, document: Document, look: Callable[..., Any], clock: Callable[[datetime], None]
) -> None:
    her, before = _eva(), look(cast.siv).content.decode()
    with acting(her):
        case = Case.objects.get(pk=document.case_id)
        kept = keep_preparation(case, worries="Att ingen tror mig.", version=0, by=her)
    begun = look(cast.siv).content.decode()
    with acting(her):
        hand_in(kept, version=kept.version, by=her)
        handed_at = now()
    page = look(cast.siv)
    line = part(page, "nu")

    assert "Läs förberedelsen som personen lämnade in" not in before + begun
    assert "Läs förberedelsen som personen lämnade in" in line
    assert "Eva Ek" in line
    assert "ingen tror" not in page.content.decode()
    assert at("preparation", document) in page.content.decode()
    assert "förberedelsen" not in look(cast.amir).content.decode()
    clock(handed_at + timedelta(days=8))
    assert "Läs förberedelsen" not in look(cast.siv).content.decode()


def test_a_consent_that_the_person_takes_back_is_told_and_one_that_staff_ends_is_not(
    cast: Cast, document: Document, look: Callable[..., Any]
) -> None:
    with acting(cast.siv):
        consents = {one.receiver_unit_id: one for one in Consent.objects.all()}
        hers, ours = consents[cast.units["amir"].pk], consents[cast.units["farid"].pk]
        consent_actions.withdraw(ours, by=cast.siv)
    her = _eva()
    with acting(her):
        consent_actions.withdraw(Consent.objects.get(pk=hers.pk), by=her)
    line = part(look(cast.siv), "nu")

    assert "Personen tog tillbaka samtycket till AF Humlesund" in line
    assert "samtycket till FK Humlesund" not in line


def test_what_eva_answers_by_herself_is_told_to_whoever_asked(
    cast: Cast, document: Document, look: Callable[..., Any]
) -> None:
    with acting(cast.siv):
        asked = ask_person(
            case_seen(document.case_id),
            unit=cast.units["lena"],
            categories=["PLANNING"],
            ends_on=now().date() + timedelta(days=60),
            why="De kan ge en tid.",
            instead="Siv ringer dem utan namn.",
            by=cast.siv,
        )
    her = _eva()
    with acting(her):
        answer_no(ConsentRequest.objects.get(pk=asked.pk), by=her)
    page = part(look(cast.siv), "veckan")

    assert "Personen har sagt nej till Psykiatrin Humlesund" in page
    assert "Siv ringer" not in page
