"""Whatever a remote holds, it is refused by its name, and the library stays as it was."""

import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from reader.model.errors import NewerFormatError, ReaderError, SyncError
from reader.sync import folder_archive
from reader.sync.names import Segment, sort_root
from tests.sync.devices import Device, page
from tests.sync.remotes import MemoryRemote

DEVICE = "qqqqqqqq"


def line(value: object) -> bytes:
    content = json.dumps(value).encode()
    return b"%08x %s\n" % (zlib.crc32(content), content)


def put_journal(remote: MemoryRemote, *lines: bytes, file: str = f"{DEVICE}-1.log") -> str:
    """Put a journal of a device that nobody has seen; return the segment's name."""
    content = b"".join(lines)
    digest = hashlib.sha256(content).hexdigest()[:16]
    name = Segment("plain", DEVICE, file, 0, len(content), digest).name
    remote.objects[name] = content
    return name


HEADER = line({"format": 1, "device": DEVICE, "n": 1})
ID = "0123456789ab"


def change(**fields: object) -> bytes:
    return line({"c": [1_767_000_000_000, 0], "o": "set", "i": ID, "f": fields})


def archive(**files: bytes) -> bytes:
    """A tar of these files with right checksums; `__` in a name stands for `/`, `_up` for `..`."""
    buffer = io.BytesIO()
    named = {
        name.replace("__", "/").replace("_up", "..").replace("_md", ".md"): content
        for name, content in files.items()
    }
    sums = "".join(f"{hashlib.sha256(each).hexdigest()}  {name}\n" for name, each in named.items())
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in {"SHA256SUMS": sums.encode(), **named}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


TEXT = b"---\nid: x\n---\n\nA text.\n"
FOLDER = f"articles/2026/a-page-{ID}-{hashlib.sha256(TEXT).hexdigest()[:8]}"


def with_folder(remote: MemoryRemote, content: bytes, folder: str = FOLDER) -> str:
    """Put a journal that names a folder, and this object in its place."""
    fields = {
        "added": "2026-01-02T03:04:05Z",
        "title": "A page",
        "folder": folder,
        "text": "0" * 64,
    }
    put_journal(remote, HEADER, change(**fields, deleted=False))
    remote.objects[f"{folder}.tar"] = content
    return f"{folder}.tar"


def link_archive() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        member = tarfile.TarInfo("article.md")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(member)
    return buffer.getvalue()


