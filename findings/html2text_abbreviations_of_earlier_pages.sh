#!/bin/sh
# html2text 2025.4.15: one converter used for several pages adds the abbreviations of all earlier pages
# to the end of each later one, also to pages that have none. The README shows the converter made once
# (`h = html2text.HTML2Text()`) and used for one text after the other (`h.handle(...)`), so one expects
# each call to start afresh. The lines `*[ETA]: …` are never removed, and output and memory grow: after
# 1,000 pages with one abbreviation each, a page of one word ends in 1,000 lines.
# For a program that converts pages in a loop: a new HTML2Text for each page, or text of one article
# is shown and indexed in another.
# Fails once a page without abbreviations ends in none.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check html2text==2025.4.15
"$folder/venv/bin/python" - <<'PY'
import sys

from html2text import HTML2Text

converter = HTML2Text()
print("first page:", repr(converter.handle('<p>The <abbr title="time of arrival">ETA</abbr> is noon.</p>')))
second = converter.handle("<p>Fog.</p>")
print("second page:", repr(second))
print("a new converter:", repr(HTML2Text().handle("<p>Fog.</p>")))
for number in range(999):
    converter.handle(f'<p><abbr title="pier {number}">P{number}</abbr></p>')
print("lines of the same page after 1,000 pages:", converter.handle("<p>Fog.</p>").count("*["))
if "ETA" not in second:
    sys.exit("the second page has its own text only: this finding is outdated")
PY
