"""Finding a time: offer some, see who can when, choose the best with the reason why, and summon in the same
tap.

Here: the holder's pages. Not here: the answers of those asked (`times_link`, `own_times`), which time is best
(`humla.scheduling.best`), nor what is suggested (`humla.scheduling.suggestions`).

Most is filled in: three times, the units that Eva has said yes to, the room. Whoever has her beside her sends
to everybody at once; otherwise she answers first.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from humla.agreements.models import Duty
from humla.agreements.visibility import deadlines_on
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.consents.kept_away import kept_away_from
from humla.core.context import now, today
from humla.core.dates import STOCKHOLM, day_of
from humla.core.fields import ChoiceField, LineField, MultipleChoiceField, ProseField, offer
from humla.core.rulings import NotAllowed, Ruling
from humla.core.workdays import is_working_day, working_days_after
from humla.meetings.models import Called, ChangeCause, Meeting, MeetingForm, MeetingKind, MeetingState
from humla.meetings.rules import Call
from humla.meetings.visibility import consents_by_unit, meeting_of, meetings_of
from humla.notifications.rules import may_remind
from humla.organisation.models import Unit
from humla.organisation.visibility import units_to_choose
from humla.people.models import Language
from humla.scheduling import actions, rules
from humla.scheduling.models import Can, Invitee, OfferState, Slot, TimeOffer
from humla.scheduling.suggestions import NoSuchTime, candidates, first_day, instant_of, suggested
from humla.scheduling.visibility import Offered, called_by, offered, offers_of, taken_times
from humla.web.door import DoorRequest, case_page, only_where_held
from humla.web.jinja import moment
from humla.web.meetings.calling import own_words_of
from humla.web.meetings.opening import head
from humla.web.meetings.planning import clock_field, day_field
from humla.web.page import render
from humla.web.reminders import ladders_to

_OWN = (1, 2, 3)
"""So many times can be written beside those that are suggested."""

_MINUTES = 60
_OTHERS = (Called.RELATIVE, Called.EMPLOYER, Called.OTHER)

TONES = {
    OfferState.PERSON: "info",
    OfferState.ANSWERS: "info",
    OfferState.ENOUGH: "done",
    OfferState.NOBODY: "stop",
    OfferState.EXPIRED: "warning",
    OfferState.SETTLED: "done",
    OfferState.WITHDRAWN: "neutral",
}
CAN_TONES = {Can.YES: "done", Can.IF_NEEDED: "warning", Can.NO: "stop", Can.WRONG_UNIT: "stop"}


class TimesForm(forms.Form):
    """Some of the suggested times, and up to three of one's own."""

    suggested = MultipleChoiceField(label=_("Vilka tider föreslår du?"), required=False)
    answer_by = day_field(_("Svara senast"))

    def __init__(self, *args: Any, free: Sequence[datetime], there: int = 0, **options: Any) -> None:
        super().__init__(*args, **options)
        self.there = there
        # What was suggested a minute ago is still what was ticked.
        data: Any = self.data
        sent = [one for one in map(_read, data.getlist("suggested")) if one] if self.is_bound else []
        offer(self, "suggested", [(_written(one), moment(one)) for one in sorted({*free, *sent})])
        for place in _OWN:
            self.fields[f"day_{place}"] = day_field(_("Dag"), required=False)
            self.fields[f"clock_{place}"] = clock_field(_("Klockan"))
            self.fields[f"clock_{place}"].required = False
        self.times: list[datetime] = []

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        self.times = [one for one in map(_read, told.get("suggested") or ()) if one]
        for place in _OWN:
            self._add_own(told, place)
        if not self.errors and not (ruling := rules.are_times(self.times, there=self.there)):
            self.add_error("suggested", ruling.reason)
        return told

    def _add_own(self, told: Mapping[str, Any], place: int) -> None:
        day, clock = f"day_{place}", f"clock_{place}"
        if day in self.errors or clock in self.errors:
            return
        if told.get(day) and not told.get(clock):
            self.add_error(clock, gettext("Skriv klockslaget så här: 13.00."))
        elif told.get(clock) and not told.get(day):
            self.add_error(day, gettext("Välj en dag."))
        elif told.get(day):
            try:
                self.times.append(instant_of(told[day], told[clock]))
            except NoSuchTime as wrong:
                self.add_error(clock, str(wrong))

    def own_rows(self) -> list[tuple[Any, Any]]:
        """The times of one's own, as the page draws them."""
        return [(self[f"day_{place}"], self[f"clock_{place}"]) for place in _OWN]

    def has_own(self) -> bool:
        """Is anything written there, or wrong?"""
        return any(
            day.value() or clock.value() or day.errors or clock.errors for day, clock in self.own_rows()
        )


