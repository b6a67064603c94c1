"""What stands beside goals and who does what: milestones, what nobody does, and which other plans there are.

Here: the form of each kind of row and its views, and what the one screen asks of them. Not here: the screen
(`screen`), who reads a row (its kind of information, `humla.plans.document`), nor what is done with it
(`humla.plans.actions`).

A reservation and an unmet need are plan text, never a quarrel: what is not there can be counted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from humla.cases.models import Case
from humla.core.fields import ChoiceField, LineField, ModelChoiceField, ProseField, offer, offer_rows
from humla.core.versions import Stale
from humla.organisation.visibility import units_to_choose
from humla.plans import actions
from humla.plans.models import Milestone, NeedLeft, OtherPlan, OtherPlanKind, Reservation, UnmetNeed
from humla.plans.visibility import goal_in, life_areas, side_row_in
from humla.web.door import DoorRequest, case_page
from humla.web.plans.editing import FormPage, asked_category_field, by_party, date_field, values
from humla.web.plans.opening import back, or_404, plan_or_404


class RowForm(forms.Form):
    """A row of one of these kinds. `row` is the one that is changed."""

    names: tuple[str, ...] = ()

    def __init__(self, *args: Any, row: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.row = row

    @classmethod
    def said(cls, row: Any) -> dict[str, Any]:
        """What the row says, as the form shows it."""
        return values(row, cls.names)

    def details(self) -> dict[str, Any]:
        """What was written, as the action wants it."""
        return self.cleaned_data


class MilestoneForm(RowForm):
    """A step on the way to a goal."""

    names = ("text", "due_on")
    text = ProseField(
        500, rows=2, label=gettext_lazy("Delmål"), missing=gettext_lazy("Skriv vad delmålet är.")
    )
    due_on = date_field(gettext_lazy("När?"))


class ReservationForm(RowForm):
    """What a unit does not undertake, and why."""

    names = ("what", "why", "category")
    unit = ChoiceField(label=gettext_lazy("Vem?"), missing=gettext_lazy("Välj enhet."))
    what = ProseField(
        500,
        rows=2,
        label=gettext_lazy("Åtar sig inte"),
        missing=gettext_lazy("Skriv vad enheten inte åtar sig."),
    )
    why = ProseField(
        500,
        rows=2,
        label=gettext_lazy("För att"),
        help_text=gettext_lazy("Skälet som enheten själv ger. Det är en upplysning, inte en anmärkning."),
        missing=gettext_lazy("Skriv varför."),
    )
    category = asked_category_field(
        gettext_lazy(
            "Bara mottagare som får veta det här slaget ser raden. Säger skälet något om vård: Hälsa."
        )
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # A unit that has closed since stays possible for the row that has it.
        kept = [self.row.unit] if self.row else []
        self.units = {str(one.pk): one for one in (*units_to_choose(), *kept)}
        offer(self, "unit", [("", _("Välj")), *by_party(self.units.values())])

    @classmethod
    def said(cls, row: Any) -> dict[str, Any]:
        return {**values(row, cls.names), "unit": str(row.unit_id)}

    def details(self) -> dict[str, Any]:
        return {**self.cleaned_data, "unit": self.units[self.cleaned_data["unit"]]}


class UnmetNeedForm(RowForm):
    """A need that the plan has no answer to."""

    names = ("life_area", "what", "why", "category")
    life_area = ModelChoiceField(
        None, label=gettext_lazy("Livsområde"), empty_label=gettext_lazy("Välj livsområde")
    )
    what = ProseField(
        500,
        rows=2,
        label=gettext_lazy("Behov som ingen möter"),
        missing=gettext_lazy("Skriv vilket behov det är."),
    )
    why = ChoiceField(
        label=gettext_lazy("Varför?"),
        choices=lambda: [("", _("Välj")), *NeedLeft.choices],
        missing=gettext_lazy("Välj varför ingen möter behovet."),
    )
    category = asked_category_field(
        gettext_lazy(
            "Bara mottagare som får veta det här slaget ser raden. Vård är Hälsa, skulder är Ekonomi."
        )
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        areas = life_areas(also=self.row.life_area_id if self.row else None)
        offer_rows(self, "life_area", areas)


class OtherPlanForm(RowForm):
    """Another plan of the person's: which, whose, from when. What stands in it is not written here."""

    names = ("kind", "owner", "dated_on", "reference", "category")
    kind = ChoiceField(
        label=gettext_lazy("Vilken plan?"),
        choices=lambda: [("", _("Välj")), *OtherPlanKind.choices],
        missing=gettext_lazy("Välj vilken plan det är."),
    )
    owner = LineField(
        120, label=gettext_lazy("Vem har den?"), missing=gettext_lazy("Skriv vem som har planen.")
    )
    dated_on = date_field(gettext_lazy("Daterad"))
    reference = LineField(
        60,
        label=gettext_lazy("Beteckning"),
        help_text=gettext_lazy("Som den heter hos den som har den. Skriv inget av innehållet."),
        required=False,
    )
    category = asked_category_field(
        gettext_lazy("Att planen finns kan säga något: en vårdplan och en plan enligt LSS är Hälsa.")
    )


