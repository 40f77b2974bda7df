"""Journals that were cut, flipped, joined or half arrived give no wrong value and lose little."""

import errno
import hashlib
import os
import shutil
from pathlib import Path

import pytest

from reader.library import article_folders, durable_io, integrity_checks, repair
from reader.library.device_identity import load_device
from reader.library.document_store import DocumentStore
from reader.library.journal_codec import LineScanner, ScanResult, encode
from reader.library.journal_writer import RECENT_SUFFIX, JournalWriter
from reader.model.change import Change
from reader.model.entry import EntryId
from reader.model.errors import LibraryDamagedError, NewerFormatError, WriteError
from reader.model.text import clean
from tests.library.libraries import (
    NOON,
    Clock,
    added,
    journal_of,
    link,
    opened,
    places_in,
    saving,
    state_of,
)

RECORDS = 5


@pytest.fixture
def journal(tmp_path: Path) -> tuple[Path, bytes, list[dict[str, object]]]:
    """A log of one record a line, its bytes, and the states after each line."""
    places = places_in(tmp_path)
    library = opened(places)
    states: list[dict[str, object]] = [{}]
    for number in range(RECORDS):
        added(library, link(number))
        states.append(dict(state_of(places)))
    path = journal_of(places)
    return path, path.read_bytes(), states


def _store(tmp_path: Path) -> DocumentStore:
    ledger = DocumentStore(places_in(tmp_path), Clock())
    ledger.refresh()
    return ledger


def test_a_journal_cut_anywhere_is_an_exact_prefix(
    tmp_path: Path, journal: tuple[Path, bytes, list[dict[str, object]]]
) -> None:
    """What is read is what the whole lines before the cut say, and the next change keeps it."""
    path, content, states = journal
    for length in range(len(content)):
        path.write_bytes(content[:length])
        whole = max(0, content[:length].count(b"\n") - 1)
        assert state_of(places_in(tmp_path)) == states[whole]


def test_a_change_behind_a_torn_end_keeps_all_that_was_good(
    tmp_path: Path, journal: tuple[Path, bytes, list[dict[str, object]]]
) -> None:
    """The torn end is set aside, whole, and cut; the change stands behind the last good line."""
    path, content, states = journal
    places = places_in(tmp_path)
    device = load_device(places).id
    aside = next((places.state / "libraries").iterdir()) / "backups"
    (copy,) = aside.glob("*.since")
    lines = copy.read_bytes()
    torn = encode({"c": [1, 0], "o": "set", "i": "abcdabcdabcd", "f": {"starred": True}})
    for length in range(1, len(torn)):
        path.write_bytes(content + torn[:length])
        copy.write_bytes(lines)
        (name,) = added(opened(places), link(99))
        held = state_of(places)
        assert held.pop(name)
        assert held == states[-1]
        assert load_device(places).id == device
        assert path.read_bytes().startswith(content)
    assert {part.read_bytes() for part in aside.glob("torn-*")} <= {
        torn[:length] for length in range(1, len(torn))
    }


def test_a_log_that_was_cut_is_left_alone_and_made_good(
    tmp_path: Path, journal: tuple[Path, bytes, list[dict[str, object]]]
) -> None:
    """An older version in its place: the next change takes a new id and loses nothing."""
    path, content, states = journal
    places = places_in(tmp_path)
    for length in range(len(content) - 40, len(content)):
        path.write_bytes(content[:length])
        (places.state / "libraries").rename(tmp_path / "kept")
        shutil.copytree(tmp_path / "kept", places.state / "libraries")
        (name,) = added(opened(places), link(99))
        held = state_of(places)
        assert held.pop(name)
        assert held == states[-1]
        assert path.read_bytes() == content[:length]
        shutil.rmtree(places.state / "libraries")
        (tmp_path / "kept").rename(places.state / "libraries")
        for other in path.parent.iterdir():
            if other != path:
                other.unlink()


def test_a_log_that_is_cut_twice_loses_nothing(
    tmp_path: Path, journal: tuple[Path, bytes, list[dict[str, object]]]
) -> None:
    """After the first cut the log is that of a former device, which nobody watches."""
    path, content, states = journal
    lines = content.splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    (name,) = added(opened(places_in(tmp_path)), link(99))
    path.write_bytes(lines[0])
    held = state_of(places_in(tmp_path))
    assert held.pop(name)
    assert held == states[-1]


