"""The page of a unit that is asked for underlag: sent, coming another day, cannot and why, or the wrong unit.

Here: the page by the letter's link, and for the unit's way in that has signed in, where it also writes its
own view. Not here: the holder's checklist (`evidence`), what may be seen (`humla.evidence.asked`, the walls).

Every answer is a form of its own, so that each is two taps and nothing has to be shown or hidden by a script.
"""

from collections.abc import Mapping
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
from humla.core.context import Kind, today
from humla.core.fields import ChoiceField, ProseField, SwedishDateField
from humla.core.rulings import NotAllowed
from humla.evidence import asked as asking
from humla.evidence.asked import AskedEvidence
from humla.evidence.models import RefusalCause, Said
from humla.evidence.rules import is_an_answer
from humla.evidence.wording import KINDS
from humla.meetings.models import EvidenceKind
from humla.organisation.models import Role
from humla.web.door import DoorRequest, staff_page
from humla.web.page import render
from humla.web.words import page_asked, sealed, sought, words_sent

PAGE = 50
"""So many questions stand on one page."""

ANSWERS = {
    Said.SENT: _("Vi har skickat det"),
    Said.PROMISED: _("Vi skickar det senare"),
    Said.REFUSED: _("Vi kan inte lämna det"),
    Said.WRONG_UNIT: _("Det är fel enhet"),
    Said.ARRIVED: _("Det har kommit fram"),
    Said.MISSING: _("Det har inte kommit fram"),
}
"""The answers as the unit itself says them; the last two are what whoever asked has said."""


class Plain(forms.Form):
    """An answer that needs no more."""

    use_required_attribute = False


class Later(Plain):
    """We send it later: which day."""

    promised_on = SwedishDateField(
        label=_("Vilken dag kommer det?"), missing=_("Välj vilken dag det kommer.")
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        day = told.get("promised_on")
        ruling = is_an_answer(Said.PROMISED, promised_on=day, cause="")
        if day is not None and not ruling:
            self.add_error("promised_on", ruling.reason)
        return told


class Cannot(Plain):
    """We cannot: why."""

    cause = ChoiceField(
        label=_("Varför går det inte?"),
        choices=RefusalCause.choices,
        widget=forms.RadioSelect,
        missing=_("Välj varför det inte går."),
    )


class ViewForm(forms.Form):
    """The unit's own words."""

    text = ProseField(
        4000,
        rows=8,
        label=_("Er syn inför mötet"),
        help_text=_(
            "Läses av den som frågade, och av personen. Skriv bara det som personen har sagt ja till."
        ),
        missing=_("Skriv er syn."),
    )


FORMS: Mapping[str, type[Plain]] = {
    Said.SENT: Plain,
    Said.PROMISED: Later,
    Said.REFUSED: Cannot,
    Said.WRONG_UNIT: Plain,
}


def evidence_link(request: DoorRequest) -> HttpResponse:
    """What the letter's link leads to: what is asked for, what was answered, and how to change it."""
    found = asking.asked_evidence() if request.actor.kind is Kind.LINK else None
    if found is None:
        return render(request, "answer/dead.html", status=404)
    return _answered(request, found, None, "evidence/answer.html")


@staff_page(methods=("GET", "POST"))
def unit_evidence_list(request: DoorRequest) -> HttpResponse:
    """Everything the unit is asked for and has not sent, the soonest first; searched by its code."""
    _only_for_the_way_in(request)
    here = reverse("unit_evidence_list")
    if request.method == "POST":
        return redirect(_at(here, sealed(request, words_sent(request)), 1))
    search, page = sought(request), page_asked(request)
    everything, words = asking.all_asked_evidence(), search.words.casefold()
    fit = [one for one in everything if words in f"{one.reference} {one.sender}".casefold()]
    shown = fit[(page - 1) * PAGE : page * PAGE]
    request.looked(Tag.ARRIVALS_LISTED, items=[("evidence", one.id, 0) for one in shown])
    context = {
        "here": here,
        "rows": [(one, str(KINDS[one.kind]), _told(one)) for one in shown],
        "today": today(),
        "words": search.words,
        "previous": _at(here, search.sealed, page - 1) if page > 1 else "",
        "next": _at(here, search.sealed, page + 1) if len(fit) > page * PAGE else "",
    }
    return render(request, "evidence/unit_list.html", context)


@staff_page(methods=("GET", "POST"))
def unit_evidence(request: DoorRequest, evidence_id: UUID) -> HttpResponse:
    """One question, for the unit's way in: still not a word of whom it is about."""
    _only_for_the_way_in(request)
    found = asking.asked_evidence(evidence_id)
    if found is None:
        raise Http404
    request.looked(Tag.ARRIVALS_LISTED, items=[("evidence", found.id, 0)])
    return _answered(request, found, found.id, "evidence/unit.html")


def _answered(
    request: DoorRequest, found: AskedEvidence, request_id: UUID | None, template: str
) -> HttpResponse:
    if request.method != "POST":
        return _page(request, found, {}, template)
    if not found.is_open:
        return redirect(request.path)  # The page says why.
    said = request.POST.get("answer", "")
    if said == "view" and request_id is not None and found.kind == EvidenceKind.VIEW:
        view = ViewForm(request.POST)
        if not view.is_valid():
            return _page(request, found, {"view": view}, template)
        asking.write_view(request_id, view.cleaned_data["text"], by=request.actor)
        messages.success(request, gettext("Tack. Den som frågade och personen kan läsa det nu."))
        return redirect("unit_evidence_list")
    if said not in FORMS:
        return _page(request, found, {"": Plain()}, template)
    form = FORMS[said](request.POST)
    if not form.is_valid():
        return _page(request, found, {said: form}, template)
    try:
        asking.answer_asked(request_id, said=said, **form.cleaned_data, by=request.actor)
    except NotAllowed:
        return redirect(request.path)  # Closed while the page stood open: it says so as it is read again.
    if request_id is not None:
        messages.success(request, gettext("Tack. Den som frågade ser svaret."))
    return redirect(request.path)


def _page(
    request: DoorRequest, found: AskedEvidence, bound: Mapping[str, forms.Form], template: str
) -> HttpResponse:
    before: dict[Said, dict[str, Any]] = {
        Said.PROMISED: {"promised_on": found.promised_on},
        Said.REFUSED: {"cause": found.cause},
    }
    shown: dict[str, forms.Form] = {
        said.value: bound.get(said.value) or FORMS[said](initial=initial, auto_id=f"{said.value}_%s")
        for said, initial in before.items()
    }
    context = {
        "here": request.path,
        "asked": found,
        "what": str(KINDS[found.kind]),
        "is_view": found.kind == EvidenceKind.VIEW,
        "forms": shown,
        "view": bound.get("view") or ViewForm(),
        "wrong": next((one for one in bound.values() if one.errors), None),
        "is_empty": "" in bound,
        "answers": ANSWERS,
        "told": _told(found),
        "unit": request.actor.unit_name,
        "is_late": found.by_when < today(),
    }
    return render(request, template, context)


def _told(found: AskedEvidence) -> str:
    """What the unit has answered, in a sentence's beginning; empty before it has."""
    return str(ANSWERS[Said(found.said)]) if found.said else ""


def _only_for_the_way_in(request: DoorRequest) -> None:
    if request.actor.role != Role.RECEIVER:
        raise Http404


def _at(here: str, sealed_words: str, page: int) -> str:
    asked = {
        **({"sok": sealed_words} if sealed_words else {}),
        **({"sida": str(page)} if page > 1 else {}),
    }
    return f"{here}?{urlencode(asked)}" if asked else here
