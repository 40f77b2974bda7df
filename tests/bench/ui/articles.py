"""Made articles of any length: prose with links, emphasis, lists, quotes, code and tables."""

import random

_WORDS = (
    "the ferry crosses slowly under a grey morning while people talk about bridges and weather "
    "minutes harbour market conversation understanding winter timetable remarkable passengers "
    "crossing mangosteens carefully nobody waits because square room reading kept together"
)


def made_article(words: int, seed: int = 1) -> str:
    """Markdown of about so many words, the same for the same seed."""
    chance = random.Random(seed)
    vocabulary = _WORDS.split()

    def some(count: int) -> list[str]:
        return chance.choices(vocabulary, k=count)

    parts: list[str] = []
    written = block = 0
    while written < words:
        block += 1
        if block % 12 == 0:
            parts.append(f"## Of {' '.join(some(4))}")
        if block % 15 == 0:
            parts.append("\n".join(f"- {' '.join(some(14))}" for _ in range(5)))
        if block % 25 == 0:
            parts.append(f"> {' '.join(some(40))}")
        if block % 40 == 0:
            lines = (
                f"def of_{n}(cells):\n    return cells + {n}  # {some(1)[0]}" for n in range(6)
            )
            parts.append("```python\n" + "\n".join(lines) + "\n```")
        if block % 60 == 0:
            rows = (f"| {' '.join(some(6))} | {some(1)[0]} | {n} |" for n in range(6))
            parts.append("| a | b | c |\n|---|---|--:|\n" + "\n".join(rows))
        paragraph = " ".join(_sentence(some(chance.randint(8, 25)), chance) for _ in range(5))
        written += len(paragraph.split())
        parts.append(paragraph)
    return "\n\n".join(parts) + "\n"


def _sentence(words: list[str], chance: random.Random) -> str:
    if chance.random() < 0.2:
        words[3] = f"[{words[3]} {words[4]}](https://example.org/{words[5]})"
    if chance.random() < 0.2:
        words[1] = f"*{words[1]}*"
    if chance.random() < 0.05:
        words[2] = f"`{words[2]}`"
    text = " ".join(words)
    return text[0].upper() + text[1:] + "."
