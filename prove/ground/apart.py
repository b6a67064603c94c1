"""Two databases that differ in one thing: somebody protected is in the one and not in the other.

Lives here: laying the common ground and her, asking all the pages the same, and making what may differ (a
token, an id, a clock) the same. Not here: whose answers are compared and which faults must be heard
(`prove/noninterference.py`; a short form in `tests/protection`).

Whatever is asked by somebody who is not cleared for her must be answered byte for byte alike, with as many
questions to the database.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.urls import NoReverseMatch, reverse

from humla.cases.actions import assign, write_note
from humla.cases.models import Case, NoteStage
from humla.core.codes import spoken_code
from humla.core.context import acting
from humla.meetings.actions import summon
from humla.meetings.models import Called
from humla.organisation.models import Professional
from humla.plans.actions import adopt
from humla.protection.actions import protect, write_contact
from humla.protection.models import MarkingKind
from humla.web.urls import urlpatterns
from tests import factories
from tests.cast import Cast
from tests.doors import Door, signed_in

HER_NUMBER, OTHERS = "196502022772", "196411182394"
HER_NAME, ANOTHER = "Kvasir Kvistgren", "Berit Björk"
WHERE = "Ett påhittat ställe 1"
LOOKERS = ("maja", "amir", "farid", "lena", "vera", "nils", "stranger", "greta", "olof", "ylva")
"""Everybody who is not cleared for her. Siv is; the log reviewer goes through what Siv does."""
EXEMPT = {"ylva": "guarded_cases"}
"""The manager's own list and what lies under it, by which she says who is cleared: no person."""

_NOTHING = UUID(int=1)


@dataclass
class Her:
    """What is hers, to be asked for by somebody who has come by it: a reference, an address."""

    case_id: UUID
    reference: str

    @classmethod
    def made_up(cls) -> "Her":
        """Before she is anywhere. Her case gets this id and reference when it is laid."""
        return cls(uuid4(), spoken_code())


@dataclass
class Said:
    """What one page answered: status, where it leads, its bytes without what may differ, and what it cost."""

    status: int
    leads_to: str
    body: str
    questions: int


@dataclass
class Asked:
    """Everything one reader was answered, by what she asked."""

    answers: dict[str, Said] = field(default_factory=dict)

    def unlike(self, other: "Asked") -> list[str]:
        """What was answered otherwise there than here, and in what."""
        return [
            f"{one} ({_in_what(self.answers.get(one), other.answers.get(one))})"
            for one in sorted(self.answers.keys() | other.answers.keys())
            if self.answers.get(one) != other.answers.get(one)
        ]


def _in_what(one: Said | None, other: Said | None) -> str:
    if one is None or other is None:
        return "only in one of them"
    return ", ".join(
        name if name == "body" else f"{name} {mine}/{vars(other)[name]}"
        for name, mine in vars(one).items()
        if mine != vars(other)[name]
    )


def common_ground(cast: Cast) -> None:
    """What there is in both: a case of Siv's that Arbetsförmedlingen reads, and one of Maja's own."""
    with transaction.atomic():
        document = factories.adopted_plan(cast, by=cast.siv)
        factories.taken_in(
            factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"]), by=cast.amir
        )
        factories.planned_meeting(document.case, by=cast.siv)
        factories.open_case(cast, by=cast.maja, number=OTHERS, name=ANOTHER)


def lay_her(cast: Cast, her: Her, *, is_protected: bool = True) -> None:
    """Her whole case at Siv's: a yes, a plan, a meeting, a summons, notes, where she is; Maja takes part,
    but is not cleared."""
    with transaction.atomic():
        with _known_by(her):
            case = factories.open_case(cast, by=cast.siv, number=HER_NUMBER, name=HER_NAME)
        if is_protected:
            with acting(cast.siv):
                protect(case, kind=MarkingKind.THREAT, reason="Polisen ringde.", by=cast.siv)
                write_contact(case, places={"address": WHERE}, version=0, by=cast.siv)
        with acting(cast.siv):
            maja = Professional.objects.get(pk=cast.maja.id)
            assign(case, maja, cast.units["maja"], by=cast.siv)
            write_note(case, stage=NoteStage.PLAN, text=f"{HER_NAME} är rädd.", by=cast.siv)
        _plan_and_meeting(cast, case)


def ask_everything(cast: Cast, who: str, her: Her, *, most: int = 150) -> Asked:
    """Everything that somebody can come to from her first page, and everything she can try."""
    door = signed_in(getattr(cast, who), cast) if who != "nobody" else Door()
    # Where a wall is altered a page may break instead of showing: that is heard too.
    door.raise_request_exception = False
    asked = Asked()
    skipped = {reverse(EXEMPT[who])} if who in EXEMPT else set()
    todo = ["/"]
    while todo and len(asked.answers) < most:
        path = todo.pop(0)
        if path in asked.answers or any(path.startswith(one) for one in skipped):
            continue
        said, page = _look(door, path)
        asked.answers[path] = said
        todo += [one for one in _links(page) if one not in asked.answers]
    for path in _her_addresses(her):
        if any(path.startswith(one) for one in skipped):
            continue
        asked.answers[path] = _look(door, path)[0]
    if hasattr(door, "actor"):
        for number, (name, trial) in enumerate(_trials(her)):
            asked.answers[f"{number} {name}"] = _try(door, name, trial)
    return asked


