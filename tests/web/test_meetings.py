"""The pages of meetings: what Siv does on them, what Amir gets, and what nobody else can know is there."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from humla.cases.models import Case
from humla.consents import actions as consents
from humla.consents.models import Consent
from humla.core.context import acting, now
from humla.core.dates import STOCKHOLM
from humla.meetings import actions
from humla.meetings.models import Called, ChangeCause, Meeting, Summons
from humla.meetings.rules import Present
from humla.meetings.visibility import meetings_of, summonses_of
from tests import factories

pytestmark = pytest.mark.django_db

PREVIEW_QUERIES = 24
HEALTH = "Behöver Eva en utredning?"
BRING = "Handlingsplanen från i våras"


def address(name: str, case: Case, **ids: Any) -> str:
    return reverse(name, kwargs={"case_id": case.pk, **ids})


def text(response: Any) -> str:
    """With ordinary spaces: dates are bound together."""
    return str(response.content.decode()).replace("\xa0", " ")


@pytest.fixture
def case(cast) -> Case:
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    factories.consent(case, cast.units["amir"], by=cast.siv)
    return case


@pytest.fixture
def meeting(cast, case) -> Meeting:
    return factories.planned_meeting(
        case, by=cast.siv, purpose="Hur ska Eva orka?", health_questions=HEALTH, place="Rum 4"
    )


@pytest.fixture
def summoned(cast, meeting) -> Summons:
    with acting(cast.siv):
        return actions.summon(meeting, called=Called.UNIT, unit=cast.units["amir"], bring=BRING, by=cast.siv)


@pytest.fixture
def soon(cast, case) -> Meeting:
    """A meeting in five minutes: a sign-in does not live until one in ten days."""
    return factories.planned_meeting(case, by=cast.siv, starts_at=datetime.now(UTC) + timedelta(minutes=5))


@pytest.fixture
def arrived(cast, summoned: Summons, clock: Callable[[datetime], None]) -> Summons:
    """It has left, and Amir has taken it in."""
    clock(summoned.leaves_at)
    factories.taken_in(summoned.disclosure, by=cast.amir)
    return summoned


def written(**more: str) -> dict[str, str]:
    day = (datetime.now(STOCKHOLM) + timedelta(days=14)).date().isoformat()
    return {
        "kind": "first",
        "day": day,
        "clock": "13.00",
        "minutes": "60",
        "form": "in_person",
        "place": "Arbetsmarknadstorget",
        **more,
    }


# --- planning -----------------------------------------------------------------------------------------------


def test_an_empty_case_says_what_to_do_and_the_form_is_filled_in(cast, case, sign_in):
    siv = sign_in(cast.siv)
    empty = text(siv.get(address("meetings", case)))
    form = text(siv.get(address("plan_meeting", case) + "?slag=preparatory"))

    assert "Planera ett förmöte" in empty
    assert ['value="60"' in form, 'value="Arbetsmarknadstorget"' in form, "Siv Sandberg" in form] == [
        True
    ] * 3


def test_a_meeting_is_planned_on_one_screen(cast, case, sign_in):
    siv = sign_in(cast.siv)
    answer = siv.send(address("plan_meeting", case), written(purpose="Hur ska Eva orka?"))
    page = text(siv.get(answer["Location"]))

    assert [words in page for words in ("Första SIP-möte", "kl. 13.00", "Hur ska Eva orka?")] == [True] * 3
    assert "Ingen är kallad än" in page


def test_what_is_wrong_is_said_at_its_field_and_everything_stays(cast, case, sign_in):
    answer = sign_in(cast.siv).send(
        address("plan_meeting", case), written(form="video", clock="kvart över ett", purpose="Varför?")
    )
    page = text(answer)

    assert answer.status_code == 200
    assert "Skriv klockslaget så här: 13.00." in page
    assert "Klistra in länken till videomötet." in page
    assert ["kvart över ett" in page, "Varför?" in page] == [True, True]


def test_two_who_change_the_same_meeting_see_both_texts(cast, case, meeting, sign_in):
    siv, path = sign_in(cast.siv), address("change_meeting", case, meeting_id=meeting.pk)
    local = meeting.starts_at.astimezone(STOCKHOLM)
    same = {"day": local.date().isoformat(), "clock": f"{local:%H:%M}"}
    siv.send(path, written(**same, place="Rum 5", version="1"))
    page = text(siv.send(path, written(**same, place="Rum 6", version="1")))

    assert ["Rum 5" in page, 'value="Rum 6"' in page, "Två olika texter" in page] == [True] * 3


def test_moved_from_the_page_the_old_one_leads_on(cast, case, meeting, sign_in):
    siv = sign_in(cast.siv)
    day = (meeting.starts_at + timedelta(days=7)).date().isoformat()
    path = address("move_meeting", case, meeting_id=meeting.pk)
    without = text(siv.send(path, {"day": day, "clock": "09.30"}))
    answer = siv.send(path, {"day": day, "clock": "09.30", "cause": "person"})
    old = text(siv.get(address("meeting", case, meeting_id=meeting.pk)))

    assert "Välj varför mötet flyttas." in without
    assert "kl. 09.30" in text(siv.get(answer["Location"]))
    assert ["Mötet är flyttat" in old, answer["Location"] in old] == [True, True]


def test_the_same_meeting_twice_is_said_at_its_time_and_what_was_typed_stays(cast, case, sign_in):
    siv = sign_in(cast.siv)
    siv.send(address("plan_meeting", case), written())
    again = text(siv.send(address("plan_meeting", case), written(purpose="Hur ska Eva orka?")))
    other = siv.send(address("plan_meeting", case), written(clock="15.00"))
    with acting(cast.siv):
        second = next(one for one in meetings_of(case) if one.starts_at.astimezone(STOCKHOLM).hour == 15)
    path = address("move_meeting", case, meeting_id=second.pk)
    moved = siv.send(path, {"day": written()["day"], "clock": "13.00", "cause": ChangeCause.PARTY})

    assert other.status_code == 302
    assert again.count("Ett sådant möte är redan planerat den tiden.") == 2
    assert "Hur ska Eva orka?" in again
    assert (moved.status_code, "redan planerat den tiden" in text(moved)) == (200, True)


def test_three_meetings_take_as_many_questions_as_one(cast, case, summoned, sign_in):
    siv, counts = sign_in(cast.siv), []
    for later in range(3):
        with CaptureQueriesContext(connection) as asked:
            page = siv.get(address("meetings", case))
        counts.append((len(asked), text(page).count("is-link")))
        one = factories.planned_meeting(case, by=cast.siv, days=20 + later)
        with acting(cast.siv):
            actions.summon(one, called=Called.PERSON, by=cast.siv)
    assert [shown for _asked, shown in counts] == [1, 2, 3]
    assert len({asked for asked, _shown in counts}) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_what_three_will_read_is_asked_for_as_what_one_will(cast, case, meeting, sign_in, count):
    siv, path = sign_in(cast.siv), address("summon", case, meeting_id=meeting.pk)
    units = [str(cast.units[name].pk) for name in ("amir", "farid", "vera")]
    for name in ("farid", "vera"):
        factories.consent(case, cast.units[name], by=cast.siv)
    with CaptureQueriesContext(connection) as asked:
        page = text(siv.send(path, {"who": units[:count], "granska": "1"}))

    assert page.partition("Precis det här")[2].partition("<form")[0].count("<details") == count
    assert len(asked) == PREVIEW_QUERIES


# --- summoning ----------------------------------------------------------------------------------------------


def test_the_page_greys_who_has_no_consent_and_warns_what_does_not_go(cast, case, meeting, sign_in):
    page = text(sign_in(cast.siv).get(address("summon", case, meeting_id=meeting.pk)))
    units = {name: str(unit.pk) for name, unit in cast.units.items()}

    assert f'value="{units["amir"]}"' in page
    assert f'value="{units["lena"]}"' not in page
    assert "Psykiatrin Humlesund" in page[page.index("Enheter utan samtycke") :]
    assert '<span class="visually-hidden">Ingår inte: </span>Hälsa' in page


def test_review_shows_exactly_what_amir_will_read_and_sends_nothing(cast, case, meeting, sign_in):
    siv, path = sign_in(cast.siv), address("summon", case, meeting_id=meeting.pk)
    unit = str(cast.units["amir"].pk)
    chosen = {"who": ["person", unit], f"bring_{unit}": BRING, "granska": "1"}
    page = text(siv.send(path, chosen))
    shown = page[page.index("Så här läser var och en") : page.index('id="id_who"')]
    to_amir = shown[shown.index("AF Humlesund</span></summary>") :]

    assert [BRING in to_amir, "Hur ska Eva orka?" in to_amir, HEALTH in to_amir] == [True, True, False]
    assert "Får inte läsa: Hälsa" in to_amir
    with acting(cast.siv):
        assert summonses_of(meeting) == []


def test_several_are_summoned_at_once_each_with_its_own(cast, case, meeting, sign_in):
    siv, path = sign_in(cast.siv), address("summon", case, meeting_id=meeting.pk)
    unit = str(cast.units["amir"].pk)
    answer = siv.send(
        path,
        {
            "who": ["person", unit],
            f"bring_{unit}": BRING,
            "bring_person": "Legitimation",
            "other": "relative",
            "other_name": "Ove Ek",
        },
    )
    page = text(siv.get(answer["Location"]))

    with acting(cast.siv):
        found = sorted((one.called, one.name, one.bring) for one in summonses_of(meeting))
    assert found == [("person", "", "Legitimation"), ("relative", "Ove Ek", ""), ("unit", "", BRING)]
    assert "0 av 3 kommer." in page
    assert "Ångra" in page


def test_nobody_chosen_is_said_and_a_unit_without_consent_is_no_choice(cast, case, meeting, sign_in):
    siv, path = sign_in(cast.siv), address("summon", case, meeting_id=meeting.pk)
    empty = text(siv.send(path, {}))
    lena = siv.send(path, {"who": [str(cast.units["lena"].pk)]})

    assert "Välj minst en som ska kallas." in empty
    assert lena.status_code == 200
    with acting(cast.siv):
        assert summonses_of(meeting) == []


def test_undone_before_the_minute_amir_never_sees_it(cast, case, meeting, summoned, sign_in, clock):
    siv = sign_in(cast.siv)
    siv.send(address("undo_summons", case, summons_id=summoned.pk))
    clock(summoned.leaves_at + timedelta(minutes=5))
    amir = sign_in(cast.amir)

    assert amir.get(address("received", case)).status_code == 404
    assert "Inget väntar" in text(amir.get(reverse("arrivals")))


def test_before_it_leaves_nothing_has_come_and_then_it_has(cast, case, summoned, sign_in, clock):
    amir = sign_in(cast.amir)
    before = text(amir.get(reverse("arrivals")))
    clock(summoned.leaves_at)
    after = text(amir.get(reverse("arrivals")))

    assert ["Inget väntar" in before, "Eva" in before] == [True, False]
    assert ["En handling från" in after, "Eva" in after, case.reference in after] == [True, False, False]


def test_siv_reads_the_summons_as_amir_does_and_prints_it(cast, case, arrived, sign_in):
    siv, amir = sign_in(cast.siv), sign_in(cast.amir)
    as_siv = text(siv.get(address("summons", case, summons_id=arrived.pk)))
    as_amir = text(amir.get(address("received", case)))
    printed = siv.get(address("summons_pdf", case, summons_id=arrived.pk))
    for page in (as_siv, as_amir):
        assert [BRING in page, "Hur ska Eva orka?" in page, HEALTH in page] == [True, True, False]
    assert "Mottagaren får inte läsa: Hälsa" in as_siv
    with pikepdf.open(BytesIO(printed.content)) as paper:
        assert len(paper.pages) >= 1


def test_the_text_of_a_pdf_holds_no_health(cast, case, arrived, sign_in):
    answer = sign_in(cast.amir).get(address("received_pdf", case) + f"?kallelse={arrived.pk}")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert f"kallelse-{case.reference}.pdf" in answer["Content-Disposition"]


# --- answering ----------------------------------------------------------------------------------------------


def test_amir_answers_on_his_page_and_siv_sees_it(cast, case, meeting, arrived, sign_in):
    amir, siv = sign_in(cast.amir), sign_in(cast.siv)
    page = text(amir.get(address("received", case)))
    answer = amir.send(
        address("answer_summons", case, summons_id=arrived.pk),
        {"answer": "comes", "who_comes": "Amir Haddad", "sends_evidence": "on"},
    )
    again = text(amir.get(answer["Location"]))
    seen = text(siv.get(address("meeting", case, meeting_id=meeting.pk)))

    assert "Kommer ni?" in page
    assert "Ert svar" in again
    assert ["1 av 1 kommer." in seen, "Amir Haddad" in seen, "Skickar underlag" in seen] == [True] * 3


def test_an_old_summons_says_that_the_meeting_is_moved_and_leads_to_the_one_that_holds(
    cast, case, soon, sign_in, clock
):
    with acting(cast.siv):
        first = actions.summon(soon, called=Called.UNIT, unit=cast.units["amir"], by=cast.siv)
    clock(first.leaves_at)
    factories.taken_in(first.disclosure, by=cast.amir)
    with acting(cast.siv):
        later = soon.starts_at + timedelta(days=1)
        new = actions.move(soon, starts_at=later, cause=ChangeCause.PARTY, by=cast.siv)
        second = summonses_of(new)[0]
    amir = sign_in(cast.amir)
    within_the_minute = text(amir.get(address("received", case)))
    clock(second.leaves_at)
    page = text(amir.get(address("received", case)))

    assert "Kallelsen gäller inte längre." in within_the_minute
    assert ("Kommer ni?" in within_the_minute, page.count("Kommer ni?")) == (False, 1)
    assert "Mötet är flyttat" in page
    assert f'href="#kallelse-{second.pk}"' in page
    assert page.index(f'id="kallelse-{second.pk}"') < page.index(f'id="kallelse-{first.pk}"')


def test_a_summons_to_a_meeting_that_has_been_held_asks_for_no_answer(cast, case, soon, sign_in, clock):
    """Held before its hour: the frozen paper still says a time ahead, and nobody waits for an answer."""
    with acting(cast.siv):
        sent = actions.summon(soon, called=Called.UNIT, unit=cast.units["amir"], by=cast.siv)
    clock(sent.leaves_at)
    factories.taken_in(sent.disclosure, by=cast.amir)
    amir = sign_in(cast.amir)
    waiting = text(amir.get(reverse("today")))
    with acting(cast.siv):
        seen = summonses_of(soon)[0]
        there = [
            Present(Called.PERSON, was_present=True),
            Present(Called.UNIT, was_present=True, summons=seen),
        ]
        siv = soon.planned_by
        actions.hold(soon, attendances=there, chair=siv, note_taker=siv, no_next_by="Eva Ek", by=cast.siv)
    page = text(amir.get(address("received", case)))

    assert "Svara på kallelsen" in waiting
    assert "Mötet är hållet, flyttat eller inställt, så kallelsen behöver inget svar." in page
    assert "Kommer ni?" not in page
    assert "Svara på kallelsen" not in text(amir.get(reverse("today")))


def test_a_no_without_a_cause_comes_back_with_what_was_typed(cast, case, arrived, sign_in):
    answer = sign_in(cast.amir).send(
        address("answer_summons", case, summons_id=arrived.pk), {"answer": "declined", "who_comes": "ingen"}
    )

    assert answer.status_code == 200
    assert "Välj varför ni inte kommer." in text(answer)


def test_siv_notes_what_was_said_on_the_telephone(cast, case, meeting, summoned, sign_in):
    siv, path = sign_in(cast.siv), address("note_answer", case, summons_id=summoned.pk)
    siv.send(path, {"answer": "wrong_unit", "passed_to": "AF Vassvik"})
    page = text(siv.get(address("meeting", case, meeting_id=meeting.pk)))

    assert ["Fel enhet" in page, "AF Vassvik" in page] == [True, True]


def test_a_taken_back_yes_closes_amirs_page_and_siv_is_told(cast, case, meeting, arrived, sign_in):
    amir, siv = sign_in(cast.amir), sign_in(cast.siv)
    with acting(cast.siv):
        consents.withdraw(Consent.objects.get(), by=cast.siv)
    answer = amir.send(address("answer_summons", case, summons_id=arrived.pk), {"answer": "comes"})

    assert [amir.get(address("received", case)).status_code, answer.status_code] == [404, 404]
    assert "Samtycket gäller inte längre" in text(siv.get(address("meeting", case, meeting_id=meeting.pk)))


def test_what_has_left_by_a_yes_stands_beside_it(cast, case, arrived, sign_in):
    yes = Consent.objects.filter(case=case)
    with acting(cast.siv):
        path = address("withdraw_consent", case, consent_id=yes.get().pk)
    page = text(sign_in(cast.siv).get(path))

    assert "Kallelse till möte" in page


def test_moved_amir_sees_the_new_time_first_and_the_old_is_off(cast, case, meeting, arrived, sign_in, clock):
    with acting(cast.siv):
        later = meeting.starts_at + timedelta(days=7)
        new = actions.move(meeting, starts_at=later, cause=ChangeCause.PARTY, by=cast.siv)
        (sent,) = summonses_of(new)
    clock(sent.leaves_at)
    page = text(sign_in(cast.amir).get(address("received", case)))

    assert page.index(f"kallelse-{sent.pk}") < page.index(f"kallelse-{arrived.pk}")
    assert "Kallelsen gäller inte längre" in page[page.index(f"kallelse-{arrived.pk}") :]


def test_summons_and_plan_stand_on_one_page(cast, sign_in, clock):
    document = factories.adopted_plan(cast, by=cast.siv)
    given = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    factories.taken_in(given, by=cast.amir)
    one = factories.planned_meeting(document.case, by=cast.siv, kind="follow_up")
    with acting(cast.siv):
        sent = actions.summon(one, called=Called.UNIT, unit=cast.units["amir"], by=cast.siv)
    clock(sent.leaves_at)
    page = text(sign_in(cast.amir).get(address("received", document.case)))

    assert page.index("Kommer ni?") < page.index(factories.OWN_GOAL)
    assert "Version 1, den du läser" in page


# --- holding ------------------------------------------------------------------------------------------------


def test_held_from_the_page_with_who_came_and_the_next_day(cast, case, soon, sign_in, clock):
    with acting(cast.siv):
        summoned = actions.summon(soon, called=Called.UNIT, unit=cast.units["amir"], by=cast.siv)
    clock(soon.starts_at)
    siv, path = sign_in(cast.siv), address("hold_meeting", case, meeting_id=soon.pk)
    me, key = str(cast.siv.id), str(summoned.pk)
    day = (soon.starts_at + timedelta(days=90)).date().isoformat()
    half = text(siv.send(path, {"was_person": "ja", f"was_{key}": "nej", "next": "dag"}))
    whole = {"was_person": "ja", f"was_{key}": "nej", f"why_{key}": "time", "next": "dag", "next_on": day}
    refused = text(siv.send(path, whole))
    answer = siv.send(path, {**whole, "chair": me, "note_taker": me, "name_mer0": "Ove Ek"})
    page = text(siv.get(answer["Location"]))

    assert ["Välj varför den inte kom." in half, "Välj vilken dag ni ses igen." in half] == [True, True]
    assert ["Välj mötesledare." in refused, "Välj dokumenterare." in refused] == [True, True]
    assert ["annat möte eller brist på tid" in page, "Ove Ek" in page, f"?dag={day}" in page] == [True] * 3


def test_who_came_is_put_right(cast, case, soon, sign_in, clock):
    clock(soon.starts_at)
    siv = sign_in(cast.siv)
    me = str(cast.siv.id)
    told = {"was_person": "nej", "why_person": "illness", "name_mer0": "Ove", "chair": me, "note_taker": me}
    siv.send(address("hold_meeting", case, meeting_id=soon.pk), {**told, "next": "nej", "no_next_by": "Siv"})
    with acting(cast.siv):
        wrong = Meeting.objects.get().attendances.get(called="person")
    answer = siv.send(address("correct_attendance", case, attendance_id=wrong.pk), {"was": "ja"})
    page = text(siv.get(answer["Location"]))

    assert "sjukdom" not in page


def test_what_was_written_of_a_held_meeting_is_put_right(cast, case, sign_in):
    held = factories.held_meeting(case, by=cast.siv)
    siv, path = sign_in(cast.siv), address("correct_meeting", case, meeting_id=held.pk)
    me, day = str(cast.siv.id), (datetime.now(STOCKHOLM) + timedelta(days=90)).date().isoformat()
    told = {"chair": me, "note_taker": me, "next": "dag", "next_on": day, "name_mer0": "Ove Ek"}
    shown = text(siv.get(path))
    answer = siv.send(path, {**told, "version": str(held.version)})
    page = text(siv.get(answer["Location"]))

    assert 'value="Eva Ek"' in shown
    assert ["Mötet är rättat." in page, "Ove Ek" in page, f"?dag={day}" in page] == [True] * 3


def test_two_who_put_right_the_same_meeting_see_both_texts(cast, case, sign_in):
    held = factories.held_meeting(case, by=cast.siv)
    siv, path = sign_in(cast.siv), address("correct_meeting", case, meeting_id=held.pk)
    me, old = str(cast.siv.id), str(held.version)
    told = {"chair": me, "note_taker": me, "next": "nej", "name_mer0": "Ove Ek"}
    siv.send(path, {**told, "no_next_by": "Eva och Siv", "version": old})
    wrong = text(siv.send(path, {**told, "no_next_by": "", "version": old}))
    page = text(siv.send(path, {**told, "no_next_by": "Eva själv", "version": old}))
    with acting(cast.siv):
        now_it_is = Meeting.objects.get(pk=held.pk)
        came = [one.name for one in now_it_is.attendances.all()]

    assert f'name="version" value="{old}"' in wrong
    assert ["Två olika texter" in page, "Eva och Siv" in page, 'value="Eva själv"' in page] == [True] * 3
    assert ['value="Ove Ek"' in page, "Fler som var med" in page, came.count("Ove Ek")] == [True, True, 1]
    assert f'name="version" value="{now_it_is.version}"' in page
    assert siv.send(path, {**told, "name_mer0": "", "version": str(now_it_is.version), "no_next_by": "Eva"})[
        "Location"
    ]


def test_a_cancelled_meeting_is_planned_anew_with_what_it_said(cast, case, meeting, sign_in):
    siv = sign_in(cast.siv)
    siv.send(address("cancel_meeting", case, meeting_id=meeting.pk), {"cause": "no_time"})
    page = text(siv.get(address("meeting", case, meeting_id=meeting.pk)))
    form = text(siv.get(address("plan_meeting", case) + f"?fran={meeting.pk}"))

    assert f"?fran={meeting.pk}" in page
    assert ["Hur ska Eva orka?" in form, HEALTH in form] == [True, True]


def test_eva_sees_first_when_where_and_with_whom(cast, case, meeting, sign_in, clock):
    with acting(cast.siv):
        actions.summon(meeting, called=Called.PERSON, bring="Legitimation", by=cast.siv)
        actions.summon(meeting, called=Called.UNIT, unit=cast.units["amir"], by=cast.siv)
    page = text(sign_in(cast.eva).get(reverse("own_page")))
    first = page[page.index("waiting-for") : page.index("waiting-for") + 600]

    assert ["AF Humlesund" in first, "Rum 4" in first] == [True, True]
    assert ["Nästa möte" in page, "Legitimation" in page] == [True, True]


def test_nobody_else_can_tell_that_there_is_a_meeting(cast, case, meeting, summoned, sign_in):
    for actor in (cast.maja, cast.lena, cast.nils, cast.stranger, cast.amir):
        door = sign_in(actor)
        answers = {
            name: door.get(address(name, case, **ids)).status_code
            for name, ids in {
                "meetings": {},
                "meeting": {"meeting_id": meeting.pk},
                "summon": {"meeting_id": meeting.pk},
                "hold_meeting": {"meeting_id": meeting.pk},
                "summons": {"summons_id": summoned.pk},
                "summons_pdf": {"summons_id": summoned.pk},
                "note_answer": {"summons_id": summoned.pk},
            }.items()
        }
        assert set(answers.values()) == {404}, actor.name


def test_ten_thousand_characters_and_an_arabic_name_break_nothing(cast, sign_in):
    case = factories.open_case(cast, by=cast.siv, name="ليلى حداد")
    long = "Vi behöver prata om det. " * 79
    one = factories.planned_meeting(case, by=cast.siv, purpose=long, questions=long)
    page = text(sign_in(cast.siv).get(address("meeting", case, meeting_id=one.pk)))

    assert "ليلى حداد" in page
    with acting(cast.siv):
        assert [each.purpose for each in meetings_of(case)] == [long]
        assert now() < one.starts_at
