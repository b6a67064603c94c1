"""Ralf becomes Eva's god man: attested by Siv, found by his key, rested by Eva's no, never widened."""

from datetime import timedelta
from typing import Any

import pytest

from humla.audit.models import Event
from humla.audit.tags import Tag
from humla.cases.models import Case, Category
from humla.consents import actions as consents
from humla.consents.models import Consent, Manner, PlanConsent
from humla.core.context import acting, now, standing
from humla.core.dates import today
from humla.core.numbers import parse
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.disclosures.models import Document
from humla.representatives import actions
from humla.representatives.models import Mandate, MandateKind, MandateState, Withheld, WithheldKind
from humla.representatives.policy import bands_of, policy_of, standard
from humla.representatives.rules import Answered
from humla.representatives.visibility import mandate_acted_by, mandates_of, state_of
from tests import factories
from tests.cast import Cast
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> Case:
    return factories.open_case(cast, by=cast.siv)


def tags_of(cast: Cast) -> list[str]:
    with person_acting(cast.eva):
        return list(Event.objects.order_by("at", "id").values_list("tag", flat=True))


def test_ralf_acts_by_the_mandate_and_sees_no_evidence(cast: Cast, case: Case):
    made = factories.mandate(case, by=cast.siv)

    with acting(factories.representative(made)):
        acted = mandate_acted_by()
        assert acted is not None
        assert acted.name == "Ralf Rask"
        assert acted.categories == ["IDENTITY", "PLANNING", "NEEDS"]
        assert not Mandate.objects.exists()
    assert Tag.MANDATE_ATTESTED in tags_of(cast)


def test_nobody_acts_by_anothers_mandate(cast: Cast, case: Case):
    made = factories.mandate(case, by=cast.siv)

    with acting(factories.representative(made, number=cast.eva)):
        assert mandate_acted_by() is None


def test_nobody_is_her_own_representative(cast: Cast, case: Case):
    with pytest.raises(NotAllowed, match="personens eget nummer"):
        factories.mandate(case, by=cast.siv, number=parse(cast.eva, today()))


def test_a_receiver_attests_nothing(cast: Cast):
    document = factories.adopted_plan(cast, by=cast.siv)
    factories.taken_in(
        factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"]), by=cast.amir
    )

    with pytest.raises(NotAllowed):
        factories.mandate(document.case, by=cast.amir)


def test_evas_no_rests_it_in_the_same_second_and_a_human_decides(cast: Cast, case: Case):
    made = factories.mandate(case, by=cast.siv)
    with person_acting(cast.eva):
        actions.object_to(made, why="Han lyssnar inte på mig.", by=standing().actor)

    with acting(factories.representative(made)):
        assert mandate_acted_by() is None
    with acting(cast.siv):
        rests = mandates_of(case.person)[0]
        assert (state_of(rests, now()), rests.rested_why) == (
            MandateState.RESTING,
            "Han lyssnar inte på mig.",
        )
        actions.let_stand(case, rests, why="Tingsrättens förordnande gäller. Eva är informerad.", by=cast.siv)
        assert state_of(mandates_of(case.person)[0], now()) is MandateState.IN_FORCE
    with acting(factories.representative(made)):
        assert mandate_acted_by() is not None
    assert {Tag.MANDATE_OBJECTED, Tag.MANDATE_LET_STAND} <= {*tags_of(cast)}


def test_a_decision_needs_its_reason(cast: Cast, case: Case):
    made = factories.mandate(case, by=cast.siv)
    with acting(cast.siv), pytest.raises(NotAllowed, match="Skriv varför"):
        actions.end(case, made, why=" ", by=cast.siv)


def test_the_second_who_ends_it_is_told(cast: Cast, case: Case):
    made = factories.mandate(case, by=cast.siv)
    with acting(cast.siv):
        actions.end(case, Mandate.objects.get(pk=made.pk), why="Byter god man.", by=cast.siv)
        with pytest.raises(Stale):
            actions.end(case, made, why="Byter god man.", by=cast.siv)


def test_it_ends_by_itself_on_its_day(cast: Cast, case: Case, clock: Any):
    made = factories.mandate(case, by=cast.siv)
    clock(made.ends_at - timedelta(microseconds=1))
    with acting(factories.representative(made)):
        assert mandate_acted_by() is not None
    clock(made.ends_at)
    with acting(factories.representative(made)):
        assert mandate_acted_by() is None


def test_what_changes_is_another_mandate_and_what_was_withheld_stays_withheld(cast: Cast):
    document = factories.adopted_plan(cast, by=cast.siv)
    case = document.case
    made = factories.mandate(case, by=cast.siv)
    with acting(cast.siv):
        actions.withhold(
            case,
            made,
            kind=WithheldKind.DOCUMENT,
            subject_id=document.pk,
            reason="För personligt.",
            by=cast.siv,
        )
        details = actions.MandateDetails(
            kind=MandateKind.GOD_MAN,
            name="Ralf Rask",
            number=parse(factories.RALF, today()),
            evidence="Nytt registerutdrag.",
            categories=[Category.IDENTITY, Category.PLANNING, Category.HEALTH],
            ends_on=today() + timedelta(days=100),
        )
        after = actions.attest(case, details, replaces=made, by=cast.siv)
        assert [one.mandate_id for one in Withheld.objects.all() if one.mandate_id == after.pk] == [after.pk]
        assert state_of(Mandate.objects.get(pk=made.pk), now()) is MandateState.ENDED
    for one in (made, after):
        with acting(factories.representative(one)):
            assert not Document.objects.exists()
    with acting(factories.representative(made)):
        assert mandate_acted_by() is None


