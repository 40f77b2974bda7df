"""Pictures that the terminal draws: what it is sent, what stands in the cells, what dialogs show."""

import base64
import re
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from rich.cells import cell_len
from textual_image import renderable

from reader.layout.half_block_image import ImageRows, Raster
from reader.layout.spans import PLACEHOLDER, ImageTile
from reader.settings import ImageSettings, Settings
from reader.ui.app import ReaderApp
from reader.ui.terminal_images import Protocol, TerminalImages, detect_protocol
from tests.ui.conftest import press, screen_text, until
from tests.ui.memory_backend import sample
from tests.ui.test_appearance import Illustrated, read, text

RED = Raster(40, 30, b"\xff\x00\x00\xff" * 1200)
BLACK = (0, 0, 0)


def tiles(rows: ImageRows) -> list[ImageTile]:
    """The tiles of rows that have one each."""
    found = [part for row in rows for part in row if isinstance(part, ImageTile)]
    assert len(found) == len(rows)
    return found


def test_kitty_is_sent_the_image_once_and_draws_where_its_signs_stand() -> None:
    """Whole cells on the background, a number as colour, and cells as wide as they say."""
    sent: list[str] = []
    graphics = TerminalImages(Protocol.KITTY, (10, 20), sent.append)
    picture = graphics.image(RED, 60, BLACK)
    rows = tiles(picture.rows(60, BLACK))
    assert [(tile.cells, cell_len(tile.text)) for tile in rows] == [(4, 4), (4, 4)]
    assert all(tile.text.count(PLACEHOLDER) == 4 and not tile.control for tile in rows)
    (message,) = sent
    payload = "".join(re.findall(r"\x1b_G[^;]*;([^\x1b]*)\x1b\\", message))
    pixels = zlib.decompress(base64.standard_b64decode(payload))
    assert pixels == b"\xff\x00\x00" * 1200 + b"\x00\x00\x00" * 400
    assert {int(number) for number in re.findall(r"i=(\d+)", message)} == {picture.image_id}
    assert {tile.color for tile in rows} == {picture.image_id}
    assert message.endswith(f"a=p,U=1,i={picture.image_id},c=4,r=2,q=2\x1b\\")
    assert picture.fits(4, BLACK)
    assert not picture.fits(3, BLACK)
    assert not picture.fits(4, (9, 9, 9))
    assert graphics.image(RED, 2, BLACK).cells == 2
    picture.release()
    assert sent[-1] == f"\x1b_Ga=d,d=I,i={picture.image_id},q=2\x1b\\"


def test_images_that_are_made_at_once_have_numbers_of_their_own() -> None:
    """Each is sent whole, whatever other threads send."""
    sent: list[str] = []
    graphics = TerminalImages(Protocol.KITTY, (10, 20), sent.append)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: graphics.image(RED, 60, BLACK), range(64)))
    assert len({each.image_id for each in made}) == 64
    assert all(0 < each.image_id < 1 << 24 for each in made)
    assert all(message.count("a=t,") == message.count("a=p,") == 1 for message in sent)


def test_sixels_are_drawn_line_by_line_over_blanks() -> None:
    """Each line bears its own part, and leaves the cursor where it was."""
    graphics = TerminalImages(Protocol.SIXEL, (10, 20))
    rows = tiles(graphics.image(RED, 60, BLACK).rows(60, BLACK))
    assert [tile.text for tile in rows] == ["    ", "    "]
    for tile in rows:
        assert tile.control.startswith("\x1b7\x1b[4D\x1bP")
        assert tile.control.endswith("\x1b\\\x1b8")


@pytest.mark.parametrize("protocol", Protocol)
async def test_images_of_the_terminal_go_behind_dialogs(protocol: Protocol) -> None:
    """They stand in the text, cut at any line; under a dialog their cells are blank."""
    graphics = TerminalImages(protocol, (10, 20))
    app = ReaderApp(
        lambda: Illustrated(sample()), Settings(images=ImageSettings("terminal")), None, graphics
    )
    sign = PLACEHOLDER if protocol is Protocol.KITTY else "\x1bP"
    async with app.run_test(size=(120, 40)) as pilot:
        view = await read(pilot)
        await until(pilot, lambda: sign in text(view))
        assert "▀" not in text(view)
        assert sign in screen_text(app)
        await press(pilot, "question_mark")
        await until(pilot, lambda: "Keys" in screen_text(app))
        assert "ferry" in screen_text(app)
        assert sign not in screen_text(app)
        await press(pilot, "escape")
        await until(pilot, lambda: sign in screen_text(app))
        for theme in ("paper", "day", "ink"):
            app.theme = theme
            await until(
                pilot,
                lambda: sign not in screen_text(app) or view.background_colors[1].rgb != BLACK,
            )
            await until(pilot, lambda: sign in screen_text(app))
        await press(pilot, "-", "-", "-")
        await until(pilot, lambda: sign in screen_text(app))


def test_the_terminal_is_asked_by_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """What textual-image found is used; a terminal that can neither gets half blocks."""
    monkeypatch.setattr(renderable, "Image", renderable.TGPImage)
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)
    graphics = detect_protocol()
    assert graphics is not None
    assert graphics.protocol is Protocol.KITTY
    assert min(graphics.cell) > 0
    monkeypatch.delenv("COLORTERM")
    assert detect_protocol() is None
    monkeypatch.setattr(renderable, "Image", renderable.SixelImage)
    assert detect_protocol() is not None
    monkeypatch.setenv("NO_COLOR", "1")
    assert detect_protocol() is None
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setattr(renderable, "Image", renderable.HalfcellImage)
    assert detect_protocol() is None


async def test_a_terminal_without_graphics_is_reported() -> None:
    """Half blocks stand in, and the reason is on the screen."""
    app = ReaderApp(lambda: Illustrated(sample()), Settings(images=ImageSettings("terminal")))
    async with app.run_test(size=(120, 40)) as pilot:
        view = await read(pilot)
        await until(pilot, lambda: "▀▀" in text(view))
        assert "[images] this terminal has no graphics" in screen_text(app)
