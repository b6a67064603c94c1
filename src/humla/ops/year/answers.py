"""What the persons of the year were asked beside the plan, and how they answered.

Here: who answers for whom, questions about one receiver, yes and no to be asked afterwards, the scanned
paper. Not here: the answer to the plan and the consents (`course.py`), which are on every case's way.
"""

import base64
import hashlib
import io
from datetime import date, timedelta
from typing import Any

from PIL import Image, ImageDraw

from humla.cases.models import RELEASABLE, Category
from humla.consents.models import (
    Consent,
    ConsentRequest,
    Manner,
    SignedPaper,
    SurveyConsent,
    SurveyPurpose,
)
from humla.consents.papers import made_safe
from humla.core.secrets import person_key
from humla.ops.year import words
from humla.ops.year.cases import Course, Reach
from humla.ops.year.held import RECEIVERS, Held
from humla.ops.year.setting import Setting
from humla.organisation.models import Unit
from humla.representatives.models import GivenBy, Mandate, MandateKey, MandateKind
from humla.representatives.policy import ADULT

_CHILDS_VIEW = "”Bra om de pratar med varandra, så att jag slipper berätta allt två gånger.”"
_EVIDENCE = {
    MandateKind.GUARDIAN: "Personbevis som visar vem som är vårdnadshavare.",
    MandateKind.GOD_MAN: "Registerutdrag från överförmyndaren. Uppdraget gäller att bevaka rätt.",
}
_WHY = "De behöver veta vad som är planerat, så att två insatser inte läggs på samma dag."
_INSTEAD = "Inget annat ändras. Du berättar själv för dem om du vill."
_OF_EACH = 3
"""Of every state that a question may be in; the lists of the program are tried with three."""


def for_whom(setting: Setting, held: Held) -> dict[str, Any]:
    """Who answered, by which mandates; nothing of it for those who answered for themselves."""
    given_by = held.course.given_by
    if given_by == GivenBy.PERSON:
        return {}
    if not held.mandates:
        count = 2 if given_by == GivenBy.GUARDIANS else 1
        held.mandates = [_mandate(setting, held) for _one in range(count)]
    return {
        "given_by": given_by,
        "mandate": held.mandates[0],
        "second_mandate": held.mandates[1] if len(held.mandates) > 1 else None,
        "childs_view": _CHILDS_VIEW if held.course.is_child else "",
    }


def _mandate(setting: Setting, held: Held) -> Mandate:
    """A guardian's until the child turns 18; a god man's for as long as it was attested."""
    course: Course = held.course
    kind = MandateKind.GUARDIAN if course.is_child else MandateKind.GOD_MAN
    family = course.family_name if course.is_child else setting.next("acting last", words.STAFF_LAST)
    ends_on = setting.today + timedelta(days=700)
    if course.is_child:
        ends_on = date(int(held.person.born_year or 0) + ADULT, 1, 1)
    at = held.case.opened_at + timedelta(hours=2)
    mandate: Mandate = setting.add(
        Mandate,
        **{name: value for name, value in held.about.items() if name != "case"},
        kind=kind,
        name=f"{setting.next('acting first', words.STAFF_FIRST)} {family}",
        number=course.acting_number,
        reached_by="Ring efter klockan 16.",
        categories=list(RELEASABLE),
        may_consent=True,
        may_receive_summons=True,
        may_represent_at_meeting=True,
        evidence=_EVIDENCE[kind],
        evidence_on=held.opened_on - timedelta(days=20),
        attested_at=at,
        attested_by=held.by,
        starts_at=at,
        ends_at=setting.at(ends_on, 0),
    )
    if course.acting_number:
        key = MandateKey(mandate=mandate, key=person_key(course.acting_number))
        setting.rows.setdefault(MandateKey, []).append(key)
    return mandate


def write(setting: Setting, cases: list[Held]) -> None:
    """Everything, among cases that are nobody's protected and where the person answers for herself."""
    ours = [one for one in cases if not one.course.is_protected and one.course.given_by == GivenBy.PERSON]
    _questions(setting, ours)
    _afterwards(setting, [one for one in ours if one.course.is_sip and one.adopted_on is not None])
    _papers(setting, [one for one in cases if one.course.reach < Reach.PLANNED])


# --- questions about one receiver ---------------------------------------------------------------------------


def _questions(setting: Setting, cases: list[Held]) -> None:
    """Some wait, some were taken back or grew old; a yes and a no in every manner."""
    going_on = [one for one in cases if one.course.close is None and one.consented]
    yes_to = {
        manner: [
            (one, consent)
            for one in going_on
            for consent in one.consents.values()
            if consent.manner == manner and consent.withdrawn_at is None
        ]
        for manner in Manner
    }
    for manner in Manner:
        for held, consent in yes_to[manner][:_OF_EACH]:
            _said_yes(setting, held, consent)
    unasked = iter([(one, unit) for one in going_on[::-1] if (unit := _not_consented(setting, one))])
    for manner in Manner:
        for _one in range(_OF_EACH):
            held, unit = next(unasked)
            day = setting.at(held.opened_on + timedelta(days=2), 10)
            _asked(
                setting,
                held,
                unit,
                asked_at=day,
                answered_at=day + timedelta(hours=5),
                **_by(held, manner),
            )
    for what in ("open", "taken_back", "passed"):
        for _one in range(_OF_EACH):
            held, unit = next(unasked)
            asked_at = setting.at(held.opened_on + timedelta(days=2), 10)
            told: dict[str, Any] = {}
            if what == "taken_back":
                told["taken_back_at"] = asked_at + timedelta(hours=3)
            if what == "passed":
                told["ends_at"] = setting.at(setting.today, 0)
            _asked(setting, held, unit, asked_at=asked_at, **told)


