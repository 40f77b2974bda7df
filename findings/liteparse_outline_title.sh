#!/bin/sh
# liteparse 2.18.0: a title of the document's outline that stands above its paragraph in the same
# size of type becomes a heading of the Markdown, and the first line of the paragraph goes into that
# heading. The rest of the sentence is a paragraph of its own. Without the outline, title and
# paragraph are one block. In the plain text (`page.text`) the title is a line of its own.
# Fails once the heading is the title alone.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check liteparse==2.18.0 reportlab==5.1.0
"$folder/venv/bin/python" - <<'PY'
import io
import sys
import textwrap

from liteparse import LiteParse
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

TITLE = "The two clocks"
TEXT = (
    "The harbour master keeps two clocks, one for the tide and one for the trains, and he trusts"
    " neither of them. When the fog comes in he walks to the end of the pier and listens."
)


def page(has_outline):
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4)
    canvas.setFont("Helvetica", 11)
    canvas.drawString(60, 760, TITLE)
    for number, line in enumerate(textwrap.wrap(TEXT, 80)):
        canvas.drawString(60, 734 - 14 * number, line)
    if has_outline:
        canvas.bookmarkPage("one")
        canvas.addOutlineEntry(TITLE, "one", 0)
    canvas.showPage()
    canvas.save()
    parser = LiteParse(ocr_enabled=False, output_format="markdown", quiet=True)
    return parser.parse(content.getvalue()).pages[0]


with_outline, without = page(True), page(False)
print("with the outline:\n" + with_outline.markdown + "\n")
print("without it:\n" + without.markdown + "\n")
print("plain text, first line:", with_outline.text.strip().splitlines()[0])
if f"# {TITLE}" in with_outline.markdown.splitlines():
    sys.exit("the heading is the title alone: this finding is outdated")
PY
