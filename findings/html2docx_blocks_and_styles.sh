#!/bin/sh
# html2docx 1.6.0: text outside <p> runs together, and text that no page shows is in the document. Of the blocks of HTML
# it knows headings, <p>, lists, tables and <pre>: two <div> or <section> after one another, as editors and mail
# programs write their lines, become one word in one paragraph ("late.It came"), and so do the parts of a <dl>
# and the end of a caption with the next paragraph. The rules of <style>, the code of <script> and the
# words of <title> come first in the text, before the page's. HTML (15.3) shows the one as blocks and the other
# not at all. Numbers of a second <ol> go on from the first: both have the one numbering of the style "List Number".
# All ends without a message. The README says that the HTML must be valid; all of these pages are.
# For a program that exports articles: give it only the body, with <p> for each block.
# Fails once the two blocks are two paragraphs.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check html2docx==1.6.0 python-docx==1.2.0
"$folder/venv/bin/python" - <<'PY'
import sys

import docx
from html2docx import html2docx

HEAD = "<!DOCTYPE html><html lang=en><head><title>Ferry</title><style>p { color: red }</style></head>"
BODIES = {
    "paragraphs": "<p>The ferry was late.</p><p>It came.</p>",
    "blocks": "<div>The ferry was late.</div><div>It came.</div>",
    "definitions": "<dl><dt>Ferry</dt><dd>a boat</dd></dl>",
    "caption": "<figure><img src=a.png alt=Ferry><figcaption>In port</figcaption></figure><p>It came.</p>",
}


def read(page):
    document = docx.Document(html2docx(page, title="Ferry"))
    return [paragraph.text for paragraph in document.paragraphs if paragraph.text]


texts = {name: read(body) for name, body in BODIES.items()}
texts["whole page"] = read(f"{HEAD}<body>{BODIES['paragraphs']}</body></html>")
for name, paragraphs in texts.items():
    print(f"{name}: {paragraphs}")
numbered = docx.Document(html2docx("<ol><li>one</li></ol><p>Then</p><ol><li>one</li></ol>", title="Ferry"))
lists = [paragraph for paragraph in numbered.paragraphs if paragraph.style.name == "List Number"]
print("numbering of their own:", [bool(item._p.pPr is not None and item._p.pPr.numPr is not None) for item in lists])
assert len(texts["paragraphs"]) == 2
if len(texts["blocks"]) > 1:
    sys.exit("the blocks are two paragraphs: this finding is outdated")
PY