@contextmanager
def counted() -> Iterator[list[int]]:
    """How many questions the database was asked."""
    count = [0]

    def one_more(execute: Any, *told: Any) -> Any:
        count[0] += 1
        return execute(*told)

    with connection.execute_wrapper(one_more):
        yield count


@contextmanager
def _known_by(her: Her) -> Iterator[None]:
    """The next case gets her id and reference, so that the same can be asked where there is none."""
    key: Any = Case._meta.pk
    with (
        mock.patch.object(key, "_get_default", return_value=her.case_id),
        mock.patch("humla.cases.actions.spoken_code", return_value=her.reference),
    ):
        yield


def _plan_and_meeting(cast: Cast, case: Case) -> None:
    factories.agreed(case, by=cast.siv)
    factories.consent(case, cast.units["amir"], by=cast.siv)
    plan = factories.whole_plan(cast, case, by=cast.siv)
    with acting(cast.siv):
        document = adopt(plan, version=plan.version, by=cast.siv)
    factories.handed_over(cast, document, by=cast.siv, to=cast.units["amir"])
    meeting = factories.planned_meeting(case, by=cast.siv, days=3)
    with acting(cast.siv):
        summon(meeting, called=Called.UNIT, unit=cast.units["amir"], by=cast.siv)


def _look(door: Door, path: str) -> tuple[Said, str]:
    with counted() as questions:
        response = door.get(path)
    return _said(response, questions[0]), response.content.decode(errors="replace")


def _try(door: Door, name: str, trial: dict[str, Any]) -> Said:
    """A form sent, and the page that it leads to."""
    with counted() as questions:
        response = door.send(reverse(name), trial)
    said = _said(response, questions[0])
    if response.status_code == 302:
        after, _page = _look(door, response["Location"])
        said.body += after.body
        said.questions += after.questions
    return said


def _trials(her: Her) -> list[tuple[str, dict[str, Any]]]:
    """What somebody who looks for her tries: her name, number and reference in every box that takes one."""
    beginning = {"reason": "Många kontakter.", "initiator": "person", "language": "sv"}
    names = {"given_name": "Kvasir", "family_name": "Kvistgren"}
    return [
        ("cases", {"words": HER_NAME.split()[0]}),
        ("cases", {"words": HER_NUMBER}),
        ("cases", {"words": her.reference}),
        ("open_case", {"number": HER_NUMBER, **names, **beginning}),
        ("open_case", {"number": HER_NUMBER, **names, **beginning}),
        ("ask_access", {"reference": her.reference, "reason": "Jag behöver läsa det i mitt arbete."}),
        ("save_draft", {"form": f"note:{her.case_id}", "case": str(her.case_id), "text": "x"}),
    ]


def _her_addresses(her: Her) -> Iterator[str]:
    """Every address that has a case in it, with hers."""
    for pattern in urlpatterns:
        route, name = str(getattr(pattern, "pattern", "")), getattr(pattern, "name", None)
        if not name or "case_id" not in route:
            continue
        told = {word: her.case_id if word == "case_id" else _NOTHING for word in _UUIDS.findall(route)}
        told |= dict.fromkeys(_NUMBERS.findall(route), 1)
        try:
            yield reverse(name, kwargs=told)
        except NoReverseMatch:
            continue


def _said(response: Any, questions: int) -> Said:
    leads_to = _alike(response.headers.get("Location", ""))
    return Said(response.status_code, leads_to, _alike(response.content.decode(errors="replace")), questions)


def _links(page: str) -> list[str]:
    found = [one.replace("&amp;", "&") for one in _HREF.findall(page)]
    return [one for one in dict.fromkeys(found) if not one.startswith(_LEFT_ALONE)]


def _alike(text: str) -> str:
    """Without what differs between two requests for the same page."""
    for pattern, word in _DIFFERS:
        text = pattern.sub(word, text)
    return text


_UUIDS = re.compile(r"<uuid:(\w+)>")
_NUMBERS = re.compile(r"<int:(\w+)>")
_HREF = re.compile(r'href="(/[^"#]*)')
_LEFT_ALONE = ("/static/", "/logga-", "/valj-", "/byt-")
_DIFFERS = (
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"'), "<token>"),
    (re.compile(r'data-csrf="[^"]*"'), "<token>"),
    (re.compile(r"[0-9a-f]{8}(:|%3A)gAAAA[\w=-]*"), "<förseglat>"),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"\b[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}\b"), "<kod>"),
    (re.compile(r"\bT-<kod>"), "<kod>"),
    # Also inside 2026-11-22T12:41.
    (re.compile(r"(?<!\d)\d{2}[.:]\d{2}(:\d{2})?\b"), "<klockslag>"),
    (re.compile(r"\d{4}-\d{2}-\d{2}T<klockslag>[^\"]*"), "<ögonblick>"),
)
