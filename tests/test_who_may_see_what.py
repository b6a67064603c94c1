"""Every page, every reader: who may see what, as one table. A page in no row fails the build (SEC-1).

Eva's case is opened by Siv, its plan adopted, handed over to Arbetsförmedlingen and taken in by Amir.
Lena's clinic has no consent, Nils works in another municipality, Maja sits beside Siv without an
assignment, the stranger has Siv's name in another förbund, and Adam is another person.
Absence is absence: to whoever may not know of a page, its real address and a made-up one give the same bytes.
"""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from humla.consents.models import Consent
from humla.core.context import acting
from humla.organisation.models import UnitAssignment
from humla.plans.models import Commitment, Goal
from humla.web.urls import urlpatterns
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db

ADAM = "199001022383"
EVERYBODY = {
    "siv",
    "maja",
    "amir",
    "farid",
    "lena",
    "nils",
    "stranger",
    "greta",
    "olof",
    "eva",
    "adam",
    "anonymous",
}
SIGNED_IN = EVERYBODY - {"anonymous"}
PROFESSIONALS = {"siv", "maja", "amir", "farid", "lena", "nils", "stranger"}
OFFICE = PROFESSIONALS | {"greta", "olof"}
PERSONS = {"eva", "adam"}
HOLDER = {"siv"}
RECEIVER = {"amir"}
WAYS_IN = {"amir", "farid", "lena"}

# Who gets the page on GET. None: the page takes no GET.
MAY_LOOK: dict[str, set[str] | None] = {
    "home": EVERYBODY,
    "alive": EVERYBODY,
    "ready": EVERYBODY,
    "save_draft": None,
    "sign_in": EVERYBODY,
    "openid_connect_login": None,
    "openid_connect_callback": None,
    "choose_assignment": SIGNED_IN,
    "switch_assignment": SIGNED_IN,
    "sign_out": None,
    "signed_out": EVERYBODY,
    "cases": PROFESSIONALS,
    "open_case": PROFESSIONALS,
    "case": HOLDER | RECEIVER,
    "person": HOLDER,
    "correct_number": HOLDER,
    "link_person": None,
    "unlink_person": None,
    "colleagues": HOLDER,
    "end_colleague": None,
    "consents": HOLDER,
    "answer_plan": HOLDER,
    "give_consent": HOLDER,
    "preview_consent": HOLDER,
    "consent": HOLDER,
    "narrow_consent": HOLDER,
    "withdraw_consent": HOLDER,
    "plan": HOLDER | RECEIVER,
    "own_goal": HOLDER,
    "add_goal": HOLDER,
    "goal": HOLDER,
    "remove_goal": None,
    "add_commitment": HOLDER,
    "commitment": HOLDER,
    "remove_commitment": None,
    "settle_plan": HOLDER,
    "adopt_plan": HOLDER,
    "plan_version": HOLDER,
    "plan_version_pdf": HOLDER,
    "hand_over": None,
    "arrivals": WAYS_IN,
    "take_in": None,
    "received": RECEIVER,
    "received_pdf": RECEIVER,
    "own_page": PERSONS,
    "own_looks": PERSONS,
    "own_plan": {"eva"},
    "own_plan_pdf": {"eva"},
    "own_withdraw": {"eva"},
    "agreement": OFFICE,
    "sign_agreement": None,
    "organisation": OFFICE,
    "components": EVERYBODY,
}
# Pages that go elsewhere by their nature (a redirect is their answer).
LEADS_ON = {"home", "case", "plan", "choose_assignment", "switch_assignment"}


@dataclass
class World:
    """The case and every id that an address can hold."""

    ids: dict[str, Any]
    doors: dict[str, Any]


@pytest.fixture
def world(cast: Cast, sign_in: Any, client: Any) -> World:
    document = factories.adopted_plan(cast, by=cast.siv)
    disclosure = factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    factories.taken_in(disclosure, by=cast.amir)
    with acting(cast.siv):
        ids = {
            "case_id": document.case_id,
            "consent_id": Consent.objects.get().pk,
            "goal_id": Goal.objects.all()[0].pk,
            "commitment_id": Commitment.objects.all()[0].pk,
            "version": 1,
            "disclosure_id": disclosure.pk,
            "document_id": document.pk,
            "assignment_id": UnitAssignment.objects.all()[0].pk,
            "link_id": uuid4(),
            "agreement_party_id": cast.agreement.parties.all()[0].pk,
            "provider_id": "e-legitimation",
        }
    staff = {name: sign_in(getattr(cast, name)) for name in OFFICE}
    return World(ids, {**staff, "eva": sign_in(cast.eva), "adam": sign_in(ADAM), "anonymous": client})


def _address(one: Any, ids: dict[str, Any]) -> str:
    wanted = re.findall(r"<(?:\w+:)?(\w+)>", str(one.pattern))
    return reverse(one.name, kwargs={name: ids[name] for name in wanted})


def test_every_page_stands_in_the_table():
    assert {one.name for one in urlpatterns} == set(MAY_LOOK)


@pytest.mark.parametrize("name", [name for name, who in MAY_LOOK.items() if who is not None])
def test_those_who_may_look_see_it_and_to_the_others_it_is_absent(name: str, world: World):
    one = next(one for one in urlpatterns if one.name == name)
    address = _address(one, world.ids)
    answers = {who: door.get(address) for who, door in world.doors.items()}

    shown = {who for who, answer in answers.items() if answer.status_code == 200}
    led = {who for who, answer in answers.items() if answer.status_code in (302, 303)}
    may = MAY_LOOK[name] or set()
    if name in LEADS_ON:
        assert shown | led >= may
        assert {who for who in led - may if "logga-in" not in answers[who].url} == set()
    else:
        assert shown == may
        assert led == ({"anonymous"} - may)
    absent = EVERYBODY - may - {"anonymous"}
    assert {who for who in absent if answers[who].status_code != 404} == set()


@pytest.mark.parametrize("name", [one.name for one in urlpatterns if "uuid" in str(one.pattern)])
def test_a_hidden_address_and_a_made_up_one_give_the_same_bytes(name: str, world: World):
    one = next(one for one in urlpatterns if one.name == name)
    made_up = {key: uuid4() if isinstance(value, UUID) else value for key, value in world.ids.items()}
    may = MAY_LOOK[name] or HOLDER | RECEIVER | {"eva", "olof"}
    for who in SIGNED_IN - may:
        real, other = (world.doors[who].get(_address(one, ids)) for ids in (world.ids, made_up))
        assert (real.status_code, real.content) == (other.status_code, other.content)


@pytest.mark.parametrize("name", [one.name for one in urlpatterns if "case_id" in str(one.pattern)])
def test_a_form_sent_to_a_hidden_case_does_nothing_and_tells_nothing(name: str, world: World):
    one = next(one for one in urlpatterns if one.name == name)
    if "POST" not in one.callback.door_methods:
        return
    made_up = {key: uuid4() if isinstance(value, UUID) else value for key, value in world.ids.items()}
    for who in ("maja", "lena", "nils", "stranger"):
        real, other = (world.doors[who].send(_address(one, ids)) for ids in (world.ids, made_up))
        assert (real.status_code, real.content) == (404, other.content)


def test_nobody_gets_in_with_a_method_that_the_page_does_not_have(world: World):
    for one in urlpatterns:
        if one.name.startswith("openid_connect"):
            continue
        answer = world.doors["siv"].put(_address(one, world.ids))
        assert (one.name, answer.status_code) == (one.name, 405)
