#!/bin/sh
# trafilatura 2.3.1, output_format="markdown": blank lines in <pre><code> disappear, and the closing
# fence has no blank line after it. Code keeps its indentation, so what is left looks whole: two
# functions of a Python listing touch, and a patch or a Makefile means something else.
# Fails once the blank line is there.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check trafilatura==2.3.1 lxml_html_clean==0.4.6
"$folder/venv/bin/python" - <<'PY'
import sys

import trafilatura

FILLER = "<p>The ferry came in late that morning, and nobody minded it, since the fog had been thick.</p>"
CODE = "def leave():\n    cast_off()\n\n\ndef arrive():\n    tie_up()\n"
page = f"<html><body><article><h1>Ferry</h1>{FILLER * 4}<pre><code>{CODE}</code></pre>{FILLER * 4}</article></body></html>"
text = trafilatura.extract(page, output_format="markdown")
block = text[text.index("```") : text.rindex("```") + 3]
print(block)
print("lines of the listing:", CODE.count("\n"), "- lines in the fence:", block.count("\n") - 1)
if "cast_off()\n\n" in text:
    sys.exit("blank lines are kept now: this finding is outdated")
PY
