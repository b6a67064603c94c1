"""The signed paper: told by its content, written anew, sealed; nothing of what came from outside is kept."""

import io
import struct
import zlib
from typing import Any

import pikepdf
import pytest
from django.db import connection
from PIL import Image

from humla.cases.models import Category
from humla.consents import actions
from humla.consents.models import Consent, Manner, PaperKind, SignedPaper
from humla.consents.papers import LARGEST, MOST_IN_CASE, content_of, lay_in, made_safe, paper_of, take_out
from humla.core.context import acting, now
from humla.core.rulings import NotAllowed
from tests import factories
from tests.cast import Cast
from tests.conftest import person_acting

pytestmark = pytest.mark.django_db


def picture(size: tuple[int, int] = (60, 80), kind: str = "PNG", **more: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "white").save(written, kind, **more)
    return written.getvalue()


def pdf(pages: int = 1, **root: Any) -> bytes:
    written = io.BytesIO()
    with pikepdf.new() as made:
        for _each in range(pages):
            made.add_blank_page()
        for key, value in root.items():
            made.Root[f"/{key}"] = made.make_indirect(value)
        made.save(written)
    return written.getvalue()


def packed(megabytes: int) -> bytes:
    """A pdf of a few kilobytes whose only page lies among spaces, packed."""
    press = zlib.compressobj(9)
    page = b"3 0 <</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    inside = press.compress(page) + b"".join(press.compress(b" " * 1_000_000) for _each in range(megabytes))
    inside += press.flush()
    written, places = b"%PDF-1.5\n", {}
    for number, one in (
        (1, b"<</Type/Catalog/Pages 2 0 R>>"),
        (2, b"<</Type/Pages/Kids[3 0 R]/Count 1>>"),
        (4, b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(inside) + inside),
    ):
        places[number] = len(written)
        ending = b"\nendstream" if number == 4 else b""
        written += b"%d 0 obj\n" % number + one + ending + b"\nendobj\n"
    rows = [(0, 0, 65535), (1, places[1], 0), (1, places[2], 0), (2, 4, 0), (1, places[4], 0)]
    table = b"".join(struct.pack(">BIH", *row) for row in [*rows, (1, len(written), 0)])
    head = b"5 0 obj\n<</Type/XRef/Size 6/W[1 4 2]/Root 1 0 R/Length %d>>\nstream\n" % len(table)
    return written + head + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % (len(written))


@pytest.fixture
def on_paper(cast: Cast) -> Consent:
    """Eva's yes to Arbetsförmedlingen, signed on paper."""
    case = factories.agreed(factories.open_case(cast, by=cast.siv), by=cast.siv)
    with acting(cast.siv):
        return actions.give(
            case,
            unit=cast.units["amir"],
            categories=[Category.PLANNING],
            exceptions="",
            ends_on=now().date().replace(day=1).replace(year=now().year + 1, month=1),
            manner=Manner.PAPER,
            heard_by="",
            language="sv",
            with_interpreter=False,
            by=cast.siv,
        )


def test_a_photograph_loses_where_and_with_what_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Siv Sandbergs telefon"
    scan = made_safe(picture(kind="JPEG", exif=exif))

    assert scan.kind is PaperKind.JPEG
    assert b"Siv Sandberg" not in scan.content
    assert not Image.open(io.BytesIO(scan.content)).getexif()


def test_what_is_hidden_behind_a_picture_is_not_kept() -> None:
    assert b"<script>" not in made_safe(picture() + b"<script>alert(1)</script>").content


def test_a_pdf_is_written_anew_with_its_pages() -> None:
    scan = made_safe(pdf(3))

    assert (scan.kind, scan.pages) == (PaperKind.PDF, 3)


@pytest.mark.parametrize(
    "root",
    [
        {"OpenAction": pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))},
        {"Names": pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary())},
        {"AA": pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.Launch))},
        {"AcroForm": pikepdf.Dictionary(XFA=pikepdf.String("x"))},
    ],
    ids=["program", "bilaga", "start", "formulär"],
)
def test_a_pdf_that_can_do_something_is_refused(root: dict[str, Any]) -> None:
    with pytest.raises(NotAllowed, match="program eller bilagor"):
        made_safe(pdf(**root))


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "tom"),
        (b"GIF89a" + b"x" * 50, "inte en pdf eller en bild"),
        (b"<html>", "inte en pdf eller en bild"),
        (b"%PDF-1.7 nonsense", "gick inte att läsa"),
        (b"\x89PNG\r\n\x1a\n nonsense", "gick inte att läsa"),
        (b"%PDF-" + b"x" * LARGEST, "för stor"),
    ],
)
def test_what_is_not_a_paper_says_what_to_do(raw: bytes, why: str) -> None:
    with pytest.raises(NotAllowed, match=why):
        made_safe(raw)


