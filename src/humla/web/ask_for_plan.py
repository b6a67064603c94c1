"""Asking for a plan without an account: the page, the receipt, and where it stands by number and code.

Here: what anybody may come to, on a borrowed phone. Not here: what the unit does with it (`plan_requests`),
nor the number and the code themselves (`humla.initiations.receipts`).

The number and the code are never in an address: the browser keeps them for a quarter of an hour, sealed, for
these pages alone. What a robot fills in stops it; what a person fills in is never thrown away silently.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from humla.audit.tags import Tag
from humla.core.fields import ChoiceField, LineField, ProseField, TickField, offer
from humla.core.rulings import NotAllowed
from humla.core.secrets import CannotUnseal, lookup, seal, unseal
from humla.initiations import actions
from humla.initiations.actions import Wish
from humla.initiations.models import AskedBy
from humla.initiations.receipts import Receipt, read
from humla.initiations.visibility import DAYS_KEPT, Standing, WayIn, standing_of, ways_in
from humla.people.models import Language
from humla.web.door import DoorRequest, public_page
from humla.web.pace import Pace, address_of
from humla.web.page import render

SENT = Pace(10, seconds=60)
"""By address: forms that came back count too. How many reach a unit in an hour is the walls' own limit."""
TRIED = Pace(10, seconds=60)
"""By address, and by number: eight signs are not guessed at ten a minute."""

COOKIE = "humla_begaran"
_MINUTES = 15
_PURPOSE = "receipt of a request"
_TRAP = "webbplats"


class AskForm(forms.Form):
    """Five answers, in one's own words. No number is asked for."""

    use_required_attribute = False
    asked_by = ChoiceField(
        label=_("Vem gäller det?"),
        choices=[(AskedBy.PERSON, _("Mig själv")), (AskedBy.RELATIVE, _("Någon som jag hjälper"))],
        widget=forms.RadioSelect,
        missing=_("Välj vem det gäller."),
    )
    knows = TickField(label=_("Personen vet att jag frågar och vill ha hjälp"), required=False)
    unit = ChoiceField(
        label=_("Var har du kontakt, eller var bor du?"),
        help_text=_("Välj den som du har mest kontakt med. Den svarar dig."),
        missing=_("Välj vem du vill fråga."),
    )
    words = ProseField(
        2000,
        rows=6,
        label=_("Vad behöver du hjälp med?"),
        help_text=_("Skriv som du vill, på vilket språk du vill. Några rader räcker."),
        missing=_("Skriv med några ord vad du behöver hjälp med."),
    )
    name = LineField(120, label=_("Namn"), required=False, help_text=_("Personnummer behövs inte."))
    helper = LineField(120, label=_("Ditt namn, om du hjälper någon"), required=False)
    reach = LineField(
        300,
        label=_("Hur når vi dig?"),
        help_text=_(
            "Telefon, e-post eller adress, och när det passar. Skriv bara det som är säkert för dig."
        ),
        missing=_("Skriv hur vi når dig, annars kan ingen svara."),
    )
    language = ChoiceField(label=_("Vilket språk vill du tala?"), choices=Language.choices)
    needs_interpreter = forms.BooleanField(label=_("Jag vill ha tolk"), required=False)
    may_pass_on = forms.BooleanField(
        label=_("Ni får skicka min fråga till någon annan som kan hjälpa mig bättre"), required=False
    )
    webbplats = forms.CharField(required=False, label=_("Lämna den här rutan tom"))

    def __init__(self, *args: Any, ways: list[WayIn], **options: Any) -> None:
        super().__init__(*args, **options)
        self.ways = {str(one.unit_id): one for one in ways}
        offer(self, "unit", [("", gettext("Välj …")), *_grouped(ways)])

    def clean_webbplats(self) -> str:
        if self.cleaned_data[_TRAP]:
            raise forms.ValidationError(gettext("Töm den sista rutan. Den fångar program som skickar skräp."))
        return ""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("asked_by") == AskedBy.RELATIVE and not cleaned.get("knows"):
            self.add_error(
                "knows",
                gettext("Fråga personen först. Utan ett ja kan vi inte börja. Kryssa i när hen har sagt ja."),
            )
        return cleaned

    def wish(self) -> Wish:
        """What the form says, as the action takes it."""
        names = ("asked_by", "words", "reach", "name", "language", "needs_interpreter", "may_pass_on")
        said = {name: self.cleaned_data[name] for name in names}
        is_helper = said["asked_by"] == AskedBy.RELATIVE
        return Wish(**said, helper=self.cleaned_data["helper"] if is_helper else "")


