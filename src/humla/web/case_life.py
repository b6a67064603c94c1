"""What can happen to a whole case: it rests, it changes hands, and what went wrong is put right.

Here: resting and taking up, handing over one case or many, the manager's list of what the unit answers for,
and the page that says how each mistake is corrected. Not here: another authority that takes over the lead
(`humla.web.lead`), nor closing (`humla.web.closing`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from humla.audit.tags import Tag
from humla.cases import actions
from humla.cases.models import Case, CaseState
from humla.cases.naming import case_title
from humla.cases.rules import may_hand_over, may_rest, may_see_caseload
from humla.cases.visibility import (
    RESPONSIBLE,
    LoadRow,
    initiation_of,
    my_cases,
    who_can_take_over,
    who_works_in,
)
from humla.cases.visibility import caseload as cases_of_the_unit
from humla.core.context import today
from humla.core.fields import ChoiceField, MultipleChoiceField, ProseField, SwedishDateField, offer
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.organisation.models import UnitAssignment
from humla.web.door import DoorRequest, case_page, only_where_held, staff_page
from humla.web.page import render
from humla.web.two_texts import sent_version

MOST = 500
"""So many cases of one's own stand on the page for handing over many; nobody has more."""

_OFTEN = (14, 30, 90)
"""So many days ahead a case most often rests."""


