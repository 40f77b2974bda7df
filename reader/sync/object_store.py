"""Storages reached through obstore: S3, Google, Azure, WebDAV, folders; nothing else imports it."""

import os
import re
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from reader import nofollow
from reader.model.errors import MissingExtraError, SyncError, UsageError
from reader.model.text import one_line
from reader.sync.store import Listing, MissingObjectError, UnusableObjectError

_CLIENT: Final[dict[str, Any]] = {"timeout": "300s", "connect_timeout": "15s"}
"""Time for one request: 16 MB over a line of 0.5 Mbit/s."""
_RETRIES: Final[Any] = {
    "max_retries": 4,
    "retry_timeout": timedelta(seconds=60),
    "backoff": {
        "init_backoff": timedelta(milliseconds=200),
        "max_backoff": timedelta(seconds=5),
        "base": 3,
    },
}
"""A server that restarts is back within some seconds; one that is gone is said soon."""
_MAX_SHOWN: Final = 200
"""Characters of a name or a server's message in an error: three lines of a terminal."""
_MAX_PAGE: Final = 1_000
"""Objects of one listing request: S3 returns at most 1,000."""
_SCHEMES: Final = ("s3", "gs", "az", "http", "https", "webdav", "webdavs", "file")
_STATUS: Final = re.compile(r"status code: (\d{3}[A-Za-z ]*)")
_CAUSE: Final = re.compile(
    r"connection refused|connection reset|dns error|network is unreachable|no route to host"
    r"|invalid peer certificate: \w+|timed out|connection closed",
    re.IGNORECASE,
)
_STAGED: Final = re.compile(r"#\d+$")
"""The end of the names under which obstore writes files before they are whole."""
_MIN_SECRET: Final = 4
"""Letters from which a secret is taken out of messages; shorter ones stand in any text."""
_MAX_ATTEMPTS: Final = 4
"""Attempts to put an object whose folder another device is making on a WebDAV server."""
_PAUSE: Final = 0.2
"""Seconds before the second attempt, and as much more before each later one: 1.2 s in all."""
_RESERVED: Final = re.compile(r"[\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Access:
    """The options of a storage. An empty user or secret is left to the environment.

    For S3 these are the two keys, for WebDAV name and password, for Azure account and key; for
    Google the secret is the path of a service account's file.
    """

    user: str = ""
    secret: str = field(default="", repr=False)
    endpoint: str = ""
    region: str = ""


class ObjectStore:
    """A storage reached through obstore."""

    def __init__(
        self,
        store: Any,
        label: str,
        secrets: Iterable[str] = (),
        above: tuple[Any, str] | None = None,
        *,
        is_webdav: bool = False,
        deletes_many: bool = False,
        folder: Path | None = None,
    ):
        """`label` names the storage in messages, which never hold one of the `secrets`.

        `above` is the root of a WebDAV server and the path below it where this storage begins.
        With `deletes_many` one request deletes many objects, and none that is missing fails it.
        `folder` is that of a storage on a disk.
        """
        self._store = store
        self.label = label
        self._secrets = [secret for secret in secrets if len(secret) >= _MIN_SECRET]
        self._above = above
        self._is_webdav = is_webdav
        self._deletes_many = deletes_many
        self._folder = folder
        self._made: set[str] = {""}
        self._making = threading.Lock()

    def list_level(self, prefix: str = "") -> Listing:
        """Return the root, or the level below `prefix`."""
        import obstore
        from obstore.exceptions import BaseError

        with suppress(MissingObjectError), self._translated(prefix or "the root"):
            try:
                found = obstore.list_with_delimiter(self._store, prefix or None)
            except BaseError as error:
                if self._folder is None or "invalid path" not in str(error):
                    raise
                return _list_folder(self._folder, prefix)
            sizes = {self._relative(row["path"]): int(row["size"]) for row in found["objects"]}
            folders = {self._relative(each) for each in found["common_prefixes"]}
            # WebDAV lists the level itself as well.
            return Listing(sizes, frozenset(folders - {"", prefix}))
        return Listing()

    def list_all(self, prefix: str) -> dict[str, int]:
        """Return the sizes of all objects below `prefix`."""
        import obstore

        with suppress(MissingObjectError), self._translated(prefix):
            pages = obstore.list(self._store, prefix)
            return {self._relative(row["path"]): int(row["size"]) for page in pages for row in page}
        return {}

    def list_some(self, prefix: str, limit: int) -> dict[str, int]:
        """Return the sizes of some objects of the level below `prefix`."""
        import obstore

        if self._is_webdav or self._folder is not None:
            # One answer has the whole level, and deeper lists may be refused.
            return dict(list(self.list_level(prefix).sizes.items())[:limit])
        found: dict[str, int] = {}
        seen = 0
        with suppress(MissingObjectError), self._translated(prefix):
            for page in obstore.list(self._store, prefix, chunk_size=min(limit, _MAX_PAGE)):
                for row in page:
                    if "/" not in row["path"][len(prefix) + 1 :]:
                        found[row["path"]] = int(row["size"])
                seen += len(page)
                if seen >= limit:
                    break
        return dict(list(found.items())[:limit])

    def get(self, name: str, limit: int) -> bytes:
        """Return an object of at most `limit` bytes."""
        import obstore

        content = bytearray()
        self._check_file(name)
        with self._translated(name):
            answer = obstore.get(self._store, name)
            is_large = answer.meta["size"] > limit
            for piece in () if is_large else answer.stream():
                content += piece
                is_large = len(content) > limit
                if is_large:
                    break
        if is_large:
            raise UnusableObjectError(f"{_shown(name)} is larger than {limit} bytes")
        return bytes(content)

    def _check_file(self, name: str) -> None:
        """Raise UnusableObjectError if a name in a folder leads to something else than a file in it.

        A pipe would be waited for; a link in the inbox could bring a private file into the library.
        """
        if self._folder is None:
            return
        try:
            os.close(nofollow.open_file(self._folder, nofollow.split_path(name)))
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            if isinstance(error, PermissionError):
                raise SyncError(f"{self.label}: {_shown(name)}: {error.strerror}") from None
            raise UnusableObjectError(
                f"{_shown(name)} is not a file, or is behind a link"
            ) from None

    def put(self, name: str, content: bytes) -> None:
        """Write an object."""
        folder = name.rpartition("/")[0]
        with self._translated(name):
            if not self._is_webdav or folder in self._made:
                self._put(name, content)
                return
            # WebDAV makes missing folders one by one: requests that make the same fail.
            with self._making:
                self._put(name, content)
                self._made.add(folder)

    def _put(self, name: str, content: bytes) -> None:
        import obstore
        from obstore.exceptions import AlreadyExistsError, BaseError

        for attempt in range(_MAX_ATTEMPTS):
            try:
                obstore.put(self._store, name, content, use_multipart=False)
                return
            except AlreadyExistsError:
                # WebDAV's 409: a folder is missing. Those above the storage's own are made by a
                # request that begins at the server's root.
                if self._above is None:
                    raise
                root, path = self._above
                obstore.put(root, f"{path}/{name}", content, use_multipart=False)
                return
            except BaseError as error:
                # 405 and 423: another device is making the folder, and it is there soon.
                is_passing = self._is_webdav and re.search(r"status code: (405|423)", str(error))
                if not is_passing or attempt == _MAX_ATTEMPTS - 1:
                    raise
                time.sleep(_PAUSE * (attempt + 1))

    def delete(self, names: Iterable[str]) -> None:
        """Delete objects; those that are not there are no error."""
        import obstore

        if self._deletes_many:
            listed = list(names)
            with suppress(MissingObjectError), self._translated("objects"):
                obstore.delete(self._store, listed)
            return
        # One after the other: WebDAV's bulk deletion stops at one that is gone, and leaves
        # requests under way that hold locks.
        for name in names:
            with suppress(MissingObjectError), self._translated(name):
                obstore.delete(self._store, name)

    def _relative(self, name: str) -> str:
        """Return a listed name as it is put: on WebDAV listings begin at the server's root."""
        if self._above is None:
            return name
        path = self._above[1]
        return "" if name == path else name.removeprefix(f"{path}/")

    @contextmanager
    def _translated(self, name: str) -> Iterator[None]:
        """Raise obstore's exceptions as SyncError, without secrets."""
        from obstore import exceptions

        try:
            yield
        except FileNotFoundError:
            raise MissingObjectError(f"{self.label}: {_shown(name)} is missing") from None
        except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError):
            raise SyncError(
                f"{self.label} refuses access to {_shown(name)}: check the user and the secret"
            ) from None
        except (exceptions.BaseError, OSError, ValueError) as error:
            cause = _CAUSE.search(str(error))
            if cause and not _STATUS.search(str(error)):
                raise SyncError(f"no connection to {self.label}: {cause[0].lower()}") from None
            raise SyncError(f"{self.label}: {_shown(name)}: {self._reason(error)}") from None

    def _reason(self, error: Exception) -> str:
        """Return the cause in an error's text, without the queries of addresses and secrets."""
        text = str(error)
        for secret in self._secrets:
            text = text.replace(secret, "…")
        status = _STATUS.search(text)
        if status:
            return f"the server answers {status[1].strip()}"
        if "PROPFIND response" in text:
            return "the answer is not that of a WebDAV server"
        if "error sending request" in text:
            return "the connection broke off, or the server does not speak HTTP"
        first = re.sub(r"\?[^\s\"')]*", "", text.split("\n", 1)[0])
        return one_line(first, _MAX_SHOWN) or type(error).__name__


