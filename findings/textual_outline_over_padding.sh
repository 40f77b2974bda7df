#!/bin/sh
# Textual 8.2.8: an outline over a padding has the corners of its first line on its last line, too.
# A widget draws the blank lines of its padding once and keeps that line for the others. It keeps the
# line with the outline already over it, so the line of the bottom is the one of the top: `┌──┐` in
# place of `└──┘`. Without padding above or below, or with a border, the corners are right.
# Fails once the last line has its own corners.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check textual==8.2.8
"$folder/venv/bin/python" - <<'PY'
import asyncio
import sys

from textual.app import App, ComposeResult
from textual.widgets import Static


class Framed(App[None]):
    CSS = "Static { width: 12; height: auto; padding: 1 2; outline: solid white; }"

    def compose(self) -> ComposeResult:
        yield Static("text")


async def draw() -> list[str]:
    app = Framed()
    async with app.run_test(size=(20, 8)) as pilot:
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
        return [strip.text.rstrip() for strip in strips[:3]]


lines = asyncio.run(draw())
print("\n".join(lines))
if "└" in lines[-1]:
    sys.exit("the last line has its own corners: this finding is outdated")
PY
