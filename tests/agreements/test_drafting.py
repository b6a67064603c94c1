"""The next version: a copy to write in, sent and signed, and nothing of it holds before that."""

import datetime
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, connection, transaction

from humla.agreements import drafting
from humla.agreements.actions import sign
from humla.agreements.chapters import Chapter, content, mark
from humla.agreements.comparing import changes
from humla.agreements.models import AgreementParty, AgreementState, Duty, LifeArea, LocalAgreement, TextKind
from humla.agreements.rules import duty_of, may_sign
from humla.agreements.visibility import (
    agreement_in_force,
    agreement_of,
    agreements,
    draft_agreement,
    latest_agreement,
    needs_groups,
    renewal_due,
    sent_agreement,
    state_beside,
    state_of,
)
from humla.core import dates
from humla.core.context import acting, today
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.plans.visibility import law_on_content, life_areas
from tests.cast import AREAS, Cast

pytestmark = pytest.mark.django_db
SignAll = Callable[..., None]


def _begin(cast: Cast) -> LocalAgreement:
    with transaction.atomic(), acting(cast.olof):
        return drafting.begin_draft(by=cast.olof)


def _write(cast: Cast, chapter: Chapter, written: Any, *, seen: int | None = None) -> None:
    with transaction.atomic(), acting(cast.olof):
        draft = draft_agreement()
        assert draft is not None
        stands = mark(content(draft, chapter)) if seen is None else seen
        drafting.write_chapter(draft, chapter, written, seen=stands, by=cast.olof)


def test_the_draft_is_a_copy_without_signatures_that_begins_where_the_old_one_ends(cast: Cast) -> None:
    draft = _begin(cast)

    with acting(cast.olof):
        copy = agreement_of(draft.pk)
        assert copy is not None
        same = [one for one in Chapter if one is not Chapter.FRAME]
        assert [content(copy, one) for one in same] == [content(cast.agreement, one) for one in same]
        assert (copy.version, copy.follows_id) == (2, cast.agreement.pk)
        assert copy.starts_on == cast.agreement.ends_on + datetime.timedelta(days=1)
        assert [row.signed_on for row in copy.parties.all()] == [None] * 5
        assert state_of(copy, today()) is AgreementState.DRAFT
        assert [one.where for one in changes(cast.agreement, copy)] == ["Vem det gäller och hur länge"] * 3


def test_nothing_of_a_draft_is_chosen_from_or_holds(cast: Cast) -> None:
    _begin(cast)
    _write(cast, Chapter.AREAS, [("Något nytt", "")])
    frame = {**content(cast.agreement, Chapter.FRAME), "title": "Helt ny"}
    _write(cast, Chapter.FRAME, frame)
    _write(cast, Chapter.LAW, {"plan_content": "99 kap. 9 §"})

    with acting(cast.siv):
        assert agreement_in_force(today()) == latest_agreement(today()) == cast.agreement
        assert [one.name for one in life_areas()] == AREAS
        assert [one.name for one in needs_groups(today())] == ["unga vuxna"]
        assert law_on_content().startswith("10 kap. 9 §")


def test_when_all_have_signed_the_new_version_decides_and_the_old_one_can_still_be_read(
    cast: Cast, sign_all: SignAll
) -> None:
    draft = _begin(cast)
    fk = cast.parties["Försäkringskassan"]
    with acting(cast.olof):
        duties = {**content(draft, Chapter.PARTIES), fk.pk: Duty.INVITED.value}
    _write(cast, Chapter.PARTIES, duties)
    _write(cast, Chapter.AREAS, [("Barnen", "d7"), ("Boende", "")])
    _write(cast, Chapter.DEADLINES, {**content(cast.agreement, Chapter.DEADLINES), "answer_days": 9})
    sign_all(draft)

    with acting(cast.siv):
        holds = agreement_in_force(today())
        assert holds is not None
        assert (holds.version, holds.answer_days) == (2, 9)
        assert duty_of(fk, holds, today()) == Duty.INVITED
        assert [one.name for one in life_areas()] == ["Barnen", "Boende"]
        old = agreement_of(cast.agreement.pk)
        assert old is not None
        assert [one.name for one in old.life_areas.all()] == AREAS
        assert [one.version for one in agreements().order_by("version")] == [1, 2]


def test_a_goal_keeps_the_life_area_that_it_was_written_under(cast: Cast, sign_all: SignAll) -> None:
    with acting(cast.siv):
        old = LifeArea.objects.get(name="Boende")
    draft = _begin(cast)
    _write(cast, Chapter.AREAS, [("Barnen", "")])
    sign_all(draft)

    with acting(cast.siv):
        assert [one.name for one in life_areas(also=old.pk)] == ["Barnen", "Boende"]


def test_two_who_begin_come_to_the_same_draft(cast: Cast) -> None:
    assert _begin(cast).pk == _begin(cast).pk


