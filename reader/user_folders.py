"""The platform's folders of a user, as platformdirs names them, for Linux and macOS.

⏱ platformdirs takes 7 ms to import, a tenth of the change of an entry. Tests compare both. This module
is imported before the fast path of `list`, so it imports nothing else of this project.
"""

# ruff: noqa: PTH111, PTH117 - importing pathlib costs as much as reading the rows

from __future__ import annotations

import os
import sys

# Importing typing costs as much as reading the rows; type checkers know this name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_VARIABLES = {
    "data": "XDG_DATA_HOME",
    "state": "XDG_STATE_HOME",
    "cache": "XDG_CACHE_HOME",
    "config": "XDG_CONFIG_HOME",
}
_SUPPORT = "Library/Application Support"
_BELOW_HOME = {
    "linux": {
        "data": ".local/share",
        "state": ".local/state",
        "cache": ".cache",
        "config": ".config",
    },
    "darwin": {
        "data": _SUPPORT,
        "state": _SUPPORT,
        "cache": "Library/Caches",
        "config": _SUPPORT,
    },
}


def user_folder(kind: str, environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the folder `data`, `state`, `cache` or `config`; None where only platformdirs knows.

    That is on other platforms, and with a home folder that is not absolute.
    """
    below = _BELOW_HOME.get(sys.platform)
    if below is None or "ANDROID_ROOT" in environ or not os.path.isabs(environ.get("HOME", "/")):
        return None
    given = environ.get(_VARIABLES[kind], "")
    if os.path.isabs(given):
        return given
    return os.path.join(os.path.expanduser("~"), below[kind])  # noqa: PTH118
