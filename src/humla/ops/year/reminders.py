"""Reminders in the year: those who have been silent long enough have been reminded, some of them twice.

Here: rows of `humla.notifications`, counted as the clock's job counts them, and two units that have asked for
one letter a day. Not here: the summonses and their first letters (`gatherings`).
"""

from datetime import timedelta

from humla.core.dates import day_of
from humla.core.workdays import working_days_after
from humla.meetings.models import MeetingState, Summons
from humla.notifications.ladder import Rungs
from humla.notifications.models import Delivery, Notice, NoticeKind, NoticeState
from humla.ops.year.setting import Setting

_COLLECTS = 2
"""So many units have chosen a collected letter."""


def write(setting: Setting) -> None:
    """For every summons that waits for an answer, and for the first units by name."""
    waiting = Summons.objects.filter(
        unit__isnull=False,
        cancelled_at__isnull=True,
        answers__isnull=True,
        meeting__state=MeetingState.PLANNED,
        meeting__starts_at__gt=setting.now,
        leaves_at__lt=setting.now,
    )
    sent = {
        one.about_id: one
        for one in Notice.objects.filter(about_id__in=waiting.values("pk"), state=NoticeState.SENT)
    }
    for summons in waiting.select_related("unit", "meeting").order_by("leaves_at", "id"):
        if summons.pk in sent:
            _remind(setting, summons, Rungs())
    units = [setting.units[name] for name in sorted(setting.units) if setting.units[name].mail]
    for unit in units[:_COLLECTS]:
        setting.add(
            Delivery,
            association_id=unit.association_id,
            unit=unit,
            is_collected=True,
            chosen_at=setting.at(setting.before(40)),
            chosen_by_id=next(iter(setting.staff.values())).pk,
        )


def _remind(setting: Setting, summons: Summons, rungs: Rungs) -> None:
    day = day_of(summons.leaves_at)
    for step in range(rungs.times):
        day = working_days_after(day, rungs.days)
        at = setting.at(day, 8, 7)
        if at >= setting.now:
            return
        assert summons.unit is not None
        setting.add(
            Notice,
            association_id=summons.association_id,
            kind=NoticeKind.REMINDER,
            reminds_of=NoticeKind.SUMMONS,
            unit=summons.unit,
            about_id=summons.pk,
            state=NoticeState.SENT,
            queued_at=at,
            leaves_at=at,
            sent_at=at + timedelta(seconds=15),
            tries=1,
            staff_from=working_days_after(day, rungs.days) if step == rungs.times - 1 else None,
        )
