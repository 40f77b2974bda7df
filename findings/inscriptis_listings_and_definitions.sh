#!/bin/sh
# inscriptis 2.7.6: the usual form of a listing, <pre><code>, loses its lines. Of "def f():", "    return 1" and "g()"
# one line is left, "def f(): return 1 g()". <pre> alone and <pre> with <span> keep theirs, so that pages
# whose listings are coloured by <span> hide the fault; Markdown's converters all write <pre><code> (CommonMark, 4.4).
# A browser gives <code> no rule about blanks: it takes that of its parent (CSS Text 3: `white-space` is
# inherited). Terms and explanations of a <dl>, and <summary> with what follows it, become one word
# ("Ferrya boatPorta place"), <hr> does not part the words around it, and <ol start="5"> begins with 1,
# although <li value="5"> is read. The README promises a text that more closely resembles the rendering of browsers.
# For a program that takes texts by it: remove <code> within <pre> first, and put a <div> into each <dt> and <dd>.
# Fails once the lines of the listing are there.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check inscriptis==2.7.6
"$folder/venv/bin/python" - <<'PY'
import sys

from inscriptis import get_text

PAGES = {
    "listing": "<pre><code>def f():\n    return 1\ng()</code></pre>",
    "listing without <code>": "<pre>def f():\n    return 1\ng()</pre>",
    "listing with <span>": "<pre><span>def</span> f():\n    <span>return</span> 1\ng()</pre>",
    "definitions": "<dl><dt>Ferry</dt><dd>a boat</dd><dt>Port</dt><dd>a place</dd></dl>",
    "summary": "<details open><summary>Plan</summary>late again</details>",
    "rule": "Part one<hr>Part two",
    "numbers": '<ol start="5"><li>five</li></ol>',
    "number of an item": '<ol><li value="5">five</li></ol>',
}
texts = {name: get_text(f"<html><body>{page}</body></html>") for name, page in PAGES.items()}
for name, text in texts.items():
    print(f"{name}: {text!r}")
assert texts["listing without <code>"].splitlines()[1] == "    return 1"
assert "Ferrya boat" in texts["definitions"]
if len(texts["listing"].strip().splitlines()) > 1:
    sys.exit("the listing has its lines: this finding is outdated")
PY
