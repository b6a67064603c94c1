"""The words that are read to the person before she answers: every version, and who has reviewed it.

Here: the administrator's pages, with the text as the person will meet it. Not here: what may happen to a
version (`humla.consents.reviewed`), nor where it is read (`consents`, `own_consents`).
"""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.consents.models import ConsentWording, WordingKind, WordingState
from humla.consents.reviewed import (
    Text,
    as_read,
    end_wording,
    may_end,
    may_review,
    may_write,
    review_wording,
    standard,
    stands,
    wording_of,
    wordings,
    write_wording,
)
from humla.core.context import today
from humla.core.fields import LineField, ProseField
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.people.models import Language
from humla.web.consent_forms import day_field
from humla.web.door import DoorRequest, administrator_page
from humla.web.page import render
from humla.web.two_texts import sent_version

WRITTEN_LANGUAGES = [one for one in Language if one not in (Language.SIGN, Language.OTHER)]
"""Sign language is no text, and "other" is no language to review."""

TONES = {WordingState.IN_USE: "done", WordingState.UNREVIEWED: "warning"}


class TextForm(forms.Form):
    """The text, whole."""

    text = ProseField(
        4000,
        rows=16,
        label=_("Texten"),
        help_text=_("Korta meningar. Lova inte att inget någonsin lämnas ut: en lag kan kräva det."),
        missing=_("Skriv texten."),
    )


class ReviewForm(forms.Form):
    """Who answers for the words: a name, a role and a day."""

    name = LineField(120, label=_("Granskad av"), missing=_("Skriv namnet på den som har granskat."))
    role = LineField(
        120,
        label=_("I vilken roll?"),
        help_text=_("Till exempel jurist, auktoriserad översättare eller dataskyddsombud."),
        missing=_("Skriv i vilken roll."),
    )
    on = day_field(_("Granskad den"))


@dataclass(frozen=True)
class VersionRow:
    """One version in the list."""

    one: ConsentWording
    language: str
    state: WordingState

    @property
    def tone(self) -> str:
        """The colour beside the word for its state."""
        return TONES.get(self.state, "neutral")


@dataclass(frozen=True)
class About:
    """One kind of text: its versions, and the languages that it can be written in."""

    kind: WordingKind
    label: str
    rows: list[VersionRow]
    languages: list[tuple[str, str]]
    has_swedish: bool


@administrator_page()
def consent_texts(request: DoorRequest) -> HttpResponse:
    """Every text, in every language that there is; a language without a reviewed one is not offered."""
    found = wordings()
    context = {"kinds": [_about(kind, found) for kind in WordingKind]}
    return render(request, "consent_texts/list.html", context)


@administrator_page(methods=("GET", "POST"))
def write_consent_text(request: DoorRequest, about: str, language: str) -> HttpResponse:
    """A new version: nobody reads it until somebody has reviewed it."""
    if about not in WordingKind.values or language not in WRITTEN_LANGUAGES:
        raise Http404
    newest = next((one for one in wordings() if (one.about, one.language) == (about, language)), None)
    begin = newest.text if newest else standard().get((about, language), "")
    form = TextForm(request.POST or None, initial={"text": begin})
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            row = write_wording(
                about=about,
                language=language,
                text=form.cleaned_data["text"],
                version=sent_version(request),
                by=request.actor,
            )
        except Stale as stale:
            newest = theirs = cast(ConsentWording, stale.theirs)
        else:
            messages.success(request, gettext("Sparad. Läs igenom den och skriv in vem som har granskat."))
            return redirect("consent_text", wording_id=row.pk)
    context = {
        "form": form,
        "about": about,
        "about_label": str(WordingKind(about).label),
        "language": language,
        "language_label": str(Language(language).label),
        "swedish": _swedish(about) if language != Language.SWEDISH else None,
        "version": newest.version if newest else 0,
        "theirs": theirs,
    }
    return render(request, "consent_texts/write.html", context)


@administrator_page(methods=("GET", "POST"))
def consent_text(request: DoorRequest, wording_id: UUID) -> HttpResponse:
    """One version as the person will read it, and who has reviewed it."""
    one = _wording_or_404(wording_id)
    form = ReviewForm(request.POST or None, initial={"on": today()})
    if request.method == "POST" and form.is_valid():
        try:
            review_wording(one, **form.cleaned_data, by=request.actor)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
        except Stale:
            messages.info(request, gettext("Någon annan hann före. Så här är det nu."))
            return redirect("consent_text", wording_id=one.pk)
        else:
            messages.success(request, gettext("Texten används nu på det språket."))
            return redirect("consent_texts")
    state = stands(one, wordings())
    context = {
        "one": one,
        "text": as_read(one),
        "about_label": one.get_about_display(),
        "language_label": _language(one.language),
        "state": state,
        "tone": TONES.get(state, "neutral"),
        "form": form,
        "may_write": may_write(request.actor),
        "may_review": may_review(request.actor, one),
        "may_end": may_end(request.actor, one),
    }
    return render(request, "consent_texts/text.html", context)


@administrator_page(methods=("POST",))
def end_consent_text(request: DoorRequest, wording_id: UUID) -> HttpResponse:
    """It is read to nobody more; what has been agreed to stands."""
    one = _wording_or_404(wording_id)
    try:
        end_wording(one, by=request.actor)
    except (Stale, NotAllowed):
        messages.info(request, gettext("Texten användes redan inte längre."))
    else:
        messages.success(request, gettext("Texten är tagen ur bruk. Samtycken som vilar på den står kvar."))
    return redirect("consent_texts")


def _about(kind: WordingKind, found: list[ConsentWording]) -> About:
    rows = [
        VersionRow(one, _language(one.language), stands(one, found)) for one in found if one.about == kind
    ]
    return About(
        kind=kind,
        label=str(kind.label),
        rows=rows,
        languages=[(one.value, str(one.label)) for one in WRITTEN_LANGUAGES],
        has_swedish=any(
            row.one.language == Language.SWEDISH and row.state is WordingState.IN_USE for row in rows
        ),
    )


def _swedish(about: str) -> Text:
    """What the other languages are translated from."""
    found = wordings()
    used: Any = next(
        (
            one
            for one in found
            if (one.about, one.language) == (about, Language.SWEDISH)
            and stands(one, found) is WordingState.IN_USE
        ),
        None,
    )
    return as_read(used) if used else Text(Language.SWEDISH, standard()[about, Language.SWEDISH])


def _language(code: str) -> str:
    return str(dict(Language.choices).get(code, code))


def _wording_or_404(wording_id: UUID) -> ConsentWording:
    found = wording_of(wording_id)
    if found is None:
        raise Http404
    return found
