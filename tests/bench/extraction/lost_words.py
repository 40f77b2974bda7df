"""Count the words that conversion to Markdown loses or doubles, over folders of saved pages.

    python -m tests.bench.extraction.lost_words FOLDER...

Each folder holds pages as `*.html` or `*.html.gz`. Compared are the visible words of the selected
article, with its notes, and the words of its Markdown; formulas and image descriptions, which
conversion writes anew, are left out of both, and so are the labels that a table's rows repeat
and the kinds of callouts. Words that the page joins and Markdown separates, as cells and indices
are, or the reverse, are neither lost nor doubled.
"""

import gzip
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

from lxml.html import HtmlElement

from reader.extract import markdown, pipeline
from reader.extract.markdown import math
from reader.extract.markdown.converter import IGNORED_TAGS, MEDIA_TAGS
from reader.extract.markdown.footnote_registry import ATTRIBUTE
from reader.markdown.events import events
from reader.model.errors import ReaderError

Words = Counter[str]
_CALLOUT = re.compile(r"\[!\w+\]")
_INLINE = frozenset(
    "a abbr b bdi bdo cite code data del dfn em font i ins kbd mark q s samp small span strong sub sup"
    " time u var wbr".split()
)


def _words(text: str) -> Words:
    return Counter(re.findall(r"[^\W_]+", normalize("NFKC", text.replace("\xad", "")).casefold()))


def _parts(word: str, others: Words) -> list[str] | None:
    """Return the words of which a word is joined, None if it is not."""
    ways: dict[int, list[str]] = {0: []}
    for end in range(1, len(word) + 1):
        for start in [start for start in ways if word[start:end] in others]:
            way = [*ways[start], word[start:end]]
            if end not in ways and all(others[part] >= n for part, n in Counter(way).items()):
                ways[end] = way
    return ways.get(len(word))


def without_joined(words: Words, others: Words) -> None:
    """Remove the words that are joined of others, and their parts, from both."""
    for word in sorted(words.elements(), key=len, reverse=True):
        if (parts := _parts(word, others)) is not None:
            words[word] -= 1
            others.subtract(parts)
    for counted in (words, others):
        for word in [word for word, n in counted.items() if n <= 0]:
            del counted[word]


def _callout_title(element: HtmlElement) -> str:
    """Return the title in the attribute of a callout, unless only its kind is written.

    Pages set the same attribute on other elements, which do not show it.
    """
    kind, title = element.get("data-callout"), element.get("data-title") or ""
    is_named_by_kind = title.casefold() == kind and element.get("data-callout-fold") is None
    return f"{title} " if kind and not is_named_by_kind else ""


def _visible(element: HtmlElement, parts: list[str]) -> None:
    if element.tag == "br":
        parts.append(" ")
    parts.append(_callout_title(element))
    parts.append(element.text or "")
    for child in element:
        tag = child.tag
        is_text = isinstance(tag, str) and tag not in IGNORED_TAGS and tag not in MEDIA_TAGS
        if is_text and child.get(math.ATTRIBUTE) is None and child.get(ATTRIBUTE) is None:
            block = "" if tag in _INLINE else " "
            parts.append(block)
            _visible(child, parts)
            parts.append(block)
        parts.append(child.tail or "")


def written(text: str) -> str:
    """Return the words of a Markdown text without formulas and image descriptions."""
    parts: list[str] = []
    inside: Counter[str] = Counter()
    for event in events(text):
        if isinstance(event, str):
            parts.append(" ")
            continue
        ((kind, value),) = event.items()
        name = (
            value
            if isinstance(value, str)
            else next(iter(value), "")
            if isinstance(value, dict)
            else ""
        )
        inside[name] += (kind == "Start") - (kind == "End")
        if kind in ("Text", "Code", "Html", "InlineHtml") and not inside["Image"]:
            is_callout = kind == "Text" and inside["BlockQuote"] and not inside["CodeBlock"]
            parts.append(_CALLOUT.sub("", value, count=1) if is_callout else value)
        elif kind in ("Start", "End") and name not in (
            "Link",
            "Emphasis",
            "Strong",
            "Strikethrough",
        ):
            parts.append(" ")
    return "".join(parts)


def measure(page: bytes) -> tuple[int, Words, Words]:
    """Return the number of words of the article, and its lost and its doubled words."""
    found: dict[str, Words] = {}
    convert = markdown.convert

    def watched(
        root: HtmlElement, base_url: str | None, notes: markdown.FootnoteRegistry | None = None
    ) -> str:
        parts: list[str] = []
        _visible(root, parts)
        if notes is not None:
            notes.assign_labels(root)
            for key in notes.labels:
                parts.append(" ")
                _visible(notes.notes[key], parts)
        rows = [row for table in root.iter("table") if (row := table.find(".//tr")) is not None]
        found["labels"] = _words(" ".join(cell.text_content() for row in rows for cell in row))
        text = convert(root, base_url, notes)
        found["page"] = _words("".join(parts))
        found["text"] = _words(written(text))
        return text

    markdown.convert = watched
    try:
        pipeline.extract(page, "https://example.org/page")
    except ReaderError:
        return 0, Counter(), Counter()
    finally:
        markdown.convert = convert
    lost, doubled = found["page"] - found["text"], found["text"] - found["page"]
    doubled = Counter({word: n for word, n in doubled.items() if word not in found["labels"]})
    without_joined(lost, doubled)
    without_joined(doubled, lost)
    return sum(found["page"].values()), lost, doubled


def pages(folder: str) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of the pages in a folder."""
    for path in sorted(Path(folder).glob("*.html*")):
        content = path.read_bytes()
        yield path.name, gzip.decompress(content) if path.suffix == ".gz" else content


def main(folders: list[str]) -> None:
    """Print words, lost and doubled words of each folder, and the pages with most of them."""
    for folder in folders:
        total, lost, doubled = 0, 0, 0
        worst: list[tuple[int, str, list[str]]] = []
        for name, content in pages(folder):
            words, gone, twice = measure(content)
            total += words
            lost += sum(gone.values())
            doubled += sum(twice.values())
            if gone or twice:
                some = [f"-{word}" for word in list(gone)[:8]] + [
                    f"+{word}" for word in list(twice)[:8]
                ]
                worst.append((sum(gone.values()) + sum(twice.values()), name, some))
        print(f"{Path(folder).name:<14} {total:>9} words  {lost:>6} lost  {doubled:>6} doubled")
        for count, name, some in sorted(worst, reverse=True)[:12]:
            print(f"    {count:>5} {name[:50]:<50} {' '.join(some)}"[:220])


if __name__ == "__main__":
    main(sys.argv[1:])
