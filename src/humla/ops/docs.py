"""Writes the pages of docs/ that are made from the code, and tells when they are out of step.

`docs/states.md` comes from the transitions beside the models; `docs/who-may-do-what.md` from the doors
of the site map and the rules of the concepts. `./humla fix` writes them, `./humla check` compares.
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.urls import URLPattern, get_resolver

ROOT = Path(__file__).resolve().parents[3]
_KINDS = {
    "professional": "handläggare",
    "person": "personen",
    "representative": "ombud",
    "link": "länk",
    "public": "alla",
    "forbund": "förbundet",
    "admin": "administratör",
    "system": "klockan",
}


def main(argv: list[str]) -> int:
    """`--check` compares and answers 1 when a page is out of step; otherwise the pages are written."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    stale = []
    for name, text in (("states.md", states()), ("who-may-do-what.md", who_may_do_what())):
        page = ROOT / "docs" / name
        if page.exists() and page.read_text() == text:
            continue
        stale.append(name)
        if "--check" not in argv:
            page.write_text(text)
    if "--check" in argv and stale:
        print(f"Ur takt med koden: {', '.join(stale)}. Kör ./humla fix.")
        return 1
    return 0


def states() -> str:
    """The state diagrams, one for each thing that has states."""
    from humla.access.models import ANSWER_TRANSITIONS, RequestAnswer
    from humla.agreements.models import AGREEMENT_TRANSITIONS, AgreementState
    from humla.cases.models import CASE_TRANSITIONS, CaseState
    from humla.consents.models import (
        CONSENT_TRANSITIONS,
        REQUEST_TRANSITIONS,
        WORDING_TRANSITIONS,
        ConsentState,
        RequestState,
        WordingState,
    )
    from humla.evidence.models import EVIDENCE_TRANSITIONS, EvidenceState
    from humla.followups.models import FOLLOW_UP_TRANSITIONS, PROGRESS_TRANSITIONS, FollowUpState, Status
    from humla.initiations.models import REQUEST_TRANSITIONS as ASKED_TRANSITIONS
    from humla.initiations.models import RequestState as AskedState
    from humla.meetings.models import MEETING_TRANSITIONS, SUMMONS_TRANSITIONS, MeetingState, SummonsState
    from humla.notifications.models import NOTICE_TRANSITIONS, NoticeState
    from humla.plans.models import LEAD_TRANSFER_TRANSITIONS, PLAN_TRANSITIONS, LeadTransferState, PlanState
    from humla.representatives.models import MANDATE_TRANSITIONS, MandateState
    from humla.scheduling.models import OFFER_TRANSITIONS, OfferState

    lines = ["# Tillstånd", "", "Gjord av `./humla fix` ur modellerna; ändra där.", ""]
    for title, choices, transitions in (
        ("Ärende", CaseState, CASE_TRANSITIONS),
        ("Samtycke", ConsentState, CONSENT_TRANSITIONS),
        ("Fråga om samtycke", RequestState, REQUEST_TRANSITIONS),
        ("Samtyckestext", WordingState, WORDING_TRANSITIONS),
        ("Uppdrag som ombud", MandateState, MANDATE_TRANSITIONS),
        ("Svar på en begäran om åtkomst", RequestAnswer, ANSWER_TRANSITIONS),
        ("Begäran om en plan", AskedState, ASKED_TRANSITIONS),
        ("Möte", MeetingState, MEETING_TRANSITIONS),
        ("Förslag på tider", OfferState, OFFER_TRANSITIONS),
        ("Fråga om underlag", EvidenceState, EVIDENCE_TRANSITIONS),
        ("Kallelse", SummonsState, SUMMONS_TRANSITIONS),
        ("Plan", PlanState, PLAN_TRANSITIONS),
        ("Byte av ledning", LeadTransferState, LEAD_TRANSFER_TRANSITIONS),
        ("Läge för ett åtagande", Status, PROGRESS_TRANSITIONS),
        ("Uppföljning", FollowUpState, FOLLOW_UP_TRANSITIONS),
        ("Avisering", NoticeState, NOTICE_TRANSITIONS),
        ("Lokal överenskommelse", AgreementState, AGREEMENT_TRANSITIONS),
    ):
        lines += [f"## {title}", "", "```mermaid", "stateDiagram-v2"]
        # A second colon on the line is more than mermaid reads.
        lines += [
            f"    {value} : {str(label).replace(':', ',')}" for value, label in choices.choices if value
        ]
        lines += [
            f"    {step.before or '[*]'} --> {step.after} : {step.action or 'tiden går'}"
            for step in transitions
        ]
        lines += ["```", ""]
    return "\n".join(lines)


def who_may_do_what() -> str:
    """Every page with who may come to it, and every rule with its sentence."""
    lines = [
        "# Vem får göra vad",
        "",
        "Gjord av `./humla fix` ur dörrarna i `humla.web` och begreppens `rules.py`; ändra där.",
        "En sida som någon inte får veta av svarar 404. Vad hon ser på sidan avgörs av reglerna och murarna.",
        "",
        "## Sidor",
        "",
        "| sida | adress | sätt | vem kommer in |",
        "|---|---|---|---|",
    ]
    lines += [f"| {name} | `/{path}` | {methods} | {who} |" for name, path, methods, who in _pages()]
    lines += ["", "## Regler", ""]
    for concept, rules in _rules():
        lines += [f"### {concept}", "", "| regel | säger |", "|---|---|"]
        lines += [f"| `{name}` | {sentence} |" for name, sentence in rules]
        lines.append("")
    return "\n".join(lines)


def _pages() -> Iterator[tuple[str, str, str, str]]:
    for one in get_resolver().url_patterns:
        if not isinstance(one, URLPattern) or one.callback is None:
            continue
        view = inspect.unwrap(one.callback, stop=lambda f: hasattr(f, "door_methods"))
        kinds = getattr(view, "door_kinds", None)
        methods = ", ".join(getattr(view, "door_methods", ("GET",)))
        if kinds is None:
            who = "alla"
        elif len(kinds) == len(_KINDS):
            who = "alla inloggade"
        else:
            who = ", ".join(sorted(_KINDS[kind.value] for kind in kinds))
        yield str(one.name), str(one.pattern), methods, who


def _rules() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for file in sorted(ROOT.glob("src/humla/*/rules.py")):
        tree = ast.parse(file.read_text())
        found = [
            (node.name, (ast.get_docstring(node) or "").split("\n")[0])
            for node in tree.body
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        ]
        yield file.parent.name, found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
