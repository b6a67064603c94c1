"""What has left Humla: the administrator's list of notices, and the letters of a demonstration.

Here: kinds, units, states and times, and trying again. Nothing of a case is here: a notice has none. Not
here: the words of a letter and what carries it (`humla.notifications`), nor when (`humla.ops.jobs`).
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils.translation import gettext, gettext_lazy, ngettext

from humla.audit.tags import Tag
from humla.core.context import Actor, Kind, acting, now
from humla.core.rulings import Ruling
from humla.links.tokens import code_of, kept_of, token_of
from humla.links.visibility import open_hashes
from humla.notifications import actions, rules
from humla.notifications.digest import left_in
from humla.notifications.models import Notice, NoticeKind, NoticeState
from humla.notifications.visibility import PAGE, associations_with_any, failed, how_many, notice_of, posted
from humla.notifications.visibility import notices as notices_in
from humla.notifications.wording import (
    BY_LINK,
    BY_PHONE,
    FAULTS,
    OPENED_BY_CODE,
    Letter,
    digest_letter,
    letter,
    line_of,
    text_of,
)
from humla.web.door import DoorRequest, administrator_page, public_page
from humla.web.jinja import short_day
from humla.web.page import render
from humla.web.words import page_asked, sealed, sought, words_sent

_LETTERS = 50
"""So many letters stand on the demonstration's page: a year's worth is a slow one."""

_TABS = {
    NoticeState.FAILED: ("fel", gettext_lazy("Gick inte fram")),
    NoticeState.WAITING: ("vantar", gettext_lazy("Väntar")),
    NoticeState.SENT: ("skickat", gettext_lazy("Skickat")),
    NoticeState.CANCELLED: ("angrat", gettext_lazy("Ångrat")),
}


@dataclass(frozen=True)
class NoticeRow:
    """One notice, as the administrator sees it."""

    id: UUID
    kind: str
    unit: str
    mail: str
    at: datetime
    tries: int
    fault: str
    is_collected: bool
    """It leaves, or left, in the unit's collected letter."""
    step: str
    """Of a reminder: what it reminds of, and whether somebody rings after it."""
    may_try_again: Ruling


@administrator_page(methods=("GET", "POST"))
def notices(request: DoorRequest) -> HttpResponse:
    """The förbund's notices in one state; first those that did not get there."""
    counts = how_many()
    state = _asked_state(request, counts)
    if request.method == "POST":
        return redirect(_url(state, sok=sealed(request, words_sent(request))))
    search, page = sought(request), page_asked(request)
    found = notices_in(state=state, words=search.words, page=page)
    request.looked(Tag.NOTICES_LISTED)
    context = {
        "state": state,
        "slug": _TABS[state][0],
        "here": _url(state),
        "words": search.words,
        "rows": [_row(one, request.actor) for one in found[:PAGE]],
        "tabs": [
            {
                "label": label,
                "url": _url(one),
                "current": one is state,
                "count": counts[one],
            }
            for one, (_slug, label) in _TABS.items()
        ],
        "previous": _url(state, sok=search.sealed, sida=page - 1) if page > 1 else "",
        "next": _url(state, sok=search.sealed, sida=page + 1) if len(found) > PAGE else "",
        "has_server": bool(settings.EMAIL_HOST),
        "leaves": settings.MAIL_LEAVES,
        "failed": counts[NoticeState.FAILED],
    }
    return render(request, "notices/list.html", context)


@administrator_page(methods=("POST",))
def try_again(request: DoorRequest) -> HttpResponse:
    """One notice that did not get there, or all of them, back in the queue."""
    chosen = _chosen(request)
    for one in chosen:
        actions.try_again(one, by=request.actor)
    sentence = ngettext(
        "%(number)s avisering skickas igen inom en minut.",
        "%(number)s aviseringar skickas igen inom en minut.",
        len(chosen),
    )
    messages.success(request, sentence % {"number": len(chosen)})
    return redirect("notices")


@dataclass(frozen=True)
class PostedLetter:
    """A letter as it would have lain in the mailbox."""

    at: datetime
    to: str
    letter: Letter
    words: list[str]
    links: set[str]


