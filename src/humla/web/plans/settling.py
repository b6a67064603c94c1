"""Who answers for the plan, who holds it together, and when it is looked at again: the form and its page.

Not here: who can have that responsibility (`humla.plans.rules.may_settle`).
"""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from humla.cases.models import Case
from humla.core.fields import ModelChoiceField
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.plans import actions
from humla.plans.models import Plan
from humla.plans.visibility import huvudman_to_choose, leads_to_choose
from humla.web.door import DoorRequest, case_page
from humla.web.plans.editing import FormPage, date_field, mark, values


class SettleForm(forms.Form):
    """Who answers for the plan, who holds it together, and when it is looked at again."""

    accountable_party = ModelChoiceField(
        None,
        label=gettext_lazy("Huvudman med övergripande ansvar"),
        help_text=gettext_lazy("Kommunen eller regionen. Lagen ger inte ansvaret till någon annan."),
        empty_label=gettext_lazy("Inte bestämt än"),
        required=False,
    )
    lead = ModelChoiceField(
        None,
        label=gettext_lazy("Huvudansvarig"),
        help_text=gettext_lazy(
            "Den som håller ihop planen i praktiken. Kan arbeta hos vilken part som helst."
        ),
        empty_label=gettext_lazy("Inte bestämt än"),
        required=False,
    )
    follow_up_on = date_field(gettext_lazy("Nästa uppföljning"))
    nothing_by_others = forms.BooleanField(
        label=gettext_lazy("Ingen annan ska göra något"),
        help_text=gettext_lazy("Kryssa i om bara kommunen och regionen gör något i planen."),
        required=False,
    )
    was = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, plan: Plan, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, rows in {"accountable_party": huvudman_to_choose(), "lead": leads_to_choose(plan)}.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
            self.fields[name].label_from_instance = lambda row: row.name  # type: ignore[attr-defined]


@case_page(methods=("GET", "POST"))
def settle_plan(request: DoorRequest, case: Case) -> HttpResponse:
    """Who answers for the plan, and when it is looked at again."""
    # A tick that is taken away leaves no trace in what a browser sends: a draft of it would put it back.
    page = FormPage(
        request,
        case,
        "settle_plan",
        title=_("Ansvar och uppföljning"),
        template="plans/settle.html",
        keeps_draft=False,
    )
    plan, names = page.plan, ("accountable_party", "lead", "follow_up_on", "nothing_by_others")
    was = mark(plan.accountable_party_id, plan.lead_id, plan.follow_up_on, plan.nothing_by_others)
    if request.method == "GET":
        return page.shown(SettleForm, values(plan, names) | {"was": was}, version=plan.version, plan=plan)
    form = SettleForm(request.POST, plan=plan)
    if form.is_valid():
        told = dict(form.cleaned_data)
        version = plan.version if told.pop("was") == was else page.version
        lead = told.pop("lead")
        try:
            actions.settle(plan, **told, lead_id=lead.pk if lead else None, version=version, by=request.actor)
        except Stale as stale:
            return page.conflict(form, values(stale.theirs, names), stale, was=was)
        except NotAllowed as no:
            form.add_error(None, no.reason)
        else:
            return page.done(_("Ansvaret för planen är sparat."))
    return page.came_back(form)
