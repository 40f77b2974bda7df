#!/bin/sh
# @lesjoursfr/html-to-epub 6.2.0 and epub-gen-memory 1.1.2 (npm, makers of EPUB files from HTML) change what
# tables and lists say. (1) html-to-epub removes `colspan` and `rowspan`, though both are in its list of
# allowed attributes: its parser names them `colSpan` and `rowSpan`, and the list is searched for these. Of a
# timetable whose first cell ("Kiel", rowspan=2) stands for two ferries, the second ferry comes under "Port".
# (`hreflang` goes the same way.) (2) Both drop `start` of <ol> and `value` of <li>, so a list that goes
# from 5 begins at 1, and a text that says "see point 6" points to another item. EPUB 3 has all four. (3) The
# authors ["Ann","Bob"], a form that both READMEs name, become one creator called "Ann,Bob"; EPUB 3.3 wants one
# dc:creator for each of them. EbookLib 0.20 shows what is read of them.
# (The ancestor of both, epub-gen, lost `colspan` in 2016: issue 34 there.)
# For a program that makes such books: `allowedAttributes` with "colSpan", "rowSpan", "start" and "value".
# Needs node and npm. Fails once the rows of html-to-epub or the numbers are kept.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @lesjoursfr/html-to-epub@6.2.0 epub-gen-memory@1.1.2 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check ebooklib==0.20
cat >make.mjs <<'JS'
import { writeFileSync } from "node:fs";
import { EPub } from "@lesjoursfr/html-to-epub";
import memory from "epub-gen-memory";

const html =
  "<table><tr><th>Port</th><th>Ferry</th></tr><tr><td rowspan='2'>Kiel</td><td>Anna</td></tr><tr><td>Berta</td></tr></table>" +
  "<ol start='5'><li>five</li><li>six</li><li value='9'>nine</li></ol>";
const book = { title: "Ferries", author: ["Ann", "Bob"], verbose: false };
await new EPub({ ...book, content: [{ title: "One", data: html }] }, "html-to-epub.epub").render();
const make = memory.default ?? memory;
writeFileSync("epub-gen-memory.epub", await make(book, [{ title: "One", content: html }]));
JS
node make.mjs >/dev/null
venv/bin/python - <<'PY'
import sys
import warnings

from ebooklib import epub
from lxml import etree

warnings.simplefilter("ignore")
XHTML = {"h": "http://www.w3.org/1999/xhtml"}
kept = {}
for maker in ("html-to-epub", "epub-gen-memory"):
    book = epub.read_epub(f"{maker}.epub")
    chapters = [item for item in book.get_items() if item.get_name().startswith("0")]
    root = etree.fromstring(chapters[0].content)
    cell, numbers = root.find(".//h:td", XHTML), root.find(".//h:ol", XHTML)
    kept[maker] = cell.get("rowspan"), numbers.get("start"), numbers[2].get("value")
    print(f"{maker}: rowspan, start and value: {kept[maker]}, authors:", [name for name, _ in book.get_metadata("DC", "creator")])
    for row in root.iterfind(".//h:tr", XHTML):
        print("   |", " | ".join("".join(cell.itertext()) for cell in row))
if kept["html-to-epub"][0] or all(start for _, start, _ in kept.values()):
    sys.exit("the rows or the numbers are kept: this finding is outdated")
PY