def test_a_guardians_mandate_ends_when_the_child_turns_18(cast: Cast, clock: Any):
    child = factories.child_case(cast, by=cast.siv, born_year=2010)
    made = factories.mandate(child, by=cast.siv, kind=MandateKind.GUARDIAN, ends_on=None)

    assert made.ends_at.isoformat() == "2028-01-01T00:00:00+01:00"


def _yes(cast: Cast, case: Case, answered: Answered) -> Consent:
    return consents.give(
        case,
        unit=cast.units["amir"],
        categories=[Category.PLANNING],
        exceptions="",
        ends_on=today() + timedelta(days=90),
        manner=Manner.ORAL,
        heard_by="Siv Sandberg",
        language="sv",
        with_interpreter=False,
        answered=answered,
        by=cast.siv,
    )


def test_ralf_says_yes_for_eva_and_takes_it_back_himself(cast: Cast, case: Case):
    made = factories.mandate(case, by=cast.siv)
    with acting(cast.siv):
        given = _yes(cast, case, Answered("representative", made))
    ralf = factories.representative(made)
    with acting(ralf):
        consents.withdraw(Consent.objects.get(pk=given.pk), by=ralf)
    with acting(cast.siv):
        assert Consent.objects.get(pk=given.pk).withdrawn_by_id == made.pk


def test_ralf_does_not_take_back_what_eva_has_said_herself(cast: Cast, case: Case):
    made = factories.mandate(case, by=cast.siv)
    given = factories.consent(case, cast.units["amir"], by=cast.siv)
    ralf = factories.representative(made)
    with acting(ralf):
        with pytest.raises(NotAllowed, match="Personen har själv"):
            consents.withdraw(Consent.objects.get(pk=given.pk), by=ralf)
        # The database says the same to whoever goes past the rule.
        assert Consent.objects.filter(pk=given.pk).update(withdrawn_at=now(), withdrawn_by_id=ralf.id) == 0


def test_a_mandate_that_has_ended_gives_no_yes(cast: Cast, case: Case):
    made = factories.mandate(case, by=cast.siv)
    with acting(cast.siv):
        actions.end(case, made, why="Byter god man.", by=cast.siv)
        with pytest.raises(NotAllowed, match="gäller inte nu"):
            _yes(cast, case, Answered("representative", made))


def test_for_a_child_the_yes_follows_the_authoritys_policy(cast: Cast):
    case = factories.child_case(cast, by=cast.siv, born_year=2010)
    mother = factories.mandate(case, by=cast.siv, kind=MandateKind.GUARDIAN, ends_on=None, name="Mor Ek")
    father = factories.mandate(
        case,
        by=cast.siv,
        kind=MandateKind.GUARDIAN,
        ends_on=None,
        name="Far Ek",
        number=parse("196203173056", today()),
    )
    with acting(cast.siv):
        with pytest.raises(NotAllowed, match="Båda vårdnadshavarna"):
            _yes(cast, case, Answered("guardian", mother, None, "Jag vill."))
        both = _yes(cast, case, Answered("guardians", mother, father, "Jag vill bo kvar i Humlesund."))
        assert Consent.objects.get(pk=both.pk).childs_view == "Jag vill bo kvar i Humlesund."
        plan = consents.answer_plan(
            case,
            agrees=False,
            manner=Manner.ORAL,
            heard_by="Siv Sandberg",
            language="sv",
            with_interpreter=False,
            instead="Vi ringer igen i januari.",
            by=cast.siv,
        )
        assert PlanConsent.objects.get(pk=plan.pk).given_by == "person"  # A no needs nobody's mandate.


def test_the_administrator_writes_what_an_authority_has_decided(cast: Cast, case: Case):
    assert cast.olof.association_id == case.association_id
    policy = standard()
    own = type(policy)(
        bands=bands_of([{"from_age": 0, "needed": "all"}, {"from_age": 15, "needed": "child"}]),
        if_disagree="child",
        starts_from=15,
        reference="Nämndens beslut 2026-10-01 § 14",
        version=0,
        written=policy.written,
    )
    with acting(cast.olof):
        actions.write_policy(case.authority, own, version=0, by=cast.olof)
        with pytest.raises(Stale):
            actions.write_policy(case.authority, own, version=0, by=cast.olof)
    with acting(cast.siv):
        holds = policy_of(case.authority_id)
        assert (holds.version, holds.starts_from, holds.needed_at(16)) == (1, 15, "child")
        with pytest.raises(NotAllowed):
            actions.write_policy(case.authority, own, version=1, by=cast.siv)