# --- what the one screen asks of each kind ------------------------------------------------------------------


@dataclass(frozen=True)
class Written:
    """A row in words: who or where, what it says, and what stands beside it."""

    first: str
    text: str
    beside: str = ""


@dataclass(frozen=True)
class Block:
    """One of the blocks on the screen. `place` is its anchor, and asks for a new row in the address."""

    name: str
    place: str
    rows: str
    heading: str | Promise
    hint: str | Promise
    ask: str | Promise
    form: type[RowForm]
    in_words: Callable[[Any], Written]

    @property
    def adds(self) -> str:
        """The name of the address that a new row is sent to, and of its draft."""
        return f"add_{self.name}"


def _refusal_in_words(row: Reservation) -> Written:
    return Written(row.unit.name, row.what, _("För att: %(why)s") % {"why": row.why})


def _need_in_words(row: UnmetNeed) -> Written:
    return Written(row.life_area.name, row.what, str(row.get_why_display()))


def _other_plan_in_words(row: OtherPlan) -> Written:
    return Written(str(row.get_kind_display()), row.owner, row.reference)


BLOCKS = (
    Block(
        "reservation",
        "forbehall",
        "all_reservations",
        gettext_lazy("Det här åtar sig ingen"),
        gettext_lazy("Vad en enhet säger nej till, med sitt skäl."),
        gettext_lazy("Skriv vad en enhet inte åtar sig"),
        ReservationForm,
        _refusal_in_words,
    ),
    Block(
        "unmet_need",
        "behov",
        "all_unmet_needs",
        gettext_lazy("Behov som ingen möter"),
        gettext_lazy("Det som personen behöver och som planen inte har något svar på."),
        gettext_lazy("Skriv ett behov som ingen möter"),
        UnmetNeedForm,
        _need_in_words,
    ),
    Block(
        "other_plan",
        "andra-planer",
        "all_other_plans",
        gettext_lazy("Andra planer"),
        gettext_lazy("Var de finns, aldrig vad som står i dem."),
        gettext_lazy("Peka på en annan plan"),
        OtherPlanForm,
        _other_plan_in_words,
    ),
)


# --- the views ----------------------------------------------------------------------------------------------


@case_page(methods=("GET", "POST"))
def add_milestone(request: DoorRequest, case: Case, goal_id: UUID) -> HttpResponse:
    """A step on the way to a goal."""
    page = _page(request, case, "add_milestone", _("Nytt delmål"), row=goal_id)
    goal = or_404(goal_in(page.plan, goal_id))

    def add(plan: Any, *, by: Any, **details: Any) -> Any:
        return actions.add_milestone(plan, goal=goal, by=by, **details)

    again = f"?till=delmal&mal={goal.pk}#nytt-delmal"
    return _new(page, MilestoneForm, add, note=_("Delmålet är sparat."), again=again)


@case_page(methods=("GET", "POST"))
def milestone(request: DoorRequest, case: Case, milestone_id: UUID) -> HttpResponse:
    """Change a step on the way to a goal."""
    page = _page(request, case, "milestone", _("Ändra delmålet"), row=milestone_id)
    return _changed(page, MilestoneForm, Milestone, milestone_id)


@case_page(methods=("POST",))
def remove_milestone(request: DoorRequest, case: Case, milestone_id: UUID) -> HttpResponse:
    """Strike a step, or with `angra` put it back."""
    return _struck(request, case, Milestone, milestone_id)


@case_page(methods=("GET", "POST"))
def add_reservation(request: DoorRequest, case: Case) -> HttpResponse:
    """What a unit does not undertake."""
    page = _page(request, case, "add_reservation", _("Det här åtar sig ingen"))
    return _new(page, ReservationForm, actions.add_reservation, again="?till=forbehall#forbehall")


