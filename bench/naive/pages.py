"""The two naive pages and their addresses."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

from humla.cases.models import Case, CaseAssignment
from humla.consents.models import Consent, PlanConsent
from humla.core.context import Actor, Kind
from humla.disclosures.models import Disclosure, DocumentPart
from humla.drafts.models import Draft
from humla.organisation.models import Professional, UnitAssignment
from humla.plans.models import Commitment, Goal, Plan


def _entered(request: HttpRequest) -> UnitAssignment:
    """Who acts, as the session remembers it from the sign-in; a plain statement tells the wall."""
    kept = request.session["actor"]
    ids = [UUID(kept[name]) for name in ("association", "professional", "authority", "unit", "assignment")]
    association, professional, authority, unit, assignment = ids
    actor = Actor(Kind.PROFESSIONAL, association, professional, authority, unit, role=kept["role"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_context(%s)", [actor.signed(uuid4())])
    mine = UnitAssignment.objects.select_related("professional", "unit__authority")
    return get_object_or_404(mine, pk=assignment, professional__account=request.user)


@login_required
@transaction.atomic
def received(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The plan as it was handed over."""
    actor = _entered(request)
    case = get_object_or_404(Case.objects.select_related("unit", "authority"), pk=case_id)
    at = timezone.now()
    parts = DocumentPart.objects.filter(case=case).order_by("-version", "category")
    disclosures = Disclosure.objects.filter(case=case, receiver=actor.unit.authority_id).select_related(
        "receiver", "receiver_unit", "authority", "consent"
    )
    disclosure = disclosures.order_by("-disclosed_at").first()
    consent = Consent.objects.filter(case=case, receiver=actor.unit.authority_id, ends_at__gt=at).first()
    assignment = (
        CaseAssignment.objects.filter(case=case, professional=actor.professional_id)
        .select_related("unit")
        .first()
    )
    by = Professional.objects.get(pk=disclosure.disclosed_by_id) if disclosure else None
    context: dict[str, Any] = {
        "actor": actor,
        "case": case,
        "parts": [(part, _dated(part.content["blocks"])) for part in parts],
        "disclosure": disclosure,
        "consent": consent,
        "assignment": assignment,
        "by": by,
    }
    return render(request, "naive/received.html", context)


@login_required
@transaction.atomic
def plan(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The plan being written, with the way to a new row at its end."""
    actor = _entered(request)
    case = get_object_or_404(Case.objects.select_related("unit", "authority", "person"), pk=case_id)
    found = get_object_or_404(Plan.objects.select_related("lead", "accountable_party"), case=case)
    commitments = Commitment.objects.filter(plan=found).select_related("unit__authority__party")
    goals = Goal.objects.filter(plan=found).select_related("life_area").prefetch_related("commitments")
    context: dict[str, Any] = {
        "actor": actor,
        "case": case,
        "plan": found,
        "goals": goals.prefetch_related("commitments__unit__authority__party"),
        "commitments": commitments,
        "answer": PlanConsent.objects.filter(case=case).order_by("-given_at").first(),
        "assignment": CaseAssignment.objects.filter(case=case, professional=actor.professional_id).first(),
        "draft": Draft.objects.filter(case_id=case.pk, owner_id=actor.professional_id).first(),
    }
    return render(request, "naive/plan.html", context)


def _dated(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = ("starts_on", "due_on", "said_on")
    return [
        {
            name: date.fromisoformat(value) if name in names and value else value
            for name, value in block.items()
        }
        for block in blocks
    ]


urlpatterns = [
    path("mottagna/<uuid:case_id>/", received, name="received"),
    path("arenden/<uuid:case_id>/plan/", plan, name="plan"),
]
