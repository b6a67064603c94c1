"""The forms of consent: the answer to a plan, a yes to one receiver, less than before.

Here: what is asked and how it is read. Not here: the pages (`humla.web.consents`) and what may be said at
all (`humla.consents.rules`), which is asked again when it is written.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.cases.models import CHOSEN, Case
from humla.consents import rules
from humla.consents.models import Consent, Manner
from humla.core.fields import ChoiceField, LineField, MultipleChoiceField, ProseField, SwedishDateField, offer
from humla.organisation.models import Unit
from humla.people.models import Language
from humla.web.unit_choice import FormWithUnits, UnitField, near, offer_units

ORAL_NEEDS_EARS = _("Skriv vem som hörde det muntliga svaret.")


def day_field(label: Any) -> SwedishDateField:
    """A day, as every form about consent asks for one."""
    # With the browser's own calendar, as everywhere else a day is asked for.
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return SwedishDateField(label=label, widget=widget)


def boxes() -> list[tuple[str, str]]:
    """The kinds of information that a person chooses among."""
    # Asked for by each form: what is put together when the program starts is in one language for ever.
    return [(category.value, str(category.label)) for category in CHOSEN]


def manners() -> list[tuple[str, str]]:
    """How an answer can be given."""
    return [(manner.value, str(manner.label).capitalize()) for manner in Manner]


class HeardByField(LineField):
    """Asked of everybody, and needed only when the answer was oral: the form that has both says so."""

    def validate(self, value: Any) -> None:
        """Empty is fine here."""


class LeftField(MultipleChoiceField):
    """What is left of a consent, which may be nothing of what can be chosen."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class SaidForm(forms.Form):
    """How the person gave an answer. The law asks for no form; an oral one says who heard it."""

    manner = ChoiceField(
        label=_("Hur gavs svaret?"),
        choices=manners,
        widget=forms.RadioSelect,
    )
    heard_by = HeardByField(120, label=_("Vem hörde det?"), help_text=_("Behövs när svaret gavs muntligt."))
    language = ChoiceField(label=_("På vilket språk?"), choices=Language.choices)
    with_interpreter = forms.BooleanField(label=_("Med tolk"), required=False)
    said_on = day_field(_("Gavs den"))

    def __init__(self, *args: Any, offered: Sequence[str] | None = None, **options: Any) -> None:
        """`offered`: the languages with reviewed words; every one when it is not said."""
        super().__init__(*args, **options)
        if offered is not None:
            offer(self, "language", [one for one in Language.choices if one[0] in offered])

    def clean_said_on(self) -> Any:
        ruling = rules.was_said(self.cleaned_data["said_on"])
        if not ruling:
            raise forms.ValidationError(ruling.reason)
        return self.cleaned_data["said_on"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        only_if_oral(self, said)
        return said


class PlanAnswerForm(SaidForm):
    """Yes or no to a plan being made."""

    agrees = ChoiceField(
        label=_("Får ni göra en plan tillsammans?"),
        choices=[
            ("ja", _("Ja, gör en plan tillsammans med mig")),
            ("nej", _("Nej, jag vill inte ha någon plan")),
        ],
        widget=forms.RadioSelect,
        missing=_("Välj ja eller nej."),
    )
    instead = ProseField(
        500,
        rows=3,
        label=_("Om svaret är nej: vad händer i stället?"),
        help_text=_(
            "Stödet finns kvar. Skriv vem som hör av sig och när ni frågar igen, om personen vill det."
        ),
        required=False,
    )
    field_order = ("agrees", "instead", "said_on", "manner", "heard_by", "language", "with_interpreter")

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("agrees") == "nej" and not said.get("instead") and "instead" not in self.errors:
            self.add_error("instead", gettext("Skriv vad som händer i stället för en plan."))
        return said


class FirstAnswerForm(PlanAnswerForm):
    """The answer to a plan and, when it is yes, what each of those who will be asked may know: one saving.

    A box for every kind and unit, none of them ticked: a yes is what she said, never what was suggested.
    """

    ends_on = day_field(_("Gäller till och med"))
    knowing = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, units: Sequence[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        self._units = {_name_of(unit): unit for unit in units}
        for name, unit in self._units.items():
            self.fields[name] = MultipleChoiceField(label=unit.name, choices=boxes, required=False)
        self.fields["ends_on"].required = False

    @property
    def receivers(self) -> list[tuple[Unit, Any]]:
        """Each unit and its boxes, as the page draws them."""
        return [(unit, self[name]) for name, unit in self._units.items()]

    def clean_ends_on(self) -> Any:
        ends_on = self.cleaned_data["ends_on"]
        return within_reach(ends_on) if ends_on else ends_on

    def clean_knowing(self) -> list[UUID]:
        return _ids(self.cleaned_data["knowing"])

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        ticked = [(name, unit) for name, unit in self._units.items() if said.get(name)]
        if ticked and said.get("agrees") == "nej":
            words = gettext("Svaret är nej till en plan. Ta bort kryssen, eller välj ja.")
            self.add_error(ticked[0][0], words)
        if ticked and not said.get("ends_on") and "ends_on" not in self.errors:
            self.add_error("ends_on", gettext("Skriv till vilken dag det gäller."))
        said["given"] = {unit: said.pop(name) for name, unit in ticked if name in said}
        return {name: value for name, value in said.items() if name not in self._units}


class ConsentForm(FormWithUnits, SaidForm):
    """One receiver, some kinds of information, until a day. There is no box for everybody or for ever."""

    unit = UnitField(
        among="andra",
        label=_("Vem får veta?"),
        help_text=_("En enhet i taget. Fråga personen om var och en."),
        missing=_("Välj den enhet som får veta."),
    )
    categories = MultipleChoiceField(
        label=_("Vad får enheten veta?"),
        help_text=_("Gå igenom rutorna med personen och kryssa i det som personen säger ja till."),
        choices=boxes,
        missing=_("Kryssa i minst en ruta."),
    )
    ends_on = day_field(_("Gäller till och med"))
    exceptions = ProseField(
        500,
        rows=2,
        label=_("Finns det något som inte får lämnas ut?"),
        help_text=_("Med personens ord. Den som lämnar ut ser det här, mottagaren ser det inte."),
        required=False,
    )
    knowing = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ("unit", "categories", "ends_on", "exceptions", "said_on")

    def __init__(self, *args: Any, case: Case, units: Sequence[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        offer_units(self, "unit", units, near=near(case.unit))
        self.fields["ends_on"].help_text = gettext(
            "Högst %(months)s månader. Sedan frågar ni personen igen."
        ) % {"months": rules.LONGEST_MONTHS}

    def clean_ends_on(self) -> Any:
        return within_reach(self.cleaned_data["ends_on"])

    def clean_knowing(self) -> list[UUID]:
        return _ids(self.cleaned_data["knowing"])


class NarrowForm(SaidForm):
    """Less than before: what is left, and until when."""

    categories = LeftField(
        label=_("Det här får enheten fortfarande veta"),
        help_text=_("Ta bort krysset för det som enheten inte längre får veta."),
    )
    ends_on = day_field(_("Gäller till och med"))
    field_order = ("categories", "ends_on", "said_on")

    def __init__(self, *args: Any, before: Consent, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "categories", [box for box in boxes() if box[0] in before.categories])

    def said(self) -> dict[str, Any]:
        """What the action takes; language and interpreter stay as they were."""
        names = ("categories", "ends_on", "said_on", "manner", "heard_by")
        return {name: self.cleaned_data[name] for name in names}


def only_if_oral(form: forms.Form, said: dict[str, Any]) -> None:
    """An oral answer says who heard it; the others need not."""
    if said.get("manner") == Manner.ORAL and not said.get("heard_by") and "heard_by" not in form.errors:
        form.add_error("heard_by", str(ORAL_NEEDS_EARS))


def within_reach(ends_on: Any) -> Any:
    """The last day of a consent, or what is wrong with it, at its field."""
    ruling = rules.ends_within_reach(ends_on)
    if not ruling:
        raise forms.ValidationError(ruling.reason)
    return ends_on


def _name_of(unit: Unit) -> str:
    return f"kinds_{unit.pk.hex}"


def _ids(written: str) -> list[UUID]:
    """What the hidden field holds; anything else means that nothing was known."""
    try:
        return [UUID(one) for one in written.split()]
    except ValueError:
        return []
