"""What is on a page but never meant to be read: code, styles, and text that is not shown."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from reader.extract.content.segmenter import BLOCK_TAGS, Block, Box, collapse_whitespace, text_of

_HIDING_DECLARATION: Final = re.compile(
    r"(?:^|[;\s{])(?:display\s*:\s*none|visibility\s*:\s*hidden)\s*(?:!important\s*)?(?:[;}]|$)",
    re.I,
)
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.S)
_RULE: Final = re.compile(r"([^{}]{1,2000})\{([^{}]*)\}")
_SIMPLE: Final = re.compile(r"([a-z][a-z0-9]*)?([.#])([\w-]+)", re.I)
MAX_STYLE_CHARS: Final = 400_000
"""Characters of a page's own styles that are read."""
MAX_HIDDEN_INLINE_CHARS: Final = 80
"""Characters up to which hidden words inside a line are dropped; more may unfold on a click."""
MIN_NOSCRIPT_CHARS: Final = 400
"""Characters from which a `<noscript>` may be the text that a script would have shown."""


def hidden_elements(root: HtmlElement) -> frozenset[HtmlElement]:
    """Elements that the page itself hides: by attribute, inline style or its own style sheets.

    Of style sheets only plain `.class`, `#id` and `tag.class` rules outside media queries count.
    """
    found: set[HtmlElement] = set()
    for element in root.xpath("//*[@hidden or @style]"):
        if element.get("hidden") is not None or _HIDING_DECLARATION.search(
            element.get("style") or ""
        ):
            found.add(element)
    rules = set(_hiding_rules(root))
    if rules:
        for element in root.xpath("//body//*[@class or @id]"):
            names = [(".", name) for name in (element.get("class") or "").split()]
            names.append(("#", element.get("id") or ""))
            if any((tag, *name) in rules for name in names for tag in ("", element.tag)):
                found.add(element)
    return frozenset(element for element in found if element.tag not in ("body", "html"))


def _hiding_rules(root: HtmlElement) -> Iterator[tuple[str, str, str]]:
    read = 0
    for style in root.iter("style"):
        sheet = style.text or ""
        read += len(sheet)
        if (
            read > MAX_STYLE_CHARS
            or not _HIDING_DECLARATION.search(sheet)
            or (style.get("media") or "all") not in ("all", "screen")
        ):
            continue
        for selectors, declarations in _RULE.findall(_top_level(_COMMENT.sub("", sheet))):
            if _HIDING_DECLARATION.search(declarations):
                for selector in selectors.split(","):
                    simple = _SIMPLE.fullmatch(selector.strip())
                    if simple:
                        yield (simple[1] or "").lower(), simple[2], simple[3]


def _top_level(sheet: str) -> str:
    """The sheet without its `@` blocks, which hold for some screens only."""
    kept, depth, start, skipping = [], 0, 0, False
    for match in re.finditer(r"[{}]|@[\w-]+[^{};]*", sheet):
        mark = match[0]
        if mark[0] == "@":
            if depth == 0 and not skipping:
                kept.append(sheet[start : match.start()])
                skipping = sheet[match.end() : match.end() + 1] == "{"
                start = match.end()
        elif mark == "{":
            depth += 1
        else:
            depth = max(0, depth - 1)
            if depth == 0 and skipping:
                skipping, start = False, match.end()
    if not skipping:
        kept.append(sheet[start:])
    return "".join(kept)


def strip_code(root: HtmlElement) -> None:
    """Take comments, scripts, styles and templates out of the tree; TeX in scripts stays."""
    etree.strip_elements(
        root, etree.Comment, etree.ProcessingInstruction, "style", "template", with_tail=False
    )
    for script in list(root.iter("script")):
        if not (script.get("type") or "").startswith("math/"):
            script.drop_tree()


def drop_hidden_inline(root: HtmlElement, unseen: frozenset[HtmlElement]) -> None:
    """Take hidden words and ornaments out of the lines that they stand in.

    Dates for machines, marks for printing, signs for the eye; but never an initial letter.
    """
    for element in (*unseen, *root.xpath("//body//*[@aria-hidden='true']")):
        if element.tag in BLOCK_TAGS or element.getparent() is None:
            continue
        words = text_of(element)
        if len(words) == 1 and (element.tail or "")[:1].isalpha():
            continue
        if (
            len(words) <= MAX_HIDDEN_INLINE_CHARS
            and next(element.iter(*BLOCK_TAGS, "img"), None) is None
        ):
            element.drop_tree()


def unwrap_noscripts(root: HtmlElement) -> None:
    """Make a box of each `<noscript>` whose text the page shows nowhere else.

    Some sites have a script lay out the article, and leave it here for those without one.
    """
    elsewhere: str | None = None
    for noscript in list(root.iter("noscript")):
        said = text_of(noscript)
        if (
            len(said) < MIN_NOSCRIPT_CHARS
            or next(noscript.iter("p", "br", "li", "h2"), None) is None
        ):
            continue
        # Once for all of them: a page may hold thousands.
        if elsewhere is None:
            elsewhere = _scriptless_text(root)
        if said[:MAX_HIDDEN_INLINE_CHARS] not in elsewhere:
            noscript.tag = "div"
            elsewhere += said


