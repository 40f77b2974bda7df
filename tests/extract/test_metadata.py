import json

import pytest

from reader.extract import extract, metadata
from reader.extract.input import html_parser
from reader.extract.metadata import dates
from reader.extract.metadata import title as title_parser


def read(
    head: str, body: str = "<p>Text.</p>", url: str | None = "https://www.example.com/a"
) -> metadata.Metadata:
    return metadata.read_metadata(
        html_parser.parse(f"<html lang='en-GB'><head>{head}</head><body>{body}</body></html>", url)
    )


def linked(value: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps(value)}</script>"


ARTICLE = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebSite", "@id": "#site", "name": "The Site"},
        {"@type": "Person", "@id": "#ann", "name": "Ann Lee"},
        {
            "@type": ["NewsArticle"],
            "headline": "A headline &amp; more",
            "author": [{"@id": "#ann"}, {"@type": "Person", "name": "Bo Öst"}],
            "publisher": {"@type": "Organization", "name": "The Publisher"},
            "datePublished": "2026-01-02T03:04:05+0100",
            "dateModified": "2026-01-03",
            "keywords": ["sea", "#slow food"],
            "image": [{"url": "/i.png"}],
            "description": "What it is about.",
        },
    ],
}


def test_json_ld_has_precedence() -> None:
    """Graphs, references, lists of authors and escaped signs are understood."""
    about = read(linked(ARTICLE) + "<title>A headline &amp; more | The Publisher</title>")
    assert about.title == "A headline & more"
    assert about.byline == "Ann Lee, Bo Öst"
    assert about.site == "The Publisher"
    assert (about.published, about.modified) == ("2026-01-02T03:04:05+01:00", "2026-01-03")
    assert about.keywords == ("sea", "slow food")
    assert about.image == "https://www.example.com/i.png"
    assert about.language == "en-GB"


@pytest.mark.parametrize(
    "script",
    [
        "{",
        "[1, 2",
        '{"@type": 7, "author": {"name": {"name": []}}}',
        "null",
        '{"@graph": {"@graph": {}}}',
        "<!-- {} -->",
    ],
)
def test_broken_json_ld_costs_nothing_else(script: str) -> None:
    """What a script says wrongly is passed over."""
    about = read(
        f"<script type='application/ld+json'>{script}</script><meta name=author content='Ann Lee'><title>T</title>"
    )
    assert (about.title, about.byline) == ("T", "Ann Lee")


def test_a_trailing_comma_is_forgiven() -> None:
    """Templates often write one."""
    script = '{"@type": "Article", "headline": "Kept", "author": ["Ann", ], }'
    assert read(f"<script type='application/ld+json'>{script}</script>").byline == "Ann"


def test_open_graph_and_dublin_core() -> None:
    """Properties outweigh names; addresses are absolute and of the web."""
    about = read(
        "<meta property=og:title content='The title'><meta name=twitter:title content='Other'>"
        "<meta property=og:site_name content='Coast'><meta name=DC.creator content='Ann Lee'>"
        "<meta property=og:image content='javascript:x'><meta property=article:published_time content='2026-03-14T06:30:00Z'>"
        "<link rel=canonical href='/canonical'><meta name=keywords content='a, b,, c'><title>The title - Coast</title>"
    )
    assert (about.title, about.site, about.byline) == ("The title", "Coast", "Ann Lee")
    assert (about.image, about.canonical) == (None, "https://www.example.com/canonical")
    assert about.keywords == ("a", "b", "c")


@pytest.mark.parametrize(
    ("title", "heading", "expected"),
    [
        ("Why the ferry wins | Daybreak", "", ("Why the ferry wins", "Daybreak")),
        ("Daybreak: Why", "", ("Daybreak: Why", "")),
        ("Example · Why the ferry wins", "", ("Why the ferry wins", "Example")),
        ("One - Two - Three", "One - Two", ("One - Two", "Three")),
        ("(3) Why the ferry wins — Some Blog", "", ("Why the ferry wins", "Some Blog")),
        ("A - B", "", ("A - B", "")),
        ("Long title of it all - with a second half that is longer than the first one", "", None),
    ],
)
def test_the_sites_name_comes_off_the_title(
    title: str, heading: str, expected: tuple[str, str] | None
) -> None:
    """Where it is known, where the heading says so, or where it is plainly short."""
    assert title_parser.strip_site(title, ["example"], heading) == (expected or (title, ""))


