#!/bin/sh
# opml 0.5.8 (npm, by the format's author): readers cannot read what `stringify` writes. (1) The text declares
# encoding="ISO-8859-1", but the letters in it are neither Latin-1 nor numeric references: a program that writes the
# string to a file gets UTF-8, as Node does by default. A list of feeds called "Fähre" comes to an XML parser as
# "FÃ¤hre", and letters outside Latin-1 likewise. (Issue 6 there has seen it with texts from Twitter.) (2) Values of the head are
# not escaped, while attributes are: with the title "Ports & ferries" the file is no well-formed XML, and parsers
# refuse it whole, `parse` of the same package too. (1) it reads, since it gets a string, so a test of writing and
# reading back shows nothing. XML 1.0 (4.3.3, 2.4) forbids both. feedsmith 3.0.1 writes both right.
# For a program that imports OPML: on mojibake under a declared ISO-8859-1, try UTF-8.
# Needs node and npm. Fails once the name comes to the XML parser as it was.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund opml@0.5.8 feedsmith@3.0.1 >/dev/null 2>&1
cat >write.mjs <<'JS'
import { writeFileSync } from "node:fs";
import { generateOpml, parseOpml } from "feedsmith";
import opml from "opml";

for (const [name, title] of [["letters", "Ports"], ["ampersand", "Ports & ferries"]]) {
  const outline = { text: "Fähre", type: "rss", xmlUrl: "https://example.org/feed" };
  const text = opml.stringify({ opml: { version: "2.0", head: { title }, body: { subs: [outline] } } });
  writeFileSync(`opml-${name}.xml`, text);
  writeFileSync(`feedsmith-${name}.xml`, generateOpml({ head: { title }, body: { outlines: [outline] } }));
  try {
    opml.parse(text, (error, back) => console.log(`opml reads its own: ${error?.message ?? back.opml.body.subs[0].text}`));
  } catch (error) {
    console.log(`opml reads its own: ${error.message}`);
  }
}
JS
node write.mjs
python3 - <<'PY'
import sys
from xml.etree import ElementTree

names = {}
for writer in ("opml", "feedsmith"):
    for case in ("letters", "ampersand"):
        try:
            names[writer, case] = ElementTree.parse(f"{writer}-{case}.xml").find(".//outline").get("text")
        except ElementTree.ParseError as error:
            names[writer, case] = error
        print(f"{writer}, {case}: {names[writer, case]}")
if names["opml", "letters"] == "Fähre":
    sys.exit("the name comes as it was: this finding is outdated")
PY
