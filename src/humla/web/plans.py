"""The pages where a plan is written: the plan on one screen, its forms, and the page where it is adopted.

Here: forms and views. Not here: what a plan must hold (`humla.plans.rules`), how it reads
(`humla.plans.document`), nor handing over an adopted version (`humla.web.handover`).
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from humla.audit.tags import Tag
from humla.cases.models import Case, Category
from humla.cases.visibility import is_held, my_assignment
from humla.consents.rules import plan_is_agreed
from humla.consents.visibility import latest_plan_answer
from humla.core.dates import written_date
from humla.core.fields import ChoiceField, LineField, ModelChoiceField, ProseField, SwedishDateField
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.drafts.actions import draft_of, drop_draft, typed_in
from humla.organisation.models import Unit
from humla.people.naming import display_name
from humla.plans import actions, rules
from humla.plans.document import (
    HEADINGS,
    Blocks,
    blocks_of,
    commitments_in,
    difference,
    goals_in,
    parts_of,
    shown,
    who_does,
)
from humla.plans.models import Commitment, Doer, Goal, Plan, PlanState
from humla.plans.rules import MissingPart, Part
from humla.plans.visibility import (
    commitment_in,
    goal_in,
    huvudman_to_choose,
    law_on_content,
    leads_to_choose,
    life_areas,
    parts_of_version,
    plan_of,
    units_to_choose,
)
from humla.web.door import DoorRequest, case_page
from humla.web.page import render

Row = TypeVar("Row", Plan, Goal, Commitment)

# --- forms --------------------------------------------------------------------------------------------------


def _date_field(label: str | Promise, *, required: bool = False) -> SwedishDateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return SwedishDateField(label=label, required=required, widget=widget)


def _category_field() -> ChoiceField:
    return ChoiceField(
        label=gettext_lazy("Slag av uppgift"),
        help_text=gettext_lazy("Bara mottagare som får veta det här slaget ser raden."),
        choices=lambda: [(one.value, HEADINGS[one]) for one in rules.CATEGORIES],
    )


class OwnGoalForm(forms.Form):
    """What the person wants, in the person's own words. The day is always asked anew."""

    text = ProseField(
        4000,
        label=gettext_lazy("Vad vill personen själv?"),
        help_text=gettext_lazy("Skriv det som personen säger, med personens egna ord. Rätta inte språket."),
    )
    said_on = _date_field(gettext_lazy("Vilken dag sa personen det?"), required=True)
    told_to = LineField(120, label=gettext_lazy("Berättat för"), required=False)
    category = _category_field()
    was = forms.CharField(widget=forms.HiddenInput, required=False)


