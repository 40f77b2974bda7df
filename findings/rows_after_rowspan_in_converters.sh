#!/bin/sh
# Four converters of HTML to Markdown put values under the wrong heading if a cell of the row above spans
# two rows: markdownify 1.2.3, html2text 2025.4.15, turndown 7.2.5 with turndown-plugin-gfm 1.0.2, and
# node-html-markdown 2.0.0. Of a timetable whose first cell ("Kiel", rowspan=2) stands for two ferries, the
# second ferry moves into the column of the port, and its hour into that of the ferry. The HTML Living
# Standard (4.9.12.1) says which column each cell has. GFM has no cells that span rows, so something must
# give, but an empty cell keeps the meaning, as html-to-markdown 3.21.2 and trafilatura 2.3.1 show, and
# markdownify does exactly that for cells that span columns. Nothing in the output shows the shift.
# For a program that stores tables as Markdown: spread the cells over the grid before converting.
# Needs node and npm. Fails once none of the four moves the ferry.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    markdownify==1.2.3 html2text==2025.4.15 html-to-markdown==3.21.2 trafilatura==2.3.1 lxml_html_clean==0.4.6
(cd "$folder" && npm install --silent --no-audit --no-fund turndown@7.2.5 turndown-plugin-gfm@1.0.2 node-html-markdown@2.0.0 >/dev/null)
cat >"$folder/convert.cjs" <<'JS'
const TurndownService = require("turndown");
const { gfm } = require("turndown-plugin-gfm");
const { NodeHtmlMarkdown } = require("node-html-markdown");

const html = require("fs").readFileSync(0, "utf8");
const turndown = new TurndownService();
turndown.use(gfm);
console.log(JSON.stringify({ turndown: turndown.turndown(html), "node-html-markdown": NodeHtmlMarkdown.translate(html) }));
JS
"$folder/venv/bin/python" - "$folder" <<'PY'
import json
import subprocess
import sys

import html2text
import html_to_markdown
import markdownify
import trafilatura

TABLE = (
    "<table><thead><tr><th>Port</th><th>Ferry</th><th>Hour</th></tr></thead><tbody>"
    '<tr><td rowspan="2">Kiel</td><td>Anna</td><td>9</td></tr><tr><td>Berta</td><td>11</td></tr></tbody></table>'
)
FILLER = "<p>The ferry came in late that morning, and nobody minded it, since the fog had been thick.</p>"
page = f"<html><body><article><h1>Ferries</h1>{FILLER}{TABLE}{FILLER}</article></body></html>"
node = subprocess.run(["node", "convert.cjs"], cwd=sys.argv[1], input=TABLE, capture_output=True, check=True, text=True)
texts = {
    "markdownify": markdownify.markdownify(TABLE),
    "html2text": html2text.html2text(TABLE),
    **json.loads(node.stdout),
    "html-to-markdown": html_to_markdown.convert(TABLE).content,
    "trafilatura": trafilatura.extract(page, output_format="markdown", include_tables=True),
}
moved = {}
for name, text in texts.items():
    row = next(line for line in text.splitlines() if "Berta" in line)
    moved[name] = row.strip("| ").startswith("Berta") and not row.replace(" ", "").startswith("||")
    print(f"{name:19} {row.strip():28} {'in the column of the port' if moved[name] else 'in its own column'}")
if not any(moved.values()):
    sys.exit("no converter moves the ferry: this finding is outdated")
PY
