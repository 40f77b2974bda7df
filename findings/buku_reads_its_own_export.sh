#!/bin/sh
# buku 5.1: bookmarks do not survive its own export. Titles and notes go into the HTML file (the format
# that browsers import) without escaping, so "How the <b> element works" becomes markup in that file, and
# buku's own import stores an empty title; of the note "see <i> & <u>" the two names are gone. The same title
# makes the Atom file (`.rss`) no well-formed XML. Exports to Markdown and Org leave out the notes
# altogether, and Org changes the tag "c++" to "c_". Titles with `<` are usual for articles on web
# development. All commands end with status 0. Only the export to a
# database (`.db`) is whole. (linkding had the same fault in its HTML: issue 396 there.)
# For a program that imports bookmarks: in a file of buku, markup within a title is text of the title.
# Fails once title and note come back through the HTML file.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check buku==5.1
"$folder/venv/bin/python" - "$folder" <<'PY'
import json
import os
import subprocess
import sys
from xml.etree import ElementTree

folder = sys.argv[1]


def buku(home, *arguments):
    command = [f"{folder}/venv/bin/buku", "--nostdin", "--nc", "--np", "--offline", *arguments]
    environment = {**os.environ, "XDG_DATA_HOME": f"{folder}/{home}"}
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout


def describe(home):
    entry = json.loads(buku(home, "--print", "1", "--json"))
    entry = entry[0] if isinstance(entry, list) else entry
    return {name: entry[name] for name in ("title", "description", "tags")}


buku("first", "--add", "https://example.org/1", "c++,web", "--title", "How the <b> element works", "--comment", "see <i> & <u>")
stored = describe("first")
print("stored:", stored)
back = {}
for kind in ("html", "md", "org", "db"):
    path = f"{folder}/bookmarks.{kind}"
    buku("first", "--export", path)
    buku(kind, "--tacit", "--import", path)
    back[kind] = describe(kind)
    print(f"by .{kind}:", back[kind])
buku("first", "--export", f"{folder}/bookmarks.rss")
try:
    ElementTree.parse(f"{folder}/bookmarks.rss")
    print("the .rss file is well-formed")
except ElementTree.ParseError as error:
    print("the .rss file:", error)
if all(back["html"][name] == stored[name] for name in ("title", "description")):
    sys.exit("the HTML file gives them back: this finding is outdated")
PY
