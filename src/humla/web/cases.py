"""Pages about cases: mine in a list, and who works in one.

Here: the list with its search, and letting colleagues in and out. Not here: opening one
(`humla.web.opening`), the case itself (`humla.web.front`), what happens to it as a whole
(`humla.web.case_life`), the person's own details (`humla.web.people`), nor what a receiver reads
(`humla.web.received`).
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
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

from humla.agreements.visibility import IN_FORCE
from humla.audit.tags import Tag
from humla.cases import actions
from humla.cases.models import Case, CaseAssignment, CaseRole, CaseState
from humla.cases.naming import case_title
from humla.cases.rules import may_assign, may_end, may_open
from humla.cases.visibility import (
    FIRST_PAGE,
    MEMBER,
    RECEIVED,
    RESPONSIBLE,
    CaseRow,
    Mark,
    assignment_in,
    is_held,
    my_cases,
    my_held_cases,
    my_received_cases,
    who_works_in,
)
from humla.core import dates, numbers
from humla.core.context import today
from humla.core.fields import ChoiceField
from humla.disclosures.naming import names_received
from humla.organisation.visibility import colleagues as colleagues_of
from humla.people.actions import found_by_number
from humla.plans.next_dates import NextDate, Soon, next_dates, with_next_date
from humla.web.door import DoorRequest, case_page, staff_page
from humla.web.page import render
from humla.web.seeking import count_miss, may_seek
from humla.web.words import sealed, sought, words_sent

PAGE = FIRST_PAGE - 1
WHOLE = 500
"""So many rows stand on one page for printing, and in the file."""

_STATES = {
    "": CaseState.OPEN,
    "vilar": CaseState.RESTING,
    "avslutade": CaseState.CLOSED,
    "overlamnade": CaseState.MOVED,
}
_BY_NUMBER = "#"
"""Before the id of whom a number was found to be: words never begin so."""


class NarrowForm(forms.Form):
    """One's own part in the case, and when something is next: codes only, they stand in the address."""

    part = ChoiceField(
        label=_("Din del"),
        required=False,
        choices=[
            ("", _("Alla")),
            (RESPONSIBLE, _("Ansvarig")),
            (MEMBER, _("Deltar")),
            (RECEIVED, _("Mottaget")),
        ],
    )
    soon = ChoiceField(
        label=_("Nästa datum"),
        required=False,
        choices=[
            ("", _("När som helst")),
            (Soon.WEEK.value, _("Inom en vecka")),
            (Soon.MONTH.value, _("Inom en månad")),
            (Soon.PASSED.value, _("Har passerat")),
            (Soon.MISSING.value, _("Saknas")),
        ],
    )


class ColleagueForm(forms.Form):
    """Which colleague, at which unit: one of the unit assignments that hold now."""

    colleague = forms.UUIDField(
        error_messages={"required": _("Välj en kollega."), "invalid": _("Välj en kollega.")}
    )


@dataclass(frozen=True)
class Asked:
    """What the address of the list asks for."""

    lage: str
    part: str
    soon: str
    sealed: str
    words: str
    person: UUID | None

    @property
    def state(self) -> CaseState:
        """Which of the lists."""
        return _STATES[self.lage]

    @property
    def is_narrowed(self) -> bool:
        """Does it ask for less than the whole list?"""
        return bool(self.part or self.soon or self.words or self.person)

    def url(self, *, searched: bool = True, **more: str) -> str:
        """The same list, with or without what was searched for."""
        parts = {"lage": self.lage, "part": self.part, "soon": self.soon}
        if searched:
            parts["sok"] = self.sealed
        return _list_url(**{name: value for name, value in {**parts, **more}.items() if value})


