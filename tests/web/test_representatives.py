"""Siv writes Ralf in as Eva's god man; Ralf reads what the mandate opens, and Eva sees him and may say no."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from humla.audit.models import Event
from humla.audit.tags import Tag
from humla.cases.models import Case, Category
from humla.consents import actions as consents
from humla.consents.asking import ask_person
from humla.consents.models import Consent, ConsentRequest, Manner
from humla.core.context import acting
from humla.core.dates import today
from humla.disclosures.models import Document
from humla.protection.actions import protect
from humla.representatives import actions
from humla.representatives.models import GuardianPolicy, Mandate, MandateKind, Withheld, WithheldKind
from humla.representatives.rules import Answered
from tests import factories
from tests.cast import Cast
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(cast: Cast) -> Document:
    """Eva's adopted plan: planning, needs, health and economy are in it."""
    return factories.adopted_plan(cast, by=cast.siv)


@pytest.fixture
def case(document: Document) -> Case:
    return document.case


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def to(page: str, case: Case, **parts: Any) -> str:
    return reverse(page, kwargs={"case_id": case.pk, **parts})


def form(**change: Any) -> dict[str, Any]:
    return {
        "kind": "god_man",
        "name": "Ralf Rask",
        "number": factories.RALF,
        "reached_by": "070-174 06 05",
        "categories": ["PLANNING", "NEEDS"],
        "may_receive_summons": "on",
        "evidence": "Registerutdrag från överförmyndaren.",
        "evidence_on": "2026-11-01",
        "starts_on": today().isoformat(),
        "ends_on": f"{today().year + 1}-05-31",
        "is_seen": "on",
    } | change


# --- staff --------------------------------------------------------------------------------------------------


def test_siv_writes_ralf_in_with_what_she_has_seen(cast: Cast, case: Case, sign_in: Any):
    siv = sign_in(cast.siv)
    assert "Ingen är inskriven" in text_of(siv.get(to("mandates", case)))

    answer = siv.send(to("attest_mandate", case), form())

    with acting(cast.siv):
        made = Mandate.objects.get()
    assert answer.url == to("mandate", case, mandate_id=made.pk)
    assert made.categories == ["IDENTITY", "PLANNING", "NEEDS"]
    assert (made.may_receive_summons, made.may_consent) == (True, False)
    page = text_of(siv.get(answer.url))
    assert "Registerutdrag från överförmyndaren." in page
    assert "19620225-••••" in page
    assert factories.RALF not in page
    assert "Ralf Rask" in text_of(siv.get(to("mandates", case)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "Skriv ombudets namn."),
        ({"kind": ""}, "Välj vad ombudet är."),
        ({"evidence": ""}, "Att någon säger sig vara ombud räcker inte."),
        ({"is_seen": ""}, "Kryssa i när du har prövat uppdraget."),
        ({"ends_on": ""}, "Skriv vilken dag uppdraget gäller till och med."),
        ({"ends_on": "2020-01-01"}, "Uppdragets sista dag kommer före den första."),
        ({"starts_on": "2020-01-01"}, "Uppdraget gäller här från i dag eller senare."),
        ({"kind": "relative", "may_consent": "on"}, "samtycker inte för personen"),
        ({"kind": "guardian"}, "Personen har fyllt 18 år"),
        ({"number": "19860611-2384"}, "Det är personens eget nummer."),
    ],
    ids=lambda one: str(one)[:40],
)
def test_an_error_stands_at_its_field_and_keeps_what_was_typed(
    change: dict[str, Any], said: str, cast: Cast, case: Case, sign_in: Any
):
    number = {"number": cast.eva} if "number" in change else {}
    answer = sign_in(cast.siv).send(to("attest_mandate", case), form(**change | number))

    assert said in answer.content.decode()
    assert "070-174 06 05" in answer.content.decode()
    with acting(cast.siv):
        assert not Mandate.objects.exists()


def test_an_arabic_name_and_a_long_reason_stand(cast: Cast, case: Case, sign_in: Any):
    siv = sign_in(cast.siv)
    answer = siv.send(to("attest_mandate", case), form(name="عبد الرحمن بن محمد", evidence="x" * 500))

    assert "عبد الرحمن بن محمد" in siv.get(answer.url).content.decode()


