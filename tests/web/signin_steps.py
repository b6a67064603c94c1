"""The steps of a sign-in that its tests share: which provider, and the way there and back."""

from typing import Any

from django.test import Client

from humla.ops.identity_provider import DEMO_ISSUER
from tests.accounts.provider_process import SECRET, ProviderProcess

BEGIN = "/logga-in/e-legitimation/"


def point_at(settings: Any, url: str, **changed: object) -> None:
    app = {
        "provider_id": "e-legitimation",
        "name": "e-legitimation",
        "client_id": "humla",
        "secret": SECRET,
        "settings": {"server_url": url, "issuer": DEMO_ISSUER},
    }
    settings.SIGNIN_ORIGINS = [url]
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app | changed]}
    }


def way_back(client: Client, provider: ProviderProcess, subject: str) -> str:
    """From the button, by the provider's list, to the address that one is sent back to."""
    begun = client.post(BEGIN)
    assert begun.status_code == 302, begun.content
    return provider.choose(begun["Location"], subject)
