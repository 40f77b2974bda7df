"""Pictures and type of the text: settings handed to the view, pictures made small in a thread."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.app import App

from reader.layout.half_block_image import HALF_BLOCK_SIZE, Image
from reader.ui.controllers.context import UIContext
from reader.ui.messages import RequestImage
from reader.ui.themes import OWN
from reader.ui.widgets.status_line import StatusMessage

if TYPE_CHECKING:
    from reader.ui.terminal_images import TerminalImages


class ThemeController:
    """Changes last until the app is left; the settings say how it begins."""

    def __init__(self, stage: UIContext, app: App[Any]):
        self._context = stage
        self._app = app

    def next_theme(self) -> None:
        """The next of the app's own themes."""
        names = [theme.name for theme in OWN]
        at = names.index(self._app.theme) if self._app.theme in names else -1
        self._app.theme = names[(at + 1) % len(names)]
        self._context.show_message(StatusMessage(f"Theme {self._app.theme}"))

    def commands(self) -> dict[str, Callable[[], Any]]:
        return {"theme": self.next_theme}


MEASURE_STEP = 4
"""Cells by which the column changes."""


class ImageController:
    """What of the article's look depends on settings, and on files beside the text."""

    def __init__(self, stage: UIContext, graphics: "TerminalImages | None"):
        self._context = stage
        self._terminal_images = graphics
        view, settings = stage.article, stage.settings
        view.draws_images = settings.images.mode != "none"
        if settings.images.mode == "terminal" and graphics is None:
            stage.notify_error(
                "[images] this terminal has no graphics, or reader-tui[images] is not installed"
            )
        view.set_measure(settings.look.measure)
        view.set_typesetting(
            spacing=settings.look.spacing,
            indented=settings.look.paragraphs == "indent",
            justified=settings.look.justify,
            hyphenated=settings.look.hyphenate,
            reorder=settings.text.bidi == "reorder",
        )

    def load_image(self, wanted: RequestImage) -> None:
        """Hand the view the picture that it asked for, once it is decoded."""
        view, desk, graphics = self._context.article, self._context.backend, self._terminal_images
        wide, high = graphics.cell if graphics else HALF_BLOCK_SIZE

        def make() -> Image | None:
            raster = desk.image(
                wanted.folder, wanted.file, wanted.cells * wide, wanted.lines * high
            )
            if raster is None or graphics is None or not raster.is_valid:
                return raster
            return graphics.image(raster, wanted.cells, wanted.background)

        def put(picture: Image | None) -> None:
            view.set_image(wanted.article, wanted.name, picture)

        self._context.tasks.run_latest(f"picture {wanted.article} {wanted.name}", make, put)

    def _report_no_links(self, were_there: bool) -> None:
        if not were_there:
            self._context.show_message(StatusMessage("No links in sight."))

    def commands(self) -> dict[str, Callable[[], Any]]:
        view = self._context.article
        return {
            "wider": lambda: view.set_measure(view.options.measure + MEASURE_STEP),
            "narrower": lambda: view.set_measure(view.options.measure - MEASURE_STEP),
            "follow": lambda: self._report_no_links(view.action_hint_links()),
            "copy-address": lambda: self._report_no_links(view.action_hint_links("copy")),
            "save-link": lambda: self._report_no_links(view.action_hint_links("save")),
            "addresses": lambda: self._report_no_links(view.action_show_addresses()),
        }
