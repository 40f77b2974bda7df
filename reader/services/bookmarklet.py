"""The bookmarklet: a link that downloads the page that a browser shows.

It needs no server, and works under a strict content security policy and Trusted Types, because it
only follows a `blob:` link that it made. The file begins with a "saved from" comment, from which
`reader` takes the address, and holds open shadow roots as declarative templates.
"""

import re
from typing import Final
from urllib.parse import quote

_SOURCE: Final = r"""
(() => {
  const roots = [];
  const collect = node => node.querySelectorAll('*').forEach(element => {
    if (element.shadowRoot) { roots.push(element.shadowRoot); collect(element.shadowRoot); }
  });
  collect(document);
  const root = document.documentElement;
  const body = root.getHTML ? root.getHTML({shadowRoots: roots}) : root.innerHTML;
  const page = '<!DOCTYPE html>\n<!-- saved from ' + location.href.replace(/--/g, '-%2D') +
    ' -->\n<html lang="' + (root.lang || '').replace(/[^\w-]/g, '') +
    '"><meta charset="utf-8">' + body + '</html>';
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([page], {type: 'text/html'}));
  link.download = (document.title || 'page').replace(/[^\p{L}\p{N} ._-]+/gu, ' ').trim()
    .slice(0, 80) + '.html';
  document.documentElement.append(link);
  link.click();
  link.remove();
})()
"""


def bookmarklet() -> str:
    """Return the bookmarklet as one `javascript:` address."""
    code = re.sub(r"\n\s*", " ", _SOURCE).strip()
    return "javascript:" + quote(code, safe="()[]{}=;:,.'!?*/+|&$_-~@")
