"""The page that a summons's letter leads to: a time, and five answers to choose from, without an account.

Here: the form, in codes only, and what it says when the link is dead. Not here: what a link may show
(`humla.meetings.linked`, the walls), nor the summons itself, which is read by those who sign in (`received`).

It is made for a phone and for somebody who has never been here: a tap on the answer, a tap to send.
"""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from humla.agreements.models import Duty
from humla.core.context import Kind
from humla.meetings.linked import LinkedSummons, answer_by_link, linked_summons
from humla.meetings.models import Answer, DeclineCause, MeetingForm
from humla.web.door import DoorRequest, link_page
from humla.web.page import render

ANSWERS = {
    Answer.COMES: gettext_lazy("Vi kommer"),
    Answer.OTHER_TIME: gettext_lazy("Vi kan inte den tiden"),
    Answer.DECLINED: gettext_lazy("Vi kommer inte"),
    Answer.READS: gettext_lazy("Vi deltar inte, men vill ha planen"),
    Answer.WRONG_UNIT: gettext_lazy("Det är fel enhet"),
}
"""The answers as the unit itself says them."""


class _Cause(forms.ChoiceField):
    """Asked of those who do not come; the others leave it."""

    def validate(self, value: object) -> None:
        if value:
            super().validate(value)


class AnswerForm(forms.Form):
    """One answer. No field takes free words: what is written could tell whose case it is."""

    use_required_attribute = False
    answer = forms.ChoiceField(
        label=gettext_lazy("Vad svarar ni?"),
        choices=list(ANSWERS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Välj ett svar.")},
    )
    cause = _Cause(
        label=gettext_lazy("Om ni inte kommer: varför?"),
        choices=[("", gettext_lazy("Välj …")), *DeclineCause.choices],
    )
    sends_evidence = forms.BooleanField(label=gettext_lazy("Vi skickar underlag före mötet"), required=False)

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        if cleaned.get("answer") == Answer.DECLINED and not cleaned.get("cause"):
            self.add_error("cause", _("Välj varför ni inte kommer."))
        return cleaned


@link_page(methods=("GET", "POST"))
def answer_link(request: DoorRequest) -> HttpResponse:
    """The summons behind the link, what the unit has answered, and the form to answer or change it."""
    summons = linked_summons() if request.actor.kind is Kind.LINK else None
    if summons is None:
        return render(request, "answer/dead.html", status=404)
    if request.method != "POST":
        return _page(request, summons, _form(summons))
    if not summons.is_open:
        return redirect(request.path)  # The page says why.
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, summons, form)
    answer_by_link(**form.cleaned_data, by=request.actor)
    return redirect(request.path)


def _form(summons: LinkedSummons) -> AnswerForm:
    before = {
        "answer": summons.answer,
        "cause": summons.cause,
        "sends_evidence": summons.sends_evidence,
    }
    return AnswerForm(initial=before if summons.answer else None)


def _page(request: DoorRequest, summons: LinkedSummons, form: AnswerForm) -> HttpResponse:
    context = {
        "here": request.path,
        "summons": summons,
        "form": form,
        "unit": request.actor.unit_name,
        "is_invited": summons.duty == Duty.INVITED,
        "how": MeetingForm(summons.form).label,
        "answer": ANSWERS[Answer(summons.answer)] if summons.answer else "",
        "cause": DeclineCause(summons.cause).label if summons.cause else "",
    }
    return render(request, "answer/summons.html", context)
