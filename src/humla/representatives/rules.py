"""What may be done about those who act for the person, and whose yes counts.

Here: the rulings. Not here: what a consent may hold (`humla.consents.rules`) and what a mandate opens (the
row policies). An answer is a human's to judge; the rule stops only what the authority itself says no to.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from humla.cases.models import RELEASABLE, Case
from humla.cases.rules import may_change
from humla.cases.visibility import is_held
from humla.core.context import Actor, Kind, now, today
from humla.core.dates import end_of, start_of, written_date
from humla.core.numbers import Number
from humla.core.rulings import YES, Ruling, all_of, no
from humla.organisation.models import CASE_ROLES
from humla.people.models import Person
from humla.representatives.models import (
    Disagreement,
    GivenBy,
    Mandate,
    MandateKind,
    MandateState,
    Needed,
    Withheld,
)
from humla.representatives.policy import ADULT, Policy, age_of, of_age_on, policy_of
from humla.representatives.visibility import answering, mandates_of, state_of

LONGEST_YEARS = 5
"""A mandate is looked at again: the register may say otherwise by then, and few remember that it stands."""


@dataclass(frozen=True)
class Answered:
    """Who answered for the person, by which mandates, and what a child said herself."""

    given_by: str = GivenBy.PERSON
    mandate: Mandate | None = None
    second_mandate: Mandate | None = None
    childs_view: str = ""


BY_HERSELF = Answered()


def may_see_mandates(actor: Actor, case: Case) -> Ruling:
    """Those who hold the case know who acts for her; a receiver does not."""
    return YES if is_held(case, actor) else no(_("Det finns inget att visa."))


def may_attest(actor: Actor, case: Case) -> Ruling:
    """May she say, for her authority, that somebody acts for the person?"""
    return all_of(may_see_mandates(actor, case), may_change(actor, case))


def may_reach(kind: str, *, categories: Collection[str], may_consent: bool) -> Ruling:
    """May a mandate of this kind reach so far?"""
    if not set(categories) <= set(RELEASABLE):
        return no(_("Egna anteckningar och skyddade uppgifter öppnas inte för ombud."))
    if may_consent and kind in (MandateKind.RELATIVE, MandateKind.PERSONAL):
        return no(
            _("En närstående eller ett personligt ombud samtycker inte för personen. Ta bort det krysset.")
        )
    return YES


def may_begin(starts_on: date) -> Ruling:
    """It opens something here from when somebody has seen what it rests on, or later."""
    return YES if starts_on >= today() else no(_("Uppdraget gäller här från i dag eller senare."))


def may_last(kind: str, *, starts_on: date, ends_on: date | None) -> Ruling:
    """May it last until then? A guardian's ends by itself when the child turns 18, so it needs no day."""
    return YES if kind == MandateKind.GUARDIAN else _ends_within_reach(starts_on, ends_on)


def may_be_guardian(person: Person) -> Ruling:
    """A guardian is of a child, and it must be known when she is one no longer."""
    until = of_age_on(person)
    if until is None:
        return no(_("Skriv personens födelseår först: en vårdnadshavare är det tills barnet fyller 18."))
    return YES if until > today() else no(_("Personen har fyllt 18 år och har ingen vårdnadshavare."))


def may_be_represented_by(person: Person, number: Number | None) -> Ruling:
    """Nobody is her own representative."""
    if number is not None and number.digits12 == person.number:
        return no(_("Det är personens eget nummer. Skriv ombudets."))
    return YES


def may_end(actor: Actor, mandate: Mandate) -> Ruling:
    """May she end it, for her authority?"""
    return all_of(_is_ours(actor, mandate), _stands(mandate))


def may_rest(actor: Actor, mandate: Mandate) -> Ruling:
    """The person says that she does not want it: herself, or to somebody who writes it down."""
    ours = YES if actor.kind is Kind.PERSON else _is_ours(actor, mandate)
    resting = no(_("Det vilar redan.")) if mandate.rested_at else YES
    return all_of(ours, _stands(mandate), resting)


