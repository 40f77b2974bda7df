"""The way in: runs the words of the command line, and turns errors into one line and an exit code."""

import os
import sys


def main() -> int:
    """Run `sys.argv`; returns the exit code. Nothing that a user, a page or a disk can do

    ends in a traceback: a bug is written to the log, and its place is said.
    """
    if sys.argv[1:2] == ["list"] and _listed_at_once():
        return 0
    from reader.model.errors import ReaderError

    try:
        if not sys.argv[1:]:
            # The app's first screen waits for no parser of words.
            from reader.cli.opening import run_app

            return run_app()
        from reader.cli.run import run

        code = run(sys.argv[1:])
        sys.stdout.flush()
    except ReaderError as error:
        from reader.cli.output import say

        say(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return _unheard()
    except Exception as error:  # noqa: BLE001 - the one place where a bug becomes a line
        from reader.cli.crash import report

        return report(error)
    return code


def _listed_at_once() -> bool:
    """Whether the short way to a list was open, and has printed it."""
    from reader.cli.quick import list_newest

    try:
        if not list_newest(sys.argv[1:]):
            return False
        sys.stdout.flush()
    except BrokenPipeError:
        _unheard()
    return True


def _unheard() -> int:
    """Whoever read our output went away (`| head`); nothing is left to say to it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
