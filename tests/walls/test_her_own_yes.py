"""What Eva herself may write of consents, and what nobody writes in her name; each with one thing changed."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from humla.core.context import Actor, Kind, acting
from tests.walls import rows
from tests.walls.conftest import REFUSED, Scene
from tests.walls.rows import insert, keep, moment, update

pytestmark = pytest.mark.django_db


_KEY = "d" * 64


@pytest.fixture(autouse=True)
def her_key(scene: Scene) -> None:
    """The pseudonym by which Eva's own session finds what is about her."""
    with acting(scene.cast.siv), connection.cursor() as cursor:
        row = [scene.ours.person.pk, _KEY]
        cursor.execute("INSERT INTO people_personkey (person_id, key) VALUES (%s, %s)", row)


def her(scene: Scene) -> Actor:
    """Eva's own session."""
    return Actor(Kind.PERSON, id=uuid4(), person_key=_KEY)


@pytest.fixture
def asked(scene: Scene) -> Any:
    """Siv's question about Försäkringskassan; its id."""
    return keep(scene.cast.siv, "consents_consentrequest", rows.consent_request(scene.ours, scene.cast.farid))


def yes(scene: Scene, by: Actor, **change: Any) -> dict[str, Any]:
    """The row of her yes to what she was asked."""
    row = rows.consent(scene.ours, scene.cast.farid)
    ours: dict[str, Any] = {"categories": ["IDENTITY", "PLANNING"], "manner": "eid", "recorded_by_id": by.id}
    return row | ours | {"ends_at": row["starts_at"] + timedelta(days=20)} | change


def test_she_says_yes_to_what_she_was_asked(scene: Scene, asked: Any) -> None:
    by = her(scene)

    assert insert(by, "consents_consent", yes(scene, by)) == "1"


def test_without_a_question_she_says_nothing(scene: Scene) -> None:
    by = her(scene)

    assert insert(by, "consents_consent", yes(scene, by)).startswith(REFUSED)


@pytest.mark.parametrize(
    "change",
    [
        {"categories": ["IDENTITY", "PLANNING", "HEALTH"]},
        {"manner": "oral", "heard_by": "Siv"},
        {"given_by": "guardian"},
        {"recorded_by_id": uuid4()},
        {"association_id": uuid4()},
        {"authority_id": uuid4()},
        {"case_id": uuid4()},
        {"receiver_unit_id": uuid4()},
        {"wording_id": uuid4()},
    ],
    ids=lambda change: next(iter(change)),
)
def test_never_more_nor_otherwise(change: dict[str, Any], scene: Scene, asked: Any) -> None:
    by = her(scene)

    assert insert(by, "consents_consent", yes(scene, by, **change)).startswith(REFUSED)


def test_never_for_longer(scene: Scene, asked: Any) -> None:
    by = her(scene)
    longer = moment(scene.ours) + timedelta(days=31)

    assert insert(by, "consents_consent", yes(scene, by, ends_at=longer)).startswith(REFUSED)


def test_another_unit_than_she_was_asked_about_is_refused(scene: Scene, asked: Any) -> None:
    by = her(scene)
    lena = scene.cast.lena
    other = {"receiver_id": lena.authority_id, "receiver_unit_id": lena.unit_id}

    assert insert(by, "consents_consent", yes(scene, by, **other)).startswith(REFUSED)


def test_a_question_that_is_answered_opens_nothing(scene: Scene) -> None:
    by, siv = her(scene), scene.cast.siv
    said = {"answered_at": moment(scene.ours), "answered_by_id": siv.id, "manner": "paper"}
    keep(siv, "consents_consentrequest", rows.consent_request(scene.ours, scene.cast.farid) | said)

    assert insert(by, "consents_consent", yes(scene, by)).startswith(REFUSED)


def test_in_lenas_case_she_answers_only_if_it_is_about_her(scene: Scene, asked: Any) -> None:
    stranger = Actor(Kind.PERSON, id=uuid4(), person_key="0" * 64)

    assert insert(stranger, "consents_consent", yes(scene, stranger)).startswith(REFUSED)
    assert update(stranger, "consents_consentrequest", asked, answered_at=moment(scene.ours)) == "0"


def test_she_answers_in_her_own_name_and_with_her_own_sign_in(scene: Scene, asked: Any) -> None:
    by, at = her(scene), moment(scene.ours)
    no = {"answered_at": at, "answered_by_id": by.id, "manner": "eid"}

    assert update(by, "consents_consentrequest", asked, **no | {"answered_by_id": uuid4()}).startswith(
        REFUSED
    )
    assert update(by, "consents_consentrequest", asked, **no | {"manner": "paper"}).startswith(REFUSED)
    assert update(
        by, "consents_consentrequest", asked, **no | {"consent_id": scene.ours.consent.pk}
    ).startswith(
        REFUSED  # A yes from before is no answer to this.
    )
    assert update(by, "consents_consentrequest", asked, **no) == "1"


def test_no_receiver_sees_what_she_was_asked_nor_whom_she_keeps_away(scene: Scene, asked: Any) -> None:
    keep(scene.cast.siv, "consents_keptaway", rows.kept_away(scene.ours))
    keep(scene.cast.siv, "consents_surveyconsent", rows.survey_consent(scene.ours))
    for table in ("consents_consentrequest", "consents_keptaway", "consents_surveyconsent"):
        assert rows.sees(scene.cast.siv, table) == 1
        for other in ("maja", "amir", "farid", "lena", "nils", "stranger", "greta", "olof"):
            assert (table, other, rows.sees(getattr(scene.cast, other), table)) == (table, other, 0)


def test_the_words_are_written_by_the_administrator_and_never_changed(scene: Scene) -> None:
    row = rows.wording(scene.cast.olof)
    reviewed = {"reviewed_by_name": "n", "reviewed_by_role": "r", "reviewed_on": "2026-11-01"}

    assert insert(scene.cast.siv, "consents_consentwording", row).startswith(REFUSED)
    assert insert(scene.cast.olof, "consents_consentwording", row | reviewed).startswith(REFUSED)
    assert insert(scene.cast.olof, "consents_consentwording", row | {"association_id": uuid4()}).startswith(
        REFUSED
    )
    made = keep(scene.cast.olof, "consents_consentwording", row)
    assert update(scene.cast.siv, "consents_consentwording", made, **reviewed) == "0"
    assert update(scene.cast.olof, "consents_consentwording", made, text="x").startswith(REFUSED)
    assert update(scene.cast.olof, "consents_consentwording", made, **reviewed) == "1"
