"""Pages about what the person has said yes to: the plan itself, and who may know what until when.

Here: the overview, writing an answer down, narrowing it, taking it back, and the preview. Not here: its forms
(`humla.web.consent_forms`), the page that the preview shows, which is the receiver's own
(`humla.web.received`), nor what the person does herself (`humla.web.own`).

The order is the law's: first what the receiver would see, then the yes. So the preview stands beside the
boxes and follows them; without JavaScript it is a page of its own that leads on to the form. It is asked for
with GET, and only with an id and codes: words typed in the form never stand in an address.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from humla.audit.record import Item
from humla.audit.tags import Tag
from humla.cases.models import CHOSEN, RELEASABLE, Case, Category
from humla.consents import actions, rules, wording
from humla.consents.kept_away import kept_away_from
from humla.consents.models import Consent, ConsentState, Manner, PlanConsent, WordingKind
from humla.consents.visibility import (
    consent_in,
    consents_of,
    latest_plan_answer,
    plan_answers,
    replaced_in,
    state_of,
)
from humla.core.context import Actor, now, today
from humla.core.rulings import Ruling
from humla.core.versions import Stale
from humla.disclosures.models import Disclosure, Document, DocumentKind
from humla.disclosures.visibility import disclosures_of, documents_of
from humla.organisation.models import Unit
from humla.organisation.visibility import names_of_professionals
from humla.plans.receivers import receivers_of
from humla.plans.visibility import plan_of
from humla.representatives.models import GivenBy
from humla.web.asking import asked_rows
from humla.web.consent_forms import ConsentForm, FirstAnswerForm, NarrowForm
from humla.web.consent_ways import Words, said_first, units_to_name, whose, words_for
from humla.web.door import DoorRequest, case_page, only_where_held
from humla.web.page import render
from humla.web.preview import chosen_in, preview_of
from humla.web.representatives.answering import Speakers, ask_who, is_refused, speakers_of, who_answered
from humla.web.unit_choice import near
from humla.web.waiting import in_words

# --- what the pages show ------------------------------------------------------------------------------------


_MOST_ASKED = 8
"""Units beside the answer to a plan; the others have the form of their own."""


@dataclass(frozen=True)
class HandedOver:
    """What has left, and cannot be called back."""

    title: str
    version: int
    """The number of the plan's version; other documents have none that says anything."""
    at: datetime
    what: str


@dataclass(frozen=True)
class ConsentRow:
    """One consent as the overview and its own page show it."""

    consent: Consent
    state: ConsentState
    kinds: list[str]
    how: str
    recorded_by: str
    last_day: date
    handed_over: list[HandedOver]
    is_replaced: bool
    may_withdraw: Ruling
    ends_soon: bool = False

    @property
    def is_open(self) -> bool:
        """Does it open anything, now or soon?"""
        return self.state in (ConsentState.IN_FORCE, ConsentState.AHEAD)

    @property
    def cells(self) -> list[bool]:
        """Yes or no per kind of information, in the order of the matrix."""
        return [category in self.consent.categories for category in RELEASABLE]

    @property
    def ask_again(self) -> str:
        """What the form is opened with when the same question is put once more."""
        chosen = chosen_in(self.consent.categories)
        return urlencode({"unit": self.consent.receiver_unit_id, "categories": chosen}, doseq=True)

    @property
    def tone(self) -> str:
        """The colour beside the word for its state."""
        return "done" if self.state is ConsentState.IN_FORCE else "neutral"


def _rows(case: Case, consents: Sequence[Consent], actor: Actor) -> list[ConsentRow]:
    documents = documents_of(case.pk)
    handed = {one.unit.pk: one.handed for one in receivers_of(consents, disclosures_of(case.pk))}
    names = names_of_professionals({one.recorded_by_id for one in consents})
    replaced = replaced_in(consents)
    return [
        ConsentRow(
            consent=one,
            state=state_of(one, now()),
            kinds=wording.names_of(one.categories),
            how=wording.how_given(one),
            recorded_by=names.get(one.recorded_by_id) or _signed_in(one),
            last_day=rules.last_day(one.ends_at),
            handed_over=[
                _handed_over(documents[each.document_id], each) for each in handed[one.receiver_unit_id]
            ],
            is_replaced=one.pk in replaced,
            may_withdraw=rules.may_withdraw(actor, one),
            ends_soon=rules.ends_soon(one, now()),
        )
        for one in consents
    ]


