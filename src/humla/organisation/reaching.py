"""How one reaches a unit, and how much what is said about it can be trusted, in words.

Here: pure answers about one row. Not here: finding it (`humla.organisation.finding`), changing it
(`humla.organisation.actions`).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from humla.core.dates import day_of, written_date
from humla.organisation.models import Unit

CONFIRMED_FOR = timedelta(days=183)
"""So long is a confirmation believed; then whoever looks after the unit is asked again."""


@dataclass(frozen=True)
class Trust:
    """How sure it is that the unit is reached as it says: a sentence, and the colour beside it."""

    sentence: str
    tone: str

    @property
    def is_good(self) -> bool:
        """Is there nothing to do about it?"""
        return self.tone == "done"


def trust_in(unit: Unit, on: date) -> Trust:
    """What to say beside the unit today. A dead mailbox says more than an old yes."""
    if unit.mail_failed_at is not None:
        day = written_date(day_of(unit.mail_failed_at))
        if unit.phone:
            return Trust(
                _("Brevlådan svarade inte %(day)s: ring %(phone)s") % {"day": day, "phone": unit.phone},
                "stop",
            )
        return Trust(_("Brevlådan svarade inte %(day)s") % {"day": day}, "stop")
    if unit.confirmed_at is None:
        return Trust(_("Ingen har bekräftat uppgifterna"), "neutral")
    day = written_date(day_of(unit.confirmed_at))
    if is_due(unit, on):
        return Trust(_("Bekräftad %(day)s, behöver bekräftas igen") % {"day": day}, "warning")
    return Trust(_("Bekräftad %(day)s") % {"day": day}, "done")


def is_due(unit: Unit, on: date) -> bool:
    """Is it time to ask again whether it is true? Also when nobody has ever said so."""
    return unit.confirmed_at is None or day_of(unit.confirmed_at) + CONFIRMED_FOR <= on


def ages(unit: Unit) -> str:
    """For whom by age; empty when there is no limit."""
    low, high = unit.from_age, unit.to_age
    if low is not None and high is not None:
        return _("%(low)s–%(high)s år") % {"low": low, "high": high}
    if low is not None:
        return _("från %(low)s år") % {"low": low}
    return _("till och med %(high)s år") % {"high": high} if high is not None else ""


def for_whom(unit: Unit) -> str:
    """What it takes on, of which ages and from where, in one line."""
    told = [unit.takes_on.rstrip("."), ages(unit).capitalize()]
    if unit.serves:
        told.append(_("Tar emot från %(places)s") % {"places": ", ".join(unit.serves)})
    said = [one for one in told if one]
    return f"{'. '.join(said)}." if said else ""


def instead(unit: Unit) -> str:
    """Who answers when nobody does there; empty when nobody has been named."""
    named = unit.stand_in
    if unit.stand_in_phone:
        named = f"{named} {unit.stand_in_phone}".strip()
    if unit.stand_in_unit is not None:
        other = unit.stand_in_unit
        named = ", ".join(one for one in (f"{other.name} {other.phone}".strip(), named) if one)
    return _("Svarar ingen: %(who)s.") % {"who": named} if named else ""