def _list_folder(root: Path, prefix: str) -> Listing:
    """Return a level of a folder without names that obstore refuses, as macOS's `Icon\\r`.

    Leaves out names with control characters, and the temporary files of obstore. Raises OSError.
    """
    sizes: dict[str, int] = {}
    folders: set[str] = set()
    descriptor = nofollow.open_folder(root, nofollow.split_path(prefix) if prefix else ())
    try:
        with os.scandir(descriptor) as entries:
            for entry in entries:
                if not entry.name.isprintable() or _STAGED.search(entry.name):
                    continue
                name = f"{prefix.rstrip('/')}/{entry.name}" if prefix else entry.name
                if entry.is_dir(follow_symlinks=False):
                    folders.add(name)
                else:
                    sizes[name] = entry.stat(follow_symlinks=False).st_size
    finally:
        os.close(descriptor)
    return Listing(sizes, frozenset(folders))


def open_store(url: str, access: Access, *, create: bool = False) -> ObjectStore:
    """Return the storage at an address or path; `create` makes a folder. No request is made.

    Raises UsageError for an address that cannot be one, MissingExtraError without obstore,
    SyncError for a folder that is not there.
    """
    try:
        import obstore  # noqa: F401 - only to say which extra is missing
    except ImportError:
        raise MissingExtraError("sync", "sync needs obstore and pyrage") from None
    parts = urlsplit(url)
    if parts.password or (parts.username and parts.scheme in ("http", "https")):
        raise UsageError(
            "an address with a password is seen by others: set sync.user, and the secret as"
            " docs/sync.md says"
        )
    if _RESERVED.search(url):
        raise UsageError("the address of the remote has characters that no address has")
    scheme = {"webdav": "http", "webdavs": "https"}.get(parts.scheme, parts.scheme)
    if not scheme or scheme == "file":
        return _open_folder(unquote(parts.path) if scheme else url, create)
    if scheme not in _SCHEMES or not parts.netloc:
        raise UsageError(
            f"{one_line(url, 80)!r} is not a remote: give s3://, gs://, az://, https:// (WebDAV),"
            " or a folder"
        )
    return _open_remote(scheme, url, access)


