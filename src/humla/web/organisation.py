"""Who the parties are: their authorities, units and who acts for them; no person in need of help in it.

Here: the organisation as one list. Not here: what the parties have agreed (`humla.web.agreement`), nor how an
organisation is loaded (`humla.ops.loading`).
"""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from humla.organisation.models import Authority, Party, Role, Unit, UnitAssignment
from humla.organisation.visibility import parties
from humla.web.door import DoorRequest, office_page
from humla.web.page import render


@dataclass(frozen=True)
class UnitRow:
    """One line of the organisation: a unit with the people who act for it now."""

    party: Party
    authority: Authority
    unit: Unit | None
    people: list["PersonRow"]


@dataclass(frozen=True)
class PersonRow:
    """One who acts for a unit: her profession and in which roles."""

    name: str
    profession: str
    roles: str
    phone: str


@office_page()
def organisation(request: DoorRequest) -> HttpResponse:
    """Parties, authorities, units and who acts for them: one list that filters by typing."""
    rows = _unit_rows()
    figures = {
        _("parter"): len({row.party.pk for row in rows}),
        _("myndigheter"): len({row.authority.pk for row in rows}),
        _("enheter"): len([row for row in rows if row.unit]),
        _("medarbetare"): len({person for row in rows for person in row.people}),
    }
    return render(request, "organisation/organisation.html", {"rows": rows, "figures": figures})


def _unit_rows() -> list[UnitRow]:
    rows = []
    for party in parties():
        for authority in party.authorities.all():
            units = list(authority.units.all())
            rows += [UnitRow(party, authority, unit, _people(list(unit.assignments.all()))) for unit in units]
            if not units:
                rows.append(UnitRow(party, authority, None, []))
    return rows


def _people(assignments: list[UnitAssignment]) -> list[PersonRow]:
    """Everybody once, with all her roles at the unit."""
    together: dict[UUID, list[UnitAssignment]] = {}
    for one in assignments:
        together.setdefault(one.professional_id, []).append(one)
    return [
        PersonRow(
            name=given[0].professional.name,
            profession=given[0].professional.profession.name if given[0].professional.profession else "",
            roles=", ".join(str(Role(one.role).label) for one in given),
            phone=given[0].professional.phone,
        )
        for given in together.values()
    ]
