"""What the wall refuses is a no with a reason; every other fault stays the fault that it is."""

from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection

from humla.core.context import acting
from humla.core.refusals import refused_by_the_wall
from humla.core.rulings import NotAllowed
from humla.drafts.models import Draft

pytestmark = pytest.mark.django_db


def test_a_no_of_the_wall_is_told_with_the_reason_and_what_was_before_stands(cast):
    with acting(cast.siv) as place:
        Draft.objects.create(owner_id=cast.siv.id, form="före", fields="{}", saved_at=place.at)
        with (
            pytest.raises(NotAllowed, match="Det är någon annans"),
            refused_by_the_wall("Det är någon annans."),
        ):
            Draft(id=uuid4(), owner_id=cast.maja.id, form="x", fields="{}", saved_at=place.at).save(
                force_insert=True
            )

        assert [one.form for one in Draft.objects.all()] == ["före"]


def test_another_fault_is_not_taken_for_a_no(cast):
    with (
        acting(cast.siv),
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError),
        refused_by_the_wall("Nej."),
    ):
        cursor.execute("SELECT ingen_sadan_kolumn FROM drafts_draft")
