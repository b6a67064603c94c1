"""Documents as PDF: tags, language, identity of bytes, and texts that try to break them."""

import hashlib
import unicodedata
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from humla.core import document
from humla.core.document import (
    Boxes,
    Chain,
    Lines,
    Paragraph,
    Points,
    PrintedDocument,
    Quote,
    Rows,
    Section,
    Sheet,
    Table,
    Ticks,
    Written,
    fingerprint,
    render_pdf,
)

ARABIC = "أريد أن أنام وأن أعود إلى العمل ببطء"


def printed(*blocks, title="Plan för Eva Ek", heading="Arbete", **details):
    details = {"reference": "SIP 2026-0142", "dated": date(2026, 11, 24), **details}
    return PrintedDocument(title=title, sections=(Section(heading, blocks),), **details)


def a_plan():
    return printed(
        Quote("Jag vill orka vara mamma på kvällarna.", said_by="Eva Ek", said_on=date(2026, 11, 3)),
        Rows(
            (("Mål", "Arbetsträna 10 timmar i veckan"), ("Den som har det övergripande ansvaret", "Kommunen"))
        ),
        Table(
            ("Vem", "Vad", "Klart"),
            (("Amir", "Ordnar studiebesök", "11 december"),),
            (2, 5, 2),
            "Vem gör vad",
        ),
        Paragraph(Written(ARABIC, "ar")),
        issuer="Samordningsförbundet Humledalen",
        head=(("Person", "Eva Ek"),),
        footer=("Utlämnad till Arbetsförmedlingen med stöd av samtycke 3 november 2026.",),
    )


def opened(made):
    """Keep the answer in a name: pikepdf's parts die with the document they came from."""
    return pikepdf.open(BytesIO(render_pdf(made)))


def tags(pdf):
    found = []

    def walk(element):
        if isinstance(element, pikepdf.Dictionary):
            if "/S" in element:
                found.append((str(element.S)[1:], str(element.get("/Lang", ""))))
            children = element.get("/K")
            for child in children if isinstance(children, pikepdf.Array) else [children]:
                walk(child)

    walk(pdf.Root.StructTreeRoot)
    return found


def words(pdf):
    """The text of the pages, through the fonts' own maps from glyph to character."""
    read = []
    for page in pdf.pages:
        maps = {str(name): _to_unicode(font) for name, font in page.Resources.Font.items()}
        current = {}
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                current = maps[str(operands[0])]
            elif str(operator) in ("Tj", "TJ"):
                pieces = operands[0] if str(operator) == "TJ" else operands
                for piece in pieces:
                    if isinstance(piece, pikepdf.String):
                        codes = bytes(piece)
                        read += [current.get(codes[at : at + 2], "") for at in range(0, len(codes), 2)]
    return "".join(read)


def _to_unicode(font):
    found, inside = {}, False
    for line in font.ToUnicode.read_bytes().decode("latin1").splitlines():
        if "beginbfchar" in line:
            inside = True
        elif "endbfchar" in line:
            inside = False
        elif inside:
            code, text = (bytes.fromhex(part.strip("<> ")) for part in line.split("> <"))
            found[code] = text.decode("utf-16-be")
    return found


def squeezed(text):
    return "".join(text.split()).replace("\u200b", "")


def test_a_plan_is_tagged_and_says_its_language_and_title():
    pdf = opened(a_plan())
    found = [tag for tag, _ in tags(pdf)]

    assert str(pdf.Root.Lang) == "sv"
    assert str(pdf.docinfo.Title) == "Plan för Eva Ek"
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle) is True
    assert bool(pdf.Root.MarkInfo.Marked) is True
    assert [found.count(tag) for tag in ("H1", "H2", "BlockQuote", "Table", "TH", "Caption")] == [
        1,
        1,
        1,
        1,
        3,
        1,
    ]
    assert {"L", "LI", "Lbl", "LBody", "TD", "P"} <= set(found)


def test_a_plan_claims_both_standards():
    pdf = opened(a_plan())
    with pdf.open_metadata() as facts:
        claimed = (facts["pdfaid:part"], facts["pdfaid:conformance"], facts["pdfuaid:part"])

    assert claimed == ("2", "A", "1")


def test_another_language_is_tagged_as_itself():
    pdf = opened(a_plan())

    assert ("P", "ar") in tags(pdf)


def test_arabic_written_in_a_swedish_plan_is_not_called_swedish():
    pdf = opened(printed(Paragraph(ARABIC)))

    assert ("P", "und") in tags(pdf)


def test_a_document_in_arabic_goes_from_right_to_left():
    made = printed(Paragraph(ARABIC), title="خطة", language="ar")

    pdf = opened(made)

    assert (made.direction, str(pdf.Root.Lang)) == ("rtl", "ar")


