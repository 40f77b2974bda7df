"""Completion scripts for bash, zsh and fish, generated from the command table.

The scripts ask `reader` itself for tags and ids. A tag may hold any text of a user or a page, so
the shell never expands one.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from reader.cli.command_table import Command, Option

_MAX_IDS: Final = 200
"""Ids offered as completions."""


def _word_kind(row: Command) -> str:
    """Return the kind of the command's plain words: `choice`, `file`, `id`, `change` or empty."""
    if row.choices:
        return "choice"
    if "SOURCE" in row.words or "FILE" in row.words:
        return "file"
    if "+new" in row.words:
        return "change"
    return "id" if row.words.startswith("ID") else ""


def _value_kind(option: Option) -> str:
    """Return the kind of the option's value: `choice`, `file`, `tag` or empty."""
    if option.choices:
        return "choice"
    return {"PATH": "file", "FILE": "file", "TAG": "tag"}.get(option.value, "")


def _bash(commands: Sequence[Command]) -> str:
    values, plains, options = [], [], []
    for row in commands:
        names = " ".join(option.name for option in row.options)
        options.append(f"    {row.name}) offered={_shell_quote(names)} ;;")
        for option in row.options:
            if option.value:
                does = _BASH[_value_kind(option)].format(
                    words=_shell_quote(" ".join(option.choices))
                )
                values.append(f"    {row.name}:{option.name}) {does}; return ;;")
        if kind := _word_kind(row):
            does = _BASH[kind].format(words=_shell_quote(" ".join(row.choices)))
            plains.append(f"    {row.name}) {does} ;;")
    parts = {
        "NAMES": _shell_quote(" ".join(row.name for row in commands)),
        "VALUES": "\n".join(values),
        "OPTIONS": "\n".join(options),
        "PLAINS": "\n".join(plains),
        "NEWEST": str(_MAX_IDS),
    }
    return _fill_template(_BASH_SCRIPT, parts)


_BASH: Final = {
    "choice": "_reader_words {words}",
    "file": "_reader_files",
    "tag": "_reader_tags ''",
    "id": "_reader_ids",
    "change": 'case $word in [+-]*) _reader_tags "${{word:0:1}}" ;; *) _reader_ids ;; esac',
    "": ":",
}
# `compgen -W` would expand the text of a tag, so tags and ids are compared line by line.
_BASH_SCRIPT: Final = """\
# reader: completion for bash; `reader completion bash > ~/.local/share/bash-completion/completions/reader`
_reader_words() {
  COMPREPLY=($(compgen -W "$1" -- "$word"))
}
_reader_files() {
  compopt -o filenames 2>/dev/null  # the bash of macOS has none
  local line
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$word")
}
_reader_tags() {
  local line
  while IFS= read -r line; do
    line=$1${line%  *}
    [[ $line == "$word"* ]] && COMPREPLY+=("$(printf %q "$line")")
  done < <(reader tags 2>/dev/null)
}
_reader_ids() {
  local line
  while IFS= read -r line; do
    line=${line%%  *}
    [[ $line == "$word"* ]] && COMPREPLY+=("$line")
  done < <(reader list --limit @NEWEST@ 2>/dev/null)
}
_reader() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} offered=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    _reader_words @NAMES@
    return
  fi
  case ${COMP_WORDS[1]}:$before in
@VALUES@
  esac
  case ${COMP_WORDS[1]} in
@OPTIONS@
  esac
  case $word in --*) _reader_words "$offered"; return ;; esac
  case ${COMP_WORDS[1]} in
@PLAINS@
  esac
}
complete -F _reader reader
"""


def _zsh(commands: Sequence[Command]) -> str:
    cases = []
    for row in commands:
        words = [_zsh_option(option) for option in row.options]
        if kind := _word_kind(row):
            words.append(f"*:{kind}:{_ZSH[kind].format(words=' '.join(row.choices))}")
        given = " ".join(map(_shell_quote, words))
        cases.append(
            f"    {row.name}) _arguments -s : {given} ;;" if words else f"    {row.name}) ;;"
        )
    parts = {
        "NAMES": "\n".join(f"    {_shell_quote(f'{row.name}:{row.help}')}" for row in commands),
        "CASES": "\n".join(cases),
        "NEWEST": str(_MAX_IDS),
    }
    return _fill_template(_ZSH_SCRIPT, parts)


