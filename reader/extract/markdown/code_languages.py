"""Programming languages of blocks of code, as their markup states them."""

import re
from typing import Final

from lxml.html import HtmlElement

_LANGUAGE_CLASS: Final = re.compile(
    r"(?:^|\s|;)(?:(?:language|lang|highlight-source|highlight-text|highlight|src)[-:]\s*|brush:\s*)"
    r"([a-z][\w+#.-]*)",
    re.I,
)
_PLAIN_TEXT: Final = frozenset((
    "text", "plaintext", "plain", "txt", "none", "nohighlight", "no-highlight", "default",
    "output", "raw", "code", "undefined", "auto", "wrapper", "line", "lines", "source",
    "block",
))  # fmt: skip
_LANGUAGES: Final = frozenset((
    "ada", "agda", "apache", "applescript", "arduino", "asm", "assembly", "astro", "awk",
    "bash", "basic", "bat", "batch", "bibtex", "c", "c++", "clojure", "clj", "cmake", "cobol",
    "coffeescript", "coffee", "console", "coq", "cpp", "crystal", "cs", "csharp", "css",
    "csv", "cuda", "cython", "d", "dart", "delphi", "diff", "docker", "dockerfile", "dotenv",
    "ebnf", "elisp", "elixir", "elm", "erlang", "ex", "f#", "fish", "forth", "fortran",
    "fsharp", "gdscript", "git", "glsl", "gleam", "go", "golang", "gradle", "graphql",
    "groovy", "haml", "handlebars", "haskell", "haxe", "hcl", "hlsl", "html", "http", "ini", "ipython", "ipython2", "ipython3",
    "ispc", "java", "javascript", "jinja", "js", "json", "json5", "jsonc", "jsx", "julia",
    "kotlin", "kt", "kusto", "latex", "lean", "lean4", "less", "lisp", "llvm", "lua",
    "makefile", "markdown", "markup", "mathematica", "matlab", "md", "mdx", "mermaid",
    "metal", "mips", "mojo", "nasm", "nginx", "nim", "nix", "objc", "objective-c",
    "objectivec", "ocaml", "odin", "pascal", "patch", "perl", "php", "pgsql", "plsql",
    "postgresql", "powershell", "prisma", "prolog", "properties", "protobuf", "proto", "ps1",
    "pug", "puppet", "py", "python", "python3", "pycon", "qml", "r", "racket", "raku", "rb",
    "reason", "regex", "rs", "rst", "ruby", "rust", "sas", "sass", "scala", "scheme", "scss",
    "sh", "shell", "shell-session", "shellsession", "smalltalk", "sol", "solidity", "sparql",
    "sql", "stata", "svelte", "svg", "swift", "systemverilog", "tcl", "terminal", "terraform",
    "tex", "toml", "ts", "tsx", "twig", "typescript", "typst", "v", "vala", "vb", "vbnet",
    "verilog", "vhdl", "vim", "vue", "wasm", "wgsl", "wolfram", "xml", "x86asm", "yaml",
    "yml", "zig", "zsh",
))  # fmt: skip
_ALIASES: Final = {
    "ipython": "python",
    "ipython2": "python",
    "ipython3": "python",
    "pycon3": "pycon",
    "html-basic": "html",
    "html-erb": "erb",
}
_KNOWN: Final = _LANGUAGES | _PLAIN_TEXT | _ALIASES.keys()
_ATTRIBUTES: Final = (
    "data-language", "data-lang", "data-code-language", "data-enlighter-language", "language",
)  # fmt: skip
_PARAMETERS: Final = "data-syntaxhighlighter-params"
"""Attribute with the options of a block in Confluence: `brush: bash; gutter: false`."""
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9+#._-]{0,30}")


def language_of(*elements: HtmlElement) -> str:
    """Return the first language that an element states, in lower case, else ""."""
    for element in elements:
        declared = _declared_language(element)
        if declared:
            declared = _ALIASES.get(declared, declared)
            return "" if declared in _PLAIN_TEXT else declared
    return ""


def _declared_language(element: HtmlElement) -> str:
    for name in _ATTRIBUTES:
        value = (element.get(name) or "").strip().lower()
        if value and _NAME.fullmatch(value):
            return value
    # Pygments in a notebook: `highlight hl-ipython3`.
    options = element.get(_PARAMETERS) or ""
    classes = re.sub(r"(?:^|\s)hl-", " ", f"{options} {element.get('class') or ''}".lower().strip())
    if not classes:
        return ""
    for found in _LANGUAGE_CLASS.finditer(classes):
        if _NAME.fullmatch(found[1]) and (found[1] in _KNOWN):
            return found[1]
    for found in _LANGUAGE_CLASS.finditer(classes):
        if _NAME.fullmatch(found[1]) and found[0].lstrip().startswith(("lang", "brush")):
            return found[1]
    words = classes.split()
    return next((word for word in words if word in _LANGUAGES or word in ("plaintext", "text")), "")


def is_language(word: str) -> bool:
    """Return whether a word names a language, as labels of code do."""
    name = word.strip().lower()
    return name in _LANGUAGES or name in _PLAIN_TEXT
