"""The receivers of a plan: which units the person has been asked about, and what each has been handed.

Here: consents and acts of handing over laid together, one row for each unit. Not here: the queries of either
(`humla.consents.visibility`, `humla.disclosures.visibility`), what may be handed over
(`humla.disclosures.rules`), nor how a page tells it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from humla.consents.models import Consent, ConsentState
from humla.consents.visibility import state_of
from humla.core.context import now
from humla.disclosures.models import Disclosure
from humla.organisation.models import Authority, Unit


@dataclass(frozen=True)
class PlanReceiver:
    """One unit: its consents and what it has been handed, both newest first."""

    unit: Unit
    authority: Authority
    consents: Sequence[Consent]
    handed: Sequence[Disclosure]

    @property
    def consent(self) -> Consent | None:
        """The consent that is in force now."""
        return next((one for one in self.consents if state_of(one, now()) is ConsentState.IN_FORCE), None)

    @property
    def is_withdrawn(self) -> bool:
        """Does nothing hold any more because the person took her last yes back?"""
        newest = next(iter(self.consents), None)
        withdrawn = newest is not None and state_of(newest, now()) is ConsentState.WITHDRAWN
        return withdrawn and self.consent is None

    def handed_of(self, document_id: UUID) -> list[Disclosure]:
        """What it has been handed of one version."""
        return [one for one in self.handed if one.document_id == document_id]


def receivers_of(consents: Iterable[Consent], handed: Iterable[Disclosure]) -> list[PlanReceiver]:
    """Every unit that they name, by name. Both are given newest first, as their queries answer."""
    agreed: dict[UUID, list[Consent]] = {}
    given: dict[UUID, list[Disclosure]] = {}
    whose: dict[UUID, tuple[Unit, Authority]] = {}
    for act in handed:
        given.setdefault(act.receiver_unit_id, []).append(act)
        whose[act.receiver_unit_id] = act.receiver_unit, act.receiver
    for consent in consents:
        agreed.setdefault(consent.receiver_unit_id, []).append(consent)
        whose[consent.receiver_unit_id] = consent.receiver_unit, consent.receiver
    rows = [
        PlanReceiver(unit, authority, agreed.get(key, []), given.get(key, []))
        for key, (unit, authority) in whose.items()
    ]
    return sorted(rows, key=lambda row: (row.unit.name, str(row.unit.pk)))
