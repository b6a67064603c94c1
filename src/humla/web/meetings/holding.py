"""A meeting that has been: who led and wrote, who came and who did not and why, and when it goes on.

Not here: what was decided, which is the plan (`humla.web.plans`).
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

from humla.cases.models import Case
from humla.core.fields import ChoiceField, LineField, offer
from humla.core.versions import Stale
from humla.meetings import actions, rules
from humla.meetings.models import (
    AbsenceCause,
    Answer,
    Called,
    Meeting,
    MeetingForm,
    MeetingKind,
    PreparatoryResult,
    Summons,
)
from humla.meetings.rules import Present
from humla.meetings.visibility import attendance_in, attendances_of, expected_at, who_can_lead
from humla.organisation.models import Professional
from humla.web.door import DoorRequest, case_page, only_where_held
from humla.web.meetings.opening import back, head, looked, meeting_or_404, receiver_name
from humla.web.meetings.planning import day_field
from humla.web.page import render
from humla.web.two_texts import TwoTexts, differing, sent_version

_EXTRA = 3
"""So many more than those summoned can be written down at once."""

_CAME, _ABSENT = "ja", "nej"
_NEXT, _NO_NEXT = "dag", "nej"


@dataclass(frozen=True)
class Line:
    """One who was to be there: the person, one summoned, or an empty line for somebody more."""

    key: str
    name: str
    called: str
    answer: str = ""
    summons: Summons | None = None


class HeldForm(forms.Form):
    """Who led and wrote, what came of it, when it goes on; and empty lines for more who were there."""

    chair = ChoiceField(label=_("Mötesledare"), missing=_("Välj mötesledare."))
    note_taker = ChoiceField(label=_("Dokumenterare"), missing=_("Välj dokumenterare."))
    result = ChoiceField(
        label=_("Vad ledde förmötet till?"),
        choices=PreparatoryResult.choices,
        widget=forms.RadioSelect,
        missing=_("Välj vad förmötet ledde till."),
    )
    next = ChoiceField(
        label=_("När ses ni igen?"),
        choices=[(_NEXT, _("Den här dagen")), (_NO_NEXT, _("Det behövs inget mer möte"))],
        widget=forms.RadioSelect,
        missing=_("Välj om ni ses igen."),
    )
    next_on = day_field(_("Nästa möte"), required=False)
    no_next_by = LineField(120, label=_("Vem har bestämt att inget mer möte behövs?"), required=False)

    def __init__(self, *args: Any, meeting: Meeting, leaders: Sequence[Professional], **options: Any) -> None:
        super().__init__(*args, **options)
        self.leaders = {str(one.pk): one for one in leaders}
        roles = [("", gettext("Välj")), *((key, one.name) for key, one in self.leaders.items())]
        for name in ("chair", "note_taker"):
            offer(self, name, roles)
        if meeting.kind == MeetingKind.PREPARATORY:
            # One that leads to no SIP need not say more, and nobody has to have led it.
            for name in ("chair", "note_taker", "next"):
                self.fields[name].required = False
        else:
            del self.fields["result"]
        for number in range(_EXTRA):
            self._add_extra(f"mer{number}")

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("next") == _NEXT and not told.get("next_on") and "next_on" not in self.errors:
            self.add_error("next_on", gettext("Välj vilken dag ni ses igen."))
        if told.get("next") == _NO_NEXT and not told.get("no_next_by") and "no_next_by" not in self.errors:
            self.add_error("no_next_by", gettext("Skriv vem som har bestämt det."))
        return told

    def details(self) -> dict[str, Any]:
        """What came of the meeting, as the actions take it."""
        told = self.cleaned_data
        goes_on = told.get("next")
        return {
            "result": told.get("result", ""),
            "next_on": told["next_on"] if goes_on == _NEXT else None,
            "no_next_by": told["no_next_by"] if goes_on == _NO_NEXT else "",
            "chair": self.leaders.get(told["chair"]),
            "note_taker": self.leaders.get(told["note_taker"]),
        }

    def more(self) -> list[Present]:
        """Those who were there beside the summoned."""
        told = self.cleaned_data
        return [
            Present(
                called=told[f"called_mer{number}"] or Called.OTHER,
                was_present=True,
                name=told[f"name_mer{number}"],
            )
            for number in range(_EXTRA)
            if told[f"name_mer{number}"]
        ]

    def extra(self) -> list[tuple[Any, Any]]:
        """The empty lines."""
        return [(self[f"called_mer{number}"], self[f"name_mer{number}"]) for number in range(_EXTRA)]

    def _add_extra(self, key: str) -> None:
        others = [(one.value, one.label) for one in (Called.OTHER, Called.RELATIVE, Called.EMPLOYER)]
        self.fields[f"called_{key}"] = ChoiceField(label=_("Vem?"), choices=others, required=False)
        self.fields[f"name_{key}"] = LineField(120, label=_("Namn"), required=False)


class HoldForm(HeldForm):
    """The same with one line for each who was to come. Nobody is taken to have come: it is said of each."""

    def __init__(self, *args: Any, lines: Sequence[Line], **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = lines
        for line in lines:
            self._add_line(line)

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        for line in self.lines:
            if told.get(f"was_{line.key}") == _ABSENT and not told.get(f"why_{line.key}"):
                self.add_error(f"why_{line.key}", gettext("Välj varför den inte kom."))
        return told

    def attendances(self) -> list[Present]:
        """Who was there and who was not, as the action wants it."""
        told = self.cleaned_data
        return [
            Present(
                called=line.summons.called if line.summons else Called.PERSON,
                was_present=told[f"was_{line.key}"] == _CAME,
                cause=told[f"why_{line.key}"] if told[f"was_{line.key}"] == _ABSENT else "",
                summons=line.summons,
                form=told[f"how_{line.key}"],
            )
            for line in self.lines
        ] + self.more()

    def rows(self) -> list[tuple[Line, Any, Any, Any]]:
        """Each line with its three fields."""
        return [
            (line, self[f"was_{line.key}"], self[f"why_{line.key}"], self[f"how_{line.key}"])
            for line in self.lines
        ]

    def _add_line(self, line: Line) -> None:
        self.fields[f"was_{line.key}"] = ChoiceField(
            label=line.name,
            choices=[(_CAME, _("Var med")), (_ABSENT, _("Kom inte"))],
            widget=forms.RadioSelect,
            missing=_("Välj om den var med."),
        )
        self.fields[f"why_{line.key}"] = ChoiceField(
            label=_("Varför inte?"), choices=[("", _("Välj")), *AbsenceCause.choices], required=False
        )
        self.fields[f"how_{line.key}"] = ChoiceField(
            label=_("Hur?"), choices=[("", _("Som mötet")), *MeetingForm.choices], required=False
        )


class CorrectForm(forms.Form):
    """Was there after all, or was not and why."""

    was = ChoiceField(
        label=_("Hur var det?"),
        choices=[(_CAME, _("Var med")), (_ABSENT, _("Kom inte"))],
        widget=forms.RadioSelect,
        missing=_("Välj om den var med."),
    )
    cause = ChoiceField(
        label=_("Varför inte?"), choices=[("", _("Välj")), *AbsenceCause.choices], required=False
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("was") == _ABSENT and not told.get("cause"):
            self.add_error("cause", gettext("Välj varför den inte kom."))
        return told


@case_page(methods=("GET", "POST"))
def hold_meeting(request: DoorRequest, case: Case, meeting_id: UUID) -> HttpResponse:
    """Write down that the meeting has been, and what is next."""
    meeting = meeting_or_404(request, case, meeting_id)
    lines = _lines(expected_at(meeting))
    leaders = who_can_lead(case, meeting)
    form = HoldForm(
        request.POST or None,
        meeting=meeting,
        lines=lines,
        leaders=leaders,
        initial={
            "chair": str(meeting.chair_id or ""),
            "note_taker": str(meeting.note_taker_id or ""),
            "next": "" if meeting.kind == MeetingKind.PREPARATORY else _NEXT,
        },
    )
    may = rules.may_hold_at_all(request.actor, meeting)
    if request.method == "POST" and form.is_valid():
        told = {"attendances": form.attendances(), **form.details()}
        refusal = _refused(request, meeting, told)
        if refusal is None:
            actions.hold(meeting, by=request.actor, **told)
            messages.success(
                request, gettext("Mötet är hållet. Skriv klart planen, eller planera nästa möte.")
            )
            return back(case, meeting)
        form.add_error(None, refusal)
    looked(request, case, meeting)
    context = head(
        case,
        meeting=meeting,
        form=form,
        rows=form.rows(),
        extra=form.extra(),
        may=may,
        version=meeting.version,
        conflicts=[],
        has_result="result" in form.fields,
    )
    return render(request, "meetings/hold.html", context)


@case_page(methods=("GET", "POST"))
def correct_meeting(request: DoorRequest, case: Case, meeting_id: UUID) -> HttpResponse:
    """Put right what was written of a held meeting, and add whoever was forgotten."""
    meeting = meeting_or_404(request, case, meeting_id)
    form = HeldForm(
        request.POST or None,
        meeting=meeting,
        leaders=who_can_lead(case, meeting),
        initial=_values(meeting),
    )
    version = sent_version(request) if request.method == "POST" else meeting.version
    may = rules.may_correct_held_at_all(request.actor, meeting)
    if request.method == "POST" and form.is_valid():
        told = form.details()
        refusal = rules.may_correct_held(
            request.actor,
            meeting,
            roles=(told["chair"], told["note_taker"]),
            **{name: told[name] for name in ("result", "next_on", "no_next_by")},
        )
        if refusal or not may:
            return _corrected(request, case, meeting, form, version)
        form.add_error(None, refusal.reason)
    return _correct_page(request, case, meeting, form, version)


@case_page(methods=("GET", "POST"))
def correct_attendance(request: DoorRequest, case: Case, attendance_id: UUID) -> HttpResponse:
    """Put right who came."""
    only_where_held(request, case)
    found = attendance_in(case, attendance_id)
    if found is None:
        raise Http404
    initial = {"was": _CAME if found.was_present else _ABSENT, "cause": found.cause}
    form = CorrectForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        actions.correct_attendance(
            found, was_present=told["was"] == _CAME, cause=told["cause"], by=request.actor
        )
        messages.success(request, gettext("Närvaron är rättad."))
        return redirect("meeting", case_id=case.pk, meeting_id=found.meeting_id)
    looked(request, case, found.meeting)
    context = head(
        case,
        meeting=found.meeting,
        attendance=found,
        form=form,
        who=found.unit.name if found.unit else found.name or gettext("personen själv"),
        may=rules.may_correct(request.actor, found, was_present=True, cause=""),
    )
    return render(request, "meetings/correct.html", context)


def _values(meeting: Meeting) -> dict[str, Any]:
    """What was written of a held meeting, as its form shows it."""
    return {
        "chair": str(meeting.chair_id or ""),
        "note_taker": str(meeting.note_taker_id or ""),
        "result": meeting.result,
        "next": _NEXT if meeting.next_on else _NO_NEXT if meeting.no_next_by else "",
        "next_on": meeting.next_on,
        "no_next_by": meeting.no_next_by,
    }


def _corrected(
    request: DoorRequest, case: Case, meeting: Meeting, form: HeldForm, version: int
) -> HttpResponse:
    try:
        actions.correct_held(meeting, version=version, also=form.more(), by=request.actor, **form.details())
    except Stale as stale:
        theirs: Any = stale.theirs
        texts = _two_texts(form, theirs)
        return _correct_page(request, case, theirs, form, theirs.version, conflicts=texts)
    messages.success(request, gettext("Mötet är rättat."))
    return back(case, meeting)


def _two_texts(form: HeldForm, theirs: Meeting) -> list[TwoTexts]:
    """A colleague was first: both texts; and who is written down already, so that nobody is added twice."""
    mine = {name: form[name].value() for name in form.fields}
    texts = differing(form.fields, mine, _values(theirs))
    if more := [one.name for one in form.more()]:
        there = [one.name for one in attendances_of(theirs) if one.name]
        texts.append(
            TwoTexts(gettext("Fler som var med"), ", ".join(more), ", ".join(there) or gettext("inget"))
        )
    return texts


def _correct_page(
    request: DoorRequest,
    case: Case,
    meeting: Meeting,
    form: HeldForm,
    version: int,
    *,
    conflicts: Sequence[TwoTexts] = (),
) -> HttpResponse:
    looked(request, case, meeting)
    context = head(
        case,
        meeting=meeting,
        form=form,
        rows=[],
        extra=form.extra(),
        may=rules.may_correct_held_at_all(request.actor, meeting),
        version=version,
        conflicts=conflicts,
        has_result="result" in form.fields,
    )
    return render(request, "meetings/hold.html", context)


def _lines(summoned: Sequence[Summons]) -> list[Line]:
    """The person first, summoned or not; then everybody else who was."""
    person = next((one for one in summoned if one.called == Called.PERSON), None)
    lines = [Line("person", gettext("Personen själv"), "", _answered(person), person)]
    for one in summoned:
        if one.called != Called.PERSON:
            label = "" if one.unit else str(Called(one.called).label)
            lines.append(Line(str(one.pk), receiver_name(one), label, _answered(one), one))
    return lines


def _answered(summons: Summons | None) -> str:
    if summons is None or summons.newest is None:
        return ""
    who = summons.newest.who_comes
    label = str(Answer(summons.newest.answer).label)
    return f"{label}: {who}" if who else label


def _refused(request: DoorRequest, meeting: Meeting, told: dict[str, Any]) -> str | None:
    """What the rule says that no single field could."""
    ruling = rules.may_hold(
        request.actor,
        meeting,
        roles=(told["chair"] or meeting.chair, told["note_taker"] or meeting.note_taker),
        attendances=told["attendances"],
        summoned=expected_at(meeting),
        result=told["result"],
        next_on=told["next_on"],
        no_next_by=told["no_next_by"],
    )
    return None if ruling else ruling.reason
