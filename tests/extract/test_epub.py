"""Books: chapters in order as one article, with outline, notes, images and metadata."""

import io
import time
import zipfile
from collections.abc import Mapping

import pytest

from reader.extract import extract
from reader.formats.export_item import ExportItem
from reader.formats.exporters import epub as exporter
from reader.model.article import Article
from reader.model.entry import Entry, EntryId, Record
from reader.model.errors import NotAnArticleError

CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)
SENTENCE = "The lighthouse keeper counts the ships, and writes each of them into the long book."
IMAGE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x20\0\0\0\x20" + bytes(range(200))


def package(items: str, spine: str, meta: str = "") -> str:
    return (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Light</dc:title>'
        "<dc:creator>Ada Sund</dc:creator><dc:creator>Bo Lind</dc:creator>"
        "<dc:language>en-GB</dc:language><dc:publisher>Pier Press</dc:publisher>"
        "<dc:date>2021-03-04</dc:date><dc:subject>sea stories</dc:subject>"
        f"<dc:description>&lt;p&gt;A book of ships.&lt;/p&gt;</dc:description>{meta}</metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )


def chapter(body: str) -> str:
    return (
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"'
        ' xmlns:epub="http://www.idpf.org/2007/ops"><head><title>x</title></head>'
        f"<body>{body}</body></html>"
    )


def packed(files: Mapping[str, str | bytes], *, container: str = CONTAINER) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip")
        archive.writestr("META-INF/container.xml", container)
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def book(*bodies: str, items: str = "", files: Mapping[str, str | bytes] | None = None) -> bytes:
    """A book with these chapters; `items` of the manifest name further `files`."""
    names = [f"c{number}.xhtml" for number in range(1, len(bodies) + 1)]
    listed = "".join(
        f'<item id="i{name}" href="text/{name}" media-type="application/xhtml+xml"/>'
        for name in names
    )
    spine = "".join(f'<itemref idref="i{name}"/>' for name in names)
    pages = {f"OEBPS/text/{name}": chapter(body) for name, body in zip(names, bodies, strict=True)}
    more = {f"OEBPS/{name}": content for name, content in (files or {}).items()}
    return packed({"OEBPS/book.opf": package(listed + items, spine), **pages, **more})


def test_a_book_is_one_article_with_its_metadata() -> None:
    article = extract(
        book(
            f"<h1>First</h1><p>{SENTENCE}</p>",
            f"<h1>Second</h1><h2>Within</h2><p>{SENTENCE} <a href='c1.xhtml'>back</a></p>",
        )
    )
    assert (article.title, article.byline) == ("The Light", "Ada Sund, Bo Lind")
    assert (article.language, article.site, article.published) == (
        "en-GB",
        "Pier Press",
        "2021-03-04",
    )
    assert article.description == "A book of ships."
    assert article.tags == ("sea stories",)
    headings = [line for line in article.markdown.split("\n") if line.startswith("#")]
    assert headings == ["## First", "## Second", "### Within"]
    assert article.markdown.count(SENTENCE) == 2
    assert not article.cut


def test_a_book_packed_in_any_order_is_read() -> None:
    """Documentation programs pack the files as they lie: the media type last, or nowhere."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(f"<h1>First</h1><p>{SENTENCE}</p>"))) as given,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in given.namelist()[1:]:
            archive.writestr(name, given.read(name))
    assert extract(stream.getvalue()).title == "The Light"


def test_titles_come_from_either_navigation() -> None:
    ncx = (
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>Named'
        '</text></navLabel><content src="text/c1.xhtml#top"/></navPoint></navMap></ncx>'
    )
    item = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
    assert (
        "## Named\n"
        in extract(book(f"<p>{SENTENCE}</p>", items=item, files={"toc.ncx": ncx})).markdown
    )
    nav = chapter('<nav epub:type="toc"><ol><li><a href="text/c1.xhtml">Listed</a></li></ol></nav>')
    item = '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    article = extract(book(f"<p>{SENTENCE}</p>", items=item, files={"nav.xhtml": nav}))
    assert article.markdown.startswith("## Listed\n")


def test_notes_of_another_file_are_notes() -> None:
    text = f'<p>{SENTENCE}<a epub:type="noteref" href="c2.xhtml#n1">1</a> And more words here.</p>'
    notes = '<aside epub:type="footnote" id="n1"><p>1. A note about the ships.</p></aside>'
    markdown = extract(book(text, notes)).markdown
    assert "[^1]" in markdown
    assert "[^1]: A note about the ships." in markdown


def test_cover_and_images_are_kept() -> None:
    items = (
        '<item id="cover" href="cover.png" media-type="image/png" properties="cover-image"/>'
        '<item id="map" href="img/a map.png" media-type="image/png"/>'
    )
    other = IMAGE + b"other"
    data = book(
        f"<p>{SENTENCE}</p><p><img src='../img/a%20map.png' alt='A map'/></p>",
        items=items,
        files={"cover.png": IMAGE, "img/a map.png": other},
    )
    article = extract(data)
    assert [image.content for image in article.images] == [IMAGE, other]
    assert article.markdown.startswith("![](images/")
    assert "![A map](images/" in article.markdown
    drawn = "<svg><image xlink:href='../cover.png'/></svg>"
    article = extract(book(drawn, f"<p>{SENTENCE}</p>", items=items, files={"cover.png": IMAGE}))
    assert [image.content for image in article.images] == [IMAGE]


MARKDOWN = f"""A formula $a^2 + b$ in text, and a note[^1]. {SENTENCE}

$$
x = \\frac{{1}}{{2}}
$$

![A map of the bay](images/0123456789abcdef.png)
*The bay in winter.*

- [ ] open task with words
- [x] done task

1. one
2. two
   - nested

> [!note] A title
> With words in it, **bold** and `code`.

> A quote, plain.

| a | b |
| --- | --- |
| 1 | 2 |

```python
def f(x):
    return x  # <&>
```

Words with \\*stars\\* and a [link](https://example.org/a_b?c=d&e=f).

## Heading two

### Heading three

Line one\\
line two.

---

~~struck~~ text.

[^1]: The note, with a [link](https://example.org/).
"""


def exported(article: Article) -> bytes:
    names = {image.destination: image.name for image in article.images}
    contents = {image.name: image.content for image in article.images}
    entry = Entry(
        EntryId("0" * 12),
        article.url,
        article.title,
        "2026-01-02T03:04:05Z",
        byline=article.byline,
        site=article.site,
        published=article.published,
        language=article.language,
        tags=("sea",),
    )
    stream = io.BytesIO()
    exporter.write(
        stream,
        [ExportItem(Record(entry, images=names, note="mine"), article.markdown, contents.get)],
        article.title,
        identifier="urn:uuid:00000000-0000-5000-a000-000000000000",
        modified="2026-01-02T03:04:05Z",
        rewrite_image=lambda content: None,
    )
    return stream.getvalue()


def test_own_exports_come_back_equal() -> None:
    page = MARKDOWN.replace(
        "![A map of the bay](images/0123456789abcdef.png)\n*The bay in winter.*\n\n", ""
    )
    head = "---\ntitle: The Bay\nauthor: Ada Sund\ndate: 2021-03-04\nlanguage: en\n---\n"
    first = extract((head + page).encode(), "https://example.org/bay", "bay.md")
    assert "$$" in first.markdown
    assert "> [!note]" in first.markdown
    again = extract(exported(first))
    assert again.markdown == first.markdown
    for name in ("title", "byline", "site", "published", "language", "url", "words"):
        assert getattr(again, name) == getattr(first, name), name
    assert again.tags == ("sea",)
    assert "mine" not in again.markdown


def test_an_exported_image_comes_back_with_its_caption() -> None:
    items = '<item id="map" href="map.png" media-type="image/png"/>'
    figure = "<figure><img src='../map.png' alt='Map'/><figcaption>The bay.</figcaption></figure>"
    first = extract(book(f"<p>{SENTENCE}</p>{figure}", items=items, files={"map.png": IMAGE}))
    again = extract(exported(first))
    assert again.markdown == first.markdown
    assert [image.content for image in again.images] == [IMAGE]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (packed({}), "no package"),
        (packed({"OEBPS/book.opf": "<package>"}), "no chapter"),
        (packed({"OEBPS/book.opf": "\0" * 50}), "no package"),
        (packed({"META-INF/encryption.xml": "<a/>", "META-INF/rights.xml": "<a/>"}), "protected"),
        (book("<p> </p>"), "no sentence"),
        (book(f"<p>{SENTENCE}</p>")[:-40], "damaged"),
        (
            book(f"<p>{SENTENCE}</p>", items="<item id='x' href='../../../etc/passwd'/>")[:60],
            "damaged",
        ),
    ],
    # A packed book holds the time: every process would name the cases in another way.
    ids=["empty", "unclosed", "zeros", "encrypted", "blank", "without its end", "its start"],
)
def test_what_is_no_book_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(NotAnArticleError, match=reason):
        extract(data)


def test_hostile_books_are_bounded() -> None:
    began = time.process_time()
    spine = '<itemref idref="big"/>' * 50_000 + '<itemref idref="ok"/>'
    items = (
        '<item id="big" href="big.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="ok" href="ok.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="up" href="../../../../etc/passwd" media-type="image/png"/>'
        '<item id="far" href="https://example.org/a.png" media-type="image/png"/>'
        '<item id="huge" href="huge.png" media-type="image/png"/>'
    )
    laughs = (
        '<!DOCTYPE package [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    )
    opf = package(items, spine, "<dc:rights>&c;&f;</dc:rights>").replace(
        '<?xml version="1.0"?>', f'<?xml version="1.0"?>{laughs}'
    )
    data = packed(
        {
            "OEBPS/book.opf": opf,
            "OEBPS/big.xhtml": "<div>" * 4_000_000,
            "OEBPS/huge.png": bytes(60_000_000),
            "OEBPS/ok.xhtml": chapter(f"<p>{SENTENCE}</p><img src='file:///etc/passwd'/>"),
        }
    )
    assert len(data) < 200_000
    article = extract(data)
    assert SENTENCE in article.markdown
    assert "root:" not in article.markdown
    assert article.cut
    assert time.process_time() - began < 8
