"""How a commitment goes: one tap where it stands, or a page with what hinders and a word to the lead.

Here: the same form for the party itself, on what it has received, and for the holder, who notes what somebody
has told. Not here: the rows it is shown in (`humla.web.plans.screen`, `humla.web.received`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.visibility import is_held
from humla.core.context import Actor
from humla.core.fields import ChoiceField, LineField
from humla.core.rulings import NotAllowed
from humla.followups import actions, rules
from humla.followups.models import Hinder, Progress, Status
from humla.followups.visibility import Undertaking, newest_progress, reports_of, undertaking_in
from humla.organisation.visibility import names_of_professionals
from humla.web.door import DoorRequest, case_page
from humla.web.page import render

_ANY = str(UUID(int=0))
"""Stands for a commitment in an address: forty rows differ in nothing else."""

TONES = {
    Status.NOT_STARTED: "neutral",
    Status.UNDER_WAY: "info",
    Status.DONE: "done",
    Status.HINDERED: "warning",
}


@dataclass(frozen=True)
class Told:
    """What somebody said last of one commitment, as a row shows it."""

    status: str
    label: str
    tone: str
    hinder: str
    note: str
    who: str
    at: datetime
    is_mine: bool


@dataclass(frozen=True)
class Going:
    """How the commitments of one case go, and where one says so."""

    told: Mapping[str, Told]
    unit_id: UUID
    address: str
    label: str

    def of(self, commitment_id: object) -> Told | None:
        """The newest word on one commitment."""
        return self.told.get(str(commitment_id))

    def url_of(self, commitment_id: object) -> str:
        """Where it is said how it goes."""
        return self.address.replace(_ANY, str(commitment_id))


class ProgressForm(forms.Form):
    """Where it stands; a hinder says what it is."""

    status = ChoiceField(
        label=_("Hur går det?"),
        choices=[(one.value, capfirst(str(one.label))) for one in Status],
        widget=forms.RadioSelect,
        missing=_("Välj hur det går."),
    )
    hinder = ChoiceField(
        label=_("Vad hindrar?"),
        choices=[("", _("Välj om det finns ett hinder")), *Hinder.choices],
        required=False,
    )
    note = LineField(
        300,
        label=_("Kort, till den som leder planen"),
        help_text=_("Den som leder planen och personen själv läser det. Skriv inget om hälsa här."),
        required=False,
    )

    def clean(self) -> dict[str, object]:
        told = super().clean() or self.cleaned_data
        if told.get("status") != Status.HINDERED:
            told["hinder"] = ""
        elif not told.get("hinder"):
            self.add_error("hinder", gettext("Välj vad som hindrar."))
        return told


@case_page(methods=("GET", "POST"))
def progress(request: DoorRequest, case: Case, commitment_id: UUID) -> HttpResponse:
    """For those who hold the case: their own unit's, and what others have told them."""
    if not is_held(case, request.actor):
        raise Http404
    back = reverse("plan", kwargs={"case_id": case.pk}) + f"#rad-{commitment_id}"
    return _progress(request, case, commitment_id, back)


@case_page(methods=("GET", "POST"))
def report_progress(request: DoorRequest, case: Case, commitment_id: UUID) -> HttpResponse:
    """For a unit that has received the plan: what it has itself undertaken."""
    if is_held(case, request.actor):
        raise Http404
    back = reverse("received", kwargs={"case_id": case.pk}) + f"#gor-{commitment_id}"
    return _progress(request, case, commitment_id, back)


def told_in(case: Case, actor: Actor) -> dict[str, Told]:
    """The newest status of each commitment, by its id as a text: two questions however many they are."""
    newest = newest_progress(case.pk)
    if not newest:
        return {}
    names = names_of_professionals({one.reported_by_id for one in newest.values()})
    return {str(key): _told(one, names.get(one.reported_by_id, ""), actor) for key, one in newest.items()}


def told_to_her(one: Progress) -> Told:
    """The same for the person herself: in her language, and who works where stands beside it already."""
    return _told(one, "", None)


def going_in(case: Case, actor: Actor) -> Going:
    """The same for a page with many rows, with the address of each worked out once."""
    page = "progress" if is_held(case, actor) else "report_progress"
    address = reverse(page, kwargs={"case_id": case.pk, "commitment_id": _ANY})
    return Going(told_in(case, actor), actor.unit_id, address, gettext("Hur går det?"))


def _progress(request: DoorRequest, case: Case, commitment_id: UUID, back: str) -> HttpResponse:
    found = undertaking_in(case, commitment_id)
    if found is None:
        raise Http404
    if request.method == "POST" and "angra" in request.POST:
        actions.take_back_report(commitment_id, case, by=request.actor)
        messages.success(request, gettext("Ångrat. Det som gällde förut gäller igen."))
        return HttpResponseRedirect(back)
    form = ProgressForm(request.POST or None, initial=_initial(request, commitment_id, case))
    if request.method == "POST" and form.is_valid():
        try:
            actions.report(found.id, case, **form.cleaned_data, by=request.actor)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
        else:
            label = str(Status(form.cleaned_data["status"]).label)
            messages.success(request, gettext("Sparat: %(status)s.") % {"status": label})
            return HttpResponseRedirect(back)
    return _page(request, case, found, form, back)


def _page(
    request: DoorRequest, case: Case, found: Undertaking, form: ProgressForm, back: str
) -> HttpResponse:
    told = reports_of(case, found.id)
    tag = Tag.PLAN_READ if is_held(case, request.actor) else Tag.DOCUMENT_READ
    request.looked_in(case, tag, items=[("commitment", found.id, 0)])
    context = {
        "case": case,
        "found": found,
        "form": form,
        "back": back,
        "here": request.path,
        "is_held": is_held(case, request.actor),
        "is_ours": found.unit_id == request.actor.unit_id,
        "history": _history(told, request.actor),
        "may_report": rules.may_report(request.actor, case, found),
    }
    return render(request, "followups/progress.html", context)


def _initial(request: DoorRequest, commitment_id: UUID, case: Case) -> dict[str, str]:
    asked = request.GET.get("lage", "")
    if asked in Status.values:
        return {"status": asked}
    newest = next(iter(reports_of(case, commitment_id)), None)
    return {"status": newest.status, "hinder": newest.hinder} if newest else {}


def _history(told: Iterable[Progress], actor: Actor) -> list[Told]:
    rows = list(told)
    names = names_of_professionals({one.reported_by_id for one in rows})
    return [_told(one, names.get(one.reported_by_id, ""), actor) for one in rows]


def _told(one: Progress, who: str, actor: Actor | None) -> Told:
    return Told(
        status=one.status,
        label=capfirst(str(Status(one.status).label)),
        tone=TONES[Status(one.status)],
        hinder=str(Hinder(one.hinder).label) if one.hinder else "",
        note=one.note,
        who=who,
        at=one.reported_at,
        is_mine=actor is not None and one.reported_by_id == actor.id,
    )