def test_what_changes_is_ended_and_written_anew(cast: Cast, case: Case, sign_in: Any):
    made, siv = factories.mandate(case, by=cast.siv), sign_in(cast.siv)
    page = siv.get(to("replace_mandate", case, mandate_id=made.pk)).content.decode()
    assert 'value="Ralf Rask"' in page
    assert "Registerutdrag" not in page  # What has been seen is written anew.

    siv.send(to("replace_mandate", case, mandate_id=made.pk), form(categories=["HEALTH"]))

    with acting(cast.siv):
        old, new = Mandate.objects.order_by("attested_at", "ended_at").all()
        if old.ended_at is None:
            old, new = new, old
        assert (old.ended_at is not None, new.replaces_id) == (True, old.pk)
        assert new.categories == ["IDENTITY", "HEALTH"]
    assert "Har slutat" in text_of(siv.get(to("mandates", case)))


def test_a_receiver_knows_of_nobody_who_acts_for_her(cast: Cast, document: Document, sign_in: Any):
    factories.taken_in(
        factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"]), by=cast.amir
    )
    made = factories.mandate(document.case, by=cast.siv)

    for page, parts in (("mandates", {}), ("attest_mandate", {}), ("mandate", {"mandate_id": made.pk})):
        assert sign_in(cast.amir).get(to(page, document.case, **parts)).status_code == 404


def test_siv_ends_it_with_a_reason(cast: Cast, case: Case, sign_in: Any):
    made, siv = factories.mandate(case, by=cast.siv), sign_in(cast.siv)
    where = to("end_mandate", case, mandate_id=made.pk)
    assert "Skriv varför" in siv.send(where, {"why": ""}).content.decode()

    assert siv.send(where, {"why": "Tingsrätten har utsett någon annan."}).status_code == 302

    page = text_of(siv.get(to("mandate", case, mandate_id=made.pk)))
    assert "Tingsrätten har utsett någon annan." in page
    assert sign_in(factories.representative(made)).get("/").url == reverse("choose_assignment")


def test_the_list_asks_as_much_for_three_as_for_one(cast: Cast, case: Case, sign_in: Any):
    siv = sign_in(cast.siv)
    many = []
    for number in (1, 2, 3):
        factories.mandate(case, by=cast.siv, name=f"Ombud {number}", number=None)
        if number in (1, 3):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert f"Ombud {number}" in text_of(siv.get(to("mandates", case)))
            many.append(len(asked))
    assert many == [many[0]] * 2


# --- what is kept from him ----------------------------------------------------------------------------------


def test_siv_keeps_a_part_from_ralf_and_gives_it_back(cast: Cast, document: Document, sign_in: Any):
    case, siv = document.case, sign_in(cast.siv)
    made = factories.mandate(case, by=cast.siv, categories=["IDENTITY", "PLANNING", "HEALTH"])
    ralf = sign_in(factories.representative(made))
    where = reverse("represented", kwargs={"person_id": case.person_id})
    assert factories.REFERRAL in ralf.get(where).content.decode()

    page = siv.get(to("withhold", case, mandate_id=made.pk)).content.decode()
    assert f"part:{document.pk}:HEALTH" in page
    assert f"part:{document.pk}:ECONOMY" not in page  # Not within the mandate: nothing to keep.
    sent = {"what": f"part:{document.pk}:HEALTH", "reason": "Eva vill berätta själv."}
    assert siv.send(to("withhold", case, mandate_id=made.pk), sent).status_code == 302

    seen = ralf.get(where).content.decode()
    assert factories.REFERRAL not in seen
    assert "Boka studiebesök" in seen
    assert "Eva vill berätta själv." not in seen
    with acting(cast.siv):
        kept = Withheld.objects.get()
    assert "Eva vill berätta själv." in text_of(siv.get(to("mandate", case, mandate_id=made.pk)))
    siv.send(to("give_back", case, withheld_id=kept.pk))
    assert factories.REFERRAL in ralf.get(where).content.decode()


def test_with_nothing_to_keep_the_page_says_so(cast: Cast, sign_in: Any):
    case = factories.open_case(cast, by=cast.siv)
    made = factories.mandate(case, by=cast.siv)

    assert "Det finns inget att undanta än" in text_of(
        sign_in(cast.siv).get(to("withhold", case, mandate_id=made.pk))
    )


# --- Ralf ---------------------------------------------------------------------------------------------------


@pytest.fixture
def made(cast: Cast, case: Case) -> Mandate:
    return factories.mandate(case, by=cast.siv)


