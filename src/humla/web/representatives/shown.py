"""A mandate as every page shows it, and whom it is about.

Here: rows. Not here: the pages themselves (`mandates`, `withholding`, `hers`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext

from humla.cases.models import Case
from humla.cases.naming import case_title
from humla.cases.visibility import is_held
from humla.consents import wording
from humla.consents.rules import last_day
from humla.core.context import Actor, now
from humla.core.dates import day_of
from humla.core.rulings import Ruling
from humla.people.models import Person
from humla.people.naming import BULLETS, display_name, shown_number
from humla.people.visibility import person_seen
from humla.representatives import rules
from humla.representatives.models import Mandate, MandateState
from humla.representatives.visibility import state_of
from humla.web.door import DoorRequest

TONES = {
    MandateState.IN_FORCE: "done",
    MandateState.AHEAD: "info",
    MandateState.RESTING: "warning",
    MandateState.ENDED: "neutral",
}


@dataclass(frozen=True)
class MandateRow:
    """One mandate as the pages show it."""

    mandate: Mandate
    state: MandateState
    tone: str
    number: str
    reads: list[str]
    until: date
    withheld: int
    may_end: Ruling
    may_rest: Ruling
    may_let_stand: Ruling

    @property
    def does(self) -> list[str]:
        """What the representative may do besides reading."""
        told = (
            (self.mandate.may_receive_summons, gettext("vet när möten är")),
            (self.mandate.may_represent_at_meeting, gettext("för personens talan på möten")),
            (self.mandate.may_consent, gettext("säger ja och tar tillbaka ja")),
        )
        return [words for is_so, words in told if is_so]

    @property
    def stands(self) -> bool:
        """Has it not ended?"""
        return self.state is not MandateState.ENDED


def rows(
    mandates: Sequence[Mandate], actor: Actor, withheld: Mapping[UUID, int] | None = None
) -> list[MandateRow]:
    """Mandates as they are shown, in the order given."""
    at = now()
    return [
        MandateRow(
            mandate=one,
            state=state_of(one, at),
            tone=TONES[state_of(one, at)],
            number=f"{one.number[:8]}-{BULLETS}" if one.number else "",
            reads=wording.names_of(one.categories),
            until=day_of(one.ended_at) if one.ended_at else last_day(one.ends_at),
            withheld=(withheld or {}).get(one.pk, 0),
            may_end=rules.may_end(actor, one),
            may_rest=rules.may_rest(actor, one),
            may_let_stand=rules.may_let_stand(actor, one),
        )
        for one in mandates
    ]


def held_person(request: DoorRequest, case: Case) -> Person:
    """Only the holder knows who acts for her."""
    someone = person_seen(case.person_id) if is_held(case, request.actor) else None
    if someone is None:
        raise Http404
    case.person = someone
    return someone


def whose(case: Case, person: Person) -> dict[str, Any]:
    """The case and whom it is about."""
    return {
        "case": case,
        "title": case_title(case),
        "name": display_name(person),
        "number": shown_number(person),
    }
