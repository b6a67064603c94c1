"""Requests for a plan at the unit that they came to, and a professional's own to others.

Here: the list, one request with its answers, asking another unit, and how many there have been. Not here:
asking without an account (`ask_for_plan`), nor opening the case that one leads to (`opening`).
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.audit.tags import Tag
from humla.cases.rules import may_open
from humla.core.context import Actor, today
from humla.core.fields import ChoiceField, LineField, ProseField, offer
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.initiations import actions, rules
from humla.initiations.models import DeclineGround, PlanRequest, RequestState, RequestTheme
from humla.initiations.visibility import (
    PAGE,
    Asked,
    by_whom,
    counts,
    my_request,
    my_requests,
    request_here,
    requests_here,
)
from humla.organisation.models import Unit
from humla.organisation.visibility import units_named, units_to_choose
from humla.people.models import Language
from humla.web.consultations import month_label
from humla.web.door import DoorRequest, staff_page
from humla.web.page import render
from humla.web.two_texts import sent_version
from humla.web.unit_choice import FormWithUnits, UnitField, offer_units
from humla.web.words import page_asked, sealed, sought, words_sent

TONES = {
    RequestState.WAITING: "info",
    RequestState.TAKEN: "done",
    RequestState.DECLINED: "neutral",
    RequestState.THROWN: "neutral",
}
_TABS = ("", "besvarade", "mina")


class AskUnitForm(FormWithUnits):
    """Whom one asks, about what; and who it is, if one may say."""

    unit = UnitField(label=_("Vem ska starta?"), among="alla")
    theme = ChoiceField(
        label=_("Vad gäller det?"),
        choices=RequestTheme.choices,
        widget=forms.RadioSelect,
        missing=_("Välj vad det gäller."),
    )
    agrees = forms.BooleanField(
        label=_("Personen har sagt ja till att jag berättar vem det gäller"), required=False
    )
    name = LineField(120, label=_("Personens namn"), required=False)
    reach = LineField(300, label=_("Så når man personen"), required=False)
    words = ProseField(1000, rows=4, label=_("Varför behövs en gemensam plan?"), required=False)
    may_pass_on = forms.BooleanField(
        label=_("Begäran får skickas vidare till en annan myndighet, om den är rätt"), required=False
    )

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.actor = actor
        offer_units(self, "unit", units_to_choose().exclude(pk=actor.unit_id))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        unit = cleaned.get("unit")
        if unit is not None:
            told = any(cleaned.get(name) for name in ("name", "reach", "words"))
            ruling = rules.may_ask_unit(
                self.actor, unit, names_person=told, agrees=bool(cleaned.get("agrees"))
            )
            if not ruling:
                self.add_error("agrees", ruling.reason)
        return cleaned


class NameForm(forms.Form):
    """The person has said yes since."""

    name = LineField(120, label=_("Personens namn"), missing=_("Skriv vem det gäller."))
    reach = LineField(300, label=_("Så når man personen"), required=False)
    words = ProseField(1000, rows=4, label=_("Varför behövs en gemensam plan?"), required=False)
    agrees = forms.BooleanField(
        label=_("Personen har sagt ja till att jag berättar vem det gäller"),
        error_messages={"required": _("Fråga personen först. Kryssa i när hen har sagt ja.")},
    )


class DeclineForm(forms.Form):
    """Why not, and what instead: both are told to whoever asked."""

    ground = ChoiceField(
        label=_("Varför säger ni nej?"), widget=forms.RadioSelect, missing=_("Välj varför ni säger nej.")
    )
    why = ProseField(
        1000,
        rows=3,
        label=_("Förklara med egna ord"),
        required=False,
        help_text=_("Skriv inget om personen som hen inte själv har skrivit: du vet inte vem som läser."),
    )
    instead = ProseField(
        1000,
        rows=3,
        label=_("Vad kan personen göra i stället?"),
        missing=_("Skriv vad personen kan göra i stället."),
    )

    def __init__(self, *args: Any, grounds: Sequence[DeclineGround], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "ground", [(one.value, str(one.label).capitalize()) for one in grounds])


class PassOnForm(FormWithUnits):
    """Which unit it should have come to."""

    unit = UnitField(label=_("Vilken enhet är rätt?"), among="bara")

    def __init__(self, *args: Any, one: PlanRequest, **options: Any) -> None:
        super().__init__(*args, **options)
        others = units_to_choose().exclude(pk__in=[one.unit_id, one.asker_unit_id or one.unit_id])
        if not one.may_pass_on:
            others = others.filter(authority=one.authority_id)
        offer_units(self, "unit", others)


@staff_page(methods=("GET", "POST"))
def plan_requests(request: DoorRequest) -> HttpResponse:
    """What waits for the unit's answer, what is answered, and what one has asked for oneself."""
    may_read = rules.may_read(request.actor)
    if not may_read and not rules.may_ask(request.actor):
        raise Http404
    which = request.GET.get("visa", "")
    which = which if which in _TABS and may_read else "" if may_read else "mina"
    if request.method == "POST":
        return redirect(_url(visa=which, sok=sealed(request, words_sent(request))))
    search, page = sought(request), page_asked(request)
    found: Sequence[PlanRequest] = ()
    mine: Sequence[Asked] = ()
    if which == "mina":
        mine = my_requests()
    else:
        found = requests_here(answered=which == "besvarade", words=search.words, page=page)
    rows = found[:PAGE]
    request.looked(Tag.REQUESTS_LISTED, items=[("plan_request", one.pk, one.version) for one in rows])
    kept = {"visa": which, "sok": search.sealed}
    context = {
        "which": which,
        "rows": [_row(one) for one in rows],
        "mine": mine,
        "tones": TONES,
        "tabs": _tabs(which, may_read=bool(may_read)),
        "search": search,
        "here": _url(visa=which),
        "previous": _url(**kept, sida=str(page - 1) if page > 2 else "") if page > 1 else "",
        "next": _url(**kept, sida=str(page + 1)) if len(found) > PAGE else "",
        "may_ask": rules.may_ask(request.actor),
        "may_count": bool(rules.may_count(request.actor)),
        "today": today(),
    }
    return render(request, "plan_requests/list.html", context)


