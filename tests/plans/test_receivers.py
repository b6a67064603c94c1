"""Consents and acts laid together: one row for each unit, whatever each of them has been through."""

from datetime import timedelta

import pytest

from humla.cases.models import Category
from humla.consents.actions import withdraw
from humla.consents.visibility import consent_to, consents_of
from humla.core.context import acting, now
from humla.disclosures.visibility import disclosures_of
from humla.plans.receivers import PlanReceiver, receivers_of
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_each_unit_has_one_row_by_name_with_its_yes_and_what_it_got(cast: Cast) -> None:
    document = factories.adopted_plan(cast, by=cast.siv)
    case, amir, lena, farid = document.case, *(cast.units[who] for who in ("amir", "lena", "farid"))
    factories.handed_over(cast, document, by=cast.siv, to=amir)
    for unit in (lena, farid):
        factories.consent(case, unit, by=cast.siv, categories=[Category.PLANNING])
    with acting(cast.siv):
        taken_back = consent_to(case, lena)
        assert taken_back is not None
        withdraw(taken_back, by=cast.siv)
        rows = receivers_of(consents_of(case), disclosures_of(case.pk))

        def told(row: PlanReceiver) -> tuple[str, bool, bool, int]:
            return row.unit.name, row.consent is not None, row.is_withdrawn, len(row.handed_of(document.pk))

        assert [told(row) for row in rows] == [
            ("AF Humlesund", True, False, 1),
            ("FK Humlesund", True, False, 0),
            ("Psykiatrin Humlesund", False, True, 0),
        ]
        assert rows[0].consent is not None
        assert rows[0].consent.ends_at > now() + timedelta(days=1)