@pytest.mark.parametrize(
    ("language", "printed_as"), [("sv-lattlast", "sv"), ("prs", "prs"), ("ti", "ti"), ("so", "so")]
)
def test_every_language_of_ours_can_be_printed(language, printed_as):
    pdf = opened(printed(Paragraph("ord"), language=language))

    assert str(pdf.Root.Lang) == printed_as


def test_the_words_can_be_read_out_of_the_pdf():
    read = squeezed(words(opened(a_plan())))

    for part in (
        "Jag vill orka vara mamma på kvällarna.",
        "Ordnar studiebesök",
        "SIP 2026-0142",
        "Vem gör vad",
    ):
        assert squeezed(part) in read


def test_arabic_letters_are_counted_once_each():
    # Fonts that draw a letter and its dots apart give a copied text with more letters than the page has.
    read = words(opened(printed(Paragraph(ARABIC))))
    arabic = sorted(
        each for each in unicodedata.normalize("NFKC", read) if "ARABIC" in unicodedata.name(each, "")
    )

    assert arabic == sorted(squeezed(ARABIC))


def test_the_same_document_gives_the_same_bytes_and_another_does_not():
    first, second = render_pdf(a_plan()), render_pdf(a_plan())

    assert hashlib.sha256(first).hexdigest() == hashlib.sha256(second).hexdigest()
    assert render_pdf(printed(Paragraph("annat"))) != first


def test_the_fingerprint_follows_the_content_and_is_printed():
    made = printed(Paragraph("ord"))

    assert fingerprint(made) == fingerprint(printed(Paragraph("ord")))
    assert fingerprint(made) != fingerprint(printed(Quote("ord")))
    assert fingerprint(made) in squeezed(words(opened(made)))


@pytest.mark.parametrize(
    "text",
    [
        '#import "x": *',
        "#panic()",
        '#read("/etc/passwd")',
        "*fet* _lutad_ = rubrik `kod` $x^2$ <etikett> @referens",
        "\\ \\u{41} // kommentar /* kommentar */",
        "]]]}}}))) [[[{{{(((",
        '"; #',
    ],
)
def test_what_people_write_is_never_markup(text):
    assert squeezed(text) in squeezed(words(opened(printed(Paragraph(text)))))


@pytest.mark.parametrize(
    "text",
    [
        "你好",
        "👩\u200d👧",
        "\x00\x07",
        "\ud800",
        "\ue000",
        "ක්‍ෂ",
        "a\u0e33",
        "\U000e0041",
        "\ufffe",
        "e\u0489",
    ],
)
def test_what_the_fonts_cannot_draw_becomes_a_square_and_is_told(text):
    read = squeezed(words(opened(printed(Paragraph(f"före {text} efter")))))

    assert "före" in read
    assert "efter" in read
    assert ("Tecknet□stårför" in read) is ("□" in document._drawable(text)[0])


@pytest.mark.parametrize("text", ["\u0929\r\n\u0612", " \u0612", "ሰ\u200b\u0612", "ሰ\u200d\u0612", "\u0301"])
def test_a_mark_without_a_letter_is_not_put_on_another(text):
    # Found by fuzzing: such a mark is looked for in the font of what stands before it and stops the document.
    assert "□" in squeezed(words(opened(printed(Paragraph(text)))))


def test_persian_joiners_and_ethiopic_are_drawn():
    assert document._drawable("می\u200cخواهم") == ("می\u200cخواهم", False)
    assert document._drawable("ሰላም ከመይ") == ("ሰላም ከመይ", False)


@pytest.mark.parametrize("empty", ["", "  ", "\u200b", "\x07", "\n\n"])
def test_nothing_at_all_can_be_printed(empty):
    blocks = (Paragraph(empty), Quote(empty), Rows(()), Rows(((empty, empty),)))
    table = Table((empty,), ((empty,),), (1,), empty)
    made = printed(
        *blocks,
        table,
        title=empty,
        heading=empty,
        reference=empty,
        issuer=empty,
        footer=(empty,),
        head=((empty, empty),),
    )
    pdf = opened(made)

    assert str(pdf.docinfo.Title) == "Handling"
    assert "H2" not in [tag for tag, _ in tags(pdf)]


def test_a_long_word_gets_places_to_break_and_keeps_its_letters():
    word = "å" * 2000
    told = document.Told(printed(Paragraph(word))).drawn(word)

    assert max(map(len, told.split("\u200b"))) == 12
    assert told.replace("\u200b", "") == word


def test_a_title_in_the_metadata_has_no_breaks():
    word = "Samordningsförbundsföreståndare"

    pdf = opened(printed(Paragraph("x"), title=word))

    assert str(pdf.docinfo.Title) == word


