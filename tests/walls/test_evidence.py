"""Underlag is asked for: who may be asked, what whoever is asked may know and say, and when."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from humla.cases.models import Case
from humla.consents.models import Consent
from humla.core.context import Actor, Kind, acting, now
from humla.evidence.models import EvidenceAnswer, OwnView
from humla.protection.actions import protect
from humla.protection.models import MarkingKind
from tests.walls import rows
from tests.walls.conftest import REFUSED, Scene, attempt
from tests.walls.rows import insert, keep, moment

pytestmark = pytest.mark.django_db


def asked(by: Actor, question: str, *values: Any) -> Any:
    """What a function answers, and it stands."""
    with acting(by), connection.cursor() as cursor:
        cursor.execute(question, list(values))
        return cursor.fetchall()


def link(scene: Scene, subject: str = "evidence", about: Any = None, unit: Any = None) -> Actor:
    """The link in the letter to Amir's unit."""
    clock = Actor(Kind.SYSTEM, association_id=scene.cast.siv.association_id)
    to = unit or scene.cast.amir.unit_id
    row = rows.link(scene.ours, about or scene.ours.evidence.pk, to) | {"subject": subject}
    keep(clock, "links_link", row)
    return Actor(Kind.LINK, association_id=clock.association_id, id=row["id"], unit_id=to)


def says(by: Actor, said: str, promised: Any = None, cause: str = "", about: Any = None) -> bool:
    sent = [about, said, promised, cause, uuid4()]
    return bool(asked(by, "SELECT is_taken FROM answer_evidence(%s, %s, %s, %s, %s)", *sent)[0][0])


def writes(by: Actor, scene: Scene) -> bool:
    sent = [scene.ours.evidence.pk, uuid4(), "x"]
    return bool(asked(by, "SELECT is_taken FROM write_view(%s, %s, %s)", *sent)[0][0])


def shown(by: Actor, about: Any = None) -> Any:
    return asked(by, "SELECT kind, sender, reference FROM asked_evidence(%s)", about)


def test_only_a_unit_with_a_yes_to_planning_is_asked(scene: Scene):
    siv, farid = scene.cast.siv, scene.cast.farid
    row = rows.evidence_request(scene.ours, farid.unit_id)

    assert insert(siv, "evidence_evidencerequest", row).startswith(REFUSED)
    keep(siv, "consents_consent", rows.consent(scene.ours, farid))  # To health alone.
    assert insert(siv, "evidence_evidencerequest", row).startswith(REFUSED)
    keep(siv, "consents_consent", rows.consent(scene.ours, farid) | {"categories": ["IDENTITY", "PLANNING"]})
    assert insert(siv, "evidence_evidencerequest", row) == "1"


def test_a_link_shows_the_kind_and_never_who(scene: Scene):
    opened = link(scene)

    assert shown(opened) == [("view", "", scene.ours.case.reference)]
    assert attempt(opened, "SELECT * FROM evidence_evidencerequest", []) == "0"


def test_the_answer_is_one_of_our_codes_and_a_day(scene: Scene):
    opened, soon = link(scene), moment(scene.ours).date()

    assert says(opened, "promised", soon)
    assert says(opened, "sent")
    assert says(opened, "refused", None, "no_time")
    for wrong in (
        ("promised", None, ""),
        ("sent", soon, ""),
        ("refused", None, ""),
        ("refused", None, "hon dricker"),
        ("ring mig", None, ""),
        # What only those who asked can know.
        ("arrived", None, ""),
        ("missing", None, ""),
    ):
        assert not says(opened, *wrong)


def test_a_link_writes_no_words(scene: Scene):
    assert not writes(link(scene), scene)
    assert writes(scene.cast.amir, scene)
    with acting(scene.cast.siv):
        assert OwnView.objects.count() == 1


def test_a_link_to_something_else_and_another_unit_open_nothing(scene: Scene):
    ours = scene.ours.evidence.pk
    for other in (
        link(scene, "summons"),
        link(scene, about=scene.hidden.evidence.pk),
        link(scene, unit=scene.cast.farid.unit_id),
        scene.cast.lena,
        scene.cast.siv,
        scene.cast.nils,
        Actor(Kind.PUBLIC),
    ):
        assert shown(other, ours) == []
        assert not says(other, "sent", about=ours)
        assert not writes(other, scene)


