"""A guarded child's work in tests: does what the request says, good or bad."""

import os
import sys
import time


def answer(request: bytes) -> bytes:
    """`kind argument`: what a hostile page could make a parser do."""
    kind, _, argument = request.decode().partition(" ")
    match kind:
        case "echo":
            print("a library that prints")
            return argument.encode()
        case "pid":
            return str(os.getpid()).encode()
        case "hang":
            time.sleep(60)
        case "spin":
            # One C call that yields to nobody.
            return str(sum(range(10**12))).encode()
        case "hoard":
            return bytes(int(argument) << 20)
        case "die":
            os.kill(os.getpid(), int(argument))
        case "break":
            raise KeyError(argument)
        case "path":
            return "\n".join(sys.path).encode()
    return b""
