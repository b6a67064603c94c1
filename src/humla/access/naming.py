"""A case's reference as people write it, read as it is kept.

Here: the reading, which says nothing of whether there is such a case. Not here: how a case is named on a page
(`humla.cases.naming`).
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_REFERENCE = re.compile(r"([A-Z0-9]{3})[ \N{NO-BREAK SPACE}-]?([A-Z0-9]{3})")


def read_reference(written: str) -> str:
    """However it was written: "hx7 4k2" is HX7-4K2."""
    found = _REFERENCE.fullmatch(written.strip().upper())
    if found is None:
        raise ValidationError(_("Skriv ärendekoden så här: HX7-4K2."))
    return f"{found[1]}-{found[2]}"
