"""One invented article in many kinds of markup, with the sections that sites put around one.

Each dress is a function from the content to a page. What must come out is the same for all.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from textwrap import wrap
from typing import Final

Dress = Callable[["Content"], bytes]


@dataclass(frozen=True, slots=True)
class Card:
    """A related article as a site shows it; `path` is its address below the site's."""

    source: str
    age: str
    title: str
    teaser: str
    path: str


@dataclass(frozen=True, slots=True)
class Words:
    """The wording of the labels around the article."""

    tags: str = "Hashtags"
    promotion: str = "Try Our AI Features"
    offer: str = "Explore what Quayside AI can do for you:"
    comments: str = "Comments"
    no_comments: str = "No comments yet..."
    related: str = "Related Articles"


@dataclass(frozen=True, slots=True)
class Content:
    """The article, and everything that stands around it."""

    title: str
    paragraphs: Sequence[str]
    cards: Sequence[Card]
    hashtags: Sequence[str] = ()
    words: Words = field(default_factory=Words)
    language: str = "en"


SITE: Final = "https://quayside.example"
FOOTER: Final = (
    "All rights reserved. By reading on you accept our terms, our privacy notice and the rules"
    " of the harbour office, which may change without further notice."
)
NAVIGATION: Final = ("Home", "Harbour", "Weather", "Markets", "Log in", "Get the app")
NEVER: Final = (
    "Get the app",
    "accept our terms",
    "Loading…",
    "Summarise",
    "Translate",
    "harbour bell",
    "Unsubscribe",
)
REST: Final = (
    "Nobody in the yard remembers when the harbour bell was last rung for a ship, but the rope is"
    " new, and somebody has painted the beam that it hangs from in the colours of the town.",
    "The next meeting will be held when the ice has gone. Until then the harbour bell stays where"
    " it is, and the children of the pilots ring it at noon, though the council forbade it.",
)
"""The rest of a related article that a page shows in full."""

ARTICLE: Final = Content(
    title="Why the ferry towns are turning old piers into reading rooms",
    paragraphs=(
        "When the last car ferry left Brackhaven eleven years ago, the council put a fence around"
        " the pier and waited for the sea to take it. The sea was in no hurry, and neither, it"
        " turned out, were the people who had fished from its end every Sunday of their lives.",
        "Today the ticket hall holds nine thousand books, two stoves and the only public piano on"
        " this side of the sound. The turnstiles still click: they count readers now, and on wet"
        " Saturdays they count more of them than they ever counted passengers.",
        "The idea has spread along the coast. Four towns have reopened their terminals as reading"
        " rooms since the spring, and three more have asked the shipping ministry for the keys"
        " to buildings that nobody has heated for a decade.",
        "None of it was planned. The ministry wanted to sell the piers for scrap, and a scrap"
        " dealer from Ostrand had already measured the steel—only the price of steel fell that"
        " winter, and the measuring tape went back into its box.",
        'What remained was a roof, a view and a rent of one crown a year. "We took it because it'
        ' was dry," says Mirel Aune, who ran the school library before the school closed. "Then'
        ' we noticed that people stayed until the lamps went out."',
        "Economists at the university of Sund have tried to put a number on it. For every crown"
        " that a town spends on stoves and shelves, they reckon, two and a half come back in soup,"
        " bus tickets and repaired bicycles, though the error bars are as wide as the pier itself.",
        "There are doubters. The harbour master of Lille Vik points out that a pier is a machine"
        " for leaving, and that a town which fills it with chairs has given up on going anywhere."
        " His own terminal is empty, swept and ready for a ship that no company has ordered.",
        "Yet the ferries may return all the same. A battery boat is being tested in the northern"
        " fjords, and its builders need exactly what the reading rooms have kept alive: a warm"
        " hall, a working clock and somebody who unlocks the door at six in the morning.",
        "Whether readers and passengers can share a hall is a question for another winter. For"
        " now the stove is lit, the piano is nearly in tune, and the last bus has been moved to a"
        " quarter past nine so that everyone can finish the chapter.",
    ),
    cards=(
        Card(
            "Sund Evening Post",
            "5 hours ago",
            "Battery ferry completes first winter crossing of the northern fjords",
            "The vessel carried forty tonnes of ballast and a brass band across the strait in"
            " under two hours, using less power than the engineers had feared when they drew up"
            " the timetable last autumn.",
            "/north/battery-ferry",
        ),
        Card(
            "KYST",
            "7 hours ago",
            "Scrap steel price doubles within a month",
            "Scrap steel price doubles within a month Dealers along the coast report that old"
            " plates are fetching twice what they did in January, and that yards are buying up"
            " hulls which they had left to rust for years.",
            "/markets/scrap",
        ),
        Card(
            "Sund Evening Post",
            "2 days ago",
            "Ministry delays the sale of seven terminals, citing local protest",
            "A spokeswoman said that the buildings would stay in public hands until the summer,"
            " while surveyors look at the piles under the oldest of them and at the claims of"
            " the towns that want to keep them.",
            "/politics/terminals",
        ),
    ),
    hashtags=("#Harbours", "#Libraries", "#SlowTravel"),
)

IN_OTHER_WORDS: Final[dict[str, tuple[Words, tuple[str, str, str]]]] = {
    "plain": (
        Words(
            "Tags",
            "Ask our AI assistant",
            "Discover what Quayside AI can do for you",
            "Discussion (0)",
            "Be the first to comment",
            "You may also like",
        ),
        ("5h ago", "yesterday", "March 3, 2026"),
    ),
    "more": (
        Words(
            "Topics",
            "Meet our new AI tools",
            "Get the app",
            "Join the conversation",
            "There are no comments yet.",
            "More on this story",
        ),
        ("5 min ago", "1 day ago", "2 weeks ago"),
    ),
    "de": (
        Words(
            "Schlagwörter",
            "Unsere KI-Funktionen ausprobieren",
            "Entdecken Sie unsere KI:",
            "Kommentare",
            "Noch keine Kommentare",
            "Das könnte Sie auch interessieren",
        ),
        ("vor 5 Stunden", "vor 7 Stunden", "vor 2 Tagen"),
    ),
    "fr": (
        Words(
            "Mots-clés",
            "Découvrez nos outils IA",
            "Essayez notre assistant IA :",
            "Commentaires",
            "Aucun commentaire pour le moment",
            "À lire aussi",
        ),
        ("il y a 5 heures", "il y a 7 heures", "il y a 2 jours"),
    ),
    "es": (
        Words(
            "Etiquetas",
            "Prueba nuestras funciones de IA",
            "Descubre nuestras herramientas de IA:",
            "Comentarios",
            "Aún no hay comentarios",
            "Noticias relacionadas",
        ),
        ("hace 5 horas", "hace 7 horas", "hace 2 días"),
    ),
    "it": (
        Words(
            "Parole chiave",
            "Prova le nostre funzioni IA",
            "Scopri i nostri strumenti IA:",
            "Commenti",
            "Nessun commento",
            "Potrebbe interessarti anche",
        ),
        ("5 ore fa", "7 ore fa", "2 giorni fa"),
    ),
    "pl": (
        Words(
            "Tagi",
            "Wypróbuj nasze funkcje AI",
            "Odkryj nasze funkcje AI:",
            "Komentarze",
            "Brak komentarzy",
            "Czytaj także",
        ),
        ("5 godzin temu", "7 godzin temu", "2 dni temu"),
    ),
    "ru": (
        Words(
            "Теги",
            "Попробуйте наши функции ИИ",
            "Откройте наши функции ИИ:",
            "Комментарии",
            "Комментариев пока нет",
            "Читайте также",
        ),
        ("5 часов назад", "7 часов назад", "2 дня назад"),
    ),
    "zh": (
        Words(
            "标签", "试试我们的人工智能功能", "体验我们的人工智能", "评论", "暂无评论", "相关文章"
        ),
        ("5小时前", "7小时前", "2天前"),
    ),
    "unlisted": (
        Words(
            "Tagged with",
            "A word from the robots in our cellar",
            "They read faster than you do",
            "Letters to the keeper",
            "The letter box is empty",
            "Recommended for you",
        ),
        ("Today at 9:41", "18 May 2025", "Jan 5"),
    ),
    "el": (
        Words(
            "Ετικέτες",
            "Δοκιμάστε τις λειτουργίες ΤΝ",
            "Ανακαλύψτε τι μπορεί να κάνει η ΤΝ μας:",
            "Σχόλια",
            "Δεν υπάρχουν σχόλια",
            "Σχετικά άρθρα",
        ),
        ("πριν από 5 ώρες", "πριν από 7 ώρες", "πριν από 2 ημέρες"),
    ),
    "tr": (
        Words(
            "Etiketler",
            "Yapay zeka özelliklerimizi deneyin",
            "Yapay zekamızın neler yapabileceğini keşfedin:",
            "Yorumlar",
            "Henüz yorum yok",
            "İlgili Haberler",
        ),
        ("5 saat önce", "7 saat önce", "2 gün önce"),
    ),
    "ja": (
        Words(
            "タグ",
            "AI機能を試す",
            "新しいAI機能を体験",
            "コメント",
            "コメントはまだありません",
            "関連記事",
        ),
        ("5時間前", "7時間前", "2日前"),
    ),
}
"""Labels and ages as sites in other languages, and with other habits, write them."""


