"""Folders of packaged files: inside the package in a wheel, at the repository's root otherwise."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def _folder(name: str) -> Path:
    # In a checkout the repository's own folder counts: an editable install may hold old copies.
    beside = _PACKAGE.parent / name
    if (_PACKAGE.parent / "pyproject.toml").exists() and beside.is_dir():
        return beside
    return _PACKAGE / f"_{name}"


def styles() -> Path:
    """Return the folder of `*.tcss` files."""
    return _folder("styles")


def sample_articles() -> Path:
    """Return the folder of sample pages."""
    return _folder("seeds")
