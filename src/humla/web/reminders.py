"""Reminders as those who asked see them: how far they have come, the next now, stopped, or on again.

Here: the one deed, for whatever a unit in a case has been asked (a summons, times, evidence), and the ladder
that its page draws (`meetings/reminders.html`). Not here: when the clock reminds (`notifications.ladder`).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from humla.agreements.visibility import agreement_in_force, rungs_of
from humla.cases.models import Case
from humla.core.context import today
from humla.meetings.models import Summons, SummonsState
from humla.meetings.visibility import summons_of
from humla.notifications import actions
from humla.notifications.ladder import Ladder, Unanswered, ladders, unanswered, was_asked
from humla.notifications.models import NoticeKind
from humla.organisation.models import Unit
from humla.organisation.visibility import units_named
from humla.web.door import DoorRequest, case_page, only_where_held
from humla.web.meetings.opening import back

NOW, STOP, ON = "nu", "stoppa", "fortsatt"


class ReminderForm(forms.Form):
    """What is to be done with the reminders."""

    do = forms.ChoiceField(choices=[(one, one) for one in (NOW, STOP, ON)])


@case_page(methods=("POST",))
def reminders(request: DoorRequest, case: Case, about_id: UUID) -> HttpResponse:
    """Remind now, stop, or let it go on; whoever has answered meanwhile is left in peace."""
    only_where_held(request, case)
    told = unanswered(case.pk, about_id)
    form = ReminderForm(request.POST)
    if not form.is_valid():
        raise Http404
    if told is None:
        if not was_asked(case.pk, about_id):
            raise Http404
        messages.info(request, _("De har svarat, eller så behövs inget svar längre. Ingen påminns."))
        return _where_it_was(case, about_id, None)
    unit = units_named([told.unit_id]).get(told.unit_id)
    if unit is None:
        raise Http404
    messages.success(request, _done(request, case, told, unit, form.cleaned_data["do"]))
    return _where_it_was(case, about_id, told)


def _done(request: DoorRequest, case: Case, told: Unanswered, unit: Unit, what: str) -> str:
    by, words = request.actor, {"unit": unit.name}
    if what == STOP:
        actions.stop_reminding(told, unit, case=case.pk, by=by)
        return _("Inga fler påminnelser går till %(unit)s om det här.") % words
    if what == ON:
        actions.go_on_reminding(told, case=case.pk, by=by)
        return _("Påminnelserna till %(unit)s fortsätter.") % words
    actions.remind_now(told, unit, case=case.pk, rungs=rungs_of(agreement_in_force(today())), by=by)
    return _("En påminnelse går till %(unit)s om en minut. Ångrar du dig: stoppa påminnelserna.") % words


def ladders_of(summonses: Iterable[Summons]) -> dict[UUID, Ladder]:
    """How far it has come with each that waits for an answer; no question when nobody does."""
    waiting = [one for one in summonses if one.unit_id and one.state is SummonsState.WAITING]
    return ladders_to({one.pk: one.leaves_at for one in waiting})


def ladders_to(asked: Mapping[UUID, datetime]) -> dict[UUID, Ladder]:
    """The same by what a unit has been asked, and when it left; no question when nobody waits."""
    return ladders(asked, rungs_of(agreement_in_force(today()))) if asked else {}


def _where_it_was(case: Case, about_id: UUID, told: Unanswered | None) -> HttpResponse:
    kind = told.reminds_of if told else None
    if kind in _PAGES:
        return redirect(_PAGES[kind], case_id=case.pk)
    found = summons_of(case, about_id)
    return back(case, found.meeting, "#kallade") if found else redirect("case", case_id=case.pk)


_PAGES = {NoticeKind.TIMES_OFFERED: "times", NoticeKind.EVIDENCE_ASKED: "evidence"}
"""Where the other things that a unit can be asked are followed."""
