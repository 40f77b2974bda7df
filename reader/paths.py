"""Paths of the library, this device's state, the cache and the settings."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from reader.user_folders import user_folder

APP = "reader"


class Paths(NamedTuple):
    """The four paths of one user on one device; none of them has to exist.

    `home` holds the library and is the folder to copy or synchronise. `state` holds the data of
    this device only: its id, undo steps, backups, logs. `cache` may be deleted at any time.
    `config` is the settings file itself.
    """

    home: Path
    state: Path
    cache: Path
    config: Path


def find(environ: Mapping[str, str] | None = None) -> Paths:
    """Return the paths named by `READER_HOME` and `READER_CONFIG`, else the platform's."""
    variables = os.environ if environ is None else environ
    home, config = variables.get("READER_HOME"), variables.get("READER_CONFIG")
    return Paths(
        home=expand_user(home).absolute() if home else _platform_folder("data"),
        state=_platform_folder("state"),
        cache=_platform_folder("cache"),
        config=expand_user(config).absolute()
        if config
        else _platform_folder("config") / "config.toml",
    )


def _platform_folder(kind: str) -> Path:
    folder = user_folder(kind)
    if folder is not None:
        return Path(folder, APP)
    import platformdirs

    asked: dict[str, Callable[[str], Path]] = {
        "data": platformdirs.user_data_path,
        "state": platformdirs.user_state_path,
        "cache": platformdirs.user_cache_path,
        "config": platformdirs.user_config_path,
    }
    return asked[kind](APP)


def expand_user(path: str) -> Path:
    """Expand `~` and `~user`; leave an unknown user unexpanded."""
    return Path(os.path.expanduser(path))  # noqa: PTH111 - pathlib's raises for an unknown name


def real_path(path: Path) -> Path:
    """Return the path without links; a loop of links, at which pathlib raises, stays as it is."""
    return Path(os.path.realpath(path))
