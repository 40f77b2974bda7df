"""`reader fetch` on the command line."""

import json
import subprocess
import sys

import pytest

from reader import resources
from tests.loopback import running


def reader(*words: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "reader", *words]
    return subprocess.run(
        command, input=stdin, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_queue_is_processed_with_reasons_and_exit_codes() -> None:
    """An empty queue is fine; a link that may not be fetched fails with its reason, and is told."""
    empty = reader("fetch")
    assert (empty.returncode, empty.stdout) == (0, "nothing is queued\n")
    with running() as server:
        added = reader("add", "--later", f"{server.url}/page")
        assert (added.returncode, "queued" in added.stderr) == (0, True)
        fetched = reader("fetch", "--json")
        assert server.connections == 0
    report = json.loads(fetched.stdout)
    assert fetched.returncode == 1
    assert (report["done"], report["failed"], report["left"]) == (0, 1, 0)
    assert "not on the public internet" in report["failures"][0]["reason"]
    assert report["failures"][0]["reason"] in fetched.stderr
    assert reader("fetch").stdout == "nothing is queued\n"
    again = reader("fetch", "--retry", "site:127.0.0.1")
    assert (again.returncode, again.stdout) == (1, "0 articles fetched, 1 failed\n")
    assert reader("fetch", "--retry", "site:elsewhere.example").returncode == 0
    (row,) = json.loads(reader("list", "--json", "is:failed").stdout)
    assert "not on the public internet" in row["reason"]


def test_an_address_is_added_with_its_text_and_failures_save_nothing() -> None:
    """A page on a private server needs leave; what fails leaves the library as it was."""
    page = (resources.sample_articles() / "ferry-news.html").read_bytes()
    with running() as server:
        server.answers["/"] = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
        server.answers["/cut"] = b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + page
        for words in (
            ["add", server.url],
            ["add", "--allow-private", f"{server.url}/cut"],
            ["add", "--allow-private", f"{server.url}/missing"],
        ):
            refused = reader(*words)
            assert (refused.returncode, refused.stdout) == (1, "")
            assert len(refused.stderr.splitlines()) == 1
            # No public archive has a private page.
            assert "web.archive.org" not in refused.stderr
        assert json.loads(reader("list", "--json").stdout) == []
        added = reader("add", "--allow-private", server.url)
        assert (added.returncode, added.stdout[13:]) == (
            0,
            "Why the ferry still beats the bridge\n",
        )
        again = reader("add", "--allow-private", server.url)
        assert again.stderr.endswith("already saved\n")


def test_an_address_on_standard_input_is_an_address() -> None:
    """What a clipboard or a selection pipes in is queued or fetched; a page is a page."""
    added = reader("add", "--later", "-", stdin=" https://a.example/tides?utm_source=x\n")
    assert (added.returncode, "queued" in added.stderr) == (0, True)
    (row,) = json.loads(reader("list", "--json").stdout)
    assert row["url"] == "https://a.example/tides"
    assert reader("add", "--later", "-", stdin="<p>A page, and no address.</p>").returncode == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["tag:none"], "nothing that the query finds is queued\n"),
        (["--retry"], "nothing is queued or failed\n"),
        (["--wayback"], "nothing has failed\n"),
        (["--wayback", "tag:none"], "nothing that the query finds has failed\n"),
    ],
)
def test_a_run_without_links_names_what_it_looked_for(words: list[str], said: str) -> None:
    """Links may well be queued that the query or the option leaves out."""
    assert reader("fetch", *words).stdout == said
