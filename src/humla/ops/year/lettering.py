"""Letters on paper in the year: how those who are called are reached, what has been posted, what waits.

Here: rows of `humla.letters` about the summonses of the year. Not here: the summonses (`gatherings`).
"""

from datetime import timedelta

from humla.agreements.models import LetterOccasion
from humla.core.dates import day_of
from humla.letters.models import Addressee, PaperLetter, Way
from humla.meetings.models import Called, MeetingState, Summons
from humla.ops.year import words
from humla.ops.year.setting import Setting

_WAYS = (Way.POST, Way.POST, None, Way.PAGE, Way.POST, Way.BY_HAND, Way.PHONE)
"""In turn; with none nobody has said how yet."""


def write(setting: Setting) -> None:
    """Once for each receiver in a case; what is behind us has been sent, of what is ahead every other."""
    said: set[tuple[object, ...]] = set()
    ways: dict[tuple[object, ...], Way | None] = {}
    called = Summons.objects.exclude(called=Called.UNIT).filter(cancelled_at__isnull=True)
    for one in called.select_related("case", "meeting").order_by("sent_at", "id"):
        who = (one.case_id, one.called, one.name)
        if who not in said:
            said.add(who)
            ways[who] = _way(setting, one)
        _send(setting, one, ways[who])


def _way(setting: Setting, one: Summons) -> Way | None:
    way: Way | None = setting.next("ways", _WAYS)
    is_near = one.case.is_protected
    if way is Way.POST and is_near:
        way = Way.FORWARDED
    elif way is Way.PAGE and one.called != Called.PERSON:
        way = Way.BY_HAND
    if way is None:
        return None
    street = setting.next("streets", words.STREETS)
    setting.add(
        Addressee,
        **_about(one),
        called=one.called,
        name=one.name,
        way=way,
        address=f"{street}\n123 45 Humlesund" if way is Way.POST else "",
        written_at=one.sent_at,
        written_by_id=one.sent_by_id,
    )
    return way


def _send(setting: Setting, one: Summons, way: Way | None) -> None:
    is_ahead = one.meeting.state == MeetingState.PLANNED and one.meeting.starts_at > setting.now
    if way in (None, Way.PAGE) or one.leaves_at > setting.now:
        return
    if is_ahead and setting.next("posted", (True, False)):
        return
    setting.add(
        PaperLetter,
        **_about(one),
        summons=one,
        occasion=LetterOccasion.CALLED,
        queued_at=one.leaves_at,
        queued_by_id=one.sent_by_id,
        way=way,
        sent_on=min(day_of(one.leaves_at + timedelta(days=1)), setting.today),
        sent_by_id=one.sent_by_id,
    )
    if is_ahead and setting.next("reminded on paper", (True, False)):
        setting.add(
            PaperLetter,
            **_about(one),
            summons=one,
            occasion=LetterOccasion.REMINDER,
            queued_at=setting.at(setting.today, 7),
            queued_by_id=one.sent_by_id,
        )


def _about(one: Summons) -> dict[str, object]:
    return {name: getattr(one, name) for name in ("association_id", "authority_id", "person_id", "case_id")}