@pytest.mark.parametrize(
    ("body", "byline"),
    [
        ("<p class=byline>By <a href=/x>Ann Lee</a> | 3 May 2026</p>", "Ann Lee"),
        ("<a rel=author href=/x>Bo Öst</a>", "Bo Öst"),
        ("<div itemprop=author><span itemprop=name>Cy Ames</span> Editor</div>", "Cy Ames"),
        ("<aside class=related><p class=author>Not me</p></aside>", None),
        ("<p class=comment-author>Not me</p>", None),
        ("<p class=author>By 2026-01-01</p>", None),
    ],
)
def test_the_byline_that_is_shown(body: str, byline: str | None) -> None:
    """Names near the article count, those of comments and other articles do not."""
    assert (
        read("<title>T</title>", f"<article><h1>T</h1>{body}<p>Text.</p></article>").byline
        == byline
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-02T03:04:05.000+0200", "2026-01-02T03:04:05+02:00"),
        ("2026-1-2 3:04 UTC", "2026-01-02T03:04Z"),
        ("14 March 2026", "2026-03-14"),
        ("Mar 14th, 2026", "2026-03-14"),
        ("14. März 2026", "2026-03-14"),
        ("1er février 2026", "2026-02-01"),
        ("2026年2月20日", "2026-02-20"),
        ("20260314", "2026-03-14"),
        ("31 February 2026", None),
        ("soon", None),
    ],
)
def test_dates_of_many_spellings(text: str, expected: str | None) -> None:
    """As precise as the page says, with its zone."""
    assert dates.parse_date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Updated August 27, 2025", "2025-08-27"), ("23.07.2025", "2025-07-23"), ("2019年7月8日", "2019-07-08"),
        ("04-ago-2021 5:11:10", "2021-08-04"), ("Dec. 19, 2025 · Mara Okello", "2025-12-19"), ("2026/03/14", "2026-03-14"),
        ("14 марта 2026 г.", "2026-03-14"), ("14 березня 2026", "2026-03-14"), ("14 marca 2026", "2026-03-14"),
        ("14 Μαρτίου 2026", "2026-03-14"), ("14 Mart 2026", "2026-03-14"), ("14. března 2026", "2026-03-14"),
        ("14. maaliskuuta 2026", "2026-03-14"), ("14 de março de 2026", "2026-03-14"), ("14 mars 2026", "2026-03-14"),
        ("2026. március 14.", "2026-03-14"), ("14 Maret 2026", "2026-03-14"), ("2026년 3월 14일", "2026-03-14"),
        ("31/12/2025", "2025-12-31"), ("1.2.3", None), ("version 2.0.2026.1", None),
    ],
)  # fmt: skip
def test_dates_as_people_write_them(text: str, expected: str | None) -> None:
    """In the languages of the page sets, in words and in numbers."""
    assert dates.parse_date(text) == expected


def test_slashes_are_read_by_the_language() -> None:
    """Month and day change places between the United States and elsewhere."""
    body = "<article><h1>T</h1><p>03/10/2023</p></article>"
    page = "<html lang={}><head><title>T</title></head><body>{}</body></html>"
    for language, host, expected in (
        ("en-US", "quay.example", "2023-03-10"),
        ("en-GB", "quay.example", "2023-10-03"),
        ("en", "quay.co.uk", "2023-10-03"),
        ("fr", "quay.example", "2023-10-03"),
    ):
        parsed = html_parser.parse(page.format(language, body), f"https://{host}/a")
        assert metadata.read_metadata(parsed).published == expected


