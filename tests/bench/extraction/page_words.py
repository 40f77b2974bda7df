"""Count the words of pages that are neither in the Markdown nor listed as removed.

    python -m tests.bench.extraction.page_words FOLDER...

`lost_words` compares the selected article with its Markdown. This measure begins with the page: every
visible word between the first and the last one that the Markdown keeps is in the Markdown, in the
metadata, in a related article, or in the list that `reader extract --explain` prints. Hidden words,
formulas, players, marks of notes, labels of callouts and the names above posts, which are written
anew, are left out.
"""

import re
import sys
from bisect import bisect_left
from collections import Counter
from unicodedata import normalize
from unittest.mock import patch

from lxml.html import HtmlElement

from reader.extract import extract, removals
from reader.extract.content import boilerplate
from reader.extract.content.hidden import hidden_elements
from reader.extract.content.segmenter import BLOCK_TAGS
from reader.extract.dom import LiveIndex
from reader.extract.input import containers, html_parser
from reader.extract.markdown.converter import IGNORED_TAGS, MEDIA_TAGS
from reader.model.article import Article
from reader.model.errors import ReaderError
from tests.bench.extraction import lost_words

Words = Counter[str]
GRAM = 4
"""Words by which a place of the Markdown is found on the page."""
_SKIPPED = (IGNORED_TAGS | MEDIA_TAGS | {"math"}) - {"button"}
_APART = BLOCK_TAGS | {"sup", "sub", "button"}
_UNSEEN = re.compile(
    r"(?:^|\s)(?:(?:u-|is-|util-)?(?:sr-only|visually-?hidden|screen-?reader(?:-text|-only)?)"
    r"|screenreader(?:text|only)?|offscreen)(?:$|\s)",
    re.I,
)
_UNSEEN_STYLE = re.compile(r"clip\s*:\s*rect|(?:left|top|text-indent)\s*:\s*-\d{4}", re.I)
_DEFINITION = re.compile(r"(?m)^\[\^\w+\]:.*(?:\n(?: .*)?)*")
_POST_NAME = re.compile(r"(?m)^\*\*[^*\n]+\*\* · .*$")
_MARK = re.compile(r"\[\^(\w+)\]")
_CALLOUT = re.compile(r"\[!(\w+)\]")
_FORMULA = re.compile(r"\$(?!\s)([^$\n]+)\$")
_RAISED = re.compile("([⁰¹²³⁴-⁹₀-₉]+)")


def _in_order(text: str) -> list[str]:
    # Raised and lowered numbers stand apart, as their elements do.
    text = _RAISED.sub(r" \1 ", text.replace("\xad", ""))
    return re.findall(r"[^\W_]+", normalize("NFKC", text).casefold())


def _visible(element: HtmlElement, hidden: frozenset[HtmlElement], parts: list[str]) -> None:
    shown = element.get("hidden")
    if (
        element in hidden
        or (shown is not None and shown != "until-found")
        or _UNSEEN.search(element.get("class") or "")
        or _UNSEEN_STYLE.search(element.get("style") or "")
        or (element.tag == "sup" and element.find(".//a") is not None)
    ):
        return
    parts.append(" " if element.tag == "br" else "")
    parts.append(element.text or "")
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SKIPPED:
            block = " " if child.tag in _APART else ""
            parts.append(block)
            _visible(child, hidden, parts)
            parts.append(block)
        parts.append(child.tail or "")


def _page_words(page: bytes, url: str) -> list[str]:
    root = html_parser.parse(containers.unwrap(page).text, url).root
    hidden = hidden_elements(LiveIndex(root))
    boilerplate.unwrap_noscripts(root)
    body = root.find(".//body")
    parts: list[str] = []
    _visible(root if body is None else body, hidden, parts)
    return _in_order("".join(parts))


def _places(words: list[str]) -> dict[tuple[str, ...], int]:
    """Return the place of each run of words that occurs once."""
    seen: dict[tuple[str, ...], int] = {}
    for at in range(len(words) - GRAM + 1):
        gram = tuple(words[at : at + GRAM])
        seen[gram] = -1 if gram in seen else at
    return {gram: at for gram, at in seen.items() if at >= 0}


def _range(page: list[str], kept: list[str]) -> range:
    """Return the part of the page from the first to the last kept words, which stand in order."""
    on_page = _places(page)
    pairs = [(at, on_page[gram]) for gram, at in _places(kept).items() if gram in on_page]
    # The longest rising row of places: a title that is repeated in the footer ends no article.
    ends: list[int] = []
    rows: list[tuple[int, int]] = []
    for _, place in sorted(pairs):
        length = bisect_left(ends, place)
        first = place if not length else rows[length - 1][0]
        ends[length : length + 1] = [place]
        rows[length : length + 1] = [(first, place)]
    return range(rows[-1][0], rows[-1][1] + GRAM) if rows else range(0)


def _listed(article: Article) -> Words:
    texts = [one.text for one in article.removed]
    for one in article.related:
        texts += filter(None, (one.title, one.source, one.age))
    texts += (article.title, article.byline or "", *article.tags)
    for written_anew in (_MARK, _CALLOUT, _FORMULA):
        texts += written_anew.findall(article.markdown)
    return Counter(word for text in texts for word in _in_order(text))


def measure(page: bytes, url: str = "https://example.org/page") -> tuple[int, Words]:
    """Return the number of words of a page's article, and those that nothing accounts for."""
    with patch.object(removals, "MAX_LENGTH", sys.maxsize):
        try:
            article = extract(page, url)
        except ReaderError:
            return 0, Counter()
    words = _page_words(page, url)
    written = _in_order(lost_words.written(article.markdown))
    body = _in_order(lost_words.written(_POST_NAME.sub("", _DEFINITION.sub("", article.markdown))))
    inside = _range(words, body)
    seen, listed = Counter(words[inside.start : inside.stop]), _listed(article)
    lost = seen - Counter(written) - listed
    others = (listed - (seen - Counter(written))) + (Counter(written) - (seen - listed))
    lost_words.without_joined(lost, others)
    lost_words.without_joined(others, lost)
    return len(written), lost


def main(folders: list[str]) -> None:
    """Print words and lost words of each folder, and the pages with most of them."""
    for folder in folders:
        total, lost = 0, 0
        worst: list[tuple[int, str, str]] = []
        for name, page in lost_words.pages(folder):
            words, gone = measure(page)
            total += words
            lost += gone.total()
            if gone:
                worst.append((gone.total(), name, " ".join(list(gone)[:12])))
        print(f"{folder:<30} {total:>9} words  {lost:>6} lost")
        for count, name, some in sorted(worst, reverse=True)[:12]:
            print(f"    {count:>5} {name[:50]:<50} {some}"[:220])


if __name__ == "__main__":
    main(sys.argv[1:])
