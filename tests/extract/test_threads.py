"""Threads of forum programs: every post with its name, nothing around the posts."""

from collections.abc import Callable

import pytest

from reader.extract import extract

POSTS = (
    (
        "anna",
        "May 1, 2025",
        "I keep a clock that strikes thirteen at noon, and I have changed the rack, the snail and the lever.",
    ),
    (
        "brassbell",
        "May 2, 2025",
        "Look at the lifting piece first. Worn by a millimetre, it lets the warning run on at the longest hour.",
    ),
    (
        "carl",
        "May 3, 2025",
        "Mine did the same until I found that the hammer tail was bent, which nobody notices at one o'clock.",
    ),
)
TITLE = "A clock that strikes thirteen"
QUOTE = (
    "<blockquote class='bbCodeBlock'><div>anna said:</div><div>I keep a clock</div></blockquote>"
)


def xenforo(name: str, date: str, text: str, number: int) -> str:
    quote = QUOTE if number == 2 else ""
    return (
        f"<article class='message message--post' data-author='{name}'><div class='message-cell--user'><h4 class='message-name'><a>{name}</a></h4><h5>Member</h5><dl><dt>Messages</dt><dd>231</dd></dl></div>"
        f"<div><header class='message-attribution'><ul class='message-attribution-main'><li><time>{date}</time></li></ul><a>#{number}</a></header><article class='message-body'><div class='bbWrapper'>{quote}{text}</div></article>"
        f"<footer><a>Like</a> <a>Reply</a></footer><aside class='message-signature'><div class='bbWrapper'>Time flies.</div></aside></div></article>"
    )


def discourse(name: str, date: str, text: str, number: int) -> str:
    return f"<div id='post_{number}' class='topic-body crawler-post'><div class='crawler-post-meta'><span itemprop='author'><a><span itemprop='name'>{name}</span></a></span> <time>{date}</time> <span itemprop='position'>{number}</span></div><div class='post' itemprop='text'><p>{text}</p></div><div><span class='post-likes'>4 Likes</span></div></div>"


def invision(name: str, date: str, text: str, number: int) -> str:
    return f"<article id='elComment_{number}' class='cPost ipsBox ipsComment'><aside><h3 class='cAuthorPane_author'><a>{name}</a></h3><ul><li>Members</li><li>231 posts</li></ul></aside><div><p>Posted <time>{date}</time></p><div data-role='commentContent'><p>{text}</p></div><ul><li><a>Quote</a></li></ul></div></article>"


def stack_exchange(name: str, date: str, text: str, number: int) -> str:
    box = (
        "id='question' class='question'"
        if number == 1
        else f"class='answer{' accepted-answer' if number == 2 else ''}' data-answerid='{number}'"
    )
    return f"<div {box}><div class='votecell'><button>Up</button><div class='js-vote-count'>{number + 4}</div></div><div><div class='s-prose js-post-body'><p>{text}</p></div><div class='post-signature'><span class='relativetime'>{date}</span><div class='user-details'><a>{name}</a><span>1,204</span></div></div></div><ul class='comments-list'><li><span class='comment-copy'>Thanks for that.</span></li></ul></div>"


def phpbb(name: str, date: str, text: str, number: int) -> str:
    return f"<div id='p{number}' class='post has-profile'><dl class='postprofile'><dt><a class='username'>{name}</a></dt><dd>Posts: 231</dd></dl><div class='postbody'><h3>Re: {TITLE}</h3><p class='author'>by <a class='username'>{name}</a> » <time>{date}</time></p><div class='content'>{text}</div></div></div>"


@pytest.mark.parametrize("post", [xenforo, discourse, invision, stack_exchange, phpbb])
def test_a_thread_keeps_its_posts_with_their_names(
    post: Callable[[str, str, str, int], str],
) -> None:
    """Names, dates and votes stand above each post; ranks, signatures and other threads go."""
    posts = "".join(post(*row, number) for number, row in enumerate(POSTS, 1))
    page = (
        f"<!DOCTYPE html><html><head><title>{TITLE} | Horology</title></head><body><div><a href='/'>Home</a> <a href='/f'>Forums</a></div>"
        f"<h1>{TITLE}</h1><div>{posts}</div><div><h3>Similar threads</h3><ul><li><a href='/9'>Pendulum stops at night</a></li></ul></div>"
        "<p>You must log in or register to reply here.</p></body></html>"
    )
    article = extract(page.encode(), "https://horology.example/t/1")
    assert article.title == TITLE
    at = 0
    for name, _, text in POSTS:
        at = article.markdown.index(f"**{name}** · ", at)
        at = article.markdown.index(text, at)
    for chrome in (
        "Member",
        "231",
        "Time flies",
        "Like",
        "Quote",
        "1,204",
        "Similar",
        "Pendulum",
        "log in",
        "Thanks for that",
    ):
        assert chrome not in article.markdown
    if post is stack_exchange:
        assert "**brassbell** · May 2, 2025 · 6 votes · accepted answer" in article.markdown
    if post is xenforo:
        assert "> anna said:" in article.markdown


def test_posts_in_unknown_markup_are_not_lost() -> None:
    """Where a template fits one post of many, the page is judged block by block."""
    first = stack_exchange(*POSTS[0], 1)
    others = "".join(
        f"<div class='reply'><p>{POSTS[1][2]} {POSTS[2][2]} {number}</p></div>"
        for number in range(9)
    )
    page = f"<!DOCTYPE html><html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{first}{others}</body></html>"
    assert POSTS[1][2] in extract(page.encode(), "https://horology.example/questions/1").markdown
