#!/bin/sh
# EbookLib 0.20: an EPUB that is opened (`epub.read_epub`) and saved (`epub.write_epub`) without a change
# loses parts of its chapters. Each chapter gets an empty <head/>: its title (which EPUB 3 requires) and
# the link to its style sheet are gone. Its language becomes "en", whatever the book is written in. The
# names of SVG are put in lower case (`viewBox`, `linearGradient`, `clipPath`), and as XHTML
# distinguishes case, a picture keeps neither its scale nor its colours; that one happens to chapters
# of a new book, too. EbookLib's documentation calls it a library for reading and writing EPUB files;
# the reason is that it reads chapters as HTML and writes only what stands in the body.
# For a program that puts articles into EPUB or takes notes into one: `item.content` has the chapter as
# it was; `item.get_content()` and `write_epub` do not.
# Fails once title, style sheet, language or SVG come back.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ebooklib==0.20
"$folder/venv/bin/python" - "$folder" <<'PY'
import sys
import warnings
import zipfile

from ebooklib import epub
from lxml import etree

warnings.simplefilter("ignore")
book, saved = f"{sys.argv[1]}/book.epub", f"{sys.argv[1]}/saved.epub"
HTML = 'xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
FILES = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
    "book.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
    '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:uuid:60a76c80-d399-4d9b-893c-0003939e0af6'
    "</dc:identifier><dc:title>Fähre</dc:title><dc:language>de</dc:language>"
    '<meta property="dcterms:modified">2026-05-01T10:00:00Z</meta></metadata><manifest>'
    '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    '<item id="one" href="one.xhtml" media-type="application/xhtml+xml" properties="svg"/>'
    '<item id="css" href="one.css" media-type="text/css"/></manifest><spine><itemref idref="one"/></spine></package>',
    "nav.xhtml": f'<html {HTML}><head><title>Inhalt</title></head><body><nav epub:type="toc"><ol><li><a href="one.xhtml">Eins</a>'
    "</li></ol></nav></body></html>",
    "one.xhtml": f'<html {HTML} lang="de" xml:lang="de"><head><title>Eins</title><link rel="stylesheet" type="text/css"'
    ' href="one.css"/></head><body><h1>Eins</h1><p>Die Fähre kam spät.</p><svg xmlns="http://www.w3.org/2000/svg"'
    ' viewBox="0 0 9 9"><defs><linearGradient id="g"/></defs></svg></body></html>',
    "one.css": "p { margin: 0 }",
}
with zipfile.ZipFile(book, "w") as archive:
    for name, text in FILES.items():
        archive.writestr(name, text)


def describe(path, folder):
    with zipfile.ZipFile(path) as archive:
        root = etree.fromstring(archive.read(f"{folder}one.xhtml"))
    names = {"h": "http://www.w3.org/1999/xhtml", "s": "http://www.w3.org/2000/svg"}
    return {
        "title": root.findtext("h:head/h:title", namespaces=names),
        "style sheets": len(root.findall("h:head/h:link", names)),
        "language": root.get("lang"),
        "viewBox": root.find(".//s:svg", names).get("viewBox"),
        "gradients": len(root.findall(".//s:linearGradient", names)),
    }


epub.write_epub(saved, epub.read_epub(book))
before, after = describe(book, ""), describe(saved, "EPUB/")
for name in before:
    print(f"{name}: {before[name]!r} -> {after[name]!r}")
if any(before[name] == after[name] for name in before):
    sys.exit("a part is kept now: this finding is outdated")
PY
