"""Highlights and notes: each call is one step that one undo takes back."""

import secrets
from dataclasses import replace
from datetime import UTC

from reader.model.change import Change
from reader.model.entry import EntryId
from reader.model.highlight import Highlight
from reader.services.workspace import Workspace


def save_highlight(shelf: Workspace, entry_id: EntryId, highlight: Highlight) -> None:
    """Keep a new highlight (its id is empty), or another form of a known one. One fsync."""
    known = bool(highlight.id)
    if not known:
        at = shelf.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        highlight = replace(highlight, id=secrets.token_hex(6), at=at)
    said = "changed a highlight" if known else "highlighted"
    shelf.library.change({entry_id: Change(add_highlights=(highlight,))}, step=said)


def remove_highlight(shelf: Workspace, entry_id: EntryId, highlight: Highlight) -> None:
    """Remove a highlight with its note. One fsync."""
    shelf.library.change(
        {entry_id: Change(remove_highlights=(highlight.id,))}, step="removed a highlight"
    )


def save_note(shelf: Workspace, entry_id: EntryId, note: str) -> None:
    """Keep the note on the whole article; an empty one removes it. One fsync."""
    shelf.library.change({entry_id: Change(note=note)}, step="wrote a note")
