"""What the processing rests on is text that the förbund owns: read by all who work here, in versions."""

from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from humla.agreements.actions import write_ground
from humla.agreements.grounds import grounds, standard
from humla.agreements.models import LegalGround
from humla.core.context import acting
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from tests.cast import Cast

pytestmark = pytest.mark.django_db
MINE = {"text": "Barnet frågas först, från 12 år.", "reference": "6 kap. 11 § föräldrabalken"}


def test_an_untouched_forbund_reads_the_texts_that_came_and_is_told_that_it_has_not_weighed_them(
    cast: Cast, sign_in: Any
) -> None:
    page = sign_in(cast.siv).get("/rattsliga-grunder/").content.decode()

    assert page.count("Ert förbund har inte prövat den än.") == len(standard())
    assert "10 kap. 1 § och 12 kap. 2 § offentlighets- och sekretesslagen" in page
    assert "Skriv om" not in page, "only the administrator writes"


def test_the_administrator_writes_a_new_version_and_the_old_one_can_still_be_read(
    cast: Cast, sign_in: Any
) -> None:
    olof = sign_in(cast.olof)
    answer = olof.send("/rattsliga-grunder/barn/", {**MINE, "version": "0"})
    assert answer.headers["Location"] == "/rattsliga-grunder/"

    page = sign_in(cast.siv).get("/rattsliga-grunder/").content.decode()
    assert "Barnet frågas först, från 12 år." in page
    assert page.count("Ert förbund har inte prövat den än.") == len(standard()) - 1
    assert standard()["barn"].text in olof.get("/rattsliga-grunder/barn/").content.decode()
    with acting(cast.olof):
        row = LegalGround.objects.get()
    assert (row.version, row.written_by_id) == (1, cast.olof.id)


def test_two_administrators_at_once_lose_nothing(cast: Cast, sign_in: Any) -> None:
    olof = sign_in(cast.olof)
    olof.send("/rattsliga-grunder/barn/", {**MINE, "version": "0"})

    late = olof.send(
        "/rattsliga-grunder/barn/", {"text": "Ett annat ord.", "reference": "FB", "version": "0"}
    )

    page = late.content.decode()
    assert "Ett annat ord." in page
    assert "Barnet frågas först" in page
    with acting(cast.olof):
        assert LegalGround.objects.count() == 1


def test_an_empty_text_is_refused_in_words_and_keeps_the_rest(cast: Cast, sign_in: Any) -> None:
    page = (
        sign_in(cast.olof)
        .send("/rattsliga-grunder/barn/", {"text": "", "reference": "6 kap. 11 §", "version": "0"})
        .content.decode()
    )
    assert "Skriv vad ni vilar behandlingen på." in page
    assert "6 kap. 11 §" in page


def test_a_subject_that_is_not_there_and_a_reader_who_may_not_write_find_nothing(
    cast: Cast, sign_in: Any
) -> None:
    assert sign_in(cast.olof).get("/rattsliga-grunder/annat/").status_code == 404
    assert sign_in(cast.siv).get("/rattsliga-grunder/barn/").status_code == 404


def test_another_forbund_keeps_its_own_words(cast: Cast) -> None:
    with transaction.atomic(), acting(cast.olof):
        write_ground("barn", **MINE, version=0, by=cast.olof)
    with acting(cast.stranger):
        assert [one.version for one in grounds()] == [0] * len(standard())


def test_neither_the_rule_nor_the_wall_lets_a_handler_write(cast: Cast) -> None:
    with transaction.atomic(), acting(cast.siv), pytest.raises(NotAllowed):
        write_ground("barn", **MINE, version=0, by=cast.siv)
    insert = (
        "INSERT INTO agreements_legalground (id, association_id, subject, version, text, reference,"
        " written_at, written_by_id) VALUES (gen_random_uuid(), %s, 'barn', 1, 'x', 'y', humla_now(), %s)"
    )
    for who, tenant in ((cast.siv, cast.association.pk), (cast.olof, cast.stranger.association_id)):
        with (
            acting(who),
            pytest.raises(Exception, match="row-level security") as refused,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(insert, [tenant, who.id])
        assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_a_version_that_is_taken_shows_theirs(cast: Cast) -> None:
    with transaction.atomic(), acting(cast.olof):
        written = write_ground("barn", **MINE, version=0, by=cast.olof)
        with pytest.raises(Stale) as stale:
            write_ground("barn", text="Annat", reference="FB", version=0, by=cast.olof)
        assert stale.value.theirs == written
