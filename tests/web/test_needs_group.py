"""The förbund's own groups are asked about where there are any, and counted with how the case began."""

import psycopg
from django.db import transaction

from humla.agreements.models import NeedsGroup
from humla.cases.models import Initiation
from humla.core.context import acting
from tests.conftest import _owner

NEW = {
    "has_no_number": "on",
    "given_name": "Eva",
    "family_name": "Ek",
    "reason": "Många kontakter.",
    "initiator": "relative",
    "language": "sv",
}


def test_a_needs_group_is_asked_about_only_where_there_are_any(cast, sign_in, committed_db):
    door = sign_in(cast.siv)
    with transaction.atomic(), acting(cast.siv):
        group = NeedsGroup.objects.get()
    some = door.get("/arenden/nytt/").content.decode()
    door.send("/arenden/nytt/", {**NEW, "needs_group": str(group.pk)})
    with transaction.atomic(), acting(cast.siv):
        kept = Initiation.objects.get().needs_group_id
    with psycopg.connect(_owner(committed_db), autocommit=True) as owner:
        owner.execute("UPDATE cases_initiation SET needs_group_id = NULL")
        owner.execute("DELETE FROM agreements_needsgroup")
    none = door.get("/arenden/nytt/").content.decode()

    assert kept == group.pk
    assert (group.name in some, "Behovsgrupp" in none) == (True, False)
