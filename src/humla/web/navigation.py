"""What stands in the top menu, by who reads the page."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from humla.core.context import Actor, Kind
from humla.organisation.models import CASE_ROLES, Role


@dataclass(frozen=True)
class Way:
    """One entry of the menu."""

    label: str
    url: str
    current: bool


def navigation_for(actor: Actor, path: str) -> list[Way]:
    """The entries that this actor can use, the one she stands in marked."""
    ways = [(label, reverse(name)) for label, name in _ways(actor)]
    inside = max((url for _label, url in ways if path.startswith(url)), key=len, default="")
    return [Way(label, url, url == inside) for label, url in ways]


def _ways(actor: Actor) -> list[tuple[str, str]]:
    if actor.kind is Kind.PERSON:
        return [(_("Min sida"), "own_page"), (_("Vem har läst"), "own_looks")]
    ways = []
    if actor.kind is Kind.PROFESSIONAL:
        if actor.role in CASE_ROLES:
            ways.append((_("Mina ärenden"), "cases"))
        if actor.role == Role.RECEIVER:
            ways.append((_("Har kommit till enheten"), "arrivals"))
    if actor.kind in (Kind.PROFESSIONAL, Kind.FORBUND, Kind.ADMIN):
        ways += [(_("Överenskommelsen"), "agreement"), (_("Organisationen"), "organisation")]
    return ways
