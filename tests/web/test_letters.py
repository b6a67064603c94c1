"""Whoever no mail reaches gets a letter: it waits by itself, is printed with the others, and ticked once."""

import io
import re
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from humla.agreements.words import words_in_force
from humla.cases.models import Case
from humla.consents import actions as consents
from humla.consents.models import Consent
from humla.core.context import acting, now
from humla.core.rulings import NotAllowed
from humla.letters.actions import remind, send_letters
from humla.letters.document import posted, posted_times
from humla.letters.models import Addressee, PaperLetter, Way
from humla.letters.visibility import Wanted, letters_waiting
from humla.meetings import actions
from humla.meetings.models import Called, Meeting, Summons
from humla.meetings.rules import Call
from humla.meetings.visibility import meeting_of, parts_of_summons
from humla.people.models import Person
from humla.protection.actions import protect
from humla.protection.models import MarkingKind
from humla.scheduling.actions import offer_times
from humla.scheduling.models import Invitee
from humla.scheduling.visibility import offered
from tests import factories
from tests.cast import Cast
from tests.conftest import Door

pytestmark = pytest.mark.django_db

ADDRESS = "Storgatan 1 B\n123 45 Humlesund"
PLACE = "Biblioteket, rum 2"


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def letters(cast: Cast) -> list[str]:
    """Everything that each letter says, as it goes to the printer."""
    with acting(cast.siv):
        words = words_in_force()
        made = [posted(one, parts_of_summons(one.summons), words=words) for one in letters_waiting()]
        return [repr(one) for one in made]


@pytest.fixture
def case(cast: Cast) -> Case:
    return factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)


@pytest.fixture
def meeting(cast: Cast, case: Case) -> Meeting:
    return factories.planned_meeting(case, by=cast.siv, place=PLACE, purpose="Hur ska Eva orka?")


def call(cast: Cast, meeting: Meeting, called: str, clock: Any, **who: Any) -> Summons:
    """One more called, after the minute of regret."""
    with acting(cast.siv):
        found = meeting_of(meeting.case, meeting.pk)
        assert found is not None
        summons = actions.summon(found, called=called, by=cast.siv, **who)
    clock(summons.leaves_at)
    return summons


@pytest.fixture
def eva_called(cast: Cast, meeting: Meeting, clock: Any) -> Summons:
    return call(cast, meeting, Called.PERSON, clock, bring="Papperen från Försäkringskassan")


@pytest.fixture
def siv(cast: Cast, sign_in: Any) -> Door:
    door: Door = sign_in(cast.siv)
    return door


def say(siv: Door, summons: Summons, version: int = 0, **change: Any) -> Any:
    return siv.send(
        f"/brev/{summons.pk}/satt/", {"way": "post", "address": ADDRESS, "version": version, **change}
    )


def post(siv: Door, summons: Summons, occasion: str = "called", **change: Any) -> Any:
    told = {"brev": f"{summons.pk}:{occasion}", "sent_on": summons.sent_at.date().isoformat(), **change}
    return siv.send("/brev/lamnade/", told)


def waiting(cast: Cast) -> list[tuple[str, str]]:
    with acting(cast.siv):
        return [(one.summons.called, one.occasion.value) for one in letters_waiting()]


def test_a_summons_to_eva_waits_as_a_letter_and_asks_once_where_to(
    cast: Cast, eva_called: Summons, siv: Door
):
    page = text_of(siv.get("/brev/"))
    assert "Säg först hur de ska lämnas" in page

    assert say(siv, eva_called).status_code == 302

    page = text_of(siv.get("/brev/"))
    assert "Säg först" not in page
    assert "Skriv ut 1 brev" in page


