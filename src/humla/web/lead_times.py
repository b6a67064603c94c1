"""Ledtider: how many days each step takes, where one waits longest, and why meetings are moved.

Here: the page, its period and its file. Not here: what is counted, over which cases
(`humla.followups.lead_times`). No case and no person stands on the page.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.core.context import today
from humla.followups.lead_times import FEWEST, LeadTime, Moved, lead_times, may_read_lead_times, why_moved
from humla.meetings.models import ChangeCause
from humla.organisation.models import Role
from humla.web.door import DoorRequest, staff_page
from humla.web.page import render

_YEAR = timedelta(days=365)


class PeriodForm(forms.Form):
    """From which day to which; a year back when nothing is said."""

    use_required_attribute = False
    fran = forms.DateField(
        label=_("Från och med"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    till = forms.DateField(
        label=_("Till och med"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        first, last = told.get("fran"), told.get("till")
        if first and last and last < first:
            self.add_error("till", gettext("Perioden slutar före den börjar. Välj en senare dag."))
        return told


@staff_page()
def lead_times_page(request: DoorRequest) -> HttpResponse:
    """The table of a period; the same rows as a file."""
    if not may_read_lead_times(request.actor):
        raise Http404
    usual = {"fran": today() - _YEAR, "till": today()}
    form = PeriodForm(request.GET if "fran" in request.GET or "till" in request.GET else usual)
    if not form.is_valid():
        return render(request, "lead_times/page.html", {"form": form, **_nothing()})
    first, last = form.cleaned_data["fran"], form.cleaned_data["till"]
    times, moved = lead_times(first, last), why_moved(first, last)
    if request.GET.get("som") == "csv":
        return _as_file(first, last, times, moved)
    period = urlencode({"fran": first.isoformat(), "till": last.isoformat()})
    context = {
        "form": form,
        "steps": [_cells(one) for one in times if not one.unit],
        "units": [_unit_cells(one) for one in times if one.unit],
        "moved": [_moved_cells(one) for one in moved],
        "whose": _whose(request.actor.role),
        "fewest": FEWEST,
        "file": f"{reverse('lead_times')}?{period}&som=csv",
    }
    return render(request, "lead_times/page.html", context)


def _nothing() -> dict[str, Any]:
    return {"steps": [], "units": [], "moved": [], "whose": "", "fewest": FEWEST, "file": ""}


def _whose(role: str) -> str:
    if role == Role.COORDINATOR:
        return gettext("Alla ärenden som er myndighet leder.")
    if role == Role.MANAGER:
        return gettext("Alla ärenden som din enhet leder.")
    return gettext("De ärenden som du själv arbetar i.")


def _cells(one: LeadTime) -> list[str]:
    return [str(one.step.label), _days(one.middle), _days(one.ninth), str(one.cases)]


def _unit_cells(one: LeadTime) -> list[str]:
    return [one.unit, one.party, str(one.step.label), _days(one.middle), _days(one.ninth), str(one.cases)]


def _moved_cells(one: Moved) -> list[str]:
    cause = str(ChangeCause(one.cause).label)
    return [f"{cause[:1].upper()}{cause[1:]}", one.party or gettext("alla tillsammans"), str(one.meetings)]


def _days(many: Decimal) -> str:
    """14, or 14,5: a half day only where there is one."""
    return str(many.normalize().to_integral() if many == many.to_integral() else many).replace(".", ",")


def _as_file(first: date, last: date, times: Sequence[LeadTime], moved: Sequence[Moved]) -> HttpResponse:
    """As Swedish spreadsheets read: semicolons, and a mark that says UTF-8."""
    kept = io.StringIO()
    sheet = csv.writer(kept, delimiter=";")
    sheet.writerow([gettext("Ledtider"), first.isoformat(), last.isoformat()])
    sheet.writerow([])
    sheet.writerow(
        [
            gettext("Steg"),
            gettext("Enhet"),
            gettext("Part"),
            gettext("Hälften tog högst (dagar)"),
            gettext("Nio av tio tog högst (dagar)"),
            gettext("Ärenden"),
        ]
    )
    for one in times:
        figures = [_days(one.middle), _days(one.ninth), one.cases]
        sheet.writerow([one.step.label, _plain(one.unit), _plain(one.party), *figures])
    sheet.writerow([])
    sheet.writerow([gettext("Varför möten flyttas"), gettext("Part som inte kunde"), gettext("Möten")])
    for each in moved:
        cause, party, meetings = _moved_cells(each)
        sheet.writerow([cause, _plain(party), meetings])
    return HttpResponse(
        "\N{ZERO WIDTH NO-BREAK SPACE}" + kept.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="ledtider-{first}-{last}.csv"',
            "Cache-Control": "no-store",
        },
    )


def _plain(name: str) -> str:
    """A name that begins as a formula is text to a spreadsheet, too."""
    return f"'{name}" if name[:1] in ("=", "+", "-", "@") else name
