"""`python -m tests.bench.capture.pdfs FOLDER…`: what is kept of PDFs, beside other libraries.

Each FOLDER has PDFs whose lines are known: `NAME.pdf` and `groundtruth/NAME.pdf.page_no_N….line.txt`
of docling-parse (its source package holds them), or `tests.jsonl` of olmOCR-bench beside `pdfs/`.
For the first, the share of the word triples within known lines that the text has: columns that are
read across, joined words and reversed letters lose them. For the second, the tests that pass. The
headings are those titles of the document's outline that the text has. pypdfium2 is compared where it is installed.
"""

import json
import logging
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from reader.extract.input.pdf import read_pdf

_LINE = re.compile(r"\(.*?\)\s+/\S+ (.*?)\t?<\|special_separator\|>")
_WORD = re.compile(r"\w+")
_MARKS = re.compile(r"!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|</?[a-z]+>|&[a-z]+;|[\\*_`|]")
MIN_WORDS = 20
"""Words of lines of three or more below which a file says nothing: forms, single signs."""


def of_reader(content: bytes) -> str:
    """Return the Markdown that `reader` makes of a PDF."""
    return read_pdf(content).markdown


def of_liteparse(content: bytes) -> str:
    """Return liteparse's Markdown."""
    from liteparse import LiteParse

    return str(
        LiteParse(ocr_enabled=False, quiet=True, output_format="markdown").parse(content).text
    )


def of_pypdf(content: bytes) -> str:
    """Return pypdf's text."""
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def of_pdfium(content: bytes) -> str:
    """Return PDFium's text."""
    import pypdfium2  # type: ignore[import-not-found]

    with pypdfium2.PdfDocument(content) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


TOOLS: dict[str, Callable[[bytes], str]] = {
    "reader": of_reader,
    "liteparse": of_liteparse,
    "pypdf": of_pypdf,
    "pdfium": of_pdfium,
}


def triples(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield each three words that follow one another."""
    yield from zip(words, words[1:], words[2:], strict=False)


def words_of(text: str) -> list[str]:
    """Return the words of a text or of Markdown, in lower case."""
    return [word.lower() for word in _WORD.findall(_MARKS.sub("", text))]


def known_triples(folder: Path, name: str) -> Counter[tuple[str, ...]]:
    """Return the word triples of all known lines of a PDF."""
    found: Counter[tuple[str, ...]] = Counter()
    for path in folder.glob(f"{name}.page_no_*.line.txt"):
        for line in _LINE.findall(path.read_text(errors="replace")):
            found.update(triples(words_of(line)))
    return found


def titles_of(content: bytes) -> list[str]:
    """Return the titles of a PDF's outline."""
    from pypdf import PdfReader

    def walk(items: Sequence[Any]) -> Iterator[str]:
        for item in items:
            if isinstance(item, list):
                yield from walk(item)
            else:
                yield str(item.title)

    try:
        return list(walk(PdfReader(BytesIO(content)).outline))
    except Exception:  # noqa: BLE001 — a damaged outline has no titles
        return []


def has_heading(markdown: str, title: str) -> bool:
    """Return whether a heading of the Markdown has the words of a title."""
    wanted = " ".join(words_of(title))
    return any(
        wanted and wanted in " ".join(words_of(line))
        for line in markdown.splitlines()
        if line.startswith("#")
    )


def passes(rule: dict[str, Any], text: str) -> bool:
    """Return whether a text passes a test of olmOCR-bench."""
    said = " ".join(words_of(text))

    def at(key: str) -> int:
        return said.find(" ".join(words_of(rule[key])))

    if rule["type"] == "order":
        return 0 <= at("before") < at("after")
    if rule["type"] == "present":
        return at("text") >= 0
    return at("text") < 0 if rule["type"] == "absent" else bool(said)


def compare_lines(folder: Path) -> None:
    """Print one line a tool over the PDFs of a folder with known lines."""
    truth = folder / "groundtruth"
    files = sorted(path for path in folder.rglob("*.pdf"))
    known = {path: known_triples(truth, path.name) for path in files}
    known = {path: found for path, found in known.items() if found.total() >= MIN_WORDS}
    for tool, read in TOOLS.items():
        shares, headings, wanted, seconds = {}, 0, 0, 0.0
        for path, found in known.items():
            content = path.read_bytes()
            began = time.process_time()
            text = attempt(read, content)
            seconds += time.process_time() - began
            kept = (found & Counter(triples(words_of(text)))).total()
            shares[path.name] = kept / found.total()
            said = " ".join(words_of(attempt(of_pypdf, content)))
            titles = [each for each in titles_of(content) if " ".join(words_of(each)) in said]
            wanted += len(titles)
            headings += sum(has_heading(text, title) for title in titles)
        mean = sum(shares.values()) / max(1, len(shares))
        rtl = [share for name, share in shares.items() if name.startswith("right_to_left")]
        print(
            f"{tool:<10} {len(shares)} files: triples kept {mean:.3f},"
            f" right to left {sum(rtl) / max(1, len(rtl)):.3f},"
            f" headings {headings} of {wanted}, {seconds:.1f} s of processor time"
        )
        print("   worst:", sorted((round(share, 2), name) for name, share in shares.items())[:6])


def compare_rules(folder: Path) -> None:
    """Print one line a tool: tests of olmOCR-bench that pass."""
    rules = [json.loads(line) for line in (folder / "tests.jsonl").read_text().splitlines()]
    for tool, read in TOOLS.items():
        texts = {
            name: attempt(read, (folder / "pdfs" / name).read_bytes())
            for name in {rule["pdf"] for rule in rules}
        }
        failed = [rule for rule in rules if not passes(rule, texts[rule["pdf"]])]
        kinds = Counter(rule["type"] for rule in failed)
        print(
            f"{tool:<10} {len(rules) - len(failed)} of {len(rules)} tests pass; failed: {dict(kinds)}"
        )


def attempt(read: Callable[[bytes], str], content: bytes) -> str:
    """Return a tool's text, empty where it cannot read the file."""
    try:
        return read(content)
    except ImportError:
        raise
    except Exception:  # noqa: BLE001 — each library has errors of its own
        return ""


def main(words: list[str]) -> int:
    """Compare all tools over each folder."""
    logging.disable()
    try:
        import pypdfium2  # noqa: F401
    except ImportError:
        TOOLS.pop("pdfium", None)
    for word in words:
        folder = Path(word)
        (compare_rules if (folder / "tests.jsonl").exists() else compare_lines)(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
