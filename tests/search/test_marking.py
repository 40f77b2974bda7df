"""The words of a search are found in a text as it is written."""

from hypothesis import given
from hypothesis import strategies as st

from reader.markdown.plain_text import plain, without_front_matter
from reader.model.query import Text, run_at
from reader.model.tokenizer import tokens
from reader.search.text.match_finder import found_in, places_in
from reader.search.text.snippets import best_place, snippet


def marked(text: str, *words: str, prefix: bool = False) -> list[str]:
    return [
        text[start:end] for start, end in found_in(text, [Text(word, prefix) for word in words])
    ]


def test_matches_are_as_written() -> None:
    """Accents and case aside, whole words unless open, phrases across signs, CJK anywhere."""
    assert marked("Un Café, des cafés, cafe\u0301.", "cafe") == ["Café", "cafe\u0301"]
    assert marked("caféine", "cafe", prefix=True) == ["caféine"]
    assert marked("Straße and strasse", "strasse") == ["Straße", "strasse"]
    assert marked("Maßstab, Massstab", "massstab") == ["Maßstab", "Massstab"]
    assert marked("AÆ and aaron", "aa", prefix=True) == ["AÆ", "aaron"]
    assert marked("sß ßs sss", "sss") == ["sß", "ßs", "sss"]
    assert marked("slow-food, slow  food", "slow food") == ["slow-food", "slow  food"]
    assert marked("機械学習の話", "械学") == ["械学"]
    assert marked("snake_case", "case") == ["case"]
    assert found_in("breads", [Text("bread", prefix=True), Text("breads")]) == [(0, 6)]
    assert marked("“naïve” — Naïve…", "naive") == ["naïve", "Naïve"]


@given(
    st.text(
        st.characters(categories=["Ll", "Lu", "Nd", "Zs", "Po"], max_codepoint=0x2FF), max_size=40
    ),
    st.text("abcäéß0", min_size=1, max_size=3),
    st.booleans(),
)
def test_what_search_finds_is_marked(text: str, word: str, prefix: bool) -> None:
    """A Latin text that answers a word has a place to mark, by either way of looking."""
    sought = [Text(word, prefix)]
    if tokens(word) and run_at(tokens(text), tokens(word), prefix) is not None:
        assert found_in(text, sought) or "ſ" in text or "ŉ" in text or "ĳ" in text
        assert places_in(text, sought, 5) or "ſ" in text or "ŉ" in text or "ĳ" in text


@given(
    st.text("asteh ßæþÆé", max_size=30), st.text("aestth", min_size=1, max_size=6), st.booleans()
)
def test_each_word_that_search_finds_is_marked_once(text: str, word: str, prefix: bool) -> None:
    """Letters that fold to two count as both, and a word that may go on ends in half of one too."""
    found = [each for each in tokens(text) if each == word or (prefix and each.startswith(word))]
    assert len(places_in(text, [Text(word, prefix)], 50)) == len(found)


def test_snippets_show_where_the_words_stand_close() -> None:
    """The paragraph with both words wins over one with either; long ones are cut at spaces."""
    text = "Only bread here.\n\n" + "filler " * 200 + "bread and butter " + "filler " * 200
    found = snippet(text, [Text("bread"), Text("butter")])
    assert "bread and butter" in found.text
    assert found.text.startswith("…filler")
    assert found.text.endswith("filler…")
    assert [found.text[start:end] for start, end in found.marks] == ["bread", "butter"]


def test_snippets_of_titles_alone_begin_the_text() -> None:
    """Where none of the words is in the text, its beginning is shown, unmarked and plain."""
    found = snippet("# A *heading*\n\nSee [this](https://x.org/bread).", [Text("bread")])
    assert found.text == "A heading See this."
    assert found.marks == ()


def test_plain_keeps_words_and_drops_signs() -> None:
    """Links, images, emphasis, headings, lists, quotes, tables and escapes leave their words."""
    markdown = "## A *b*\n\n> c **d** `e`\n\n1. f_g\\*\n- h\n\n![i](j.png) [k [l]](<m n>) <https://o.p>\n\n| q | r |\n|---|---|"
    assert tokens(plain(markdown)) == list("abcdefghiklqr")
    assert without_front_matter("---\ntitle: x\n---\n\nText") == "Text"
    assert without_front_matter("---\nno end") == "---\nno end"


def test_the_best_place_is_told_in_words_of_the_text() -> None:
    """Words as the text shows them, up to the first sign of Markdown, and how far in they are."""
    text = "A cafe here.\n\n" + "Nothing. " * 50 + "\n\nThe **café culture** and its [lamps](x).\n"
    found = best_place(text, (Text("cafe"), Text("culture")))
    assert found is not None
    assert found[0] == "café culture"
    assert 0.9 < found[1] < 1.0
    assert best_place(text, (Text("lamp", prefix=True),)) == (
        "lamps",
        text.index("lamps") / len(text),
    )
    assert best_place(text, (Text("absent"),)) is None
    assert best_place("", (Text("cafe"),)) is None