def _zsh_option(option: Option) -> str:
    help_text = option.help.replace("[", "(").replace("]", ")").replace(":", ",")
    described = f"{'*' if option.is_repeatable else ''}{option.name}[{help_text}]"
    if not option.value:
        return described
    does = _ZSH[_value_kind(option)].format(words=" ".join(option.choices))
    return f"{described}:{option.value}:{does}"


_ZSH: Final = {
    "choice": "({words})",
    "file": "_files",
    "tag": "_reader_tags",
    "id": "_reader_ids",
    "change": "_reader_changes",
    "": " ",
}
_ZSH_SCRIPT: Final = """\
#compdef reader
# reader: completion for zsh; save it as `_reader` in a folder of $fpath
_reader_signed() {
  local -a found
  found=(${${(f)"$(reader tags 2>/dev/null)"}%  *})
  compadd -M 'm:{a-z}={A-Z}' -- "$1${^found[@]}"
}
_reader_tags() {
  _reader_signed ''
}
_reader_ids() {
  local -a lines found
  lines=(${(f)"$(reader list --limit @NEWEST@ 2>/dev/null)"})
  found=(${lines%%  *})
  compadd -l -d lines -a -- found
}
_reader_changes() {
  case $PREFIX in
    [+-]*) _reader_signed ${PREFIX[1]} ;;
    *) _reader_ids ;;
  esac
}
_reader() {
  local -a commands
  commands=(
@NAMES@
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local name=$words[2]
  shift words
  (( CURRENT-- ))
  case $name in
@CASES@
  esac
}
if [[ $funcstack[1] == _reader ]]; then
  _reader "$@"
else
  compdef _reader reader
fi
"""


def _fish(commands: Sequence[Command]) -> str:
    lines = [
        f"complete -c reader -n __fish_use_subcommand -a {row.name} -d {_shell_quote(row.help)}"
        for row in commands
    ]
    for row in commands:
        here = f"complete -c reader -n '__fish_seen_subcommand_from {row.name}'"
        if kind := _word_kind(row):
            lines.append(f"{here} {_FISH[kind].format(words=_shell_quote(' '.join(row.choices)))}")
        for option in row.options:
            kind = _value_kind(option)
            takes = _FISH[kind].format(words=_shell_quote(" ".join(option.choices)))
            value = f" -{'r' if kind == 'file' else 'x'} {takes}" if option.value else ""
            lines.append(f"{here} -l {option.name[2:]}{value} -d {_shell_quote(option.help)}")
    return _fill_template(_FISH_SCRIPT, {"LINES": "\n".join(lines), "NEWEST": str(_MAX_IDS)})


_FISH: Final = {
    "choice": "-a {words}",
    "file": "-F",
    "tag": "-a '(__reader_tags)'",
    "id": "-a '(__reader_ids)'",
    "change": "-a '(__reader_ids) (__reader_changes)'",
    "": "",
}
_FISH_SCRIPT: Final = """\
# reader: completion for fish; `reader completion fish > ~/.config/fish/completions/reader.fish`
function __reader_tags
    reader tags 2>/dev/null | string replace -r '  \\d+$' ''
end
function __reader_changes
    set -l sign (string sub -l 1 -- (commandline -ct))
    contains -- "$sign" + -; and reader tags 2>/dev/null | string replace -r '^(.*)  \\d+$' "$sign\\$1"
end
function __reader_ids
    reader list --limit @NEWEST@ 2>/dev/null | string replace -r '^(\\S+)  ' '$1\\t'
end
complete -c reader -f
@LINES@
"""


def _fill_template(script: str, parts: Mapping[str, str]) -> str:
    for name, part in parts.items():
        script = script.replace(f"@{name}@", part)
    return script


def _shell_quote(text: str) -> str:
    """Quote the text as one word of a shell."""
    return "'" + text.replace("'", "'\\''") + "'"


SHELLS: Mapping[str, Callable[[Sequence[Command]], str]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
}
