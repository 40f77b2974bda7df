"""No device is trusted: its journal changes, reads and removes nothing but what is its own."""

import hashlib
import os
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reader.library import Library, backups, compaction, integrity_checks, repair
from reader.library.document_store import DocumentStore
from reader.library.journal_codec import encode
from reader.model.change import Change
from reader.model.entry import EntryId
from reader.model.errors import ReaderError
from reader.model.query import parse
from reader.model.urls import id_for
from reader.paths import Paths
from reader.search.store.cache import Cache
from reader.services.cache_sync import catch_up
from tests.library.libraries import NOON, Clock, added, link, opened, places_in, saving

NOW = datetime(2026, 3, 1, tzinfo=UTC)
OWN = [str(id_for(f"https://hostile.example/{number}")) for number in range(3)]
VICTIMS = [str(id_for(f"https://example.org/kept-{number}/0")) for number in range(3)]
HASH = "0123abcd"

ids = st.one_of(
    st.sampled_from(OWN),
    st.sampled_from(VICTIMS),
    st.sampled_from(
        ["", ".", "..", "/", "../..", "/etc/passwd", "a/b", "x" * 300, "ABCDEFGHJKMN", "abc\0defghijk",
         "articles", "../../../outside/secret", "iiiiiiiiiiii"]
    ),
)  # fmt: skip
folders = st.sampled_from(
    ["articles", "articles/2026", "articles/2026/", ".", "..", "/", "journal", "trash", "tmp", "",
     "articles/2026/..", "articles/../../outside", "/tmp", "articles/2026/link", "{victim}",
     f"articles/2026/x-{OWN[0]}-{HASH}", f"articles/2026/kept-0-{VICTIMS[0]}-{HASH}",
     f"articles/2026/link-{OWN[1]}-{HASH}", "articles/2026/x\0y"]
)  # fmt: skip
texts = st.sampled_from(
    ["", "x", "a" * 64, "\x1b]0;owned\x07", "\u202e", "javascript:alert(1)", "file:///etc/passwd",
     "http://a.example/", "images/../../../outside/secret", "/etc/passwd", "../outside/secret",
     "images/0123.png", "\ud7ff", "a\nb"]
)  # fmt: skip
numbers = st.sampled_from([0, 1, -1, 1 << 60, 1e308, 0.5, True])
values = st.one_of(
    st.none(),
    st.booleans(),
    numbers,
    texts,
    folders,
    st.lists(st.one_of(folders, texts), max_size=3),
)
names = st.sampled_from(
    ["folder", "former", "text", "title", "url", "given", "final", "site", "byline", "language", "same",
     "added", "tag:x", "tag:", "mark:../x", "mark:1", "picture:u", "picture:../u", "position", "note",
     "words", "progress", "purged", "deleted", "related", "suggested", "reason", "unknown", "__class__"]
)  # fmt: skip
BASIC: dict[str, Any] = {"added": "2026-01-01T00:00:00Z", "title": "Own", "text": "a" * 64}
lines = st.lists(
    st.tuples(ids, st.dictionaries(names, values, max_size=5), st.booleans()),
    min_size=1,
    max_size=12,
)


def _fill(value: Any, victim: str) -> Any:
    if isinstance(value, list):
        return [_fill(each, victim) for each in value]
    return victim if value == "{victim}" else value


def _tree(folder: Path) -> dict[str, str]:
    """Every file and link below a folder, with what it holds."""
    found: dict[str, str] = {}
    for parent, _, files in os.walk(folder):
        for name in files:
            path = Path(parent) / name
            content = bytes(path.readlink()) if path.is_symlink() else path.read_bytes()
            found[str(path.relative_to(folder))] = hashlib.sha256(content).hexdigest()
    return found


class Scene:
    """A full library, a secret outside, and links inside that lead to it."""

    def __init__(self, folder: Path):
        self.outside = folder / "outside"
        self.outside.mkdir()
        (self.outside / "secret").write_text("secret")
        (self.outside / "article.md").write_text(f'---\nid: "{OWN[1]}"\n---\n\nsecret')
        self.places: Paths = places_in(folder)
        library = opened(self.places, Clock())
        added(library, *(saving(f"kept {number}") for number in range(3)), link(1))
        self.victim = str(library.get(EntryId(VICTIMS[0])).entry.folder)
        (self.places.home / "articles/2026/link").symlink_to(self.outside)
        (self.places.home / f"articles/2026/link-{OWN[1]}-{HASH}").symlink_to(self.outside)
        library.close()

    def receive(self, changes: list[tuple[str, dict[str, Any], bool]]) -> None:
        """Bring a journal of a hostile device."""
        rows = [encode({"format": 1, "device": "h0st11e0", "n": 1})]
        for number, (entry_id, fields, whole) in enumerate(changes):
            said = {key: _fill(value, self.victim) for key, value in fields.items()}
            if entry_id in VICTIMS:
                # Any device may delete what is shared: that is no attack.
                said = {key: each for key, each in said.items() if key not in ("purged", "deleted")}
            said = {**BASIC, **said} if whole and entry_id not in VICTIMS else said
            row = {"o": "set", "i": entry_id, "f": said}
            rows.append(encode({"c": [int(NOON * 1000) + 3_600_000 + number, 0], **row}))
        (self.places.home / "journal" / "h0st11e0-1.log").write_bytes(b"".join(rows))

    def use(self) -> None:
        """Do everything that a user and `doctor --repair` do."""
        library = Library.open(self.places, clock=Clock(NOON + 7_200))
        cache = Cache(self.places)
        catch_up(self.places, cache)
        cache.index_texts()
        list(cache.listing(parse("-is:trashed OR is:trashed"), now=NOW))
        for record in list(library.records()):
            name = record.entry.id
            for job in (
                partial(library.markdown, name),
                partial(library.original, name),
                partial(library.add_images, name, {"u": ("0123.png", b"image")}),
            ):
                with suppress(ReaderError):
                    job()
        own = [each.entry.id for each in library.records() if each.entry.id in OWN]
        library.change(dict.fromkeys(own, Change(trashed=True)), step="deleted")
        library.purge(own)
        library.undo()
        begun = library.start_generation(even_if_small=True)
        if begun:
            compaction.write_snapshot(self.places.home, *begun)
        store = DocumentStore(self.places, Clock(NOON + 7_300))
        store.refresh()
        backups.create(self.places.home, store.device.state, "repair", NOON + 7_300)
        repair.repair(store, list(integrity_checks.run_checks(store)), NOON + 7_300)
        cache.close()
        library.close()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(lines)
def test_a_hostile_journal_reaches_nothing_of_others(
    changes: list[tuple[str, dict[str, Any], bool]],
) -> None:
    """No file outside the library changes or is copied into it; the user's articles stay."""
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(Path(folder))
        outside = _tree(scene.outside)
        kept = _tree(scene.places.home / "articles")
        scene.receive(changes)
        scene.use()
        assert _tree(scene.outside) == outside
        articles = _tree(scene.places.home / "articles")
        images = {path: each for path, each in articles.items() if path not in kept}
        assert {path: each for path, each in articles.items() if path in kept} == kept
        assert all("/images/" in path for path in images)
        secret = hashlib.sha256(b"secret").hexdigest()
        copies = {path: each for path, each in _tree(scene.places.home).items() if each == secret}
        assert not copies
        texts_left = opened(scene.places, Clock(NOON + 9_000))
        for victim in VICTIMS:
            assert texts_left.markdown(EntryId(victim)).strip()
