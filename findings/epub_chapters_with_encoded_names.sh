#!/bin/sh
# @lingo-reader/epub-parser 0.4.6 and epub2md 1.6.4: chapters whose file names have a space or a letter outside ASCII.
# Such names stand percent-encoded in the manifest ("one%20a.xhtml", "F%C3%A4hre.xhtml"), as in EPUB 3.3 the `href` of
# an item is a URL, and unencoded in the ZIP archive. @lingo-reader looks for the encoded name in the archive and
# gives an empty chapter, with a line on the console and no error; only chapters with plain names have a text.
# The table of contents of the book is empty, too, as it reads only the older NCX (its README says so), which
# a book of EPUB 3 need not have. epub2md has the texts, but all links to such chapters, in the contents and in
# the text, still lead to "one%20a.xhtml", a file that it does not write; links to plain names lead to the new
# files. epub2 3.0.2 finds the chapters.
# For a program that writes books: plain ASCII names of files spare the reader this.
# Needs node and npm. Fails once @lingo-reader has the chapter or epub2md the link.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @lingo-reader/epub-parser@0.4.6 epub2md@1.6.4 epub2@3.0.2 >/dev/null 2>&1
python3 - <<'PY'
import zipfile
from urllib.parse import quote

NAMES = ("one a", "Fähre", "plain")
HEAD = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>Ferry</title></head>'
LINKS = [f'<a href="{quote(name)}.xhtml">{name}</a>' for name in NAMES]
files = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
    "book.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
    '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:uuid:60a76c80-d399-4d9b-893c-0003939e0af6'
    "</dc:identifier><dc:title>Ferry</dc:title><dc:language>en</dc:language>"
    '<meta property="dcterms:modified">2026-05-01T10:00:00Z</meta></metadata><manifest>'
    '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    + "".join(f'<item id="c{at}" href="{quote(name)}.xhtml" media-type="application/xhtml+xml"/>' for at, name in enumerate(NAMES))
    + "</manifest><spine>"
    + "".join(f'<itemref idref="c{at}"/>' for at in range(len(NAMES)))
    + "</spine></package>",
    "nav.xhtml": f'{HEAD}<body><nav epub:type="toc"><ol>' + "".join(f"<li>{link}</li>" for link in LINKS) + "</ol></nav></body></html>",
} | {f"{name}.xhtml": f"{HEAD}<body><p>The text of {name}: see {', '.join(LINKS)}.</p></body></html>" for name in NAMES}
with zipfile.ZipFile("book.epub", "w") as archive:
    for name, text in files.items():
        archive.writestr(name, text)
PY
cat >read.mjs <<'JS'
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { initEpubFile } from "@lingo-reader/epub-parser";
import epub2 from "epub2";

const book = await initEpubFile("book.epub");
const chapters = [];
for (const { id } of book.getSpine()) {
  chapters.push((await book.loadChapter(id))?.html ?? "");
}
console.log("@lingo-reader, letters in the chapters:", chapters.map((html) => html.length).join(", "), "- entries of the contents:", book.getToc().length);
const other = await epub2.EPub.createAsync("book.epub");
const lengths = [];
for (const { id } of other.flow) {
  lengths.push((await other.getChapterAsync(id)).length);
}
console.log("epub2:", lengths.join(", "));
execFileSync("node_modules/.bin/epub2md", ["--convert", "book.epub"], { stdio: "ignore" });
const files = readdirSync("book").filter((name) => name.endsWith(".md"));
const last = readFileSync(`book/${files.find((name) => name.includes("plain"))}`, "utf8");
console.log("epub2md, files:", files.join(", "), "\n  ", last.trim());
if (chapters[0] || !last.includes("one%20a.xhtml")) {
  console.log("the chapter or the link is there: this finding is outdated");
  process.exit(1);
}
process.exit(0);
JS
node read.mjs
