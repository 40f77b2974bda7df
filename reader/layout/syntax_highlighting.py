"""Colours of source code, as runs over its text; Pygments is imported when first needed."""

from typing import Final

from reader.layout.inline_parser import Run
from reader.layout.text_styles import Face, Ink

MAX_CODE: Final = 20_000
"""Characters of one listing up to which it is coloured: lexers are regular expressions."""
MAX_LINE: Final = 500
LANGUAGES: Final = frozenset(
    [
        "python",
        "py",
        "python3",
        "pycon",
        "c",
        "cpp",
        "c++",
        "cc",
        "h",
        "hpp",
        "csharp",
        "cs",
        "java",
        "kotlin",
        "kt",
        "scala",
        "groovy",
        "swift",
        "objective-c",
        "objc",
        "go",
        "golang",
        "rust",
        "rs",
        "zig",
        "d",
        "nim",
        "javascript",
        "js",
        "jsx",
        "typescript",
        "ts",
        "tsx",
        "json",
        "json5",
        "jsonc",
        "html",
        "xml",
        "svg",
        "css",
        "scss",
        "sass",
        "less",
        "php",
        "ruby",
        "rb",
        "perl",
        "pl",
        "lua",
        "r",
        "julia",
        "jl",
        "matlab",
        "octave",
        "haskell",
        "hs",
        "ocaml",
        "ml",
        "fsharp",
        "f#",
        "erlang",
        "elixir",
        "ex",
        "clojure",
        "clj",
        "lisp",
        "common-lisp",
        "scheme",
        "racket",
        "elisp",
        "emacs-lisp",
        "sql",
        "postgresql",
        "mysql",
        "sqlite3",
        "bash",
        "sh",
        "shell",
        "zsh",
        "fish",
        "console",
        "shell-session",
        "powershell",
        "ps1",
        "bat",
        "batch",
        "make",
        "makefile",
        "cmake",
        "docker",
        "dockerfile",
        "nginx",
        "apache",
        "ini",
        "toml",
        "yaml",
        "yml",
        "diff",
        "patch",
        "tex",
        "latex",
        "markdown",
        "md",
        "rst",
        "vim",
        "viml",
        "awk",
        "sed",
        "assembly",
        "nasm",
        "gas",
        "asm",
        "llvm",
        "glsl",
        "hlsl",
        "verilog",
        "vhdl",
        "fortran",
        "pascal",
        "delphi",
        "ada",
        "cobol",
        "basic",
        "dart",
        "solidity",
        "graphql",
        "protobuf",
        "proto",
        "thrift",
        "hcl",
        "terraform",
        "nix",
        "prolog",
        "tcl",
        "http",
    ]
)
"""Languages whose lexers are much used; others stay plain, because a lexer meets hostile text."""


def coloured(text: str, language: str) -> tuple[Run, ...]:
    """Runs of a listing's words that have a colour; none where the language is not known."""
    if language.casefold() not in LANGUAGES or len(text) > MAX_CODE:
        return ()
    if max(map(len, text.split("\n"))) > MAX_LINE:
        return ()
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language.casefold(), stripnl=False, ensurenl=False)
    except ClassNotFound:
        return ()
    runs: list[Run] = []
    for start, kind, words in lexer.get_tokens_unprocessed(text):
        ink = _ink(str(kind))
        if ink:
            face = Face.ITALIC if ink is Ink.CODE_COMMENT else Face.PLAIN
            runs.append(Run(start, start + len(words), face, ink=ink))
    return tuple(runs)


_INKS: Final = (
    ("Token.Keyword", Ink.CODE_KEYWORD),
    ("Token.Operator.Word", Ink.CODE_KEYWORD),
    ("Token.Literal.String", Ink.CODE_STRING),
    ("Token.Comment", Ink.CODE_COMMENT),
    ("Token.Literal.Number", Ink.CODE_NUMBER),
    ("Token.Name.Function", Ink.CODE_NAME),
    ("Token.Name.Class", Ink.CODE_NAME),
    ("Token.Name.Decorator", Ink.CODE_NAME),
    ("Token.Name.Tag", Ink.CODE_NAME),
    ("Token.Name.Builtin", Ink.CODE_NAME),
    ("Token.Generic.Heading", Ink.CODE_KEYWORD),
    ("Token.Generic.Deleted", Ink.CODE_COMMENT),
    ("Token.Generic.Inserted", Ink.CODE_STRING),
    ("Token.Generic.Prompt", Ink.CODE_COMMENT),
)


def _ink(kind: str) -> Ink | None:
    return next((ink for name, ink in _INKS if kind.startswith(name)), None)