def test_whoever_is_second_on_the_same_chapter_overwrites_nothing_and_on_another_chapter_goes_on(
    cast: Cast,
) -> None:
    draft = _begin(cast)
    with acting(cast.olof):
        seen = mark(content(draft, Chapter.GROUPS))
        areas = mark(content(draft, Chapter.AREAS))
    _write(cast, Chapter.GROUPS, ["nyanlända"], seen=seen)

    with pytest.raises(Stale):
        _write(cast, Chapter.GROUPS, ["äldre"], seen=seen)
    _write(cast, Chapter.AREAS, [("Barnen", "")], seen=areas)
    with acting(cast.olof):
        written = draft_agreement()
        assert written is not None
        assert content(written, Chapter.GROUPS) == ["nyanlända"]


def test_a_period_that_ends_before_it_begins_is_refused(cast: Cast) -> None:
    _begin(cast)
    frame = {**content(cast.agreement, Chapter.FRAME), "ends_on": datetime.date(2020, 1, 1)}

    with pytest.raises(ValidationError, match="måste sluta efter att den börjar"):
        _write(cast, Chapter.FRAME, frame)


def test_a_draft_that_is_not_whole_is_not_sent(cast: Cast) -> None:
    draft = _begin(cast)
    _write(cast, Chapter.AREAS, [])

    with transaction.atomic(), acting(cast.olof), pytest.raises(NotAllowed, match="minst ett livsområde"):
        drafting.send_for_signature(draft, by=cast.olof)


def test_what_is_thrown_is_picked_up_as_it_was_unless_another_was_begun(cast: Cast) -> None:
    draft = _begin(cast)
    _write(cast, Chapter.GROUPS, ["nyanlända"])
    with transaction.atomic(), acting(cast.olof):
        drafting.throw_draft(draft, by=cast.olof)
        assert draft_agreement() is None
    with transaction.atomic(), acting(cast.olof):
        drafting.pick_up_draft(draft, by=cast.olof)
        again = draft_agreement()
        assert again is not None
        assert content(again, Chapter.GROUPS) == ["nyanlända"]
        drafting.throw_draft(again, by=cast.olof)
    other = _begin(cast)
    assert (other.pk != draft.pk, other.version) == (True, 3)
    with transaction.atomic(), acting(cast.olof), pytest.raises(NotAllowed, match="redan ett annat utkast"):
        drafting.pick_up_draft(draft, by=cast.olof)


def test_what_was_sent_can_be_taken_back_until_somebody_has_signed(cast: Cast) -> None:
    draft = _begin(cast)
    with transaction.atomic(), acting(cast.olof):
        drafting.send_for_signature(draft, by=cast.olof)
        drafting.take_back_draft(draft, by=cast.olof)
        assert draft_agreement() is not None
        drafting.send_for_signature(draft, by=cast.olof)
        row = AgreementParty.objects.select_related("agreement").filter(agreement=draft)[0]
        sign(row, name="Agneta Alm", signed_on=today(), by=cast.olof)
        with pytest.raises(NotAllowed, match="har redan skrivit under"):
            drafting.take_back_draft(draft, by=cast.olof)


def test_nobody_signs_a_draft_and_a_sent_one_is_never_changed(cast: Cast) -> None:
    draft = _begin(cast)
    with acting(cast.olof):
        row = AgreementParty.objects.select_related("agreement").filter(agreement=draft)[0]
        assert may_sign(cast.olof, row).reason.startswith("Det är ett utkast.")
    with transaction.atomic(), acting(cast.olof):
        drafting.send_for_signature(draft, by=cast.olof)
    with transaction.atomic(), acting(cast.olof), pytest.raises(NotAllowed, match="skickats eller kastats"):
        drafting.write_chapter(draft, Chapter.GROUPS, ["x"], seen=0, by=cast.olof)


def test_a_thrown_draft_is_signed_no_more_than_another(cast: Cast) -> None:
    draft = _begin(cast)
    with transaction.atomic(), acting(cast.olof):
        drafting.throw_draft(draft, by=cast.olof)
    with transaction.atomic(), acting(cast.olof):
        rows = AgreementParty.objects.filter(agreement=draft)
        assert rows.update(signed_on=today(), signed_by="Agneta Alm") == 0


def test_only_the_administrator_writes_and_only_for_her_own_forbund(cast: Cast) -> None:
    draft = _begin(cast)
    for who in (cast.siv, cast.greta):
        with transaction.atomic(), acting(who), pytest.raises(NotAllowed):
            drafting.write_chapter(draft, Chapter.GROUPS, ["x"], seen=0, by=who)
        with transaction.atomic(), acting(who), pytest.raises(NotAllowed):
            drafting.begin_draft(by=who)


_INSERT_AREA = (
    "INSERT INTO agreements_lifearea (id, association_id, agreement_id, name, icf, position)"
    " VALUES (gen_random_uuid(), %s, %s, 'x', '', 9)"
)


