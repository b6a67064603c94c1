"""A plan on paper and as plain text: what a reader is shown, made into a document to print or to paste.

Here: the order and the words of the print, and the same as text for a party's own case system. Not here:
what a reader is shown (`document.shown`), how a print looks (`humla.core.document`), nor the pages.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override

from humla.cases.models import Category
from humla.core import dates
from humla.core import document as printing
from humla.plans.document import LANGUAGE, Block, ShownPart, said_of_it


def printed(
    parts: Sequence[ShownPart],
    *,
    title: str,
    reference: str,
    dated: date,
    issuer: str,
    footer: tuple[str, ...] = (),
) -> printing.PrintedDocument:
    """What the reader is shown, as a document to print, in the same order."""
    with override(LANGUAGE):
        sections = tuple(
            printing.Section(_printed_heading(part), tuple(_printed(part.blocks))) for part in parts
        )
    return printing.PrintedDocument(
        title=title,
        reference=reference,
        dated=dated,
        issuer=issuer,
        language=LANGUAGE,
        sections=sections,
        footer=footer,
    )


def _printed_heading(part: ShownPart) -> str:
    """Named anew: part.label is in the reader's language, and a print is in the authority's."""
    return _("Egna ord") if part.is_own_words else str(Category(part.category).label)


def _printed(blocks: Sequence[Block]) -> Iterator[printing.Block]:
    """Goals, who does what, and last the facts, as on the page."""
    for block in blocks:
        if block["kind"] == "own_goal":
            by = _("berättat för %(who)s") % {"who": block["told_to"]} if block["told_to"] else ""
            yield printing.Quote(block["text"], by, block["said_on"] or None)
        elif block["kind"] == "own_answer":
            yield printing.Quote(block["text"], said_of_it(block["says"]))
        elif block["kind"] == "goal":
            yield printing.Rows(tuple(_goal_rows(block)))
    commitments = [block for block in blocks if block["kind"] == "commitment"]
    if commitments:
        yield printing.Table(
            columns=(_("Vem"), _("Gör vad"), _("När")),
            rows=tuple(_commitment_row(block) for block in commitments),
            widths=(3, 6, 3),
            caption=_("Vem gör vad"),
        )
    yield from _printed_besides(blocks)
    for block in blocks:
        if block["kind"] == "statement":
            yield printing.Paragraph(f"{block['heading']}: {block['text']}")
    for block in blocks:
        if block["kind"] == "facts":
            yield printing.Rows(tuple((label, value) for label, value in block["rows"]))


def _printed_besides(blocks: Sequence[Block]) -> Iterator[printing.Block]:
    """What nobody does, and the plans that stand beside this one."""
    refusals = [block for block in blocks if block["kind"] == "reservation"]
    if refusals:
        yield printing.Table(
            columns=(_("Vem"), _("Åtar sig inte"), _("För att")),
            rows=tuple(
                (f"{block['who']}\n\n{block['party']}", block["what"], block["why"]) for block in refusals
            ),
            widths=(3, 5, 4),
            caption=_("Det här åtar sig ingen"),
        )
    needs = [block for block in blocks if block["kind"] == "unmet_need"]
    if needs:
        yield printing.Table(
            columns=(_("Livsområde"), _("Behov"), _("Varför")),
            rows=tuple((block["area"], block["what"], block["why"]) for block in needs),
            widths=(3, 6, 3),
            caption=_("Behov som ingen möter"),
        )
    others = [block for block in blocks if block["kind"] == "other_plan"]
    if others:
        yield printing.Table(
            columns=(_("Plan"), _("Vem har den?"), _("Daterad och beteckning")),
            rows=tuple((block["what"], block["who"], _dated(block)) for block in others),
            widths=(4, 4, 4),
            caption=_("Andra planer"),
        )


def _dated(block: Block) -> str:
    on = dates.written_date(block["dated_on"]) if block["dated_on"] else ""
    return ", ".join(each for each in (on, block["reference"]) if each) or _("Inte skrivet")


def _goal_rows(block: Block) -> Iterator[tuple[str, str]]:
    yield _("Livsområde"), block["area"]
    if block["situation"]:
        yield _("Nuläge"), block["situation"]
    yield _("Mål"), block["text"]
    for step in block.get("milestones", ()):
        by = _(" (klart %(on)s)") % {"on": dates.written_date(step["due_on"])} if step["due_on"] else ""
        yield _("Delmål"), f"{step['text']}{by}"


def _commitment_row(block: Block) -> tuple[str, str, str]:
    # Who does it in a paragraph of its own, which the print sets apart from party and person.
    beside = "\n".join(each for each in (block["party"], block["responsible"]) if each)
    who = f"{block['who']}\n\n{beside}" if beside else block["who"]
    what = [f"{block['area']}: {block['what']}" if block["area"] else block["what"]]
    if block["known_by"]:
        what.append(_("Klart när: %(what)s") % {"what": block["known_by"]})
    if block["person_does"]:
        what.append(_("Personen själv: %(what)s") % {"what": block["person_does"]})
    when = []
    if block["starts_on"]:
        when.append(_("Börjar %(on)s") % {"on": dates.written_date(block["starts_on"])})
    if block.get("starts_when"):
        when.append(_("Start: %(what)s") % {"what": block["starts_when"]})
    if block["due_on"]:
        when.append(_("Klart senast %(on)s") % {"on": dates.written_date(block["due_on"])})
    return who, "\n\n".join(what), "\n".join(when) or _("Ingen tid satt")


# --- as plain text ------------------------------------------------------------------------------------------


def plain(document: printing.PrintedDocument) -> str:
    """The whole document as text, to paste where a PDF cannot go."""
    head = f"{document.title} {document.reference}\n{document.issuer}".strip()
    chapters = [
        f"{str(section.heading).upper()}\n\n{plain_section(section)}" for section in document.sections
    ]
    return "\n\n\n".join([head, *chapters, "\n".join(document.footer)]).strip() + "\n"


def plain_section(section: printing.Section) -> str:
    """One chapter, which is one kind of information, as text."""
    with override(LANGUAGE):
        return "\n\n".join(_plain(block) for block in section.blocks)


def _plain(block: printing.Block) -> str:
    match block:
        case printing.Paragraph(text):
            return str(text)
        case printing.Quote(text, said_by, said_on):
            beside = [_("Egna ord"), said_by, dates.written_date(said_on) if said_on else ""]
            return f"{text}\n({', '.join(each for each in beside if each)})"
        case printing.Rows(rows):
            return "\n".join(_labelled(str(label), str(value)) for label, value in rows)
        case printing.Table(columns, rows, _widths, caption):
            return "\n\n".join([caption, *(_plain_row(columns, row) for row in rows)])
    raise ValueError("What is to be written on by hand is no plain text.")


def _plain_row(columns: Sequence[str], row: Sequence[object]) -> str:
    return "\n".join(_labelled(column, str(cell)) for column, cell in zip(columns, row, strict=True))


def _labelled(label: str, value: str) -> str:
    """A question needs no colon; what goes on over several lines is drawn in."""
    lines = value.replace("\n\n", "\n").replace("\n", "\n  ")
    return f"{label} {lines}" if label.endswith("?") else f"{label}: {lines}"
