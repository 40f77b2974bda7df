"""A sealed remote tells its host nothing but counts, sizes and times."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from reader.model.errors import ReaderError, SyncError, UsageError
from reader.sync.seal import AgeSeal, lock_identity, new_identity, unlock_identity
from reader.sync.state import load_identity
from tests.sync.devices import WORDS, Device
from tests.sync.remotes import MemoryRemote

PASSPHRASE = "correct horse battery staple"


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    """The passphrase of every remote here, and a cheaper way from it to the key.

    The real one takes more than a second each time, on purpose.
    """
    monkeypatch.setenv("READER_SYNC_PASSPHRASE", PASSPHRASE)

    def lock(identity: str, passphrase: str) -> bytes:
        if len(passphrase) < 8:
            return lock_identity(identity, passphrase)
        code = hashlib.sha256(passphrase.encode()).digest()
        return code + bytes(one ^ 170 for one in identity.encode())

    def unlock(content: bytes, passphrase: str) -> str:
        if content[:32] != hashlib.sha256(passphrase.encode()).digest():
            raise SyncError("wrong passphrase, or the remote's key file is damaged")
        return bytes(one ^ 170 for one in content[32:]).decode()

    monkeypatch.setattr("reader.services.sync.lock_identity", lock)
    monkeypatch.setattr("reader.services.sync.unlock_identity", unlock)


def test_no_plain_word_is_on_a_sealed_remote(tmp_path: Path) -> None:
    """Neither in a name nor in a byte; another device reads everything."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin(sealed=True)
    one.add(*range(6))
    assert one.sync().sent == 6
    for name, content in remote.objects.items():
        if name.startswith("format."):
            continue
        for word in (*WORDS, "number", "example.org", "folder", "article", "title"):
            assert word.encode() not in content.lower(), name
            assert word not in name.replace("articles/", "")
    two = Device(tmp_path, "two", remote).begin()
    assert two.sync().received == 6
    assert two.state() == one.state()
    assert not two.sync().sent_bytes


def test_a_wrong_key_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong passphrase, and a key of another remote."""
    remote = MemoryRemote()
    Device(tmp_path, "one", remote).begin(sealed=True)
    monkeypatch.setenv("READER_SYNC_PASSPHRASE", "another horse")
    with pytest.raises(SyncError, match="wrong passphrase"):
        Device(tmp_path, "two", remote).begin()
    other = MemoryRemote()
    three = Device(tmp_path, "three", other).begin(sealed=True)
    three.remote = remote
    with pytest.raises(SyncError, match="wrong key"):
        three.sync()


def test_a_sealed_remote_needs_a_passphrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without one, the message says where it may come from; a short one is refused."""
    remote = MemoryRemote()
    monkeypatch.delenv("READER_SYNC_PASSPHRASE")
    with pytest.raises(UsageError, match="READER_SYNC_PASSPHRASE"):
        Device(tmp_path, "one", remote).begin(sealed=True)
    monkeypatch.setenv("READER_SYNC_PASSPHRASE", "short")
    with pytest.raises(UsageError, match="8 characters"):
        Device(tmp_path, "one", remote).begin(sealed=True)
    assert not remote.objects


def test_the_host_cannot_put_one_object_in_anothers_place(tmp_path: Path) -> None:
    """An object opens, but its content is not what its name stands for."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin(sealed=True)
    one.add(1, 2)
    one.sync()
    first, second = [name for name in sorted(remote.objects) if name.startswith("articles/")]
    remote.objects[first] = remote.objects[second]
    two = Device(tmp_path, "two", remote).begin()
    report = two.sync()
    assert any(first in problem for problem in report.problems)


def test_the_key_is_readable_by_its_user_only(tmp_path: Path) -> None:
    """Mode 0600; with another mode it is not used."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin(sealed=True)
    (path,) = one.places.state.rglob("sync.key")
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(ReaderError, match="chmod 600"):
        one.sync()


def test_other_recipients_can_open_what_is_sent(tmp_path: Path) -> None:
    """A key on paper opens the objects as well."""
    paper = new_identity()
    import pyrage

    public = str(pyrage.x25519.Identity.from_str(paper).to_public())
    seal = AgeSeal(new_identity(), [public])
    content = seal.seal(b"something")
    assert pyrage.decrypt(content, [pyrage.x25519.Identity.from_str(paper)]) == b"something"
    with pytest.raises(UsageError, match="age1"):
        AgeSeal(new_identity(), ["nonsense"])


def test_the_key_comes_back_by_its_passphrase() -> None:
    """The file is one of age; a damaged one is said."""
    identity = new_identity()
    locked = lock_identity(identity, PASSPHRASE)
    assert unlock_identity(locked, PASSPHRASE) == identity
    with pytest.raises(SyncError, match="wrong passphrase"):
        unlock_identity(locked[:20], PASSPHRASE)


@pytest.mark.skipif(shutil.which("age") is None, reason="age is not installed")
def test_the_objects_open_with_the_program_age(tmp_path: Path) -> None:
    """With the key as it is kept here, as the documentation says."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin(sealed=True)
    one.add(1)
    one.sync()
    key = tmp_path / "key.txt"
    key.write_text(load_identity(one.places) + "\n")
    name = next(name for name in remote.objects if name.startswith("articles/"))
    (tmp_path / "object.age").write_bytes(remote.objects[name])
    opened = subprocess.run(
        ["age", "-d", "-i", str(key), str(tmp_path / "object.age")], capture_output=True, check=True
    )
    assert b"otter" in opened.stdout
