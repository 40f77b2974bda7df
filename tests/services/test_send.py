"""`[commands] send`: the EPUB reaches the command, and nothing of a page becomes an option."""

import io
import sys
import zipfile
from pathlib import Path

import pytest

from reader.model.entry import EntryId
from reader.model.errors import ReaderError, UsageError
from reader.services.add import add_page
from reader.services.send import send
from reader.services.workspace import Workspace
from reader.settings import CommandSettings
from tests.server.conftest import article_page

_RECORD = """
import pathlib, shutil, sys
place = pathlib.Path(sys.argv[1])
if len(sys.argv) > 3:
    shutil.copy(sys.argv[3], place / "book.epub")
    (place / "name").write_text(pathlib.Path(sys.argv[3]).name)
else:
    (place / "book.epub").write_bytes(sys.stdin.buffer.read())
(place / "title").write_text(sys.argv[2])
"""


def saved(workspace: Workspace, title: str) -> EntryId:
    url = f"https://example.org/{len(title)}"
    return add_page(workspace, article_page(title).encode(), url=url, title=title).entry.id


def sending(workspace: Workspace, *words: str) -> None:
    command = (sys.executable, "-c", _RECORD, *words)
    workspace.settings = workspace.settings._replace(commands=CommandSettings(send=command))


def test_a_book_is_sent_as_a_file_or_on_standard_input(
    workspace: Workspace, tmp_path: Path
) -> None:
    ids = [saved(workspace, "--to evil@example.org"), saved(workspace, "Two: a/b")]
    sending(workspace, str(tmp_path), "{title}", "{file}")
    assert send(workspace, ids, "My view").count == 2
    assert (tmp_path / "title").read_text() == "My view"
    with zipfile.ZipFile(tmp_path / "book.epub") as archive:
        assert "book/chapter-2.xhtml" in archive.namelist()
    assert send(workspace, ids[:1], "My view").count == 1
    assert (tmp_path / "title").read_text() == "to evil@example.org"
    assert (tmp_path / "name").read_text() == "to evil@example.org.epub"
    sending(workspace, str(tmp_path), "{title}")
    (tmp_path / "book.epub").unlink()
    send(workspace, ids[1:], "")
    assert zipfile.is_zipfile(io.BytesIO((tmp_path / "book.epub").read_bytes()))


def test_failures_are_named(workspace: Workspace, tmp_path: Path) -> None:
    entry_id = saved(workspace, "One")
    with pytest.raises(UsageError, match="send"):
        send(workspace, [entry_id], "x")
    workspace.settings = workspace.settings._replace(commands=CommandSettings(send=("false",)))
    with pytest.raises(ReaderError, match="exit code 1"):
        send(workspace, [entry_id], "x")
    commands = CommandSettings(send=("sh", "-c", "echo no mailbox >&2; exit 3"))
    workspace.settings = workspace.settings._replace(commands=commands)
    with pytest.raises(ReaderError, match="sh failed: no mailbox"):
        send(workspace, [entry_id], "x")
    with pytest.raises(ReaderError, match="at least one"):
        send(workspace, [], "x")
