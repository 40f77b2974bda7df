"""Several people in one bucket: articles are shared by a tag, and nobody reaches further."""

import os
from pathlib import Path

import pytest

from reader.model.article import Article
from reader.model.change import Change
from reader.model.entry import EntryId
from reader.model.errors import UsageError
from reader.model.text import clean
from reader.services import sync_inbox, sync_keys, sync_share
from reader.services.exports import export
from reader.services.sync import init_remote, run_sync
from reader.settings import Settings, SyncSettings
from reader.sync.session import SyncReport
from reader.sync.store import Store
from tests.library.libraries import added
from tests.sync.devices import WORDS, Device, page
from tests.sync.remotes import MemoryRemote
from tests.sync.test_inbox import PAGE
from tests.sync.test_sealed import passphrase

__all__ = ["passphrase"]

BEN = "s3://family/ben"


class Anna(Device):
    """A device that shares the tag `ben` with Ben's inbox."""

    def __init__(self, folder: Path, name: str, remote: Store, other: Store, key: str = "") -> None:
        share = {"ben": f"{BEN} {key}".strip(), "gone": "https://nowhere.invalid/x"}
        super().__init__(folder, name, remote, sync=SyncSettings(share=share))
        self.other = other

    def sync(self) -> SyncReport:
        with self.opened() as workspace, pytest.MonkeyPatch.context() as patch:
            patch.setattr(sync_share, "open_remote", lambda workspace, url: self.stores()[url])
            return run_sync(workspace, store=self.remote)

    def stores(self) -> dict[str, Store]:
        return {BEN: self.other}

    def tag(self, name: EntryId, tag: str = "ben") -> None:
        self.library().change({name: Change(add_tags=(tag,))}, step=None)


def titles(device: Device) -> list[str]:
    return sorted(str(fields["title"]) for fields in device.state().values())


@pytest.mark.parametrize("sealed", [False, True])
def test_an_article_is_shared_by_its_tag(tmp_path: Path, sealed: bool) -> None:
    """Once, by the device that gave the tag, with its address and text, and nothing else of it."""
    own, theirs = MemoryRemote(), MemoryRemote()
    ben = Device(tmp_path, "ben", theirs).begin(sealed=sealed)
    key = ""
    if sealed:
        with ben.opened() as workspace:
            key = sync_keys.show_inbox_key(workspace)
        assert key.startswith("age1")
    anna = Anna(tmp_path, "anna", own, theirs, key)
    anna.begin(sealed=sealed)
    laptop = Anna(tmp_path, "laptop", own, theirs, key)
    laptop.begin()
    names = anna.add(1, 2, 3)
    assert anna.sync().shared == 0
    anna.library().change({names[1]: Change(note="private words", add_tags=("x",))}, step=None)
    anna.tag(names[1])
    assert anna.sync().shared == 1
    (name,) = [each for each in theirs.objects if each.startswith("inbox/")]
    assert name.startswith(f"inbox/shared/{names[1]}.epub")
    assert b"private words" not in theirs.objects[name]
    if sealed:
        assert not any(word.encode() in theirs.objects[name].lower() for word in WORDS)
    assert laptop.sync().shared == 0
    assert anna.sync().shared == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(sync_share, "share_tagged")
        assert anna.sync().requests == 1
    assert ben.sync().inbox == 1
    assert list(ben.state()) == [names[1]]
    (fields,) = ben.state().values()
    assert fields["url"] == f"https://example.org/{WORDS[2]}/2"
    assert not [key for key in fields if key.startswith(("tag:", "note"))]
    assert not [each for each in theirs.objects if each.startswith("inbox/")]
    assert ben.sync().requests == 1