class GoalForm(forms.Form):
    """One life area: how it is, and what is wanted."""

    life_area = ModelChoiceField(None, label=gettext_lazy("Livsområde"))
    situation = ProseField(4000, rows=3, label=gettext_lazy("Nuläge"), required=False)
    text = ProseField(2000, rows=3, label=gettext_lazy("Mål"), missing=gettext_lazy("Skriv vad målet är."))
    category = _category_field()

    def __init__(self, *args: Any, goal: Goal | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        areas = life_areas(also=goal.life_area_id if goal else None)
        self.fields["life_area"].queryset = areas  # type: ignore[attr-defined]
        self.fields["life_area"].label_from_instance = lambda area: area.name  # type: ignore[attr-defined]


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
    due_on = _date_field(gettext_lazy("Klart senast"))
    responsible = LineField(120, label=gettext_lazy("Vem på enheten?"), required=False)
    starts_on = _date_field(gettext_lazy("Börjar"))
    known_by = LineField(300, label=gettext_lazy("Så vet vi att det är klart"), required=False)
    person_does = LineField(300, label=gettext_lazy("Det här gör personen"), required=False)
    category = _category_field()

    def __init__(self, *args: Any, plan: Plan, unit: Unit | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.goals = {str(goal.pk): goal for goal in goals_in(plan)}
        # A unit that has closed since stays possible for the row that has it.
        self.units = {str(one.pk): one for one in (*units_to_choose(), *([unit] if unit else []))}
        self.fields["goal"].choices = [("", _("Inget särskilt mål")), *_goal_choices(self.goals)]  # type: ignore[attr-defined]
        self.fields["who"].choices = _who_choices(self.units.values())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("who") == Doer.OTHER and not told.get("other"):
            self.add_error("other", _("Skriv vem det är."))
        starts_on, due_on = told.get("starts_on"), told.get("due_on")
        if starts_on and due_on and due_on < starts_on:
            self.add_error("due_on", _("Det måste vara klart efter att det börjar."))
        return told

    def details(self) -> dict[str, Any]:
        """What was written, as the action wants it."""
        told = dict(self.cleaned_data)
        who = told.pop("who")
        unit = self.units.get(who)
        told["goal"] = self.goals.get(told["goal"])
        told["doer"], told["unit"] = (Doer.UNIT, unit) if unit else (who, None)
        told["other"] = told["other"] if who == Doer.OTHER else ""
        return told


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
    follow_up_on = _date_field(gettext_lazy("Nästa uppföljning"))
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


def _goal_choices(goals: Mapping[str, Goal]) -> list[tuple[str, str]]:
    return [(key, f"{goal.life_area.name}: {_short(goal.text)}") for key, goal in goals.items()]


def _who_choices(units: Iterable[Unit]) -> list[tuple[str, Any]]:
    by_party: dict[str, list[tuple[str, str]]] = {}
    for unit in units:
        by_party.setdefault(unit.authority.party.name, []).append((str(unit.pk), unit.name))
    first = [
        ("", _("Välj")),
        (Doer.PERSON.value, _("Personen själv")),
        (Doer.OTHER.value, _("Någon annan (skriv vem under Mer om raden)")),
    ]
    return [*first, *by_party.items()]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59].rstrip()}…"


# --- the plan on one screen ---------------------------------------------------------------------------------


@dataclass
class GoalRow:
    """One goal with what is done for it; what has been struck stands there too, to be put back."""

    goal: Goal
    commitments: list[Commitment] = field(default_factory=list)


@dataclass
class AreaCard:
    """One life area of the plan."""

    name: str
    rows: list[GoalRow] = field(default_factory=list)


@dataclass
class Responsible:
    """One party, the person, or somebody else, with everything it answers for."""

    name: str
    kind: str
    commitments: list[Commitment] = field(default_factory=list)


@dataclass(frozen=True)
class ToDo:
    """One missing statutory part with the way to where it is filled in."""

    sentence: str
    url: str
    label: str


@case_page(methods=("GET", "POST"))
def plan(request: DoorRequest, case: Case) -> HttpResponse:
    """The plan on one screen. POST starts it."""
    if not is_held(case, request.actor):
        # Another authority reads what has been handed over to it, never the plan being written.
        return redirect("received", case_id=case.pk)
    if request.method == "POST":
        actions.start_plan(case, by=request.actor)
        return redirect("plan", case_id=case.pk)
    found = plan_of(case)
    if found is None:
        _looked(request, case, [])
        return render(
            request, "plans/start.html", {"case": case, "may_write": rules.may_write(request.actor, case)}
        )
    _looked(request, case, [("plan", found.pk, found.version)])
    return render(request, "plans/plan.html", _screen(request, case, found))


def _screen(request: DoorRequest, case: Case, found: Plan) -> dict[str, Any]:
    answer = plan_is_agreed(latest_plan_answer(case))
    missing = rules.missing_parts(found)
    row_form, drafted_at = _row_form(request, found)
    return {
        **_head(case, found),
        "areas": _areas(found),
        "loose": [one for one in _everything(found, "all_commitments") if one.goal_id is None],
        "responsible": _responsible(found),
        "todo": [_todo(case, one) for one in missing],
        "law": law_on_content() if missing else "",
        "agreed": answer,
        "form": row_form,
        "drafted_at": drafted_at,
        "draft_url": _draft_url(case, f"add_commitment:{found.pk}"),
        "focus": ("what" if request.GET.get("vem") else "who") if "ny" in request.GET else "",
        "may_write": rules.may_write(request.actor, case),
        "versions": list(range(found.adopted_version, 0, -1)),
    }


