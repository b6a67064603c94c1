"""What is kept from one representative although the mandate reaches it: chosen, shown, and given back.

Here: the form and the pages. Not here: the acts (`humla.representatives.actions`) and who acts (`mandates`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.audit.tags import Tag
from humla.cases.models import RELEASABLE, Case, Category
from humla.core.context import Actor
from humla.core.fields import ChoiceField, ProseField, offer
from humla.core.rulings import NotAllowed, Ruling
from humla.disclosures.models import Document, DocumentKind
from humla.disclosures.visibility import documents_of, parts_seen
from humla.meetings.models import Meeting, MeetingKind
from humla.meetings.visibility import meetings_of
from humla.representatives import actions, rules
from humla.representatives.models import Mandate, Withheld, WithheldKind
from humla.representatives.visibility import mandate_of, withheld_in, withheld_of
from humla.web.door import DoorRequest, case_page
from humla.web.jinja import moment, short_day
from humla.web.page import render
from humla.web.representatives.shown import held_person, rows, whose


class WithholdForm(forms.Form):
    """One thing of the case, and why it is kept."""

    what = ChoiceField(label=_("Vad ska ombudet inte se?"), missing=_("Välj vad ombudet inte ska se."))
    reason = ProseField(
        500,
        rows=3,
        label=_("Varför?"),
        help_text=_("Det läser bara de som arbetar i ärendet hos er, och personen själv."),
        missing=_("Skriv varför, så att en kollega kan förstå det senare."),
    )


@dataclass(frozen=True)
class WithheldRow:
    """One thing that is kept from a mandate."""

    withheld: Withheld
    what: str
    may_undo: Ruling


def withheld_rows(case: Case, mandate: Mandate, actor: Actor) -> list[WithheldRow]:
    """What is kept from one mandate in this case now."""
    kept = [one for one in withheld_in(case) if one.mandate_id == mandate.pk]
    if not kept:
        return []
    documents = documents_of(case.pk)
    meetings = {one.pk: one for one in meetings_of(case)}
    return [
        WithheldRow(one, _named(one, documents, meetings), rules.may_undo_withholding(actor, case, one))
        for one in kept
    ]


@case_page(methods=("GET", "POST"))
def withhold(request: DoorRequest, case: Case, mandate_id: UUID) -> HttpResponse:
    """Keep a document, a part of one or a meeting from a representative."""
    person = held_person(request, case)
    mandate = mandate_of(person, mandate_id)
    if mandate is None:
        raise Http404
    form = WithholdForm(request.POST or None)
    to_choose = _to_choose(case, mandate)
    offer(form, "what", to_choose)
    if request.method == "POST" and form.is_valid():
        kind, subject, category = form.cleaned_data["what"].split(":")
        try:
            actions.withhold(
                case,
                mandate,
                kind=kind,
                subject_id=UUID(subject),
                category=category,
                reason=form.cleaned_data["reason"],
                by=request.actor,
            )
        except NotAllowed as refused:
            form.add_error("what", refused.reason)
        else:
            messages.success(request, gettext("Ombudet ser det inte längre. Det går att ångra."))
            return redirect("mandate", case_id=case.pk, mandate_id=mandate.pk)
    request.looked_in(case, Tag.MANDATES_READ, items=[("mandate", mandate.pk, 0)])
    context = {
        **whose(case, person),
        "row": rows([mandate], request.actor)[0],
        "form": form,
        "has_something": len(to_choose) > 1,
        "may_withhold": rules.may_withhold(request.actor, case, mandate),
    }
    return render(request, "representatives/withhold.html", context)


@case_page(methods=("POST",))
def give_back(request: DoorRequest, case: Case, withheld_id: UUID) -> HttpResponse:
    """Let the representative see it again."""
    held_person(request, case)
    found = withheld_of(case, withheld_id)
    if found is None:
        raise Http404
    actions.give_back(case, found, by=request.actor)
    messages.success(request, gettext("Det räknas in i uppdraget igen."))
    return redirect("mandate", case_id=case.pk, mandate_id=found.mandate_id)


def _to_choose(case: Case, mandate: Mandate) -> list[tuple[str, object]]:
    """What the mandate reaches now, each document with its parts; what is kept is not offered again."""
    documents = [one for one in documents_of(case.pk).values() if one.kind != DocumentKind.SUMMONS]
    has: dict[UUID, set[str]] = {}
    for part in parts_seen(case.pk):
        has.setdefault(part.document_id, set()).add(part.category)
    kept = {
        (one.kind, one.subject_id, one.category) for one in withheld_in(case) if one.mandate_id == mandate.pk
    }
    choices: list[tuple[str, object]] = [("", gettext("Välj"))]
    for one in sorted(documents, key=_newest, reverse=True):
        if (WithheldKind.DOCUMENT, one.pk, "") in kept:
            continue
        reach = [each for each in RELEASABLE if each in has.get(one.pk, ()) and each in mandate.categories]
        parts = [
            (f"part:{one.pk}:{each.value}", gettext("Bara delen %(part)s") % {"part": each.label})
            for each in reach
            if (WithheldKind.PART, one.pk, each.value) not in kept
        ]
        choices.append((_title(one), [(f"document:{one.pk}:", gettext("Hela handlingen")), *parts]))
    ahead = [one for one in meetings_of(case) if (WithheldKind.MEETING, one.pk, "") not in kept]
    if mandate.may_receive_summons and ahead:
        choices.append((gettext("Möten"), [(f"meeting:{one.pk}:", _meeting(one)) for one in ahead]))
    return choices


def _newest(document: Document) -> tuple[datetime, int]:
    return document.frozen_at, document.version


def _named(one: Withheld, documents: Mapping[UUID, Document], meetings: Mapping[UUID, Meeting]) -> str:
    if one.kind == WithheldKind.MEETING:
        meeting = meetings.get(one.subject_id)
        return _meeting(meeting) if meeting else gettext("Ett möte")
    document = documents.get(one.subject_id)
    title = _title(document) if document else gettext("En handling")
    if one.kind == WithheldKind.PART:
        return f"{title}: {Category(one.category).label}"
    return title


def _title(document: Document) -> str:
    return f"{document.title}, {short_day(document.frozen_at)}"


def _meeting(meeting: Meeting) -> str:
    return f"{MeetingKind(meeting.kind).label.capitalize()}, {moment(meeting.starts_at)}"
