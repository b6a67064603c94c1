"""The living page of the components: every macro, with ordinary text and with hostile text.

Lives here: the page's samples, its sample form, and `page_context`, the variables that the base layouts
expect, for this page and for tests of templates. Not here: the components (`templates/components/`) and
the real variables of a page, which the door gives.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from humla.core.rulings import no
from humla.web.jinja import STOCKHOLM, html_language
from humla.web.page import Me, Note, Sending

MOMENT: Final = datetime(2026, 11, 24, 13, 0, tzinfo=STOCKHOLM)
# The layouts the page can be looked at in: ?bas=…
LAYOUTS: Final = {
    "allmän": "base/public.html",
    "personal": "base/staff.html",
    "person": "base/person.html",
}


@dataclass(frozen=True, slots=True)
class Words:
    """The texts that one rendering of all components is filled with."""

    heading: str
    short: str
    name: str
    sentence: str
    prose: str
    number: str


ORDINARY: Final = Words(
    heading="Med vanlig text",
    short="Boende",
    name="Eva Ek",
    sentence="Psykiatrin svarar senast fredag. Sedan väljer du tid.",
    prose="Jag vill kunna sova om nätterna.\nOch orka följa med barnen till skolan.\n\n"
    "Det är det viktigaste just nu.",
    number="19900101-2384",
)
LONG_WORD: Final = "Samordningsförbundshandläggningsärende" * 6
HOSTILE: Final = Words(
    heading="Med illvillig text",
    short="<script>alert(1)</script> العربية",
    name="\N{RIGHT-TO-LEFT OVERRIDE}kE avE </bdi> مريم 👩🏽\N{ZERO WIDTH JOINER}👧",
    sentence=f"{LONG_WORD[:200]} \"'&<b>fet</b> {{{{ 7*7 }}}} 🐝",
    prose=f"<script>alert(1)</script>\n{LONG_WORD[:200]}\n\nأريد أن أنام ليلاً.\n\n"
    f"\N{RIGHT-TO-LEFT OVERRIDE}bakvänt 🐝\n{'å' * 300}",
    number="javascript:alert(1)",
)


class SampleForm(forms.Form):
    """One field of each kind."""

    goal = forms.CharField(
        label="Vad vill du uppnå?",
        help_text="Skriv med dina egna ord.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    title = forms.CharField(label="Rubrik", max_length=80, required=False)
    due_on = forms.DateField(
        label="Klart senast", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    unit = forms.ChoiceField(label="Enhet", choices=[("", "Välj enhet"), ("1", "Psykiatrin Humlesund")])
    how = forms.ChoiceField(
        label="Hur gavs samtycket?",
        choices=[("oral", "Muntligt"), ("written", "Skriftligt")],
        widget=forms.RadioSelect,
    )
    categories = forms.MultipleChoiceField(
        label="Vad får enheten läsa?",
        help_text="Kryssa i det som personen har sagt ja till.",
        choices=[("planning", "Planering"), ("needs", "Behov"), ("health", "Hälsa")],
        widget=forms.CheckboxSelectMultiple,
    )
    understood = forms.BooleanField(label="Personen har fått veta vad samtycket gäller")
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """/komponenter/: public, no data. ?bas=personal and ?bas=person show the other layouts."""
    layout = LAYOUTS.get(request.GET.get("bas", ""), LAYOUTS["allmän"])
    context = page_context(
        layout=layout,
        notes=[Note(_("Så här ser ett kvitto ut."), "success")],
        demo=True,
        samples=[_sample(words) for words in (ORDINARY, HOSTILE)],
        refusal=no("Samtycke saknas för Psykiatrin. Registrera ett samtycke först."),
        layouts=[
            {"label": name.capitalize(), "url": f"?bas={name}", "current": layout == path}
            for name, path in LAYOUTS.items()
        ],
    )
    if layout != LAYOUTS["allmän"]:
        context.update(me=SIV if layout == LAYOUTS["personal"] else EVA, navigation=context["layouts"])
    return render(request, "komponenter/page.html", context)


def page_context(**given: Any) -> dict[str, Any]:
    """Every variable a base layout asks for, with quiet values; name the ones that matter."""
    active = translation.get_language() or "sv"
    return {
        "me": None,
        "navigation": [],
        "sending": Sending(csrf_token="", acting_as=""),
        "language": active,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "html_lang": html_language(active),
        "notes": [],
        "demo": False,
        **given,
    }


SIV: Final = Me("Siv Sandberg", "Individ- och arbetsmarknadsnämnden", "SIP-samordnare", "professional")
EVA: Final = Me("Eva Ek", "", "", "person")


def _sample(words: Words) -> dict[str, Any]:
    """The same components once more, filled with other words."""
    hostile = words is HOSTILE
    return {
        "words": words,
        "id": "illvillig" if hostile else "vanlig",
        "empty_form": SampleForm(auto_id=f"id_{'h' if hostile else 'o'}_%s", initial=_initial(words)),
        "bad_form": _bad_form(words, "hb" if hostile else "ob"),
        "steps": _steps(words),
        "entries": [
            {"at": MOMENT - timedelta(days=days), "who": words.name, "unit": words.short, "what": "Läste"}
            for days in (0, 1, 400)
        ],
        "rows": [[words.name, words.short, "2 dagar"], ["Amir Haddad", words.sentence, "14 dagar"]],
        "consents": [
            {"receiver": words.name, "cells": [True, True, False], "note": "till 1 mars 2027"},
            {"receiver": "Försäkringskassan Humlesund", "cells": [True, False, False], "note": words.short},
        ],
        "moment": MOMENT,
        "on": date(2026, 11, 24),
    }


def _initial(words: Words) -> dict[str, object]:
    long_text = words.prose if words is ORDINARY else words.prose + "å" * 10_000
    return {"goal": long_text, "title": words.sentence, "due_on": date(2026, 11, 24), "how": "oral"}


def _bad_form(words: Words, prefix: str) -> SampleForm:
    """A form that came back, with what was written still in it."""
    form = SampleForm(
        {"goal": "", "title": words.sentence * 4, "due_on": "", "unit": "9"},
        auto_id=f"id_{prefix}_%s",
    )
    form.full_clean()
    form.add_error(None, _("Någon annan har ändrat samma uppgift."))
    return form


def _steps(words: Words) -> list[dict[str, str]]:
    return [
        {"label": "Behov", "state": "done", "text": "3 november", "url": "#main"},
        {"label": "Samtycke", "state": "done", "text": "3 av 4 enheter"},
        {"label": "Förmöte", "state": "stopped", "text": words.sentence},
        {"label": "Kallelse", "state": "waiting", "text": "Väntar på Psykiatrin"},
        {"label": "Möte", "state": "now", "text": "Siv håller i mötet"},
        {"label": "Plan", "state": "ahead"},
        {"label": "Uppföljning", "state": "ahead"},
    ]
