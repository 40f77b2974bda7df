"""Reading aloud: a process for each sentence, stopped at once, errors in one line."""

import os
import stat
import time
from pathlib import Path
from threading import Thread

import pytest

from reader.model.errors import ReaderError, UsageError
from reader.services.speech import Speech, find_command


def script(folder: Path, text: str) -> str:
    path = folder / "speak"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_the_program_gets_the_sentence_and_its_language(tmp_path: Path) -> None:
    """The text on standard input, `{lang}` in the words."""
    heard = tmp_path / "heard"
    program = script(tmp_path, f'echo "$1" > {heard}; cat >> {heard}')
    assert Speech([program, "--voice={lang}"], "Größe und Maß.", "de_CH").run()
    assert heard.read_text() == "--voice=de-ch\nGröße und Maß.\n"


@pytest.mark.parametrize(
    ("language", "asked"),
    [
        ("de-CH", ["de-ch", "de"]),
        ("fr", ["fr"]),
        (None, ["en"]),
        ("", ["en"]),
        ("x; rm -rf", ["en"]),
        ("日本語", ["en"]),
    ],
)
def test_a_region_that_is_unknown_is_left_out(
    tmp_path: Path, language: str | None, asked: list[str]
) -> None:
    """A language that does not look like one is replaced; the error is the program's last line."""
    heard = tmp_path / "heard"
    program = script(tmp_path, f'echo "$1" >> {heard}; printf "a\nno voice $1\n" >&2; exit 3')
    with pytest.raises(ReaderError, match=f"failed: no voice {asked[0]}$"):
        Speech([program, "{lang}"], "One.", language).run()
    assert heard.read_text().split() == asked


def test_a_program_that_was_silent_failed(tmp_path: Path) -> None:
    """Where there is no sound device espeak-ng complains and reports success."""
    program = script(tmp_path, "cat > /dev/null; echo 'error: no device' >&2")
    with pytest.raises(ReaderError, match=r"failed: error: no device$"):
        Speech(
            [program], "A sentence of many words that nobody can speak at once. " * 9, "en"
        ).run()
    assert Speech([script(tmp_path, "cat > /dev/null")], "A sentence.", "en").run()


def test_a_program_is_asked_once_if_it_takes_no_language(tmp_path: Path) -> None:
    program = script(tmp_path, "cat > /dev/null; exit 4")
    with pytest.raises(ReaderError, match=r"failed: exit code 4$"):
        Speech([program], "One.", "de-CH").run()


def test_a_program_need_not_read_its_text(tmp_path: Path) -> None:
    """A closed pipe is no error."""
    assert Speech([script(tmp_path, "exit 0")], "word " * 100_000, "en").run()


def test_a_missing_program_is_named(tmp_path: Path) -> None:
    for words in ([str(tmp_path / "none")], [""], ["a\0b"]):
        with pytest.raises(ReaderError, match="cannot start"):
            Speech(words, "One.", "en").run()


def test_a_stop_kills_the_whole_group_at_once(tmp_path: Path) -> None:
    """Children of the program die with it; the sentence counts as not spoken."""
    pids = tmp_path / "pids"
    program = script(tmp_path, f"sleep 60 & echo $$ $! > {pids}.new; mv {pids}.new {pids}; wait")
    speech = Speech([program], "One.", "en")
    results: list[bool] = []
    thread = Thread(target=lambda: results.append(speech.run()))
    thread.start()
    deadline = time.monotonic() + 20
    while not pids.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    begun = time.perf_counter()
    speech.stop()
    assert time.perf_counter() - begun < 0.1
    thread.join(5)
    assert results == [False]
    for pid in pids.read_text().split():
        while _is_running(int(pid)):
            assert time.monotonic() < deadline, pid
            time.sleep(0.01)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:1]
    except (OSError, IndexError):
        return False


def test_nothing_is_started_after_a_stop(tmp_path: Path) -> None:
    """A stop that comes before the thread counts as well."""
    mark = tmp_path / "started"
    speech = Speech([script(tmp_path, f"touch {mark}")], "One.", "en")
    speech.stop()
    assert not speech.run()
    assert not mark.exists()


def test_an_installed_program_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings come first; without them a usual program, or a sentence that names one."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="install espeak-ng, or set"):
        find_command(())
    (tmp_path / "espeak-ng").write_text("#!/bin/sh\n")
    (tmp_path / "espeak-ng").chmod(0o700)
    assert find_command(()) == ("espeak-ng", "-v", "{lang}", "--stdin")
    assert find_command(("say",)) == ("say",)
