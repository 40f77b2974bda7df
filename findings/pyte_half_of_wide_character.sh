#!/bin/sh
# pyte 0.8.2: a narrow character over the first half of a wide one (a wide character takes two cells)
# leaves the second half in the buffer as an empty string. xterm and others blank it. The property
# `Screen.display` then raises "IndexError: string index out of range" until that cell is written
# again, because it asks for the width of the first code point of every cell. A terminal program that
# redraws a line of Chinese, Japanese or Korean from the left brings this about between two writes.
# Fails once `display` returns the lines.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyte==0.8.2
"$folder/venv/bin/python" - <<'PY'
import sys

import pyte

screen = pyte.Screen(8, 1)
stream = pyte.Stream(screen)
stream.feed("港b")
print("wide character:", screen.display)
stream.feed("\ra")
print("cells after a narrow one:", [screen.buffer[0][column].data for column in range(4)])
try:
    shown = screen.display
except IndexError as error:
    print("display: IndexError:", error)
else:
    sys.exit(f"display gives {shown}: this finding is outdated")
stream.feed(" ")
print("after the next write:", screen.display)
PY