def may_let_stand(actor: Actor, mandate: Mandate) -> Ruling:
    """A human decides that it stands in spite of her no; whom she chose herself, she ends herself."""
    resting = YES if mandate.rested_at else no(_("Det vilar inte."))
    chosen = (MandateKind.RELATIVE, MandateKind.POWER, MandateKind.PERSONAL)
    hers = (
        no(_("Personen har valt det här ombudet själv och vill inte längre. Avsluta uppdraget."))
        if mandate.kind in chosen
        else YES
    )
    return all_of(_is_ours(actor, mandate), _stands(mandate), resting, hers)


def may_withhold(actor: Actor, case: Case, mandate: Mandate) -> Ruling:
    """May something in the case be kept from this mandate?"""
    return all_of(may_see_mandates(actor, case), _stands(mandate), _works_there(actor))


def may_undo_withholding(actor: Actor, case: Case, withheld: Withheld) -> Ruling:
    """May it be given back?"""
    undone = no(_("Det är redan ångrat.")) if withheld.undone_at else YES
    return all_of(may_see_mandates(actor, case), _works_there(actor), undone)


def may_write_policy(actor: Actor) -> Ruling:
    """The administrator writes what each authority has decided."""
    if actor.kind is Kind.ADMIN:
        return YES
    return no(_("Bara administratören ändrar vem som svarar för ett barn."))


# --- whose yes ----------------------------------------------------------------------------------------------


def may_answer(
    person: Person, answered: Answered, *, mandates: Sequence[Mandate], policy: Policy, to_plan: bool = False
) -> Ruling:
    """Does this yes come from those whom the authority asks? `mandates` are all of the person's.

    A no needs nobody's mandate: whoever says it, it is written down.
    """
    age = age_of(person, today())
    needed = policy.needed_at(age)
    if needed is not None and to_plan and age is not None and age >= policy.starts_from:
        needed = Needed.CHILD
    reach = _by_mandates_that_reach(answered, mandates)
    if needed is None:
        return all_of(reach, _for_an_adult(answered))
    return all_of(reach, _for_a_child(answered, needed, mandates, policy), _child_is_heard(answered))


def may_answer_in(case: Case, answered: Answered, *, to_plan: bool = False) -> Ruling:
    """The same in a case. An adult who answers herself, as nearly everybody does, asks nothing of anybody."""
    age = age_of(case.person, today())
    if answered == BY_HERSELF and (age is None or age >= ADULT):
        return YES
    return may_answer(
        case.person,
        answered,
        mandates=mandates_of(case.person),
        policy=policy_of(case.authority_id),
        to_plan=to_plan,
    )


def may_hold_until(person: Person, answered: Answered, ends_on: date) -> Ruling:
    """A guardian's yes ends when the child turns 18: from that day she answers for herself."""
    of_age = of_age_on(person)
    by_guardian = answered.given_by in (GivenBy.GUARDIAN, GivenBy.GUARDIANS)
    if not by_guardian or of_age is None or ends_on < of_age:
        return YES
    return no(
        _("Barnet fyller 18 den %(day)s och svarar själv från den dagen. Välj en dag före.")
        % {"day": written_date(of_age)}
    )


def may_answer_by_mandate(person: Person, kind: str) -> Ruling:
    """May whoever acts for her answer alone, signed in? The row policies ask if the mandate reaches so far.

    Guardians answer together with the child, to somebody who writes down what each of them says.
    """
    age = age_of(person, today())
    if kind == MandateKind.GUARDIAN or (age is not None and age < ADULT):
        return no(_("Barnet och vårdnadshavarna svarar tillsammans. Ring den som frågar."))
    return YES


