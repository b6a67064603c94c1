"""The next version of the agreement as the administrator has begun to write it in the year.

Here: rows of `humla.agreements`, in a draft that nobody has signed. Not here: the agreement that the year
rests on, which is loaded from the förbund's file.
"""

from datetime import timedelta
from typing import Any

from humla.agreements.chapters import DEADLINES
from humla.agreements.models import (
    AgreementParty,
    AgreementText,
    InitiatingProfession,
    LawReference,
    LifeArea,
    LocalAgreement,
    NeedsGroup,
    TextKind,
)
from humla.agreements.words import STANDARD
from humla.ops.year.setting import Setting

_BEGUN = 12
_NEW_AREA = "Barn och föräldraskap"
_LETTER = {
    "heading": "Välkommen till ditt möte",
    "opening": "Vi vill träffa dig och dem som hjälper dig. Tillsammans bestämmer vi vem som gör vad.",
}


def write(setting: Setting) -> None:
    """A draft with a few things that are otherwise: something to compare, preview and send."""
    before = LocalAgreement.objects.filter(association__short_name="humledalen").order_by("version").last()
    olof = setting.staff.get("Olof Ohlin")
    if before is None or olof is None:
        return
    told: dict[str, Any] = {one.name: getattr(before, one.name) for one in DEADLINES}
    begins = before.ends_on + timedelta(days=1)
    draft = setting.add(
        LocalAgreement,
        association_id=before.association_id,
        title=before.title,
        version=before.version + 1,
        target_group=before.target_group,
        from_age=before.from_age,
        starts_on=begins,
        ends_on=begins + (before.ends_on - before.starts_on),
        is_draft=True,
        follows=before,
        drafted_at=setting.at(setting.before(_BEGUN)),
        drafted_by_id=olof.pk,
        **(told | {"answer_days": before.answer_days - 2, "meeting_days": before.meeting_days - 7}),
    )
    _copy(setting, before, draft)
    common = {"association_id": before.association_id, "agreement": draft}
    for part, text in _LETTER.items():
        setting.add(
            AgreementText,
            **common,
            kind=TextKind.LETTER,
            key="person.called",
            language=STANDARD,
            part=part,
            text=text,
        )


def _copy(setting: Setting, before: LocalAgreement, draft: LocalAgreement) -> None:
    common = {"association_id": before.association_id, "agreement": draft}
    for party in before.parties.all():
        setting.add(AgreementParty, **common, party_id=party.party_id, duty=party.duty)
    for one in before.initiating.all():
        setting.add(InitiatingProfession, **common, profession_id=one.profession_id)
    areas = [(area.name, area.icf) for area in before.life_areas.all()]
    for position, (name, icf) in enumerate([*areas, (_NEW_AREA, "")], start=1):
        setting.add(LifeArea, **common, name=name, icf=icf, position=position)
    for group in before.needs_groups.all():
        setting.add(NeedsGroup, **common, name=group.name, position=group.position)
    for law in before.law.all():
        setting.add(LawReference, **common, subject=law.subject, text=law.text)
