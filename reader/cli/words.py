"""A pass before argparse that tells options, changes and plain words apart.

argparse takes every word that begins with `-` for an option, so `list -tag:x`, `tag ID -old` and
`--sort -published` cannot be said to it. This pass knows which options exist, gives each its
value, and hands argparse only words that mean one thing.
"""

import difflib
from collections.abc import Mapping, Sequence

from reader.model.errors import WrongUsage


def sort_words(words: Sequence[str], options: Mapping[str, bool]) -> tuple[list[str], list[str]]:
    """Split a command's words into options (`--name` or `--name=value`) and plain words.

    `options` maps each known `--name` to whether it takes a value; the next word is the value,
    even one that begins with `-`. `--` ends options. Plain words keep their order and may begin
    with one `-`. Raises WrongUsage for an unknown option or a missing value.
    """
    given: list[str] = []
    plain: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            plain.extend(rest)
            break
        if not word.startswith("--"):
            plain.append(word)
            continue
        name, equals, value = word.partition("=")
        if name not in options:
            raise WrongUsage(_unknown(name, options))
        if not options[name]:
            if equals:
                raise WrongUsage(f"{name} takes no value")
            given.append(name)
            continue
        if not equals:
            following = next(rest, None)
            if following is None:
                raise WrongUsage(f"{name} needs a value")
            value = following
        given.append(f"{name}={value}")
    return given, plain


def command_of(
    words: Sequence[str], commands: Sequence[str], options: Mapping[str, bool]
) -> tuple[str | None, list[str]]:
    """The command among the words, and the words without it; `None` where no command is named.

    The first plain word is the command; options may stand before it. Raises WrongUsage where
    that word is no command.
    """
    skip = False
    for position, word in enumerate(words):
        if skip:
            skip = False
            continue
        if word == "--":
            break
        if word.startswith("--"):
            skip = "=" not in word and options.get(word, False)
            continue
        if word not in commands:
            raise WrongUsage(_no_command(word, commands))
        return word, [*words[:position], *words[position + 1 :]]
    return None, list(words)


def _unknown(name: str, options: Mapping[str, bool]) -> str:
    near = difflib.get_close_matches(name, options, n=1)
    return f"unknown option {name}" + (f": did you mean {near[0]}?" if near else "")


def _no_command(word: str, commands: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, commands, n=1)
    hint = f"did you mean {near[0]}?" if near else "`reader --help` lists them"
    return f"no command {word!r}: {hint}"
