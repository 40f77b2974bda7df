#!/bin/sh
# rich 15.0.0, `Markdown`: a picture within a line is printed before the line. Of "The mass is ![m](m.png) and
# the speed ![v](v.png)." the terminal shows "m v The mass is and the speed .", so a reader cannot tell
# which description belongs where. Pictures in the cells of a table stand above the table, one after the
# other, those of a list's item before its bullet, and one in a heading at the left edge with
# the heading centred behind it. CommonMark (6.4) has pictures among the inlines, in the order of the text;
# emphasis, code and links do stay in their places. Articles whose formulas are pictures, as Wikipedia still
# offers them, are the worst case.
# For a program that shows articles by rich: replace pictures within a line by their alt texts first.
# Fails once the picture stands within its line.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check rich==15.0.0
"$folder/venv/bin/python" - <<'PY'
import io
import sys

from rich.console import Console
from rich.markdown import Markdown

TEXTS = (
    "The mass is ![m](m.png) and the speed ![v](v.png).",
    "| Sign | Port |\n|---|---|\n| ![anchor](a.png) | Kiel |\n| ![wheel](w.png) | Oslo |",
    "- first\n- the ![bell](b.png) rings",
    "# The ![bell](b.png) rings",
)
shown = []
for text in TEXTS:
    console = Console(width=40, file=io.StringIO())
    console.print(Markdown(text))
    lines = [line.rstrip() for line in console.file.getvalue().splitlines() if line.strip()]
    shown.append(" ".join(" ".join(lines).split()))
    print(text, *(f"   |{line}" for line in lines), sep="\n")
if shown[0].index("mass") < shown[0].index(" m ") < shown[0].index("speed"):
    sys.exit("the picture stands in its line: this finding is outdated")
PY
