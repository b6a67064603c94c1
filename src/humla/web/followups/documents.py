"""A finished follow-up and a closing as frozen documents: read, printed, handed over, received.

Here: the holder's page with one row for each receiver, the receiver's page, the person's own, and the PDF of
each. Not here: what they say (`humla.followups.document`), nor a version of the plan (`humla.web.handover`),
whose rows of receivers are these.
"""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import override

from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.naming import holder
from humla.cases.visibility import is_held
from humla.consents.rules import last_day
from humla.consents.visibility import consents_of, consents_received
from humla.core.dates import day_of, written_date
from humla.disclosures.actions import GRACE, disclose
from humla.disclosures.models import Document, DocumentKind, DocumentPart
from humla.disclosures.visibility import disclosures_of, newest_version, replied_to
from humla.followups.document import printed, shown
from humla.followups.models import FollowUp
from humla.followups.rules import may_correct
from humla.followups.visibility import document_in, follow_ups_of, given_parts, own_document
from humla.plans.document import LANGUAGE
from humla.plans.visibility import parts_in
from humla.web.door import DoorRequest, case_page, person_page
from humla.web.handover import asked_for, parts_for, receivers_for, undoing_in
from humla.web.page import pdf, render


@case_page()
def case_document(request: DoorRequest, case: Case, paper_id: UUID) -> HttpResponse:
    """The whole, or with ?mottagare= as that receiver sees it, and who has got it."""
    document = _document_or_404(request, case, paper_id)
    parts = parts_in(document)
    receivers = receivers_for(request, case, document, parts, newest_version(case.pk, document.kind))
    only = asked_for(request, receivers)
    rights = [("consent", only.consent.pk)] if only and only.consent else []
    request.looked_in(case, _read_tag(document), items=[_item(document)], rights=rights)
    follow_up = _follow_up_of(case, document)
    context = {
        "case": case,
        "document": document,
        "chapters": shown(parts_for(parts, only)),
        "receivers": receivers,
        "only": only,
        "undoing": undoing_in(request, case, receivers),
        "replied": replied_to(case.pk),
        "last_day": {row.consent.pk: last_day(row.consent.ends_at) for row in receivers if row.consent},
        "follow_up": follow_up,
        "may_correct": may_correct(request.actor, follow_up, follow_ups_of(case)) if follow_up else None,
        "is_follow_up": document.kind == DocumentKind.FOLLOW_UP,
    }
    return render(request, "followups/document.html", context)


@case_page()
def case_document_pdf(request: DoorRequest, case: Case, paper_id: UUID) -> HttpResponse:
    """The same on paper: the whole for those who hold it, or exactly what one receiver gets."""
    document = _document_or_404(request, case, paper_id)
    parts = parts_in(document)
    receivers = receivers_for(request, case, document, parts, newest_version(case.pk, document.kind))
    only = asked_for(request, receivers)
    rights = [("consent", only.consent.pk)] if only and only.consent else []
    request.looked_in(case, Tag.DOCUMENT_PRINTED, items=[_item(document)], rights=rights)
    whose = _("Så här ser handlingen ut för %(unit)s.") % {"unit": only.unit.name} if only else _whole(case)
    return _pdf(case, document, parts_for(parts, only), footer=(whose, _sum(document)))


@case_page(methods=("POST",))
def hand_over_document(request: DoorRequest, case: Case, paper_id: UUID) -> HttpResponse:
    """Hand it over to one unit, under the consent that is in force at this instant; it leaves in a minute."""
    document = _document_or_404(request, case, paper_id)
    sought = request.POST.get("unit", "")
    unit = next((one.receiver_unit for one in consents_of(case) if str(one.receiver_unit_id) == sought), None)
    if unit is None:
        raise Http404
    disclose(document, unit=unit, by=request.actor, leaves_in=GRACE)
    words = {"unit": unit.name, "seconds": int(GRACE.total_seconds())}
    messages.success(
        request, _("Skickas till %(unit)s om %(seconds)s sekunder. Du kan ångra till dess.") % words
    )
    return redirect("case_document", case_id=case.pk, paper_id=document.pk)


@case_page()
def received_document(request: DoorRequest, case: Case, paper_id: UUID) -> HttpResponse:
    """What was handed over to the reader's unit: exactly the parts that the yes covers."""
    parts, rights = _received_or_404(request, case, paper_id)
    request.looked_in(case, Tag.DOCUMENT_READ, items=_items(parts), rights=rights)
    context = {
        "case": case,
        "title": parts[0].title,
        "paper_id": paper_id,
        "chapters": shown(parts),
        "from_whom": holder(case),
    }
    return render(request, "followups/received.html", context)


