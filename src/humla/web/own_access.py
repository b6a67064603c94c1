"""The person's say about who comes near her: who asks to read, who has opened, and why somebody looked.

Here: her answer to somebody who asks, her question about a look, taking it back, and what of it is new on her
first page. Not here: the list of looks (`own`, `looks`), nor what staff do with it (`access`, `review`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from humla.access import actions
from humla.access.models import ArrivedRequest, LookQuestion, RequestAnswer
from humla.access.rules import may_speak_of, may_take_back
from humla.access.visibility import (
    Reviewed,
    is_protected_herself,
    openness_of,
    own_look,
    own_openings,
    own_question,
    own_questions,
    own_request,
    own_requests,
)
from humla.audit.tags import Tag
from humla.core.context import now, standing, today
from humla.core.dates import day_of
from humla.core.fields import ProseField
from humla.core.rulings import NotAllowed, Ruling
from humla.plans.own import own_persons
from humla.web.door import DoorRequest, person_page
from humla.web.looks import Entry, by_day
from humla.web.page import render_own


@dataclass(frozen=True)
class News:
    """What stands on her first page about who comes near her."""

    waiting: list[ArrivedRequest]
    openings: list[Reviewed]
    answers: list[LookQuestion]


@dataclass(frozen=True)
class Told:
    """One question of hers about a look, and where it stands."""

    question: LookQuestion
    is_late: bool
    may_take_back: Ruling


class AskForm(forms.Form):
    """What seems wrong, if she wants to say it."""

    words = ProseField(
        1000,
        rows=4,
        label=_("Vad är det som ser fel ut?"),
        help_text=_("Du behöver inte skriva något. Din fråga kommer fram ändå."),
        required=False,
    )


def what_is_new(visit: datetime | None) -> News:
    """Who waits for her answer, and what managers have opened or answered since she was here last."""
    return News(
        waiting=[one for one in own_requests() if one.answer == RequestAnswer.OPEN and not one.person_says],
        openings=[one for one in own_openings() if visit is None or one.subject.opened_at > visit],
        answers=[
            one
            for one in own_questions()
            if one.answered_at is not None and (visit is None or one.answered_at > visit)
        ],
    )


def told_of(questions: Sequence[LookQuestion]) -> list[Told]:
    """Her questions, each with whether its day has gone."""
    day, actor = today(), standing().actor
    return [
        Told(one, one.answered_at is None and one.answer_by < day, may_take_back(actor, one))
        for one in questions
    ]


@person_page(methods=("GET", "POST"))
def own_ask_look(request: DoorRequest, event_id: UUID) -> HttpResponse:
    """One look: everything that is known of it, and the question to the unit's manager."""
    look = own_look(event_id)
    if look is None:
        raise Http404
    asked = [one for one in own_questions() if one.event_id == look.pk]
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            question = actions.ask_about_look(look, words=form.cleaned_data["words"], by=request.actor)
            days = max(0, (question.answer_by - today()).days)
            words = ngettext(
                "Din fråga är skickad. Du får svar senast om %(days)s dag.",
                "Din fråga är skickad. Du får svar senast om %(days)s dagar.",
                days,
            )
            messages.success(request, words % {"days": days})
            return redirect(f"{reverse('own_looks')}#fragor")
        except NotAllowed as refused:
            form.add_error("words", refused.reason)
    (day,) = by_day([look], None, day_of(now()), questions=asked, hides_places=is_protected_herself())
    entry: Entry = day.entries[0]
    days = openness_of([look.authority_id])[look.authority_id].answer_days if look.authority_id else 0
    context = {"form": form, "entry": entry, "on": day.on, "told": told_of(asked), "days": days}
    return _render(request, "own/ask_look.html", context)


@person_page(methods=("POST",))
def own_take_back(request: DoorRequest, question_id: UUID) -> HttpResponse:
    """Her question is taken back before anybody has answered."""
    question = own_question(question_id)
    if question is None:
        raise Http404
    actions.take_back_question(question, by=request.actor)
    messages.success(request, gettext("Din fråga är tillbakatagen."))
    return redirect("own_looks")


@person_page(methods=("GET", "POST"))
def own_access_request(request: DoorRequest, arrived_id: UUID) -> HttpResponse:
    """Somebody asks to read about her: who, why, and her yes or no."""
    arrived = own_request(arrived_id)
    if arrived is None:
        raise Http404
    says = {"ja": RequestAnswer.YES, "nej": RequestAnswer.NO}.get(request.POST.get("svar", ""))
    if request.method == "POST" and says is not None:
        actions.person_says(arrived, says=says, by=request.actor)
        messages.success(request, _thanks(arrived, says))
        return redirect("own_page")
    context = {
        "arrived": arrived,
        "may_speak": may_speak_of(request.actor, arrived),
        "is_same_authority": arrived.asking_unit.authority_id == arrived.authority_id,
    }
    return _render(request, "own/access_request.html", context)


def _thanks(arrived: ArrivedRequest, says: RequestAnswer) -> str:
    if says is RequestAnswer.NO and arrived.answer == RequestAnswer.NO:
        return gettext("Du har sagt nej. De får inte läsa något.")
    if says is RequestAnswer.NO:
        return gettext("Vi har skrivit upp att du inte vill. Den som ansvarar för ditt ärende ser det.")
    return gettext("Vi har skrivit upp ditt ja. Inget öppnas förrän ni har talats vid om vad de får läsa.")


def _render(request: DoorRequest, template: str, context: dict[str, object]) -> HttpResponse:
    persons = own_persons()
    for person in persons:
        request.looked(Tag.OWN_PAGE_READ, person=person.pk)
    return render_own(request, template, persons, context)
