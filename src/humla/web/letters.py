"""Letters on paper: what is to be sent, all of it in one print, how each is reached, what has been sent.

Here: the pages of the queue. Not here: which letters there are (`humla.letters.visibility`), what they say
(`humla.letters.document`), nor the person's own page.

The way through is short: say once how somebody is reached, print everything as one pdf, tick what was posted.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from humla.agreements.models import LetterOccasion
from humla.agreements.words import words_in_force
from humla.audit.tags import Tag
from humla.cases.visibility import my_assignments_in
from humla.core.context import now, today
from humla.core.fields import ChoiceField, ProseField, SwedishDateField
from humla.core.post_paper import render_letters
from humla.core.rulings import NotAllowed
from humla.core.versions import Stale
from humla.letters import rules
from humla.letters.actions import remind, say_way, send_letters, take_back
from humla.letters.document import posted, receiver
from humla.letters.models import Addressee, Way
from humla.letters.visibility import (
    Wanted,
    letter_of,
    letters_sent,
    letters_waiting,
    may_still_be_told,
    parts_of,
    receiver_of,
    suggested_address,
)
from humla.meetings.models import Called
from humla.web.door import DoorRequest, staff_page
from humla.web.page import render
from humla.web.words import page_asked, sealed, sought, words_sent

PAGE = 50
MOST = 100
"""So many letters are printed at a time, the oldest first: more is a page that nobody waits for."""
_LARGEST_ADDRESS = 400


class WayForm(forms.Form):
    """How one receiver gets letters, and where to."""

    way = ChoiceField(
        label=_("Hur ska brevet lämnas?"),
        widget=forms.RadioSelect,
        missing=_("Välj hur brevet ska lämnas."),
    )
    address = ProseField(
        _LARGEST_ADDRESS,
        rows=3,
        label=_("Adress"),
        help_text=_("Behövs för brev med posten. Gata eller box på en rad, postnummer och ort på nästa."),
        required=False,
    )

    def __init__(self, *args: Any, wanted: Wanted, actor: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.wanted, self.actor = wanted, actor
        chosen: Any = self.fields["way"]
        chosen.choices = [(one.value, one.label) for one in ways_for(wanted)]
        if wanted.has_protected_receiver:
            del self.fields["address"]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if "way" in told and not self.errors:
            address = told.get("address", "")
            ruling = rules.may_say_way(self.actor, self.wanted.summons, way=told["way"], address=address)
            if not ruling:
                self.add_error("address" if told["way"] == Way.POST else "way", ruling.reason)
        return told


class SentForm(forms.Form):
    """The day that the ticked letters were posted or given."""

    sent_on = SwedishDateField(label=_("Dag"), missing=_("Skriv vilken dag breven lämnades."))

    def clean_sent_on(self) -> Any:
        day = self.cleaned_data["sent_on"]
        if day > today():
            raise forms.ValidationError(gettext("Den dagen har inte varit än."))
        return day


def ways_for(wanted: Wanted) -> list[Way]:
    """The ways that this receiver can be reached."""
    if wanted.has_protected_receiver:
        ways = [Way.BY_HAND, Way.FORWARDED, Way.PHONE]
    else:
        ways = [Way.POST, Way.BY_HAND, Way.PHONE]
    return [*ways, Way.PAGE] if wanted.summons.called == Called.PERSON else ways


@staff_page(methods=("GET", "POST"))
def letters(request: DoorRequest) -> HttpResponse:
    """What waits to be sent, or what has lately been sent; searched by receiver, person or reference."""
    is_sent = request.GET.get("visa") == "skickade"
    if request.method == "POST":
        return redirect(_address(is_sent, sok=sealed(request, words_sent(request))))
    return _listed(request, is_sent=is_sent)


@staff_page(methods=("POST",))
def letters_sent_off(request: DoorRequest) -> HttpResponse:
    """The ticked letters have been posted, given or told."""
    form = SentForm(request.POST)
    ticked = set(request.POST.getlist("brev"))
    if not form.is_valid():
        return _listed(request, form=form, ticked=ticked)
    chosen = [one for one in letters_waiting() if one.key in ticked]
    if not chosen:
        messages.info(request, gettext("Välj minst ett brev som är lämnat."))
        return redirect("letters")
    try:
        count = send_letters(chosen, on=form.cleaned_data["sent_on"], by=request.actor)
    except NotAllowed as refused:
        messages.warning(request, refused.reason)
        return redirect("letters")
    words = ngettext("%(count)s brev är antecknat.", "%(count)s brev är antecknade.", count)
    messages.success(request, words % {"count": count})
    return redirect("letters")


@staff_page()
def letters_pdf(request: DoorRequest) -> HttpResponse:
    """Every letter that can be printed, as one file; not those that came after the list was drawn."""
    until = _instant(request.GET.get("till", ""))
    chosen = [one for one in letters_waiting() if one.can_be_printed and one.since <= until][:MOST]
    if not chosen:
        raise Http404
    return _printed(request, chosen, name=f"brev-{today().isoformat()}")


@staff_page()
def letter_pdf(request: DoorRequest, called_id: UUID, occasion: str) -> HttpResponse:
    """One letter, also one that has been sent: it was lost, or the printer jammed."""
    wanted = _or_404(called_id, occasion)
    if not may_still_be_told([wanted]):
        raise Http404
    return _printed(request, [wanted], name=f"brev-{wanted.case.reference}")


@staff_page(methods=("GET", "POST"))
def letter_way(request: DoorRequest, called_id: UUID) -> HttpResponse:
    """How this receiver is reached; asked for once and kept in the case."""
    wanted = receiver_of(called_id)
    if wanted is None:
        raise Http404
    known = wanted.addressee
    form = WayForm(request.POST or None, wanted=wanted, actor=request.actor, initial=_fresh(wanted, known))
    version, theirs = known.version if known else 0, None
    if request.method == "POST" and form.is_valid():
        sent = request.POST.get("version", "")
        try:
            say_way(
                wanted.summons,
                **form.cleaned_data,
                version=int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1,
                by=request.actor,
            )
        except Stale:
            theirs = known
            if known is None:
                form.add_error(None, gettext("Sidan var gammal. Se efter att det stämmer och spara igen."))
        else:
            messages.success(request, gettext("Sparat. Nästa brev i ärendet lämnas likadant."))
            return redirect("letters")
    _looked(request, [wanted], Tag.LETTERS_LISTED)
    context = {
        "wanted": wanted,
        "receiver": receiver(wanted.summons),
        "form": form,
        "version": version,
        "theirs": theirs,
        "may": rules.may_say_way(request.actor, wanted.summons),
    }
    return render(request, "letters/way.html", context)


@staff_page(methods=("POST",))
def letter_back(request: DoorRequest, called_id: UUID, occasion: str) -> HttpResponse:
    """It was not sent after all: it waits again."""
    wanted = _or_404(called_id, occasion)
    if wanted.letter is None:
        raise Http404
    try:
        take_back(wanted.letter, by=request.actor)
    except Stale:
        messages.info(request, gettext("Någon annan hann före. Brevet väntar redan igen."))
    else:
        messages.success(request, gettext("Brevet är inte längre antecknat som lämnat."))
    return redirect("letters")


@staff_page(methods=("POST",))
def letter_reminder(request: DoorRequest, called_id: UUID, occasion: str) -> HttpResponse:
    """A reminder on paper about a summons whose letter has been sent."""
    wanted = _or_404(called_id, occasion)
    remind(wanted, by=request.actor)
    messages.success(request, gettext("Påminnelsen ligger i kön."))
    return redirect("letters")


# --- below the views ----------------------------------------------------------------------------------------


def _listed(
    request: DoorRequest,
    *,
    is_sent: bool = False,
    form: SentForm | None = None,
    ticked: set[str] | None = None,
) -> HttpResponse:
    waiting = letters_waiting()
    sent = letters_sent() if is_sent else []
    search = sought(request)
    found = [one for one in (sent if is_sent else waiting) if _holds(one, search.words)]
    page = _page_asked(request, len(found))
    shown = found[(page - 1) * PAGE : page * PAGE]
    told = may_still_be_told(shown) if is_sent else {one.key for one in shown if one.can_be_printed}
    _looked(request, shown, Tag.LETTERS_LISTED)
    context = {
        "is_sent": is_sent,
        "missing": [_row(one) for one in shown if not is_sent and one.needs_address],
        "rows": [_row(one) for one in shown if is_sent or not one.needs_address],
        "form": form or SentForm(initial={"sent_on": today()}),
        "to_print": told,
        "ticked": {one.key for one in shown} if ticked is None else ticked,
        "printable": min(MOST, sum(one.can_be_printed for one in waiting)),
        "until": now().isoformat(),
        "count": len(waiting),
        "words": search.words,
        "here": _address(is_sent),
        "previous": _address(is_sent, sok=search.sealed, sida=page - 1) if page > 1 else "",
        "next": _address(is_sent, sok=search.sealed, sida=page + 1) if len(found) > page * PAGE else "",
    }
    return render(request, "letters/list.html", context)


def _row(wanted: Wanted) -> dict[str, Any]:
    summons = wanted.summons
    return {
        "wanted": wanted,
        "key": wanted.key,
        "receiver": receiver(summons),
        "called": str(Called(summons.called).label),
        "what": str(wanted.occasion.label),
        "way": str(wanted.way.label) if wanted.way else "",
        "person": "" if wanted.case.is_protected else wanted.case.person.full_name,
        "reference": wanted.case.reference,
        "meets": summons.meeting.starts_at,
        "may_remind": wanted.letter is not None
        and wanted.occasion in (LetterOccasion.CALLED, LetterOccasion.CHANGED)
        and summons.cancelled_at is None,
        "parts": {"called_id": summons.pk, "occasion": wanted.occasion.value},
    }


def _holds(wanted: Wanted, words: str) -> bool:
    """Does every word stand somewhere in the row?"""
    person = "" if wanted.case.is_protected else wanted.case.person.full_name
    text = f"{receiver(wanted.summons)} {person} {wanted.case.reference}".casefold()
    return all(word in text for word in words.casefold().split())


def _printed(request: DoorRequest, chosen: Sequence[Wanted], *, name: str) -> HttpResponse:
    """One question for what all of them say, and one for the words."""
    _looked(request, chosen, Tag.LETTERS_PRINTED)
    words, parts = words_in_force(), parts_of(chosen)
    made = [posted(one, parts.get(one.summons.document_id, []), words=words) for one in chosen]
    return HttpResponse(
        render_letters(made, title=gettext("Brev")),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"', "Cache-Control": "no-store"},
    )


def _looked(request: DoorRequest, shown: Iterable[Wanted], tag: Tag) -> None:
    """One line on the trail for each case that something is said of, with the right it rests on."""
    by_case: dict[UUID, list[Wanted]] = {}
    for one in shown:
        by_case.setdefault(one.summons.case_id, []).append(one)
    rights = my_assignments_in(by_case)
    for case_id, several in by_case.items():
        request.looked(
            tag,
            case=case_id,
            person=several[0].summons.person_id,
            items=[("summons", one.summons.pk, 0) for one in several],
            allowed_by=[("assignment", rights[case_id])] if case_id in rights else [],
        )
    if not by_case:
        request.looked(tag)


def _fresh(wanted: Wanted, known: Addressee | None) -> dict[str, Any]:
    if known is not None:
        return {"way": known.way, "address": known.address}
    first = Way.BY_HAND if wanted.has_protected_receiver else Way.POST
    return {"way": first, "address": suggested_address(wanted.summons)}


def _or_404(called_id: UUID, occasion: str) -> Wanted:
    found = letter_of(called_id, occasion)
    if found is None:
        raise Http404
    return found


def _address(is_sent: bool, **query: Any) -> str:
    said = {key: value for key, value in query.items() if value}
    if is_sent:
        said["visa"] = "skickade"
    return reverse("letters") + (f"?{urlencode(said)}" if said else "")


def _page_asked(request: DoorRequest, count: int) -> int:
    return min(page_asked(request), max(1, (count + PAGE - 1) // PAGE))


def _instant(written: str) -> datetime:
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return now()
    return at if at.tzinfo else now()
