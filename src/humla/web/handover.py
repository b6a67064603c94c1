"""An adopted version: the frozen plan, who may get which parts of it, handing it over, and the PDF.

Here: one row per receiver and what the holder sees of a version. Not here: the act itself and its lock on
the consent (`humla.disclosures.actions`), nor the receiver's own pages (`humla.web.received`).

A receiver's copy holds that receiver's categories and nothing else. It is put together from the parts, so
a category that is not hers never reaches the page or the PDF.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from humla.audit.tags import Tag
from humla.cases.models import Case, Category
from humla.cases.visibility import is_held
from humla.consents.models import Consent
from humla.consents.rules import last_day
from humla.consents.visibility import consents_of
from humla.consents.wording import names_of
from humla.core.context import now
from humla.core.dates import day_of, written_date
from humla.core.document import PrintedDocument
from humla.core.rulings import Ruling, no
from humla.disclosures.actions import GRACE, disclose, undo
from humla.disclosures.models import Disclosure, Document, DocumentKind, DocumentPart
from humla.disclosures.rules import has_all, may_disclose, may_undo, released
from humla.disclosures.visibility import disclosures_of, replied_to
from humla.organisation.models import Unit
from humla.organisation.visibility import names_of_professionals
from humla.plans.copies import Copy, copies_of
from humla.plans.document import blocks_of, difference, shown
from humla.plans.paper import printed
from humla.plans.receivers import PlanReceiver, receivers_of
from humla.plans.visibility import parts_in, parts_of_version, versions_of
from humla.web.door import DoorRequest, case_page
from humla.web.page import pdf, render
from humla.web.plain import plain_copy


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
        return has_all(self.categories, [one for one in self.handed if one.recalled_at is None])

    @property
    def labels(self) -> list[str]:
        """What it gets, in words."""
        return names_of(self.categories)

    @property
    def withheld_labels(self) -> list[str]:
        """What stands in the plan and does not go there, in words."""
        return names_of(self.withheld)


@dataclass(frozen=True)
class Undoing:
    """An act that can still be taken back, or could a moment ago."""

    seconds: int
    may_undo: Ruling


_JUST_NOW = timedelta(hours=1)
"""So long after it has left the page still says why it cannot be undone."""


@case_page()
def plan_version(request: DoorRequest, case: Case, version: int) -> HttpResponse:
    """One adopted version, whole or with ?mottagare= as that receiver sees it, and who has got it."""
    document, newest = _version_or_404(request, case, version)
    parts = parts_in(document)
    receivers = receivers_for(request, case, document, parts, newest)
    only = asked_for(request, receivers)
    _looked(request, Tag.DOCUMENT_READ, case, document, only)
    before = blocks_of(parts_of_version(case, version - 1)) if version > 1 and only is None else {}
    return render(
        request,
        "plans/version.html",
        {
            "case": case,
            "document": document,
            "newest": newest,
            "parts": shown(blocks_of(parts_for(parts, only))),
            "receivers": receivers,
            "only": only,
            "copies": _copies(case, parts, receivers) if only is None else [],
            "names": names_of_professionals({one.disclosed_by_id for row in receivers for one in row.handed}),
            "changes": difference(before, blocks_of(parts)) if before else [],
            "undoing": undoing_in(request, case, receivers),
            "replied": replied_to(case.pk),
            "last_day": {row.consent.pk: last_day(row.consent.ends_at) for row in receivers if row.consent},
        },
    )


@case_page()
def plan_version_pdf(request: DoorRequest, case: Case, version: int) -> HttpResponse:
    """The same on paper: the whole for those who hold it, or exactly what one receiver gets."""
    document, newest = _version_or_404(request, case, version)
    parts = parts_in(document)
    only = asked_for(request, receivers_for(request, case, document, parts, newest))
    _looked(request, Tag.DOCUMENT_PRINTED, case, document, only)
    paper = _printed(case, document, parts_for(parts, only), only, is_hers=_is_hers(request, only))
    return pdf(paper, name=f"plan-{case.reference}-v{document.version}")


@case_page()
def plan_version_text(request: DoorRequest, case: Case, version: int) -> HttpResponse:
    """The same as plain text, one box for each kind of information, for the party's own case system."""
    document, newest = _version_or_404(request, case, version)
    parts = parts_in(document)
    only = asked_for(request, receivers_for(request, case, document, parts, newest))
    _looked(request, Tag.DOCUMENT_PRINTED, case, document, only)
    paper = _printed(case, document, parts_for(parts, only), only)
    back = reverse("plan_version", kwargs={"case_id": case.pk, "version": version})
    return plain_copy(
        request, case.reference, paper, name=f"plan-{case.reference}-v{document.version}", back=back
    )


@case_page(methods=("POST",))
def hand_over(request: DoorRequest, case: Case, version: int) -> HttpResponse:
    """Hand the version over to one unit, under the consent that is in force at this instant."""
    document, _newest = _version_or_404(request, case, version)
    sought = request.POST.get("unit", "")
    unit = next((one.receiver_unit for one in consents_of(case) if str(one.receiver_unit_id) == sought), None)
    if unit is None:
        raise Http404
    disclose(document, unit=unit, by=request.actor, leaves_in=GRACE)
    words = {"unit": unit.name, "seconds": int(GRACE.total_seconds())}
    messages.success(
        request, _("Planen skickas till %(unit)s om %(seconds)s sekunder. Du kan ångra till dess.") % words
    )
    return redirect("plan_version", case_id=case.pk, version=version)