def flipped(remote: MemoryRemote, beginning: str) -> str:
    """Flip a bit in the middle of an object of the other device."""
    name = next(name for name in sorted(remote.objects) if name.startswith(beginning))
    content = bytearray(remote.objects[name])
    content[len(content) // 2] ^= 1
    remote.objects[name] = bytes(content)
    return name


def put(remote: MemoryRemote, name: str, content: bytes) -> str:
    remote.objects[name] = content
    return name


CASES: dict[str, Callable[[MemoryRemote], str]] = {
    "traversal in a journal's name": lambda remote: put(
        remote, f"journal.plain.{DEVICE}...%2F..%2Fevil.log.0-1.0", b"x"
    ),
    "a name that is too long": lambda remote: put(
        remote, f"journal.plain.{DEVICE}.{DEVICE}-1234567890.log." + "0" * 12, b"x"
    ),
    "a wrong checksum of a line": lambda remote: put_journal(
        remote, HEADER, b"00000000 " + change(title="x")[9:]
    ),
    "a wrong checksum of a segment": lambda remote: flipped(remote, "journal."),
    "a wrong checksum of an article": lambda remote: flipped(remote, "articles/"),
    "a journal of a future format": lambda remote: put_journal(
        remote, line({"format": 2, "device": DEVICE, "n": 1}), change(title="x")
    ),
    "a line of another shape": lambda remote: put_journal(
        remote, HEADER, line({"c": [1, 0], "o": "drop", "i": ID, "f": {}})
    ),
    "an id that is a path": lambda remote: put_journal(
        remote, HEADER, line({"c": [1, 0], "o": "set", "i": "../../../etc", "f": {"title": "x"}})
    ),
    "a folder of another article": lambda remote: put_journal(
        remote, HEADER, change(folder="articles/2026/x-bbbbbbbbbbbb-00000000")
    ),
    "a folder outside": lambda remote: put_journal(
        remote, HEADER, change(folder=f"articles/2026/../../x-{ID}-00000000")
    ),
    "a member outside its folder": lambda remote: with_folder(
        remote, archive(article_md=TEXT, _up___up__evil_md=b"x")
    ),
    "a link in an archive": lambda remote: with_folder(remote, link_archive()),
    "an archive of another article": lambda remote: with_folder(
        remote, archive(article_md=b"Another text.\n")
    ),
    "an archive that is none": lambda remote: with_folder(remote, b"x" * 2_000),
    "an archive without sums": lambda remote: with_folder(
        remote, archive(article_md=TEXT).replace(b"SHA256SUMS", b"images/a.g")
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_hostile_object_is_refused_by_name(tmp_path: Path, case: str) -> None:
    """The report names the object; journals, folders and records stay as they were."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin()
    one.add(1)
    one.sync()
    two = Device(tmp_path, "two", remote).begin()
    if "checksum of a segment" not in case and "checksum of an article" not in case:
        two.sync()
    tree, state = two.tree(), two.state()
    name = CASES[case](remote)
    report = two.sync()
    assert any(name in problem for problem in report.problems), report.problems
    assert all("\n" not in problem for problem in report.problems)
    assert {name: each for name, each in two.tree().items() if name[0] != "."} == {
        name: each for name, each in tree.items() if name[0] != "."
    }
    assert two.state() == state
    assert not list(tmp_path.rglob("evil*"))
    # It is said each time, and the rest goes on.
    assert two.sync().problems == report.problems
    two.add(2)
    two.sync()
    assert any("otter" in each or "violin" in each for each in remote.objects)


def test_a_giant_object_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A segment has the size that its name says; an archive has a limit."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin()
    one.add(1)
    one.sync()
    two = Device(tmp_path, "two", remote).begin()
    segment = sort_root(list(remote.objects)).segments[0].name
    kept = remote.objects[segment]
    remote.objects[segment] = kept + b"x" * 100
    assert any(segment in problem for problem in two.sync().problems)
    remote.objects[segment] = kept
    monkeypatch.setattr("reader.sync.pull.MAX_ARCHIVE", 1_000)
    assert any(".tar" in problem for problem in two.sync().problems)
    assert not two.state()
    huge = Segment("plain", DEVICE, f"{DEVICE}-1.log", 0, 10**11, "0" * 16).name
    remote.objects[huge] = b"x"
    assert any(huge in problem for problem in two.sync().problems)


def test_a_body_that_is_cut_comes_whole_with_the_next_sync(tmp_path: Path) -> None:
    """Half an object is refused, whichever it is."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin()
    one.add(1, 2)
    one.sync()
    two = Device(tmp_path, "two", remote).begin()
    for name in [name for name in sorted(remote.objects) if name.startswith(("j", "a"))]:
        remote.cut = {name}
        assert any(name in problem for problem in two.sync().problems)
    remote.cut = set()
    assert two.sync().problems == []
    assert two.state() == one.state()


def test_a_remote_of_a_newer_format_is_left_alone(tmp_path: Path) -> None:
    """One line, nothing written there or here."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin()
    one.add(1)
    one.sync()
    remote.objects["format.2.plain"] = b""
    before = dict(remote.objects)
    one.add(2)
    with pytest.raises(NewerFormatError, match=r"format\.2\.plain"):
        one.sync()
    with pytest.raises(NewerFormatError):
        Device(tmp_path, "two", remote).begin()
    assert remote.objects == before


def test_a_remote_that_was_emptied_is_not_filled_again(tmp_path: Path) -> None:
    """An unmounted disk looks like an empty folder."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin()
    one.add(1)
    one.sync()
    remote.objects.clear()
    with pytest.raises(SyncError, match="emptied"):
        one.sync()
    assert not remote.objects


def test_a_folder_in_use_for_something_else_is_refused(tmp_path: Path) -> None:
    """Nobody's photographs get an articles/ folder among them."""
    remote = MemoryRemote()
    remote.objects["holiday.jpg"] = b"x"
    with pytest.raises(SyncError, match=r"holiday\.jpg"):
        Device(tmp_path, "one", remote).begin()


def test_an_article_that_was_changed_on_the_disk_is_not_sent(tmp_path: Path) -> None:
    """Others would refuse it; the library's doctor repairs it."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin()
    one.add(1)
    (text,) = (one.places.home / "articles").rglob("article.md")
    text.write_text("changed")
    report = one.sync()
    assert any("article.md" in problem for problem in report.problems)


def test_equal_folders_give_equal_bytes(tmp_path: Path) -> None:
    """The archive depends on nothing but the files."""
    remotes = [MemoryRemote(), MemoryRemote()]
    for number, remote in enumerate(remotes):
        one = Device(tmp_path / str(number), "one", remote).begin()
        one.add(3)
        one.sync()
    tars = [
        {name: content for name, content in remote.objects.items() if name.endswith(".tar")}
        for remote in remotes
    ]
    assert tars[0] == tars[1]
    ((name, content),) = tars[0].items()
    files = folder_archive.unpack_folder(content, name.removesuffix(".tar"), name)
    assert set(files) == {"article.md", "page.html.gz"}


def test_two_libraries_of_the_same_articles_join(tmp_path: Path) -> None:
    """Both texts stay, tags of both count, and the doctor has nothing to say."""
    remote = MemoryRemote()
    one, two = (Device(tmp_path, name, remote).begin() for name in ("one", "two"))
    two.clock.now += 100
    for device, tag in ((one, "left"), (two, "right")):
        saving = page(1)

        from tests.library.libraries import added

        added(device.library(), saving._replace(tags=(tag,)))
    for device in (one, two, one, two):
        assert device.sync().problems == []
    assert one.state() == two.state()
    ((fields),) = one.state().values()
    assert fields["tag:left"] == "left"
    assert fields["tag:right"] == "right"
    for device in (one, two):
        folders = [path.parent for path in (device.places.home / "articles").rglob("article.md")]
        assert len(folders) == 2
        with device.opened() as workspace:
            from reader.services.doctor import check_library

            assert check_library(workspace).is_ok


def test_errors_are_of_the_one_family() -> None:
    """A command prints them as one line."""
    assert issubclass(SyncError, ReaderError)
