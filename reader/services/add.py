"""Add one source to the library: a page becomes an article, an unreachable address a link."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from reader.model.change import Change, SaveRequest
from reader.model.entry import Entry, FetchStatus, Record
from reader.model.errors import NetworkError, UnknownIdError, UsageError
from reader.model.text import one_line, plural
from reader.model.urls import MAX_URL_LENGTH, clean_url, id_for, is_web_url
from reader.services.entries import clean_tags
from reader.services.input_sources import read_file_with_images
from reader.services.url_dedup import UrlDeduplicator, merge_into
from reader.services.workspace import Workspace

if TYPE_CHECKING:
    # An address that is only queued must not wait for the classes of articles.
    from reader.model.article import Article

MIN_GROWTH: Final = 1.1
"""Share of the known text's words from which a copy has more of the article."""
MIN_WORD_SHARE: Final = 0.9
"""Share of the known text's words that a copy with images needs to be complete."""


class AddResult(NamedTuple):
    """The result of adding one source; `message` is a remark for the user, or empty."""

    entry: Entry
    is_new: bool
    message: str = ""


class AddBatch:
    """Sources that are added one by one and undone together; `count` of them were new so far."""

    def __init__(self) -> None:
        self.run = os.urandom(8).hex()
        self.count = 0

    def step(self, single: str, new: int = 0) -> str:
        """Return the sentence of undo after `new` more entries; `single` if none is new."""
        count = self.count + new
        return f"added {plural(count)}" if count else single


def add(
    workspace: Workspace,
    source: str,
    *,
    tags: Sequence[str] = (),
    url: str | None = None,
    title: str | None = None,
    later: bool = False,
    allow_private: bool = False,
    batch: AddBatch | None = None,
) -> AddResult:
    """Add a file, standard input (`-`) or a web address, as one undo step or a part of a batch.

    Standard input that holds only an address counts as that address, as from a clipboard.
    An address is fetched at once; without a network, or with `later`, it is queued. Raises
    SourceError, FetchError, NotAnArticleError, ExtractionLimitError, LibraryError: then nothing is saved.
    Blocks on network and disk.
    """
    names = clean_tags(tags)
    if is_web_url(source):
        if url is not None:
            raise UsageError("--url works only with files: leave it out for an address")
        return _add_url(workspace, source, names, title, later, allow_private, batch)
    if later and source != "-":
        raise UsageError("--later works only with addresses")
    page = read_file_with_images(source)
    piped = _only_url(page) if source == "-" and url is None else ""
    if piped:
        return _add_url(workspace, piped, names, title, later, allow_private, batch)
    if later:
        raise UsageError("--later works only with addresses, and this is a page")
    name = "" if source == "-" else source
    return add_page(workspace, page, url=url, title=title, tags=names, name=name, batch=batch)


def add_page(
    workspace: Workspace,
    page: bytes,
    *,
    url: str | None = None,
    title: str | None = None,
    tags: Sequence[str] = (),
    name: str = "",
    replaces: bool = True,
    batch: AddBatch | None = None,
) -> AddResult:
    """Add a page from its bytes: those of a file, of standard input or of a browser.

    `url` is the address that the page came from; without one, the address in its container counts.
    `name` is the name of its file. A copy of a known page replaces its text if it is longer, or has
    pictures that the known page lacks; without `replaces` a known entry stays as it is. Raises
    NotAnArticleError, ExtractionLimitError, LibraryError: then nothing is saved. Blocks on disk and
    on extraction.
    """
    article = _with_title(
        workspace.extractors.extract(page, clean_url(url) if url else None, name), title
    )
    # Imported here and below: an address that is only queued needs no network modules.
    from reader.services.image_archiver import extract_inline_images

    article = extract_inline_images(article, workspace.images.normalise)
    given = url or article.url
    known = _find_known(workspace, given, page)
    if known is not None and not replaces:
        return AddResult(known.entry, False, "already saved")
    if known is not None and _is_better(article, known):
        return _replace_text(workspace, known, article, page, clean_tags(tags), batch)
    return _add_to_library(
        workspace, SaveRequest(article, page, given=given, tags=clean_tags(tags)), known, batch
    )


def _add_url(
    workspace: Workspace,
    url: str,
    tags: tuple[str, ...],
    title: str | None,
    later: bool,
    allow_private: bool,
    batch: AddBatch | None,
) -> AddResult:
    known = _find_known(workspace, url)
    if known and (known.digest is not None or later):
        return _update_known(workspace, known, tags, batch)
    link = SaveRequest(given=url, title=title, tags=tags)
    if later:
        return _add_to_library(workspace, link, known, batch)._replace(message="queued")
    from reader.services.page_capture import capture

    try:
        captured = capture(workspace, url, allow_private=allow_private)
    except NetworkError as error:
        saved = (
            _update_known(workspace, known, tags, batch)
            if known
            else _add_to_library(workspace, link, None, batch)
        )
        return saved._replace(message=f"queued: {error}")
    article, page = _with_title(captured.article, title), captured.page
    duplicate = UrlDeduplicator(workspace.library).find(url, page.final_url, article)
    if duplicate:
        if known:
            merge_into(workspace.library, known, duplicate, step=None)
        return _update_known(workspace, duplicate, tags, batch)
    saving = SaveRequest(article, page.page, given=url, final=page.final_url, tags=tags)
    return _add_to_library(workspace, saving, known, batch)