class LookForm(TimesForm):
    """The times, who is asked, and what the meeting will be."""

    kind = ChoiceField(
        label=_("Slag av möte"),
        choices=MeetingKind.choices,
        widget=forms.RadioSelect,
        missing=_("Välj slag av möte."),
    )
    who = MultipleChoiceField(label=_("Vilka frågar du?"), required=False)
    other = ChoiceField(
        label=_("Någon annan"),
        choices=[("", _("Ingen")), *((one.value, one.label) for one in _OTHERS)],
        required=False,
    )
    other_name = LineField(120, label=_("Namn"), required=False)
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
    purpose = ProseField(2000, rows=2, label=_("Varför möts vi?"), required=False)
    interpreter = LineField(
        120,
        label=_("Tolk"),
        help_text=_("Vilket språk? Tomt betyder att ingen tolk behövs."),
        required=False,
    )
    move_cause = ChoiceField(
        label=_("Varför flyttas mötet?"),
        choices=ChangeCause.choices,
        widget=forms.RadioSelect,
        missing=_("Välj varför mötet flyttas."),
    )

    def __init__(
        self, *args: Any, units: Sequence[Unit], moves: Meeting | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.moves = moves
        self.units = {str(one.pk): one for one in units}
        offer(self, "who", [(key, one.name) for key, one in self.units.items()])
        if moves is None:
            del self.fields["move_cause"]

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if told.get("other") and not told.get("other_name"):
            self.add_error("other_name", gettext("Skriv namnet."))
        if not self.errors and not (told.get("who") or told.get("other")):
            self.add_error("who", gettext("Välj minst en som ska frågas."))
        return told

    def calls(self) -> list[Call]:
        """Those who were chosen."""
        told = self.cleaned_data
        made = [Call(Called.UNIT, self.units[key]) for key in told["who"]]
        return [*made, Call(told["other"], name=told["other_name"])] if told["other"] else made

    def details(self) -> actions.OfferDetails:
        """What was written of the meeting, as the action wants it."""
        told = self.cleaned_data
        names = ("kind", "minutes", "form", "place", "video_link", "interpreter", "purpose", "answer_by")
        made: Any = {name: told[name] for name in names}
        if self.moves is not None:
            made |= {"moves": self.moves, "move_cause": told["move_cause"]}
        details: actions.OfferDetails = made
        return details


class NoteForm(forms.Form):
    """What somebody said of each time."""

    def __init__(self, *args: Any, found: Offered, invitee: Invitee, **options: Any) -> None:
        super().__init__(*args, **options)
        self.invitee_id, is_unit = invitee.pk, invitee.unit is not None
        self.slots = [one for one in found.open_slots if invitee == found.person or found.is_told_of(one)]
        choices = [(one.value, one.label) for one in Can if is_unit or one is not Can.WRONG_UNIT]
        for slot in self.slots:
            self.fields[str(slot.pk)] = ChoiceField(
                label=moment(slot.starts_at),
                choices=choices,
                widget=forms.RadioSelect,
                initial=found.can(invitee, slot) or "",
                missing=_("Välj om tiden går."),
            )

    def said(self) -> dict[UUID, str]:
        """The answer about each time, by its id."""
        return {slot.pk: self.cleaned_data[str(slot.pk)] for slot in self.slots}


class SettleForm(forms.Form):
    """Which of the times it will be; the best is chosen from the start."""

    slot = ChoiceField(
        label=_("Vilken tid blir det?"), widget=forms.RadioSelect, missing=_("Välj vilken tid det blir.")
    )

    def __init__(self, *args: Any, found: Offered, **options: Any) -> None:
        super().__init__(*args, **options)
        possible = [one for one in found.order if not one.is_out]
        offer(self, "slot", [(str(one.slot), moment(one.starts_at)) for one in possible])
        self.hints = {str(one.slot): one.reason for one in possible}
        self.fields["slot"].initial = str(found.best.slot) if found.best else ""


@dataclass(frozen=True)
class AskedRow:
    """One of those asked: what was answered about each time, and what can be done."""

    invitee: Invitee
    name: str
    duty: str
    answers: list[tuple[Slot, Can | None]]
    is_silent: bool
    is_leaving: bool
    on_paper: bool
    has_lost_consent: bool
    may_note: Ruling
    may_leave_out: Ruling

    @property
    def words(self) -> list[tuple[str, str, str]]:
        """Each time with what was said of it, and in which tone."""
        return [(moment(slot.starts_at), str(can.label), CAN_TONES[can]) for slot, can in self.answers if can]


@case_page()
def times(request: DoorRequest, case: Case) -> HttpResponse:
    """Every time that times have been offered in the case, and how each stands."""
    only_where_held(request, case)
    found = offers_of(case)
    _looked(request, case, found)
    context = head(
        case,
        rows=[(one, str(one.state.label), TONES[one.state], _kind(one.offer)) for one in found],
        may=rules.may_look_for_time(request.actor, case),
    )
    return render(request, "times/list.html", context)


@case_page(methods=("GET", "POST"))
def offer_times(request: DoorRequest, case: Case) -> HttpResponse:
    """Offer times: three are ticked and those with consent are asked. A second button when she is here."""
    only_where_held(request, case)
    moves = _moves(request, case)
    units, refused = _who_can_be_asked(case)
    free = _free(case, units)
    initial = _fresh(request, case, moves, units, free)
    form = LookForm(request.POST or None, initial=initial, units=units, moves=moves, free=free)
    if request.method == "POST" and form.is_valid():
        is_here = "bredvid" in request.POST
        try:
            made = actions.offer_times(
                case,
                times=form.times,
                calls=form.calls(),
                person_can=form.times if is_here else (),
                by=request.actor,
                **form.details(),
            )
        except NotAllowed as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _sent(is_here))
            return redirect("time_offer", case_id=case.pk, offer_id=made.pk)
    request.looked_in(case, Tag.TIMES_READ, items=[("case", case.pk, 0)])
    context = {
        **head(case, form=form, moves=moves, refused=refused),
        "request_path": request.get_full_path(),
        "may": rules.may_look_for_time(request.actor, case),
    }
    return render(request, "times/new.html", context)


