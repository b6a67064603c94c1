"""allauth's OpenID Connect provider, held to what we need of it.

Lives here: the question that is put to the identity provider, and the login object that cannot be stored.
Not here: the checks of the answer (`evidence.py`), what follows from it (`adapter.py`, `actions.py`).

The traps of allauth 65.21 that this file exists for:
* it writes all claims, person number included, to its own tables before any hook of ours is asked, and does
  so for a refused sign-in too: `UnstoredLogin` looks nothing up and cannot be saved;
* it lets the sign-in link's query override scope and `acr_values`: nothing is taken from the request;
* it sends no nonce: one is made per question and kept with the state.
"""

import secrets
from typing import Any, NoReturn

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest

from humla.accounts.evidence import FRESHNESS, Evidence


class UnstoredLogin(SocialLogin):  # type: ignore[misc]
    """A sign-in under way. It lives for one request and touches no table of allauth's."""

    evidence: Evidence

    def lookup(self) -> None:
        """Whose account it is, our own identity table says."""

    def save(self, request: WSGIRequest, connect: bool = False) -> NoReturn:
        raise RuntimeError("A sign-in is never saved through allauth: that would keep every claim.")


class Flow(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Fetches the whole answer: the token as it is, what userinfo says, and the keys it is signed with."""

    def complete_login(self, request: WSGIRequest, app: Any, token: Any, **kwargs: Any) -> UnstoredLogin:
        with get_adapter().get_requests_session() as session:
            keys = session.get(self.openid_config["jwks_uri"])
            keys.raise_for_status()
        evidence = Evidence(
            id_token=str(kwargs["response"].get("id_token", "")),
            userinfo=self._fetch_user_info(token.token),
            keys=keys.json(),
        )
        login: UnstoredLogin = self.get_provider().sociallogin_from_response(request, evidence)
        return login


class ElectronicIdentification(OpenIDConnectProvider):  # type: ignore[misc]
    """One issuer of e-legitimation."""

    oauth2_adapter_class = Flow
    supports_token_authentication = False

    def get_default_scope(self) -> list[str]:
        # No profile and no e-mail: what is not asked for cannot leak. The second is the Swedish profile's
        # way to ask for the number; a provider of staff identities may leave it unanswered.
        return ["openid", "https://id.oidc.se/scope/naturalPersonNumber"]

    def get_redirect_from_request_kwargs(self, request: WSGIRequest) -> dict[str, Any]:
        nonce = secrets.token_urlsafe(32)
        return {
            "process": AuthProcess.LOGIN,
            "scope": self.get_scope(),
            "auth_params": {
                "acr_values": " ".join(settings.SIGNIN_LEVELS),
                **self.get_auth_params(),
                "nonce": nonce,
                # Identify anew: on a shared computer the provider's own session may be somebody else's.
                "prompt": "login",
                "max_age": str(FRESHNESS),
            },
            "nonce": nonce,
        }

    def sociallogin_from_response(self, request: WSGIRequest, response: Evidence) -> UnstoredLogin:
        login = UnstoredLogin(provider=self, account=SocialAccount(provider=self.sub_id, extra_data={}))
        login.evidence = response
        return login