@case_page(methods=("GET", "POST"))
def reservation(request: DoorRequest, case: Case, reservation_id: UUID) -> HttpResponse:
    """Change what a unit does not undertake."""
    page = _page(request, case, "reservation", _("Ändra vad enheten inte åtar sig"), row=reservation_id)
    return _changed(page, ReservationForm, Reservation, reservation_id)


@case_page(methods=("POST",))
def remove_reservation(request: DoorRequest, case: Case, reservation_id: UUID) -> HttpResponse:
    """Strike it, or with `angra` put it back."""
    return _struck(request, case, Reservation, reservation_id)


@case_page(methods=("GET", "POST"))
def add_unmet_need(request: DoorRequest, case: Case) -> HttpResponse:
    """A need that nobody meets."""
    page = _page(request, case, "add_unmet_need", _("Behov som ingen möter"))
    return _new(page, UnmetNeedForm, actions.add_unmet_need, again="?till=behov#behov")


@case_page(methods=("GET", "POST"))
def unmet_need(request: DoorRequest, case: Case, unmet_need_id: UUID) -> HttpResponse:
    """Change a need that nobody meets."""
    page = _page(request, case, "unmet_need", _("Ändra behovet"), row=unmet_need_id)
    return _changed(page, UnmetNeedForm, UnmetNeed, unmet_need_id)


@case_page(methods=("POST",))
def remove_unmet_need(request: DoorRequest, case: Case, unmet_need_id: UUID) -> HttpResponse:
    """Strike it, or with `angra` put it back."""
    return _struck(request, case, UnmetNeed, unmet_need_id)


@case_page(methods=("GET", "POST"))
def add_other_plan(request: DoorRequest, case: Case) -> HttpResponse:
    """Point at another plan."""
    page = _page(request, case, "add_other_plan", _("En annan plan"))
    return _new(page, OtherPlanForm, actions.add_other_plan, again="?till=andra-planer#andra-planer")


@case_page(methods=("GET", "POST"))
def other_plan(request: DoorRequest, case: Case, other_plan_id: UUID) -> HttpResponse:
    """Change what is said of another plan."""
    page = _page(request, case, "other_plan", _("Ändra vad som står om planen"), row=other_plan_id)
    return _changed(page, OtherPlanForm, OtherPlan, other_plan_id)


@case_page(methods=("POST",))
def remove_other_plan(request: DoorRequest, case: Case, other_plan_id: UUID) -> HttpResponse:
    """Strike it, or with `angra` put it back."""
    return _struck(request, case, OtherPlan, other_plan_id)


def _page(request: DoorRequest, case: Case, name: str, title: str, row: UUID | None = None) -> FormPage:
    return FormPage(request, case, name, title=title, template="plans/row.html", row=row)


def _new(
    page: FormPage, form: type[RowForm], add: Callable[..., Any], *, again: str, note: str = ""
) -> HttpResponse:
    """A new row: asked for, sent back with its errors, or saved and followed by an empty one (`again`)."""
    if page.request.method == "GET":
        return page.shown(form, {})
    sent = form(page.request.POST)
    if sent.is_valid():
        add(page.plan, by=page.request.actor, **sent.details())
        return page.done(note or _("Raden är sparad. Skriv nästa om det finns en."), again)
    return page.came_back(sent)


def _changed(page: FormPage, form: type[RowForm], model: type[Any], row_id: UUID) -> HttpResponse:
    """A row in other words. When somebody else was first, both texts."""
    found = or_404(side_row_in(page.plan, model, row_id))
    if page.request.method == "GET":
        return page.shown(form, form.said(found), version=found.version, row=found)
    sent = form(page.request.POST, row=found)
    if sent.is_valid():
        try:
            actions.change_row(found, version=page.version, by=page.request.actor, **sent.details())
        except Stale as stale:
            return page.conflict(sent, form.said(stale.theirs), stale)
        return page.done(_("Raden är ändrad."), f"#rad-{found.pk}")
    return page.came_back(sent)


def _struck(request: DoorRequest, case: Case, model: type[Any], row_id: UUID) -> HttpResponse:
    found = or_404(side_row_in(plan_or_404(request, case), model, row_id))
    if request.POST.get("angra"):
        actions.restore_row(found, by=request.actor)
        messages.success(request, _("Raden är tillbaka."))
    else:
        actions.strike_row(found, by=request.actor)
        messages.success(request, _("Raden är struken. Du kan ångra den där den stod."))
    return back(case, f"#rad-{found.pk}")
