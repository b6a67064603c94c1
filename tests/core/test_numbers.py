"""Person numbers: about two hundred cases, all from Skatteverket's test series (data/testnummer.txt)."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from humla.core.numbers import Kind, NotANumber, parse

TODAY = date(2026, 11, 24)
ROOT = Path(__file__).parents[2]
PUBLISHED = [
    line
    for line in (ROOT / "data" / "testnummer.txt").read_text(encoding="utf-8").split("\n")
    if line and not line.startswith("#")
]
EVA = "197804112394"


@pytest.mark.parametrize("digits12", PUBLISHED)
def test_every_published_number_is_read_in_all_its_spellings(digits12):
    sign = "+" if TODAY.year - int(digits12[:4]) >= 100 else "-"
    spellings = [
        digits12,
        f"{digits12[:8]}-{digits12[8:]}",
        f"{digits12[2:8]}{sign}{digits12[8:]}",
        f" {digits12[:8]} {digits12[8:]} ",
        f"{digits12[:8]}\N{EN DASH}{digits12[8:]}",
    ]
    if sign == "-":
        spellings.append(digits12[2:])

    assert {parse(each, TODAY).digits12 for each in spellings} == {digits12}


@pytest.mark.parametrize("dash", "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d")
def test_every_dash_is_a_dash(dash):
    assert parse(f"19780411{dash}2394", TODAY).digits12 == EVA


@pytest.mark.parametrize("space", " \u00a0\u202f\u2009\u200b\t\n")
def test_spaces_do_not_matter(space):
    assert parse(f"{space}19780411{space}-{space}2394", TODAY).digits12 == EVA


def test_full_width_digits_become_ordinary_ones():
    assert parse("１９７８０４１１２３９４", TODAY).digits12 == EVA


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "x",
        "-",
        "1978",
        "19780411",
        "19780411239",
        "1978041123944",
        "19780411--2394",
        "1978-0411-2394",
        "1978041-12394",
        "19780411-239A",
        "19780411_2394",
        "19780411/2394",
        "١٩٧٨٠٤١١٢٣٩٤",
        "१९७८०४११२३९४",
        "19780411-2394; DROP",
        "\x0019780411-2394",
        "𝟏" * 30,
        "²²²²²²²²²²x",
    ],
)
def test_what_is_no_number_is_refused_with_what_to_write(written):
    with pytest.raises(NotANumber, match="Skriv personnumret med tolv siffror"):
        parse(written, TODAY)


@pytest.mark.parametrize("last", "012356789")
def test_a_wrong_check_digit_is_refused(last):
    with pytest.raises(NotANumber, match="Kontrollsiffran"):
        parse(f"19780411-239{last}", TODAY)


@pytest.mark.parametrize(
    "written",
    ["19781311-2394", "19780011-2394", "19780432-2394", "19780400-2394", "19780431-2394", "19780492-2394"],
)
def test_a_date_that_does_not_exist_is_refused(written):
    with pytest.raises(NotANumber, match="Datumet"):
        parse(written, TODAY)


@pytest.mark.parametrize(
    ("written", "exists"), [("20000229-2381", True), ("20240229-2383", True), ("19760229-2380", True)]
)
def test_leap_days_that_exist(written, exists):
    assert (parse(written, TODAY).born_on is not None) is exists


@pytest.mark.parametrize("written", ["19000229-2380", "20010229-2380", "20260229-2380", "20010289-2380"])
def test_leap_days_that_do_not_exist(written):
    with pytest.raises(NotANumber, match="Datumet"):
        parse(written, TODAY)


def test_a_birth_in_the_future_is_refused():
    with pytest.raises(NotANumber, match="framtiden"):
        parse("20240229-2383", date(2024, 2, 28))
    assert parse("20240229-2383", date(2024, 2, 29)).born_on == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("written", "today", "year"),
    [
        ("240229-2383", date(2026, 1, 1), "2024"),
        ("240229-2383", date(2123, 12, 31), "2024"),
        ("240229+2383", date(2124, 1, 1), "2024"),
        ("240101+9183", date(2026, 1, 1), "1924"),
        ("240101-9183", date(2023, 12, 31), "1924"),
        ("240101+9183", date(2024, 1, 1), "1924"),
        ("780411-2394", date(2026, 1, 1), "1978"),
        ("780411-2394", date(2077, 12, 31), "1978"),
        ("780411+2394", date(2078, 1, 1), "1978"),
        ("900101+9802", date(1990, 1, 1), "1890"),
        ("091231+9811", date(2026, 1, 1), "1909"),
    ],
)
def test_the_plus_counts_from_the_year_of_turning_a_hundred(written, today, year):
    assert parse(written, today).digits12[:4] == year


def test_a_plus_on_somebody_young_is_refused():
    with pytest.raises(NotANumber, match="100 år"):
        parse("19780411+2394", TODAY)


def test_birth_number_zero_is_refused():
    with pytest.raises(NotANumber, match="000"):
        parse("19780411-0000", TODAY)


def test_a_samordningsnummer_has_sixty_added_to_the_day():
    number = parse("701063-2391", TODAY)

    assert (number.kind, number.born_on) == (Kind.SAMORDNINGSNUMMER, date(1970, 10, 3))


def test_a_samordningsnummer_may_lack_its_day():
    number = parse("197010602394", TODAY)

    assert (number.kind, number.born_on) == (Kind.SAMORDNINGSNUMMER, None)


def test_the_number_shows_itself_masked_unless_asked():
    number = parse(EVA, TODAY)

    assert (number.written, number.masked) == ("19780411-2394", "19780411-••••")
    assert "2394" not in f"{number} {number!r}"


def test_the_refusal_never_repeats_what_was_written():
    with pytest.raises(NotANumber) as refused:
        parse("19780411-2395", TODAY)

    assert "2395" not in str(refused.value)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=20) | st.from_regex(r"[0-9]{6,8}[-+ ]?[0-9]{4}", fullmatch=True))
def test_anything_is_either_refused_or_comes_back_the_same(written):
    try:
        number = parse(written, TODAY)
    except NotANumber:
        return
    assert parse(number.written, TODAY) == number
    assert number.digits12.isascii()
    assert len(number.digits12) == 12
