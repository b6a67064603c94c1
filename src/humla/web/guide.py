"""The guided first SIP: for each step what to do, why, an example, the form, and where it is done (INI-11).

Here: the page, and "be samordnaren titta" on it. What is done ticks itself, from the same facts as the front
of the case (`humla.web.stage`, `humla.web.waiting`). Not here: the words, which the förbund may write itself
(`humla.agreements.words`), nor the right to look (`humla.cases.beside`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from humla.agreements.blanks import blank
from humla.agreements.models import GuidanceStep
from humla.agreements.words import Guidance, words_in_force
from humla.audit.tags import Tag
from humla.cases import beside
from humla.cases.models import Case, CaseState
from humla.cases.naming import case_title
from humla.cases.visibility import assignment_in, initiation_of, who_works_in
from humla.people.visibility import person_seen
from humla.plans.visibility import plan_of
from humla.web.door import DoorRequest, case_page, only_where_held
from humla.web.page import render
from humla.web.stage import receivers_shown, stage_of
from humla.web.waiting import Stage, Step, case_steps

_WHERE = {
    GuidanceStep.CONSENT: "consents",
    GuidanceStep.PREPARATORY: "preparation",
    GuidanceStep.TIMES: "times",
    GuidanceStep.SUMMONS: "meetings",
    GuidanceStep.MEETING: "meetings",
    GuidanceStep.PLAN: "plan",
    GuidanceStep.FOLLOW_UP: "follow_ups",
    GuidanceStep.CLOSE: "close_case",
}
"""The page where each step is done; how it began has a page only where it was written down."""


_MOST = 3
"""So many coordinators are offered, those of one's own unit first."""


@dataclass(frozen=True)
class GuideStep:
    """One step, as somebody reads it who has never taken it."""

    number: int
    words: Guidance
    state: str
    form: str
    form_url: str
    url: str

    @property
    def is_now(self) -> bool:
        """Is it here that the case stands?"""
        return self.state in ("now", "waiting", "stopped")


@case_page()
def guide(request: DoorRequest, case: Case) -> HttpResponse:
    """Step by step, with what is done ticked and the one that it stands at open."""
    only_where_held(request, case)
    person = person_seen(case.person_id)
    if person is None:
        raise Http404
    working, plan = who_works_in(case), plan_of(case)
    stage = stage_of(case, person, plan, working, receivers_shown(case, plan, working), is_mine=True)
    request.looked_in(case, Tag.CASE_READ, items=[("case", case.pk, case.version)])
    steps = _steps(case, stage)
    looks = beside.who_looks(case)
    looking = {one.professional_id for one in looks}
    inside = {(one.professional_id, one.unit_id) for one in working}
    context = {
        "case": case,
        "title": case_title(case),
        "steps": steps,
        "done": sum(one.state == "done" for one in steps),
        "responsible": stage.responsible,
        "looks": [(one, beside.may_end_look(request.actor, one)) for one in looks],
        "coordinators": [
            (one, (one.professional_id, one.unit_id) in inside)
            for one in beside.coordinators_near(request.actor)[:_MOST]
            if one.professional_id not in looking
        ],
        "days": beside.DAYS,
        "may_ask": beside.may_ask_to_look(request.actor, case),
    }
    return render(request, "guide/guide.html", context)


@case_page(methods=("POST",))
def ask_to_look(request: DoorRequest, case: Case) -> HttpResponse:
    """One tap: the coordinator may look for a while, and sees it on her Idag."""
    only_where_held(request, case)
    chosen = request.POST.get("coordinator", "")
    found = next((one for one in beside.coordinators_near(request.actor) if str(one.pk) == chosen), None)
    if found is None:
        messages.error(request, _("Samordnaren arbetar inte hos er längre. Välj en annan."))
    else:
        beside.ask_to_look(case, found, by=request.actor)
        messages.success(request, _("Klart. Samordnaren ser ärendet på sin sida Idag."))
    return redirect(reverse("guide", kwargs={"case_id": case.pk}) + "#stod")


@case_page(methods=("POST",))
def end_look(request: DoorRequest, case: Case, assignment_id: UUID) -> HttpResponse:
    """One tap: it is over, for whoever looked or by whoever asked."""
    only_where_held(request, case)
    one = assignment_in(case, assignment_id)
    if one is None:
        raise Http404
    beside.end_look(one, by=request.actor)
    if one.professional_id == request.actor.id:
        messages.success(request, _("Klart. Du läser inte ärendet längre."))
        return redirect("today")
    messages.success(request, _("Klart. Samordnaren läser inte ärendet längre."))
    return redirect(reverse("guide", kwargs={"case_id": case.pk}) + "#stod")


def _steps(case: Case, stage: Stage) -> list[GuideStep]:
    words, states = words_in_force(), _states(stage)
    beginning = initiation_of(case)
    steps = []
    for number, step in enumerate(GuidanceStep, start=1):
        said = words.guidance(step)
        paper = blank(said.form) if said.form else None
        page = _WHERE.get(step, "initiation" if beginning else "")
        steps.append(
            GuideStep(
                number=number,
                words=said,
                state=states[step],
                form=paper.title if paper else "",
                form_url=_form_url(case, said.form) if paper else "",
                url=reverse(page, kwargs={"case_id": case.pk}) if page else "",
            )
        )
    return steps


def _form_url(case: Case, slug: str) -> str:
    return reverse("form_for_case", kwargs={"case_id": case.pk, "slug": slug})


def _states(stage: Stage) -> Mapping[str, str]:
    """As the line of the case says it; a time is found when there is a meeting, the end is the case's own."""
    states = {str(step): one["state"] for step, one in zip(Step, case_steps(stage, {}), strict=True)}
    has_time = stage.meeting is not None or stage.met_on is not None
    states[GuidanceStep.TIMES] = "done" if has_time else "ahead"
    for step in (Step.SUMMONS, Step.MEETING):
        if not has_time and states[step] in ("now", "waiting"):
            states[GuidanceStep.TIMES], states[step] = states[step], "ahead"
    states[GuidanceStep.CLOSE] = "done" if stage.state is CaseState.CLOSED else "ahead"
    return states