@pytest.fixture
def ralf(made: Mandate, sign_in: Any) -> Any:
    return sign_in(factories.representative(made))


def test_ralf_chooses_whom_he_acts_for_when_he_signs_in(cast: Cast, made: Mandate, sign_in: Any):
    himself = sign_in(factories.RALF)
    page = text_of(himself.get(reverse("switch_assignment")))
    assert "För Eva Ek" in page
    assert "God man" in page

    answer = himself.post(
        reverse("choose_assignment"), {"choice": f"for:{made.pk}", "key": "x", "acting_as": ""}
    )
    assert answer.url == "/"
    assert himself.get("/").url == reverse("acting_for")
    where = himself.get(reverse("acting_for")).url
    assert where == reverse("represented", kwargs={"person_id": made.person_id})
    assert himself.get(where).status_code == 200
    assert himself.get(reverse("own_page")).status_code == 404  # Rights never add up.


def test_somebody_else_is_not_offered_eva_and_cannot_take_her(cast: Cast, made: Mandate, sign_in: Any):
    adam = sign_in("199001022383")
    assert "Eva" not in text_of(adam.get(reverse("switch_assignment")))

    answer = adam.post(reverse("choose_assignment"), {"choice": f"for:{made.pk}"})
    assert answer.status_code == 409


def test_he_reads_what_the_ticks_say_and_no_more(ralf: Any, made: Mandate):
    page = ralf.get(reverse("represented", kwargs={"person_id": made.person_id})).content.decode()

    assert "Boka studiebesök" in page
    assert factories.REFERRAL not in page
    assert factories.BUDGET not in page
    assert "Siv Sandberg" in page  # Whom he calls.


def test_the_plan_and_its_paper_hold_the_same_parts(ralf: Any, made: Mandate, document: Document):
    kwargs = {"person_id": made.person_id, "document_id": document.pk}
    page = ralf.get(reverse("represented_plan", kwargs=kwargs)).content.decode()
    assert factories.REFERRAL not in page
    assert "Personen själv" in page

    paper = ralf.get(reverse("represented_plan_pdf", kwargs=kwargs))
    assert paper["Content-Type"] == "application/pdf"
    assert "Eva" not in paper["Content-Disposition"]


def test_another_persons_page_is_absent(ralf: Any, cast: Cast, made: Mandate):
    other = factories.open_case(cast, by=cast.siv, number="196210129786", name="Adam Al")

    for person_id in (other.person_id, made.pk):
        assert ralf.get(reverse("represented", kwargs={"person_id": person_id})).status_code == 404


def test_nobody_but_ralf_comes_there(cast: Cast, made: Mandate, sign_in: Any):
    where = reverse("represented", kwargs={"person_id": made.person_id})

    for who in (cast.siv, cast.amir, cast.olof, cast.eva):
        assert sign_in(who).get(where).status_code == 404


def test_he_sees_the_meeting_and_health_only_with_that_tick(
    cast: Cast, case: Case, made: Mandate, sign_in: Any
):
    factories.planned_meeting(
        case,
        by=cast.siv,
        place="Torget 3",
        purpose="Hur ska Eva orka?",
        health_questions="Behövs en ny utredning?",
    )
    where = reverse("represented", kwargs={"person_id": made.person_id})
    page = sign_in(factories.representative(made)).get(where).content.decode()
    assert "Torget 3" in page
    assert "Hur ska Eva orka?" in page
    assert "Behövs en ny utredning?" not in page

    with acting(cast.siv):
        actions.end(case, made, why="Byter uppdrag.", by=cast.siv)
    health = factories.mandate(case, by=cast.siv, categories=["IDENTITY", "HEALTH"])
    page = sign_in(factories.representative(health)).get(where).content.decode()
    assert "Behövs en ny utredning?" in page
    assert "Hur ska Eva orka?" not in page


def test_without_that_tick_he_does_not_know_when_she_meets(cast: Cast, case: Case, sign_in: Any):
    factories.planned_meeting(case, by=cast.siv, place="Torget 3")
    silent = factories.mandate(case, by=cast.siv, may_receive_summons=False)

    page = sign_in(factories.representative(silent)).get(
        reverse("represented", kwargs={"person_id": case.person_id})
    )
    assert "Torget 3" not in page.content.decode()