@case_page()
def time_offer(request: DoorRequest, case: Case, offer_id: UUID) -> HttpResponse:
    """Who can when, the best time with the reason why, and one tap to set it and summon."""
    found = _offer_or_404(request, case, offer_id)
    return _state_page(request, case, found, SettleForm(found=found))


@case_page(methods=("POST",))
def settle_times(request: DoorRequest, case: Case, offer_id: UUID) -> HttpResponse:
    """This is the time: the meeting is planned and everybody asked is summoned."""
    found = _offer_or_404(request, case, offer_id)
    form = SettleForm(request.POST, found=found)
    if not form.is_valid():
        return _state_page(request, case, found, form)
    slot = _slot_or_404(found, UUID(form.cleaned_data["slot"]))
    try:
        made = actions.settle(found.offer, slot, own_words=own_words_of(case), by=request.actor)
    except NotAllowed as refusal:
        form.add_error(None, refusal.reason)
        return _state_page(request, case, found, form)
    messages.success(request, _settled(made))
    if made.left_out:
        messages.warning(request, gettext("Någon som frågades är inte kallad. Se efter om fler ska kallas."))
    return redirect("meeting", case_id=case.pk, meeting_id=made.meeting.pk)


@case_page(methods=("GET", "POST"))
def note_times(request: DoorRequest, case: Case, offer_id: UUID, invitee_id: UUID) -> HttpResponse:
    """What somebody said on the telephone, or the person across the table."""
    found = _offer_or_404(request, case, offer_id)
    invitee = _invitee_or_404(found, invitee_id)
    form = NoteForm(request.POST or None, found=found, invitee=invitee)
    if request.method == "POST" and ("alla" in request.POST or form.is_valid()):
        said = {one.pk: Can.YES for one in form.slots} if "alla" in request.POST else form.said()
        actions.note_answer(found.offer, invitee, said=said, by=request.actor)
        messages.success(request, gettext("Svaret är antecknat."))
        return _back(found.offer)
    _looked(request, case, [found])
    context = head(
        case,
        found=found,
        form=form,
        who=called_by(invitee),
        is_person=invitee == found.person,
        may=rules.may_note(request.actor, found, invitee),
    )
    return render(request, "times/note.html", context)


