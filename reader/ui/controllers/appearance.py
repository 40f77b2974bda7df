"""Pictures and type of the text: settings handed to the view, pictures made small in a thread."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.app import App

from reader.layout.half_block_image import HALF_BLOCK, Picture
from reader.ui.controllers.context import Stage
from reader.ui.messages import WantPicture
from reader.ui.themes import OWN
from reader.ui.widgets.status_line import Note

if TYPE_CHECKING:
    from reader.ui.terminal_images import Graphics


class Appearing:
    """Changes last until the app is left; the settings say how it begins."""

    def __init__(self, stage: Stage, app: App[Any]):
        self._stage = stage
        self._app = app

    def next_theme(self) -> None:
        """The next of the app's own themes."""
        names = [theme.name for theme in OWN]
        at = names.index(self._app.theme) if self._app.theme in names else -1
        self._app.theme = names[(at + 1) % len(names)]
        self._stage.note(Note(f"Theme {self._app.theme}"))

    def commands(self) -> dict[str, Callable[[], Any]]:
        return {"theme": self.next_theme}


STEP = 4
"""Cells by which the column changes."""


class Illustrating:
    """What of the article's look depends on settings, and on files beside the text."""

    def __init__(self, stage: Stage, graphics: "Graphics | None"):
        self._stage = stage
        self._graphics = graphics
        view, settings = stage.article, stage.settings
        view.draws_pictures = settings.images.mode != "none"
        if settings.images.mode == "terminal" and graphics is None:
            stage.wrong(
                "[images] this terminal has no graphics, or reader-tui[images] is not installed"
            )
        view.set_measure(settings.look.measure)
        view.typeset(
            spacing=settings.look.spacing,
            indented=settings.look.paragraphs == "indent",
            justified=settings.look.justify,
            hyphenated=settings.look.hyphenate,
            reorder=settings.text.bidi == "reorder",
        )

    def picture(self, wanted: WantPicture) -> None:
        """Hand the view the picture that it asked for, once it is decoded."""
        view, desk, graphics = self._stage.article, self._stage.desk, self._graphics
        wide, high = graphics.cell if graphics else HALF_BLOCK

        def make() -> Picture | None:
            raster = desk.picture(
                wanted.folder, wanted.file, wanted.cells * wide, wanted.lines * high
            )
            if raster is None or graphics is None or not raster.is_whole:
                return raster
            return graphics.picture(raster, wanted.cells, wanted.behind)

        def put(picture: Picture | None) -> None:
            view.set_picture(wanted.article, wanted.name, picture)

        self._stage.errands.ask(f"picture {wanted.article} {wanted.name}", make, put)

    def _told(self, were_there: bool) -> None:
        if not were_there:
            self._stage.note(Note("No links in sight."))

    def commands(self) -> dict[str, Callable[[], Any]]:
        view = self._stage.article
        return {
            "wider": lambda: view.set_measure(view.column.measure + STEP),
            "narrower": lambda: view.set_measure(view.column.measure - STEP),
            "follow": lambda: self._told(view.action_hint_links()),
            "copy-address": lambda: self._told(view.action_hint_links("copy")),
            "save-link": lambda: self._told(view.action_hint_links("save")),
            "addresses": lambda: self._told(view.action_show_addresses()),
        }