def _areas(plan: Plan) -> list[AreaCard]:
    areas: dict[str, AreaCard] = {}
    rows: dict[UUID, GoalRow] = {}
    for goal in _everything(plan, "all_goals"):
        rows[goal.pk] = GoalRow(goal)
        areas.setdefault(goal.life_area.name, AreaCard(goal.life_area.name)).rows.append(rows[goal.pk])
    for commitment in _everything(plan, "all_commitments"):
        if commitment.goal_id in rows:
            rows[commitment.goal_id].commitments.append(commitment)
    return list(areas.values())


def _everything(plan: Plan, name: str) -> list[Any]:
    """What stands and what is struck; `goals_in` and `commitments_in` give what stands."""
    found: list[Any] = getattr(plan, name)
    return found


def _responsible(plan: Plan) -> list[Responsible]:
    parties: dict[tuple[str, str], Responsible] = {}
    for one in commitments_in(plan):
        party = one.unit.authority.party if one.unit else None
        key = (party.name, party.kind) if party else (who_does(one), one.doer)
        parties.setdefault(key, Responsible(*key)).commitments.append(one)
    return list(parties.values())


def _todo(case: Case, missing: MissingPart) -> ToDo:
    row = f"{reverse('plan', kwargs={'case_id': case.pk})}#ny-rad"
    settle = reverse("settle_plan", kwargs={"case_id": case.pk})
    if missing.part == Part.ACCOUNTABLE:
        return ToDo(missing.sentence, settle, _("Välj huvudman"))
    if missing.part == Part.OTHERS:
        return ToDo(missing.sentence, settle, _("Skriv vad andra gör"))
    return ToDo(missing.sentence, row, _("Lägg till en rad"))


def _row_form(request: DoorRequest, plan: Plan) -> tuple[CommitmentForm, datetime | None]:
    """The empty row at the end of the page; after a row was saved it keeps goal and doer for the next."""
    kept = {"goal": request.GET.get("mal", ""), "who": request.GET.get("vem", "")}
    initial, drafted_at = _prefilled(
        request, f"add_commitment:{plan.pk}", {"category": Category.PLANNING.value, **kept}
    )
    return CommitmentForm(plan=plan, initial=initial, auto_id="id_rad_%s"), drafted_at


# --- its forms ----------------------------------------------------------------------------------------------


@case_page(methods=("GET", "POST"))
def own_goal(request: DoorRequest, case: Case) -> HttpResponse:
    """The person's own goal: written down, never rewritten. A new wording asks for its own day."""
    page = _FormPage(request, case, "own_goal")
    plan = page.plan
    was = _mark(plan.own_goal, plan.own_goal_said_on, plan.own_goal_told_to, plan.own_goal_category)
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
            return page.conflict(form, told, version=_version_of(stale), was=was)
        except NotAllowed as no:
            form.add_error(None, no.reason)
        else:
            return page.done(_("Personens eget mål är sparat."))
    return page.came_back(form)


@case_page(methods=("GET", "POST"))
def add_goal(request: DoorRequest, case: Case) -> HttpResponse:
    """A new goal; afterwards the empty row waits for the first thing to do for it."""
    page = _FormPage(request, case, "add_goal")
    if request.method == "GET":
        return page.shown(GoalForm, {"category": Category.NEEDS.value})
    form = GoalForm(request.POST)
    if form.is_valid():
        goal = actions.add_goal(page.plan, by=request.actor, **form.cleaned_data)
        return page.done(_("Målet är tillagt."), f"?mal={goal.pk}&ny=1#ny-rad")
    return page.came_back(form)


@case_page(methods=("GET", "POST"))
def goal(request: DoorRequest, case: Case, goal_id: UUID) -> HttpResponse:
    """Change a goal."""
    page = _FormPage(request, case, "goal", goal_id)
    found = _or_404(goal_in(page.plan, goal_id))
    names = ("life_area", "situation", "text", "category")
    if request.method == "GET":
        return page.shown(GoalForm, _values(found, names), version=found.version, goal=found)
    form = GoalForm(request.POST, goal=found)
    if form.is_valid():
        try:
            actions.change_goal(found, version=page.version, by=request.actor, **form.cleaned_data)
        except Stale as stale:
            return page.conflict(form, _values(stale.theirs, names), version=_version_of(stale))
        return page.done(_("Målet är ändrat."), f"#mal-{found.pk}")
    return page.came_back(form)


