"""The glyphs that the app draws, and their ASCII substitutes."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reader.model.entry import State


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One cell each. `bar` and `track` draw progress, `running` stands before a job."""

    unread: str = "●"
    reading: str = "◐"
    read: str = "○"
    queued: str = "↓"
    failed: str = "!"
    star: str = "★"
    selected: str = "✓"
    excluded: str = "−"
    expanded: str = "▾"
    collapsed: str = "▸"
    dot: str = "·"
    ellipsis: str = "…"
    bar: str = "━"
    track: str = "─"
    running: str = "↻"
    back: str = "‹"
    thumb: str = "▕"

    def state(self, state: State) -> str:
        return {State.UNREAD: self.unread, State.READING: self.reading, State.READ: self.read}[
            state
        ]


UNICODE: Final = Glyphs()
ASCII: Final = Glyphs(
    unread="*",
    reading="+",
    read=" ",
    queued="v",
    failed="!",
    star="*",
    selected="x",
    excluded="-",
    expanded="v",
    collapsed=">",
    dot="-",
    ellipsis="~",
    bar="=",
    track="-",
    running="~",
    back="<",
    thumb="|",
)


def glyphs_for(environ: Mapping[str, str] | None = None, encoding: str | None = None) -> Glyphs:
    """Return ASCII on the Linux console or without UTF-8, else the full set."""
    variables = os.environ if environ is None else environ
    charset = encoding or getattr(sys.__stdout__, "encoding", None) or "utf-8"
    plain = variables.get("TERM") in ("linux", "dumb", "vt100", "vt220")
    return ASCII if plain or "utf" not in charset.casefold() else UNICODE
