"""Threads of forum programs: each post with its name and date, nothing around it.

The templates of a few programs serve most forums. Where one fits, the posts are known, and no
block needs judging.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement
from lxml.html.builder import E

from reader.extract import removals
from reader.extract.dom import ElementIndex
from reader.extract.markdown.documentation import DOCUMENT, THREAD

MAX_POSTS: Final = 500
"""Posts of one page that are read; forum programs show 10 to 100."""
MAX_NAME: Final = 80
"""Characters of a writer's name that are kept."""
MIN_CHARS: Final = 20
"""Characters of the shortest thread."""
MAX_REST: Final = 4
"""The posts have at least one character in as many of the page: else some have other markup."""


def _has(name: str) -> str:
    """Return an XPath condition: the element has the class."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


@dataclass(frozen=True, slots=True)
class _Template:
    """Paths of one program; `sign` is a word that its pages contain.

    `names` are classes and ids of which posts have one; without them the sign is searched in the text.
    `author`, `date`, `body` and `votes` are searched in a post; the first element found counts.
    """

    sign: str
    posts: str
    author: str
    date: str
    body: str
    names: tuple[str, ...] = ()
    votes: str = ""
    accepted: str = ""


_TEMPLATES: Final = (
    _Template(
        "message--post",
        f"//article[{_has('message--post')}]",
        f".//*[{_has('message-name')}]",
        f".//header[{_has('message-attribution')}]//time|.//*[{_has('message-attribution-main')}]//time",
        f".//*[{_has('message-body')}]//div[{_has('bbWrapper')}]",
        names=("message--post",),
    ),
    _Template(
        "crawler-post",
        f"//*[{_has('crawler-post')}]",
        ".//*[@itemprop='author']//*[@itemprop='name']|.//*[@itemprop='author']",
        ".//time",
        f".//*[@itemprop='text']|.//div[{_has('post')}]",
        names=("crawler-post",),
    ),
    _Template(
        "cooked",
        f"//article[@data-post-id or {_has('onscreen-post')}]",
        f".//*[{_has('names')}]//a|.//*[{_has('username')}]",
        f".//*[{_has('relative-date')}]",
        f".//div[{_has('cooked')}]",
        names=("cooked",),
    ),
    _Template(
        "commentContent",
        f"//article[{_has('ipsComment')} or {_has('ipsEntry')}]",
        f".//*[{_has('cAuthorPane_author')}]|.//*[{_has('ipsEntry__username')}]",
        ".//time",
        ".//*[@data-role='commentContent']",
        names=("ipsComment", "ipsEntry"),
    ),
    _Template(
        "js-post-body",
        f"//div[@id='question']|//div[{_has('answer')} and .//div[{_has('js-post-body')}]]",
        f"(.//div[{_has('post-signature')}])[last()]//div[{_has('user-details')}]//a",
        f"(.//div[{_has('post-signature')}])[last()]//*[{_has('relativetime')}]",
        f".//div[{_has('js-post-body')}]",
        names=("js-post-body",),
        votes=f".//*[{_has('js-vote-count')}]",
        accepted="accepted-answer",
    ),
    _Template(
        "postbody",
        f"//div[{_has('post')} and .//div[{_has('postbody')}]]",
        f".//*[{_has('author')}]//*[{_has('username')} or {_has('username-coloured')}]"
        f"|.//*[{_has('postprofile')}]//*[{_has('username')} or {_has('username-coloured')}]",
        f".//*[{_has('author')}]//time|.//time",
        f".//div[{_has('postbody')}]//div[{_has('content')}]",
        names=("postbody",),
    ),
    _Template(
        "postbit",
        f"//li[{_has('postbit')} or {_has('postbitlegacy')} or {_has('postcontainer')}]",
        f".//*[{_has('username')}]",
        f".//*[{_has('postdate')}]//*[{_has('date')}]",
        f".//blockquote[{_has('postcontent')}]|.//div[{_has('postcontent')}]",
        names=("postbit", "postcontainer"),
    ),
    _Template(
        "messageText",
        f"//li[{_has('message')} and .//blockquote[{_has('messageText')}]]",
        f".//*[{_has('userText')}]//*[{_has('username')}]|.//*[{_has('username')}]",
        f".//*[{_has('DateTime')}]",
        f".//blockquote[{_has('messageText')}]",
        names=("messageText",),
    ),
    _Template(
        "postmsg",
        f"//div[{_has('blockpost')}]",
        f".//*[{_has('postleft')}]//dt//strong",
        ".//h2//a",
        f".//div[{_has('postmsg')}]",
        names=("postmsg",),
    ),
    _Template(
        "userContent",
        f"//*[{_has('ItemDiscussion')} or {_has('ItemComment')}]",
        f".//a[{_has('Username')}]",
        ".//time",
        f".//*[{_has('userContent')}]",
        names=("userContent",),
    ),
    _Template(
        "post/content",
        "//*[@component='post']",
        ".//*[@component='post/header']//a[@data-username]",
        f".//*[{_has('post-header')}]//*[{_has('timeago')}]",
        ".//*[@component='post/content']",
    ),
    _Template(
        "comment-node",
        f"//div[{_has('post-listing')}]|//article[{_has('comment-node')}]",
        f".//a[{_has('person-listing')}]",
        f".//*[{_has('moment-time')}]",
        f".//*[{_has('comment-content')}]|.//*[{_has('md-div')}]",
        names=("comment-node", "post-listing"),
    ),
    _Template(
        "CommentPost",
        f"//article[{_has('CommentPost')}]",
        f".//*[{_has('username')}]",
        ".//time",
        f".//div[{_has('Post-body')}]",
        names=("CommentPost",),
    ),
    _Template(
        "post_wrapper",
        f"//div[{_has('post_wrapper')}]",
        f".//div[{_has('poster')}]//h4//a",
        f".//div[{_has('keyinfo')}]//div[{_has('smalltext')}]",
        f".//div[{_has('post')}]//div[{_has('inner')}]",
        names=("post_wrapper",),
    ),
    _Template(
        "post_body",
        f"//div[{_has('post')} and .//div[{_has('post_body')}]]",
        f".//div[{_has('post_author')}]//strong|.//div[{_has('author_information')}]//strong",
        f".//span[{_has('post_date')}]",
        f".//div[{_has('post_body')}]",
        names=("post_body",),
    ),
    _Template(
        "post_message_",
        "//table[starts-with(@id, 'post') and number(substring(@id, 5)) >= 0]",
        f".//*[{_has('bigusername')}]",
        f".//td[{_has('thead')}]",
        ".//div[starts-with(@id, 'post_message_')]",
        names=("post_message_",),
    ),
    _Template(
        "commtext",
        f"//table[{_has('fatitem')}]|//tr[{_has('athing')} and {_has('comtr')}]",
        f".//*[{_has('hnuser')}]",
        f".//*[{_has('age')}]",
        f".//*[{_has('commtext')}]|.//*[{_has('toptext')}]",
        names=("commtext", "toptext"),
    ),
    _Template(
        "usertext-body",
        f"//div[{_has('thing')} and ({_has('link')} or {_has('comment')})]",
        f"./div[{_has('entry')}]//a[{_has('author')}]",
        f"./div[{_has('entry')}]//time",
        f"./div[{_has('entry')}]//div[{_has('usertext-body')}]",
        names=("usertext-body",),
    ),
    _Template(
        "timeline-comment",
        f"//div[{_has('timeline-comment')}]",
        f".//a[{_has('author')}]",
        ".//relative-time",
        f".//*[{_has('comment-body')}]",
        names=("timeline-comment",),
    ),
)
_TOOLS: Final = (
    f".//*[{_has('bbCodeBlock-expandLink')} or {_has('message-signature')} or {_has('signature')}]"
)
_UNSEEN: Final = frozenset(("script", "style", "noscript", "template"))
_UNCOUNTED: Final = frozenset(("a", "script", "style", "noscript"))
_LINE: Final = re.compile(r"\s+")


def mark_thread(index: ElementIndex, text: str) -> bool:
    """Put the posts of a thread into one marked container. Return whether there are any.

    `text` is the page before parsing. Linear.
    """
    root = index.root
    for template in _TEMPLATES:
        if template.names and not any(map(index.has_name, template.names)):
            # The names of a page are a hundredth of its text.
            continue
        if template.sign in text and (posts := list(_posts(root, template))):
            written = sum(len(body.text_content()) for _, body in posts)
            if written >= MIN_CHARS and MAX_REST * written >= _shown_chars(root):
                _collect(index, posts, template)
                return True
    return False


def _shown_chars(root: HtmlElement) -> int:
    """Return the characters of the page's text without links and scripts."""
    # A path with conditions on the ancestors takes five times as long.
    total = 0
    waiting = list(root.iter("body"))
    while waiting:
        element = waiting.pop()
        total += len((element.text or "").strip())
        for child in element:
            total += len((child.tail or "").strip())
            if isinstance(child.tag, str) and child.tag not in _UNCOUNTED:
                waiting.append(child)
    return total


