"""Summaries are whole sentences of the article, in its order, without what is around its prose."""

from hypothesis import given
from hypothesis import strategies as st

from reader.model.sentences import sentence_spans
from reader.search.text.prose import is_complete, prose_paragraphs
from reader.search.text.summary import summarise

ARTICLE = """# Tides

Subscribe to our newsletter

The harbour of Saint-Malo sees tides of thirteen metres. Engineers led by Dr. A. Meyer dammed the
river in 1966, and the **tidal power** plant has run since then. [Sign up](https://example.org/x) now

> Quoted words are not the article's own prose.

- A list item is no sentence of the summary.

![A dam](images/x.png)
*The dam at night*

```
code is not prose. Not at all, never ever.
```

Its turbines turn both ways with the tidal stream. Silt gathers behind the dam every year. Tidal
power costs little once the dam stands, but few coasts have such tides. Fishermen complain of it.
"""


def test_the_summary_is_made_of_whole_sentences_in_order() -> None:
    """Three sentences, each as it stands in the text, none of them a heading, list, code or quote."""
    summary = summarise("Tides", ARTICLE)
    text = " ".join(" ".join(prose_paragraphs(ARTICLE)).split())
    places = [text.index(sentence) for sentence in summary.sentences]
    assert len(places) == 3
    assert places == sorted(places)
    for word in ("Subscribe", "Quoted", "list item", "code", "at night", "#"):
        assert word not in str(summary)
    assert summary.sentences[0] == "The harbour of Saint-Malo sees tides of thirteen metres."


def test_phrases_are_what_the_text_returns_to() -> None:
    """As the text writes them, without stop words, and none twice."""
    phrases = summarise("Tides", ARTICLE).phrases
    assert phrases[0] == "tides"
    assert "dam" in phrases
    assert len({phrase.casefold() for phrase in phrases}) == len(phrases)


def test_sentences_end_at_signs_not_at_abbreviations() -> None:
    """Titles, initials and decimals end nothing; closing quotes belong to their sentence."""
    text = 'Dr. J. Roe paid 3.5 million. "Why not?" she asked the U.S. Senate. It said no. 雨が降る。止まない。'
    assert [text[start:end] for start, end in sentence_spans(text)] == [
        "Dr. J. Roe paid 3.5 million.",
        '"Why not?" she asked the U.S. Senate.',
        "It said no.",
        "雨が降る。",
        "止まない。",
    ]


def test_nothing_to_say_gives_nothing() -> None:
    """No text, or none with a whole sentence, has an empty summary."""
    assert summarise("", "").sentences == ()
    assert summarise("", "Menu\n\nHome\n\n- a\n- b").sentences == ()


@given(st.text(max_size=400))
def test_any_text_has_a_summary_of_its_own_sentences(text: str) -> None:
    """Whatever the text is, each sentence is whole and from the text."""
    summary = summarise("x", text)
    prose = "\n".join(prose_paragraphs(text))
    assert all(is_complete(sentence) and sentence in prose for sentence in summary.sentences)


def test_fenced_code_is_no_prose() -> None:
    """A fence ends at one as long as itself; one without an end takes the rest of the text."""
    text = "Before it.\n\n````\nA line.\n```\nAnother line.\n````\n\nAfter it.\n\n~~~ python\nThe rest.\n"
    assert prose_paragraphs(text) == ["Before it.", "After it."]
