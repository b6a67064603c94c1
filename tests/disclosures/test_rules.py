"""Why a handing over is refused, in words."""

from datetime import timedelta
from typing import Any

import pytest

from humla.consents import actions as consents
from humla.consents.visibility import consents_of
from humla.core.context import acting
from humla.disclosures.models import Disclosure
from humla.disclosures.rules import has_all, may_disclose, may_take_in
from humla.organisation.models import Professional
from tests import factories

pytestmark = pytest.mark.django_db

HANDED = [Disclosure(categories=["IDENTITY"]), Disclosure(categories=["PLANNING", "NEEDS"])]


def test_each_obstacle_has_its_own_sentence(cast, clock):
    document = factories.adopted_plan(cast, by=cast.siv)
    other = factories.open_case(cast, by=cast.siv, number="196803259297", name="Ida Ek")
    case, amir, farid = document.case, cast.units["amir"], cast.units["farid"]
    asked: dict[str, Any] = {"categories": ["IDENTITY", "PLANNING"], "handed": HANDED[:1], "newest": 1}
    with acting(cast.siv):
        given = consents_of(case)[0]
        said = [
            may_disclose(cast.siv, case, document, given, unit=amir, **asked).reason,
            may_disclose(cast.siv, case, document, None, unit=amir, **asked).reason,
            may_disclose(cast.siv, case, document, given, unit=farid, **asked).reason,
            may_disclose(cast.siv, other, document, given, unit=amir, **asked).reason,
            may_disclose(cast.amir, case, document, given, unit=amir, **asked).reason,
            may_disclose(cast.siv, case, document, given, unit=amir, **asked | {"handed": HANDED}).reason,
            may_disclose(cast.siv, case, document, given, unit=amir, **asked | {"newest": 3}).reason,
        ]
    clock(given.ends_at)
    with acting(cast.siv):
        said.append(may_disclose(cast.siv, case, document, given, unit=amir, **asked).reason)
    clock(given.ends_at - timedelta(days=1))
    with acting(cast.siv):
        withdrawn = consents.withdraw(given, by=cast.siv)
        said.append(may_disclose(cast.siv, case, document, withdrawn, unit=amir, **asked).reason)

    assert said == [
        "",
        "Samtycke saknas för AF Humlesund. Skriv in ett samtycke först.",
        "Samtycket gäller en annan enhet än FK Humlesund.",
        "Handlingen hör till ett annat ärende.",
        "Individ- och arbetsmarknadsnämnden har ärendet. Bara de kan ändra i det.",
        "AF Humlesund har redan fått version 1.",
        "Det finns en nyare version. Lämna ut version 3 i stället.",
        "Samtyckets tid är slut för AF Humlesund. Fråga personen igen.",
        "Samtycket för AF Humlesund är återkallat. Inget kan lämnas ut.",
    ]


def test_only_the_units_way_in_takes_in(cast):
    came = Disclosure(receiver_unit_id=cast.units["amir"].pk)
    amir = Professional(authority_id=cast.amir.authority_id)
    said = [
        may_take_in(actor, came, who).reason
        for actor, who in ((cast.amir, amir), (cast.farid, amir), (cast.siv, amir), (cast.amir, None))
    ]

    assert said == [
        "",
        "Bara enhetens mottagare tar emot det som har kommit.",
        "Bara enhetens mottagare tar emot det som har kommit.",
        "Välj någon som arbetar på enheten.",
    ]


def test_several_handings_over_together_are_everything():
    assert [has_all(["IDENTITY", "NEEDS"], HANDED[:count]) for count in (0, 1, 2)] == [False, False, True]
