#!/bin/sh
# courlan 1.4.0 (which trafilatura uses for links): `clean_url` and `normalize_url` replace parts of
# addresses. A query is decoded as UTF-8 and encoded again, so bytes that are not UTF-8 become U+FFFD:
# "?q=%E9t%E9" (été in Latin-1) is "?q=%EF%BF%BDt%EF%BF%BD" afterwards. Searches, forums and catalogues in
# Latin-1, windows-1251, Shift_JIS or EUC have such addresses, and RFC 3986 (2.5) leaves the encoding to the
# site. Other words of one length become one address: of three Russian sections one is left after
# removal of duplicates, and that one leads nowhere. A query without "=" ("?12345") is removed whole, so
# all pages of a forum that counts so become its front page. The README announces "basic
# canonicalization", and says of `strict` only that it removes components; this is without `strict`.
# url-normalize 3.1.0 and w3lib 2.5.0 keep the bytes.
# For a program that follows links: compare by courlan's form, fetch by the address as it was.
# Fails once the sections stay apart or the query without "=" stays.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check courlan==1.4.0 url-normalize==3.1.0 w3lib==2.5.0
"$folder/venv/bin/python" - <<'PY'
import sys
from urllib.parse import quote

from courlan import clean_url, normalize_url
from url_normalize import url_normalize
from w3lib.url import canonicalize_url

SECTIONS = {word: f"https://example.org/list?section={quote(word.encode('cp1251'))}" for word in ("море", "небо", "поле")}
FORUM = "https://example.org/forum/?12345"
LATIN = "https://example.org/search?q=%E9t%E9"
cleaned = {}
for url in (LATIN, *SECTIONS.values(), FORUM):
    cleaned[url] = clean_url(url)
    print(url)
    print("   courlan:", cleaned[url], "(both functions)" if normalize_url(url) == cleaned[url] else normalize_url(url))
    print("   url-normalize:", url_normalize(url), " w3lib:", canonicalize_url(url))
sections = {cleaned[url] for url in SECTIONS.values()}
print(f"{len(SECTIONS)} sections, {len(sections)} after cleaning")
if len(sections) == len(SECTIONS) or "12345" in cleaned[FORUM]:
    sys.exit("the addresses stay apart: this finding is outdated")
PY