def reworded(content: Content, words: Words, ages: tuple[str, str, str], language: str) -> Content:
    """Return the content with other labels and ages."""
    cards = tuple(replace(card, age=age) for card, age in zip(content.cards, ages, strict=True))
    return replace(content, words=words, cards=cards, language=language)


def page(content: Content, body: str, head: str = "", *, title: bool = True) -> bytes:
    """Return a whole page: navigation, the body, and a footer with small print."""
    navigation = " ".join(f'<a href="/{name.casefold()}">{name}</a>' for name in NAVIGATION)
    named = f"<title>{escape(content.title)} - Quayside</title>"
    if title:
        named += f'<meta property="og:title" content="{escape(content.title)}">'
    return (
        f'<!doctype html><html lang="{content.language}"><head><meta charset="utf-8">{named}'
        f'<link rel="canonical" href="{SITE}/read">{head}</head><body><div>{navigation}</div>{body}'
        f'<div><a href="/terms">Terms</a> <a href="/privacy">Privacy</a> <p>{FOOTER}</p></div>'
        "</body></html>"
    ).encode()


def lines_of(content: Content) -> list[tuple[str, str]]:
    """Return the page as rows of role and text: title, p, label, tag, offer, notice and cards."""
    words = content.words
    rows = [("title", content.title), *(("p", text) for text in content.paragraphs)]
    rows += [("label", words.tags)]
    if content.hashtags:
        rows.append(("tag", " ".join(content.hashtags)))
    rows += [("label", words.promotion), ("offer", words.offer)]
    rows += [("label", words.comments), ("notice", words.no_comments), ("label", words.related)]
    for card in content.cards:
        rows += [("source", card.source), ("age", card.age), ("repeat", f"- {card.source}")]
        rows += [("headline", card.title), ("teaser", card.teaser)]
    return rows


def paragraphs(content: Content, tag: str = "p") -> str:
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for text in content.paragraphs)


def headings(content: Content) -> bytes:
    """Everything flat in one article, labels as h2, cards with h3."""
    words = content.words
    body = f"<article><h1>{escape(content.title)}</h1>{paragraphs(content)}<h2>{words.tags}</h2><p>{' '.join(content.hashtags)}</p>"
    body += f"<h2>{words.promotion}</h2><p>{words.offer}</p><h2>{words.comments}</h2><p>{words.no_comments}</p><h2>{words.related}</h2>"
    for card in content.cards:
        body += f"<p><b>{card.source}</b> {card.age}</p><h3><a href='{card.path}'>{escape(card.title)}</a></h3><p>{escape(card.teaser)}</p>"
    return page(content, body + "</article>")


def bold_lines(content: Content) -> bytes:
    """One cell of a layout table with bold labels and line breaks."""
    body = (
        f"<b>{escape(content.title)}</b><br><br>"
        + "<br><br>".join(map(escape, content.paragraphs))
        + "<br><br>"
    )
    for role, text in lines_of(content)[len(content.paragraphs) + 1 :]:
        strong = role in ("label", "headline")
        body += (
            ("<b>" if strong else "")
            + escape(text)
            + ("</b>" if strong else "")
            + "<br>"
            + ("<br>" if role == "teaser" else "")
        )
    return page(content, f"<table><tr><td width=120>&nbsp;</td><td>{body}</td></tr></table>")


def table_rows(content: Content) -> bytes:
    """Each line is a row of one table."""
    rows = "".join(
        f"<tr><td>{'<b>' if role in ('title', 'label') else ''}{escape(text)}{'</b>' if role in ('title', 'label') else ''}</td></tr>"
        for role, text in lines_of(content)
    )
    return page(content, f"<table>{rows}</table>")


def spans(content: Content) -> bytes:
    """Spans with single line breaks, nothing else."""
    body = "<br>".join(f"<span>{escape(text)}</span>" for _, text in lines_of(content))
    return page(content, f"<div>{body}</div>")


def one_class(content: Content) -> bytes:
    """Siblings of one class, each a line."""
    body = "".join(f'<div class="row">{escape(text)}</div>' for _, text in lines_of(content))
    return page(content, f'<div class="rows">{body}</div>')


def rail_first(content: Content) -> bytes:
    """Related articles, promotion and comments stand before the article, without classes."""
    words = content.words
    rail = f"<div><div>{words.related}</div>"
    for card in content.cards:
        rail += f"<div><span>{card.source}</span><span>{card.age}</span><a href='{card.path}'>{escape(card.title)}</a><div>{escape(card.teaser)}</div></div>"
    rail += f"</div><div><div>{words.promotion}</div><div>{words.offer}</div></div><div><div>{words.comments}</div><div>{words.no_comments}</div></div>"
    main = f"<h1>{escape(content.title)}</h1>{paragraphs(content)}<div>{words.tags}</div><div>{' '.join(content.hashtags)}</div>"
    return page(content, f"<div><div>{rail}</div><div>{main}</div></div>")


def flat_rail_first(content: Content) -> bytes:
    """The cards come first in the same container as the article."""
    words = content.words
    body = f"<h3>{words.related}</h3>"
    for card in content.cards:
        body += f"<p>{card.source}</p><p>{card.age}</p><p><a href='{card.path}'>{escape(card.title)}</a></p><p>{escape(card.teaser)}</p>"
    body += f"<h3>{words.comments}</h3><p>{words.no_comments}</p><h3>{words.promotion}</h3><p>{words.offer}</p>"
    body += f"<h1>{escape(content.title)}</h1>{paragraphs(content)}<h3>{words.tags}</h3><p>{' '.join(content.hashtags)}</p>"
    return page(content, f"<div>{body}</div>")


def markdown_file(content: Content) -> bytes:
    """A Markdown file."""
    words = content.words
    rows = [f"# {content.title}", *content.paragraphs, f"## {words.tags}"]
    rows += [
        " ".join(rf"\{tag}" for tag in content.hashtags),
        f"## {words.promotion}",
        words.offer,
        f"## {words.comments}",
        words.no_comments,
        f"## {words.related}",
    ]
    for card in content.cards:
        rows += [
            f"**{card.source}** {card.age}",
            f"### [{card.title}]({SITE}{card.path})",
            card.teaser,
        ]
    return "\n\n".join(row for row in rows if row).encode() + b"\n"


def markdown_list(content: Content) -> bytes:
    """A Markdown file with bold labels and a list of links."""
    words = content.words
    rows = [
        f"# {content.title}",
        *content.paragraphs,
        f"**{words.tags}**",
        " ".join(rf"\{tag}" for tag in content.hashtags),
    ]
    rows += [
        f"**{words.promotion}**",
        words.offer,
        f"**{words.comments}**",
        words.no_comments,
        f"**{words.related}**",
    ]
    rows += [
        "\n".join(
            f"- {card.source} · {card.age} · [{card.title}]({SITE}{card.path})"
            for card in content.cards
        )
    ]
    return "\n\n".join(row for row in rows if row).encode() + b"\n"


