"""The pages without any person in them: who the parties are, and what they have agreed.

Here: the organisation, the local agreement and the administrator's form for a signature. Not here: what
follows from the agreement (`humla.agreements.rules`), how an organisation is loaded (`humla.ops.loading`).
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from humla.agreements.actions import sign
from humla.agreements.models import AgreementParty, AgreementState, Duty, LocalAgreement
from humla.agreements.rules import duty_of, in_words, may_sign
from humla.agreements.visibility import agreement_party, latest_agreement, missing_signatures, state_of
from humla.audit.tags import Tag
from humla.core.context import Actor, today
from humla.core.dates import written_date
from humla.core.fields import LineField, SwedishDateField
from humla.core.rulings import Ruling
from humla.organisation.models import Authority, Party, Role, Unit, UnitAssignment
from humla.organisation.visibility import parties, professions_in_cases
from humla.web.door import DoorRequest, administrator_page, office_page
from humla.web.page import render

_TONES = {
    AgreementState.IN_FORCE: "done",
    AgreementState.UNSIGNED: "warning",
    AgreementState.AHEAD: "info",
    AgreementState.ENDED: "stop",
}
_LAW_LABELS = {
    "plan": gettext_lazy("Att planen görs"),
    "plan_content": gettext_lazy("Vad planen ska visa"),
    "consent": gettext_lazy("Samtycke och sekretess"),
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
class UnitRow:
    """One line of the organisation: a unit with the people who act for it now."""

    party: Party
    authority: Authority
    unit: Unit | None
    people: list["PersonRow"]


@dataclass(frozen=True)
class PersonRow:
    """One who acts for a unit: her profession and in which roles."""

    name: str
    profession: str
    roles: str
    phone: str


@dataclass(frozen=True)
class PartyRow:
    """One party of the agreement as it stands today."""

    row: AgreementParty
    duty: Duty
    may_sign: Ruling
    form: SignForm | None


@office_page()
def organisation(request: DoorRequest) -> HttpResponse:
    """Parties, authorities, units and who acts for them: one list that filters by typing."""
    rows = _unit_rows()
    figures = {
        _("parter"): len({row.party.pk for row in rows}),
        _("myndigheter"): len({row.authority.pk for row in rows}),
        _("enheter"): len([row for row in rows if row.unit]),
        _("medarbetare"): len({person for row in rows for person in row.people}),
    }
    return render(request, "organisation/organisation.html", {"rows": rows, "figures": figures})


def _unit_rows() -> list[UnitRow]:
    rows = []
    for party in parties():
        for authority in party.authorities.all():
            units = list(authority.units.all())
            rows += [UnitRow(party, authority, unit, _people(list(unit.assignments.all()))) for unit in units]
            if not units:
                rows.append(UnitRow(party, authority, None, []))
    return rows


def _people(assignments: list[UnitAssignment]) -> list[PersonRow]:
    """Everybody once, with all her roles at the unit."""
    together: dict[UUID, list[UnitAssignment]] = {}
    for one in assignments:
        together.setdefault(one.professional_id, []).append(one)
    return [
        PersonRow(
            name=given[0].professional.name,
            profession=given[0].professional.profession.name if given[0].professional.profession else "",
            roles=", ".join(str(Role(one.role).label) for one in given),
            phone=given[0].professional.phone,
        )
        for given in together.values()
    ]


@office_page()
def agreement(request: DoorRequest) -> HttpResponse:
    """What the parties have agreed, whether it holds, and what is missing."""
    found = latest_agreement(today())
    if found is None:
        return render(request, "organisation/no_agreement.html")
    request.looked(Tag.AGREEMENT_READ, items=[("agreement", found.pk, found.version)])
    return _agreement_page(request, found)


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
            _put_back(form, refused)
        else:
            messages.success(request, _("Underskriften är inskriven."))
            return redirect("agreement")
    found = latest_agreement(today())
    if found is None or found.pk != row.agreement_id:
        raise Http404
    return _agreement_page(request, found, form=form, form_of=row.pk)


def _agreement_page(
    request: DoorRequest, found: LocalAgreement, *, form: SignForm | None = None, form_of: UUID | None = None
) -> HttpResponse:
    on = today()
    state = state_of(found, on)
    initiating = sorted(row.profession.name for row in found.initiating.all())
    context = {
        "agreement": found,
        "state": state,
        "tone": _TONES[state],
        "sentence": _sentence(found, state, on),
        "rows": [
            _party_row(row, found, on, request.actor, form if row.pk == form_of else None)
            for row in found.parties.all()
        ],
        "form": form,
        "initiating": initiating,
        "asking": [one.name for one in professions_in_cases() if one.name not in initiating],
        "areas": list(found.life_areas.all()),
        "law": [
            (_LAW_LABELS.get(one.subject, one.subject), one.text) for one in found.law.order_by("subject")
        ],
    }
    return render(request, "organisation/agreement.html", context)


def _party_row(
    row: AgreementParty, found: LocalAgreement, on: date, actor: Actor, form: SignForm | None
) -> PartyRow:
    ruling = may_sign(actor, row)
    return PartyRow(row, duty_of(row.party, found, on), ruling, form or (_form(row) if ruling else None))


def _sentence(found: LocalAgreement, state: AgreementState, on: date) -> str:
    """The first line: does it hold, and if not, what is missing."""
    dates = {"from": written_date(found.starts_on), "until": written_date(found.ends_on)}
    match state:
        case AgreementState.IN_FORCE:
            return _("Alla parter har skrivit under. Överenskommelsen gäller till och med %(until)s.") % dates
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


def _form(row: AgreementParty, request: DoorRequest | None = None) -> SignForm:
    return SignForm(request.POST if request else None, auto_id=f"id_{row.pk.hex[:8]}_%s")


def _put_back(form: SignForm, refused: ValidationError) -> None:
    """The action's sentences at the fields they are about."""
    names = {"signed_by": "name"}
    said = refused.message_dict if hasattr(refused, "error_dict") else {"__all__": refused.messages}
    for name, sentences in said.items():
        field = names.get(name, name)
        for sentence in sentences:
            form.add_error(field if field in form.fields else None, sentence)
