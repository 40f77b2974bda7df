#!/bin/sh
# obstore 0.12.1 (the Rust crate object_store) on WebDAV: several puts at the same time into a folder
# that does not exist yet. Each gets 409, makes the folder by MKCOL and puts again, but only one MKCOL
# can succeed: for the others the server answers 405 (RFC 4918: the folder exists), which obstore
# reports as the failure of the put. The objects of those puts are missing; one put after the other
# works, and so do all of them once the folder exists. Seen with WsgiDAV 4.4.0.
# Fails once no put fails any more in 30 rounds of 16.
set -eu
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
server=
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check obstore==0.12.1 wsgidav==4.4.0 cheroot==11.1.2
mkdir "$folder/files"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$folder/venv/bin/wsgidav" --host 127.0.0.1 --port "$port" --root "$folder/files" --auth anonymous -q >/dev/null 2>&1 &
server=$!
"$folder/venv/bin/python" - "$port" <<'PY'
import re
import socket
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import obstore
from obstore.store import HTTPStore

port = int(sys.argv[1])
for _ in range(200):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        break
    except OSError:
        time.sleep(0.1)
store = HTTPStore(f"http://127.0.0.1:{port}", client_options={"allow_http": True})
failures = []


def put(name):
    try:
        obstore.put(store, name, b"content", use_multipart=False)
    except Exception as error:
        status = re.search(r"status code: (\d+)", str(error))
        failures.append(f"answer {status[1]}" if status else type(error).__name__)


with ThreadPoolExecutor(16) as pool:
    for turn in range(30):
        list(pool.map(put, [f"folder-{turn}/object-{number}" for number in range(16)]))
print(f"obstore {obstore.__version__}: {len(failures)} of 480 puts failed")
for reason, count in sorted(Counter(failures).items()):
    print("  ", count, reason)
if not failures:
    sys.exit("every put succeeded: this finding is outdated")
PY
