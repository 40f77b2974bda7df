"""Registration of the native messaging host with the browsers of this user.

A manifest is a JSON file in a folder of the browser; it names the program to start and the
extensions that may start it. The name `singlefile_companion` belongs to SingleFile's own companion,
so a manifest that names another program is only replaced on request, and is put back later.
Sources: developer.chrome.com/docs/extensions/develop/concepts/native-messaging, MDN "Native
manifests", and the manifests of SingleFile's companion for the extensions' ids.
"""

import contextlib
import json
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from reader.library.durable_io import atomic_write
from reader.model.errors import UsageError, WriteError
from reader.paths import Paths

HOST_NAME: Final = "singlefile_companion"
_MANIFEST: Final = f"{HOST_NAME}.json"
_BACKUP: Final = f"{HOST_NAME}.json.before-reader"
_LAUNCHER: Final = "browser-host"
_CHROME_EXTENSIONS: Final = (
    "mpiodijhokgodhhofbcjdecpffjipkle",  # Chrome Web Store
    "efnbkdcfmcmnhlkaijjjmhjjgladedno",  # Edge Add-ons
    "pfocgciignlhlijcdpkbhmioobagfpmd",  # SingleFile Lite
)
_FIREFOX_EXTENSIONS: Final = ("{531906d3-e22f-4a6c-a102-8057b88a1a63}",)
_MAX_MANIFEST_BYTES: Final = 100_000
"""Bytes of a manifest that are read; it has less than a kilobyte."""


class ManifestState(StrEnum):
    """The state of one browser's manifest."""

    INSTALLED = "installed"
    MISSING = "not installed"
    OTHER = "used by another program"
    BROKEN = "installed, but its program is missing"


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser: its name here, its settings folder, and the folder of its manifests."""

    name: str
    settings_folder: Path
    manifest_folder: Path
    is_firefox: bool = False
    newer_folder: Path | None = None

    @property
    def is_used(self) -> bool:
        """Return whether the browser has been started by this user."""
        return any(each.is_dir() for each in (self.settings_folder, self.newer_folder) if each)

    @property
    def manifest(self) -> Path:
        """Return the path of the manifest that this module writes."""
        return self.manifest_folder / _MANIFEST


@dataclass(frozen=True, slots=True)
class BrowserStatus:
    """A browser with the state of its manifest; `program` is what the manifest starts."""

    browser: Browser
    state: ManifestState
    program: str = ""


def browsers(home: Path, *, is_mac: bool = sys.platform == "darwin") -> list[Browser]:
    """Return the browsers that this program knows, whether installed or not."""
    if is_mac:
        support = home / "Library" / "Application Support"
        chromium = {
            "chrome": "Google/Chrome", "chromium": "Chromium", "edge": "Microsoft Edge",
            "brave": "BraveSoftware/Brave-Browser", "vivaldi": "Vivaldi",
        }  # fmt: skip
        firefox = Browser(
            "firefox",
            support / "Firefox",
            support / "Mozilla" / "NativeMessagingHosts",
            is_firefox=True,
        )
        folders = {name: support / path for name, path in chromium.items()}
    else:
        config = home / ".config"
        chromium = {
            "chrome": "google-chrome", "chromium": "chromium", "edge": "microsoft-edge",
            "brave": "BraveSoftware/Brave-Browser", "vivaldi": "vivaldi", "opera": "opera",
        }  # fmt: skip
        mozilla = home / ".mozilla"
        # Since version 147 profiles of new users are in the second folder; manifests of hosts are
        # read from the first one. Source: bugzilla.mozilla.org/show_bug.cgi?id=2005167
        firefox = Browser(
            "firefox",
            mozilla,
            mozilla / "native-messaging-hosts",
            is_firefox=True,
            newer_folder=config / "mozilla",
        )
        folders = {name: config / path for name, path in chromium.items()}
    return [
        firefox,
        *(Browser(name, path, path / "NativeMessagingHosts") for name, path in folders.items()),
    ]


def select(names: Sequence[str], home: Path) -> list[Browser]:
    """Return the named browsers, or all that this user has started. Raises UsageError."""
    known = browsers(home)
    if unknown := [name for name in names if name not in {each.name for each in known}]:
        valid = ", ".join(each.name for each in known)
        raise UsageError(f"unknown browser {unknown[0]!r}: use one of {valid}")
    if names:
        return [each for each in known if each.name in names]
    found = [each for each in known if each.is_used]
    if not found:
        valid = ", ".join(each.name for each in known)
        raise UsageError(f"no browser found: name one of {valid}")
    return found


def status(browser: Browser, places: Paths) -> BrowserStatus:
    """Return the state of the browser's manifest. Blocks on disk."""
    content = _read_manifest(browser.manifest)
    if content is None:
        return BrowserStatus(browser, ManifestState.MISSING)
    program = str(content.get("path", ""))
    if program != str(launcher_path(places)):
        return BrowserStatus(browser, ManifestState.OTHER, program)
    state = ManifestState.INSTALLED if Path(program).is_file() else ManifestState.BROKEN
    return BrowserStatus(browser, state, program)


