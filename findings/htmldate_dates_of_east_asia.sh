#!/bin/sh
# htmldate 1.11.0 (which trafilatura uses for the date of a page): "2026年3月2日", the way in which Japanese
# and Chinese pages write 2 March 2026, becomes 2026-01-01. Only the year is taken, and the first of
# January is put in its place, which cannot be told from a real date. With a time after it ("10:30") or
# in the Korean form ("2026년 3월 2일") the same date is right. dateparser, which htmldate has installed
# and calls for other languages, reads all three. The README counts "multilingual" among its features,
# and nothing in the result says that a part of it was made up.
# For a program that sorts articles by date: a first of January from htmldate is to be doubted.
# Fails once the Japanese date is right or refused.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check htmldate==1.11.0 dateparser==1.5.0
"$folder/venv/bin/python" -W ignore - <<'PY'
import sys

import dateparser
from htmldate import find_date

DATES = {
    "Japanese": ("ja", "2026年3月2日"),
    "Chinese": ("zh", "2026年03月02日"),
    "Chinese with a time": ("zh", "2026年3月2日 10:30"),
    "Korean": ("ko", "2026년 3월 2일"),
    "Greek": ("el", "2 Μαρτίου 2026"),
}
found = {}
for name, (language, date) in DATES.items():
    page = (
        f'<html lang="{language}"><head><title>Ferry</title></head><body><article><h1>Ferry</h1>'
        f'<p class="date">{date}</p><p>Fog.</p></article></body></html>'
    )
    found[name] = find_date(page, original_date=True)
    print(f"{name}: {date}: htmldate {found[name]}, dateparser {dateparser.parse(date):%Y-%m-%d}")
if found["Japanese"] != "2026-01-01":
    sys.exit("the first of January is not made up: this finding is outdated")
PY
