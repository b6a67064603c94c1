"""The person prepares a meeting: what she wants to say, hers alone until she hands it in.

Here: her two pages (writing, and reading through before handing in) and the form, which the staff page asks
with too. Not here: what may be done and who reads it afterwards (`humla.meetings.preparation`), the staff
page (`preparation`), nor the paper to write on (`forms`).

The tab says "Min sida", as on all her pages: somebody may stand behind her.
"""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.visibility import case_seen
from humla.core.fields import ProseField
from humla.core.versions import Stale
from humla.drafts.actions import drop_draft
from humla.meetings.models import Preparation
from humla.meetings.preparation import (
    FIELDS,
    hand_in,
    keep_preparation,
    may_hand_in,
    may_prepare,
    open_of,
    preparations_of,
    question,
    said_in,
    who_will_read,
    words_of,
)
from humla.meetings.visibility import next_meeting
from humla.plans.own import own_persons
from humla.web.door import DoorRequest, person_page
from humla.web.page import render_own
from humla.web.two_texts import TwoTexts, differing, draft_url, prefilled, sent_version

LIMIT = 10_000

_HINTS = {
    "important": gettext_lazy("Vad vill du att det ska handla om? Vad ska bli annorlunda?"),
    "strengths": gettext_lazy("Det kan vara stort eller smått, och sådant som andra säger om dig."),
    "questions": gettext_lazy("Vad vill du ha svar på?"),
    "should_come": gettext_lazy("Det kan också vara en vän eller en släkting."),
    "should_not_come": gettext_lazy("Du behöver inte säga varför."),
    "worries": gettext_lazy("Om det är något du inte vill prata om på mötet kan du skriva det här."),
    "practical": gettext_lazy("Till exempel tolk, paus, resa, barnvakt, en lugn lokal eller video."),
}


class WordsForm(forms.Form):
    """The questions before a meeting, with room for as much as one wants to say. None must be answered."""

    important = ProseField(LIMIT, rows=4, required=False)
    strengths = ProseField(LIMIT, rows=4, required=False)
    questions = ProseField(LIMIT, rows=4, required=False)
    should_come = ProseField(LIMIT, rows=3, required=False)
    should_not_come = ProseField(LIMIT, rows=3, required=False)
    worries = ProseField(LIMIT, rows=4, required=False)
    practical = ProseField(LIMIT, rows=3, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in FIELDS:
            self.fields[name].label = question(name)


class OwnWordsForm(WordsForm):
    """The same, with a word of help to her for each."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in FIELDS:
            self.fields[name].help_text = _HINTS[name]


@person_page(methods=("GET", "POST"))
def own_preparation(request: DoorRequest, case_id: UUID) -> HttpResponse:
    """What she wants to say before the meeting. Kept as she writes; nobody else sees it here."""
    case = _case_or_404(case_id)
    if request.method == "GET":
        return _shown(request, case)
    form, version = OwnWordsForm(request.POST), sent_version(request)
    if not form.is_valid():
        return _shown(request, case, form, version=version)
    try:
        keep_preparation(case, **form.cleaned_data, version=version, by=request.actor)
    except Stale as stale:
        theirs = cast(Preparation, stale.theirs)
        mine = {name: form[name].value() for name in FIELDS}
        conflicts = differing(form.fields, mine, words_of(theirs))
        return _shown(request, case, form, version=theirs.version, conflicts=conflicts)
    drop_draft(_draft(case))
    return _kept(request, case)


@person_page(methods=("GET", "POST"))
def hand_in_preparation(request: DoorRequest, case_id: UUID) -> HttpResponse:
    """Read it through, see exactly who will read it, and hand it in."""
    case = _case_or_404(case_id)
    begun = open_of(case)
    if request.method == "POST":
        if begun is None:
            messages.info(request, _("Det är redan inlämnat."))
            return redirect("own_preparation", case_id=case.pk)
        try:
            hand_in(begun, version=sent_version(request), by=request.actor)
        except Stale:
            messages.warning(request, _("Texten ändrades i ett annat fönster. Läs igenom den en gång till."))
            return redirect("hand_in_preparation", case_id=case.pk)
        drop_draft(_draft(case))
        messages.success(request, _("Inlämnat. Nu kan de som arbetar med ditt ärende läsa det."))
        return redirect("own_preparation", case_id=case.pk)
    _looked(request, case, [begun] if begun else [])
    context: dict[str, object] = {
        "case": case,
        "begun": begun,
        "said": said_in(begun) if begun else [],
        "readers": who_will_read(case),
        "may_hand_in": may_hand_in(request.actor, case, words_of(begun)),
    }
    return render_own(request, "own/hand_in.html", own_persons(), context)


def _kept(request: DoorRequest, case: Case) -> HttpResponse:
    if request.POST.get("lamna_in"):
        return redirect("hand_in_preparation", case_id=case.pk)
    messages.success(request, _("Sparat. Bara du ser det."))
    return redirect("own_preparation", case_id=case.pk)


def _shown(
    request: DoorRequest,
    case: Case,
    form: OwnWordsForm | None = None,
    *,
    version: int = 0,
    conflicts: Sequence[TwoTexts] = (),
) -> HttpResponse:
    begun, handed = open_of(case), preparations_of(case)
    _looked(request, case, [one for one in (begun, *handed) if one])
    # The form carries its version among its words: an old draft then meets newer words, and covers none.
    stands = {**words_of(begun), "made_for": begun.version if begun else 0}
    saved, drafted_at = prefilled(request, _draft(case), stands)
    context: dict[str, object] = {
        "case": case,
        "meeting": next_meeting(case),
        "form": form or OwnWordsForm(initial=saved),
        "version": saved["made_for"] if form is None else version,
        "conflicts": conflicts,
        "saved_at": drafted_at or (begun.written_at if begun else None),
        "draft_url": draft_url(case, _draft(case)),
        "handed": [(one, said_in(one)) for one in handed],
        "readers": who_will_read(case) if handed else [],
        "writes": form is not None or begun is not None or drafted_at or not handed or "ny" in request.GET,
        "may_prepare": may_prepare(request.actor, case),
    }
    return render_own(request, "own/preparation.html", own_persons(), context)


def _case_or_404(case_id: UUID) -> Case:
    case = case_seen(case_id)
    if case is None:
        raise Http404
    return case


def _draft(case: Case) -> str:
    return f"preparation:{case.pk}"


def _looked(request: DoorRequest, case: Case, shown: list[Preparation]) -> None:
    request.looked_in(case, Tag.OWN_PAGE_READ, items=[("preparation", one.pk, one.version) for one in shown])
