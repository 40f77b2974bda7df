"""The way of a page from bytes to Article."""

from reader.extract import body, containers, decoding, markdown, metadata, tree
from reader.model.article import Article
from reader.model.errors import NotAnArticle
from reader.model.text import clean, count_words


def extract(page: bytes, url: str | None = None) -> Article:
    """The article of a page. Raises NotAnArticle with its reason. Same bytes, same result."""
    inside = containers.unwrap(decoding.decode(page))
    url = url or inside.url
    parsed = tree.parse(inside.html, url)
    about = metadata.read(parsed)
    chosen = body.select(parsed, about.title)
    text = clean(markdown.write(chosen.root, parsed.base_url))
    words = count_words(text)
    if not words:
        raise NotAnArticle("no text in it")
    return Article(
        title=about.title,
        markdown=text,
        words=words,
        byline=about.byline,
        site=about.site,
        published=about.published,
        modified=about.modified,
        language=about.language,
        url=url,
        canonical=about.canonical,
        description=about.description,
        tags=(*chosen.tags, *about.keywords),
        image=about.image,
        related=chosen.related,
        cut=parsed.cut or chosen.cut,
    )