@pytest.mark.parametrize("is_open", [True, False])
@pytest.mark.parametrize("harm", ["set back", "gone"])
def test_the_log_before_the_newest_is_set_back(tmp_path: Path, harm: str, is_open: bool) -> None:
    """A compaction was killed, so that both logs count; another device changed the last record."""
    places, other = places_in(tmp_path), places_in(tmp_path, "other")
    library = opened(places)
    added(library, link(1))
    log = journal_of(places)
    former = log.read_bytes()
    added(library, link(2))
    added(library, link(3))
    assert library.start_generation(even_if_small=True)
    added(opened(other, Clock(NOON + 86_400)), link(3))
    shutil.copy(journal_of(other), log.parent)
    library.refresh()
    whole = state_of(places)
    if harm == "set back":
        log.write_bytes(former)
    else:
        log.unlink()
    if not is_open:
        library.close()
        library = opened(places)
    (name,) = added(library, link(4))
    held = state_of(places)
    assert held.pop(name)
    assert held == whole


def test_a_flipped_byte_costs_at_most_what_doctor_names(
    tmp_path: Path, journal: tuple[Path, bytes, list[dict[str, object]]]
) -> None:
    """Never a wrong value; all records but the damaged, two where the byte was a line end."""
    path, content, states = journal
    whole = states[-1]
    for at in range(len(content)):
        for bit in (0x01,) if at % 4 else (0x01, 0x40):
            damaged = bytearray(content)
            damaged[at] ^= bit
            path.write_bytes(damaged)
            ledger = _store(tmp_path)
            held = {name: document.fields for name, document in ledger.documents.items()}
            assert all(whole[name] == fields for name, fields in held.items())
            lost = len(whole) - len(held)
            assert lost <= (2 if content[at : at + 1] == b"\n" else 1)
            kinds = {problem.kind for problem in integrity_checks.check_journals(ledger)}
            assert kinds & {"rot", "torn", "header"}


