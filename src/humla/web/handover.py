"""An adopted version: the frozen plan, who may get which parts of it, handing it over, and the PDF.

Here: one row per receiver and what the holder sees of a version. Not here: the act itself and its lock on
the consent (`humla.disclosures.actions`), nor the receiver's own pages (`humla.web.received`).

A receiver's copy holds that receiver's categories and nothing else. It is put together from the parts, so
a category that is not hers never reaches the page or the PDF.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from humla.audit.tags import Tag
from humla.cases.models import RELEASABLE, Case
from humla.cases.visibility import is_held
from humla.consents.models import Consent, ConsentState
from humla.consents.rules import last_day
from humla.consents.visibility import consents_of, state_of
from humla.core.context import now
from humla.core.dates import day_of, written_date
from humla.core.document import PrintedDocument, render_pdf
from humla.core.rulings import Ruling, no
from humla.disclosures.actions import disclose
from humla.disclosures.models import Disclosure, Document, DocumentPart
from humla.disclosures.rules import has_all, may_disclose
from humla.disclosures.visibility import disclosures_of
from humla.organisation.models import Unit
from humla.organisation.visibility import names_of_professionals
from humla.plans.document import HEADINGS, blocks_of, difference, printed, shown
from humla.plans.visibility import parts_in, parts_of_version, version_of
from humla.web.door import DoorRequest, case_page
from humla.web.page import render


@dataclass(frozen=True)
class Receiver:
    """One unit: what it may get of this version, and what it has got."""

    unit: Unit
    authority: str
    party_kind: str
    consent: Consent | None
    categories: list[str]
    withheld: list[str]
    handed: list[Disclosure]
    may_get: Ruling

    @property
    def has_it(self) -> bool:
        """Has everything that the consent opens been handed over already?"""
        return has_all(self.categories, self.handed)

    @property
    def labels(self) -> list[str]:
        """What it gets, in words."""
        return [str(HEADINGS[category]) for category in self.categories]

    @property
    def withheld_labels(self) -> list[str]:
        """What stands in the plan and does not go there, in words."""
        return [str(HEADINGS[category]) for category in self.withheld]


@case_page()
def plan_version(request: DoorRequest, case: Case, version: int) -> HttpResponse:
    """One adopted version, whole or with ?mottagare= as that receiver sees it, and who has got it."""
    document, parts = _version_or_404(request, case, version)
    receivers = _receivers(request, case, document, parts)
    only = _asked_for(request, receivers)
    _looked(request, Tag.DOCUMENT_READ, case, document, only)
    before = blocks_of(parts_of_version(case, version - 1)) if version > 1 and only is None else {}
    return render(
        request,
        "plans/version.html",
        {
            "case": case,
            "document": document,
            "parts": shown(blocks_of(_parts_for(parts, only))),
            "receivers": receivers,
            "only": only,
            "names": names_of_professionals({one.disclosed_by_id for row in receivers for one in row.handed}),
            "changes": difference(before, blocks_of(parts)) if before else [],
            "last_day": {row.consent.pk: last_day(row.consent.ends_at) for row in receivers if row.consent},
        },
    )


@case_page()
def plan_version_pdf(request: DoorRequest, case: Case, version: int) -> HttpResponse:
    """The same on paper: the whole for those who hold it, or exactly what one receiver gets."""
    document, parts = _version_or_404(request, case, version)
    only = _asked_for(request, _receivers(request, case, document, parts))
    _looked(request, Tag.DOCUMENT_PRINTED, case, document, only)
    # The name of a file lies in download folders and mail: the reference only, never the person.
    name = f"plan-{case.reference}-v{document.version}.pdf"
    return HttpResponse(
        render_pdf(_printed(case, document, _parts_for(parts, only), only)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


@case_page(methods=("POST",))
def hand_over(request: DoorRequest, case: Case, version: int) -> HttpResponse:
    """Hand the version over to one unit, under the consent that is in force at this instant."""
    document, _parts = _version_or_404(request, case, version)
    sought = request.POST.get("unit", "")
    unit = next((one.receiver_unit for one in consents_of(case) if str(one.receiver_unit_id) == sought), None)
    if unit is None:
        raise Http404
    disclose(document, unit=unit, by=request.actor)
    messages.success(request, _("Planen är utlämnad till %(unit)s.") % {"unit": unit.name})
    return redirect("plan_version", case_id=case.pk, version=version)


def _version_or_404(request: DoorRequest, case: Case, version: int) -> tuple[Document, list[DocumentPart]]:
    document = version_of(case, version) if is_held(case, request.actor) else None
    if document is None:
        raise Http404
    return document, parts_in(document)


def _receivers(
    request: DoorRequest, case: Case, document: Document, parts: Sequence[DocumentPart]
) -> list[Receiver]:
    """Every unit with a consent in force, and those that got this version under one that has ended."""
    in_force = {
        one.receiver_unit_id: one
        for one in reversed(consents_of(case))
        if state_of(one, now()) == ConsentState.IN_FORCE
    }
    handed: dict[UUID, list[Disclosure]] = {}
    for one in disclosures_of(case.pk):
        if one.document_id == document.pk:
            handed.setdefault(one.receiver_unit_id, []).append(one)
    units = {key: one.receiver_unit for key, one in in_force.items()}
    units |= {key: acts[0].receiver_unit for key, acts in handed.items()}
    has = {part.category for part in parts}
    rows = [
        _receiver(request, case, document, unit, in_force.get(key), handed.get(key, []), has)
        for key, unit in units.items()
    ]
    return sorted(rows, key=lambda row: (row.unit.name, str(row.unit.pk)))


def _receiver(
    request: DoorRequest,
    case: Case,
    document: Document,
    unit: Unit,
    consent: Consent | None,
    handed: list[Disclosure],
    has: set[str],
) -> Receiver:
    opened = set(consent.categories) if consent else set()
    authority = consent.receiver if consent else handed[0].receiver
    categories = [one.value for one in RELEASABLE if one in has and one in opened]
    return Receiver(
        unit=unit,
        authority=authority.name,
        party_kind=consent.receiver.party.kind if consent else "",
        consent=consent,
        categories=categories,
        withheld=[one for one in HEADINGS if one in has and one not in opened],
        handed=handed,
        may_get=may_disclose(
            request.actor, case, document, consent, unit=unit, categories=categories, handed=handed
        )
        if consent
        else no(_("Inget samtycke gäller längre för %(unit)s.") % {"unit": unit.name}),
    )


def _asked_for(request: DoorRequest, receivers: Iterable[Receiver]) -> Receiver | None:
    sought = request.GET.get("mottagare", "")
    if not sought:
        return None
    for row in receivers:
        if str(row.unit.pk) == sought and row.consent is not None:
            return row
    raise Http404


def _parts_for(parts: Sequence[DocumentPart], only: Receiver | None) -> list[DocumentPart]:
    return [part for part in parts if only is None or part.category in only.categories]


def _looked(request: DoorRequest, tag: Tag, case: Case, document: Document, only: Receiver | None) -> None:
    rights = [("consent", only.consent.pk)] if only and only.consent else []
    request.looked_in(case, tag, items=[("document", document.pk, document.version)], rights=rights)


def _printed(
    case: Case, document: Document, parts: Iterable[DocumentPart], only: Receiver | None
) -> PrintedDocument:
    return printed(
        shown(blocks_of(parts)),
        title=document.title,
        reference=case.reference,
        dated=day_of(document.frozen_at),
        issuer=f"{case.unit.name}, {case.authority.name}",
        footer=_footer(case, document, only),
    )


def _footer(case: Case, document: Document, only: Receiver | None) -> tuple[str, ...]:
    """Who released it to whom, on which consent; and which version it is, by its sum."""
    words: dict[str, Any] = {
        "authority": case.authority.name,
        "number": document.version,
        "sum": document.sha256,
    }
    version = _("Version %(number)s. Hela versionens kontrollsumma (SHA-256): %(sum)s") % words
    if only is None or only.consent is None:
        return _("Hela planen. Hör till %(authority)s och lämnas inte vidare som den är.") % words, version
    words |= {"unit": f"{only.unit.name}, {only.authority}"}
    given, until = day_of(only.consent.given_at), last_day(only.consent.ends_at)
    consent = _("Med stöd av samtycke givet den %(given)s, som gäller till och med den %(until)s.") % {
        "given": written_date(given),
        "until": written_date(until),
    }
    if not only.has_it:
        return _("Så här ser planen ut för %(unit)s. Inte utlämnad än.") % words, consent, version
    act = only.handed[0]
    words |= {
        "day": written_date(day_of(act.disclosed_at)),
        "name": names_of_professionals({act.disclosed_by_id}).get(act.disclosed_by_id, ""),
    }
    by = _("Utlämnad av %(name)s, %(authority)s, till %(unit)s den %(day)s.") % words
    return by, consent, version
