"""What the person has said before a meeting, as those who work in the case read it: quoted, dated, untouched.

Here: the staff page, and writing down what she tells beside staff or has written on paper. Not here: her own
pages (`own_preparation`), what may be done (`humla.meetings.preparation`), the unit's own notes (`notes`).
What she has not handed in does not exist here: not as text, not as a count, not as a hint.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.naming import case_title
from humla.cases.visibility import is_held
from humla.core.fields import LineField
from humla.core.rulings import NotAllowed
from humla.drafts.actions import drop_draft
from humla.meetings.preparation import (
    FIELDS,
    may_write_down,
    preparations_of,
    said_in,
    tell_preparation,
)
from humla.meetings.visibility import next_meeting
from humla.web.door import DoorRequest, case_page
from humla.web.own_preparation import WordsForm
from humla.web.page import render
from humla.web.two_texts import draft_url, prefilled


class ToldForm(WordsForm):
    """The same questions, and for whom she told it."""

    told_to = LineField(
        120,
        label=gettext_lazy("Berättat för"),
        missing=gettext_lazy("Skriv för vem personen berättade."),
    )


@case_page(methods=("GET", "POST"))
def preparation(request: DoorRequest, case: Case) -> HttpResponse:
    """What has been handed in, newest first; and a form to write down what the person tells."""
    if not is_held(case, request.actor):
        raise Http404
    form = ToldForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        words = {name: form.cleaned_data[name] for name in FIELDS}
        try:
            tell_preparation(case, **words, told_to=form.cleaned_data["told_to"], by=request.actor)
        except NotAllowed as no:
            form.add_error(None, no.reason)
        else:
            drop_draft(_draft(case.pk))
            messages.success(request, _("Nedskrivet, med dag och för vem personen berättade det."))
            return redirect("preparation", case_id=case.pk)
    return _shown(request, case, form)


def _shown(request: DoorRequest, case: Case, form: ToldForm | None) -> HttpResponse:
    handed = preparations_of(case)
    request.looked_in(
        case, Tag.PREPARATION_READ, items=[("preparation", one.pk, one.version) for one in handed]
    )
    saved, drafted_at = prefilled(request, _draft(case.pk), {"told_to": request.actor.name})
    context = {
        "case": case,
        "title": case_title(case),
        "meeting": next_meeting(case),
        "handed": [(one, said_in(one)) for one in handed],
        "form": form or ToldForm(initial=saved),
        "names": FIELDS,
        "is_writing": form is not None or drafted_at is not None or "skriv" in request.GET,
        "drafted_at": drafted_at,
        "draft_url": draft_url(case, _draft(case.pk)),
        "may_write": may_write_down(request.actor, case),
    }
    return render(request, "cases/preparation.html", context)


def _draft(case_id: UUID) -> str:
    return f"told:{case_id}"
