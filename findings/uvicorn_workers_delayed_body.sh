#!/bin/sh
# uvicorn 0.54.0 with asyncio's event loop: with `--workers 2` each answer on a kept connection takes
# about 44 ms on Linux, with one worker 0.5 ms. For several workers uvicorn creates the socket itself,
# by `socket.socket(family=…)`, whose protocol number is 0; asyncio turns Nagle's algorithm off only
# for sockets whose number is IPPROTO_TCP. Head and body are two writes, so the body waits for the
# client's delayed acknowledgement of the head. The same holds for h11 and httptools; uvloop sets
# TCP_NODELAY by itself. A program that passes its own socket avoids it by naming the protocol.
# Fails once several workers answer as fast as one.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check uvicorn==0.54.0 h11==0.16.0
cat > "$folder/answer.py" <<'PY'
async def app(scope, receive, send):
    if scope["type"] == "http":
        head = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": b"ok"})
PY
cat > "$folder/measure.py" <<'PY'
import http.client
import socket
import statistics
import subprocess
import sys
import time

folder, medians = sys.argv[1], []
for workers in (1, 2):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [f"{folder}/venv/bin/uvicorn", "answer:app", "--app-dir", folder, "--port", str(port),
         "--workers", str(workers), "--http", "h11", "--loop", "asyncio", "--log-level", "error"]
    )
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.1)
        time.sleep(1)
        client, spent = http.client.HTTPConnection("127.0.0.1", port), []
        for _ in range(40):
            began = time.perf_counter()
            client.request("GET", "/")
            client.getresponse().read()
            spent.append((time.perf_counter() - began) * 1000)
    finally:
        server.terminate()
        server.wait()
    medians.append(statistics.median(spent))
    print(f"{workers} worker(s): median {medians[-1]:.1f} ms an answer")
if medians[1] < medians[0] + 20:
    sys.exit("several workers answer as fast as one: this finding is outdated")
PY
"$folder/venv/bin/python" "$folder/measure.py" "$folder"
