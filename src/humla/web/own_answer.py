"""The person answers her own summons: she comes, cannot that time or does not come, and what she wants.

Here: her page and the form. Not here: what may be answered and by whom (`humla.meetings.own`), the card on
her first page (`own`), the same page of whoever may receive summonses for her (`representatives.summoned`),
nor the answers of units (`humla.web.meetings.answering`).
"""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from humla.agreements.models import LetterOccasion, LetterRole
from humla.agreements.words import letter_text, words_in_force
from humla.audit.tags import Tag
from humla.cases.visibility import case_seen
from humla.core.fields import ChoiceField, ProseField
from humla.core.post_paper import render_letters
from humla.core.rulings import NotAllowed
from humla.drafts.actions import drop_draft
from humla.letters.document import posted
from humla.letters.visibility import own_letter
from humla.meetings.models import Answer, AnsweredBy, MeetingKind
from humla.meetings.own import OwnSummons, answer_own, may_answer_own
from humla.meetings.own import own_summons as summons_to_her
from humla.meetings.visibility import parts_of_summons
from humla.plans.own import own_persons
from humla.web.door import DoorRequest, person_page
from humla.web.page import render_own
from humla.web.two_texts import draft_url, prefilled

LIMIT = 2000

CHOICES = [
    (Answer.COMES.value, gettext_lazy("Jag kommer")),
    (Answer.OTHER_TIME.value, gettext_lazy("Jag kan inte den tiden")),
    (Answer.DECLINED.value, gettext_lazy("Jag vill inte komma")),
]
FOR_HER = [
    (Answer.COMES.value, gettext_lazy("Kommer")),
    (Answer.OTHER_TIME.value, gettext_lazy("Kan inte den tiden")),
    (Answer.DECLINED.value, gettext_lazy("Kommer inte")),
]


class OwnAnswerForm(forms.Form):
    """One answer, and in her own words what should be otherwise. She need not say why."""

    answer = ChoiceField(
        label=gettext_lazy("Kommer du?"),
        choices=CHOICES,
        widget=forms.RadioSelect,
        missing=gettext_lazy("Välj ett svar."),
    )
    wish = ProseField(
        LIMIT,
        rows=4,
        label=gettext_lazy("Ska något vara annorlunda?"),
        help_text=gettext_lazy(
            "Till exempel en annan dag, en annan plats, tolk, video, en paus, eller vilka som är med."
        ),
        required=False,
    )

    def __init__(self, *args: Any, for_her: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if for_her:
            chosen: Any = self.fields["answer"]
            chosen.label, chosen.choices = gettext_lazy("Vad är svaret?"), FOR_HER


@person_page(methods=("GET", "POST"))
def own_summons(request: DoorRequest, called_id: UUID) -> HttpResponse:
    """Her own answer; it can be changed until the meeting begins."""
    found, persons = summons_or_404(called_id), own_persons()
    case = case_seen(found.case_id)
    if case is None:
        raise Http404
    stands = answered(found)
    draft = f"own_answer:{found.id}"
    if request.method == "POST":
        form = OwnAnswerForm(request.POST)
        if form.is_valid() and is_sent(request, found, form):
            drop_draft(draft)
            return redirect("own_page")
        drafted_at = None
    else:
        saved, drafted_at = prefilled(request, draft, stands)
        form = OwnAnswerForm(initial=saved)
    request.looked_in(case, Tag.OWN_PAGE_READ, items=[("summons", found.id, 0)])
    context = {
        **about(request, found, form),
        "draft_url": draft_url(case, draft),
        "drafted_at": drafted_at,
        "holder": case.unit.name,
        "back": "own_page",
        "back_to": {},
        "for_name": "",
        "letter": letter_text(
            LetterRole.PERSON,
            LetterOccasion.CALLED,
            language=get_language() or "sv",
            words=words_in_force(association=case.association_id),
        ),
    }
    return render_own(request, "own/summons.html", persons, context)


@person_page()
def own_summons_pdf(request: DoorRequest, called_id: UUID) -> HttpResponse:
    """The same letter as she would get by post, to save or to show; with the place to answer on."""
    found = summons_or_404(called_id)
    wanted = own_letter(found.id)
    if wanted is None:
        raise Http404
    request.looked_in(wanted.case, Tag.LETTERS_PRINTED, items=[("summons", found.id, 0)])
    words = words_in_force(association=wanted.case.association_id)
    made = posted(wanted, parts_of_summons(wanted.summons), words=words)
    return HttpResponse(
        render_letters([made], title=made.document.title),
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="mitt-mote.pdf"', "Cache-Control": "no-store"},
    )


def answered_in_words(found: OwnSummons | None) -> str:
    """What was answered last, and by whom, for the card on the first page; nothing before there is any."""
    if found is None or not found.is_answered:
        return ""
    herself = {
        Answer.COMES: _("Du har svarat att du kommer."),
        Answer.OTHER_TIME: _("Du har svarat att du inte kan den tiden."),
        Answer.DECLINED: _("Du har svarat att du inte kommer."),
    }
    told = {
        Answer.COMES: _("Det är antecknat att du kommer."),
        Answer.OTHER_TIME: _("Det är antecknat att du inte kan den tiden."),
        Answer.DECLINED: _("Det är antecknat att du inte kommer."),
    }
    sentences = herself if found.answered_by == AnsweredBy.PERSON else told
    said = sentences.get(Answer(found.answer), _("Det är antecknat att du inte kommer."))
    if found.answered_by != AnsweredBy.MANDATE:
        return said
    return " ".join([said, _("Den som företräder dig har svarat.")])


def is_sent(request: DoorRequest, found: OwnSummons, form: OwnAnswerForm) -> bool:
    """Sends it; what it was refused for stands on the form."""
    try:
        answer_own(found, **form.cleaned_data, by=request.actor)
    except NotAllowed as refused:
        form.add_error(None, refused.reason)
        return False
    messages.success(request, _("Tack. Den som kallade ser svaret. Det går att ändra fram till mötet."))
    return True


def answered(found: OwnSummons) -> dict[str, Any]:
    """What the form begins with: what was answered last."""
    return {"answer": found.answer, "wish": found.wish}


def about(request: DoorRequest, found: OwnSummons, form: OwnAnswerForm) -> dict[str, Any]:
    """What both pages of the answer show."""
    return {
        "summons": found,
        "kind": str(MeetingKind(found.kind).label),
        "form": form,
        "may": may_answer_own(request.actor, found),
    }


def summons_or_404(summons_id: UUID) -> OwnSummons:
    """A summons to her that can be answered now."""
    found = summons_to_her(summons_id)
    if found is None:
        raise Http404
    return found
