"""Who has asked for a plan in the year: without account, for somebody else, and Amir, who may not start one.

Here: rows of `humla.initiations` at Siv's unit. A few wait, one of them late; the older ones are answered,
and those that were answered long ago are emptied, as the clock does it.
"""

from datetime import timedelta
from typing import Any

from humla.core.workdays import working_days_after
from humla.initiations.models import AskedBy, DeclineGround, PlanRequest, RequestState, RequestTheme
from humla.initiations.receipts import receipt_of
from humla.initiations.visibility import DAYS_KEPT
from humla.ops.year.setting import Setting

SIV, AMIR, UNIT, AF = (
    "Siv Sandberg",
    "Amir Haddad",
    "Arbetsmarknadstorget",
    "Arbetsförmedlingen Humlesund",
)
_ANSWERED, _DAYS_BETWEEN = 32, 11

_WAITING = (
    (
        1,
        AskedBy.PERSON,
        "Jag har kontakt med fyra olika ställen och orkar inte berätta allt igen. Jag vill börja arbeta, men"
        " vården och kommunen säger olika saker.",
        "Pia Palm",
        "",
        "070-174 06 11, helst efter klockan tio",
        "sv",
    ),
    (
        2,
        AskedBy.RELATIVE,
        "ابني لا يعمل منذ سنتين ويحتاج إلى مساعدة من الطبيب ومن البلدية معاً.",
        "Karim Khoury",
        "Samira Khoury",
        "070-174 06 12, ring på arabiska",
        "ar",
    ),
    (
        12,
        AskedBy.PERSON,
        "Min läkare sa att jag kan be om en SIP här. Jag är sjukskriven och har sökt ny bostad.",
        "Ove Olin",
        "",
        "ove.olin@mail.example",
        "sv",
    ),
)
_INSTEAD = {
    DeclineGround.ONE_PARTY: "Ring budget- och skuldrådgivaren. Hen kan hjälpa dig med det på en gång.",
    DeclineGround.OTHER_PLACE: "Ring socialtjänsten i Vassvik. De ansvarar, och de vet att du ringer.",
    DeclineGround.OTHER_MEETING: "Be Försäkringskassan om ett avstämningsmöte.",
    DeclineGround.TARGET_GROUP: "Prata med elevhälsan på skolan. De kan göra en plan tillsammans med vården.",
    DeclineGround.NO_CONTACT: "Vi har ringt tre gånger. Fråga gärna igen, eller kom förbi på en onsdag.",
    DeclineGround.OTHER: "Hör av dig igen när utredningen är klar.",
}


def write(setting: Setting) -> None:
    """Those that wait, what Amir has asked for, one that is taken over, and the year's answers."""
    for days, who, words, name, helper, reach, language in _WAITING:
        told: Any = {"words": words, "name": name, "helper": helper, "reach": reach, "language": language}
        _asked(setting, days, who, **told, needs_interpreter=language != "sv", may_pass_on=True)
    _asked(setting, 1, AskedBy.PROFESSIONAL, theme=RequestTheme.WORK)
    declined = _no(setting, DeclineGround.ONE_PARTY)
    _asked(setting, 6, AskedBy.PROFESSIONAL, 2, theme=RequestTheme.LIVELIHOOD, **declined)
    taken = {"answer": RequestState.TAKEN, "answered_by": setting.staff[SIV]}
    _asked(setting, 4, AskedBy.PERSON, 2, **_texts(), **taken)
    grounds = list(_INSTEAD)
    for number in range(_ANSWERED):
        days = 14 + number * _DAYS_BETWEEN
        who = (AskedBy.PERSON, AskedBy.RELATIVE, AskedBy.PERSON, AskedBy.PROFESSIONAL)[number % 4]
        answer = taken if number % 3 else _no(setting, grounds[number // 3 % len(grounds)])
        theme = list(RequestTheme)[number % 7] if who == AskedBy.PROFESSIONAL else ""
        texts = {} if theme else _texts()
        _asked(setting, days, who, 1 + number % 5 + 6 * (number % 9 == 8), theme=theme, **texts, **answer)


def _texts() -> dict[str, str]:
    words = "Jag vill ha ett möte där alla är med."
    return {"words": words, "reach": "070-174 06 13", "name": "Rolf Rask", "language": "sv"}


def _no(setting: Setting, ground: DeclineGround) -> dict[str, Any]:
    return {
        "answer": RequestState.DECLINED,
        "answered_by": setting.staff[SIV],
        "ground": ground,
        "instead": _INSTEAD[ground],
    }


def _asked(setting: Setting, days_ago: int, who: str, answered_after: int = 0, **more: Any) -> None:
    unit, day = setting.units[UNIT], setting.before(days_ago)
    receipt = receipt_of(setting.id())
    by_staff = who == AskedBy.PROFESSIONAL
    row: dict[str, Any] = {
        "reference": receipt.number,
        "code_lookup": "" if by_staff else receipt.kept,
        "asker": setting.staff[AMIR] if by_staff else None,
        "asker_unit": setting.units[AF] if by_staff else None,
        **more,
    }
    if more.get("answer"):
        answered_on = min(working_days_after(day, answered_after), setting.before(1))
        row["answered_at"] = setting.at(answered_on, 14)
        if row["answered_at"] < setting.now - timedelta(days=DAYS_KEPT):
            emptied = ("words", "name", "helper", "reach", "instead", "language", "reference", "code_lookup")
            row |= dict.fromkeys(emptied, "") | {"asker": None, "emptied_at": setting.now}
    setting.add(
        PlanRequest,
        association_id=unit.association_id,
        authority_id=unit.authority_id,
        unit=unit,
        asked_by=who,
        arrived_at=setting.at(day, 9 + days_ago % 7),
        answer_by=working_days_after(day, 5),
        **row,
    )
