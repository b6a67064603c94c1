"""What is asked of a plan and is not there yet, each with the way to where it is written.

Not here: the four parts of the law, the next time, and their sentences (`humla.plans.rules`).
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from humla.cases.models import Case
from humla.plans.models import Doer, Plan
from humla.plans.rules import MissingPart, StatutoryPart, has_next
from humla.web.plans.opening import plan_url


@dataclass(frozen=True)
class ToDo:
    """One missing thing with the way to where it is filled in."""

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
    return ToDo(missing.sentence, plan_url(case, "?ny=1#id_rad_who"), _("Lägg till en rad"))


def next_time(case: Case, plan: Plan) -> ToDo | None:
    """The next time that nobody has decided, and its way there. Asked by the process, not by the law."""
    ruling = has_next(plan)
    if ruling:
        return None
    where = reverse("settle_plan", kwargs={"case_id": case.pk}) + "#id_follow_up_on"
    return ToDo(ruling.reason, where, _("Välj dag"))