def launcher_path(places: Paths) -> Path:
    """Return the path of the program that the manifests start."""
    return places.state / _LAUNCHER


def install(browser: Browser, places: Paths, environ: Mapping[str, str]) -> None:
    """Write the browser's manifest and the launcher; keep a foreign manifest for `uninstall`.

    Ask before calling this for a browser whose status is OTHER. Raises WriteError.
    """
    with _as_write_error():
        _write_launcher(places, environ)
        browser.manifest_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if status(browser, places).state is ManifestState.OTHER:
            browser.manifest.replace(browser.manifest_folder / _BACKUP)
        content = json.dumps(_manifest(browser, places), indent=2) + "\n"
        atomic_write(browser.manifest, content.encode(), 0o644)


def uninstall(browser: Browser, places: Paths) -> bool:
    """Remove the browser's manifest, and put back the one from before `install`.

    Returns whether there was one of this program; another program's manifest stays. Raises
    WriteError.
    """
    if status(browser, places).state not in (ManifestState.INSTALLED, ManifestState.BROKEN):
        return False
    backup = browser.manifest_folder / _BACKUP
    with _as_write_error():
        if backup.is_file() and not backup.is_symlink():
            backup.replace(browser.manifest)
        else:
            browser.manifest.unlink(missing_ok=True)
    return True


def _manifest(browser: Browser, places: Paths) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": HOST_NAME,
        "description": "Save pages to the reader library",
        "path": str(launcher_path(places)),
        "type": "stdio",
    }
    if browser.is_firefox:
        return values | {"allowed_extensions": list(_FIREFOX_EXTENSIONS)}
    origins = [f"chrome-extension://{extension}/" for extension in _CHROME_EXTENSIONS]
    return values | {"allowed_origins": origins}


def _write_launcher(places: Paths, environ: Mapping[str, str]) -> None:
    """Write the script that starts the host, with the variables that browsers may not pass on."""
    lines = ["#!/bin/sh"]
    for name in ("READER_HOME", "READER_CONFIG", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        if value := environ.get(name):
            lines.append(f"export {name}={shlex.quote(value)}")
    command = [sys.executable, "-P", "-m", "reader.services.browser_host"]
    lines.append(f'exec {shlex.join(command)} "$@"')
    places.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    atomic_write(launcher_path(places), ("\n".join(lines) + "\n").encode(), 0o700)


def _read_manifest(path: Path) -> dict[str, Any] | None:
    """Return the manifest's values; empty if it cannot be parsed, None if there is none."""
    try:
        with path.open("rb") as stream:
            values = json.loads(stream.read(_MAX_MANIFEST_BYTES))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


@contextlib.contextmanager
def _as_write_error() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise WriteError(f"{error.filename}: cannot be written: {error.strerror}") from None
