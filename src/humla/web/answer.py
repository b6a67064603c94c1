"""The page that a summons's letter leads to: a time, and one tap for each answer, without an account.

Here: the answers as the unit says them, in codes only, and what the page says when the link is dead. Not
here: what a link may show (`humla.meetings.linked`, the walls), nor the summons itself, which is read by
those who sign in (`received`) or open it with a code (`opening_link`).

It is made for a phone, in ten minutes between two patients, by somebody who has never been here: whoever
comes taps once, since how and how long stand there already. Every answer is a form of its own, so that
nothing has to be hidden or shown by a script.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from humla.agreements.models import Duty
from humla.core.context import Kind
from humla.core.fields import ChoiceField, MultipleChoiceField, offer
from humla.links.models import LinkSubject
from humla.links.tokens import token_of
from humla.meetings.linked import Given, LinkedSummons, answer_by_link, linked_summons, linked_units
from humla.meetings.models import Answer, DeclineCause, EvidenceKind, MeetingForm, Stay
from humla.web.door import DoorRequest, link_page
from humla.web.evidence_link import evidence_link
from humla.web.page import render
from humla.web.times_link import times_link

ANSWERS = {
    Answer.COMES: gettext_lazy("Vi kommer"),
    Answer.OTHER_TIME: gettext_lazy("Vi kan inte den tiden"),
    Answer.DECLINED: gettext_lazy("Vi kommer inte"),
    Answer.READS: gettext_lazy("Vi deltar inte, men vill ha planen"),
    Answer.WRONG_UNIT: gettext_lazy("Det är fel enhet"),
}
"""The answers as the unit itself says them."""

WAYS = (MeetingForm.IN_PERSON, MeetingForm.VIDEO, MeetingForm.PHONE)
"""How one unit can be at a meeting, whatever way it is held."""

_FEW = 8
"""So many units are a list to tap in; more are a menu."""


class _Preset(ChoiceField):
    """Something is chosen from the start: whoever says nothing has said that."""

    def clean(self, value: Any) -> Any:
        return super().clean(value or self.initial)


class Plain(forms.Form):
    """An answer that needs no more. No field here or below takes free words: they could tell whom."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, summons: LinkedSummons) -> None:
        super().__init__(data, initial=self.before(summons), auto_id=f"{type(self).__name__.lower()}_%s")

    def before(self, summons: LinkedSummons) -> dict[str, Any]:
        """What the unit has answered before, or what is most likely."""
        return {}


