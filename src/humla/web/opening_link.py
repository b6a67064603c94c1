"""The page that an opening link leads to: a code by telephone, then the document, a receipt and an answer.

Here: the forms, what is said when the link is dead, the cookie of the browser where the code was right. Not
here: what a link may open (`humla.disclosures.opened`, the walls), nor neutral links (`answer`).

A GET never acts: scanners follow links. A code that was wrong is counted also when nobody reads the answer.
"""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from humla.audit.tags import Tag
from humla.consents.wording import names_of
from humla.core.context import Kind
from humla.core.fields import LineField, ProseField
from humla.disclosures import opened
from humla.disclosures.opened import OPENED, Opened, Opening, Tried
from humla.links.models import LinkSubject
from humla.web.door import OPENING_COOKIE, DoorRequest, link_page
from humla.web.page import pdf, render
from humla.web.papers import Paper

READING = timedelta(minutes=20)
"""How long the browser stays open after a code; the walls say the same."""


class CodeForm(forms.Form):
    """Six digits. Spaces are how people write them down."""

    code = LineField(
        12,
        label=gettext_lazy("Engångskod"),
        help_text=gettext_lazy("Sex siffror, i ett textmeddelande till enhetens telefon."),
        missing=gettext_lazy("Skriv koden."),
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}

    def clean_code(self) -> str:
        code = "".join(one for one in self.cleaned_data["code"] if not one.isspace())
        if not (code.isascii() and code.isdigit() and len(code) == 6):
            raise forms.ValidationError(_("Koden är sex siffror."))
        return code


class ReplyForm(forms.Form):
    """The unit's own words."""

    text = ProseField(
        2000,
        rows=5,
        label=gettext_lazy("Ert svar"),
        help_text=gettext_lazy("Läses av den som lämnade ut handlingen, och av personen."),
        missing=gettext_lazy("Skriv ert svar."),
    )


@link_page(methods=("GET", "POST"), opens=True)
def opening_link(request: DoorRequest) -> HttpResponse:
    """Before the code: where it goes. After it: what was handed over."""
    state = opened.opening() if request.actor.kind is Kind.LINK else None
    if state is None:
        return render(request, "opening/dead.html", status=404)
    if request.actor.role == OPENED:
        return _opened(request)
    if request.method != "POST":
        return _code_page(request, state, _code_form(request))
    if "ask" in request.POST:
        opened.ask_code(by=request.actor)
        messages.success(request, _("Koden är på väg. Den kommer inom en minut."))
        return redirect(request.path)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _code_page(request, state, form)
    return _tried(request, form.cleaned_data["code"])


def _on_paper(request: DoorRequest, what: Opened) -> HttpResponse:
    """The same on paper, for the unit's own record."""
    _looked(request, Tag.DOCUMENT_PRINTED, what)
    paper = _paper(what).printed(
        given_at=what.disclosed_at,
        issuer=f"{what.giver_unit}, {what.giver_authority}",
        to=request.actor.unit_name,
    )
    return pdf(paper, name=f"{what.kind}-{what.reference}-{what.version}")


def _tried(request: DoorRequest, code: str) -> HttpResponse:
    """Always a redirect: what was tried is counted."""
    tried, browser = opened.use_code(code, by=request.actor)
    if tried is not Tried.OPENED:
        return redirect(f"{request.path}?kod={'fel' if tried is Tried.WRONG else 'slut'}")
    response = redirect(request.path)
    response.set_cookie(
        OPENING_COOKIE,
        browser,
        max_age=int(READING.total_seconds()),
        path=request.path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _opened(request: DoorRequest) -> HttpResponse:
    what = opened.opened()
    if what is None:
        return render(request, "opening/dead.html", status=404)
    if request.method != "POST":
        is_paper = "pdf" in request.GET
        return _on_paper(request, what) if is_paper else _document_page(request, what, ReplyForm())
    if "close" in request.POST:
        opened.close()
        messages.success(request, _("Stängt. För att läsa igen behövs en ny kod."))
        response = redirect(request.path)
        response.delete_cookie(OPENING_COOKIE, path=request.path)
        return response
    if "receive" in request.POST:
        opened.receive_opened(what, by=request.actor)
        messages.success(request, _("Kvitterad. Avsändaren och personen ser att den har kommit fram."))
        return redirect(request.path)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _document_page(request, what, form)
    opened.reply(what, form.cleaned_data["text"], by=request.actor)
    messages.success(request, _("Tack. Svaret är skickat till %(unit)s.") % {"unit": what.giver_unit})
    return redirect(request.path)


def _code_form(request: DoorRequest) -> CodeForm:
    """Empty; or with what was wrong with the last try, which the redirect brought here."""
    went = request.GET.get("kod", "")
    form = CodeForm({"code": ""}) if went in _WENT else CodeForm()
    if went in _WENT:
        form.full_clean()
        form.errors["code"] = form.error_class([str(_WENT[went])])
    return form


_WENT = {
    "fel": gettext_lazy("Fel kod. Se efter och försök igen."),
    "slut": gettext_lazy("Koden gäller inte längre. Be om en ny."),
}


def _code_page(request: DoorRequest, state: Opening, form: CodeForm) -> HttpResponse:
    is_out = state.asked_at is not None and state.tries_left > 0
    context = {
        "here": request.path,
        "state": state,
        "form": form,
        "is_out": is_out,
        "unit": request.actor.unit_name,
        "is_summons": state.subject == LinkSubject.SUMMONS,
    }
    return render(request, "opening/code.html", context)


def _document_page(request: DoorRequest, what: Opened, form: ReplyForm) -> HttpResponse:
    _looked(request, Tag.LINK_READ, what)
    context = {
        "here": request.path,
        "what": what,
        "form": form,
        "unit": request.actor.unit_name,
        "categories": names_of([part.category for part in what.parts]),
        **_paper(what).shown(),
    }
    return render(request, "opening/document.html", context)


def _paper(what: Opened) -> Paper:
    return Paper(what.kind, what.title, what.reference, what.parts)


def _looked(request: DoorRequest, tag: Tag, what: Opened) -> None:
    assert request.actor.id is not None
    request.looked(
        tag,
        case=what.case_id,
        person=what.person_id,
        items=[("document", what.document_id, what.version), ("disclosure", what.disclosure_id, 0)],
        allowed_by=[("link", request.actor.id), ("disclosure", what.disclosure_id)],
    )