@staff_page(methods=("GET", "POST"), ahead=IN_FORCE)
def cases(request: DoorRequest) -> HttpResponse:
    """The cases that one works in, held and received together, newest first."""
    asked = _asked(request)
    if request.method == "POST":
        return _searched(request, asked)
    before, is_whole = _mark_in(request.GET.get("fore", "")), "som" in request.GET
    received = names_received(my_received_cases()) if asked.words else {}
    limit = WHOLE if is_whole else PAGE + 1
    found = _found(asked, before=before, limit=limit, received=received)
    rows, more = (found, False) if is_whole else (found[:PAGE], len(found) > PAGE)
    is_file = request.GET.get("som") == "csv"
    tag = Tag.CASES_EXPORTED if is_file else Tag.CASES_LISTED
    request.looked(tag, items=[("case", one.id, 0) for one in rows])
    received = received or names_received([one.id for one in rows if not one.is_held])
    following = next_dates([one.id for one in rows if one.is_held])
    if is_file:
        return _as_file(rows, received, following)
    context = {
        "rows": rows,
        "received": received,
        "following": following,
        "words": asked.words,
        "is_by_number": asked.person is not None,
        "is_whole": is_whole,
        "is_first_page": before is None,
        "narrowing": NarrowForm(initial={"part": asked.part, "soon": asked.soon}),
        "asked": asked,
        "first_page": asked.url(),
        "next_page": asked.url(fore=_written_mark(rows[-1].mark)) if more else "",
        "here": asked.url(searched=False),
        "without_search": _list_url(**({"lage": asked.lage} if asked.lage else {})),
        "printed": asked.url(som="utskrift"),
        "file": asked.url(som="csv"),
        "tabs": _tabs(asked),
        "is_closed_list": asked.state != CaseState.OPEN,
        "may_open": may_open(request.actor),
    }
    return render(request, "cases/list.html", context)


@case_page(methods=("GET", "POST"))
def colleagues(request: DoorRequest, case: Case) -> HttpResponse:
    """Who works in the case, and letting a colleague of one's own authority in."""
    if not is_held(case, request.actor):
        raise Http404
    form = ColleagueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = colleagues_of(request.actor).filter(pk=form.cleaned_data["colleague"]).first()
        if chosen is None:
            form.add_error(
                "colleague", gettext("Kollegan handlägger inte ärenden hos er längre. Välj en annan.")
            )
        else:
            actions.assign(case, chosen.professional, chosen.unit, role=CaseRole.MEMBER, by=request.actor)
            messages.success(request, gettext("Kollegan deltar nu i ärendet."))
            return redirect("colleagues", case_id=case.pk)
    working = who_works_in(case)
    request.looked_in(case, Tag.CASE_READ, items=[("assignment", one.pk, 0) for one in working])
    inside = {(one.professional_id, one.unit_id) for one in working}
    context = {
        "case": case,
        "title": case_title(case),
        "form": form,
        "working": [colleague_row(one, request, working) for one in working],
        "to_choose": [
            one for one in colleagues_of(request.actor) if (one.professional_id, one.unit_id) not in inside
        ],
        "may_assign": may_assign(request.actor, case, working=working),
    }
    return render(request, "cases/colleagues.html", context)


@case_page(methods=("POST",))
def end_colleague(request: DoorRequest, case: Case, assignment_id: UUID) -> HttpResponse:
    """Let a colleague, or oneself, out of the case."""
    assignment = assignment_in(case, assignment_id)
    if assignment is None:
        raise Http404
    actions.end_assignment(assignment, by=request.actor)
    if assignment.professional_id == request.actor.id:
        messages.success(request, gettext("Du deltar inte längre i ärendet."))
        return redirect("cases")
    messages.success(request, gettext("Kollegan deltar inte längre i ärendet."))
    return redirect("colleagues", case_id=case.pk)


def colleague_row(
    one: CaseAssignment, request: DoorRequest, working: Sequence[CaseAssignment]
) -> dict[str, Any]:
    profession = one.professional.profession
    return {
        "id": one.pk,
        "name": one.professional.name,
        "phone": one.professional.phone,
        "profession": profession.name if profession else "",
        "unit": one.unit.name,
        "authority": one.unit.authority.name,
        "role": str(CaseRole(one.role).label),
        "is_responsible": one.role == CaseRole.RESPONSIBLE,
        "is_me": is_me(one, request),
        "is_ours": one.authority_id == request.actor.authority_id,
        "starts_at": one.starts_at,
        "may_end": may_end(request.actor, one, working=working),
    }


def is_me(one: CaseAssignment, request: DoorRequest) -> bool:
    return (one.professional_id, one.unit_id) == (request.actor.id, request.actor.unit_id)


