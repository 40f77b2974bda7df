#!/bin/sh
# WsgiDAV 4.4.0, files of a folder: the entity tag is made of inode, size and time in whole seconds, so
# a file that is overwritten within a second by other bytes of the same number keeps its tag. The tag
# is sent as a strong one, which RFC 9110 (8.8.1) allows only if it differs for any change of content.
# Two clients that have read the same version both put theirs under `If-Match`, both are told 204, and
# the change of the first is lost. A GET with `If-None-Match` then answers 304 to a client with the old
# bytes. Records of fixed length (a counter, a state, a padded cipher text) bring this about.
# rclone's WebDAV server makes its tag of nanoseconds.
# For a program that syncs over WebDAV: names that one device writes once, rather than `If-Match`.
# Fails once the second put is refused in each of ten rounds.
set -eu
folder=$(mktemp -d)
server=
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check wsgidav==4.4.0 cheroot==11.1.2
mkdir "$folder/files"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$folder/venv/bin/wsgidav" --host 127.0.0.1 --port "$port" --root "$folder/files" --auth anonymous -q >/dev/null 2>&1 &
server=$!
"$folder/venv/bin/python" - "$port" <<'PY'
import http.client
import socket
import sys
import time

port = int(sys.argv[1])
for _ in range(200):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        break
    except OSError:
        time.sleep(0.1)


def ask(method, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, "/state", body, {name.replace("_", "-"): text for name, text in headers.items()})
    answer = connection.getresponse()
    return answer.status, answer.headers.get("ETag"), answer.read()


lost = 0
for _ in range(10):
    ask("PUT", b"state 1")
    tag = ask("GET")[1]
    first, second = ask("PUT", b"state 2", If_Match=tag)[0], ask("PUT", b"state 3", If_Match=tag)[0]
    lost += first == second == 204
status, new_tag, content = ask("GET")
print(f"last round: read {tag}, put {first}, put {second}, now {new_tag} {content.decode()}")
print("GET of the client that has state 1:", ask("GET", If_None_Match=tag)[0])
print("rounds in which both puts succeeded:", lost, "of 10")
if not lost:
    sys.exit("every second put was refused: this finding is outdated")
PY
