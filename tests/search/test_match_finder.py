"""The words of a search are found in a text as it is written."""

from hypothesis import given
from hypothesis import strategies as st

from reader.markdown.front_matter import split_front_matter
from reader.markdown.plain_text import to_plain_text
from reader.model.query import TextTerm, find_phrase
from reader.model.tokenizer import tokenize
from reader.search.text.match_finder import find_matches, find_word_matches
from reader.search.text.snippets import find_best_place, make_snippet


def marked(text: str, *words: str, prefix: bool = False) -> list[str]:
    return [
        text[start:end]
        for start, end in find_matches(text, [TextTerm(word, prefix) for word in words])
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
    assert find_matches("breads", [TextTerm("bread", prefix=True), TextTerm("breads")]) == [(0, 6)]
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
    sought = [TextTerm(word, prefix)]
    if tokenize(word) and find_phrase(tokenize(text), tokenize(word), prefix) is not None:
        assert find_matches(text, sought) or "ſ" in text or "ŉ" in text or "ĳ" in text
        assert find_word_matches(text, sought, 5) or "ſ" in text or "ŉ" in text or "ĳ" in text


@given(
    st.text("asteh ßæþÆé", max_size=30), st.text("aestth", min_size=1, max_size=6), st.booleans()
)
def test_each_word_that_search_finds_is_marked_once(text: str, word: str, prefix: bool) -> None:
    """Letters that fold to two count as both, and a word that may go on ends in half of one too."""
    found = [each for each in tokenize(text) if each == word or (prefix and each.startswith(word))]
    assert len(find_word_matches(text, [TextTerm(word, prefix)], 50)) == len(found)


def test_snippets_show_where_the_words_stand_close() -> None:
    """The paragraph with both words wins over one with either; long ones are cut at spaces."""
    text = "Only bread here.\n\n" + "filler " * 200 + "bread and butter " + "filler " * 200
    found = make_snippet(text, [TextTerm("bread"), TextTerm("butter")])
    assert "bread and butter" in found.text
    assert found.text.startswith("…filler")
    assert found.text.endswith("filler…")
    assert [found.text[start:end] for start, end in found.marks] == ["bread", "butter"]


def test_snippets_of_titles_alone_begin_the_text() -> None:
    """Where none of the words is in the text, its beginning is shown, unmarked and plain."""
    found = make_snippet("# A *heading*\n\nSee [this](https://x.org/bread).", [TextTerm("bread")])
    assert found.text == "A heading See this."
    assert found.marks == ()


def test_plain_keeps_words_and_drops_signs() -> None:
    """Links, images, emphasis, headings, lists, quotes, tables and escapes leave their words."""
    markdown = "## A *b*\n\n> c **d** `e`\n\n1. f_g\\*\n- h\n\n![i](j.png) [k [l]](<m n>) <https://o.p>\n\n| q | r |\n|---|---|"
    assert tokenize(to_plain_text(markdown)) == list("abcdefghiklqr")
    assert split_front_matter("---\ntitle: x\n---\n\nText")[1] == "Text"
    assert split_front_matter("---\nno end")[1] == "---\nno end"


def test_the_best_place_is_reported_in_words_of_the_text() -> None:
    """Words as the text shows them, up to the first sign of Markdown, and how far in they are."""
    text = "A cafe here.\n\n" + "Nothing. " * 50 + "\n\nThe **café culture** and its [lamps](x).\n"
    found = find_best_place(text, (TextTerm("cafe"), TextTerm("culture")))
    assert found is not None
    assert found[0] == "café culture"
    assert 0.9 < found[1] < 1.0
    assert find_best_place(text, (TextTerm("lamp", prefix=True),)) == (
        "lamps",
        text.index("lamps") / len(text),
    )
    assert find_best_place(text, (TextTerm("absent"),)) is None
    assert find_best_place("", (TextTerm("cafe"),)) is None


def test_matches_are_exact_behind_many_letters_that_are_several() -> None:
    """Ligatures, fractions and marks before a word and in it move no offset."""
    for count in (*range(120, 135), *range(250, 262), 2000):
        for sign in ("½", "ﬁ", "a\u0301", "e"):
            text = f"{sign * count} wo\u0301rd \u0301½ ﬁsh"
            assert marked(text, "word", "fish") == ["wo\u0301rd", "ﬁsh"]
    assert marked("fi" * 300 + "ﬁ", "fi" * 301) == ["fi" * 300 + "ﬁ"]