class CodeForm(forms.Form):
    """What stands on the receipt."""

    use_required_attribute = False
    number = LineField(20, label=_("Nummer"), missing=_("Skriv numret på kvittot."))
    code = LineField(20, label=_("Kod"), missing=_("Skriv koden på kvittot."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for one in self.fields.values():
            one.widget.attrs |= {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}

    def receipt(self) -> Receipt:
        """However it was written."""
        return Receipt(read(self.cleaned_data["number"]), read(self.cleaned_data["code"]))


@public_page(methods=("GET", "POST"))
def ask_for_plan(request: DoorRequest) -> HttpResponse:
    """What it leads to is said before the form; after it comes the receipt."""
    ways = ways_in()
    form = AskForm(request.POST or None, ways=ways, initial=_likely(ways))
    if request.method == "POST":
        SENT.hold(address_of(request), what="request for a plan")
        if form.is_valid():
            to = form.ways[form.cleaned_data["unit"]]
            try:
                receipt = actions.ask_for_plan(form.wish(), to=to, key=_key(request), by=request.actor)
                return _keeping(redirect("request_receipt"), receipt)
            except NotAllowed as refused:
                form.add_error("unit", refused.reason)
    context = {
        "form": form,
        "days": max((one.request_days for one in ways), default=actions.USUAL_DAYS),
        "is_open": bool(ways),
        "kept": DAYS_KEPT,
    }
    return render(request, "asking/ask.html", context)


@public_page(methods=("GET", "POST"))
def request_receipt(request: DoorRequest) -> HttpResponse:
    """The number and the code, once, on a page that can be printed."""
    if request.method == "POST":
        return _closed()
    receipt = _kept(request)
    found = standing_of(receipt) if receipt else None
    if receipt is None or found is None:
        return redirect("request_status")
    request.looked(Tag.REQUEST_STATUS_READ, items=[("plan_request", found.id, 0)])
    return render(request, "asking/receipt.html", {"receipt": receipt, "found": found})


@public_page(methods=("GET", "POST"))
def request_status(request: DoorRequest) -> HttpResponse:
    """Where it stands, for whoever has the number and the code."""
    form = CodeForm(request.POST if "number" in request.POST else None)
    if request.method == "POST":
        if "number" not in request.POST:
            return _taken_back(request) if "take_back" in request.POST else _closed()
        TRIED.hold(address_of(request), what="code of a request")
        if form.is_valid():
            tried = form.receipt()
            TRIED.hold(tried.number, what="code of a request")
            if standing_of(tried) is not None:
                return _keeping(redirect("request_status"), tried)
            sentence = gettext("Numret och koden hör inte ihop. Se efter på kvittot och försök igen.")
            form.add_error("code", sentence)
        return _status_page(request, form, None)
    receipt = _kept(request)
    return _status_page(request, form, standing_of(receipt) if receipt else None)


def _status_page(request: DoorRequest, form: CodeForm, found: Standing | None) -> HttpResponse:
    if found is None:
        return render(request, "asking/code.html", {"form": form})
    request.looked(Tag.REQUEST_STATUS_READ, items=[("plan_request", found.id, 0)])
    return render(request, "asking/status.html", {"found": found})


def _taken_back(request: DoorRequest) -> HttpResponse:
    receipt = _kept(request)
    found = standing_of(receipt) if receipt else None
    if found is not None:
        actions.take_back(found, receipt=receipt, by=request.actor)
        messages.success(request, gettext("Din fråga är tillbakatagen. Det du skrev är borttaget."))
    return redirect("request_status")


def _grouped(ways: list[WayIn]) -> list[tuple[str, list[tuple[str, str]]]]:
    """By party, as people know them; by förbund too where there is more than one."""
    several = len({one.association_id for one in ways}) > 1
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in ways:
        party = f"{one.party} ({one.association})" if several else one.party
        groups.setdefault(party, []).append((str(one.unit_id), one.label))
    return list(groups.items())


def _likely(ways: list[WayIn]) -> dict[str, Any]:
    spoken = (get_language() or "").split("-")[0]
    return {
        "language": spoken if spoken in Language.values else Language.SWEDISH,
        "unit": str(ways[0].unit_id) if len(ways) == 1 else "",
    }


def _key(request: DoorRequest) -> UUID:
    """The form's own key and what is written in it: sent twice it is one, changed and sent again two."""
    fields = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    return UUID(lookup("form of a request", repr(fields))[:32])


def _keeping(response: HttpResponse, receipt: Receipt) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        seal(f"{receipt.number} {receipt.code}", _PURPOSE),
        max_age=60 * _MINUTES,
        path=reverse("ask_for_plan"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _kept(request: DoorRequest) -> Receipt | None:
    try:
        number, _sign, code = unseal(request.COOKIES.get(COOKIE, ""), _PURPOSE).partition(" ")
    except CannotUnseal:
        return None
    return Receipt(number, code)


def _closed() -> HttpResponse:
    response = redirect("request_status")
    response.delete_cookie(COOKIE, path=reverse("ask_for_plan"))
    return response
