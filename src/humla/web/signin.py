"""Signing in, choosing whom to act as, and signing out.

Lives here: the pages, the session cookie, and the two steps of the OpenID Connect flow that allauth takes.
Not here: the checks of an identity provider's answer (`accounts.evidence`), the session rows
(`accounts.actions`), the look-up of the cookie on every other page (`door.py`).

`begin` and `callback` stand outside the door: nobody is signed in yet, they talk to the identity provider in
the middle, and no transaction should be open meanwhile. Django's own session is used by these two alone
(its cookie is sent under /logga-in/ only) and is emptied when the flow ends, whichever way it ends.
"""

import logging
from uuid import UUID

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from humla.accounts import actions
from humla.accounts.adapter import IdentityProven
from humla.accounts.evidence import Proof, Reason, SignInRefused
from humla.accounts.provider import Flow
from humla.audit.record import record
from humla.audit.tags import Tag
from humla.organisation.models import Role
from humla.representatives.models import MandateKind
from humla.web.door import DoorRequest, note, public_page, signed_in_page
from humla.web.errors import AnswerInstead
from humla.web.pace import Pace, address_of
from humla.web.page import render

logger = logging.getLogger(__name__)

AS_PERSON = "person"
FOR_SOMEBODY = "for:"
BEGUN = Pace(300, seconds=60)
"""By address. A whole town hall may sign in from one at eight o'clock; nobody does so five times a second."""


@public_page()
def sign_in(request: DoorRequest) -> HttpResponse:
    """Where everybody starts."""
    ways = [(app.provider_id, app.name) for app in get_adapter(request).list_apps(request)]
    page = render(request, "signin/sign_in.html", {"ways": ways})
    # Browsers hold form-action over the redirects after a form too, and their message then names our own
    # address: so this page, and no other, lists the identity provider's origin.
    csp_update({"form-action": settings.SIGNIN_ORIGINS})(lambda _request: page)(request)
    return page


@never_cache
@require_POST
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the visitor to the identity provider."""
    try:
        BEGUN.hold(address_of(request), what="sign-in")
        response: HttpResponse = (
            get_adapter(request).get_provider(request, provider_id).redirect_from_request(request)
        )
        return response
    except AnswerInstead as instead:
        return instead.answer(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except RequestException as error:
        return _refused(request, SignInRefused(Reason.UNREACHABLE, type(error).__name__))


@never_cache
@require_GET
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The visitor is back from the identity provider."""
    try:
        return _signed_in(request, _proof(request, provider_id))
    except SignInRefused as refusal:
        return _refused(request, refusal)
    finally:
        # State, verifier and nonce have done their work or failed to; nothing of the flow stays.
        request.session.flush()


@signed_in_page(methods=("GET", "POST"))
def choose_assignment(request: DoorRequest) -> HttpResponse:
    """What to act as, first thing after signing in."""
    return _choose(request, _("Välj uppdrag"))


@signed_in_page(methods=("GET", "POST"))
def switch_assignment(request: DoorRequest) -> HttpResponse:
    """Act as something else from now on."""
    return _choose(request, _("Byt uppdrag"))


@signed_in_page(methods=("POST",))
def sign_out(request: DoorRequest) -> HttpResponse:
    """End this browser's session."""
    record(Tag.SIGNED_OUT)
    actions.end_session(_token(request))
    response = redirect("signed_out")
    response.delete_cookie(settings.SIGNIN_COOKIE, samesite="Lax")
    return response


@public_page()
def signed_out(request: DoorRequest) -> HttpResponse:
    """What one sees after signing out."""
    return render(request, "signin/signed_out.html")


def _proof(request: HttpRequest, provider_id: str) -> Proof:
    try:
        OAuth2CallbackView.adapter_view(Flow(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except IdentityProven as proven:
        return proven.proof
    # allauth answered by itself, which none of its ways out should do any more: nobody is signed in.
    raise SignInRefused(Reason.UNPROVEN, "allauth answered")


def _signed_in(request: HttpRequest, proof: Proof) -> HttpResponse:
    token = actions.sign_in(proof, language=get_language() or "", replacing=_token(request))
    chosen = actions.choose_the_only(token)
    note(Tag.SIGNED_IN, token=token)
    # The token against forgery is not rotated: a form that was kept while its sender signed in again in
    # another tab must still be taken. It is HttpOnly, and in production a __Host- cookie nobody can plant.
    response = redirect("/" if chosen else "choose_assignment")
    response.set_cookie(
        settings.SIGNIN_COOKIE,
        token,
        path="/",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def _choose(request: HttpRequest, heading: str) -> HttpResponse:
    offered = actions.choices(_token(request))
    if request.method == "POST" and _take_up(_token(request), request.POST.get("choice", "")):
        return redirect("/")
    refused = request.method == "POST"
    context = {
        "heading": heading,
        "offered": offered,
        "roles": dict(Role.choices),
        "mandates": dict(MandateKind.choices),
        "gone": refused,
    }
    return render(request, "signin/choose.html", context, status=409 if refused else 200)


def _take_up(token: str, wanted: str) -> bool:
    if wanted == AS_PERSON:
        return actions.choose_person(token)
    try:
        if wanted.startswith(FOR_SOMEBODY):
            return actions.choose_mandate(token, UUID(wanted.removeprefix(FOR_SOMEBODY)))
        return actions.choose_assignment(token, UUID(wanted))
    except ValueError:
        return False


def _refused(request: HttpRequest, refusal: SignInRefused) -> HttpResponse:
    if refusal.reason is not Reason.CANCELLED:
        logger.warning("Sign-in refused: %s", refusal)
    title, sentence, advice = _explained(refusal.reason)
    context = {"title": title, "sentence": sentence, "advice": advice}
    status = 503 if refusal.reason is Reason.UNREACHABLE else 403
    return render(request, "signin/refused.html", context, status=status)


def _explained(reason: Reason) -> tuple[str, str, str]:
    """What happened, what it means, what to do."""
    return {
        Reason.CANCELLED: (
            _("Du avbröt inloggningen"),
            _("Du är inte inloggad."),
            _("Logga in när du vill fortsätta."),
        ),
        Reason.STALE: (
            _("Inloggningen hann bli för gammal"),
            _("Den tog mer än tio minuter, eller började i ett annat fönster. Du är inte inloggad."),
            _("Börja om från början i det här fönstret."),
        ),
        Reason.UNREACHABLE: (
            _("Legitimeringstjänsten svarar inte"),
            _("Felet ligger hos den som kontrollerar e-legitimationen. Du är inte inloggad."),
            _("Vänta en stund och försök igen."),
        ),
        Reason.UNPROVEN: (
            _("Vi kunde inte kontrollera vem du är"),
            _("Svaret om vem du är gick inte att lita på. Du är inte inloggad och inget har sparats."),
            _("Försök igen. Händer det en gång till, kontakta den som sköter Humla hos er."),
        ),
        Reason.LEVEL: (
            _("Din e-legitimation räcker inte"),
            _("Humla kräver en e-legitimation på tillitsnivå 3. Du är inte inloggad och inget har sparats."),
            _("Använd en e-legitimation på högre nivå, till exempel BankID, Freja eID Plus eller SITHS."),
        ),
        Reason.CLOSED: (
            _("Ditt konto är stängt"),
            _("Du är inte inloggad."),
            _("Kontakta den som sköter Humla hos er om kontot ska öppnas igen."),
        ),
    }[reason]


def _token(request: HttpRequest) -> str:
    return request.COOKIES.get(settings.SIGNIN_COOKIE, "")
