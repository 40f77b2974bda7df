"""Pages that other programs put on the remote are added once, by the device that syncs first."""

from pathlib import Path

from tests.sync.devices import Device
from tests.sync.remotes import MemoryRemote

PAGE = b"""<html><head><title>Ferns</title></head><body><article><h1>Ferns</h1>
<p>Ferns grow in the shade of old forests, where the ground is moist for most of the year.</p>
<p>Their leaves unroll in spring, and later carry the spores on their lower side.</p>
</article></body></html>"""


def test_a_page_in_the_inbox_is_added_once(tmp_path: Path) -> None:
    """It becomes an article of every device, and leaves the inbox; addresses are queued."""
    remote = MemoryRemote()
    one, two = (Device(tmp_path, name, remote).begin() for name in ("one", "two"))
    remote.objects["inbox/Ferns (2026).html"] = PAGE
    remote.objects["inbox/links.txt"] = b"https://example.org/a\nhttps://example.org/b\n"
    report = one.sync()
    assert (report.inbox, report.problems) == (2, [])
    assert not [name for name in remote.objects if name.startswith("inbox/")]
    assert two.sync().problems == []
    assert one.state() == two.state()
    titles = [fields.get("title") for fields in one.state().values()]
    assert titles.count("Ferns") == 1
    assert len(titles) == 3


def test_an_object_without_an_article_stays_and_is_said_once(tmp_path: Path) -> None:
    """A later sync neither fetches it again nor fails; one that changed is tried again."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin()
    remote.objects["inbox/noise.bin"] = b"\x00\x01\x02" * 100
    report = one.sync()
    assert any("noise.bin" in problem for problem in report.problems)
    remote.revive()
    assert one.sync().problems == []
    assert not [each for each in remote.requests if each[0] == "get"]
    remote.objects["inbox/noise.bin"] = PAGE
    assert one.sync().inbox == 1


def test_a_page_taken_twice_is_one_article(tmp_path: Path) -> None:
    """Two devices that take the same object at the same time save the same article."""
    remote = MemoryRemote()
    one, two = (Device(tmp_path, name, remote).begin() for name in ("one", "two"))
    for device in (one, two):
        remote.objects["inbox/ferns.html"] = PAGE
        assert device.sync().inbox == 1
    one.sync()
    two.sync()
    assert one.state() == two.state()
    assert len(one.state()) == 1
