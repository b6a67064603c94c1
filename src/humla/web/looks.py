"""Who has looked, in words for the person: by day, unit and role first, every single time folded under it.

Here: sentences and the folding of the trail's lines. Not here: the queries (`humla.audit.visibility`), nor
the pages (`humla.web.own`). Seldom more than a few units look, but they look often: a list of fifty lines
hides the one that is not as usual.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markupsafe import Markup, escape

from humla.access.models import LookQuestion
from humla.access.visibility import openness_of
from humla.audit.models import Event
from humla.audit.tags import LOOKS, SENTENCES, Tag
from humla.audit.visibility import LookGroup
from humla.consents.models import Consent
from humla.consents.wording import names_of
from humla.core.dates import day_of
from humla.disclosures.models import DocumentKind
from humla.organisation.models import Role, Unit
from humla.organisation.visibility import names_of_professionals, units_named
from humla.plans.own import own_consents, own_papers_named
from humla.representatives.models import MandateKind
from humla.web.jinja import short_day


@dataclass(frozen=True)
class Look:
    """One unit in one role during one day: how many times, and what it did."""

    who: str
    authority: str
    role: str
    times: int
    when: str
    what: str
    right: str = ""
    is_new: bool = False


@dataclass(frozen=True)
class Entry:
    """One line of the trail. `name` only where the authority has decided that she sees it (OWN-4)."""

    id: UUID
    at: datetime
    who: str
    authority: str
    role: str
    name: str
    what: str
    parts: str
    right: str
    is_new: bool
    question: LookQuestion | None = None
    can_ask: bool = False


@dataclass(frozen=True)
class _Known:
    """What the lines are worked out from, fetched once for all of them."""

    units: Mapping[UUID, Unit]
    consents: Mapping[UUID, Consent]
    papers: Mapping[UUID, DocumentKind]
    names: Mapping[UUID, str]
    questions: Mapping[UUID, LookQuestion]
    visit: datetime | None
    hides_places: bool


@dataclass(frozen=True)
class LookDay:
    """A day with who did something on it, and every single time."""

    on: date
    looks: list[Look]
    entries: list[Entry]


def swedish(text: object) -> Markup:
    """A name or a frozen text inside a sentence that may be in another language and run the other way."""
    return Markup('<bdi lang="sv">{}</bdi>').format(text)


def in_words(groups: Sequence[LookGroup], on: date, *, hides_places: bool = False) -> list[Look]:
    """Groups as the first page tells them, seen from a day."""
    units = units_named({one.unit_id for one in groups if one.unit_id})
    return [
        Look(
            *_where(one.unit_id, one.role, units, hides_places=hides_places),
            role=_role(one.role),
            times=one.times,
            when=_when(one.on, on),
            what=_done(one.tags),
        )
        for one in groups
    ]


def by_day(
    events: Sequence[Event],
    visit: datetime | None,
    on: date,
    *,
    questions: Iterable[LookQuestion] = (),
    hides_places: bool = False,
) -> list[LookDay]:
    """Lines of the trail, newest first, folded by day; as many questions for one line as for all.

    `hides_places`: where a protected person's staff work tells where she is, so only the authority stands.
    """
    known = _Known(
        units=units_named({event.unit_id for event in events if event.unit_id}),
        consents=own_consents(
            {UUID(one) for event in events for kind, one in event.allowed_by if kind == "consent"}
        ),
        papers=own_papers_named(
            UUID(one) for event in events for kind, one, _version in event.items if kind == "document"
        ),
        names=_names_told(events),
        questions={one.event_id: one for one in questions},
        visit=visit,
        hides_places=hides_places,
    )
    days = []
    for day, lines in groupby(events, lambda event: day_of(event.at)):
        same = list(lines)
        entries = [_entry(event, known) for event in same]
        days.append(LookDay(day, _folded(same, entries, _when(day, on)), entries))
    return days


def _parts(event: Event, known: _Known, consents: Sequence[Consent]) -> str:
    """Which parts were shown, in plain words; of what was read with a yes of hers, which kinds it opened."""
    words = dict.fromkeys(
        _paper(known.papers.get(UUID(one)), version) if kind == "document" else str(_PARTS.get(kind, ""))
        for kind, one, version in event.items
    )
    told = _(", ").join(one for one in words if one)
    kinds = names_of(sorted({each for consent in consents for each in consent.categories}))
    if told and kinds:
        return _("%(what)s (%(kinds)s)") % {"what": told, "kinds": _(", ").join(map(str, kinds))}
    return told


def _folded(events: Iterable[Event], entries: Iterable[Entry], when: str) -> list[Look]:
    groups: dict[tuple[UUID | None, str], list[tuple[Event, Entry]]] = {}
    for event, entry in zip(events, entries, strict=True):
        groups.setdefault((event.unit_id, event.role), []).append((event, entry))
    return [_look(one, when) for one in groups.values()]


def _look(lines: list[tuple[Event, Entry]], when: str) -> Look:
    first = lines[0][1]
    rights = {entry.right for _event, entry in lines}
    return Look(
        who=first.who,
        authority=first.authority,
        role=first.role,
        times=len(lines),
        when=when,
        what=_done(event.tag for event, _entry in reversed(lines)),
        right=first.right if len(rights) == 1 else "",
        is_new=any(entry.is_new for _event, entry in lines),
    )


def _entry(event: Event, known: _Known) -> Entry:
    given = _given(event, known.consents)
    return Entry(
        event.pk,
        event.at,
        *_where(event.unit_id, event.role, known.units, hides_places=known.hides_places),
        role=_role(event.role),
        name=known.names.get(event.actor_id, "") if event.actor_id else "",
        what=_done([event.tag]),
        parts=_parts(event, known, given) if event.tag in LOOKS else "",
        right=_right(event, given),
        is_new=event.tag in LOOKS and known.visit is not None and event.at > known.visit,
        question=known.questions.get(event.pk),
        can_ask=event.unit_id is not None and event.actor_id is not None,
    )


def _names_told(events: Iterable[Event]) -> dict[UUID, str]:
    """The names of those whose authority has decided that the person sees them."""
    told = openness_of({event.authority_id for event in events})
    who = {
        event.actor_id
        for event in events
        if event.actor_id and event.authority_id and told[event.authority_id].names_staff
    }
    return names_of_professionals(who) if who else {}


_PARTS = {
    "copy": gettext_lazy("en handling som har lämnats ut"),
    "plan": gettext_lazy("planen som skrivs nu"),
    "goal": gettext_lazy("ett mål"),
    "commitment": gettext_lazy("vem som gör vad"),
    "case": gettext_lazy("om ärendet"),
    "person": gettext_lazy("uppgifter om dig"),
    "protected_contact": gettext_lazy("skyddade kontaktuppgifter"),
    "meeting": gettext_lazy("ett möte"),
    "summons": gettext_lazy("en kallelse"),
    "preparation": gettext_lazy("det du ville säga inför mötet"),
    "consent": gettext_lazy("ett samtycke"),
    "plan_consent": gettext_lazy("ditt svar om att göra en plan"),
    "consent_request": gettext_lazy("en fråga om samtycke"),
    "initiation": gettext_lazy("hur ärendet började"),
    "assignment": gettext_lazy("vilka som arbetar i ärendet"),
    "note": gettext_lazy("enhetens egna anteckningar"),
    "follow_up": gettext_lazy("en uppföljning"),
    "closing": gettext_lazy("hur ärendet avslutades"),
    "lead_transfer": gettext_lazy("frågan om vem som leder planen"),
    "mandate": gettext_lazy("vem som företräder dig"),
    "arrived_request": gettext_lazy("vilka som har frågat om att få läsa"),
    "manager_opening": gettext_lazy("chefens öppning"),
}
"""What was touched, as the person reads it; what is not here says nothing of her."""


def _paper(kind: DocumentKind | None, version: object) -> str:
    match kind:
        case DocumentKind.PLAN:
            return _("planen, version %(version)s") % {"version": version}
        case DocumentKind.SUMMONS:
            return _("en kallelse")
        case DocumentKind.FOLLOW_UP:
            return _("en uppföljning")
        case DocumentKind.CLOSING:
            return _("hur ärendet avslutades")
    return _("en handling")


def _where(
    unit_id: UUID | None, role: str, units: Mapping[UUID, Unit], *, hides_places: bool
) -> tuple[str, str]:
    """The unit, and its authority when that is called something else. A representative works at none."""
    if role in MandateKind.values:
        return _("Den som gör saker åt dig"), ""
    unit = units.get(unit_id) if unit_id else None
    if unit is None:
        return _("En myndighet"), ""
    authority = unit.authority.name
    if hides_places:
        return authority, ""
    return unit.name, "" if authority == unit.name else authority


def _role(role: str) -> str:
    if role in MandateKind.values:
        return str(MandateKind(role).label)
    return str(Role(role).label) if role in Role.values else ""


def _done(tags: Iterable[str]) -> str:
    """What was done, each thing once: "öppnade ditt ärende, läste planen"."""
    return _(", ").join(dict.fromkeys(str(SENTENCES[Tag(tag)]) for tag in tags))


def _when(day: date, on: date) -> str:
    if day == on:
        return _("i dag")
    return _("i går") if day == on - timedelta(days=1) else short_day(day)


def _given(event: Event, consents: Mapping[UUID, Consent]) -> list[Consent]:
    """The yes of hers that opened it, when one did."""
    sought = [UUID(one) for kind, one in event.allowed_by if kind == "consent"]
    return [consents[one] for one in sought if one in consents]


def _right(event: Event, given: Sequence[Consent]) -> str:
    """What gave the right to look, in plain words, with the way to her own yes."""
    if given:
        words = {"unit": swedish(given[0].receiver_unit.name), "day": short_day(given[0].given_at)}
        said = escape(_("ditt samtycke till %(unit)s, %(day)s")) % words
        address = f"{reverse('own_page')}#samtycke-{given[0].pk}"
        link = Markup('<a href="{}">{}</a>').format(address, said)
        return escape(_("Fick läsa genom %(consent)s.")) % {"consent": link}
    kinds = {kind for kind, _one in event.allowed_by}
    if "disclosure" in kinds:
        return _("Fick läsa för att planen har lämnats ut dit.")
    if "mandate" in kinds:
        return _("Företräder dig.")
    return _("Arbetar i ditt ärende.") if "assignment" in kinds else ""
