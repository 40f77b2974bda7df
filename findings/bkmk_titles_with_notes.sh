#!/bin/sh
# bkmk 0.1: notes of bookmarks become part of their titles. In the Netscape format a note stands as <DD> after
# its bookmark (or after its folder's <H3>); Firefox wrote it so for years, and buku 5.1, Pinboard and Shaarli
# write it today. bkmk, which converts between bookmark files of browsers, adds its text to the title before it, without
# a blank: the title "Ferry" with the note "late again" becomes "Ferrylate again", in XBEL, in Chrome's JSON and
# in HTML alike, and the end of the title cannot be found any more. Folders are renamed in the same way.
# Tags (TAGS="…") are dropped. From XBEL, which has a <desc> element for it, the note is dropped, too.
# All ends with status 0 and without a message. The README says that it was tested thoroughly on these
# formats and that its own JSON has a superset of their features. bookmarks-parser 1.5.0 leaves the title alone.
# For a program that imports bookmarks: a file from bkmk may have titles with notes in them.
# Needs node and npm. Fails once the title comes back as it was.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund bookmarks-parser@1.5.0 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check bkmk==0.1 buku==5.1
export XDG_DATA_HOME="$folder/data"
venv/bin/buku --nostdin --nc --np --offline --add https://example.org/1 sea,north --title Ferry --comment "late again" >/dev/null </dev/null
venv/bin/buku --nostdin --nc --np --export buku.html >/dev/null </dev/null
echo "what buku writes:"
grep -A 1 "<DT><A" buku.html
for format in bkmk-json xbel chrome-json netscape-html; do
  venv/bin/bkmk -f netscape-html -t "$format" buku.html "out.$format"
done
echo "what bkmk makes of it:"
grep -h "Ferry" out.*
cat >parse.cjs <<'JS'
const parse = require("bookmarks-parser");

parse(require("node:fs").readFileSync("buku.html", "utf8"), (error, result) => {
  const find = (entries) => entries.flatMap((entry) => (entry.children ? find(entry.children) : [entry]));
  console.log("bookmarks-parser:", error ?? find(result.bookmarks).map(({ title }) => title));
});
JS
node parse.cjs
cat >note.xbel <<'XML'
<xbel version="1.0"><title>Bookmarks</title>
<bookmark href="https://example.org/1"><title>Ferry</title><desc>late again</desc></bookmark></xbel>
XML
venv/bin/bkmk -f xbel -t xbel note.xbel out2.xbel
echo "the note within XBEL: $(grep -c "late again" note.xbel) before, $(grep -c "late again" out2.xbel || true) after"
if grep -q ">Ferry<" out.netscape-html; then
  echo "the title comes back as it was: this finding is outdated"
  exit 1
fi
