#!/bin/sh
# dateparser 1.5.0, `search_dates`: two of the commonest words of German are dates to it. "die" (the) is
# read as Tuesday (Dienstag) and "so" (so) as Sunday (Sonntag), in small letters and in the middle of a
# sentence, although the language is given. Germans write weekdays with a capital and shorten Tuesday
# to "Di". The documentation presents `search_dates` as the way to find dates in a text, but the first
# "date" of a German article is hardly ever one. In English "The cat sat in the sun" has two. With
# STRICT_PARSING neither text has any.
# For a program that looks for the date of an article in its text: `search_dates` only with strict
# parsing, or only on a line that has a number.
# Fails once a German sentence without a date has none.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check dateparser==1.5.0
"$folder/venv/bin/python" -W ignore - <<'PY'
import sys
from datetime import datetime

from dateparser.search import search_dates

TEXTS = {
    "de": "Wir sahen die Fähre kommen. Es war so still, dass jeder lauschte.",
    "en": "The cat sat in the sun.",
}
now = datetime(2026, 5, 20, 12)  # a Wednesday
found = {}
for language, text in TEXTS.items():
    for strict in (False, True):
        settings = {"RELATIVE_BASE": now, "STRICT_PARSING": strict}
        dates = search_dates(text, languages=[language], settings=settings) or []
        found[language, strict] = [words for words, _ in dates]
        print(f"{text} strict {strict}:", [(words, f"{date:%a %Y-%m-%d}") for words, date in dates])
if not found["de", False]:
    sys.exit("the German text has no date: this finding is outdated")
PY
