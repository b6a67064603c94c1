"""How a case is written where its person may not be: by its reference alone.

Here: words only. A page title, a printed file and a note travel outside the door, so they never name
anybody. Not here: the person's name and number (`humla.people.naming`).
"""

from django.utils.translation import gettext as _

from humla.cases.models import Case


def case_title(case: Case) -> str:
    """Ärende HX7-4K2."""
    return _("Ärende %(reference)s") % {"reference": case.reference}


def holder(case: Case) -> str:
    """The unit and the authority that hold the case."""
    if case.unit.name == case.authority.name:
        return case.unit.name
    return f"{case.unit.name}, {case.authority.name}"
