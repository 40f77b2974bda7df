"""Syntax highlighting of code blocks; Pygments is imported on first use."""

from typing import Final

from reader.layout.inline_text import Run
from reader.layout.text_styles import ColorRole, FontStyle

MAX_CODE_CHARS: Final = 20_000
"""Characters of a code block up to which it is colored: lexers are regular expressions."""
MAX_LINE_CHARS: Final = 500
"""Characters of a line up to which code is colored; longer lines are minified code or data."""
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
"""Languages with well-tested lexers; others stay plain, because the text may be hostile."""


def highlight_code(text: str, language: str) -> tuple[Run, ...]:
    """Return the colored runs of a code block; none if the language is unknown."""
    if language.casefold() not in LANGUAGES or len(text) > MAX_CODE_CHARS:
        return ()
    if max(map(len, text.split("\n"))) > MAX_LINE_CHARS:
        return ()
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language.casefold(), stripnl=False, ensurenl=False)
    except ClassNotFound:
        return ()
    runs: list[Run] = []
    for start, kind, words in lexer.get_tokens_unprocessed(text):
        role = _token_color(str(kind))
        if role:
            face = FontStyle.ITALIC if role is ColorRole.CODE_COMMENT else FontStyle.PLAIN
            runs.append(Run(start, start + len(words), face, color=role))
    return tuple(runs)


_TOKEN_COLORS: Final = (
    ("Token.Keyword", ColorRole.CODE_KEYWORD),
    ("Token.Operator.Word", ColorRole.CODE_KEYWORD),
    ("Token.Literal.String", ColorRole.CODE_STRING),
    ("Token.Comment", ColorRole.CODE_COMMENT),
    ("Token.Literal.Number", ColorRole.CODE_NUMBER),
    ("Token.Name.Function", ColorRole.CODE_NAME),
    ("Token.Name.Class", ColorRole.CODE_NAME),
    ("Token.Name.Decorator", ColorRole.CODE_NAME),
    ("Token.Name.Tag", ColorRole.CODE_NAME),
    ("Token.Name.Builtin", ColorRole.CODE_NAME),
    ("Token.Generic.Heading", ColorRole.CODE_KEYWORD),
    ("Token.Generic.Deleted", ColorRole.CODE_COMMENT),
    ("Token.Generic.Inserted", ColorRole.CODE_STRING),
    ("Token.Generic.Prompt", ColorRole.CODE_COMMENT),
)


def _token_color(kind: str) -> ColorRole | None:
    return next((role for name, role in _TOKEN_COLORS if kind.startswith(name)), None)
