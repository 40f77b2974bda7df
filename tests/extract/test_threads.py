"""Threads of forum programs: every post with its name, nothing around the posts."""

import re
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


def discourse_app(name: str, date: str, text: str, number: int) -> str:
    return f"<div class='topic-post clearfix regular'><article id='post_{number}' data-post-id='{number}' class='boxed onscreen-post'><div class='names trigger-user-card'><span class='first username'><a>{name}</a></span></div><div class='post-infos'><a class='post-date'><span class='relative-date'>{date}</span></a></div><div class='regular contents'><div class='cooked'><p>{text}</p></div><nav><button>Like</button></nav></div></article></div>"


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


def vbulletin(name: str, date: str, text: str, number: int) -> str:
    return f"<table id='post{number}' class='tborder'><tr><td class='thead'>{date}</td></tr><tr><td class='alt2'><a class='bigusername'>{name}</a><div>Senior Member</div><div>Posts: 231</div></td><td class='alt1'><div id='post_message_{number}'>{text}</div><div>Time flies.</div><a>Quote</a></td></tr></table>"


def hacker_news(name: str, date: str, text: str, number: int) -> str:
    return f"<table><tr class='athing comtr' id='{number}'><td class='default'><div><span class='comhead'><a class='hnuser'>{name}</a> <span class='age'><a>{date}</a></span></span></div><div class='comment'><div class='commtext c00'>{text}</div><div class='reply'><a>reply Like</a></div></div></td></tr></table>"


def old_reddit(name: str, date: str, text: str, number: int) -> str:
    kind = "link" if number == 1 else "comment"
    return f"<div class='thing {kind}'><div class='entry'><p class='tagline'><a class='author'>{name}</a> <span>231 points</span> <time>{date}</time></p><div class='usertext-body'><div class='md'><p>{text}</p></div></div><ul><li><a>Like</a></li></ul></div><div class='child'></div></div>"


def github(name: str, date: str, text: str, number: int) -> str:
    return f"<div class='timeline-comment'><div class='timeline-comment-header'><a class='author'>{name}</a> commented <relative-time>{date}</relative-time><span>Member</span></div><div class='comment-body markdown-body'><p>{text}</p></div><div>Like 231</div></div>"


def old_xenforo(name: str, date: str, text: str, number: int) -> str:
    return f"<li id='post-{number}' class='sectionMain message  ' data-author='{name}'><div class='messageUserInfo'><h3 class='userText'><a class='username'>{name}</a><em>Member</em></h3></div><div class='messageInfo'><div class='messageContent'><blockquote class='messageText ugc'>{text}</blockquote></div><div class='messageMeta'><a class='username author'>{name}</a>, <span class='DateTime'>{date}</span> <a>Like</a></div></div></li>"


def invision_five(name: str, date: str, text: str, number: int) -> str:
    return f"<article id='elComment_{number}' class='\n ipsEntry js-ipsEntry ipsEntry--post'><aside><h3 class='ipsEntry__username'><a>{name}</a></h3><div>Members</div><ul><li>231 posts</li></ul></aside><div class='ipsEntry__content'><span><time>{date}</time></span><div data-role='commentContent'><p>{text}</p></div><menu><a>Quote</a></menu></div></article>"


def fluxbb(name: str, date: str, text: str, number: int) -> str:
    return f"<div id='p{number}' class='blockpost roweven'><h2><span><span class='conr'>#{number}</span> <a>{date}</a></span></h2><div class='box'><div class='postbody'><div class='postleft'><dl><dt><strong>{name}</strong></dt><dd>Member</dd><dd>Posts: 231</dd></dl></div><div class='postright'><h3>{TITLE}</h3><div class='postmsg'><p>{text}</p></div></div></div></div></div>"


def vanilla(name: str, date: str, text: str, number: int) -> str:
    kind = "ItemDiscussion" if number == 1 else "ItemComment"
    return f"<div class='Item {kind}'><div class='AuthorWrap'><a class='PhotoWrap'></a><a class='Username'>{name}</a><span class='Rank'>Member</span></div><div class='Meta'><time>{date}</time></div><div class='Item-Body'><div class='Message userContent'><p>{text}</p></div><div class='Reactions'>Like 231</div></div></div>"


def nodebb(name: str, date: str, text: str, number: int) -> str:
    return f"<li component='post' data-index='{number}' data-username='{name}'><div class='post-header'><a>{name}</a> <span class='timeago'>{date}</span></div><div class='content' component='post/content'><p>{text}</p></div><div><a>Like</a> <a>Quote</a> 231</div></li>"


def lemmy(name: str, date: str, text: str, number: int) -> str:
    return f"<article class='details comment-node'><div><a class='person-listing'><span>{name}</span></a> <span class='moment-time'>{date}</span> <span>231</span></div><div class='comment-content'><div class='md-div'><p>{text}</p></div></div><button>Like</button></article>"


@pytest.mark.parametrize(
    "post",
    [
        xenforo,
        old_xenforo,
        invision_five,
        fluxbb,
        vanilla,
        nodebb,
        lemmy,
        discourse,
        invision,
        stack_exchange,
        phpbb,
        vbulletin,
        hacker_news,
        old_reddit,
        github,
    ],
)
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
    if post in (old_xenforo, nodebb):
        page = page.replace(posts, f"<ol>{posts}</ol>")
    article = extract(page.encode(), "https://horology.example/t/1")
    assert article.title == TITLE
    assert article.markdown.startswith("**")
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


@pytest.mark.parametrize("post", [stack_exchange, discourse_app])
def test_a_thread_saved_without_its_data_attributes_is_read(
    post: Callable[[str, str, str, int], str],
) -> None:
    """Some programs save only the attributes that show."""
    posts = "".join(post(*row, number) for number, row in enumerate(POSTS, 1))
    posts = re.sub(r" data-[a-z-]+='[^']*'", "", posts)
    page = f"<!DOCTYPE html><html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div>{posts}</div></body></html>"
    markdown = extract(page.encode(), "https://horology.example/questions/1").markdown
    for name, _, text in POSTS:
        assert f"**{name}** · " in markdown
        assert text in markdown


def test_posts_in_unknown_markup_are_not_lost() -> None:
    """Where a template fits one post of many, the page is judged block by block."""
    first = stack_exchange(*POSTS[0], 1)
    others = "".join(
        f"<div class='reply'><p>{POSTS[1][2]} {POSTS[2][2]} {number}</p></div>"
        for number in range(9)
    )
    page = f"<!DOCTYPE html><html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{first}{others}</body></html>"
    assert POSTS[1][2] in extract(page.encode(), "https://horology.example/questions/1").markdown


def test_profiles_in_unknown_markup_are_left_out() -> None:
    """What a forum says of the writers is no text: joined, posts, ranks; their names stay."""
    posts = "".join(
        f"<div><div><a href='/u/{name}'>{name}</a></div><div>Senior Member</div><div>Joined Jan 2015</div><div>Messages 1,23{number}</div><div>Reaction score 45</div><div>#{number}</div><div>{text} {POSTS[number % 3][2]}</div></div>"
        for number, (name, _, text) in enumerate(POSTS, 1)
    )
    page = f"<!DOCTYPE html><html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div>{posts}</div></body></html>"
    text = extract(page.encode(), "https://horology.example/t/1").markdown
    for name, _, words in POSTS:
        assert name in text
        assert words in text
    for chrome in ("Member", "Joined", "Messages", "Reaction", "#2"):
        assert chrome not in text