def _scriptless_text(root: HtmlElement) -> str:
    """What the page says outside scripts, styles and what stands in for scripts."""
    outside = ".//body//text()[not(ancestor::noscript|ancestor::script|ancestor::style)]"
    return collapse_whitespace("".join(root.xpath(outside)))


_ROLES: Final = frozenset(
    ["navigation", "dialog", "alertdialog", "contentinfo", "search", "menu", "menubar"]
)
_COMMENTS: Final = re.compile(
    r"(?<![a-z0-9])(?:comments?|comment-?(?:list|body|content|text|area|form|section)|commentaires?|kommentare?"
    r"|disqus|respond|replies|livefyre|discuss|fb-comments?)(?![a-z])"
)
_TRIMMED: Final = " \t.:-–—|•·»›…()[]*"
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|_")
_BOILERPLATE_PHRASE: Final = re.compile(
    r"(?:advert(?:isement|ising)?s?|ad feedback|sponsored(?: content)?|anzeige|werbung|publicidad|publicité|publicidade|pubblicità|reklama|advertentie|annons|annonse|広告"
    r"|(?:article |story )?continues? (?:reading )?(?:below|after|the main story)(?: (?:the )?(?:advertisement|ad|gallery|video))?|scroll to continue(?: reading)?|continue reading(?: the main story| below)?"
    r"|click to tweet|tweet this|text size|font size|sharing is caring!?|share(?: this)?(?: (?:story|article|post|on \w+|with a friend|via \w+))*|like this story\? share it with a friend!?"
    r"|(?:copy|get) link|print(?: this)?(?: (?:page|article))?|(?:\d+ )?(?:min(?:ute)?s?|minuten|minutes|minutos) (?:read|lesezeit|de lecture|de lectura|de leitura)|(?:reading time|lesezeit|temps de lecture|tiempo de lectura|tempo de leitura):? ?(?:ca\. )?\d+ ?\w{0,8}"
    r"|loading(?: comments)?\W*|wird geladen\W*|this slideshow requires javascript|(?:please )?enable javascript.{0,60}|image \d+ of \d+|\d+/\d+|view this (?:image|post)(?: on \w+)?|view comments?|show (?:more|less)|read more|mehr anzeigen|weiterlesen|(?:zur )?bildergalerie"
    r"|subscribe|sign up|log ?in|anmelden|s'abonner|suscríbete|follow(?: us)?(?: on \w+)?|skip (?:to (?:main )?content|advertisement)|back to top|nach oben|zurück|permalink|powered by [\w. ]{2,30})",
    re.I,
)
"""A whole line of these words is never a part of what somebody wrote."""
MAX_RULE_SHARE: Final = 0.7
"""Share of a page's running text from which a rule is not believed."""


def non_article_blocks(
    blocks: Sequence[Block], boxes: Sequence[Box], unseen: frozenset[HtmlElement]
) -> set[int]:
    """Numbers of blocks that are no article text wherever they stand.

    Hidden blocks, ornaments, navigation, footers, dialogs, rows of links, blocks inside one link, and comments: boxes of
    that name below running text, without the page's heading. A rule that would take most of the
    page's running text is not believed: then the page uses these names in its own way.
    """
    running = [_prose_chars(block) for block in blocks]
    enough = MAX_RULE_SHARE * sum(running)
    headings = [number for number, block in enumerate(blocks) if block.box.element.tag == "h1"]
    first = next((number for number, size in enumerate(running) if size), len(blocks))

    def is_comments(box: Box) -> bool:
        get = box.element.get
        words = _CAMEL.sub("-", f"{get('class') or ''} {get('id') or ''}")
        return (
            box.first_block > first
            and bool(_COMMENTS.search(words.lower()))
            and not any(box.first_block <= number < box.end_block for number in headings)
        )

    rules: tuple[Callable[[Box], bool], ...] = (
        lambda box: box.element in unseen,
        lambda box: box.element.get("aria-hidden") == "true",
        lambda box: box.element.tag in ("nav", "footer") or box.element.get("role") in _ROLES,
        lambda box: box.in_link,
        is_comments,
    )
    found: set[int] = set()
    for rule in rules:
        taken: set[int] = set()
        for box in boxes:
            if box.first_block not in taken and box.end_block > box.first_block and rule(box):
                taken.update(range(box.first_block, box.end_block))
        if sum(running[number] for number in taken) < enough:
            found |= taken
    found.update(
        number
        for number, block in enumerate(blocks)
        if _is_link_row(block)
        or (len(block.text) < 80 and _BOILERPLATE_PHRASE.fullmatch(block.text.strip(_TRIMMED)))
    )
    return found


def _is_link_row(block: Block) -> bool:
    """Whether a line is links side by side and nothing else; in a list it may be a reference."""
    if block.link_count < 2 or block.linked_chars < 0.93 * len(block.text) or len(block.text) > 120:
        return False
    return block.box.element.tag not in ("li", "dd", "table", "pre", "figcaption")


def _prose_chars(block: Block) -> int:
    """The characters of a block that reads like a paragraph, else 0."""
    size = len(block.text)
    return size if size > 80 and (block.box.in_link or 3 * block.linked_chars < size) else 0
