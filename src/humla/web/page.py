"""How a page becomes bytes, and a printed document: the template, and what every page knows about its reader.

Rendered completely inside the door, because a look is on the trail before its first byte is sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi, gettext

from humla.core.context import Actor, Kind
from humla.core.document import PrintedDocument, render_pdf
from humla.organisation.models import Role
from humla.people.models import Person
from humla.representatives.models import MandateKind
from humla.web.jinja import one_language
from humla.web.navigation import navigation_for

_PUBLIC = Actor(Kind.PUBLIC)


@dataclass(frozen=True)
class Me:
    """The reader, as the top of the page names her."""

    name: str
    unit_name: str
    role_label: str
    kind: str


@dataclass(frozen=True)
class Sending:
    """What every form carries: the guard against forgery, its own key, and the unit it was made for."""

    csrf_token: str
    acting_as: str

    @property
    def key(self) -> str:
        """A new key each time it is asked for: two forms on one page are two deeds."""
        return str(uuid4())


def render(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """The whole page as a response that no cache keeps."""
    everything = {**surroundings(request), **(context or {})}
    with one_language():
        text = render_to_string(template, everything, request, using="jinja2")
    response = HttpResponse(text, status=status)
    response["Cache-Control"] = "no-store"
    return response


def render_own(
    request: HttpRequest, template: str, persons: Sequence[Person], context: Mapping[str, Any]
) -> HttpResponse:
    """A page of the person's own. The sign-in keeps no name: she is called what `persons`, all hers, say."""
    name = persons[0].full_name if persons else gettext("privatperson")
    return render(request, template, {"me": Me(name, "", "", Kind.PERSON.value), **context})


def pdf(
    document: PrintedDocument, *, name: str, is_large: bool = False, is_form: bool = False
) -> HttpResponse:
    """A document to take home. Its name lies in download folders and mail: a reference, never the person."""
    return HttpResponse(
        render_pdf(document, is_large=is_large, is_form=is_form),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"', "Cache-Control": "no-store"},
    )


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """What the base layouts need, on every page."""
    actor: Actor = getattr(request, "actor", _PUBLIC)
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "me": _me(actor),
        "navigation": navigation_for(actor, request.path),
        "sending": Sending(get_token(request), str(actor.assignment_id or actor.id or "")),
        "language": language,
        "html_lang": language.split("-")[0],
        "direction": "rtl" if get_language_bidi() else "ltr",
        "notes": [Note(str(one), one.level_tag) for one in messages.get_messages(request)],
        "demo": settings.DEMO,
    }


@dataclass(frozen=True)
class Note:
    """A sentence that the page before left for this one: never a name, it travels in a cookie."""

    text: str
    tone: str


def _me(actor: Actor) -> Me | None:
    if actor.kind in (Kind.PUBLIC, Kind.LINK, Kind.SYSTEM):
        return None
    words: Any = MandateKind if actor.kind is Kind.REPRESENTATIVE else Role
    role = str(words(actor.role).label) if actor.role else ""
    return Me(actor.name, actor.unit_name, role, actor.kind.value)
