"""Form fields: forgiving, and with sentences that say what to do."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from humla.core import fields


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-24",
        "2026/11/24",
        "2026.11.24",
        "2026 11 24",
        "2026\N{EN DASH}11\N{EN DASH}24",
        "20261124",
        "24/11 2026",
        "24/11-2026",
        "24.11.2026",
        "24-11-2026",
        "24 nov 2026",
        "24 nov. 2026",
        "24 November 2026",
        "den 24 november 2026",
        "den 24:e november 2026",
        "tisdag 24 november 2026",
        "  24  november,  2026 ",
        "２０２６-１１-２４",
    ],
)
def test_a_date_is_read_as_people_write_it(written):
    assert fields.SwedishDateField().clean(written) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "Skriv ett datum, till exempel 2026-11-24."),
        ("   ", "Skriv ett datum, till exempel 2026-11-24."),
        ("i morgon", "Skriv datumet så här: 2026-11-24."),
        ("11/24 2026 x", "Skriv datumet så här: 2026-11-24."),
        ("24 kaktus 2026", "Skriv datumet så här: 2026-11-24."),
        ("24/11", "Skriv datumet så här: 2026-11-24."),
        ("31/2 2026", "Det datumet finns inte. Kontrollera dag och månad."),
        ("0000-01-01", "Det datumet finns inte. Kontrollera dag och månad."),
    ],
)
def test_a_date_that_cannot_be_read_says_how_to_write_it(written, sentence):
    with pytest.raises(ValidationError) as refused:
        fields.SwedishDateField().clean(written)

    assert refused.value.messages == [sentence]


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        (fields.LineField(10), "Skriv något här."),
        (fields.ProseField(10), "Skriv något här."),
        (fields.LineField(10, missing="Skriv vad mötet ska handla om."), "Skriv vad mötet ska handla om."),
        (fields.PersonNumberField(), "Skriv personnumret med tolv siffror."),
        (fields.ChoiceField(choices=[("a", "A")]), "Välj ett alternativ."),
        (fields.MultipleChoiceField(choices=[("a", "A")]), "Välj minst ett alternativ."),
        (fields.TickField(), "Kryssa i rutan för att gå vidare."),
    ],
)
def test_an_empty_field_says_what_to_do(field, sentence):
    for empty in ("", None):
        with pytest.raises(ValidationError) as refused:
            field.clean(empty)
        assert refused.value.messages == [sentence]


def test_a_choice_from_outside_is_refused_without_repeating_it():
    with pytest.raises(ValidationError) as refused:
        fields.ChoiceField(choices=[("a", "A")]).clean("<b>")

    assert refused.value.messages == ["Välj ett av alternativen i listan."]


def test_a_line_of_only_invisible_characters_is_empty():
    with pytest.raises(ValidationError, match="Skriv något här"):
        fields.LineField(10).clean("\u200b\u202e \n")


def test_optional_fields_may_be_empty():
    assert fields.LineField(10, required=False).clean(None) == ""
    assert fields.SwedishDateField(required=False).clean("") is None
    assert fields.PersonNumberField(required=False).clean(" ") is None


def test_a_person_number_comes_out_checked():
    assert fields.PersonNumberField().clean("780411-2394").digits12 == "197804112394"
    with pytest.raises(ValidationError, match="Kontrollsiffran"):
        fields.PersonNumberField().clean("780411-2395")


def test_too_long_is_said_and_never_cut():
    field = fields.ProseField(10, rows=3)

    assert ("maxlength" in field.widget.attrs, field.widget.attrs["rows"]) == (False, 3)
    with pytest.raises(ValidationError, match="högst 10"):
        field.clean("x" * 11)
