#!/bin/sh
# trafilatura 2.3.1, output_format="markdown": a table with a <caption> gets two header lines. The
# caption becomes a row with a delimiter line of its own, and the table's own header follows with
# another one, so a Markdown reader (seen with markdown-it-py 4.0.0) shows the caption as the header,
# and the header with a row of dashes as data. Without a caption the table is right.
# Fails once a table with a caption has one delimiter line.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check trafilatura==2.3.1 lxml_html_clean==0.4.6 markdown-it-py==4.0.0
"$folder/venv/bin/python" - <<'PY'
import re
import sys

import trafilatura
from markdown_it import MarkdownIt

FILLER = "<p>The ferry came in late that morning, and nobody minded it, since the fog had been thick.</p>"
ROWS = "<thead><tr><th>Year</th><th>Ships</th></tr></thead><tbody><tr><td>1999</td><td>12</td></tr></tbody>"
counts = {}
for name, caption in {"without caption": "", "with caption": "<caption>Ships of the line</caption>"}.items():
    page = f"<html><body><article><h1>Ferry</h1>{FILLER * 4}<table>{caption}{ROWS}</table>{FILLER * 4}</article></body></html>"
    text = trafilatura.extract(page, output_format="markdown")
    table = "\n".join(line for line in text.splitlines() if line.startswith("|"))
    counts[name] = len(re.findall(r"^\|[-|]+\|$", table, re.MULTILINE))
    html = MarkdownIt("commonmark").enable("table").render(table)
    print(f"{name}:\n{table}\nshown as headers: {re.findall('<th>(.*?)</th>', html)}, as data: {re.findall('<td>(.*?)</td>', html)}")
if counts["with caption"] == 1:
    sys.exit("one header line: this finding is outdated")
PY
