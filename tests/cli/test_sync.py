"""The command `sync` as a person types it."""

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Reader

PAGE = """<html><head><title>Ferns</title></head><body><article><h1>Ferns</h1>
<p>Ferns grow in the shade of old forests, where the ground is moist for most of the year.</p>
<p>Their leaves unroll in spring, and later carry the spores on their lower side.</p>
</article></body></html>"""


@pytest.fixture
def ferns(tmp_path: Path, reader: Reader) -> Path:
    """A library of one article; the folder of the remote."""
    page = tmp_path / "ferns.html"
    page.write_text(PAGE)
    assert reader("add", str(page), "--url", "https://example.org/ferns").code == 0
    return tmp_path / "remote"


def test_a_folder_as_a_remote(reader: Reader, ferns: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin, preview, send, nothing new, devices, checks, another device in one command."""
    assert reader("sync").code == 2
    assert "reader sync --init" in reader("sync").err
    sent = reader("sync", "--init", str(ferns), "--json")
    assert (sent.code, sent.json["sent"]) == (0, 1)
    assert reader("sync").out == "nothing new (1 request)\n"
    assert reader("sync", "--dry-run").out == "nothing new\n"
    listed = reader("list", "--json").json
    assert reader("mark", listed[0]["id"], "--star").code == 0
    preview = reader("sync", "--dry-run", "--json").json
    assert (preview["send_articles"], preview["receive_bytes"]) == (0, 0)
    assert preview["send_bytes"] > 0
    assert reader("sync").code == 0
    assert reader("sync", "devices").out.count("(this device)") == 1
    assert "every object is there and undamaged" in reader("sync", "verify").out
    assert reader("doctor").code == 0
    for name in ("READER_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, f"{os.environ[name]}-two")
    assert reader("sync", "restore", str(ferns)).out.startswith("received 1 article")
    (row,) = reader("list", "--json").json
    assert (row["title"], row["starred"]) == ("Ferns", True)


def test_what_is_refused_is_one_line_and_exit_1(reader: Reader, ferns: Path) -> None:
    """On standard error, with the object's name."""
    reader("sync", "--init", str(ferns))
    (ferns / "journal.plain.evil").write_text("x")
    done = reader("sync")
    assert done.code == 1
    assert done.err.count("\n") == 1
    assert "journal.plain.evil" in done.err
    assert reader("doctor").code == 0
    assert "journal.plain.evil" in reader("doctor").out


def test_a_secret_is_never_printed(
    reader: Reader, ferns: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither from the environment, a command, a file, nor an address."""
    closed = "http://127.0.0.1:9/reader"
    config = Path(os.environ["READER_CONFIG"])
    secret = tmp_path / "secret"
    secret.write_text("hidden-word\n")
    secret.chmod(0o644)
    config.write_text(f'[sync]\nuser = "me"\nsecret_file = "{secret}"\n')
    said = reader("sync", "--init", closed)
    assert (said.code, "chmod 600" in said.err) == (1, True)
    secret.chmod(0o600)
    for text in (
        f'secret_file = "{secret}"',
        'secret_command = ["echo", "hidden-word"]',
        'secret_command = ["false"]',
    ):
        config.write_text(f'[sync]\nuser = "me"\n{text}\n')
        said = reader("sync", "--init", closed)
        assert said.code == 1
        assert "hidden-word" not in said.err + said.out
    config.write_text("")
    monkeypatch.setenv("READER_SYNC_SECRET", "hidden-word")
    assert "hidden-word" not in reader("sync", "--init", closed).err
    typed = reader("sync", "--init", "https://me:hidden-word@example.org/x")
    assert (typed.code, "hidden-word" in typed.err) == (2, False)
    state = b"".join(
        path.read_bytes() for path in Path(os.environ["HOME"]).rglob("*") if path.is_file()
    )
    assert b"hidden-word" not in state