@case_page(methods=("POST",))
def remove_goal(request: DoorRequest, case: Case, goal_id: UUID) -> HttpResponse:
    """Strike a goal, or with `angra` put it back."""
    found = _or_404(goal_in(_plan_or_404(request, case), goal_id))
    if request.POST.get("angra"):
        actions.restore_goal(found, by=request.actor)
        messages.success(request, _("Målet är tillbaka."))
    else:
        actions.remove_goal(found, by=request.actor)
        messages.success(request, _("Målet är struket. Du kan ångra det där det stod."))
    return _back(case, f"#mal-{found.pk}")


@case_page(methods=("GET", "POST"))
def add_commitment(request: DoorRequest, case: Case) -> HttpResponse:
    """One more row of who does what. Saved rows are followed by a fresh one, with the same goal and doer."""
    page = _FormPage(request, case, "add_commitment")
    if request.method == "GET":
        initial = {"category": Category.PLANNING.value, "goal": request.GET.get("mal", "")}
        return page.shown(CommitmentForm, initial, plan=page.plan)
    form = CommitmentForm(request.POST, plan=page.plan)
    if form.is_valid():
        saved = actions.add_commitment(page.plan, by=request.actor, **form.details())
        again = f"?mal={saved.goal_id or ''}&vem={form.cleaned_data['who']}&ny=1#ny-rad"
        return page.done(_("Raden är sparad. Skriv nästa om det finns en."), again)
    return page.came_back(form)


@case_page(methods=("GET", "POST"))
def commitment(request: DoorRequest, case: Case, commitment_id: UUID) -> HttpResponse:
    """Change a row of who does what."""
    page = _FormPage(request, case, "commitment", commitment_id)
    found = _or_404(commitment_in(page.plan, commitment_id))
    if request.method == "GET":
        return page.shown(
            CommitmentForm, _commitment_values(found), version=found.version, plan=page.plan, unit=found.unit
        )
    form = CommitmentForm(request.POST, plan=page.plan, unit=found.unit)
    if form.is_valid():
        try:
            actions.change_commitment(found, version=page.version, by=request.actor, **form.details())
        except Stale as stale:
            return page.conflict(form, _commitment_values(stale.theirs), version=_version_of(stale))
        return page.done(_("Raden är ändrad."), f"#rad-{found.pk}")
    return page.came_back(form)


@case_page(methods=("POST",))
def remove_commitment(request: DoorRequest, case: Case, commitment_id: UUID) -> HttpResponse:
    """Strike a row, or with `angra` put it back."""
    found = _or_404(commitment_in(_plan_or_404(request, case), commitment_id))
    if request.POST.get("angra"):
        actions.restore_commitment(found, by=request.actor)
        messages.success(request, _("Raden är tillbaka."))
    else:
        actions.remove_commitment(found, by=request.actor)
        messages.success(request, _("Raden är struken. Du kan ångra det där den stod."))
    return _back(case, f"#rad-{found.pk}")


@case_page(methods=("GET", "POST"))
def settle_plan(request: DoorRequest, case: Case) -> HttpResponse:
    """Who answers for the plan, and when it is looked at again."""
    page = _FormPage(request, case, "settle_plan")
    plan, names = page.plan, ("accountable_party", "lead", "follow_up_on", "nothing_by_others")
    was = _mark(plan.accountable_party_id, plan.lead_id, plan.follow_up_on, plan.nothing_by_others)
    if request.method == "GET":
        return page.shown(SettleForm, _values(plan, names) | {"was": was}, version=plan.version, plan=plan)
    form = SettleForm(request.POST, plan=plan)
    if form.is_valid():
        told = dict(form.cleaned_data)
        version = plan.version if told.pop("was") == was else page.version
        lead = told.pop("lead")
        try:
            actions.settle(plan, **told, lead_id=lead.pk if lead else None, version=version, by=request.actor)
        except Stale as stale:
            return page.conflict(form, _values(stale.theirs, names), version=_version_of(stale), was=was)
        except NotAllowed as no:
            form.add_error(None, no.reason)
        else:
            return page.done(_("Ansvaret för planen är sparat."))
    return page.came_back(form)


