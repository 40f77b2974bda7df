"""Addresses of articles: cleaned of tracking, and turned into ids."""

import re
import unicodedata
from contextlib import suppress
from functools import cache, lru_cache
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from reader.model.entry import EntryId
from reader.model.errors import UsageError
from reader.model.text import clean

MIN_PREFIX: Final = 4
"""Characters of a shortened id, 20 bits: among 1,000 entries one in a thousand is not unique."""
MAX_URL_LENGTH: Final = 4096
"""Characters of an address: twice the 2,048 that a sitemap allows (sitemaps.org)."""
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"

# Parameters that only tell a site where its visitor came from. Collected from the public lists of
# Firefox (query stripping), ClearURLs (global rules) and Brave; only names with no other use.
_TRACKING: Final = (
    r"(?:utm|hsa|mtm|pk|piwik|matomo|stm|itm|ga|vero|oly|wt|at_custom|ns|trk|hmb|guce)_[\w.-]+"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|ysclid|twclid|ttclid|igshid|igsh"
    r"|li_fat_id|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|__hssc|__hstc|__hsfp|hsctatracking|vero_conv"
    r"|vero_id|_openstat|oft_id|oft_k|oft_lk|oft_d|oft_c|oft_ck|oft_ids|oft_sk|rb_clickid|s_cid"
    r"|ml_subscriber|ml_subscriber_hash|wickedid|wicked_source|cmpid|ncid|icid|__twitter_impression"
    r"|_ga|_gl|sc_cid|epik|ef_id|s_kwcid|dm_i|srsltid|zanpid|fb_action_ids|fb_action_types|fb_ref"
    r"|fb_source|action_object_map|action_type_map|action_ref_map|_branch_match_id|_branch_referrer"
    r"|spm|mbid|sr_share|cvid|oicd|otc|__s|bsft_[\w]+|itm|unicorn_click_id|guccounter"
)
_PLAIN_HOST: Final = r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?=[/?#]|\Z)"
"""A host without user, port, capitals or escapes: ⏱ a tenth of the time of `urlsplit`."""
_PLAIN_URL: Final = (
    r"(https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+)((?:/[\w.~%!$&'()*+,;=:@/-]*)?)"
    r"(?:\?([\w.~%!$&'()*+,;=:@/?-]*))?"
)
"""An address without user, port, fragment, capitals in the host and letters beyond ASCII."""
_DOTS: Final = "[.\u3002\uff0e\uff61]"
_DEVIATIONS: Final = frozenset("ß\u1e9eς\u200c\u200d")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def is_web_url(url: str) -> bool:
    """Return whether the text begins like a web address."""
    return url[:8].casefold().startswith(("http://", "https://"))


@cache
def _plain_host() -> re.Pattern[str]:
    return re.compile(_PLAIN_HOST)


@cache
def _plain_url() -> re.Pattern[str]:
    return re.compile(_PLAIN_URL, re.ASCII)


@cache
def _named_host() -> re.Pattern[str]:
    return re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30}://(?:[^/?#@]*+@)?)([^/?#:@\[\]]+)")


@cache
def _not_uri_character() -> re.Pattern[str]:
    return re.compile(r"[^\w\-.~:/?#\[\]@!$&'()*+,;=%]|%(?![0-9A-Fa-f]{2})", re.ASCII)


@cache
def _tracking() -> re.Pattern[str]:
    # Compiled when it is first needed: ⏱ 2 ms.
    return re.compile(_TRACKING, re.IGNORECASE)