def _open_folder(path: str, create: bool) -> ObjectStore:
    from obstore.exceptions import BaseError
    from obstore.store import LocalStore

    folder = Path(os.path.expanduser(path)).absolute()  # noqa: PTH111 - pathlib's raises
    if not create and not folder.is_dir():
        raise SyncError(f"{folder} is not there: is the disk connected?")
    try:
        return ObjectStore(LocalStore(str(folder), mkdir=create), str(folder), folder=folder)
    except (BaseError, OSError) as error:
        reason = one_line(str(error).split("\n", 1)[0], _MAX_SHOWN)
        raise SyncError(f"{folder} cannot be used: {reason}") from None


def _open_remote(scheme: str, url: str, access: Access) -> ObjectStore:
    from obstore.exceptions import BaseError
    from obstore.store import AzureStore, GCSStore, HTTPStore, S3Store

    parts = urlsplit(url)
    prefix = unquote(parts.path).strip("/") or None
    client: Any = dict(_CLIENT)
    try:
        store: Any
        if scheme in ("http", "https"):
            address = f"{scheme}://{parts.netloc}{parts.path.rstrip('/')}"
            if scheme == "http":
                client["allow_http"] = True
            if access.secret:
                client["default_headers"] = {"authorization": _basic(access)}
            store = HTTPStore(address, client_options=client, retry_config=_RETRIES)
            above = None
            if prefix:
                root = f"{scheme}://{parts.netloc}"
                above = (
                    HTTPStore(root, client_options=client, retry_config=_RETRIES),
                    prefix,
                )
            return ObjectStore(
                store, address, [access.secret, _basic(access)], above, is_webdav=True
            )
        endpoint = access.endpoint or _endpoint_of(scheme, os.environ)
        if endpoint.startswith("http://"):
            client["allow_http"] = True
        options = _options(scheme, access, endpoint)
        kind = {"s3": S3Store, "gs": GCSStore, "az": AzureStore}[scheme]
        store = kind(
            parts.netloc, prefix=prefix, client_options=client, retry_config=_RETRIES, **options
        )
        label = f"{scheme}://{parts.netloc}/{prefix or ''}".rstrip("/")
        return ObjectStore(store, label, [access.secret], deletes_many=scheme == "s3")
    except (BaseError, ValueError) as error:
        reason = one_line(str(error).split("\n", 1)[0], _MAX_SHOWN).replace(
            access.secret or "\0", "…"
        )
        raise SyncError(f"{one_line(url, 80)} cannot be used: {reason}") from None


def _options(scheme: str, access: Access, endpoint: str) -> dict[str, str]:
    """Return the constructor's options; empty ones are left to the environment."""
    names = {
        "s3": ("access_key_id", "secret_access_key"),
        "gs": ("", "service_account"),
        "az": ("account_name", "account_key"),
    }[scheme]
    options = {names[0]: access.user, names[1]: access.secret, "endpoint": endpoint}
    if scheme == "s3":
        region = access.region or os.environ.get("AWS_REGION", "")
        options["region"] = region or os.environ.get("AWS_DEFAULT_REGION", "") or "us-east-1"
    if scheme == "gs":
        options["base_url"] = options.pop("endpoint")
    return {name: value for name, value in options.items() if name and value}


def _endpoint_of(scheme: str, environ: Mapping[str, str]) -> str:
    if scheme != "s3":
        return ""
    names = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
    return next((environ[name] for name in names if environ.get(name)), "")


def _basic(access: Access) -> str:
    import base64

    pair = f"{access.user}:{access.secret}".encode()
    return "Basic " + base64.b64encode(pair).decode("ascii")


def _shown(name: str) -> str:
    return one_line(name, _MAX_SHOWN)
