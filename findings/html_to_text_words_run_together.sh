#!/bin/sh
# html-to-text 10.0.1 (npm): words of neighbouring elements become one word. A list of definitions (<dl>) of "Ferry: a
# ship" and "Pier: a bridge" is "Ferrya shipPiera bridge"; the rows of a table are "Kiel8Oslo9", with a caption
# "FerriesKiel8"; the summary of <details> and the caption of a picture run into what stands beside them. None of
# these elements is inline: in the HTML Living Standard (15.3) they are blocks, cells and list items. The package
# knows 27 elements by name and takes all others for inline ones, also <dt>, <dd>, <summary>, <caption>,
# <figcaption> and <menu>. (That tables are blocks unless they are named as data is documented; that nothing stands
# between their cells is not.) Words that were joined are found by no search, and the text does not show where. Numbers
# suffer, too: `2<sup>10</sup>` is "210", and an item with value="5" is number 1. Python's html2text 2025.4.15 keeps
# definitions and cells apart, and joins captions and summaries in the same way.
# For a program that indexes pages by it: give those elements the formatter "block", and cells a blank.
# Needs node and npm. Fails once the definitions are apart.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund html-to-text@10.0.1 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check html2text==2025.4.15
cat >pages.json <<'JSON'
[
  "<dl><dt>Ferry</dt><dd>a ship</dd><dt>Pier</dt><dd>a bridge</dd></dl>",
  "<table><tr><td>Kiel</td><td>8</td></tr><tr><td>Oslo</td><td>9</td></tr></table>",
  "<table><caption>Ferries</caption><tr><td>Kiel</td><td>8</td></tr></table>",
  "<details open><summary>Plan</summary>Late again</details>",
  "<figure><img src='pier.png' alt=''><figcaption>The pier</figcaption>Kiel</figure>",
  "<p>It holds 2<sup>10</sup> cars.</p>",
  "<ol><li value='5'>fifth</li></ol>"
]
JSON
cat >convert.mjs <<'JS'
import { readFileSync, writeFileSync } from "node:fs";
import { convert } from "html-to-text";

const texts = JSON.parse(readFileSync("pages.json")).map((page) => convert(page));
writeFileSync("texts.json", JSON.stringify(texts));
JS
node convert.mjs
venv/bin/python - <<'PY'
import json
import sys
from pathlib import Path

import html2text

pages, texts = (json.loads(Path(name).read_text()) for name in ("pages.json", "texts.json"))
for page, text in zip(pages, texts, strict=True):
    print(f"{page}\n   {text.strip()!r}\n   html2text: {html2text.html2text(page).strip()!r}")
if "Ferrya" not in texts[0]:
    sys.exit("the definitions are apart: this finding is outdated")
PY
