"""Writes the year: the setting, the cases, the consultations, then all that rests on frozen documents.

Here: the order of it, and that it happens once. Not here: the rows of a case (`course.py`, `frozen.py`).
"""

import json
import random
from pathlib import Path

from django.db import connection, transaction
from django.utils import translation

from humla.agreements.models import LifeArea, NeedsGroup
from humla.cases.models import Case
from humla.consultations.models import Consultation, ConsultationForm, ConsultationResult, Theme
from humla.ops.sentences import say
from humla.ops.year import (
    agreeing,
    answers,
    approach,
    asked,
    course,
    evidence,
    figures,
    frozen,
    lettering,
    papers,
    reminders,
    seeking,
    words,
)
from humla.ops.year.cases import courses
from humla.ops.year.held import Held
from humla.ops.year.setting import STOCKHOLM, Setting, Workers, colleagues
from humla.organisation.models import Association, Profession, Professional
from humla.people.models import Person

DATA = Path(__file__).resolve().parents[4] / "data"
NUMBERS, SIGN_INS = DATA / "testnummer.txt", DATA / "demo" / "people.json"

_WORKPLACES = {
    "socialsekreterare": "Ekonomiskt bistånd",
    "arbetskonsulent": "Arbetsmarknadstorget",
    "arbetscoach": "Arbetsmarknadstorget",
    "arbetsförmedlare": "Arbetsförmedlingen Humlesund",
}


def main() -> int:
    """Write it; 0 also when there is nothing to write it into, or it is there already."""
    with translation.override("sv"), transaction.atomic():
        association = Association.objects.filter(short_name="humledalen").first()
        if association is None or Consultation.objects.filter(association=association).exists():
            return 0
        write(association)
    say(f"Ett år i {association.name}: {figures.SIPS} planer, {figures.CONSULTATIONS} konsultationer.")
    return 0


def write(association: Association, *, seed: int = figures.SEED) -> None:
    """The same seed on the same day gives the same rows."""
    dice = random.Random(seed)
    setting = _setting(association, dice)
    workers = {
        who: colleagues(setting, setting.units[_WORKPLACES[who]], who, count)
        for who, count in figures.ASKERS.items()
    }
    held = [course.write(setting, one, workers) for one in courses(_numbers(association), dice)]
    _consultations(setting, workers, held)
    _save(setting)
    for one in held:
        frozen.write(setting, one)
    _save(setting)
    for one in held:
        papers.write(setting, one)
    _save(setting)
    answers.write(setting, held)
    approach.write(setting, _newest_cases(association))
    _save(setting)
    reminders.write(setting)
    lettering.write(setting)
    _save(setting)
    asked.write(setting)
    _save(setting)
    seeking.write(setting)
    evidence.write(setting)
    agreeing.write(setting)
    _save(setting)


def _newest_cases(association: Association) -> list[Case]:
    """Eva's first: she has a page of her own to read."""
    found = Case.objects.filter(association=association).select_related("unit", "person")
    return sorted(found.order_by("-opened_at", "id"), key=lambda one: one.person.full_name != "Eva Ek")


def _setting(association: Association, dice: random.Random) -> Setting:
    with connection.cursor() as cursor:
        cursor.execute("SELECT humla_now()")
        now = cursor.fetchone()[0]
    return Setting(
        now=now,
        today=now.astimezone(STOCKHOLM).date(),
        dice=dice,
        units={one.name: one for one in association.units.select_related("authority__party")},
        professions={one.name: one for one in Profession.objects.filter(association=association)},
        staff={one.name: one for one in Professional.objects.filter(association=association)},
        life_areas=list(LifeArea.objects.filter(association=association)),
        needs_groups=list(NeedsGroup.objects.filter(association=association)),
    )


def _numbers(association: Association) -> list[str]:
    """Published test numbers of people of working age, but not of those who can sign in or have cases."""
    taken = {one.number for one in Person.objects.filter(association=association)}
    taken |= {one.get("number", "") for one in json.loads(SIGN_INS.read_text("utf-8"))}
    lines = NUMBERS.read_text().splitlines()
    return [one for one in lines if one.isdigit() and 1958 <= int(one[:4]) <= 2008 and one not in taken]


def _consultations(setting: Setting, workers: Workers, held: list[Held]) -> None:
    """Every asker asks at least once; those that led to a SIP are tied to the cases they led to."""
    siv, torget = setting.staff["Siv Sandberg"], setting.units["Arbetsmarknadstorget"]
    askers = [(profession, one) for profession, people in workers.items() for one in people]
    led_to = [one for one in held if one.course.is_sip and one.unit == torget and not one.course.is_protected]
    others = [one for one in ConsultationResult if one != ConsultationResult.SIP]
    for at in range(figures.CONSULTATIONS):
        profession, asker = askers[at % len(askers)]
        sip = led_to[at] if at < len(led_to) else None
        day = sip.opened_on if sip else setting.before(setting.dice.randint(1, 360))
        setting.add(
            Consultation,
            association_id=torget.association_id,
            authority_id=torget.authority_id,
            unit=torget,
            held_on=day,
            asker=asker,
            asker_profession=setting.professions[profession],
            asker_unit=setting.units[_WORKPLACES[profession]],
            theme=setting.next("themes", Theme),
            form=setting.next("consultation forms", ConsultationForm),
            result=ConsultationResult.SIP if sip else setting.next("consultation results", others),
            advice=setting.next("advice", words.ADVICE),
            case=sip.case if sip else None,
            registered_by=siv,
            registered_at=setting.at(day, 15),
        )


def _save(setting: Setting) -> None:
    """All that has been made since the last time. Foreign keys wait for the commit, so the order is free."""
    for model, rows in setting.rows.items():
        model._base_manager.bulk_create(rows, batch_size=500)
    setting.rows = {}
