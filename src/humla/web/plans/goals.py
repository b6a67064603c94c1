"""The goals of a plan: the person's own, written down and never rewritten, and one for each life area.

Here: their forms and what happens with them. Not here: what is done for a goal (`commitments`).
"""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from humla.cases.models import Case, Category
from humla.core.fields import LineField, ModelChoiceField, ProseField, offer_rows
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.plans import actions
from humla.plans.document import commitments_in
from humla.plans.models import Goal
from humla.plans.rules import rows_that_follow
from humla.plans.visibility import goal_in, life_areas
from humla.web.door import DoorRequest, case_page
from humla.web.plans.editing import FormPage, category_field, date_field, mark, values
from humla.web.plans.opening import back, or_404, plan_or_404


class OwnGoalForm(forms.Form):
    """What the person wants, in the person's own words. The day is always asked anew."""

    text = ProseField(
        4000,
        label=gettext_lazy("Vad vill personen själv?"),
        help_text=gettext_lazy("Skriv det som personen säger, med personens egna ord. Rätta inte språket."),
    )
    said_on = date_field(gettext_lazy("Vilken dag sa personen det?"), required=True)
    told_to = LineField(120, label=gettext_lazy("Berättat för"), required=False)
    category = category_field()
    was = forms.CharField(widget=forms.HiddenInput, required=False)


class GoalForm(forms.Form):
    """One life area: how it is, and what is wanted."""

    life_area = ModelChoiceField(
        None, label=gettext_lazy("Livsområde"), empty_label=gettext_lazy("Välj livsområde")
    )
    situation = ProseField(4000, rows=3, label=gettext_lazy("Nuläge"), required=False)
    text = ProseField(2000, rows=3, label=gettext_lazy("Mål"), missing=gettext_lazy("Skriv vad målet är."))
    category = category_field()

    def __init__(self, *args: Any, goal: Goal | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        areas = life_areas(also=goal.life_area_id if goal else None)
        offer_rows(self, "life_area", areas)


@case_page(methods=("GET", "POST"))
def own_goal(request: DoorRequest, case: Case) -> HttpResponse:
    """The person's own goal: written down, never rewritten. A new wording asks for its own day."""
    page = FormPage(request, case, "own_goal", title=_("Personens eget mål"), template="plans/own_goal.html")
    plan = page.plan
    was = mark(plan.own_goal, plan.own_goal_said_on, plan.own_goal_told_to, plan.own_goal_category)
    if request.method == "GET":
        told_to = plan.own_goal_told_to or request.actor.name
        initial = {"text": plan.own_goal, "told_to": told_to, "category": plan.own_goal_category, "was": was}
        return page.shown(OwnGoalForm, initial, version=plan.version)
    form = OwnGoalForm(request.POST)
    if form.is_valid():
        told = dict(form.cleaned_data)
        # The plan's version moves with every row; what matters here is whether these words have moved.
        version = plan.version if told.pop("was") == was else page.version
        try:
            actions.say_own_goal(plan, **told, version=version, by=request.actor)
        except Stale as stale:
            theirs = (plan.own_goal, plan.own_goal_said_on, plan.own_goal_told_to)
            told = dict(zip(("text", "said_on", "told_to"), theirs, strict=True))
            return page.conflict(form, told, stale, was=was)
        except NotAllowed as no:
            form.add_error(None, no.reason)
        else:
            return page.done(_("Personens eget mål är sparat."))
    return page.came_back(form)


@case_page(methods=("GET", "POST"))
def add_goal(request: DoorRequest, case: Case) -> HttpResponse:
    """A new goal; afterwards the empty row waits for the first thing to do for it."""
    page = FormPage(request, case, "add_goal", title=_("Nytt mål"), template="plans/goal.html")
    if request.method == "GET":
        return page.shown(GoalForm, {"category": Category.NEEDS.value})
    form = GoalForm(request.POST)
    if form.is_valid():
        goal = actions.add_goal(page.plan, by=request.actor, **form.cleaned_data)
        return page.done(_("Målet är tillagt."), f"?mal={goal.pk}&ny=1#id_rad_who")
    return page.came_back(form)


@case_page(methods=("GET", "POST"))
def goal(request: DoorRequest, case: Case, goal_id: UUID) -> HttpResponse:
    """Change a goal."""
    page = FormPage(request, case, "goal", title=_("Ändra målet"), template="plans/goal.html", row=goal_id)
    found = or_404(goal_in(page.plan, goal_id))
    names = ("life_area", "situation", "text", "category")
    if request.method == "GET":
        return page.shown(GoalForm, values(found, names), version=found.version, goal=found)
    form = GoalForm(request.POST, goal=found)
    if form.is_valid():
        kind = Category(form.cleaned_data["category"])
        follow = len(rows_that_follow(found, kind, commitments_in(page.plan)))
        try:
            actions.change_goal(found, version=page.version, by=request.actor, **form.cleaned_data)
        except Stale as stale:
            return page.conflict(form, values(stale.theirs, names), stale)
        return page.done(_changed_in_words(kind, follow), f"#mal-{found.pk}")
    return page.came_back(form)


@case_page(methods=("POST",))
def remove_goal(request: DoorRequest, case: Case, goal_id: UUID) -> HttpResponse:
    """Strike a goal, or with `angra` put it back."""
    found = or_404(goal_in(plan_or_404(request, case), goal_id))
    if request.POST.get("angra"):
        actions.restore_goal(found, by=request.actor)
        messages.success(request, _("Målet är tillbaka."))
    else:
        actions.remove_goal(found, by=request.actor)
        messages.success(request, _("Målet är struket. Du kan ångra det där det stod."))
    return back(case, f"#mal-{found.pk}")


def _changed_in_words(kind: Category, follow: int) -> str:
    if not follow:
        return _("Målet är ändrat.")
    words = ngettext(
        "Målet är ändrat. Raden som hör till det är också %(kind)s nu, så att inte fler läser den än målet.",
        "Målet är ändrat. %(count)s rader som hör till det är också %(kind)s nu, så att inte fler läser dem"
        " än målet.",
        follow,
    )
    return words % {"count": follow, "kind": kind.label}
