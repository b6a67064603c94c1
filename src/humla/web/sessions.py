"""Where one is signed in, and the way to end it: one's own sign-ins, and an administrator's way to others'.

Here: the two pages and what they send. Not here: signing in and out of this browser (`signin`), how long a
sign-in lasts (`enter()` in the walls and config/settings.py).
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from humla.accounts.actions import choices, end_other_sessions
from humla.accounts.models import Session
from humla.accounts.visibility import OpenSignIn, last_seen_in, sign_ins_of
from humla.audit.record import record
from humla.audit.tags import Tag
from humla.core.context import Kind
from humla.core.rulings import Ruling
from humla.organisation.actions import sign_out
from humla.organisation.models import Role
from humla.organisation.rules import may_sign_out
from humla.organisation.visibility import professionals_with_assignments
from humla.web.door import DoorRequest, administrator_page, signed_in_page
from humla.web.page import render

_OTHERS = "others"
LAYOUTS = {
    Kind.PERSON: "base/person.html",
    Kind.REPRESENTATIVE: "base/person.html",
    Kind.PUBLIC: "base/public.html",
}
"""The page looks like the others of whoever reads it; staff have the remaining layout."""


@dataclass(frozen=True)
class SignInRow:
    """One browser where the reader is signed in."""

    name: str
    acts_as: str
    at: OpenSignIn
    is_this: bool


@dataclass(frozen=True)
class ColleagueRow:
    """One who can sign in for the förbund, and when she was last seen in what she does for it."""

    id: UUID
    name: str
    units: list[str]
    roles: str
    seen_at: datetime | None
    may_sign_out: Ruling


@signed_in_page(methods=("GET", "POST"))
def sign_ins(request: DoorRequest) -> HttpResponse:
    """Your sign-ins: this browser and the others, each of which can be ended from here."""
    assert request.account_id is not None
    token = request.COOKIES.get(settings.SIGNIN_COOKIE, "")
    if request.method == "POST":
        return _end(request, request.account_id, token)
    rows = _rows(sign_ins_of(request.account_id, token=token), token)
    context = {
        "layout": LAYOUTS.get(request.actor.kind, "base/staff.html"),
        "this": next((row for row in rows if row.is_this), None),
        "others": [row for row in rows if not row.is_this],
        "idle_minutes": int(settings.SIGNIN_SESSION_IDLE.total_seconds() // 60),
        "hours": int(settings.SIGNIN_SESSION_LENGTH.total_seconds() // 3600),
    }
    return render(request, "signin/sign_ins.html", context)


@administrator_page()
def colleagues_sign_ins(request: DoorRequest) -> HttpResponse:
    """Everybody who acts for a unit of the förbund, and whether she is signed in for it now."""
    everybody = list(professionals_with_assignments())
    seen = last_seen_in(given.pk for one in everybody for given in one.assignments.all())
    rows = []
    for one in everybody:
        given = list(one.assignments.all())
        times = [seen[each.pk] for each in given if each.pk in seen]
        rows.append(
            ColleagueRow(
                one.pk,
                one.name,
                sorted({f"{each.unit.name}, {each.unit.authority.name}" for each in given}),
                ", ".join(sorted({str(Role(each.role).label) for each in given})),
                max(times, default=None),
                may_sign_out(one, request.actor),
            )
        )
    rows.sort(key=lambda row: (row.seen_at is None, row.name))
    return render(request, "signin/colleagues.html", {"rows": rows})


@administrator_page(methods=("POST",))
def sign_out_colleague(request: DoorRequest, professional_id: UUID) -> HttpResponse:
    """End all of a colleague's sign-ins at once."""
    professional = get_object_or_404(professionals_with_assignments(), pk=professional_id)
    sign_out(professional, by=request.actor)
    messages.success(request, _("Inloggningarna är avslutade. Nästa klick leder till inloggningssidan."))
    return redirect("colleagues_sign_ins")


def _rows(found: list[OpenSignIn], token: str) -> list[SignInRow]:
    offered = choices(token).assignments if any(one.assignment_id for one in found) else []
    units = {one.assignment_id: f"{Role(one.role).label}, {one.unit_name}" for one in offered}
    return [SignInRow(one.name, _acts_as(one, units), one, one.is_this) for one in found]


def _acts_as(one: OpenSignIn, units: dict[UUID, str]) -> str:
    if one.assignment_id is not None:
        return units.get(one.assignment_id, _("ett uppdrag som har tagit slut"))
    return str(Session.Kind(one.kind).label)


def _end(request: DoorRequest, account_id: UUID, token: str) -> HttpResponse:
    wanted = request.POST.get("end", "")
    if wanted == _OTHERS:
        ended = end_other_sessions(account_id, token=token)
    elif len(wanted) == 16 and wanted.isalnum():
        ended = end_other_sessions(account_id, token=token, name=wanted)
    else:
        raise Http404
    if ended:
        record(Tag.SIGNED_OUT_ELSEWHERE, items=[("account", account_id, 0)])
        messages.success(request, _("Avslutat. Den som sitter där är utloggad."))
    else:
        messages.info(request, _("Inloggningen var redan avslutad."))
    return redirect("sign_ins")