class Comes(Plain):
    """We come: how, how long, with what."""

    how = _Preset(
        label=gettext_lazy("Hur är ni med?"),
        choices=[(one.value, one.label) for one in WAYS],
        widget=forms.RadioSelect,
    )
    stay = _Preset(
        label=gettext_lazy("Hur länge?"),
        choices=Stay.choices,
        initial=Stay.WHOLE,
        widget=forms.RadioSelect,
    )
    brings = MultipleChoiceField(
        label=gettext_lazy("Vad har ni med er?"),
        choices=EvidenceKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    sends_evidence = forms.BooleanField(label=gettext_lazy("Vi skickar det före mötet"), required=False)

    def __init__(self, data: Any = None, *, summons: LinkedSummons) -> None:
        super().__init__(data, summons=summons)
        self.fields["how"].initial = _likely(summons)

    def before(self, summons: LinkedSummons) -> dict[str, Any]:
        return {
            "how": summons.how or _likely(summons),
            "stay": summons.stay or Stay.WHOLE,
            "brings": summons.brings,
            "sends_evidence": summons.sends_evidence,
        }


class Declines(Plain):
    """We do not come: why."""

    cause = ChoiceField(
        label=gettext_lazy("Varför kommer ni inte?"),
        choices=DeclineCause.choices,
        widget=forms.RadioSelect,
        missing=gettext_lazy("Välj varför ni inte kommer."),
    )

    def before(self, summons: LinkedSummons) -> dict[str, Any]:
        return {"cause": summons.cause}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        return told | {"sends_evidence": told.get("cause") == DeclineCause.WRITTEN}


class WrongUnit(Plain):
    """It is another unit's: which, of the same huvudman, if it is known."""

    passed_unit = ChoiceField(label=gettext_lazy("Vilken enhet är rätt?"), required=False)

    def __init__(self, data: Any = None, *, summons: LinkedSummons) -> None:
        super().__init__(data, summons=summons)
        units = [
            (str(one.id), f"{one.name}, {one.place}" if one.place else one.name) for one in linked_units()
        ]
        if len(units) <= _FEW:
            self.fields["passed_unit"].widget = forms.RadioSelect()
        offer(self, "passed_unit", [("", _("Vet inte")), *units])

    def clean_passed_unit(self) -> UUID | None:
        return UUID(self.cleaned_data["passed_unit"]) if self.cleaned_data["passed_unit"] else None


FORMS: Mapping[str, type[Plain]] = {
    Answer.COMES: Comes,
    Answer.OTHER_TIME: Plain,
    Answer.DECLINED: Declines,
    Answer.READS: Plain,
    Answer.WRONG_UNIT: WrongUnit,
}


@link_page(methods=("GET", "POST"))
def answer_link(request: DoorRequest) -> HttpResponse:
    """What the letter asks: each subject has its own page."""
    if request.link_subject == LinkSubject.EVIDENCE:
        return evidence_link(request)
    if request.link_subject == LinkSubject.TIMES:
        return times_link(request)
    return summons_link(request)


def summons_link(request: DoorRequest) -> HttpResponse:
    """The summons behind the link, what the unit has answered, and the forms to answer or change it."""
    summons = linked_summons() if request.actor.kind is Kind.LINK else None
    if summons is None:
        return render(request, "answer/dead.html", status=404)
    if request.method != "POST":
        return _page(request, summons)
    if not summons.is_open:
        return redirect(request.path)  # The page says why.
    answer = request.POST.get("answer", "")
    if answer not in FORMS:
        return _page(request, summons, is_empty=True)
    form = FORMS[answer](request.POST, summons=summons)
    if not form.is_valid():
        return _page(request, summons, {answer: form})
    answer_by_link(Given(answer, **form.cleaned_data), by=request.actor)
    return redirect(request.path)


def _page(
    request: DoorRequest,
    summons: LinkedSummons,
    bound: Mapping[str, Plain] | None = None,
    *,
    is_empty: bool = False,
) -> HttpResponse:
    bound = bound or {}
    shown = {
        name: bound.get(name) or kind(summons=summons) for name, kind in FORMS.items() if kind is not Plain
    }
    context = {
        "here": request.path,
        "summons": summons,
        "forms": shown if summons.is_open else {},
        "wrong": next(iter(bound.values()), None),
        "is_empty": is_empty,
        "unit": request.actor.unit_name,
        "is_invited": summons.duty == Duty.INVITED,
        "how": MeetingForm(summons.form).label,
        "answers": ANSWERS,
        "told": _told(summons),
        "token": request.path.split("/")[-2],
        "opening": token_of(summons.letter, opens=True) if summons.letter else "",
    }
    return render(request, "answer/summons.html", context)


def _likely(summons: LinkedSummons) -> str:
    """As the unit was called, when that is one way; to one on site and by video, on site."""
    return summons.form if summons.form in WAYS else MeetingForm.IN_PERSON


def _told(summons: LinkedSummons) -> Sequence[str | Promise]:
    """What the unit has answered, one sentence each; the answer itself first."""
    if not summons.answer:
        return []
    told: list[str | Promise] = [ANSWERS[Answer(summons.answer)]]
    if summons.how and summons.stay:
        told.append(f"{MeetingForm(summons.how).label}, {Stay(summons.stay).label}".capitalize())
    if summons.cause:
        told.append(DeclineCause(summons.cause).label.capitalize())
    if summons.passed_to:
        told.append(_("Rätt enhet är %(unit)s") % {"unit": summons.passed_to})
    if summons.brings:
        what = ", ".join(str(EvidenceKind(one).label) for one in summons.brings)
        told.append(_("Med er: %(what)s") % {"what": what})
    if summons.sends_evidence:
        told.append(_("Ni skickar underlag före mötet"))
    return told
