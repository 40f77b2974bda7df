"""Plain lists of addresses, one per line, with or without titles (also OneTab's)."""

import re
from collections.abc import Iterator

from reader.formats.csv_reader import text_lines
from reader.formats.import_file import ImportFile
from reader.formats.import_row import ImportRow, Row, parse_url, reject_url
from reader.model.urls import is_web_url


def matches(file: ImportFile) -> bool:
    """Return whether most of the first lines hold an address."""
    if file.archive or file.head.startswith(("<", "{", "[{")):
        return False
    lines = [
        line.strip() for line in file.head.splitlines()[:20] if line.strip() and line[0] != "#"
    ]
    return bool(lines) and sum(_split(line) is not None for line in lines) * 2 > len(lines)


def read(file: ImportFile) -> Iterator[Row]:
    """Yield every line; comments (`#`) and empty lines are skipped."""
    number = 0
    for line in text_lines(file.content):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        number += 1
        found = _split(text)
        if found is None:
            yield reject_url(number, text[:80])
        else:
            yield ImportRow(row=number, url=found[0], title=found[1])


def _split(line: str) -> tuple[str, str] | None:
    """Return address and title of `URL`, `URL | title`, `- [title](URL)` or `"URL",…`."""
    text = line.lstrip("-*+").lstrip()
    if text.startswith("["):
        title, link, rest = text[1:].rpartition("](")
        url = rest.partition(")")[0]
        if link and is_web_url(url) and not re.search(r"\s", url):
            return url, title.strip()
    bare = line.lstrip("-*+<\"' ")
    if not is_web_url(bare):
        return None
    url, _, title = bare.partition(" ")
    return (parse_url(url.rstrip(">\"',")) or url), title.strip().lstrip("|").strip()