def _by_mandates_that_reach(answered: Answered, mandates: Sequence[Mandate]) -> Ruling:
    acting = [one for one in (answered.mandate, answered.second_mandate) if one is not None]
    wanted = {GivenBy.PERSON: 0, GivenBy.GUARDIANS: 2}.get(GivenBy(answered.given_by), 1)
    if len(acting) != wanted or len({one.pk for one in acting}) != wanted:
        return no(_("Välj vem som svarade för personen."))
    open_to = {one.pk for one in answering(mandates)}
    if any(one.pk not in open_to for one in acting):
        return no(_("Uppdraget gäller inte nu, eller räcker inte till att samtycka."))
    guardians = answered.given_by in (GivenBy.GUARDIAN, GivenBy.GUARDIANS)
    if any((one.kind == MandateKind.GUARDIAN) != guardians for one in acting):
        return no(_("Det valda ombudet är inte det som står i svaret. Välj vem som svarade."))
    return YES


def _for_an_adult(answered: Answered) -> Ruling:
    if answered.given_by in (GivenBy.GUARDIAN, GivenBy.GUARDIANS):
        return no(_("Personen är vuxen. En vårdnadshavare kan inte svara för någon som har fyllt 18."))
    return YES


def _for_a_child(answered: Answered, needed: Needed, mandates: Sequence[Mandate], policy: Policy) -> Ruling:
    """A god man in a guardian's place answers as the only one there is."""
    if needed is Needed.CHILD:
        if answered.given_by == GivenBy.PERSON:
            return YES
        return no(_("I den här åldern svarar barnet själv."))
    guardians = [one for one in answering(mandates) if one.kind == MandateKind.GUARDIAN]
    if answered.given_by == GivenBy.PERSON:
        childs_own = policy.if_disagree == Disagreement.CHILD_DECIDES and needed is not Needed.ALL
        if childs_own and len(guardians) > 1:
            return YES  # They answer differently, and the authority lets the child's own answer count.
        return no(_("I den här åldern behövs också vårdnadshavarnas ja."))
    if answered.given_by == GivenBy.GUARDIAN and len(guardians) > 1 and needed is not Needed.CHILD_AND_ONE:
        if policy.if_disagree == Disagreement.ONE_IS_ENOUGH:
            return YES
        return no(_("Båda vårdnadshavarna behöver säga ja. Säger de olika är det ett nej."))
    return YES


def _child_is_heard(answered: Answered) -> Ruling:
    if answered.given_by == GivenBy.PERSON or answered.childs_view.strip():
        return YES
    return no(_("Skriv vad barnet självt säger. Det står bredvid svaret, också när det är ett annat."))


# --- below --------------------------------------------------------------------------------------------------


def ends_at_of(kind: str, person: Person, ends_on: date | None) -> datetime:
    """The instant when a mandate "till och med" this day ends; a guardian's as the child turns 18."""
    if kind == MandateKind.GUARDIAN:
        of_age = of_age_on(person)
        assert of_age is not None
        return start_of(of_age)
    assert ends_on is not None
    return end_of(ends_on)


def _ends_within_reach(starts_on: date, ends_on: date | None) -> Ruling:
    if ends_on is None:
        return no(_("Skriv vilken dag uppdraget gäller till och med."))
    if ends_on < starts_on:
        return no(_("Uppdragets sista dag kommer före den första. Välj en senare dag."))
    if ends_on.year - today().year > LONGEST_YEARS:
        return no(
            _("Välj en dag inom %(years)s år. Sedan ser någon på uppdraget igen.") % {"years": LONGEST_YEARS}
        )
    return YES


def _is_ours(actor: Actor, mandate: Mandate) -> Ruling:
    if actor.kind is Kind.PROFESSIONAL and actor.authority_id == mandate.authority_id:
        return _works_there(actor)
    return no(_("Bara den myndighet som har prövat uppdraget kan ändra det."))


def _works_there(actor: Actor) -> Ruling:
    if actor.kind is Kind.PROFESSIONAL and actor.role in CASE_ROLES:
        return YES
    return no(_("Bara den som arbetar i ärendet gör det här."))


def _stands(mandate: Mandate) -> Ruling:
    if state_of(mandate, now()) is MandateState.ENDED:
        return no(_("Uppdraget har redan slutat."))
    return YES
