#!/bin/sh
# lxml 6.1.3: `getroottree()` of an element that was taken out of its tree returns the tree it was
# taken from, not its own. Its docstring says that it "is the same as following element.getparent()
# up the tree until it returns None", which ends at the removed element. So a program cannot ask by
# it whether an element is still part of a page.
# Fails once both answers agree.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check lxml==6.1.3
"$folder/venv/bin/python" - <<'PY'
import sys

from lxml import etree

print(" ".join((etree._Element.getroottree.__doc__ or "").split()))
root = etree.fromstring("<page><box><word/></box></page>")
box = root[0]
word = box[0]
root.remove(box)
last = word
while last.getparent() is not None:
    last = last.getparent()
answer = word.getroottree().getroot()
print("by getparent():", last.tag)
print("by getroottree():", answer.tag)
if answer is last:
    sys.exit("both answers agree: this finding is outdated")
PY
