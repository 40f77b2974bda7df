"""Neutralisation of Obsidian plug-in syntax in the text of pages and other devices.

Plug-ins run code of a note when it is opened (Dataview, Meta Bind, query blocks) or created
(Templater). A zero-width space breaks their syntax and is invisible to the reader.
"""

import re
from typing import Final

_BREAK: Final = "\u200b"
_FENCE: Final = re.compile(
    r"^((?:[ \t]*+(?:>|[-*+]|[0-9]{1,9}[.)]))*+[ \t]*+(?:`{3,}+|~{3,}+))[ \t]*+(?=([^\n]*+))",
    re.MULTILINE,
)
_INLINE: Final = re.compile(r"`(?=\s{0,200}+(?:=|\$|[A-Z_]{3,40}+\[))")
_SCHEME: Final = re.compile(
    r"(?<=\]\()(\s*+<?[a-z][a-z0-9+.-]{0,30}+):|\b(obsidian|javascript|vbscript):(?=\S)",
    re.IGNORECASE,
)
_WEB_SCHEMES: Final = ("http", "https", "mailto")
_TAG: Final = re.compile(
    r"<(?=/?(?:script|iframe|frame|object|embed|applet|style|link|meta|base|form|input|button|webview|svg)\b)",
    re.IGNORECASE,
)
_OTHERS: Final = (("<%", f"<{_BREAK}%"), ("%%", f"%{_BREAK}%"), ("![[", f"!{_BREAK}[["))
LANGUAGES: Final = frozenset(
    (
        "bash c clojure cmake cpp cs csharp css csv cuda d dart diff dockerfile elixir elm erlang"
        " fish fortran fsharp go graphql groovy haskell hcl html http ini java javascript js json"
        " json5 jsx julia kotlin latex lean less lisp lua makefile markdown matlab md nim nix"
        " objc objectivec ocaml pascal perl php plaintext powershell prolog proto protobuf ps1"
        " py python python3 r racket rb rst ruby rust rs sass scala scheme scss sh shell sol"
        " solidity sql svelte swift tcl tex text toml ts tsx txt typescript vb verilog vhdl vim"
        " vue wasm xml yaml yml zig zsh"
    ).split()
)
"""Languages that stay on code blocks. Plug-ins register others, such as `dataviewjs`."""


def neutralise(text: str) -> str:
    """Break every construct that Obsidian or a plug-in of it would run. Linear in the text."""
    for active, inert in _OTHERS:
        text = text.replace(active, inert)
    text = _FENCE.sub(_inert_fence, text)
    text = _INLINE.sub(f"`{_BREAK}", text)
    text = _TAG.sub(f"<{_BREAK}", text)
    return _SCHEME.sub(_inert_scheme, text)


def _inert_scheme(found: re.Match[str]) -> str:
    scheme = found[1] or found[2]
    is_web = scheme.strip().lstrip("<").casefold() in _WEB_SCHEMES
    return found[0] if is_web else f"{scheme}{_BREAK}:"


def _inert_fence(found: re.Match[str]) -> str:
    language = found[2].strip().split(" ")[0].casefold()
    is_known = not language or language in LANGUAGES
    return found[0] if is_known else f"{found[1]}{_BREAK}"