@case_page(methods=("POST",))
def undo_hand_over(request: DoorRequest, case: Case, disclosure_id: UUID) -> HttpResponse:
    """Take back what has not left. A summons is undone on the page of its meeting."""
    acts = disclosures_of(case.pk) if is_held(case, request.actor) else []
    act = next((one for one in acts if one.pk == disclosure_id), None)
    if act is None or act.document.kind == DocumentKind.SUMMONS:
        raise Http404
    undo(act, by=request.actor)
    messages.success(
        request, _("Ångrat. Inget har skickats till %(unit)s.") % {"unit": act.receiver_unit.name}
    )
    if act.document.kind == DocumentKind.PLAN:
        return redirect("plan_version", case_id=case.pk, version=act.document.version)
    return redirect("case_document", case_id=case.pk, paper_id=act.document_id)


def _version_or_404(request: DoorRequest, case: Case, version: int) -> tuple[Document, int]:
    """That version, and the number of the newest one."""
    versions = versions_of(case) if is_held(case, request.actor) else []
    for document in versions:
        if document.version == version:
            return document, versions[0].version
    raise Http404


def undoing_in(request: DoorRequest, case: Case, receivers: Iterable[Receiver]) -> dict[UUID, Undoing]:
    """For each act that has not left, or left just now: how long is left, and whether it can be undone."""
    at = now()
    return {
        act.pk: Undoing(max(0, ceil((act.opens_at - at).total_seconds())), may_undo(request.actor, case, act))
        for row in receivers
        for act in row.handed
        if act.opens_at > act.disclosed_at and act.opens_at + _JUST_NOW > at
    }


def receivers_for(
    request: DoorRequest, case: Case, document: Document, parts: Sequence[DocumentPart], newest: int
) -> list[Receiver]:
    """Every unit with a consent in force, and those that got this version under one that has ended."""
    has = {part.category for part in parts}
    rows = [
        _receiver(request, case, document, one, has, newest)
        for one in receivers_of(consents_of(case), disclosures_of(case.pk))
    ]
    return [row for row in rows if row.consent or row.handed]


def _receiver(
    request: DoorRequest, case: Case, document: Document, one: PlanReceiver, has: Collection[str], newest: int
) -> Receiver:
    consent, unit, handed = one.consent, one.unit, one.handed_of(document.pk)
    categories = released(has, consent)
    may_get = may_disclose(
        request.actor,
        case,
        document,
        consent,
        unit=unit,
        categories=categories,
        handed=[each for each in handed if each.recalled_at is None],
        newest=newest,
    )
    return Receiver(
        unit=unit,
        authority=one.authority.name,
        party_kind=consent.receiver.party.kind if consent else "",
        consent=consent,
        categories=categories,
        withheld=[each.value for each in Category if each in has and each not in categories],
        handed=handed,
        may_get=may_get if consent else _no_longer(unit),
    )


def _no_longer(unit: Unit) -> Ruling:
    return no(_("Inget samtycke gäller längre för %(unit)s.") % {"unit": unit.name})


def asked_for(request: DoorRequest, receivers: Iterable[Receiver]) -> Receiver | None:
    sought = request.GET.get("mottagare", "")
    if not sought:
        return None
    for row in receivers:
        if str(row.unit.pk) == sought and row.consent is not None:
            return row
    raise Http404


def parts_for(parts: Sequence[DocumentPart], only: Receiver | None) -> list[DocumentPart]:
    return [part for part in parts if only is None or part.category in only.categories]


def _looked(request: DoorRequest, tag: Tag, case: Case, document: Document, only: Receiver | None) -> None:
    rights = [("consent", only.consent.pk)] if only and only.consent else []
    request.looked_in(case, tag, items=[("document", document.pk, document.version)], rights=rights)


def _is_hers(request: DoorRequest, only: Receiver | None) -> bool:
    """Is the whole asked for as the person's own copy?"""
    return only is None and request.GET.get("till") == "personen"


def _copies(case: Case, parts: Sequence[DocumentPart], receivers: Sequence[Receiver]) -> list[Copy]:
    return copies_of(
        case,
        blocks_of(parts),
        has_it={row.unit.pk for row in receivers if row.consent and row.has_it},
        leaves_soon={row.unit.pk for row in receivers if any(act.opens_at > now() for act in row.handed)},
        may_get={row.unit.pk for row in receivers if row.consent},
    )


def _printed(
    case: Case,
    document: Document,
    parts: Iterable[DocumentPart],
    only: Receiver | None,
    *,
    is_hers: bool = False,
) -> PrintedDocument:
    return printed(
        shown(blocks_of(parts)),
        title=document.title,
        reference=case.reference,
        dated=day_of(document.frozen_at),
        issuer=f"{case.unit.name}, {case.authority.name}",
        footer=_footer(case, document, only, is_hers=is_hers),
    )


def _footer(
    case: Case, document: Document, only: Receiver | None, *, is_hers: bool = False
) -> tuple[str, ...]:
    """Who released it to whom, on which consent; and which version it is, by its sum."""
    words: dict[str, Any] = {
        "authority": case.authority.name,
        "number": document.version,
        "sum": document.sha256,
    }
    version = _("Version %(number)s. Hela versionens kontrollsumma (SHA-256): %(sum)s") % words
    if is_hers:
        return _("Personens eget exemplar."), version
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
    act = next(one for one in only.handed if one.recalled_at is None)
    words |= {
        "day": written_date(day_of(act.disclosed_at)),
        "name": names_of_professionals({act.disclosed_by_id}).get(act.disclosed_by_id, ""),
    }
    by = _("Utlämnad av %(name)s, %(authority)s, till %(unit)s den %(day)s.") % words
    return by, consent, version
