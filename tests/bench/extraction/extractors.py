"""The extractors that are compared: bytes and address of a page → Markdown or plain text."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from reader.extract.input.containers import unwrap

Extract = Callable[[bytes, str], str]


def ours(page: bytes, url: str) -> str:
    from reader.extract import extract
    from reader.model.errors import NotAnArticleError

    try:
        return extract(page, url).markdown
    except NotAnArticleError:
        return ""


def stock(page: bytes, url: str) -> str:
    from markdownify import markdownify
    from readability import Document

    document = Document(page, url=url)
    document.title()
    return str(markdownify(document.summary()))


def trafilatura(page: bytes, url: str) -> str:
    from trafilatura import extract

    return extract(page, url=url, include_comments=False, output_format="markdown") or ""


def trafilatura_precision(page: bytes, url: str) -> str:
    from trafilatura import extract

    return (
        extract(
            page, url=url, include_comments=False, favor_precision=True, output_format="markdown"
        )
        or ""
    )


def resiliparse(page: bytes, _url: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse_from_bytes(page, detect_encoding(page))
    return str(extract_plain_text(tree, main_content=True, alt_texts=False, links=False))


def newspaper(page: bytes, url: str) -> str:
    from newspaper import Article

    article = Article(url, fetch_images=False)
    article.download(input_html=page)
    article.parse()
    return str(article.text)


class NodePeer:
    """An extractor that runs under node: a child process that answers page by page."""

    def __init__(self, name: str, folder: Path) -> None:
        script = Path(__file__).with_name("peers.mjs")
        self._command = ["node", str(script), name, str(folder)]
        self._child: subprocess.Popen[str] | None = None

    def __call__(self, page: bytes, url: str) -> str:
        from markdownify import markdownify

        if self._child is None:
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        try:
            self._child.stdin.write(json.dumps({"html": unwrap(page).text, "url": url}) + "\n")
            self._child.stdin.flush()
            answer = json.loads(self._child.stdout.readline())["html"]
        except BaseException:
            # A child that was interrupted would answer the next page with this one.
            self.close()
            raise
        return str(markdownify(answer))

    def close(self) -> None:
        """End the child, if it runs."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None


EXTRACTORS: dict[str, Extract] = {
    "reader": ours,
    "readability+markdownify": stock,
    "trafilatura": trafilatura,
    "trafilatura precision": trafilatura_precision,
    "resiliparse": resiliparse,
    "newspaper4k": newspaper,
}
PACKAGES = {
    "trafilatura": "trafilatura",
    "trafilatura precision": "trafilatura",
    "resiliparse": "resiliparse",
    "newspaper4k": "newspaper",
}
"""Packages that an extractor needs besides those of the project."""
NODE_PEERS = {"Readability.js": "readability", "Defuddle": "defuddle"}
