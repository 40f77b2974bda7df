"""Summaries: key sentences of the article, or the answer of a configured command."""

from collections.abc import Callable, Sequence
from typing import Final

from reader.markdown.plain_text import to_plain_text
from reader.model.errors import ReaderError
from reader.model.text import clean
from reader.search.text.summary import Summary, summarise
from reader.services.external_command import no_cancel, run_command

TIMEOUT: Final = 180.0
"""Seconds for the command; a local model may take a minute."""
_MAX_ANSWER_BYTES: Final = 20_000
"""Bytes of the answer that are read; the command is stopped there."""


def summarise_article(
    title: str,
    markdown: str,
    command: Sequence[str] = (),
    *,
    cancelled: Callable[[], bool] = no_cancel,
    patience: float = TIMEOUT,
) -> Summary:
    """Summarise the article in sentences and phrases; a configured command writes the sentences.

    The command gets title and text on standard input, without a shell. Raises ReaderError if it
    fails or takes too long, JobCancelledError if `cancelled` returns true; the command and its child
    processes are then stopped. Blocks until it has answered.
    """
    own = summarise(title, markdown)
    if not command:
        return own
    output = run_command(
        command,
        f"{title}\n\n{to_plain_text(markdown)}".encode(),
        max_bytes=_MAX_ANSWER_BYTES,
        timeout=patience,
        cancelled=cancelled,
    )
    answer = clean(output.decode("utf-8", "replace"))
    lines = tuple(line.strip() for line in answer.splitlines() if line.strip())
    if not lines:
        raise ReaderError(f"{command[0]} answered nothing")
    return Summary(lines, own.phrases)
