"""PDF files: headings, joined lines, columns, images and page marks as Markdown."""

import contextlib
import io
import sys

import pytest
from pypdf import PdfReader, PdfWriter

from reader.extract import extract
from reader.extract.input import pdf
from reader.extract.input.pdf_repair import restore_lines
from reader.model.errors import NotAnArticleError

BODY = (
    "The harbour master keeps two clocks, one for the tide and one for the trains, and he trusts"
    " neither of them. When the fog comes in he walks to the end of the pier and listens, because"
    " a bell carries further than any light, and a ship that cannot see may still be answered."
)


def lines_of(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def block(text: str, x: int, y: int, *, width: int = 80, size: int = 11) -> str:
    """Text lines from (x, y) downwards, as content of a page."""
    shown = []
    for number, line in enumerate(lines_of(text, width)):
        escaped = line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        shown.append(f"BT /F1 {size} Tf {x} {y - number * (size + 3)} Td ({escaped}) Tj ET")
    return "\n".join(shown)


def file_of(*pages: str, info: str = "", image: bytes = b"") -> bytes:
    """A PDF with these page contents; `image` is raw grey, 32 by 32, named /I1 on each page."""
    objects: list[bytes] = []

    def add(content: bytes) -> int:
        objects.append(content)
        return len(objects)

    add(b"<< /Type /Catalog /Pages 2 0 R >>")
    add(b"")
    font = add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    picture = add(
        b"<< /Type /XObject /Subtype /Image /Width 32 /Height 32 /ColorSpace /DeviceGray"
        b" /BitsPerComponent 8 /Length %d >>\nstream\n%s\nendstream" % (len(image), image)
    )
    kids = []
    for content in pages:
        data = content.encode("latin-1")
        stream = add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data))
        kids.append(
            add(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources"
                b" << /Font << /F1 %d 0 R >> /XObject << /I1 %d 0 R >> >> >>"
                % (stream, font, picture)
            )
        )
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (
        b" ".join(b"%d 0 R" % kid for kid in kids),
        len(kids),
    )
    facts = add(f"<< {info} >>".encode("latin-1"))
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        facts,
        start,
    )
    return bytes(out)


HEAD = block("On harbour clocks", 60, 770, size=26)


def test_a_pdf_is_an_article_with_headings_and_joined_lines() -> None:
    page = "\n".join(
        [
            HEAD,
            block(BODY, 60, 700),
            block("The two clocks", 60, 600, size=18),
            block(BODY, 60, 560),
        ]
    )
    info = "/Title (On harbour clocks) /Author (Ada Sund) /CreationDate (D:20210304050607Z)"
    article = extract(file_of(page, info=info))
    assert (article.title, article.byline, article.published) == (
        "On harbour clocks",
        "Ada Sund",
        "2021-03-04",
    )
    assert article.markdown.count(BODY) == 2
    assert "## The two clocks\n" in article.markdown
    assert "On harbour clocks" not in article.markdown


def test_columns_come_one_after_the_other() -> None:
    left = BODY.replace("harbour", "western")
    right = BODY.replace("harbour", "eastern")
    page = "\n".join([HEAD, block(left, 60, 700, width=38), block(right, 320, 700, width=38)])
    words = extract(file_of(page)).markdown.replace("\n", " ").split()
    text = " ".join(words)
    assert text.index("western") < text.index("still be answered.") < text.index("eastern")


def test_a_sentence_over_two_pages_is_joined_and_marked() -> None:
    first, second = BODY.split(" because", 1)
    data = file_of(f"{HEAD}\n{block(first, 60, 700)}", block(f"because{second}", 60, 770))
    markdown = extract(data).markdown
    assert BODY in markdown
    assert "\n\n*page 2*" in markdown


def test_images_are_kept() -> None:
    image = bytes((x * y) % 251 for x in range(32) for y in range(32))
    drawn = "q 200 0 0 200 60 300 cm /I1 Do Q"
    article = extract(file_of("\n".join([HEAD, block(BODY, 60, 700), drawn]), image=image))
    (kept,) = article.images
    assert f"]({kept.name})" in article.markdown