def test_a_visible_date_counts_by_what_it_says() -> None:
    """A line named as a date before others, an update last, a copyright never."""
    lines = "<p>Updated 2 May 2026</p><p>In 2 March 2024 nothing happened</p>"
    body = f"<h1>T</h1>{lines}<div class=post-date>1 April 2026</div><footer><p>1 June 2020</p></footer>"
    assert read("<title>T</title>", body).published == "2026-04-01"
    assert read("<title>T</title>", "<h1>T</h1><p>Updated 2 May 2026</p>").published == "2026-05-02"
    assert read("<title>T</title>", "<h1>T</h1><p>© 2 May 2026 Quay</p>").published is None


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("By Mara Okello on Jan 22, 2026", "Mara Okello"),
        ("Written by Mara Okello", "Mara Okello"),
        ("Submitted by Mara Okello on Mon, 04/13/2026 - 10:00", "Mara Okello"),
        ("by mara ● December 23, 2025 ● 6 min read", "mara"),
        ("Von Mara Okello, 3. Mai 2026", "Mara Okello"),
        ("Автор: Мара Окелло", "Мара Окелло"),
        ("By the end of 2025, the sea had taken the mole and the light.", None),
    ],
)
def test_a_line_that_begins_with_by(line: str, byline: str | None) -> None:
    """Near the heading, in any element; the date behind the name is cut off."""
    assert read("<title>T</title>", f"<h1>T</h1><p>{line}</p>").byline == byline


def test_an_author_who_is_the_site_is_dropped() -> None:
    """Organisations and account numbers count only where no name is shown."""
    head = "<meta property=og:site_name content=Quay><meta name=author content={}><title>T</title>"
    line = "<h1>T</h1><p>By Mara Okello</p>"
    for author in ("Quay", "105092", "page.head.author"):
        assert read(head.format(author), line).byline == "Mara Okello"
    assert read(head.format("Quay"), "<h1>T</h1>").byline == "Quay"
    assert read(head.format("105092"), "<h1>T</h1>").byline is None


def test_the_heading_is_the_title_where_both_say_the_same() -> None:
    """Titles for shares and searches differ from the heading that the page shows."""
    head = "<meta property=og:title content='Best boats 2026: top picks'><title>Best boats | Quay</title>"
    assert read(head, "<h1>The best boats of the year</h1>").title == "The best boats of the year"
    assert read(head, "<h1>Quay News</h1>").title == "Best boats 2026: top picks"
    dublin = "<meta name=dc.title content='Boats of the year'>"
    assert read(head + dublin, "<h1>The best boats of the year</h1>").title == "Boats of the year"


def test_the_name_of_a_manual_in_the_first_heading_is_not_the_title() -> None:
    """The lower heading that begins the page's title is the page's own."""
    head = "<title>Tide tables | Harbour Manual v3.2</title>"
    body = (
        "<h1>Harbour Manual v3.2</h1><h2>Tide tables <a href='#t'>#</a></h2><p>Read them daily.</p>"
    )
    found = read(head, body)
    assert (found.title, found.site) == ("Tide tables", "Harbour Manual v3.2")


def test_a_blog_s_name_before_the_post_in_the_title() -> None:
    """The post's own heading is the title where the main one leads to the blog's first page."""
    head = "<title>The Quay Notebook - Letters from the quay</title>"
    post = "<article><h2>Letters from the quay</h2><p>Text.</p></article>"
    linked_name = "<header><h1><a href='/'>The Quay Notebook</a></h1></header>"
    assert read(head, linked_name + post).title == "Letters from the quay"
    section = "<title>Letters from the quay - News</title>"
    shown = "<main><h1>Letters from the quay</h1><p>Text.</p><h2>News</h2></main>"
    assert read(section, shown).title == "Letters from the quay"


def test_the_footer_of_an_article_names_author_and_date() -> None:
    """It belongs to the article, as a page's footer and another article's do not."""
    signed = "<footer><p>Published: <time datetime='2026-04-13'>13 April</time></p><address>By <a href='/m'>Mara Lind</a></address></footer>"
    text = "<p>Text.</p>" * 30
    found = read("", f"<article><h1>Letters</h1>{text}{signed}</article>")
    assert (found.byline, found.published) == ("Mara Lind", "2026-04-13")
    for body in (
        f"<article><h1>Letters</h1>{text}</article>{signed}",
        f"<article><h1>Letters</h1>{text}</article><article><h2>Fog</h2>{signed}</article>",
    ):
        found = read("", body)
        assert (found.byline, found.published) == (None, None)


