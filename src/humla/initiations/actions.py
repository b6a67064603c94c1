"""What happens to a request: sent, passed on, taken over, declined, undone, taken back, emptied.

Here: the verbs. Not here: opening the case (`humla.cases.actions`), nor the words of the notices
(`humla.notifications.wording`). Whoever asks does not see the row, so the database writes it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from humla.agreements.visibility import deadlines_on
from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.visibility import is_held
from humla.core.context import Actor, now, today
from humla.core.rulings import NotAllowed
from humla.core.sealed_field import sealed_for
from humla.core.versions import Stale
from humla.core.workdays import working_days_after
from humla.initiations import rules
from humla.initiations.models import AskedBy, PlanRequest, RequestState
from humla.initiations.receipts import Receipt, receipt_of, row_of
from humla.initiations.visibility import Asked, Standing, WayIn
from humla.organisation.models import Unit

USUAL_DAYS = 5
"""Working days to answer where no agreement says otherwise."""


@dataclass(frozen=True)
class Wish:
    """What somebody without account asks for, in her own words."""

    asked_by: str
    words: str
    reach: str
    name: str = ""
    helper: str = ""
    language: str = ""
    needs_interpreter: bool = False
    may_pass_on: bool = False


@transaction.atomic
def ask_for_plan(wish: Wish, *, to: WayIn, key: UUID, by: Actor) -> Receipt:
    """Send a request without an account. The same form sent twice is one request with one receipt."""
    receipt, row = receipt_of(key), row_of(key)
    if AskedBy(wish.asked_by) is AskedBy.PROFESSIONAL:
        raise NotAllowed(_("Logga in och be därifrån."))
    went = _sent(
        row,
        to.unit_id,
        receipt,
        asked_by=wish.asked_by,
        texts=(wish.words, wish.name, wish.reach, wish.helper),
        language=wish.language,
        needs_interpreter=wish.needs_interpreter,
        may_pass_on=wish.may_pass_on,
        answer_by=working_days_after(today(), to.request_days),
    )
    _refuse(went, to.phone)
    record(Tag.REQUEST_SENT, items=[("plan_request", row, 1)])
    return receipt


@transaction.atomic
def ask_unit(
    unit: Unit,
    *,
    theme: str,
    words: str = "",
    name: str = "",
    reach: str = "",
    agrees: bool = False,
    may_pass_on: bool = False,
    by: Actor,
) -> UUID:
    """Ask another unit to start a plan. Without the person's yes another authority gets the theme only."""
    is_told = bool(name.strip() or words.strip() or reach.strip())
    rules.may_ask_unit(by, unit, names_person=is_told, agrees=agrees).enforce()
    row = uuid4()
    went = _sent(
        row,
        unit.pk,
        Receipt(receipt_of(row).number, ""),
        asked_by=AskedBy.PROFESSIONAL,
        theme=theme,
        texts=(words, name, reach, ""),
        may_pass_on=may_pass_on,
        answer_by=working_days_after(today(), _days()),
    )
    _refuse(went, unit.phone)
    record(Tag.REQUEST_SENT, items=[("plan_request", row, 1)])
    return row


@transaction.atomic
def name_person(asked: Asked, *, name: str, reach: str, words: str, version: int, by: Actor) -> None:
    """The person has said yes: tell the unit that was asked who it is."""
    rules.may_name(asked).enforce()
    if not name.strip():
        raise NotAllowed(_("Skriv vem det gäller."))
    sealed = [_sealed(column, text) for column, text in (("name", name), ("reach", reach), ("words", words))]
    if not _asked("SELECT name_in_request(%s, %s, %s, %s, %s)", [asked.id, *sealed, version]):
        raise NotAllowed(_("Begäran har ändrats medan du skrev. Ladda om sidan och försök igen."))
    _record_sent(Tag.REQUEST_CHANGED, asked)


@transaction.atomic
def remind(asked: Asked, *, by: Actor) -> None:
    """Ask once more; the unit gets another notice. At most once a day."""
    rules.may_take_back(asked).enforce()
    if not _asked("SELECT remind_of_request(%s, %s)", [asked.id, uuid4()]):
        raise NotAllowed(
            _("Du kan påminna en gång om dagen, tidigast dagen efter att du frågade. Ring annars.")
        )
    _record_sent(Tag.REQUEST_REMINDED, asked)


@transaction.atomic
def take_back(asked: Standing, *, receipt: Receipt | None = None, by: Actor) -> None:
    """Whoever asked takes it back before it is answered; everything about the person is emptied at once."""
    if not _asked("SELECT take_back_request(%s, %s)", [asked.id, receipt.kept if receipt else ""]):
        raise NotAllowed(_("Begäran är redan besvarad eller tillbakatagen."))
    _record_sent(Tag.REQUEST_TAKEN_BACK, asked)


@transaction.atomic
def pass_on(one: PlanRequest, *, to: Unit, version: int, by: Actor) -> None:
    """Send it on to the right unit. The day for the answer stands."""
    rules.may_pass_on(by, one, to).enforce()
    if not _asked("SELECT pass_on_request(%s, %s, %s, %s)", [one.pk, to.pk, version, uuid4()]):
        raise NotAllowed(_("Det gick inte. En kollega hann före, eller så tar ingen emot på den enheten."))
    _record(Tag.REQUEST_PASSED_ON, one.pk, version + 1)


