"""With the network gone everything that is saved can be read, and nobody asks for more."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from reader.services.sandbox.image_processor import ImageProcessor
from reader.services.workspace import Workspace
from tests.terminal.conftest import id_of, saving
from tests.terminal.emulator import ROOT
from tests.terminal.test_app import Start

pytestmark = [pytest.mark.terminal, pytest.mark.xdist_group("terminal")]

WATCHED = """
import sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        with open({log!r}, "a", encoding="utf-8") as stream:
            stream.write(event + " " + repr(arguments) + chr(10))
        raise OSError(101, "Network is unreachable")
sys.addaudithook(watch)
from reader.__main__ import main
sys.argv[:1] = ["reader"]
sys.exit(main())
"""
IMAGE = "https://example.org/harbour.png"


@pytest.fixture
def watched(tmp_path: Path) -> tuple[str, Path]:
    """The program as source, whose connections fail and are written down; where they are."""
    log = tmp_path / "connections"
    return WATCHED.format(log=str(log)), log


def with_picture(workspace: Workspace, folder: Path) -> None:
    """An article whose picture is kept, and one whose picture never came."""
    Image.new("RGB", (80, 60), "navy").save(folder / "x.png")
    pictures = ImageProcessor()
    picture = pictures.normalise((folder / "x.png").read_bytes())
    pictures.close()
    text = f"Before it.\n\n![The harbour]({IMAGE})\n\n![Lost](https://example.org/lost.png)\n\nAfter it."
    link = "\n\n[Another page](https://example.org/other)"
    workspace.library.add([saving("Pictured", text + link, "2026-03-05T00:00:00Z")], step="x")
    name = picture.name.rpartition("/")[2]
    workspace.library.add_images(id_of(workspace, "Pictured"), {IMAGE: (name, picture.content)})


def test_the_app_opens_what_is_saved_without_a_connection(
    workspace: Workspace, start: Start, watched: tuple[str, Path], tmp_path: Path
) -> None:
    """Text and picture are there, search finds, details open; no connection is tried."""
    with_picture(workspace, tmp_path)
    app = start("-c", watched[0])
    app.shows("Before it.")
    app.press("\r")
    app.shows("After it.")
    # A picture is drawn with half blocks, one that is not kept shows its words.
    app.shows("▀")
    app.shows("Lost")
    app.press("i")
    app.shows("5 March 2026")
    app.press("\x1b")
    app.hides("5 March 2026")
    app.press("h", "/", "ferry\r")
    app.hides("Night library")
    app.press("\x1b")
    app.shows("Night library")
    app.press("q")
    assert app.ends() == 0
    assert not watched[1].exists(), watched[1].read_text()


@pytest.mark.parametrize(
    "words",
    [
        ["list"],
        ["search", "ferry"],
        ["show", "ID"],
        ["show", "ID", "--original"],
        ["show", "ID", "--summary"],
        ["related", "ID"],
        ["highlights"],
        ["digest"],
        ["stats"],
        ["export", "--format", "html", "--to", "out.html"],
        ["doctor"],
    ],
    ids=lambda words: " ".join(words[:1] + words[2:3]),
)
def test_commands_that_read_ask_nobody(
    workspace: Workspace, watched: tuple[str, Path], tmp_path: Path, words: list[str]
) -> None:
    """Reading, finding and writing out need nothing but the disk."""
    with_picture(workspace, tmp_path)
    known = id_of(workspace, "Pictured")
    done = subprocess.run(
        [sys.executable, "-c", watched[0], *(known if word == "ID" else word for word in words)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not watched[1].exists(), watched[1].read_text()


def test_the_watch_sees_a_connection(workspace: Workspace, watched: tuple[str, Path]) -> None:
    """Saving an address asks the network, so the tests above would know."""
    words = ["add", "https://example.org/new"]
    subprocess.run(
        [sys.executable, "-c", watched[0], *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert watched[1].exists()
