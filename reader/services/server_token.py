"""The secret that clients of `reader serve` need, and the access tokens made from it.

The secret lies in the state folder, readable by this user only. An access token is an expiry time
with a keyed hash of it, so the server stores none, and a new secret revokes them all.
"""

import contextlib
import hashlib
import hmac
import os
import re
import secrets
import stat
from pathlib import Path
from typing import Final

from reader.library.durable_io import atomic_write
from reader.library.state_folder import state_folder
from reader.model.errors import WriteError
from reader.paths import Paths

ACCESS_SECONDS: Final = 3600
"""Life of an access token, as wallabag's."""
REFRESH_SECONDS: Final = 14 * 86_400
"""Life of a refresh token, as wallabag's."""
_FILE: Final = "server-token"
_SECRET_BYTES: Final = 32
"""Random bytes of a secret: the default of Python's `secrets`."""
_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]{40,100}")


def secret_file(places: Paths) -> Path:
    """Return the path of the secret; it may not exist yet."""
    return state_folder(places) / _FILE


def load_secret(places: Paths, *, renew: bool = False) -> str:
    """Return the secret of this library's server; make one if there is none, or with `renew`.

    A file that others may read is replaced: its secret may be known. Raises WriteError. Blocks on
    disk.
    """
    path = secret_file(places)
    if not renew and (known := _read(path)):
        return known
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        atomic_write(path, secret.encode() + b"\n")
    except OSError as error:
        raise WriteError(f"{path}: cannot be written: {error.strerror}") from None
    return secret


def _read(path: Path) -> str:
    """Return the secret of a private, regular file; empty for anything else."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_mode & 0o077:
                return ""
            secret = file.read(200).decode("ascii").strip()
            return secret if _SHAPE.fullmatch(secret) else ""
    return ""


def is_equal(one: str, other: str) -> bool:
    """Compare two secrets in a time that tells nothing about them."""
    # Hashes have one length, so that not even the length of a wrong secret shows.
    return hmac.compare_digest(_digest(one), _digest(other))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def sign(secret: str, kind: str, expires: int) -> str:
    """Return a token of a kind, `access` or `refresh`, valid until `expires`, seconds since 1970."""
    mac = hmac.new(secret.encode(), f"{kind} {expires}".encode(), hashlib.sha256).hexdigest()
    return f"{kind}.{expires}.{mac}"


def is_valid(secret: str, kind: str, token: str, now: float) -> bool:
    """Return whether `sign` made the token for this kind, and it has not expired."""
    _, _, rest = token.partition(".")
    stated = rest.partition(".")[0]
    expires = int(stated) if stated.isascii() and stated.isdecimal() and len(stated) <= 12 else 0
    return is_equal(token, sign(secret, kind, expires)) and expires > now
