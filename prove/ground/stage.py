"""A committed database with the cast in it, spoken to through the program's own actions as the limited role.

Lives here: setting it up, and processes that work in it at once. Not here: the world of the decision table
(`world.py`), which is loaded past the actions because it holds what no action would write.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from django.db import connections

from humla.core.numbers import NotANumber, parse
from prove.ground import database
from tests import cast as the_cast

Given = TypeVar("Given")
Answer = TypeVar("Answer")


_SERIES = Path(__file__).parents[2] / "data" / "testnummer.txt"


def numbers(count: int, today: date) -> list[str]:
    """So many of the published test numbers, of people between 20 and 60: anybody may have a plan then."""
    told = (line for line in _SERIES.read_text().splitlines() if line and not line.startswith("#"))
    return [
        one for one in told if today.year - 60 < int(one[:4]) < today.year - 20 and _is_whole(one, today)
    ][:count]


def _is_whole(number: str, today: date) -> bool:
    try:
        return bool(parse(number, today))
    except NotANumber:
        return False


@contextmanager
def staged(name: str) -> Iterator[the_cast.Cast]:
    """A copy of the migrated database with Siv, Amir, Lena, Nils and Eva; Django speaks to it as app."""
    with database.cloned(name) as full:
        with speaking(full, as_user="humla_owner"):
            the_cast.seed()
            cast = the_cast.gather()
        with speaking(full, as_user="humla_app"):
            yield cast


@contextmanager
def speaking(name: str, *, as_user: str) -> Iterator[None]:
    """Let Django speak to another database for a while, as one of its roles."""
    place = connections["default"].settings_dict
    before = place["NAME"], place["USER"]
    connections.close_all()
    place["NAME"], place["USER"] = name, as_user
    try:
        yield
    finally:
        connections.close_all()
        place["NAME"], place["USER"] = before


def name_of_the_stage() -> str:
    """The database that Django speaks to now."""
    return str(connections["default"].settings_dict["NAME"])


def at_once(work: Callable[[Given], Answer], given: Sequence[Given]) -> list[Answer]:
    """Each in a process of its own, forked, with its own connections; the answers in order."""
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(len(given)) as pool:
        return pool.map(_alone, [(work, one) for one in given])


def _alone(both: tuple[Callable[[Any], Any], Any]) -> Any:
    work, one = both
    try:
        return work(one)
    finally:
        connections.close_all()
