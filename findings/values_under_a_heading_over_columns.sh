#!/bin/sh
# Three converters of HTML to Markdown lose values of a table whose heading spans columns: htmd-py 0.1.2,
# html2text 2025.4.15 and html-to-md 0.8.8. Under "Port | Hours (colspan=2)" stand two hours for each port. htmd
# writes two columns and leaves out the second hour of every row: it is not in the Markdown at all. The two
# others write rows of three cells under a heading of two, and GFM (4.10) says that cells beyond the
# heading's number are ignored, so no reader shows them. (Issues 367 of html2text and 76 of html-to-md name the form of the
# table, not the loss.) The HTML Living Standard (4.9.12.1) gives the table three columns, and a blank cell
# keeps them: html-to-markdown 3.21.2 and markdownify 1.2.3 do that. Nothing tells that a value is missing.
# For a program that stores tables as Markdown: as many cells in the heading as in the widest row.
# Needs node and npm. Fails once one of the three keeps the value.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund html-to-md@0.8.8 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check htmd-py==0.1.2 html2text==2025.4.15 markdownify==1.2.3 \
  html-to-markdown==3.21.2 markdown-it-py==4.0.0
cat >convert.mjs <<'JS'
import convert from "html-to-md";

console.log(convert(process.argv[2]));
JS
venv/bin/python - <<'PY'
import subprocess
import sys

import html2text
import html_to_markdown
import htmd
import markdownify
from markdown_it import MarkdownIt

PAGE = (
    "<table><thead><tr><th>Port</th><th colspan=2>Hours</th></tr></thead>"
    "<tbody><tr><td>Kiel</td><td>08:15</td><td>19:45</td></tr></tbody></table>"
)
command = ["node", "convert.mjs", PAGE]
texts = {
    "htmd": htmd.convert_html(PAGE),
    "html2text": html2text.html2text(PAGE),
    "html-to-md": subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout,
    "markdownify": markdownify.markdownify(PAGE),
    "html-to-markdown": html_to_markdown.convert(PAGE).content,
}
render = MarkdownIt("commonmark").enable("table").render
shown = {name: "19:45" in render(text) for name, text in texts.items()}
for name, text in texts.items():
    print(f"{name}: 19:45 is {'shown' if shown[name] else 'lost'}", *(f"   {line}" for line in text.strip().splitlines()), sep="\n")
if any(shown[name] for name in ("htmd", "html2text", "html-to-md")):
    sys.exit("one of the three keeps the value: this finding is outdated")
PY
