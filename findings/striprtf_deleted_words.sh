#!/bin/sh
# striprtf 0.0.35: the text says something else than the document. Hidden text (\v) and text that was deleted under
# revision marks (\deleted) stand in it as if they were shown: of a sentence whose "not" was struck out the "not" is
# back. Footnotes (\footnote) are gone without a mark. A column break (\column) parts no words, although \page and
# \sect do: "four" and "five" are "fourfive". The character sets \mac and \pc of the header are not known: "caf\'8e",
# the é of a Mac, is "cafŽ", and "caf\'82", that of DOS, ends with a comma's look-alike; with
# \fcharset77 at the font the byte of the Mac is right. The specification of RTF (1.9.1) has all of these words:
# \ansi, \mac, \pc and \pca are the four character sets of its header. The README speaks of medical documents.
# For a program that reads RTF: remove groups with \v and \deleted, and pass `encoding` if the header has \mac or \pc.
# Fails once the deleted word is left out.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check striprtf==0.0.35
"$folder/venv/bin/python" - <<'PY'
import sys

from striprtf.striprtf import rtf_to_text

HEAD = "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}\n"
DOCUMENTS = {
    "hidden": HEAD + "The ferry{\\v  of the draft} was late.}",
    "deleted": HEAD + "It was {\\deleted not }late.}",
    "footnote": HEAD + "It was late.{\\footnote By an hour.} It came.}",
    "breaks": HEAD + "one\\line two\\page three\\sect four\\column five}",
    "Mac": "{\\rtf1\\mac caf\\'8e}",
    "Mac by its font": "{\\rtf1\\ansi{\\fonttbl{\\f0\\fcharset77 Geneva;}}\\f0 caf\\'8e}",
    "DOS": "{\\rtf1\\pc caf\\'82}",
}
texts = {name: rtf_to_text(document) for name, document in DOCUMENTS.items()}
for name, text in texts.items():
    print(f"{name}: {text!r}")
assert "By an hour" not in texts["footnote"]
assert "fourfive" in texts["breaks"]
if "not" not in texts["deleted"]:
    sys.exit("the deleted word is left out: this finding is outdated")
PY
