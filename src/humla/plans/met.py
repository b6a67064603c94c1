"""What the meeting gives the plan: when and how it was, who led it and wrote, who was there and who was not.

Here: what is said of the latest meeting that was held, by kind of information. Not here: the meeting itself
(`humla.meetings`), nor the rest of what a plan says (`document`).

That a clinic was at the table tells that there is something to be treated: so the parties are said to whoever
may know the planning, the units in the part about needs, and the region's units in the part about health.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from humla.cases.models import Category
from humla.core import dates
from humla.meetings.models import Attendance, Called, Meeting, MeetingKind, MeetingState
from humla.organisation.models import PartyKind


def latest_held(case_id: UUID) -> Meeting | None:
    """The latest meeting that was held, with those who were to come; a förmöte makes no plan."""
    attendances = Attendance.objects.select_related("unit__authority__party")
    held = Meeting.objects.filter(case_id=case_id, state=MeetingState.HELD)
    return (
        held.exclude(kind=MeetingKind.PREPARATORY)
        .select_related("chair", "note_taker")
        .prefetch_related(Prefetch("attendances", attendances, to_attr="everybody"))
        .order_by("-starts_at")
        .first()
    )


def facts_of(meeting: Meeting) -> list[list[str]]:
    """Its rows among the facts of the planning."""
    everybody: list[Attendance] = meeting.everybody  # type: ignore[attr-defined]
    there = _parties(one for one in everybody if one.was_present)
    missing = [party for party in _parties(everybody) if party not in there]
    when = f"{dates.written_date(dates.day_of(meeting.starts_at))}, {meeting.get_form_display()}"
    rows = [
        (_("Mötet"), when),
        (_("Mötesledare"), meeting.chair.name if meeting.chair else ""),
        (_("Dokumenterare"), meeting.note_taker.name if meeting.note_taker else ""),
        (_("Var med"), ", ".join(there)),
        (_("Var inte med"), ", ".join(missing)),
    ]
    return [[label, value] for label, value in rows if value]


def attended(meeting: Meeting) -> Iterator[tuple[Category, dict[str, str]]]:
    """Who was there by name and unit, in the part that may say it."""
    everybody: list[Attendance] = meeting.everybody  # type: ignore[attr-defined]
    for category in (Category.NEEDS, Category.HEALTH):
        lines = [_in_words(one) for one in everybody if _category(one) == category]
        if lines:
            yield (
                category,
                {
                    "kind": "statement",
                    "id": f"attended-{category.value}",
                    "heading": _("Vilka som var med på mötet"),
                    "text": "\n".join(lines),
                },
            )


def _parties(everybody: Iterable[Attendance]) -> list[str]:
    names = set()
    for one in everybody:
        if one.unit:
            names.add(one.unit.authority.party.name)
        elif one.called == Called.PERSON:
            names.add(_("Personen"))
    return sorted(names)


def _category(one: Attendance) -> Category:
    is_care = one.unit is not None and one.unit.authority.party.kind == PartyKind.REGION
    return Category.HEALTH if is_care else Category.NEEDS


def _in_words(one: Attendance) -> str:
    unit = one.unit.name if one.unit else ""
    called = "" if unit else str(one.get_called_display()).capitalize()
    who = ", ".join(each for each in (one.name, unit, called) if each)
    if one.was_present:
        return who
    return _("%(who)s: var inte med (%(why)s)") % {"who": who, "why": one.get_cause_display()}
