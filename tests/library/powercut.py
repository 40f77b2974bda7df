"""A disk that loses its power: every state of a folder that may be left, from what was synced.

Until a file is synced, its bytes may be there, be there by half, be zeros, or be missing; until a
folder is synced, each of its entries may be as it was or as it is. Every call that changes
something is a moment at which the power may go.
"""

import itertools
import os
import random
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

CHANGING = ("open", "write", "ftruncate", "rename", "replace", "unlink", "rmdir", "mkdir")
SYNCING = ("fsync", "fdatasync")

Tree = tuple[tuple[str, bytes | None], ...]
"""Paths below the folder with the content of each, None for a folder; parents first."""


@dataclass
class Nodes:
    """Folders and files by inode: names to inodes, and bytes."""

    folders: dict[int, dict[str, int]] = field(default_factory=dict)
    files: dict[int, bytes] = field(default_factory=dict)


class Disk:
    """Watches a folder; `left` holds each state that a power cut may leave.

    With each state stands how much had been acknowledged when the power went: the number of calls
    of `acknowledge` before.
    """

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch, most: int = 24):
        self.left: dict[tuple[Tree, int], None] = {}
        self._root = root
        self._most = most
        self._acknowledged = 0
        self._random = random.Random(7)
        self._top = root.stat().st_ino
        self._synced = self._now()
        self._busy = False
        for name in (*CHANGING, *SYNCING):
            monkeypatch.setattr(os, name, self._watched(name, getattr(os, name)))

    def acknowledge(self) -> None:
        """Everything so far was acknowledged: it must survive from here on."""
        self._acknowledged += 1
        self._cut()

    def _watched(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            if self._busy or (name == "open" and not args[1] & os.O_CREAT):
                return real(*args, **named)
            done = real(*args, **named)
            self._busy = True
            try:
                if name in SYNCING:
                    self._sync(args[0])
                self._cut()
            finally:
                self._busy = False
            return done

        return call

    def _now(self) -> Nodes:
        nodes = Nodes()
        waiting = [self._root]
        while waiting:
            folder = waiting.pop()
            names = nodes.folders[folder.stat().st_ino] = {}
            for path in sorted(folder.iterdir()):
                names[path.name] = path.stat().st_ino
                if path.is_dir():
                    waiting.append(path)
                else:
                    nodes.files[path.stat().st_ino] = path.read_bytes()
        return nodes

    def _sync(self, descriptor: int) -> None:
        status, now = os.fstat(descriptor), self._now()
        if stat.S_ISDIR(status.st_mode):
            self._synced.folders[status.st_ino] = now.folders.get(status.st_ino, {})
        else:
            self._synced.files[status.st_ino] = now.files.get(status.st_ino, b"")

    def _cut(self) -> None:
        """Note the states that are left when the power goes now."""
        now = self._now()
        # An inode that is used again has nothing of what it was on the disk.
        for there, here in (
            (self._synced.folders, now.folders),
            (self._synced.files, now.files),
        ):
            for inode in there.keys() - here.keys():
                del there[inode]
        doubts: list[tuple[int, str, Sequence[Any]]] = [
            *self._doubtful_entries(now),
            *self._doubtful_files(now),
        ]
        for choice in self._choices([len(options) for _, _, options in doubts]):
            chosen = {
                (inode, name): options[number]
                for number, (inode, name, options) in zip(choice, doubts, strict=True)
            }
            self.left.setdefault((tuple(self._tree(now, chosen)), self._acknowledged))

    def _doubtful_entries(self, now: Nodes) -> Iterator[tuple[int, str, list[int | None]]]:
        for inode, names in now.folders.items():
            synced = self._synced.folders.get(inode, {})
            for name in sorted(names.keys() | synced.keys()):
                if names.get(name) != synced.get(name):
                    yield inode, name, [synced.get(name), names.get(name)]

    def _doubtful_files(self, now: Nodes) -> Iterator[tuple[int, str, list[bytes]]]:
        for inode, content in now.files.items():
            synced = self._synced.files.get(inode, b"")
            if content == synced:
                continue
            more = len(content) - len(synced)
            half = content[: len(synced) + more // 2]
            options = [synced, content, half, synced + bytes(max(more, 0))]
            yield inode, "", list(dict.fromkeys(options))

    def _choices(self, sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
        """Every choice where they are few; else the plainest ones and some at random."""
        count = 1
        for size in sizes:
            count *= size
        if count <= self._most:
            yield from itertools.product(*(range(size) for size in sizes))
            return
        nothing, everything = [0] * len(sizes), [1] * len(sizes)
        yield tuple(nothing)
        yield tuple(everything)
        for at in range(len(sizes)):
            yield (*nothing[:at], 1, *nothing[at + 1 :])
            yield (*everything[:at], 0, *everything[at + 1 :])
        for _ in range(self._most // 2):
            yield tuple(self._random.randrange(size) for size in sizes)

    def _tree(
        self, now: Nodes, chosen: dict[tuple[int, str], Any]
    ) -> Iterator[tuple[str, bytes | None]]:
        waiting = [("", self._top)]
        while waiting:
            path, folder = waiting.pop()
            names = {**self._synced.folders.get(folder, {}), **now.folders.get(folder, {})}
            for name in sorted(names):
                inode = chosen.get((folder, name), names[name])
                below = f"{path}/{name}" if path else name
                if inode is None:
                    continue
                if inode in now.folders:
                    yield below, None
                    waiting.append((below, inode))
                elif inode in now.files:
                    yield below, chosen.get((inode, ""), now.files[inode])


def lay_out(tree: Tree, folder: Path) -> None:
    """Make the folder be what was left."""
    folder.mkdir()
    for path, content in tree:
        if content is None:
            (folder / path).mkdir(mode=0o700)
        else:
            (folder / path).write_bytes(content)
