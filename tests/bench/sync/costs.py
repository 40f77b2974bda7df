"""Requests and names on the root with several devices: `python -m tests.bench.sync.costs [DEVICES…]`.

The first device sends 200 articles, the others join; then each in turn marks an article and syncs,
sixty times, over a storage in memory that counts.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from reader.model.change import Change
from tests.sync.devices import Device
from tests.sync.remotes import MemoryRemote

ARTICLES = 200
ROUNDS = 60


def main(words: list[str]) -> int:
    """Print one line for each number of devices."""
    for count in [int(word) for word in words] or [1, 5, 20]:
        folder = Path(tempfile.mkdtemp(prefix="reader-costs-"))
        try:
            print(_count(folder, count), flush=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def _count(folder: Path, count: int) -> str:
    remote = MemoryRemote()
    devices = [Device(folder, f"d{number}", remote) for number in range(count)]
    first = devices[0].begin()
    names = first.add(*range(ARTICLES))
    sent = first.sync().requests
    joined = [device.begin().sync().requests for device in devices[1:]]
    largest, asked = 0, []
    for turn in range(ROUNDS):
        for device in devices:
            change = Change(note=f"note {turn}")
            device.library().change({names[turn]: change}, step=None)
            asked.append(device.sync().requests)
            root = [name for name in remote.objects if "/" not in name]
            largest = max(largest, len(root))
    for device in devices:
        device.sync()
    idle = {device.sync().requests for device in devices}
    lists = -(-largest // 1000)
    return (
        f"{count} devices: first upload {sent}, further devices {joined[:1]}, a mark and what the"
        f" others marked {sum(asked) / len(asked):.1f} on average (most {max(asked)}), names on the"
        f" root up to {largest}, requests of an idle sync {idle} (lists of a thousand: {lists})"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
