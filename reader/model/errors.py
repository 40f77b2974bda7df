"""The one family of errors: each has a sentence for the user.

ReaderError                 exit 1
├── UsageError              exit 2: the command line or a value in it
│   ├── QueryError          a query, with the position and the nearest right word
│   └── AmbiguousIdError    an id prefix, with the ids that it fits
├── UnknownIdError          no article has this id
├── SourceError             a file, folder or standard input that cannot be read
├── NotAnArticleError       a page without anything to save, with the reason
├── ExtractionLimitError    a page that took too long or too much memory
├── FetchError              a request that gave no page, with the reason
│   ├── PrivateAddressError a host that is not on the public internet
│   └── NetworkError        no route, or no answer from the resolver
├── LibraryError            the library cannot do it
│   ├── LibraryBusyError    another process holds the lock
│   ├── WriteError          the change did not reach the disk
│   ├── NewerFormatError    written by a newer reader; reading still works
│   └── LibraryDamagedError files that are missing or changed
├── ExchangeError           an import or export file that cannot be used
├── SettingsError           a wrong setting, with file and line
├── SyncError               a remote storage that cannot be used, or its content
├── MissingExtraError       a library that an optional part of the program needs
└── JobCancelledError       the user stopped the job; exit 130
"""

from collections.abc import Sequence


class ReaderError(Exception):
    """Failure, its object and the next step, in one sentence."""

    exit_code = 1


class UsageError(ReaderError):
    """The words of a command, or a value among them, are wrong."""

    exit_code = 2


class QueryError(UsageError):
    """A query that cannot be parsed; `start` and `end` are offsets in code points into it."""

    def __init__(self, message: str, start: int = 0, end: int = 0, nearest: str | None = None):
        super().__init__(message)
        self.start = start
        self.end = end
        self.nearest = nearest


class AmbiguousIdError(UsageError):
    """A prefix that several ids share."""

    def __init__(self, prefix: str, candidates: Sequence[str]):
        listed = ", ".join(candidates[:8]) + (", …" if len(candidates) > 8 else "")
        super().__init__(f"{prefix!r} could be any of {listed}: give more of the id")
        self.candidates = tuple(candidates)


class UnknownIdError(ReaderError):
    """No record has this id."""


class SourceError(ReaderError):
    """A file, a folder or standard input that cannot be read."""


class NotAnArticleError(ReaderError):
    """The page was read, but holds nothing to save; `reason` says why."""

    def __init__(self, reason: str):
        super().__init__(f"no article: {reason}")
        self.reason = reason


class ExtractionLimitError(ReaderError):
    """A page passed its limit of time or memory."""


class FetchError(ReaderError):
    """A request that gave no page; `is_temporary` says whether a retry may help.

    `kind` is one of gone, forbidden, not-found, too-large, not-html, not-picture, refused,
    timeout, server, connection, redirect, cut.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: str = "connection",
        passing: bool = False,
        retry_after: float | None = None,
    ):
        super().__init__(message)
        self.kind = kind
        self.is_temporary = passing
        self.retry_after = retry_after


class PrivateAddressError(FetchError):
    """A host whose address is not on the public internet."""

    def __init__(self, host: str, address: str):
        super().__init__(f"{host} is not on the public internet ({address})", kind="refused")
        self.host = host


class NetworkError(FetchError):
    """No route to any host, or no answer from the resolver: the link may be fine."""

    def __init__(self, message: str):
        super().__init__(message, kind="connection", passing=True)


class LibraryError(ReaderError):
    """The library cannot do what was asked."""


class LibraryBusyError(LibraryError):
    """Another process has held the lock for too long."""


class WriteError(LibraryError):
    """The change is not on the disk; what was there before still is."""


class NewerFormatError(LibraryError):
    """The library was written by a newer version; it can be read, not changed."""


class LibraryDamagedError(LibraryError):
    """A file of the library is missing or differs from what was recorded."""


class ExchangeError(ReaderError):
    """An import or export file that cannot be used, and why."""


class SettingsError(ReaderError):
    """A setting that cannot be used, with its file and line."""


class SyncError(ReaderError):
    """The remote storage cannot be reached, refuses, or holds what cannot be taken."""


class MissingExtraError(ReaderError):
    """A part of the program whose libraries are not installed."""

    def __init__(self, extra: str, needs: str):
        super().__init__(f"{needs}: `pip install 'reader-tui[{extra}]'` installs them")


class JobCancelledError(ReaderError):
    """The user stopped the job."""

    exit_code = 130


def describe_os_error(error: OSError) -> str:
    """Return an error of the system as one line, with the file that it names."""
    from reader.model.text import one_line

    named = f": {one_line(str(error.filename), 200)}" if error.filename else ""
    return f"{error.strerror or type(error).__name__}{named}"