def test_a_yes_taken_back_closes_the_link_in_the_same_second(scene: Scene):
    opened, siv = link(scene), scene.cast.siv
    before = says(opened, "sent")
    with acting(siv):
        yes = Consent.objects.filter(case=scene.ours.case, receiver_unit=scene.cast.amir.unit_id)
        yes.filter(withdrawn_at=None).update(withdrawn_at=now(), withdrawn_by_id=siv.id)

    assert (before, shown(opened), says(opened, "promised", moment(scene.ours).date())) == (True, [], False)
    assert not writes(scene.cast.amir, scene)


def test_a_letter_that_waited_until_the_yes_ran_out_does_not_leave(
    scene: Scene, clock: Callable[[Any], None]
):
    siv, farid = scene.cast.siv, scene.cast.farid
    ends_at = moment(scene.ours) + timedelta(hours=2)
    yes = {"categories": ["IDENTITY", "PLANNING"], "ends_at": ends_at}
    keep(siv, "consents_consent", rows.consent(scene.ours, farid) | yes)
    request = keep(siv, "evidence_evidencerequest", rows.evidence_request(scene.ours, farid.unit_id))
    row = rows.notice(scene.ours, request, farid.unit_id) | {"kind": "evidence_asked"}
    notice = keep(siv, "notifications_notice", row)
    the_clock = Actor(Kind.SYSTEM, association_id=siv.association_id)

    assert asked(the_clock, "SELECT notice_holds(%s)", notice) == [(True,)]
    clock(ends_at)
    assert asked(the_clock, "SELECT notice_holds(%s)", notice) == [(False,)]


def test_a_letter_about_a_closed_case_does_not_leave(scene: Scene):
    siv, amir = scene.cast.siv, scene.cast.amir
    row = rows.notice(scene.ours, scene.ours.evidence.pk, amir.unit_id) | {"kind": "evidence_asked"}
    notice = keep(siv, "notifications_notice", row)
    the_clock = Actor(Kind.SYSTEM, association_id=siv.association_id)

    assert asked(the_clock, "SELECT notice_holds(%s)", notice) == [(True,)]
    asked(
        siv,
        "UPDATE cases_case SET state = 'closed', closed_at = humla_now() WHERE id = %s RETURNING 1",
        scene.ours.case.pk,
    )
    assert asked(the_clock, "SELECT notice_holds(%s)", notice) == [(False,)]


def test_nobody_changes_their_mind_more_than_twenty_times(scene: Scene):
    opened = link(scene)
    for at in range(50):
        says(opened, "refused", None, ("no_time", "other")[at % 2])
    with acting(scene.cast.siv):
        assert EvidenceAnswer.objects.filter(how="link").count() == 20


def test_nothing_is_asked_in_this_way_about_somebody_protected(scene: Scene):
    opened = link(scene)
    with acting(scene.cast.siv):
        case = Case.objects.select_related("person").get(pk=scene.ours.case.pk)
        protect(case, kind=MarkingKind.SECRECY, reason="Polisen ringde.", by=scene.cast.siv)

    assert (shown(opened), says(opened, "sent"), writes(scene.cast.amir, scene)) == ([], False, False)


@pytest.mark.parametrize(
    "function", ["wall_evidence_asked(NULL)", "wall_evidence_turn(NULL)", "silent_evidence()"]
)
def test_the_inner_functions_answer_nobody(function: str, scene: Scene):
    for who in (link(scene), scene.cast.siv, scene.cast.amir):
        assert attempt(who, f"SELECT * FROM {function}", []).startswith(REFUSED)


def test_a_view_has_no_way_in_but_its_function(scene: Scene):
    for who in (scene.cast.siv, scene.cast.amir, link(scene)):
        said = attempt(
            who,
            "INSERT INTO evidence_ownview (id, association_id, authority_id, person_id, case_id, request_id,"
            " text, written_at, written_by_id) SELECT %s, %s, %s, %s, %s, %s, 'x', humla_now(), %s",
            [uuid4(), *scene.ours.about.values(), scene.ours.evidence.pk, who.id],
        )
        assert said.startswith(REFUSED)