def _only_url(page: bytes) -> str:
    """Return the address if the bytes hold one address only, else an empty text."""
    text = page.strip()
    if len(text) > MAX_URL_LENGTH or len(text.split()) != 1:
        return ""
    address = text.decode("utf-8", "replace")
    return address if is_web_url(address) else ""


def _add_to_library(
    workspace: Workspace, saving: SaveRequest, known: Record | None, batch: AddBatch | None
) -> AddResult:
    """Add the entry to the library as one undo step that names it, or as a part of a batch."""
    title = saving.title or (saving.article.title if saving.article else "")
    shown = one_line(title or saving.given or "a text", 80)
    step, run = _undo_step(f"added {shown!r}", batch, new=int(known is None))
    (added,) = workspace.library.add([saving], step=step, run=run)
    if batch is not None:
        batch.count += added.is_new
    message = ""
    if known is not None and known.digest is not None:
        message = "already saved"
    elif saving.article:
        message = saving.article.remark
    entry = added.record.entry
    if added.is_new:
        entry = _apply_rules(workspace, entry, batch)
    return AddResult(entry, added.is_new, message)


def _undo_step(single: str, batch: AddBatch | None, new: int = 0) -> tuple[str, str]:
    """Return the sentence of undo, and the run of the batch."""
    return (single, "") if batch is None else (batch.step(single, new), batch.run)


def _is_better(article: "Article", known: Record) -> bool:
    """Return whether a copy has more of a known page's text, or its pictures as well."""
    if known.digest is None or known.entry.folder is None:
        return False
    words = known.entry.words
    if article.cut and not known.cut:
        return False
    if article.words > MIN_GROWTH * words or (known.cut and not article.cut):
        return article.words >= words
    return bool(article.images) and not known.images and article.words >= MIN_WORD_SHARE * words


def _replace_text(
    workspace: Workspace,
    known: Record,
    article: "Article",
    page: bytes,
    tags: tuple[str, ...],
    batch: AddBatch | None,
) -> AddResult:
    """Replace a known entry's text as one undo step; the former text stays on disk."""
    from dataclasses import replace

    from reader.services.fetch_results import images_to_keep

    kept = images_to_keep(workspace.library, article, known)
    article = replace(article, images=(*article.images, *kept))
    trashed = False if known.entry.trashed else None
    change = Change(article=article, page=page, add_tags=tags, trashed=trashed)
    shown = one_line(known.entry.title, 80)
    step, run = _undo_step(f"replaced the text of {shown!r}", batch)
    workspace.library.change({known.entry.id: change}, step=step, run=run)
    entry = workspace.library.get(known.entry.id).entry
    return AddResult(
        entry, False, "already saved: the new copy has more text and replaces the former one"
    )


def _apply_rules(workspace: Workspace, entry: Entry, batch: AddBatch | None) -> Entry:
    """Apply the rules of the settings to the entry, as a separate undo step or with the batch."""
    if not workspace.settings.rules:
        return entry
    from reader.services import rules

    step, run = _undo_step("", batch)
    rules.apply_rules(workspace, {entry.id}, step=step, run=run)
    return workspace.library.get(entry.id).entry


def _update_known(
    workspace: Workspace, known: Record, tags: tuple[str, ...], batch: AddBatch | None
) -> AddResult:
    """Add the new tags to a known entry, and restore it from the trash."""
    entry_id = known.entry.id
    change = Change(add_tags=tags, trashed=False if known.entry.trashed else None)
    step, run = _undo_step(f"saved {one_line(known.entry.title, 80)!r} again", batch)
    workspace.library.change({entry_id: change}, step=step, run=run)
    message = "already saved" if known.entry.fetch is FetchStatus.DONE else "already queued"
    return AddResult(workspace.library.get(entry_id).entry, False, message)


def _find_known(workspace: Workspace, url: str | None, page: bytes = b"") -> Record | None:
    """Return the record of this address or these bytes; None if unknown or purged."""
    try:
        record = workspace.library.get(id_for(url, page))
    except UnknownIdError:
        return None
    return None if record.purged else record


def is_known(workspace: Workspace, url: str) -> bool:
    """Return whether the library has an entry of this address, in the trash as well."""
    return _find_known(workspace, url) is not None


def _with_title(article: "Article", title: str | None) -> "Article":
    from dataclasses import replace

    given = one_line(title or "")
    return replace(article, title=given) if given else article