def _signed_in(consent: Consent) -> str:
    """Who wrote it down when no colleague did."""
    if consent.given_by == GivenBy.REPRESENTATIVE:
        return gettext("ombudet, inloggat")
    return gettext("personen själv, inloggad")


def _handed_over(document: Document, act: Disclosure) -> HandedOver:
    is_plan = document.kind == DocumentKind.PLAN
    return HandedOver(
        title=gettext("Planen") if is_plan else document.title,
        version=document.version if is_plan else 0,
        at=act.disclosed_at,
        what=wording.in_words(act.categories),
    )


# --- views --------------------------------------------------------------------------------------------------


@case_page()
def consents(request: DoorRequest, case: Case) -> HttpResponse:
    """Who may know what until when, and what the person has answered about the plan."""
    only_where_held(request, case)
    found, answers = consents_of(case), plan_answers(case)
    items: list[Item] = [("consent", one.pk, 0) for one in found]
    items += [("plan_consent", one.pk, 0) for one in answers]
    request.looked_in(case, Tag.CASE_READ, items=items)
    rows = _rows(case, found, request.actor)
    answer = answers[0] if answers else None
    context = {
        **whose(case),
        "answers": [{"answer": one, "how": wording.how_given(one)} for one in answers],
        "open": [row for row in rows if row.is_open],
        "ended": [row for row in rows if not row.is_open],
        "asked": asked_rows(case, request.actor),
        "kept": kept_away_from(case),
        "columns": wording.names_of(RELEASABLE),
        "may_record": rules.may_record(request.actor, case),
        "may_ask": rules.may_ask(request.actor, case, answer),
    }
    return render(request, "consents/overview.html", context)


@case_page(methods=("GET", "POST"))
def answer_plan(request: DoorRequest, case: Case) -> HttpResponse:
    """Write down the person's answer to "får vi göra en plan tillsammans med dig?"."""
    only_where_held(request, case)
    words, open_now = words_for(case, WordingKind.PLAN), _open_rows(request, case)
    initial = {
        **said_first(request.actor, case, words),
        "ends_on": rules.months_after(today(), rules.SUGGESTED_MONTHS),
        "knowing": _written_ids(open_now),
    }
    form = FirstAnswerForm(
        request.POST or None, initial=initial, offered=words.offered, units=_to_ask(case, open_now)
    )
    speakers = speakers_of(case)
    ask_who(form, speakers)
    if request.method == "POST" and form.is_valid() and _answered_first(request, case, form, speakers):
        return redirect("consents", case_id=case.pk)
    latest = latest_plan_answer(case)
    seen: Item = ("plan_consent", latest.pk, 0) if latest else ("case", case.pk, 0)
    request.looked_in(case, Tag.CASE_READ, items=[seen])
    context = {
        **whose(case),
        "form": form,
        "words": words,
        "latest": latest,
        "means": wording.said_of(CHOSEN),
        "in_force": open_now,
        "may_record": rules.may_record(request.actor, case),
    }
    return render(request, "consents/answer_plan.html", context)


@case_page(methods=("GET", "POST"))
def give_consent(request: DoorRequest, case: Case) -> HttpResponse:
    """Write down a yes to one receiver, with what it would see beside it."""
    only_where_held(request, case)
    units, words = units_to_name(case), words_for(case, WordingKind.CONSENT)
    open_now = _open_rows(request, case)
    items: list[Item] = [("consent", row.consent.pk, 0) for row in open_now]
    request.looked_in(case, Tag.CASE_READ, items=items or [("case", case.pk, 0)])
    if request.method == "GET":
        return _give_page(request, case, _fresh(request, case, units, words, open_now), words, open_now)
    form, speakers = (
        ConsentForm(request.POST, case=case, units=units, offered=words.offered),
        speakers_of(case),
    )
    ask_who(form, speakers)
    if not form.is_valid():
        return _give_page(request, case, form, words, open_now)
    said = dict(form.cleaned_data)
    answered = who_answered(said, speakers)
    if is_refused(form, case, answered, ends_on=said["ends_on"]):
        return _give_page(request, case, form, words, open_now)
    try:
        actions.give(case, answered=answered, by=request.actor, **said)
    except Stale as other:
        open_now = _open_rows(request, case)
        again = ConsentForm(_knowing(request.POST, open_now), case=case, units=units, offered=words.offered)
        ask_who(again, speakers)
        return _give_page(request, case, again, words, open_now, theirs=other.theirs.pk)
    messages.success(request, gettext("Samtycket är sparat. Inget är utlämnat än."))
    return redirect("consents", case_id=case.pk)


