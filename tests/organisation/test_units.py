"""A unit is chosen until the day it ends, on committed data: only the owner ends a unit."""

import psycopg
from django.db import transaction

from humla.core.context import acting
from humla.organisation.visibility import units_to_choose
from tests.conftest import _owner


def test_a_unit_that_has_ended_is_not_chosen(cast, committed_db):
    with psycopg.connect(_owner(committed_db)) as owner:
        owner.execute("UPDATE organisation_unit SET ends_on = current_date - 7 WHERE name = 'FK Humlesund'")
        owner.execute("UPDATE organisation_unit SET ends_on = current_date + 7 WHERE name = 'AF Humlesund'")
    with transaction.atomic(), acting(cast.siv):
        names = [one.name for one in units_to_choose()]

    assert ("AF Humlesund" in names, "FK Humlesund" in names) == (True, False)
