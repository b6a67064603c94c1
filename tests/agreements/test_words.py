"""What letters, guidance and questions say: the program's words, and the förbund's laid over them."""

from datetime import date

import pytest
from django.db import transaction

from humla.agreements import words
from humla.agreements.blanks import blank
from humla.agreements.drafting import begin_draft, text_mark, write_text
from humla.agreements.models import GuidanceStep, LetterOccasion, LetterRole, LocalAgreement, TextKind
from humla.agreements.words import (
    EASY,
    GUIDANCE_PARTS,
    LETTER_PARTS,
    came_with,
    guidance,
    letter_text,
    sip_questions,
    standard_words,
    words_in_force,
    words_of,
)
from humla.core.context import acting
from humla.people.models import Language
from humla.web.waiting import Step
from tests.cast import Cast

MINE = {
    "heading": "Välkommen till ditt möte",
    "opening": "Vi ses och pratar.",
    "to_do": "Ring oss.",
    "closing": "Det är frivilligt.",
}


def test_there_is_a_whole_letter_for_everybody_on_every_occasion() -> None:
    for role in LetterRole:
        for occasion in LetterOccasion:
            letter = standard_words().letter(role, occasion)
            assert all(getattr(letter, part) for part in LETTER_PARTS), (role, occasion)


def test_the_person_can_read_every_letter_in_easy_swedish_with_short_lines() -> None:
    for occasion in LetterOccasion:
        letter = standard_words().letter(LetterRole.PERSON, occasion, EASY)
        assert letter.language == EASY
        lines = "\n".join(getattr(letter, part) for part in LETTER_PARTS).split("\n")
        assert max(len(line) for line in lines) <= 60


def test_an_easy_letter_to_a_unit_is_the_swedish_one() -> None:
    assert standard_words().letter(LetterRole.OBLIGED, LetterOccasion.CALLED, EASY).language == "sv"


def test_every_step_is_explained_and_the_case_line_has_no_other_steps() -> None:
    told = [standard_words().guidance(step) for step in GuidanceStep]

    assert all(getattr(one, part) for one in told for part in GUIDANCE_PARTS)
    assert {step.value for step in Step} <= {step.value for step in GuidanceStep}
    assert all(blank(one.form) for one in told if one.form)


def test_the_questions_keep_the_meeting_of_forsakringskassan_apart() -> None:
    asked = standard_words().questions()

    assert len(asked) == 6
    assert {one.yes for one in asked} == {"sip", "meeting", "other"}
    assert [one.key for one in asked if "meeting" in (one.yes, one.no)] == ["sick_leave"]


def test_no_text_that_came_with_the_program_has_anything_put_into_it() -> None:
    assert [text for text in came_with().values() if "{" in text or "%" in text] == []


@pytest.mark.django_db
def test_the_forbunds_own_words_are_read_once_the_version_is_in_force_and_no_sooner(
    cast: Cast, sign_all: object
) -> None:
    draft = _draft(cast)
    _write(cast, draft, MINE)
    with acting(cast.siv):
        before = letter_text(LetterRole.PERSON, LetterOccasion.CALLED)
        assert words_of(draft).letter(LetterRole.PERSON, LetterOccasion.CALLED).heading == MINE["heading"]
    sign_all(draft)  # type: ignore[operator]
    with acting(cast.siv):
        after = letter_text(LetterRole.PERSON, LetterOccasion.CALLED)
        changed = letter_text(LetterRole.PERSON, LetterOccasion.CHANGED)

    assert before.heading == came_with()["letter", "person.called", "sv", "heading"]
    assert (after.heading, after.opening) == (MINE["heading"], MINE["opening"])
    assert changed.heading == came_with()["letter", "person.changed", "sv", "heading"]


@pytest.mark.django_db
def test_a_translation_is_read_when_somebody_with_a_name_has_reviewed_it(cast: Cast) -> None:
    draft = _draft(cast)
    _write(cast, draft, MINE, language=Language.ARABIC)
    with acting(cast.siv):
        unreviewed = words_of(draft).letter(LetterRole.PERSON, LetterOccasion.CALLED, Language.ARABIC)
    _write(
        cast,
        draft,
        MINE,
        language=Language.ARABIC,
        reviewed_by="Layla Aziz",
        reviewed_on=date(2026, 5, 4),
    )
    with acting(cast.siv):
        reviewed = words_of(draft).letter(LetterRole.PERSON, LetterOccasion.CALLED, Language.ARABIC)

    assert (unreviewed.language, reviewed.language) == ("sv", "ar")
    assert reviewed.heading == MINE["heading"]


@pytest.mark.django_db
def test_three_hundred_letters_ask_once(cast: Cast, django_assert_num_queries: object) -> None:
    with acting(cast.siv):
        read = words_in_force()
        with django_assert_num_queries(0):  # type: ignore[operator]
            for _ in range(300):
                letter_text(LetterRole.PERSON, LetterOccasion.CALLED, words=read)
        assert guidance(GuidanceStep.NEED, words=read).label == "Behov"
        assert len(sip_questions()) == 6


@pytest.mark.django_db
def test_a_person_reads_the_words_of_the_forbund_that_holds_her_case(cast: Cast, sign_all: object) -> None:
    draft = _draft(cast)
    _write(cast, draft, MINE)
    sign_all(draft)  # type: ignore[operator]
    with acting(cast.stranger):
        theirs = words_in_force(association=cast.stranger.association_id)

    assert theirs.letter(LetterRole.PERSON, LetterOccasion.CALLED).heading != MINE["heading"]
    assert words.came_with() is came_with()


def _draft(cast: Cast) -> LocalAgreement:
    with transaction.atomic(), acting(cast.olof):
        return begin_draft(by=cast.olof)


def _write(
    cast: Cast, draft: LocalAgreement, parts: dict[str, str], language: str = "sv", **more: object
) -> None:
    with transaction.atomic(), acting(cast.olof):
        write_text(
            draft,
            TextKind.LETTER,
            "person.called",
            parts,
            language=language,
            seen=text_mark(draft, TextKind.LETTER, "person.called", language),
            by=cast.olof,
            **more,  # type: ignore[arg-type]
        )
