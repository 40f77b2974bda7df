#!/bin/sh
# jsonfeed-to-rss 3.0.8 (npm): plain text becomes HTML on its way from a JSON feed to RSS. `content_text`, by JSON
# Feed 1.1 "plain text", is put into <description> as it is, only escaped for XML. The content of <description> is HTML
# to feed readers (RSS 2.0: "entity-encoded HTML is allowed"), so "the <title> element" loses its name, and the
# paragraphs and lines of a text become one, as blank lines mean nothing in HTML. Where an item has no title, one is
# made of `content_html` with its entities left in: "AT&amp;T" is the title "AT&amp;T" in place of "AT&T". Its sister
# jsonfeed-to-atom 1.2.5 declares the text (type="text") and keeps the words, and has the same fault in titles. Both
# refuse version 1.1 of the format, which has been the current one since 2020. feedparser 6.0.14 reads the files.
# For a program that writes RSS: escape plain text for HTML first, and then for XML.
# Needs node and npm. Fails once the words of the text come through RSS.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund jsonfeed-to-rss@3.0.8 jsonfeed-to-atom@1.2.5 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check feedparser==6.0.14
cat >write.mjs <<'JS'
import { writeFileSync } from "node:fs";
import toAtom from "jsonfeed-to-atom";
import toRss from "jsonfeed-to-rss";

const feed = (version) => ({
  version: `https://jsonfeed.org/version/${version}`,
  title: "Ferries",
  home_page_url: "https://example.org/",
  feed_url: "https://example.org/feed.json",
  author: { name: "Ann" },
  items: [
    { id: "1", url: "https://example.org/1", title: "Tags", content_text: "Use <title> once.\n\nNever twice.", date_published: "2026-03-02T10:00:00Z" },
    { id: "2", url: "https://example.org/2", content_html: "<p>AT&amp;T</p>", date_published: "2026-03-02T10:00:00Z" },
  ],
});
for (const version of ["1.1", "1"]) {
  try {
    writeFileSync("feed.rss", toRss(feed(version)));
    writeFileSync("feed.atom", toAtom(feed(version)));
  } catch (error) {
    console.log(`version ${version}: ${error.message}`);
  }
}
JS
node write.mjs
venv/bin/python - <<'PY'
import sys
from pathlib import Path

import feedparser

texts = {}
for kind in ("rss", "atom"):
    entries = feedparser.parse(Path(f"feed.{kind}").read_bytes()).entries
    first = entries[0].content[0] if "content" in entries[0] else entries[0].summary_detail
    texts[kind] = first.value
    print(f"{kind}: {first.value!r} ({first.type}), title of the second: {entries[1].title!r}")
if "&lt;title&gt;" in texts["rss"]:
    sys.exit("the words come through RSS: this finding is outdated")
PY
