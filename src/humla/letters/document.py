"""What a letter says: the agreement's words for its receiver, day and place as frozen, how to answer.

Here: one source for the page, the paper and the slip to send back (SUM-1). Not here: the words themselves
(`humla.agreements.words`), what a summons says to each receiver (`humla.meetings.document`), the looks
(`humla.core.post_paper`).

The facts are those of the frozen summons, so paper and mail never say different things. The words come in the
person's language where the förbund has reviewed them, and then the same in Swedish; in Swedish she gets the
letter once more in easy Swedish.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from humla.agreements.models import LetterOccasion, LetterRole
from humla.agreements.words import EASY, Letter, Words
from humla.cases.models import Case, Category
from humla.core.dates import day_of, today, written_date
from humla.core.document import (
    Block,
    Lines,
    Paragraph,
    Points,
    PrintedDocument,
    Quote,
    Rows,
    Section,
    Ticks,
    Written,
)
from humla.core.post_paper import PostedLetter
from humla.disclosures.models import DocumentPart
from humla.letters.models import Addressee
from humla.letters.visibility import Wanted, role_of
from humla.meetings.document import LANGUAGE, written_time
from humla.meetings.models import Called, MeetingForm, Summons
from humla.people.models import Language
from humla.people.naming import display_name, number_label
from humla.scheduling.models import Invitee
from humla.scheduling.visibility import Offered, called_by

_SPOKEN = {Language.SWEDISH: LANGUAGE, Language.SIGN: LANGUAGE, Language.OTHER: LANGUAGE}
_ANSWERS = (LetterOccasion.CALLED, LetterOccasion.CHANGED, LetterOccasion.REMINDER)
"""The letters that ask for something back."""

Frozen = Mapping[str, Sequence[Mapping[str, Any]]]


def posted(
    wanted: Wanted, parts: Iterable[DocumentPart], *, words: Words, caller_phone: str = ""
) -> PostedLetter:
    """One letter to print."""
    summons, case = wanted.summons, wanted.case
    letters = letters_to(summons, wanted.occasion, words)
    blocks = given(summons, parts)
    with override(LANGUAGE):
        phone = caller_phone or summons.sent_by.phone or case.unit.phone
        sections = [*_first(letters[0], wanted, blocks, phone)]
        for twin in letters[1:]:
            sections.append(_twin(twin))
        slip = _slip(wanted, phone) if wanted.occasion in _ANSWERS else ()
        return PostedLetter(
            document=PrintedDocument(
                title=letters[0].heading,
                reference=_("Ärende %(reference)s") % {"reference": case.reference},
                dated=today(),
                issuer=f"{case.unit.name}, {case.authority.name}",
                language=_printed(letters[0].language),
                sections=tuple(sections),
            ),
            to=receiver_lines(wanted),
            sender=(case.unit.name, case.authority.name, phone),
            slip=slip,
        )


def posted_times(
    found: Offered, invitee: Invitee, addressee: Addressee | None, *, case: Case, words: Words
) -> PostedLetter:
    """The times to choose among, a square for each. The others get those that she can, and no place."""
    offer, is_hers = found.offer, invitee.called == Called.PERSON
    letters = _spoken_to(role_of(invitee), LetterOccasion.TIMES, case, words)
    slots = [one for one in found.open_slots if is_hers or found.is_told_of(one)]
    with override(LANGUAGE):
        times = tuple(written_time(one.starts_at, offer.minutes) for one in slots)
        phone = offer.offered_by.phone or case.unit.phone
        rows = [
            (_("Hur"), str(MeetingForm(offer.form).label)),
            (_("Svara senast"), written_date(offer.answer_by)),
        ]
        if is_hers:
            rows += [(_("Plats"), offer.place)] if offer.place and not case.is_protected else []
            rows += needs_of(case)
        language = _printed(letters[0].language)
        first = tuple(Paragraph(Written(text, language)) for text in (letters[0].opening, letters[0].to_do))
        how = (
            (Paragraph(_("Ring %(phone)s, eller skicka talongen här nere.") % {"phone": phone}),)
            if phone
            else ()
        )
        hidden = case.is_protected and invitee.called != Called.UNIT
        address = (addressee.address or "") if addressee and not hidden else ""
        return PostedLetter(
            document=PrintedDocument(
                title=letters[0].heading,
                reference=_("Ärende %(reference)s") % {"reference": case.reference},
                dated=today(),
                issuer=f"{case.unit.name}, {case.authority.name}",
                language=language,
                sections=(
                    Section("", first),
                    Section(_("Tiderna"), (Points(times), Rows(tuple(rows)), *how)),
                    Section("", (Paragraph(Written(letters[0].closing, language)),)),
                    *(_twin(one) for one in letters[1:]),
                ),
            ),
            to=(
                (_("Lämnas personligen"),)
                if hidden
                else (called_by(invitee) if not is_hers else display_name(case.person), *address.splitlines())
            ),
            sender=(case.unit.name, case.authority.name, phone),
            slip=(
                Section(
                    _("Svar"),
                    (
                        Paragraph(
                            _("Skicka till %(unit)s, %(authority)s.")
                            % {"unit": case.unit.name, "authority": case.authority.name}
                        ),
                        Rows(((_("Ärende"), case.reference),)),
                        Ticks(_("Kryssa för alla tider som går"), (*times, _("Ingen av dem"))),
                    ),
                ),
            ),
        )


def letters_to(summons: Summons, occasion: LetterOccasion, words: Words) -> list[Letter]:
    """The words in the receiver's language first, then once more for whoever reads easier another way."""
    return _spoken_to(role_of(summons), occasion, summons.case, words)


