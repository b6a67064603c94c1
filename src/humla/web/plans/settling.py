"""Who answers for the plan, who holds it together and who else, whom to call, when it is looked at again.

The form and its page. Not here: who can have that responsibility (`humla.plans.rules.may_settle`).
"""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from humla.agreements.visibility import follow_up_due
from humla.cases.models import Case
from humla.core.context import today
from humla.core.dates import written_date
from humla.core.fields import ChoiceField, LineField, ModelChoiceField, offer_rows
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.plans import actions
from humla.plans.met import latest_held
from humla.plans.models import Plan
from humla.plans.rules import has_next
from humla.plans.visibility import huvudman_to_choose, leads_to_choose
from humla.web.door import DoorRequest, case_page
from humla.web.plans.editing import FormPage, category_choices, date_field, mark, values

NAMES = (
    "accountable_party",
    "lead",
    "stand_in",
    "follow_up_on",
    "no_follow_up_by",
    "if_worse",
    "if_worse_category",
    "nothing_by_others",
)
MARKED = tuple(f"{name}_id" if name in ("accountable_party", "lead", "stand_in") else name for name in NAMES)
"""What tells whether the words that the form was made for have moved: rows by their id."""


class SettleForm(forms.Form):
    """Who answers for the plan, who holds it together and who else, when it is looked at, whom to call."""

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
    stand_in = ModelChoiceField(
        None,
        label=gettext_lazy("Ersättare för huvudansvarig"),
        help_text=gettext_lazy("Den som svarar när huvudansvarig inte är där."),
        empty_label=gettext_lazy("Inte bestämt än"),
        required=False,
    )
    follow_up_on = date_field(gettext_lazy("Nästa uppföljning"))
    no_follow_up_by = LineField(
        120,
        label=gettext_lazy("Behövs ingen uppföljning? Skriv vem som har bestämt det"),
        help_text=gettext_lazy(
            "Lämna tomt när det finns en dag. Planen fastställs med det ena eller det andra."
        ),
        required=False,
    )
    if_worse = LineField(
        300,
        label=gettext_lazy("Om det blir sämre: vem ringer man?"),
        help_text=gettext_lazy("Vem eller vart, med telefonnummer. Personen ser det på sin sida."),
        required=False,
    )
    if_worse_category = ChoiceField(
        label=gettext_lazy("Slag av uppgift för numret"),
        help_text=gettext_lazy(
            "Bara mottagare som får veta det här slaget ser vart man ringer. Vård är Hälsa."
        ),
        choices=category_choices,
        required=False,
    )
    nothing_by_others = forms.BooleanField(
        label=gettext_lazy("Ingen annan ska göra något"),
        help_text=gettext_lazy("Kryssa i om bara kommunen och regionen gör något i planen."),
        required=False,
    )
    was = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, plan: Plan, **options: Any) -> None:
        super().__init__(*args, **options)
        due = follow_up_due(today())
        if due is not None:
            told = {"day": written_date(due)}
            self.fields["follow_up_on"].help_text = _("Överenskommelsen föreslår %(day)s.") % told
        leads = leads_to_choose(plan)
        for name, rows in {
            "accountable_party": huvudman_to_choose(),
            "lead": leads,
            "stand_in": leads,
        }.items():
            offer_rows(self, name, rows)


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
    plan = page.plan
    was = mark(*(getattr(plan, name) for name in MARKED))
    if request.method == "GET":
        said = values(plan, NAMES) | _said_at_the_meeting(plan) | {"was": was}
        return page.shown(SettleForm, said, version=plan.version, plan=plan)
    form = SettleForm(request.POST, plan=plan)
    if form.is_valid():
        told = dict(form.cleaned_data)
        version = plan.version if told.pop("was") == was else page.version
        told["if_worse_category"] = told["if_worse_category"] or plan.if_worse_category
        for name in ("lead", "stand_in"):
            one = told.pop(name)
            told[f"{name}_id"] = one.pk if one else None
        try:
            actions.settle(plan, **told, version=version, by=request.actor)
        except Stale as stale:
            return page.conflict(form, values(stale.theirs, NAMES), stale, was=was)
        except NotAllowed as no:
            form.add_error(None, no.reason)
        else:
            return page.done(_("Ansvaret för planen är sparat."))
    return page.came_back(form)


def _said_at_the_meeting(plan: Plan) -> dict[str, Any]:
    """What the meeting decided of the next time, when the plan says nothing: nobody is asked twice."""
    meeting = latest_held(plan.case_id) if not has_next(plan) else None
    if meeting is None:
        return {}
    return {"follow_up_on": meeting.next_on, "no_follow_up_by": meeting.no_next_by}
