"""Saving one source: a page's bytes become an article, an address that cannot be had a link."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reader.model.article import Article
from reader.model.change import Change, Saving
from reader.model.entry import Entry, Fetch, Record
from reader.model.errors import NetworkGone, UnknownId, WrongUsage
from reader.model.text import one_line
from reader.model.urls import MAX_URL, clean_url, entry_id, is_web
from reader.services.entries import tidy_tags
from reader.services.image_archiver import settle_inside
from reader.services.input_sources import read_source
from reader.services.page_capture import capture_now
from reader.services.url_dedup import Twins, hand_over
from reader.services.workspace import Shelf


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of one source. `said` is what a person should know beside the title, or empty."""

    entry: Entry
    new: bool
    said: str = ""


def save(
    shelf: Shelf,
    source: str,
    *,
    tags: Sequence[str] = (),
    url: str | None = None,
    title: str | None = None,
    later: bool = False,
    allow_private: bool = False,
) -> Saved:
    """Save a file, standard input (`-`) or a web address; one undo step.

    An address alone on standard input is one too: that is what clipboards and selections give.
    An address is fetched at once; where the network is gone, or `later`, it is queued. Raises
    SourceError, FetchError, NotAnArticle, ExtractionStopped, LibraryError: then nothing is saved.
    Blocks on network and disk.
    """
    names = tidy_tags(tags)
    if is_web(source):
        if url is not None:
            raise WrongUsage("--url is for files: an address is its own")
        return _save_address(shelf, source, names, title, later, allow_private)
    if later and source != "-":
        raise WrongUsage("--later is for addresses")
    page = read_source(source)
    piped = _address_in(page) if source == "-" and url is None else ""
    if piped:
        return _save_address(shelf, piped, names, title, later, allow_private)
    if later:
        raise WrongUsage("--later is for addresses, and this is a page")
    article = _titled(shelf.extractors.extract(page, clean_url(url) if url else None), title)
    article = settle_inside(article, shelf.pictures.settle)
    given = url or article.url
    return _add(shelf, Saving(article, page, given=given, tags=names), _known(shelf, given, page))


def _save_address(
    shelf: Shelf,
    url: str,
    tags: tuple[str, ...],
    title: str | None,
    later: bool,
    allow_private: bool,
) -> Saved:
    known = _known(shelf, url)
    if known and (known.digest is not None or later):
        return _again(shelf, known, tags)
    link = Saving(given=url, title=title, tags=tags)
    if later:
        return replace(_add(shelf, link, known), said="queued")
    try:
        captured = capture_now(shelf, url, allow_private=allow_private)
    except NetworkGone as error:
        saved = _again(shelf, known, tags) if known else _add(shelf, link, None)
        return replace(saved, said=f"queued: {error}")
    article, page = _titled(captured.article, title), captured.page
    twin = Twins(shelf.library).of(url, page.final_url, article)
    if twin:
        if known:
            hand_over(shelf.library, known, twin, step=None)
        return _again(shelf, twin, tags)
    saving = Saving(article, page.page, given=url, final=page.final_url, tags=tags)
    return _add(shelf, saving, known)


def _address_in(page: bytes) -> str:
    """The address that is all there is in the bytes; empty where there is more, or none."""
    text = page.strip()
    if len(text) > MAX_URL or len(text.split()) != 1:
        return ""
    address = text.decode("utf-8", "replace")
    return address if is_web(address) else ""


def _add(shelf: Shelf, saving: Saving, known: Record | None) -> Saved:
    """Put it in the library as one step that names it."""
    title = saving.title or (saving.article.title if saving.article else "")
    shown = one_line(title or saving.given or "a text", 80)
    (added,) = shelf.library.add([saving], step=f"added {shown!r}")
    said = ""
    if known is not None and known.digest is not None:
        said = "already saved"
    elif saving.article and saving.article.cut:
        said = "the page was too large or too deep: some of it was left out"
    entry = _ruled(shelf, added.record.entry) if added.new else added.record.entry
    return Saved(entry, added.new, said)


def _ruled(shelf: Shelf, entry: Entry) -> Entry:
    """The entry after the rules of the settings; a step of its own, undone before the saving."""
    if not shelf.settings.rules:
        return entry
    from reader.services import rules

    rules.apply_to(shelf, {entry.id})
    return shelf.library.get(entry.id).entry


def _again(shelf: Shelf, known: Record, tags: tuple[str, ...]) -> Saved:
    """What is here already gains the new tags, and comes out of the trash."""
    entry_id = known.entry.id
    change = Change(add_tags=tags, trashed=False if known.entry.trashed else None)
    shelf.library.change(
        {entry_id: change}, step=f"saved {one_line(known.entry.title, 80)!r} again"
    )
    said = "already saved" if known.entry.fetch is Fetch.DONE else "already queued"
    return Saved(shelf.library.get(entry_id).entry, False, said)


def _known(shelf: Shelf, url: str | None, page: bytes = b"") -> Record | None:
    """The record with the id of this address or these bytes; none where it was deleted for good."""
    try:
        record = shelf.library.get(entry_id(url, page))
    except UnknownId:
        return None
    return None if record.purged else record


def _titled(article: Article, title: str | None) -> Article:
    given = one_line(title or "")
    return replace(article, title=given) if given else article
