"""Staff's pages about who acts for the person: the list, attesting, one mandate, and how it rests and ends.

Here: the forms and the pages. Not here: what may be done (`humla.representatives.rules`), what is kept from a
representative (`withholding`), whose yes is asked for about a child (`policy`), the representative's own
pages (`acting`).
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.audit.tags import Tag
from humla.cases.models import Case, Category
from humla.consents import wording
from humla.consents.rules import last_day
from humla.core import numbers
from humla.core.context import Actor, today
from humla.core.fields import (
    ChoiceField,
    LineField,
    MultipleChoiceField,
    PersonNumberField,
    ProseField,
    SwedishDateField,
    TickField,
)
from humla.core.rulings import YES, Ruling
from humla.core.versions import Stale
from humla.people.models import Person
from humla.representatives import actions, rules
from humla.representatives.actions import MandateDetails
from humla.representatives.models import Mandate, MandateKind
from humla.representatives.policy import age_of, of_age_on, policy_of
from humla.representatives.visibility import mandate_of, mandates_of, withheld_in
from humla.web.consent_forms import boxes
from humla.web.door import DoorRequest, case_page
from humla.web.page import render
from humla.web.representatives.shown import held_person, rows, whose
from humla.web.representatives.withholding import withheld_rows


def _kinds() -> list[tuple[str, str]]:
    return [(kind.value, str(kind.label).capitalize()) for kind in MandateKind]


class MandateForm(forms.Form):
    """Who acts for the person, by what, how far and how long. Nothing is ticked beforehand."""

    kind = ChoiceField(
        label=_("Vad är ombudet?"),
        choices=_kinds,
        widget=forms.RadioSelect,
        missing=_("Välj vad ombudet är."),
    )
    name = LineField(120, label=_("Ombudets namn"), missing=_("Skriv ombudets namn."))
    number = PersonNumberField(
        label=_("Ombudets personnummer"),
        help_text=_(
            "Behövs för att ombudet ska kunna logga in. Utan nummer går kontakten på papper och telefon."
        ),
        required=False,
    )
    reached_by = LineField(200, label=_("Så når ni ombudet"), required=False)
    categories = MultipleChoiceField(
        label=_("Det här får ombudet läsa"),
        help_text=_("Kryssa bara i det som uppdraget eller personen omfattar. Inget är förvalt."),
        choices=boxes,
        required=False,
    )
    may_receive_summons = forms.BooleanField(
        label=_("Får veta när personens möten är, och var"), required=False
    )
    may_represent_at_meeting = forms.BooleanField(
        label=_("Får föra personens talan på möten"), required=False
    )
    may_consent = forms.BooleanField(
        label=_("Får säga ja och ta tillbaka ja till att andra får veta"), required=False
    )
    evidence = ProseField(
        500,
        rows=3,
        label=_("Vad har du sett som visar det?"),
        help_text=_(
            "Till exempel registerutdrag från överförmyndaren, förordnande, fullmakt i original. Från en "
            "närstående: att personen själv har sagt det till dig."
        ),
        missing=_("Skriv vad du har sett. Att någon säger sig vara ombud räcker inte."),
    )
    evidence_on = SwedishDateField(label=_("Handlingens datum"), required=False)
    starts_on = SwedishDateField(label=_("Gäller från och med"))
    ends_on = SwedishDateField(
        label=_("Gäller till och med"),
        help_text=_("För en vårdnadshavare slutar det av sig självt den dag barnet fyller 18."),
        required=False,
    )
    is_seen = TickField(
        label=_("Jag har prövat att uppdraget räcker så långt som kryssen säger."),
        missing=_("Kryssa i när du har prövat uppdraget."),
    )

    def details(self) -> MandateDetails:
        """What the form says, as the action takes it; who it is about comes with anything else."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "is_seen"}
        if said["categories"]:
            said["categories"] = [Category.IDENTITY.value, *said["categories"]]
        if said["kind"] == MandateKind.GUARDIAN:
            said["ends_on"] = None
        return MandateDetails(**said)