def thread_title(root: HtmlElement, title: str) -> str:
    """Return the page's main heading if the title begins with it or ends with it."""
    for heading in root.iter("h1"):
        words = _line(heading)
        if len(words) > 3 and words in title:
            return words
    return title


def _posts(root: HtmlElement, template: _Template) -> Iterator[tuple[HtmlElement, HtmlElement]]:
    """Yield each post with its body; a post inside another one is part of it."""
    for post in root.xpath(template.posts)[:MAX_POSTS]:
        bodies = post.xpath(template.body)
        if bodies and not any(above.get(DOCUMENT) for above in post.iterancestors()):
            yield post, bodies[0]


def _collect(
    index: ElementIndex, posts: list[tuple[HtmlElement, HtmlElement]], template: _Template
) -> None:
    container = E.div()
    index.mark(container, DOCUMENT, THREAD)
    for post, body in posts:
        section = E.section()
        if (line := _name_line(post, template)) is not None:
            section.append(line)
        for tool in body.xpath(_TOOLS):
            removals.drop(tool, "control")
        content = E.div()
        content.text, body.text = body.text, None
        content.extend(list(body))
        section.append(content)
        container.append(section)
    first = posts[0][0]
    between = _branches(first, posts[-1][0])
    parent = first.getparent()
    while parent is not None and parent.tag in ("ol", "ul"):
        # A thread is never a list, even if its posts are list items.
        first, parent = parent, parent.getparent()
    if parent is not None:
        parent.insert(parent.index(first), container)
    for post, _ in posts:
        if post.getparent() is not None:
            removals.record("post details", _shown_text(post, container), container)
            post.drop_tree()
    for branch in between:
        if branch is not container and branch.getparent() is not None:
            removals.record("between posts", _shown_text(branch, container), container)


