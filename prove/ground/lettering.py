"""Letters on paper around what was decided: how two receivers are reached, and letters about summonses."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from humla.letters.models import Addressee, PaperLetter
from humla.meetings.models import Summons
from prove.ground.readers import HANNA, known

if TYPE_CHECKING:
    from prove.ground.world import CaseFile

IN_ORDER: tuple[type[Model], ...] = (Addressee, PaperLetter)
_DAY = timedelta(days=1)


def around(file: "CaseFile", about: dict[str, Any], at: datetime) -> Iterator[Model]:
    """Her own way, a relative's, and a letter about each summons of the case."""
    for called, name in (("person", ""), ("relative", "Karin")):
        yield Addressee(
            id=known(f"brevmottagare {called} {file.case.pk}"),
            **about,
            called=called,
            name=name,
            way="by_hand",
            written_at=at - _DAY,
            written_by_id=HANNA,
        )
    for summons in [one for one in file.held if isinstance(one, Summons)]:
        yield PaperLetter(
            id=known(f"brev {summons.pk}"),
            **about,
            summons=summons,
            occasion="called",
            queued_at=at - _DAY,
            queued_by_id=HANNA,
        )
