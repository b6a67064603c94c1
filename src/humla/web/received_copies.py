"""Mottagna handlingar: what the unit has been given, in its own record, with receipt and archiving.

Here: the list, one copy as a page, on paper and as text, the receipt, and "arkiverad hos oss". Not here: the
live pages of another authority's case (`received`), which close the second the consent ends; these stay.
"""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.audit.tags import Tag
from humla.core.context import now
from humla.core.document import PrintedDocument
from humla.core.fields import LineField
from humla.core.rulings import Ruling
from humla.disclosures import actions, rules
from humla.disclosures.copies import (
    PAGE,
    Stage,
    copies,
    copy_seen,
    how_many,
    my_right_to,
    name_in,
    parts_of,
    stage_of,
)
from humla.disclosures.models import RecallCause, ReceivedCopy
from humla.organisation.models import CASE_ROLES, Role
from humla.organisation.visibility import names_of_professionals
from humla.web.door import DoorRequest, staff_page
from humla.web.page import pdf, render
from humla.web.papers import Paper
from humla.web.plain import plain_copy
from humla.web.words import sealed, sought, words_sent

_TABS = {
    Stage.NEW: ("nya", _("Nya")),
    Stage.RECEIVED: ("mottagna", _("Mottagna")),
    Stage.ARCHIVED: ("arkiverade", _("Arkiverade hos oss")),
    Stage.RECALLED: ("aterkallade", _("Återkallade")),
}
_MOST_PAGES = 10_000


class ArchiveForm(forms.Form):
    """Where the unit has it now."""

    reference = LineField(
        60,
        label=_("Er beteckning"),
        help_text=_("Diarienumret eller aktens nummer hos er. Skriv inget namn."),
        missing=_("Skriv var ni har arkiverat handlingen."),
    )


@dataclass(frozen=True)
class CopyRow:
    """One copy in the list."""

    copy: ReceivedCopy
    name: str
    may_receive: Ruling


@staff_page(methods=("GET", "POST"))
def received_copies(request: DoorRequest) -> HttpResponse:
    """What the reader's unit has been given and she works with, by where it stands."""
    if request.actor.role not in CASE_ROLES:
        raise Http404
    counts = how_many()
    stage = _asked_stage(request, counts)
    if request.method == "POST":
        return redirect(_url(stage, sok=sealed(request, words_sent(request))))
    search, page = sought(request), _asked_page(request)
    found = copies(stage=stage, words=search.words, page=page)
    rows = [CopyRow(one, name_in(one), rules.may_receive(request.actor, one)) for one in found[:PAGE]]
    request.looked(Tag.COPIES_LISTED, items=[("copy", row.copy.pk, row.copy.version) for row in rows])
    context = {
        "rows": rows,
        "stage": stage,
        "stages": Stage,
        "here": _url(stage),
        "is_way_in": request.actor.role == Role.RECEIVER,
        "any_new": counts[Stage.NEW],
        "words": search.words,
        "tabs": [
            {"label": label, "url": _url(one), "current": one is stage, "count": counts[one]}
            for one, (_slug, label) in _TABS.items()
        ],
        "previous": _url(stage, sok=search.sealed, sida=page - 1) if page > 1 else "",
        "next": _url(stage, sok=search.sealed, sida=page + 1) if len(found) > PAGE else "",
    }
    return render(request, "received/copies.html", context)


@staff_page()
def received_copy(request: DoorRequest, copy_id: UUID) -> HttpResponse:
    """One copy, as it was given, with its receipt."""
    found = _copy_or_404(request, copy_id)
    _looked(request, Tag.COPY_READ, found)
    return _page(request, found, ArchiveForm())


@staff_page()
def received_copy_pdf(request: DoorRequest, copy_id: UUID) -> HttpResponse:
    """The same on paper, for the unit's own archive."""
    found = _with_content_or_404(request, copy_id)
    _looked(request, Tag.DOCUMENT_PRINTED, found)
    return pdf(_printed(request, found), name=_file_name(found))


@staff_page()
def received_copy_text(request: DoorRequest, copy_id: UUID) -> HttpResponse:
    """The same as plain text, for the unit's own case system."""
    found = _with_content_or_404(request, copy_id)
    _looked(request, Tag.DOCUMENT_PRINTED, found)
    return plain_copy(
        request,
        found.reference,
        _printed(request, found),
        name=_file_name(found),
        back=reverse("received_copy", kwargs={"copy_id": found.pk}),
        came_from=(gettext("Mottagna handlingar"), reverse("received_copies")),
    )