@transaction.atomic
def take_over(one: PlanRequest, *, version: int, by: Actor) -> PlanRequest:
    """Say yes: whoever asked is told that somebody has taken it over. The case is opened after."""
    rules.may_take_over(by, one).enforce()
    return _answered(one, version, Tag.REQUEST_TAKEN_OVER, by, answer=RequestState.TAKEN)


@transaction.atomic
def decline(one: PlanRequest, *, ground: str, why: str, instead: str, version: int, by: Actor) -> PlanRequest:
    """Say no with a ground from the list, and what to do instead; both are told to whoever asked (INI-4)."""
    rules.may_decline(by, one).enforce()
    rules.may_decline_so(one, ground, instead).enforce()
    return _answered(
        one,
        version,
        Tag.REQUEST_DECLINED,
        by,
        answer=RequestState.DECLINED,
        ground=ground,
        why=why.strip(),
        instead=instead.strip(),
    )


@transaction.atomic
def throw(one: PlanRequest, *, version: int, by: Actor) -> PlanRequest:
    """What nobody has meant is thrown away: it is no no, and can be brought back for a month."""
    rules.may_answer(by, one).enforce()
    return _answered(one, version, Tag.REQUEST_THROWN, by, answer=RequestState.THROWN)


@transaction.atomic
def undo(one: PlanRequest, *, version: int, by: Actor) -> PlanRequest:
    """Take the answer back: it waits again, by the day that it had."""
    rules.may_undo(by, one).enforce()
    cleared: dict[str, Any] = {
        "answer": RequestState.WAITING,
        "answered_at": None,
        "answered_by_id": None,
        "ground": "",
        "why": "",
        "instead": "",
    }
    return _changed(one, version, Tag.REQUEST_UNDONE, **cleared)


@transaction.atomic
def tie(one: PlanRequest, case: Case, *, by: Actor) -> PlanRequest:
    """Say which case it led to. From then on only those who work in that case read it."""
    rules.may_open_of(by, one).enforce()
    if not is_held(case, by):
        raise NotAllowed(_("En annan myndighet har ärendet."))
    return _changed(one, one.version, Tag.REQUEST_TIED, case=case)


def empty_old(*, by: Actor) -> int:
    """Empty what was answered long ago of everything about a person; how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT empty_old_requests()")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _days() -> int:
    return deadlines_on(today()).request_days


def _sent(
    row: UUID,
    unit: UUID,
    receipt: Receipt,
    *,
    asked_by: str,
    texts: tuple[str, str, str, str],
    answer_by: date,
    theme: str = "",
    language: str = "",
    needs_interpreter: bool = False,
    may_pass_on: bool = False,
) -> str:
    columns = ("words", "name", "reach", "helper")
    sealed = [_sealed(column, text) for column, text in zip(columns, texts, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT send_request(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                row,
                unit,
                receipt.number,
                receipt.kept if receipt.code else "",
                str(AskedBy(asked_by)),
                theme,
                *sealed,
                language,
                needs_interpreter,
                may_pass_on,
                answer_by,
                uuid4(),
            ],
        )
        went: str = cursor.fetchone()[0]
    return went


def _refuse(went: str, phone: str) -> None:
    if went == "full":
        call = _(" Ring: %(phone)s.") % {"phone": phone} if phone else ""
        raise NotAllowed(
            _("Just nu kommer det för många. Inget är skickat. Vänta en timme och försök igen.") + call
        )
    if went:
        raise NotAllowed(_("Enheten tar inte emot just nu. Välj en annan, eller ring dem."))


def _answered(one: PlanRequest, version: int, tag: Tag, by: Actor, **told: Any) -> PlanRequest:
    told |= {"answered_at": now(), "answered_by_id": by.id}
    done = _changed(one, version, tag, **told)
    if done.is_by_professional and done.answer != RequestState.THROWN:
        _asked("SELECT tell_of_answer(%s, %s)", [one.pk, uuid4()])
    return done


def _changed(one: PlanRequest, version: int, tag: Tag, **fields: Any) -> PlanRequest:
    found = PlanRequest.objects.filter(pk=one.pk, version=version)
    if found.update(version=F("version") + 1, **fields) != 1:
        raise Stale(PlanRequest.objects.filter(pk=one.pk).first() or one)
    now_so = PlanRequest.objects.get(pk=one.pk)
    case = fields.get("case")
    _record(tag, one.pk, now_so.version, case)
    return now_so


def _asked(question: str, about: list[Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, about)
        row = cursor.fetchone()
    return bool(row and row[0])


def _sealed(column: str, text: str) -> str:
    return sealed_for(PlanRequest, column, text.strip())


def _record(tag: Tag, row: UUID, version: int, case: Case | None = None) -> None:
    of, whose = (case.pk, case.person_id) if case else (None, None)
    record(tag, case=of, person=whose, items=[("plan_request", row, version)])


def _record_sent(tag: Tag, asked: Standing) -> None:
    record(tag, items=[("plan_request", asked.id, 0)])
