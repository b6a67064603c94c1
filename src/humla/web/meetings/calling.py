"""Summoning: who can be, what each will read and not read, one summons, undone or taken back.

Not here: what a summons says (`humla.meetings.document`) and how it is read (`reading`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.agreements.visibility import agreement_in_force
from humla.audit.record import Item
from humla.audit.tags import Tag
from humla.cases.models import Case, Category
from humla.cases.naming import holder
from humla.consents.kept_away import kept_away_from, may_come
from humla.consents.models import Consent, KeptAway
from humla.consents.wording import names_of
from humla.core.context import today
from humla.core.dates import day_of, written_date
from humla.core.fields import ChoiceField, LineField, MultipleChoiceField, ProseField, offer
from humla.core.rulings import YES, Ruling
from humla.meetings import actions, rules
from humla.meetings.document import OwnWords, parts_of
from humla.meetings.document import title as summons_title
from humla.meetings.models import Called, Meeting, MeetingForm, Summons
from humla.meetings.rules import Call
from humla.meetings.visibility import (
    answers_to,
    consents_by_unit,
    open_summonses,
    parts_of_summons,
    summonses_of,
)
from humla.organisation.models import Unit
from humla.organisation.visibility import professionals_by_id, units_to_choose
from humla.plans.document import ShownPart, blocks_of
from humla.plans.visibility import the_plan
from humla.web.door import DoorRequest, case_page
from humla.web.meetings.opening import back, head, looked, meeting_or_404, receiver_name, summons_or_404
from humla.web.meetings.reading import on_paper, only, summons_parts, when
from humla.web.meetings.screen import summons_row
from humla.web.page import pdf, render

_BRING = 1000
_OTHERS = (Called.RELATIVE, Called.EMPLOYER, Called.OTHER)


@dataclass(frozen=True)
class Candidate:
    """Somebody that can be summoned: what of the summons goes there, and what does not and why."""

    key: str
    call: Call
    name: str
    authority: str
    party_kind: str
    consent: Consent | None
    gets: list[str]
    withheld: list[str]
    may: Ruling

    @property
    def labels(self) -> list[str]:
        """The kinds of information that go there, in words."""
        return names_of(self.gets)

    @property
    def withheld_labels(self) -> list[str]:
        """Those in the summons that do not."""
        return names_of(self.withheld)


@dataclass(frozen=True)
class Preview:
    """Exactly what one receiver will read."""

    candidate: Candidate
    parts: list[ShownPart]


class SummonForm(forms.Form):
    """Whom to summon, and what each should bring; somebody without a unit by name."""

    who = MultipleChoiceField(label=_("Vilka kallar du?"), required=False)
    own_unit = ChoiceField(label=_("En enhet hos er"), required=False)
    own_bring = ProseField(_BRING, rows=2, label=_("Det här behöver enheten ha med sig"), required=False)
    other = ChoiceField(
        label=_("Någon annan"),
        choices=[("", _("Ingen")), *((one.value, one.label) for one in _OTHERS)],
        required=False,
    )
    other_name = LineField(120, label=_("Namn"), required=False)
    other_bring = ProseField(_BRING, rows=2, label=_("Det här behöver den ha med sig"), required=False)

    def __init__(
        self,
        *args: Any,
        candidates: Sequence[Candidate],
        own: Sequence[Unit],
        kept: Sequence[KeptAway] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.kept = kept
        self.candidates = {one.key: one for one in candidates if one.may}
        self.own = {str(unit.pk): unit for unit in own}
        offer(self, "who", [(one.key, one.name) for one in self.candidates.values()])
        units = [(key, unit.name) for key, unit in self.own.items()]
        offer(self, "own_unit", [("", gettext("Ingen")), *units])
        same = [("", gettext("Som mötet"))]
        for key in self.candidates:
            self.fields[f"bring_{key}"] = ProseField(
                _BRING, rows=2, label=_("Det här behöver mottagaren ha med sig"), required=False
            )
            self.fields[f"form_{key}"] = ChoiceField(
                label=_("Deltar"), choices=[*same, *MeetingForm.choices], required=False
            )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("other") and not told.get("other_name"):
            self.add_error("other_name", gettext("Skriv namnet."))
        elif not (ruling := may_come(self.kept, name=told.get("other_name") or "")):
            self.add_error("other_name", ruling.reason)
        if not self.errors and not (told.get("who") or told.get("own_unit") or told.get("other")):
            self.add_error("who", gettext("Välj minst en som ska kallas."))
        return told

    def calls(self) -> list[Call]:
        """Those who were chosen, with what each should bring."""
        told = self.cleaned_data
        made = [
            Call(one.call.called, one.call.unit, "", told[f"bring_{key}"], told[f"form_{key}"])
            for key, one in self.candidates.items()
            if key in told["who"]
        ]
        if told["own_unit"]:
            made.append(Call(Called.UNIT, self.own[told["own_unit"]], "", told["own_bring"]))
        if told["other"]:
            made.append(Call(told["other"], None, told["other_name"], told["other_bring"]))
        return made

    def rows(self) -> list[tuple[Candidate, Any, Any, bool]]:
        """Each that can be chosen, with its own two fields and whether it is ticked."""
        ticked = set(self["who"].value() or ())
        return [
            (one, self[f"bring_{key}"], self[f"form_{key}"], key in ticked)
            for key, one in self.candidates.items()
        ]


@case_page(methods=("GET", "POST"))
def summon(request: DoorRequest, case: Case, meeting_id: UUID) -> HttpResponse:
    """Choose whom to summon and what each should bring; "Granska" shows what each will read first."""
    meeting = meeting_or_404(request, case, meeting_id)
    words = own_words_of(case)
    kept = kept_away_from(case)
    candidates, without = _candidates(request, meeting, words, kept)
    own = [unit for unit in _own_units(case, meeting) if may_come(kept, unit_id=unit.pk)]
    form = SummonForm(
        request.POST or None,
        candidates=candidates,
        own=own,
        kept=kept,
        initial={"who": [one.key for one in candidates if one.call.called == Called.PERSON]},
    )
    previews: list[Preview] = []
    if request.method == "POST" and form.is_valid():
        if "granska" not in request.POST:
            made = actions.summon_all(meeting, calls=form.calls(), own_words=words, by=request.actor)
            messages.success(request, _sent_note(len(made)))
            return back(case, meeting, "#kallade")
        previews = _previews(request, meeting, form.calls(), candidates, words)
    looked(request, case, meeting)
    context = head(
        case,
        meeting=meeting,
        form=form,
        rows=form.rows(),
        refused=[one for one in candidates if not one.may],
        without=without,
        previews=previews,
        kept=kept,
        may=rules.may_summon_to(request.actor, meeting),
    )
    return render(request, "meetings/summon.html", context)


@case_page()
def summons(request: DoorRequest, case: Case, summons_id: UUID) -> HttpResponse:
    """One summons as its receiver reads it, the answers to it, and what can be done."""
    found = summons_or_404(request, case, summons_id)
    blocks = _as_received(found)
    _looked(request, case, found, Tag.SUMMONS_READ)
    history = answers_to(found)
    context = head(
        case,
        meeting=found.meeting,
        row=summons_row(request, found),
        parts=summons_parts(blocks),
        when=when(blocks),
        answers=history,
        withheld=names_of(_withheld(found)),
        sent_by=found.sent_by.name,
        answered_by=professionals_by_id({one.answered_by_id for one in history}),
    )
    return render(request, "meetings/summons.html", context)


@case_page()
def summons_pdf(request: DoorRequest, case: Case, summons_id: UUID) -> HttpResponse:
    """The same on paper: to give to whoever has no mailbox with us."""
    found = summons_or_404(request, case, summons_id)
    _looked(request, case, found, Tag.SUMMONS_READ)
    sent_on = written_date(day_of(found.sent_at))
    words = {"who": receiver_name(found), "name": found.sent_by.name, "unit": holder(case), "day": sent_on}
    document = on_paper(
        _as_received(found),
        title=summons_title(),
        reference=case.reference,
        dated=day_of(found.sent_at),
        issuer=holder(case),
        footer=(gettext("Till %(who)s. Kallad av %(name)s, %(unit)s, den %(day)s.") % words,),
    )
    return pdf(document, name=f"kallelse-{case.reference}")


@case_page(methods=("POST",))
def undo_summons(request: DoorRequest, case: Case, summons_id: UUID) -> HttpResponse:
    """Before it has left: as if it had never been."""
    found = summons_or_404(request, case, summons_id)
    actions.undo_summons(found, by=request.actor)
    messages.success(request, gettext("Kallelsen är ångrad och har inte lämnat er."))
    return back(case, found.meeting, "#kallade")


@case_page(methods=("POST",))
def cancel_summons(request: DoorRequest, case: Case, summons_id: UUID) -> HttpResponse:
    """After it has left: the unit is told that it no longer holds."""
    found = summons_or_404(request, case, summons_id)
    actions.cancel_summons(found, by=request.actor)
    messages.success(
        request, gettext("Kallelsen är återtagen. Mottagaren får besked utan att det står om vem.")
    )
    return back(case, found.meeting, "#kallade")


# --- below the views ----------------------------------------------------------------------------------------


def own_words_of(case: Case) -> OwnWords | None:
    """The person's long-term goal as the plan has it now: what everybody comes for."""
    plan = the_plan.first(case.pk)
    if plan is None or not plan.own_goal:
        return None
    return OwnWords(plan.own_goal, plan.own_goal_said_on, plan.own_goal_told_to, plan.own_goal_category)


