"""The remote of a library as its settings name it, with secrets that are never shown."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from reader.model.errors import ReaderError, SettingsError, UsageError
from reader.services.workspace import Workspace
from reader.settings import SyncSettings
from reader.sync.object_store import Access, ObjectStore, open_store
from reader.sync.seal import AgeSeal, PlainSeal, Seal
from reader.sync.state import SyncState, load_identity

_MAX_SECRET: Final = 4_096
"""Bytes of a secret that are read from a command or a file."""
_COMMAND_TIMEOUT: Final = 120.0
"""Seconds: a password manager may ask its user first."""

Ask = Callable[[str], str]
"""Asks the user for a secret; returns an empty text without a terminal."""


def share_name(tag: str, target: str) -> str:
    """Return the name under which this device notes what it shared: the tag and the address."""
    return f"{tag} {target.partition(' ')[0]}"


def never_ask(prompt: str) -> str:
    """Return nothing: no user can be asked."""
    return ""


def open_remote(workspace: Workspace, url: str, *, create: bool = False) -> ObjectStore:
    """Return the storage at an address, with the settings' access. Makes no request.

    Raises UsageError, SettingsError, SyncError, MissingExtraError.
    """
    chosen = workspace.settings.sync
    access = Access(
        user=os.environ.get("READER_SYNC_USER", "") or chosen.user,
        secret=find_secret(chosen),
        endpoint=chosen.endpoint,
        region=chosen.region,
    )
    return open_store(url, access, create=create)


def find_secret(chosen: SyncSettings) -> str:
    """Return the storage's secret; empty without one. Raises SettingsError."""
    return _secret("READER_SYNC_SECRET", "secret", chosen.secret_command, chosen.secret_file)


def find_passphrase(chosen: SyncSettings, ask: Ask, prompt: str) -> str:
    """Return the passphrase of the remote's key. Raises SettingsError, UsageError."""
    found = _secret(
        "READER_SYNC_PASSPHRASE",
        "passphrase",
        chosen.passphrase_command,
        chosen.passphrase_file,
    )
    found = found or ask(prompt)
    if not found:
        raise UsageError(
            "the remote is sealed: set READER_SYNC_PASSPHRASE, sync.passphrase_command or"
            " sync.passphrase_file"
        )
    return found


def seal_of(workspace: Workspace, state: SyncState) -> Seal:
    """Return the seal of the library's remote. Raises SyncError, UsageError."""
    identity = load_identity(workspace.places)
    if not identity:
        return PlainSeal()
    return AgeSeal(identity, workspace.settings.sync.recipients)


def _secret(variable: str, name: str, command: Sequence[str], file: str) -> str:
    if os.environ.get(variable):
        return os.environ[variable]
    if command:
        from reader.services.external_command import run_command

        try:
            answer = run_command(command, max_bytes=_MAX_SECRET, timeout=_COMMAND_TIMEOUT)
        except ReaderError as error:
            raise SettingsError(f"sync.{name}_command: {error}") from None
        return answer.decode("utf-8", "replace").split("\n", 1)[0].strip()
    if not file:
        return ""
    path = Path(file)
    try:
        if path.stat().st_mode & 0o077:
            raise SettingsError(
                f"sync.{name}_file: other users can read {path}: run `chmod 600` on it"
            )
        with path.open("rb") as stream:
            content = stream.read(_MAX_SECRET)
    except OSError as error:
        raise SettingsError(f"sync.{name}_file: {path} cannot be read: {error.strerror}") from None
    text = content.decode("utf-8", "replace")
    # A service account's file for Google is named, not read.
    return text.split("\n", 1)[0].strip()
