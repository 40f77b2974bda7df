"""The form of objects on the remote: as they are, or sealed by age so that the host reads nothing.

Sealed objects are plain age files: `age -d -i key.txt` opens them. The recipient of the key is
never written to the remote, so only those with the key can make an object that opens with it.
"""

import hmac
from collections.abc import Iterable
from typing import Any, Final, Protocol

from reader.model.errors import MissingExtraError, SyncError, UsageError
from reader.sync import names

_OVERHEAD: Final = 4096
"""Bytes by which an age file of a few recipients exceeds its content, besides 16 in 64 KiB."""
_MIN_PASSPHRASE: Final = 8
"""Characters of a passphrase: the minimum of NIST SP 800-63B."""


class Seal(Protocol):
    """Turns contents and names into those of the remote and back."""

    key_id: str
    """The key's fingerprint, which is in the names of objects; `names.PLAIN` without a key."""

    def seal(self, content: bytes) -> bytes:
        """Return the bytes to store."""

    def unseal(self, content: bytes, name: str) -> bytes:
        """Return the content of stored bytes; `name` is for the error. Raises SyncError."""

    def digest(self, sha256: bytes) -> str:
        """Return the digest for a segment's name: 16 hexadecimal digits."""

    def folder_name(self, folder: str, image: str = "") -> str:
        """Return the name of an article folder's object, or of an image that came later."""

    def size_limit(self, size: int) -> int:
        """Return the largest stored size of a content of this size, in bytes."""


class PlainSeal:
    """Objects as they are."""

    key_id: str = names.PLAIN

    def seal(self, content: bytes) -> bytes:
        """Return the content."""
        return content

    def unseal(self, content: bytes, name: str) -> bytes:
        """Return the content."""
        return content

    def digest(self, sha256: bytes) -> str:
        """Return the start of the digest."""
        return sha256.hex()[:16]

    def folder_name(self, folder: str, image: str = "") -> str:
        """Return the folder's path with a type, or the image's path; ASCII.

        Stores and their programs differ in how they write other letters in addresses, so a name
        that has any is only the article's id and hash.
        """
        if not folder.isascii():
            year, _, name = folder.rpartition("/")
            folder = f"{year}/{'-'.join(name.rsplit('-', 2)[1:])}"
        return f"{folder}/{image.rpartition('/')[2]}" if image else f"{folder}.tar"

    def size_limit(self, size: int) -> int:
        """Return the size."""
        return size


class AgeSeal:
    """Objects that only the key opens; names are keyed codes."""

    def __init__(self, identity: str, recipients: Iterable[str] = ()):
        """`identity` is an `AGE-SECRET-KEY-1…`; others who may read are in `recipients`.

        Raises UsageError.
        """
        pyrage = _pyrage()
        try:
            self._identity = pyrage.x25519.Identity.from_str(identity.strip())
        except pyrage.IdentityError:
            raise UsageError("the key is not one of age: it begins with AGE-SECRET-KEY-1") from None
        self._recipients = [self._identity.to_public()]
        for text in recipients:
            try:
                self._recipients.append(pyrage.x25519.Recipient.from_str(text.strip()))
            except pyrage.RecipientError:
                raise UsageError("sync.recipients: each begins with age1") from None
        secret = identity.strip().encode()
        self._names = hmac.digest(secret, b"reader names", "sha256")
        self.key_id = hmac.digest(secret, b"reader key", "sha256").hex()[:8]

    def seal(self, content: bytes) -> bytes:
        """Return the age file."""
        sealed: bytes = _pyrage().encrypt(content, self._recipients)
        return sealed

    def unseal(self, content: bytes, name: str) -> bytes:
        """Return what the age file holds. Raises SyncError."""
        pyrage = _pyrage()
        try:
            opened: bytes = pyrage.decrypt(content, [self._identity])
        except pyrage.DecryptError:
            raise SyncError(f"{name} cannot be opened with this key, or is damaged") from None
        return opened

    def digest(self, sha256: bytes) -> str:
        """Return a keyed code of the digest."""
        return hmac.digest(self._names, b"segment " + sha256, "sha256").hex()[:16]

    def folder_name(self, folder: str, image: str = "") -> str:
        """Return a keyed code of the path; titles are in paths."""
        code = hmac.digest(self._names, f"{folder}\n{image}".encode(), "sha256").hex()[:32]
        return f"{names.ARTICLES}/{code[:2]}/{code}.age"

    def size_limit(self, size: int) -> int:
        """Return the size with age's header and tags."""
        return size + size // 4096 + _OVERHEAD


def inbox_identity(identity: str) -> str:
    """Return the secret key of the inbox that belongs to a key.

    Other people get its public half. It opens nothing but what they put into the inbox, and
    what they seal with it is accepted nowhere else.
    """
    return _bech32("age-secret-key-", hmac.digest(identity.encode(), b"reader inbox", "sha256"))


def inbox_recipient(identity: str) -> str:
    """Return the public key by which others seal what they put into the inbox: `age1…`."""
    return str(_pyrage().x25519.Identity.from_str(inbox_identity(identity)).to_public())


def seal_for_recipient(recipient: str, content: bytes) -> bytes:
    """Return an age file that the owner of the recipient can open. Raises UsageError."""
    pyrage = _pyrage()
    try:
        owner = pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError:
        raise UsageError("sync.share: the key of an inbox begins with age1") from None
    sealed: bytes = pyrage.encrypt(content, [owner])
    return sealed


def _bech32(prefix: str, content: bytes) -> str:
    """Return bytes in Bech32 (BIP 173), in capital letters, as age writes its secret keys."""
    bits = int.from_bytes(content) << 4
    values = [bits >> 5 * at & 31 for at in range(len(content) * 8 // 5, -1, -1)]
    checked = [ord(sign) >> 5 for sign in prefix] + [0] + [ord(sign) & 31 for sign in prefix]
    check = 1
    for value in [*checked, *values, 0, 0, 0, 0, 0, 0]:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for at, term in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= term if top >> at & 1 else 0
    values += [(check ^ 1) >> 5 * (5 - at) & 31 for at in range(6)]
    signs = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    return f"{prefix}1{''.join(signs[value] for value in values)}".upper()


def new_identity() -> str:
    """Return a new secret key of age."""
    return str(_pyrage().x25519.Identity.generate())


def lock_identity(identity: str, passphrase: str) -> bytes:
    """Return an age file of the key that the passphrase opens; takes about a second."""
    if len(passphrase) < _MIN_PASSPHRASE:
        raise UsageError(f"the passphrase needs {_MIN_PASSPHRASE} characters or more")
    sealed: bytes = _pyrage().passphrase.encrypt(identity.encode() + b"\n", passphrase)
    return sealed


def unlock_identity(content: bytes, passphrase: str) -> str:
    """Return the key in an age file. Raises SyncError; takes about a second."""
    pyrage = _pyrage()
    try:
        opened: bytes = pyrage.passphrase.decrypt(content, passphrase)
        return opened.decode("ascii").strip()
    except (pyrage.DecryptError, UnicodeDecodeError):
        raise SyncError("wrong passphrase, or the remote's key file is damaged") from None


def _pyrage() -> Any:
    try:
        import pyrage
    except ImportError:
        raise MissingExtraError("sync", "a sealed remote needs pyrage") from None
    return pyrage
