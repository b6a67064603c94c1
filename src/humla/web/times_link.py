"""The page of somebody who is asked which times would do: tap those that do, tap to send. No account needed.

Here: the form, and the page by the letter's link and for a unit's way in that has signed in. Not here: the
same for the person (`own_times`), what may be seen (`humla.scheduling.asked`, the walls), nor the holder's
pages (`times`).

It says what will happen before it happens, and a look changes nothing: scanners follow links.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.agreements.models import Duty
from humla.audit.tags import Tag
from humla.core.context import Kind, today
from humla.core.fields import MultipleChoiceField, offer
from humla.core.rulings import NotAllowed
from humla.meetings.models import MeetingForm
from humla.scheduling.actions import answer_asked
from humla.scheduling.asked import AskedTimes, asked_times
from humla.scheduling.models import Can
from humla.web.door import DoorRequest, staff_page
from humla.web.jinja import moment
from humla.web.page import render


class TapForm(forms.Form):
    """The times that do, and those that do if needed. Nothing is ticked before, and no field takes words."""

    use_required_attribute = False
    was_taken = False
    yes = MultipleChoiceField(label=_("Vilka tider kan ni?"), required=False)
    if_needed = MultipleChoiceField(label=_("Vilka kan ni om det behövs?"), required=False)

    def __init__(self, data: Any = None, *, asked: AskedTimes) -> None:
        before = {
            can: [str(one.id) for one in asked.times if one.can == can] for can in (Can.YES, Can.IF_NEEDED)
        }
        initial = {"yes": before[Can.YES], "if_needed": before[Can.IF_NEEDED]}
        super().__init__(data, initial=initial)
        choices = [(str(one.id), moment(one.starts_at)) for one in asked.times]
        for name in ("yes", "if_needed"):
            offer(self, name, choices)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if not self.errors and not (told.get("yes") or told.get("if_needed")):
            self.add_error("yes", self.nothing_chosen())
        return told

    def nothing_chosen(self) -> str:
        """What to do instead, when the button was pressed with nothing ticked."""
        return gettext("Tryck på tiderna som ni kan, eller välj Ingen av tiderna.")

    def said(self) -> dict[UUID, str]:
        """What of each time, by its id; a time that is ticked twice does."""
        told = self.cleaned_data
        return {
            **{UUID(one): Can.IF_NEEDED for one in told["if_needed"]},
            **{UUID(one): Can.YES for one in told["yes"]},
        }


def times_link(request: DoorRequest) -> HttpResponse:
    """What the letter's link leads to: the times, what the unit has answered, and how to change it."""
    asked = asked_times() if request.actor.kind is Kind.LINK else None
    if asked is None:
        return render(request, "answer/dead.html", status=404)
    return _page_or_answer(request, asked, None, "times/answer.html")


@staff_page(methods=("GET", "POST"))
def unit_times(request: DoorRequest, invitee_id: UUID) -> HttpResponse:
    """The same for the unit's way in that has signed in: still not a word of whom it is about."""
    asked = asked_times(invitee_id)
    if asked is None:
        raise Http404
    request.looked(Tag.ARRIVALS_LISTED, items=[("invitee", asked.invitee_id, 0)])
    return _page_or_answer(request, asked, asked.invitee_id, "times/unit.html")


def answered(
    request: DoorRequest, asked: AskedTimes, form: TapForm, invitee_id: UUID | None, *, is_unit: bool
) -> bool:
    """Take the answer of the button that was pressed. False when there is something to put right first.

    When a time was set while the page stood open the page says so as it is read again; `was_taken` tells.
    """
    pressed = request.POST.get("svar", "")
    if pressed not in ("ingen", "fel") and not form.is_valid():
        return False
    is_wrong = pressed == "fel" and is_unit
    said = {} if pressed in ("ingen", "fel") else form.said()
    try:
        answer_asked(invitee_id, said=said, is_wrong=is_wrong, by=request.actor)
    except NotAllowed:
        return True
    form.was_taken = True
    return True


def _page_or_answer(
    request: DoorRequest, asked: AskedTimes, invitee_id: UUID | None, template: str
) -> HttpResponse:
    form = TapForm(request.POST if request.method == "POST" else None, asked=asked)
    if request.method == "POST" and (
        not asked.is_open or answered(request, asked, form, invitee_id, is_unit=True)
    ):
        if form.was_taken and invitee_id is not None:
            messages.success(request, gettext("Tack. Svaret är sparat."))
        return redirect(request.path)
    context = {
        "here": request.path,
        "asked": asked,
        "form": form,
        "unit": request.actor.unit_name,
        "is_invited": asked.duty == Duty.INVITED,
        "how": MeetingForm(asked.form).label,
        "is_late": asked.answer_by < today(),
    }
    return render(request, template, context)
