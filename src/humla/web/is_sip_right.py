"""Är SIP rätt? Six questions for anybody, and where the answers point; it decides nothing (INI-5).

Here: the form and its answer. Not here: the weighing (`humla.initiations.guide`), nor the questions' words
(`humla.agreements.words`). The answers are sent in a form and kept nowhere: an address would tell of them.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.agreements.models import LawReference
from humla.agreements.visibility import agreement_in_force
from humla.agreements.words import SipQuestion, sip_questions, standard_words
from humla.cases.rules import may_open
from humla.core.context import Kind, today
from humla.core.fields import ChoiceField
from humla.initiations.guide import Advice, Points, Said, advise
from humla.web.door import DoorRequest, public_page
from humla.web.page import render

_ANSWERS = [(Said.YES, _("Ja")), (Said.NO, _("Nej")), (Said.UNSURE, _("Vet inte"))]
_OFFICE = (Kind.PROFESSIONAL, Kind.FORBUND, Kind.ADMIN)
_LAYOUTS = dict.fromkeys(_OFFICE, "base/staff.html")


class GuideForm(forms.Form):
    """The agreement's questions, each with yes, no or unsure."""

    use_required_attribute = False

    def __init__(self, *args: Any, questions: Sequence[SipQuestion], **options: Any) -> None:
        super().__init__(*args, **options)
        for one in questions:
            self.fields[one.key] = ChoiceField(
                label=one.text,
                help_text=one.help,
                choices=_ANSWERS,
                widget=forms.RadioSelect,
                missing=_("Välj ett svar. Vet inte går också bra."),
            )


@public_page(methods=("GET", "POST"))
def is_sip_right(request: DoorRequest) -> HttpResponse:
    """The questions; and after them where they point, with why, and the way on."""
    is_office = request.actor.kind in _OFFICE
    questions = standard_words().questions() if not is_office else sip_questions()
    form = GuideForm(request.POST or None, questions=questions)
    advice: Advice | None = None
    if request.method == "POST" and form.is_valid():
        advice = advise(questions, form.cleaned_data)
    agreement = agreement_in_force(today()) if is_office else None
    context = {
        "form": form,
        "advice": advice,
        "title": _title(advice) if advice else "",
        "agreement": agreement,
        "law": _law(agreement) if agreement else [],
        "is_staff": request.actor.kind is Kind.PROFESSIONAL,
        "may_open": may_open(request.actor) if request.actor.kind is Kind.PROFESSIONAL else None,
        "layout": _LAYOUTS.get(request.actor.kind, "base/person.html"),
    }
    return render(request, "asking/guide.html", context)


def _title(advice: Advice) -> str:
    return {
        Points.SIP: gettext("Svaren pekar på en SIP"),
        Points.MEETING: gettext("Svaren pekar på Försäkringskassans avstämningsmöte"),
        Points.EXISTING: gettext("Fortsätt i planen som finns"),
        Points.FIRST: gettext("Ta hjälp i dag först"),
        Points.OTHER: gettext("Svaren pekar på något annat än en SIP"),
    }[advice.points]


def _law(agreement: Any) -> list[LawReference]:
    return list(agreement.law.all())