def shadow_roots(content: Content) -> bytes:
    """Custom elements with declarative shadow roots; the title goes through a slot."""
    words = content.words
    body = f"<reader-story><template shadowrootmode=open><header><slot name=headline></slot></header><div>{paragraphs(content)}</div></template><h1 slot=headline>{escape(content.title)}</h1></reader-story>"
    body += (
        f"<tag-list><template shadowrootmode=open><h4>{words.tags}</h4>"
        + "".join(f"<a href='/t/{tag[1:]}'>{tag}</a> " for tag in content.hashtags)
        + "</template></tag-list>"
    )
    body += f"<ai-box><template shadowrootmode=open><h4>{words.promotion}</h4><p>{words.offer}</p><button>Summarise</button></template></ai-box>"
    body += f"<comment-box><template shadowrootmode=open><h4>{words.comments}</h4><p>{words.no_comments}</p></template></comment-box>"
    body += (
        f"<more-list><template shadowrootmode=open><h4>{words.related}</h4><slot></slot></template>"
    )
    for card in content.cards:
        body += f"<more-card><template shadowrootmode=open><span>{card.source}</span> <span>{card.age}</span><a href='{card.path}'><b>{escape(card.title)}</b></a><p>{escape(card.teaser)}</p></template></more-card>"
    return page(content, body + "</more-list>")


def _records(content: Content) -> dict[str, object]:
    return {
        "title": content.title,
        "tags": [tag[1:] for tag in content.hashtags],
        "body": [{"type": "paragraph", "text": text} for text in content.paragraphs],
        "comments": [],
        "relatedArticles": [
            {
                "source": {"name": card.source},
                "age": card.age,
                "title": card.title,
                "teaser": card.teaser,
                "url": card.path,
            }
            for card in content.cards
        ],
    }


def next_data(content: Content) -> bytes:
    """A page that a script renders from `__NEXT_DATA__`."""
    data = {
        "props": {"pageProps": {"article": _records(content), "locale": "en"}},
        "page": "/[slug]",
        "buildId": "x1",
    }
    script = json.dumps(data).replace("</", "<\\/")
    return page(
        content,
        f'<div id="__next"><p>Loading…</p></div><script id="__NEXT_DATA__" type="application/json">{script}</script>',
    )


def initial_state(content: Content) -> bytes:
    """A page that a script renders from a variable with HTML in it."""
    records = _records(content) | {"body": paragraphs(content)}
    script = json.dumps({"entities": {"story": {"17": records}}, "ui": {"theme": "dark"}}).replace(
        "</", "<\\/"
    )
    return page(
        content, f"<div id=root>Loading…</div><script>window.__INITIAL_STATE__ = {script};</script>"
    )


def json_ld(content: Content) -> bytes:
    """Only JSON-LD has the text; the page shows a rail."""
    script = json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": content.title,
            "articleBody": "\n\n".join(content.paragraphs),
        }
    )
    rail = f"<div><h4>{content.words.related}</h4>"
    for card in content.cards:
        rail += f"<div><span>{card.source}</span> <span>{card.age}</span><a href='{card.path}'>{escape(card.title)}</a><p>{escape(card.teaser)}</p></div>"
    return page(
        content,
        f"<div id=app><p>Loading…</p></div>{rail}</div>",
        f"<script type='application/ld+json'>{script}</script>",
    )


def definition_list(content: Content) -> bytes:
    """The sections are terms and definitions."""
    words = content.words
    body = f"<h1>{escape(content.title)}</h1>{paragraphs(content)}<dl><dt>{words.tags}</dt><dd>{' '.join(content.hashtags)}</dd>"
    body += f"<dt>{words.promotion}</dt><dd>{words.offer}</dd><dt>{words.comments}</dt><dd>{words.no_comments}</dd><dt>{words.related}</dt>"
    for card in content.cards:
        body += f"<dd><i>{card.source}</i> · <i>{card.age}</i><br><a href='{card.path}'>{escape(card.title)}</a><br>{escape(card.teaser)}</dd>"
    return page(content, f"<div>{body}</dl></div>")


def nested_divs(content: Content) -> bytes:
    """Nested boxes without classes or headings."""
    words = content.words

    def box(*inside: str) -> str:
        return "<div><div>" + "".join(f"<div>{part}</div>" for part in inside) + "</div></div>"

    body = box(escape(content.title), *map(escape, content.paragraphs)) + box(
        words.tags, " ".join(content.hashtags)
    )
    body += box(words.promotion, words.offer) + box(words.comments, words.no_comments)
    body += box(
        words.related,
        *(
            box(
                f"<span>{card.source}</span><span>{card.age}</span>",
                f"<a href='{card.path}'>{escape(card.title)}</a>",
                escape(card.teaser),
            )
            for card in content.cards
        ),
    )
    return page(content, f"<div><div>{body}</div></div>")


def frame(content: Content) -> bytes:
    """The article in one `srcdoc` frame, the related articles in another."""
    inner = headings(content).decode().replace("<div><a href", "<div hidden><a href", 1)
    return page(content, f'<iframe srcdoc="{escape(inner)}"></iframe>')


def details(content: Content) -> bytes:
    """The sections can be folded."""
    words = content.words

    def fold(label: str, inside: str) -> str:
        return f"<details><summary>{label}</summary>{inside}</details>"

    cards = "".join(
        f"<div><p>{card.source}</p><p>{card.age}</p><p><a href='{card.path}'>{escape(card.title)}</a></p><p>{escape(card.teaser)}</p></div>"
        for card in content.cards
    )
    body = f"<h1>{escape(content.title)}</h1>{paragraphs(content)}" + fold(
        words.tags, f"<p>{' '.join(content.hashtags)}</p>"
    )
    body += (
        fold(words.promotion, f"<p>{words.offer}</p>")
        + fold(words.comments, f"<p>{words.no_comments}</p>")
        + fold(words.related, cards)
    )
    return page(content, f"<main>{body}</main>")


def accordion(content: Content) -> bytes:
    """The sections can be folded by buttons in headings."""
    words = content.words

    def fold(label: str, inside: str) -> str:
        return f'<h3><button aria-expanded="false">{label}</button></h3><div>{inside}</div>'

    cards = "".join(
        f"<article><small>{card.source} — {card.age}</small><h4><a href='{card.path}'>{escape(card.title)}</a></h4><p>{escape(card.teaser)}</p></article>"
        for card in content.cards
    )
    body = f"<h1>{escape(content.title)}</h1>{paragraphs(content)}" + fold(
        words.tags, f"<p>{' '.join(content.hashtags)}</p>"
    )
    body += (
        fold(words.promotion, f"<p>{words.offer}</p>")
        + fold(words.comments, f"<p>{words.no_comments}</p>")
        + fold(words.related, cards)
    )
    return page(content, f"<main>{body}</main>")


def tabs(content: Content) -> bytes:
    """The labels stand in a row of tabs, their panels below."""
    words = content.words
    labels = "".join(
        f"<li><a href='#{number}'>{label}</a></li>"
        for number, label in enumerate((words.tags, words.promotion, words.comments, words.related))
    )
    cards = "".join(
        f"<div><span>{card.source}</span> <span>{card.age}</span><h4><a href='{card.path}'>{escape(card.title)}</a></h4><p>{escape(card.teaser)}</p></div>"
        for card in content.cards
    )
    panels = f"<div id=0>{' '.join(content.hashtags)}</div><div id=1>{words.offer}</div><div id=2>{words.no_comments}</div><div id=3>{cards}</div>"
    return page(
        content,
        f"<h1>{escape(content.title)}</h1><div>{paragraphs(content)}</div><div><ul>{labels}</ul>{panels}</div>",
    )