def test_the_letter_has_her_in_the_window_the_day_and_a_slip_to_send_back(
    cast: Cast, eva_called: Summons, siv: Door
):
    say(siv, eva_called)

    paper = siv.get("/brev/pdf/")

    assert paper["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(paper.content)) as made:
        assert len(made.pages) >= 1
    (text,) = letters(cast)
    for words in (
        "Eva Ek",
        "Storgatan 1 B",
        "Du är kallad till ett möte om din plan",
        PLACE,
        "Papperen från Försäkringskassan",
        "Jag kan inte den tiden",
        "lätt svenska",
    ):
        assert words in text


def test_one_print_holds_every_letter_each_on_a_page_of_its_own(
    cast: Cast, meeting: Meeting, eva_called: Summons, siv: Door, clock: Any
):
    sister = call(cast, meeting, Called.RELATIVE, clock, name="Karin Ek")
    boss = call(cast, meeting, Called.EMPLOYER, clock, name="Humlesunds Bageri AB")
    for one in (eva_called, sister, boss):
        say(siv, one)

    text = letters(cast)

    with pikepdf.open(io.BytesIO(siv.get("/brev/pdf/").content)) as made:
        assert len(made.pages) >= 3
    assert [("Storgatan 1 B" in one, PLACE in one) for one in text] == [(True, True)] * 3
    for one in text[1:]:
        assert [words in one for words in ("19860611", "Hur ska Eva orka?")] == [False, False]


def test_what_was_posted_leaves_the_queue_and_can_be_taken_back(cast: Cast, eva_called: Summons, siv: Door):
    say(siv, eva_called)

    post(siv, eva_called)

    assert waiting(cast) == []
    assert "brev med posten" in text_of(siv.get("/brev/?visa=skickade"))
    siv.send(f"/brev/{eva_called.pk}/called/inte-lamnat/", {})
    assert waiting(cast) == [("person", "called")]


def test_posted_in_two_tabs_is_posted_once(cast: Cast, eva_called: Summons, siv: Door):
    say(siv, eva_called)
    for _ in range(2):
        post(siv, eva_called)

    with acting(cast.siv):
        assert PaperLetter.objects.count() == 1


def test_what_was_read_before_somebody_else_sent_it_is_not_sent_again(
    cast: Cast, eva_called: Summons, siv: Door
):
    """Both pages were drawn before either was sent: whoever comes second is told, and nothing is doubled."""
    say(siv, eva_called)
    with acting(cast.siv):
        mine, hers = letters_waiting(), letters_waiting()
        sent = send_letters(mine, by=cast.siv)
        with pytest.raises(NotAllowed, match="Någon annan hann före"):
            send_letters(hers, by=cast.siv)
        with pytest.raises(NotAllowed, match="Någon annan hann före"):
            send_letters(letters_of_a_cancelled(hers, cast), by=cast.siv)

    assert sent == 1


def letters_of_a_cancelled(before: list[Wanted], cast: Cast) -> list[Wanted]:
    """The same, of a summons that was called off while the page was open."""
    for one in before:
        actions.cancel_summons(one.summons, by=cast.siv)
    return before


def test_nobody_is_reminded_on_paper_of_a_letter_that_has_not_been_sent(
    cast: Cast, eva_called: Summons, siv: Door
):
    say(siv, eva_called)

    with acting(cast.siv):
        (wanted,) = letters_waiting()
        with pytest.raises(NotAllowed, match="inte skickat än"):
            remind(wanted, by=cast.siv)

    assert waiting(cast) == [("person", "called")]


def test_a_moved_meeting_is_a_new_letter_that_says_changed_only_to_whoever_got_the_first(
    cast: Cast, meeting: Meeting, eva_called: Summons, siv: Door, clock: Any
):
    sister = call(cast, meeting, Called.RELATIVE, clock, name="Karin Ek")
    say(siv, eva_called)
    say(siv, sister)
    post(siv, eva_called)

    with acting(cast.siv):
        found = meeting_of(meeting.case, meeting.pk)
        assert found is not None
        actions.move(found, starts_at=found.starts_at + timedelta(days=1), cause="person", by=cast.siv)
    clock(sister.leaves_at + timedelta(minutes=3))

    assert sorted(waiting(cast)) == [("person", "changed"), ("relative", "called")]
    assert "Mötet om din plan har ändrats" in " ".join(letters(cast))


def test_a_cancelled_meeting_is_told_only_to_whoever_got_a_letter(
    cast: Cast, meeting: Meeting, eva_called: Summons, siv: Door, clock: Any
):
    sister = call(cast, meeting, Called.RELATIVE, clock, name="Karin Ek")
    say(siv, eva_called)
    say(siv, sister)
    post(siv, eva_called)

    with acting(cast.siv):
        found = meeting_of(meeting.case, meeting.pk)
        assert found is not None
        actions.cancel(found, cause="illness", by=cast.siv)
    clock(sister.leaves_at + timedelta(minutes=3))

    assert waiting(cast) == [("person", "cancelled")]
    text = " ".join(letters(cast))
    assert "blir inte av" in text
    assert "Jag kommer" not in text


def test_what_is_undone_in_its_minute_never_waits(cast: Cast, meeting: Meeting, siv: Door, clock: Any):
    with acting(cast.siv):
        found = meeting_of(meeting.case, meeting.pk)
        assert found is not None
        summons = actions.summon(found, called=Called.PERSON, by=cast.siv)
        actions.undo_summons(summons, by=cast.siv)
    clock(summons.leaves_at + timedelta(minutes=1))

    assert waiting(cast) == []


def test_the_day_says_that_letters_wait_and_no_longer_when_they_are_sent(
    cast: Cast, meeting: Meeting, eva_called: Summons, siv: Door, clock: Any
):
    assert "Skriv ut och lämna ett brev" in text_of(siv.get("/idag/"))
    say(siv, eva_called)
    post(siv, eva_called)
    assert "lämna ett brev" not in text_of(siv.get("/idag/"))

    with acting(cast.siv):
        found = meeting_of(meeting.case, meeting.pk)
        assert found is not None
        actions.cancel(found, cause="illness", by=cast.siv)
    clock(eva_called.leaves_at + timedelta(minutes=1))
    assert "Skriv ut och lämna ett brev" in text_of(siv.get("/idag/"))


def test_what_was_written_of_her_address_is_gone_when_she_is_protected(
    cast: Cast, case: Case, eva_called: Summons, siv: Door
):
    say(siv, eva_called)

    with acting(cast.siv):
        protect(case, kind=MarkingKind.SECRECY, reason="Folkbokföringen.", by=cast.siv)
        assert [(one.way, one.address) for one in Addressee.objects.all()] == [(Way.BY_HAND, "")]


def test_a_reminder_on_paper_is_asked_for_and_posted(cast: Cast, eva_called: Summons, siv: Door):
    say(siv, eva_called)
    post(siv, eva_called)

    siv.send(f"/brev/{eva_called.pk}/called/paminn/", {})

    assert waiting(cast) == [("person", "reminder")]
    assert "Kommer du till mötet om din plan?" in " ".join(letters(cast))
    post(siv, eva_called, "reminder")
    assert waiting(cast) == []


def test_a_unit_without_a_mailbox_gets_paper_while_the_yes_stands(
    cast: Cast, case: Case, meeting: Meeting, siv: Door, clock: Any
):
    factories.consent(case, cast.units["vera"], by=cast.siv)
    call(cast, meeting, Called.UNIT, clock, unit=cast.units["vera"])
    assert waiting(cast) == [("unit", "called")]

    with acting(cast.siv):
        consents.withdraw(Consent.objects.get(), by=cast.siv)

    assert waiting(cast) == []


def test_a_letter_that_was_posted_is_not_printed_again_when_the_yes_has_ended(
    cast: Cast, case: Case, meeting: Meeting, siv: Door, clock: Any
):
    factories.consent(case, cast.units["vera"], by=cast.siv)
    summons = call(cast, meeting, Called.UNIT, clock, unit=cast.units["vera"])
    say(siv, summons)
    post(siv, summons)
    pdf = f"/brev/{summons.pk}/called/pdf/"
    assert pdf in siv.get("/brev/?visa=skickade").content.decode()
    assert siv.get(pdf).status_code == 200

    with acting(cast.siv):
        consents.withdraw(Consent.objects.get(), by=cast.siv)

    page = siv.get("/brev/?visa=skickade").content.decode()
    assert cast.units["vera"].name in page
    assert pdf not in page
    assert siv.get(pdf).status_code == 404
    # That it is called off tells of nobody.
    assert waiting(cast) == [("unit", "cancelled")]
    assert siv.get(f"/brev/{summons.pk}/cancelled/pdf/").status_code == 200


def test_a_unit_with_a_mailbox_gets_no_letter(cast: Cast, case: Case, meeting: Meeting, clock: Any):
    factories.consent(case, cast.units["amir"], by=cast.siv)
    call(cast, meeting, Called.UNIT, clock, unit=cast.units["amir"])

    assert waiting(cast) == []


def test_whoever_reads_on_her_own_page_gets_no_paper_and_can_get_it_again(
    cast: Cast, eva_called: Summons, siv: Door
):
    say(siv, eva_called, way="page", address="")
    assert waiting(cast) == []

    say(siv, eva_called, version=1)

    assert waiting(cast) == [("person", "called")]


@pytest.mark.parametrize(
    ("way", "address", "told"),
    [
        ("post", "", "Skriv gatuadress eller box"),
        ("post", "\n".join(["Rad"] * 9), "ryms inte i kuvertets fönster"),
        ("post", f"{'A' * 60}\n123 45 Ort", "ryms inte i kuvertets fönster"),
        ("", ADDRESS, "Välj hur brevet ska lämnas"),
    ],
)
def test_an_address_that_does_not_fit_is_kept_beside_the_sentence(
    eva_called: Summons, siv: Door, way: str, address: str, told: str
):
    page = say(siv, eva_called, way=way, address=address)

    assert page.status_code == 200
    assert told in page.content.decode()
    assert address.splitlines()[-1] in page.content.decode() if address else True


def test_two_who_write_the_address_see_each_other(cast: Cast, eva_called: Summons, siv: Door):
    say(siv, eva_called)

    page = say(siv, eva_called, version=0, address="Lillgatan 2\n123 46 Vassvik")

    assert page.status_code == 200
    assert "Storgatan 1 B" in page.content.decode()
    assert "Lillgatan 2" in page.content.decode()


def test_the_letter_comes_in_her_language_where_the_words_are_reviewed_and_the_interpreter_travels_along(
    cast: Cast, eva_called: Summons, siv: Door
):
    with acting(cast.siv):
        Person.objects.filter(pk=eva_called.person_id).update(
            needs_interpreter=True, language="so", communication_support="Bildstöd och korta meningar"
        )
    say(siv, eva_called)

    text = " ".join(letters(cast))

    assert "Ja, somaliska" in text
    assert "Bildstöd och korta meningar" in text
    assert "Du är kallad till ett möte om din plan" in text


def test_nobody_writes_the_address_of_the_protected_and_the_window_names_nobody(
    cast: Cast, case: Case, meeting: Meeting, siv: Door, eva_called: Summons, clock: Any
):
    with acting(cast.siv):
        protect(case, kind=MarkingKind.SECRECY, reason="Folkbokföringen.", by=cast.siv)
    page = siv.get(f"/brev/{eva_called.pk}/satt/").content.decode()
    assert 'name="address"' not in page
    assert "Skatteverkets förmedling" in page

    say(siv, eva_called, way="by_hand", address="")

    (text,) = letters(cast)
    assert "Lämnas personligen" in text
    assert [words in text for words in ("Eva Ek", "19860611")] == [False, False]
    with acting(cast.siv):
        assert [(one.way, one.address) for one in Addressee.objects.all()] == [(Way.BY_HAND, "")]


def test_maja_amir_and_eva_see_nobodys_address(cast: Cast, eva_called: Summons, siv: Door, sign_in: Any):
    say(siv, eva_called)

    for other in (cast.maja, cast.amir, cast.nils):
        door = sign_in(other)
        assert "Eva Ek" not in text_of(door.get("/brev/"))
        assert door.get(f"/brev/{eva_called.pk}/satt/").status_code == 404
        assert door.get(f"/brev/{eva_called.pk}/called/pdf/").status_code == 404
        with acting(other):
            assert list(Addressee.objects.all()) == []


def test_the_times_go_to_eva_on_paper_and_to_others_only_those_that_she_can(
    cast: Cast, case: Case, siv: Door
):
    factories.consent(case, cast.units["vera"], by=cast.siv)
    ids = factories.times_offered(case, by=cast.siv, to=cast.units["vera"])

    paper = siv.get(f"/arenden/{case.pk}/tider/{ids['offer_id']}/{ids['own_invitee_id']}/brev/")

    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    with acting(cast.siv):
        found = offered(case, ids["offer_id"])
        assert found is not None
        assert found.person is not None
        words = words_in_force()
        hers = posted_times(found, found.person, None, case=case, words=words)
        (vera,) = found.others
        theirs = posted_times(found, vera, None, case=case, words=words)
    assert [repr(one).count(" kl. ") for one in (hers, theirs)] == [6, 6]
    assert "Vilka tider passar dig?" in repr(hers)
    assert "Eva" not in repr(theirs)


def test_a_time_that_eva_has_not_said_yes_to_is_not_printed_for_anybody_else(
    cast: Cast, case: Case, siv: Door
):
    factories.consent(case, cast.units["vera"], by=cast.siv)
    with acting(cast.siv):
        offer = offer_times(
            case,
            kind="closing",
            times=[now() + timedelta(days=20 + one) for one in range(3)],
            calls=[Call(Called.UNIT, cast.units["vera"])],
            answer_by=now().date() + timedelta(days=5),
            by=cast.siv,
        )
        invitee = Invitee.objects.get(offer=offer, called=Called.UNIT).pk

    assert siv.get(f"/arenden/{case.pk}/tider/{offer.pk}/{invitee}/brev/").status_code == 404


def test_the_search_finds_and_says_when_nothing_is(eva_called: Summons, siv: Door):
    say(siv, eva_called)

    found = siv.send("/brev/", {"words": "eva"})
    assert "Eva Ek" in text_of(siv.get(found.headers["Location"]))
    nothing = siv.send("/brev/", {"words": "Björk"})
    assert "Inget hittades" in text_of(siv.get(nothing.headers["Location"]))


def test_three_letters_cost_as_many_questions_as_one(
    cast: Cast, meeting: Meeting, eva_called: Summons, siv: Door, clock: Any
):
    say(siv, eva_called)
    siv.get("/brev/")
    with CaptureQueriesContext(connection) as one:
        siv.get("/brev/")
    for name in ("Karin Ek", "Olle Ek"):
        say(siv, call(cast, meeting, Called.RELATIVE, clock, name=name))
    with CaptureQueriesContext(connection) as three:
        siv.get("/brev/")

    assert len(three) == len(one)