@staff_page(methods=("POST",))
def receive_copy(request: DoorRequest, copy_id: UUID) -> HttpResponse:
    """The unit has it: the giver and the person see the receipt."""
    found = _copy_or_404(request, copy_id)
    actions.receive(found, by=request.actor)
    messages.success(request, gettext("Kvitterad. Avsändaren och personen ser att den har kommit fram."))
    if request.POST.get("fran") == "lista":
        return redirect("received_copies")
    return redirect("received_copy", copy_id=found.pk)


@staff_page(methods=("POST",))
def archive_copy(request: DoorRequest, copy_id: UUID) -> HttpResponse:
    """The unit has it in its own archive; what Humla keeps is the line."""
    found = _copy_or_404(request, copy_id)
    form = ArchiveForm(request.POST)
    if not form.is_valid():
        _looked(request, Tag.COPY_READ, found)
        return _page(request, found, form)
    actions.archive(found, reference=form.cleaned_data["reference"], by=request.actor)
    messages.success(request, gettext("Arkiverad hos er. Innehållet finns inte kvar i Humla."))
    return redirect("received_copy", copy_id=found.pk)


@staff_page(methods=("POST",))
def unarchive_copy(request: DoorRequest, copy_id: UUID) -> HttpResponse:
    """It was the wrong one: for a minute it can be had back."""
    found = _copy_or_404(request, copy_id)
    actions.unarchive(found, by=request.actor)
    messages.success(request, gettext("Ångrat. Handlingen ligger här igen, som den kom."))
    return redirect("received_copy", copy_id=found.pk)


def _page(request: DoorRequest, copy: ReceivedCopy, form: ArchiveForm) -> HttpResponse:
    act = copy.disclosure
    names = names_of_professionals({one for one in (act.received_by_id, copy.archived_by_id) if one})
    may_undo = rules.may_unarchive(request.actor, copy)
    context: dict[str, Any] = {
        "copy": copy,
        "act": act,
        "name": name_in(copy),
        "stage": stage_of(copy),
        "stages": Stage,
        "form": form,
        "received_by": names.get(act.received_by_id, "") if act.received_by_id else "",
        "archived_by": names.get(copy.archived_by_id, "") if copy.archived_by_id else "",
        "why": RecallCause(act.recalled_why).label if act.recalled_why else "",
        "may_receive": rules.may_receive(request.actor, copy),
        "may_archive": rules.may_archive(request.actor, copy),
        "may_undo": may_undo,
        "seconds": _seconds_left(copy) if may_undo else 0,
        **_paper(request, copy).shown(),
    }
    return render(request, "received/copy.html", context)


def _seconds_left(copy: ReceivedCopy) -> int:
    assert copy.archived_at is not None
    left: timedelta = copy.archived_at + rules.GRACE - now()
    return max(0, ceil(left.total_seconds()))


def _paper(request: DoorRequest, copy: ReceivedCopy) -> Paper:
    return Paper(copy.kind, copy.title, copy.reference, parts_of(copy), unit=request.actor.unit_id)


def _printed(request: DoorRequest, copy: ReceivedCopy) -> PrintedDocument:
    return _paper(request, copy).printed(
        given_at=copy.disclosure.disclosed_at,
        issuer=f"{copy.giver_unit.name}, {copy.giver.name}",
        to=request.actor.unit_name,
    )


def _file_name(copy: ReceivedCopy) -> str:
    return f"{copy.kind}-{copy.reference}-{copy.version}"


def _copy_or_404(request: DoorRequest, copy_id: UUID) -> ReceivedCopy:
    found = copy_seen(copy_id)
    if found is None:
        raise Http404
    return found


def _with_content_or_404(request: DoorRequest, copy_id: UUID) -> ReceivedCopy:
    """An emptied copy is no document."""
    found = _copy_or_404(request, copy_id)
    if not found.parts:
        raise Http404
    return found


def _looked(request: DoorRequest, tag: Tag, copy: ReceivedCopy) -> None:
    request.looked(
        tag,
        case=copy.case_id,
        person=copy.person_id,
        items=[("copy", copy.pk, copy.version)],
        allowed_by=my_right_to(copy, request.actor),
    )


def _url(stage: Stage, **more: str | int) -> str:
    """The list in one stage; what is empty is not said."""
    parts = {"lage": _TABS[stage][0]} | {name: value for name, value in more.items() if value}
    return f"{reverse('received_copies')}?{urlencode(parts)}"


def _asked_stage(request: DoorRequest, counts: Any) -> Stage:
    """What is asked for; else what waits for a receipt, and when nothing does, what lies here."""
    asked = request.GET.get("lage", "")
    for stage, (slug, _label) in _TABS.items():
        if slug == asked:
            return stage
    return Stage.NEW if counts[Stage.NEW] else Stage.RECEIVED


def _asked_page(request: DoorRequest) -> int:
    asked = request.GET.get("sida", "1")
    return max(1, min(int(asked), _MOST_PAGES)) if asked.isascii() and asked.isdigit() else 1