def test_a_date_of_history_in_a_sentence_is_not_the_date_of_the_page() -> None:
    """A sentence about 1935 dates nothing; a line of an old newspaper with its date alone does."""
    heading = "<h1>The harbour act</h1>"
    event = "<ul><li>The harbour act was signed into law on August 14, 1935</li></ul>"
    assert read("<title>The harbour act</title>", heading + event).published is None
    alone = "<p>Wednesday, August 14, 1935</p>"
    assert read("<title>The harbour act</title>", heading + alone).published == "1935-08-14"


def test_a_visible_date_near_the_heading() -> None:
    """Only the article's own."""
    body = "<aside><time datetime=2020-01-01>x</time></aside><header><h1>T</h1><p>14 March 2026 · 3 min</p></header>"
    assert read("<title>T</title>", body).published == "2026-03-14"


def test_the_name_of_a_blog_before_its_only_entry_is_the_site() -> None:
    """Blogger writes both into the title, with a colon between them."""
    text = "The tower keeps its own time, and the town has learnt to live by it. " * 5
    page = f"<html><head><title>Notes on Clocks: Thirteen strokes</title></head><body><h1>Notes on Clocks</h1><h3 class='post-title entry-title'>Thirteen strokes</h3><div class='post-body'>{text}</div></body></html>"
    article = extract(page.encode())
    assert article.title == "Thirteen strokes"
    assert article.site == "Notes on Clocks"


def test_a_date_between_blocks_and_in_the_address() -> None:
    """A span between paragraphs is a line of its own; the address is the last to be asked."""
    page = (
        "<article><h1>Ice</h1><span class='datum'>1. září 2021</span><p>The ice held.</p></article>"
    )
    assert read("", page, "https://ice.example/a").published == "2021-09-01"
    for shown in ("٤ مارس ٢٠٢١", "4 มีนาคม 2564", "4 במרץ 2021", "4 март 2021", "۲۰۲۱-۰۳-۰۴"):
        page = f"<article><h1>Ice</h1><p class=date>{shown}</p><p>The ice held.</p></article>"
        assert read("", page, "https://ice.example/a").published == "2021-03-04"
    page = "<article><h1>Ice</h1><p>The ice held.</p></article>"
    assert read("", page, "https://ice.example/2019/03/08/ice").published == "2019-03-08"
    assert read("", page, "https://ice.example/2019/33/08/ice").published is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("27 август 2025 г.", "2025-08-27"), ("27. avgust 2025.", "2025-08-27"), ("27 d'agost de 2025", "2025-08-27"),
        ("令和7年8月27日", "2025-08-27"), ("平成元年1月8日", "1989-01-08"), ("民國114年8月27日", "2025-08-27"),
        ("am 27.08.25", "2025-08-27"), ("wo 27 mrt 2025", "2025-03-27"), ("২৭ মার্চ ২০২৫", "2025-03-27"), ("2025. márc. 27., csütörtök", "2025-03-27"),
        ("27 Mac 2025", "2025-03-27"), ("۱۴ اسفند ۱۴۰۳", "2025-03-04"), ("۱ فروردین ۱۴۰۴", "2025-03-21"),
        ("27 tháng 8, 2025", "2025-08-27"), ("27 สิงหาคม 2568", "2025-08-27"), ("२७ अगस्त २०२५", "2025-08-27"),
        ("٢٧ أغسطس ٢٠٢٥", "2025-08-27"), ("27 באוגוסט 2025", "2025-08-27"), ("2025 m. rugpjūčio 27 d.", "2025-08-27"),
        ("2025. gada 27. augusts", "2025-08-27"), ("27.8.25", None), ("27/8/25", "2025-08-27"), ("8/27/25", "2025-08-27"),
        ("Wed, 27 Aug 2025 10:15:00 +0200", "2025-08-27T10:15:00+02:00"), ("1756282500000", "2025-08-27T08:15:00Z"),
        ("1756282500", "2025-08-27T08:15:00Z"),
    ],
)  # fmt: skip
def test_dates_of_more_languages_and_eras(text: str, expected: str | None) -> None:
    """Digits of other scripts, years of other eras, short years, mails and seconds."""
    assert dates.parse_date(text) == expected