@public_page()
def demo_mail(request: DoorRequest) -> HttpResponse:
    """The demonstration's own post: what would have gone out, newest first, with links that work."""
    if not settings.DEMO:
        raise Http404
    letters = sorted(_all_letters(), key=lambda one: one.at, reverse=True)
    context = {"letters": letters[:_LETTERS], "more": len(letters) - _LETTERS, "now": now()}
    return render(request, "notices/demo_mail.html", context)


def _url(state: NoticeState, **more: str | int) -> str:
    """The list in one state; what is empty is not said."""
    parts = {"lage": _TABS[state][0]} | {name: value for name, value in more.items() if value}
    return f"{reverse('notices')}?{urlencode(parts)}"


def _asked_state(request: DoorRequest, counts: object) -> NoticeState:
    """What is asked for; else what needs somebody, and when nothing does, what is sent."""
    asked = request.GET.get("lage", "")
    for state, (slug, _label) in _TABS.items():
        if slug == asked:
            return state
    some_failed = isinstance(counts, dict) and counts[NoticeState.FAILED]
    return NoticeState.FAILED if some_failed else NoticeState.SENT


def _row(notice: Notice, actor: Actor) -> NoticeRow:
    return NoticeRow(
        id=notice.pk,
        kind=str(NoticeKind(notice.kind).label),
        unit=notice.unit.name,
        mail=notice.unit.mail,
        at=notice.sent_at or notice.leaves_at,
        tries=notice.tries,
        fault=str(FAULTS[notice.fault]) if notice.fault else "",
        is_collected=notice.is_collected,
        step=_step(notice),
        may_try_again=rules.may_try_again(actor, notice),
    )


def _step(notice: Notice) -> str:
    if not notice.reminds_of:
        return ""
    about = str(NoticeKind(notice.reminds_of).label)
    if notice.staff_from is None:
        return about
    last = gettext("sista, sedan ringer någon %(day)s") % {"day": short_day(notice.staff_from)}
    return f"{about}, {last}"


def _chosen(request: DoorRequest) -> list[Notice]:
    asked = request.POST.get("notice", "")
    if not asked:
        return failed()
    try:
        found = notice_of(UUID(asked))
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return [found]


def _all_letters() -> Iterator[PostedLetter]:
    """Read as the clock, which posted them: only where everything is made up (`settings.DEMO`)."""
    with acting(Actor(Kind.SYSTEM)):
        associations = associations_with_any()
    for association_id in associations:
        with acting(Actor(Kind.SYSTEM, association_id=association_id)):
            live = open_hashes()
            letters = posted()
            within = left_in(letters)
            yield from [_posted(one, live, within.get(one.pk, ())) for one in letters]


def _posted(notice: Notice, live: Collection[str], within: Sequence[Notice]) -> PostedLetter:
    """A link whose time is out, or that led to what has been taken back, stands in the letter as words."""
    words, to = _as_it_was(notice, within)
    assert notice.sent_at is not None
    pieces = re.split(r"(\s+)", words.body)
    links = {one for one in pieces if one.startswith(settings.PUBLIC_URL) and _leads_somewhere(one, live)}
    return PostedLetter(notice.sent_at, to, words, pieces, links)


def _leads_somewhere(address: str, live: Collection[str]) -> bool:
    place = resolve(urlsplit(address).path)
    return "token" not in place.kwargs or kept_of(place.kwargs["token"]) in live


def _as_it_was(notice: Notice, within: Sequence[Notice]) -> tuple[Letter, str]:
    """The letter or the text, word for word, and where it went."""
    if notice.kind in BY_PHONE:
        return text_of(notice, partial(code_of, notice.about_id))
    if notice.kind == NoticeKind.DIGEST:
        lines = [line_of(one, token=token_of(one.pk) if one.kind in BY_LINK else "") for one in within]
        whole = digest_letter(lines, unit=notice.unit.name, association=notice.association.name)
        return whole, notice.unit.mail
    opens = notice.kind in OPENED_BY_CODE and bool(notice.unit.code_phone)
    words = letter(
        notice.kind,
        unit=notice.unit.name,
        association=notice.association.name,
        answer_by=notice.answer_by,
        token=token_of(notice.pk) if notice.kind in BY_LINK else "",
        opening_token=token_of(notice.pk, opens=True) if opens else "",
    )
    return words, notice.unit.mail
