"""What the parties have agreed: the agreement in force, every version of it, and the form for a signature.

Here: the pages that everybody who works here reads. Not here: writing the next version
(`humla.web.agreement_draft`), nor what follows from the agreement (`humla.agreements.rules`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from humla.agreements.actions import sign
from humla.agreements.chapters import DEADLINES, LAW_SUBJECTS
from humla.agreements.comparing import Change, changes
from humla.agreements.models import AgreementParty, AgreementState, Duty, LocalAgreement
from humla.agreements.rules import in_words, may_draft, may_sign, may_take_back
from humla.agreements.visibility import (
    Renewal,
    agreement_in_force,
    agreement_of,
    agreement_party,
    agreements,
    draft_agreement,
    is_in_force,
    latest_agreement,
    missing_signatures,
    renewal_due,
    sent_agreement,
    state_beside,
)
from humla.audit.tags import Tag
from humla.core.context import Actor, today
from humla.core.dates import written_date
from humla.core.fields import LineField, SwedishDateField
from humla.core.rulings import Ruling
from humla.organisation.visibility import professions_in_cases
from humla.web.door import DoorRequest, administrator_page, office_page
from humla.web.page import render

TONES = {
    AgreementState.DRAFT: "info",
    AgreementState.THROWN: "stop",
    AgreementState.IN_FORCE: "done",
    AgreementState.UNSIGNED: "warning",
    AgreementState.AHEAD: "info",
    AgreementState.ENDED: "stop",
    AgreementState.REPLACED: "neutral",
}


class SignForm(forms.Form):
    """A party's signature, with the name in clear."""

    name = LineField(
        120,
        label=gettext_lazy("Vem skrev under?"),
        missing=gettext_lazy("Skriv namnet på den som skrev under."),
    )
    signed_on = SwedishDateField(
        label=gettext_lazy("Vilken dag?"),
        missing=gettext_lazy("Skriv dagen, till exempel 2026-11-24."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@dataclass(frozen=True)
class PartyRow:
    """One party of the agreement as it stands today."""

    row: AgreementParty
    duty: Duty
    may_sign: Ruling
    form: SignForm | None


@dataclass(frozen=True)
class VersionRow:
    """One version in the list: where it stands, and the colour of that."""

    agreement: LocalAgreement
    state: AgreementState
    tone: str


@office_page()
def agreement(request: DoorRequest) -> HttpResponse:
    """What the parties have agreed, whether it holds, and what is missing."""
    found = latest_agreement(today())
    if found is None:
        return render(
            request,
            "organisation/no_agreement.html",
            {"may_draft": may_draft(request.actor), "draft": draft_agreement()},
        )
    return _agreement_page(request, found, is_first=True)


@office_page()
def agreement_versions(request: DoorRequest) -> HttpResponse:
    """Every version that there has been, the newest first: what was agreed can be read for ever."""
    on = today()
    holds = agreement_in_force(on)
    rows = [_version_row(one, holds, on) for one in agreements().order_by("-version", "-starts_on")]
    return render(request, "agreement/versions.html", {"rows": rows})


@office_page()
def agreement_version(request: DoorRequest, agreement_id: UUID) -> HttpResponse:
    """One version as it was, as it is or as it may become: also a draft, for those who will sign it."""
    return _agreement_page(request, agreement_or_404(agreement_id))


@office_page()
def compare_versions(request: DoorRequest, agreement_id: UUID) -> HttpResponse:
    """What a version changes, in plain words, and what each party is called to by it."""
    after = agreement_or_404(agreement_id)
    before = agreement_of(after.follows_id) if after.follows_id else None
    request.looked(Tag.AGREEMENT_READ, items=[("agreement", after.pk, after.version)])
    context = {
        "before": before,
        "after": after,
        "chapters": by_chapter(changes(before, after)) if before else [],
    }
    return render(request, "agreement/compare.html", context)


@administrator_page(methods=("POST",))
def sign_agreement(request: DoorRequest, agreement_party_id: UUID) -> HttpResponse:
    """The administrator writes in that a party has signed."""
    row = agreement_party(agreement_party_id)
    if row is None:
        raise Http404
    form = _form(row, request)
    if form.is_valid():
        try:
            sign(
                row,
                name=form.cleaned_data["name"],
                signed_on=form.cleaned_data["signed_on"],
                by=request.actor,
            )
        except ValidationError as refused:
            put_back(form, refused, signed_by="name")
        else:
            messages.success(request, _signed(row.agreement_id))
            return redirect("agreement_version", agreement_id=row.agreement_id)
    return _agreement_page(request, agreement_or_404(row.agreement_id), form=form, form_of=row.pk)


def agreement_or_404(agreement_id: UUID) -> LocalAgreement:
    """One version of the reader's own förbund."""
    found = agreement_of(agreement_id)
    if found is None:
        raise Http404
    return found


def put_back(form: forms.Form, refused: ValidationError, **names: str) -> None:
    """The action's sentences at the fields they are about."""
    said = refused.message_dict if hasattr(refused, "error_dict") else {"__all__": refused.messages}
    for name, sentences in said.items():
        field = names.get(name, name)
        for sentence in sentences:
            form.add_error(field if field in form.fields else None, sentence)


def by_chapter(found: Sequence[Change]) -> list[tuple[str, list[Change]]]:
    """The changes under the headings that they belong to, in their order."""
    together: dict[str, list[Change]] = {}
    for one in found:
        together.setdefault(one.where, []).append(one)
    return [*together.items()]


def read_of(found: LocalAgreement, on: date) -> dict[str, Any]:
    """What a version says, for the page that shows it and for the preview of a draft."""
    initiating = sorted(row.profession.name for row in found.initiating.all())
    return {
        "agreement": found,
        "initiating": initiating,
        "asking": [one.name for one in professions_in_cases() if one.name not in initiating],
        "areas": list(found.life_areas.all()),
        "groups": list(found.needs_groups.all()),
        "law": [
            (LAW_SUBJECTS.get(one.subject, one.subject), one.text) for one in found.law.order_by("subject")
        ],
        "deadlines": deadlines_of(found),
        "is_in_force": is_in_force(found, on),
    }


def deadlines_of(found: LocalAgreement) -> list[dict[str, str]]:
    """Each deadline in words, and what follows from it."""
    return [
        {
            "label": _label(one.name),
            "value": in_words_of(one.name, getattr(found, one.name)),
            "steers": str(one.steers),
        }
        for one in DEADLINES
    ]


def in_words_of(name: str, number: int) -> str:
    """A deadline as one says it."""
    told = {"num": number}
    match name:
        case "reminders":
            return ngettext("%(num)s gång", "%(num)s gånger", number) % told
        case "follow_up_months":
            return ngettext("varje månad", "var %(num)s:e månad", number) % told
        case "answer_days" | "meeting_days":
            return ngettext("inom %(num)s dag", "inom %(num)s dagar", number) % told
        case "input_days":
            return ngettext("%(num)s arbetsdag före", "%(num)s arbetsdagar före", number) % told
        case "reminder_days":
            return ngettext("efter %(num)s arbetsdag", "efter %(num)s arbetsdagar", number) % told
    return ngettext("inom %(num)s arbetsdag", "inom %(num)s arbetsdagar", number) % told


def _label(name: str) -> str:
    return {
        "request_days": _("Svara på en begäran om SIP"),
        "times_days": _("Svara på förslag om tider"),
        "answer_days": _("Svara på en kallelse"),
        "meeting_days": _("Möte hålls"),
        "input_days": _("Underlag till mötet"),
        "reminder_days": _("Påminnelse till den som är tyst"),
        "reminders": _("Påminnelser innan någon ringer"),
        "follow_up_months": _("Uppföljning"),
    }[name]


def _agreement_page(
    request: DoorRequest,
    found: LocalAgreement,
    *,
    form: SignForm | None = None,
    form_of: UUID | None = None,
    is_first: bool = False,
) -> HttpResponse:
    on = today()
    state = state_beside(found, agreement_in_force(on), on)
    request.looked(Tag.AGREEMENT_READ, items=[("agreement", found.pk, found.version)])
    context = {
        **read_of(found, on),
        "state": state,
        "tone": "info" if state is AgreementState.REPLACED else TONES[state],
        "sentence": sentence(found, state, on),
        "rows": [
            _party_row(row, found, on, request.actor, form if row.pk == form_of else None)
            for row in found.parties.all()
        ],
        "form": form,
        "is_first": is_first,
        "may_draft": may_draft(request.actor),
        "renewal": _renewal(renewal_due(on)) if is_first else "",
        "next": sent_agreement(on) if is_first else None,
        "draft": draft_agreement(),
        "may_take_back": may_take_back(request.actor, found, draft_agreement()),
    }
    return render(request, "organisation/agreement.html", context)


def _version_row(found: LocalAgreement, holds: LocalAgreement | None, on: date) -> VersionRow:
    state = state_beside(found, holds, on)
    return VersionRow(found, state, TONES[state])


def _party_row(
    row: AgreementParty, found: LocalAgreement, on: date, actor: Actor, form: SignForm | None
) -> PartyRow:
    row.agreement = found
    ruling = may_sign(actor, row)
    duty = Duty(row.duty) if is_in_force(found, on) else Duty.INVITED
    return PartyRow(row, duty, ruling, form or (_form(row) if ruling else None))


def sentence(found: LocalAgreement, state: AgreementState, on: date) -> str:
    """The first line: does it hold, and if not, what is missing."""
    dates = {"from": written_date(found.starts_on), "until": written_date(found.ends_on)}
    match state:
        case AgreementState.DRAFT:
            return _("Det här är ett utkast. Inget av det gäller förrän alla parter har skrivit under.")
        case AgreementState.THROWN:
            return _("Utkastet är kastat. Inget av det gäller.")
        case AgreementState.IN_FORCE:
            return _("Alla parter har skrivit under. Överenskommelsen gäller till och med %(until)s.") % dates
        case AgreementState.REPLACED:
            return _("En senare version gäller i stället. Den här finns kvar att läsa.")
        case AgreementState.AHEAD:
            return _("Alla parter har skrivit under. Överenskommelsen börjar gälla %(from)s.") % dates
        case AgreementState.ENDED:
            return _("Överenskommelsen upphörde %(until)s. Alla parter är bara inbjudna.") % dates
    missing = missing_signatures(found, on)
    if not missing:
        return _("Överenskommelsen har inga parter ännu.")
    return _(
        "Väntar på underskrift av %(parties)s. Tills alla har skrivit under är varje part bara inbjuden."
    ) % {"parties": in_words(missing)}


def _renewal(due: Renewal | None) -> str:
    """What to decide, and by when; what happens otherwise."""
    if due is None:
        return ""
    told = {"by": written_date(due.by), "until": written_date(due.agreement.ends_on)}
    if due.days_left < 0:
        return _("Överenskommelsen gällde till och med %(until)s och ingen ny är underskriven.") % told
    if due.is_late:
        return (
            _("Förlängning skulle ha beslutats senast %(by)s. Efter %(until)s är alla parter bara inbjudna.")
            % told
        )
    return _("Förlängning beslutas senast %(by)s. Efter %(until)s är alla parter bara inbjudna.") % told


def _signed(agreement_id: UUID) -> str:
    found = agreement_of(agreement_id)
    missing = missing_signatures(found, today()) if found else []
    if missing:
        return _("Underskriften är inskriven. Nu saknas %(parties)s.") % {"parties": in_words(missing)}
    return _("Underskriften är inskriven. Alla parter har skrivit under.")


def _form(row: AgreementParty, request: DoorRequest | None = None) -> SignForm:
    return SignForm(request.POST if request else None, auto_id=f"id_{row.pk.hex[:8]}_%s")
