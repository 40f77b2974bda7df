"""Pages that were fetched and are not saved yet, so that a killed run asks no server twice."""

import contextlib
import hashlib
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Final

from reader.fetch.response import Response
from reader.model.entry import EntryId
from reader.paths import Paths

MAX_AGE: Final = 3 * 86_400.0
_MAX_HEADER_BYTES: Final = 1 << 16


class FetchedPages:
    """One file per page in this device's state folder; a line of JSON, then the bytes.

    Nothing is fsynced: after a loss of power a page is simply fetched again. A file that is
    damaged, or older than three days, counts as none. Blocks on disk.
    """

    def __init__(self, places: Paths):
        library = hashlib.sha256(os.fsencode(places.home.resolve())).hexdigest()[:16]
        self._folder = places.state / "fetched" / library

    def put(self, entry_id: EntryId, page: Response) -> None:
        """Keep a page until `drop`; a full disk keeps none, which costs only a second request."""
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
        """Whether there is a file for a page, good or not; costs microseconds."""
        return (self._folder / entry_id).exists()

    def get(self, entry_id: EntryId) -> Response | None:
        """The page that was kept, or `None`."""
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
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def remove(self, entry_id: EntryId) -> None:
        """Forget a page that is saved, or will never be."""
        with contextlib.suppress(OSError):
            (self._folder / entry_id).unlink(missing_ok=True)

    def clear(self) -> None:
        """Forget every page; called when a run has nothing left to do."""
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                path.unlink(missing_ok=True)
