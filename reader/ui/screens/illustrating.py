"""Pictures and type of the text: settings handed to the view, pictures made small in a thread."""

from collections.abc import Callable
from typing import Any

from reader.ui.screens.stage import Stage
from reader.ui.text.pictures import Raster
from reader.ui.widgets.article_messages import WantPicture
from reader.ui.widgets.status_line import Note

STEP = 4
"""Cells by which the column changes."""


class Illustrating:
    """What of the article's look depends on settings, and on files beside the text."""

    def __init__(self, stage: Stage):
        self._stage = stage
        view, settings = stage.article, stage.settings
        view.draws_pictures = settings.images.mode != "none"
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
        view, desk = self._stage.article, self._stage.desk

        def put(picture: Raster | None) -> None:
            view.set_picture(wanted.article, wanted.name, picture)

        self._stage.errands.ask(
            f"picture {wanted.article} {wanted.name}",
            lambda: desk.picture(wanted.folder, wanted.file, wanted.width, wanted.height),
            put,
        )

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