def _spoken_to(role: LetterRole, occasion: LetterOccasion, case: Case, words: Words) -> list[Letter]:
    if role is not LetterRole.PERSON:
        return [words.letter(role, occasion)]
    language = Language(case.person.language)
    first = words.letter(role, occasion, _SPOKEN.get(language, language.value))
    if first.language != LANGUAGE:
        return [first, words.letter(role, occasion)]
    return [first, words.letter(role, occasion, EASY)] if words.has_letter(role, occasion, EASY) else [first]


def given(summons: Summons, parts: Iterable[DocumentPart]) -> Frozen:
    """The frozen parts that go to this receiver: those of its consent, or all that were written for it."""
    whole = {part.category: part.content["blocks"] for part in parts}
    if summons.disclosure is None:
        return whole
    return {
        category: blocks for category, blocks in whole.items() if category in summons.disclosure.categories
    }


def receiver_lines(wanted: Wanted) -> tuple[str, ...]:
    """What stands in the window. Of somebody protected only what the case is called."""
    summons = wanted.summons
    if wanted.has_protected_receiver:
        return (_("Lämnas personligen"), _("Ärende %(reference)s") % {"reference": summons.case.reference})
    lines = [one for one in wanted.address.splitlines() if one.strip()]
    return (receiver(summons), *lines)


def receiver(summons: Summons) -> str:
    """Who it is to, as the envelope says it."""
    if summons.unit is not None:
        return summons.unit.name
    return summons.name or display_name(summons.case.person)


def needs_of(case: Case) -> list[tuple[str, str]]:
    """What travels with every letter to the person: interpreter, support to understand and be understood."""
    person, told = case.person, []
    if person.needs_interpreter:
        said = _("Ja. Vi ordnar det.")
        if person.language != Language.SWEDISH:
            language = str(Language(person.language).label)
            said = _("Ja, %(language)s. Vi ordnar det.") % {"language": language}
        told.append((_("Tolk"), said))
    if person.communication_support:
        told.append((_("Stöd för att förstå"), person.communication_support))
    return told


def _first(letter: Letter, wanted: Wanted, blocks: Frozen, phone: str) -> Iterable[Section]:
    summons, language = wanted.summons, _printed(letter.language)

    def written(text: str) -> Paragraph:
        return Paragraph(Written(text, language))

    yield Section("", (written(letter.opening),))
    if wanted.occasion == LetterOccasion.CANCELLED:
        when = written_date(day_of(summons.meeting.starts_at))
        yield Section("", (Rows(((_("Gällde mötet"), when), (_("Fråga"), phone or summons.sent_by.name))),))
    else:
        rows = [*_rows(blocks.get(Category.PLANNING, ()))]
        if summons.called == Called.PERSON:
            rows = [*(row for row in rows if row[0] != _("Tolk")), *_interpreter(summons, rows)]
        yield Section(_("Mötet"), (Rows(tuple(rows)),))
        yield from _besides(wanted, blocks)
    yield Section(
        _("Det här gör du") if summons.called != Called.UNIT else _("Det här gör ni"),
        (
            written(letter.to_do),
            *_how_to_answer(wanted, phone),
            written(letter.closing),
        ),
    )


