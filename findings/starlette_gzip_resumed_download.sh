#!/bin/sh
# Starlette 1.10.0 with GZipMiddleware: a download that breaks off and is resumed becomes a broken file.
# The whole file is sent compressed, with the entity tag of the plain file; the rest that a client then
# asks for (`Range` with `If-Range` and that tag) is sent plain, under the same tag. The tag tells
# the client that both parts fit together, and it joins compressed with plain bytes. RFC 9110 (8.8.3.3)
# shows this very case: representations that differ in their coding must have different strong tags.
# (Since 1.5.0 the middleware leaves partial answers alone, which is right for a range of the plain
# file.) Without `Accept-Encoding: gzip` the resumed file is whole.
# For a program that serves EPUB, PDF or HTML to other devices: no compression of answers with a tag,
# or a tag of its own for the compressed form.
# Fails once the joined parts are the file.
set -eu
folder=$(mktemp -d)
server=
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check starlette==1.10.0 uvicorn==0.54.0 h11==0.16.0
cat >"$folder/serve.py" <<'PY'
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse
from starlette.routing import Route

BOOK = Path(__file__).with_name("book.html")
app = Starlette(routes=[Route("/book", lambda request: FileResponse(BOOK))], middleware=[Middleware(GZipMiddleware)])
PY
python3 -c 'print("".join(f"<p>Ferry {number} came in late.</p>" for number in range(2000)))' >"$folder/book.html"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$folder/venv/bin/uvicorn" serve:app --app-dir "$folder" --port "$port" --log-level error &
server=$!
"$folder/venv/bin/python" - "$folder/book.html" "$port" <<'PY'
import gzip
import http.client
import socket
import sys
import time
import zlib
from pathlib import Path

content, port = Path(sys.argv[1]).read_bytes(), int(sys.argv[2])
for _ in range(200):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        break
    except OSError:
        time.sleep(0.1)


def ask(**headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/book", headers={name.replace("_", "-"): text for name, text in headers.items()})
    answer = connection.getresponse()
    return answer, answer.read()


whole = {}
for coding in ("identity", "gzip"):
    answer, body = ask(Accept_Encoding=coding)
    half = len(body) // 2
    tag = answer.headers["ETag"]
    rest_answer, rest = ask(Accept_Encoding=coding, Range=f"bytes={half}-", If_Range=tag)
    for name, one, size in (("whole", answer, len(body)), (f"from byte {half}", rest_answer, len(rest))):
        print(f"{coding}, {name}: {one.status}, {one.headers['Content-Encoding']}, {one.headers['ETag']}, {size} bytes")
    joined = body[:half] + rest
    try:
        whole[coding] = (gzip.decompress(joined) if coding == "gzip" else joined) == content
    except (OSError, EOFError, zlib.error) as error:
        whole[coding] = False
        print("    joined:", type(error).__name__)
    print(f"{coding}: the joined parts are the file: {whole[coding]}")
if whole["gzip"]:
    sys.exit("the joined parts are the file: this finding is outdated")
PY
