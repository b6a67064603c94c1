"""Following up and closing as pages: what each reader sees and does, and what comes back when it is wrong."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from humla.cases.models import Case, CaseState
from humla.core.context import acting, now
from humla.disclosures.models import Disclosure, Document, DocumentKind
from humla.followups import actions
from humla.followups.models import FollowUp, Progress
from humla.followups.visibility import sheet_of
from humla.plans.models import Commitment
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(cast: Cast) -> Document:
    return factories.plan_at_work(cast, by=cast.siv)


def commitment(cast: Cast, what: str) -> UUID:
    with acting(cast.siv):
        return Commitment.objects.get(what=what).pk


def at(name: str, document: Document, **more: Any) -> str:
    return reverse(name, kwargs={"case_id": document.case_id, **more})


def text(answer: Any) -> str:
    page = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", page.replace("\N{NO-BREAK SPACE}", " "))


# --- each party's own status --------------------------------------------------------------------------------


def test_amir_taps_klart_on_the_plan_he_received_and_siv_sees_it_beside_the_row(
    cast: Cast, document: Document, sign_in: Any
):
    practice = commitment(cast, factories.FIND_PRACTICE)
    amir, address = sign_in(cast.amir), at("report_progress", document, commitment_id=practice)
    assert address in amir.get(at("received", document)).content.decode()

    answer = amir.send(address, {"status": "done"})

    assert answer.status_code == 302
    assert answer.url.endswith(f"#gor-{practice}")
    assert "Klart" in text(amir.get(at("received", document)))
    assert "Amir Haddad" in text(sign_in(cast.siv).get(at("plan", document)))


def test_a_hinder_without_a_cause_comes_back_with_what_was_typed(
    cast: Cast, document: Document, sign_in: Any
):
    address = at("report_progress", document, commitment_id=commitment(cast, factories.FIND_PRACTICE))
    answer = sign_in(cast.amir).send(address, {"status": "hindered", "note": "Vi väntar på <svar>."})

    assert answer.status_code == 200
    assert "Välj vad som hindrar." in text(answer)
    assert "Vi väntar på &lt;svar&gt;." in answer.content.decode()
    with acting(cast.siv):
        assert not Progress.objects.exists()


def test_ones_own_word_is_taken_back_with_one_tap(cast: Cast, document: Document, sign_in: Any):
    address = at("report_progress", document, commitment_id=commitment(cast, factories.FIND_PRACTICE))
    amir = sign_in(cast.amir)
    amir.send(address, {"status": "done"})
    assert "angra" in amir.get(at("received", document)).content.decode()
    amir.send(address, {"angra": "1"})

    with acting(cast.siv):
        assert Progress.objects.count() == 2


def test_siv_notes_for_farid_and_the_page_says_that_it_is_not_her_own(
    cast: Cast, document: Document, sign_in: Any
):
    address = at("progress", document, commitment_id=commitment(cast, factories.EXTEND_BENEFIT))
    siv = sign_in(cast.siv)
    assert "Det är inte er enhets åtagande" in text(siv.get(address))
    siv.send(address, {"status": "hindered", "hinder": "queue", "note": "Kö till februari."})

    shown = text(siv.get(at("plan", document)))
    assert "Kö till februari." in shown
    assert "Kö till februari." not in text(sign_in(cast.amir).get(at("received", document)))


def test_farids_commitment_has_no_buttons_for_amir_and_sending_anyway_is_refused(
    cast: Cast, document: Document, sign_in: Any
):
    farids = commitment(cast, factories.EXTEND_BENEFIT)
    amir, address = sign_in(cast.amir), at("report_progress", document, commitment_id=farids)
    assert address not in amir.get(at("received", document)).content.decode()
    assert "säger själv hur det går" in text(amir.send(address, {"status": "done"}))
    with acting(cast.siv):
        assert not Progress.objects.exists()


def test_a_commitment_that_was_not_handed_over_is_as_absent_as_a_made_up_one(
    cast: Cast, document: Document, sign_in: Any
):
    referral = commitment(cast, factories.REFERRAL)
    answer = sign_in(cast.amir).get(at("report_progress", document, commitment_id=referral))
    assert answer.status_code == 404


# --- follow-ups ---------------------------------------------------------------------------------------------


def begin(siv: Any, document: Document, cast: Cast) -> FollowUp:
    with acting(cast.siv):
        day = now().date().isoformat()
    assert siv.send(at("begin_follow_up", document), {"held_on": day}).status_code == 302
    with acting(cast.siv):
        return FollowUp.objects.get(state="open")


def everything(cast: Cast, follow_up: FollowUp, **more: str) -> dict[str, str]:
    """What the form sends when all is answered."""
    with acting(cast.siv):
        sheet, day = sheet_of(follow_up), now().date()
        told = {f"c_{one.id}_outcome": "done" for one in sheet.commitments}
        told |= {f"g_{one.id}_staff": "4" for one in sheet.goals}
        told |= {
            "version": str(FollowUp.objects.get(pk=follow_up.pk).version),
            "held_on": day.isoformat(),
            "step_by_staff": "3",
            "step_by_person": "2",
            "person_words": "Det går framåt.",
            "next_on": (day + timedelta(days=90)).isoformat(),
        }
    return told | more


def test_the_empty_list_says_what_to_do_and_leads_to_the_page_that_asks_everything(
    cast: Cast, document: Document, sign_in: Any
):
    siv = sign_in(cast.siv)
    assert "Planen är inte uppföljd än" in text(siv.get(at("follow_ups", document)))
    follow_up = begin(siv, document, cast)
    page = text(siv.get(at("follow_up", document, follow_up_id=follow_up.pk)))

    for words in (factories.FIND_PRACTICE, factories.REFERRAL, "En egen inkomst", "Steg enligt personalen"):
        assert words in page


def test_what_the_party_has_said_is_suggested(cast: Cast, document: Document, sign_in: Any):
    practice = commitment(cast, factories.FIND_PRACTICE)
    told = {"status": "hindered", "hinder": "queue", "note": "Kö."}
    sign_in(cast.amir).send(at("report_progress", document, commitment_id=practice), told)
    siv = sign_in(cast.siv)
    follow_up = begin(siv, document, cast)
    page = siv.get(at("follow_up", document, follow_up_id=follow_up.pk)).content.decode()

    assert re.search(rf'name="c_{practice}_outcome" value="not"[^>]*checked', page)
    assert re.search(rf'name="c_{practice}_why" value="Kö\."', page)


def test_saved_in_pieces_it_says_what_is_left_and_keeps_what_was_written(
    cast: Cast, document: Document, sign_in: Any
):
    siv = sign_in(cast.siv)
    follow_up = begin(siv, document, cast)
    some = everything(cast, follow_up, step_by_staff="", next_on="")
    answer = siv.send(at("finish_follow_up", document, follow_up_id=follow_up.pk), some, follow=True)
    page = text(answer)

    assert "Det här är inte besvarat" in page
    assert "steget enligt personalen" in page
    assert "nästa uppföljning, eller vem som har bestämt" in page
    with acting(cast.siv):
        assert FollowUp.objects.get().person_words == "Det går framåt."


@pytest.mark.parametrize("typed", [("why", "Kön är lång."), ("hinder", "queue")])
def test_why_without_what_became_of_it_comes_back_with_what_was_typed(
    cast: Cast, document: Document, sign_in: Any, typed: tuple[str, str]
):
    siv, practice = sign_in(cast.siv), commitment(cast, factories.FIND_PRACTICE)
    follow_up, (name, words) = begin(siv, document, cast), typed
    some = everything(cast, follow_up, **{f"c_{practice}_outcome": "", f"c_{practice}_{name}": words})
    answer = siv.send(at("follow_up", document, follow_up_id=follow_up.pk), some)

    assert answer.status_code == 200
    assert answer.content.decode().count("Välj om det blev gjort.") >= 1
    assert words in answer.content.decode()
    with acting(cast.siv):
        assert FollowUp.objects.get().person_words == ""


def test_done_it_is_read_handed_over_and_printed_with_each_receivers_parts(
    cast: Cast, document: Document, sign_in: Any
):
    siv = sign_in(cast.siv)
    follow_up = begin(siv, document, cast)
    done = siv.send(
        at("finish_follow_up", document, follow_up_id=follow_up.pk), everything(cast, follow_up), follow=True
    )
    page = text(done)
    assert "Klar" in page
    assert factories.REFERRAL in page
    with acting(cast.siv):
        frozen = Document.objects.get(kind=DocumentKind.FOLLOW_UP)
    paper = at("case_document", document, paper_id=frozen.pk)
    as_amir = text(siv.get(f"{paper}?mottagare={cast.amir.unit_id}"))
    assert factories.FIND_PRACTICE in as_amir
    assert factories.REFERRAL not in as_amir

    siv.send(at("hand_over_document", document, paper_id=frozen.pk), {"unit": str(cast.amir.unit_id)})

    with acting(cast.siv):
        act = Disclosure.objects.get(document=frozen)
        assert act.opens_at > act.disclosed_at
    assert "Ångra" in text(siv.get(paper))
    assert siv.get(at("case_document_pdf", document, paper_id=frozen.pk)).content[:4] == b"%PDF"


def test_the_receiver_reads_it_when_it_has_left_and_the_person_reads_all(
    cast: Cast, document: Document, sign_in: Any
):
    ids = factories.followed_up(document, by=cast.siv, to=cast.units["amir"])
    address = at("received_document", document, paper_id=ids["paper_id"])
    amir = sign_in(cast.amir)
    page = text(amir.get(address))

    assert factories.FIND_PRACTICE in page
    assert factories.REFERRAL not in page
    assert address in amir.get(at("received", document)).content.decode()
    assert sign_in(cast.lena).get(address).status_code == 404
    own = text(sign_in(cast.eva).get(reverse("own_document", kwargs={"paper_id": ids["paper_id"]})))
    assert factories.REFERRAL in own
    assert cast.eva[8:] not in own


def test_two_who_changed_the_same_follow_up_see_both_texts(cast: Cast, document: Document, sign_in: Any):
    siv = sign_in(cast.siv)
    follow_up = begin(siv, document, cast)
    mine = everything(cast, follow_up, person_words="Mina ord.")
    address = at("follow_up", document, follow_up_id=follow_up.pk)
    siv.send(address, everything(cast, follow_up, person_words="Deras ord."))
    page = text(siv.send(address, mine))

    assert "Två olika texter" in page
    assert "Mina ord." in page
    assert "Deras ord." in page


def test_one_that_was_begun_is_removed_after_a_question_and_can_be_taken_back(
    cast: Cast, document: Document, sign_in: Any
):
    siv = sign_in(cast.siv)
    follow_up = begin(siv, document, cast)
    page, way = at("follow_up", document, follow_up_id=follow_up.pk), at("follow_ups", document)
    remove = at("remove_follow_up", document, follow_up_id=follow_up.pk)
    siv.send(page, everything(cast, follow_up, person_words="Det går framåt."))
    asked = text(siv.get(page))
    gone = siv.send(remove)
    listed, removed = text(siv.get(way)), text(siv.get(page))
    ended = text(siv.get(at("close_case", document)))

    assert "Ja, ta bort den" in asked
    assert gone["Location"] == way
    assert ("Borttagna" in listed, "Planen är inte uppföljd än" in listed) == (True, True)
    assert ("Uppföljningen är borttagen" in removed, "Det går framåt." in removed) == (True, True)
    assert "pågår redan" not in ended
    assert sign_in(cast.amir).send(remove, {"ta_tillbaka": "1"}).status_code == 404
    assert siv.send(remove, {"ta_tillbaka": "1"})["Location"] == page
    assert "Ja, ta bort den" in text(siv.get(page))


def test_the_list_costs_the_same_for_one_and_three(
    cast: Cast, document: Document, sign_in: Any, django_assert_num_queries: Any, clock: Any
):
    siv = sign_in(cast.siv)
    with acting(cast.siv):
        start = now()
    for count in (1, 3):
        while True:
            with acting(cast.siv):
                if FollowUp.objects.count() == count:
                    break
                case = Case.objects.get(pk=document.case_id)
                day = now().date()
                begun = actions.begin_follow_up(case, document=document, held_on=day, by=cast.siv)
                kept = factories.answered(begun, by=cast.siv)
                actions.finish_follow_up(kept, version=kept.version, by=cast.siv)
            start += timedelta(days=1)
            clock(start)
        with django_assert_num_queries(4):
            siv.get(at("follow_ups", document))


# --- the end of a case --------------------------------------------------------------------------------------


def ended(**more: str) -> dict[str, str]:
    return {
        "reason": "goal_reached",
        "closed_on": "",
        "result": "Halvtidsjobb på biblioteket.",
        "before_0_kind": "income_support",
        "before_0_percent": "100",
        "after_0_kind": "work",
        "after_0_percent": "50",
        "after_1_kind": "sickness_benefit",
        "after_1_is_pending": "on",
        "verdict": "4",
        "verdict_words": "Bra.",
        **more,
    }


def closed(cast: Cast, siv: Any, document: Document, **more: str) -> Any:
    with acting(cast.siv):
        day = now().date().isoformat()
    return siv.send(at("close_case", document), ended(**{"closed_on": day, **more}))


def test_closed_every_page_of_the_case_says_so_and_it_can_be_opened_again(
    cast: Cast, document: Document, sign_in: Any
):
    siv = sign_in(cast.siv)
    assert closed(cast, siv, document, tell=str(cast.amir.unit_id)).url == at("closing", document)
    page = text(siv.get(at("closing", document)))
    for words in ("målet är nått", "Halvtidsjobb", "50 procent", "väntar på beslut", "4 av 5"):
        assert words in page
    assert "Ärendet är avslutat" in text(siv.get(at("plan", document)))
    with acting(cast.siv):
        assert Disclosure.objects.filter(document__kind=DocumentKind.CLOSING).count() == 1

    again = siv.send(at("reopen_case", document), {"why": ""})
    assert "Skriv varför ärendet öppnas igen." in text(again)
    siv.send(at("reopen_case", document), {"why": "Jobbet tog slut."})

    with acting(cast.siv):
        assert Case.objects.get(pk=document.case_id).state == CaseState.OPEN
    assert "Jobbet tog slut." in text(siv.get(at("closing", document)))


def test_what_is_missing_is_said_and_what_was_typed_is_kept(cast: Cast, document: Document, sign_in: Any):
    siv = sign_in(cast.siv)
    answer = closed(cast, siv, document, after_0_kind="", after_1_kind="", verdict_words="Helt OK")
    page = text(answer)

    assert answer.status_code == 200
    assert "Välj vad det är." in page
    assert "Helt OK" in answer.content.decode()
    answer = closed(cast, siv, document, result="")
    assert "Skriv vad det blev av planen." in text(answer)


def test_a_planned_meeting_must_be_settled_first_and_the_page_leads_there(
    cast: Cast, document: Document, sign_in: Any
):
    with acting(cast.siv):
        case = Case.objects.get(pk=document.case_id)
    summons = factories.summons_in(case, by=cast.siv, to=cast.units["amir"])
    siv = sign_in(cast.siv)
    page = siv.get(at("close_case", document))

    assert "Det finns möten som inte är avslutade" in text(page)
    assert str(summons.meeting_id) in page.content.decode()
    closed(cast, siv, document)
    with acting(cast.siv):
        assert Case.objects.get(pk=document.case_id).state == CaseState.OPEN


def test_a_begun_follow_up_must_be_done_first_and_the_page_leads_there(
    cast: Cast, document: Document, sign_in: Any
):
    siv = sign_in(cast.siv)
    follow_up = begin(siv, document, cast)
    page = siv.get(at("close_case", document))

    assert "pågår redan. Gör klar den, eller ta bort den, först." in text(page)
    assert at("follow_up", document, follow_up_id=follow_up.pk) in page.content.decode()
    closed(cast, siv, document)
    with acting(cast.siv):
        assert Case.objects.get(pk=document.case_id).state == CaseState.OPEN


def test_ten_thousand_characters_and_an_arabic_name_fit(cast: Cast, document: Document, sign_in: Any):
    siv = sign_in(cast.siv)
    long = "نور " * 2_400
    answer = closed(cast, siv, document, verdict_words=long, takes_over="نور الحسن, 070-000 00 00")
    assert answer.status_code == 302
    assert "نور الحسن" in text(siv.get(at("closing", document)))
    with acting(cast.siv):
        frozen = Document.objects.get(kind=DocumentKind.CLOSING)
    assert siv.get(at("case_document_pdf", document, paper_id=frozen.pk)).content[:4] == b"%PDF"


def test_the_person_sees_how_it_goes_and_what_was_followed_up(cast: Cast, document: Document, sign_in: Any):
    address = at("report_progress", document, commitment_id=commitment(cast, factories.FIND_PRACTICE))
    sign_in(cast.amir).send(address, {"status": "under_way", "note": "Ringt två företag."})
    ids = factories.followed_up(document, by=cast.siv, to=cast.units["amir"])
    page = sign_in(cast.eva).get(reverse("own_page"))

    assert "Så går det" in text(page)
    assert "Ringt två företag." in text(page)
    assert reverse("own_document", kwargs={"paper_id": ids["paper_id"]}) in page.content.decode()