def linked_cards(content: Content) -> bytes:
    """Each card is one link around everything it shows."""
    words = content.words
    body = f"<article><h1>{escape(content.title)}</h1>{paragraphs(content)}</article><section><h2>{words.tags}</h2><ul>"
    body += "".join(f"<li><a href='/t/{tag[1:]}'>{tag}</a></li>" for tag in content.hashtags)
    body += f"</ul></section><section><h2>{words.promotion}</h2><p>{words.offer}</p></section><section><h2>{words.comments}</h2><p>{words.no_comments}</p></section><section><h2>{words.related}</h2>"
    for card in content.cards:
        body += f"<a href='{card.path}'><div><img src='/thumb.jpg' alt=''><span>{card.source}</span><span>{card.age}</span><h3>{escape(card.title)}</h3><p>{escape(card.teaser)}</p></div></a>"
    return page(content, f"{body}</section>")


def turned_round(content: Content) -> bytes:
    """Comments and related articles above hashtags and promotion; titles above their sources."""
    words = content.words
    body = f"<h1>{escape(content.title)}</h1>{paragraphs(content)}<h4>{words.comments}</h4><p>{words.no_comments}</p><h4>{words.related}</h4><ul>"
    for card in content.cards:
        body += f"<li><a href='{card.path}'>{escape(card.title)}</a><p>{escape(card.teaser)}</p><p>{card.source} | {card.age}</p></li>"
    body += f"</ul><h4>{words.promotion}</h4><p>{words.offer}</p><button>Translate</button><h4>{words.tags}</h4><p>{' '.join(content.hashtags)}</p>"
    return page(content, f"<div>{body}</div>")


def aria(content: Content) -> bytes:
    """Roles in place of elements."""
    words = content.words
    body = f'<div role="main"><div role="heading" aria-level="1">{escape(content.title)}</div>{paragraphs(content, "div")}'
    for label, inside in (
        (words.tags, " ".join(content.hashtags)),
        (words.promotion, words.offer),
        (words.comments, words.no_comments),
    ):
        body += f'<div role="heading" aria-level="3">{label}</div><div>{inside}</div>'
    body += f'<div role="heading" aria-level="3">{words.related}</div><div role="list">'
    for card in content.cards:
        body += f'<div role="listitem"><div>{card.source}, {card.age}</div><div><a href="{card.path}">{escape(card.title)}</a></div><div>{escape(card.teaser)}</div></div>'
    return page(content, body + "</div></div>")


def old_layout(content: Content) -> bytes:
    """Fonts and centred text, as pages looked in the nineties."""
    words = content.words
    body = f"<center><font size=5>{escape(content.title)}</font></center><p>" + "<p>".join(
        map(escape, content.paragraphs)
    )
    for label, inside in (
        (words.tags, " ".join(content.hashtags)),
        (words.promotion, words.offer),
        (words.comments, words.no_comments),
    ):
        body += f"<p><font color=red>{label}</font><br>{inside}"
    body += f"<p><font color=red>{words.related}</font>"
    for card in content.cards:
        body += f"<p><font size=1>{card.source} - {card.age}</font><br><a href='{card.path}'>{escape(card.title)}</a><br><font size=2>{escape(card.teaser)}</font>"
    return page(content, body)


def two_columns(content: Content) -> bytes:
    """A table with the article in one cell and the sections in the other."""
    words = content.words
    cards = "".join(
        f"<tr><td>{card.source}</td><td>{card.age}</td></tr><tr><td colspan=2><a href='{card.path}'>{escape(card.title)}</a></td></tr><tr><td colspan=2>{escape(card.teaser)}</td></tr>"
        for card in content.cards
    )
    rail = f"<table><tr><th colspan=2>{words.related}</th></tr>{cards}</table><table><tr><th>{words.comments}</th></tr><tr><td>{words.no_comments}</td></tr></table><table><tr><th>{words.promotion}</th></tr><tr><td>{words.offer}</td></tr></table><table><tr><th>{words.tags}</th></tr><tr><td>{' '.join(content.hashtags)}</td></tr></table>"
    return page(
        content,
        f"<table><tr><td valign=top>{rail}</td><td><h1>{escape(content.title)}</h1>{paragraphs(content)}</td></tr></table>",
    )


def custom_elements(content: Content) -> bytes:
    """Elements of the site's own making."""
    words = content.words
    body = (
        f"<x-page><x-title>{escape(content.title)}</x-title><x-text>"
        + "".join(f"<x-p>{escape(text)}</x-p>" for text in content.paragraphs)
        + "</x-text>"
    )
    body += f"<x-box><x-label>{words.tags}</x-label><x-line>{' '.join(content.hashtags)}</x-line></x-box><x-box><x-label>{words.promotion}</x-label><x-line>{words.offer}</x-line></x-box><x-box><x-label>{words.comments}</x-label><x-line>{words.no_comments}</x-line></x-box><x-box><x-label>{words.related}</x-label>"
    for card in content.cards:
        body += f"<x-card><x-source>{card.source}</x-source><x-age>{card.age}</x-age><x-head><a href='{card.path}'>{escape(card.title)}</a></x-head><x-line>{escape(card.teaser)}</x-line></x-card>"
    return page(content, f"{body}</x-box></x-page>")


def numbered_list(content: Content) -> bytes:
    """Strong lines in paragraphs as labels; the related articles are a numbered list."""
    words = content.words
    body = f"<h1>{escape(content.title)}</h1>{paragraphs(content)}"
    for label, inside in (
        (words.tags, " ".join(content.hashtags)),
        (words.promotion, words.offer),
        (words.comments, words.no_comments),
    ):
        body += f"<p><strong>{label}</strong></p><p>{inside}</p>"
    body += f"<p><strong>{words.related}</strong></p><ol>" + "".join(
        f"<li><a href='{card.path}'>{escape(card.title)}</a> <em>({card.source}, {card.age})</em></li>"
        for card in content.cards
    )
    return page(content, f"<div>{body}</ol></div>")


def field_sets(content: Content) -> bytes:
    """Labels as legends of field sets in one form."""
    words = content.words
    cards = "".join(
        f"<div><label>{card.source}</label> <time>{card.age}</time><br><a href='{card.path}'>{escape(card.title)}</a><br>{escape(card.teaser)}</div>"
        for card in content.cards
    )
    body = f"<form><h1>{escape(content.title)}</h1>{paragraphs(content)}"
    for label, inside in (
        (words.tags, " ".join(content.hashtags)),
        (words.promotion, words.offer),
        (words.comments, words.no_comments),
        (words.related, cards),
    ):
        body += f"<fieldset><legend>{label}</legend>{inside}</fieldset>"
    return page(content, f"{body}</form>")


def cloned_template(content: Content) -> bytes:
    """A plain template that a script would clone into the page."""
    inner = headings(content).decode().partition("<article>")[2].partition("</article>")[0]
    return page(
        content,
        f"<div id=app>Loading…</div><template id=story><article>{inner}</article></template><script>app.append(story.content.cloneNode(true))</script>",
    )


def text_dump(content: Content) -> bytes:
    """The text of the page as copied, a line each."""
    rows = [content.title, *content.paragraphs]
    for role, text in lines_of(content)[len(rows) :]:
        rows += ["", "", text] if role == "source" else [text]
    return "\n".join(rows).encode() + b"\n"


def text_with_navigation(content: Content) -> bytes:
    """The text of the page with its navigation and its footer, blank lines between blocks."""
    rows = [
        *NAVIGATION,
        "",
        *(text for _, text in lines_of(content) if not text.startswith("- ")),
        "",
        "Terms",
        "Privacy",
        FOOTER,
    ]
    return "\n\n".join(rows).encode() + b"\n"