@staff_page(methods=("GET", "POST"))
def ask_unit(request: DoorRequest) -> HttpResponse:
    """Ask another unit to start a plan; who the person is only by her yes."""
    if not rules.may_ask(request.actor):
        raise Http404
    form = AskUnitForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            row = actions.ask_unit(said.pop("unit"), **said, by=request.actor)
            messages.success(request, gettext("Begäran är skickad. Svaret kommer här och i Idag."))
            return redirect("my_plan_request", asked_id=row)
        except NotAllowed as refused:
            form.add_error("unit", refused.reason)
    context = {"form": form, "may_open": may_open(request.actor)}
    return render(request, "plan_requests/ask.html", context)


@staff_page(methods=("GET", "POST"))
def my_plan_request(request: DoorRequest, asked_id: UUID) -> HttpResponse:
    """What one has asked for: the answer, naming the person when she has said yes, reminding, taking back."""
    asked = my_request(asked_id)
    if asked is None:
        raise Http404
    form = NameForm(request.POST if "name" in request.POST else None, initial=_told(asked))
    if request.method == "POST":
        done = _asked_verb(request, asked, form)
        if done is not None:
            return done
    request.looked(Tag.REQUEST_READ, items=[("plan_request", asked.id, asked.version)])
    context = {
        "asked": asked,
        "form": form,
        "tone": TONES[RequestState(asked.answer)],
        "may_name": rules.may_name(asked),
        "may_take_back": rules.may_take_back(asked),
    }
    return render(request, "plan_requests/mine.html", context)


@staff_page(methods=("GET", "POST"))
def plan_request(request: DoorRequest, plan_request_id: UUID) -> HttpResponse:
    """One request: what was asked, and every way to answer it."""
    one = request_here(plan_request_id) if rules.may_read(request.actor) else None
    if one is None:
        raise Http404
    verb = request.POST.get("verb", "")
    decline = DeclineForm(request.POST if verb == "decline" else None, grounds=rules.grounds_for(one))
    pass_on = PassOnForm(request.POST if verb == "pass_on" or "sok_enhet" in request.POST else None, one=one)
    is_conflict = False
    if request.method == "POST":
        try:
            done = _answered(request, one, verb, decline, pass_on)
            if done is not None:
                return done
        except Stale:
            one, is_conflict = request_here(plan_request_id) or one, True
    request.looked(
        Tag.REQUEST_READ,
        case=one.case_id,
        person=one.case.person_id if one.case else None,
        items=[("plan_request", one.pk, one.version)],
    )
    return render(request, "plan_requests/one.html", _shown(request, one, decline, pass_on, is_conflict))


@staff_page()
def request_counts(request: DoorRequest) -> HttpResponse:
    """How many have asked, month by month, how many got an answer in time, and every ground of a no."""
    if not rules.may_count(request.actor):
        raise Http404
    request.looked(Tag.REQUESTS_LISTED)
    told = counts()
    context = {"counts": told, "named": {one.month: month_label(one.month) for one in told.months}}
    return render(request, "plan_requests/counts.html", context)


