"""Words about underlag that fit whoever reads: the one who asks, the one who is asked.

The kinds themselves have their words in `meetings.models.EvidenceKind`, as the unit itself would say them.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from humla.meetings.models import EvidenceKind

KINDS: dict[str, str | Promise] = {
    **{one.value: one.label for one in EvidenceKind},
    EvidenceKind.OWN_PLAN.value: _("enhetens egen plan"),
    EvidenceKind.VIEW.value: _("enhetens syn inför mötet"),
}
"""As both the one who asks and the one who is asked would read it."""
