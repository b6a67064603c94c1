"""Where allauth asks us: which issuers there are, and what to do with an answer.

Lives here: the adapter named by SOCIALACCOUNT_ADAPTER. Not here: the provider's own traps (`provider.py`),
the checks (`evidence.py`), the account and the session (`actions.py`), the cookie and the pages (web).

Both ways out of allauth's flow are exceptions, since that is the only way to stop it before it signs
somebody in by its own rules: `IdentityProven` and `SignInRefused`. Web turns them into answers.
"""

from typing import Any, NoReturn

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthError
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from requests import RequestException

from humla.accounts.evidence import Expected, Proof, Reason, SignInRefused, examine
from humla.accounts.provider import ElectronicIdentification, UnstoredLogin


class IdentityProven(Exception):
    """The identity provider's answer held; the sign-in is now ours to make."""

    def __init__(self, proof: Proof) -> None:
        super().__init__("The identity is proven.")
        self.proof = proof


class SignInAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Ours at every point where allauth would decide something."""

    def list_apps(
        self, request: WSGIRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The issuers in settings. allauth would also take those of a table: one more way in."""
        providers: dict[str, Any] = settings.SOCIALACCOUNT_PROVIDERS
        apps = [SocialApp(provider="openid_connect", **each) for each in providers["openid_connect"]["APPS"]]
        return [
            app
            for app in apps
            if provider in (None, app.provider, app.provider_id) and client_id in (None, app.client_id)
        ]

    def get_provider(
        self, request: WSGIRequest, provider: str, client_id: str | None = None
    ) -> ElectronicIdentification:
        """Ours always, whatever order the apps are installed in (allauth's registry takes the last one)."""
        return ElectronicIdentification(request, app=self.get_app(request, provider, client_id))

    def pre_social_login(self, request: WSGIRequest, sociallogin: UnstoredLogin) -> NoReturn:
        """Called when the answer has been fetched, before allauth does anything with it."""
        app = sociallogin.provider.app
        expected = Expected(
            issuer=app.settings["issuer"],
            client_id=app.client_id,
            nonce=sociallogin.state.get("nonce", ""),
            levels=settings.SIGNIN_LEVELS,
            number_claim=settings.SIGNIN_NUMBER_CLAIM,
        )
        raise IdentityProven(examine(sociallogin.evidence, expected))

    def on_authentication_error(
        self,
        request: WSGIRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> NoReturn:
        """The flow broke before there was an answer. The exception can hold tokens: only its name is kept."""
        detail = type(exception).__name__ if exception else ""
        if error == AuthError.CANCELLED:
            raise SignInRefused(Reason.CANCELLED)
        if isinstance(exception, RequestException):
            raise SignInRefused(Reason.UNREACHABLE, detail)
        if exception is not None:
            raise SignInRefused(Reason.UNPROVEN, detail)
        answered = "state" in (extra_context or {})
        raise SignInRefused(Reason.UNREACHABLE if answered else Reason.STALE)
