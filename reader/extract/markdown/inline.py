"""Runs of inline content: page text and markup told apart until a paragraph is whole.

In a run all markup is private-use characters, which page text never holds (`flat` drops them), so
that whether a sign of the text would mean something can be judged in its place, once.
"""

import re
import unicodedata
from typing import Final

from reader.extract.markdown.escaping import escaped, escaped_line

EM, END_EM = "\ue000", "\ue001"
STRONG, END_STRONG = "\ue002", "\ue003"
DEL, END_DEL = "\ue004", "\ue005"
LINK, TARGET, END_LINK = "\ue006", "\ue007", "\ue008"
"""A link is LINK, its destination, TARGET, its text, END_LINK."""
VERBATIM, END_VERBATIM = "\ue00a", "\ue00b"
BREAK: Final = "\ue00c"

_PRIVATE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff\u00ad\u200b\ufeff]")
_SPACES: Final = re.compile("[ \t\r\n\f\x0b\u2028\u2029]+")
_WIDE_SPACES: Final = re.compile("[ \u00a0]{2,}")
_MARKED: Final = re.compile("[\ue000-\ue00c]")
_EDGES: Final = re.compile(f"([\\s{BREAK}]*)(.*?)([\\s{BREAK}]*)", re.S)
_OPENING: Final = {EM: END_EM, STRONG: END_STRONG, DEL: END_DEL}
_CLOSING: Final = {close: opening for opening, close in _OPENING.items()}
_WRITTEN: Final = {EM: "*", END_EM: "*", STRONG: "**", END_STRONG: "**", DEL: "~~", END_DEL: "~~"}
_EMPTY: Final = re.compile(
    f"{EM}(\\s*){END_EM}|{STRONG}(\\s*){END_STRONG}|{DEL}(\\s*){END_DEL}"
    f"|{LINK}[^{TARGET}]*{TARGET}(\\s*){END_LINK}"
)
_JOINED: Final = re.compile(f"{END_EM}{EM}|{END_STRONG}{STRONG}|{END_DEL}{DEL}")
_TOKEN: Final = re.compile(
    f"{VERBATIM}[^{END_VERBATIM}]*{END_VERBATIM}|{LINK}[^{TARGET}]*{TARGET}|[\ue000-\ue008]"
)
_PARAGRAPH: Final = re.compile(f"\\s*{BREAK}(?:\\s*{BREAK})+\\s*")
_BESIDE_IMAGE: Final = re.compile(
    f"({VERBATIM}!\\[[^{END_VERBATIM}]*{END_VERBATIM}{END_LINK}?)(?=\\w)"
)
_MOST_REPAIRS: Final = 60


def flat(text: str) -> str:
    """Text of the page as one line of a run: spaces folded, characters that markup needs dropped."""
    if not text.isascii():
        text = _PRIVATE.sub("", text)
    return _SPACES.sub(" ", text)


def verbatim(markdown: str) -> str:
    """Finished Markdown as a part of a run, never escaped again."""
    return f"{VERBATIM}{markdown}{END_VERBATIM}"


def wrapped(opening: str, run: str, close: str) -> str:
    """The run between two marks, with spaces and breaks at its ends left outside."""
    found = _EDGES.fullmatch(run)
    if found is None or not found[2]:
        return run
    return f"{found[1]}{opening}{found[2]}{close}{found[3]}"


def paragraphs(run: str) -> list[str]:
    """The run as finished paragraphs; two breaks in a row begin a new one."""
    if BREAK in run:
        return [text for part in _split(run) if (text := settled(part))]
    text = settled(run)
    return [text] if text else []


def _split(run: str) -> list[str]:
    """The run cut at double breaks; marks that stand open are closed and opened again."""
    parts = _PARAGRAPH.split(run)
    if len(parts) == 1:
        return parts
    balanced, standing = [], list[str]()
    for part in parts:
        head = "".join(standing)
        for token in _TOKEN.findall(part):
            if token[0] in _OPENING or token[0] == LINK:
                standing.append(token)
            elif (token[0] in _CLOSING or token[0] == END_LINK) and standing:
                standing.pop()
        tail = "".join(_OPENING.get(mark[0], END_LINK) for mark in reversed(standing))
        balanced.append(head + part + tail)
    return balanced


