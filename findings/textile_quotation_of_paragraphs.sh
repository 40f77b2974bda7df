#!/bin/sh
# textile 4.0.4 (Python): a quotation of several paragraphs becomes one paragraph. Textile writes it as "bq.." with two
# dots, which goes on over blank lines until the next block begins; each paragraph of it should be a <p> of its
# own within one <blockquote>. Here all stand in one <p>, parted only by blank lines, which HTML shows as a
# blank: two speakers, or the verses of a poem, run into one another. A quotation with one dot is right, and
# so are "bc.." and "pre..", whose blank lines are shown. Emphasis and links in it are converted,
# so nothing looks wrong in the source. textile-js 2.1.1 (npm) makes the paragraphs.
# For a program that reads Textile: split such a quotation into several with "bq." first.
# Needs node and npm for the comparison. Fails once the paragraphs are two.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund textile-js@2.1.1 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check textile==4.0.4
cat >quotation.textile <<'TEXT'
bq.. The ferry was *late*.

It came in the end.

p. So they said.
TEXT
cat >show.cjs <<'JS'
const textile = require("textile-js");
console.log("textile-js:", JSON.stringify(textile(require("fs").readFileSync("quotation.textile", "utf8"))));
JS
node show.cjs
venv/bin/python - <<'PY'
import re
import sys
from pathlib import Path

import textile

page = textile.textile(Path("quotation.textile").read_text())
print("textile:", repr(page))
quotation = re.search("<blockquote>.*</blockquote>", page, re.DOTALL).group()
if quotation.count("<p") > 1:
    sys.exit("the paragraphs are two: this finding is outdated")
PY
