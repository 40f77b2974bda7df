"""Completion scripts for bash, zsh and fish, made from the table of commands."""

from collections.abc import Callable, Mapping, Sequence

from reader.cli.options import Command


def _bash(commands: Sequence[Command]) -> str:
    cases = "\n".join(
        f"    {row.name}) words={_quoted(' '.join(option.name for option in row.options))} ;;"
        for row in commands
    )
    names = " ".join(row.name for row in commands)
    return f"""# reader: completion for bash; `reader completion bash > ~/.local/share/bash-completion/completions/reader`
_reader() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} words=
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W {_quoted(names)} -- "$word"))
    return
  fi
  case ${{COMP_WORDS[1]}} in
{cases}
  esac
  case $word in
    --*) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
    *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}}
complete -o filenames -F _reader reader
"""


def _zsh(commands: Sequence[Command]) -> str:
    names = "\n".join(f"    {_quoted(f'{row.name}:{row.help}')}" for row in commands)
    cases = "\n".join(
        f"    {row.name}) _arguments {' '.join(_quoted(_zsh_option(o.name, o.help, o.value)) for o in row.options)} '*:file:_files' ;;"
        for row in commands
    )
    return f"""#compdef reader
# reader: completion for zsh; save it as `_reader` in a folder of $fpath
_reader() {{
  local -a commands
  commands=(
{names}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case $words[2] in
{cases}
  esac
}}
_reader "$@"
"""


def _zsh_option(name: str, said: str, value: str) -> str:
    described = f"{name}[{said.replace('[', '(').replace(']', ')').replace(':', ',')}]"
    return f"{described}:{value}:" if value else described


def _fish(commands: Sequence[Command]) -> str:
    lines = [
        "# reader: completion for fish; `reader completion fish > ~/.config/fish/completions/reader.fish`"
    ]
    for row in commands:
        lines.append(
            f"complete -c reader -n __fish_use_subcommand -a {row.name} -d {_quoted(row.help)}"
        )
        for option in row.options:
            needs = " -r" if option.value else ""
            lines.append(
                f"complete -c reader -n '__fish_seen_subcommand_from {row.name}' -l {option.name[2:]}{needs} -d {_quoted(option.help)}"
            )
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """The text as one word of a shell."""
    return "'" + text.replace("'", "'\\''") + "'"


SHELLS: Mapping[str, Callable[[Sequence[Command]], str]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
}
