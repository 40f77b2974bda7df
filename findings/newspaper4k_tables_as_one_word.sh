#!/bin/sh
# newspaper4k 0.9.6: in `article.text` a table is one word. Neither the cells of a row nor the rows have
# anything between them: "Kiel", "12", "345" (port, hour, seats) becomes "Kiel12345", and a table of
# three rows "PortHourSeatsKiel12345Oslo960". Numbers come about that are not in the page, and a search
# for "345" does not find the article. Paragraphs and the items of lists are separate.
# trafilatura 2.3.1 and inscriptis 2.7.6 separate the cells.
# For a program that stores the text: take the tables from the HTML.
# Fails once the cells are apart.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
# pip 23.2 fails on newspaper4k's extra of lxml.
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --upgrade pip
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  newspaper4k==0.9.6 lxml_html_clean==0.4.6 trafilatura==2.3.1 inscriptis==2.7.6
"$folder/venv/bin/python" -W ignore - <<'PY'
import sys

import inscriptis
import trafilatura
from newspaper import Article

SENTENCE = "<p>The ferry came in late that morning, and nobody minded it, since the fog had been thick on the water.</p>"
TABLE = "<table>{}</table>".format(
    "".join(
        "<tr>{}</tr>".format("".join(f"<{tag}>{cell}</{tag}>" for cell in row))
        for tag, row in (("th", ("Port", "Hour", "Seats")), ("td", ("Kiel", "12", "345")), ("td", ("Oslo", "9", "60")))
    )
)
page = f"<html><head><title>Ferry</title></head><body><article><h1>Ferry</h1>{SENTENCE * 4}{TABLE}{SENTENCE * 3}</article></body></html>"
article = Article("https://example.org/ferry", language="en")
article.download(input_html=page)
article.parse()
texts = {"newspaper4k": article.text, "trafilatura": trafilatura.extract(page), "inscriptis": inscriptis.get_text(page)}
for name, text in texts.items():
    print(f"{name}:", [line.strip() for line in text.splitlines() if line.strip() and "ferry came" not in line])
if "12345" not in article.text:
    sys.exit("the cells are apart: this finding is outdated")
PY
