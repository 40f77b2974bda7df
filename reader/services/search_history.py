"""The user's recent searches, newest first, in this device's state folder."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reader.library.durable_io import atomic_write, read_plain_file
from reader.library.state_folder import state_folder
from reader.model.errors import WriteError
from reader.model.text import one_line
from reader.search.text.query_completion import add_recent_search
from reader.services.workspace import Workspace


def recent(workspace: Workspace) -> Sequence[str]:
    """Load the searches; empty if the file is missing or unreadable. Blocks on disk."""
    try:
        rows: Any = json.loads(read_plain_file(_file(workspace)))
    except (OSError, ValueError, RecursionError):
        return ()
    return (
        tuple(one_line(row) for row in rows if isinstance(row, str)) if type(rows) is list else ()
    )


def remember(workspace: Workspace, search: str) -> None:
    """Save the search as the newest. Raises WriteError. Blocks on disk."""
    file, before = _file(workspace), recent(workspace)
    searches = add_recent_search(before, one_line(search))
    if searches == before:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        atomic_write(file, json.dumps(searches, ensure_ascii=False, indent=1).encode())
    except OSError as error:
        raise WriteError(f"the search was not saved: {error.strerror} ({file.parent})") from error


def _file(workspace: Workspace) -> Path:
    return state_folder(workspace.places) / "searches.json"
