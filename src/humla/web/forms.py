"""The forms of SAMSIP on paper: blank for anybody, or with a case's head already filled in.

Here: the public list, the list in a case, and the two ways to print. Not here: the texts and what stands on
them (`humla.agreements.blanks`), how paper looks (`humla.core.document`), nor what a case prints of its own:
its summonses, plan versions and follow-ups, each on its own page.
"""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.utils.translation import get_language

from humla.agreements.blanks import GROUPS, Blank, blank, blanks, printed
from humla.agreements.visibility import agreement_in_force
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.naming import case_title, holder
from humla.cases.visibility import is_held
from humla.core.context import Actor, Kind, today
from humla.organisation.visibility import professionals_by_id
from humla.people.naming import display_name, whole_number
from humla.people.visibility import person_seen
from humla.web.door import DoorRequest, case_page, public_page
from humla.web.page import pdf, render

_LAYOUTS = {
    Kind.PROFESSIONAL: "base/staff.html",
    Kind.FORBUND: "base/staff.html",
    Kind.ADMIN: "base/staff.html",
    Kind.PERSON: "base/person.html",
    Kind.REPRESENTATIVE: "base/person.html",
}


@dataclass(frozen=True)
class Group:
    """The forms for one kind of reader."""

    code: str
    label: str
    blanks: list[Blank]


@public_page()
def forms(request: DoorRequest) -> HttpResponse:
    """All forms, with a sentence each. There is no person in it, so anybody may come."""
    context = {
        "groups": _groups(blanks(_language())),
        "layout": _LAYOUTS.get(request.actor.kind, "base/public.html"),
    }
    return render(request, "forms/list.html", context)


@public_page()
def form_pdf(request: DoorRequest, slug: str) -> HttpResponse:
    """One form, empty. `?storstil` gives it in large print."""
    found = _or_404(blank(slug, _language()))
    document = printed(found, areas=_areas(request.actor))
    return pdf(document, name=f"samsip-{slug}", is_large="storstil" in request.GET, is_form=True)


@case_page()
def case_forms(request: DoorRequest, case: Case) -> HttpResponse:
    """Which forms can be printed with this case's head on them."""
    if not is_held(case, request.actor):
        raise Http404
    request.looked_in(case, Tag.CASE_READ)
    context = {
        "case": case,
        "title": case_title(case),
        "groups": _groups([one for one in blanks(_language()) if one.is_for_case]),
    }
    return render(request, "forms/case.html", context)


@case_page()
def form_for_case(request: DoorRequest, case: Case, slug: str) -> HttpResponse:
    """One form with who it is about and which case; the rest is written by hand."""
    found = _or_404(blank(slug, _language()))
    if not is_held(case, request.actor) or not found.is_for_case:
        raise Http404
    request.looked_in(case, Tag.FORM_PRINTED)
    document = printed(
        found,
        filled=in_the_boxes(case, request.actor),
        areas=_areas(request.actor),
        issuer=holder(case),
        on=today(),
    )
    name = f"samsip-{slug}-{case.reference}"
    return pdf(document, name=name, is_large="storstil" in request.GET, is_form=True)


def _groups(found: list[Blank]) -> list[Group]:
    groups = [
        Group(code, str(label), [one for one in found if one.group == code]) for code, label in GROUPS.items()
    ]
    return [one for one in groups if one.blanks]


def in_the_boxes(case: Case, actor: Actor) -> dict[str, str]:
    """What stands in the boxes already. Paper lies about: with a protected identity the name is left out."""
    mine = professionals_by_id([actor.id]).get(actor.id)
    phone = (mine.phone if mine else "") or case.unit.phone
    filled = {"reference": case.reference, "unit": actor.unit_name, "by": actor.name, "phone": phone}
    person = person_seen(case.person_id)
    if person is not None and not case.is_protected:
        filled |= {"name": display_name(person), "number": whole_number(person)}
    return filled


def _areas(actor: Actor) -> list[str]:
    """The life areas of the reader's own agreement; on the public page there is none."""
    if actor.kind not in (Kind.PROFESSIONAL, Kind.FORBUND, Kind.ADMIN):
        return []
    agreement = agreement_in_force(today())
    return [area.name for area in agreement.life_areas.all()] if agreement else []


def _language() -> str:
    return get_language() or "sv"


def _or_404(found: Blank | None) -> Blank:
    if found is None:
        raise Http404
    return found
