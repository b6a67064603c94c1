"""Cleaning of what people write."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from humla.core import text

anything = st.text(alphabet=st.characters(exclude_categories=()), max_size=80)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Eva\t Ek \r\n", "Eva Ek"),
        ("ﬁnal Ｅｖａ", "final Eva"),
        ("a\u202egnal\u202c", "agnal"),
        ("E\u200bv\u00ada", "Eva"),
        ("A\u030angstro\u0308m", "Ångström"),
        ("rad ett\nrad två", "rad ett rad två"),
        ("bell\x07\x9f", "bell"),
        ("010\u00a0123", "010 123"),
    ],
)
def test_a_line_is_kept_as_it_looks(written, kept):
    assert text.clean(written, limit=100, multiline=False) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ett\r\ntvå\rtre\u2028fyra", "ett\ntvå\ntre\nfyra"),
        ("½ dag, 12 m²", "½ dag, 12 m²"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("  dikt\n    indragen", "dikt\n    indragen"),
        ("a\x00".replace("\x00", "\x01") + "b", "ab"),
    ],
)
def test_prose_keeps_the_words_as_written(written, kept):
    assert text.clean(written, limit=100, multiline=True) == kept


@pytest.mark.parametrize("multiline", [True, False])
@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("a\x00b", "nul"),
        ("a\ud800", "surrogate"),
        ("e" + "\u0302\u0329" * 20, "marks"),
        ("å" * 41, "max_length"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(written, code, multiline):
    with pytest.raises(ValidationError) as refused:
        text.clean(written, limit=40, multiline=multiline)

    assert refused.value.code == code
    assert refused.value.messages[0].endswith(".")


def test_the_length_sentence_says_both_numbers():
    with pytest.raises(ValidationError) as refused:
        text.clean("å" * 12345, limit=10000, multiline=True)

    assert refused.value.messages == [
        "Texten är 12\xa0345 tecken lång. Korta den till högst 10\xa0000 tecken."
    ]


@settings(max_examples=150, deadline=None)
@given(anything, st.booleans())
def test_what_is_kept_can_be_stored_and_is_not_changed_a_second_time(written, multiline):
    try:
        kept = text.clean(written, limit=200, multiline=multiline)
    except ValidationError:
        return
    assert kept.encode("utf-8").decode("utf-8") == kept
    assert "\x00" not in kept
    assert text.clean(kept, limit=200, multiline=multiline) == kept
    if not multiline:
        assert "\n" not in kept
        assert not any(unicodedata.bidirectional(each) in ("RLO", "LRO", "RLI", "PDI") for each in kept)
