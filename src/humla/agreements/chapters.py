"""What an agreement holds, chapter by chapter, as plain values: to edit, compare, and know who was first.

Here: reading a chapter, and the mark of how it was when a form was made for it. Not here: writing one
(`drafting`), saying in words what differs between two versions (`comparing`), nor the texts (`words`).
"""

import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from humla.agreements.models import LocalAgreement


class Chapter(StrEnum):
    """What is edited by itself; the value stands in the address of its page."""

    FRAME = "grunder"
    PARTIES = "parter"
    PROFESSIONS = "vem-far-starta"
    DEADLINES = "frister"
    AREAS = "livsomraden"
    GROUPS = "behovsgrupper"
    LAW = "lagrum"


LABELS: dict[Chapter, str | Promise] = {
    Chapter.FRAME: _("Vem det gäller och hur länge"),
    Chapter.PARTIES: _("Parterna"),
    Chapter.PROFESSIONS: _("Vem som får starta"),
    Chapter.DEADLINES: _("Fristerna"),
    Chapter.AREAS: _("Livsområden"),
    Chapter.GROUPS: _("Behovsgrupper"),
    Chapter.LAW: _("Lagen bakom"),
}

FRAME = ("title", "target_group", "from_age", "starts_on", "ends_on", "renewal_decided_by")


@dataclass(frozen=True)
class Deadline:
    """One number of the agreement: its bounds, and what follows from it."""

    name: str
    least: int
    most: int
    steers: str | Promise


DEADLINES = (
    Deadline("request_days", 1, 60, _("Så länge har enheten på sig när någon ber om en SIP.")),
    Deadline("times_days", 1, 30, _("Så länge har alla på sig att svara på förslag om tider.")),
    Deadline("answer_days", 1, 60, _("Dagen som föreslås när du kallar: då ska alla ha svarat.")),
    Deadline("meeting_days", 1, 365, _("Från att behovet blev känt. Går den över blir det en rad i Idag.")),
    Deadline("input_days", 0, 60, _("Så långt före mötet ska det som parterna skickar vara framme.")),
    Deadline("reminder_days", 1, 60, _("Så länge väntar vi innan den som är tyst får en påminnelse.")),
    Deadline("reminders", 0, 5, _("Sedan blir det en uppgift i Idag: ring.")),
    Deadline("follow_up_months", 1, 24, _("Dagen som föreslås för nästa uppföljning.")),
)
"""The deadlines, in the order that a case meets them."""

LAW_SUBJECTS = {
    "plan": _("Att planen görs"),
    "plan_content": _("Vad planen ska visa"),
    "consent": _("Samtycke och sekretess"),
    "fk_meeting": _("Försäkringskassans avstämningsmöte"),
}
"""What the agreement says the legal ground of, in order."""


def content(agreement: LocalAgreement, chapter: Chapter) -> Any:
    """What stands in a chapter: by name, or in order."""
    match chapter:
        case Chapter.FRAME:
            return {name: getattr(agreement, name) for name in FRAME}
        case Chapter.DEADLINES:
            return {one.name: getattr(agreement, one.name) for one in DEADLINES}
        case Chapter.PARTIES:
            return {row.party_id: row.duty for row in agreement.parties.all()}
        case Chapter.PROFESSIONS:
            return sorted((row.profession_id for row in agreement.initiating.all()), key=str)
        case Chapter.AREAS:
            return [(row.name, row.icf) for row in agreement.life_areas.all()]
        case Chapter.GROUPS:
            return [row.name for row in agreement.needs_groups.all()]
        case Chapter.LAW:
            return {row.subject: row.text for row in agreement.law.order_by("subject")}


def mark(written: Any) -> int:
    """A number that is another when what was written is: a form carries it, so that nobody overwrites unseen.

    Nine digits, as a version. It guards against two who write in good faith, not against forgery.
    """
    steady = sorted(written.items(), key=str) if isinstance(written, dict) else written
    return zlib.crc32(repr(steady).encode()) % 1_000_000_000