def web_archive(content: Content) -> bytes:
    """MHTML with the article in a frame of its own."""
    inner = headings(content).decode().replace("<div><a href", "<div hidden><a href", 1)
    outer = page(content, '<iframe src="cid:frame-1@mhtml.blink"></iframe>').decode()
    parts = (
        (outer, f"{SITE}/read", ""),
        (inner, f"{SITE}/frame", "<frame-1@mhtml.blink>"),
    )
    rows = [
        "From: <Saved by a browser>",
        f"Snapshot-Content-Location: {SITE}/read",
        "Subject: x",
        "MIME-Version: 1.0",
        'Content-Type: multipart/related; type="text/html"; boundary="----b1"',
        "",
    ]
    for text, location, name in parts:
        rows += [
            "------b1",
            "Content-Type: text/html; charset=utf-8",
            "Content-Transfer-Encoding: 8bit",
            f"Content-Location: {location}",
        ]
        rows += [f"Content-ID: {name}"] if name else []
        rows += ["", text]
    return "\r\n".join([*rows, "------b1--", ""]).encode()


def upper_case(content: Content) -> bytes:
    """Labels in capitals; a slash between source and age."""
    body = f"<div class=t>{escape(content.title)}</div>" + "".join(
        f"<div class=pp><p>{escape(p)}</p></div>" for p in content.paragraphs
    )
    for label, inside in (
        (content.words.tags, " ".join(content.hashtags)),
        (content.words.promotion, content.words.offer),
        (content.words.comments, content.words.no_comments),
    ):
        body += f"<p class=lbl><span>{label.upper()}</span></p><div><span>{inside}</span></div>"
    body += f"<p class=lbl><span>{content.words.related.upper()}</span></p>"
    for card in content.cards:
        body += f"<figure><figcaption><span>{card.source}</span> / <span>{card.age}</span></figcaption><a href={card.path}><strong>{escape(card.title)}</strong></a><p>{escape(card.teaser)}</p></figure>"
    return page(content, body)


def label_and_colon(content: Content) -> bytes:
    """Label and content on one line."""
    body = f"<h1>{escape(content.title)}</h1>{paragraphs(content)}<p><b>{content.words.tags}:</b> {' '.join(content.hashtags)}</p><p><b>{content.words.promotion}:</b> {content.words.offer}</p><p><b>{content.words.comments}:</b> {content.words.no_comments}</p><p><b>{content.words.related}:</b></p>"
    for card in content.cards:
        body += f"<p>{card.source}, {card.age}: <a href='{card.path}'>{escape(card.title)}</a></p>"
    return page(content, f"<div>{body}</div>")


def label_in_block(content: Content) -> bytes:
    """Label and content in one paragraph."""
    body = f"<h1>{escape(content.title)}</h1>{paragraphs(content)}<p><strong>{content.words.tags}</strong><br>{' '.join(content.hashtags)}</p><p><strong>{content.words.promotion}</strong><br>{content.words.offer}</p><p><strong>{content.words.comments}</strong><br>{content.words.no_comments}</p><p><strong>{content.words.related}</strong></p>"
    for card in content.cards:
        body += f"<p><em>{card.source} · {card.age}</em><br><a href='{card.path}'>{escape(card.title)}</a><br>{escape(card.teaser)}</p>"
    return page(content, f"<article>{body}</article>")


def lists_of_all(content: Content) -> bytes:
    """Everything is a list; source and age in brackets."""
    body = (
        f"<h1>{escape(content.title)}</h1>{paragraphs(content)}<h5>{content.words.tags}</h5><ul>"
        + "".join(f"<li>{h}</li>" for h in content.hashtags)
        + f"</ul><h5>{content.words.promotion}</h5><ul><li>{content.words.offer}</li></ul><h5>{content.words.comments}</h5><ul><li>{content.words.no_comments}</li></ul><h5>{content.words.related}</h5><ul>"
    )
    for card in content.cards:
        body += (
            f"<li><a href='{card.path}'>{escape(card.title)}</a> ({card.source}, {card.age})</li>"
        )
    return page(content, body + "</ul>")


def card_footers(content: Content) -> bytes:
    """Source and age stand below the teaser."""
    body = f"<main><h1>{escape(content.title)}</h1>{paragraphs(content)}</main><section><h2>{content.words.related}</h2><div class=grid>"
    for card in content.cards:
        body += f"<div><img src=t.jpg><h3><a href='{card.path}'>{escape(card.title)}</a></h3><p>{escape(card.teaser)}</p><footer><span>{card.source}</span><time>{card.age}</time></footer></div>"
    body += (
        f"</div></section><section><h2>{content.words.comments}</h2><p>{content.words.no_comments}</p><form><textarea></textarea><button>Post</button></form></section><section><h2>{content.words.promotion}</h2><p>{content.words.offer}</p></section><section><h2>{content.words.tags}</h2>"
        + "".join(f"<a href=/t>{h}</a>" for h in content.hashtags)
        + "</section>"
    )
    return page(content, body)


def data_table(content: Content) -> bytes:
    """The related articles are a table with a caption."""
    body = f"<h1>{escape(content.title)}</h1>{paragraphs(content)}<table><caption>{content.words.related}</caption><tr><th>Source</th><th>Age</th><th>Title</th></tr>"
    for card in content.cards:
        body += f"<tr><td>{card.source}</td><td>{card.age}</td><td><a href='{card.path}'>{escape(card.title)}</a></td></tr>"
    body += f"</table><table><tr><th>{content.words.comments}</th></tr><tr><td>{content.words.no_comments}</td></tr><tr><th>{content.words.promotion}</th></tr><tr><td>{content.words.offer}</td></tr><tr><th>{content.words.tags}</th></tr><tr><td>{' '.join(content.hashtags)}</td></tr></table>"
    return page(content, f"<div>{body}</div>")


def nuxt_state(content: Content) -> bytes:
    """Script data that a function returns."""
    s = json.dumps(
        {"data": [{"story": _records(content) | {"body": "\n\n".join(content.paragraphs)}}]}
    ).replace("</", "<\\/")
    return page(
        content,
        f"<div id=__nuxt>Loading…</div><script>window.__NUXT__=(function(a,b){{return {s}}})(1,2);</script>",
    )


def data_attribute(content: Content) -> bytes:
    """Script data in an attribute."""
    s = escape(
        json.dumps(
            {
                "component": "Story",
                "props": {"story": _records(content) | {"body": paragraphs(content)}},
            }
        )
    )
    return page(content, f'<div id="app" data-page="{s}">Loading…</div>')


def normalised_state(content: Content) -> bytes:
    """Script data with references, and a tree of paragraphs."""
    r = _records(content)
    st = {
        "ROOT_QUERY": {'story({"id":1})': {"__ref": "Story:1"}},
        "Story:1": {
            "__typename": "Story",
            "title": content.title,
            "content": {
                "__typename": "RichText",
                "json": {
                    "nodeType": "document",
                    "content": [
                        {
                            "nodeType": "paragraph",
                            "content": [{"nodeType": "text", "value": p, "marks": []}],
                        }
                        for p in content.paragraphs
                    ],
                },
            },
            "tags": r["tags"],
            "related": r["relatedArticles"],
        },
    }
    return page(
        content,
        f"<div id=root>Loading…</div><script>window.__APOLLO_STATE__={json.dumps(st)}</script>",
    )


def state_as_string(content: Content) -> bytes:
    """Script data as JSON in a string."""
    s = json.dumps(
        json.dumps(
            {
                "article": _records(content)
                | {"body": [f"<p>{escape(p)}</p>" for p in content.paragraphs]}
            }
        )
    ).replace("</", "<\\/")
    return page(
        content,
        f"<div id=root>Loading…</div><script>window.__PRELOADED_STATE__ = JSON.parse({s});</script>",
    )


def without_scripts(content: Content) -> bytes:
    """The article for browsers without scripts."""
    return page(
        content,
        f"<div id=root>Loading…</div><noscript><article><h1>{escape(content.title)}</h1>{paragraphs(content)}<h3>{content.words.tags}</h3><p>{' '.join(content.hashtags)}</p><h3>{content.words.related}</h3>"
        + "".join(
            f"<p>{card.source}</p><p>{card.age}</p><p><a href='{card.path}'>{escape(card.title)}</a></p>"
            for card in content.cards
        )
        + "</article></noscript>",
    )


