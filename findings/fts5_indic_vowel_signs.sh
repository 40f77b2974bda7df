#!/bin/sh
# SQLite's FTS5 (seen with apsw 3.54.1.0): the tokenizer unicode61 takes Hindi words that differ only
# in their vowel signs for one another, with every value of remove_diacritics: a search for "पुल"
# (bridge) finds "पूल" and "पाल" too. Vowel signs are marks (Mc, Mn), and unicode61 takes only letters
# and numbers for tokens, so a vowel sign ends a token and both words are the consonants प and ल.
# With the option `categories 'L* N* Co M*'` each word is one token, and only "पुल" is found.
# Fails once unicode61 tells the words apart without that option.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check apsw==3.54.1.0
"$folder/venv/bin/python" - <<'PY'
import sys
import apsw

WORDS = ("पुल", "पूल", "पाल", "मील")
found = {}
for tokenizer in (
    "unicode61 remove_diacritics 0",
    "unicode61 remove_diacritics 1",
    "unicode61 remove_diacritics 2",
    "unicode61 categories 'L* N* Co M*'",
):
    database = apsw.Connection(":memory:")
    option = tokenizer.replace("'", "''")
    database.execute(f"create virtual table words using fts5 (word, tokenize='{option}')")
    database.executemany("insert into words values (?)", [(word,) for word in WORDS])
    rows = database.execute("select word from words where words match ? order by rowid", ('"पुल"',))
    found[tokenizer] = [word for (word,) in rows]
    print(f"{tokenizer}: पुल finds {', '.join(found[tokenizer])}")
print("SQLite", apsw.sqlite_lib_version())
plain = [rows for name, rows in found.items() if "categories" not in name]
if any(len(rows) < 2 for rows in plain):
    sys.exit("unicode61 tells the words apart: this finding is outdated")
PY