@pytest.mark.parametrize(
    "line",
    [
        "Updated May 2, 2026 · Published April 1, 2026",
        "First published on April 1, 2026; last updated May 2, 2026",
        "1 April 2026 (updated 2 May 2026)",
        "Aktualisiert am 02.05.2026, veröffentlicht am 01.04.2026",
    ],
)
def test_a_line_with_two_dates_names_the_first_publication(line: str) -> None:
    assert read("<title>T</title>", f"<h1>T</h1><p>{line}</p>").published == "2026-04-01"


@pytest.mark.parametrize(
    ("title", "heading", "expected"),
    [
        ("Why the ferry wins < Daybreak", "", "Why the ferry wins"),
        ("Example » Blog Archive » Why the ferry wins", "", "Why the ferry wins"),
        ("Example: Why the ferry wins", "", "Why the ferry wins"),
        ("Opinion: Why the ferry wins", "Why the ferry wins", "Why the ferry wins"),
        ("Why the ferry wins_Daybreak", "Why the ferry wins", "Why the ferry wins"),
        ("渡船为什么赢_晨报", "", "渡船为什么赢"),
        ("Why the ferry always wins | Sea | Daybreak", "", "Why the ferry always wins"),
        ("Ferries: a short history", "", "Ferries: a short history"),
    ],
)
def test_names_of_sites_and_sections_come_off_the_title(
    title: str, heading: str, expected: str
) -> None:
    assert title_parser.strip_site(title, ["example"], heading)[0] == expected


def test_what_stands_before_a_colon_is_no_title() -> None:
    """The page's title may begin with the site; the title given for sharing is whole."""
    head = "<title>Pier News: The winter of the horse</title><meta property=og:title content='The winter of the horse'>"
    assert read(head).title == "The winter of the horse"


def test_a_title_that_is_only_the_name_of_the_site() -> None:
    """The heading is the title, or what microdata name the headline."""
    assert (
        read("<title>Example</title>", "<h1>Why the<br>ferry wins</h1>").title
        == "Why the ferry wins"
    )
    marked = "<h2 itemprop=headline>Why the ferry wins</h2>"
    assert read("<title>Example</title>", marked).title == "Why the ferry wins"


@pytest.mark.parametrize(
    ("body", "byline"),
    [
        ("<p class=byline>By Mara Okello, Bo Öst and Cy Ames</p>", "Mara Okello, Bo Öst, Cy Ames"),
        ("<p><a rel=author>Mara Okello</a>, <a rel=author>Bo Öst</a></p>", "Mara Okello, Bo Öst"),
        ("<p class=byline>By Mara Okello, mara@quay.example</p>", "Mara Okello"),
        ("<p class=byline>By Mara Okello, Chief Sea Correspondent</p>", "Mara Okello"),
        ("<p class=author>作者：王小明</p>", "王小明"),
        ("<p>By the sea</p>", None),
        ("<p itemprop=author><meta itemprop=name content='Mara Okello'></p>", "Mara Okello"),
        ("<span property='schema:author'>Mara Okello</span>", "Mara Okello"),
        (
            "<footer class=entry-footer><p>Posted by <a rel=author>Mara Okello</a></p></footer>",
            "Mara Okello",
        ),
        ("<footer><p>Posted by <a rel=author>Mara Okello</a></p></footer>", "Mara Okello"),
        (
            "</article><footer><p>Posted by <a rel=author>Mara Okello</a></p></footer><article>",
            None,
        ),
    ],
)
def test_names_of_authors_alone(body: str, byline: str | None) -> None:
    """Without their addresses and jobs; several in one line."""
    assert read("<title>T</title>", f"<article><h1>T</h1>{body}</article>").byline == byline


