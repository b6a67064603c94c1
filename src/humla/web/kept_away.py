"""Who must not come to the person's meetings, as those who hold the case write it down.

Here: the list and its form. Not here: her own page with the same list (`own_consents`), nor the summons that
asks it (`humla.meetings.rules`).
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.audit.record import Item
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.consents.kept_away import keep_away, kept_away_from, let_come, may_write, one_kept_away
from humla.core.fields import LineField
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.organisation.visibility import units_to_choose
from humla.web.consent_ways import whose
from humla.web.door import DoorRequest, case_page, only_where_held
from humla.web.page import render
from humla.web.unit_choice import FormWithUnits, UnitField, near, offer_units


class KeepAwayForm(FormWithUnits):
    """A unit from the list, or a name: somebody among the relatives, a former colleague."""

    unit = UnitField(label=_("En enhet"), required=False)
    name = LineField(
        120,
        label=_("Eller någon med namn"),
        help_text=_("Skriv namnet så som det skulle stå i en kallelse."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if bool(said.get("unit")) == bool(said.get("name")):
            self.add_error("name", gettext("Välj en enhet eller skriv ett namn, en i taget."))
        return said


@case_page(methods=("GET", "POST"))
def kept_away(request: DoorRequest, case: Case) -> HttpResponse:
    """The list, and one line more."""
    only_where_held(request, case)
    form = KeepAwayForm(request.POST or None)
    offer_units(form, "unit", units_to_choose(), near=near(case.unit))
    if request.method == "POST" and form.is_valid():
        try:
            keep_away(case, **form.cleaned_data, by=request.actor)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, gettext("Sparat. Den kallas inte till möten i ärendet."))
            return redirect("kept_away", case_id=case.pk)
    kept = kept_away_from(case)
    items: list[Item] = [("kept_away", one.pk, 0) for one in kept]
    request.looked_in(case, Tag.CASE_READ, items=items or [("case", case.pk, 0)])
    context = {**whose(case), "kept": kept, "form": form, "may_write": may_write(request.actor, case)}
    return render(request, "consents/kept_away.html", context)


@case_page(methods=("POST",))
def let_come_again(request: DoorRequest, case: Case, kept_id: UUID) -> HttpResponse:
    """Struck: the person has changed her mind, or it was the wrong one."""
    only_where_held(request, case)
    one = one_kept_away(kept_id)
    if one is None or one.case_id != case.pk:
        raise Http404
    try:
        let_come(one, by=request.actor)
    except Stale:
        messages.info(request, gettext("Den var redan struken."))
    else:
        messages.success(request, gettext("Struken från listan."))
    return redirect("kept_away", case_id=case.pk)