def _answered(
    request: DoorRequest, one: PlanRequest, verb: str, decline: DeclineForm, pass_on: PassOnForm
) -> HttpResponse | None:
    """To where it goes on; or nowhere, and a form says why."""
    version, by = sent_version(request), request.actor
    here = redirect("plan_request", plan_request_id=one.pk)
    if verb == "take_over":
        actions.take_over(one, version=version, by=by)
        messages.success(request, gettext("Begäran är din. Den som frågade ser att någon har tagit den."))
        return here
    if verb == "throw":
        actions.throw(one, version=version, by=by)
        messages.success(request, gettext("Begäran är slängd. Du kan ta tillbaka den i trettio dagar."))
        return redirect("plan_requests")
    if verb == "undo":
        actions.undo(one, version=version, by=by)
        messages.success(request, gettext("Svaret är taget tillbaka. Begäran väntar på svar igen."))
        return here
    if verb == "decline" and decline.is_valid():
        actions.decline(one, **decline.cleaned_data, version=version, by=by)
        messages.success(request, gettext("Svaret är skickat."))
        return here
    if verb == "pass_on" and pass_on.is_valid():
        to: Unit = pass_on.cleaned_data["unit"]
        actions.pass_on(one, to=to, version=version, by=by)
        messages.success(request, gettext("Begäran är skickad vidare. Ni ser den inte längre."))
        return redirect("plan_requests")
    return None


def _asked_verb(request: DoorRequest, asked: Asked, form: NameForm) -> HttpResponse | None:
    here = redirect("my_plan_request", asked_id=asked.id)
    if "take_back" in request.POST:
        actions.take_back(asked, by=request.actor)
        messages.success(request, gettext("Begäran är tillbakatagen."))
        return here
    if "remind" in request.POST:
        actions.remind(asked, by=request.actor)
        messages.success(request, gettext("Påminnelsen är skickad."))
        return here
    if "name" in request.POST and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("name", "reach", "words")}
        actions.name_person(asked, **said, version=sent_version(request), by=request.actor)
        messages.success(request, gettext("Nu ser enheten vem det gäller."))
        return here
    return None


def _shown(
    request: DoorRequest, one: PlanRequest, decline: DeclineForm, pass_on: PassOnForm, is_conflict: bool
) -> dict[str, Any]:
    actor = request.actor
    return {
        "one": one,
        "state": RequestState(one.answer).label,
        "tone": TONES[RequestState(one.answer)],
        "who": by_whom(one),
        "theme": RequestTheme(one.theme).label if one.theme else "",
        "language": Language(one.language).label if one.language else "",
        "ground": DeclineGround(one.ground).label if one.ground else "",
        "is_late": one.is_waiting and one.answer_by < today(),
        "is_conflict": is_conflict,
        "decline": decline,
        "pass_on": pass_on,
        "phone": _phone(one),
        "may_take_over": rules.may_take_over(actor, one),
        "may_decline": rules.may_decline(actor, one),
        "may_pass_on": rules.may_pass_on(actor, one),
        "may_answer": rules.may_answer(actor, one),
        "may_undo": rules.may_undo(actor, one),
        "may_open_of": rules.may_open_of(actor, one),
    }


def _phone(one: PlanRequest) -> str:
    """How to call the professional who asks."""
    if one.asker is not None and one.asker.phone:
        return one.asker.phone
    if one.asker_unit_id is None:
        return ""
    return units_named([one.asker_unit_id])[one.asker_unit_id].phone


def _row(one: PlanRequest) -> dict[str, Any]:
    return {
        "one": one,
        "who": by_whom(one),
        "state": RequestState(one.answer).label if one.taken_back_at is None else gettext("tillbakatagen"),
        "tone": TONES[RequestState(one.answer)],
        "is_late": one.is_waiting and one.answer_by < today(),
    }


def _told(asked: Asked) -> dict[str, str]:
    return {"name": asked.name, "reach": asked.reach, "words": asked.words}


def _tabs(which: str, *, may_read: bool) -> list[dict[str, Any]]:
    labels = {"": _("Att svara på"), "besvarade": _("Besvarade"), "mina": _("Som du har skickat")}
    return [
        {"label": label, "url": _url(visa=name), "current": name == which}
        for name, label in labels.items()
        if may_read or name == "mina"
    ]


def _url(**parts: str) -> str:
    query = urlencode({name: value for name, value in parts.items() if value})
    return reverse("plan_requests") + (f"?{query}" if query else "")
