"""Highlights and notes; each call is one undo step."""

import os
from dataclasses import replace
from datetime import UTC

from reader.model.change import Change
from reader.model.entry import EntryId
from reader.model.errors import ReaderError
from reader.model.highlight import Highlight
from reader.model.labels import HighlightLabel
from reader.model.text_anchor import AnchorIndex, anchor_for
from reader.services import articles
from reader.services.outcome import Outcome
from reader.services.workspace import Workspace


def save_highlight(workspace: Workspace, entry_id: EntryId, highlight: Highlight) -> Outcome:
    """Save a new highlight (its id is empty) or replace a known one. One fsync."""
    known = bool(highlight.id)
    if not known:
        at = workspace.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        highlight = replace(highlight, id=os.urandom(6).hex(), at=at)
    step = "changed a highlight" if known else "highlighted"
    workspace.library.change({entry_id: Change(add_highlights=(highlight,))}, step=step)
    return Outcome("Changed the highlight" if known else "Highlighted", changed=1)


def highlight_quote(
    workspace: Workspace,
    entry_id: EntryId,
    quote: str,
    note: str | None = None,
    label: HighlightLabel | None = None,
) -> Highlight:
    """Highlight a quote of the article's text; one that is there gets the note and the label.

    Spaces and line breaks may differ. Raises UnknownIdError, LibraryDamagedError, ReaderError if
    the text does not contain the quote. Blocks on disk, one fsync.
    """
    # Imported here: a note needs no text engine.
    from reader.layout.document import plain_text

    article = articles.read(workspace, workspace.synced_cache(), entry_id)
    wanted = _fold(quote)
    text = plain_text(article.markdown)
    span = AnchorIndex(text).find(quote) if wanted else None
    if span is None or _fold(text[slice(*span)]) != wanted:
        raise ReaderError(
            f"{entry_id}: the text does not contain this quote: copy it from `reader show {entry_id}`"
        )
    anchor = anchor_for(text, *span)
    known = (mark for mark in article.record.highlights if _is_same(mark, anchor))
    highlight = next(known, anchor)
    if note is not None:
        highlight = replace(highlight, note=note)
    if label is not None:
        highlight = replace(highlight, color=label.color, label=label.word)
    save_highlight(workspace, entry_id, highlight)
    return highlight


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


def _is_same(one: Highlight, other: Highlight) -> bool:
    return (one.quote, one.start) == (other.quote, other.start)


def remove_highlight(workspace: Workspace, entry_id: EntryId, highlight: Highlight) -> Outcome:
    """Remove a highlight with its note. One fsync."""
    workspace.library.change(
        {entry_id: Change(remove_highlights=(highlight.id,))}, step="removed a highlight"
    )
    return Outcome("Removed the highlight", changed=1)


def save_note(workspace: Workspace, entry_id: EntryId, note: str) -> Outcome:
    """Save the note on the whole article; an empty text removes it. One fsync."""
    workspace.library.change({entry_id: Change(note=note)}, step="wrote a note")
    return Outcome("Saved the note" if note else "Removed the note", changed=1)
