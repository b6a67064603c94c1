"""Where everybody comes in, whether the program is well, and the drafts that forms save while one types.

Here: the start page, the two questions that a supervisor or a proxy asks, and the draft's hook. Not here:
signing in (`signin`), what a draft holds (`humla.drafts`).
"""

import re
from functools import wraps
from http import HTTPStatus
from uuid import UUID

from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from humla.cases.visibility import case_seen
from humla.core.context import Actor, Kind
from humla.core.rulings import NotAllowed
from humla.drafts.actions import keep_draft
from humla.organisation.models import CASE_ROLES, Role
from humla.web.door import DoorRequest, hook, public_page
from humla.web.page import render

_LARGEST_DRAFT = 200_000
_DRAFTED = re.compile(
    r"(?:own_goal|settle_plan|(?:add_)?(?:goal|commitment|milestone|reservation|unmet_need|other_plan)"
    r"|meeting|note|preparation|told|follow_up|close|own_answer)"
    r":[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
"""The forms whose pages ask for drafts, each with the row that it is about."""

_NOT_TYPED = {"csrfmiddlewaretoken", "key", "acting_as", "version", "form"}


@public_page()
def home(request: DoorRequest) -> HttpResponse:
    """What a SAMSIP is, and the way in; those who are in go to where they work."""
    if request.account_id is not None:
        return redirect(_first_page(request.actor))
    return render(request, "start/home.html")


def _first_page(actor: Actor) -> str:
    if actor.kind is Kind.PERSON:
        return "own_page"
    if actor.kind is Kind.REPRESENTATIVE:
        return "acting_for"
    if actor.kind is Kind.PROFESSIONAL and actor.role in CASE_ROLES:
        return "today"
    if actor.role == Role.LOG_REVIEWER:
        return "review"
    return "choose_assignment" if actor.kind is Kind.PUBLIC else "agreement"


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Is the process alive? Asks nothing of anybody else: a restart does not mend a database."""
    return _plain("ok")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """May traffic come here? The database answers, and its walls stand as they were applied."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT live = wall_fingerprint() FROM humla_wall")
            row = cursor.fetchone()
    except Error:
        # A dead connection would otherwise be asked again and again; the next question opens a new one.
        connection.close_if_unusable_or_obsolete()
        row = None
    if row is not None and row[0]:
        return _plain("ok")
    return _plain("not ready", HTTPStatus.SERVICE_UNAVAILABLE)


def _plain(text: str, status: int = HTTPStatus.OK) -> HttpResponse:
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response


@hook
def _keep(request: DoorRequest) -> HttpResponse:
    name = request.GET.get("form") or request.POST.get("form", "")
    if _DRAFTED.fullmatch(name) is None:
        return _problem(HTTPStatus.BAD_REQUEST, _("Det formuläret sparar inga utkast."))
    fields = {key: "\n".join(values) for key, values in request.POST.lists() if key not in _NOT_TYPED}
    if sum(len(value.encode()) for value in fields.values()) > _LARGEST_DRAFT:
        return _problem(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("Texten är för lång för att sparas som utkast.")
        )
    try:
        draft = keep_draft(name, fields, case=_case(request))
    except NotAllowed as refused:
        return _problem(HTTPStatus.CONFLICT, refused.reason)
    return JsonResponse({"saved_at": draft.saved_at.isoformat()})


def _case(request: DoorRequest) -> UUID:
    """The case that the form is about, if the one who types may know of it. Every form of ours has one."""
    try:
        case = case_seen(UUID(request.GET.get("case", "")))
    except ValueError:
        raise Http404 from None
    if case is None:
        raise Http404
    return case.pk


@wraps(_keep)
def save_draft(request: HttpRequest) -> HttpResponse:
    """Keep what is typed so far. A script asks, so every refusal is a few words and not a page."""
    length = request.headers.get("Content-Length") or "0"
    if not length.isdigit() or int(length) > 2 * _LARGEST_DRAFT:  # percent-signs and other fields beside
        return _problem(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("Texten är för lång för att sparas som utkast.")
        )
    try:
        answer = _keep(request)
    except Http404:
        return _problem(HTTPStatus.NOT_FOUND, _("Formuläret finns inte."))
    is_ours = answer.headers["Content-Type"].startswith("application/")
    if is_ours or answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return answer
    if 300 <= answer.status_code < 400 or answer.status_code == HTTPStatus.UNAUTHORIZED:
        return _problem(HTTPStatus.UNAUTHORIZED, _("Du är utloggad. Texten finns kvar i formuläret."))
    return _problem(answer.status_code, _("Utkastet sparades inte. Texten finns kvar i formuläret."))


def _problem(status: int, detail: str) -> HttpResponse:
    """RFC 9457."""
    content = {"title": HTTPStatus(status).phrase, "status": int(status), "detail": detail}
    response = JsonResponse(content, status=status, content_type="application/problem+json")
    response["Cache-Control"] = "no-store"
    return response
