"""May somebody ask the person afterwards? Its own page, its own words, its own answer (CON-6).

Here: the staff's page. Not here: her own (`own_consents`), nor the consents to the plan and to receivers
(`consents`), which are never asked for on the same page.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.audit.record import Item
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.consents import rules, wording
from humla.consents.afterwards import (
    LONGEST_MONTHS,
    answer_survey,
    may_be_asked,
    may_take_back,
    newest_by_purpose,
    survey_answer,
    survey_answers_of,
    withdraw_survey,
)
from humla.consents.models import SurveyPurpose, WordingKind
from humla.core.context import now, today
from humla.core.fields import ChoiceField
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.web.consent_forms import SaidForm, day_field
from humla.web.consent_ways import said_first, whose, words_for
from humla.web.door import DoorRequest, case_page, only_where_held
from humla.web.page import render


def _purposes() -> list[tuple[str, str]]:
    return [(one.value, str(one.label).capitalize()) for one in SurveyPurpose]


class SurveyForm(SaidForm):
    """Yes or no to one purpose, and until when."""

    purpose = ChoiceField(
        label=_("Vad gäller frågan?"),
        choices=_purposes,
        widget=forms.RadioSelect,
        missing=_("Välj vad frågan gäller."),
    )
    agrees = ChoiceField(
        label=_("Får någon höra av sig efteråt?"),
        choices=[("ja", _("Ja, ni får fråga mig")), ("nej", _("Nej, fråga mig inte"))],
        widget=forms.RadioSelect,
        missing=_("Välj ja eller nej."),
    )
    ends_on = day_field(_("Till och med"))
    field_order = ("purpose", "agrees", "ends_on", "said_on", "manner", "heard_by", "language")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["ends_on"].required = False
        self.fields["ends_on"].help_text = gettext("När svaret är ja. Högst %(months)s månader.") % {
            "months": LONGEST_MONTHS
        }


@case_page(methods=("GET", "POST"))
def afterwards(request: DoorRequest, case: Case) -> HttpResponse:
    """What she has answered about being asked afterwards, and a new answer."""
    only_where_held(request, case)
    words = words_for(case, WordingKind.SURVEY)
    initial = {**said_first(request.actor, case, words), "ends_on": rules.months_after(today(), 12)}
    form = SurveyForm(request.POST or None, initial=initial, offered=words.offered)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            answer_survey(case, agrees=said.pop("agrees") == "ja", **said, by=request.actor)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, gettext("Svaret är sparat. Det ändrar inget annat samtycke."))
            return redirect("afterwards", case_id=case.pk)
    answers = survey_answers_of(case)
    items: list[Item] = [("survey_consent", one.pk, 0) for one in answers]
    request.looked_in(case, Tag.CASE_READ, items=items or [("case", case.pk, 0)])
    newest = newest_by_purpose(answers)
    context = {
        **whose(case),
        "form": form,
        "words": words,
        "rows": [
            {
                "one": one,
                "how": wording.how_given(one),
                "counts": newest[one.purpose].pk == one.pk,
                "holds": newest[one.purpose].pk == one.pk and may_be_asked(one, now()),
                "last_day": rules.last_day(one.ends_at) if one.ends_at else None,
                "may_take_back": may_take_back(request.actor, one),
            }
            for one in answers
        ],
        "may_record": rules.may_record(request.actor, case),
    }
    return render(request, "consents/afterwards.html", context)


@case_page(methods=("POST",))
def take_back_survey(request: DoorRequest, case: Case, survey_id: UUID) -> HttpResponse:
    """She does not want to be asked any more."""
    only_where_held(request, case)
    one = survey_answer(survey_id)
    if one is None or one.case_id != case.pk:
        raise Http404
    try:
        withdraw_survey(one, by=request.actor)
    except Stale:
        messages.info(request, gettext("Det var redan tillbakataget."))
    else:
        messages.success(request, gettext("Tillbakataget. Ingen frågar personen efteråt."))
    return redirect("afterwards", case_id=case.pk)
