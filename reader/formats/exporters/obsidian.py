"""Obsidian export: notes of a vault, updated in place by every export.

The part between two comment lines and our front matter keys are replaced. Every other line, key
and tag belongs to the user and stays in its place.
"""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Final

from reader.formats.export_item import ExportItem
from reader.formats.exporters.plugin_syntax import neutralise
from reader.markdown.front_matter import quote_list, quote_scalar, unquote_scalar
from reader.model.labels import label_of
from reader.model.text import clean, one_line, title_filename

BEGIN: Final = "%% reader: this part is replaced by every export %%"
_BEGIN: Final = re.compile(r"^%% reader: this part is [^\n]{0,60}%%$", re.MULTILINE)
"""The mark of this version or of an older one, which had other words."""
END: Final = "%% reader: end %%"
_KEYS: Final = (
    "reader-id",
    "title",
    "url",
    "byline",
    "site",
    "published",
    "added",
    "state",
    "starred",
    "tags",
    "reader-tags",
)
_IMAGE: Final = re.compile(r"(!\[(?:[^\[\]\\]|\\.)*\]\(\s*)(?:<([^<>\n]+)>|([^\s()<>]+))")
_ITEM: Final = r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^,\s][^,]*"


def filename(item: ExportItem, taken: Container[str] = ()) -> str:
    """Return the note's file name by its title, with the id if the name is taken.

    `taken` are names in lower case, because file systems may not tell the cases apart.
    """
    entry = item.record.entry
    name = f"{title_filename(entry.title)}.md"
    return name if name.casefold() not in taken else f"{name[:-3]} ({entry.id}).md"


def note_entry_id(note: str) -> str | None:
    """Return the entry id in the note's front matter; None if the note is not ours."""
    front, _ = _split(note)
    for line in front:
        if line.startswith("reader-id:"):
            return line.partition(":")[2].strip().strip('"') or None
    return None


def merge_note(note: str | None, item: ExportItem, pictures: str) -> str:
    """Return the note with our parts updated; `pictures` is the image folder next to it.

    Returns a new note if `note` is None. Lines outside our parts are unchanged. If our end mark was
    removed, the old part is left to the user, and a new part is put at the top.
    """
    if note is not None and "\r\n" in note:
        return merge_note(note.replace("\r\n", "\n"), item, pictures).replace("\n", "\r\n")
    front, body = _split(note or "")
    own_front, own_body = _render_parts(item, pictures, _user_tags(front))
    if note is None:
        return f"---\n{own_front}---\n\n{own_body}\n"
    kept = _user_front_matter(front)
    mark, end = _BEGIN.search(body), body.find(END)
    begin = mark.start() if mark else -1
    if 0 <= begin < end:
        body = body[:begin] + own_body + body[end + len(END) :]
    else:
        body = f"\n\n{own_body}\n\n{body.lstrip()}"
    return f"---\n{own_front}{''.join(line + chr(10) for line in kept)}---{body}"


def _render_parts(item: ExportItem, pictures: str, theirs: Sequence[str]) -> tuple[str, str]:
    record, entry = item.record, item.record.entry
    values = {
        "reader-id": entry.id,
        "title": entry.title,
        "url": entry.url,
        "byline": entry.byline,
        "site": entry.site,
        "published": entry.published,
        "added": entry.added,
        "state": entry.state,
    }
    front = "".join(f"{key}: {quote_scalar(value)}\n" for key, value in values.items() if value)
    front += f"starred: {str(entry.starred).lower()}\n"
    ours = [tag.replace(" ", "-") for tag in entry.tags]
    front += f"tags: {quote_list([*ours, *(tag for tag in theirs if tag not in ours)])}\n"
    # Our tags, so that the next export can tell the user's tags from removed ones.
    front += f"reader-tags: {quote_list(ours)}\n" if ours else ""
    parts = [f"# {_escape_title(entry.title)}", ""]
    if record.note:
        parts += [*(f"> {line}" for line in ["[!note]", *record.note.splitlines()]), ""]
    for mark in record.highlights:
        parts += [*(f"> {line}" for line in ["[!quote]", *mark.quote.splitlines()])]
        label = label_of(mark).hashtags()
        parts += [*([f"> {label}"] if label else [])]
        parts += [*(f"> > {line}" for line in mark.note.splitlines()), ""]
    text = item.markdown
    if pictures:
        text = _IMAGE.sub(lambda found: _relink_image(found, item.pictures(), pictures), text)
    parts += [text.strip()]
    body = neutralise(clean("\n".join(parts)))
    return neutralise(clean(front)), f"{BEGIN}\n\n{body}\n\n{END}"


def _relink_image(found: re.Match[str], files: Mapping[str, str], folder: str) -> str:
    """Point the image to its file in the image folder, if it has one."""
    file = files.get(found[2] or found[3])
    place = f"{folder}/{file.rpartition('/')[2]}" if file else found[2] or found[3]
    return f"{found[1]}<{place}>" if " " in place or found[2] else f"{found[1]}{place}"


def _escape_title(title: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#])", r"\\\1", one_line(title))


def _split(note: str) -> tuple[list[str], str]:
    """Split front matter lines from the rest, which begins with the newline after them."""
    lines = note.removeprefix("\ufeff").split("\n")
    if lines[0].strip() != "---":
        return [], f"\n{note}"
    for number, line in enumerate(lines[1:], 1):
        if line.strip() == "---":
            return lines[1:number], "\n" + "\n".join(lines[number + 1 :])
    return [], f"\n{note}"


def _user_front_matter(front: list[str]) -> list[str]:
    """Return the user's front matter lines, without our keys and their continuations."""
    return [line for key, line in _lines_with_keys(front) if key not in _KEYS]


def _lines_with_keys(front: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each line with its key; comments and empty lines have none."""
    key = ""
    for line in front:
        key = _key(line) or key
        yield ("" if not line.strip() or line.startswith("#") else key), line


def _key(line: str) -> str:
    """Return the key that the line begins with; empty if it continues the line before."""
    name, colon, rest = line.partition(":")
    if not colon or line[0] in " \t#-" or (rest and not rest[0].isspace()):
        return ""
    return name.strip().strip("\"'")


def _user_tags(front: list[str]) -> list[str]:
    """Return the tags that the user added, from either style of YAML list."""
    found: dict[str, list[str]] = {"tags": [], "reader-tags": []}
    for key, line in _lines_with_keys(front):
        if key in found:
            text = line.partition(":")[2] if _key(line) else line.strip().removeprefix("-")
            inside = text.strip().removeprefix("[").removesuffix("]")
            found[key] += [unquote_scalar(part).lstrip("#") for part in re.findall(_ITEM, inside)]
    return [tag for tag in dict.fromkeys(found["tags"]) if tag and tag not in found["reader-tags"]]
