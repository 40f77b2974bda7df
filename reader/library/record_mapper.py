"""Documents as records: field names of the journal to the values that everybody uses."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from reader.library.field_validation import valid_fields
from reader.library.lww_document import (
    HIGHLIGHT_PREFIX,
    IMAGE_PREFIX,
    LABEL_PREFIX,
    TAG_PREFIX,
    Document,
)
from reader.model.entry import Entry, EntryId, FetchStatus, Record
from reader.model.labels import clean_word
from reader.model.text import clean, clean_tag, fold_case, one_line

if TYPE_CHECKING:
    # A mark needs none of these classes, and each takes a millisecond to make.
    from reader.model.article import Article, Related
    from reader.model.change import Change
    from reader.model.highlight import Highlight, Position

PERSONAL_FIELDS: Final = frozenset((
    "finished", "progress", "position", "starred", "archived", "deleted", "note", "same",
))  # fmt: skip
"""Fields that only the user writes."""
_DONE, _FAILED, _QUEUED = FetchStatus.DONE, FetchStatus.FAILED, FetchStatus.QUEUED
_RECORD_FIELDS: Final = ("given", "final", "canonical", "modified", "description", "image")


def is_undoable(name: str, fields: Mapping[str, Any]) -> bool:
    """Return whether the user wrote the field, so that undo may restore it."""
    if name == "title":
        return "text" not in fields
    return name in PERSONAL_FIELDS or name.startswith((TAG_PREFIX, HIGHLIGHT_PREFIX, LABEL_PREFIX))


def folders_of(fields: Mapping[str, Any]) -> list[str]:
    """Return the folders of a record: the one that counts, and those of earlier fetches."""
    if "folder" not in fields and "former" not in fields:
        return []
    return [folder for folder in (fields.get("folder"), *(fields.get("former") or ())) if folder]


def record_of(entry_id: str, document: Document) -> Record:
    """Return the whole record of a document; missing fields have their defaults."""
    fields = valid_fields(entry_id, document)
    highlights = tuple(
        sorted(
            (
                _highlight(name, value, fields.get(_label_field(name)))
                for name, value in fields.items()
                if name.startswith(HIGHLIGHT_PREFIX) and value
            ),
            key=lambda mark: (mark.start, mark.id),
        )
    )
    pictures = {
        name[len(IMAGE_PREFIX) :]: value
        for name, value in fields.items()
        if name.startswith(IMAGE_PREFIX) and value
    }
    return Record(
        entry=entry_of(entry_id, document),
        **{name: fields.get(name) for name in _RECORD_FIELDS},
        digest=fields.get("text"),
        suggested=tuple(fields.get("suggested") or ()),
        related=tuple(_related(row) for row in fields.get("related") or ()),
        cut=bool(fields.get("cut")),
        note=fields.get("note") or "",
        highlights=highlights,
        position=_position(fields.get("position")),
        images=pictures,
        former=tuple(fields.get("former") or ()),
        attempts=fields.get("attempts") or 0,
        same=fields.get("same"),
        purged=bool(fields.get("purged")),
    )


def tags_of(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the tags among valid fields, sorted by their folded form."""
    return sorted_tags(
        [value for name, value in fields.items() if name[:4] == TAG_PREFIX and value is not None]
    )


def sorted_tags(tags: list[str]) -> tuple[str, ...]:
    """Return the tags in the order in which lists show them."""
    return tuple(sorted(tags, key=fold_case) if len(tags) > 1 else tags)


def entry_of(entry_id: str, document: Document) -> Entry:
    """Return the entry that lists show for a document."""
    fields = valid_fields(entry_id, document)
    tags, highlights, pictured = list[str](), 0, False
    labels: set[str] | None = None
    for name, value in fields.items():
        # Most fields have no prefix: one test passes over them.
        if ":" not in name or value is None:
            continue
        if name[:4] == TAG_PREFIX:
            tags.append(value)
        elif name.startswith(HIGHLIGHT_PREFIX):
            highlights += 1
            if label := fields.get(_label_field(name)):
                labels = labels or set()
                labels.update(fold_case(each) for each in label if each)
        elif name.startswith(IMAGE_PREFIX):
            pictured = True
    get = fields.get
    text, reason, url = get("text"), get("reason"), get("url")
    # In the order of the fields of `Entry`: ⏱ names take as long as all else here.
    return Entry(
        EntryId(entry_id), url, get("title") or url or "", get("added") or "1970-01-01T00:00:00Z",
        get("byline"), get("site"), get("published"), get("language"),
        sorted_tags(tags), get("words") or 0,
        get("progress") or 0.0, bool(get("finished")), bool(get("starred")),
        bool(get("archived")), bool(get("deleted")),
        _DONE if text else _FAILED if reason else _QUEUED, reason, highlights, bool(get("note")),
        pictured, text is not None, get("folder"), document.created_at(),
        tuple(sorted(labels)) if labels else (),
    )  # fmt: skip


