"""One at a time in a case, for what is to be done once in it.

Lives here: the lock that the verbs of a case share. Not here: the verbs (`actions` here and above), nor the
lock on a consent, which is always taken after this one (`humla.disclosures.actions`), so that two who wait
never wait for each other.
"""

from django.utils.translation import gettext as _

from humla.cases.models import Case
from humla.core.rulings import NotAllowed


def take_turn(case: Case) -> None:
    """Wait for those who are before us in this case, and keep others waiting until the transaction ends.

    Only the holder's update policy lets the row be locked.
    """
    if Case.objects.select_for_update(no_key=True).filter(pk=case.pk).first() is None:
        raise NotAllowed(_("Det finns inte längre för dig."))
