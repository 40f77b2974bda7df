"""Highlights and notes; each call is one undo step."""

import secrets
from dataclasses import replace
from datetime import UTC

from reader.model.change import Change
from reader.model.entry import EntryId
from reader.model.highlight import Highlight
from reader.services.workspace import Workspace


def save_highlight(workspace: Workspace, entry_id: EntryId, highlight: Highlight) -> None:
    """Save a new highlight (its id is empty) or replace a known one. One fsync."""
    known = bool(highlight.id)
    if not known:
        at = workspace.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        highlight = replace(highlight, id=secrets.token_hex(6), at=at)
    said = "changed a highlight" if known else "highlighted"
    workspace.library.change({entry_id: Change(add_highlights=(highlight,))}, step=said)


def remove_highlight(workspace: Workspace, entry_id: EntryId, highlight: Highlight) -> None:
    """Remove a highlight with its note. One fsync."""
    workspace.library.change(
        {entry_id: Change(remove_highlights=(highlight.id,))}, step="removed a highlight"
    )


def save_note(workspace: Workspace, entry_id: EntryId, note: str) -> None:
    """Save the note on the whole article; an empty text removes it. One fsync."""
    workspace.library.change({entry_id: Change(note=note)}, step="wrote a note")
