"""Looking somebody up by her number: always on the trail, and not without end.

That somebody is registered at an authority is itself secret (OSL 25:1, 26:1), and a form that comes back
with "the number is here already" tells it.

Here: the look that such a form leaves behind, and the day's count of numbers that nobody had. Not here: the
look-up (`humla.people.actions`), which writes its own line when the form went through.
"""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from humla.audit.tags import Tag
from humla.core.context import today
from humla.core.rulings import YES, Ruling, no
from humla.drafts.actions import count_up, counted
from humla.web.door import DoorRequest, Look

MOST_MISSES = 20
"""So many numbers that nobody has may one professional try in a day. A slip of the finger is one."""

_TALLY = "number_misses"


@dataclass(frozen=True)
class NumberSought(Look):
    """A look-up whose own line was rolled back with the form. The door writes it, and the miss with it."""

    def write(self) -> None:
        """One line on the trail, and one more miss when nobody had the number."""
        super().write()
        if self.person is None:
            count_miss()


def may_seek() -> Ruling:
    """May the one who acts try another number today?"""
    if counted(_TALLY, today()) < MOST_MISSES:
        return YES
    return no(_("Du har sökt på många nummer i dag. Vänta till i morgon eller prata med din chef."))


def note_sought(request: DoorRequest, known: UUID | None) -> None:
    """Say that a number was looked up and whose it was, for the form that may come back.

    Without the case that it was done in: the line is about the one who has the number, and the case may be
    about somebody else.
    """
    items = [("person", known, 0)] if known else []
    request.looks.append(NumberSought(Tag.NUMBER_SOUGHT, None, known, items))


def count_miss() -> None:
    """One more number that nobody had."""
    count_up(_TALLY, today())
