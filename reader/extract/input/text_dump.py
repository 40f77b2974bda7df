"""The copied text of a page: its article, and the sections around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reader.extract.content.sections import Line, find_sections
from reader.extract.input.plaintext import Paragraph, ParagraphKind
from reader.model.article import Related

MAX_MENU_WORD: Final = 25
"""Characters of the longest entry of a menu above a title."""
_MENU: Final = frozenset(
    "home|start|news|latest|world|local|business|politics|sport|sports|tech|technology|science|health"
    "|culture|arts|opinion|travel|weather|markets|video|videos|podcasts|about|about us|contact|contact us"
    "|search|menu|log in|login|sign in|sign up|register|subscribe|get the app|skip to content"
    "|skip to main content|skip to navigation|newsletter|newsletters|my account|help|faq|blog|shop|jobs"
    "|archive|startseite|nachrichten|politik|wirtschaft|kultur|anmelden|suche|accueil|actualités|économie"
    "|connexion|inicio|noticias|economía|deportes|iniciar sesión|notizie|accedi|início|entrar"
    "|strona główna|zaloguj|главная|новости|войти|首页|新闻|登录|ホーム|ログイン".split("|")
)
_READ_ON: Final = re.compile(
    r"(?:read (?:more|also|next)|see also|also read|related|more|lesen sie auch|lire aussi|à lire"
    r"|leia também|leggi anche|lea también): \S.{8,160}",
    re.I,
)
_SENTENCE_END: Final = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class TextDump:
    """The paragraphs of the article, the sections' content, and the lines that were left out."""

    article: list[Paragraph]
    related: tuple[Related, ...]
    tags: tuple[str, ...]
    removed: tuple[str, ...] = ()


def drop_menu(lines: Sequence[str]) -> list[str]:
    """Return the lines of a text without the menu above its title."""
    words = known = 0
    for number, line in enumerate(lines):
        text = line.strip()
        if not text:
            continue
        if len(text) > MAX_MENU_WORD or _SENTENCE_END.search(text):
            is_menu = known >= 2 and 2 * known >= words
            return list(lines[number:] if is_menu else lines)
        words += 1
        known += text.casefold() in _MENU
    return list(lines)


def split_sections(text: Sequence[Paragraph], title: str = "") -> TextDump:
    """Split a text into its article, related articles and hashtags. Linear."""
    paragraphs = [paragraph for paragraph in text if paragraph.text.strip()]
    lines = [
        Line(
            " ".join(paragraph.text.split()),
            after_gap=paragraph.after_gap,
            level=2 if paragraph.kind is ParagraphKind.HEADING else 0,
            is_literal=paragraph.kind in (ParagraphKind.CODE, ParagraphKind.VERSE),
            is_title=bool(title) and paragraph.text.strip() == title,
        )
        for paragraph in paragraphs
    ]
    found = find_sections(lines)
    numbers = found.lines()
    numbers.update(number for number, line in enumerate(lines) if _points_on(line))
    return TextDump(
        [paragraph for number, paragraph in enumerate(paragraphs) if number not in numbers],
        tuple(found.related),
        tuple(found.tags),
        tuple(lines[number].text for number in sorted(numbers)),
    )


def _points_on(line: Line) -> bool:
    """Return whether a line only names another article: "Read more: …"."""
    return (
        len(line.text) < 180
        and not line.is_literal
        and _READ_ON.fullmatch(line.text) is not None
        and _SENTENCE_END.search(line.text) is None
    )
