"""Form fields that forgive how people write and say what to do when they cannot.

Lives here: the fields every form of ours uses, with Swedish error sentences. Not here: the forms (each page
area keeps its own) and how a field looks (the `field` component in web).

The sentences begin with the deed ("Skriv …", "Välj …"), because the person reads them beside the field. A
form that needs a better one gives it: `LineField(120, missing=_("Skriv vad mötet ska handla om."))`.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.core import dates, numbers, text

Sentence = Any  # a str, or a lazy translation of one, which the stubs type loosely too

WRITE_SOMETHING = _("Skriv något här.")
WRITE_A_DATE = _("Skriv ett datum, till exempel 2026-11-24.")
WRITE_A_NUMBER = _("Skriv personnumret med tolv siffror.")
CHOOSE_ONE = _("Välj ett alternativ.")
CHOOSE_SOME = _("Välj minst ett alternativ.")
CHOOSE_FROM_LIST = _("Välj ett av alternativen i listan.")
TICK = _("Kryssa i rutan för att gå vidare.")


class LineField(forms.CharField):
    """One line: a name, a title, a place. Kept as NFKC without invisible characters."""

    def __init__(self, max_length: int, *, missing: Sentence = WRITE_SOMETHING, **options: Any) -> None:
        super().__init__(error_messages=_messages(missing, options), **options)
        self.limit = max_length
        # No maxlength attribute: browsers cut a pasted text silently. The sentence tells, and keeps it all.
        self.widget.attrs.setdefault("dir", "auto")

    def to_python(self, value: Any) -> str:
        written = "" if value in self.empty_values else str(value)
        return text.clean(written, limit=self.limit, multiline=False)

    def clean(self, value: Any) -> str:
        # Past CharField's own NUL validator, whose sentence is English and says nothing to do.
        cleaned = self.to_python(value)
        self.validate(cleaned)
        return cleaned


class ProseField(LineField):
    """A person's own words over several lines, kept as they were written."""

    widget = forms.Textarea

    def __init__(
        self, max_length: int, rows: int = 5, *, missing: Sentence = WRITE_SOMETHING, **options: Any
    ) -> None:
        super().__init__(max_length, missing=missing, **options)
        self.widget.attrs["rows"] = rows

    def to_python(self, value: Any) -> str:
        written = "" if value in self.empty_values else str(value)
        return text.clean(written, limit=self.limit, multiline=True)


class SwedishDateField(forms.Field):
    """A date as people write one: 2026-11-24, 24/11 2026, 24 nov 2026, 24.11.2026, 20261124.

    The browser's own calendar writes the first of them; without one it is a field to write in.
    """

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, *, missing: Sentence = WRITE_A_DATE, **options: Any) -> None:
        super().__init__(error_messages=_messages(missing, options), **options)
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        written = text.clean(str(value), limit=60, multiline=False)
        return read_date(written) if written else None

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value


class PersonNumberField(forms.Field):
    """A personnummer or samordningsnummer, as a `numbers.Number`; None when left empty."""

    widget = forms.TextInput

    def __init__(self, *, missing: Sentence = WRITE_A_NUMBER, **options: Any) -> None:
        super().__init__(error_messages=_messages(missing, options), **options)
        # The browser must not remember person numbers on a shared computer. Text, not number: iOS shows
        # the digits all the same, and a number field drops leading zeros and the hyphen.
        self.widget.attrs.update({"autocomplete": "off", "spellcheck": "false", "inputmode": "numeric"})

    def to_python(self, value: Any) -> numbers.Number | None:
        if value in self.empty_values:
            return None
        if isinstance(value, numbers.Number):
            return value
        written = text.clean(str(value), limit=60, multiline=False)
        if not written:
            return None
        try:
            return numbers.parse(written, dates.today())
        except numbers.NotANumber as refused:
            raise ValidationError(str(refused), code="number") from None

    def prepare_value(self, value: Any) -> Any:
        return value.written if isinstance(value, numbers.Number) else value


class ChoiceField(forms.ChoiceField):
    """One of several. What was sent is never repeated in the error: it came from outside."""

    def __init__(self, *, missing: Sentence = CHOOSE_ONE, **options: Any) -> None:
        super().__init__(error_messages=_messages(missing, options), **options)


class MultipleChoiceField(forms.MultipleChoiceField):
    """Some of several, as tick boxes unless the form says otherwise."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, missing: Sentence = CHOOSE_SOME, **options: Any) -> None:
        super().__init__(error_messages=_messages(missing, options), **options)


class ModelChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """One row among those the form offers. The queryset is the fence: give only what the person may see."""

    def __init__(self, queryset: Any, *, missing: Sentence = CHOOSE_ONE, **options: Any) -> None:
        super().__init__(queryset, error_messages=_messages(missing, options), **options)


class ModelMultipleChoiceField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # as above
    """Several rows among those the form offers."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, queryset: Any, *, missing: Sentence = CHOOSE_SOME, **options: Any) -> None:
        super().__init__(queryset, error_messages=_messages(missing, options), **options)


class TickField(forms.BooleanField):
    """A box that must be ticked when required."""

    def __init__(self, *, missing: Sentence = TICK, **options: Any) -> None:
        super().__init__(error_messages=_messages(missing, options), **options)


def offer(form: forms.Form, name: str, choices: Any) -> None:
    """Give a field its choices: what there is to choose is known when the form is made for somebody."""
    field: Any = form.fields[name]
    field.choices = choices


def offer_rows(form: forms.Form, name: str, rows: Any) -> None:
    """The same for rows, each called by its name."""
    field: Any = form.fields[name]
    field.queryset, field.label_from_instance = rows, lambda row: row.name


def read_date(written: str) -> date:
    """The date a Swede means; raises `ValidationError` with the sentence for the field."""
    parts = _date_parts(written.strip().lower())
    if parts is None:
        raise ValidationError(gettext("Skriv datumet så här: 2026-11-24."), code="date")
    year, month, day = parts
    try:
        return date(year, month, day)
    except ValueError:
        raise ValidationError(
            gettext("Det datumet finns inte. Kontrollera dag och månad."), code="date"
        ) from None


_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{1,2})", re.ASCII)
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/., ]\s*(\d{4})", re.ASCII)
_MONTH_NAMED = re.compile(r"(?:den\s+)?(\d{1,2})(?::?e)?\s*([a-zåäö]{3,})\.?,?\s*(\d{4})", re.ASCII)
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))


def _date_parts(written: str) -> tuple[int, int, int] | None:
    written = written.translate(_DASHES)
    for weekday in dates.WEEKDAYS:
        written = written.removeprefix(weekday).lstrip(" ,")
    if found := _YEAR_FIRST.fullmatch(written) or _EIGHT_DIGITS.fullmatch(written):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DAY_FIRST.fullmatch(written):
        return int(found[3]), int(found[2]), int(found[1])
    if found := _MONTH_NAMED.fullmatch(written):
        month = _month(found[2], dates.MONTHS)
        return (int(found[3]), month, int(found[1])) if month else None
    return None


def _month(written: str, names: Iterable[str]) -> int | None:
    for number, name in enumerate(names, start=1):
        if name.startswith(written) or (name == "september" and written == "sept"):
            return number
    return None


def _messages(missing: Sentence, options: dict[str, Any]) -> dict[str, Any]:
    return {
        "required": missing,
        "invalid": missing,
        "invalid_choice": CHOOSE_FROM_LIST,
        "invalid_list": missing,
        "invalid_pk_value": CHOOSE_FROM_LIST,
        **(options.pop("error_messages", None) or {}),
    }
