"""Article folders and the records that name them: which are needed, and records for those without.

Whatever changes or removes a folder here is called under the library's lock.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from reader.library import article_folders
from reader.library.document_store import DocumentStore
from reader.library.field_validation import exists, is_folder_of, valid_fields
from reader.library.lww_document import Document, is_time
from reader.library.pending_folders import abandoned
from reader.library.record_mapper import folders_of
from reader.model.errors import LibraryDamagedError
from reader.model.text import count_words

ADOPTED_CLOCK: Final = (1, 0)
"""Clock of fields from a folder: later than samples, earlier than any user's change."""
_FIELDS: Final = (
    "url", "title", "byline", "site", "published", "added", "language", "description", "suggested",
)  # fmt: skip


def is_named(store: DocumentStore, folder: str) -> bool:
    """Return whether a record that was not purged names the folder."""
    entry_id = article_folders.id_in(folder)
    document = store.documents.get(entry_id)
    if document is None:
        return False
    fields = valid_fields(entry_id, document)
    return exists(fields) and folder in folders_of(fields)


def set_aside_unnamed(store: DocumentStore, folders: Iterable[str]) -> tuple[list[str], str]:
    """Move those of the folders to `trash/` that no record names.

    Returns their names there, and why the last could not be moved.
    """
    unnamed = [folder for folder in folders if not is_named(store, folder)]
    return article_folders.set_aside(store.places.home, unnamed)


def adopt(store: DocumentStore, folders: Iterable[str]) -> None:
    """Write records for folders that have none, from their front matter. Raises LibraryError."""
    created: dict[str, dict[str, Any]] = {}
    changed: dict[str, dict[str, Any]] = {}
    for folder in folders:
        entry_id = article_folders.id_in(folder)
        fields = _fields_from(store.places.home, folder, entry_id)
        document = store.documents.get(entry_id)
        held = valid_fields(entry_id, document) if document else {}
        if fields is None or is_named(store, folder) or (held.get("purged") and not exists(held)):
            continue
        text = {key: fields[key] for key in ("text", "folder", "words")}
        if not exists(held):
            others = created.get(entry_id, {})
            former = [each for each in (others.get("folder"), *others.get("former", ())) if each]
            created[entry_id] = fields | ({"former": former} if former else {})
        elif not held.get("text") or not article_folders.exists(
            store.places.home, str(held.get("folder"))
        ):
            changed.setdefault(entry_id, {}).update(text)
        else:
            fields = changed.setdefault(entry_id, {"former": list(held.get("former") or ())})
            fields.setdefault("former", []).append(folder)
    if created:
        store.commit(created, clock=ADOPTED_CLOCK)
    if changed:
        store.commit(changed)


def _fields_from(home: Path, folder: str, entry_id: str) -> dict[str, Any] | None:
    """Return the valid fields of a record from its folder; None if the folder is not whole.

    Another device may have written anything into the front matter. Without a time of saving, the
    record has the beginning of the folder's year.
    """
    try:
        values = article_folders.read_front_matter(home, folder)
        words = count_words(article_folders.read_text(home, folder))
    except LibraryDamagedError:
        return None
    if values.get("id") != entry_id or not is_folder_of(folder, entry_id):
        return None
    text = {"text": values.get("sha256"), "folder": folder, "words": words}
    fields = _creation_fields(values) | text
    if not is_time(fields.get("added")):
        fields["added"] = f"{folder.split('/')[1]}-01-01T00:00:00Z"
    valid = valid_fields(entry_id, Document(fields))
    return dict(valid) if valid.get("text") and valid.get("added") else None


def settle_abandoned(store: DocumentStore) -> None:
    """Adopt the folders of killed processes, and remove those of failed jobs.

    A killed job has reported nothing to the user. Removing its folders could take them from
    another device, whose record is still on its way.
    """
    with abandoned(store.places.home) as (kept, unwanted):
        if kept:
            adopt(store, sorted(kept))
        if unwanted:
            moved, _ = set_aside_unnamed(store, sorted(unwanted))
            article_folders.delete_set_aside(store.places.home, moved)


def _creation_fields(values: dict[str, Any]) -> dict[str, Any]:
    return {key: values[key] for key in _FIELDS if key in values} | {"deleted": False}
