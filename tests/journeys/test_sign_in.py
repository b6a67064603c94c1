"""Signing in by the real flow, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_siv_signs_in_and_sees_what_is_to_be_done(person_at: Callable[..., Page]) -> None:
    page = person_at("Siv Sandberg")

    assert page.url.endswith("/idag/")
    assert page.get_by_text("Arbetsmarknadstorget").first.is_visible()
