#!/bin/sh
# Three extractors drop the attribution of a quotation that is written as <footer> inside <blockquote>
# (the form of Bootstrap 4 and of many WordPress themes): Readability.js 0.6.0, Defuddle 0.19.4 and
# trafilatura 2.3.1 keep the words quoted and leave out whose words they are.
# Each takes the footer for that of the page. (W3C's HTML 5.1 showed this form; the WHATWG standard now
# wants the attribution outside, but pages have it.) The same line as a paragraph in the quotation
# stays. readability-lxml 0.9 and resiliparse 2.0.1 keep the footer.
# Needs node and npm. Fails once none of the three drops it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
# pip 23.2 fails on readability-lxml's extra of lxml.
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --upgrade pip
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    trafilatura==2.3.1 lxml_html_clean==0.4.6 readability-lxml==0.9 resiliparse==2.0.1
(cd "$folder" && npm install --silent --no-audit --no-fund @mozilla/readability@0.6.0 defuddle@0.19.4 jsdom@29.1.1 linkedom@0.18.15 >/dev/null)
cat >"$folder/extract.mjs" <<'JS'
import fs from "fs";
import { JSDOM } from "jsdom";
import { Readability } from "@mozilla/readability";
import { Defuddle } from "defuddle/node";

const html = fs.readFileSync(process.argv[2], "utf8");
const url = "https://example.org/ferry";
const article = new Readability(new JSDOM(html, { url }).window.document).parse();
const other = await Defuddle(html, url, { markdown: true });
console.log(JSON.stringify({ "Readability.js": article.textContent, Defuddle: other.content }));
JS
"$folder/venv/bin/python" - "$folder" <<'PY'
import json
import subprocess
import sys
from pathlib import Path

import trafilatura
from readability import Document
from resiliparse.extract.html2text import extract_plain_text

folder = Path(sys.argv[1])
FILLER = "<p>The ferry came in late that morning, and nobody minded it, since the fog had been thick.</p>"
FORMS = {
    "<footer>": "<blockquote><p>The sea keeps no timetable.</p><footer>Harbour master Ilse Brandt</footer></blockquote>",
    "<p>": "<blockquote><p>The sea keeps no timetable.</p><p>Harbour master Ilse Brandt</p></blockquote>",
}
kept = {}
for form, quotation in FORMS.items():
    page = (
        "<html><head><title>Ferry</title></head><body><article><h1>Ferry</h1>"
        f"{FILLER * 4}{quotation}{FILLER * 4}</article></body></html>"
    )
    (folder / "page.html").write_text(page)
    texts = json.loads(
        subprocess.run(
            ["node", "extract.mjs", "page.html"], cwd=folder, capture_output=True, check=True, text=True
        ).stdout
    )
    texts["trafilatura"] = trafilatura.extract(page)
    texts["readability-lxml"] = Document(page).summary()
    texts["resiliparse"] = extract_plain_text(page, main_content=True)
    for name, text in texts.items():
        kept[name, form] = "Ilse" in text
        print(f"{name:17} {form:8} quotation {'timetable' in text}, attribution {'Ilse' in text}")
if all(kept[name, "<footer>"] for name in ("Readability.js", "Defuddle", "trafilatura")):
    sys.exit("the attribution is kept: this finding is outdated")
PY
