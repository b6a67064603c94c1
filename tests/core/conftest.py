"""Settings for the tests of core, which need no database.

They also run on their own, without the site's settings: `pytest tests/core -p no:django`.
"""

import os

import django
import pytest
from cryptography.fernet import Fernet
from django.conf import settings

if not os.environ.get("DJANGO_SETTINGS_MODULE"):
    settings.configure(USE_I18N=True, LANGUAGE_CODE="sv", HUMLA_KEYS_DATA={})
    django.setup()


@pytest.fixture
def keys(monkeypatch):
    """A key file of the test's own."""
    made = {"lookup": "ab" * 32, "fields": [Fernet.generate_key().decode()]}
    monkeypatch.setattr(settings, "HUMLA_KEYS_DATA", made, raising=False)
    return made
