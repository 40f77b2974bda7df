"""A picture and what stands beside it is one figure, whatever a page makes them of."""

import pytest

from reader.extract import extract
from reader.extract.content import figures, selector
from reader.extract.content.segmenter import Segmenter
from reader.extract.input.html_parser import parse

SENTENCES = (
    "The harbour froze for the first time in sixty years, and nobody in the town had skates that fitted.",
    "By noon the butcher had closed his shop, hung a lantern on the pier, and walked out to the second buoy.",
    "Children were told to stay within sight of the chapel, which is to say that they were told nothing at all.",
    "An engineer from the waterworks drilled eleven holes, measured each of them, and wrote the numbers on his sleeve.",
)
PICTURE = "<img src='/pier.jpg' width='900' alt='The pier'>"
CAPTION = "Lanterns on the pier, seen from the waterworks at the end of the first day."


def cut(figure: str) -> Segmenter:
    root = parse(
        f"<body><article><p>{SENTENCES[0]}</p>{figure}<p>{SENTENCES[1]}</p></article>"
    ).root
    body = root.find("body")
    assert body is not None
    return Segmenter(body)


def written(figure: str) -> str:
    half = len(SENTENCES) // 2
    before = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:half])
    after = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[half:])
    page = f"<html><body><article>{before}{figure}{after}</article></body></html>"
    return extract(page.encode(), "https://pier.example/horse").markdown


def test_the_box_around_an_image_and_its_lines_is_found() -> None:
    """Caption, credit and the cut copy of a caption belong to it; paragraphs never do."""
    seen = cut(
        f"<div class='photo'><div>{PICTURE}</div><div class='caption'><p>{CAPTION}</p></div>"
        f"<div class='caption'><p>{CAPTION[:30]}...</p></div><span class='credit'>A. Clerk</span></div>"
    )
    (figure,) = figures.find_figures(seen.blocks, seen.media)
    texts = [seen.blocks[number].text for number in figure.captions]
    assert texts == [CAPTION, f"{CAPTION[:30]}...", "A. Clerk"]
    kept = figures.deduplicate_captions(figure, seen.blocks)
    assert [seen.blocks[number].text for number in kept] == [CAPTION, "A. Clerk"]
    assert (
        figures.deduplicate_captions(figure, seen.blocks, {CAPTION, f"{CAPTION[:30]}..."})
        == kept[1:]
    )


def test_a_paragraph_beside_an_image_makes_no_figure() -> None:
    """A box with running text in it is no figure, and neither is one without a picture."""
    beside = f"<div>{PICTURE}<p>{SENTENCES[2]}</p><p class='caption'>{CAPTION}</p></div>"
    player = f"<figure><iframe src='https://video.example/1'></iframe><p>{CAPTION}</p></figure>"
    for source in (beside, player):
        seen = cut(source)
        assert figures.find_figures(seen.blocks, seen.media) == []


def test_an_image_beside_its_label_in_a_figure_is_an_image() -> None:
    """Words for screen readers on the picture's own line do not make it a part of the text."""
    seen = cut(f"<figure><span>Image</span>{PICTURE}<figcaption>{CAPTION}</figcaption></figure>")
    assert [media.elements[0].tag for media in seen.media] == ["img"]
    assert [block.text for block in seen.blocks[1:3]] == ["Image", CAPTION]


def test_captions_are_one_line_in_emphasis_below_their_image() -> None:
    """Caption and credit in boxes of their own are one line; a list of pictures is no list."""
    line = f"*{CAPTION} A. Clerk*"
    figure = f"<figure>{PICTURE}<div class='caption'>{CAPTION}</div><div class='credit'>A. Clerk</div></figure>"
    assert f"![The pier](https://pier.example/pier.jpg)\n{line}\n" in written(figure)
    gallery = f"<ul><li>{PICTURE}<p class='caption'>{CAPTION} A. Clerk</p></li></ul>"
    assert f"\n\n![The pier](https://pier.example/pier.jpg)\n{line}\n\n" in written(gallery)


def test_a_figure_that_only_names_its_image_shows_it() -> None:
    """A script would have loaded the picture; its address is the figure's item."""
    figure = f"<figure itemid='https://pier.example/ice.jpg?w=600'><figcaption>{CAPTION}</figcaption></figure>"
    assert "![](https://pier.example/ice.jpg?w=600)" in written(figure)


@pytest.mark.parametrize(("chance", "stays"), [(0.1, False), (0.45, True)])
def test_a_figure_keeps_its_lines_where_one_may_well_be_text(chance: float, stays: bool) -> None:
    """A line that is not likely to be text on its own stays with its picture, a hardly likely one goes."""
    inside = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    figure = f"<figure>{PICTURE}<figcaption>{CAPTION}</figcaption></figure>"
    seen = selector.analyse(parse(f"<body><article>{inside}{figure}{inside}</article>").root, None)
    chances = [chance if block.text == CAPTION else 0.9 for block in seen.blocks]
    kept, media = selector.select_blocks(seen, chances)
    assert len(media) == 1
    assert [
        keep for block, keep in zip(seen.blocks, kept, strict=True) if block.text == CAPTION
    ] == [stays]


def test_a_figure_brings_no_line_along_that_nobody_wrote() -> None:
    """A button below a picture stays out, whatever the lines beside it are."""
    figure = f"<figure>{PICTURE}<p>View this image ›</p><figcaption>{CAPTION}</figcaption></figure>"
    text = written(figure)
    assert CAPTION in text
    assert "View this image" not in text


def test_images_of_a_page_with_few_words_are_kept() -> None:
    """Around an image of a very short page there is no more text to judge it by: all counts."""
    page = (
        "<html><body><main><article><h1>The pier</h1><p>It froze on Monday.</p>"
        "<figure><img src='/pier.jpg'></figure><figure><img src='/buoy.jpg'></figure>"
        "<p>It thawed again.</p></article></main></body></html>"
    )
    markdown = extract(page.encode(), "https://pier.example/short").markdown
    assert "pier.jpg" in markdown
    assert "buoy.jpg" in markdown


def test_the_same_image_alone_is_shown_once() -> None:
    """Slides come with their thumbnails; a picture in a line of text may be repeated."""
    text = "<p>The weir below the mill was rebuilt in the autumn, and the old stones were carried up to the meadow by four horses.</p>"
    gallery = "<div><div><img src=/a.jpg></div><div><img src=/b.jpg></div><div><a href=/x><img src=/a.jpg></a></div></div>"
    line = "<p>Yes <img src=/t.png alt=yes> and <img src=/t.png alt=yes></p>"
    page = f"<html><body><article><h1>Weir</h1>{text}{gallery}{text}{line}{text}</article></body></html>"
    markdown = extract(page.encode(), "https://mill.example/weir").markdown
    assert markdown.count("a.jpg") == 1
    assert markdown.count("b.jpg") == 1
    assert markdown.count("t.png") == 2


@pytest.mark.parametrize(
    "content",
    ["Ice is water that waits.", "<dl><dt>Ice</dt><dd>Water that waits for spring.</dd></dl>"],
)
def test_caption_of_a_figure_without_a_picture_stays(content: str) -> None:
    """Its quotation, or its list of terms, is text of the article."""
    found = written(f"<figure>{content}<figcaption>Photo: Ann Mole</figcaption></figure>")
    assert "waits" in found
    assert "Photo: Ann Mole" in found
