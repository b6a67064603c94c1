"""Who has looked, in words for the person: by day, unit and role first, every single time folded under it.

Here: sentences and the folding of the trail's lines. Not here: the queries (`humla.audit.visibility`), nor
the pages (`humla.web.own`). Seldom more than a few units look, but they look often: a list of fifty lines
hides the one that is not as usual.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from humla.audit.models import Event
from humla.audit.tags import LOOKS, SENTENCES, Tag
from humla.audit.visibility import LookGroup
from humla.consents.models import Consent
from humla.core.dates import day_of
from humla.organisation.models import Role, Unit
from humla.organisation.visibility import units_named
from humla.plans.own import own_consents
from humla.web.jinja import short_day


@dataclass(frozen=True)
class Look:
    """One unit in one role during one day: how many times, and what it did."""

    who: str
    authority: str
    role: str
    times: int
    when: str
    what: str
    right: str = ""
    is_new: bool = False


@dataclass(frozen=True)
class Entry:
    """One line of the trail."""

    at: datetime
    who: str
    authority: str
    role: str
    what: str
    right: str
    is_new: bool


@dataclass(frozen=True)
class LookDay:
    """A day with who did something on it, and every single time."""

    on: date
    looks: list[Look]
    entries: list[Entry]


def swedish(text: object) -> Markup:
    """A name or a frozen text inside a sentence that may be in another language and run the other way."""
    return Markup('<bdi lang="sv">{}</bdi>').format(text)


def in_words(groups: Sequence[LookGroup], on: date) -> list[Look]:
    """Groups as the first page tells them, seen from a day."""
    units = units_named({one.unit_id for one in groups if one.unit_id})
    return [
        Look(
            *_where(one.unit_id, units),
            role=_role(one.role),
            times=one.times,
            when=_when(one.on, on),
            what=_done(one.tags),
        )
        for one in groups
    ]


def by_day(events: Sequence[Event], visit: datetime | None, on: date) -> list[LookDay]:
    """Lines of the trail, newest first, folded by day; as many questions for one line as for all."""
    units = units_named({event.unit_id for event in events if event.unit_id})
    consents = own_consents(
        {UUID(one) for event in events for kind, one in event.allowed_by if kind == "consent"}
    )
    days = []
    for day, lines in groupby(events, lambda event: day_of(event.at)):
        same = list(lines)
        entries = [_entry(event, units, consents, visit) for event in same]
        days.append(LookDay(day, _folded(same, entries, _when(day, on)), entries))
    return days


def _folded(events: Iterable[Event], entries: Iterable[Entry], when: str) -> list[Look]:
    groups: dict[tuple[UUID | None, str], list[tuple[Event, Entry]]] = {}
    for event, entry in zip(events, entries, strict=True):
        groups.setdefault((event.unit_id, event.role), []).append((event, entry))
    return [_look(one, when) for one in groups.values()]


def _look(lines: list[tuple[Event, Entry]], when: str) -> Look:
    first = lines[0][1]
    rights = {entry.right for _event, entry in lines}
    return Look(
        who=first.who,
        authority=first.authority,
        role=first.role,
        times=len(lines),
        when=when,
        what=_done(event.tag for event, _entry in reversed(lines)),
        right=first.right if len(rights) == 1 else "",
        is_new=any(entry.is_new for _event, entry in lines),
    )


def _entry(
    event: Event, units: Mapping[UUID, Unit], consents: Mapping[UUID, Consent], visit: datetime | None
) -> Entry:
    return Entry(
        event.at,
        *_where(event.unit_id, units),
        role=_role(event.role),
        what=_done([event.tag]),
        right=_right(event, consents),
        is_new=event.tag in LOOKS and visit is not None and event.at > visit,
    )


def _where(unit_id: UUID | None, units: Mapping[UUID, Unit]) -> tuple[str, str]:
    """The unit, and its authority when that is called something else."""
    unit = units.get(unit_id) if unit_id else None
    if unit is None:
        return _("En myndighet"), ""
    authority = unit.authority.name
    return unit.name, "" if authority == unit.name else authority


def _role(role: str) -> str:
    return str(Role(role).label) if role in Role.values else ""


def _done(tags: Iterable[str]) -> str:
    """What was done, each thing once: "öppnade ditt ärende, läste planen"."""
    return _(", ").join(dict.fromkeys(str(SENTENCES[Tag(tag)]) for tag in tags))


def _when(day: date, on: date) -> str:
    if day == on:
        return _("i dag")
    return _("i går") if day == on - timedelta(days=1) else short_day(day)


def _right(event: Event, consents: Mapping[UUID, Consent]) -> str:
    """What gave the right to look, in plain words."""
    allowed = [(kind, UUID(one)) for kind, one in event.allowed_by]
    given = [consents[one] for kind, one in allowed if kind == "consent" and one in consents]
    if given:
        words = {"unit": swedish(given[0].receiver_unit.name), "day": short_day(given[0].given_at)}
        return escape(_("Fick läsa genom ditt samtycke till %(unit)s, %(day)s.")) % words
    if any(kind == "disclosure" for kind, _one in allowed):
        return _("Fick läsa för att planen har lämnats ut dit.")
    if any(kind == "assignment" for kind, _one in allowed):
        return _("Arbetar i ditt ärende.")
    return ""
