"""Which notices there are: what is due, what the administrator sees, what a demonstration would have posted.

Here: the queries. Nothing of a case is in them: a notice has none.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from humla.core.context import now
from humla.notifications.models import Notice, NoticeState
from humla.notifications.post import SERVERS
from humla.notifications.wording import BY_PHONE

PAGE = 100
"""So many notices stand on one page."""


def associations_with_due() -> list[UUID]:
    """The förbund that have something to send now; asked by the clock before it acts for any of them."""
    return _associations("SELECT * FROM notices_due()")


def associations_with_any() -> list[UUID]:
    """The förbund that have notices at all; asked by the clock."""
    return _associations("SELECT * FROM notices_anywhere()")


def next_due() -> Notice | None:
    """The notice that was queued first, locked; one that another worker holds is passed over.

    While the mail server is the fault nothing is tried before what it was tried with, so that a week's
    letters leave in the order in which they were written. Codes go another way.
    """
    waiting = Notice.objects.filter(state=NoticeState.WAITING, is_collected=False)
    due = waiting.filter(leaves_at__lte=now()).order_by("queued_at", "id")
    if waiting.filter(leaves_at__gt=now(), fault__in=SERVERS).exclude(kind__in=BY_PHONE).exists():
        due = due.filter(kind__in=BY_PHONE)
    return due.select_for_update(skip_locked=True, of=("self",)).select_related("unit", "association").first()


def still_holds(notice: Notice) -> bool:
    """Does what it tells of still hold? Asked when it leaves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT notice_holds(%s)", [notice.pk])
        row = cursor.fetchone()
    return bool(row and row[0])


def opened_in(case_id: UUID) -> dict[UUID, datetime]:
    """When somebody at each unit first opened what the case has asked it, by what it was; only the opened."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT about_id, opened_at FROM opened_in(%s) WHERE opened_at IS NOT NULL", [case_id])
        return dict(cursor.fetchall())


def is_about_protected(about: UUID) -> bool:
    """Is this about somebody with protected identity? Then nobody is written to about it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall_about_protected(%s)", [about])
        row = cursor.fetchone()
    return bool(row and row[0])


def notices(*, state: str, words: str = "", page: int = 1) -> Sequence[Notice]:
    """One page of the förbund's notices in a state, newest first, and one more when there is a next page."""
    found = Notice.objects.filter(state=state).select_related("unit").order_by("-leaves_at", "id")
    if words:
        found = found.filter(Q(unit__name__icontains=words) | Q(unit__mail__icontains=words))
    return list(found[(page - 1) * PAGE : page * PAGE + 1])


def how_many() -> Mapping[str, int]:
    """How many notices there are in each state."""
    counted = Notice.objects.order_by().values_list("state").annotate(times=Count("id"))
    return {state.value: 0 for state in NoticeState} | dict(counted)


def notice_of(notice_id: UUID) -> Notice | None:
    """One notice of the förbund's."""
    return Notice.objects.filter(pk=notice_id).first()


def failed() -> list[Notice]:
    """Every notice that the clock has given up."""
    return list(Notice.objects.filter(state=NoticeState.FAILED))


def posted(most: int = 200) -> list[Notice]:
    """The letters that have been sent, newest first; what left in another is not one."""
    sent = Notice.objects.filter(state=NoticeState.SENT, digest__isnull=True).select_related(
        "unit", "association"
    )
    return list(sent.order_by("-sent_at", "id")[:most])


def _associations(question: str) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return [row[0] for row in cursor.fetchall()]