def script_template(content: Content) -> bytes:
    """A template in a script element."""
    inner = headings(content).decode().partition("<article>")[2].partition("</article>")[0]
    return page(
        content,
        f"<div id=app>Loading…</div><script type='text/x-template' id=s><article>{inner}</article></script>",
    )


def data_frame(content: Content) -> bytes:
    """A frame with a `data:` address."""
    import base64

    inner = headings(content).decode().replace("<div><a href", "<div hidden><a href", 1)
    return page(
        content,
        f'<iframe src="data:text/html;base64,{base64.b64encode(inner.encode()).decode()}"></iframe>',
    )


def text_titles_first(content: Content) -> bytes:
    """Text with titles above sources, and Windows line ends."""
    rows = [
        content.title,
        "",
        *[x for p in content.paragraphs for x in (p, "")],
        content.words.comments,
        content.words.no_comments,
        "",
        content.words.related,
        "",
    ]
    for card in content.cards:
        rows += [card.title, f"{card.source} | {card.age}", ""]
    rows += [
        content.words.promotion,
        content.words.offer,
        "",
        content.words.tags,
        " ".join(content.hashtags),
    ]
    return "\r\n".join(rows).encode()


def text_bullets(content: Content) -> bytes:
    """Text with a list of titles, sources and ages in brackets."""
    rows = [
        content.title,
        "",
        *[x for p in content.paragraphs for x in (p, "")],
        content.words.related + ":",
    ]
    for card in content.cards:
        rows += [f"* {card.title} ({card.source}, {card.age})"]
    rows += ["", content.words.comments + ":", content.words.no_comments]
    return "\n".join(rows).encode()


def markdown_underlined(content: Content) -> bytes:
    """A Markdown file with underlined headings and a numbered list."""
    rows = [
        content.title,
        "=" * 20,
        "",
        *[x for p in content.paragraphs for x in (p, "")],
        content.words.tags,
        "-----",
        "",
        ", ".join(h[1:] for h in content.hashtags),
        "",
        content.words.promotion,
        "-----",
        "",
        content.words.offer,
        "",
        content.words.comments,
        "-----",
        "",
        content.words.no_comments,
        "",
        content.words.related,
        "-----",
        "",
    ]
    for number, card in enumerate(content.cards, 1):
        rows += [f"{number}. [{card.title}]({SITE}{card.path}) — *{card.source}*, {card.age}"]
    return "\n".join(rows).encode()


def spoken_labels(content: Content) -> bytes:
    """Labels that are only read out."""
    body = (
        f"<main><h1>{escape(content.title)}</h1>{paragraphs(content)}</main><section aria-label='{content.words.tags}'>"
        + " ".join(f"<a href=/t>{h}</a>" for h in content.hashtags)
        + f"</section><section aria-label='{content.words.promotion}'><p>{content.words.offer}</p></section><section aria-label='{content.words.comments}'><p>{content.words.no_comments}</p></section><section aria-label='{content.words.related}'>"
    )
    for card in content.cards:
        body += f"<div><span>{card.source}</span><span>{card.age}</span><a href='{card.path}'>{escape(card.title)}</a><p>{escape(card.teaser)}</p></div>"
    return page(content, body + "</section>")


def data_addresses(content: Content) -> bytes:
    """Cards with their addresses in data attributes."""
    body = f"<div><h1>{escape(content.title)}</h1>{paragraphs(content)}</div><div><b>{content.words.tags}</b> <span>{' '.join(content.hashtags)}</span></div><div><b>{content.words.promotion}</b><div>{content.words.offer}</div></div><div><b>{content.words.comments}</b><div>{content.words.no_comments}</div></div><div><b>{content.words.related}</b>"
    for card in content.cards:
        body += f"<div data-href='{card.path}'><i>{card.source}</i> <i>{card.age}</i><h5>{escape(card.title)}</h5><p>{escape(card.teaser)}</p></div>"
    return page(content, body + "</div>")


def one_paragraph(content: Content) -> bytes:
    """All sections are lines of one paragraph."""
    # label and items in the same p / one block separated by br, no bold
    body = (
        f"<h1>{escape(content.title)}</h1>"
        + "".join(f"<p>{escape(p)}</p>" for p in content.paragraphs)
        + f"<p>{content.words.tags}<br>{' '.join(content.hashtags)}<br>{content.words.promotion}<br>{content.words.offer}<br>{content.words.comments}<br>{content.words.no_comments}<br>{content.words.related}<br>"
    )
    for card in content.cards:
        body += f"{card.source}<br>{card.age}<br>{escape(card.title)}<br>{escape(card.teaser)}<br>"
    return page(content, body + "</p>")


def xhtml(content: Content) -> bytes:
    """An XHTML page."""
    inner = (
        headings(content)
        .decode()
        .replace(
            '<!doctype html><html lang="en">',
            '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en">',
        )
        .replace('<meta charset="utf-8">', '<meta charset="utf-8"/>')
    )
    return inner.encode()


def linked_teasers(content: Content) -> bytes:
    """Title and teaser are links or headings alike, the age stands below them."""
    words = content.words
    body = f"<h1>{escape(content.title)}</h1>{paragraphs(content)}<div><h4>{words.tags}</h4>{' '.join(f'<a>{tag}</a>' for tag in content.hashtags)}</div><div><h4>{words.promotion}</h4><div>{words.offer}</div></div><div><h4>{words.comments}</h4><p>{words.no_comments}</p></div><div><h4>{words.related}</h4>"
    for card in content.cards:
        body += f"<div><a href='{card.path}'>{escape(card.title)}</a><a href='{card.path}'>{escape(card.teaser)}</a><div><time>{card.age}</time><div>{card.source}</div></div></div>"
    return page(content, body + "</div>")


def heading_teasers(content: Content) -> bytes:
    """Source above, title and teaser headings in one link, age below."""
    words = content.words
    body = f"<article><h1>{escape(content.title)}</h1>{paragraphs(content)}</article><div><p>{words.tags}</p>{''.join(f'<a href=/t><div>{tag}</div></a>' for tag in content.hashtags)}</div><div><h2>{words.promotion}</h2><p>{words.offer}</p></div><div><h2>{words.comments}</h2><p>{words.no_comments}</p></div><div><h2>{words.related}</h2>"
    for card in content.cards:
        body += f"<article><div><p>{card.source}</p></div><a href='{card.path}'><h2>{escape(card.title)}</h2><div><h3>{escape(card.teaser)}</h3></div></a><div><span>{card.age}</span></div></article>"
    return page(content, body + "</div>")


def counted_labels(content: Content) -> bytes:
    """Labels with bare counts, hashtags without spaces between them."""
    words = content.words
    tags = "".join(f"<span>{tag}</span>" for tag in content.hashtags)
    body = f"<div><h1>{escape(content.title)}</h1>{paragraphs(content)}</div><div><h3>{words.tags} <span>{len(content.hashtags)}</span></h3>{tags}</div><div><h3>{words.promotion} <sup>NEW</sup></h3><p>{words.offer}</p></div><div><h3>{words.comments} <span>(0)</span></h3><p>{words.no_comments}</p></div><div><h3>{words.related} <span>3</span></h3><ol>"
    for card in content.cards:
        body += f"<li><p>{card.source} <span>{card.age}</span></p><p><a href='{card.path}'>{escape(card.title)}</a></p><p>{escape(card.teaser)}</p></li>"
    return page(content, body + "</ol></div>")


def captioned_cards(content: Content) -> bytes:
    """Each card is the caption of a picture, all of it in one line; other sections follow."""
    words = content.words
    body = f"<article><h1>{escape(content.title)}</h1>{paragraphs(content)}</article><aside><h2>{words.related}</h2>"
    for card in content.cards:
        body += f"<figure><img src=/x.jpg alt=''><figcaption><small>{card.source}</small><small>{card.age}</small><a href='{card.path}'>{escape(card.title)}</a><span>{escape(card.teaser)}</span></figcaption></figure>"
    return page(
        content,
        f"{body}</aside><aside><h2>{words.tags}</h2>{' '.join(content.hashtags)}</aside><aside><h2>{words.promotion}</h2>{words.offer}</aside><aside><h2>{words.comments}</h2>{words.no_comments}</aside>",
    )


