"""What the person wants to say before a meeting: her own space until she hands it in, then quoted for good.

Here: who may write, hand in and write down, what then happens, and who reads it. Not here: the pages
(`humla.web.own_preparation`, `humla.web.preparation`), what is typed and not yet saved (`humla.drafts`),
nor her own goal in the plan (`humla.plans`).

Before "Lämna in" it is hers alone (PER-8): the row policies show it to nobody else, and no question here is
asked about it in a professional's context. Afterwards the words stand as they are, for her as well; who has
more to say writes a new one.
"""

from collections.abc import Mapping
from typing import TypedDict, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases.models import Case, CaseAssignment, CaseState
from humla.cases.rules import may_change
from humla.cases.visibility import is_held
from humla.core.context import Actor, Kind, now
from humla.core.periods import holds
from humla.core.questions import prepared
from humla.core.rulings import YES, Ruling, all_of, no
from humla.core.versions import Stale
from humla.meetings.models import Preparation

FIELDS = ("important", "strengths", "questions", "should_come", "should_not_come", "worries", "practical")
"""What is asked, in the order of the page and of the paper."""


class Words(TypedDict, total=False):
    """What she has written so far; a question may be left unanswered."""

    important: str
    strengths: str
    questions: str
    should_come: str
    should_not_come: str
    worries: str
    practical: str


# --- what there is ------------------------------------------------------------------------------------------


def preparations_of(case: Case) -> list[Preparation]:
    """What has been handed in or told, newest first. What she is still writing is `open_of`."""
    return [_in(case, one) for one in handed_in(case.pk)]


@prepared
def handed_in(case_id: UUID) -> QuerySet[Preparation]:
    """The same by the case's id."""
    found = Preparation.objects.filter(case_id=case_id, handed_in_at__isnull=False)
    return found.order_by("-handed_in_at", "-id")


def open_of(case: Case) -> Preparation | None:
    """What she has begun and not handed in; nobody but herself finds any."""
    found = Preparation.objects.filter(case=case, handed_in_at__isnull=True).first()
    return _in(case, found) if found else None


def who_will_read(case: Case) -> list[CaseAssignment]:
    """Exactly those who read what is handed in: who work in the case at the authority that holds it."""
    working = CaseAssignment.objects.filter(
        Q(is_protected=False) | Q(cleared_until__gt=now()),
        holds(now()),
        case=case,
        authority=case.authority_id,
    )
    return list(working.select_related("professional__profession", "unit").order_by("-role", "starts_at"))


def said_in(preparation: Preparation) -> list[tuple[str, str]]:
    """Each question that has an answer, with the answer."""
    return [(question(name), text) for name in FIELDS if (text := getattr(preparation, name))]


def question(name: str) -> str:
    """What one of the fields asks, as a sentence begins."""
    asked = str(getattr(Preparation._meta.get_field(name), "verbose_name", name))
    return asked[:1].upper() + asked[1:]


def words_of(preparation: Preparation | None) -> dict[str, str]:
    """All the answers, as the form has them."""
    return {name: getattr(preparation, name) if preparation else "" for name in FIELDS}


# --- what may happen ----------------------------------------------------------------------------------------


def may_prepare(actor: Actor, case: Case) -> Ruling:
    """May she write before a meeting? She herself, as long as the case goes on."""
    if actor.kind is not Kind.PERSON:
        return no(_("Bara personen själv skriver här."))
    if case.state != CaseState.OPEN:
        return no(_("Ditt ärende är avslutat här, så det finns inget möte att förbereda."))
    return YES


def may_hand_in(actor: Actor, case: Case, words: Mapping[str, object]) -> Ruling:
    """May it be handed in? Only she does that, and something must stand there."""
    return all_of(
        may_prepare(actor, case), _says_something(words, _("Skriv något först. Du väljer själv vad."))
    )


def may_write_down(actor: Actor, case: Case) -> Ruling:
    """May she write down what the person tells? Who works in the case at the authority that holds it."""
    if not is_held(case, actor):
        return no(_("Bara den som har ärendet skriver ner vad personen berättar."))
    return may_change(actor, case)


def is_told(words: Mapping[str, object], told_to: str) -> Ruling:
    """Words that somebody else wrote down say for whom they were told."""
    return all_of(
        _says_something(words, _("Skriv vad personen berättar. Det räcker med en av frågorna.")),
        YES if told_to.strip() else no(_("Skriv för vem personen berättade.")),
    )


def _says_something(words: Mapping[str, object], otherwise: str) -> Ruling:
    return YES if any(str(text).strip() for text in words.values()) else no(otherwise)


# --- what happens -------------------------------------------------------------------------------------------


@transaction.atomic
def keep_preparation(case: Case, *, version: int, by: Actor, **words: Unpack[Words]) -> Preparation:
    """Keep what she has written so far, in her own space. `version` 0 when the form began empty.

    Raises Stale when another tab or telephone of hers was first.
    """
    may_prepare(by, case).enforce()
    kept = open_of(case)
    if kept is None:
        return _begun(case, Words(**words), by=by)
    if kept.version != version:
        raise Stale(kept)
    changed = Preparation.objects.filter(pk=kept.pk, version=version, handed_in_at__isnull=True)
    if not changed.update(**words, version=version + 1, written_at=now()):
        raise Stale(open_of(case) or kept)
    kept = open_of(case) or kept
    _record(Tag.PREPARATION_KEPT, kept)
    return kept


@transaction.atomic
def hand_in(preparation: Preparation, *, version: int, by: Actor) -> Preparation:
    """Those who work in the case read it from now on, and nobody changes it. As she read it or not at all."""
    case = preparation.case
    may_hand_in(by, case, words_of(preparation)).enforce()
    mine = Preparation.objects.filter(pk=preparation.pk, version=version, handed_in_at__isnull=True)
    if not mine.update(handed_in_at=now(), version=version + 1):
        raise Stale(preparation)
    handed = _in(case, Preparation.objects.get(pk=preparation.pk))
    _record(Tag.PREPARATION_HANDED_IN, handed)
    return handed


@transaction.atomic
def tell_preparation(case: Case, *, told_to: str, by: Actor, **words: Unpack[Words]) -> Preparation:
    """Write down what the person tells beside staff or has written on paper: handed in as it is written."""
    may_write_down(by, case).enforce()
    is_told(Words(**words), told_to).enforce()
    told = _new(case, Words(**words), by=by)
    told.told_to, told.handed_in_at = told_to, now()
    told.save(force_insert=True)
    _record(Tag.PREPARATION_HANDED_IN, told)
    return told


def _begun(case: Case, words: Words, *, by: Actor) -> Preparation:
    begun = _new(case, words, by=by)
    try:
        with transaction.atomic():
            begun.save(force_insert=True)
    except IntegrityError as error:
        # Another tab began a moment ago; its row is in the index though perhaps not yet in our sight.
        raise Stale(open_of(case) or begun) from error
    _record(Tag.PREPARATION_KEPT, begun)
    return begun


def _new(case: Case, words: Words, *, by: Actor) -> Preparation:
    return Preparation(
        association_id=case.association_id,
        authority_id=case.authority_id,
        person_id=case.person_id,
        case=case,
        written_at=now(),
        written_by_id=by.id,
        **words,
    )


def _in(case: Case, preparation: Preparation) -> Preparation:
    preparation.case = case
    return preparation


def _record(tag: Tag, preparation: Preparation) -> None:
    record(
        tag,
        case=preparation.case_id,
        person=preparation.person_id,
        items=[("preparation", preparation.pk, preparation.version)],
    )
