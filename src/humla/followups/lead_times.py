"""How long it takes from one step to the next, and why meetings are moved (SUM-8).

Here: the two questions, over the cases that the reader's authority holds. Which cases those are, and that no
figure has fewer than five behind it, is decided where they are counted (walls/67_lead_times.sql). Not here:
the page (`humla.web.lead_times`), nor the förbund's figures.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.core.context import Actor, Kind
from humla.core.rulings import YES, Ruling, no
from humla.organisation.models import CASE_ROLES

FEWEST = 5
"""What fewer cases stand behind is not told."""


class LeadStep(TextChoices):
    """From what to what, in the order of a case's life."""

    CONSENT = "consent", _("Från att behovet märktes till ja till en plan")
    ASKED = "asked", _("Från ja till första kallelsen eller tidsförslaget")
    ANSWER = "answer", _("Från kallelse till svar")
    MEETING = "meeting", _("Från första kallelsen eller tidsförslaget till mötet")
    SENT = "sent", _("Från mötet till att planen kom fram")
    FOLLOW_UP = "follow_up", _("Från planen till uppföljningen")
    WHOLE = "whole", _("Hela vägen: från att behovet märktes till mötet")


@dataclass(frozen=True)
class LeadTime:
    """Days in one step: half took at most the middle, nine of ten at most the ninth."""

    step: LeadStep
    unit: str
    party: str
    cases: int
    middle: Decimal
    ninth: Decimal


@dataclass(frozen=True)
class Moved:
    """How many meetings were moved or called off for a cause; with a party: one that could not come."""

    cause: str
    party: str
    meetings: int


def may_read_lead_times(actor: Actor) -> Ruling:
    """Whoever works in cases, over what is her own, her unit's or her authority's."""
    if actor.kind is Kind.PROFESSIONAL and actor.role in CASE_ROLES:
        return YES
    return no(gettext("I den här rollen har du inga ärenden att räkna på."))


def lead_times(first: date, last: date) -> list[LeadTime]:
    """Per step first for all together, then for each receiving unit, the slowest first."""
    rows = [
        LeadTime(LeadStep(step), unit or "", party or "", cases, middle, ninth)
        for step, unit, party, cases, middle, ninth in _rows("SELECT * FROM lead_times(%s, %s)", first, last)
    ]
    order = list(LeadStep)
    return sorted(rows, key=lambda one: (order.index(one.step), one.unit != "", -one.middle, one.unit))


def why_moved(first: date, last: date) -> list[Moved]:
    """The most common cause first, and under it the parties that could not come."""
    rows = [
        Moved(cause, party or "", meetings)
        for cause, party, meetings in _rows("SELECT * FROM why_moved(%s, %s)", first, last)
    ]
    most = {one.cause: one.meetings for one in rows if not one.party}
    return sorted(rows, key=lambda one: (-most.get(one.cause, 0), one.cause, one.party != "", -one.meetings))


def _rows(question: str, first: date, last: date) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, [first, last])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
