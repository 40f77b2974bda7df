"""A run that is killed goes on where it was."""

import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from functools import partial

from reader.model.change import SaveRequest
from reader.paths import find
from reader.services.fetch_queue import pending
from reader.services.workspace import Workspace
from reader.settings import Settings
from tests.loopback import plain, running

PAGES = 40
RUN = """
import sys
from reader.fetch.client import Client
from reader.model.article import Article
from reader.paths import find
from reader.services.fetch_queue import process_queue
from reader.services.workspace import Workspace
from reader.settings import Settings
from tests.loopback import Wire

def extract(page, url):
    return Article(title=url, markdown=page.decode(), words=len(page.split()))

wire = Wire(int(sys.argv[1]))
with Workspace(find(), Settings()) as workspace:
    report = process_queue(workspace, client=lambda: Client(resolve=wire.resolve, route=wire.route), extract=extract)
    assert not report.failures, report
"""


def test_a_killed_run_goes_on_and_asks_for_no_page_twice() -> None:
    """After `kill -9` each link is an article once; only what was on its way is asked for again."""
    answered, dead = threading.Semaphore(0), threading.Event()

    with Workspace(find(), Settings()) as workspace:
        links = [SaveRequest(given=f"http://h{number}.example/{number}") for number in range(PAGES)]
        workspace.library.add(links, step=None)

    def run(port: int) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-c", RUN, str(port)])

    with running() as server:

        def page(number: int) -> Iterator[bytes]:
            yield plain(f"The {number}. page speaks of the sea.".encode())
            answered.release()

        def later(number: int) -> Iterator[bytes]:
            dead.wait(30)
            yield from page(number)

        for number in range(PAGES):
            # Newest first: the last page waits until the run is dead, so that it cannot finish.
            answer = page if number else later
            server.answers[f"/{number}"] = partial(answer, number)
        first = run(server.port)
        for _ in range(15):
            assert answered.acquire(timeout=30)
        first.send_signal(signal.SIGKILL)
        first.wait()
        dead.set()
        assert run(server.port).wait() == 0
        asked = Counter(head.split()[1] for head in server.requests)
    assert set(asked) == {f"/{number}" for number in range(PAGES)}
    assert sum(asked.values()) - PAGES <= 8
    with Workspace(find(), Settings()) as workspace:
        assert pending(workspace, retry=True) == []
        records = list(workspace.library.records())
        assert len(records) == PAGES
        for record in records:
            name = (record.entry.url or "").rpartition("/")[2]
            text = workspace.library.markdown(record.entry.id)
            assert text == f"The {name}. page speaks of the sea."
