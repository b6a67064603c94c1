"""The texts of a draft: the letters by role and occasion, the guidance for each step, the questions.

Here: lists of them, and the form for one with the text as its reader will meet it. Not here: what the program
itself says (`humla.agreements.words`), the rest of the draft (`humla.web.agreement_chapters`).
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.agreements.comparing import named
from humla.agreements.drafting import text_mark, write_text
from humla.agreements.models import GuidanceStep, LetterOccasion, LetterRole, LocalAgreement, TextKind
from humla.agreements.visibility import text_review
from humla.agreements.words import (
    EASY,
    PARTS,
    STANDARD,
    Words,
    came_with,
    came_with_questions,
    letter_key,
    words_of,
)
from humla.core.fields import LineField, ProseField, SwedishDateField
from humla.core.versions import Stale
from humla.people.models import Language
from humla.web.agreement import put_back
from humla.web.agreement_draft import TEXTS, draft_or_404
from humla.web.door import DoorRequest, administrator_page
from humla.web.page import render
from humla.web.two_texts import TwoTexts, differing, sent_version

_LABELS = {
    "heading": _("Rubrik"),
    "opening": _("Vad som har hänt"),
    "to_do": _("Vad mottagaren gör"),
    "closing": _("Bra att veta"),
    "do": _("Vad du gör"),
    "why": _("Varför"),
    "example": _("Ett exempel"),
    "text": _("Frågan"),
    "help": _("Förklaring under frågan"),
}
_LINES = ("heading", "text")
_SPOKEN = [one for one in Language if one not in (Language.SWEDISH, Language.SIGN, Language.OTHER)]
"""What a letter to the person can be translated to: sign language is no text."""


class WordsForm(forms.Form):
    """The parts of one text; a translation also says who answers for it."""

    def __init__(self, *args: Any, kind: str, language: str, **options: Any) -> None:
        super().__init__(*args, **options)
        for part in PARTS[kind]:
            # A translation may be begun today and finished another day; nobody reads it until it is reviewed.
            told = {"label": _LABELS[part], "required": language in (STANDARD, EASY)}
            self.fields[part] = LineField(200, **told) if part in _LINES else ProseField(2000, rows=4, **told)
            if language == Language.ARABIC:
                self.fields[part].widget.attrs["lang"] = "ar"
        if language not in (STANDARD, EASY):
            self.fields["reviewed_by"] = LineField(
                120,
                label=_("Granskad av"),
                help_text=_("En människa som kan språket och står för texten med sitt namn."),
                required=False,
            )
            self.fields["reviewed_on"] = SwedishDateField(
                label=_("Granskad den"),
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )
        self.kind = kind

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("reviewed_by") and not all(told.get(part) for part in PARTS[self.kind]):
            raise ValidationError(gettext("Skriv alla delar innan texten granskas."))
        if bool(told.get("reviewed_by")) != bool(told.get("reviewed_on")) and not self.errors:
            self.add_error("reviewed_by", gettext("Skriv både vem som har granskat texten och vilken dag."))
        changed = set(self.changed_data)
        is_same_review = self.initial.get("reviewed_on") and not changed & {"reviewed_by", "reviewed_on"}
        if is_same_review and changed & set(PARTS[self.kind]):
            self.add_error(
                "reviewed_by",
                gettext("Texten är ändrad sedan den granskades. Skriv vem som har granskat den nya."),
            )
        return told

    def parts(self) -> dict[str, str]:
        """The text, part by part."""
        return {part: self.cleaned_data[part] for part in PARTS[self.kind]}


@dataclass(frozen=True)
class TextRow:
    """One text in a list: where it is edited, and whose words it has."""

    key: str
    label: str
    language: str
    is_own: bool
    waits: bool = False
    """Written but not reviewed: Swedish is read in its place."""


@administrator_page()
def agreement_texts(request: DoorRequest, kind: str) -> HttpResponse:
    """Every text of one kind, and which of them the förbund has written itself."""
    if kind not in TextKind.values:
        raise Http404
    draft = draft_or_404()
    context = {
        "draft": draft,
        "kind": kind,
        "label": TEXTS[TextKind(kind)],
        "groups": _groups(TextKind(kind), words_of(draft)),
    }
    return render(request, "agreement/texts.html", context)


@administrator_page(methods=("GET", "POST"))
def edit_agreement_text(request: DoorRequest, kind: str, key: str, language: str) -> HttpResponse:
    """One text: look at it as its reader will, or save it in the draft."""
    if (key, language) not in _all_keys(kind):
        raise Http404
    draft = draft_or_404()
    words = words_of(draft)
    now = _standing(draft, words, kind, key, language)
    form = WordsForm(request.POST or None, initial=now, kind=kind, language=language)
    seen = text_mark(draft, kind, key, language)
    conflicts: list[TwoTexts] = []
    shown = {part: now[part] for part in PARTS[kind]}
    is_preview = False
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            shown, is_preview, seen = form.parts(), True, sent_version(request)
        else:
            try:
                write_text(
                    draft,
                    TextKind(kind),
                    key,
                    form.parts(),
                    language=language,
                    reviewed_by=form.cleaned_data.get("reviewed_by") or "",
                    reviewed_on=form.cleaned_data.get("reviewed_on"),
                    seen=sent_version(request),
                    by=request.actor,
                )
            except ValidationError as refused:
                put_back(form, refused)
            except Stale:
                mine = {name: form[name].value() for name in form.fields}
                conflicts = differing(form.fields, mine, now)
            else:
                messages.success(request, gettext("Sparat i utkastet."))
                return redirect("agreement_texts", kind=kind)
    context = {
        "draft": draft,
        "form": form,
        "kind": kind,
        "key": key,
        "language": language,
        "label": named(kind, key, language),
        "list_label": TEXTS[TextKind(kind)],
        "came_with": [
            (_LABELS[part], came_with().get((kind, key, language, part), "")) for part in PARTS[kind]
        ],
        "is_own": any((kind, key, language, part) in words.own for part in PARTS[kind]),
        "shown": shown,
        "is_preview": is_preview,
        "swedish": [words.part(kind, key, part) for part in PARTS[kind]] if language != STANDARD else [],
        "version": seen,
        "conflicts": conflicts,
    }
    return render(request, "agreement/text.html", context)


def _groups(kind: TextKind, words: Words) -> list[tuple[str, list[TextRow]]]:
    """The texts under headings: letters by whom they are to."""
    if kind is TextKind.LETTER:
        found = []
        for role in LetterRole:
            rows = [
                _row(words, kind, letter_key(role, occasion), str(occasion.label), STANDARD)
                for occasion in LetterOccasion
            ]
            found.append((gettext("Till %(who)s") % {"who": role.label}, rows))
        for language, label in [
            (EASY, gettext("lättläst")),
            *((one.value, str(one.label)) for one in _SPOKEN),
        ]:
            rows = [
                _row(words, kind, letter_key(LetterRole.PERSON, occasion), str(occasion.label), language)
                for occasion in LetterOccasion
            ]
            found.append((gettext("Till personen, %(language)s") % {"language": label}, rows))
        return found
    if kind is TextKind.GUIDANCE:
        return [("", [_row(words, kind, step.value, str(step.label), STANDARD) for step in GuidanceStep])]
    asked = words.questions()
    return [("", [_row(words, kind, one.key, one.text, STANDARD) for one in asked])]


def _row(words: Words, kind: str, key: str, label: str, language: str) -> TextRow:
    places = [(kind, key, language, part) for part in PARTS[kind]]
    is_own = any(place in words.own for place in places)
    is_translation = language not in (STANDARD, EASY)
    waits = is_translation and is_own and any(place not in words.reviewed for place in places)
    return TextRow(key, label, language, is_own, waits)


def _all_keys(kind: str) -> set[tuple[str, str]]:
    match kind:
        case TextKind.LETTER:
            keys = {(letter_key(role, one), STANDARD) for role in LetterRole for one in LetterOccasion}
            spoken = [EASY, *(one.value for one in _SPOKEN)]
            return keys | {
                (letter_key(LetterRole.PERSON, one), language)
                for one in LetterOccasion
                for language in spoken
            }
        case TextKind.GUIDANCE:
            return {(step.value, STANDARD) for step in GuidanceStep}
        case TextKind.QUESTION:
            return {(one["key"], STANDARD) for one in came_with_questions()}
    return set()


def _standing(draft: LocalAgreement, words: Words, kind: str, key: str, language: str) -> dict[str, Any]:
    by, on = text_review(draft, kind, key, language)
    return {
        **{part: words.part(kind, key, part, language) for part in PARTS[kind]},
        "reviewed_by": by,
        "reviewed_on": on,
    }
