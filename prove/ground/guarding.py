"""The protection around a person as rows: the marking, who is cleared, where she is, an approved place.

Lives here: the rows of `humla.protection` and the approval of a meeting's place. Not here: that the case and
the assignments are protected, and until when one is cleared (`world.py`), nor who may read this
(`decisions.py`).

They lie around every file with a plan, protected or not: that the old contact details of somebody who is no
longer protected open to nobody is a cell too.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from humla.meetings.models import Meeting, PlaceApproval
from humla.protection.models import Clearance, Marking, ProtectedContact
from prove.ground.readers import COLLEAGUE, HANNA, HOLDER, RECEIVER, RUNE, UNITS, known

if TYPE_CHECKING:
    from prove.ground.world import CaseFile

IN_ORDER: tuple[type[Model], ...] = (Marking, Clearance, ProtectedContact, PlaceApproval)
"""In an order that foreign keys accept, after meetings."""

_DAY = timedelta(days=1)


def around(file: "CaseFile", about: dict[str, Any], at: datetime) -> Iterator[Model]:
    """Hanna has marked her, Hanna and Rune have been cleared, and Hanna's colleague has read a place."""
    case_id = file.case.pk
    hers = {name: value for name, value in about.items() if name != "case_id"}
    yield Marking(
        id=known(f"markering {case_id}"),
        **hers,
        kind="secrecy",
        reason="t",
        marked_at=at - _DAY,
        marked_by_id=HANNA,
    )
    for who, authority in ((HANNA, HOLDER), (RUNE, RECEIVER)):
        for name, unit in zip(("", " för annan enhet"), UNITS[authority], strict=True):
            yield Clearance(
                id=known(f"behörighet{name} {who} {case_id}"),
                **about,
                professional_id=who,
                unit_id=unit,
                ground="given",
                given_at=at - _DAY,
                given_by_id=COLLEAGUE,
                ends_at=at + _DAY,
            )
    yield ProtectedContact(
        id=known(f"skyddad kontakt {case_id}"),
        **hers,
        address="t",
        written_at=at - _DAY,
        written_by_id=HANNA,
    )
    for row in [one for one in file.held if isinstance(one, Meeting)][:1]:
        yield PlaceApproval(
            id=known(f"godkänd plats {case_id}"),
            **about,
            meeting=row,
            place="t",
            written_by_id=HANNA,
            approved_at=at - _DAY,
            approved_by_id=COLLEAGUE,
        )
