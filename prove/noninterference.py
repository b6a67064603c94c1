"""Prove that nobody who is not cleared can tell whether somebody with protected identity is here.

`./humla prove noninterference`. Two committed databases are alike but for her: in the one she has never been
heard of, in the other she is protected, with a whole case around her. Everybody but those who are cleared
asks both the same: all the pages that they come to from their first one, every address with her case in it,
and her name, number and reference in every box that takes one. Each answer must be the same, byte for byte,
when tokens, ids and clocks are made alike, and cost as many questions to the database. Then she is left
unprotected, or the walls are altered in one place at a time, and the difference must be heard.

Lives here: the programme. Not here: laying and asking (`prove/ground/apart.py`).
"""

import logging
import sys
from collections.abc import Sequence
from time import monotonic

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402

from prove.ground import apart, database, faults  # noqa: E402
from prove.ground.stage import name_of_the_stage, speaking, staged  # noqa: E402
from tests.cast import Cast  # noqa: E402

_READERS = (*apart.LOOKERS, "nobody")

_CONTROLS: dict[str, tuple[faults.Edit, ...]] = {
    "skyddet är aldrig satt": (),
    "ärendet öppnas utan behörighet": (
        faults.Edit(
            "40_read.sql",
            "held_or_disclosed ON cases_case",
            "AND (NOT cases_case.is_protected OR a.cleared_until > humla_now())",
            "",
        ),
    ),
    "numret hittar henne": (
        faults.Edit("30_facts.sql", "FUNCTION wall_find_person", "NOT p.is_protected OR", "true OR"),
    ),
    "det som kommit till enheten står på listan": (
        faults.Edit(
            "30_facts.sql",
            "giver_receiver_or_way_in ON disclosures_disclosure",
            "AND case_id <> ALL ((SELECT wall_kept_from_way_in())::uuid[])",
            "",
        ),
    ),
}
"""What must be heard: her own case unprotected, and each of these walls altered."""


def main() -> int:
    """Both halves: nothing is heard, and each control is."""
    began = monotonic()
    logging.disable(logging.ERROR)  # Where a wall is altered pages break, as they should.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    with staged("alike") as cast:
        apart.common_ground(cast)
        base = name_of_the_stage()
        absent, her = _without_her(cast, base)
        answers = sum(len(one.answers) for one in absent.values())
        heard = _heard(absent, _with_her(cast, base, her, ()))
        print(f"svar som jämförts: {answers} ({len(_READERS)} läsare), mål: alla lika")
        print(f"svar som skilde: {len(heard)}, mål: 0")
        for one in heard[:20]:
            print(f"  {one}")
        silent = [
            name
            for name, edits in _CONTROLS.items()
            if not _heard(absent, _with_her(cast, base, her, edits, is_protected=bool(edits)))
        ]
    print(f"planterade fel som hördes: {len(_CONTROLS) - len(silent)} av {len(_CONTROLS)}")
    for name in silent:
        print(f"  tyst: {name}")
    print(f"tid: {monotonic() - began:.0f} s; inget lottas, så frö saknas")
    return 1 if heard or silent else 0


def _without_her(cast: Cast, base: str) -> tuple[dict[str, apart.Asked], apart.Her]:
    """Her case is known by an id and a reference that nobody has, so that they can be asked for."""
    her = apart.Her.made_up()
    connections.close_all()
    with database.cloned("absent", of=base) as full, speaking(full, as_user="humla_app"):
        return {who: apart.ask_everything(cast, who, her) for who in _READERS}, her


def _with_her(
    cast: Cast, base: str, her: apart.Her, edits: Sequence[faults.Edit], *, is_protected: bool = True
) -> dict[str, apart.Asked]:
    connections.close_all()
    with database.cloned("present", of=base) as full:
        with speaking(full, as_user="humla_app"):
            apart.lay_her(cast, her, is_protected=is_protected)
        if edits:
            with database.as_owner(full) as owner:
                database.apply(owner, faults.changed(database.the_walls(), edits))
        with speaking(full, as_user="humla_app"):
            return {who: apart.ask_everything(cast, who, her) for who in _READERS}


def _heard(absent: dict[str, apart.Asked], present: dict[str, apart.Asked]) -> list[str]:
    return [f"{who}: {one}" for who in _READERS for one in absent[who].unlike(present[who])]


if __name__ == "__main__":
    sys.exit(main())