def _candidates(
    request: DoorRequest, meeting: Meeting, words: OwnWords | None, kept: Sequence[KeptAway]
) -> tuple[list[Candidate], list[Unit]]:
    """The person and every unit with a yes in force; and the units that have none."""
    case, summoned = meeting.case, summonses_of(meeting)
    consents = consents_by_unit(case)
    others = list(units_to_choose().exclude(authority_id=case.authority_id))
    calls = [Call(Called.PERSON), *(Call(Called.UNIT, unit) for unit in others if unit.pk in consents)]
    has = _has(request, meeting, words)
    made = []
    for call in calls:
        consent = consents.get(call.unit.pk) if call.unit else None
        may = rules.may_summon(request.actor, meeting, call, consent=consent, summoned=summoned, kept=kept)
        gets = [one for one in has if consent is None or one in consent.categories]
        made.append(
            Candidate(
                key=str(call.unit.pk) if call.unit else Called.PERSON.value,
                call=call,
                name=call.unit.name if call.unit else gettext("Personen själv"),
                authority=call.unit.authority.name if call.unit else "",
                party_kind=call.unit.authority.party.kind if call.unit else "person",
                consent=consent,
                gets=gets,
                withheld=[one for one in has if one not in gets],
                may=may,
            )
        )
    return made, [unit for unit in others if unit.pk not in consents]


