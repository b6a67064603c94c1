"""A meeting is planned, changed, moved or cancelled: the forms and their pages.

Not here: summoning (`calling`) and writing down how it went (`holding`).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.agreements.visibility import meeting_due
from humla.cases.models import Case
from humla.cases.visibility import need_known_on
from humla.core.context import now
from humla.core.dates import STOCKHOLM, written_date
from humla.core.fields import ChoiceField, LineField, ProseField, SwedishDateField, offer
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.drafts.actions import drop_draft
from humla.meetings import actions, rules
from humla.meetings.models import ChangeCause, Meeting, MeetingForm, MeetingKind, MeetingState
from humla.meetings.visibility import meetings_of, open_summonses, suggested_answer_by, who_can_lead
from humla.organisation.models import Professional
from humla.people.models import Language
from humla.web.door import DoorRequest, case_page, only_where_held
from humla.web.meetings.opening import back, head, looked, meeting_or_404, receiver_name
from humla.web.page import render
from humla.web.two_texts import TwoTexts, differing, draft_url, prefilled, sent_version

_MINUTES = 60
_HOUR = time(13, 0)
_CLOCKS = ("%H:%M", "%H.%M", "%H%M", "%H:%M:%S")
_DRAFT = "meeting"


def day_field(label: Any, *, required: bool = True, **options: Any) -> SwedishDateField:
    """A day, with the browser's own calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return SwedishDateField(label=label, required=required, widget=widget, **options)


def clock_field(label: Any) -> forms.TimeField:
    """A time of day: 13:00, 13.00 or 1300."""
    wrong = _("Skriv klockslaget så här: 13.00.")
    return forms.TimeField(
        label=label,
        input_formats=_CLOCKS,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": wrong, "invalid": wrong},
    )


class PlanMeetingForm(forms.Form):
    """When, where and how; then why, which is what the summons says."""

    kind = ChoiceField(
        label=_("Slag av möte"),
        choices=MeetingKind.choices,
        widget=forms.RadioSelect,
        missing=_("Välj slag av möte."),
    )
    day = day_field(_("Dag"))
    clock = clock_field(_("Klockan"))
    minutes = forms.IntegerField(
        label=_("Längd i minuter"),
        min_value=5,
        max_value=600,
        error_messages={
            "required": _("Skriv hur många minuter mötet är."),
            "invalid": _("Skriv antalet minuter med siffror."),
            "min_value": _("Ett möte är mellan fem minuter och tio timmar långt."),
            "max_value": _("Ett möte är mellan fem minuter och tio timmar långt."),
        },
    )
    form = ChoiceField(label=_("Hur möts ni?"), choices=MeetingForm.choices, widget=forms.RadioSelect)
    place = LineField(200, label=_("Plats"), required=False)
    video_link = LineField(300, label=_("Länk till videomötet"), required=False)
    purpose = ProseField(
        2000,
        rows=2,
        label=_("Varför möts vi?"),
        help_text=_("Står i kallelsen för dem som får veta om behov."),
        required=False,
    )
    questions = ProseField(2000, rows=3, label=_("Frågor som mötet ska svara på"), required=False)
    health_questions = ProseField(
        2000,
        rows=2,
        label=_("Frågor som rör hälsa"),
        help_text=_("Går bara till dem som får veta om hälsa."),
        required=False,
    )
    answer_by = day_field(_("Svara senast"), required=False)
    interpreter = LineField(
        120,
        label=_("Tolk"),
        help_text=_("Vilket språk? Tomt betyder att ingen tolk behövs."),
        required=False,
    )
    chair = ChoiceField(label=_("Mötesledare"), required=False)
    note_taker = ChoiceField(label=_("Dokumenterare"), required=False)

    def __init__(self, *args: Any, leaders: Sequence[Professional], **options: Any) -> None:
        super().__init__(*args, **options)
        self.leaders = {str(one.pk): one for one in leaders}
        choices = [("", gettext("Väljs senare")), *((key, one.name) for key, one in self.leaders.items())]
        offer(self, "chair", choices)
        offer(self, "note_taker", choices)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        form = told.get("form")
        if (
            form in (MeetingForm.VIDEO, MeetingForm.HYBRID)
            and not told.get("video_link")
            and "video_link" not in self.errors
        ):
            self.add_error("video_link", gettext("Klistra in länken till videomötet."))
        if (
            form in (MeetingForm.IN_PERSON, MeetingForm.HYBRID)
            and not told.get("place")
            and "place" not in self.errors
        ):
            self.add_error("place", gettext("Skriv var ni ses."))
        if told.get("day") and told.get("answer_by") and told["answer_by"] > told["day"]:
            self.add_error("answer_by", gettext("Svaren behövs före mötet. Välj en tidigare dag."))
        return told

    def details(self) -> dict[str, Any]:
        """What was written, as the action wants it."""
        told = dict(self.cleaned_data)
        told["starts_at"] = datetime.combine(told.pop("day"), told.pop("clock"), STOCKHOLM)
        for role in ("chair", "note_taker"):
            told[role] = self.leaders.get(told[role])
        return told