def test_good_lines_behind_rot_are_never_cut(
    tmp_path: Path, journal: tuple[Path, bytes, list[dict[str, object]]]
) -> None:
    """A change after damage in the middle leaves every byte before it where it was."""
    path, content, _ = journal
    damaged = bytearray(content)
    damaged[len(content) // 2] ^= 1
    path.write_bytes(damaged)
    library = opened(places_in(tmp_path))
    added(library, link(99))
    assert path.read_bytes().startswith(bytes(damaged))


def test_doctor_brings_back_what_rot_took(
    tmp_path: Path, journal: tuple[Path, bytes, list[dict[str, object]]]
) -> None:
    """The damaged line comes from the copy of lines since the last backup; then all is whole."""
    path, content, states = journal
    damaged = bytearray(content)
    damaged[len(content) // 2] ^= 1
    path.write_bytes(damaged)
    ledger = _store(tmp_path)
    repair.repair(ledger, list(integrity_checks.run_checks(ledger)), NOON)
    assert state_of(places_in(tmp_path)) == states[-1]
    assert not [
        each for each in integrity_checks.run_checks(_store(tmp_path)) if each.kind != "mode"
    ]


def test_two_lines_that_lost_the_end_between_them_are_both_read() -> None:
    """A line end that became another byte costs nothing, and is reported as damage."""
    one, two, three = ({"c": [1, 0], "o": "set", "i": name, "f": {}} for name in "abc")
    content = encode(one)[:-1] + b"\x0b" + encode(two) + encode(three)
    reading = ScanResult()
    assert list(LineScanner(reading).lines(content)) == [[one, two, three]]
    assert reading.end == len(content)
    assert len(reading.damaged) == 1


def test_a_line_that_arrives_in_pieces_is_read_when_it_is_whole(tmp_path: Path) -> None:
    """A synchroniser's half of a file is good up to its last line; the rest follows."""
    here, there = places_in(tmp_path, "one"), places_in(tmp_path, "two")
    library = opened(there)
    added(library, link(1), link(2))
    added(library, link(3))
    content = journal_of(there).read_bytes()
    reader = opened(here)
    (here.home / "journal").mkdir(parents=True)
    target = here.home / "journal" / journal_of(there).name
    for length in range(0, len(content), 7):
        target.write_bytes(content[:length])
        reader.refresh()
    target.write_bytes(content)
    reader.refresh()
    assert {record.entry.url for record in reader.records()} == {
        f"https://example.org/link/{number}" for number in (1, 2, 3)
    }


def test_a_newer_format_is_read_and_not_changed(tmp_path: Path) -> None:
    """A header with a higher number refuses every change and leaves the file as it is."""
    places = places_in(tmp_path)
    (name,) = added(opened(places), link(1))
    path = journal_of(places)
    body = path.read_bytes().split(b"\n", 1)[1]
    path.write_bytes(encode({"format": 99, "device": path.name[:8], "n": 1}) + body)
    library = opened(places)
    assert library.get(name).entry.url
    before = path.read_bytes()
    with pytest.raises(NewerFormatError):
        library.change({name: Change(starred=True)}, step="starred")
    assert path.read_bytes() == before


@pytest.mark.parametrize("field", ["title", "added", "url", "suggested", "byline", "published"])
@pytest.mark.parametrize(
    "value",
    [
        pytest.param("[" * 100_000, id="deep"),
        pytest.param("9" * 5000, id="long"),
        "NaN",
        "1e999",
        '{"a": [1]}',
        '"\\ud800\\u001b"',
        "",
        "null",
        "[5]",
    ],
)
def test_any_front_matter_of_another_device_is_adopted(
    tmp_path: Path, field: str, value: str
) -> None:
    """An invalid value costs itself; the record is listed, and nothing else is reported."""
    library = opened(places_in(tmp_path))
    added(library, saving("kept"))
    name = "0123456789ab"
    folder = places_in(tmp_path).home / "articles" / "2026" / f"x-{name}-0123abcd"
    folder.mkdir()
    body = "Some words that make a sentence.\n"
    digest = hashlib.sha256(body.encode()).hexdigest()
    head = {"id": f'"{name}"', "url": '"https://a.example/"', "title": '"T"'}
    head |= {"added": '"2026-03-01T00:00:00Z"', "sha256": f'"{digest}"', field: value}
    lines = "".join(f"{key}: {text}\n" for key, text in head.items())
    (folder / "article.md").write_text(f"---\n{lines}---\n\n{body}")
    store = _store(tmp_path)
    repair.repair(store, list(integrity_checks.run_checks(store)), NOON)
    library.refresh()
    entry = library.get(EntryId(name)).entry
    assert entry.title == clean(entry.title)
    assert entry.added.startswith("2026-")
    assert not [each for each in integrity_checks.run_checks(store) if each.kind == "orphan"]


def test_a_library_behind_a_link_is_as_private_as_its_folder(tmp_path: Path) -> None:
    """The mode of the link itself says nothing, and cannot be changed."""
    places = places_in(tmp_path)
    library = opened(places)
    added(library, saving("kept"))
    places.home.chmod(0o700)
    real = places.home.rename(tmp_path / "elsewhere")
    places.home.symlink_to(real)
    store = _store(tmp_path)
    assert not [each for each in integrity_checks.run_checks(store) if each.kind == "mode"]
    real.chmod(0o755)
    assert [each for each in integrity_checks.run_checks(store) if each.kind == "mode"]


def test_a_log_that_was_cut_meanwhile_is_not_appended_to(tmp_path: Path) -> None:
    """Its lines would stand behind a gap that no reader knows of."""
    path = tmp_path / "journal" / "abcdefgh-1.log"
    path.parent.mkdir()
    path.write_bytes(b"short\n")
    writer = JournalWriter("abcdefgh", tmp_path / "state")
    with pytest.raises(WriteError, match="exchanged"):
        writer.append(path, 100, b"a line\n")
    assert path.read_bytes() == b"short\n"


def test_a_copy_of_lines_that_fails_half_way_keeps_whole_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next line is not joined to the first half of the one before."""
    path = tmp_path / "journal" / "abcdefgh-1.log"
    path.parent.mkdir()
    writer = JournalWriter("abcdefgh", tmp_path / "state")
    lines = [encode({"o": "set", "i": f"{number:012d}", "f": {}}) for number in range(3)]
    writer.append(path, 0, lines[0])

    def write_half(descriptor: int, content: bytes) -> None:
        os.write(descriptor, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as context:
        # The log itself is written by another name of the function.
        context.setattr(durable_io, "write_all", write_half)
        writer.append(path, len(lines[0]), lines[1])
    writer.append(path, len(lines[0]) + len(lines[1]), lines[2])
    copy = tmp_path / "state" / f"{path.name}{RECENT_SUFFIX}"
    assert copy.read_bytes() == lines[0] + lines[2]


def test_a_text_larger_than_any_article_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A synchroniser may bring a file of any size; doctor names it, and no command reads it all."""
    places = places_in(tmp_path)
    library = opened(places)
    (identity,) = added(library, saving("Ferry"))
    folder = library.get(identity).entry.folder
    assert folder is not None
    with (places.home / folder / "article.md").open("r+b") as file:
        file.truncate(2 << 20)
    monkeypatch.setattr(article_folders, "MAX_TEXT", 1 << 20)
    with pytest.raises(LibraryDamagedError, match="larger than any article"):
        library.markdown(identity)