def test_authors_of_papers_are_named_as_they_are_read() -> None:
    head = "<meta name=citation_author content='Okello, Mara'><meta name=citation_author content='Öst, Bo'>"
    assert read(head).byline == "Mara Okello, Bo Öst"
    assert metadata.read_metadata(
        html_parser.parse("<html xml:lang=de><p>x</p></html>")
    ).language == ("de")


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("Ida Berg and Ola Nord, 27 Aug 2025, 9:14 am", None),
        ("Veröffentlicht am 3. März 2024 von Ida Berg", "Ida Berg"),
        ("Par Ida Berg, publié le 14 juillet 2024 à 8h30", "Ida Berg"),
        ("Por Ida Berg. 5 de enero de 2024", "Ida Berg"),
        ("Door Ida Berg op 4 maart 2022", "Ida Berg"),
        ("04 березня 2022, 10:15 Автор: Іда Берг", "Іда Берг"),
        ("2019年7月8日 10:20 来源：山城晚报 作者：李明", "李明"),
        ("2019年7月8日（月） 10時20分 文＝山田太郎", "山田太郎"),
        ("입력 2019년 7월 8일 오전 10:20 김민수 기자", "김민수"),
        ("Ida Berg tarafından 8 Temmuz 2019 tarihinde yayınlandı", "Ida Berg"),
        ("8 Ιουλίου 2019, 10:20 - Του Νίκου Παππά", "Νίκου Παππά"),
        ("كتب: أحمد علي - 8 يوليو 2019", "أحمد علي"),
        ("מאת: דנה לוי, 8 ביולי 2019", "דנה לוי"),
        ("लेखक: राम शर्मा, 8 जुलाई 2019", "राम शर्मा"),
        ("Av Ida Berg. Publicerad 8 juli 2019", "Ida Berg"),
        ("Teksti: Ida Berg 8.7.2019", "Ida Berg"),
        ("Publicat pe 8 iulie 2019 de Ida Berg", "Ida Berg"),
        ("Tác giả: Lê Minh, ngày 8 tháng 7 năm 2019", "Lê Minh"),
        ("Posted on July 8, 2019 by Ida Berg in News", "Ida Berg"),
        ("Words by Ida Berg, photographs by Ola Nord", "Ida Berg"),
        ("Updated on July 8, 2019 by popular demand", None),
        ("Posted on July 8, 2019 by Martin Monk in News", "Martin Monk"),
        ("July 8, 2019 · 4 min · 812 words · Ida Berg | Suggest Changes", "Ida Berg"),
        ("July 8, 2019 · Climate Change · 4 min read", None),
    ],
)
def test_a_line_of_date_and_author_is_read_in_its_language(line: str, byline: str | None) -> None:
    """Names stand before or behind the date, after a word, a colon, or before the word."""
    text = "<p>It struck thirteen at noon for forty years, and the school began by it.</p>" * 4
    page = f"<html><body><article><h1>The clock that struck</h1><p>{line}</p>{text}</article></body></html>"
    assert extract(page.encode(), "https://clock.example/story").byline == byline


@pytest.mark.parametrize(
    ("tail", "site"),
    [
        ("_国内新闻_海港网", "海港网"),
        ("--文化--海港网", "海港网"),
        ("-财经频道-海港网", "海港网"),
        ("_首页_海港网_port.example", "海港网"),
        ("_社会_海港新闻-The Port", "海港新闻-The Port"),
        ("_海港网", "海港网"),
    ],
)
def test_the_site_is_the_last_of_several_joined_names(tail: str, site: str) -> None:
    """Chinese sites join the title, sections and the site's name by signs without spaces."""
    heading = "海港六十年来第一次结冰，居民走上冰面"
    found = read(f"<title>{heading}{tail}</title>", f"<h1>{heading}</h1>")
    assert (found.title, found.site) == (heading, site)


@pytest.mark.parametrize(
    ("given", "byline"),
    [
        ("name, email@mail.example", None),
        ("Administrator", None),
        ("未知", None),
        ("[责任编辑：韩冰]", "韩冰"),
        ("Mara Okello Follow", "Mara Okello"),
        ("海港发布 关注", "海港发布"),
        ("Follow Jones", "Follow Jones"),
    ],
)
def test_placeholders_and_buttons_are_no_names(given: str, byline: str | None) -> None:
    """What a template has in a name's place, and the button after a name, are left out."""
    assert read(f"<meta name='author' content='{given}'>").byline == byline
