"""Articles as files, and the OPDS catalogue that lists them."""

import base64
import io
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

import pytest
from lxml import etree

from tests.server.conftest import SECRET, Answer, Served

ATOM: Final = "{http://www.w3.org/2005/Atom}"
PNG: Final = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg"
    "=="
)


def opds(served: Served, path: str) -> Answer:
    basic = base64.b64encode(f"me:{SECRET}".encode()).decode()
    return served.ask("GET", path, headers={"Authorization": f"Basic {basic}"}, token=None)


def feed(served: Served, path: str) -> etree._Element:
    answer = opds(served, path)
    assert answer.status == 200, answer.body
    assert answer.headers["content-type"].startswith("application/atom+xml")
    root = etree.fromstring(answer.body)
    for name in ("id", "title", "updated"):
        for each in (root, *root.findall(f"{ATOM}entry")):
            assert each.findtext(f"{ATOM}{name}")
    return root


def links(element: etree._Element, relation: str) -> list[str]:
    return [
        str(link.get("href"))
        for link in element.findall(f"{ATOM}link")
        if link.get("rel") == relation
    ]


def test_an_entry_is_exported_in_each_format(served: Served) -> None:
    number = served.save("https://example.org/ferry", 'The "ferry": Über', tags="sea")
    epub = served.ask("GET", f"/api/entries/{number}/export.epub")
    assert epub.status == 200
    assert epub.headers["content-type"] == "application/epub+zip"
    assert epub.headers["content-length"] == str(len(epub.body))
    assert epub.headers["content-disposition"].startswith('attachment; filename="The ')
    assert epub.headers["content-disposition"].count('"') == 2
    with zipfile.ZipFile(io.BytesIO(epub.body)) as archive:
        assert archive.namelist()[0] == "mimetype"
        assert b"The ferry leaves the pier" in archive.read("book/chapter-1.xhtml")
    page = served.ask("GET", f"/api/entries/{number}/export.html")
    assert b"<article" in page.body
    assert page.headers["content-security-policy"].endswith("sandbox")
    assert served.ask("GET", f"/api/entries/{number}/export.md").body.startswith(b"# The ")
    assert b"The captain keeps" in served.ask("GET", f"/api/entries/{number}/export.txt").body
    (shown,) = served.ask("GET", f"/api/entries/{number}/export.json").json
    assert shown["id"] == number
    for kind in ("pdf", "mobi", "..", "epub.", "%2e%2e%2f"):
        assert served.ask("GET", f"/api/entries/{number}/export.{kind}").status == 404
    assert served.ask("GET", "/api/entries/1/export.epub").status == 404


def test_the_catalogue_leads_to_every_article(served: Served) -> None:
    served.save("https://example.org/1", "One & <only>", tags="sea/ice", starred=1)
    served.save("https://example.org/2", "Two")
    served.ask("POST", "/api/entries", {"url": "https://example.org/link"})
    start = feed(served, "/opds")
    lists = {
        entry.findtext(f"{ATOM}title"): links(entry, "subsection")[0]
        for entry in start.findall(f"{ATOM}entry")
    }
    assert {"Inbox", "Starred", "Everything", "Tags"} <= lists.keys()
    assert "Trash" not in lists
    inbox = feed(served, lists["Inbox"] or "")
    titles = [entry.findtext(f"{ATOM}title") for entry in inbox.findall(f"{ATOM}entry")]
    assert titles == ["Inbox: 2 articles in one book", "Two", "One & <only>"]
    for entry in inbox.findall(f"{ATOM}entry"):
        (address,) = links(entry, "http://opds-spec.org/acquisition")
        book = opds(served, urljoin("/opds/list", address))
        assert book.headers["content-type"] == "application/epub+zip"
        assert zipfile.is_zipfile(io.BytesIO(book.body))
    (starred,) = feed(served, lists["Starred"] or "").findall(f"{ATOM}entry")
    assert starred.findtext(f"{ATOM}title") == "One & <only>"
    assert [each.get("term") for each in starred.iter(f"{ATOM}category")] == ["sea/ice"]
    tags = feed(served, lists["Tags"] or "").findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in tags] == ["sea", "sea/ice"]
    assert len(feed(served, links(tags[0], "subsection")[0]).findall(f"{ATOM}entry")) == 1
    template = next(each for each in links(start, "search") if "{searchTerms}" in each)
    found = feed(served, template.replace("{searchTerms}", "ferry%20is:starred"))
    assert len(found.findall(f"{ATOM}entry")) == 1
    described = opds(served, links(start, "search")[0])
    assert b"{searchTerms}" in described.body


def test_a_long_view_has_pages(served: Served) -> None:
    rows = [f"https://example.org/{number}" for number in range(3)]
    for url in rows:
        served.save(url, url)
    page = feed(served, "/opds/list?query=site:example.org")
    assert links(page, "next") == []
    for path, status in {
        "/opds/list?view=Inbox&page=2": 404,
        "/opds/list?view=Trash": 404,
        "/opds/list?view=": 200,
        "/opds/list?query=is:nothing": 400,
        "/opds/list?query=" + "(" * 900: 400,
        "/opds/list?query=" + "a" * 2000: 400,
        "/opds/list?page=0x1": 400,
        "/opds/book.epub?view=Starred": 404,
        "/opds/entries/..%2f..%2fetc.epub": 404,
        "/opds/../api/entries": 404,
        "/opds/nothing": 404,
    }.items():
        answer = opds(served, path)
        assert answer.status == status, path
    assert served.ask("GET", "/opds", token=None).status == 401
    assert "Basic" in served.ask("GET", "/opds", token=None).headers["www-authenticate"]


@pytest.mark.skipif(not shutil.which("epubcheck"), reason="epubcheck is not installed")
def test_epubcheck_finds_nothing(served: Served, tmp_path: Path) -> None:
    """apt-get install epubcheck. Texts have what pages have: tables, code, notes, images, bidi."""
    page = (
        "<html lang=ar><head><title>T &amp; <b>x</b> ]]&gt;</title></head><body><article>"
        f"<h1>T</h1><p>A <code>x&lt;y</code> <em>text</em> with an image.</p>"
        f"<p><img src='data:image/png;base64,{PNG}' alt='a \"dot\"'> and words behind it.</p>"
        "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2 | 3</td></tr></table>"
        "<ul><li>one<ul><li>two</li></ul></li></ul><pre><code>a\n  b &amp; c</code></pre>"
        "<p>السلام عليكم، هذا نص طويل بما يكفي ليكون فقرة في مقال.</p><blockquote>q</blockquote>"
        "<p><a href='https://example.org/a b?c=d&amp;e=%zz'>link</a> <a href='#x'>here</a></p>"
        "</article></body></html>"
    )
    first = served.save(
        "https://example.org/a?b=c&d=e", "A <title> & more", content=page, tags="x&y"
    )
    served.save("https://example.org/2", "Two")
    served.ask("POST", f"/api/annotations/{first}", {"quote": "with an image", "text": "<note>"})
    file = tmp_path / "view.epub"
    file.write_bytes(opds(served, "/opds/book.epub?view=Everything").body)
    program = Path(shutil.which("epubcheck") or "").resolve()
    # Debian's is a jar that only runs by itself where the kernel was told how.
    words = ["java", "-jar"] if program.suffix == ".jar" else []
    done = subprocess.run(
        [*words, str(program), "--failonwarnings", str(file)], capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
