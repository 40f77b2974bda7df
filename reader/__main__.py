"""Entry point: run the command line and turn errors into one line and an exit code."""

import atexit
import gc
import os
import sys
import time

from reader.cli import stdio

_DAY = 86_400
"""Seconds."""


def main() -> int:
    """Run `sys.argv` and return the exit code.

    No input ends in a traceback: a bug is written to the log, and the message names that file.
    """
    try:
        stdio.configure()
        _check_time_zone()
        code = _run()
        stdio.flush()
    except KeyboardInterrupt:
        return 130
    except stdio.ClosedPipeError:
        return 0
    except Exception as error:  # noqa: BLE001 - the one place where a bug becomes a line
        return _report_error(error)
    return code


def _check_time_zone() -> None:
    """Use UTC for a time zone of a day or more from it, which Python's dates cannot have."""
    if max(abs(time.timezone), abs(time.altzone)) >= _DAY:
        sys.stderr.write(
            f"reader: invalid time zone in TZ: {os.environ.get('TZ', '')!r}; UTC is used\n"
        )
        os.environ["TZ"] = "UTC"
        time.tzset()


def _run() -> int:
    # At its end the interpreter looks for cycles among all objects: ⏱ 8 of 65 ms.
    atexit.register(gc.freeze)
    if sys.argv[1:2] == ["list"]:
        from reader.cli.fast_list import list_newest

        if list_newest(sys.argv[1:]):
            return 0
    if not sys.argv[1:]:
        # The app's first screen must not wait for argparse.
        from reader.cli.launch_app import run_app

        return run_app()
    # With Python's own thresholds, importing the modules of a command runs a dozen collections that
    # free nothing: ⏱ 15 of 130 ms.
    gc.set_threshold(300_000, 20, 20)
    from reader.cli.main import run

    return run(sys.argv[1:])


def _report_error(error: Exception) -> int:
    from reader.model.errors import ReaderError

    if isinstance(error, ReaderError):
        from reader.cli.output import print_message

        print_message(str(error))
        return error.exit_code
    from reader.cli.crash_log import report_bug

    return report_bug(error)


if __name__ == "__main__":
    sys.exit(main())
