"""Who answers, on the forms where an answer is written down: the person, her guardians, a representative.

Here: two fields that are asked only when there is somebody to choose among, or when the person is a child.
Not here: whose yes is needed (`humla.representatives.rules`) nor the forms (`humla.web.consent_forms`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Any

from django import forms
from django.utils.translation import gettext

from humla.cases.models import Case
from humla.core.context import today
from humla.core.fields import ChoiceField, ProseField
from humla.core.rulings import YES
from humla.representatives.models import GivenBy, Mandate, MandateKind
from humla.representatives.policy import ADULT, age_of, policy_of
from humla.representatives.rules import BY_HERSELF, Answered, may_answer_in, may_hold_until
from humla.representatives.visibility import answering, mandates_of

HERSELF = "person"


@dataclass(frozen=True)
class Speakers:
    """Who can answer about consent in a case now."""

    mandates: Sequence[Mandate]
    is_child: bool

    @property
    def is_asked(self) -> bool:
        """Is there anything to choose? For nearly everybody there is not, and nothing is asked."""
        return self.is_child or bool(self.mandates)

    def choices(self) -> list[tuple[str, str]]:
        """The person, each who may answer for her, and each pair of guardians together."""
        guardians = [one for one in self.mandates if one.kind == MandateKind.GUARDIAN]
        both = gettext("%(one)s och %(other)s, vårdnadshavare")
        return [
            (HERSELF, gettext("Personen själv")),
            *((str(one.pk), f"{one.name}, {one.get_kind_display()}") for one in self.mandates),
            *(
                (f"{one.pk} {other.pk}", both % {"one": one.name, "other": other.name})
                for one, other in combinations(guardians, 2)
            ),
        ]

    def answered(self, chosen: str, childs_view: str) -> Answered:
        """What the form says, as the action takes it."""
        known = {str(one.pk): one for one in self.mandates}
        named = [known[one] for one in chosen.split() if one in known]
        if not named:
            return BY_HERSELF
        if len(named) > 1:
            return Answered(GivenBy.GUARDIANS, named[0], named[1], childs_view)
        guardian = named[0].kind == MandateKind.GUARDIAN
        how = GivenBy.GUARDIAN if guardian else GivenBy.REPRESENTATIVE
        return Answered(how, named[0], None, childs_view)


def speakers_of(case: Case) -> Speakers:
    """Who can answer in this case; one question, and one more when the person is a child."""
    needed = None
    age = age_of(case.person, today())
    if age is not None and age < ADULT:
        needed = policy_of(case.authority_id).needed_at(age)
    return Speakers(answering(mandates_of(case.person)), needed is not None)


def ask_who(form: forms.Form, speakers: Speakers) -> None:
    """Adds the fields, when there is something to choose."""
    if not speakers.is_asked:
        return
    form.fields["answered_by"] = ChoiceField(
        label=gettext("Vem svarade?"),
        choices=speakers.choices(),
        widget=forms.RadioSelect,
        missing=gettext("Välj vem som svarade."),
    )
    if speakers.is_child:
        form.fields["childs_view"] = ProseField(
            500,
            rows=3,
            label=gettext("Vad säger barnet självt?"),
            help_text=gettext(
                "Med barnets ord. Vårdnadshavare som loggar in ser det inte. Behövs när någon annan svarar."
            ),
            required=False,
        )


def who_answered(said: dict[str, Any], speakers: Speakers) -> Answered:
    """Takes the two fields out of what a form said."""
    return speakers.answered(said.pop("answered_by", HERSELF), said.pop("childs_view", ""))


def is_refused(
    form: forms.Form, case: Case, answered: Answered, *, to_plan: bool = False, ends_on: date | None = None
) -> bool:
    """Says at the field whose yes is missing by the authority's own order, or that it lasts too long."""
    ruling = may_answer_in(case, answered, to_plan=to_plan)
    if ruling:
        lasting = may_hold_until(case.person, answered, ends_on) if ends_on else YES
        if not lasting:
            form.add_error("ends_on", lasting.reason)
        return not lasting
    only_unheard = may_answer_in(case, replace(answered, childs_view="…"), to_plan=to_plan)
    form.add_error("childs_view" if only_unheard else "answered_by", ruling.reason)
    return True