def test_long_texts_and_three_hundred_rows_go_over_many_pages():
    table = Table(("A", "B"), tuple((f"rad {n}", "ord " * (n % 30)) for n in range(300)), (1, 4))
    pdf = opened(printed(table, Table(("A", "B"), (("x", "lång " * 2000),), (1, 4)), Quote("ord " * 3000)))
    read = squeezed(words(pdf))

    assert len(pdf.pages) > 10
    assert all(f"rad{n}" in read for n in range(300))


def test_every_page_says_which_it_is():
    read = squeezed(words(opened(printed(Quote("ord " * 3000)))))

    assert "Sida1av" in read
    assert "Sida2av" in read


def test_a_table_with_a_row_too_short_is_refused():
    with pytest.raises(ValueError, match="as many cells"):
        Table(("A", "B"), (("bara en",),), (1, 1))


def test_a_section_is_no_title():
    with pytest.raises(ValueError, match="level"):
        Section("x", (), level=1)


def test_the_fonts_are_those_of_the_list():
    listed = dict(line.split()[::-1] for line in (document.FONTS / "CHECKSUMS").read_text().splitlines())
    there = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in document.FONTS.glob("*.ttf")
    }

    assert there == listed
    assert max(path.stat().st_size for path in Path(document.FONTS).iterdir()) < 700_000


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet=st.characters(exclude_categories=()), max_size=60),
    st.sampled_from(["sv", "ar", "ti", "en", "prs"]),
)
def test_any_text_can_be_printed_anywhere(text, language):
    made = PrintedDocument(
        title=text,
        reference=text,
        dated=date(2026, 1, 1),
        issuer=text,
        language=language,
        head=((text, text),),
        sections=(
            Section(text, (Paragraph(text), Quote(text, text), Table((text,), ((text,),), (1,), text))),
        ),
        footer=(text,),
    )

    assert render_pdf(made).startswith(b"%PDF-1.7")


def a_form():
    return printed(
        Boxes((("Namn", "Eva Ek"), ("Datum", ""))),
        Lines("Vad är viktigt för dig?", 4),
        Ticks("Vill du ha en plan?", ("Ja", "Nej"), is_row=True),
        Ticks("", tuple(f"svar {n}" for n in range(9))),
        Sheet(("Livsområde", "Mål"), ("Boende", "", ""), (1, 2), "Livsområden"),
        Points(("först", "sedan"), is_numbered=True),
        Points(("ett", "annat")),
        Chain((("Behov", "den som ser det", "Någon märker det."), ("Samtycke", "", ""))),
    )


@pytest.mark.parametrize("is_large", [False, True])
def test_a_form_to_write_on_is_tagged_and_claims_both_standards(is_large):
    pdf = pikepdf.open(BytesIO(render_pdf(a_form(), is_large=is_large, is_form=True)))
    found = [tag for tag, _ in tags(pdf)]
    read = squeezed(words(pdf))

    with pdf.open_metadata() as facts:
        assert (facts["pdfaid:part"], facts["pdfaid:conformance"], facts["pdfuaid:part"]) == ("2", "A", "1")
    assert (found.count("L"), found.count("Table"), found.count("TH")) == (2, 1, 2)
    for text in ("EvaEk", "Vadärviktigtfördig?", "Ja", "svar8", "Boende", "sedan", "1.Behov", "densomserdet"):
        assert text in read


def test_the_lines_and_squares_of_a_form_are_not_read_out():
    # Ink to write on is an artefact: in the tags there is as much as there are words, and no figure.
    pdf = opened(printed(Lines("Fråga", 3), Ticks("Svar", ("Ja",))))

    assert "Figure" not in [tag for tag, _ in tags(pdf)]


def test_more_lines_take_more_paper():
    few, many = (len(opened(printed(*[Lines("Fråga", n)] * 10)).pages) for n in (1, 8))

    assert (few, many > few) == (1, True)


def test_a_form_has_no_fingerprint_and_large_print_the_same_words():
    small, large = (render_pdf(a_form(), is_large=size, is_form=True) for size in (False, True))
    read = [squeezed(words(pikepdf.open(BytesIO(one)))) for one in (small, large)]

    assert [fingerprint(a_form()) in one for one in read] == [False, False]
    assert fingerprint(a_form()) in squeezed(words(opened(a_form())))
    assert small != large


def test_empty_forms_are_printed_too():
    empty = printed(
        Boxes(()), Points(()), Points(("", " ")), Sheet(("A",), (), (1,)), Chain(()), Ticks("", ())
    )

    assert "L" not in [tag for tag, _ in tags(opened(empty))]


def test_a_sheet_without_a_width_for_a_column_is_refused():
    with pytest.raises(ValueError, match="width"):
        Sheet(("A", "B"), ("",), (1,))
