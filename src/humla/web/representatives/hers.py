"""The person's own page about who acts for her: who, how far, why, and her no.

Here: the page and her no, said to "du". Not here: what follows from it, which a human decides (`mandates`).
"""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.audit.tags import Tag
from humla.core.fields import ProseField
from humla.core.versions import Stale
from humla.people.models import Person
from humla.plans.own import own_persons
from humla.representatives.actions import object_to
from humla.representatives.models import BY_LAW
from humla.representatives.visibility import mandates_for, own_mandate
from humla.web.door import DoorRequest, person_page
from humla.web.page import render_own
from humla.web.representatives.shown import rows


class ObjectionForm(forms.Form):
    """She need not say why."""

    why = ProseField(
        500,
        rows=4,
        label=_("Vill du säga något mer?"),
        help_text=_("Du behöver inte skriva något."),
        required=False,
    )


@person_page()
def own_mandates(request: DoorRequest) -> HttpResponse:
    """Who may read and answer for her, and what each may do."""
    persons = own_persons()
    found = mandates_for([one.pk for one in persons])
    _looked(request, persons)
    shown = rows(found, request.actor)
    context = {
        "standing": [row for row in shown if row.stands],
        "ended": [row for row in shown if not row.stands],
    }
    return render_own(request, "representatives/hers.html", persons, context)


@person_page(methods=("GET", "POST"))
def own_objection(request: DoorRequest, mandate_id: UUID) -> HttpResponse:
    """Her no to one of them: it rests at once, and somebody calls her."""
    found = own_mandate(mandate_id)
    if found is None:
        raise Http404
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            object_to(found, why=form.cleaned_data["why"], by=request.actor)
        except Stale:
            messages.info(request, gettext("Det var redan stoppat."))
        else:
            messages.success(request, gettext("Ditt nej är sparat. Ombudet kan inte läsa något nu."))
        return redirect("own_mandates")
    persons = own_persons()
    _looked(request, persons)
    row = rows([found], request.actor)[0]
    context = {"row": row, "form": form, "is_by_law": found.kind in BY_LAW}
    return render_own(request, "representatives/objection.html", persons, context)


def _looked(request: DoorRequest, persons: list[Person]) -> None:
    for one in persons:
        request.looked(Tag.OWN_PAGE_READ, person=one.pk)
