"""The follow-ups of a case: the list, beginning one, the one page that asks everything, and when it is done.

Here: the forms and their views. Not here: what must be answered (`humla.followups.rules`), nor the finished
follow-up as a document (`documents`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.agreements.visibility import follow_up_due
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.core.context import today
from humla.core.dates import day_of, written_date
from humla.core.fields import ChoiceField, LineField, ModelChoiceField, ProseField, SwedishDateField
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.disclosures.models import Document, DocumentKind
from humla.drafts.actions import drop_draft
from humla.followups import actions, rules
from humla.followups.document import step
from humla.followups.models import (
    CommitmentResult,
    FollowUp,
    FollowUpState,
    GoalResult,
    Hinder,
    Outcome,
    Progress,
    Status,
)
from humla.followups.visibility import (
    AskedCommitment,
    AskedGoal,
    Sheet,
    adopted,
    documents_of,
    follow_up_in,
    follow_ups_in,
    follow_ups_of,
    meetings_to_follow_up_at,
    newest_progress,
    replaced_in,
    sheet_of,
    the_one_before,
)
from humla.meetings.models import Meeting
from humla.people.naming import display_name, shown_number
from humla.people.visibility import person_seen
from humla.web.door import DoorRequest, case_page, only_where_held
from humla.web.followups.documents import frozen_at_the_same_time
from humla.web.jinja import moment
from humla.web.page import render
from humla.web.two_texts import TwoTexts, differing, draft_url, prefilled, sent_version

_MARKS = [(str(mark), str(mark)) for mark in rules.SCALE]
_NO_ANSWER = ("", _("Inget svar"))


def _day_field(label: Any, **options: Any) -> SwedishDateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return SwedishDateField(label=label, widget=widget, **options)


class BeginForm(forms.Form):
    """Which day, and at which meeting if it was one."""

    held_on = _day_field(_("Vilken dag följs planen upp?"))
    meeting = ModelChoiceField(
        None, label=_("Vid vilket möte?"), empty_label=_("Inget möte i Humla"), required=False
    )

    def __init__(self, *args: Any, meetings: QuerySet[Meeting], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["meeting"]
        field.queryset = meetings
        field.label_from_instance = lambda one: moment(one.starts_at, year=True)


class FollowUpForm(forms.Form):
    """Everything a follow-up asks, one group of fields for each row of the adopted version.

    Nothing is required: it is saved as it is, and what is missing is said when it is to be done.
    """

    held_on = _day_field(_("Dag för uppföljningen"))
    step_by_person = ChoiceField(
        label=_("Steg enligt personen"),
        help_text=_("1 är långt från arbete eller studier, 5 är framme."),
        choices=[_NO_ANSWER, *_MARKS],
        widget=forms.RadioSelect,
        required=False,
    )
    step_by_staff = ChoiceField(
        label=_("Steg enligt personalen"),
        choices=[_NO_ANSWER, *_MARKS],
        widget=forms.RadioSelect,
        required=False,
    )
    person_words = ProseField(
        10_000,
        rows=4,
        label=_("Vad säger personen själv?"),
        help_text=_("Med personens egna ord."),
        required=False,
    )
    next_on = _day_field(_("Nästa uppföljning"), required=False)
    no_next_by = LineField(
        120,
        label=_("Behövs ingen mer? Skriv vem som har bestämt det"),
        help_text=_("Till exempel: personen och Siv Sandberg tillsammans."),
        required=False,
    )

    def __init__(self, *args: Any, sheet: Sheet, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sheet = sheet
        due = follow_up_due(sheet.follow_up.held_on)
        if due is not None:
            told = {"day": written_date(due)}
            self.fields["next_on"].help_text = gettext("Överenskommelsen föreslår %(day)s.") % told
        for one in sheet.commitments:
            self._ask_commitment(one)
        for each in sheet.goals:
            self._ask_goal(each)

    def _ask_commitment(self, one: AskedCommitment) -> None:
        outcomes = [(value, capfirst(str(label))) for value, label in Outcome.choices]
        self.fields[f"c_{one.id}_outcome"] = ChoiceField(
            label=gettext("Blev det gjort?"), choices=outcomes, widget=forms.RadioSelect, required=False
        )
        hinders = [("", gettext("Välj om det inte blev gjort")), *Hinder.choices]
        self.fields[f"c_{one.id}_hinder"] = ChoiceField(
            label=gettext("Vad hindrade?"), choices=hinders, required=False
        )
        self.fields[f"c_{one.id}_why"] = LineField(500, label=gettext("Kort om varför"), required=False)

    def _ask_goal(self, one: AskedGoal) -> None:
        for who, label in (("person", gettext("Personen")), ("staff", gettext("Personalen"))):
            self.fields[f"g_{one.id}_{who}"] = ChoiceField(
                label=label,
                choices=[_NO_ANSWER, *_MARKS],
                widget=forms.RadioSelect,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        for one in self.sheet.commitments:
            outcome, hinder = told.get(f"c_{one.id}_outcome"), told.get(f"c_{one.id}_hinder")
            if outcome in (Outcome.PARTLY, Outcome.NOT) and not hinder:
                self.add_error(f"c_{one.id}_hinder", gettext("Välj vad som hindrade."))
            if not outcome and (hinder or told.get(f"c_{one.id}_why")):
                # What is told of no outcome has nowhere to be kept.
                self.add_error(f"c_{one.id}_outcome", gettext("Välj om det blev gjort."))
            if outcome == Outcome.DONE:
                told[f"c_{one.id}_hinder"] = ""
        if told.get("next_on") and told.get("no_next_by"):
            self.add_error("no_next_by", gettext("Antingen en dag, eller vem som bestämt att ingen behövs."))
        if told.get("next_on") and told["next_on"] <= today():
            self.add_error("next_on", gettext("Nästa uppföljning är en dag framåt."))
        return told

    def commitments(self) -> dict[UUID, actions.CommitmentFound]:
        """What was answered of the commitments; those without an answer are left as they were."""
        told, found = self.cleaned_data, {}
        for one in self.sheet.commitments:
            if outcome := told[f"c_{one.id}_outcome"]:
                hinder, why = told[f"c_{one.id}_hinder"], told[f"c_{one.id}_why"]
                found[one.id] = actions.CommitmentFound(outcome=outcome, hinder=hinder, why=why)
        return found

    def goals(self) -> dict[UUID, actions.GoalFound]:
        """What was answered of the goals, by anybody."""
        told, found = self.cleaned_data, {}
        for one in self.sheet.goals:
            person, staff = _mark(told[f"g_{one.id}_person"]), _mark(told[f"g_{one.id}_staff"])
            if person is not None or staff is not None or one.result is not None:
                found[one.id] = actions.GoalFound(by_person=person, by_staff=staff)
        return found

    def details(self) -> actions.FollowUpDetails:
        """The rest."""
        told = self.cleaned_data
        return actions.FollowUpDetails(
            held_on=told["held_on"],
            step_by_person=_mark(told["step_by_person"]),
            step_by_staff=_mark(told["step_by_staff"]),
            person_words=told["person_words"],
            next_on=told["next_on"],
            no_next_by=told["no_next_by"],
        )


@dataclass(frozen=True)
class FollowUpRow:
    """One follow-up in the list, compared with the one before it."""

    follow_up: FollowUp
    document: Document | None
    by_person: str
    by_staff: str
    is_replaced: bool
    is_open: bool


@case_page()
def follow_ups(request: DoorRequest, case: Case) -> HttpResponse:
    """The follow-ups of the case, newest first, and what has changed from one to the next."""
    only_where_held(request, case)
    every, document = follow_ups_in(case.pk), adopted(case)
    rows = [one for one in every if not one.is_removed]
    request.looked_in(case, Tag.FOLLOW_UP_READ, items=[("follow_up", one.pk, one.version) for one in every])
    replaced, frozen = replaced_in(rows), documents_of(case, DocumentKind.FOLLOW_UP)
    context = {
        "case": case,
        "rows": [_row(one, rows, frozen, is_replaced=one.pk in replaced) for one in rows],
        "removed": [one for one in every if one.is_removed],
        "document": document,
        "may_begin": rules.may_start_one(request.actor, case, document, rows),
    }
    return render(request, "followups/list.html", context)


@case_page(methods=("GET", "POST"))
def begin_follow_up(request: DoorRequest, case: Case) -> HttpResponse:
    """Begin to follow up the newest version, on the day of a meeting or any other."""
    only_where_held(request, case)
    meetings, document = meetings_to_follow_up_at(case), adopted(case)
    first = _meeting_asked_for(request, meetings)
    initial = {"held_on": day_of(first.starts_at) if first else today(), "meeting": first}
    form = BeginForm(request.POST or None, meetings=meetings, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            # Without a version the rule says so: there is nothing to follow up.
            made = actions.begin_follow_up(
                case, document=document or Document(case_id=case.pk), by=request.actor, **form.cleaned_data
            )
        except NotAllowed as refused:
            form.add_error("held_on", refused.reason)
        else:
            return redirect("follow_up", case_id=case.pk, follow_up_id=made.pk)
    request.looked_in(case, Tag.FOLLOW_UP_READ, items=[("case", case.pk, case.version)])
    may_begin = rules.may_start_one(request.actor, case, document, follow_ups_of(case))
    context = {"case": case, "form": form, "document": document, "may_begin": may_begin}
    return render(request, "followups/begin.html", context)


@case_page(methods=("GET", "POST"))
def follow_up(request: DoorRequest, case: Case, follow_up_id: UUID) -> HttpResponse:
    """The one page that asks everything; saved as often as one likes."""
    found = _follow_up_or_404(request, case, follow_up_id)
    if request.method == "POST":
        return _saved(request, case, found, finish=False)
    if found.state == FollowUpState.DONE:
        return _done(case, found)
    return _first_time(request, case, found)


@case_page(methods=("POST",))
def finish_follow_up(request: DoorRequest, case: Case, follow_up_id: UUID) -> HttpResponse:
    """Save what is on the page, and make it done if everything is answered."""
    return _saved(request, case, _follow_up_or_404(request, case, follow_up_id), finish=True)


@case_page(methods=("POST",))
def correct_follow_up(request: DoorRequest, case: Case, follow_up_id: UUID) -> HttpResponse:
    """A new one of the same day, with the same answers, to be put right."""
    made = actions.correct_follow_up(_follow_up_or_404(request, case, follow_up_id), by=request.actor)
    messages.success(request, gettext("Svaren är med. Ändra det som var fel, och gör klar uppföljningen."))
    return redirect("follow_up", case_id=case.pk, follow_up_id=made.pk)


@case_page(methods=("POST",))
def remove_follow_up(request: DoorRequest, case: Case, follow_up_id: UUID) -> HttpResponse:
    """Take away one that was begun by mistake, or take it back."""
    found = _follow_up_or_404(request, case, follow_up_id)
    if request.POST.get("ta_tillbaka"):
        actions.restore_follow_up(found, by=request.actor)
        messages.success(request, gettext("Uppföljningen är tillbaka, med allt som var besvarat."))
        return redirect("follow_up", case_id=case.pk, follow_up_id=found.pk)
    actions.remove_follow_up(found, by=request.actor)
    drop_draft(_draft(found))
    messages.success(request, gettext("Uppföljningen är borttagen. Du kan ta tillbaka den."))
    return redirect("follow_ups", case_id=case.pk)


def _saved(request: DoorRequest, case: Case, found: FollowUp, *, finish: bool) -> HttpResponse:
    form = FollowUpForm(request.POST, sheet=sheet_of(found))
    if not form.is_valid():
        return _page(request, case, found, form, version=sent_version(request))
    try:
        kept = actions.keep_follow_up(
            found,
            version=sent_version(request),
            commitments=form.commitments(),
            goals=form.goals(),
            by=request.actor,
            **form.details(),
        )
    except Stale:
        return _conflict(request, case, found, form)
    except NotAllowed as refused:
        form.add_error(None, refused.reason)
        return _page(request, case, found, form, version=sent_version(request))
    drop_draft(_draft(found))
    if not finish:
        messages.success(request, gettext("Uppföljningen är sparad."))
        return redirect("follow_up", case_id=case.pk, follow_up_id=found.pk)
    return _finished(request, case, kept)


def _finished(request: DoorRequest, case: Case, kept: FollowUp) -> HttpResponse:
    """What is answered is kept also when something is left: then the page comes back and says what."""
    if not rules.may_finish(request.actor, sheet_of(kept), on=today()):
        address = redirect("follow_up", case_id=case.pk, follow_up_id=kept.pk)
        address["Location"] += "?kvar=1"
        return address
    document = actions.finish_follow_up(kept, version=kept.version, by=request.actor)
    messages.success(request, gettext("Uppföljningen är klar. Lämna ut den till dem som ska ha den."))
    return redirect("case_document", case_id=case.pk, paper_id=document.pk)


def _first_time(request: DoorRequest, case: Case, found: FollowUp) -> HttpResponse:
    sheet = sheet_of(found)
    initial, drafted_at = prefilled(request, _draft(found), _answers(sheet, newest_progress(case.pk)))
    version = found.version
    if str(initial.get("made_for", "")).isdigit():
        version = int(initial["made_for"])
    form = FollowUpForm(initial=initial, sheet=sheet)
    return _page(request, case, found, form, version=version, drafted_at=drafted_at)


def _conflict(request: DoorRequest, case: Case, found: FollowUp, form: FollowUpForm) -> HttpResponse:
    """Both texts, and the form with mine in it, now made for the version that is there."""
    now = follow_up_in(case, found.pk)
    if now is None:
        raise Http404
    mine = {name: form[name].value() for name in form.fields}
    conflicts = differing(form.fields, mine, _answers(sheet_of(now), {}))
    return _page(request, case, now, form, version=now.version, conflicts=conflicts)


def _page(
    request: DoorRequest,
    case: Case,
    found: FollowUp,
    form: FollowUpForm,
    *,
    version: int,
    drafted_at: datetime | None = None,
    conflicts: Sequence[TwoTexts] = (),
) -> HttpResponse:
    person, rows = person_seen(case.person_id), follow_ups_of(case)
    if person is None:
        raise Http404
    request.looked_in(case, Tag.FOLLOW_UP_READ, items=[("follow_up", found.pk, found.version)])
    before = the_one_before(found, rows)
    context = {
        "case": case,
        "follow_up": found,
        "name": display_name(person),
        "number": shown_number(person),
        "form": form,
        "commitments": [
            _asked(form, one, ("outcome", "hinder", "why"), "c") for one in form.sheet.commitments
        ],
        "goals": [_asked(form, each, ("person", "staff"), "g") for each in form.sheet.goals],
        "before": before,
        "missing": rules.missing_in(form.sheet, on=today()) if "kvar" in request.GET else [],
        "version": version,
        "draft_url": draft_url(case, _draft(found)),
        "drafted_at": drafted_at,
        "conflicts": conflicts,
        "may_write": rules.may_write_in(request.actor, found),
        "may_remove": rules.may_remove(request.actor, found),
        "may_restore": rules.may_restore(request.actor, found, rows),
    }
    return render(request, "followups/follow_up.html", context)


def _asked(
    form: FollowUpForm, one: AskedCommitment | AskedGoal, names: Sequence[str], kind: str
) -> dict[str, Any]:
    fields = {name: form[f"{kind}_{one.id}_{name}"] for name in names}
    due = one.block.get("due_on") or ""
    return {"block": one.block, "due_on": date.fromisoformat(due) if due else None, **fields}


def _answers(sheet: Sheet, told: Mapping[UUID, Progress]) -> dict[str, Any]:
    """What is saved; where nothing is, what the party itself has said of its commitment is suggested."""
    one = sheet.follow_up
    answers: dict[str, Any] = {
        "held_on": one.held_on,
        "step_by_person": _word(one.step_by_person),
        "step_by_staff": _word(one.step_by_staff),
        "person_words": one.person_words,
        "next_on": one.next_on,
        "no_next_by": one.no_next_by,
    }
    for each in sheet.commitments:
        outcome, hinder, why = _found(each.result, told.get(each.id))
        answers |= {f"c_{each.id}_outcome": outcome, f"c_{each.id}_hinder": hinder, f"c_{each.id}_why": why}
    for goal in sheet.goals:
        result: GoalResult | None = goal.result
        answers[f"g_{goal.id}_person"] = _word(result.by_person if result else None)
        answers[f"g_{goal.id}_staff"] = _word(result.by_staff if result else None)
    return answers


def _found(result: CommitmentResult | None, told: Progress | None) -> tuple[str, str, str]:
    if result is not None:
        return result.outcome, result.hinder, result.why
    match told.status if told else None:
        case Status.DONE:
            return Outcome.DONE.value, "", told.note if told else ""
        case Status.UNDER_WAY:
            return Outcome.PARTLY.value, "", told.note if told else ""
        case Status.HINDERED:
            return Outcome.NOT.value, told.hinder if told else "", told.note if told else ""
    return "", "", ""


def _done(case: Case, found: FollowUp) -> HttpResponse:
    document = frozen_at_the_same_time(documents_of(case, DocumentKind.FOLLOW_UP), found)
    if document is None:
        raise Http404
    return redirect("case_document", case_id=case.pk, paper_id=document.pk)


def _row(
    one: FollowUp, rows: Sequence[FollowUp], frozen: Sequence[Document], *, is_replaced: bool
) -> FollowUpRow:
    before = the_one_before(one, rows)
    return FollowUpRow(
        follow_up=one,
        document=frozen_at_the_same_time(frozen, one),
        by_person=step(one.step_by_person, before.step_by_person if before else None),
        by_staff=step(one.step_by_staff, before.step_by_staff if before else None),
        is_replaced=is_replaced,
        is_open=one.state == FollowUpState.OPEN,
    )


def _follow_up_or_404(request: DoorRequest, case: Case, follow_up_id: UUID) -> FollowUp:
    only_where_held(request, case)
    found = follow_up_in(case, follow_up_id)
    if found is None:
        raise Http404
    return found


def _meeting_asked_for(request: DoorRequest, meetings: QuerySet[Meeting]) -> Meeting | None:
    asked = request.GET.get("mote", "")
    return next((one for one in meetings if str(one.pk) == asked), None)


def _draft(found: FollowUp) -> str:
    return f"follow_up:{found.pk}"


def _mark(written: str) -> int | None:
    return int(written) if written else None


def _word(mark: int | None) -> str:
    return "" if mark is None else str(mark)
