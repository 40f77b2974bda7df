"""A storage in memory that can be killed, lag, cut bodies and be set back."""

import threading
from collections.abc import Iterable

from reader.sync.store import Listing, MissingObjectError, UnusableObjectError


class Killed(BaseException):
    """The end of the process at a request."""


class MemoryRemote:
    """Objects by name. `requests` are the operations so far, `kill_at` the one that ends the run.

    At `kill_at` the process dies before the request has an effect, or after it with `kill_after`.
    With `lags` a list shows what was there before the last change.
    """

    label = "the remote"

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.requests: list[tuple[str, str]] = []
        self.kill_at: int | None = None
        self.kill_after = False
        self.lags = False
        self.cut: set[str] = set()
        self._former: dict[str, int] = {}
        self._lock = threading.Lock()
        self._is_dead = False

    def revive(self, kill_at: int | None = None, *, kill_after: bool = False) -> None:
        """Begin a run."""
        self.requests = []
        self.kill_at, self.kill_after, self._is_dead = kill_at, kill_after, False

    def _ask(self, kind: str, name: str) -> bool:
        """Count a request; return whether the process dies right after it. Raises Killed."""
        if self._is_dead:
            raise Killed
        self.requests.append((kind, name))
        if self.kill_at is not None and len(self.requests) > self.kill_at:
            self._is_dead = True
            if not self.kill_after:
                raise Killed
        return self._is_dead

    def list_level(self, prefix: str = "") -> Listing:
        with self._lock:
            if self._ask("list", prefix):
                raise Killed
            sizes = self._sizes()
        start = f"{prefix}/" if prefix else ""
        below = [name for name in sizes if name.startswith(start)]
        here = {name: sizes[name] for name in below if "/" not in name[len(start) :]}
        folders = {start + name[len(start) :].partition("/")[0] for name in below} - here.keys()
        return Listing(here, frozenset(folders))

    def list_all(self, prefix: str) -> dict[str, int]:
        with self._lock:
            if self._ask("list", prefix):
                raise Killed
            return {
                name: size for name, size in self._sizes().items() if name.startswith(f"{prefix}/")
            }

    def list_some(self, prefix: str, limit: int) -> dict[str, int]:
        found = sorted(self.list_level(prefix).sizes.items())
        return dict(found[:limit])

    def get(self, name: str, limit: int) -> bytes:
        with self._lock:
            is_last = self._ask("get", name)
            content = self.objects.get(name)
        if is_last:
            raise Killed
        if content is None:
            raise MissingObjectError(f"{self.label}: {name} is missing")
        if len(content) > limit:
            raise UnusableObjectError(f"{name} is larger than {limit} bytes")
        return content[: len(content) // 2] if name in self.cut else content

    def put(self, name: str, content: bytes) -> None:
        with self._lock:
            is_last = self._ask("put", name)
            self._former = self._sizes(lags=False)
            self.objects[name] = bytes(content)
        if is_last:
            raise Killed

    def delete(self, names: Iterable[str]) -> None:
        for name in names:
            with self._lock:
                is_last = self._ask("delete", name)
                self._former = self._sizes(lags=False)
                self.objects.pop(name, None)
            if is_last:
                raise Killed

    def _sizes(self, *, lags: bool | None = None) -> dict[str, int]:
        if self.lags if lags is None else lags:
            return dict(self._former)
        return {name: len(content) for name, content in self.objects.items()}