def test_a_small_file_that_would_fill_the_memory_is_refused() -> None:
    large = packed(60)

    assert len(large) < 70_000
    assert made_safe(packed(1)).pages == 1
    with pytest.raises(NotAllowed, match=r"mellan en och|gick inte att läsa"):
        made_safe(large)


def test_too_many_pages_or_pixels_is_refused() -> None:
    with pytest.raises(NotAllowed, match="mellan en och"):
        made_safe(pdf(21))
    with pytest.raises(NotAllowed, match="för stor"):
        made_safe(picture((9000, 5000)))


def test_it_lies_sealed_and_only_the_holder_and_eva_have_it(cast: Cast, on_paper: Consent) -> None:
    with acting(cast.siv):
        paper = lay_in(on_paper.case, on_paper, pdf(), by=cast.siv)
        found = paper_of(on_paper.case, paper.pk)
        assert found is not None
        content = content_of(found)
        with connection.cursor() as cursor:
            cursor.execute("SELECT content FROM consents_signedpaper WHERE id = %s", [paper.pk])
            stored = cursor.fetchone()[0]
    for other in (cast.amir, cast.lena, cast.nils, cast.olof):
        with acting(other):
            assert not SignedPaper.objects.exists()
    with person_acting(cast.eva):
        assert SignedPaper.objects.count() == 1

    assert content.startswith(b"%PDF-")
    assert "gAAAA" in stored[:20]


def test_only_what_was_said_on_paper_has_a_paper(cast: Cast, on_paper: Consent) -> None:
    said = factories.consent(on_paper.case, cast.units["farid"], by=cast.siv)
    with acting(cast.siv), pytest.raises(NotAllowed, match="inte på papper"):
        lay_in(on_paper.case, said, pdf(), by=cast.siv)


def test_the_wrong_paper_is_emptied_and_that_it_was_there_stands(cast: Cast, on_paper: Consent) -> None:
    with acting(cast.siv):
        paper = lay_in(on_paper.case, on_paper, pdf(), by=cast.siv)
        take_out(paper, by=cast.siv)
        row = SignedPaper.objects.get(pk=paper.pk)
        gone = paper_of(on_paper.case, paper.pk)

    assert gone is None
    assert (row.content, row.removed_by_id) == (None, cast.siv.id)


def test_a_case_has_room_for_so_many(cast: Cast, on_paper: Consent) -> None:
    small = pdf()
    with acting(cast.siv):
        for _each in range(MOST_IN_CASE):
            lay_in(on_paper.case, on_paper, small, by=cast.siv)
        with pytest.raises(NotAllowed, match="redan 12 papper"):
            lay_in(on_paper.case, on_paper, small, by=cast.siv)


def test_siv_sends_a_scan_and_gets_it_back_as_a_file(cast: Cast, on_paper: Consent, sign_in: Any) -> None:
    siv, path = sign_in(cast.siv), f"/arenden/{on_paper.case_id}/samtycke/{on_paper.pk}/papper/"
    scan = io.BytesIO(picture())
    scan.name = "<script>.png"
    sent = siv.send(path, {"scan": scan})
    text = io.BytesIO(b"hej")
    text.name = "samtycke.pdf"
    refused = siv.send(path, {"scan": text})
    with acting(cast.siv):
        paper = SignedPaper.objects.get()
    file = siv.get(f"/arenden/{on_paper.case_id}/samtycke/papper/{paper.pk}/")

    assert sent.status_code == 302
    assert "Det är inte en pdf eller en bild" in refused.content.decode()
    assert file["Content-Type"] == "image/jpeg"
    assert file["Content-Disposition"].startswith("attachment; filename=")
    assert "sandbox" in file["Content-Security-Policy"]
    assert (
        sign_in(cast.nils).get(f"/arenden/{on_paper.case_id}/samtycke/papper/{paper.pk}/").status_code == 404
    )
