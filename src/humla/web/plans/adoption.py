"""Reading the whole plan through as it will be frozen, and adopting it.

Here: the page and its button. Not here: what must be there first (`humla.plans.rules.may_adopt`), nor
handing over what was adopted (`humla.web.handover`).
"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from humla.cases.models import Case
from humla.consents.rules import plan_is_agreed
from humla.consents.visibility import latest_plan_answer
from humla.core.versions import Stale
from humla.plans import actions, rules
from humla.plans.document import Blocks, blocks_of, difference, parts_of, shown
from humla.plans.models import Plan
from humla.plans.visibility import parts_of_version
from humla.web.door import DoorRequest, case_page
from humla.web.page import render
from humla.web.plans.editing import sent_version
from humla.web.plans.missing import todo
from humla.web.plans.opening import head, looked, plan_or_404


@case_page(methods=("GET", "POST"))
def adopt_plan(request: DoorRequest, case: Case) -> HttpResponse:
    """Read the whole plan as it will be frozen, and adopt it. What was read is what is adopted."""
    plan = plan_or_404(request, case)
    if request.method == "POST":
        try:
            document = actions.adopt(plan, version=sent_version(request), by=request.actor)
        except Stale:
            return _page(request, case, plan, has_changed=True)
        messages.success(request, _("Version %(number)s är fastställd.") % {"number": document.version})
        return redirect("plan_version", case_id=case.pk, version=document.version)
    return _page(request, case, plan)


def _page(request: DoorRequest, case: Case, plan: Plan, *, has_changed: bool = False) -> HttpResponse:
    looked(request, case, plan)
    now, answer, last = parts_of(plan), latest_plan_answer(case), plan.adopted_version
    return render(
        request,
        "plans/adopt.html",
        {
            **head(case, plan),
            "parts": shown(now),
            "changes": difference(_frozen(case, last), now) if last else [],
            "todo": [todo(case, one) for one in rules.missing_parts(plan)],
            "agreed": plan_is_agreed(answer),
            "may_adopt": rules.may_adopt(request.actor, plan, answer),
            "next_version": last + 1,
            "has_changed": has_changed,
        },
    )


def _frozen(case: Case, version: int) -> Blocks:
    return blocks_of(parts_of_version(case, version))