@case_page()
def preview_consent(request: DoorRequest, case: Case) -> HttpResponse:
    """The receiver's page, made from the plan as it stands now and the boxes as they are ticked now."""
    only_where_held(request, case)
    unit = next((one for one in units_to_name(case) if str(one.pk) == request.GET.get("unit", "")), None)
    chosen = chosen_in(request.GET.getlist("categories"))
    plan = plan_of(case)
    seen: Item = ("plan", plan.pk, plan.version) if plan else ("case", case.pk, 0)
    request.looked_in(case, Tag.CONSENT_PREVIEWED, items=[seen])
    query = urlencode({"unit": unit.pk if unit else "", "categories": chosen}, doseq=True)
    context = {
        **preview_of(case, plan, unit=unit, chosen=chosen),
        "give_url": f"{reverse('give_consent', kwargs={'case_id': case.pk})}?{query}",
        "may_give": rules.may_ask(request.actor, case, latest_plan_answer(case)),
    }
    return render(request, "received/plan.html", context)


@case_page()
def consent(request: DoorRequest, case: Case, consent_id: UUID) -> HttpResponse:
    """One consent: what it says, what has been handed over under it, and what can be done."""
    found = _consent(request, case, consent_id)
    request.looked_in(case, Tag.CASE_READ, items=[("consent", found.pk, 0)])
    return render(request, "consents/consent.html", {**whose(case), "row": _row(case, found, request.actor)})


