"""What stands beside the consents as rows: what she is asked, who must not come, signed papers.

Lives here: the rows of `humla.consents` that open nothing to anybody. Not here: the consents (`world.py`),
nor who may read this (`decisions.py`).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from humla.consents.models import ConsentRequest, KeptAway, PlanConsent, SignedPaper, SurveyConsent
from prove.ground.readers import HANNA, RECEIVER, UNITS, known

if TYPE_CHECKING:
    from prove.ground.world import CaseFile

IN_ORDER: tuple[type[Model], ...] = (ConsentRequest, KeptAway, SurveyConsent, SignedPaper)

_DAY = timedelta(days=1)


def around(file: "CaseFile", about: dict[str, Any], at: datetime) -> Iterator[Model]:
    """Hanna has asked about the receiver's unit and keeps it away, and has laid in a paper."""
    case_id, signed = file.case.pk, {"recorded_by_id": HANNA}
    yield ConsentRequest(
        id=known(f"fråga {case_id}"),
        **about,
        receiver_id=RECEIVER,
        receiver_unit_id=UNITS[RECEIVER][0],
        categories=["IDENTITY", "PLANNING"],
        ends_at=at + _DAY,
        why="t",
        instead="t",
        asked_at=at - _DAY,
        asked_by_id=HANNA,
    )
    yield KeptAway(
        id=known(f"ska inte vara med {case_id}"),
        **about,
        unit_id=UNITS[RECEIVER][0],
        said_at=at - _DAY,
        **signed,
    )
    yield SurveyConsent(
        id=known(f"efteråt {case_id}"),
        **about,
        **signed,
        purpose="survey",
        agrees=True,
        ends_at=at + _DAY,
        manner="paper",
        given_at=at - _DAY,
    )
    for answer in [one for one in file.held if isinstance(one, PlanConsent)][:1]:
        yield SignedPaper(
            id=known(f"papper {case_id}"),
            **about,
            plan_consent_id=answer.pk,
            kind="image/png",
            size=1,
            sha256="0" * 64,
            content="t",
            scanned_at=at - _DAY,
            scanned_by_id=HANNA,
        )
