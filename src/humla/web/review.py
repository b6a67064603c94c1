"""Who has looked, gone through by the authority itself: openings, a sample of looks, the persons' questions.

Here: the log reviewer's pages, the answer to a person's question, and what each authority has decided. Not
here: the person's own pages (`own`, `own_access`).

A reviewer sees who did what when, by the case's reference. Nothing of what a case holds.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.access import actions
from humla.access.models import LogReview, LookQuestion, OpennessPolicy, ReviewResult
from humla.access.rules import (
    may_answer_look,
    may_read_log,
    may_read_questions,
    may_review,
)
from humla.access.visibility import (
    MOST,
    QuestionedLook,
    Reviewed,
    Week,
    authorities_with_openness,
    look_to_review,
    opening_to_review,
    openings_to_review,
    openness_here,
    question_here,
    questioned_looks,
    questions_here,
    references_of,
    reviews_of,
    sample,
    week_of,
)
from humla.audit.tags import Tag
from humla.core.context import today
from humla.core.fields import ChoiceField, ProseField
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.organisation.models import Role
from humla.organisation.visibility import names_of_professionals, units_named
from humla.web.door import DoorRequest, administrator_page, staff_page
from humla.web.page import render
from humla.web.two_texts import differing, sent_version

WORDS: dict[Tag, str | Promise] = {
    Tag.CASE_READ: _("öppnade ärendet"),
    Tag.NUMBER_READ: _("visade hela personnumret"),
    Tag.PLAN_READ: _("läste planen som skrivs"),
    Tag.DOCUMENT_READ: _("läste en handling"),
    Tag.DOCUMENT_PRINTED: _("tog en kopia av en handling"),
    Tag.CONSENT_PREVIEWED: _("förhandsgranskade vad en mottagare får se"),
    Tag.MEETING_READ: _("läste om ett möte"),
    Tag.SUMMONS_READ: _("läste en kallelse"),
    Tag.LETTERS_LISTED: _("såg listan över brev"),
    Tag.LETTERS_PRINTED: _("skrev ut ett brev"),
    Tag.TIMES_READ: _("läste föreslagna mötestider"),
    Tag.EVIDENCE_READ: _("läste vilket underlag som är på väg"),
    Tag.PREPARATION_READ: _("läste det personen ville säga inför mötet"),
    Tag.FOLLOW_UP_READ: _("läste en uppföljning"),
    Tag.CLOSING_READ: _("läste hur ärendet avslutades"),
    Tag.MANDATES_READ: _("läste vem som företräder personen"),
    Tag.FORM_PRINTED: _("skrev ut en blankett om personen"),
    Tag.NOTES_READ: _("läste enhetens egna anteckningar"),
    Tag.TODAY_READ: _("såg ärendet bland det som ska göras"),
    Tag.ACCESS_REQUESTS_READ: _("läste vilka som har frågat om att få läsa"),
    Tag.PAPER_READ: _("öppnade ett inskannat papper"),
    Tag.PROTECTED_CONTACT_READ: _("läste skyddade kontaktuppgifter"),
    Tag.PROTECTION_READ: _("läste om skyddet för personens uppgifter"),
    Tag.REPRESENTED_PAGE_READ: _("öppnade sidan som personens ombud"),
    Tag.REPRESENTED_PLAN_READ: _("läste planen som personens ombud"),
}
"""What a look is called where it is reviewed; the trail's own sentences are said to the person."""

_TONES = {ReviewResult.IN_ORDER: "done", ReviewResult.NOT_IN_ORDER: "stop", ReviewResult.ASKED: "warning"}


@dataclass(frozen=True)
class Line:
    """One look or opening, as the reviewer's list shows it."""

    id: UUID
    at: datetime
    who: str
    unit: str
    role: str
    what: str
    right: str
    reference: str
    review: LogReview | None
    tone: str
    is_open: bool
    is_mine: bool


