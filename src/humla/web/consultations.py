"""The coordinator's consultations: the list with its counts, writing one down, correcting it.

Here: the pages and their forms. Not here: opening the case that one leads to (`humla.web.opening`), which
comes back here to tie the two. To everybody but a coordinator the pages are absent.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
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
from humla.cases.models import Case
from humla.cases.rules import may_open
from humla.consultations import actions, rules
from humla.consultations.actions import ConsultationDetails
from humla.consultations.models import Consultation, ConsultationForm, ConsultationResult, Theme
from humla.consultations.visibility import (
    Mark,
    Narrowing,
    cases_to_tie,
    consultation_seen,
    consultations_found,
    counts,
    months,
    who_can_ask,
)
from humla.core.context import Actor, today
from humla.core.dates import MONTHS
from humla.core.fields import (
    ChoiceField,
    LineField,
    ModelChoiceField,
    ProseField,
    SwedishDateField,
    offer,
    offer_rows,
)
from humla.core.rulings import Ruling, all_of
from humla.core.versions import Stale
from humla.organisation.models import Profession, Professional, Unit, UnitAssignment
from humla.organisation.visibility import professions, units_to_choose
from humla.web.door import DoorRequest, staff_page
from humla.web.page import render
from humla.web.two_texts import differing, sent_version
from humla.web.words import sealed, sought, words_sent

PAGE = 50
_RESULT_TONES = {ConsultationResult.SIP: "done", ConsultationResult.ADVICE: "info"}


@dataclass(frozen=True)
class Asker:
    """Somebody who can have asked, as the list names her."""

    professional: Professional
    profession: Profession
    unit: Unit

    @property
    def label(self) -> str:
        """Maja Moberg, socialsekreterare, Arbetsmarknadstorget."""
        return f"{self.professional.name}, {self.profession.name}, {self.unit.name}"


class RegisterForm(forms.Form):
    """What is asked of a consultation: seven answers, three of them by one click."""

    asker = LineField(
        300,
        label=_("Vem frågade?"),
        help_text=_("Skriv några bokstäver och välj. Finns namnet inte: välj yrke och enhet nedanför."),
        missing=_("Välj vem som frågade, eller välj yrke och enhet."),
    )
    profession = ModelChoiceField(None, label=_("Yrke"), required=False, empty_label=_("Välj yrke"))
    unit = ModelChoiceField(None, label=_("Enhet"), required=False, empty_label=_("Välj enhet"))
    theme = ChoiceField(
        label=_("Vad gällde det?"),
        choices=Theme.choices,
        widget=forms.RadioSelect,
        missing=_("Välj vad det gällde."),
    )
    form = ChoiceField(
        label=_("Hur talades ni vid?"),
        choices=ConsultationForm.choices,
        widget=forms.RadioSelect,
        missing=_("Välj hur ni talades vid."),
    )
    result = ChoiceField(
        label=_("Vad ledde det till?"),
        choices=ConsultationResult.choices,
        widget=forms.RadioSelect,
        missing=_("Välj vad det ledde till."),
    )
    advice = ProseField(
        2000,
        rows=3,
        label=_("Råd"),
        help_text=_("Skriv inget som säger vem personen är: inget namn, inget nummer, ingen adress."),
        required=False,
    )
    reference = LineField(
        10,
        label=_("Ärendekod, om frågan gällde ett av dina ärenden"),
        help_text=_("Då läser bara de som arbetar i ärendet konsultationen."),
        required=False,
    )
    held_on = SwedishDateField(
        label=_("Dag"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, actor: Actor, was: Consultation | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.askers = {one.label: one for one in map(_asker_at, who_can_ask(actor))}
        if was is not None and was.asker is not None:
            # Whoever asked may have left since; she asked all the same.
            then = Asker(was.asker, was.asker_profession, was.asker_unit)
            self.askers.setdefault(then.label, then)
        self.fields["asker"].widget.attrs["list"] = "askers"
        self.fields["asker"].required = not (self.data.get("profession") and self.data.get("unit"))
        offer_rows(self, "profession", professions())
        offer_rows(self, "unit", units_to_choose())
        self.tied = was.case if was else None
        if was is not None:
            del self.fields["reference"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        written = cleaned.get("asker", "")
        if written and written not in self.askers:
            self.add_error(
                "asker",
                gettext("Välj ur listan. Finns personen inte där: ta bort namnet, och välj yrke och enhet."),
            )
        reference = cleaned.get("reference", "").upper()
        if reference and not cases_to_tie([reference]):
            self.add_error("reference", gettext("Du har inget pågående ärende med den koden."))
        elif reference and "result" in cleaned:
            self._refuse("result", rules.led_to(cleaned["result"], is_tied=True))
        self._refuse("advice", rules.names_nobody(cleaned.get("advice", "")))
        if cleaned.get("held_on"):
            self._refuse("held_on", rules.has_been(cleaned["held_on"]))
        return cleaned

    def _refuse(self, field: str, ruling: Ruling) -> None:
        if not ruling:
            self.add_error(field, ruling.reason)

    def case(self) -> Case | None:
        """The case that it is tied to."""
        reference = self.cleaned_data.get("reference", "").upper()
        return self.tied or next(iter(cases_to_tie([reference] if reference else [])), None)

    def details(self) -> ConsultationDetails:
        """What the form says, as the action takes it."""
        said = self.cleaned_data
        named = self.askers.get(said["asker"])
        return ConsultationDetails(
            held_on=said["held_on"],
            asker=named.professional if named else None,
            profession=named.profession if named else said["profession"],
            unit=named.unit if named else said["unit"],
            theme=said["theme"],
            form=said["form"],
            result=said["result"],
            advice=said["advice"],
        )


class NarrowForm(forms.Form):
    """What the list is narrowed by, in its address: nothing of it says whom anything is about."""

    month = ChoiceField(label=_("Månad"), required=False)
    profession = ModelChoiceField(None, label=_("Yrke"), required=False, empty_label=_("Alla yrken"))
    result = ChoiceField(label=_("Resultat"), required=False)
    theme = ChoiceField(label=_("Fråga"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices: dict[str, list[tuple[str, Any]]] = {
            "month": [
                ("", gettext("Alla månader")),
                *((f"{one:%Y-%m}", month_label(one)) for one in months()),
            ],
            "result": [("", gettext("Alla resultat")), *ConsultationResult.choices],
            "theme": [("", gettext("Alla frågor")), *Theme.choices],
        }
        for name, every in choices.items():
            offer(self, name, every)
        offer_rows(self, "profession", professions())

    def narrowing(self, *, is_removed: bool) -> Narrowing:
        """As the query takes it. A choice that is not there narrows nothing."""
        said = self.cleaned_data if self.is_valid() else {}
        month = said.get("month")
        return Narrowing(
            month=date.fromisoformat(f"{month}-01") if month else None,
            profession=said["profession"].pk if said.get("profession") else None,
            result=said.get("result", ""),
            theme=said.get("theme", ""),
            is_removed=is_removed,
        )


@staff_page(methods=("GET", "POST"))
def consultations(request: DoorRequest) -> HttpResponse:
    """What has been asked and answered, with this month's and this year's count on top."""
    _only_coordinators(request)
    form, is_removed = NarrowForm(request.GET), request.GET.get("visa") == "borttagna"
    narrowed = {name: request.GET[name] for name in ("visa", *form.fields) if request.GET.get(name)}
    if request.method == "POST":
        return redirect(_url({**narrowed, "sok": sealed(request, words_sent(request))}))
    narrowing, search = form.narrowing(is_removed=is_removed), sought(request)
    before = _mark_in(request.GET.get("fore", ""))
    found = consultations_found(narrowing, words=search.words, before=before, limit=PAGE + 1)
    rows, more = found[:PAGE], len(found) > PAGE
    request.looked(Tag.CONSULTATIONS_LISTED, items=[("consultation", one.pk, one.version) for one in rows])
    kept = {**narrowed, "sok": search.sealed}
    context = {
        "form": form,
        "rows": rows,
        "tones": _RESULT_TONES,
        "results": ConsultationResult,
        "counts": counts(),
        "year": today().year,
        "month": month_label(today()),
        "is_removed": is_removed,
        "search": search,
        "here": _url(narrowed),
        "without_search": _url({"visa": "borttagna"} if is_removed else {}),
        "is_narrowed": bool(search.words or any(narrowed.get(name) for name in form.fields)),
        "first_page": _url(kept) if before else "",
        "next_page": _url({**kept, "fore": _written_mark(rows[-1])}) if more else "",
        "may_register": rules.may_consult(request.actor),
    }
    return render(request, "consultations/list.html", context)


@staff_page(methods=("GET", "POST"))
def register_consultation(request: DoorRequest) -> HttpResponse:
    """One page, the day already written."""
    _only_coordinators(request)
    form = RegisterForm(request.POST or None, actor=request.actor, initial={"held_on": today()})
    if request.method == "POST" and form.is_valid():
        made = actions.register(form.details(), case=form.case(), by=request.actor)
        return _after_registering(request, made)
    if request.method == "GET":
        request.looked(Tag.CONSULTATIONS_LISTED)
    context = {"form": form, "consultation": None, "may_change": rules.may_consult(request.actor)}
    return render(request, "consultations/form.html", context)


@staff_page(methods=("GET", "POST"))
def consultation(request: DoorRequest, consultation_id: UUID) -> HttpResponse:
    """One consultation: corrected here, taken away or put back, and the case that it led to."""
    _only_coordinators(request)
    found = consultation_seen(consultation_id)
    if found is None:
        raise Http404
    form = RegisterForm(
        request.POST if "theme" in request.POST else None,
        actor=request.actor,
        was=found,
        initial=_written(found),
    )
    conflicts: list[Any] = []
    if request.method == "POST":
        done = _removed_or_restored(request, found)
        if done is None and form.is_valid():
            try:
                actions.change(found, form.details(), version=sent_version(request), by=request.actor)
                return _back(request, gettext("Konsultationen är rättad."))
            except Stale:
                found = consultation_seen(consultation_id) or found
                mine = {name: form[name].value() for name in form.fields}
                conflicts = differing(form.fields, mine, _written(found))
        if done is not None:
            return done
    request.looked(
        Tag.CONSULTATIONS_LISTED,
        case=found.case_id,
        person=found.case.person_id if found.case else None,
        items=[("consultation", found.pk, found.version)],
    )
    context = {
        "form": form,
        "consultation": found,
        "conflicts": conflicts,
        "version": found.version,
        "may_change": rules.may_change(request.actor, found),
        "may_open": all_of(may_open(request.actor), rules.may_open_of(request.actor, found)),
    }
    return render(request, "consultations/form.html", context)


def month_label(on: date) -> str:
    """november 2026."""
    return f"{MONTHS[on.month - 1]} {on.year}"


def _asker_at(one: UnitAssignment) -> Asker:
    profession = one.professional.profession
    assert profession is not None  # who_can_ask leaves the others out
    return Asker(one.professional, profession, one.unit)


def _only_coordinators(request: DoorRequest) -> None:
    if not rules.may_consult(request.actor):
        raise Http404


def _after_registering(request: DoorRequest, made: Consultation) -> HttpResponse:
    if made.result == ConsultationResult.SIP and made.case_id is None:
        messages.success(
            request, gettext("Konsultationen är sparad. Öppna ärendet härifrån när personen vill.")
        )
        return redirect("consultation", consultation_id=made.pk)
    return _back(request, gettext("Konsultationen är sparad."))


def _removed_or_restored(request: DoorRequest, found: Consultation) -> HttpResponse | None:
    if request.POST.get("ta_bort"):
        actions.remove(found, by=request.actor)
        return _back(
            request, gettext("Konsultationen är borttagen och räknas inte. Du hittar den bland borttagna.")
        )
    if request.POST.get("ta_tillbaka"):
        actions.restore(found, by=request.actor)
        return _back(request, gettext("Konsultationen är tillbaka."))
    return None


def _back(request: DoorRequest, note: str) -> HttpResponse:
    messages.success(request, note)
    return redirect("consultations")


def _written(one: Consultation) -> dict[str, Any]:
    """What stands, by the names of the form's fields."""
    return {
        "asker": Asker(one.asker, one.asker_profession, one.asker_unit).label if one.asker else "",
        "profession": one.asker_profession_id,
        "unit": one.asker_unit_id,
        "theme": one.theme,
        "form": one.form,
        "result": one.result,
        "advice": one.advice,
        "held_on": one.held_on,
    }


def _url(parts: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in parts.items() if value})
    return reverse("consultations") + (f"?{query}" if query else "")


def _written_mark(one: Consultation) -> str:
    return f"{one.held_on.isoformat()}_{one.registered_at.astimezone(UTC).isoformat()}_{one.pk}"


def _mark_in(written: str) -> Mark | None:
    try:
        on, at, last = written.split("_")
        instant = datetime.fromisoformat(at)
        return None if instant.tzinfo is None else (date.fromisoformat(on), instant, UUID(last))
    except ValueError:
        return None
