"""Report a bug in one line, and write its traceback to a log."""

import os
import sys
import traceback
from datetime import UTC, datetime

from reader import paths
from reader.cli.output import print_message
from reader.model.errors import describe_os_error
from reader.model.text import one_line


def report_bug(error: Exception) -> int:
    """Append the traceback to the log in the state folder; return exit code 1."""
    if isinstance(error, OSError):
        print_message(describe_os_error(error))
        return 1
    if isinstance(error, MemoryError):
        print_message("not enough memory")
        return 1
    encoding = sys.getfilesystemencoding()
    if isinstance(error, UnicodeEncodeError) and error.encoding == encoding != "utf-8":
        print_message(f"the names of files need UTF-8, not {encoding}: set LANG=C.UTF-8")
        return 1
    path = paths.find().state / "crash.log"
    kind = f"{type(error).__name__}: {one_line(str(error), 160)}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a") as log:
            log.write(
                f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n{''.join(traceback.format_exception(error))}\n"
            )
    except OSError:
        print_message(f"a bug in reader: {kind}")
    else:
        print_message(f"a bug in reader: {kind}; the details are in {path}")
    return 1