class RestForm(forms.Form):
    """Until when, and why."""

    until = SwedishDateField(
        label=_("Till vilken dag?"),
        help_text=_("Den dagen kommer ärendet tillbaka av sig självt."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = ProseField(
        1000,
        rows=3,
        label=_("Varför vilar det?"),
        help_text=_("Det här läser bara de som arbetar i ärendet hos er."),
        missing=_("Skriv varför ärendet vilar."),
    )


class HandOverForm(forms.Form):
    """To whom, with a word on the way; and which cases, where there are many to choose among."""

    cases = MultipleChoiceField(label=_("Vilka ärenden?"), missing=_("Välj minst ett ärende."))
    to = ChoiceField(
        label=_("Vem tar över ansvaret?"),
        missing=_("Välj vem som tar över."),
    )
    note = ProseField(
        2000,
        rows=4,
        label=_("Att veta för den som tar över"),
        help_text=_("Läses av den som tar över och de som arbetar i ärendet hos er."),
        required=False,
    )

    def __init__(
        self, *args: Any, to: Iterable[UnitAssignment], cases: Sequence[UUID] | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.those = {str(one.pk): one for one in to}
        labels = [(key, labelled(one)) for key, one in self.those.items()]
        offer(self, "to", [("", gettext("Välj en kollega")), *labels])
        if cases is None:
            del self.fields["cases"]
        else:
            offer(self, "cases", [(str(one), "") for one in cases])

    @property
    def chosen(self) -> UnitAssignment:
        """Who takes over."""
        return self.those[self.cleaned_data["to"]]


@dataclass(frozen=True)
class Mistake:
    """Something that can have gone wrong, and the ordinary button that puts it right."""

    what: str
    how: str
    label: str
    url: str


@case_page(methods=("GET", "POST"))
def rest_case(request: DoorRequest, case: Case) -> HttpResponse:
    """Lay the case to rest until a day, or say so again with another day."""
    only_where_held(request, case)
    form = RestForm(request.POST or None, initial={"until": today() + timedelta(days=_OFTEN[1])})
    is_conflict = False
    if request.method == "POST" and form.is_valid():
        try:
            version = sent_version(request)
            actions.rest(case, **form.cleaned_data, version=version, by=request.actor)
            messages.success(request, gettext("Ärendet vilar och kommer tillbaka av sig självt."))
            return redirect("case", case_id=case.pk)
        except Stale as stale:
            case.version, is_conflict = stale.theirs.version, True  # type: ignore[attr-defined]
        except NotAllowed as refused:
            form.add_error("until", refused.reason)
    request.looked_in(case, Tag.CASE_READ, items=[("case", case.pk, case.version)])
    tomorrow = today() + timedelta(days=1)
    context = {
        "case": case,
        "title": case_title(case),
        "form": form,
        "is_conflict": is_conflict,
        "often": [(days, today() + timedelta(days=days)) for days in _OFTEN],
        "may_rest": may_rest(request.actor, case, until=tomorrow, reason="-"),
    }
    return render(request, "cases/rest.html", context)


@case_page(methods=("POST",))
def wake_case(request: DoorRequest, case: Case) -> HttpResponse:
    """Take it up before its day."""
    only_where_held(request, case)
    actions.wake(case, by=request.actor)
    messages.success(request, gettext("Ärendet är upptaget igen."))
    return redirect("case", case_id=case.pk)


@case_page(methods=("GET", "POST"))
def hand_over_case(request: DoorRequest, case: Case) -> HttpResponse:
    """The responsibility goes to a colleague, who is told what she needs to know."""
    only_where_held(request, case)
    form = HandOverForm(request.POST or None, to=who_can_take_over(request.actor))
    if request.method == "POST" and form.is_valid() and handed_over(request, form, [case.pk]):
        return redirect("cases")
    working = who_works_in(case)
    request.looked_in(case, Tag.CASE_READ, items=[("assignment", one.pk, 0) for one in working])
    context = {
        "case": case,
        "title": case_title(case),
        "form": form,
        "may_hand_over": may_hand_over(request.actor, case, working=working),
    }
    return render(request, "cases/hand_over.html", context)


@staff_page(methods=("GET", "POST"))
def hand_over_cases(request: DoorRequest) -> HttpResponse:
    """Many of one's own at once: before a leave, or when one changes posts."""
    mine = my_cases(part=RESPONSIBLE, limit=MOST)
    form = HandOverForm(
        request.POST or None, to=who_can_take_over(request.actor), cases=[one.id for one in mine]
    )
    if request.method == "POST" and form.is_valid():
        chosen = [UUID(one) for one in form.cleaned_data["cases"]]
        if handed_over(request, form, chosen):
            return redirect("cases")
    request.looked(Tag.CASES_LISTED, items=[("case", one.id, 0) for one in mine])
    context = {"rows": mine, "form": form, "ticked": _ticked(request)}
    return render(request, "cases/hand_over_many.html", context)


@staff_page(methods=("GET", "POST"))
def caseload(request: DoorRequest) -> HttpResponse:
    """What the unit answers for and who is responsible; the manager hands over what somebody has left."""
    if not may_see_caseload(request.actor):
        raise Http404
    rows = cases_of_the_unit()
    near = who_can_take_over(request.actor, within_unit=True)
    form = HandOverForm(request.POST or None, to=near, cases=[one.case_id for one in rows])
    if request.method == "POST" and form.is_valid():
        chosen = [UUID(one) for one in form.cleaned_data["cases"]]
        if handed_over(request, form, chosen):
            return redirect("caseload")
    request.looked(Tag.CASELOAD_READ, items=[("case", one.case_id, 0) for one in rows])
    context = {"rows": rows, "per": _per_professional(rows), "form": form, "ticked": _ticked(request)}
    return render(request, "cases/caseload.html", context)


@case_page()
def correct_case(request: DoorRequest, case: Case) -> HttpResponse:
    """What can have gone wrong, and where each is put right (INI-10)."""
    only_where_held(request, case)
    request.looked_in(case, Tag.CASE_READ, items=[("case", case.pk, case.version)])
    context = {
        "case": case,
        "title": case_title(case),
        "mistakes": _mistakes(case, has_beginning=initiation_of(case) is not None),
    }
    return render(request, "cases/correct.html", context)


def handed_over(request: DoorRequest, form: HandOverForm, cases: Sequence[UUID]) -> bool:
    """Done; or not, and the form says why."""
    try:
        note = form.cleaned_data["note"]
        count = actions.hand_over(cases, to=form.chosen, note=note, by=request.actor)
    except NotAllowed as refused:
        form.add_error("to", refused.reason)
        return False
    words = ngettext("%(count)s ärende är överlämnat.", "%(count)s ärenden är överlämnade.", count)
    messages.success(request, words % {"count": count})
    return True


def _ticked(request: DoorRequest) -> set[str]:
    return set(request.POST.getlist("cases"))


def labelled(one: UnitAssignment) -> str:
    profession = one.professional.profession
    return ", ".join([one.professional.name, *([profession.name] if profession else []), one.unit.name])


def _per_professional(rows: Sequence[LoadRow]) -> list[tuple[str, int]]:
    count: dict[tuple[UUID, str], int] = {}
    for one in rows:
        key = (one.professional_id, one.professional)
        count[key] = count.get(key, 0) + 1
    return [(name, many) for (_id, name), many in count.items()]


def _mistakes(case: Case, *, has_beginning: bool) -> list[Mistake]:
    def to(page: str) -> str:
        return reverse(page, kwargs={"case_id": case.pk})

    if case.state == CaseState.CLOSED:
        reopen = gettext("Öppna det igen. Avslutet står kvar i spåret.")
        return [
            Mistake(gettext("Ärendet avslutades av misstag"), reopen, gettext("Avslutet"), to("closing")),
            _wrong_number(to("correct_number")),
        ]
    return [
        Mistake(
            gettext("Ärendet gäller fel person"),
            gettext("Avsluta det som öppnat av misstag. Det som redan har lämnats ut finns kvar i spåret."),
            gettext("Avsluta ärendet"),
            to("close_case"),
        ),
        _wrong_number(to("correct_number")),
        Mistake(
            gettext("Fel namn, språk eller önskemål"),
            gettext("Det du ändrar gäller från nu. Det som är fastställt står kvar som det var."),
            gettext("Om personen"),
            to("person"),
        ),
        Mistake(
            gettext("Personen är registrerad två gånger"),
            gettext("Koppla ihop registreringarna. Det går att ta isär dem igen."),
            gettext("Om personen"),
            to("person"),
        ),
        *([_wrong_beginning(to("initiation"))] if has_beginning else []),
        Mistake(
            gettext("Fel samtycke, eller fel mottagare i det"),
            gettext("Begränsa samtycket eller ta tillbaka det. Mottagaren slutar läsa genast."),
            gettext("Samtycken"),
            to("consents"),
        ),
        Mistake(
            gettext("Kallelsen gick till fel enhet, eller mötet har fel tid"),
            gettext(
                "Inom en minut ångrar du kallelsen helt. Sedan tar du tillbaka den, flyttar mötet"
                " eller ställer in det."
            ),
            gettext("Möten"),
            to("meetings"),
        ),
        Mistake(
            gettext("Fel om vilka som var på mötet"),
            gettext("Öppna mötet och rätta närvaron. Båda uppgifterna står kvar i spåret."),
            gettext("Möten"),
            to("meetings"),
        ),
        Mistake(
            gettext("Fel i planen"),
            gettext("Ändra eller stryk raden, och fastställ en ny version. Den gamla står kvar som den var."),
            gettext("Planen"),
            to("plan"),
        ),
        Mistake(
            gettext("Planen gick till fel mottagare"),
            gettext(
                "Inom en minut ångrar du utlämnandet, och inget har lämnat er. Sedan tar du tillbaka"
                " samtycket och ringer mottagaren: det som är läst går inte att ta tillbaka."
            ),
            gettext("Vilka har fått vad?"),
            f"{to('case')}#utlamnat",
        ),
        Mistake(
            gettext("Fel kollega i ärendet"),
            gettext("Den som tas bort slutar se ärendet genast."),
            gettext("Medarbetare"),
            to("colleagues"),
        ),
    ]


def _wrong_beginning(url: str) -> Mistake:
    what = gettext("Vem som tog initiativet, när behovet märktes och om samordnaren var med.")
    return Mistake(gettext("Fel om hur ärendet började"), what, gettext("Hur ärendet började"), url)


def _wrong_number(url: str) -> Mistake:
    how = gettext("Den som hade det gamla numret ser inget längre så fort du har sparat.")
    return Mistake(gettext("Fel personnummer"), how, gettext("Rätta numret"), url)
