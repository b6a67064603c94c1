"""What stands in the top menu, by who reads the page.

Here: the entries, and how much waits behind one of them. Not here: how the menu is drawn
(`components/navigation.html`) nor what has come (`humla.disclosures.intake`).
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from humla.core.context import Actor, Kind, is_standing
from humla.disclosures.intake import how_many_wait
from humla.organisation.models import CASE_ROLES, Role
from humla.web.jinja import url


@dataclass(frozen=True)
class Way:
    """One entry of the menu."""

    label: str
    url: str
    current: bool
    count: int = 0


def navigation_for(actor: Actor, path: str) -> list[Way]:
    """The entries that this actor can use, the one she stands in marked."""
    ways = [(label, url(name)) for label, name in _ways(actor)]
    inside = max((address for _label, address in ways if path.startswith(address)), key=len, default="")
    waiting = _waiting(actor) if path == inside else {}
    return [Way(label, one, one == inside, waiting.get(one, 0)) for label, one in ways]


def _waiting(actor: Actor) -> dict[str, int]:
    """What the unit's way in must see on her lists: that something has come which nobody has taken.

    Not on every page: the question grows with what the unit has received.
    """
    if actor.role != Role.RECEIVER or not is_standing() or transaction.get_rollback():
        return {}  # A page of error may be drawn when the door is closed or the deed undone.
    return {url("arrivals"): how_many_wait(actor)}


def _ways(actor: Actor) -> list[tuple[str, str]]:
    if actor.kind is Kind.PERSON:
        return [(_("Min sida"), "own_page"), (_("Vem har läst"), "own_looks"), (_("Ombud"), "own_mandates")]
    if actor.kind is Kind.REPRESENTATIVE:
        return [(_("För någon annan"), "acting_for"), (_("Byt uppdrag"), "switch_assignment")]
    ways = []
    if actor.kind is Kind.PROFESSIONAL:
        ways.append((_("Idag"), "today"))
        if actor.role in CASE_ROLES:
            ways.append((_("Mina ärenden"), "cases"))
            if actor.role == Role.RECEIVER:  # What has come is taken in first, and read after.
                ways.append((_("Har kommit till enheten"), "arrivals"))
            ways.append((_("Mottagna handlingar"), "received_copies"))
            ways.append((_("Brev"), "letters"))
            ways.append((_("Begäran"), "plan_requests"))
        if actor.role == Role.COORDINATOR:
            ways.append((_("Konsultationer"), "consultations"))
        if actor.role == Role.MANAGER:
            ways += [
                (_("Enhetens ärenden"), "caseload"),
                (_("Frågor om läsning"), "look_questions"),
            ]
        if actor.role == Role.LOG_REVIEWER:
            ways += [(_("Loggranskning"), "review"), (_("Frågor om läsning"), "look_questions")]
    if actor.kind in (Kind.PROFESSIONAL, Kind.FORBUND, Kind.ADMIN):
        ways += [(_("Överenskommelsen"), "agreement"), (_("Organisationen"), "organisation")]
    if actor.kind is Kind.PROFESSIONAL and actor.role in (Role.COORDINATOR, Role.MANAGER):
        ways.append((_("Ledtider"), "lead_times"))
    if actor.kind is Kind.ADMIN:
        ways += [
            (_("Utskick"), "notices"),
            (_("Inloggningar"), "colleagues_sign_ins"),
            (_("Insyn"), "openness"),
            (_("Samtyckestexter"), "consent_texts"),
        ]
    return ways