@case_page()
def received_document_pdf(request: DoorRequest, case: Case, paper_id: UUID) -> HttpResponse:
    """The same on paper."""
    parts, rights = _received_or_404(request, case, paper_id)
    request.looked_in(case, Tag.DOCUMENT_PRINTED, items=_items(parts), rights=rights)
    act = next((one for one in disclosures_of(case.pk) if one.document_id == paper_id), None)
    dated = day_of(act.disclosed_at) if act else day_of(case.opened_at)
    words = {"unit": request.actor.unit_name, "day": written_date(dated)}
    paper = printed(
        shown(parts),
        title=parts[0].title,
        reference=case.reference,
        dated=dated,
        issuer=holder(case),
        footer=(_("Utlämnad till %(unit)s den %(day)s, med stöd av samtycke.") % words,),
    )
    return pdf(paper, name=f"{parts[0].kind}-{case.reference}-{parts[0].version}")


@person_page()
def own_document_page(request: DoorRequest, paper_id: UUID) -> HttpResponse:
    """The person's own follow-up or closing, whole."""
    document = _own_or_404(paper_id)
    request.looked_in(document.case, _read_tag(document), items=[_item(document)])
    chapters = shown(parts_in(document), to_person=True)
    return render(request, "followups/own.html", {"document": document, "chapters": chapters})


@person_page()
def own_document_pdf(request: DoorRequest, paper_id: UUID) -> HttpResponse:
    """The same on paper, to save or to show."""
    document = _own_or_404(paper_id)
    request.looked_in(document.case, Tag.DOCUMENT_PRINTED, items=[_item(document)])
    with override(LANGUAGE):  # As the rest of what is printed.
        footer = (_("Ditt eget exemplar."),)
    return _pdf(document.case, document, parts_in(document), footer=footer)


def frozen_at_the_same_time(documents: Iterable[Document], follow_up: FollowUp) -> Document | None:
    """The document that a follow-up was frozen as: done and frozen are one instant."""
    return next((one for one in documents if one.frozen_at == follow_up.done_at), None)


def _document_or_404(request: DoorRequest, case: Case, document_id: UUID) -> Document:
    found = document_in(case, document_id) if is_held(case, request.actor) else None
    if found is None:
        raise Http404
    return found


def _own_or_404(paper_id: UUID) -> Document:
    found = own_document(paper_id)
    if found is None:
        raise Http404
    return found


def _received_or_404(
    request: DoorRequest, case: Case, document_id: UUID
) -> tuple[list[DocumentPart], list[tuple[str, UUID]]]:
    """The parts that the row policies let through; none is as an address that never was."""
    if is_held(case, request.actor):
        raise Http404
    parts = given_parts(case, document_id)
    if not parts:
        raise Http404
    consent = consents_received.first(case.pk)
    acts = [one for one in disclosures_of(case.pk) if one.document_id == document_id]
    rights = [("consent", consent.pk)] if consent else []
    return parts, [*rights, *[("disclosure", one.pk) for one in acts[:1]]]


def _follow_up_of(case: Case, document: Document) -> FollowUp | None:
    if document.kind != DocumentKind.FOLLOW_UP:
        return None
    found = next((one for one in follow_ups_of(case) if one.done_at == document.frozen_at), None)
    if found is not None:
        found.case = case
    return found


def _read_tag(document: Document) -> Tag:
    return Tag.FOLLOW_UP_READ if document.kind == DocumentKind.FOLLOW_UP else Tag.CLOSING_READ


def _item(document: Document) -> tuple[str, UUID, int]:
    return ("document", document.pk, document.version)


def _items(parts: list[DocumentPart]) -> list[tuple[str, UUID, int]]:
    return [("document", parts[0].document_id, parts[0].version)]


def _whole(case: Case) -> str:
    return _("Hela handlingen. Hör till %(authority)s och lämnas inte vidare som den är.") % {
        "authority": case.authority.name
    }


def _sum(document: Document) -> str:
    return _("Hela handlingens kontrollsumma (SHA-256): %(sum)s") % {"sum": document.sha256}


def _pdf(
    case: Case, document: Document, parts: Iterable[DocumentPart], *, footer: tuple[str, ...]
) -> HttpResponse:
    paper = printed(
        shown(parts),
        title=document.title,
        reference=case.reference,
        dated=day_of(document.frozen_at),
        issuer=holder(case),
        footer=footer,
    )
    return pdf(paper, name=f"{document.kind}-{case.reference}-{document.version}")
