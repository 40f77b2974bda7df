"""The count of requests: nothing new one, one new article three, a first upload little more."""

from pathlib import Path

from reader.model.change import Change
from reader.model.entry import EntryId
from tests.sync.devices import Device
from tests.sync.remotes import MemoryRemote


def test_requests_of_a_library(tmp_path: Path) -> None:
    """One list shows that nothing is new; a new article is the list, the article and the line."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin()
    one.add(*range(60))
    assert remote_requests(remote, one) <= 60 + 4
    assert remote_requests(remote, one) == 1
    one.add(100)
    assert remote_requests(remote, one) == 3
    two = Device(tmp_path, "two", remote).begin()
    assert remote_requests(remote, two) <= 61 + 4
    assert remote_requests(remote, two) == 1
    assert remote_requests(remote, one) == 1
    library = two.library()
    entry_id = next(iter(library.store.documents))
    library.change({EntryId(entry_id): Change(starred=True)}, step=None)
    assert remote_requests(remote, two) <= 3
    assert remote_requests(remote, one) == 2
    assert one.state() == two.state()


def remote_requests(remote: MemoryRemote, device: Device) -> int:
    """Sync; return the requests, which the report counts too."""
    remote.revive()
    report = device.sync()
    assert report.requests == len(remote.requests)
    return len(remote.requests)
