"""The words that are read to the person before she answers: in which languages, and reviewed by whom.

Here: the texts that the program came with, those that the förbund has had reviewed, and the administrator's
verbs. Not here: the plain words of each kind of information (`wording`), nor the pages.

A language is offered when somebody with a name has reviewed its words. Swedish is always there, at worst with
the text that the program came with and a word that nobody has reviewed it: a yes in Swedish with an
interpreter is better than one to a bad translation.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from humla.audit.record import record
from humla.audit.tags import Tag
from humla.consents.models import ConsentWording, WordingKind, WordingState
from humla.core.context import Actor, Kind, now, today
from humla.core.rulings import YES, Ruling, all_of, no
from humla.core.versions import Stale
from humla.people.models import Language

_FILE = Path(__file__).parent / "texts" / "wordings.toml"


@dataclass(frozen=True)
class Text:
    """What is read to the person; version 0 is the text the program came with, which nobody has reviewed."""

    language: str
    text: str
    version: int = 0
    reviewed_by: str = ""
    reviewed_on: date | None = None


@lru_cache
def standard() -> Mapping[tuple[str, str], str]:
    """The texts the program came with, by what they are about and language: somewhere to begin."""
    told = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {(one["about"], one["language"]): one["text"].strip() for one in told["wording"]}


# --- what there is ------------------------------------------------------------------------------------------


def in_use(association_id: UUID, about: str) -> dict[str, ConsentWording]:
    """The reviewed texts that are read today, by language: the newest of each."""
    found = ConsentWording.objects.filter(association_id=association_id, about=about)
    found = found.filter(reviewed_on__isnull=False, ended_at__isnull=True)
    return {one.language: one for one in found.order_by("language", "-version").distinct("language")}


def row_for(association_id: UUID, about: str, language: str) -> ConsentWording | None:
    """The row that an answer in this language points at: the reviewed text, else the reviewed Swedish one."""
    offered = in_use(association_id, about)
    return offered.get(language) or offered.get(Language.SWEDISH)


def text_for(association_id: UUID, about: str, language: str) -> Text:
    """What to read to somebody who reads this language."""
    row = row_for(association_id, about, language)
    return as_read(row) if row else Text(Language.SWEDISH, standard()[about, Language.SWEDISH])


def as_read(row: ConsentWording) -> Text:
    """One version as it is read."""
    who = f"{row.reviewed_by_name}, {row.reviewed_by_role}" if row.reviewed_on else ""
    return Text(row.language, row.text, row.version, who, row.reviewed_on)


def wordings() -> list[ConsentWording]:
    """Every version of every text, newest first within its language."""
    order = [kind.value for kind in WordingKind]
    rows = ConsentWording.objects.order_by("language", "-version")
    return sorted(rows, key=lambda one: order.index(one.about))


def wording_of(wording_id: UUID) -> ConsentWording | None:
    """One version."""
    return ConsentWording.objects.filter(pk=wording_id).first()


def stands(one: ConsentWording, all_versions: Sequence[ConsentWording]) -> WordingState:
    """Where a version stands among the others of its language."""
    if one.ended_at is not None:
        return WordingState.ENDED
    if one.reviewed_on is None:
        return WordingState.UNREVIEWED
    is_newer = any(
        (other.about, other.language) == (one.about, one.language)
        and other.version > one.version
        and other.reviewed_on is not None
        and other.ended_at is None
        for other in all_versions
    )
    return WordingState.REPLACED if is_newer else WordingState.IN_USE


# --- what may happen ----------------------------------------------------------------------------------------


def may_write(actor: Actor) -> Ruling:
    """Who writes and reviews the texts of the förbund?"""
    return YES if actor.kind is Kind.ADMIN else no(_("Förbundets administratör sköter samtyckestexterna."))


def may_review(actor: Actor, one: ConsentWording) -> Ruling:
    """May a review of this version be written down? Once; what was reviewed stands."""
    return all_of(may_write(actor), _is_unreviewed(one))


def may_end(actor: Actor, one: ConsentWording) -> Ruling:
    """May this version be taken out of use?"""
    already = no(_("Texten används redan inte längre."))
    return all_of(may_write(actor), YES if one.ended_at is None else already)


def _is_unreviewed(one: ConsentWording) -> Ruling:
    if one.ended_at is not None:
        return no(_("Texten används redan inte längre."))
    if one.reviewed_on is None:
        return YES
    return no(_("Texten är redan granskad. Skriv en ny version om något ska ändras."))


# --- what happens -------------------------------------------------------------------------------------------


@transaction.atomic
def write_wording(*, about: str, language: str, text: str, version: int, by: Actor) -> ConsentWording:
    """Add a version after the one that was read. It is read to nobody until it has been reviewed.

    Raises Stale when somebody was first.
    """
    may_write(by).enforce()
    row = ConsentWording(
        association_id=by.association_id,
        about=about,
        language=language,
        version=version + 1,
        text=text,
        written_at=now(),
        written_by_id=by.id,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as taken:
        others = ConsentWording.objects.filter(about=about, language=language)
        raise Stale(others.latest("version")) from taken
    record(Tag.WORDING_WRITTEN, items=[("wording", row.pk, row.version)])
    return row


@transaction.atomic
def review_wording(one: ConsentWording, *, name: str, role: str, on: date, by: Actor) -> ConsentWording:
    """Somebody with a name answers for the words: from now on they are read in this language."""
    may_review(by, one).enforce()
    _was(on).enforce()
    found = ConsentWording.objects.filter(pk=one.pk, reviewed_on__isnull=True, ended_at__isnull=True)
    if not found.update(reviewed_by_name=name, reviewed_by_role=role, reviewed_on=on):
        raise Stale(ConsentWording.objects.get(pk=one.pk))
    one.reviewed_by_name, one.reviewed_by_role, one.reviewed_on = name, role, on
    record(Tag.WORDING_REVIEWED, items=[("wording", one.pk, one.version)])
    return one


@transaction.atomic
def end_wording(one: ConsentWording, *, by: Actor) -> ConsentWording:
    """It is read to nobody more. The consents that rest on it stand, and still say which words they were."""
    may_end(by, one).enforce()
    if not ConsentWording.objects.filter(pk=one.pk, ended_at__isnull=True).update(ended_at=now()):
        raise Stale(ConsentWording.objects.get(pk=one.pk))
    one.ended_at = now()
    record(Tag.WORDING_ENDED, items=[("wording", one.pk, one.version)])
    return one


def _was(on: date) -> Ruling:
    return YES if on <= today() else no(_("Dagen har inte varit än. Skriv den dag då texten granskades."))
