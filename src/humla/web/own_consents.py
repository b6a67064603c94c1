"""The person gives, previews, narrows and takes back her yes herself, and says who must not come.

Here: her pages about consent, said to "du". Not here: the first page (`own`), what may be said to a question
(`humla.consents.asking`), what is written down for her (`consents`), nor the preview's content (`preview`).

She reads the words in her own language where somebody has reviewed them, else in Swedish: never a text that
nobody answers for. The tab says "Min sida" on all of them: somebody may stand behind her.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from humla.audit.tags import Tag
from humla.cases.models import CHOSEN, Case
from humla.cases.visibility import case_seen
from humla.consents import actions, rules, wording
from humla.consents.afterwards import may_take_back as may_take_back_survey
from humla.consents.afterwards import survey_answer, withdraw_survey
from humla.consents.asking import answer_no, answer_yes, may_answer, request_of, stands
from humla.consents.kept_away import keep_away, kept_away_from, let_come, one_kept_away
from humla.consents.models import (
    Consent,
    ConsentRequest,
    ConsentState,
    RequestState,
    WordingKind,
)
from humla.consents.reviewed import Text, as_read, text_for
from humla.consents.visibility import state_of
from humla.core.context import now
from humla.core.fields import LineField, MultipleChoiceField, offer
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.organisation.models import Unit
from humla.plans.own import own_consent, own_handed, own_persons
from humla.plans.visibility import plan_of
from humla.web.consent_forms import day_field
from humla.web.door import DoorRequest, person_page
from humla.web.own import as_handed
from humla.web.page import render_own
from humla.web.preview import chosen_in, preview_of


class TicksForm(forms.Form):
    """What she says yes to, and until when; only what was asked, or what she has said yes to before."""

    categories = MultipleChoiceField(
        label=gettext_lazy("Det här säger jag ja till"),
        help_text=gettext_lazy("Kryssa bara i det du vill att de ska få veta."),
        missing=gettext_lazy("Kryssa i det du säger ja till, eller välj nej."),
    )
    ends_on = day_field(gettext_lazy("Till och med"))

    def __init__(self, *args: Any, among: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "categories", [(one.value, str(one.label)) for one in CHOSEN if one in among])


class LessForm(TicksForm):
    """The same, where nothing at all may be left but who she is."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["categories"].label = _("Det här får de fortfarande veta")
        self.fields["categories"].help_text = _("Ta bort krysset för det de inte längre ska få veta.")
        self.fields["categories"].required = False


class NameForm(forms.Form):
    """Somebody whom she does not want at her meetings."""

    name = LineField(
        120,
        label=gettext_lazy("Vem ska inte vara med?"),
        help_text=gettext_lazy("Skriv ett namn eller var den arbetar. Du behöver inte säga varför."),
        missing=gettext_lazy("Skriv vem som inte ska vara med."),
    )


# --- asked, she answers -------------------------------------------------------------------------------------


@person_page(methods=("GET", "POST"))
def own_question(request: DoorRequest, request_id: UUID) -> HttpResponse:
    """May this unit know this? What they would see, what happens if she says no, and two buttons."""
    asked = _question_or_404(request_id)
    if request.method == "GET":
        return _question_page(request, asked, _ticks(asked))
    if request.POST.get("svar") == "nej":
        return _said_no(request, asked)
    form = TicksForm(request.POST, among=asked.categories)
    if form.is_valid():
        said = form.cleaned_data
        try:
            answer_yes(asked, **said, language=_text(asked.case).language, by=request.actor)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
        except Stale:
            messages.info(request, _("Frågan var redan besvarad."))
            return redirect("own_question", request_id=asked.pk)
        else:
            messages.success(request, _("Ditt ja är sparat. Du kan ta tillbaka det när du vill."))
            return redirect("own_page")
    return _question_page(request, asked, form)


@person_page()
def own_question_preview(request: DoorRequest, request_id: UUID) -> HttpResponse:
    """The receiver's own page, as it would be if she said yes to just this."""
    asked = _question_or_404(request_id)
    back = reverse("own_question", kwargs={"request_id": asked.pk})
    return _preview(request, asked.case, asked.receiver_unit, asked.categories, back)


def _said_no(request: DoorRequest, asked: ConsentRequest) -> HttpResponse:
    try:
        answer_no(asked, by=request.actor)
    except Stale:
        messages.info(request, _("Frågan var redan besvarad."))
    return redirect("own_question", request_id=asked.pk)


def _ticks(asked: ConsentRequest) -> TicksForm:
    """Nothing is ticked for her: what she says yes to, she ticks herself."""
    return TicksForm(among=asked.categories, initial={"ends_on": rules.last_day(asked.ends_at)})


def _question_page(request: DoorRequest, asked: ConsentRequest, form: TicksForm) -> HttpResponse:
    _looked(request, asked.case, [("consent_request", asked.pk, 0)])
    state = stands(asked, now())
    context = {
        "asked": asked,
        "form": form,
        "hints": wording.hints(),
        "text": _text(asked.case),
        "state": state,
        "is_no": state is RequestState.NO,
        "kinds": wording.said_of(asked.categories),
        "may_answer": may_answer(request.actor, asked),
        "preview_url": reverse("own_question_preview", kwargs={"request_id": asked.pk}),
    }
    return render_own(request, "own/question.html", own_persons(), context)


# --- less, or nothing more ----------------------------------------------------------------------------------


