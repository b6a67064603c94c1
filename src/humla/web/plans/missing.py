"""What the law asks of a plan and is not there yet, each with the way to where it is written.

Not here: the four parts and their sentences (`humla.plans.rules`).
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from humla.cases.models import Case
from humla.plans.models import Doer
from humla.plans.rules import MissingPart, StatutoryPart
from humla.web.plans.opening import plan_url


@dataclass(frozen=True)
class ToDo:
    """One missing statutory part with the way to where it is filled in."""

    sentence: str
    url: str
    label: str


def todo(case: Case, missing: MissingPart) -> ToDo:
    """The part, and its way there: most are a row of who does what."""
    here = {"case_id": case.pk}
    if missing.part == StatutoryPart.ACCOUNTABLE:
        return ToDo(missing.sentence, reverse("settle_plan", kwargs=here), _("Välj huvudman"))
    if missing.part == StatutoryPart.OTHERS:
        row = f"{reverse('add_commitment', kwargs=here)}?vem={Doer.PERSON.value}"
        return ToDo(missing.sentence, row, _("Skriv vad andra gör"))
    return ToDo(missing.sentence, plan_url(case, "#ny-rad"), _("Lägg till en rad"))
