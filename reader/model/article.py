"""The article that extraction makes of a page."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Related:
    """An article that the page itself names as related."""

    title: str
    source: str | None = None
    age: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ImageFile:
    """An image that is kept with its article.

    `name` is its file: `images/<sha256[:16]>.<type>`. The Markdown uses that name for what came
    inside the page's container (SingleFile, MHTML, mail), else the address in `of`.
    """

    name: str
    content: bytes = field(repr=False)
    source_url: str = ""

    @property
    def destination(self) -> str:
        """The destination in the Markdown that this picture is for."""
        return self.source_url or self.name


@dataclass(frozen=True, slots=True)
class RemovedText:
    """A visible text left out of an article, and the rule for it."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """A page's article; all text is cleaned, all links are absolute `http`, `https` or `mailto`.

    `byline` is one string, names joined by `, `. `published` and `modified` are ISO 8601 as
    precise as the page says. `tags` are suggestions from the page's hashtags and keywords.
    `cut` says that something had to be left out (too deep, too large). `page_type` names a page that
    is not a single article: thread, listing, product, or page for others.
    """

    title: str
    markdown: str = field(repr=False)
    words: int
    byline: str | None = None
    site: str | None = None
    published: str | None = None
    modified: str | None = None
    language: str | None = None
    url: str | None = None
    canonical: str | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    related: tuple[Related, ...] = ()
    images: tuple[ImageFile, ...] = ()
    cut: bool = False
    page_type: str | None = None
    removed: tuple[RemovedText, ...] = field(default=(), repr=False)

    @property
    def remark(self) -> str:
        """A sentence for the user about what was saved; empty for a whole article."""
        if self.cut:
            return "the page was too large or too deep: some of it was left out"
        return _PAGE_REMARKS.get(self.page_type or "", "")


_PAGE_REMARKS = {
    "thread": "the page is a discussion: its posts were saved",
    "listing": "the page is a list, not an article: its entries were saved",
    "product": "the page shows a product, not an article: its description was saved",
    "page": "the page is not a single article: its texts were saved",
}