def _said_yes(setting: Setting, held: Held, consent: Consent) -> None:
    """The question that a consent of the year was the answer to."""
    _asked(
        setting,
        held,
        consent.receiver_unit,
        categories=consent.categories,
        ends_at=consent.ends_at,
        asked_at=consent.given_at - timedelta(minutes=40),
        answered_at=consent.given_at,
        consent=consent,
        **_by(held, Manner(consent.manner)),
    )


def _asked(setting: Setting, held: Held, unit: Unit, **columns: Any) -> None:
    asked: dict[str, Any] = {
        "categories": [Category.IDENTITY, Category.PLANNING],
        "ends_at": setting.at(setting.today + timedelta(days=120), 0),
        **columns,
    }
    setting.add(
        ConsentRequest,
        **held.about,
        receiver_id=unit.authority_id,
        receiver_unit=unit,
        why=_WHY,
        instead=_INSTEAD,
        asked_by_id=held.by.pk,
        **asked,
    )


def _by(held: Held, manner: Manner) -> dict[str, Any]:
    """Signed in she answers by herself; else somebody writes down what she said."""
    return {
        "manner": manner,
        "heard_by": held.by.name if manner == Manner.ORAL else "",
        "answered_by_id": held.person.pk if manner == Manner.EID else held.by.pk,
    }


def _not_consented(setting: Setting, held: Held) -> Unit | None:
    """A unit that the person has said nothing about."""
    others = [setting.units[name] for name in RECEIVERS]
    return next(
        (one for one in others if one.authority_id != held.unit.authority_id and one.pk not in held.consents),
        None,
    )


# --- to be asked afterwards ---------------------------------------------------------------------------------


def _afterwards(setting: Setting, cases: list[Held]) -> None:
    """Asked when the plan was adopted: each purpose in each manner, and then yes, no and a yes taken back."""
    everybody = iter(cases)
    for became in ("yes", "no", "withdrawn"):
        for purpose in SurveyPurpose:
            for manner in Manner:
                _survey(setting, next(everybody), purpose, manner, became)


def _survey(setting: Setting, held: Held, purpose: SurveyPurpose, manner: Manner, became: str) -> None:
    assert held.adopted_on is not None
    given_at = setting.at(held.adopted_on, 15, 20)
    is_withdrawn = became == "withdrawn"
    setting.add(
        SurveyConsent,
        **held.about,
        purpose=purpose,
        agrees=became != "no",
        manner=manner,
        heard_by=held.by.name if manner == Manner.ORAL else "",
        language=held.person.language,
        with_interpreter=held.person.needs_interpreter,
        said_on=held.adopted_on,
        given_at=given_at,
        recorded_by_id=held.by.pk,
        ends_at=None if became == "no" else setting.at(held.adopted_on + timedelta(days=600), 0),
        withdrawn_at=given_at + timedelta(hours=20) if is_withdrawn else None,
        withdrawn_by_id=held.by.pk if is_withdrawn else None,
    )


# --- the scanned paper --------------------------------------------------------------------------------------


def _papers(setting: Setting, cases: list[Held]) -> None:
    """The newest consents that were given on paper: scanned as a pdf, or photographed."""
    on_paper = [
        (held, consent) for held in cases for consent in held.consents.values() if consent.manner == "paper"
    ]
    for number, (held, consent) in enumerate(on_paper[: 2 * _OF_EACH]):
        _scanned(setting, held, consent, "PDF" if number % 2 else "JPEG")


def _scanned(setting: Setting, held: Held, consent: Consent, written_as: str) -> None:
    """As the program keeps what is sent to it: read and written anew, and sealed."""
    scan = made_safe(_page(f"Samtycke {held.case.reference}", written_as))
    setting.add(
        SignedPaper,
        **held.about,
        consent=consent,
        kind=scan.kind,
        pages=scan.pages,
        size=len(scan.content),
        sha256=hashlib.sha256(scan.content).hexdigest(),
        content=base64.b64encode(scan.content).decode("ascii"),
        scanned_at=consent.given_at + timedelta(minutes=30),
        scanned_by_id=held.by.pk,
    )


def _page(heading: str, written_as: str) -> bytes:
    """A page with a heading, some lines and a name below them."""
    page = Image.new("L", (420, 594), 250)
    pen = ImageDraw.Draw(page)
    pen.text((40, 40), heading, fill=20)
    for line in range(90, 330, 24):
        pen.line((40, line, 380, line), fill=150, width=2)
    pen.arc((60, 420, 180, 480), 160, 380, fill=30, width=3)
    pen.line((40, 490, 240, 490), fill=60, width=1)
    written = io.BytesIO()
    page.save(written, written_as)
    return written.getvalue()
