"""Pages about the person: who she is and how she wants to be met, her number, and her other registrations.

Here: the person's page inside a case, correcting a wrong number, and linking. Not here: registering somebody
new, which is one page together with opening a case (`humla.web.cases`), how many numbers one may try
(`humla.web.seeking`), nor the person's own pages (`humla.web.own`).
"""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.naming import case_title
from humla.cases.rules import may_change
from humla.cases.visibility import is_held
from humla.core import dates, numbers
from humla.core.fields import ChoiceField, LineField, PersonNumberField, ProseField
from humla.core.rulings import NotAllowed, Ruling, all_of
from humla.core.versions import Stale
from humla.drafts.actions import drop_draft
from humla.people import actions, rules
from humla.people.actions import NumberTaken, PersonDetails
from humla.people.models import HouseholdRole, Language, Person, Sex
from humla.people.naming import (
    born_on,
    display_name,
    masked_number,
    number_label,
    shown_number,
    whole_number,
)
from humla.people.visibility import link_seen, links_of, person_seen, person_with_code
from humla.web.door import DoorRequest, case_page
from humla.web.page import render
from humla.web.seeking import count_miss, may_seek, note_sought
from humla.web.two_texts import TwoTexts, differing, prefilled, sent_version


class NameFields(forms.Form):
    """Who it is."""

    given_name = LineField(80, label=_("Förnamn"), missing=_("Skriv förnamnet."))
    family_name = LineField(80, label=_("Efternamn"), missing=_("Skriv efternamnet."))


class ContactFields(forms.Form):
    """How to meet her: asked once, used in every letter."""

    language = ChoiceField(label=_("Språk"), choices=Language.choices, initial=Language.SWEDISH)
    needs_interpreter = forms.BooleanField(label=_("Behöver tolk"), required=False)
    communication_support = LineField(
        300,
        label=_("Stöd för att förstå och bli förstådd"),
        help_text=_("Till exempel bilder, hörslinga, lugnt tempo, lättläst."),
        required=False,
    )
    wants_contact_by = LineField(
        300,
        label=_("Vill bli nådd så här"),
        help_text=_("Till exempel sms på eftermiddagar, brev, genom sin syster."),
        required=False,
    )


