"""Send articles as one EPUB with a command of the settings: by mail, to a Kindle, to a device."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from reader.model.entry import EntryId
from reader.model.errors import UsageError
from reader.model.text import one_line, title_filename
from reader.services.exports import ExportResult, export
from reader.services.external_command import run_command
from reader.services.workspace import Workspace

TIMEOUT: Final = 300.0
"""Seconds for the command: a mail server takes a minute for 20 MB."""
_FILE: Final = "{file}"
_TITLE: Final = "{title}"


def send(
    workspace: Workspace,
    ids: Sequence[EntryId],
    title: str,
) -> ExportResult:
    """Write the articles to one EPUB and run the command of the settings; return the export.

    `{file}` in its words is the path of the book, which exists while the command runs, `{title}`
    the title. Without `{file}` the book comes on standard input. A single article gives the book
    its title. Raises UsageError without a command, ExchangeError, ReaderError if the command
    fails. Blocks until the command has ended.
    """
    command = workspace.settings.commands.send
    if not command:
        raise UsageError("no command to send with: set [commands] send in the settings")
    if len(ids) == 1:
        title = workspace.library.get(ids[0]).entry.title
    # A title comes from a page: it must not look like an option.
    shown = one_line(title, 200).lstrip("- ") or "Articles"
    with tempfile.TemporaryDirectory(prefix="reader-") as folder:
        target = Path(folder) / f"{title_filename(shown)}.epub"
        done = export(workspace, ids, "epub", target, title=shown)
        words = [word.replace(_FILE, str(target)).replace(_TITLE, shown) for word in command]
        has_file = any(_FILE in word for word in command)
        content = b"" if has_file else target.read_bytes()
        run_command(words, content, max_bytes=1 << 20, timeout=TIMEOUT, with_errors=True)
    return done