@person_page(methods=("GET", "POST"))
def own_narrow(request: DoorRequest, consent_id: UUID) -> HttpResponse:
    """Less than before, or not for as long: with what they would still see."""
    consent = _consent_or_404(consent_id)
    initial = {"categories": consent.categories, "ends_on": rules.last_day(consent.ends_at)}
    form = LessForm(request.POST or None, among=consent.categories, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.narrow(consent, **form.cleaned_data, by=request.actor)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
        except Stale:
            messages.info(request, _("Det var redan ändrat. Så här är det nu."))
            return redirect("own_page")
        else:
            messages.success(request, _("Ändrat. Det du tog bort är stängt för dem."))
            return redirect("own_page")
    _looked(request, consent.case, [("consent", consent.pk, 0)])
    context = {
        "consent": consent,
        "form": form,
        "hints": wording.hints(),
        "may_narrow": rules.may_withdraw(request.actor, consent),
        "preview_url": reverse("own_narrow_preview", kwargs={"consent_id": consent.pk}),
    }
    return render_own(request, "own/narrow.html", own_persons(), context)


@person_page()
def own_narrow_preview(request: DoorRequest, consent_id: UUID) -> HttpResponse:
    """The receiver's own page, as it would be with what she leaves."""
    consent = _consent_or_404(consent_id)
    back = reverse("own_narrow", kwargs={"consent_id": consent.pk})
    return _preview(request, consent.case, consent.receiver_unit, consent.categories, back)


@person_page(methods=("GET", "POST"))
def own_withdraw(request: DoorRequest, consent_id: UUID) -> HttpResponse:
    """Take back a yes: first what it means, then one button; and then what they had got already."""
    consent = _consent_or_404(consent_id)
    if request.method == "POST":
        try:
            actions.withdraw(consent, by=request.actor)
        except Stale:
            messages.info(request, _("Samtycket var redan återkallat."))
        else:
            messages.success(request, _("Ditt samtycke är tillbakataget. De kan inte läsa din plan längre."))
        return redirect("own_withdraw", consent_id=consent.pk)
    _looked(request, consent.case, [("consent", consent.pk, 0)])
    context = {
        "consent": consent,
        "kinds": wording.said_of(consent.categories),
        "handed": [as_handed(one) for one in own_handed(consent)],
        "text": as_read(consent.wording) if consent.wording else None,
        "is_withdrawn": state_of(consent, now()) is ConsentState.WITHDRAWN,
        "may_withdraw": rules.may_withdraw(request.actor, consent),
    }
    return render_own(request, "own/withdraw.html", own_persons(), context)


# --- who must not come, and questions afterwards ------------------------------------------------------------


@person_page(methods=("GET", "POST"))
def own_kept_away(request: DoorRequest, case_id: UUID) -> HttpResponse:
    """Who must not come to her meetings: her own list, which stops a summons."""
    case = case_seen(case_id)
    if case is None:
        raise Http404
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        keep_away(case, name=form.cleaned_data["name"], by=request.actor)
        messages.success(request, _("Sparat. Ingen kallar den till dina möten."))
        return redirect("own_kept_away", case_id=case.pk)
    kept = kept_away_from(case)
    _looked(request, case, [("kept_away", one.pk, 0) for one in kept])
    return render_own(
        request, "own/kept_away.html", own_persons(), {"case": case, "kept": kept, "form": form}
    )


@person_page(methods=("POST",))
def own_let_come(request: DoorRequest, kept_id: UUID) -> HttpResponse:
    """She has changed her mind: struck from the list."""
    one = one_kept_away(kept_id)
    if one is None:
        raise Http404
    try:
        let_come(one, by=request.actor)
    except Stale:
        messages.info(request, _("Den var redan borttagen från listan."))
    else:
        messages.success(request, _("Borttagen från listan."))
    return redirect("own_kept_away", case_id=one.case_id)


@person_page(methods=("GET", "POST"))
def own_survey(request: DoorRequest, survey_id: UUID) -> HttpResponse:
    """Her yes to being asked afterwards: what it is, and one button to take it back."""
    one = survey_answer(survey_id)
    if one is None:
        raise Http404
    if request.method == "POST":
        try:
            withdraw_survey(one, by=request.actor)
        except Stale:
            messages.info(request, _("Det var redan tillbakataget."))
        else:
            messages.success(request, _("Ingen kommer att fråga dig. Det ändrar inget annat."))
        return redirect("own_page")
    _looked(request, one.case, [("survey_consent", one.pk, 0)])
    context = {"one": one, "may_take_back": may_take_back_survey(request.actor, one)}
    return render_own(request, "own/survey.html", own_persons(), context)


# --- below --------------------------------------------------------------------------------------------------


def _question_or_404(request_id: UUID) -> ConsentRequest:
    asked = request_of(request_id)
    if asked is None:
        raise Http404
    return asked


def _consent_or_404(consent_id: UUID) -> Consent:
    consent = own_consent(consent_id)
    if consent is None:
        raise Http404
    return consent


def _text(case: Case) -> Text:
    """The words to read before she answers, in her language where they are reviewed."""
    return text_for(case.association_id, WordingKind.CONSENT, (get_language() or "sv").split("-")[0])


def _preview(request: DoorRequest, case: Case, unit: Unit, among: Sequence[str], back: str) -> HttpResponse:
    chosen = [one for one in chosen_in(request.GET.getlist("categories")) if one in among]
    plan = plan_of(case)
    _looked(request, case, [("plan", plan.pk, plan.version)] if plan else [])
    context = {**preview_of(case, plan, unit=unit, chosen=chosen), "is_hers": True, "back_url": back}
    return render_own(request, "received/plan.html", own_persons(), context)


def _looked(request: DoorRequest, case: Case, items: list[tuple[str, UUID, int]]) -> None:
    request.looked_in(case, Tag.OWN_PAGE_READ, items=items)
