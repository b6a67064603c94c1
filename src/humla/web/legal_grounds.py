"""What the processing rests on, as the förbund has written it: read by everybody who works here.

Here: the list, and the administrator's page for one of them. Not here: the texts the program came with
(`humla.agreements.grounds`), nor the references of the local agreement (`humla.web.organisation`).
"""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from humla.agreements import actions
from humla.agreements.grounds import Ground, earlier, ground, grounds
from humla.agreements.rules import may_write_ground
from humla.core.fields import ProseField
from humla.core.versions import Stale
from humla.web.door import DoorRequest, administrator_page, office_page
from humla.web.page import render
from humla.web.two_texts import differing, sent_version


class GroundForm(forms.Form):
    """What it means in plain words, and where it stands."""

    text = ProseField(
        2000,
        label=gettext_lazy("Vad det innebär"),
        missing=gettext_lazy("Skriv vad ni vilar behandlingen på."),
    )
    reference = ProseField(
        500,
        rows=3,
        label=gettext_lazy("Lagrum"),
        missing=gettext_lazy("Skriv lag och paragraf, eller beslutet."),
    )


@office_page()
def legal_grounds(request: DoorRequest) -> HttpResponse:
    """Every kind of processing on one page that can be printed for the record of processing activities."""
    context = {"grounds": grounds(), "may_write": may_write_ground(request.actor)}
    return render(request, "organisation/legal_grounds.html", context)


@administrator_page(methods=("GET", "POST"))
def write_ground(request: DoorRequest, subject: str) -> HttpResponse:
    """One of them: a new version is written, and every earlier one can be read below."""
    found = ground(subject)
    if found is None:
        raise Http404
    form = GroundForm(request.POST or None, initial=_written(found))
    conflicts = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_ground(
                subject, **form.cleaned_data, version=sent_version(request), by=request.actor
            )
        except Stale:
            found = ground(subject) or found
            mine = {name: form[name].value() for name in form.fields}
            conflicts = differing(form.fields, mine, _written(found))
        else:
            messages.success(request, _("Sparat som en ny version. Den förra står kvar."))
            return redirect("legal_grounds")
    context = {"form": form, "ground": found, "earlier": earlier(subject), "conflicts": conflicts}
    return render(request, "organisation/legal_ground.html", context)


def _written(found: Ground) -> dict[str, str]:
    return {"text": found.text, "reference": found.reference}
