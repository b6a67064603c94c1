"""Underlag in a case, for those who hold it: the checklist, asking several at once, what came and when.

Here: the list with its form, and one question's own page. Not here: what the units that are asked see
(`evidence_link`), nor the rules (`humla.evidence.rules`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.agreements.visibility import agreement_in_force, rungs_of
from humla.audit.record import Item
from humla.audit.tags import Tag
from humla.cases.models import Case, Category
from humla.consents.kept_away import kept_away_from, may_come
from humla.core.context import today
from humla.core.fields import ChoiceField, LineField, MultipleChoiceField, SwedishDateField, offer
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.evidence import actions, rules
from humla.evidence.models import EvidenceState, RefusalCause, Said
from humla.evidence.visibility import Asked, answers_to, evidence_of, evidence_request, suggested_by_when
from humla.evidence.wording import KINDS
from humla.meetings.models import Called, Meeting
from humla.meetings.rules import Call
from humla.meetings.visibility import consents_by_unit, next_meeting, still_called
from humla.notifications.ladder import Ladder, ladders
from humla.organisation.models import Unit
from humla.organisation.visibility import units_named
from humla.people.naming import display_name, shown_number
from humla.web.door import DoorRequest, case_page, only_where_held
from humla.web.page import render
from humla.web.two_texts import sent_version

TONES = {
    EvidenceState.LEAVING: "neutral",
    EvidenceState.ASKED: "warning",
    EvidenceState.PROMISED: "info",
    EvidenceState.SENT: "info",
    EvidenceState.LATE: "stop",
    EvidenceState.ARRIVED: "done",
    EvidenceState.REFUSED: "stop",
    EvidenceState.WRONG_UNIT: "stop",
    EvidenceState.WITHDRAWN: "neutral",
}

_PERSON = "person"


@dataclass(frozen=True)
class Row:
    """One line of the checklist."""

    asked: Asked
    what: str
    who: str
    tone: str
    ladder: Ladder | None


class AskForm(forms.Form):
    """What is asked for, of whom, by when: ticks and one day, which stands there already."""

    kind = ChoiceField(
        label=_("Vad behöver ni?"),
        choices=list(KINDS.items()),
        widget=forms.RadioSelect,
        missing=_("Välj vilket underlag ni behöver."),
    )
    who = MultipleChoiceField(label=_("Vem frågar du?"), required=False)
    other_name = LineField(
        120,
        label=_("Närstående, med namn"),
        help_text=_("Den som inte har någon brevlåda hos oss frågar du själv. Här håller du reda på svaret."),
        required=False,
    )
    by_when = SwedishDateField(label=_("Behövs senast"), missing=_("Välj en dag."))

    def __init__(self, *args: Any, case: Case, meeting: Meeting | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.units = {str(one.pk): one for one in _units(case, meeting)}
        offer(
            self,
            "who",
            [*((key, one.name) for key, one in self.units.items()), (_PERSON, gettext("Personen själv"))],
        )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if not (self.errors.keys() & {"who", "other_name"} or told.get("who") or told.get("other_name")):
            self.add_error("who", gettext("Välj minst en att fråga."))
        return told

    def calls(self) -> list[Call]:
        """Those who were chosen."""
        told = self.cleaned_data
        made = [Call(Called.UNIT, unit) for key, unit in self.units.items() if key in told["who"]]
        if _PERSON in told["who"]:
            made.append(Call(Called.PERSON))
        if told["other_name"]:
            made.append(Call(Called.RELATIVE, None, told["other_name"]))
        return made


class NoteForm(forms.Form):
    """What they said, or that it has come."""

    said = ChoiceField(
        label=_("Hur är det nu?"),
        choices=[(one.value, one.label) for one in Said if one is not Said.SENT],
        widget=forms.RadioSelect,
        missing=_("Välj hur det är."),
    )
    promised_on = SwedishDateField(label=_("Om det kommer senare: vilken dag?"), required=False)
    cause = ChoiceField(
        label=_("Om det inte går: varför?"), choices=[("", _("Välj")), *RefusalCause.choices], required=False
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        said, day, cause = told.get("said", ""), told.get("promised_on"), told.get("cause", "")
        ruling = rules.is_an_answer(said, promised_on=day, cause=cause)
        if not ruling:
            self.add_error("cause" if said == Said.REFUSED else "promised_on", ruling.reason)
        return told


class ChangeForm(forms.Form):
    """Needed another day, and where it lies with us."""

    by_when = SwedishDateField(label=_("Behövs senast"), missing=_("Välj en dag."))
    where_it_lies = LineField(
        200,
        label=_("Var finns det hos er?"),
        help_text=_("Till exempel akten eller en pärm. Bara ni läser det."),
        required=False,
    )


@case_page(methods=("GET", "POST"))
def evidence(request: DoorRequest, case: Case) -> HttpResponse:
    """The checklist, and the form to ask several at once."""
    only_where_held(request, case)
    meeting = next_meeting(case)
    form = AskForm(
        request.POST or None, case=case, meeting=meeting, initial={"by_when": suggested_by_when(meeting)}
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = actions.ask_all(
                case,
                kind=told["kind"],
                calls=form.calls(),
                by_when=told["by_when"],
                meeting=meeting,
                by=request.actor,
            )
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
        else:
            if any(one.unit_id for one in made):
                messages.success(request, gettext("Frågan går om 60 sekunder. Till dess kan du ångra den."))
            else:
                messages.success(request, gettext("Uppskrivet. Fråga själv, och skriv in svaret här."))
            return redirect("evidence", case_id=case.pk)
    rows = _rows(case, evidence_of(case))
    items: list[Item] = [("evidence", one.asked.request.pk, one.asked.request.version) for one in rows]
    request.looked_in(case, Tag.EVIDENCE_READ, items=items or [("case", case.pk, 0)])
    context = {
        **_head(case),
        "rows": rows,
        "form": form,
        "meeting": meeting,
        "left": sum(one.asked.is_open for one in rows),
        "may": rules.may_ask_at_all(request.actor, case),
        "without": not form.units,
    }
    return render(request, "evidence/list.html", context)


@case_page(methods=("GET", "POST"))
def one_evidence(request: DoorRequest, case: Case, evidence_id: UUID) -> HttpResponse:
    """One question: what was answered, what they wrote, and the answer noted."""
    found = _found(request, case, evidence_id)
    form = NoteForm(request.POST or None, initial=_said_before(found))
    if request.method == "POST" and form.is_valid():
        actions.note(found.request, **form.cleaned_data, by=request.actor)
        messages.success(request, gettext("Sparat."))
        return redirect("evidence", case_id=case.pk)
    return _one_page(request, case, found, form, ChangeForm(initial=_as_it_is(found)))


@case_page(methods=("POST",))
def change_evidence(request: DoorRequest, case: Case, evidence_id: UUID) -> HttpResponse:
    """Another day, or where it lies."""
    found = _found(request, case, evidence_id)
    form = ChangeForm(request.POST)
    if form.is_valid():
        try:
            actions.change(
                found.request, **form.cleaned_data, version=sent_version(request), by=request.actor
            )
        except Stale:
            found = _found(request, case, evidence_id)
            form.add_error(None, gettext("Någon annan ändrade nyss. Se vad som gäller och spara igen."))
        except NotAllowed as refused:
            form.add_error("by_when", refused.reason)
        else:
            messages.success(request, gettext("Sparat."))
            return redirect("one_evidence", case_id=case.pk, evidence_id=evidence_id)
    return _one_page(request, case, found, NoteForm(initial=_said_before(found)), form)


@case_page(methods=("POST",))
def evidence_came(request: DoorRequest, case: Case, evidence_id: UUID) -> HttpResponse:
    """It came, on paper or some other way: one tap on the list."""
    found = _found(request, case, evidence_id)
    actions.note(found.request, said=Said.ARRIVED, by=request.actor)
    messages.success(request, gettext("Avprickat: %(what)s har kommit.") % {"what": _what(found)})
    return redirect("evidence", case_id=case.pk)


@case_page(methods=("POST",))
def withdraw_evidence(request: DoorRequest, case: Case, evidence_id: UUID) -> HttpResponse:
    """It is not needed, or was asked by mistake."""
    found = _found(request, case, evidence_id)
    was_known = rules.has_left(found.request)
    actions.withdraw(found.request, by=request.actor)
    if was_known and found.request.unit_id:
        messages.success(request, gettext("Återtaget. %(who)s får veta det.") % {"who": found.who})
    else:
        messages.success(request, gettext("Ångrat. Ingen har fått frågan."))
    return redirect("evidence", case_id=case.pk)


def _one_page(
    request: DoorRequest, case: Case, found: Asked, form: NoteForm, change: ChangeForm
) -> HttpResponse:
    request.looked_in(case, Tag.EVIDENCE_READ, items=[("evidence", found.request.pk, found.request.version)])
    (row,) = _rows(case, [found])
    context = {
        **_head(case),
        "row": row,
        "one": found.request,
        "answers": answers_to(found.request),
        "form": form,
        "change": change,
        "may_note": rules.may_note(request.actor, found.request),
        "may_withdraw": rules.may_withdraw(request.actor, found.request),
        "has_left": rules.has_left(found.request),
        "today": today(),
    }
    return render(request, "evidence/one.html", context)


def _found(request: DoorRequest, case: Case, evidence_id: UUID) -> Asked:
    only_where_held(request, case)
    found = evidence_request(case, evidence_id)
    if found is None:
        raise Http404
    return found


def _rows(case: Case, asked: Sequence[Asked]) -> list[Row]:
    silent = {
        one.request.pk: one.request.leaves_at
        for one in asked
        if one.request.unit_id and one.state in (EvidenceState.ASKED, EvidenceState.LATE)
    }
    steps = ladders(silent, rungs_of(agreement_in_force(today()))) if silent else {}
    return [
        Row(
            asked=one,
            what=_what(one),
            who=one.who or gettext("Personen själv"),
            tone=TONES[one.state],
            ladder=steps.get(one.request.pk),
        )
        for one in asked
    ]


def _what(asked: Asked) -> str:
    return str(KINDS[asked.request.kind])


def _units(case: Case, meeting: Meeting | None) -> list[Unit]:
    """Those with a yes to planning, and those of our own who are called; nobody who is kept away."""
    summoned = still_called([meeting]).get(meeting.pk, []) if meeting else []
    ours = [one.unit for one in summoned if one.unit and one.unit.authority_id == case.authority_id]
    told = [key for key, yes in consents_by_unit(case).items() if Category.PLANNING in yes.categories]
    kept = kept_away_from(case)
    found = {one.pk: one for one in [*units_named(told).values(), *ours]}
    return sorted((one for one in found.values() if may_come(kept, unit_id=one.pk)), key=lambda one: one.name)


def _said_before(asked: Asked) -> dict[str, Any]:
    if asked.newest is None:
        return {"said": Said.ARRIVED}
    newest = asked.newest
    said = Said.ARRIVED if newest.said == Said.SENT else newest.said
    return {"said": said, "promised_on": newest.promised_on, "cause": newest.cause}


def _as_it_is(asked: Asked) -> dict[str, Any]:
    return {"by_when": asked.request.by_when, "where_it_lies": asked.request.where_it_lies}


def _head(case: Case) -> dict[str, Any]:
    return {"case": case, "name": display_name(case.person), "number": shown_number(case.person)}
