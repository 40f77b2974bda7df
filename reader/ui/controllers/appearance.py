"""The app's appearance: theme, measure, row height, and images."""

from typing import TYPE_CHECKING, Any

from textual.app import App

from reader.layout.half_block_image import HALF_BLOCK_SIZE, Image
from reader.settings import THEMES
from reader.ui.controllers.context import UIContext
from reader.ui.dialogs.picker import PickerDialog, Row
from reader.ui.messages import RequestImage
from reader.ui.widgets.entry_list import NEXT_ROW_HEIGHT

if TYPE_CHECKING:
    from reader.ui.terminal_images import TerminalImages


class AppearanceController:
    """Changes the appearance, and remembers it for the next start."""

    def __init__(self, context: UIContext, app: App[Any]):
        self._context = context
        self._app = app

    def start(self) -> None:
        """Apply the remembered measure."""
        look = self._context.settings.look
        state = self._context.state.appearance
        self._context.article.set_measure(state.measure_for(look.measure))

    # Themes.

    def choose_theme(self) -> None:
        """Open a list of themes; the one under the cursor is previewed."""
        before = self._app.theme
        names = [name for name in THEMES if name in self._app.available_themes]
        rows = [
            Row(name, name, "" if self._app.available_themes[name].dark else "light")
            for name in names
        ]
        dialog = PickerDialog(
            "Theme",
            rows,
            has_filter=False,
            answer="use",
            at=names.index(before) if before in names else 0,
            on_highlight=self._preview_theme,
            on_cancel=lambda: self._preview_theme(before),
        )
        self._context.prompt(dialog, self._set_theme)

    def _preview_theme(self, name: str) -> None:
        if self._app.theme != name:
            self._app.theme = name

    def _set_theme(self, name: str) -> None:
        self._preview_theme(name)
        self._context.notify_info(f"Theme {name}")
        self._context.remember(theme=name, configured_theme=self._context.settings.look.theme)

    # Text and rows.

    def widen_text(self, cells: int) -> None:
        """Make the lines of the text longer, or shorter for a negative number."""
        view = self._context.article
        shown = view.fitted_options.measure
        if cells > 0 and shown < view.options.measure:
            self._context.notify_info("The lines are as long as the pane allows.")
            return
        # From the lines on the screen: a longer measure would take several keys without effect.
        view.set_measure(min(shown, view.options.measure) + cells)
        look = self._context.settings.look
        self._context.remember(measure=view.options.measure, configured_measure=look.measure)

    def next_row_height(self) -> None:
        """Three lines for each row of the list, two, one, and three again."""
        lines = NEXT_ROW_HEIGHT[self._context.entries.row_height]
        self._context.entries.row_height = lines
        self._context.remember(rows=lines, configured_rows=self._context.settings.look.rows)


class ImageController:
    """The typesetting of the article, and its images."""

    def __init__(self, context: UIContext, terminal_images: "TerminalImages | None"):
        self._context = context
        self._terminal_images = terminal_images

    def start(self) -> None:
        """Apply the settings of text and images."""
        view, settings = self._context.article, self._context.settings
        view.draws_images = settings.images.mode != "none"
        if settings.images.mode == "terminal" and self._terminal_images is None:
            self._context.notify_error(
                "[images] this terminal has no graphics, or reader-tui[images] is not installed"
            )
        view.set_typesetting(
            spacing=settings.look.spacing,
            indented=settings.look.paragraphs == "indent",
            justified=settings.look.justify,
            hyphenated=settings.look.hyphenate,
            reorder=settings.text.bidi == "reorder",
        )

    def load_image(self, request: RequestImage) -> None:
        """Decode an image in a thread, and pass it to the view."""
        view, backend, terminal = (
            self._context.article,
            self._context.backend,
            self._terminal_images,
        )
        wide, high = terminal.cell if terminal else HALF_BLOCK_SIZE

        def decode() -> Image | None:
            raster = backend.image(
                request.folder, request.file, request.cells * wide, request.lines * high
            )
            if raster is None or terminal is None or not raster.is_valid:
                return raster
            return terminal.image(raster, request.cells, request.background)

        def show(image: Image | None) -> None:
            view.set_image(request.article, request.name, image)

        self._context.tasks.run_latest(f"image {request.article} {request.name}", decode, show)
