"""Changes that clients of the server ask for; each request is one undo step."""

from collections.abc import Sequence
from dataclasses import dataclass

from reader.model.change import Change
from reader.model.entry import Entry, EntryId
from reader.model.errors import NotAnArticleError
from reader.model.text import fold_case, one_line
from reader.services.add import AddResult, add, add_page
from reader.services.background_fetch import BackgroundFetch
from reader.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class PageToSave:
    """A page that a client sends: an address, with or without what its browser shows.

    `archived` and `starred` are None where the client says nothing.
    """

    url: str
    content: bytes = b""
    title: str = ""
    tags: tuple[str, ...] = ()
    archived: bool | None = None
    starred: bool | None = None


def save_page(workspace: Workspace, fetch: BackgroundFetch, page: PageToSave) -> AddResult:
    """Save a page: its content if there is some, else a link that is fetched soon.

    Content without an article gives a link too. The entry is on the disk when this returns. Blocks
    on disk, and on extraction. Raises UsageError, ExtractionLimitError, LibraryError: then nothing
    is saved.
    """
    result = _add(workspace, page)
    entry = result.entry
    if page.archived is not None or page.starred is not None:
        change = Change(archived=page.archived, starred=page.starred)
        workspace.library.change({entry.id: change}, step=f"marked {one_line(entry.title, 80)!r}")
    if not entry.has_text:
        fetch.request(entry.id)
    return result


def _add(workspace: Workspace, page: PageToSave) -> AddResult:
    if page.content.strip():
        try:
            return add_page(
                workspace, page.content, url=page.url, title=page.title or None, tags=page.tags
            )
        except NotAnArticleError:
            # A page of scripts may have an article where `[commands] page` draws it.
            pass
    return add(workspace, page.url, tags=page.tags, title=page.title or None, later=True)


def change_entry(
    workspace: Workspace,
    entry: Entry,
    *,
    title: str = "",
    archived: bool | None = None,
    starred: bool | None = None,
    add_tags: Sequence[str] = (),
    remove_tags: Sequence[str] = (),
) -> None:
    """Change an entry. One fsync. Raises UnknownIdError, LibraryError."""
    change = Change(
        title=one_line(title) or None,
        archived=archived,
        starred=starred,
        add_tags=tuple(add_tags),
        remove_tags=tuple(remove_tags),
    )
    workspace.library.change({entry.id: change}, step=f"changed {one_line(entry.title, 80)!r}")


def replace_tags(entry: Entry, tags: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the tags to add and to remove so that the entry has exactly these."""
    wanted = {fold_case(tag) for tag in tags}
    return list(tags), [tag for tag in entry.tags if fold_case(tag) not in wanted]


def delete_tag(workspace: Workspace, tag: str) -> int:
    """Remove this tag, but none below it, from every entry; return how many had it."""
    changes: dict[EntryId, Change] = {}
    for entry in workspace.synced_cache().entries_under([tag]):
        own = [each for each in entry.tags if fold_case(each) == fold_case(tag)]
        if own:
            changes[entry.id] = Change(remove_tags=tuple(own))
    if not changes:
        return 0
    return workspace.change(changes, step=f"deleted tag {one_line(tag, 80)}")
