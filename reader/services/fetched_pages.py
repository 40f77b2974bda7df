"""Pages fetched but not saved yet, so that no server is asked twice after a kill."""

import contextlib
import hashlib
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Final

from reader.fetch.response import Response
from reader.library.state_folder import adopt_state, former_key
from reader.model.entry import EntryId
from reader.paths import Paths, real_path

MAX_AGE: Final = 3 * 86_400.0
"""Seconds that a fetched page waits to be extracted: three days."""
_MAX_HEADER_BYTES: Final = 1 << 16
"""Bytes of the line with address and digest; an address has 4,096 characters at most."""


class FetchedPages:
    """One file per page in this device's state folder; a line of JSON, then the bytes.

    Nothing is fsynced: after a power loss a page is fetched again. A file that is damaged, or
    older than three days, is ignored. Blocks on disk.
    """

    def __init__(self, places: Paths):
        former = places.state / "fetched" / former_key(real_path(places.home))
        self._folder = adopt_state(places, former, "fetched")

    def put(self, entry_id: EntryId, page: Response) -> None:
        """Store a page until `remove`; a full disk only costs a second request."""
        head = {
            "url": page.url,
            "final": page.final_url,
            "type": page.content_type,
            "status": page.status,
            "sha256": hashlib.sha256(page.content).hexdigest(),
        }
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=self._folder, prefix=".")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(json.dumps(head).encode() + b"\n" + page.content)
                Path(temporary).replace(self._folder / entry_id)
            except OSError:
                Path(temporary).unlink(missing_ok=True)
                raise

    def __contains__(self, entry_id: EntryId) -> bool:
        """Return whether a page has a file, valid or not; costs microseconds."""
        return (self._folder / entry_id).exists()

    def get(self, entry_id: EntryId) -> Response | None:
        """Return the stored page, or None."""
        path = self._folder / entry_id
        try:
            if time.time() - path.stat().st_mtime > MAX_AGE:
                return None
            with path.open("rb") as file:
                head = json.loads(file.readline(_MAX_HEADER_BYTES))
                content = file.read()
            if hashlib.sha256(content).hexdigest() != head["sha256"]:
                return None
            return Response(head["url"], head["final"], content, head["type"], head["status"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def remove(self, entry_id: EntryId) -> None:
        """Delete a page that is saved, or will never be."""
        with contextlib.suppress(OSError):
            (self._folder / entry_id).unlink(missing_ok=True)

    def clear(self) -> None:
        """Delete every page; called when a run has finished all links."""
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                path.unlink(missing_ok=True)
