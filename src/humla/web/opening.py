"""Opening a case, and how it came to be: who saw the need, when, and whether the coordinator was asked first.

Here: the page where a case begins, and the one where its beginning is put right. Not here: the list and the
case itself (`humla.web.cases`, `humla.web.front`), how many numbers one may try (`humla.web.seeking`).

What is counted about the beginning is asked where it happens, and costs no time: the answers that are true
most often stand there already.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.agreements.visibility import needs_groups
from humla.audit.tags import Tag
from humla.cases import actions
from humla.cases.actions import InitiationDetails
from humla.cases.models import Case, Initiation, Initiator
from humla.cases.naming import case_title
from humla.cases.rules import may_change, may_initiate_so, may_open
from humla.cases.visibility import initiation_of, is_held, my_open_cases_about
from humla.consultations import actions as consulting
from humla.consultations.models import Consultation
from humla.consultations.rules import may_consult, may_open_of
from humla.consultations.visibility import consultation_seen
from humla.core.context import Actor, today
from humla.core.dates import day_of
from humla.core.fields import (
    ChoiceField,
    ModelChoiceField,
    PersonNumberField,
    ProseField,
    SwedishDateField,
    offer_rows,
)
from humla.core.rulings import YES, NotAllowed
from humla.core.versions import Stale
from humla.drafts.actions import keep_draft
from humla.initiations import actions as requests
from humla.initiations.models import PlanRequest
from humla.initiations.rules import may_open_of as may_open_of_request
from humla.initiations.visibility import by_whom, initiator_of, request_here
from humla.organisation.models import Role
from humla.organisation.visibility import profession_of, professions, units_to_choose
from humla.people.actions import PersonDetails, Registered, register
from humla.people.models import Language
from humla.people.visibility import person_seen
from humla.web.door import DoorRequest, case_page, staff_page
from humla.web.page import render
from humla.web.people import ContactFields, NameFields, differs, draft_name
from humla.web.seeking import may_seek, note_sought
from humla.web.two_texts import TwoTexts, differing, sent_version

ABOUT = (*NameFields.base_fields, *ContactFields.base_fields)
"""What is asked about the person when a case is opened, the number apart."""


class InitiationFields(forms.Form):
    """Who saw the need and when: what the figures are made of (STA-1)."""

    initiator = ChoiceField(
        label=_("Vem tog initiativet?"),
        choices=Initiator.choices,
        widget=forms.RadioSelect,
        missing=_("Välj vem som tog initiativet."),
    )
    initiator_profession = ModelChoiceField(None, label=_("Yrke"), required=False, empty_label=_("Välj yrke"))
    initiator_unit = ModelChoiceField(None, label=_("Enhet"), required=False, empty_label=_("Välj enhet"))
    need_seen_on = SwedishDateField(
        label=_("När märktes behovet?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    via_coordinator = forms.BooleanField(label=_("SIP-samordnaren har varit med från början"), required=False)
    needs_group = ModelChoiceField(
        None, label=_("Behovsgrupp"), required=False, empty_label=_("Ingen av dem")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, rows in (
            ("initiator_profession", professions()),
            ("initiator_unit", units_to_choose()),
            ("needs_group", needs_groups(today())),
        ):
            offer_rows(self, name, rows)
        if not self.fields["needs_group"].queryset.exists():  # type: ignore[attr-defined]
            del self.fields["needs_group"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        who, seen_on = cleaned.get("initiator"), cleaned.get("need_seen_on")
        if who and not may_initiate_so(who, cleaned.get("initiator_profession"), None):
            sentence = may_initiate_so(who, None, None).reason
            self.add_error("initiator_profession", sentence)
        if seen_on and not (ruling := may_initiate_so(Initiator.PERSON, None, seen_on)):
            self.add_error("need_seen_on", ruling.reason)
        return cleaned

    def initiation(self) -> InitiationDetails:
        """What the form says about the beginning, as the action takes it."""
        said = self.cleaned_data
        return InitiationDetails(
            initiator=said["initiator"],
            profession=said["initiator_profession"],
            unit=said["initiator_unit"],
            need_seen_on=said["need_seen_on"],
            via_coordinator=said["via_coordinator"],
            needs_group=said.get("needs_group"),
        )

    @property
    def has_wrong_beginning(self) -> bool:
        """Is something to be changed in these fields?"""
        return any(name in self.errors for name in InitiationFields.base_fields)


class OpenCaseForm(NameFields, ContactFields, InitiationFields):
    """All that is needed to begin, in one go."""

    number = PersonNumberField(
        label=_("Personnummer eller samordningsnummer"),
        help_text=_("Tolv siffror, till exempel 19870101-0000."),
        missing=_("Skriv numret, eller kryssa i att personen inte har något."),
    )
    has_no_number = forms.BooleanField(
        label=_("Personen har inget nummer och får en tillfällig kod"), required=False
    )
    reason = ProseField(
        500,
        rows=3,
        label=_("Varför behövs en samordnad plan?"),
        help_text=_("Kort. Det här läser bara de som arbetar i ärendet hos er."),
        missing=_("Skriv med några ord varför en plan behövs."),
    )
    field_order = (
        "number",
        "has_no_number",
        "given_name",
        "family_name",
        "reason",
        *InitiationFields.base_fields,
        *ContactFields.base_fields,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["number"].required = not self.data.get("has_no_number")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("number") and cleaned.get("has_no_number"):
            sentence = gettext("Du har skrivit ett nummer. Ta bort krysset eller numret.")
            self.add_error("has_no_number", sentence)
        return cleaned

    def details(self) -> PersonDetails:
        """What the form says about the person, as the action takes it."""
        about = {name: self.cleaned_data[name] for name in ABOUT}
        return PersonDetails(number=self.cleaned_data["number"], **about)


@staff_page(methods=("GET", "POST"))
def open_case(request: DoorRequest) -> HttpResponse:
    """Person, reason and how to meet her on one page; from a consultation or a request, with its asker as
    initiator."""
    asked = _request(request)
    if asked is not None and not may_open_of_request(request.actor, asked):
        return redirect("plan_request", plan_request_id=asked.pk)  # It says there why.
    consultation = None if asked else _consultation(request)
    if consultation is not None and not may_open_of(request.actor, consultation):
        return redirect("consultation", consultation_id=consultation.pk)  # It says there why.
    form = OpenCaseForm(request.POST or None, initial=_most_likely(request.actor, consultation, asked))
    already: list[Case] = []
    if request.method == "POST" and form.is_valid():
        may_open(request.actor).enforce()
        found = _registered(request, form)
        answer = _opened(request, found, form, consultation, asked) if found else None
        if answer is not None:
            return answer
        already = my_open_cases_about(found.person.pk) if found else []
    context = {
        "form": form,
        "may_open": may_open(request.actor),
        "already": already,
        "consultation": consultation,
        "asked": asked,
        "by_default": _in_words(request.actor, consultation, asked),
    }
    return render(request, "cases/open.html", context)


@case_page(methods=("GET", "POST"))
def initiation(request: DoorRequest, case: Case) -> HttpResponse:
    """How the case came to be, and putting it right."""
    found = initiation_of(case) if is_held(case, request.actor) else None
    if found is None:
        raise Http404
    form = InitiationFields(request.POST or None, initial=_written(found))
    conflicts: list[TwoTexts] = []
    if request.method == "POST" and form.is_valid():
        try:
            found.case = case
            told = form.initiation()
            actions.correct_initiation(found, details=told, version=sent_version(request), by=request.actor)
            messages.success(request, gettext("Det är rättat."))
            return redirect("case", case_id=case.pk)
        except Stale:
            found = initiation_of(case) or found
            mine = {name: form[name].value() for name in form.fields}
            conflicts = differing(form.fields, mine, _written(found))
    request.looked_in(case, Tag.CASE_READ, items=[("initiation", found.pk, found.version)])
    context = {
        "case": case,
        "title": case_title(case),
        "form": form,
        "version": found.version,
        "conflicts": conflicts,
        "may_change": may_change(request.actor, case),
    }
    return render(request, "cases/initiation.html", context)


def _consultation(request: DoorRequest) -> Consultation | None:
    """The consultation that the case is opened of, if there is one."""
    asked = request.GET.get("konsultation") or request.POST.get("consultation", "")
    if not asked or not may_consult(request.actor):
        return None
    try:
        found = consultation_seen(UUID(asked))
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def _request(request: DoorRequest) -> PlanRequest | None:
    """The request for a plan that the case is opened of, if there is one."""
    asked = request.GET.get("begaran") or request.POST.get("asked", "")
    if not asked:
        return None
    try:
        found = request_here(UUID(asked))
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def _most_likely(
    actor: Actor, consultation: Consultation | None, asked: PlanRequest | None
) -> dict[str, Any]:
    """The answers that are true most often: she who opens it saw the need, today."""
    if asked is not None:
        return _as_asked(asked)
    if consultation is not None:
        return {
            "initiator": Initiator.PROFESSIONAL,
            "initiator_profession": consultation.asker_profession_id,
            "initiator_unit": consultation.asker_unit_id,
            "need_seen_on": consultation.held_on,
            "via_coordinator": True,
        }
    return {
        "initiator": Initiator.PROFESSIONAL,
        "initiator_profession": profession_of(actor),
        "initiator_unit": actor.unit_id,
        "need_seen_on": today(),
        "via_coordinator": actor.role == Role.COORDINATOR,
    }


def _as_asked(asked: PlanRequest) -> dict[str, Any]:
    """What whoever asked wrote, in the fields where it belongs."""
    given, _space, family = asked.name.rpartition(" ")
    return {
        "given_name": given or family,
        "family_name": family if given else "",
        "reason": asked.words[:500],
        "initiator": initiator_of(asked),
        "initiator_profession": asked.asker.profession_id if asked.asker else None,
        "initiator_unit": asked.asker_unit_id,
        "need_seen_on": day_of(asked.arrived_at),
        "via_coordinator": False,
        "language": asked.language or Language.SWEDISH,
        "needs_interpreter": asked.needs_interpreter,
        "wants_contact_by": asked.reach,
    }


def _in_words(actor: Actor, consultation: Consultation | None, asked: PlanRequest | None) -> str:
    """The same in a line, above the fields that one rarely opens."""
    if asked is not None:
        return gettext("Den som frågade: %(who)s") % {"who": by_whom(asked)}
    if consultation is not None:
        who = f"{consultation.asker_profession.name}, {consultation.asker_unit.name}"
        return gettext("Den som frågade: %(who)s") % {"who": who}
    return gettext("Du själv, i dag")


def _written(one: Initiation) -> dict[str, Any]:
    return {
        "initiator": one.initiator,
        "initiator_profession": one.initiator_profession_id,
        "initiator_unit": one.initiator_unit_id,
        "need_seen_on": one.need_seen_on,
        "via_coordinator": one.via_coordinator,
        "needs_group": one.needs_group_id,
    }


def _registered(request: DoorRequest, form: OpenCaseForm) -> Registered | None:
    """The authority's row for the person; or none, and the form says why."""
    number = form.cleaned_data["number"]
    ruling = may_seek() if number else YES
    if not ruling:
        form.add_error("number", ruling.reason)
        return None
    found = register(form.details(), by=request.actor)
    if number:
        note_sought(request, None if found.is_new else found.person.pk)
    return found


