"""The way in: runs the words of the command line, and turns errors into one line and an exit code."""

import os
import sys


def main() -> int:
    """Run `sys.argv`; returns the exit code. Nothing that a user, a page or a disk can do

    ends in a traceback: a bug is written to the log, and its place is said.
    """
    from reader.model.errors import ReaderError

    try:
        if sys.argv[1:2] == ["list"]:
            from reader.cli.quick import list_newest

            if list_newest(sys.argv[1:]):
                sys.stdout.flush()
                return 0
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
        # The reader of our output went away (`| head`); nothing is left to say to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the one place where a bug becomes a line
        from reader.cli.crash import report

        return report(error)
    return code


if __name__ == "__main__":
    sys.exit(main())
