"""Plain lists of addresses, one a line, with or without a title (OneTab's `URL | Title` too)."""

import re
from collections.abc import Iterator

from reader.formats.csv_reader import decode
from reader.formats.import_file import ImportFile
from reader.formats.import_row import ImportRow, RejectedRow, Row, parse_url
from reader.model.urls import is_web_url


def matches(upload: ImportFile) -> bool:
    """Whether most of the first lines hold an address."""
    if upload.archive or upload.head.startswith(("<", "{", "[{")):
        return False
    lines = [
        line.strip() for line in upload.head.splitlines()[:20] if line.strip() and line[0] != "#"
    ]
    return bool(lines) and sum(_split(line) is not None for line in lines) * 2 > len(lines)


def read(upload: ImportFile) -> Iterator[Row]:
    """Every line that holds an address; comments (`#`) and empty lines are passed over."""
    number = 0
    for line in decode(upload.content).splitlines():
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        number += 1
        found = _split(text)
        if found is None:
            yield RejectedRow(number, f"no web address: {text[:80]!r}")
        else:
            yield ImportRow(row=number, url=found[0], title=found[1])


def _split(line: str) -> tuple[str, str] | None:
    """Address and title of `URL`, `URL | title`, `URL title`, `- [title](URL)`, `"URL",…`."""
    marked = re.match(r"[-*+]?\s*\[(.*)\]\((https?://[^)\s]+)\)", line, re.IGNORECASE)
    if marked:
        return marked[2], marked[1].strip()
    bare = line.lstrip("-*+<\"' ")
    if not is_web_url(bare):
        return None
    url, _, title = bare.partition(" ")
    return (parse_url(url.rstrip(">\"',")) or url), title.strip().lstrip("|").strip()
