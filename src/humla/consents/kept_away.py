"""Those whom the person does not want at her meetings: a unit, or somebody by name. She need not say why.

Here: the list, who may write on it, and whether somebody about to be summoned stands there. Not here: the
summons (`humla.meetings`), which asks, nor her own free words before a meeting.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.rules import may_change
from humla.cases.visibility import my_right_in
from humla.consents.models import KeptAway
from humla.core.context import Actor, Kind, now
from humla.core.rulings import YES, NotAllowed, Ruling, no
from humla.core.versions import Stale
from humla.organisation.models import Unit


def kept_away_from(case: Case) -> list[KeptAway]:
    """Who must not come to the meetings of this case, as it stands now."""
    return kept_away_by_case([case.pk]).get(case.pk, [])


def kept_away_by_case(cases: Collection[UUID]) -> dict[UUID, list[KeptAway]]:
    """The same for several cases, in one question."""
    found: dict[UUID, list[KeptAway]] = {}
    rows = KeptAway.objects.filter(case__in=cases, ended_at__isnull=True).select_related("unit__authority")
    for one in rows.order_by("said_at", "id"):
        found.setdefault(one.case_id, []).append(one)
    return found


def one_kept_away(row_id: UUID) -> KeptAway | None:
    """One line of the list, with its case."""
    return KeptAway.objects.select_related("case", "unit").filter(pk=row_id).first()


def may_come(kept: Iterable[KeptAway], *, unit_id: UUID | None = None, name: str = "") -> Ruling:
    """May this unit, or somebody of this name, be called? Names are compared as they are read."""
    for one in kept:
        is_unit = unit_id is not None and one.unit_id == unit_id
        if is_unit or (name and one.name and _plain(one.name) == _plain(name)):
            who = one.unit.name if one.unit else one.name
            return no(
                _("Personen vill inte att %(who)s är med. Prata med personen först, om det är viktigt.")
                % {"who": who}
            )
    return YES


def may_write(actor: Actor, case: Case) -> Ruling:
    """Who may write on the list? The person, and those who hold the case."""
    return YES if actor.kind is Kind.PERSON else may_change(actor, case)


@transaction.atomic
def keep_away(case: Case, *, unit: Unit | None = None, name: str = "", by: Actor) -> KeptAway:
    """Write somebody on the list."""
    may_write(by, case).enforce()
    if (unit is None) == (not name.strip()):
        raise NotAllowed(_("Välj en enhet eller skriv ett namn."))
    one = KeptAway(
        association_id=case.association_id,
        authority_id=case.authority_id,
        person_id=case.person_id,
        case=case,
        unit=unit,
        name=None if unit else name.strip(),
        said_at=now(),
        recorded_by_id=by.id,
    )
    try:
        with transaction.atomic():
            one.save(force_insert=True)
    except IntegrityError as taken:
        if "kept_away_once" not in str(taken):
            raise
        raise NotAllowed(_("Enheten står redan på listan.")) from None
    _note(Tag.KEPT_AWAY, one, by)
    return one


@transaction.atomic
def let_come(one: KeptAway, *, by: Actor) -> KeptAway:
    """Strike somebody from the list: the person has changed her mind."""
    may_write(by, one.case).enforce()
    hit = KeptAway.objects.filter(pk=one.pk, ended_at__isnull=True).update(ended_at=now(), ended_by_id=by.id)
    if not hit:
        raise Stale(one)
    one.ended_at, one.ended_by_id = now(), by.id
    _note(Tag.KEPT_AWAY_ENDED, one, by)
    return one


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _note(tag: Tag, one: KeptAway, by: Actor) -> None:
    items = [("kept_away", one.pk, 0)]
    record(tag, case=one.case_id, person=one.person_id, items=items, allowed_by=my_right_in(one.case, by))
