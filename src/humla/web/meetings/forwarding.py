"""A summons that came to the wrong unit: the right one is called instead, or the person is asked first.

Here: what stands beside such a summons, and the button. Not here: that the unit says so (`answering`, and by
the link `humla.web.answer`), nor what may be told whom (`humla.meetings.rules`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from humla.cases.models import Case, Category
from humla.consents.kept_away import kept_away_from
from humla.core.context import Actor
from humla.core.rulings import Ruling
from humla.meetings import actions, rules
from humla.meetings.models import Meeting, Summons
from humla.meetings.rules import Call
from humla.meetings.visibility import consents_by_unit, right_unit
from humla.organisation.models import Unit
from humla.web.door import DoorRequest, case_page
from humla.web.meetings.opening import back, summons_or_404


@dataclass(frozen=True)
class RightUnit:
    """The unit that the wrong one has named, and what can be done now."""

    unit: Unit
    may: Ruling
    ask_url: str
    """The question to the person about that unit, filled in; empty when her yes is there already."""


@dataclass(frozen=True)
class Chain:
    """Where the summonses of a meeting have gone on to, by the summons that came wrong and by the new one."""

    right: dict[UUID, RightUnit]
    went_to: dict[UUID, Summons]
    came_from: dict[UUID, Summons]


def chain_of(actor: Actor, meeting: Meeting, summonses: Sequence[Summons]) -> Chain:
    """For a meeting's page: as many questions for three as for one, and none when nothing has come wrong."""
    by_id = {one.pk: one for one in summonses}
    later = [one for one in summonses if one.forwarded_from_id in by_id]
    named = {one.pk: unit for one in summonses if one.cancelled_at is None and (unit := right_unit(one))}
    return Chain(
        right=_rights(actor, meeting, summonses, named) if named else {},
        went_to={one.forwarded_from_id: one for one in later if one.forwarded_from_id},
        came_from={one.pk: by_id[one.forwarded_from_id] for one in later if one.forwarded_from_id},
    )


@case_page(methods=("POST",))
def forward_summons(request: DoorRequest, case: Case, summons_id: UUID) -> HttpResponse:
    """Call the right unit instead; the day to answer by is the same."""
    found = summons_or_404(request, case, summons_id)
    sent = actions.forward(found, by=request.actor)
    name = sent.unit.name if sent.unit else ""
    messages.success(
        request, gettext("%(unit)s är kallad i stället. Kallelsen går om en minut.") % {"unit": name}
    )
    return back(case, found.meeting, "#kallade")


def _rights(
    actor: Actor, meeting: Meeting, summonses: Sequence[Summons], named: dict[UUID, Unit]
) -> dict[UUID, RightUnit]:
    case, consents, kept = meeting.case, consents_by_unit(meeting.case), kept_away_from(meeting.case)
    made = {}
    for one in summonses:
        if one.pk not in named:
            continue
        unit = named[one.pk]
        call, consent = Call(one.called, unit, "", one.bring, one.form), consents.get(unit.pk)
        told = rules.may_summon(actor, meeting, call, consent=consent, summoned=summonses, kept=kept)
        has_yes = rules.may_be_told(case, call, consent)
        may = rules.may_forward(actor, one, unit, told=told)
        made[one.pk] = RightUnit(unit, may, "" if has_yes else _question(case, unit))
    return made


def _question(case: Case, unit: Unit) -> str:
    asked = urlencode({"unit": unit.pk, "categories": Category.PLANNING.value})
    return f"{reverse('ask_consent', kwargs={'case_id': case.pk})}?{asked}"
