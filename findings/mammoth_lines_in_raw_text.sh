#!/bin/sh
# mammoth 1.13.0, `extract_raw_text`, in PyPI and npm: the lines of a paragraph run together. A line break within a
# paragraph (Shift+Enter in Word, <w:br/>) parts the lines of an address, a verse or a cell; in the raw text
# it leaves nothing: "Quay 3<break>24103 Kiel" is "Quay 324103 Kiel", another number. Tabs are kept, and
# the HTML has <br />. The README says that formatting is ignored, and that two line breaks follow each paragraph; ECMA-376
# (17.3.3.1) has the break among the contents of a run, beside its text. Search indexes and language models
# are fed with this text. In Markdown, the other output of the package, half of a word in bold ("un<b>do</b>")
# becomes "un__do__", which CommonMark (6.2) shows with its underscores.
# For a program that takes in Word files: convert to HTML and take the text from there.
# Needs node and npm. Fails once the two lines are parted.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund mammoth@1.13.0 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check mammoth==1.13.0 python-docx==1.2.0
venv/bin/python - <<'PY'
import docx

document = docx.Document()
line = document.add_paragraph("Quay 3")
line.add_run().add_break()
line.add_run("24103 Kiel\tGermany")
document.add_paragraph("un").add_run("do").bold = True
document.save("ferry.docx")
PY
node -e 'require("mammoth").extractRawText({ path: "ferry.docx" }).then(({ value }) => console.log("npm:", JSON.stringify(value)))'
venv/bin/python - <<'PY'
import sys

import mammoth

shown = {}
for convert in (mammoth.extract_raw_text, mammoth.convert_to_html, mammoth.convert_to_markdown):
    with open("ferry.docx", "rb") as file:
        shown[convert.__name__] = convert(file).value
    print(f"{convert.__name__}: {shown[convert.__name__]!r}")
assert "Quay 3<br />24103" in shown["convert_to_html"]
if "Quay 324103" not in shown["extract_raw_text"]:
    sys.exit("the lines are parted: this finding is outdated")
PY
