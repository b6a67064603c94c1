"""What differs between two versions of the agreement, in plain words: one sentence for each change.

Here: the sentences, chapter by chapter. Not here: how a chapter is read (`chapters`), nor the page.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from humla.agreements.chapters import LABELS, LAW_SUBJECTS, Chapter, content
from humla.agreements.models import (
    Duty,
    GuidanceStep,
    LetterOccasion,
    LetterRole,
    LocalAgreement,
    TextKind,
)
from humla.agreements.words import EASY, PARTS, STANDARD, Place, Words, came_with, words_of
from humla.core.dates import written_date
from humla.people.models import Language


@dataclass(frozen=True)
class Change:
    """One thing that is otherwise: in which chapter, what, and the whole texts where they are texts."""

    where: str
    sentence: str
    before: str = ""
    after: str = ""


def changes(before: LocalAgreement, after: LocalAgreement) -> list[Change]:
    """Everything that differs, in the order of the chapters, then the texts."""
    found: list[Change] = []
    for chapter in Chapter:
        old, new = content(before, chapter), content(after, chapter)
        if old != new:
            found += _in_chapter(chapter, old, new, before, after)
    return [*found, *_in_texts(words_of(before), words_of(after))]


def _in_chapter(
    chapter: Chapter, old: Any, new: Any, before: LocalAgreement, after: LocalAgreement
) -> Iterator[Change]:
    where = str(LABELS[chapter])
    match chapter:
        case Chapter.FRAME | Chapter.DEADLINES:
            yield from (_number(where, name, old[name], new[name]) for name in old if old[name] != new[name])
        case Chapter.PARTIES:
            names = {row.party_id: row.party.name for row in (*before.parties.all(), *after.parties.all())}
            yield from _parties(where, old, new, names)
        case Chapter.PROFESSIONS:
            named = {
                row.profession_id: row.profession.name
                for row in (*before.initiating.all(), *after.initiating.all())
            }
            yield from _lists(where, [named[one] for one in old], [named[one] for one in new])
        case Chapter.AREAS:
            yield from _lists(where, [_area(*one) for one in old], [_area(*one) for one in new])
        case Chapter.GROUPS:
            yield from _lists(where, old, new)
        case Chapter.LAW:
            for subject in [*LAW_SUBJECTS, *(set(old) | set(new)) - set(LAW_SUBJECTS)]:
                if old.get(subject, "") != new.get(subject, ""):
                    yield _text(where, LAW_SUBJECTS.get(subject, subject), old, new, subject)


def _number(where: str, name: str, old: Any, new: Any) -> Change:
    label = _label(name)
    if isinstance(old, str):
        return Change(where, _("%(what)s är omskrivet.") % {"what": label}, old, new)
    told = {"what": label, "old": _value(old), "new": _value(new)}
    return Change(where, _("%(what)s: %(new)s i stället för %(old)s.") % told)


def _label(name: str) -> str:
    label = str(LocalAgreement._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return label[:1].upper() + label[1:]


def _value(value: Any) -> str:
    if isinstance(value, date):
        return written_date(value)
    return _("inget") if value is None else str(value)


def _parties(
    where: str, old: Mapping[Any, str], new: Mapping[Any, str], names: Mapping[Any, str]
) -> Iterator[Change]:
    for party in sorted({*old, *new}, key=lambda one: names[one]):
        told = {"party": names[party], "duty": Duty(new[party]).label if party in new else ""}
        if party not in old:
            yield Change(where, _("%(party)s är ny part: %(duty)s.") % told)
        elif party not in new:
            yield Change(where, _("%(party)s är inte längre part.") % told)
        elif old[party] != new[party]:
            yield Change(where, _("%(party)s blir %(duty)s.") % told)


def _lists(where: str, old: Iterable[str], new: Iterable[str]) -> Iterator[Change]:
    was, becomes = list(old), list(new)
    for one in becomes:
        if one not in was:
            yield Change(where, _("Nytt: %(what)s.") % {"what": one})
    for one in was:
        if one not in becomes:
            yield Change(where, _("Borttaget: %(what)s.") % {"what": one})
    if sorted(was) == sorted(becomes):
        yield Change(where, _("Ordningen är ny: %(what)s.") % {"what": ", ".join(becomes)})


def _area(name: str, icf: str) -> str:
    return f"{name} ({icf})" if icf else name


def _text(
    where: str, label: str | Promise, old: Mapping[str, str], new: Mapping[str, str], subject: str
) -> Change:
    return Change(
        where, _("%(what)s är omskrivet.") % {"what": label}, old.get(subject, ""), new.get(subject, "")
    )


def _in_texts(before: Words, after: Words) -> Iterator[Change]:
    """Each text once, however many of its parts differ; a translation that was reviewed is a change too."""
    places = {*before.own, *after.own}
    seen: set[tuple[str, str, str]] = set()
    for place in sorted(places, key=_order):
        kind, key, language, _part = place
        is_same = before.own.get(place) == after.own.get(place)
        if (is_same and (place in before.reviewed) == (place in after.reviewed)) or (
            kind,
            key,
            language,
        ) in seen:
            continue
        seen.add((kind, key, language))
        yield Change(
            str(TextKind(kind).label).capitalize(),
            _("%(what)s är omskrivet.") % {"what": named(kind, key, language)},
            _whole(before, kind, key, language),
            _whole(after, kind, key, language),
        )


def named(kind: str, key: str, language: str = STANDARD) -> str:
    """What a text is called where it is listed."""
    match kind:
        case TextKind.LETTER:
            role, occasion = key.split(".")
            told = {"role": LetterRole(role).label, "occasion": LetterOccasion(occasion).label}
            words = _("Brev till %(role)s, %(occasion)s") % told
        case TextKind.GUIDANCE:
            words = _("Vägledningen för %(step)s") % {"step": str(GuidanceStep(key).label).lower()}
        case _:
            words = _("Frågan ”%(question)s”") % {
                "question": came_with().get((kind, key, STANDARD, "text"), key)
            }
    if language == STANDARD:
        return words
    spoken = _("lättläst") if language == EASY else str(dict(Language.choices).get(language, language))
    return _("%(what)s, %(language)s") % {"what": words, "language": spoken}


def _order(place: Place) -> tuple[int, str, str]:
    kind, key, language, _part = place
    return ([*TextKind.values].index(kind), key, language)


def _whole(words: Words, kind: str, key: str, language: str) -> str:
    parts = (words.part(kind, key, part, language) for part in PARTS[kind])
    return "\n\n".join(filter(None, parts))