def test_a_withheld_meeting_is_not_there(cast: Cast, case: Case, made: Mandate, ralf: Any):
    meeting = factories.planned_meeting(case, by=cast.siv, place="Torget 3")
    with acting(cast.siv):
        actions.withhold(
            case, made, kind=WithheldKind.MEETING, subject_id=meeting.pk, reason="r", by=cast.siv
        )

    page = ralf.get(reverse("represented", kwargs={"person_id": case.person_id})).content.decode()
    assert "Torget 3" not in page


def test_evas_words_to_staff_about_what_must_not_be_told_never_reach_him(
    cast: Cast, case: Case, made: Mandate, ralf: Any
):
    with acting(cast.siv):
        consents.give(
            case,
            unit=cast.units["farid"],
            categories=[Category.PLANNING],
            exceptions="Säg inget till Ralf om skulderna.",
            ends_on=today().replace(year=today().year + 1, day=1),
            manner=Manner.ORAL,
            heard_by="Siv Sandberg",
            language="sv",
            with_interpreter=False,
            by=cast.siv,
        )

    page = ralf.get(reverse("represented", kwargs={"person_id": case.person_id})).content.decode()
    assert "FK Humlesund" in page
    assert "Säg inget till Ralf" not in page


def test_what_is_left_of_his_yes_is_his_to_take_back_too(cast: Cast, case: Case, made: Mandate, ralf: Any):
    with acting(cast.siv):
        given = consents.give(
            case,
            unit=cast.units["farid"],
            categories=[Category.PLANNING, Category.NEEDS],
            exceptions="",
            ends_on=today().replace(year=today().year + 1, day=1),
            manner=Manner.ORAL,
            heard_by="Siv Sandberg",
            language="sv",
            with_interpreter=False,
            answered=Answered("representative", made),
            by=cast.siv,
        )
        less = consents.narrow(given, categories=[Category.PLANNING], by=cast.siv)
        assert (less.given_by, less.mandate_id) == ("representative", made.pk)
    kwargs = {"person_id": case.person_id, "consent_id": less.pk}

    ralf.send(reverse("represented_withdraw", kwargs=kwargs))

    with acting(cast.siv):
        assert Consent.objects.get(pk=less.pk).withdrawn_by_id == made.pk


def test_he_takes_back_a_yes_that_he_gave(cast: Cast, case: Case, made: Mandate, ralf: Any):
    with acting(cast.siv):
        given = consents.give(
            case,
            unit=cast.units["farid"],
            categories=[Category.PLANNING],
            exceptions="",
            ends_on=today().replace(year=today().year + 1, day=1),
            manner=Manner.ORAL,
            heard_by="Siv Sandberg",
            language="sv",
            with_interpreter=False,
            answered=Answered("representative", made),
            by=cast.siv,
        )
    kwargs = {"person_id": case.person_id, "consent_id": given.pk}
    assert "FK Humlesund" in text_of(ralf.get(reverse("represented_withdraw", kwargs=kwargs)))

    answer = ralf.send(reverse("represented_withdraw", kwargs=kwargs))

    assert answer.url == reverse("represented", kwargs={"person_id": case.person_id})
    with acting(cast.siv):
        taken = Consent.objects.get(pk=given.pk)
        assert (taken.withdrawn_at is not None, taken.withdrawn_by_id) == (True, made.pk)


def test_evas_own_yes_stands_whatever_he_sends(cast: Cast, case: Case, ralf: Any):
    with acting(cast.siv):
        hers = Consent.objects.get()
    kwargs = {"person_id": case.person_id, "consent_id": hers.pk}
    assert "Personen har själv sagt ja" in text_of(ralf.get(reverse("represented_withdraw", kwargs=kwargs)))

    ralf.send(reverse("represented_withdraw", kwargs=kwargs))

    with acting(cast.siv):
        assert Consent.objects.get().withdrawn_at is None


def test_in_a_case_under_protected_identity_no_mandate_opens_anything(cast: Cast, case: Case, made: Mandate):
    """A guardian may be whom she is protected from."""
    with acting(cast.siv):
        protect(case, kind="secrecy", reason="Eva visade beslutet.", by=cast.siv)

    with acting(factories.representative(made)):
        assert not Case.objects.exists()


# --- Eva ----------------------------------------------------------------------------------------------------