class _FormPage:
    """One form of the plan: prefilled from what was never sent, shown, sent back, or done."""

    def __init__(self, request: DoorRequest, case: Case, name: str, row: UUID | None = None) -> None:
        self.request, self.case, self.name = request, case, name
        self.plan = _plan_or_404(request, case)
        self.draft = f"{name}:{row or self.plan.pk}"
        self.version = _sent_version(request)

    def shown(
        self,
        form: type[forms.Form],
        saved: Mapping[str, Any],
        *,
        version: int | None = None,
        **options: Any,
    ) -> HttpResponse:
        """The form for the first time, with what is saved, or with what the user typed and never sent."""
        _looked(self.request, self.case, [("plan", self.plan.pk, self.plan.version)])
        initial, drafted_at = _prefilled(self.request, self.draft, saved)
        if version is not None and str(initial.get("made_for", "")).isdigit():
            # A draft belongs to the version it was typed over: others may have changed the text since.
            version = int(initial["made_for"])
        return self._render(form(initial=initial, **options), version=version, drafted_at=drafted_at)

    def came_back(self, form: forms.Form) -> HttpResponse:
        """The form with its errors and everything that was typed."""
        return self._render(form, version=self.version or None)

    def conflict(
        self, form: forms.Form, theirs: Mapping[str, Any], *, version: int, was: str = ""
    ) -> HttpResponse:
        """Both texts, and the form with mine in it, now made for the version that is there."""
        texts = [
            {"label": str(form[name].label), "mine": mine, "theirs": their}
            for name, value in theirs.items()
            if (mine := _in_words(form, name, form[name].value())) != (their := _in_words(form, name, value))
        ]
        form.data = {**{name: form[name].value() for name in form.fields}, "was": was}
        return self._render(form, version=version, conflicts=texts)

    def done(self, note: str, where: str = "") -> HttpResponse:
        """Saved: the draft is gone, and the plan is shown where it was changed."""
        drop_draft(self.draft)
        messages.success(self.request, note)
        return _back(self.case, where)

    def _render(
        self,
        form: forms.Form,
        *,
        version: int | None,
        drafted_at: datetime | None = None,
        conflicts: Iterable[Mapping[str, str]] = (),
    ) -> HttpResponse:
        context = {
            **_head(self.case, self.plan),
            "title": _TITLES[self.name],
            "request_path": self.request.path,
            "draft_url": "" if self.name in _WITHOUT_DRAFT else _draft_url(self.case, self.draft),
            "form": form,
            "version": version,
            "drafted_at": drafted_at,
            "conflicts": list(conflicts),
            "may_write": rules.may_write(self.request.actor, self.case),
        }
        return render(self.request, _TEMPLATES[self.name], context)


def _in_words(form: forms.Form, name: str, value: Any) -> str:
    """A value as the reader of the form sees it, to lay beside another."""
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, date):
        return written_date(value)
    sought = str(getattr(value, "pk", value) or "")
    choices = getattr(form.fields[name], "choices", ())
    for key, label in choices:
        for each, words in label if isinstance(label, list | tuple) else [(key, label)]:
            if str(each) == sought:
                return str(words)
    try:
        return written_date(date.fromisoformat(sought))
    except ValueError:
        return sought


def _version_of(stale: Stale) -> int:
    version: int = stale.theirs.version  # type: ignore[attr-defined]
    return version


# --- adopting -----------------------------------------------------------------------------------------------


@case_page(methods=("GET", "POST"))
def adopt_plan(request: DoorRequest, case: Case) -> HttpResponse:
    """Read the whole plan as it will be frozen, and adopt it. What was read is what is adopted."""
    plan = _plan_or_404(request, case)
    if request.method == "POST":
        try:
            document = actions.adopt(plan, version=_sent_version(request), by=request.actor)
        except Stale:
            return _adopt_page(request, case, plan, has_changed=True)
        messages.success(request, _("Version %(number)s är fastställd.") % {"number": document.version})
        return redirect("plan_version", case_id=case.pk, version=document.version)
    return _adopt_page(request, case, plan)