@case_page(methods=("GET", "POST"))
def narrow_consent(request: DoorRequest, case: Case, consent_id: UUID) -> HttpResponse:
    """Take something out of a consent, or end it sooner."""
    found = _consent(request, case, consent_id)
    initial = {
        "said_on": today(),
        "manner": Manner.ORAL,
        "heard_by": request.actor.name,
        "categories": found.categories,
        "ends_on": rules.last_day(found.ends_at),
    }
    data = _with_language(request.POST, found) if request.method == "POST" else None
    form = NarrowForm(data, before=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.said()
        ruling = rules.may_narrow(
            request.actor, found, categories=said["categories"], ends_on=said["ends_on"]
        )
        if not rules.may_withdraw(request.actor, found):
            return _already_closed(request, case)
        if ruling:
            return _narrowed(request, case, found, said)
        form.add_error(None, ruling.reason)
    request.looked_in(case, Tag.CASE_READ, items=[("consent", found.pk, 0)])
    row = _row(case, found, request.actor)
    context = {**whose(case), "row": row, "form": form, "hints": wording.hints()}
    return render(request, "consents/narrow.html", context)


@case_page(methods=("GET", "POST"))
def withdraw_consent(request: DoorRequest, case: Case, consent_id: UUID) -> HttpResponse:
    """Take a consent back: first what closes and what cannot be called back, then the button."""
    found = _consent(request, case, consent_id)
    request.looked_in(case, Tag.CASE_READ, items=[("consent", found.pk, 0)])
    if request.method == "GET":
        context = {**whose(case), "row": _row(case, found, request.actor)}
        return render(request, "consents/withdraw.html", context)
    if state_of(found, now()) is ConsentState.WITHDRAWN:
        return _already_closed(request, case)
    try:
        actions.withdraw(found, by=request.actor)
    except Stale:
        return _already_closed(request, case)
    messages.success(request, gettext("Samtycket är återkallat. Mottagaren kan inte öppna planen längre."))
    return redirect("consents", case_id=case.pk)


# --- below the views ----------------------------------------------------------------------------------------


def _consent(request: DoorRequest, case: Case, consent_id: UUID) -> Consent:
    only_where_held(request, case)
    found = consent_in(case, consent_id)
    if found is None:
        raise Http404
    return found


def _row(case: Case, found: Consent, actor: Actor) -> ConsentRow:
    """One row, with all the others at hand: only they tell whether it was replaced."""
    return next(row for row in _rows(case, consents_of(case), actor) if row.consent.pk == found.pk)


def _open_rows(request: DoorRequest, case: Case) -> list[ConsentRow]:
    return [row for row in _rows(case, consents_of(case), request.actor) if row.is_open]


def _to_ask(case: Case, open_now: Sequence[ConsentRow]) -> list[Unit]:
    """Those who are asked most often: the ways in to the other authorities, the nearest first, and no 300."""
    told, places = {row.consent.receiver_unit_id for row in open_now}, set(near(case.unit))
    units = [one for one in units_to_name(case) if one.pk not in told]
    units.sort(key=lambda one: (not one.is_way_in, not {one.place, *one.serves} & places))
    return units[:_MOST_ASKED]


def _answered_first(request: DoorRequest, case: Case, form: FirstAnswerForm, speakers: Speakers) -> bool:
    """Is it written down? Otherwise the form says why at its field."""
    said = dict(form.cleaned_data)
    agrees, answered = said.pop("agrees") == "ja", who_answered(said, speakers)
    ends_on = said["ends_on"] if said["given"] else None
    if agrees and is_refused(form, case, answered, to_plan=True, ends_on=ends_on):
        return False
    try:
        actions.answer_first(case, agrees=agrees, answered=answered, by=request.actor, **said)
    except Stale as other:
        form.add_error(None, _written_meanwhile(other))
        return False
    messages.success(request, gettext("Svaret är sparat.") + _told_whom(said["given"]))
    return True


def _written_meanwhile(other: Stale) -> str:
    assert isinstance(other.theirs, Consent)
    return gettext("Någon annan har skrivit in ett samtycke för %(unit)s medan du skrev. Läs det först.") % {
        "unit": other.theirs.receiver_unit.name
    }


def _told_whom(given: Mapping[Unit, object]) -> str:
    if not given:
        return ""
    units = {"units": in_words([one.name for one in given])}
    return " " + gettext("%(units)s får veta det ni kryssade i. Inget är utlämnat än.") % units


def _fresh(
    request: DoorRequest, case: Case, units: Sequence[Unit], words: Words, open_now: Sequence[ConsentRow]
) -> ConsentForm:
    """The empty form; the preview leads here with the receiver and the boxes already chosen."""
    initial = {
        **said_first(request.actor, case, words),
        "unit": request.GET.get("unit", ""),
        "categories": chosen_in(request.GET.getlist("categories")),
        "ends_on": rules.months_after(today(), rules.SUGGESTED_MONTHS),
        "knowing": _written_ids(open_now),
    }
    form = ConsentForm(initial=initial, case=case, units=units, offered=words.offered)
    ask_who(form, speakers_of(case))
    return form


def _give_page(
    request: DoorRequest,
    case: Case,
    form: ConsentForm,
    words: Words,
    open_now: Sequence[ConsentRow],
    *,
    theirs: UUID | None = None,
) -> HttpResponse:
    answer: PlanConsent | None = latest_plan_answer(case)
    context = {
        **whose(case),
        "form": form,
        "words": words,
        "hints": wording.hints(),
        "identity": {
            "label": Category.IDENTITY.label,
            "means": wording.MEANS[Category.IDENTITY],
        },
        "asked": answer is not None,
        "already": open_now,
        "theirs": next((row for row in open_now if row.consent.pk == theirs), None),
        "may_give": rules.may_ask(request.actor, case, answer),
    }
    return render(request, "consents/give.html", context)


def _narrowed(request: DoorRequest, case: Case, found: Consent, said: dict[str, Any]) -> HttpResponse:
    try:
        actions.narrow(found, by=request.actor, **said)
    except Stale:
        return _already_closed(request, case)
    messages.success(request, gettext("Samtycket är begränsat. Det som togs bort är stängt för mottagaren."))
    return redirect("consents", case_id=case.pk)


def _already_closed(request: DoorRequest, case: Case) -> HttpResponse:
    """Somebody was first, and the consent is closed: what was wanted, or more. Nothing is lost."""
    messages.info(request, gettext("Någon annan hann före: samtycket var redan återkallat eller ändrat."))
    return redirect("consents", case_id=case.pk)


def _with_language(posted: QueryDict, found: Consent) -> QueryDict:
    """Narrowing does not ask for language and interpreter again: they stay as they were."""
    data = posted.copy()
    data["language"] = found.language
    if found.with_interpreter:
        data["with_interpreter"] = "on"
    return data


def _knowing(posted: QueryDict, open_now: Sequence[ConsentRow]) -> QueryDict:
    """The same form once more, now that its reader has seen the others."""
    data = posted.copy()
    data["knowing"] = _written_ids(open_now)
    return data


def _written_ids(rows: Sequence[ConsentRow]) -> str:
    return " ".join(str(row.consent.pk) for row in rows)