def test_eva_sees_who_acts_for_her_and_that_he_has_looked(cast: Cast, made: Mandate, ralf: Any, sign_in: Any):
    ralf.get(reverse("represented", kwargs={"person_id": made.person_id}))
    eva = sign_in(cast.eva)

    page = text_of(eva.get(reverse("own_mandates")))
    assert "Ralf Rask" in page
    assert "Planering" in page
    looks = text_of(eva.get(reverse("own_looks")))
    assert "öppnade sidan om dig som ditt ombud" in looks
    assert "god man" in looks.lower()
    with person_acting(cast.eva):
        look = Event.objects.get(tag=Tag.REPRESENTED_PAGE_READ)
        assert look.allowed_by == [["mandate", str(made.pk)]]
        assert (look.kind, look.actor_id, look.role) == ("representative", made.pk, "god_man")


def test_her_no_stops_him_at_once_and_siv_decides(
    cast: Cast, case: Case, made: Mandate, ralf: Any, sign_in: Any
):
    eva, siv = sign_in(cast.eva), sign_in(cast.siv)
    where = reverse("own_objection", kwargs={"mandate_id": made.pk})
    assert "kan myndigheten bestämma att det ska gälla ändå" in text_of(eva.get(where))
    assert eva.send(where, {"why": "Han lyssnar inte."}).url == reverse("own_mandates")

    assert ralf.get(reverse("represented", kwargs={"person_id": made.person_id})).status_code == 302
    assert "Personen vill inte" in text_of(siv.get(to("mandates", case)))
    one = to("mandate", case, mandate_id=made.pk)
    assert "Han lyssnar inte." in text_of(siv.get(one))
    siv.send(to("let_mandate_stand", case, mandate_id=made.pk), {"why": "Det gäller. Vi har pratat."})
    assert "Det gäller. Vi har pratat." in text_of(eva.get(reverse("own_mandates")))
    assert ralf.get(reverse("represented", kwargs={"person_id": made.person_id})).status_code == 200


def test_one_whom_she_chose_herself_is_not_kept(cast: Cast, case: Case, sign_in: Any):
    sister = factories.mandate(
        case, by=cast.siv, kind=MandateKind.RELATIVE, may_consent=False, name="Syster Ek"
    )
    eva, siv = sign_in(cast.eva), sign_in(cast.siv)
    eva.send(reverse("own_objection", kwargs={"mandate_id": sister.pk}), {"why": ""})

    answer = siv.send(to("let_mandate_stand", case, mandate_id=sister.pk), {"why": "Vi tycker det."})

    assert "Personen har valt det här ombudet själv" in answer.content.decode()


def test_adam_sees_nobody_of_evas(made: Mandate, sign_in: Any):
    adam = sign_in("199001022383")

    assert "Ingen gör saker åt dig här" in text_of(adam.get(reverse("own_mandates")))
    assert adam.get(reverse("own_objection", kwargs={"mandate_id": made.pk})).status_code == 404


# --- whose yes ----------------------------------------------------------------------------------------------


def test_the_administrator_writes_an_authoritys_own_order(cast: Cast, case: Case, sign_in: Any):
    olof = sign_in(cast.olof)
    assert "Ingen egen ordning" in text_of(olof.get(reverse("guardian_policies")))
    where = reverse("guardian_policy", kwargs={"authority_id": case.authority_id})
    sent = {
        "version": 0,
        "needed_0": "all",
        "from_age_1": "15",
        "needed_1": "child",
        "starts_from": "15",
        "if_disagree": "no",
        "reference": "Nämndens beslut 2026-10-01 § 14",
    }

    assert olof.send(where, sent).url == reverse("guardian_policies")

    assert "Nämndens beslut 2026-10-01 § 14" in text_of(sign_in(cast.siv).get(reverse("guardian_policies")))
    again = olof.send(where, {**sent, "reference": "Ett annat beslut"})
    assert "Någon annan har sparat medan du skrev" in again.content.decode()
    assert "Ett annat beslut" in again.content.decode()
    with acting(cast.olof):
        assert [one.version for one in GuardianPolicy.objects.all()] == [1]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"from_age_1": ""}, "Skriv från vilken ålder det gäller."),
        ({"from_age_1": "0"}, "Den åldern står redan."),
        ({"reference": ""}, "Skriv vad ordningen vilar på."),
    ],
)
def test_a_band_is_whole_or_not_there(
    change: dict[str, str], said: str, cast: Cast, case: Case, sign_in: Any
):
    sent = {
        "needed_0": "all",
        "from_age_1": "15",
        "needed_1": "child",
        "starts_from": "16",
        "if_disagree": "no",
    }
    where = reverse("guardian_policy", kwargs={"authority_id": case.authority_id})

    answer = sign_in(cast.olof).send(where, {"version": 0, **sent, **change})

    assert said in answer.content.decode()