def _branches(first: HtmlElement, last: HtmlElement) -> list[HtmlElement]:
    """Return the siblings from the one that holds the first post to the one that holds the last."""
    around = [first, *first.iterancestors()]
    end = last
    for above in last.iterancestors():
        if above in around[1:]:
            start = around[around.index(above) - 1]
            return [*above[above.index(start) : above.index(end) + 1]]
        end = above
    return []


def _shown_text(element: HtmlElement, without: HtmlElement) -> str:
    """Return the text inside an element without scripts and without one part of it."""
    texts: list[str] = []
    waiting: list[HtmlElement | str] = [element]
    while waiting:
        current = waiting.pop()
        if isinstance(current, str):
            texts.append(current)
            continue
        texts.append(current.text or "")
        for child in reversed(current):
            waiting.append(child.tail or "")
            if child is not without and isinstance(child.tag, str) and child.tag not in _UNSEEN:
                waiting.append(child)
    return " ".join(texts)


def _name_line(post: HtmlElement, template: _Template) -> HtmlElement | None:
    """Return a line with the name in bold, the date and the votes; None without a name."""
    name = _first_line(post, template.author)
    name = name or (post.get("data-author") or post.get("data-username") or "")[:MAX_NAME]
    if not name:
        return None
    more = [_first_line(post, template.date)]
    if template.votes and (votes := _first_line(post, template.votes)).lstrip("-−+").isdecimal():
        more.append("1 vote" if votes == "1" else f"{votes} votes")
    if template.accepted and template.accepted in (post.get("class") or "").split():
        more.append("accepted answer")
    strong = E.strong(name)
    strong.tail = "".join(f" · {part}" for part in more if part)
    return E.p(strong)


def _first_line(post: HtmlElement, path: str) -> str:
    return next((words for found in post.xpath(path) if (words := _line(found))), "")[:MAX_NAME]


def _line(element: HtmlElement) -> str:
    return _LINE.sub(" ", element.text_content()).strip()