@case_page(methods=("GET", "POST"))
def add_times(request: DoorRequest, case: Case, offer_id: UUID) -> HttpResponse:
    """More times to choose among, when none of the first would do."""
    found = _offer_or_404(request, case, offer_id)
    there = {one.starts_at for one in found.open_slots}
    units = [one.unit for one in found.others if one.unit]
    free = [one for one in _free(case, units, minutes=found.offer.minutes) if one not in there]
    room = max(0, min(3, rules.MOST - len(there)))
    initial = {"suggested": [_written(one) for one in free[:room]], "answer_by": _new_answer_day(found.offer)}
    form = TimesForm(request.POST or None, free=sorted(free), there=len(there), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_times(found.offer, times=form.times, by=request.actor)
            actions.ask_for_answers_by(
                found.offer, answer_by=form.cleaned_data["answer_by"], by=request.actor
            )
        except NotAllowed as refusal:
            form.add_error("suggested", refusal.reason)
        else:
            messages.success(request, gettext("Tiderna är tillagda. Personen svarar först."))
            return _back(found.offer)
    _looked(request, case, [found])
    context = head(case, found=found, form=form, may=rules.may_withdraw(request.actor, found))
    return render(request, "times/more.html", context)


@case_page(methods=("POST",))
def strike_time(request: DoorRequest, case: Case, offer_id: UUID, slot_id: UUID) -> HttpResponse:
    """One time is no longer offered."""
    found = _offer_or_404(request, case, offer_id)
    actions.strike_time(found.offer, _slot_or_404(found, slot_id), by=request.actor)
    messages.success(request, gettext("Tiden är borttagen."))
    return _back(found.offer)


@case_page(methods=("POST",))
def leave_out(request: DoorRequest, case: Case, offer_id: UUID, invitee_id: UUID) -> HttpResponse:
    """One of those asked is not asked any more."""
    found = _offer_or_404(request, case, offer_id)
    actions.leave_out(found.offer, _invitee_or_404(found, invitee_id), by=request.actor)
    messages.success(request, gettext("Den frågas inte längre."))
    return _back(found.offer)


@case_page(methods=("POST",))
def withdraw_times(request: DoorRequest, case: Case, offer_id: UUID) -> HttpResponse:
    """No time is looked for any more."""
    found = _offer_or_404(request, case, offer_id)
    actions.withdraw(found.offer, by=request.actor)
    messages.success(request, gettext("Förslaget är återtaget. De som hade fått det får besked."))
    return _back(found.offer)


# --- below the views ----------------------------------------------------------------------------------------


def _offer_or_404(request: DoorRequest, case: Case, offer_id: UUID) -> Offered:
    only_where_held(request, case)
    found = offered(case, offer_id)
    if found is None:
        raise Http404
    return found


def _slot_or_404(found: Offered, slot_id: UUID) -> Slot:
    slot = next((one for one in found.slots if one.pk == slot_id), None)
    if slot is None:
        raise Http404
    return slot


def _invitee_or_404(found: Offered, invitee_id: UUID) -> Invitee:
    invitee = next((one for one in found.invitees if one.pk == invitee_id), None)
    if invitee is None:
        raise Http404
    return invitee


def _looked(request: DoorRequest, case: Case, found: Iterable[Offered]) -> None:
    items = [("time_offer", one.offer.pk, 0) for one in found]
    request.looked_in(case, Tag.TIMES_READ, items=items or [("case", case.pk, 0)])


def _back(one: TimeOffer) -> HttpResponse:
    return redirect("time_offer", case_id=one.case_id, offer_id=one.pk)


def _state_page(request: DoorRequest, case: Case, found: Offered, form: SettleForm) -> HttpResponse:
    _looked(request, case, [found])
    ladders = ladders_to(_told(found))
    context = head(
        case,
        found=found,
        form=form,
        kind=_kind(found.offer),
        state=str(found.state.label),
        tone=TONES[found.state],
        rows=[_row(request, found, one) for one in found.invitees if one.withdrawn_at is None],
        gone=[called_by(one) for one in found.invitees if one.withdrawn_at is not None],
        waits_for=[called_by(one) for one in found.waits_for],
        slots=[(one, _is_odd(one), rules.may_strike(request.actor, found, one)) for one in found.open_slots],
        may_settle=rules.may_settle(request.actor, found),
        may_withdraw=rules.may_withdraw(request.actor, found),
        about=_about(found.offer),
        today=today(),
        ladders=ladders,
        may_remind={
            about: may_remind(request.actor, one.unit, ladders[about].told)
            for one in found.invitees
            if (about := one.pk) in ladders and one.unit is not None
        },
        invited=[
            (one, called_by(one))
            for one in found.others
            if one.duty == Duty.INVITED and found.has_answered(one)
        ],
    )
    return render(request, "times/offer.html", context)


def _told(found: Offered) -> dict[UUID, datetime]:
    """The units that have been told of the times and are silent, and when."""
    if found.offer.closed_at is not None:
        return {}
    asked = [one for one in found.waits_for if one.unit_id and one.pk not in found.lost]
    return {one.pk: one.leaves_at for one in asked if one.leaves_at is not None and one.leaves_at <= now()}


def _row(request: DoorRequest, found: Offered, one: Invitee) -> AskedRow:
    return AskedRow(
        invitee=one,
        name=called_by(one),
        duty="" if one == found.person else str(Duty(one.duty).label),
        answers=[(slot, found.can(one, slot)) for slot in found.open_slots],
        is_silent=one in found.waits_for,
        is_leaving=one.leaves_at is not None and now() < one.leaves_at,
        on_paper=one != found.person
        and (one.unit is None or not one.unit.mail or found.offer.case.is_protected),
        has_lost_consent=one.pk in found.lost,
        may_note=rules.may_note(request.actor, found, one),
        may_leave_out=rules.may_leave_out(request.actor, found, one),
    )


def _is_odd(slot: Slot) -> bool:
    """A day when most are free: said, never forbidden."""
    return not is_working_day(day_of(slot.starts_at))


def _kind(one: TimeOffer) -> str:
    kind = str(MeetingKind(one.kind).label)
    return f"{kind[:1].upper()}{kind[1:]}"


def _about(one: TimeOffer) -> list[dict[str, str]]:
    """What the meeting will be; what is not written is left out."""
    rows = [
        (gettext("Längd"), gettext("%(minutes)s minuter") % {"minutes": one.minutes}),
        (gettext("Hur"), str(MeetingForm(one.form).label)),
        (gettext("Plats"), one.place),
        (gettext("Länk till videomötet"), one.video_link),
        (gettext("Tolk"), one.interpreter),
        (gettext("Varför möts vi?"), one.purpose),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _sent(is_here: bool) -> str:
    if is_here:
        return gettext("Tiderna är föreslagna. De andra får frågan om en minut. Till dess kan du ångra.")
    return gettext("Tiderna är föreslagna. Personen svarar först, sedan frågas de andra.")


def _settled(made: actions.Settled) -> str:
    if made.waits_for_place:
        return gettext("Tiden är bestämd. En till ska läsa platsen innan någon kallas.")
    count = len(made.summonses)
    if not count:
        return gettext("Tiden är bestämd. De som var kallade får den nya tiden om en minut.")
    return ngettext(
        "Tiden är bestämd. En kallelse går om en minut. Till dess kan du ångra den.",
        "Tiden är bestämd. %(count)s kallelser går om en minut. Till dess kan du ångra dem.",
        count,
    ) % {"count": count}


def _moves(request: DoorRequest, case: Case) -> Meeting | None:
    """The planned meeting that another time is looked for, when the address names one."""
    try:
        found = meeting_of(case, UUID(request.GET.get("mote", "")))
    except ValueError:
        return None
    if found is None or found.state != MeetingState.PLANNED:
        raise Http404
    return found


def _who_can_be_asked(case: Case) -> tuple[list[Unit], list[tuple[str, str]]]:
    """The units with a yes in force, and those of our own; and why some with a yes cannot be."""
    consents, kept = consents_by_unit(case), kept_away_from(case)
    able, refused = [], []
    for unit in units_to_choose():
        if (unit.pk not in consents and unit.authority_id != case.authority_id) or unit.pk == case.unit_id:
            continue
        may = rules.may_ask(case, Call(Called.UNIT, unit), consents=consents, kept=kept)
        if may:
            able.append(unit)
        else:
            refused.append((unit.name, may.reason))
    return sorted(able, key=lambda one: (one.authority_id == case.authority_id, one.name)), refused


def _free(case: Case, units: Collection[Unit], *, minutes: int = _MINUTES) -> list[datetime]:
    """The times that the form suggests, the first three the best of them."""
    after = first_day(today(), _times_days())
    taken = taken_times(case, [one.pk for one in units], after=after)
    return suggested(candidates(after=after, minutes=minutes, taken=taken))


def _times_days() -> int:
    return deadlines_on(today()).times_days


def _new_answer_day(one: TimeOffer) -> date:
    return max(one.answer_by, working_days_after(today(), _times_days()))


def _fresh(
    request: DoorRequest, case: Case, moves: Meeting | None, units: Sequence[Unit], free: Sequence[datetime]
) -> dict[str, Any]:
    """What is most often true; of a meeting to be moved, or an offer that led nowhere, what that one said."""
    person, unit = case.person, case.unit
    consented = {str(one.pk) for one in units if one.authority_id != case.authority_id}
    fresh = {
        "kind": request.GET.get("slag") or _next_kind(case),
        "suggested": [_written(one) for one in free[:3]],
        "who": [key for key in map(str, (one.pk for one in units)) if key in consented],
        "minutes": _MINUTES,
        "form": MeetingForm.IN_PERSON,
        # Where a protected person will be is written by somebody, never by us.
        "place": "" if case.is_protected else ", ".join(word for word in (unit.name, unit.place) if word),
        "interpreter": str(Language(person.language).label) if person.needs_interpreter else "",
        "answer_by": working_days_after(today(), _times_days()),
    }
    before: Any = moves or _offer_in(request, case)
    if before is not None:
        names = ("kind", "minutes", "form", "place", "video_link", "purpose", "interpreter")
        fresh |= {name: getattr(before, name) for name in names}
    return fresh


def _offer_in(request: DoorRequest, case: Case) -> TimeOffer | None:
    """The earlier offer that the address names."""
    return next((one.offer for one in offers_of(case) if str(one.offer.pk) == request.GET.get("fran")), None)


def _next_kind(case: Case) -> str:
    held = {one.kind for one in meetings_of(case) if one.state == MeetingState.HELD}
    return MeetingKind.FOLLOW_UP if MeetingKind.FIRST in held else MeetingKind.FIRST


def _written(at: datetime) -> str:
    return f"{at.astimezone(STOCKHOLM):%Y-%m-%dT%H:%M}"


def _read(written: str) -> datetime | None:
    """A time as the boxes carry it; what no page of ours sends is no choice."""
    try:
        naive = datetime.strptime(written, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 (the wall clock, made an instant below)
        return instant_of(naive.date(), naive.time())
    except ValueError:
        return None
