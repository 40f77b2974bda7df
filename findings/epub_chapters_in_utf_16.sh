#!/bin/sh
# Four readers of EPUB files lose chapters that are encoded in UTF-16: EbookLib 0.20, and of npm epub2 3.0.2, epub2md
# 1.6.4 and @lingo-reader/epub-parser 0.4.6. EPUB 3.3 ("XML conformance", and EPUB 2 before it) allows UTF-8
# and UTF-16 for the XML files of a book, so readers have to know both. Byte order mark and XML declaration say
# which it is. EbookLib's `get_body_content()` and @lingo-reader give an empty chapter; epub2 and epub2md take
# the bytes for UTF-8, with a NUL or a line break between any two letters. None of them reports an error, and the
# chapter in UTF-8 of the same book is whole. (docling and xberg had the same fault: pull request 4351 and issue
# 1494 there.)
# For a program that reads books: give the bytes to an XML parser, rather than decode them first.
# Needs node and npm. Fails once one of the four reads the chapter.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund epub2@3.0.2 epub2md@1.6.4 @lingo-reader/epub-parser@0.4.6 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check ebooklib==0.20
venv/bin/python - <<'PY'
import zipfile

HEAD = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>Ferry</title></head>'
CHAPTER = '<?xml version="1.0" encoding="%s"?>' + HEAD + "<body><p>The ferry of chapter %s was late.</p></body></html>"
files = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
    "book.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
    '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:uuid:60a76c80-d399-4d9b-893c-0003939e0af6'
    "</dc:identifier><dc:title>Ferry</dc:title><dc:language>en</dc:language>"
    '<meta property="dcterms:modified">2026-05-01T10:00:00Z</meta></metadata><manifest>'
    '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    '<item id="one" href="one.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="two" href="two.xhtml" media-type="application/xhtml+xml"/>'
    '</manifest><spine><itemref idref="one"/><itemref idref="two"/></spine></package>',
    "nav.xhtml": f'{HEAD}<body><nav epub:type="toc"><ol><li><a href="one.xhtml">One</a></li>'
    '<li><a href="two.xhtml">Two</a></li></ol></nav></body></html>',
    "one.xhtml": CHAPTER % ("utf-8", "one"),
    "two.xhtml": (CHAPTER % ("utf-16", "two")).encode("utf-16"),
}
with zipfile.ZipFile("book.epub", "w") as archive:
    for name, text in files.items():
        archive.writestr(name, text)
PY
cat >read.mjs <<'JS'
import { writeFileSync } from "node:fs";
import { initEpubFile } from "@lingo-reader/epub-parser";
import epub2 from "epub2";

const chapters = { epub2: [], "@lingo-reader": [] };
const book = await epub2.EPub.createAsync("book.epub");
for (const { id } of book.flow) {
  chapters.epub2.push(await book.getChapterAsync(id));
}
const other = await initEpubFile("book.epub");
for (const { id } of other.getSpine()) {
  chapters["@lingo-reader"].push((await other.loadChapter(id))?.html ?? "");
}
writeFileSync("chapters.json", JSON.stringify(chapters));
process.exit(0);
JS
node read.mjs
node_modules/.bin/epub2md --convert book.epub >/dev/null
venv/bin/python -W ignore - <<'PY'
import json
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from ebooklib import epub

with zipfile.ZipFile("book.epub") as archive:
    print("Python's XML parser:", "".join(ElementTree.fromstring(archive.read("two.xhtml")).itertext()))
book = epub.read_epub("book.epub")
chapters = {
    "EbookLib": [book.get_item_with_id(name).get_body_content().decode(errors="replace") for name in ("one", "two")],
    **json.loads(Path("chapters.json").read_text()),
    "epub2md": [next(Path("book").glob(f"*{name}.md")).read_text(errors="replace") for name in ("one", "two")],
}
read = {}
for name, texts in chapters.items():
    read[name] = [f"chapter {number} was late" in text for number, text in zip(("one", "two"), texts, strict=True)]
    print(f"{name}: chapters read: {read[name]}, the second: {texts[1].strip()[:60]!r}")
if any(second for _, second in read.values()):
    sys.exit("one of them reads the chapter: this finding is outdated")
PY
