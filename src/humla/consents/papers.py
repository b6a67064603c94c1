"""The signed paper, scanned: tested from its content, cleaned, sealed, and served as a file and nothing else.

Here: what a scan may be, how it is made safe, who may lay it in and take it out. Not here: the answer that it
proves (`actions`), nor the page that it is sent from (`humla.web.signed_papers`).

Nothing of what came from outside is kept as it came. A picture is read and written anew, without where and
with what it was taken; a pdf is opened, refused when it holds a program or a file in it, and written anew.
"""

import base64
import hashlib
import io
import warnings
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pikepdf
from django.db import transaction
from django.utils.translation import gettext as _
from pikepdf.settings import set_qpdf_limits
from PIL import Image, ImageOps, UnidentifiedImageError

from humla.audit.record import record
from humla.audit.tags import Tag
from humla.cases.models import Case
from humla.cases.visibility import my_right_in
from humla.consents import rules
from humla.consents.models import Consent, Manner, PaperKind, PlanConsent, SignedPaper
from humla.core.context import Actor, now
from humla.core.rulings import YES, NotAllowed, Ruling, all_of, no
from humla.core.versions import Stale

LARGEST = 5_000_000
"""Bytes: a page photographed by a telephone, or ten scanned in grey."""

MOST_IN_CASE = 12
MOST_PAGES = 20
_MOST_PIXELS = 40_000_000
_LONGEST_SIDE = 2400
"""What is needed to read handwriting on an A4 page, and no more."""

_LARGEST_INSIDE = 50_000_000
"""Bytes that a packed part of a pdf may become when it is read: one megabyte can say a thousand."""

set_qpdf_limits(
    flate_max_memory=_LARGEST_INSIDE,
    png_max_memory=_LARGEST_INSIDE,
    tiff_max_memory=_LARGEST_INSIDE,
    run_length_max_memory=_LARGEST_INSIDE,
    dct_max_memory=_LARGEST_INSIDE,
    max_stream_filters=3,
    parser_max_container_size=100_000,
)

_PROGRAMS = frozenset(
    {"/JS", "/JavaScript", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/XFA"}
)


@dataclass(frozen=True)
class Scan:
    """A scan as it is kept: written anew by us."""

    kind: PaperKind
    content: bytes
    pages: int


# --- what there is ------------------------------------------------------------------------------------------


def papers_in(case: Case) -> list[SignedPaper]:
    """Every scan in the case that has not been taken out, without what it shows."""
    return list(SignedPaper.objects.filter(case_id=case.pk, removed_at__isnull=True).defer("content"))


def paper_of(case: Case, paper_id: UUID) -> SignedPaper | None:
    """One scan of this case, with what it shows."""
    found = SignedPaper.objects.filter(case_id=case.pk, pk=paper_id, removed_at__isnull=True).first()
    if found is not None:
        found.case = case
    return found


def content_of(paper: SignedPaper) -> bytes:
    """The file itself."""
    return base64.b64decode(paper.content or "")


# --- what may be --------------------------------------------------------------------------------------------


def may_scan(
    actor: Actor, case: Case, answer: Consent | PlanConsent, papers: Collection[SignedPaper]
) -> Ruling:
    """May a scan be laid to this answer? One that was given on paper, while there is room."""
    return all_of(
        rules.may_record(actor, case),
        YES if answer.manner == Manner.PAPER else no(_("Svaret gavs inte på papper.")),
        YES
        if len(papers) < MOST_IN_CASE
        else no(_("Det finns redan %(most)s papper i ärendet. Ta bort ett först.") % {"most": MOST_IN_CASE}),
    )


def may_remove(actor: Actor, paper: SignedPaper) -> Ruling:
    """May it be taken out: the wrong paper, or the wrong person's?"""
    gone = no(_("Papperet är redan borttaget."))
    return all_of(rules.may_record(actor, paper.case), YES if paper.removed_at is None else gone)


def made_safe(raw: bytes) -> Scan:
    """What came, told by its content and written anew. Raises NotAllowed with what to do instead."""
    if not raw:
        raise NotAllowed(_("Filen är tom. Välj en annan."))
    if len(raw) > LARGEST:
        raise NotAllowed(_("Filen är för stor. Högst 5 MB: skanna i grått, eller fota en sida i taget."))
    if raw.startswith(b"%PDF-"):
        return _pdf(raw)
    if raw.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return _picture(raw)
    raise NotAllowed(_("Det är inte en pdf eller en bild. Skanna papperet som pdf, eller fota det."))


def _picture(raw: bytes) -> Scan:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=("PNG", "JPEG")) as found:
                if found.width * found.height > _MOST_PIXELS:
                    raise NotAllowed(_("Bilden är för stor. Ta den med lägre upplösning."))
                upright = ImageOps.exif_transpose(found).convert("RGB")
    except (
        OSError,
        ValueError,
        SyntaxError,
        UnidentifiedImageError,
        Image.DecompressionBombWarning,
    ) as broken:
        raise NotAllowed(_("Bilden gick inte att läsa. Ta en ny.")) from broken
    upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    written = io.BytesIO()
    # A picture of its own: neither where it was taken nor anything laid behind the pixels comes along.
    upright.save(written, "JPEG", quality=80, optimize=True)
    return Scan(PaperKind.JPEG, written.getvalue(), 1)