def _opened(
    request: DoorRequest,
    found: Registered,
    form: OpenCaseForm,
    consultation: Consultation | None,
    asked: PlanRequest | None,
) -> HttpResponse | None:
    """To the new case; or nowhere, and the form says why."""
    try:
        made = actions.open_case(
            person=found.person,
            reason=form.cleaned_data["reason"],
            initiation=form.initiation(),
            by=request.actor,
        )
        if consultation is not None:
            consulting.tie(consultation, made, by=request.actor)
        if asked is not None:
            requests.tie(asked, made, by=request.actor)
        return _to_what_was_made(made, found, form)
    except NotAllowed as refused:
        form.add_error("number", refused.reason)
        return None


def _to_what_was_made(made: Case, found: Registered, form: OpenCaseForm) -> HttpResponse:
    """To the new case; or first to what stood about the person already, when something else was typed."""
    stood = None if found.is_new else person_seen(found.person.pk)
    typed = {name: _as_typed(form.cleaned_data[name]) for name in ABOUT}
    if stood is None or not differs(typed, stood):
        return redirect("case", case_id=made.pk)
    keep_draft(draft_name(stood.pk), typed, case=made.pk)
    return redirect("person", case_id=made.pk)


def _as_typed(value: Any) -> str:
    return ("on" if value else "") if isinstance(value, bool) else str(value)