def settled(run: str) -> str:
    """The run as one finished paragraph; breaks are hard line breaks."""
    run = _WIDE_SPACES.sub(" ", run).strip()
    if not run:
        return ""
    if _MARKED.search(run) is None:
        return escaped_line(escaped(run), first=True)
    run = _BESIDE_IMAGE.sub(r"\1 ", _tidy(run))
    lines = [_WIDE_SPACES.sub(" ", line).strip() for line in escaped(run).split(BREAK)]
    lines = [line for line in lines if line]
    return "  \n".join(
        _written(escaped_line(line, first=number == 0)) for number, line in enumerate(lines)
    )


def settled_line(run: str) -> str:
    """The run on one line of a heading or a table's cell: breaks are spaces."""
    run = _WIDE_SPACES.sub(" ", run.replace(BREAK, " ")).strip()
    if _MARKED.search(run) is None:
        return escaped(run)
    return _WIDE_SPACES.sub(" ", _written(escaped(_tidy(run)))).strip()


def _written(line: str) -> str:
    """The line with its marks written out."""

    def write(found: re.Match[str]) -> str:
        token = found[0]
        if token[0] == VERBATIM:
            return token[1:-1]
        if token[0] == LINK:
            targets.append(token[1:-1])
            return "["
        if token == END_LINK:
            return f"]({targets.pop()})" if targets else ""
        return _WRITTEN.get(token, "")

    targets: list[str] = []
    return _TOKEN.sub(write, line)


def _tidy(run: str) -> str:
    """Emphasis that CommonMark will read as such: never empty, and flanked as it must be."""
    before = ""
    while before != run:
        before = run
        run = _EMPTY.sub(lambda m: m[1] or m[2] or m[3] or m[4] or "", _JOINED.sub("", run))
    for _ in range(_MOST_REPAIRS):
        mended = _mended(run)
        if mended == run:
            return run
        run = mended
    return re.sub("[\ue000-\ue005]", "", run)


def _mended(run: str) -> str:
    """The run with the first delimiter that would stay a sign moved inwards, or dropped."""
    tokens = list(_TOKEN.finditer(run))
    marks = [found for found in tokens if found[0] in _WRITTEN]
    at = 0
    while at < len(marks):
        group = [marks[at]]
        while (
            at + len(group) < len(marks)
            and marks[at + len(group)].start() == group[-1].end()
            and (marks[at + len(group)][0] in (DEL, END_DEL)) == (group[0][0] in (DEL, END_DEL))
        ):
            group.append(marks[at + len(group)])
        at += len(group)
        closes = [mark for mark in group if mark[0] in _CLOSING]
        opens = [mark for mark in group if mark[0] in _OPENING]
        start, end = group[0].start(), group[-1].end()
        before, after = _kind(run, start - 1), _kind(run, end)
        if closes and opens:
            return _without(run, opens[0].start())
        if opens and (after == " " or (after == "." and before == "a")):
            return _inwards(run, start, end, 1)
        if closes and (before == " " or (before == "." and after == "a")):
            return _inwards(run, start, end, -1)
    return run


def _kind(run: str, at: int) -> str:
    """What stands there, as CommonMark's flanking rules see it: a space, `.` a sign, `a` else."""
    if not 0 <= at < len(run) or run[at].isspace() or run[at] == BREAK:
        return " "
    if "\ue000" <= run[at] <= "\ue00b" or unicodedata.category(run[at])[0] in "PS":
        return "."
    return "a"


def _inwards(run: str, start: int, end: int, step: int) -> str:
    """The delimiters moved past the sign inside them; dropped where it is no plain sign."""
    group = run[start:end]
    if step > 0:
        sign, rest = run[end : end + 1], run[end + 1 :]
        if sign and sign not in "\\<&" and not "\ue000" <= sign <= "\ue00b":
            return f"{run[:start]}{sign}{group}{rest}"
        return _without(run, start)
    sign = run[start - 1 : start]
    if sign and not "\ue000" <= sign <= "\ue00b":
        return f"{run[: start - 1]}{group}{sign}{run[end:]}"
    return _without(run, start)


def _without(run: str, at: int) -> str:
    """The run without the mark at that place and its partner."""
    mark = run[at]
    places = [found.start() for found in _TOKEN.finditer(run) if found[0] in (mark, _partner(mark))]
    if mark in _CLOSING:
        places = places[::-1]
    depth = 0
    for place in places[places.index(at) :]:
        depth += 1 if run[place] == mark else -1
        if depth == 0:
            first, second = sorted((at, place))
            return run[:first] + run[first + 1 : second] + run[second + 1 :]
    return run[:at] + run[at + 1 :]


def _partner(mark: str) -> str:
    return _OPENING.get(mark) or _CLOSING[mark]