@dataclass(frozen=True)
class Asked:
    """One question of a person about a look."""

    question: LookQuestion
    look: QuestionedLook | None
    who: str
    what: str
    right: str
    reference: str
    is_late: bool


class ReviewForm(forms.Form):
    """What the reviewer found."""

    result = ChoiceField(
        label=_("Vad kom du fram till?"),
        choices=[
            (ReviewResult.IN_ORDER, _("Det var i sin ordning")),
            (ReviewResult.NOT_IN_ORDER, _("Det var inte i sin ordning")),
            (ReviewResult.ASKED, _("Jag har frågat enheten och väntar på svar")),
        ],
        widget=forms.RadioSelect,
        missing=_("Välj vad du kom fram till."),
    )
    why = ProseField(
        1000,
        rows=4,
        label=_("Varför?"),
        help_text=_("Vad du gick på. Skriv inget om personen. Måste skrivas om det inte var i sin ordning."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("result") not in (None, ReviewResult.IN_ORDER) and not told.get("why"):
            self.add_error("why", gettext("Skriv vad som inte var i sin ordning, eller vem du har frågat."))
        return told


class AnswerForm(forms.Form):
    """The answer to a person."""

    answer = ProseField(
        2000,
        rows=6,
        label=_("Ditt svar till personen"),
        help_text=_("Skriv till personen, med du. Säg vem som läste, i vilken uppgift, och om det var rätt."),
        missing=_("Skriv ett svar."),
    )


class OpennessForm(forms.Form):
    """What an authority has decided."""

    names_staff = forms.BooleanField(
        label=_("Personen ser namnet på den som har läst"),
        help_text=_("Annars ser personen enhet, roll och tid. Bestäms av myndigheten."),
        required=False,
    )
    answer_days = forms.IntegerField(label=_("Arbetsdagar att svara en person"), min_value=1, max_value=60)
    weekly_sample = forms.IntegerField(label=_("Visningar att granska per vecka"), min_value=1, max_value=200)


@staff_page()
def review(request: DoorRequest) -> HttpResponse:
    """What managers have opened: every one is reviewed."""
    _only_reviewer(request)
    found = openings_to_review()
    references = references_of(one.subject.case_id for one in found)
    request.looked(Tag.LOG_READ, items=[("manager_opening", one.subject.pk, 0) for one in found])
    context = {
        "lines": [_opening_line(request, one, references) for one in found],
        "waiting": sum(one.is_open for one in found),
        "most": MOST if len(found) == MOST else 0,
    }
    return render(request, "review/openings.html", context)


@staff_page()
def review_looks(request: DoorRequest) -> HttpResponse:
    """A week's sample of looks. Whoever draws it again gets the same."""
    _only_reviewer(request)
    week, size = _week(request), openness_here().weekly_sample
    found = sample(week, size=size)
    lines = _look_lines(request, found)
    request.looked(Tag.LOG_READ, items=[("event", one.subject.pk, 0) for one in found])
    after = week.moved(1)
    context = {
        "lines": lines,
        "waiting": sum(one.is_open for one in lines),
        "week": week,
        "size": size,
        "before": _address(week.moved(-1)),
        "after": _address(after) if after.starts_on <= today() else "",
        "is_going_on": week == week_of(today()),
    }
    return render(request, "review/looks.html", context)


@staff_page(methods=("GET", "POST"))
def review_opening(request: DoorRequest, opening_id: UUID) -> HttpResponse:
    """One opening: why, what has been said of it, and what the reviewer says."""
    _only_reviewer(request)
    opening = opening_to_review(opening_id)
    if opening is None:
        raise Http404
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.review_opening(opening, **form.cleaned_data, by=request.actor)
            messages.success(request, gettext("Granskningen är sparad."))
            return redirect("review")
        except NotAllowed as refused:
            form.add_error("result", refused.reason)
    earlier = reviews_of(opening=opening.pk)
    request.looked(Tag.LOG_READ, items=[("manager_opening", opening.pk, 0)])
    one = Reviewed(opening, earlier[0] if earlier else None)
    context = {
        "line": _opening_line(request, one, references_of([opening.case_id])),
        "opening": opening,
        "earlier": earlier,
        "form": form,
        "here": reverse("review_opening", kwargs={"opening_id": opening.pk}),
        "back": reverse("review"),
        "may_review": may_review(request.actor, opening.professional_id, opening.authority_id),
    }
    return render(request, "review/one.html", context)


@staff_page(methods=("GET", "POST"))
def review_look(request: DoorRequest, event_id: UUID) -> HttpResponse:
    """One look out of the sample, and what the reviewer says of it."""
    _only_reviewer(request)
    look = look_to_review(event_id)
    if look is None:
        raise Http404
    back = _address(week_of(look.at.date()))
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.review_look(look, **form.cleaned_data, by=request.actor)
            messages.success(request, gettext("Granskningen är sparad."))
            return redirect(back)
        except NotAllowed as refused:
            form.add_error("result", refused.reason)
    earlier = reviews_of(event=look.pk)
    (line,) = _look_lines(request, [Reviewed(look, earlier[0] if earlier else None)])
    request.looked(Tag.LOG_READ, items=[("event", look.pk, 0)])
    context = {
        "line": line,
        "opening": None,
        "earlier": earlier,
        "form": form,
        "here": reverse("review_look", kwargs={"event_id": look.pk}),
        "back": back,
        "may_review": may_review(request.actor, look.actor_id, look.authority_id),
    }
    return render(request, "review/one.html", context)


@staff_page()
def look_questions(request: DoorRequest) -> HttpResponse:
    """What persons ask about looks, those without an answer first, the latest day first among them."""
    if not may_read_questions(request.actor):
        raise Http404
    found = questions_here()
    asked = _asked(found)
    request.looked(Tag.LOOK_QUESTIONS_READ, items=[("look_question", one.pk, 0) for one in found])
    context = {
        "asked": asked,
        "is_reviewer": request.actor.role == Role.LOG_REVIEWER,
        "most": MOST if len(found) == MOST else 0,
    }
    return render(request, "review/questions.html", context)


@staff_page(methods=("GET", "POST"))
def answer_question(request: DoorRequest, question_id: UUID) -> HttpResponse:
    """One question, the look it is about, and the answer in words."""
    question = question_here(question_id) if may_read_questions(request.actor) else None
    if question is None:
        raise Http404
    form = AnswerForm(request.POST or None, initial={"answer": question.answer})
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_look(question, answer=form.cleaned_data["answer"], by=request.actor)
            messages.success(request, gettext("Svaret är skickat. Personen läser det på sin egen sida."))
            return redirect("look_questions")
        except NotAllowed as refused:
            form.add_error("answer", refused.reason)
    (one,) = _asked([question])
    request.looked(
        Tag.LOOK_QUESTIONS_READ, person=question.person_id, items=[("look_question", question.pk, 0)]
    )
    context = {
        "one": one,
        "form": form,
        "may_answer": may_answer_look(request.actor, question),
    }
    return render(request, "review/answer.html", context)


@administrator_page()
def openness(request: DoorRequest) -> HttpResponse:
    """What each authority has decided about being looked into."""
    return render(request, "review/openness.html", {"rows": authorities_with_openness()})


@administrator_page(methods=("GET", "POST"))
def set_openness(request: DoorRequest, authority_id: UUID) -> HttpResponse:
    """One authority's decisions, written down."""
    found = next((row for row in authorities_with_openness() if row[0].pk == authority_id), None)
    if found is None:
        raise Http404
    authority, policy = found
    names = ("names_staff", "answer_days", "weekly_sample")
    form = OpennessForm(request.POST or None, initial={name: getattr(policy, name) for name in names})
    conflicts: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            version = sent_version(request)
            actions.set_openness(policy, **form.cleaned_data, version=version, by=request.actor)
            messages.success(request, gettext("Sparat."))
            return redirect("openness")
        except Stale as stale:
            theirs = {name: getattr(stale.theirs, name) for name in names}
            conflicts = differing(form.fields, form.cleaned_data, theirs)
            policy = _as_policy(stale.theirs)
        except ValidationError as wrong:
            form.add_error(None, wrong)
    context = {"authority": authority, "policy": policy, "form": form, "conflicts": conflicts}
    return render(request, "review/set_openness.html", context)


def right_said(allowed_by: Sequence[Sequence[object]]) -> str:
    """What gave the right, as the reviewer reads it; nothing when the line names nothing."""
    words = {
        "assignment": gettext("arbetade i ärendet"),
        "consent": gettext("hade personens samtycke"),
        "disclosure": gettext("hade fått handlingen utlämnad"),
        "mandate": gettext("företräder personen"),
    }
    kinds = dict.fromkeys(str(kind) for kind, _one in allowed_by)
    return gettext(", ").join(words[one] for one in kinds if one in words)


def _opening_line(request: DoorRequest, one: Reviewed, references: dict[UUID, str]) -> Line:
    it = one.subject
    return Line(
        id=it.pk,
        at=it.opened_at,
        who=it.professional.name,
        unit=it.unit.name,
        role=str(Role.MANAGER.label),
        what=gettext("öppnade ärendet som chef"),
        right="",
        reference=references.get(it.case_id, ""),
        is_mine=it.professional_id == request.actor.id,
        **_stands(one),
    )


def _look_lines(request: DoorRequest, found: Sequence[Reviewed]) -> list[Line]:
    looks = [one.subject for one in found]
    references = references_of(one.case_id for one in looks)
    names = names_of_professionals({one.actor_id for one in looks})
    units = units_named({one.unit_id for one in looks})
    return [
        Line(
            id=it.pk,
            at=it.at,
            who=names.get(it.actor_id, ""),
            unit=units[it.unit_id].name if it.unit_id in units else "",
            role=_role(it.role),
            what=_what(it.tag),
            right=right_said(it.allowed_by),
            reference=references.get(it.case_id, ""),
            is_mine=it.actor_id == request.actor.id,
            **_stands(one),
        )
        for one, it in zip(found, looks, strict=True)
    ]


def _stands(one: Reviewed) -> dict[str, Any]:
    tone = _TONES[ReviewResult(one.review.result)] if one.review else "info"
    return {"review": one.review, "tone": tone, "is_open": one.is_open}


def _asked(found: Sequence[LookQuestion]) -> list[Asked]:
    looks = questioned_looks() if found else {}
    names = names_of_professionals({one.about_id for one in found})
    references = references_of(one.case_id for one in found)
    day = today()
    return [
        Asked(
            question=one,
            look=(look := looks.get(one.pk)),
            who=names.get(one.about_id, ""),
            what=_what(look.tag) if look else "",
            right=right_said(look.allowed_by) if look else "",
            reference=references.get(one.case_id, "") if one.case_id else "",
            is_late=one.answered_at is None and one.answer_by < day,
        )
        for one in found
    ]


def _what(tag: str) -> str:
    return str(WORDS.get(Tag(tag)) or gettext("gjorde något annat i ärendet"))


def _role(role: str) -> str:
    return str(Role(role).label) if role in Role.values else ""


def _week(request: DoorRequest) -> Week:
    """The week that the address asks for; else the last whole one, since this one is not over."""
    found = re.fullmatch(r"(\d{4})-(\d{2})", request.GET.get("vecka", ""))
    if found is None:
        return week_of(today()).moved(-1)
    try:
        week = Week(int(found[1]), int(found[2]))
        started = week.starts_on <= today()
    except ValueError:
        raise Http404 from None
    if not started:
        raise Http404
    return week


def _address(week: Week) -> str:
    return f"{reverse('review_looks')}?vecka={week.code}"


def _only_reviewer(request: DoorRequest) -> None:
    if not may_read_log(request.actor):
        raise Http404


def _as_policy(found: Any) -> OpennessPolicy:
    policy: OpennessPolicy = found
    return policy
