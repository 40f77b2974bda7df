"""Paths of the library, this device's state, the cache and the settings."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

APP = "reader"


@dataclass(frozen=True, slots=True)
class Paths:
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
    # Imported here: `reader --version` needs no folders.
    import platformdirs

    return Paths(
        home=expand_user(home).absolute() if home else platformdirs.user_data_path(APP),
        state=platformdirs.user_state_path(APP),
        cache=platformdirs.user_cache_path(APP),
        config=expand_user(config).absolute()
        if config
        else platformdirs.user_config_path(APP) / "config.toml",
    )


def expand_user(path: str) -> Path:
    """Expand `~` and `~user`; leave an unknown user unexpanded."""
    return Path(os.path.expanduser(path))  # noqa: PTH111 - pathlib's raises for an unknown name
