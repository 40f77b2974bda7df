"""Storage servers of other projects, started for one test on a free port of this machine."""

import base64
import hmac
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path

from reader.sync.object_store import Access, ObjectStore, open_store

KEYS = Access("accesskey1", "secretkey123")
"""The keys of every S3 server here."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def find_program(name: str) -> str | None:
    """Return a program of this environment or of the system."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else shutil.which(name)


@contextmanager
def process(words: list[str], port: int, **environ: str) -> Iterator[None]:
    """Run a server until the block is left; it answers when the block begins."""
    with subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environ},
    ) as server:
        try:
            wait_for(port, server)
            yield
        finally:
            server.terminate()


def wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    """Wait until a server answers. Raises AssertionError."""
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"the server did not start: {server.args!r}")


@contextmanager
def rclone_webdav(folder: Path) -> Iterator[ObjectStore]:
    """Serve a folder by rclone over WebDAV, with a password."""
    port = free_port()
    words = [str(find_program("rclone")), "serve", "webdav", str(folder)]
    words += ["--addr", f"127.0.0.1:{port}", "--user", "me", "--pass", "my secret"]
    with process(words, port):
        yield open_store(f"http://127.0.0.1:{port}/my files/reader", Access("me", "my secret"))


@contextmanager
def rclone_s3(folder: Path) -> Iterator[ObjectStore]:
    """Serve a folder by rclone as S3."""
    port = free_port()
    (folder / "bucket").mkdir(parents=True)
    words = [str(find_program("rclone")), "serve", "s3", str(folder)]
    words += ["--addr", f"127.0.0.1:{port}", "--auth-key", f"{KEYS.user},{KEYS.secret}"]
    with process(words, port):
        access = Access(KEYS.user, KEYS.secret, f"http://127.0.0.1:{port}")
        yield open_store("s3://bucket/reader", access)


@contextmanager
def rclone_sftp(folder: Path) -> Iterator[ObjectStore]:
    """Serve a folder by rclone over SFTP, and that over WebDAV by another rclone: the bridge."""
    rclone, port, bridge = str(find_program("rclone")), free_port(), free_port()
    folder.mkdir(parents=True, exist_ok=True)
    words = [rclone, "serve", "sftp", str(folder), "--addr", f"127.0.0.1:{port}"]
    words += ["--user", "me", "--pass", "secret"]
    remote = {"TYPE": "sftp", "HOST": "127.0.0.1", "PORT": str(port), "USER": "me"}
    hidden = subprocess.run(
        [rclone, "obscure", "secret"], capture_output=True, check=True, text=True
    )
    remote["PASS"] = hidden.stdout.strip()
    environ = {f"RCLONE_CONFIG_BRIDGE_{name}": value for name, value in remote.items()}
    with (
        process(words, port),
        process(
            [rclone, "serve", "webdav", "bridge:", "--addr", f"127.0.0.1:{bridge}"],
            bridge,
            **environ,
        ),
    ):
        yield open_store(f"http://127.0.0.1:{bridge}/reader", Access())


@contextmanager
def wsgidav(folder: Path) -> Iterator[ObjectStore]:
    """Serve a folder by WsgiDAV."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    words = [str(find_program("wsgidav")), "--host", "127.0.0.1", "--port", str(port), "-q"]
    with process([*words, "--root", str(folder), "--auth", "anonymous"], port):
        yield open_store(f"http://127.0.0.1:{port}/reader", Access())


@contextmanager
def apache(folder: Path) -> Iterator[ObjectStore]:
    """Serve a folder by Apache's mod_dav, which runs as another user if started by root."""
    port = free_port()
    with (
        tempfile.TemporaryDirectory(prefix="reader-apache-") as name,
        process(apache_words(Path(name), port), port),
    ):
        yield open_store(f"http://127.0.0.1:{port}/reader", Access())


