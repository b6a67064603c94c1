"""The case itself: whose turn it is, where it stands, who it is about, who works in it, and all the ways on.

Here: the page. Not here: what is known about a case (`humla.web.stage`), whose turn it is by that
(`humla.web.waiting`), nor the pages that it leads to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from humla.agreements.visibility import deciding_now
from humla.audit.tags import Tag
from humla.cases.models import Case, CaseAssignment, CaseRole, CaseState, Handover, Initiation, Initiator
from humla.cases.naming import case_title, holder
from humla.cases.rules import may_assign, may_change, may_conclude, may_hand_over, may_wake
from humla.cases.visibility import (
    handovers_in,
    initiation_in,
    initiation_of,
    is_held,
    who_works_in,
    working_in,
)
from humla.consents.visibility import consents_in, latest_answer_in
from humla.core.context import now
from humla.core.dates import written_date
from humla.disclosures.visibility import disclosures_of
from humla.followups.visibility import follow_ups_in
from humla.meetings.preparation import handed_in
from humla.meetings.visibility import meetings_in
from humla.people.models import Language, Person
from humla.people.naming import display_name, shown_number
from humla.people.visibility import person_seen
from humla.plans.visibility import EVERYTHING, lead_transfers_in, plan_of, the_plan, versions_in
from humla.web.cases import colleague_row, is_me
from humla.web.door import DoorRequest, case_page
from humla.web.page import render
from humla.web.people import born_fact
from humla.web.stage import receivers_shown, stage_of
from humla.web.waiting import Step, case_steps, next_step, who_waits

_FRESH = timedelta(days=30)
"""So long the word on the way stands on top for the one who took over."""


@dataclass(frozen=True)
class Way:
    """A page of the case, as its front names it."""

    label: str
    url: str
    symbol: str


@case_page(
    ahead=(
        the_plan,
        deciding_now,
        *EVERYTHING.values(),
        latest_answer_in,
        disclosures_of,
        initiation_in,
        handovers_in,
        lead_transfers_in,
        working_in,
        consents_in,
        versions_in,
        meetings_in,
        handed_in,
        follow_ups_in,
    )
)
def case(request: DoorRequest, case: Case) -> HttpResponse:
    """The case: who waits for whom, where it stands, who it is about and who works in it."""
    if not is_held(case, request.actor):
        return redirect("received", case_id=case.pk)
    person = person_seen(case.person_id)
    if person is None:
        raise Http404
    working = who_works_in(case)
    items = [("case", case.pk, case.version), ("person", person.pk, person.version)]
    request.looked_in(case, Tag.CASE_READ, items=items)
    plan = plan_of(case)
    receivers = receivers_shown(case, plan, working)
    stage = stage_of(case, person, plan, working, receivers, is_mine=_is_responsible(request, working))
    handovers = handovers_in(case.pk)
    beginning = initiation_of(case)
    context = {
        "case": case,
        "title": case_title(case),
        "sentence": _from_the_start(who_waits(stage)),
        "next": next_step(stage),
        "steps": case_steps(stage, _step_urls(case, beginning)),
        "name": display_name(person),
        "number": shown_number(person),
        "facts": _facts(person),
        "about": _about(case, person, beginning),
        "working": [colleague_row(one, request, working) for one in working],
        "receivers": receivers,
        "handovers": handovers,
        "word_on_the_way": _word_on_the_way(request, handovers),
        "stands": stage.state,
        "resting_reason": case.resting_reason if stage.state is CaseState.RESTING else "",
        "ways": _ways(case),
        "may_assign": may_assign(request.actor, case, working=working),
        "may_wake": may_wake(request.actor, case),
        "may_rest": may_change(request.actor, case),
        "may_hand_over": may_hand_over(request.actor, case, working=working),
        "may_close": may_conclude(request.actor, case),
    }
    return render(request, "cases/case.html", context)


def _from_the_start(sentence: str) -> str:
    """One that begins with "personen" begins with a capital letter all the same."""
    return sentence[:1].upper() + sentence[1:]


def _is_responsible(request: DoorRequest, working: Sequence[CaseAssignment]) -> bool:
    return any(one.role == CaseRole.RESPONSIBLE and is_me(one, request) for one in working)


def _to(case: Case, page: str) -> str:
    return reverse(page, kwargs={"case_id": case.pk})


def _step_urls(case: Case, beginning: Initiation | None) -> dict[str, str]:
    return {
        # A case from before its beginning was written down, or one that continues another, has no such page.
        Step.NEED: _to(case, "initiation") if beginning else "",
        Step.CONSENT: _to(case, "consents"),
        Step.PREPARATORY: _to(case, "preparation"),
        Step.SUMMONS: _to(case, "meetings"),
        Step.MEETING: _to(case, "meetings"),
        Step.PLAN: _to(case, "plan"),
        Step.FOLLOW_UP: _to(case, "follow_ups"),
    }


def _ways(case: Case) -> list[Way]:
    """Everything that a case has, in the order of its life."""
    return [
        Way(gettext("Steg för steg"), _to(case, "guide"), "info"),
        Way(gettext("Samtycke"), _to(case, "consents"), "check"),
        Way(gettext("Ombud"), _to(case, "mandates"), "people"),
        Way(gettext("Förberedelse"), _to(case, "preparation"), "chat"),
        Way(gettext("Hitta en tid"), _to(case, "times"), "clock"),
        Way(gettext("Möten"), _to(case, "meetings"), "calendar"),
        Way(gettext("Underlag"), _to(case, "evidence"), "document"),
        Way(gettext("Planen"), _to(case, "plan"), "document"),
        Way(gettext("Uppföljning"), _to(case, "follow_ups"), "eye"),
        Way(gettext("Egna anteckningar"), _to(case, "notes"), "pen"),
        Way(gettext("Blanketter"), _to(case, "case_forms"), "document"),
        Way(gettext("Skydd"), _to(case, "protection"), "lock"),
    ]


def _facts(person: Person) -> list[str]:
    spoken = gettext("Språk: %(language)s") % {"language": str(Language(person.language).label)}
    code = [person.code] if person.code else []
    return [
        *code,
        *([] if person.is_protected else born_fact(person)),
        spoken,
        *([gettext("Behöver tolk")] if person.needs_interpreter else []),
    ]


def _about(case: Case, person: Person, initiation: Initiation | None) -> list[dict[str, str]]:
    rows = [
        (gettext("Ärendekod"), case.reference, ""),
        (gettext("Finns hos"), holder(case), ""),
        (gettext("Varför"), case.reason, ""),
        *_beginning(case, initiation),
        (gettext("Stöd för att förstå och bli förstådd"), person.communication_support, ""),
        (gettext("Vill bli nådd så här"), person.wants_contact_by, ""),
    ]
    return [{"label": label, "value": value, "href": href} for label, value, href in rows if value]


def _beginning(case: Case, one: Initiation | None) -> list[tuple[str, str, str]]:
    if one is None:
        return []
    rows = [(gettext("Initiativet togs av"), _initiator(one), _to(case, "initiation"))]
    if one.need_seen_on:
        rows.append((gettext("Behovet märktes"), written_date(one.need_seen_on), ""))
    if one.needs_group:
        rows.append((gettext("Behovsgrupp"), one.needs_group.name, ""))
    return rows


def _initiator(one: Initiation) -> str:
    if one.initiator != Initiator.PROFESSIONAL or one.initiator_profession is None:
        return str(Initiator(one.initiator).label)
    unit = [one.initiator_unit.name] if one.initiator_unit else []
    words = ", ".join([one.initiator_profession.name, *unit])
    return gettext("%(who)s, via SIP-samordnaren") % {"who": words} if one.via_coordinator else words


def _word_on_the_way(request: DoorRequest, handovers: Sequence[Handover]) -> Handover | None:
    """What the one before wanted her to know, while it is new."""
    newest = next(iter(handovers), None)
    if newest is None or newest.to_professional_id != request.actor.id:
        return None
    return newest if now() - newest.handed_over_at < _FRESH else None
