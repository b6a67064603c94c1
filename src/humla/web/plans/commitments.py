"""Who does what by when: the form of a row, on the one screen and on its own page, and its views.

A row that is left at "Som målet" is as secret as its goal (`humla.plans.rules.category_as`), so that a
referral for a goal about health does not go to those who may know only who does what. A row without a goal
has nothing to follow, and is asked.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from humla.cases.models import Case, Category
from humla.core.fields import ChoiceField, LineField, ProseField
from humla.core.versions import Stale
from humla.organisation.models import Unit
from humla.organisation.visibility import all_units_open, units_open
from humla.plans import actions
from humla.plans.document import goals_in
from humla.plans.models import Commitment, Doer, Goal, Plan
from humla.plans.rules import category_as
from humla.plans.visibility import commitment_in
from humla.web.door import DoorRequest, case_page
from humla.web.plans.editing import FormPage, by_party, category_choices, category_field, date_field, values
from humla.web.plans.opening import TO_WRITE, back, or_404, plan_or_404

AS_GOAL = "goal"
"""The choice "Som målet": the row is as secret as the goal it is done for."""


class CommitmentForm(forms.Form):
    """Who does what by when. One choice says who: a unit, the person, or somebody else by name."""

    goal = ChoiceField(label=gettext_lazy("Mål"), required=False)
    who = ChoiceField(label=gettext_lazy("Vem?"), missing=gettext_lazy("Välj vem som gör det."))
    other = LineField(
        120,
        label=gettext_lazy("Vilken annan?"),
        help_text=gettext_lazy(
            "Fyll i om det är någon annan, till exempel arbetsgivaren eller en närstående."
        ),
        required=False,
    )
    what = ProseField(
        2000, rows=2, label=gettext_lazy("Vad ska göras?"), missing=gettext_lazy("Skriv vad som ska göras.")
    )
    due_on = date_field(gettext_lazy("Klart senast"))
    category = category_field()
    responsible = LineField(120, label=gettext_lazy("Vem på enheten?"), required=False)
    starts_on = date_field(gettext_lazy("Börjar"))
    starts_when = LineField(
        200,
        label=gettext_lazy("Börjar när"),
        help_text=gettext_lazy("Om det hänger på något: när remissen är besvarad, när läkarintyget finns."),
        required=False,
    )
    known_by = LineField(300, label=gettext_lazy("Så vet vi att det är klart"), required=False)
    person_does = LineField(300, label=gettext_lazy("Det här gör personen"), required=False)

    def __init__(self, *args: Any, plan: Plan, unit: Unit | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.goals = {str(goal.pk): goal for goal in goals_in(plan)}
        # A unit that has closed since stays possible for the row that has it.
        self.units = {str(one.pk): one for one in (*units_open(), *([unit] if unit else []))}
        self.fields["goal"].choices = [("", _("Inget särskilt mål")), *_goal_choices(self.goals)]  # type: ignore[attr-defined]
        self.fields["who"].choices = _who_choices(self.units.values())  # type: ignore[attr-defined]
        unsaid = (AS_GOAL, _("Som målet")) if self.goals else ("", _("Välj"))
        self.fields["category"].choices = [unsaid, *category_choices()]  # type: ignore[attr-defined]
        self.fields["category"].help_text = _(
            "Avgör vilka mottagare som ser raden. Vård är Hälsa, skulder är Ekonomi. Som målet betyder"
            " Hälsa, Ekonomi eller Anteckningar när målet är det, annars Planering."
        )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("who") == Doer.OTHER and not told.get("other"):
            self.add_error("other", _("Skriv vem det är."))
        starts_on, due_on = told.get("starts_on"), told.get("due_on")
        if starts_on and due_on and due_on < starts_on:
            self.add_error("due_on", _("Det måste vara klart efter att det börjar."))
        if told.get("category") == AS_GOAL and not told.get("goal"):
            self.add_error("category", _("Raden hör inte till något mål. Välj slag av uppgift."))
        return told

    def details(self) -> dict[str, Any]:
        """What was written, as the action wants it."""
        told = dict(self.cleaned_data)
        who = told.pop("who")
        unit = self.units.get(who)
        goal = told["goal"] = self.goals.get(told["goal"])
        if told["category"] == AS_GOAL:
            told["category"] = category_as(goal)
        told["doer"], told["unit"] = (Doer.UNIT, unit) if unit else (who, None)
        told["other"] = told["other"] if who == Doer.OTHER else ""
        return told


def fresh_row(request: DoorRequest, plan: Plan) -> dict[str, str]:
    """An empty row for the goal and the doer that the address asks for."""
    kept = {"goal": request.GET.get("mal", ""), "who": request.GET.get("vem", "")}
    return {**kept, "category": AS_GOAL if goals_in(plan) else ""}


@case_page(methods=("GET", "POST"), ahead_of_deed=(*TO_WRITE, all_units_open))
def add_commitment(request: DoorRequest, case: Case) -> HttpResponse:
    """One more row of who does what. Saved rows are followed by a fresh one, with the same goal and doer."""
    page = FormPage(request, case, "add_commitment", title=_("Vem gör vad"), template="plans/commitment.html")
    if request.method == "GET":
        return page.shown(CommitmentForm, fresh_row(request, page.plan), plan=page.plan)
    form = CommitmentForm(request.POST, plan=page.plan)
    if form.is_valid():
        saved = actions.add_commitment(page.plan, by=request.actor, **form.details())
        # To the field itself: a browser leaves autofocus be when the address points out a place.
        again = f"?mal={saved.goal_id or ''}&vem={form.cleaned_data['who']}&ny=1#id_rad_what"
        return page.done(_("Raden är sparad. Skriv nästa om det finns en."), again)
    return page.came_back(form)


@case_page(methods=("GET", "POST"), ahead_of_deed=(*TO_WRITE, all_units_open))
def commitment(request: DoorRequest, case: Case, commitment_id: UUID) -> HttpResponse:
    """Change a row of who does what."""
    page = FormPage(
        request,
        case,
        "commitment",
        title=_("Ändra vem som gör vad"),
        template="plans/commitment.html",
        row=commitment_id,
    )
    found = or_404(commitment_in(page.plan, commitment_id))
    if request.method == "GET":
        saved = _values(found)
        return page.shown(CommitmentForm, saved, version=found.version, plan=page.plan, unit=found.unit)
    form = CommitmentForm(request.POST, plan=page.plan, unit=found.unit)
    if form.is_valid():
        try:
            actions.change_commitment(found, version=page.version, by=request.actor, **form.details())
        except Stale as stale:
            return page.conflict(form, _values(stale.theirs), stale)
        return page.done(_("Raden är ändrad."), f"#rad-{found.pk}")
    return page.came_back(form)


@case_page(methods=("POST",))
def remove_commitment(request: DoorRequest, case: Case, commitment_id: UUID) -> HttpResponse:
    """Strike a row, or with `angra` put it back."""
    found = or_404(commitment_in(plan_or_404(request, case), commitment_id))
    if request.POST.get("angra"):
        actions.restore_commitment(found, by=request.actor)
        messages.success(request, _("Raden är tillbaka."))
    else:
        actions.remove_commitment(found, by=request.actor)
        messages.success(request, _("Raden är struken. Du kan ångra den där den stod."))
    return back(case, f"#rad-{found.pk}")


def _values(found: Any) -> dict[str, Any]:
    """What the row says, as its form shows it."""
    names = ("other", "what", "due_on", "responsible", "starts_on", "starts_when", "known_by", "person_does")
    who = str(found.unit_id) if found.unit_id else found.doer
    category = AS_GOAL if _only_follows(found) else found.category
    return {**values(found, names), "goal": str(found.goal_id or ""), "who": who, "category": category}


def _only_follows(found: Commitment) -> bool:
    """Nobody has said more than the goal does. What is more secret is shown as said, never as followed:
    moved to an ordinary goal it would be told to more."""
    return found.goal is not None and found.category == category_as(found.goal) == Category.PLANNING


def _goal_choices(goals: Mapping[str, Goal]) -> list[tuple[str, str]]:
    return [(key, f"{goal.life_area.name}: {_short(goal.text)}") for key, goal in goals.items()]


def _who_choices(units: Iterable[Unit]) -> list[tuple[str, Any]]:
    first = [
        ("", _("Välj")),
        (Doer.PERSON.value, _("Personen själv")),
        (Doer.OTHER.value, _("Någon annan (skriv vem under Mer om raden)")),
    ]
    return [*first, *by_party(units)]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59].rstrip()}…"
