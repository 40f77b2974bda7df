"""Whether a page that was fetched is an article that is here already, under another address."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from reader.model.article import Article
from reader.model.change import Change
from reader.model.entry import EntryId, Record
from reader.model.errors import LibraryDamaged, UnknownId, WrongUsage
from reader.model.urls import clean_url, entry_id, host_of, is_web

if TYPE_CHECKING:
    from reader.library import Library

ENOUGH: Final = 0.9
"""Share of the longer text's lines that both must have: a page's date or advice may differ."""


class Twins:
    """Articles by their final and canonical addresses, beside the ids that addresses have.

    An address means the same article only on the same host, not for a site's front page, and
    where the text is the same.
    """

    def __init__(self, library: "Library"):
        self._library = library
        self._known: dict[str, EntryId] = {}

    def learn_all(self) -> None:
        """Look at every article's addresses; linear in the library."""
        for record in self._library.records():
            if record.digest is not None and not record.entry.trashed:
                self.learn(record.entry.id, record.entry.url, record.final, record.canonical)

    def learn(self, known: EntryId, *addresses: str | None) -> None:
        """Remember where an article was asked for, where it was found, and what it calls itself."""
        for address in _cleaned(*addresses):
            self._known.setdefault(_place(address), known)

    def of(self, url: str, final: str | None, article: Article) -> Record | None:
        """The article that this page is, other than the one at `url` itself. Blocks on disk."""
        own = clean_url(url)
        for address in _cleaned(final, article.canonical, own):
            if host_of(address) != host_of(own) or urlsplit(address).path in ("", "/"):
                continue
            for candidate in (entry_id(address), self._known.get(_place(address))):
                if candidate is None or candidate == entry_id(own):
                    continue
                record = self._record(candidate)
                if record is not None and self._reads_alike(record, article):
                    return record
        return None

    def _record(self, candidate: EntryId) -> Record | None:
        try:
            record = self._library.get(candidate)
        except UnknownId:
            return None
        return None if record.purged or record.entry.trashed or record.digest is None else record

    def _reads_alike(self, record: Record, article: Article) -> bool:
        try:
            return is_same_text(self._library.markdown(record.entry.id), article.markdown)
        except LibraryDamaged:
            return False


def hand_over(library: "Library", link: Record, twin: Record, *, step: str | None) -> None:
    """The link is the article `twin`: what a person gave it goes there, its id goes on working."""
    note = link.note if not twin.note else f"{twin.note}\n\n{link.note}" if link.note else None
    given = Change(
        add_tags=link.entry.tags,
        starred=True if link.entry.starred else None,
        note=note or None,
        keep=link.highlights,
    )
    gone = Change(same=twin.entry.id, trashed=True)
    library.change({twin.entry.id: given, link.entry.id: gone}, step=step)


def is_same_text(one: str, other: str) -> bool:
    """Whether two texts share nine tenths of their lines, spaces and order aside."""
    if one == other:
        return True
    mine, theirs = _lines(one), _lines(other)
    longer = max(mine.total(), theirs.total())
    return longer > 0 and (mine & theirs).total() >= ENOUGH * longer


def _lines(text: str) -> Counter[str]:
    """Lines with their letters as weight, so that headings count less than paragraphs."""
    counted: Counter[str] = Counter()
    for line in text.splitlines():
        folded = " ".join(line.split())
        if folded:
            counted[folded] += len(folded)
    return counted


def _place(address: str) -> str:
    """A cleaned address without what differs between links to one page: scheme and `www.`."""
    parts = urlsplit(address)
    return f"{host_of(address)}:{parts.port or ''}{parts.path.rstrip('/')}?{parts.query}"


def _cleaned(*addresses: str | None) -> Iterator[str]:
    for address in addresses:
        if address and is_web(address):
            try:
                yield clean_url(address)
            except WrongUsage:
                continue
