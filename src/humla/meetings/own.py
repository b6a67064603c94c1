"""The person's own summons: that she is called, and what she answers, herself or by whoever acts for her.

Here: the question and the verb of the one whom the meeting is about. Not here: the answers of units
(`actions`, `linked`), her page (`humla.web.own_answer`), nor what she wants to say at the meeting
(`preparation`).

She need not say why, and what she wants otherwise is in her own words. The newest answer counts; the others
stay. What is asked goes through the owner's functions in the walls: a representative sees no summons.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from humla.audit.record import record
from humla.audit.tags import Tag
from humla.core.context import Actor, Kind, now
from humla.core.refusals import refused_by_the_wall
from humla.core.rulings import YES, Ruling, all_of, no
from humla.meetings.models import Answer, AnsweredBy, SummonsAnswer

OWN_ANSWERS = (Answer.COMES, Answer.OTHER_TIME, Answer.DECLINED)
"""What she can answer. To read the plan or to be the wrong unit is for others."""


@dataclass(frozen=True)
class OwnSummons:
    """One call to her that can be answered now, with what she, or somebody for her, answered last."""

    id: UUID
    meeting_id: UUID
    case_id: UUID
    person_id: UUID
    authority_id: UUID
    association_id: UUID
    kind: str
    starts_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None
    wish: str

    @property
    def is_answered(self) -> bool:
        """Has anybody answered it?"""
        return bool(self.answer)


def own_summonses() -> dict[UUID, OwnSummons]:
    """Her summonses to meetings ahead, by meeting; for a representative those that the mandate reaches."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM own_summonses()")
        found = [_read(row) for row in cursor.fetchall()]
    return {one.meeting_id: one for one in found}


def _read(row: tuple[Any, ...]) -> OwnSummons:
    one, meeting_id, case_id, person_id, authority_id, association_id, kind, starts_at, *said = row
    answer, answered_by, answered_at, wish = said
    return OwnSummons(
        id=one,
        meeting_id=meeting_id,
        case_id=case_id,
        person_id=person_id,
        authority_id=authority_id,
        association_id=association_id,
        kind=kind,
        starts_at=starts_at,
        answer=answer or "",
        answered_by=answered_by or "",
        answered_at=answered_at,
        wish=wish or "",
    )


def own_summons(summons_id: UUID) -> OwnSummons | None:
    """One of them."""
    return next((one for one in own_summonses().values() if one.id == summons_id), None)


def may_answer_own(actor: Actor, summons: OwnSummons) -> Ruling:
    """May she answer? She herself or whoever acts for her, until the meeting begins."""
    return all_of(
        YES
        if actor.kind in (Kind.PERSON, Kind.REPRESENTATIVE)
        else no(_("Bara personen själv svarar här. Skriv in svaret som antecknat.")),
        YES if summons.starts_at > now() else no(_("Mötets tid har redan varit.")),
    )


def is_own_answer(answer: str) -> Ruling:
    """One of the three that are hers."""
    return YES if answer in OWN_ANSWERS else no(_("Välj ett svar."))


@transaction.atomic
def answer_own(summons: OwnSummons, *, answer: str, wish: str = "", by: Actor) -> SummonsAnswer | None:
    """She comes, cannot that time, or does not come; and what she wants otherwise. The same twice is one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wait_for_own_summons(%s)", [summons.id])
    stands = own_summons(summons.id)
    may_answer_own(by, stands or summons).enforce()
    is_own_answer(answer).enforce()
    how = AnsweredBy.PERSON if by.kind is Kind.PERSON else AnsweredBy.MANDATE
    if stands is not None and (stands.answer, stands.wish, stands.answered_by) == (answer, wish, how):
        return None
    given = SummonsAnswer(
        association_id=summons.association_id,
        authority_id=summons.authority_id,
        person_id=summons.person_id,
        case_id=summons.case_id,
        summons_id=summons.id,
        answer=answer,
        wish=wish,
        answered_by=how,
        answered_at=now(),
        answered_by_id=by.id,
    )
    with refused_by_the_wall(_("Mötet är ändrat, flyttat eller inställt. Läs sidan igen.")):
        given.save(force_insert=True)
    record(
        Tag.SUMMONS_ANSWERED,
        case=summons.case_id,
        person=summons.person_id,
        items=[("summons", summons.id, 0), ("answer", given.pk, 0)],
        allowed_by=[] if by.kind is Kind.PERSON else [("mandate", by.id)],
    )
    return given
