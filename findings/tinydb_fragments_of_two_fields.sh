#!/bin/sh
# TinyDB 4.9.0: a search for a fragment in one field can return the documents that have it in another.
# `where("origin").fragment({"port": "Kiel"})` and `where("goal").fragment({"port": "Kiel"})` are two
# queries, but TinyDB leaves the field out of what identifies them: they are equal, have one hash, and
# `search` answers the second from its cache of the first. The documentation of QueryInstance says that
# a cached query has "the same query always returning the same hash"; here different ones have it, too.
# `get` and `contains` do not use the cache and are right, and so is the first search after any write.
# (The flags of `matches` and `search` are left out in the same way; that is known: issue 637.)
# For a program that keeps its articles in TinyDB: `cache_size=0` on the table, or no `fragment`.
# Fails once the two searches find different documents.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tinydb==4.9.0
"$folder/venv/bin/python" - <<'PY'
import sys

from tinydb import TinyDB, where
from tinydb.storages import MemoryStorage

database = TinyDB(storage=MemoryStorage)
database.insert({"ship": "Anna", "origin": {"port": "Kiel"}, "goal": {"port": "Oslo"}})
database.insert({"ship": "Berta", "origin": {"port": "Oslo"}, "goal": {"port": "Kiel"}})
leaves = where("origin").fragment({"port": "Kiel"})
arrives = where("goal").fragment({"port": "Kiel"})
print("the queries are equal:", leaves == arrives, "- their hashes:", hash(leaves) == hash(arrives))
print("search, leaves Kiel:", [found["ship"] for found in database.search(leaves)])
searched = [found["ship"] for found in database.search(arrives)]
got = database.get(arrives)["ship"]
print("search, arrives in Kiel:", searched)
print("get, arrives in Kiel:", got)
database.clear_cache()
print("search with an empty cache:", [found["ship"] for found in database.search(arrives)])
if searched == [got]:
    sys.exit("each search finds its own documents: this finding is outdated")
PY
