"""Articles as notes of an Obsidian vault that can be written again and again.

Between two comment lines the note is ours and is replaced; front matter keys of ours are
replaced too. Every other line and key is a person's and stays as it is, where it is.
"""

import re
from typing import Final

from reader.exchange.portion import Portion
from reader.model.text import clean, one_line, slug

BEGIN: Final = "%% reader: this part is written anew by every export %%"
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
)
_KEY: Final = re.compile(r"([\w-]+):")


def name(portion: Portion) -> str:
    """The file's name: stays the same when the title changes only in the id's part."""
    entry = portion.record.entry
    return f"{slug(entry.title)}-{entry.id}.md"


def identity(note: str) -> str | None:
    """The article a note belongs to, by its front matter; None where it is no note of ours."""
    front, _ = _split(note)
    for line in front:
        if line.startswith("reader-id:"):
            return line.partition(":")[2].strip().strip('"') or None
    return None


def merged(note: str | None, portion: Portion, pictures: str) -> str:
    """The note with our parts as they are now; `pictures` is the folder of images beside it.

    A new note where `note` is None. Lines outside our parts are kept to the letter; where our
    end mark was removed, everything after our begin mark is taken for ours no more, and a new
    part is put on top.
    """
    own_front, own_body = _own(portion, pictures)
    if note is None:
        return f"---\n{own_front}---\n\n{own_body}\n"
    front, body = _split(note)
    kept = _without_ours(front)
    begin, end = body.find(BEGIN), body.find(END)
    if 0 <= begin < end:
        body = body[:begin] + own_body + body[end + len(END) :]
    else:
        body = f"\n\n{own_body}\n\n{body.lstrip()}"
    return f"---\n{own_front}{''.join(line + chr(10) for line in kept)}---{body}"


def _own(portion: Portion, pictures: str) -> tuple[str, str]:
    record, entry = portion.record, portion.record.entry
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
    front = "".join(f"{key}: {_scalar(value)}\n" for key, value in values.items() if value)
    front += f"starred: {str(entry.starred).lower()}\n"
    front += f"tags: [{', '.join(_scalar(tag.replace(' ', '-')) for tag in entry.tags)}]\n"
    parts = [BEGIN, "", f"# {_plain(entry.title)}", ""]
    if record.note:
        parts += [*(f"> {line}" for line in ["[!note]", *record.note.splitlines()]), ""]
    for mark in record.highlights:
        parts += [*(f"> {line}" for line in ["[!quote]", *mark.quote.splitlines()])]
        parts += [*(f"> > {line}" for line in mark.note.splitlines()), ""]
    text = portion.markdown
    for destination, file in portion.pictures().items():
        if pictures:
            text = text.replace(f"]({destination}", f"]({pictures}/{file.rpartition('/')[2]}")
    parts += [text.strip().replace(END, ""), "", END]
    return clean(front), clean("\n".join(parts))


def _scalar(value: str) -> str:
    """A YAML double-quoted scalar, always quoted, so that nothing in it means anything."""
    escaped = one_line(value, 2000).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _plain(title: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#])", r"\\\1", one_line(title))


def _split(note: str) -> tuple[list[str], str]:
    """Front matter lines and the rest, which begins with the newline after the closing line."""
    lines = note.split("\n")
    if lines[0].strip() != "---":
        return [], f"\n{note}"
    for number, line in enumerate(lines[1:], 1):
        if line.strip() == "---":
            return lines[1:number], "\n" + "\n".join(lines[number + 1 :])
    return [], f"\n{note}"


def _without_ours(front: list[str]) -> list[str]:
    """Front matter lines of a person: our keys and their continuation lines are left out."""
    kept, ours = [], False
    for line in front:
        key = _KEY.match(line)
        if key:
            ours = key[1] in _KEYS
        if not ours:
            kept.append(line)
    return kept
