"""Commands run in this process, as a person types them."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from reader.__main__ import main


@dataclass(frozen=True)
class Done:
    """What one command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Reader = Callable[..., Done]


@pytest.fixture
def reader(
    kept_extractors: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Reader:
    """Run `reader WORDS…`; stdin is not a terminal."""

    def run(*words: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["reader", *words])
        capsys.readouterr()
        code = main()
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return run
