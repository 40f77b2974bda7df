"""Finding an article again in a terminal: from a few letters to the place in its text, and for good."""

from collections.abc import Callable

import pytest

from reader.services.workspace import Workspace
from tests.terminal.conftest import saving
from tests.terminal.emulator import Program

pytestmark = [pytest.mark.terminal, pytest.mark.xdist_group("terminal")]

Start = Callable[..., Program]

FILLER = "\n\n".join(
    "The harbour was as quiet as on any other day of that year." for _ in range(60)
)
TEXT = f"{FILLER}\n\nThen a **Café** opened, and its lanterns burned until the last ferry, with Zebedee at the wheel.\n\n{FILLER}"


def test_a_search_leads_to_its_place_and_becomes_a_view(workspace: Workspace, start: Start) -> None:
    """Type, see where the words stand, open there, keep the search as a view, find it next time."""
    workspace.library.add(
        [saving("The quiet harbour", TEXT, "2026-02-01T00:00:00Z")], step="added 1"
    )
    app = start()
    app.shows("● The quiet harbour")
    app.press("/", "cafe lanter")
    app.shows("best match first")
    app.shows("Café opened, and")
    app.press("\r", "\r")
    app.shows("h list")
    app.shows("Zebedee")
    app.press("h", "\x13")
    app.shows("Save filter as view")
    app.press("Lanterns\r")
    app.shows("Saved the view Lanterns")
    app.press("q", "q")
    assert app.ends() == 0
    again = start()
    again.shows("● The long crossing")
    again.press("\x10", "lanterns\r")
    again.hides("● The long crossing")
    again.shows("Café opened, and")
    again.press("/")
    again.shows("cafe lanter")
    again.press("\x1b")
    again.hides("cafe lanter")
    again.press("q")
    assert again.ends() == 0