def _has(request: DoorRequest, meeting: Meeting, words: OwnWords | None) -> list[str]:
    """The kinds of information that a summons to this meeting holds, however it is cut."""
    caller = professionals_by_id({request.actor.id})[request.actor.id]
    person = Call(Called.PERSON)
    parts = parts_of(
        meeting, person, duty=rules.duty_in(person, None), caller=caller, others=(), own_words=words
    )
    return [one.value for one in parts]


def _previews(
    request: DoorRequest,
    meeting: Meeting,
    calls: Sequence[Call],
    candidates: Sequence[Candidate],
    words: OwnWords | None,
) -> list[Preview]:
    """What each of the chosen will read, as it would be sent now; as many questions for three as for one."""
    caller, agreement = professionals_by_id({request.actor.id})[request.actor.id], agreement_in_force(today())
    by_key = {one.key: one for one in candidates}
    there = [Call(one.called, one.unit, one.name) for one in open_summonses(meeting)]
    made = []
    for call in calls:
        blocks = parts_of(
            meeting,
            call,
            duty=rules.duty_in(call, agreement),
            caller=caller,
            others=[*there, *(one for one in calls if one != call)],
            own_words=words,
        )
        known = by_key.get(str(call.unit.pk) if call.unit else call.called)
        consent = known.consent if known else None
        gets = [one.value for one in blocks if consent is None or one in consent.categories]
        candidate = Candidate(
            key="",
            call=call,
            name=call.unit.name if call.unit else call.name or gettext("Personen själv"),
            authority="",
            party_kind="",
            consent=consent,
            gets=gets,
            withheld=[one.value for one in blocks if one not in gets],
            may=YES,
        )
        made.append(Preview(candidate, summons_parts(only(blocks, gets))))
    return made


def _own_units(case: Case, meeting: Meeting) -> list[Unit]:
    """The other units of the case's own authority: no yes is needed there."""
    there = {one.unit_id for one in open_summonses(meeting)}
    found = units_to_choose().filter(authority_id=case.authority_id)
    return [unit for unit in found if unit.pk not in there]


def _as_received(found: Summons) -> dict[str, Any]:
    """The frozen parts that went to this receiver: those of its consent, or all that were written for it."""
    blocks = blocks_of(parts_of_summons(found))
    return dict(only(blocks, found.disclosure.categories)) if found.disclosure else dict(blocks)


def _withheld(found: Summons) -> list[str]:
    if found.disclosure is None:
        return []
    has = {part.category for part in parts_of_summons(found)}
    return [one.value for one in Category if one in has and one not in found.disclosure.categories]


def _looked(request: DoorRequest, case: Case, found: Summons, tag: Tag) -> None:
    items: list[Item] = [("summons", found.pk, 0), ("meeting", found.meeting_id, found.meeting.version)]
    request.looked_in(case, tag, items=items)


def _sent_note(count: int) -> str:
    if count == 1:
        return gettext("Kallelsen går om en minut. Till dess kan du ångra den.")
    return gettext("%(count)s kallelser går om en minut. Till dess kan du ångra dem.") % {"count": count}