@lru_cache(maxsize=4096)
def clean_url(url: str) -> str:
    """Return the address without tracking parameters, user information, default port and fragment.

    Scheme and host are lower case, an empty path is `/`, a fragment stays only where it is a
    route (`#!…`, `#/…`); parameters keep their order. Raises UsageError for anything but http
    and https with a host.
    """
    text = clean(url).strip()
    if len(text) > MAX_URL_LENGTH:
        raise UsageError(f"the address is longer than {MAX_URL_LENGTH} characters")
    # ⏱ Nearly all addresses of an export: a third of the time of splitting them.
    plain = _plain_url().fullmatch(text)
    if plain:
        query = _without_tracking(plain[3]) if plain[3] else ""
        return f"{plain[1]}{plain[2] or '/'}{'?' if query else ''}{query}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UsageError(f"not an address: {text[:120]!r}") from None
    scheme = parts.scheme.casefold()
    if scheme not in _DEFAULT_PORTS or not host or re.search(r"[\s<>\"\\^`{}|]", parts.netloc):
        raise UsageError(f"not a web address: {text[:120]!r}: http:// or https:// is needed")
    netloc = f"[{host}]" if ":" in host else _ascii_host(host)
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        netloc += f":{port}"
    query = _without_tracking(parts.query)
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    whole = urlunsplit(SplitResult(scheme, netloc, parts.path or "/", query, fragment))
    return re.sub(r"[\s<>\"]", lambda m: "".join(f"%{byte:02X}" for byte in m[0].encode()), whole)


def _without_tracking(query: str) -> str:
    is_tracking = _tracking().fullmatch
    return "&".join(
        pair for pair in query.split("&") if pair and not is_tracking(pair.partition("=")[0])
    )


def without_credentials(url: str) -> str:
    """Return the address without user name and password, which no record or export may hold."""
    if "@" not in url:
        return url
    scheme, separator, rest = url.partition("://")
    end = min((at for at in map(rest.find, "/?#\\") if at >= 0), default=len(rest))
    _, at, host = rest[:end].rpartition("@")
    return f"{scheme}://{host}{rest[end:]}" if separator and at else url


def ascii_host(host: str) -> str:
    """Return a host name as sent in requests; raises UnicodeError for other text.

    `ß`, `ς` and the joiners stay letters, as in browsers; the codec of the standard
    library follows IDNA 2003, which writes `ss` for `ß`. Source: UTS 46, non-transitional.
    """
    if host.isascii():
        return host.encode("idna").decode("ascii")
    labels = []
    for label in re.split(_DOTS, host):
        if _DEVIATIONS.isdisjoint(label):
            labels.append(label.encode("idna").decode("ascii"))
            continue
        text = unicodedata.normalize("NFKC", label.lower())
        name = f"xn--{text.encode('punycode').decode('ascii')}"
        if len(name) > 63:
            raise UnicodeError("label too long")
        labels.append(name)
    return ".".join(labels)


def _ascii_host(host: str) -> str:
    if host.isascii():
        return host.rstrip(".") or host
    try:
        return ascii_host(host).rstrip(".")
    except UnicodeError:
        raise UsageError(f"not a web address: the host {host[:80]!r} is not a name") from None


def encode_url(url: str) -> str:
    """Return the address as a URI: its host by IDNA, all else that no URI holds percent-encoded.

    Works for other schemes and relative addresses, too; never raises.
    """
    host = None if url.isascii() else _named_host().match(url)
    if host:
        with suppress(UnicodeError):
            url = f"{host[1]}{ascii_host(host[2])}{url[host.end() :]}"
    return _not_uri_character().sub(lambda found: quote(found[0], safe=""), url)


def id_for(url: str | None, content: bytes = b"") -> EntryId:
    """Return the id of the article at `url`, or of the bytes without an address.

    The first 60 bits of the SHA-256 of the cleaned URL (or of the bytes), in Crockford's base32.
    """
    import hashlib  # ⏱ 3 ms, and a mark makes no id.

    digest = hashlib.sha256(clean_url(url).encode() if url is not None else content).digest()
    bits = int.from_bytes(digest[:8], "big") >> 4
    pairs = _digit_pairs()
    return EntryId("".join([pairs[bits >> shift & 1023] for shift in (50, 40, 30, 20, 10, 0)]))


@cache
def _digit_pairs() -> list[str]:
    """Return the two digits of each 10 bits: ⏱ a third of the time of single ones."""
    return [first + second for first in _ALPHABET for second in _ALPHABET]


def host_of(url: str | None) -> str:
    """Return the host without `www.`, for display and comparison; empty if there is none."""
    if not url:
        return ""
    plain = _plain_host().match(url)
    if plain:
        return plain[1].removeprefix("www.")
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")
