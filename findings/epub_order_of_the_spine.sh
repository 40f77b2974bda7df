#!/bin/sh
# epub2txt 0.1.6 and epub2md 1.6.4 give the chapters of a book in the wrong order: that of the manifest. EPUB 3.3
# (5.7.1) says that the spine is the reading order, and that the order of the manifest means nothing.
# Programs that write books sort the manifest by name, by kind or by time; here it lists the end first.
# epub2txt's text begins with the contents and the end of the story, and epub2md, which numbers its files
# ("2-three.md", "3-one.md"), turns the order into file names, so that a folder listing and a book made of them
# tell the end first. All words are there, hence a count shows nothing. epub2 3.0.2 and EbookLib 0.20
# offer the spine in its order. (bookworm had the same fault: issue 419 there.)
# For a program that reads books by them: sort by `spine`, or compare with the table of contents.
# Needs node and npm. Fails once one of them follows the spine.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund epub2md@1.6.4 epub2@3.0.2 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check epub2txt==0.1.6
venv/bin/python - <<'PY'
import zipfile

NAMES = ("one", "two", "three")
HEAD = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>Ferry</title></head>'
files = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
    "book.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
    '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:uuid:60a76c80-d399-4d9b-893c-0003939e0af6'
    "</dc:identifier><dc:title>Ferry</dc:title><dc:language>en</dc:language>"
    '<meta property="dcterms:modified">2026-05-01T10:00:00Z</meta></metadata><manifest>'
    '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    + "".join(f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>' for name in ("three", "one", "two"))
    + "</manifest><spine>"
    + "".join(f'<itemref idref="{name}"/>' for name in NAMES)
    + "</spine></package>",
    "nav.xhtml": f'{HEAD}<body><nav epub:type="toc"><ol>'
    + "".join(f'<li><a href="{name}.xhtml">Chapter {name}</a></li>' for name in NAMES)
    + "</ol></nav></body></html>",
} | {f"{name}.xhtml": f"{HEAD}<body><p>This is part {name}.</p></body></html>" for name in NAMES}
with zipfile.ZipFile("book.epub", "w") as archive:
    for name, text in files.items():
        archive.writestr(name, text)
PY
cat >spine.cjs <<'JS'
const { EPub } = require("epub2");

EPub.createAsync("book.epub").then((book) => console.log("epub2:", book.flow.map(({ id }) => id).join(", ")));
JS
node spine.cjs
node_modules/.bin/epub2md --convert book.epub >/dev/null
venv/bin/python -W ignore - <<'PY'
import re
import sys
from pathlib import Path

from epub2txt import epub2txt

files = sorted(path for path in Path("book").glob("*.md") if "part" in path.read_text())
orders = {
    "epub2txt": re.findall(r"part (\w+)\.", epub2txt("book.epub")),
    "epub2md": [re.search(r"part (\w+)", path.read_text())[1] for path in files],
}
for name, order in orders.items():
    print(f"{name}:", ", ".join(order))
print("files of epub2md:", ", ".join(path.name for path in files))
if ["one", "two", "three"] in orders.values():
    sys.exit("one of them follows the spine: this finding is outdated")
PY
