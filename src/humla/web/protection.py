"""Protected identity: the protection of one person, where she is, and the manager's list of protected cases.

Here: the forms and the pages. Not here: how the other pages leave her name out (each asks
`Person.is_protected` or `Case.is_protected`), nor what is written (`humla.protection.actions`). Nothing that
is written here is kept as a draft: a draft lies under another key than where she is.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.naming import case_title
from humla.cases.visibility import who_can_take_over, who_works_in
from humla.core.context import today
from humla.core.fields import ChoiceField, LineField, ProseField, SwedishDateField, offer
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.meetings.actions import approve_place as approve_the_place
from humla.organisation.models import UnitAssignment
from humla.organisation.visibility import colleagues
from humla.protection import actions, rules
from humla.protection.models import MarkingKind, ProtectedContact
from humla.protection.visibility import (
    GuardedCase,
    clearances_in,
    contact_of,
    former_markings,
    marking_of,
    twin_cases,
)
from humla.protection.visibility import guarded_case as case_of_the_unit
from humla.protection.visibility import guarded_cases as cases_of_the_unit
from humla.web.case_life import HandOverForm, handed_over, labelled
from humla.web.door import DoorRequest, case_page, only_where_held, staff_page
from humla.web.fresh import must_have_signed_in_lately
from humla.web.meetings.opening import back, meeting_or_404
from humla.web.page import render
from humla.web.two_texts import differing, sent_version

OFTEN = 90
"""So many days a clearance is suggested for."""


class MarkForm(forms.Form):
    """What is protected, and how one knows."""

    kind = ChoiceField(
        label=_("Vad gäller?"),
        choices=MarkingKind.choices,
        widget=forms.RadioSelect,
        missing=_("Välj vad som gäller."),
    )
    reason = ProseField(
        1000,
        rows=3,
        label=_("Hur vet du det?"),
        help_text=_("Till exempel: markeringen syns i folkbokföringen. Läses bara av dem som är behöriga."),
        missing=_("Skriv hur du vet att personen är skyddad."),
    )


class ClearForm(forms.Form):
    """Who is to read a protected case, and until when."""

    who = ChoiceField(label=_("Vem ska få behörighet?"), missing=_("Välj en kollega."))
    until = SwedishDateField(label=_("Till och med"), help_text=_("Högst ett år."))

    def __init__(self, *args: Any, among: Iterable[UnitAssignment], **options: Any) -> None:
        super().__init__(*args, **options)
        self.those = {str(one.pk): one for one in among}
        labels = [(key, labelled(one)) for key, one in self.those.items()]
        offer(self, "who", [("", gettext("Välj en kollega")), *labels])

    @property
    def chosen(self) -> UnitAssignment:
        """Whom."""
        return self.those[self.cleaned_data["who"]]


class RemovalForm(forms.Form):
    """Why the protection should go."""

    reason = ProseField(
        1000,
        rows=3,
        label=_("Varför ska skyddet tas bort?"),
        help_text=_("Den som ska säga ja läser det."),
        missing=_("Skriv varför skyddet ska tas bort."),
    )


OPENS_MORE = {"behorig", "ta_bort"}
"""What lets more people read: not from a screen that somebody else signed in at and left."""


class ContactForm(forms.Form):
    """Where she is. Nothing has to be written: what nobody needs is better left out."""

    reached_by = ProseField(500, rows=2, label=_("Så når ni personen säkert"), required=False)
    phone = LineField(60, label=_("Telefon"), required=False)
    address = ProseField(500, rows=2, label=_("Adress"), required=False)
    school = LineField(120, label=_("Skola eller förskola"), required=False)
    workplace = LineField(120, label=_("Arbetsplats"), required=False)


@case_page(methods=("GET", "POST"))
def protection(request: DoorRequest, case: Case) -> HttpResponse:
    """The protection of the person: set it, say who reads the case, take it away together with another."""
    only_where_held(request, case)
    done = request.POST.get("gor", "") if request.method == "POST" else ""
    if done in OPENS_MORE:
        must_have_signed_in_lately(request)
    marking, working = marking_of(case.person_id), who_works_in(case)
    among = colleagues(request.actor)
    mark = MarkForm(request.POST if done == "satt" else None)
    clear = ClearForm(request.POST if done == "behorig" else None, among=among, initial=_suggested())
    removal = RemovalForm(request.POST if done == "be" else None)
    if done and _did(request, case, done, mark, clear, removal):
        return redirect("protection", case_id=case.pk)
    cleared = clearances_in(case)
    items = [("marking", marking.pk, 0)] if marking else []
    tag = Tag.PROTECTION_READ if marking else Tag.CASE_READ
    request.looked_in(case, tag, items=[*items, *(("clearance", one.pk, 0) for one in cleared)])
    context = {
        "case": case,
        "title": case_title(case),
        "marking": marking,
        "twins": twin_cases(case.person_id) if marking else [],
        "former": former_markings(case.person_id),
        "mark": mark,
        "clear": clear,
        "removal": removal,
        "failed": next((one for one in (mark, clear, removal) if one.errors), mark),
        "cleared": [
            {"it": one, "may_end": rules.may_end_clearance(request.actor, one, working=working)}
            for one in cleared
        ],
        "only_one": len(cleared) < 2,
        "may_protect": rules.may_protect(request.actor, case),
        "may_clear": rules.may_clear(request.actor, case, working=working),
        "may_ask": rules.may_ask_to_unprotect(request.actor, marking),
        "may_unprotect": rules.may_unprotect(request.actor, marking),
    }
    return render(request, "protection/case.html", context)


@case_page(methods=("GET", "POST"))
def protected_contact(request: DoorRequest, case: Case) -> HttpResponse:
    """Where she is. To open the page is to read it, and it stands on her list of who has looked."""
    only_where_held(request, case)
    if not case.is_protected:
        raise Http404
    standing = contact_of(case.person_id)
    form = ContactForm(request.POST) if request.method == "POST" else ContactForm(initial=_places(standing))
    version = standing.version if standing else 0
    unlike: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_contact(
                case, places=form.cleaned_data, version=sent_version(request), by=request.actor
            )
        except Stale:
            unlike = differing(form.fields, form.cleaned_data, _places(standing))
        else:
            messages.success(request, gettext("Kontaktuppgifterna är sparade."))
            return redirect("protected_contact", case_id=case.pk)
    items = [("protected_contact", standing.pk, standing.version)] if standing else []
    request.looked_in(case, Tag.PROTECTED_CONTACT_READ, items=items)
    context = {
        "case": case,
        "title": case_title(case),
        "form": form,
        "standing": standing,
        "version": version,
        "unlike": unlike,
        "may_write": rules.may_write_contact(request.actor, case),
    }
    return render(request, "protection/contact.html", context)


@case_page(methods=("POST",))
def approve_place(request: DoorRequest, case: Case, meeting_id: UUID) -> HttpResponse:
    """The second pair of eyes on where a protected person will be."""
    meeting = meeting_or_404(request, case, meeting_id)
    approve_the_place(meeting, place=request.POST.get("place", ""), by=request.actor)
    messages.success(request, gettext("Platsen är godkänd. Nu går det att kalla."))
    return back(case, meeting)


@staff_page()
def guarded_cases(request: DoorRequest) -> HttpResponse:
    """The protected cases that the unit works in, for its manager: references and colleagues, no person."""
    if not rules.may_clear_as_manager(request.actor):
        raise Http404
    found = cases_of_the_unit()
    request.looked(Tag.GUARDED_CASES_READ, items=[("case", one.case_id, 0) for one in found])
    return render(request, "protection/unit.html", {"rows": found})


@staff_page(methods=("GET", "POST"))
def guarded_case(request: DoorRequest, case_id: UUID) -> HttpResponse:
    """One of them: who of the unit reads it, and until when."""
    if not rules.may_clear_as_manager(request.actor):
        raise Http404
    found = case_of_the_unit(case_id)
    if found is None:
        raise Http404
    done = request.POST.get("gor", "") if request.method == "POST" else ""
    if done in OPENS_MORE:
        must_have_signed_in_lately(request)
    among = who_can_take_over(request.actor, within_unit=True)
    form = ClearForm(request.POST if done == "behorig" else None, among=among, initial=_suggested())
    if done and _decided(request, found, done, form):
        return redirect("guarded_cases")
    request.looked(Tag.GUARDED_CASES_READ, items=[("case", found.case_id, 0)])
    context = {
        "one": found,
        "form": form,
        "may_be_second": rules.is_another(request.actor, found.removal_asked_by_id),
    }
    return render(request, "protection/unit_case.html", context)


@staff_page(methods=("GET", "POST"))
def hand_over_guarded(request: DoorRequest, case_id: UUID) -> HttpResponse:
    """The manager hands the responsibility for a protected case to one of the unit who is cleared for it."""
    if not rules.may_clear_as_manager(request.actor):
        raise Http404
    found = case_of_the_unit(case_id)
    if found is None or found.responsible is None or not found.is_held:
        raise Http404
    cleared = {one.professional_id for one in found.workers if one.cleared_until}
    near = who_can_take_over(request.actor, within_unit=True).filter(professional__in=cleared)
    near = near.exclude(professional=found.responsible.professional_id)
    form = HandOverForm(request.POST or None, to=near)
    if request.method == "POST" and form.is_valid() and handed_over(request, form, [case_id]):
        return redirect("guarded_cases")
    request.looked(Tag.GUARDED_CASES_READ, items=[("case", found.case_id, 0)])
    return render(request, "protection/hand_over.html", {"one": found, "form": form})


def _suggested() -> dict[str, Any]:
    return {"until": today() + timedelta(days=OFTEN)}


def _places(standing: ProtectedContact | None) -> dict[str, str]:
    return {name: getattr(standing, name) if standing else "" for name in actions.PLACES}


def _did(
    request: DoorRequest, case: Case, done: str, mark: MarkForm, clear: ClearForm, removal: RemovalForm
) -> bool:
    """Done, with a sentence for the next page; or not, and a form says why."""
    actor, marking = request.actor, marking_of(case.person_id)
    if done == "satt" and mark.is_valid():
        actions.protect(case, kind=mark.cleaned_data["kind"], reason=mark.cleaned_data["reason"], by=actor)
        told = gettext("Skyddet är satt och gäller genast. Ge nu behörighet till dem som ska läsa ärendet.")
    elif done == "behorig" and clear.is_valid():
        rules.may_clear(actor, case, working=who_works_in(case)).enforce()
        if not _cleared(request, case.pk, clear):
            return False
        told = gettext("Behörigheten är given.")
    elif done == "sluta":
        actions.end_clearance(_sent_id(request), by=actor)
        told = gettext("Behörigheten är avslutad.")
    elif done == "be" and marking is not None and removal.is_valid():
        actions.ask_to_unprotect(marking, case=case, reason=removal.cleaned_data["reason"], by=actor)
        told = gettext("Nu behöver en annan person säga ja: en behörig kollega eller enhetens chef.")
    elif done == "behall" and marking is not None:
        actions.keep_protected(marking, case=case, by=actor)
        told = gettext("Skyddet står kvar.")
    elif done == "ta_bort" and marking is not None:
        actions.unprotect(marking, case=case, by=actor)
        told = gettext("Skyddet är borttaget. Namnet syns igen för dem som arbetar i ärendet.")
    else:
        return False
    messages.success(request, told)
    return True


def _decided(request: DoorRequest, found: GuardedCase, done: str, form: ClearForm) -> bool:
    if done == "behorig" and form.is_valid():
        if not _cleared(request, found.case_id, form):
            return False
        told = gettext("Behörigheten är given.")
    elif done == "sluta":
        actions.end_clearance(_sent_id(request), by=request.actor)
        told = gettext("Behörigheten är avslutad.")
    elif done in ("behall", "ta_bort"):
        actions.decide_as_manager(found, goes=done == "ta_bort", by=request.actor)
        told = gettext("Skyddet är borttaget.") if done == "ta_bort" else gettext("Skyddet står kvar.")
    else:
        return False
    messages.success(request, told)
    return True


def _cleared(request: DoorRequest, case_id: UUID, form: ClearForm) -> bool:
    chosen = form.chosen
    try:
        rules.is_long_enough(form.cleaned_data["until"]).enforce()
        actions.clear(
            case_id,
            chosen.professional_id,
            chosen.unit_id,
            until=form.cleaned_data["until"],
            by=request.actor,
        )
    except NotAllowed as refused:
        form.add_error(
            "until" if not rules.is_long_enough(form.cleaned_data["until"]) else "who", refused.reason
        )
        return False
    return True


def _sent_id(request: DoorRequest) -> UUID:
    try:
        return UUID(request.POST.get("behorighet", ""))
    except ValueError:
        raise Http404 from None