def test_what_looks_like_markup_is_text() -> None:
    page = "\n".join([HEAD, block(f"{BODY} <script>alert(1)</script> <b>x", 60, 700)])
    markdown = extract(file_of(page)).markdown
    assert "alert(1)" in markdown
    assert "\\<script>" in markdown or "&lt;script" in markdown or "\\<b" in markdown


def test_pages_of_a_scanner_say_so() -> None:
    image = bytes(range(256)) * 4
    with pytest.raises(NotAnArticleError, match="holds no text"):
        extract(file_of("q 500 0 0 700 40 60 cm /I1 Do Q", image=image))


def test_broken_and_locked_files_are_refused() -> None:
    whole = file_of(f"{HEAD}\n{block(BODY, 60, 700)}")
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(whole)))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    for data in (locked.getvalue(), b"%PDF-1.7\n", b"%PDF-1.7 " + bytes(range(256)) * 20):
        with pytest.raises(NotAnArticleError, match="PDF"):
            extract(data)
    for cut in range(200, len(whole), 97):
        # Some parts are enough to be read; nothing else may be raised for the others.
        with contextlib.suppress(NotAnArticleError):
            extract(whole[:cut])


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "liteparse", None)
    with pytest.raises(NotAnArticleError, match=r"pip install 'reader-tui\[pdf\]'"):
        extract(file_of(HEAD))


def test_right_to_left_lines_are_read_in_order() -> None:
    """A file has them as on paper, where the sign that ends a sentence stands first."""
    seen = ".والبحر الميناء عن\n.طويلة قصة هذه\n٦٢٠٢ في"
    assert pdf._in_logical_order(seen) == "عن الميناء والبحر.\nهذه قصة طويلة.\nفي ٢٠٢٦"
    assert pdf._in_logical_order("هذه قصة طويلة.\nعن الميناء.") == "هذه قصة طويلة.\nعن الميناء."


def test_titles_of_the_outline_are_headings() -> None:
    """One as large as the text around it, one with a number that runs into its paragraph."""
    writer = PdfWriter(clone_from=io.BytesIO(file_of(
        block("The Two Clocks", 60, 760)
        + "\n" + block(BODY, 60, 730)
        + "\n" + block("2.1 The Long Pier In winter " + BODY[4:], 60, 640),
    )))  # fmt: skip
    above = writer.add_outline_item(title="The two clocks", page_number=0)
    writer.add_outline_item(title="The long pier", page_number=0, parent=above)
    writer.add_outline_item(title="A title that no page has", page_number=0)
    content = io.BytesIO()
    writer.write(content)
    file = pdf.read_pdf(content.getvalue())
    found = file.markdown
    assert file.title == "The Two Clocks"
    assert found.startswith("The harbour master")
    assert "### 2.1 The Long Pier\n\nIn winter harbour master" in found
    assert "no page has" not in found


def test_lines_that_the_markdown_lacks_are_put_back() -> None:
    """A caption and a column; running heads and labels of figures stay out."""
    head = "The Pier Gazette, number 12, the third of March"
    caption = [
        "Figure 3. The pier with its bell and both clocks, drawn from a",
        "boat in the summer before the storm; the *tide* is low.",
    ]
    pages = [
        f"A first paragraph of page {number}.\n\nA last one that closes it." for number in "123"
    ]
    texts = [
        f"{head}\n\n  A first paragraph of page {number}.\n\n A last one that closes it."
        for number in "123"
    ]
    texts[1] = texts[1].replace(" A last", f"  {caption[0]}    4 m\n  {caption[1]}\n\n A last")
    found = restore_lines(pages, texts)
    assert found[0] == pages[0]
    assert found[2] == pages[2]
    assert found[1].split("\n\n") == [
        "A first paragraph of page 2.",
        " ".join(caption).replace("*", "\\*"),
        "A last one that closes it.",
    ]
