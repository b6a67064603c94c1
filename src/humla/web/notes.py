"""A unit's own notes beside a case: written, changed and taken away by their writer, read by nobody else.

Here: the page, the same for those who hold the case and those who have received something in it. Not here:
what the person says before a meeting (`humla.meetings.preparation`), nor anything that can be handed over.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.audit.tags import Tag
from humla.cases import actions
from humla.cases.models import Case, Note, NoteStage
from humla.cases.naming import case_title
from humla.cases.rules import may_change_note, may_write_note
from humla.cases.visibility import is_held, note_in, notes_of
from humla.core.fields import ChoiceField, ProseField
from humla.core.versions import Stale
from humla.drafts.actions import drop_draft
from humla.web.door import DoorRequest, case_page
from humla.web.page import render
from humla.web.two_texts import TwoTexts, differing, draft_url, prefilled, sent_version


class NoteForm(forms.Form):
    """The note and what it stands beside."""

    text = ProseField(10_000, rows=5, label=_("Anteckning"), missing=_("Skriv något i anteckningen."))
    stage = ChoiceField(label=_("Bredvid"), choices=NoteStage.choices, initial=NoteStage.MEETING)


@case_page(methods=("GET", "POST"))
def notes(request: DoorRequest, case: Case) -> HttpResponse:
    """The unit's notes, newest first, and a new one on top. `?andra=<id>` changes one of one's own."""
    rows = notes_of(case)
    editing = _asked_for(request, case)
    if request.method == "POST" and request.POST.get("ta_bort"):
        return _removed(request, case, _one(case, request.POST["ta_bort"]), is_removed=True)
    if request.method == "POST" and request.POST.get("ta_tillbaka"):
        return _removed(request, case, _one(case, request.POST["ta_tillbaka"]), is_removed=False)
    form = NoteForm(request.POST) if request.method == "POST" else None
    conflicts: list[TwoTexts] = []
    if form is not None and form.is_valid():
        try:
            _written(request, case, editing, form)
            messages.success(request, gettext("Anteckningen är sparad."))
            return redirect("notes", case_id=case.pk)
        except Stale:
            editing = note_in(case, editing.pk) if editing else None
            if editing is not None:
                mine = {name: form[name].value() for name in form.fields}
                conflicts = differing(form.fields, mine, {"text": editing.text, "stage": editing.stage})
    request.looked_in(case, Tag.NOTES_READ, items=[("note", one.pk, one.version) for one in rows])
    saved, drafted_at = prefilled(request, _draft(case), {}) if editing is None else ({}, None)
    if editing is not None:
        saved = {"text": editing.text, "stage": editing.stage}
    context = {
        "case": case,
        "title": case_title(case),
        "is_held": is_held(case, request.actor),
        "form": form or NoteForm(initial={"stage": NoteStage.MEETING, **saved}),
        "editing": editing,
        "conflicts": conflicts,
        "drafted_at": drafted_at,
        "draft_url": "" if editing else draft_url(case, _draft(case)),
        "rows": [_row(request, case, one) for one in rows if not one.is_removed],
        "removed": [_row(request, case, one) for one in rows if one.is_removed],
        "may_write": may_write_note(request.actor, case),
    }
    return render(request, "cases/notes.html", context)


def _written(request: DoorRequest, case: Case, editing: Note | None, form: NoteForm) -> None:
    said = form.cleaned_data
    if editing is None:
        actions.write_note(case, stage=said["stage"], text=said["text"], by=request.actor)
        drop_draft(_draft(case))
        return
    actions.change_note(
        editing, stage=said["stage"], text=said["text"], version=sent_version(request), by=request.actor
    )


def _removed(request: DoorRequest, case: Case, note: Note, *, is_removed: bool) -> HttpResponse:
    if is_removed:
        actions.remove_note(note, by=request.actor)
        messages.success(request, gettext("Anteckningen är borttagen. Du kan ta tillbaka den längst ner."))
    else:
        actions.restore_note(note, by=request.actor)
        messages.success(request, gettext("Anteckningen är tillbaka."))
    return redirect("notes", case_id=case.pk)


def _asked_for(request: DoorRequest, case: Case) -> Note | None:
    asked = request.GET.get("andra") or request.POST.get("note", "")
    return _one(case, asked) if asked else None


def _one(case: Case, written: str) -> Note:
    try:
        found = note_in(case, UUID(written))
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def _draft(case: Case) -> str:
    return f"note:{case.pk}"


def _row(request: DoorRequest, case: Case, one: Note) -> dict[str, Any]:
    return {
        "note": one,
        "by": one.written_by.name,
        "is_mine": one.written_by_id == request.actor.id,
        "is_changed": one.version > 1,
        "stage": str(NoteStage(one.stage).label),
        "may_change": may_change_note(request.actor, case, one),
    }
