"""How each unit wants its letters: each at once, or one a day with what can wait.

Here: the list for the administrator and the choice for one unit, which its manager comes straight to. Not
here: what may wait and when it leaves (`humla.notifications.digest`).
"""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.audit.tags import Tag
from humla.core.context import Kind
from humla.core.fields import ChoiceField
from humla.core.versions import Stale
from humla.notifications.digest import choose_delivery, deliveries_to, delivery_to
from humla.notifications.models import Delivery
from humla.notifications.rules import may_choose_delivery
from humla.organisation.models import Unit
from humla.organisation.visibility import units_named, units_to_choose
from humla.web.door import DoorRequest, office_page
from humla.web.page import render
from humla.web.two_texts import sent_version
from humla.web.words import page_asked, sealed, sought, words_sent

PAGE = 50
AT_ONCE, COLLECTED = "genast", "samlat"


class DeliveryForm(forms.Form):
    """Each at once or collected, and what is too near to wait."""

    how = ChoiceField(
        label=_("Hur ska breven komma?"),
        choices=[
            (AT_ONCE, _("Ett brev i taget, genast")),
            (COLLECTED, _("Ett samlat brev, vardagar kl. 07.30")),
        ],
        widget=forms.RadioSelect,
        missing=_("Välj hur breven ska komma."),
    )
    urgent_days = forms.IntegerField(
        label=_("Vänta aldrig med det som ska besvaras inom så här många dagar"),
        help_text=_("Ändrade och inställda möten kommer alltid genast."),
        min_value=1,
        max_value=30,
        error_messages={
            "required": _("Skriv ett antal dagar, 1 till 30."),
            "invalid": _("Skriv ett antal dagar, 1 till 30."),
            "min_value": _("Skriv ett antal dagar, 1 till 30."),
            "max_value": _("Skriv ett antal dagar, 1 till 30."),
        },
    )


@office_page(methods=("GET", "POST"))
def deliveries(request: DoorRequest) -> HttpResponse:
    """Every unit with a mailbox and what it has chosen; a manager comes to her own unit's."""
    actor = request.actor
    if actor.kind is not Kind.ADMIN:
        return _one(request, actor.unit_id)
    if request.method == "POST":
        return redirect(_url(sok=sealed(request, words_sent(request))))
    search, page = sought(request), page_asked(request)
    found = units_to_choose().exclude(mail="")
    if search.words:
        found = found.filter(name__icontains=search.words)
    units = list(found[(page - 1) * PAGE : page * PAGE + 1])
    chosen = deliveries_to(units[:PAGE])
    request.looked(Tag.DELIVERY_READ)
    context = {
        "rows": [(one, chosen.get(one.pk)) for one in units[:PAGE]],
        "words": search.words,
        "here": reverse("deliveries"),
        "previous": _url(sok=search.sealed, sida=page - 1) if page > 1 else "",
        "next": _url(sok=search.sealed, sida=page + 1) if len(units) > PAGE else "",
    }
    return render(request, "notices/deliveries.html", context)


@office_page(methods=("GET", "POST"))
def delivery(request: DoorRequest, unit_id: UUID) -> HttpResponse:
    """One unit's choice."""
    return _one(request, unit_id)


def _one(request: DoorRequest, unit_id: UUID | None) -> HttpResponse:
    unit = units_named([unit_id]).get(unit_id) if unit_id else None
    if unit is None or not may_choose_delivery(request.actor, unit):
        raise Http404
    chosen = delivery_to(unit.pk)
    is_sent = request.method == "POST"
    form = DeliveryForm(request.POST if is_sent else None, initial=_initial(chosen))
    version = sent_version(request) if is_sent else (chosen.version if chosen else 0)
    theirs: Delivery | None = None
    if is_sent and form.is_valid():
        said = form.cleaned_data
        try:
            choose_delivery(
                unit,
                is_collected=said["how"] == COLLECTED,
                urgent_days=said["urgent_days"],
                version=version,
                by=request.actor,
            )
        except Stale:
            theirs = delivery_to(unit.pk)
            version = theirs.version if theirs else 0
        else:
            messages.success(request, gettext("Sparat. Det gäller brev som kommer från nu."))
            return _done(request, unit)
    request.looked(Tag.DELIVERY_READ, items=[("unit", unit.pk, 0)])
    return render(request, "notices/delivery.html", _context(request, unit, form, version, theirs))


def _done(request: DoorRequest, unit: Unit) -> HttpResponse:
    if request.actor.kind is Kind.ADMIN:
        return redirect("deliveries")
    return redirect("delivery", unit_id=unit.pk)


def _initial(chosen: Delivery | None) -> dict[str, Any]:
    if chosen is None:
        return {"how": AT_ONCE, "urgent_days": Delivery().urgent_days}
    return {"how": COLLECTED if chosen.is_collected else AT_ONCE, "urgent_days": chosen.urgent_days}


def _context(
    request: DoorRequest, unit: Unit, form: DeliveryForm, version: int, theirs: Delivery | None
) -> dict[str, Any]:
    return {
        "unit": unit,
        "form": form,
        "version": version,
        "theirs": theirs,
        "is_office": request.actor.kind is Kind.ADMIN,
        "here": request.path,
    }


def _url(**more: str | int) -> str:
    parts = {name: value for name, value in more.items() if value}
    return f"{reverse('deliveries')}?{urlencode(parts)}" if parts else reverse("deliveries")