def bold_leads(content: Content) -> bytes:
    """Each label stands in bold before its content, on one line."""
    words = content.words
    body = f"<b>{escape(content.title)}</b><br>{'<br><br>'.join(map(escape, content.paragraphs))}<br><br><b>{words.tags}</b> {' '.join(content.hashtags)}<br><br><b>{words.promotion}</b> {words.offer}<br><br><b>{words.comments}</b> {words.no_comments}<br><br><b>{words.related}</b><br><br>"
    for card in content.cards:
        body += f"<em>{card.source}, {card.age}</em><br><a href='{card.path}'>{escape(card.title)}</a><br>{escape(card.teaser)}<br><br>"
    return page(content, f"<div>{body}</div>")


def preserved_lines(content: Content) -> bytes:
    """One box whose style preserves line ends."""
    text = "\n\n".join(
        ("\n" if role in ("age", "repeat", "headline", "teaser", "tag", "offer", "notice") else "")
        + text
        for role, text in lines_of(content)
    ).replace("\n\n\n", "\n")
    return page(content, f'<div style="white-space: pre-wrap">{escape(text)}</div>')


def aria_tabs(content: Content) -> bytes:
    """Tabs of which only the first panel is shown."""
    words = content.words
    cards = "".join(
        f"<div><i>{card.source}</i><i>{card.age}</i> <a href='{card.path}'>{escape(card.title)}</a><p>{escape(card.teaser)}</p></div>"
        for card in content.cards
    )
    inside = (" ".join(content.hashtags), words.offer, words.no_comments, cards)
    names = (words.tags, words.promotion, words.comments, words.related)
    body = f"<div><h2>{escape(content.title)}</h2>{paragraphs(content)}</div><div role=tablist>"
    for number, name in enumerate(names):
        body += f"<button role=tab id=t{number} aria-controls=p{number}>{name}</button>"
    body += "</div>"
    for number, panel in enumerate(inside):
        body += f"<div role=tabpanel id=p{number} {'hidden' if number else ''}>{panel}</div>"
    return page(content, body)


def apollo_state(content: Content) -> bytes:
    """Script data of records that refer to each other."""
    records: dict[str, object] = {
        "Post:9": {
            "__typename": "Post",
            "title": content.title,
            "content": {
                "bodyModel": {
                    "paragraphs": [{"__ref": f"P:{at}"} for at in range(len(content.paragraphs))]
                }
            },
            "tags": [{"__ref": f"Tag:{tag}"} for tag in content.hashtags],
            "relatedPosts": [{"__ref": f"Post:r{at}"} for at in range(len(content.cards))],
        }
    }
    for at, text in enumerate(content.paragraphs):
        records[f"P:{at}"] = {"__typename": "Paragraph", "type": "P", "text": text}
    for tag in content.hashtags:
        records[f"Tag:{tag}"] = {"__typename": "Tag", "displayTitle": tag}
    for at, card in enumerate(content.cards):
        records[f"Post:r{at}"] = {
            "title": card.title,
            "source": card.source,
            "publishedAgo": card.age,
            "excerpt": card.teaser,
            "url": card.path,
        }
    state = json.dumps(records).replace("</", "<\\/")
    return page(content, f"<div id=root></div><script>window.__APOLLO_STATE__ = {state}</script>")


def editor_document(content: Content) -> bytes:
    """Script data with an editor's document, its title in it, and tags and articles beside it."""
    blocks: list[object] = [
        {"type": "heading", "attrs": {"level": 1}, "content": [{"text": content.title}]}
    ]
    for text in content.paragraphs:
        blocks.append({"type": "paragraph", "content": [{"text": text[:40]}, {"text": text[40:]}]})
    data = {
        "story": {"title": content.title, "document": {"type": "doc", "content": blocks}},
        "tags": [tag[1:] for tag in content.hashtags],
        "recommended": [
            {
                "publisher": card.source,
                "ago": card.age,
                "title": card.title,
                "lead": card.teaser,
                "url": card.path,
            }
            for card in content.cards
        ],
    }
    state = json.dumps(data).replace("</", "<\\/")
    return page(content, f"<div id=app></div><script type=application/json>{state}</script>")


def feed_item(content: Content) -> bytes:
    """One item of an RSS feed."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Quayside</title><link>{SITE}/</link><item><title>{escape(content.title)}</title><link>{SITE}/read</link><description>{escape(content.paragraphs[0][:80])}</description><content:encoded><![CDATA[{_inside(content)}]]></content:encoded></item></channel></rss>'
    ).encode()


def feed_entry(content: Content) -> bytes:
    """One entry of an Atom feed."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Quayside</title><entry><title>{escape(content.title)}</title><link href="{SITE}/read"/><updated>2026-05-19T04:00:00Z</updated><content type="html">{escape(_inside(content))}</content></entry></feed>'
    ).encode()


def _inside(content: Content) -> str:
    words = content.words
    body = f"{paragraphs(content)}<h3>{words.tags}</h3><p>{' '.join(content.hashtags)}</p><h3>{words.promotion}</h3><p>{words.offer}</p><h3>{words.comments}</h3><p>{words.no_comments}</p><h3>{words.related}</h3>"
    for card in content.cards:
        body += f"<p><b>{card.source}</b> {card.age}<br><a href='{SITE}{card.path}'>{escape(card.title)}</a></p><p>{escape(card.teaser)}</p>"
    return body


def text_browser(content: Content) -> bytes:
    """The dump of a text browser: wrapped and indented, with numbers of links."""
    menu = " ".join(f"[{number}]{name}" for number, name in enumerate(NAVIGATION, 2))
    rows = ["   #[1]canonical", "", f"   {menu}", ""]
    for role, text in lines_of(content):
        # The name of an unwrapped text stands alone; a source and its age share a line.
        if role != "repeat":
            rows += [*wrap(text, 72, initial_indent="   ", subsequent_indent="   "), ""]
    rows += ["References", "", *(f"   {at}. {SITE}/{at}" for at in range(1, 8))]
    return "\n".join(rows).encode()


def markdown_with_menu(content: Content) -> bytes:
    """A Markdown file with the site's menu, plain labels and pictures that are links."""
    words = content.words
    rows = [f"# {content.title}", " ".join(f"[{name}](/x)" for name in NAVIGATION)]
    rows += [*content.paragraphs, words.tags]
    rows += [" ".join(f"[{tag}]({SITE}/t)" for tag in content.hashtags)]
    rows += [words.promotion, words.offer, words.comments, words.no_comments, words.related]
    for card in content.cards:
        rows += [
            f"[![]({SITE}/thumb.jpg)]({SITE}{card.path})",
            f"{card.source} {card.age}",
            f"[**{card.title}**]({SITE}{card.path})",
            card.teaser,
        ]
    return "\n\n".join(row for row in rows if row).encode() + b"\n"


def template_literal(content: Content) -> bytes:
    """A program that writes the whole page, sections and all."""
    inner = headings(content).decode().partition("<article>")[2].partition("</article>")[0]
    script = f'document.getElementById("root").innerHTML = `<div class="page">{inner}</div>`;'
    return page(content, f'<div id="root">Loading…</div><script>{script}</script>')


