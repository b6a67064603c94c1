"""What the tests of agreements share."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from humla.agreements.actions import sign
from humla.agreements.chapters import Chapter, content, mark
from humla.agreements.drafting import send_for_signature, write_chapter
from humla.agreements.models import LocalAgreement
from humla.agreements.visibility import agreement_of
from humla.core.context import acting, today
from tests.cast import Cast

SignAll = Callable[..., None]


@pytest.fixture
def sign_all(cast: Cast) -> SignAll:
    """Olof sends the draft, to hold from today, and writes in that every party has signed."""

    def signed(draft: LocalAgreement, **more: object) -> None:
        with transaction.atomic(), acting(cast.olof):
            frame = content(draft, Chapter.FRAME)
            begins = {**frame, "starts_on": today() - timedelta(days=1), **more}
            write_chapter(draft, Chapter.FRAME, begins, seen=mark(frame), by=cast.olof)
            send_for_signature(draft, by=cast.olof)
            sent = agreement_of(draft.pk)
            assert sent is not None
            for row in sent.parties.all():
                sign(row, name="Agneta Alm", signed_on=today(), by=cast.olof)

    return signed
