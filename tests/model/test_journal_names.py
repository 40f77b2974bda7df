"""Every journal file is recognised where patterns cannot be imported yet."""

import pytest

from reader.library.journal_files import parse_name
from reader.model.journal_names import may_be_journal


@pytest.mark.parametrize("kind", ["log", "snap"])
@pytest.mark.parametrize(
    "form",
    [
        "{device}-1.{kind}",
        "{device}-12.sync-conflict-20260102-120000-ABCDEFG.{kind}",
        "{device}-1 (conflicted copy 2026-01-02 120000).{kind}",
        "{device}-1 2.{kind}",
        "{device}-1.conflict1.{kind}",
        "{device}-1.{kind}.conflict",
        "{device}-1.{kind}..path2",
        "{device}-1.{kind}.conflict1.conflict23",
    ],
)
def test_every_name_of_a_journal_is_one(form: str, kind: str) -> None:
    """Names of copies have the mark of the synchroniser before the type or behind it."""
    name = form.format(device="q0eznf8z", kind=kind)
    assert parse_name(name) is not None
    assert may_be_journal(name)


@pytest.mark.parametrize(
    "name",
    [".syncthing.q0eznf8z-1.log.tmp", "q0eznf8z-1.log.part", "notes.log", "a.conflict1", ""],
)
def test_other_files_are_none(name: str) -> None:
    """Temporary files of synchronisers do not make a listing slow."""
    assert parse_name(name) is None
    assert not may_be_journal(name)