def _adopt_page(request: DoorRequest, case: Case, plan: Plan, *, has_changed: bool = False) -> HttpResponse:
    _looked(request, case, [("plan", plan.pk, plan.version)])
    now, answer, last = parts_of(plan), latest_plan_answer(case), plan.adopted_version
    return render(
        request,
        "plans/adopt.html",
        {
            **_head(case, plan),
            "parts": shown(now),
            "changes": difference(_frozen(case, last), now) if last else [],
            "todo": [_todo(case, one) for one in rules.missing_parts(plan)],
            "agreed": plan_is_agreed(answer),
            "may_adopt": rules.may_adopt(request.actor, plan, answer),
            "next_version": last + 1,
            "has_changed": has_changed,
        },
    )


def _frozen(case: Case, version: int) -> Blocks:
    return blocks_of(parts_of_version(case, version))


# --- common to the pages ------------------------------------------------------------------------------------


_TITLES = {
    "own_goal": gettext_lazy("Personens eget mål"),
    "add_goal": gettext_lazy("Nytt mål"),
    "goal": gettext_lazy("Ändra målet"),
    "add_commitment": gettext_lazy("Vem gör vad"),
    "commitment": gettext_lazy("Ändra vem som gör vad"),
    "settle_plan": gettext_lazy("Ansvar och uppföljning"),
}

# A tick that is taken away leaves no trace in what a browser sends, so a draft of it would put it back.
_WITHOUT_DRAFT = frozenset({"settle_plan"})

_TEMPLATES = {
    "own_goal": "plans/own_goal.html",
    "add_goal": "plans/goal.html",
    "goal": "plans/goal.html",
    "add_commitment": "plans/commitment.html",
    "commitment": "plans/commitment.html",
    "settle_plan": "plans/settle.html",
}


def _head(case: Case, plan: Plan) -> dict[str, Any]:
    tones = {PlanState.DRAFT: "neutral", PlanState.ADOPTED: "done", PlanState.CHANGED: "warning"}
    return {
        "case": case,
        "plan": plan,
        "name": display_name(plan.person),
        "state": {"label": plan.state.label, "tone": tones[plan.state]},
    }


def _plan_or_404(request: DoorRequest, case: Case) -> Plan:
    if not is_held(case, request.actor):
        raise Http404
    return _or_404(plan_of(case))


def _or_404(found: Row | None) -> Row:
    if found is None:
        raise Http404
    return found


def _looked(request: DoorRequest, case: Case, things: list[tuple[str, UUID, int]]) -> None:
    mine = my_assignment(case, request.actor)
    allowed_by = [("assignment", mine.pk)] if mine else []
    request.looked(Tag.PLAN_READ, case=case.pk, person=case.person_id, items=things, allowed_by=allowed_by)


def _sent_version(request: DoorRequest) -> int:
    """The version that a form was made for. What no page of ours sends conflicts with everything."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def _mark(*values: object) -> str:
    """Which words a form was made for, when they are a part of something that changes more often."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def _values(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _commitment_values(found: Any) -> dict[str, Any]:
    names = ("other", "what", "due_on", "responsible", "starts_on", "known_by", "person_does", "category")
    who = str(found.unit_id) if found.unit_id else found.doer
    return {**_values(found, names), "goal": str(found.goal_id or ""), "who": who}


def _prefilled(
    request: DoorRequest, name: str, saved: Mapping[str, Any]
) -> tuple[dict[str, Any], datetime | None]:
    """What the form starts with, and when its draft was kept; `?sparat` asks for what is saved instead."""
    draft = draft_of(name) if "sparat" not in request.GET else None
    return ({**saved, **typed_in(draft)}, draft.saved_at) if draft else (dict(saved), None)


def _draft_url(case: Case, name: str) -> str:
    return f"{reverse('save_draft')}?case={case.pk}&form={name}"


def _back(case: Case, where: str = "") -> HttpResponse:
    return redirect(reverse("plan", kwargs={"case_id": case.pk}) + where)
