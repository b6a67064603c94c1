"""The answer to a summons: its form, noted by whoever summoned or given by the signed-in unit.

Not here: the answer by a neutral link, which takes codes only (`humla.web.links`).
"""

from collections.abc import Iterable
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
from humla.cases.visibility import is_held
from humla.core.fields import ChoiceField, LineField, MultipleChoiceField, offer
from humla.meetings import actions, rules
from humla.meetings.models import (
    Answer,
    AnsweredBy,
    DeclineCause,
    EvidenceKind,
    MeetingForm,
    Stay,
    Summons,
)
from humla.meetings.visibility import summonses_received
from humla.organisation.models import Unit
from humla.organisation.visibility import units_of_same_party
from humla.web.door import DoorRequest, case_page
from humla.web.meetings.opening import back, head, looked, receiver_name, summons_or_404
from humla.web.page import render


class AnswerForm(forms.Form):
    """Comes, another time, does not come and why, wants to read the plan, or: it is another unit's."""

    answer = ChoiceField(
        label=_("Svar"), choices=Answer.choices, widget=forms.RadioSelect, missing=_("Välj ett svar.")
    )
    who_comes = LineField(120, label=_("Vem kommer?"), help_text=_("Fyll i om någon kommer."), required=False)
    cause = ChoiceField(
        label=_("Varför kommer ingen?"),
        help_text=_("Fyll i om ingen kommer."),
        choices=[("", _("Välj")), *DeclineCause.choices],
        required=False,
    )
    passed_unit = ChoiceField(
        label=_("Vilken är rätt enhet?"),
        help_text=_("Fyll i om det är fel enhet. Då kan den som kallade skicka kallelsen dit."),
        required=False,
    )
    passed_to = LineField(120, label=_("Rätt enhet, om den inte står i listan"), required=False)
    form = ChoiceField(
        label=_("Hur är de med?"),
        choices=[("", _("Välj")), *MeetingForm.choices],
        required=False,
    )
    stay = ChoiceField(label=_("Hur länge?"), choices=[("", _("Välj")), *Stay.choices], required=False)
    brings = MultipleChoiceField(
        label=_("Vad tar de med sig?"),
        choices=EvidenceKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    sends_evidence = forms.BooleanField(label=_("Skickar underlag till mötet"), required=False)

    def __init__(self, *args: Any, units: Iterable[Unit] = (), **options: Any) -> None:
        """`units`: those of the same huvudman, where the right one can be."""
        super().__init__(*args, **options)
        self.units = {str(unit.pk): unit for unit in units}
        if self.units:
            grouped: dict[str, list[tuple[str, str]]] = {}
            for key, unit in self.units.items():
                grouped.setdefault(unit.authority.name, []).append((key, unit.name))
            offer(self, "passed_unit", [("", gettext("Vet inte")), *grouped.items()])
        else:
            del self.fields["passed_unit"]

    def clean_passed_unit(self) -> Unit | None:
        return self.units.get(self.cleaned_data["passed_unit"])

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        ruling = rules.is_an_answer(told.get("answer", ""), told.get("cause", ""))
        if not ruling:
            self.add_error("cause", ruling.reason)
        return told


def fresh(summons: Summons) -> dict[str, Any]:
    """What was answered last, to be changed."""
    newest = summons.newest
    if newest is None:
        return {}
    names = set(AnswerForm.base_fields) - {"passed_unit"}
    return {name: getattr(newest, name) for name in names} | {"passed_unit": newest.passed_unit_id}


def others_of_its_party(summons: Summons) -> list[Unit]:
    """Where the right unit can be, when this was the wrong one."""
    return list(units_of_same_party(summons.unit)) if summons.unit else []


@case_page(methods=("GET", "POST"))
def note_answer(request: DoorRequest, case: Case, summons_id: UUID) -> HttpResponse:
    """Write down what somebody answered by telephone or letter."""
    found = summons_or_404(request, case, summons_id)
    form = AnswerForm(request.POST or None, initial=fresh(found), units=others_of_its_party(found))
    if request.method == "POST" and form.is_valid():
        actions.answer(found, how=AnsweredBy.NOTED, by=request.actor, **form.cleaned_data)
        messages.success(request, gettext("Svaret är sparat."))
        return back(case, found.meeting, "#kallade")
    looked(request, case, found.meeting)
    context = head(
        case,
        meeting=found.meeting,
        summons=found,
        receiver=receiver_name(found),
        form=form,
        may=rules.may_note_answer(request.actor, found),
    )
    return render(request, "meetings/answer.html", context)


@case_page(methods=("POST",))
def answer_summons(request: DoorRequest, case: Case, summons_id: UUID) -> HttpResponse:
    """The signed-in unit answers by itself."""
    if is_held(case, request.actor):
        raise Http404
    received = summonses_received(case, request.actor.unit_id)
    found = next((one for one in received.values() if one.pk == summons_id), None)
    if found is None:
        raise Http404
    form = AnswerForm(request.POST, units=others_of_its_party(found))
    if form.is_valid():
        actions.answer(found, how=AnsweredBy.SIGNED_IN, by=request.actor, **form.cleaned_data)
        messages.success(request, gettext("Tack. Den som kallade ser ditt svar."))
        answer = redirect("received", case_id=case.pk)
        answer["Location"] += f"?kallelse={found.pk}"
        return answer
    request.looked_in(case, Tag.SUMMONS_READ, items=[("summons", found.pk, 0)])
    return render(request, "received/answer.html", {"case": case, "summons": found, "form": form})
