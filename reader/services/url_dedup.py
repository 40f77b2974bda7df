"""Detect that a fetched page is a known article under another address."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from reader.model.change import Change
from reader.model.entry import EntryId, Record
from reader.model.errors import LibraryDamagedError, UnknownIdError, UsageError
from reader.model.urls import clean_url, host_of, id_for, is_web_url

if TYPE_CHECKING:
    from reader.library import Library
    from reader.model.article import Article

_COPY_LABELS: Final = frozenset(("amp", "m", "mobile", "touch"))
"""First labels of hosts that hold a site's pages for phones."""
MIN_SHARED: Final = 0.9
"""Share of the longer text's lines that both must have: dates and notices may differ."""


class UrlDeduplicator:
    """Finds articles by final and canonical address, in addition to ids of addresses.

    Two addresses are one article only on the same site, not for a site's front page, and if the
    texts are the same. A site's hosts for phones and AMP are the same site.
    """

    def __init__(self, library: "Library"):
        self._library = library
        self._known: dict[str, EntryId] = {}

    def add_all(self) -> None:
        """Add every article's addresses; linear in the library."""
        for record in self._library.records():
            if record.digest is not None and not record.entry.trashed:
                self.add(record.entry.id, record.entry.url, record.final, record.canonical)

    def add(self, known: EntryId, *addresses: str | None) -> None:
        """Add an article's requested, final and canonical address."""
        for address in _clean_urls(*addresses):
            self._known.setdefault(_address_key(address), known)

    def find(self, url: str, final: str | None, article: "Article") -> Record | None:
        """Return the known article with this page's text, other than the one at `url`. Blocks."""
        own = clean_url(url)
        for address in _clean_urls(final, article.canonical, own):
            if _site_of(address) != _site_of(own) or urlsplit(address).path in ("", "/"):
                continue
            for candidate in (id_for(address), self._known.get(_address_key(address))):
                if candidate is None or candidate == id_for(own):
                    continue
                record = self._record(candidate)
                if record is not None and self._has_same_text(record, article):
                    return record
        return None

    def _record(self, candidate: EntryId) -> Record | None:
        try:
            record = self._library.get(candidate)
        except UnknownIdError:
            return None
        return None if record.purged or record.entry.trashed or record.digest is None else record

    def _has_same_text(self, record: Record, article: "Article") -> bool:
        try:
            return is_same_text(self._library.markdown(record.entry.id), article.markdown)
        except LibraryDamagedError:
            return False


def merge_into(library: "Library", link: Record, kept: Record, *, step: str | None) -> None:
    """Merge a link into the article that it duplicates. The link's id keeps resolving."""
    note = link.note if not kept.note else f"{kept.note}\n\n{link.note}" if link.note else None
    kept_change = Change(
        add_tags=link.entry.tags,
        starred=True if link.entry.starred else None,
        note=note or None,
        add_highlights=link.highlights,
    )
    link_change = Change(same=kept.entry.id, trashed=True)
    library.change(
        {kept.entry.id: kept_change, link.entry.id: link_change},
        step=step,
        survivors=[kept.entry.id],
    )


def is_same_text(one: str, other: str) -> bool:
    """Return whether two texts share nine tenths of their lines, ignoring spaces and order."""
    if one == other:
        return True
    mine, theirs = _line_weights(one), _line_weights(other)
    longer = max(mine.total(), theirs.total())
    return longer > 0 and (mine & theirs).total() >= MIN_SHARED * longer


def _line_weights(text: str) -> Counter[str]:
    """Count lines weighted by length, so that headings count less than paragraphs."""
    counted: Counter[str] = Counter()
    for line in text.splitlines():
        folded = " ".join(line.split())
        if folded:
            counted[folded] += len(folded)
    return counted


def _site_of(address: str) -> str:
    """Return the host without the label of its copies for phones: `example.org` of `amp.example.org`."""
    host = host_of(address)
    label, _, rest = host.partition(".")
    return rest if label in _COPY_LABELS and "." in rest else host


def _address_key(address: str) -> str:
    """Return the address without scheme and `www.`, which differ between links to one page."""
    parts = urlsplit(address)
    return f"{host_of(address)}:{parts.port or ''}{parts.path.rstrip('/')}?{parts.query}"


def _clean_urls(*addresses: str | None) -> Iterator[str]:
    for address in addresses:
        if address and is_web_url(address):
            try:
                yield clean_url(address)
            except UsageError:
                continue