def _pdf(raw: bytes) -> Scan:
    try:
        with pikepdf.open(io.BytesIO(raw)) as found:
            if any(_PROGRAMS & _names_in(one) for one in _objects(found)):
                raise NotAllowed(
                    _("Pdf:en innehåller program eller bilagor. Skanna papperet på nytt, eller fota det.")
                )
            pages = len(found.pages)
            if not 1 <= pages <= MOST_PAGES:
                raise NotAllowed(_("En pdf har mellan en och %(most)s sidor här.") % {"most": MOST_PAGES})
            for key in ("/OpenAction", "/AA", "/Metadata", "/AcroForm"):
                if key in found.Root:
                    del found.Root[key]
            written = io.BytesIO()
            found.save(written)
    except (pikepdf.PdfError, ValueError, RuntimeError) as broken:
        raise NotAllowed(
            _("Pdf:en gick inte att läsa, eller så är den låst. Skanna papperet på nytt.")
        ) from broken
    return Scan(PaperKind.PDF, written.getvalue(), pages)


def _objects(found: pikepdf.Pdf) -> Iterator[Any]:
    """Every object of the file, and what lies inside each."""
    waiting: list[Any] = list(found.objects)
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting += [each for each in one if _is_inside(each)]
        elif isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            yield one
            waiting += [value for _key, value in one.items() if _is_inside(value)]


def _is_inside(value: Any) -> bool:
    """Written in place; what is pointed at stands among the objects anyway."""
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


def _names_in(one: Any) -> set[str]:
    kinds = {str(one[key]) for key in ("/S", "/Type", "/Subtype") if isinstance(one.get(key), pikepdf.Name)}
    return {str(key) for key in one.keys()} | kinds  # noqa: SIM118 - a pdf dictionary is not a mapping.


# --- what happens -------------------------------------------------------------------------------------------


@transaction.atomic
def lay_in(case: Case, answer: Consent | PlanConsent, raw: bytes, *, by: Actor) -> SignedPaper:
    """Keep a scan with the answer that it proves, sealed."""
    may_scan(by, case, answer, papers_in(case)).enforce()
    scan = made_safe(raw)
    paper = SignedPaper(
        association_id=case.association_id,
        authority_id=case.authority_id,
        person_id=case.person_id,
        case=case,
        consent=answer if isinstance(answer, Consent) else None,
        plan_consent=answer if isinstance(answer, PlanConsent) else None,
        kind=scan.kind,
        pages=scan.pages,
        size=len(scan.content),
        sha256=hashlib.sha256(scan.content).hexdigest(),
        content=base64.b64encode(scan.content).decode("ascii"),
        scanned_at=now(),
        scanned_by_id=by.id,
    )
    paper.save(force_insert=True)
    _note(Tag.PAPER_SCANNED, paper, by)
    return paper


@transaction.atomic
def take_out(paper: SignedPaper, *, by: Actor) -> SignedPaper:
    """The wrong paper: what it showed is gone at once; that it was there stands."""
    may_remove(by, paper).enforce()
    hit = SignedPaper.objects.filter(pk=paper.pk, removed_at__isnull=True).update(
        content=None, removed_at=now(), removed_by_id=by.id
    )
    if not hit:
        raise Stale(paper)
    paper.content, paper.removed_at, paper.removed_by_id = None, now(), by.id
    _note(Tag.PAPER_REMOVED, paper, by)
    return paper


def _note(tag: Tag, paper: SignedPaper, by: Actor) -> None:
    items = [("paper", paper.pk, 0)]
    record(
        tag, case=paper.case_id, person=paper.person_id, items=items, allowed_by=my_right_in(paper.case, by)
    )
