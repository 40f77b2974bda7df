#!/bin/sh
# obstore 0.12.1 (the Rust crate object_store) on Google Cloud Storage with `skip_signature=True`: its
# documentation says that the store "will not fetch credentials and will not sign requests". Lists and
# reads do so, but a put first asks the metadata server of Google's machines (169.254.169.254) for a
# token and fails where there is none; the storage itself is not asked. An emulator that takes any
# request can therefore be read and not written, unless a service account with `disable_oauth` is given.
# Fails once the put reaches the storage.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check obstore==0.12.1
"$folder/venv/bin/python" - <<'PY'
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import obstore
from obstore.store import GCSStore

asked = []


class Storage(BaseHTTPRequestHandler):
    def answer(self):
        asked.append(f"{self.command} {self.path}")
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.send_response(200)
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Mon, 02 Mar 2026 10:00:00 GMT")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    do_GET = do_PUT = answer

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Storage)
threading.Thread(target=server.serve_forever, daemon=True).start()
store = GCSStore(
    "bucket",
    base_url=f"http://127.0.0.1:{server.server_port}",
    skip_signature=True,
    client_options={"allow_http": True, "connect_timeout": "2s"},
    retry_config={"max_retries": 0, "retry_timeout": timedelta(seconds=5)},
)
print("get:", bytes(obstore.get(store, "name").bytes()))
try:
    print("put:", obstore.put(store, "name", b"content", use_multipart=False))
    raise SystemExit("the put reached the storage: this has changed")
except obstore.exceptions.BaseError as error:
    print("put:", str(error).split(" in ")[0])
    assert "token request" in str(error), error
print("the storage was asked:", asked)
assert asked == ["GET /bucket/name"], asked
PY