@pytest.mark.parametrize(
    "order",
    [
        "UPDATE agreements_localagreement SET answer_days = 99 WHERE id = %(held)s",
        "DELETE FROM agreements_lifearea WHERE agreement_id = %(held)s",
        "UPDATE agreements_localagreement SET answer_days = 99 WHERE id = %(draft)s",
        "DELETE FROM agreements_lifearea WHERE agreement_id = %(draft)s",
        "UPDATE agreements_localagreement SET is_draft = false, sent_at = humla_now(),"
        " sent_by_id = ctx_actor() WHERE id = %(draft)s",
        "UPDATE agreements_agreementparty SET signed_on = '2026-01-01', signed_by = 'x'"
        " WHERE agreement_id = %(draft)s",
    ],
)
def test_the_wall_lets_the_administrator_touch_the_draft_alone_and_nobody_else_anything(
    cast: Cast, order: str
) -> None:
    draft = _begin(cast)

    def touched(who: Any) -> int:
        with transaction.atomic(), acting(who), connection.cursor() as cursor:
            cursor.execute(order, {"held": cast.agreement.pk, "draft": draft.pk})
            rows = cursor.rowcount
            transaction.set_rollback(True)
            return rows

    is_hers = "%(draft)s" in order and "agreementparty" not in order
    assert [touched(who) for who in (cast.siv, cast.greta, cast.stranger)] == [0, 0, 0]
    assert bool(touched(cast.olof)) is is_hers


def test_the_wall_refuses_a_row_in_what_is_no_draft_and_in_another_forbunds(cast: Cast) -> None:
    draft = _begin(cast)
    tries = [
        (cast.olof, cast.association.pk, cast.agreement.pk),
        (cast.olof, cast.stranger.association_id, draft.pk),
        (cast.siv, cast.association.pk, draft.pk),
        (cast.olof, cast.association.pk, uuid4()),
    ]
    for who, tenant, agreement in tries:
        with (
            acting(who),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(_INSERT_AREA, [tenant, agreement])


def test_renewal_is_due_three_months_before_the_decision_and_until_a_later_one_is_signed(
    cast: Cast, sign_all: SignAll
) -> None:
    decided = datetime.date(2028, 9, 30)
    with acting(cast.siv):
        assert renewal_due(decided - datetime.timedelta(days=91)) is None
        due = renewal_due(decided - datetime.timedelta(days=90))
        late = renewal_due(decided + datetime.timedelta(days=1))
    assert due is not None
    assert late is not None
    assert (due.by, due.is_late, late.is_late) == (decided, False, True)
    draft = _begin(cast)
    sign_all(draft)
    with acting(cast.siv):
        assert renewal_due(decided) is None


def test_an_older_version_does_not_come_back_when_the_newer_ends(cast: Cast, sign_all: SignAll) -> None:
    draft = _begin(cast)
    ends = dates.today() + datetime.timedelta(days=30)
    sign_all(draft, ends_on=ends, renewal_decided_by=None)

    with acting(cast.siv):
        holds = agreement_in_force(today())
        assert holds == draft
        assert state_beside(cast.agreement, holds, today()) is AgreementState.REPLACED
        assert agreement_in_force(ends + datetime.timedelta(days=1)) is None
        due = renewal_due(today())
        assert due is not None
        assert (due.agreement, due.by, due.days_left) == (draft, ends, 30)


def test_a_version_on_its_way_is_shown_beside_the_one_that_holds(cast: Cast) -> None:
    draft = _begin(cast)
    with acting(cast.siv):
        assert sent_agreement(today()) is None
    with transaction.atomic(), acting(cast.olof):
        drafting.send_for_signature(draft, by=cast.olof)
    with acting(cast.siv):
        assert sent_agreement(today()) == draft
        assert agreement_in_force(today()) == cast.agreement


def test_what_differs_is_said_in_plain_words(cast: Cast) -> None:
    draft = _begin(cast)
    fk, af = cast.parties["Försäkringskassan"], cast.parties["Arbetsförmedlingen"]
    with acting(cast.olof):
        duties = content(draft, Chapter.PARTIES)
    _write(cast, Chapter.PARTIES, {**{k: v for k, v in duties.items() if k != af.pk}, fk.pk: "invited"})
    _write(cast, Chapter.AREAS, [(name, "") for name in [*AREAS[1:], "Barnen"]])
    _write(cast, Chapter.DEADLINES, {**content(cast.agreement, Chapter.DEADLINES), "answer_days": 9})
    with transaction.atomic(), acting(cast.olof):
        parts = {"heading": "Välkommen", "opening": "a", "to_do": "b", "closing": "c"}
        seen = drafting.text_mark(draft, "letter", "person.called", "sv")
        drafting.write_text(
            draft, TextKind.LETTER, "person.called", parts, language="sv", seen=seen, by=cast.olof
        )
    with acting(cast.olof):
        after = agreement_of(draft.pk)
        assert after is not None
        found = [one.sentence for one in changes(cast.agreement, after)]

    for sentence in (
        "Arbetsförmedlingen är inte längre part.",
        "Försäkringskassan blir inbjuden (får delta).",
        "Dagar att svara på en kallelse: 9 i stället för 5.",
        "Nytt: Barnen.",
        "Borttaget: Försörjning.",
        "Brev till personen, kallelse är omskrivet.",
    ):
        assert sentence in found
