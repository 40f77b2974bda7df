#!/bin/sh
# TinyDB 4.8.2: `search` caches its results by query, and hands out the cached documents themselves.
# A program that changes a document which it found, without storing it, sees the change in the next
# `search` with an equal query, while `get`, `all` and other queries of the same database give what is
# stored. Any write to the table ends it, so the value seems to come and go. The list that `search`
# returns is a copy; the documents in it are not. `cache_size = 0` on the table class avoids it.
# Fails once a search gives what is stored.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tinydb==4.8.2
"$folder/venv/bin/python" - "$folder/db.json" <<'PY'
import sys

from tinydb import TinyDB, where

database = TinyDB(sys.argv[1])
database.insert({"title": "Ferry", "tags": ["sea"]})
is_ferry = where("title") == "Ferry"
found = database.search(is_ferry)[0]
found["tags"].append("draft")
found["note"] = "not stored"
searched, got = database.search(is_ferry), database.get(is_ferry)
print("search, same query:", searched)
print("search, another query:", database.search(where("title").matches("Ferry")))
print("get:", got)
database.insert({"title": "Harbour"})
print("search after a write:", database.search(is_ferry))
if searched[0] == got:
    sys.exit("a search gives what is stored: this finding is outdated")
PY