def _label_field(name: str) -> str:
    """Return the field of a highlight's label."""
    return LABEL_PREFIX + name[len(HIGHLIGHT_PREFIX) :]


def article_fields(article: "Article") -> dict[str, Any]:
    """Return a page's metadata as fields; None if the page does not say."""
    return {
        "title": one_line(article.title),
        "byline": article.byline,
        "site": article.site,
        "published": article.published,
        "modified": article.modified,
        "language": article.language,
        "canonical": article.canonical,
        "description": article.description,
        "image": article.image,
        "words": article.words,
        "suggested": list(article.tags),
        "related": [[item.title, item.source, item.age, item.url] for item in article.related],
        "cut": article.cut,
    }


class ChangedFields:
    """The fields that a change makes different in each record that it is applied to.

    The parts that are the same for all records are found once: ⏱ a tenth of the time for marks.
    """

    def __init__(self, change: "Change"):
        self._change = change
        flags = {
            "finished": change.finished,
            "starred": change.starred,
            "archived": change.archived,
            "deleted": change.trashed,
        }
        self._marks: list[tuple[str, Any, Any]] = [
            (name, value, False) for name, value in flags.items() if value is not None
        ]
        if change.progress is not None:
            self._marks.append(("progress", round(min(1.0, max(0.0, change.progress)), 4), 0.0))
        self._latest: Mapping[str, Any] = {}
        self._others = self._fixed_fields()
        self._has_members = bool(
            change.add_tags
            or change.remove_tags
            or change.add_highlights
            or change.remove_highlights
        )

    def __call__(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the fields that the change makes different, given those that are there.

        Records that change alike share one mapping.
        """
        wanted = {
            name: value
            for name, value, default in self._marks
            if (fields.get(name) or default) != value
        }
        if not self._others and not self._has_members:
            if wanted != self._latest:
                self._latest = wanted
            return self._latest
        change = self._change
        wanted |= self._others
        wanted |= member_fields(
            change.add_tags,
            change.remove_tags,
            change.add_highlights,
            change.remove_highlights,
            fields,
        )
        return {
            name: value
            for name, value in wanted.items()
            if name not in fields or fields[name] != value
        }

    def _fixed_fields(self) -> dict[str, Any]:
        """Return the fields to write unless the record has the same values."""
        change, wanted = self._change, dict[str, Any]()
        if change.position is not None:
            wanted["position"] = [
                clean(change.position.quote),
                change.position.start,
                round(change.position.progress, 4),
            ]
        if change.title is not None:
            wanted["title"] = one_line(change.title)
        if change.note is not None:
            wanted["note"] = clean(change.note).strip() or None
        if change.failure is not None:
            wanted["reason"] = one_line(change.failure) or None
        for name in ("attempts", "same", "final"):
            if getattr(change, name) is not None:
                wanted[name] = getattr(change, name)
        return wanted


def member_fields(
    add: tuple[str, ...],
    remove: tuple[str, ...],
    keep: "tuple[Highlight, ...]",
    drop: tuple[str, ...],
    fields: Mapping[str, Any],
) -> dict[str, Any]:
    """Tags and highlights as fields, a member each; a tag that is there keeps its spelling."""
    wanted: dict[str, Any] = {}
    for tag in remove:
        name, _ = _tag_field(tag)
        if fields.get(name):
            wanted[name] = None
    for tag in add:
        name, tidy = _tag_field(tag)
        if tidy and (not fields.get(name) or name in wanted):
            wanted[name] = tidy
    for mark in keep:
        wanted[HIGHLIGHT_PREFIX + mark.id] = [
            clean(mark.quote),
            clean(mark.prefix),
            clean(mark.suffix),
            mark.start,
            clean(mark.note),
            mark.at,
        ]
        label = [mark.color, clean_word(mark.label)] if mark.color or mark.label else None
        if label or fields.get(LABEL_PREFIX + mark.id):
            wanted[LABEL_PREFIX + mark.id] = label
    for identity in drop:
        for name in (HIGHLIGHT_PREFIX + identity, LABEL_PREFIX + identity):
            if fields.get(name):
                wanted[name] = None
    return wanted


@lru_cache(maxsize=1024)
def _tag_field(tag: str) -> tuple[str, str]:
    """Return the name of a tag's field and its value. ⏱ Bulk work has the same tags again."""
    tidy = clean_tag(tag)
    return TAG_PREFIX + fold_case(tidy), tidy


def _related(row: list[Any]) -> "Related":
    from reader.model.article import Related

    return Related(*row)


def _position(place: list[Any] | None) -> "Position | None":
    if not place:
        return None
    from reader.model.highlight import Position

    return Position(*place)


def _highlight(name: str, value: list[Any], label: list[str] | None) -> "Highlight":
    from reader.model.highlight import Highlight

    quote, prefix, suffix, start, note, at = value
    color, word = label or ("", "")
    identity = name[len(HIGHLIGHT_PREFIX) :]
    return Highlight(identity, quote, prefix, suffix, start, note, at, color, word)