class ChangeMeetingForm(PlanMeetingForm):
    """The same, and whether those who are summoned are to know."""

    send_anew = forms.BooleanField(
        label=_("Skicka den ändrade kallelsen till dem som redan är kallade"), required=False, initial=True
    )

    def __init__(self, *args: Any, is_summoned: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_summoned:
            for name in ("day", "clock"):
                self.fields[name].disabled = True
        else:
            del self.fields["send_anew"]


class MoveForm(forms.Form):
    """Another time, and why."""

    day = day_field(_("Ny dag"))
    clock = clock_field(_("Klockan"))
    cause = ChoiceField(
        label=_("Varför flyttas mötet?"),
        choices=ChangeCause.choices,
        widget=forms.RadioSelect,
        missing=_("Välj varför mötet flyttas."),
    )


class CancelForm(forms.Form):
    """Why it will not be."""

    cause = ChoiceField(
        label=_("Varför ställs mötet in?"),
        choices=ChangeCause.choices,
        widget=forms.RadioSelect,
        missing=_("Välj varför mötet ställs in."),
    )


@case_page(methods=("GET", "POST"))
def plan_meeting(request: DoorRequest, case: Case) -> HttpResponse:
    """Plan a meeting: most of it is filled in as it most often is."""
    only_where_held(request, case)
    leaders = who_can_lead(case)
    draft = f"{_DRAFT}:{case.pk}"
    if request.method == "GET":
        initial, drafted_at = prefilled(request, draft, _fresh(request, case))
        form = PlanMeetingForm(initial=initial, leaders=leaders)
        _say_last_day(form, case)
        return _form_page(request, case, form, draft=draft, drafted_at=drafted_at)
    form = PlanMeetingForm(request.POST, leaders=leaders)
    if not form.is_valid():
        return _form_page(request, case, form, draft=draft)
    try:
        meeting = actions.plan_meeting(case, by=request.actor, **form.details())
    except NotAllowed as refused:
        form.add_error("clock", refused.reason)
        return _form_page(request, case, form, draft=draft)
    drop_draft(draft)
    ahead = meeting.starts_at > now()
    done = gettext("Mötet är planerat. Nu kan du kalla.") if ahead else gettext("Mötet är inskrivet.")
    messages.success(request, done)
    return back(case, meeting)


@case_page(methods=("GET", "POST"))
def change_meeting(request: DoorRequest, case: Case, meeting_id: UUID) -> HttpResponse:
    """Other details for a planned meeting; whoever has been summoned gets the summons as it is now."""
    meeting = meeting_or_404(request, case, meeting_id)
    leaders, is_summoned = who_can_lead(case, meeting), bool(open_summonses(meeting))
    draft = f"{_DRAFT}:{meeting.pk}"
    saved = _values(meeting)
    if request.method == "GET":
        initial, drafted_at = prefilled(request, draft, saved)
        version = int(initial["made_for"]) if str(initial.get("made_for", "")).isdigit() else meeting.version
        form = ChangeMeetingForm(initial=initial, leaders=leaders, is_summoned=is_summoned)
        return _form_page(
            request, case, form, meeting=meeting, version=version, draft=draft, drafted_at=drafted_at
        )
    form = ChangeMeetingForm(request.POST, initial=saved, leaders=leaders, is_summoned=is_summoned)
    version = sent_version(request)
    if not form.is_valid():
        return _form_page(request, case, form, meeting=meeting, version=version, draft=draft)
    told = form.details()
    send_anew = bool(told.pop("send_anew", False))
    try:
        actions.change_meeting(meeting, version=version, send_anew=send_anew, by=request.actor, **told)
    except Stale as stale:
        return _conflict(request, case, form, stale, draft=draft)
    except NotAllowed as refused:
        form.add_error(None, refused.reason)
        return _form_page(request, case, form, meeting=meeting, version=version, draft=draft)
    drop_draft(draft)
    messages.success(request, gettext("Mötet är ändrat."))
    return back(case, meeting)


@case_page(methods=("GET", "POST"))
def move_meeting(request: DoorRequest, case: Case, meeting_id: UUID) -> HttpResponse:
    """Move it: everybody who is summoned gets the new time."""
    meeting = meeting_or_404(request, case, meeting_id)
    local = meeting.starts_at.astimezone(STOCKHOLM)
    form = MoveForm(request.POST or None, initial={"clock": local.time()})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        starts_at = datetime.combine(told["day"], told["clock"], STOCKHOLM)
        try:
            new = actions.move(meeting, starts_at=starts_at, cause=told["cause"], by=request.actor)
        except NotAllowed as refused:
            form.add_error("day", refused.reason)
        else:
            messages.success(
                request, gettext("Mötet är flyttat. De som var kallade får den nya tiden om en minut.")
            )
            return back(case, new)
    looked(request, case, meeting)
    context = {
        **head(case, meeting=meeting, form=form, verb="move"),
        "told": [receiver_name(one) for one in open_summonses(meeting)],
        "may": rules.may_move(request.actor, meeting),
    }
    return render(request, "meetings/move.html", context)


@case_page(methods=("GET", "POST"))
def cancel_meeting(request: DoorRequest, case: Case, meeting_id: UUID) -> HttpResponse:
    """Cancel it: everybody whose summons has left is told so."""
    meeting = meeting_or_404(request, case, meeting_id)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.cancel(meeting, cause=form.cleaned_data["cause"], by=request.actor)
        messages.success(request, gettext("Mötet är inställt. De som var kallade får besked."))
        return back(case, meeting)
    looked(request, case, meeting)
    context = {
        **head(case, meeting=meeting, form=form, verb="cancel"),
        "told": [receiver_name(one) for one in open_summonses(meeting)],
        "may": rules.may_cancel(request.actor, meeting),
    }
    return render(request, "meetings/move.html", context)


# --- below the views ----------------------------------------------------------------------------------------


def _say_last_day(form: PlanMeetingForm, case: Case) -> None:
    """By when the agreement says that they meet; nothing when they have met, or there is no agreement."""
    held = [one for one in meetings_of(case) if one.state == MeetingState.HELD]
    if any(one.kind != MeetingKind.PREPARATORY for one in held):
        return
    due = meeting_due(need_known_on(case))
    if due is not None:
        told = {"day": written_date(due)}
        form.fields["day"].help_text = gettext("Senast %(day)s enligt överenskommelsen.") % told


def _fresh(request: DoorRequest, case: Case) -> dict[str, Any]:
    """What is most often true: an hour at the case's unit, the interpreter that the person needs. Or, for one
    that was cancelled, what that one said.
    """
    person, unit = case.person, case.unit
    before = meetings_of(case)
    again = next((one for one in before if str(one.pk) == request.GET.get("fran", "")), None)
    if again is not None:
        return {**_values(again), "day": None, "answer_by": None}
    day = _day_asked_for(request, before)
    return {
        "kind": _kind_asked_for(request, before),
        "day": day,
        "clock": _HOUR,
        "minutes": _MINUTES,
        "form": MeetingForm.IN_PERSON,
        # Where a protected person will be is written by somebody, never by us.
        "place": "" if case.is_protected else ", ".join(word for word in (unit.name, unit.place) if word),
        "interpreter": str(Language(person.language).label) if person.needs_interpreter else "",
        "answer_by": suggested_answer_by(datetime.combine(day, _HOUR, STOCKHOLM)) if day else None,
        "chair": str(request.actor.id),
        "note_taker": "",
    }


def _kind_asked_for(request: DoorRequest, before: Sequence[Meeting]) -> str:
    asked = request.GET.get("slag", "")
    if asked in MeetingKind.values:
        return asked
    done = {one.kind for one in before if one.state == MeetingState.HELD}
    return MeetingKind.FOLLOW_UP if MeetingKind.FIRST in done else MeetingKind.FIRST


def _day_asked_for(request: DoorRequest, before: Sequence[Meeting]) -> date | None:
    """The day in the address, or the one that the last held meeting set."""
    try:
        return date.fromisoformat(request.GET.get("dag", ""))
    except ValueError:
        return next((one.next_on for one in before if one.state == MeetingState.HELD), None)


def _values(meeting: Meeting) -> dict[str, Any]:
    """What the meeting says, as its form shows it."""
    local = meeting.starts_at.astimezone(STOCKHOLM)
    names = ("kind", "minutes", "form", "place", "video_link", "purpose", "questions", "health_questions")
    return {
        **{name: getattr(meeting, name) for name in (*names, "answer_by", "interpreter")},
        "day": local.date(),
        "clock": local.time(),
        "chair": str(meeting.chair_id or ""),
        "note_taker": str(meeting.note_taker_id or ""),
        "send_anew": True,
    }


def _conflict(
    request: DoorRequest, case: Case, form: ChangeMeetingForm, stale: Stale, *, draft: str
) -> HttpResponse:
    """A colleague was first: both texts, and the form made for the version that is there."""
    theirs: Any = stale.theirs
    mine = {name: form[name].value() for name in form.fields}
    texts = differing(form.fields, _in_form(mine), _in_form(_values(theirs)))
    form.data = mine
    return _form_page(
        request, case, form, meeting=theirs, version=theirs.version, draft=draft, conflicts=texts
    )


def _in_form(values: Mapping[str, Any]) -> dict[str, Any]:
    clock = values["clock"]
    return {**values, "clock": f"{clock:%H:%M}" if isinstance(clock, time) else clock}


def _form_page(
    request: DoorRequest,
    case: Case,
    form: forms.Form,
    *,
    draft: str,
    meeting: Meeting | None = None,
    version: int | None = None,
    drafted_at: datetime | None = None,
    conflicts: Sequence[TwoTexts] = (),
) -> HttpResponse:
    looked(request, case, *([meeting] if meeting else []))
    may = rules.may_change_meeting(request.actor, meeting) if meeting else rules.may_plan(request.actor, case)
    context = {
        **head(case, meeting=meeting, form=form),
        "request_path": request.path,
        "version": version,
        "draft_url": draft_url(case, draft),
        "drafted_at": drafted_at,
        "conflicts": conflicts,
        "may": may,
    }
    return render(request, "meetings/plan.html", context)
