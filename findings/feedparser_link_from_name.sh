#!/bin/sh
# feedparser 6.0.14: an Atom entry that has no link for its text gets its id as `entry.link`, though the
# id is a name and not an address: "urn:uuid:…" or "tag:example.org,2026:1". By RFC 4287 (4.2.6) a program
# must not assume that an id can be looked up, and an entry with content needs no link (4.1.2): feeds
# of short notes have none. In RSS a `guid` is an address unless it says otherwise, and
# feedparser applies this rule of RSS to Atom (`guidislink` is True). An enclosure of the entry, which
# can be opened, does not count. The documentation calls `link` "the primary link of this entry".
# For a program that saves the articles of a feed: take `link` only if its scheme is http or https.
# Fails once `link` is missing or the id is no link.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check feedparser==6.0.14
"$folder/venv/bin/python" - <<'PY'
import sys

import feedparser

FEED = """<feed xmlns="http://www.w3.org/2005/Atom">
<title>Notes</title><id>urn:uuid:60a76c80-d399-4d9b-893c-0003939e0af6</id><updated>2026-05-01T10:00:00Z</updated>
<author><name>Ilse Brandt</name></author>
<entry><title>A name</title><id>urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a</id>
<updated>2026-05-01T10:00:00Z</updated><content type="text">Fog.</content></entry>
<entry><title>A tag and a recording</title><id>tag:example.org,2026:2</id><updated>2026-05-01T10:00:00Z</updated>
<link rel="enclosure" type="audio/mpeg" href="https://example.org/fog.mp3"/><content type="text">Fog.</content></entry>
<entry><title>An address</title><id>tag:example.org,2026:3</id><updated>2026-05-01T10:00:00Z</updated>
<link href="https://example.org/3"/><content type="text">Fog.</content></entry>
</feed>"""
parsed = feedparser.parse(FEED)
print("version:", parsed.version, "- errors:", bool(parsed.bozo))
for entry in parsed.entries:
    print(f"{entry.title}: link {entry.get('link')!r}, guidislink {entry.guidislink}")
if not parsed.entries[0].get("link", "").startswith("urn:"):
    sys.exit("a name is no link: this finding is outdated")
PY
