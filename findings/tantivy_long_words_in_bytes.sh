#!/bin/sh
# tantivy 0.27.0 (the Python package): the default tokenizer drops words of 40 bytes or more, and counts
# bytes of UTF-8. A word of ASCII letters may have 39 letters, one of Cyrillic or Greek letters 19, a
# run of Japanese or Chinese signs 13. So "сельскохозяйственный" (agricultural, 20 letters) is not in the
# index, nor is any Japanese clause of 14 signs. Nothing is reported, and `en_stem` has the same limit.
# The document is found by its other words, and a search for the long one finds nothing.
# The Python package does not speak of the limit; the filter of the Rust crate (`RemoveLongFilter`)
# says that it counts bytes, and that it is meant for base-64 and the like.
# For a program that indexes articles: register an analyzer with a larger `Filter.remove_long`.
# Fails once the Russian word is found with the default tokenizer.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tantivy==0.27.0
"$folder/venv/bin/python" - <<'PY'
import sys

from tantivy import Document, Filter, Index, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

WORDS = (
    "рыбохозяйственная",
    "сельскохозяйственный",
    "электроэнергетического",
    "船が朝遅く港に着いた",
    "船が朝遅く港に着いたので驚いた",
    "Rindfleischetikettierungsgesetzesgebung",
)
found = {}
for name in ("default", "en_stem", "long"):
    builder = SchemaBuilder()
    builder.add_text_field("text", tokenizer_name=name)
    index = Index(builder.build())
    analyzer = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(400)).filter(Filter.lowercase())
    index.register_tokenizer("long", analyzer.build())
    writer = index.writer()
    for word in WORDS:
        writer.add_document(Document(text=f"{word}, 2026"))
    writer.commit()
    index.reload()
    searcher = index.searcher()
    for word in WORDS:
        found[name, word] = searcher.search(index.parse_query(word, ["text"])).count
for word in WORDS:
    size = f"{len(word)} letters, {len(word.encode())} bytes"
    counts = ", ".join(f"{name} {found[name, word]}" for name in ("default", "en_stem", "long"))
    print(f"{word} ({size}): found by {counts}")
if found["default", "сельскохозяйственный"]:
    sys.exit("the word is found: this finding is outdated")
PY