def test_siv_reads_the_orders_and_writes_none(cast: Cast, case: Case, sign_in: Any):
    siv = sign_in(cast.siv)

    assert siv.get(reverse("guardian_policies")).status_code == 200
    assert siv.get(reverse("guardian_policy", kwargs={"authority_id": case.authority_id})).status_code == 404


def test_the_list_says_whose_yes_a_child_needs(cast: Cast, sign_in: Any):
    case = factories.child_case(cast, by=cast.siv, born_year=today().year - 16)

    assert "Personen är under 18 år" in text_of(sign_in(cast.siv).get(to("mandates", case)))


def _answer(**change: Any) -> dict[str, Any]:
    return {
        "agrees": "ja",
        "said_on": today().isoformat(),
        "manner": "oral",
        "heard_by": "Siv Sandberg",
        "language": "sv",
    } | change


def _yes(cast: Cast, **change: Any) -> dict[str, Any]:
    return _answer(
        unit=str(cast.units["farid"].pk),
        categories=["PLANNING"],
        ends_on=f"{today().year + 1}-03-01",
        **change,
    )


def test_nobody_is_asked_who_answered_when_nobody_else_can(cast: Cast, case: Case, sign_in: Any):
    assert "Vem svarade?" not in sign_in(cast.siv).get(to("give_consent", case)).content.decode()


def test_siv_writes_down_that_ralf_said_yes(cast: Cast, case: Case, made: Mandate, sign_in: Any):
    siv = sign_in(cast.siv)
    assert "Ralf Rask, god man" in siv.get(to("give_consent", case)).content.decode()
    assert "Välj vem som svarade." in siv.send(to("give_consent", case), _yes(cast)).content.decode()

    assert siv.send(to("give_consent", case), _yes(cast, answered_by=str(made.pk))).status_code == 302

    with acting(cast.siv):
        given = Consent.objects.get(receiver_unit=cast.units["farid"])
        assert (given.given_by, given.mandate_id) == ("representative", made.pk)
    assert "av ett ombud som får samtycka" in text_of(siv.get(to("consents", case)))


def test_for_a_child_whose_yes_is_missing_is_said_at_the_field(cast: Cast, sign_in: Any):
    case = factories.child_case(cast, by=cast.siv, born_year=today().year - 16)
    siv, where = sign_in(cast.siv), to("give_consent", case)
    assert siv.send(to("answer_plan", case), _answer(answered_by="person")).status_code == 302
    guardian = {"kind": MandateKind.GUARDIAN, "ends_on": None, "number": None}
    mother = factories.mandate(case, by=cast.siv, name="Mor Ek", **guardian)
    father = factories.mandate(case, by=cast.siv, name="Far Ek", **guardian)

    alone = siv.send(where, _yes(cast, answered_by="person")).content.decode()
    assert "behövs också vårdnadshavarnas ja" in alone
    one = siv.send(where, _yes(cast, answered_by=str(mother.pk), childs_view="Ja.")).content.decode()
    assert "Båda vårdnadshavarna behöver säga ja" in one
    page = siv.get(where).content.decode()
    both = next(one for one in (f"{mother.pk} {father.pk}", f"{father.pk} {mother.pk}") if one in page)
    unheard = siv.send(where, _yes(cast, answered_by=both)).content.decode()
    assert "Skriv vad barnet självt säger." in unheard
    assert siv.send(where, _yes(cast, answered_by=both, childs_view="Jag vill.")).status_code == 302
    assert "Jag vill." in text_of(siv.get(to("consents", case)))


def test_her_no_waits_on_sivs_first_page_until_it_is_decided(
    cast: Cast, case: Case, made: Mandate, sign_in: Any
):
    siv, what = sign_in(cast.siv), "Personen säger nej till ett ombud."
    assert what not in text_of(siv.get("/idag/"))
    sign_in(cast.eva).send(reverse("own_objection", kwargs={"mandate_id": made.pk}), {"why": ""})

    assert what in text_of(siv.get("/idag/"))
    assert what not in text_of(sign_in(cast.maja).get("/idag/?vems=enheten"))
    siv.send(to("end_mandate", case, mandate_id=made.pk), {"why": "Eva vill inte."})
    assert what not in text_of(siv.get("/idag/"))


