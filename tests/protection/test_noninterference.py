"""Whether somebody protected is here cannot be told by those who are not cleared: a short form of the proof.

The whole programme is `./humla prove noninterference`; it asks everybody everything.
"""

from collections.abc import Callable, Iterator

import pytest
from django.db import connections

from prove.ground import apart, database, stage
from tests.cast import Cast

READERS = ("maja", "amir", "nils")
PAGES = 25

Answers = dict[str, apart.Asked]


@pytest.fixture
def asked(template, cast: Cast, django_db_setup, django_db_blocker) -> Iterator[Callable[..., Answers]]:
    """`asked(her, is_there=True)`: everything the readers are answered, in a database of its own."""

    def answers(her: apart.Her, *, is_there: bool, is_protected: bool = True) -> Answers:
        connections.close_all()
        with database.cloned("apart", of=ground) as full, stage.speaking(full, as_user="humla_app"):
            if is_there:
                apart.lay_her(cast, her, is_protected=is_protected)
            return {who: apart.ask_everything(cast, who, her, most=PAGES) for who in READERS}

    with django_db_blocker.unblock(), database.cloned("ground", of=template[0]) as ground:
        with stage.speaking(ground, as_user="humla_app"):
            apart.common_ground(cast)
        yield answers


def unlike(one: Answers, other: Answers) -> list[str]:
    return [f"{who}: {what}" for who in READERS for what in one[who].unlike(other[who])]


def test_absent_and_protected_give_the_same_answers_and_unprotected_does_not(asked):
    her = apart.Her.made_up()
    absent = asked(her, is_there=False)
    protected = asked(her, is_there=True)
    unprotected = asked(her, is_there=True, is_protected=False)

    assert sum(len(one.answers) for one in absent.values()) > 100
    assert unlike(absent, protected) == []
    assert {one.split(":")[0] for one in unlike(absent, unprotected)} >= {"maja", "amir"}
