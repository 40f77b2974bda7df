#!/bin/sh
# breadability 0.1.21: short paragraphs in the middle of an article are left out. Of a story whose long
# paragraphs are all kept, "“Yes,” he said." and "Never." are gone, and so are a paragraph with a link ("See the
# plan now.") and a short quotation; lists, headings and lines of verse stay. In a dialogue or an interview every
# other line is missing, and what is left reads as if it were whole. These paragraphs belong to the element that
# was chosen, between two that are kept. The README calls it "a pretty straight port" of Arc90's script;
# readability-lxml 0.9, another port of it, keeps all of them (both leave out a small table). sumy, which makes
# summaries of pages, reads them by breadability.
# For a program that saves pages with it: compare the number of paragraphs with the page's.
# Fails once the short paragraphs are kept.
# pip 23.2 fails on readability-lxml's extra of lxml, hence --no-deps.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check breadability==0.1.21 lxml_html_clean==0.4.6 cssselect==1.3.0 chardet==5.2.0
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps readability-lxml==0.9
"$folder/venv/bin/python" - <<'PY'
import logging
import re
import sys

from breadability.readable import Article
from readability import Document

logging.disable()
LONG = (
    "<p>The ferry was late, and all those who stood at the pier waited for it, as they did on every other day of the"
    " week, and none of them minded, since the sun was out.</p>"
)
PARTS = {
    "a line of dialogue": "<p>“Yes,” he said.</p>",
    "one word": "<p>Never.</p>",
    "verse": "<p>Blow, wind, from Kiel<br>and carry us home</p>",
    "a link": '<p>See <a href="/plan">the plan</a> now.</p>',
    "a list": "<ul><li>Bread for the journey, which takes four hours.</li><li>Water, since it is warm.</li></ul>",
    "a table": "<table><tr><th>Port</th><th>Hour</th></tr><tr><td>Oslo</td><td>19:45</td></tr></table>",
    "a quotation": "<blockquote><p>Wait for me.</p></blockquote>",
    "a heading": "<h2>Later</h2>",
}


def find_words(html):
    return re.sub(r"<[^>]*>", " ", html).split()


lost = {"breadability": [], "readability-lxml": []}
for name, part in PARTS.items():
    page = f"<html><head><title>Ferry</title></head><body><div class='article'>{LONG * 4}{part}{LONG * 4}</div></body></html>"
    texts = {
        "breadability": Article(page, url="https://example.org/").readable,
        "readability-lxml": Document(page).summary(),
    }
    for program, text in texts.items():
        words = find_words(text)
        assert words.count("ferry") == 8
        if not set(find_words(part)) <= set(words):
            lost[program].append(name)
for program, names in lost.items():
    print(f"{program} leaves out:", ", ".join(names) or "nothing")
if "a line of dialogue" not in lost["breadability"]:
    sys.exit("short paragraphs are kept: this finding is outdated")
PY