class WhyForm(forms.Form):
    """What the person says, or what has been decided and why."""

    why = ProseField(500, rows=3, missing=_("Skriv varför, så att en kollega kan förstå det senare."))

    def __init__(self, *args: Any, asked: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["why"].label = asked


@case_page()
def mandates(request: DoorRequest, case: Case) -> HttpResponse:
    """Who acts for the person towards this authority, how far, and until when."""
    person = held_person(request, case)
    found = mandates_of(person)
    items = [("mandate", one.pk, 0) for one in found]
    request.looked_in(case, Tag.MANDATES_READ, items=items or [("case", case.pk, 0)])
    shown = rows(found, request.actor, _withheld_count(case))
    age = age_of(person, today())
    policy = policy_of(case.authority_id)
    needed = policy.needed_at(age)
    context = {
        **whose(case, person),
        "standing": [row for row in shown if row.stands],
        "ended": [row for row in shown if not row.stands],
        "needed": needed.label if needed else "",
        "age": age,
        "of_age": of_age_on(person) if needed else None,
        "starts_from": policy.starts_from,
        "may_attest": rules.may_attest(request.actor, case),
    }
    return render(request, "representatives/list.html", context)


@case_page(methods=("GET", "POST"))
def attest_mandate(request: DoorRequest, case: Case) -> HttpResponse:
    """Write down that somebody acts for the person, with what one has seen."""
    person = held_person(request, case)
    return _attest(request, case, person, replaces=None)


@case_page(methods=("GET", "POST"))
def replace_mandate(request: DoorRequest, case: Case, mandate_id: UUID) -> HttpResponse:
    """End one mandate and attest another in its place: the way to change how far it reaches."""
    person = held_person(request, case)
    return _attest(request, case, person, replaces=_mandate(person, mandate_id))


@case_page()
def mandate(request: DoorRequest, case: Case, mandate_id: UUID) -> HttpResponse:
    """One mandate: what was seen, how far it reaches, what is kept from it, and what can be done."""
    person = held_person(request, case)
    found = _mandate(person, mandate_id)
    request.looked_in(case, Tag.MANDATES_READ, items=[("mandate", found.pk, 0)])
    context = {
        **whose(case, person),
        "row": rows([found], request.actor, _withheld_count(case))[0],
        "withheld": withheld_rows(case, found, request.actor),
        "may_withhold": rules.may_withhold(request.actor, case, found),
        "may_attest": rules.may_attest(request.actor, case),
    }
    return render(request, "representatives/mandate.html", context)


@case_page(methods=("GET", "POST"))
def end_mandate(request: DoorRequest, case: Case, mandate_id: UUID) -> HttpResponse:
    """It opens nothing from now on."""
    return _act(request, case, mandate_id, "end")


@case_page(methods=("GET", "POST"))
def rest_mandate(request: DoorRequest, case: Case, mandate_id: UUID) -> HttpResponse:
    """The person has said that she does not want it."""
    return _act(request, case, mandate_id, "rest")


@case_page(methods=("GET", "POST"))
def let_mandate_stand(request: DoorRequest, case: Case, mandate_id: UUID) -> HttpResponse:
    """Decided: it stands although the person said no."""
    return _act(request, case, mandate_id, "let_stand")


def _mandate(person: Person, mandate_id: UUID) -> Mandate:
    found = mandate_of(person, mandate_id)
    if found is None:
        raise Http404
    return found


def _withheld_count(case: Case) -> dict[UUID, int]:
    count: dict[UUID, int] = {}
    for one in withheld_in(case):
        count[one.mandate_id] = count.get(one.mandate_id, 0) + 1
    return count


def _attest(request: DoorRequest, case: Case, person: Person, *, replaces: Mandate | None) -> HttpResponse:
    initial = _as_it_was(replaces) if replaces else {"starts_on": today()}
    form = MandateForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and not _refused(form, person):
        try:
            made = actions.attest(case, form.details(), replaces=replaces, by=request.actor)
        except Stale:
            messages.info(request, gettext("En kollega hann före: uppdraget var redan avslutat."))
            return redirect("mandates", case_id=case.pk)
        messages.success(request, gettext("Ombudet är inskrivet."))
        return redirect("mandate", case_id=case.pk, mandate_id=made.pk)
    request.looked_in(
        case, Tag.MANDATES_READ, items=[("mandate", replaces.pk, 0)] if replaces else [("case", case.pk, 0)]
    )
    context = {
        **whose(case, person),
        "form": form,
        "replaces": rows([replaces], request.actor)[0] if replaces else None,
        "hints": wording.hints(),
        "may_attest": rules.may_attest(request.actor, case),
    }
    return render(request, "representatives/attest.html", context)


def _refused(form: MandateForm, person: Person) -> bool:
    """Says each no beside the field that it is about; the act asks the same rules again."""
    said = form.details()
    starts_on = said.starts_on or today()
    asked = {
        "kind": rules.may_be_guardian(person) if said.kind == MandateKind.GUARDIAN else YES,
        "number": rules.may_be_represented_by(person, said.number),
        "may_consent": rules.may_reach(said.kind, categories=(), may_consent=said.may_consent),
        "starts_on": rules.may_begin(starts_on),
        "ends_on": rules.may_last(said.kind, starts_on=starts_on, ends_on=said.ends_on),
    }
    for name, ruling in asked.items():
        if not ruling:
            form.add_error(name, ruling.reason)
    return bool(form.errors)


def _as_it_was(before: Mandate) -> dict[str, Any]:
    """The form as the mandate stands; the evidence is written anew."""
    names = ("kind", "name", "reached_by", "may_receive_summons", "may_represent_at_meeting", "may_consent")
    return {
        **{name: getattr(before, name) for name in names},
        "number": numbers.parse(before.number, today()) if before.number else None,
        "categories": [one for one in before.categories if one != Category.IDENTITY],
        "starts_on": today(),
        "ends_on": None if before.kind == MandateKind.GUARDIAN else last_day(before.ends_at),
    }


_ACTS: dict[str, tuple[str, Callable[[Actor, Mandate], Ruling]]] = {
    "end": ("end_mandate", rules.may_end),
    "rest": ("rest_mandate", rules.may_rest),
    "let_stand": ("let_mandate_stand", rules.may_let_stand),
}


def _act(request: DoorRequest, case: Case, mandate_id: UUID, act: str) -> HttpResponse:
    """One page with what the act means and a reason; the three differ in their words alone."""
    person = held_person(request, case)
    found = _mandate(person, mandate_id)
    page, may = _ACTS[act]
    form = WhyForm(request.POST or None, asked=_asked(act))
    if request.method == "POST" and form.is_valid():
        try:
            _do(act, case, found, form.cleaned_data["why"], request.actor)
        except Stale:
            messages.info(request, gettext("En kollega hann före. Så här står det nu."))
        else:
            messages.success(request, _done(act))
        return redirect("mandate", case_id=case.pk, mandate_id=found.pk)
    request.looked_in(case, Tag.MANDATES_READ, items=[("mandate", found.pk, 0)])
    context = {
        **whose(case, person),
        "row": rows([found], request.actor)[0],
        "form": form,
        "act": act,
        "page": page,
        "allowed": may(request.actor, found),
    }
    return render(request, "representatives/act.html", context)


def _do(act: str, case: Case, found: Mandate, why: str, by: Actor) -> None:
    match act:
        case "end":
            actions.end(case, found, why=why, by=by)
        case "rest":
            actions.object_to(found, why=why, by=by, case=case)
        case _:
            actions.let_stand(case, found, why=why, by=by)


def _asked(act: str) -> str:
    return {
        "end": gettext("Varför slutar det?"),
        "rest": gettext("Vad säger personen?"),
        "let_stand": gettext("Vad har bestämts, av vem och varför?"),
    }[act]


def _done(act: str) -> str:
    return {
        "end": gettext("Uppdraget är avslutat. Ombudet kan inte öppna något längre."),
        "rest": gettext("Uppdraget vilar. Ombudet kan inte öppna något. Nu ska någon bestämma."),
        "let_stand": gettext("Det är bestämt. Uppdraget gäller igen."),
    }[act]
