"""From an article that is given to the document that is shown, and to where it is opened."""

from typing import Final

from reader.model.highlight import Position
from reader.model.text import one_line
from reader.model.text_anchor import QuotedText
from reader.ui.text.blocks import Block
from reader.ui.text.document import Document, head_of
from reader.ui.text.shown import ShownArticle

_NO_BREAK: Final = "\u00a0"


def document_of(article: ShownArticle | None) -> Document:
    """The article's document with its head; an empty one for nothing."""
    return Document(article.markdown, head_for(article)) if article else Document("")


def head_for(article: ShownArticle) -> tuple[Block, ...]:
    """What stands above the text: title, one line of facts, tags, and a notice."""
    minutes = f"{article.minutes}{_NO_BREAK}min" if article.minutes else ""
    date = one_line(article.published or "").replace(" ", _NO_BREAK)
    facts = (one_line(article.byline or ""), one_line(article.site or ""), date, minutes)
    return head_of(
        one_line(article.title),
        " · ".join(fact for fact in facts if fact),
        " ".join(f"#{one_line(tag)}" for tag in article.tags),
        one_line(article.notice),
    )


def place_of(document: Document, position: Position | None) -> tuple[int, int]:
    """Block and offset of a kept place: by its words, by words like them, by its share."""
    if position is None or (not position.quote and not position.progress):
        return 0, 0
    if found := document.seek(position.quote, position.progress):
        return found
    span = QuotedText(document.plain()).find(position.quote, start=position.start)
    if span and (parts := document.spread(span.start, span.end)):
        return parts[0][:2]
    blocks = len(document.blocks)
    return min(int(blocks * position.progress), max(blocks - 1, 0)), 0
