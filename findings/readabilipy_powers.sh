#!/bin/sh
# ReadabiliPy 0.3.0: numbers change. Its text is put into the Unicode form NFKC, which makes small raised
# digits into plain ones: "10⁶ years" becomes "106 years", "5 m²" becomes "5 m2", "3½ hours" becomes
# "31⁄2 hours". The README announces a plain text; that values change it does not say, and the same
# program does write `10<sup>6</sup>` as "10^6". All fields are concerned: `plain_text`, `plain_content`
# and the title. Unicode's own report (UAX #15) warns that NFKC is not for any text, as it loses meaning.
# Items of a list get a comma that the page does not have, and a numbered list loses its numbers.
# For a program that reads pages with it: the numbers of the output are not those of the page.
# Fails once the power is kept.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check readabilipy==0.3.0
"$folder/venv/bin/python" - <<'PY'
import sys

from readabilipy import simple_json_from_html_string

PARAGRAPHS = (
    "The star is 10⁶ years old.",
    "The star is 10<sup>6</sup> years old.",
    "A cabin of 5 m² for 3½ hours.",
)
page = "<html><head><title>Stars of 10⁶ years</title></head><body><article>{}<ol><li>Kiel</li><li>Oslo</li></ol></article></body></html>"
result = simple_json_from_html_string(page.format("".join(f"<p>{text}</p>" for text in PARAGRAPHS)))
texts = [paragraph["text"] for paragraph in result["plain_text"]]
print("title:", result["title"])
for text in texts:
    print("text:", text)
print("content:", result["plain_content"])
if any("10⁶" in text for text in texts):
    sys.exit("the power is kept: this finding is outdated")
PY