@pytest.fixture
def question(cast: Cast, case: Case) -> ConsentRequest:
    """Siv has asked whether Försäkringskassan may know about planning and needs."""
    with acting(cast.siv):
        return ask_person(
            case,
            unit=cast.units["farid"],
            categories=[Category.PLANNING, Category.NEEDS],
            ends_on=today() + timedelta(days=90),
            why="De prövar sjukpenningen.",
            instead="Vi ringer dem utan namn.",
            by=cast.siv,
        )


def _ask(question: ConsentRequest) -> str:
    kwargs = {"person_id": question.person_id, "request_id": question.pk}
    return reverse("represented_question", kwargs=kwargs)


def test_ralf_answers_for_eva_and_she_sees_by_whom(
    cast: Cast, made: Mandate, ralf: Any, question: ConsentRequest, sign_in: Any
):
    page = text_of(ralf.get(reverse("represented", kwargs={"person_id": made.person_id})))
    assert "En fråga: får FK Humlesund veta något?" in page
    assert "De prövar sjukpenningen." in text_of(ralf.get(_ask(question)))
    nothing = ralf.send(_ask(question), {"svar": "ja", "ends_on": today().isoformat()})
    assert "Kryssa i det du säger ja till" in nothing.content.decode()

    ends_on = (today() + timedelta(days=30)).isoformat()
    sent = {"svar": "ja", "categories": ["PLANNING"], "ends_on": ends_on}
    assert ralf.send(_ask(question), sent).status_code == 302

    with acting(cast.siv):
        given = Consent.objects.get(receiver_unit=cast.units["farid"])
        assert (given.given_by, given.mandate_id) == ("representative", made.pk)
        assert given.categories == ["IDENTITY", "PLANNING"]
    assert "FK Humlesund" in text_of(sign_in(cast.eva).get("/min-sida/"))


def test_he_opens_for_nobody_what_his_mandate_does_not_open_for_himself(
    cast: Cast, case: Case, ralf: Any
) -> None:
    """Siv asks about health too; Ralf reads planning and needs."""
    until = today() + timedelta(days=90)
    with acting(cast.siv):
        asked = ask_person(
            case,
            unit=cast.units["farid"],
            categories=[Category.PLANNING, Category.HEALTH],
            ends_on=until,
            why="",
            instead="Vi ringer dem utan namn.",
            by=cast.siv,
        )
    sent = {"svar": "ja", "categories": ["PLANNING", "HEALTH"], "ends_on": until.isoformat()}
    page = ralf.send(_ask(asked), sent).content.decode()

    assert "Uppdraget räcker inte till allt det." in page
    with acting(cast.siv):
        assert not Consent.objects.filter(receiver_unit=cast.units["farid"]).exists()


def test_his_no_is_as_good(cast: Cast, ralf: Any, question: ConsentRequest):
    assert ralf.send(_ask(question), {"svar": "nej"}).status_code == 302

    with acting(cast.siv):
        assert ConsentRequest.objects.get().answered_at is not None
        assert not Consent.objects.filter(receiver_unit=cast.units["farid"]).exists()


def test_he_writes_nothing_over_what_eva_has_said_herself(
    cast: Cast, case: Case, ralf: Any, question: ConsentRequest
):
    hers = factories.consent(case, cast.units["lena"], by=cast.siv)
    with acting(cast.siv):
        again = ask_person(
            case,
            unit=cast.units["lena"],
            categories=[Category.HEALTH],
            ends_on=today() + timedelta(days=30),
            why="w",
            instead="i",
            by=cast.siv,
        )

    ends_on = (today() + timedelta(days=20)).isoformat()
    ralf.send(_ask(again), {"svar": "ja", "categories": ["HEALTH"], "ends_on": ends_on})

    with acting(cast.siv):
        assert [one.pk for one in Consent.objects.filter(receiver_unit=cast.units["lena"])] == [hers.pk]


def test_without_that_tick_there_is_no_question_to_answer(
    cast: Cast, case: Case, question: ConsentRequest, sign_in: Any
):
    silent = factories.mandate(case, by=cast.siv, may_consent=False)

    assert sign_in(factories.representative(silent)).get(_ask(question)).status_code == 404