def _interpreter(summons: Summons, rows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What the person needs is said as her own registration has it; otherwise as the meeting does."""
    needs = needs_of(summons.case)
    if any(label == _("Tolk") for label, _said in needs):
        return needs
    return [*(row for row in rows if row[0] == _("Tolk")), *needs]


def _rows(blocks: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return [(label, said) for block in blocks if block["kind"] == "facts" for label, said in block["rows"]]


def _besides(wanted: Wanted, blocks: Frozen) -> Iterable[Section]:
    """Why we meet, in the words that were frozen: her own first."""
    said: list[Block] = []
    for category in Category:
        for block in blocks.get(category.value, ()):
            if block["kind"] == "own_goal":
                by = _("berättat för %(who)s") % {"who": block["told_to"]} if block["told_to"] else ""
                said.insert(0, Quote(block["text"], by))
            elif block["kind"] == "statement":
                said.append(Paragraph(f"{block['heading']}\n{block['text']}"))
    left_out = {_("Ärende")}
    is_hers = wanted.summons.called == Called.PERSON
    if is_hers or wanted.has_protected_receiver:
        # She knows who she is, and a letter lies about: her number stands in none that need not say it.
        left_out |= {_("Namn"), number_label(wanted.case.person)}
    callers = [row for row in _rows(blocks.get(Category.IDENTITY, ())) if row[0] not in left_out]
    if said:
        yield Section(_("Varför vi möts"), tuple(said))
    if callers:
        heading = _("Vem som kallar") if is_hers else _("Vem det gäller och vem som kallar")
        yield Section(heading, (Rows(tuple(callers)),))


def _how_to_answer(wanted: Wanted, phone: str) -> Iterable[Paragraph]:
    if wanted.occasion not in _ANSWERS:
        return
    by = wanted.summons.meeting.answer_by
    words = {"phone": phone, "day": written_date(by) if by else ""}
    if phone and by:
        yield Paragraph(_("Ring %(phone)s, eller skicka talongen här nere, senast %(day)s.") % words)
    elif phone:
        yield Paragraph(_("Ring %(phone)s, eller skicka talongen här nere.") % words)
    else:
        yield Paragraph(_("Skicka talongen här nere till oss."))


def _twin(letter: Letter) -> Section:
    language = _printed(letter.language)
    heading = _("Samma brev på lätt svenska") if letter.language == EASY else _("Samma brev på svenska")
    texts = (letter.heading, letter.opening, letter.to_do, letter.closing)
    return Section(heading, tuple(Paragraph(Written(text, language)) for text in texts))


def _slip(wanted: Wanted, phone: str) -> tuple[Section, ...]:
    """To tear off and send back. It names nobody: the reference is enough for those who sent it."""
    summons, case = wanted.summons, wanted.case
    when = written_date(day_of(summons.meeting.starts_at))
    words = {"unit": case.unit.name, "authority": case.authority.name}
    choices: tuple[str, ...] = (_("Jag kommer"), _("Jag kan inte den tiden"), _("Jag kommer inte"))
    if summons.called == Called.UNIT:
        choices = (_("Vi kommer"), _("Vi kan inte den tiden"), _("Vi kommer inte"), _("Det är fel enhet"))
    return (
        Section(
            _("Svar"),
            (
                Paragraph(_("Skicka till %(unit)s, %(authority)s.") % words),
                Rows(((_("Ärende"), case.reference), (_("Möte"), when))),
                Ticks(_("Kryssa för det som stämmer"), choices),
                Lines(_("Ska något vara annorlunda?"), 3),
            ),
        ),
    )


def _printed(language: str) -> str:
    """How the language of a text is called on paper: easy Swedish is Swedish."""
    return LANGUAGE if language == EASY else language
