"""Reading the whole plan through as it will be frozen, asking the person, and adopting it.

Here: the page, the question and its button. Not here: what must be there first
(`humla.plans.rules.may_adopt`), nor handing over what was adopted (`humla.web.handover`).
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from humla.cases.models import Case
from humla.consents.rules import plan_is_agreed
from humla.consents.visibility import latest_plan_answer
from humla.core.fields import ChoiceField, ProseField
from humla.core.versions import Stale
from humla.plans import actions, rules
from humla.plans.document import Blocks, blocks_of, difference, parts_of, shown
from humla.plans.models import PersonSays, Plan
from humla.plans.visibility import parts_of_version
from humla.web.door import DoorRequest, case_page
from humla.web.page import render
from humla.web.plans.missing import next_time, todo
from humla.web.plans.opening import head, looked, plan_or_404
from humla.web.two_texts import sent_version


class AnswerForm(forms.Form):
    """Is the person with the plan? Silence is never yes, so it is asked each time."""

    says = ChoiceField(
        label=gettext_lazy("Är personen med på planen?"),
        help_text=gettext_lazy("Ett nej stoppar inte planen. Det står i den."),
        widget=forms.RadioSelect,
        choices=lambda: [(one.value, str(one.label).capitalize()) for one in PersonSays],
        missing=gettext_lazy("Fråga personen, och välj svaret."),
    )
    why = ProseField(
        500,
        rows=2,
        label=gettext_lazy("Vad säger personen om den?"),
        help_text=gettext_lazy("Med personens egna ord. Kunde personen inte svara: skriv varför."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        ruling = rules.may_answer(told.get("says", ""), told.get("why", ""))
        if told.get("says") and not ruling:
            self.add_error("why", ruling.reason)
        return told


@case_page(methods=("GET", "POST"))
def adopt_plan(request: DoorRequest, case: Case) -> HttpResponse:
    """Read the whole plan as it will be frozen, and adopt it. What was read is what is adopted."""
    plan = plan_or_404(request, case)
    if request.method == "GET":
        return _page(request, case, plan, AnswerForm())
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, case, plan, form)
    try:
        document = actions.adopt(plan, **form.cleaned_data, version=sent_version(request), by=request.actor)
    except Stale:
        return _page(request, case, plan, form, has_changed=True)
    messages.success(request, _("Version %(number)s är fastställd.") % {"number": document.version})
    return redirect("plan_version", case_id=case.pk, version=document.version)


def _page(
    request: DoorRequest, case: Case, plan: Plan, form: AnswerForm, *, has_changed: bool = False
) -> HttpResponse:
    looked(request, case, plan)
    now, answer, last = parts_of(plan), latest_plan_answer(case), plan.adopted_version
    return render(
        request,
        "plans/adopt.html",
        {
            **head(case, plan),
            "parts": shown(now),
            "changes": difference(_frozen(case, last), now) if last else [],
            "form": form,
            "todo": [todo(case, one) for one in rules.missing_parts(plan)],
            "next_time": next_time(case, plan),
            "agreed": plan_is_agreed(answer),
            "may_adopt": rules.may_adopt(request.actor, plan, answer, says=None),
            "next_version": last + 1,
            "has_changed": has_changed,
        },
    )


def _frozen(case: Case, version: int) -> Blocks:
    return blocks_of(parts_of_version(case, version))