class PersonForm(NameFields, ContactFields):
    """Everything that is written about the person, and what is counted."""

    number = PersonNumberField(
        label=_("Personnummer eller samordningsnummer"),
        help_text=_("Skriv numret när personen har fått ett. Den tillfälliga koden försvinner då."),
        required=False,
    )
    born_year = forms.IntegerField(label=_("Födelseår"), required=False, min_value=1840)
    sex = ChoiceField(label=_("Kön"), help_text=_("Används bara i statistiken."), choices=Sex.choices)
    household_role = ChoiceField(
        label=_("Roll i hushållet"),
        help_text=_("Om personen söker stöd tillsammans med någon. Allt registreras ändå på personen själv."),
        choices=HouseholdRole.choices,
    )
    field_order = (
        "given_name",
        "family_name",
        "number",
        "born_year",
        "language",
        "needs_interpreter",
        "communication_support",
        "wants_contact_by",
        "household_role",
        "sex",
    )

    def __init__(self, *args: Any, numbered: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if numbered:
            del self.fields["number"], self.fields["born_year"]

    def clean_born_year(self) -> int | None:
        year: int | None = self.cleaned_data["born_year"]
        if year is not None and year > dates.today().year:
            raise forms.ValidationError(gettext("Födelseåret ligger i framtiden. Skriv fyra siffror."))
        return year

    def details(self) -> PersonDetails:
        """What the form says, as the action takes it."""
        return PersonDetails(**self.cleaned_data)


class LinkForm(forms.Form):
    """Which other registration, and how one knows."""

    other = LineField(
        60,
        label=_("Den andra registreringens nummer eller tillfälliga kod"),
        help_text=_("Personnummer, samordningsnummer eller en kod som T-CDF-234."),
        missing=_("Skriv numret eller koden."),
    )
    reason = ProseField(
        300,
        rows=3,
        label=_("Hur vet du att det är samma person?"),
        missing=_("Skriv hur du vet det, så att en kollega kan förstå det senare."),
    )


class NumberForm(forms.Form):
    """The right number instead of a wrong one, or that nobody knows it yet."""

    number = PersonNumberField(
        label=_("Det rätta numret"),
        help_text=_("Tolv siffror, till exempel 19870101-0000."),
        required=False,
    )
    is_unknown = forms.BooleanField(
        label=_("Det rätta numret är inte känt än. Personen får en tillfällig kod."), required=False
    )
    reason = ProseField(
        300,
        rows=3,
        label=capfirst(Person._meta.get_field("number_reason").verbose_name),
        help_text=_("Kort. Det läser bara de som arbetar i ärendet hos er."),
        missing=_("Skriv hur du vet det, så att en kollega kan förstå det senare."),
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if "number" in cleaned and bool(cleaned["number"]) == bool(cleaned.get("is_unknown")):
            sentence = gettext("Skriv det rätta numret, eller kryssa i att det inte är känt än.")
            self.add_error("number", sentence)
        return cleaned


@case_page(methods=("GET", "POST"))
def person(request: DoorRequest, case: Case) -> HttpResponse:
    """Who the person is, with her number masked until somebody asks for it whole."""
    someone = _held_person(request, case)
    if request.method == "POST":
        return _changed(request, case, someone)
    whole = request.GET.get("nummer") == "visa" and bool(someone.number)
    typed, drafted_at = prefilled(request, draft_name(someone.pk), written_now(someone))
    form = PersonForm(initial=typed, numbered=bool(someone.number))
    unlike = _unlike(typed, someone) if drafted_at else None
    return _page(request, case, someone, form, unlike=unlike, whole=whole)


@case_page(methods=("GET", "POST"))
def correct_number(request: DoorRequest, case: Case) -> HttpResponse:
    """A wrong number opens the case to whoever has it, on a page of her own: here that is put right."""
    someone = _held_person(request, case)
    form = NumberForm(request.POST or None)
    is_conflict = False
    if request.method == "POST" and form.is_valid():
        try:
            if _corrected(request, someone, form):
                messages.success(
                    request, gettext("Numret är rättat. Den som hade det gamla numret ser inget längre.")
                )
                return redirect("person", case_id=case.pk)
        except Stale:
            someone, is_conflict = _held_person(request, case), True
    _looked(request, case, someone, Tag.CASE_READ)
    context = {
        "case": case,
        "title": case_title(case),
        "name": display_name(someone),
        "number": shown_number(someone),
        "facts": [] if someone.is_protected else born_fact(someone),
        "form": form,
        "version": someone.version,
        "is_conflict": is_conflict,
        "may_correct": rules.may_correct_number(request.actor, someone),
    }
    return render(request, "people/number.html", context)


@case_page(methods=("GET", "POST"))
def link_person(request: DoorRequest, case: Case) -> HttpResponse:
    """Say that two registrations at the same authority are one human."""
    someone = _held_person(request, case)
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _linked(request, case, someone, form):
        messages.success(request, gettext("Registreringarna är ihopkopplade. Det går att ta isär dem igen."))
        return redirect("person", case_id=case.pk)
    _looked(request, case, someone, Tag.CASE_READ)
    context = {
        "case": case,
        "title": case_title(case),
        "name": display_name(someone),
        "number": shown_number(someone),
        "facts": [someone.code] if someone.code else [],
        "form": form,
        "may_link": _may_link(request, case, someone),
    }
    return render(request, "people/link.html", context)


@case_page(methods=("POST",))
def unlink_person(request: DoorRequest, case: Case, link_id: UUID) -> HttpResponse:
    """Take two registrations apart again."""
    found = link_seen(_held_person(request, case), link_id)
    if found is None:
        raise Http404
    actions.unlink(found, by=request.actor)
    messages.success(request, gettext("Registreringarna är isärtagna."))
    return redirect("person", case_id=case.pk)


def draft_name(person_id: UUID) -> str:
    """The draft in which what was typed about a person waits to be compared with what stood already."""
    return f"person:{person_id}"


def written_now(someone: Person) -> dict[str, Any]:
    """What stands about the person, by the names of the form's fields."""
    return {name: getattr(someone, name) for name in PersonForm.base_fields if name != "number"}


def differs(typed: dict[str, Any], someone: Person) -> bool:
    """Was something typed that is not what stands?"""
    return bool(_unlike(typed, someone))


def born_fact(someone: Person) -> list[str]:
    """The birth date that the number says, in words: where a wrong number is seen at once."""
    born = born_on(someone)
    return (
        [gettext("Född %(day)s") % {"day": dates.written_date(born, get_language() or "sv")}] if born else []
    )


def _held_person(request: DoorRequest, case: Case) -> Person:
    """A receiver has the plan's words about the person, never her row."""
    someone = person_seen(case.person_id) if is_held(case, request.actor) else None
    if someone is None:
        raise Http404
    return someone


def _looked(request: DoorRequest, case: Case, someone: Person, tag: Tag) -> None:
    request.looked_in(case, tag, items=[("person", someone.pk, someone.version)])


def _changed(request: DoorRequest, case: Case, someone: Person) -> HttpResponse:
    may_change(request.actor, case).enforce()
    form = PersonForm(request.POST, numbered=bool(someone.number))
    if not form.is_valid():
        return _page(request, case, someone, form, version=sent_version(request))
    number = form.cleaned_data.get("number")
    try:
        if number:
            may_seek().enforce()
        actions.change(someone, form.details(), version=sent_version(request), by=request.actor)
    except Stale:
        now_written = person_seen(someone.pk) or someone
        unlike = _unlike(form.cleaned_data, now_written)
        return _page(request, case, now_written, form, unlike=unlike, is_conflict=True)
    except NotAllowed as refused:
        _note_taken(request, refused)
        form.add_error("number" if "number" in form.fields else None, refused.reason)
        return _page(request, case, someone, form, version=sent_version(request))
    if number:
        count_miss()
    drop_draft(draft_name(someone.pk))
    messages.success(request, gettext("Uppgifterna är sparade."))
    return redirect("person", case_id=case.pk)


def _page(
    request: DoorRequest,
    case: Case,
    someone: Person,
    form: PersonForm,
    *,
    unlike: TwoTexts | None = None,
    is_conflict: bool = False,
    whole: bool = False,
    version: int | None = None,
) -> HttpResponse:
    _looked(request, case, someone, Tag.NUMBER_READ if whole else Tag.CASE_READ)
    ruling = all_of(may_change(request.actor, case), rules.may_change(request.actor, someone))
    context = {
        "case": case,
        "title": case_title(case),
        "name": display_name(someone),
        "number": whole_number(someone) if whole else masked_number(someone),
        "number_label": number_label(someone),
        "has_number": bool(someone.number),
        "born": born_fact(someone),
        "number_reason": someone.number_reason,
        "is_whole": whole,
        "form": form,
        "version": version or someone.version,
        "unlike": unlike,
        "is_conflict": is_conflict,
        "links": [_link_row(one) for one in links_of(someone)],
        "may_change": ruling,
    }
    return render(request, "people/person.html", context)


def _link_row(one: Any) -> dict[str, Any]:
    other = one.other
    return {
        "id": one.link.pk,
        "name": display_name(other) if other else gettext("En registrering som du inte arbetar med"),
        "number": masked_number(other) if other else "",
        "reason": one.link.reason,
        "at": one.link.linked_at,
    }


def _unlike(typed: dict[str, Any], someone: Person) -> TwoTexts | None:
    """What was typed and what stands, a line for each field where they differ; None when none does."""
    texts = differing(PersonForm.base_fields, typed, written_now(someone))
    if not texts:
        return None
    mine = "\n".join(f"{one.label}: {one.mine}" for one in texts)
    return TwoTexts(gettext("om personen"), mine, "\n".join(f"{one.label}: {one.theirs}" for one in texts))


def _corrected(request: DoorRequest, someone: Person, form: NumberForm) -> bool:
    """Done; or not, and the form says why."""
    number, reason = form.cleaned_data["number"], form.cleaned_data["reason"]
    try:
        if number:
            may_seek().enforce()
        version = sent_version(request)
        actions.correct_number(someone, number, reason=reason, version=version, by=request.actor)
    except NotAllowed as refused:
        _note_taken(request, refused)
        form.add_error("number", refused.reason)
        return False
    if number:
        count_miss()
    return True


def _note_taken(request: DoorRequest, refused: NotAllowed) -> None:
    if isinstance(refused, NumberTaken):
        note_sought(request, refused.person_id)


def _linked(request: DoorRequest, case: Case, someone: Person, form: LinkForm) -> bool:
    """Done; or not, and the form says why. Nobody is looked up for a link that cannot be made."""
    try:
        _may_link(request, case, someone).enforce()
        other = _named_by(form.cleaned_data["other"], request)
        if other is None:
            raise NotAllowed(gettext("Ingen registrering hos er har det numret eller den koden."))
        actions.link(someone, other, reason=form.cleaned_data["reason"], by=request.actor)
    except NotAllowed as refused:
        form.add_error("other", refused.reason)
        return False
    return True


def _may_link(request: DoorRequest, case: Case, someone: Person) -> Ruling:
    return all_of(may_change(request.actor, case), rules.may_begin_link(request.actor, someone))


def _named_by(written: str, request: DoorRequest) -> Person | None:
    try:
        number = numbers.parse(written, dates.today())
    except numbers.NotANumber:
        return person_with_code(written)
    may_seek().enforce()
    found = actions.found_by_number(number, by=request.actor)
    note_sought(request, found.pk if found else None)
    return found
