"""Signing in by the real flow, in a real browser."""

import pytest

pytestmark = pytest.mark.browser


def test_siv_signs_in_and_stands_among_her_cases(person_at):
    page = person_at("Siv Sandberg")

    assert page.url.endswith("/arenden/")
    assert page.get_by_text("Arbetsmarknadstorget").first.is_visible()