def apache_words(root: Path, port: int) -> list[str]:
    """Return Apache's command line for an empty folder; `log` there has a line a request."""
    root.chmod(0o755)
    for each in ("files", "state"):
        (root / each).mkdir()
        (root / each).chmod(0o777)
    modules = "mpm_event authn_core authz_core dav dav_fs log_config"
    lines = [
        f"LoadModule {each}_module /usr/lib/apache2/modules/mod_{each}.so"
        for each in modules.split()
        if Path(f"/usr/lib/apache2/modules/mod_{each}.so").exists()
    ]
    lines += [
        f"Listen 127.0.0.1:{port}", f"ServerRoot {root}", "ServerName localhost",
        f"PidFile {root}/state/pid", f"ErrorLog {root}/state/errors",
        'LogFormat "%r" short', f"CustomLog {root}/log short",
        f"DocumentRoot {root}/files", f"DavLockDB {root}/state/locks",
        *(["User www-data", "Group www-data"] if os.getuid() == 0 else []),
        f"<Directory {root}/files>", "Dav On", "Require all granted", "</Directory>",
    ]  # fmt: skip
    (root / "httpd.conf").write_text("\n".join(lines) + "\n")
    return [str(find_program("apache2")), "-f", str(root / "httpd.conf"), "-DFOREGROUND"]


@contextmanager
def moto(folder: Path) -> Iterator[ObjectStore]:
    """Run moto's S3, which keeps objects in memory and checks every request."""
    port = free_port()
    with process([str(find_program("moto_server")), "-H", "127.0.0.1", "-p", str(port)], port):
        address = f"http://127.0.0.1:{port}"
        urllib.request.urlopen(urllib.request.Request(f"{address}/bucket", method="PUT")).close()
        yield open_store("s3://bucket/reader", Access(KEYS.user, KEYS.secret, address))


@contextmanager
def google(folder: Path) -> Iterator[ObjectStore]:
    """Serve a folder by rclone, reached by the client for Google's XML API, which is that of S3.

    gcp-storage-emulator answers 501 to that API's lists, and fake-gcs-server refuses its uploads.
    """
    port = free_port()
    (folder / "bucket").mkdir(parents=True)
    account = {"disable_oauth": True, "client_email": "", "private_key": "", "private_key_id": ""}
    (folder / "account.json").write_text(json.dumps(account))
    words = [str(find_program("rclone")), "serve", "s3", str(folder)]
    with process([*words, "--addr", f"127.0.0.1:{port}"], port):
        access = Access("", str(folder / "account.json"), f"http://127.0.0.1:{port}")
        yield open_store("gs://bucket/reader", access)


_AZURE_ACCOUNT = "devstoreaccount1"
_AZURE_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)
"""The account and key that Azurite's documentation gives."""


@contextmanager
def azurite(folder: Path) -> Iterator[ObjectStore]:
    """Run Azurite, Microsoft's emulator of Azure's storage."""
    port = free_port()
    words = [str(find_program("azurite-blob")), "--blobHost", "127.0.0.1", "--blobPort", str(port)]
    with process([*words, "--inMemoryPersistence", "--silent", "--skipApiVersionCheck"], port):
        address = f"http://127.0.0.1:{port}/{_AZURE_ACCOUNT}"
        _make_container(address)
        yield open_store("az://container/reader", Access(_AZURE_ACCOUNT, _AZURE_KEY, address))


def _make_container(address: str) -> None:
    """Make a container by a request with a shared key."""
    headers = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-08-06"}
    lines = ["PUT", *[""] * 11, *(f"{name}:{value}" for name, value in headers.items())]
    lines += [f"/{_AZURE_ACCOUNT}/{_AZURE_ACCOUNT}/container", "restype:container"]
    code = hmac.digest(base64.b64decode(_AZURE_KEY), "\n".join(lines).encode(), "sha256")
    signature = base64.b64encode(code).decode()
    headers |= {"Authorization": f"SharedKey {_AZURE_ACCOUNT}:{signature}", "Content-Length": "0"}
    url = f"{address}/container?restype=container"
    urllib.request.urlopen(urllib.request.Request(url, method="PUT", headers=headers)).close()


@contextmanager
def local_folder(folder: Path) -> Iterator[ObjectStore]:
    """Use a folder."""
    yield open_store(str(folder / "remote"), Access(), create=True)


SERVERS = {
    "folder": local_folder,
    "rclone webdav": rclone_webdav,
    "rclone s3": rclone_s3,
    "rclone sftp": rclone_sftp,
    "wsgidav": wsgidav,
    "apache": apache,
    "moto": moto,
    "google": google,
    "azurite": azurite,
}
PROGRAMS = {
    "rclone": "rclone",
    "wsgidav": "wsgidav",
    "apache": "apache2",
    "moto": "moto_server",
    "google": "rclone",
    "azurite": "azurite-blob",
}


def is_missing(server: str) -> bool:
    """Return whether a server's program is not installed here."""
    program = PROGRAMS.get(server.split()[0])
    return program is not None and find_program(program) is None
