"""What happens to a consultation: registered, corrected, taken away and put back, tied to its case.

Every verb is the coordinator's. Not here: opening the case (`humla.cases.actions`).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.visibility import is_held
from humla.consultations import rules
from humla.consultations.models import Consultation, ConsultationResult
from humla.core.context import Actor, now
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.organisation.models import Profession, Professional, Unit


@dataclass(frozen=True)
class ConsultationDetails:
    """What is written of a consultation. The asker by name, or just as a profession at a unit."""

    held_on: date
    profession: Profession
    unit: Unit
    theme: str
    form: str
    result: str
    asker: Professional | None = None
    advice: str = ""

    def columns(self) -> dict[str, Any]:
        """The columns that hold them."""
        return {
            "held_on": self.held_on,
            "asker": self.asker,
            "asker_profession": self.profession,
            "asker_unit": self.unit,
            "theme": self.theme,
            "form": self.form,
            "result": self.result,
            "advice": self.advice,
        }


@transaction.atomic
def register(details: ConsultationDetails, *, case: Case | None = None, by: Actor) -> Consultation:
    """Write down that somebody asked and what was answered."""
    _may(details, case, by)
    columns: dict[str, Any] = {
        "association_id": by.association_id,
        "authority_id": by.authority_id,
        "unit_id": by.unit_id,
        "registered_by_id": by.id,
    }
    made = Consultation(**columns, **details.columns(), case=case, registered_at=now())
    made.save(force_insert=True)
    _record(Tag.CONSULTATION_REGISTERED, made.pk, made.version, case)
    return made


@transaction.atomic
def change(
    consultation: Consultation, details: ConsultationDetails, *, version: int, by: Actor
) -> Consultation:
    """Correct what was written. Raises Stale when a colleague has meanwhile."""
    rules.may_change(by, consultation).enforce()
    _may(details, consultation.case, by)
    return _changed(consultation, version, **details.columns())


@transaction.atomic
def remove(consultation: Consultation, *, by: Actor) -> Consultation:
    """Take away one that was registered by mistake: it no longer counts. It can be put back."""
    rules.may_change(by, consultation).enforce()
    return _changed(consultation, consultation.version, is_removed=True)


@transaction.atomic
def restore(consultation: Consultation, *, by: Actor) -> Consultation:
    """Put it back."""
    rules.may_change(by, consultation).enforce()
    return _changed(consultation, consultation.version, is_removed=False)


@transaction.atomic
def tie(consultation: Consultation, case: Case, *, by: Actor) -> Consultation:
    """Say which case it led to. From then on only those who work in that case read it."""
    rules.may_open_of(by, consultation).enforce()
    if not is_held(case, by):
        raise NotAllowed(_("En annan myndighet har ärendet."))
    sip = ConsultationResult.SIP
    return _changed(consultation, consultation.version, case=case, result=sip)


def _may(details: ConsultationDetails, case: Case | None, by: Actor) -> None:
    rules.may_register(
        by, held_on=details.held_on, result=details.result, advice=details.advice, case=case
    ).enforce()
    if case is not None and not is_held(case, by):
        raise NotAllowed(_("En annan myndighet har ärendet."))


def _changed(consultation: Consultation, version: int, **fields: Any) -> Consultation:
    found = Consultation.objects.filter(pk=consultation.pk, version=version)
    if found.update(version=F("version") + 1, **fields) != 1:
        raise Stale(Consultation.objects.filter(pk=consultation.pk).first() or consultation)
    now_so = Consultation.objects.get(pk=consultation.pk)
    _record(Tag.CONSULTATION_CHANGED, now_so.pk, now_so.version, now_so.case)
    return now_so


def _record(tag: Tag, consultation: UUID, version: int, case: Case | None) -> None:
    of, whose = (case.pk, case.person_id) if case else (None, None)
    record(tag, case=of, person=whose, items=[("consultation", consultation, version)])