def test_what_cannot_be_shared_is_named_and_tried_again(tmp_path: Path) -> None:
    """The rest of the sync is done."""
    own, theirs = MemoryRemote(), MemoryRemote()
    anna = Anna(tmp_path, "anna", own, theirs)
    anna.begin()
    names = anna.add(1)
    anna.tag(names[0])
    theirs.revive(0)
    anna.stores = dict  # type: ignore[method-assign]
    with pytest.raises(KeyError):
        anna.sync()
    with anna.opened() as workspace:
        workspace.settings = Settings(sync=SyncSettings(share={"ben": "not an address"}))
        report = run_sync(workspace, store=own)
    assert report.sent == 1
    assert any("not shared by the tag ben" in problem for problem in report.problems)
    del anna.stores
    theirs.revive()
    assert anna.sync().shared == 1


def test_the_inbox_of_a_hostile_person_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Known entries stay, a run takes in so much and no more, and noise is named once."""
    monkeypatch.setattr(sync_inbox, "MAX_OBJECTS", 3)
    monkeypatch.setattr(sync_inbox, "MAX_LISTED", 5)
    theirs = MemoryRemote()
    ben = Device(tmp_path, "ben", theirs).begin()
    (kept,) = ben.add(1)
    ben.sync()
    before = ben.state()[kept]
    anna = Device(tmp_path, "anna", MemoryRemote())
    longer = Article(title="The same page", markdown="Other words, many.\n\n" * 300, words=900)
    (name,) = added(anna.library(), page(1)._replace(article=longer))
    with anna.opened() as workspace:
        export(workspace, [name], "epub", tmp_path / "book.epub")
    theirs.objects["inbox/shared/a.epub"] = (tmp_path / "book.epub").read_bytes()
    theirs.objects["inbox/shared/b.txt"] = b"".join(
        b"https://example.org/%d\n" % number for number in range(5_000)
    )
    theirs.objects["inbox/shared/..%2f..%2fevil.html"] = PAGE
    for number in range(20):
        theirs.objects[f"inbox/shared/noise {number:02}.bin"] = b"\0\1\2" * 1_000
    theirs.objects["inbox/mine.html"] = PAGE
    for _ in range(3):
        report = ben.sync()
        assert all("inbox" in problem for problem in report.problems)
    state = ben.state()
    assert state[kept] == before
    assert len(state) == 2
    assert not list(tmp_path.rglob("*evil*"))
    # The same book in the owner's own inbox is a better copy.
    theirs.objects["inbox/a.epub"] = (tmp_path / "book.epub").read_bytes()
    ben.sync()
    assert ben.state()[kept] != before


def test_a_sealed_object_for_another_library_stays(tmp_path: Path) -> None:
    """It is named, and the others are taken in."""
    theirs = MemoryRemote()
    ben = Device(tmp_path, "ben", theirs).begin(sealed=True)
    plain = Device(tmp_path, "plain", MemoryRemote()).begin()
    with plain.opened() as workspace, pytest.raises(UsageError, match="not sealed"):
        sync_keys.show_inbox_key(workspace)
    theirs.objects["inbox/shared/x.epub.age"] = os.urandom(500)
    theirs.objects["inbox/shared/y.html"] = PAGE
    report = ben.sync()
    assert report.inbox == 1
    assert any("x.epub.age cannot be opened" in clean(problem) for problem in report.problems)
    assert ben.sync().problems == []


def test_libraries_in_one_bucket_do_not_meet(tmp_path: Path) -> None:
    """Each has a folder; beginning one in the folder above is refused."""
    family = tmp_path / "family"
    devices = []
    for name in ("anna", "ben"):
        device = Device(tmp_path, name, MemoryRemote())
        with device.opened() as workspace:
            init_remote(workspace, str(family / name))
            device.add(len(name))
            assert run_sync(workspace).problems == []
        devices.append(device)
    assert titles(devices[0]) != titles(devices[1])
    stranger = Device(tmp_path, "stranger", MemoryRemote())
    with stranger.opened() as workspace, pytest.raises(Exception, match="something else"):
        init_remote(workspace, str(family))
