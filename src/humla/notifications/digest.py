"""Collected letters: a unit that has asked for it gets one letter a day with what can wait (NOT-3).

Here: how each unit wants its letters, what may wait, and the collecting. Not here: the words (`wording`) and
the sending (`actions.send`), which asks of each when the letter leaves whether it still holds.

What must be answered soon, what has been cancelled and what has been taken back never waits.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from humla.audit.record import record
from humla.audit.tags import Tag
from humla.core.context import Actor, now
from humla.core.dates import STOCKHOLM, day_of
from humla.core.versions import Stale
from humla.core.workdays import is_working_day, working_days_after
from humla.notifications import rules
from humla.notifications.models import Delivery, Notice, NoticeKind, NoticeState
from humla.organisation.models import Unit

AT = time(7, 30)
"""When the collected letter leaves, on working days."""

NEVER_WAIT = frozenset(
    {
        NoticeKind.SUMMONS_CHANGED,
        NoticeKind.SUMMONS_CANCELLED,
        NoticeKind.TIMES_WITHDRAWN,
        NoticeKind.EVIDENCE_WITHDRAWN,
        NoticeKind.CONSENT_CHANGED,
        NoticeKind.RECALLED,
        NoticeKind.LINK_CODE,
        NoticeKind.CODE_PHONE,
        NoticeKind.DIGEST,
    }
)
"""Somebody would otherwise prepare for what is not to be, or read what may not be read."""

TO_ANSWER = frozenset(
    {NoticeKind.SUMMONS, NoticeKind.TIMES_OFFERED, NoticeKind.EVIDENCE_ASKED, NoticeKind.REMINDER}
)
"""They wait only while the day to answer is far off; without such a day the matter is near."""


def may_wait(kind: str, answer_by: date | None, delivery: Delivery | None, on: date) -> bool:
    """May this wait for the unit's collected letter?"""
    if delivery is None or not delivery.is_collected or kind in NEVER_WAIT:
        return False
    if kind not in TO_ANSWER:
        return True
    return answer_by is not None and answer_by > on + timedelta(days=delivery.urgent_days)


def next_collection(at: datetime) -> datetime:
    """When the next collected letter leaves."""
    there = at.astimezone(STOCKHOLM)
    day = there.date()
    if not is_working_day(day) or there.time() >= AT:
        day = working_days_after(day, 1)
    return datetime.combine(day, AT, STOCKHOLM)


def collected_in(digest: Notice) -> list[Notice]:
    """What is to leave in this letter, locked: the soonest to be answered first."""
    waiting = Notice.objects.filter(digest=digest, state=NoticeState.WAITING)
    locked = waiting.select_for_update(of=("self",)).select_related("unit", "association")
    return list(locked.order_by(F("answer_by").asc(nulls_last=True), "queued_at", "id"))


def left_in(digests: Sequence[Notice]) -> Mapping[UUID, list[Notice]]:
    """What left in each of them."""
    told: dict[UUID, list[Notice]] = {one.pk: [] for one in digests if one.kind == NoticeKind.DIGEST}
    left = Notice.objects.filter(digest__in=told, state=NoticeState.SENT)
    for one in left.order_by(F("answer_by").asc(nulls_last=True), "queued_at", "id"):
        if one.digest_id is not None:
            told[one.digest_id].append(one)
    return told


def gather(*, by: Actor) -> int:
    """One letter for each unit whose collected ones are due; how many letters."""
    due = Notice.objects.filter(
        state=NoticeState.WAITING, is_collected=True, digest__isnull=True, leaves_at__lte=now()
    )
    units = sorted(set(due.values_list("unit_id", flat=True)))
    for unit_id in units:
        digest = Notice(
            association_id=by.association_id,
            kind=NoticeKind.DIGEST,
            unit_id=unit_id,
            about_id=unit_id,
            queued_at=now(),
            leaves_at=now(),
        )
        digest.save(force_insert=True)
        due.filter(unit_id=unit_id).update(digest=digest)
    return len(units)


# --- how each unit wants it ---------------------------------------------------------------------------------


def delivery_to(unit_id: UUID) -> Delivery | None:
    """What the unit has chosen; none is each letter at once."""
    return Delivery.objects.filter(unit=unit_id).first()


def deliveries_to(units: Sequence[Unit]) -> dict[UUID, Delivery]:
    """The same for several."""
    return {one.unit_id: one for one in Delivery.objects.filter(unit__in=units)}


@transaction.atomic
def choose_delivery(unit: Unit, *, is_collected: bool, urgent_days: int, version: int, by: Actor) -> Delivery:
    """Say how the unit wants its letters from now on. What already waits leaves as it was to."""
    rules.may_choose_delivery(by, unit).enforce()
    chosen = {
        "is_collected": is_collected,
        "urgent_days": urgent_days,
        "chosen_at": now(),
        "chosen_by_id": by.id,
    }
    delivery = delivery_to(unit.pk)
    if delivery is None:
        delivery = Delivery(association_id=by.association_id, unit=unit, version=0)
    if delivery.version != version:
        raise Stale(delivery)
    is_new = delivery._state.adding
    for name, value in chosen.items():
        setattr(delivery, name, value)
    delivery.version = version + 1
    delivery.full_clean(validate_unique=False)
    if is_new:
        try:
            with transaction.atomic():
                delivery.save(force_insert=True)
        except IntegrityError as twice:
            raise Stale(_as_it_is(unit)) from twice
    else:
        as_it_was = Delivery.objects.filter(pk=delivery.pk, version=version)
        if as_it_was.update(version=F("version") + 1, **chosen) != 1:
            raise Stale(_as_it_is(unit))
    record(Tag.DELIVERY_CHOSEN, items=[("delivery", delivery.pk, delivery.version)])
    return delivery


def _as_it_is(unit: Unit) -> Delivery:
    return Delivery.objects.get(unit=unit)


def postpone_to_collection(notice: Notice) -> None:
    """It waits for the unit's next collected letter."""
    notice.is_collected, notice.leaves_at = True, next_collection(now())
    notice.save(update_fields=["is_collected", "leaves_at"])


def waits(notice: Notice) -> bool:
    """Is it put off to the collected letter, as the unit has it now?"""
    if notice.is_collected or notice.kind in NEVER_WAIT:
        return False
    return may_wait(notice.kind, notice.answer_by, delivery_to(notice.unit_id), day_of(now()))
