"""`reader extract --timings`: where the time of one page goes."""

import json
from pathlib import Path

import pytest

from reader.cli.main import run


def test_timings_are_a_table_of_stages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line for each stage in milliseconds, in order, and their sum; with --json beside the article."""
    page = tmp_path / "page.html"
    page.write_text("<title>Six</title><p>The ferry leaves at six, and not before.</p>")
    assert run(["extract", str(page), "--timings"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [line[0] for line in lines][:2] == ["decode", "parse"]
    assert lines[-1][0] == "whole"
    assert all(float(line[1]) >= 0 and line[2] == "ms" for line in lines)
    assert run(["extract", str(page), "--timings", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "ferry" in told["markdown"]
    assert told["timings"]["body"] >= 0
