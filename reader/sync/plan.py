"""A preview of a run, from the remote's list and the local journals alone."""

from dataclasses import dataclass

from reader.library import journal_files
from reader.sync import journal_stream, names
from reader.sync.journal_stream import compare_prefix, read_pieces
from reader.sync.session import Session

_FOLDER = b'"folder":"articles/'


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """Articles and bytes of journals to send, bytes of journals to receive, pages of the inbox."""

    send_articles: int
    send_bytes: int
    receive_bytes: int
    inbox: int

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to do."""
        return not (self.send_bytes or self.receive_bytes or self.inbox)


def make_plan(session: Session) -> SyncPlan:
    """Return the preview of the run. Reads the journals; one request if there is an inbox."""
    streams = journal_stream.streams_of(session.root.segments, session.seal.key_id)
    device = session.device
    receive = 0
    ends: dict[str, int] = {}
    for stream in streams.values():
        for file in (stream.file, journal_stream.copy_file_of(stream)):
            prefix = compare_prefix(session.journal / file, stream, session.seal)
            ends[file] = max(ends.get(file, 0), prefix.end)
            if prefix.end:
                break
        if stream.uploader != device:
            receive += max(0, stream.end - max(prefix.end, ends[stream.file]))
    articles = sent = 0
    for name in journal_files.list_journals(session.journal).names:
        if device and name.device != device and ends.get(name.file):
            continue
        path = session.journal / name.file
        if name.file not in ends and journal_stream.is_covered(session.journal, name):
            continue
        for _, content in read_pieces(path, ends.get(name.file, 0)):
            sent += len(content)
            articles += content.count(_FOLDER)
    inbox = 0
    if names.INBOX in session.folders:
        inbox = len(session.store.list_level(names.INBOX).sizes)
    return SyncPlan(articles, sent, receive, inbox)
