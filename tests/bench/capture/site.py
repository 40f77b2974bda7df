"""A web of a thousand pages on this machine, with pauses and failures.

    python -m tests.bench.capture.site

Prints its port, serves until its input ends, then prints what was asked for as JSON. What a page
does follows from its number alone, so each run is the same.
"""

import asyncio
import json
import random
import struct
import sys
import zlib
from collections import Counter

LINKS = 997
"""Pages share this many numbers of behaviour; a prime, so that hosts and failures do not coincide."""
WORDS = [
    "harbour",
    "tide",
    "ferry",
    "bridge",
    "lantern",
    "morning",
    "letter",
    "window",
    "garden",
    "river",
    "market",
    "engine",
    "signal",
    "island",
    "captain",
    "winter",
    "summer",
    "measure",
    "paper",
    "copper",
    "timber",
    "stone",
    "bread",
    "salt",
    "light",
    "weather",
    "news",
]


def behaviour(number: int) -> str:
    """What a page does: `fine`, or the name of its failure; `late` ones are fine the second time."""
    names = {0: "missing", 1: "missing", 2: "gone", 3: "late", 4: "late", 5: "dropped", 6: "pdf"}
    return names.get(number * 7919 % LINKS % 100, "fine") if number % 50 != 7 else "cut"


def is_savable(number: int) -> bool:
    """Whether a patient client gets the page."""
    return behaviour(number) in ("fine", "late", "dropped")


def pause(number: int) -> float:
    """Seconds that the server thinks about a page."""
    return 0.05 + number * 37 % 400 / 1000


def host(number: int) -> str:
    """Twenty pages to a host."""
    return f"site{number // 20}.example"


def address(number: int) -> str:
    return f"http://{host(number)}/page/{number}"


def page(number: int) -> bytes:
    """An article of about 700 words with two pictures, inside what sites put around one."""
    made = random.Random(number)
    paragraphs = [
        " ".join(made.choice(WORDS) for _ in range(made.randrange(12, 20))).capitalize() + "."
        for _ in range(44)
    ]
    body = "".join(f"<p>{' '.join(paragraphs[at : at + 4])}</p>" for at in range(0, 44, 4))
    pictures = "".join(
        f'<figure><img src="/picture/{number}-{which}.png" alt="View {which}"></figure>'
        for which in (1, 2)
    )
    links = "".join(f'<li><a href="/page/{other}">Page {other}</a></li>' for other in range(80))
    return (
        f"<!doctype html><html lang=en><head><title>Report {number} from the shore</title>"
        f'<meta name=author content="A. Writer {number}"></head><body><nav><ul>{links}</ul></nav>'
        f"<article><h1>Report {number} from the shore</h1>{body}{pictures}</article>"
        f"<aside><h2>More</h2><ul>{links}</ul></aside><footer>About us. Imprint.</footer>"
        f"<script>{'var x = 1; ' * 1500}</script></body></html>"
    ).encode()


def picture(name: str) -> bytes:
    """A PNG of noise that no other name has."""
    made = random.Random(name)
    width, height = 64, 40
    rows = b"".join(b"\0" + made.randbytes(width * 3) for _ in range(height))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def head(status: str, kind: str, length: int, *more: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {length}", *more]
    return "\r\n".join([*lines, "", ""]).encode()


class Site:
    """Answers on kept-alive connections, and counts by path."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                path = request.split(b" ", 2)[1].decode("ascii")
                self.asked[path] += 1
                answer = await self.answer(path)
                if answer is None:
                    break
                writer.write(answer)
                await writer.drain()
                if behaviour_of(path) == "cut":
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def answer(self, path: str) -> bytes | None:
        kind, _, name = path[1:].partition("/")
        if kind == "picture":
            await asyncio.sleep(0.03)
            content = picture(name)
            return head("200 OK", "image/png", len(content)) + content
        number = int(name)
        does, again = behaviour(number), self.asked[path] > 1
        await asyncio.sleep(pause(number))
        if does == "missing":
            return head("404 Not Found", "text/html", 0)
        if does == "gone":
            return head("410 Gone", "text/html", 0)
        if does == "pdf":
            return head("200 OK", "application/pdf", 5) + b"%PDF-"
        if does == "late" and not again:
            return head("503 Busy", "text/html", 0, "Retry-After: 1")
        if does == "dropped" and not again:
            return None
        content = page(number)
        if does == "cut":
            return head("200 OK", "text/html", len(content) * 2) + content
        return head("200 OK", "text/html; charset=utf-8", len(content)) + content


def behaviour_of(path: str) -> str:
    return behaviour(int(path[6:])) if path.startswith("/page/") else "fine"


async def main() -> None:
    site = Site()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0, backlog=256)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    server.close()
    sys.stdout.write(json.dumps(site.asked) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