def entry_fields(content: Content) -> bytes:
    """Script data whose records keep their values under `fields`."""
    text = [
        {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": text}]}
        for text in content.paragraphs
    ]
    related = [
        {"fields": {"source": card.source, "age": card.age, "title": card.title, "slug": card.path}}
        for card in content.cards
    ]
    fields = {
        "title": content.title,
        "body": {"nodeType": "document", "content": text},
        "tags": [tag[1:] for tag in content.hashtags],
        "relatedPosts": related,
    }
    state = json.dumps({"props": {"entry": {"fields": fields}}}).replace("</", "<\\/")
    return page(content, f"<div id=app></div><script type=application/json>{state}</script>")


def field_rows(content: Content) -> bytes:
    """Each row of a table holds one field of all cards."""
    words = content.words

    def row(*cells: str) -> str:
        return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"

    body = f"<h1>{escape(content.title)}</h1>{paragraphs(content)}"
    body += f"<h4>{words.tags}</h4><p>{' '.join(content.hashtags)}</p><h4>{words.promotion}</h4><p>{words.offer}</p><h4>{words.comments}</h4><p>{words.no_comments}</p><h4>{words.related}</h4><table>"
    body += row(*(f"{card.source} · {card.age}" for card in content.cards))
    body += row(*(f"<a href='{card.path}'>{escape(card.title)}</a>" for card in content.cards))
    body += row(*(escape(card.teaser) for card in content.cards))
    return page(content, body + "</table>")


def numbered_labels(content: Content) -> bytes:
    """The sections and their cards are numbered."""
    words = content.words
    body = f"<div><h1>{escape(content.title)}</h1>{paragraphs(content)}"
    body += f"<h2>1. {words.tags}</h2><p>{' '.join(content.hashtags)}</p><h2>2. {words.promotion}</h2><p>{words.offer}</p><h2>3. {words.comments}</h2><p>{words.no_comments}</p><h2>4. {words.related}</h2>"
    for number, card in enumerate(content.cards, 1):
        body += f"<h3>4.{number} <a href='{card.path}'>{escape(card.title)}</a></h3><p>{card.source}, {card.age}</p><p>{escape(card.teaser)}</p>"
    return page(content, body + "</div>")


def whole_articles(content: Content) -> bytes:
    """Related articles stand below in full, in the article's container."""
    words = content.words
    body = f"<div><h1>{escape(content.title)}</h1>{paragraphs(content)}<h3>{words.tags}</h3><p>{' '.join(content.hashtags)}</p>"
    body += f"<h3>{words.promotion}</h3><p>{words.offer}</p><h3>{words.comments}</h3><p>{words.no_comments}</p><h3>{words.related}</h3>"
    for card in content.cards:
        body += f"<p>{card.source}</p><p>{card.age}</p><p><a href='{card.path}'>{escape(card.title)}</a></p><p>{escape(card.teaser)}</p>"
        body += "".join(f"<p>{text}</p>" for text in REST)
    return page(content, body + "</div>")


def whole_articles_text(content: Content) -> bytes:
    """The same as copied text."""
    words = content.words
    rows = [content.title, *content.paragraphs, words.tags, " ".join(content.hashtags)]
    rows += [words.promotion, words.offer, words.comments, words.no_comments, words.related, ""]
    for card in content.cards:
        rows += [card.source, card.age, f"- {card.source}", card.title, card.teaser, *REST, "", ""]
    return "\n".join(rows).encode() + b"\n"


def text_ruled(content: Content) -> bytes:
    """Wrapped text with rules around its labels and bullets before the cards."""
    words = content.words
    rows = [content.title, "=" * len(content.title), ""]
    for text in content.paragraphs:
        rows += [*wrap(text, 72), ""]
    rule = "-" * 72
    for label, text in (
        (words.tags, " ".join(content.hashtags)),
        (words.promotion, words.offer),
        (words.comments, words.no_comments),
        (words.related, ""),
    ):
        rows += [rule, label, rule, text, ""]
    for card in content.cards:
        lines = wrap(card.teaser, 70)
        rows += [f"* {card.title}", f"  {card.source}, {card.age}", *(f"  {x}" for x in lines), ""]
    return "\n".join(rows).encode() + b"\n"


def cards_with_buttons(content: Content) -> bytes:
    """Each card names its source twice and ends with counts and buttons."""
    words = content.words
    body = f"<div><div>{escape(content.title)}</div><div>{'<br><br>'.join(map(escape, content.paragraphs))}</div>"
    for label, inside in (
        (words.tags, " ".join(f"<span>{tag}</span>" for tag in content.hashtags)),
        (words.promotion, words.offer),
        (words.comments, words.no_comments),
    ):
        body += f"<div><div>{label}</div><div>{inside}</div></div>"
    body += f"<div><div>{words.related}</div>"
    for card in content.cards:
        body += f"<div><div>{card.source}</div><ul><li>{card.age}</li></ul><ul><li>{card.source}</li></ul><a href='{card.path}'><div>{escape(card.title)}</div></a><div>{escape(card.teaser)}</div><div><span>0</span><span>0</span><button>Share</button></div></div>"
    return page(content, body + "</div></div>")


def markdown_table(content: Content) -> bytes:
    """A Markdown file whose cards are rows of a table, titles and teasers in one cell."""
    words = content.words
    rows = [f"# {content.title}", *content.paragraphs, "---"]
    rows += [f"**{words.tags}:** " + " ".join(rf"\{tag}" for tag in content.hashtags), "---"]
    rows += [f"### {words.promotion}", words.offer, f"### {words.comments}", words.no_comments]
    rows += [f"### {words.related}"]
    table = ["| | |", "|---|---|"]
    for card in content.cards:
        link = f"[{card.title}]({SITE}{card.path})"
        table.append(f"| **{card.source}** {card.age} | {link} {card.teaser} |")
    return "\n\n".join((*rows, "\n".join(table))).encode() + b"\n"


def mailed_tables(content: Content) -> bytes:
    """A mailed newsletter: a table for each part, and small print of the mailing list."""
    words = content.words

    def row(inside: str) -> str:
        return f'<tr><td style="padding:8px 24px">{inside}</td></tr>'

    body = row(f'<span style="font-size:28px">{escape(content.title)}</span>')
    body += "".join(row(escape(text)) for text in content.paragraphs)
    for label, inside in (
        (words.tags, " ".join(f"<a href='/t/{tag[1:]}'>{tag}</a>" for tag in content.hashtags)),
        (words.promotion, words.offer),
        (words.comments, words.no_comments),
        (words.related, ""),
    ):
        body += row(f"<strong>{label}</strong>") + row(inside)
    for card in content.cards:
        inner = row(f"{card.source} · {card.age}") + row(f"<a href='{card.path}'>{card.title}</a>")
        body += f'<tr><td><table role="presentation">{inner}{row(escape(card.teaser))}</table></td></tr>'
    body += row('<a href="/u">Unsubscribe</a> | <a href="/v">View in browser</a>')
    return page(content, f'<table role="presentation">{body}</table>')


DRESSES: Final[dict[str, Dress]] = {
    dress.__name__: dress
    for dress in (
        headings, bold_lines, table_rows, spans, one_class, rail_first, flat_rail_first, markdown_file, markdown_list,
        shadow_roots, next_data, initial_state, json_ld, definition_list, nested_divs, frame, details, accordion, tabs,
        linked_cards, turned_round, aria, old_layout, two_columns, custom_elements, numbered_list, field_sets,
        cloned_template, text_dump, text_with_navigation, web_archive, upper_case, label_and_colon, label_in_block, lists_of_all, card_footers, data_table, nuxt_state, data_attribute, normalised_state, state_as_string, without_scripts, script_template, data_frame, text_titles_first, text_bullets, markdown_underlined, spoken_labels, data_addresses, one_paragraph, xhtml,
        linked_teasers, heading_teasers, counted_labels, captioned_cards, bold_leads, preserved_lines, aria_tabs,
        apollo_state, editor_document, feed_item, feed_entry, text_browser, markdown_with_menu, template_literal, entry_fields,
        field_rows, numbered_labels, whole_articles, whole_articles_text, text_ruled, cards_with_buttons, markdown_table, mailed_tables,
    )
}  # fmt: skip
TAGLESS: Final = frozenset(("json_ld", "text_bullets"))
WITHOUT_ADDRESSES: Final = frozenset(
    (
        "bold_lines",
        "table_rows",
        "spans",
        "one_class",
        "text_dump",
        "text_with_navigation",
        "text_titles_first",
        "text_bullets",
        "one_paragraph",
        "preserved_lines",
        "text_browser",
        "whole_articles_text",
        "text_ruled",
    )
)
UNLISTED_FIRST: Final = frozenset(("turned_round", "text_titles_first"))
"""Dresses whose first label, right below the text, cannot be known in words of no list."""