def _asked(request: DoorRequest) -> Asked:
    """What the address asks for; what it does not know of asks for nothing."""
    lage = request.GET.get("lage", "")
    narrow = NarrowForm(request.GET)
    narrow.is_valid()
    said = narrow.cleaned_data
    search = sought(request)
    words, person = search.words, None
    if words.startswith(_BY_NUMBER):
        person, words = UUID(words.removeprefix(_BY_NUMBER)), ""
    return Asked(
        lage=lage if lage in _STATES else "",
        part=said.get("part", ""),
        soon=said.get("soon", ""),
        sealed=search.sealed,
        words=words,
        person=person,
    )


def _found(asked: Asked, *, before: Mark | None, limit: int, received: Mapping[UUID, str]) -> list[CaseRow]:
    among = with_next_date(my_held_cases(), Soon(asked.soon)) if asked.soon else None
    return my_cases(
        words=asked.words,
        state=asked.state,
        part=asked.part,
        before=before,
        limit=limit,
        received=received,
        person=asked.person,
        among=among,
    )


def _searched(request: DoorRequest, asked: Asked) -> HttpResponse:
    """Words, or a whole person number: then it is looked up here, and whose it is travels on."""
    words = words_sent(request)
    return redirect(
        asked.url(searched=False, sok=sealed(request, _whose(request, words) or words.lstrip(_BY_NUMBER)))
    )


def _whose(request: DoorRequest, words: str) -> str:
    """A whole number is looked up as such, on the trail and not without end; then whose it is travels on."""
    try:
        number = numbers.parse(words, dates.today())
    except numbers.NotANumber:
        return ""
    may_seek().enforce()
    found = found_by_number(number, by=request.actor)
    if found is None:
        count_miss()
    return f"{_BY_NUMBER}{found.pk if found else UUID(int=0)}"


def _list_url(**parts: str) -> str:
    query = urlencode(parts)
    return reverse("cases") + (f"?{query}" if query else "")


def _written_mark(mark: Mark) -> str:
    at, last = mark
    return f"{at.astimezone(UTC).isoformat()}_{last}"


def _mark_in(written: str) -> Mark | None:
    at, _sign, last = written.partition("_")
    try:
        instant = datetime.fromisoformat(at)
        return None if instant.tzinfo is None else (instant, UUID(last))
    except ValueError:
        return None


def _tabs(asked: Asked) -> list[dict[str, Any]]:
    labels = {
        "": gettext("Pågår"),
        "vilar": gettext("Vilar"),
        "avslutade": gettext("Avslutade"),
        "overlamnade": gettext("Överlämnade"),
    }
    return [
        {
            "label": label,
            "url": _list_url(**({"lage": lage} if lage else {})),
            "current": lage == asked.lage,
        }
        for lage, label in labels.items()
    ]


def _as_file(
    rows: Sequence[CaseRow], received: Mapping[UUID, str], following: Mapping[UUID, NextDate]
) -> HttpResponse:
    """The same rows for a spreadsheet, as Swedish ones read: semicolons, and a mark that says UTF-8."""
    kept = io.StringIO()
    sheet = csv.writer(kept, delimiter=";")
    sheet.writerow(
        [
            gettext("Ärendekod"),
            gettext("Person"),
            gettext("Din del"),
            gettext("Läge"),
            gettext("Ärendet finns hos"),
            gettext("Öppnat"),
            gettext("Nästa datum"),
        ]
    )
    for one in rows:
        after = following.get(one.id)
        # A file leaves Humla: a name under protected identity stays behind, the code says which case it is.
        name = (
            gettext("Skyddade personuppgifter") if one.is_protected else one.name or received.get(one.id, "")
        )
        where = f"{one.unit_name}, {one.authority_name}"
        opened, comes = dates.day_of(one.opened_at).isoformat(), after.on.isoformat() if after else ""
        sheet.writerow(
            [_cell(each) for each in (one.reference, name, _part(one), one.state.label, where, opened, comes)]
        )
    name = f"mina-arenden-{today().isoformat()}.csv"
    return HttpResponse(
        "\ufeff" + kept.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _part(one: CaseRow) -> str:
    if not one.is_held:
        return gettext("Mottaget")
    return gettext("Ansvarig") if one.is_responsible else gettext("Deltar")


def _cell(value: object) -> str:
    """A cell that begins like a formula is one to a spreadsheet, whoever wrote it."""
    written = str(value)
    return f"'{written}" if written[:1] in ("=", "+", "-", "@", "\t", "\r") else written
