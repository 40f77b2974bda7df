"""The power may go at any moment: what was acknowledged is there, and nothing is there by half."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from reader.library import Library, article_folders, compaction, integrity_checks
from reader.library.document_store import DocumentStore
from reader.model.article import Article, ImageFile
from reader.model.change import Change
from reader.paths import Paths
from tests.library.libraries import Clock, added, link, opened, places_in, saving, state_of
from tests.library.powercut import Disk, lay_out

PICTURE = ImageFile("images/0123456789abcdef.png", b"picture")
SORTS = {"torn", "leftover", "orphan", "purged", "mode", "lost", "backup", "rot", "header"}
"""What doctor may find after a cut: nothing of it is a record without its files."""

Act = Callable[[Library, Paths], object]


def _add(library: Library, places: Paths) -> None:
    text = "Words and ![a](images/0123456789abcdef.png)\n"
    article = Article(title="Pictured", markdown=text, words=3, images=(PICTURE,))
    added(library, saving("pictured", article=article), link(1))


def _mark(library: Library, places: Paths) -> None:
    names = [record.entry.id for record in library.records()]
    library.change({min(names): Change(starred=True, add_tags=("a",))}, step="starred")


def _undo(library: Library, places: Paths) -> None:
    library.undo()


def _fetch(library: Library, places: Paths) -> None:
    (name,) = (record.entry.id for record in library.records() if not record.entry.folder)
    article = Article(title="Fetched", markdown="What came later.\n", words=3)
    library.change({name: Change(article=article, page=b"<p>later")}, step=None)


def _picture(library: Library, places: Paths) -> None:
    (name,) = (record.entry.id for record in library.records() if record.entry.folder)
    library.add_images(name, {"https://a.example/b.png": ("fedcba9876543210.png", b"later")})


def _compact(library: Library, places: Paths) -> None:
    begun = library.start_generation(even_if_small=True)
    assert begun is not None
    compaction.write_snapshot(places.home, *begun)


def _delete(library: Library, places: Paths) -> None:
    names = [record.entry.id for record in library.records()]
    library.change(dict.fromkeys(names, Change(trashed=True)), step="deleted")


def _purge(library: Library, places: Paths) -> None:
    library.purge([record.entry.id for record in library.records()])


@pytest.mark.parametrize(
    ("before", "acts"),
    [
        ([], [_add, _mark]),
        ([_add], [_picture, _fetch, _mark, _undo]),
        ([_add, _mark, _compact], [_compact, _mark]),
        ([_add], [_delete, _purge, _add]),
    ],
    ids=["a new library", "text and undo", "compaction", "purge and again"],
)
def test_a_power_cut_leaves_old_or_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: list[Act], acts: list[Act]
) -> None:
    """Every state that a cut may leave is one before or after an act, and acknowledged changes hold."""
    root = tmp_path / "disk"
    root.mkdir()
    places, clock = places_in(root), Clock()
    library = opened(places, clock)
    for act in before:
        act(library, places)
    states = [state_of(places)]
    with monkeypatch.context() as patched:
        disk = Disk(root, patched)
        for act in acts:
            act(library, places)
            disk.acknowledge()
            states.append(state_of(places))
    assert len(disk.left) > 30
    for number, (tree, told) in enumerate(disk.left):
        cut = tmp_path / "cut"
        lay_out(tree, cut)
        _holds(places_in(cut), states[told : told + 2])
        if number % 16 == 0:
            _goes_on(places_in(cut))
        shutil.rmtree(cut)


def _holds(places: Paths, allowed: list[dict[str, dict[str, object]]]) -> None:
    state = state_of(places)
    assert state in allowed
    for fields in state.values():
        if fields.get("folder") and not fields.get("purged"):
            text = article_folders.read_text(places.home, str(fields["folder"]))
            assert hashlib.sha256(text.encode()).hexdigest() == fields["text"]
            for name in [name for name in fields if name.startswith("picture:")]:
                assert (places.home / str(fields["folder"]) / str(fields[name])).read_bytes()


def _goes_on(places: Paths) -> None:
    """No record lacks its files, and the next change keeps everything.

    It may adopt a folder that was whole when the power went: a link then has its text.
    """
    held = state_of(places)
    ledger = DocumentStore(places, Clock())
    ledger.refresh()
    assert {problem.kind for problem in integrity_checks.run_checks(ledger)} <= SORTS
    (name,) = added(opened(places, Clock()), link(99))
    state = state_of(places)
    assert state.keys() >= {*held, name}
    for known, fields in held.items():
        assert state[known].items() >= fields.items()
