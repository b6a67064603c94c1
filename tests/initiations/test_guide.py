"""Where six answers point: each sentence of the guide, and never a SIP of the insurance's meeting."""

from itertools import product

import pytest

from humla.agreements.words import standard_words
from humla.initiations.guide import Points, Said, advise

QUESTIONS = standard_words().questions()
A_SIP = {
    "several": "ja", "coordinate": "ja", "wants": "ja",
    "sick_leave": "nej", "has_plan": "nej", "urgent": "nej",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "points"),
    [
        ({}, Points.SIP),
        ({"wants": "vet-inte", "coordinate": "vet-inte"}, Points.SIP),
        ({"sick_leave": "ja"}, Points.SIP),
        ({"sick_leave": "ja", "several": "nej"}, Points.MEETING),
        ({"sick_leave": "ja", "several": "vet-inte"}, Points.MEETING),
        ({"has_plan": "ja"}, Points.EXISTING),
        ({"has_plan": "ja", "urgent": "ja"}, Points.FIRST),
        ({"several": "nej"}, Points.OTHER),
        ({"wants": "nej"}, Points.OTHER),
    ],
)
def test_the_answers_point_where_the_sentence_says(changed: dict[str, str], points: Points):
    assert advise(QUESTIONS, A_SIP | changed).points is points


def test_what_decided_it_is_named_by_its_question():
    told = advise(QUESTIONS, A_SIP | {"wants": "nej", "several": "nej"})

    assert [one.key for one in told.because] == ["several", "wants"]


def test_every_combination_has_one_answer_and_a_no_to_wanting_is_never_a_sip():
    keys = list(A_SIP)
    for answers in product([one.value for one in Said], repeat=len(keys)):
        said = dict(zip(keys, answers, strict=True))
        told = advise(QUESTIONS, said)
        assert not (told.points is Points.SIP and "nej" in (said["wants"], said["several"]))
