"""A query finds a text that writes the same words in another way, and marks them in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.model.letter_variants import HAN_TABLE
from reader.model.query import TextTerm, find_phrase, parse
from reader.model.tokenizer import fold_accents, joined_words, tokenize
from reader.search.text.match_finder import find_matches

PAIRS = (
    ("汉语", "漢語是世界上使用人數最多的語言"), ("漢語", "汉语是世界上使用人数最多的语言"),
    ("头发", "她的頭髮很長"), ("台湾", "臺灣的夜市"), ("发展", "經濟發展"), ("軟體", "软体工程"),
    ("里面", "房子裡面"), ("為什麼", "为什么"), ("看着", "看著他"),
    ("斎藤", "齋藤さんの話"), ("渡辺", "渡邊さん、渡邉さん"), ("高橋", "髙橋さん"), ("山崎", "山﨑さん"),
    ("広島", "廣島"), ("沢", "澤"), ("発展", "發展"), ("葛", "葛\U000e0100"),
    ("ガラス", "ｶﾞﾗｽの窓"), ("ｶﾞﾗｽ", "ガラスの窓"), ("コンピューター", "コンピュータの歴史"),
    ("コンピュータ", "コンピューターの歴史"), ("ヴァイオリン", "バイオリン"), ("ＡＢＣ", "abc"),
    ("한국", "한국어의 역사"), ("한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8"),
    ("احمد", "أحمد يقرأ"), ("أحمد", "احمد يقرأ"), ("مدرسه", "مدرسة كبيرة"), ("مدرسة", "مدرسه كبيره"),
    ("كتاب", "كِتَابٌ جديد"), ("كتاب", "كتـــاب جديد"), ("علي", "على"), ("٢٠٢٤", "عام 2024"),
    ("2024", "عام ٢٠٢٤"), ("ٱلله", "الله"), ("لا", "ﻻ"), ("الله", "ﷲ"), ("کتاب", "كتاب تازه"),
    ("كتاب", "کتاب تازه"), ("ایران", "ايران"), ("می‌شود", "میشود"), ("۱۴۰۲", "سال 1402"), ("ہے", "هے"),
    ("שלום", "שָׁלוֹם עולם"), ("שָׁלוֹם", "שלום עולם"), ('צה"ל', "צה״ל"), ("צהל", "צה״ל"), ("ג׳ירפה", "ג'ירפה"),
    ("בית־ספר", "בית ספר"), ("ײדיש", "יידיש"),
    ('"Viet Nam"', "Việt Nam"), ("duong", "đường phố"), ("đường", "du\u031bo\u031b\u0300ng"),
    ("oeuvre", "œuvre d'art"), ("l'eau", "l’eau pure"), ("garçon", "garc\u0327on"),
    ("strasse", "Straße"), ("Straße", "STRASSE"), ("smorrebrod", "smørrebrød"), ("thor", "Þór"),
    ("istanbul", "İSTANBUL"), ("ısı", "ISI"), ("isi", "ısı"), ("Eliyev", "Əliyev"),
    ("елка", "ёлка на праздник"), ("все", "всё"), ("замок", "за\u0301мок"), ("йод", "и\u0306од"),
    ("під'їзд", "підʼїзд"), ("сям’я", "сям'я"), ("αθηνα", "Αθήνα"), ("ΟΔΟΣ", "οδός"),
    ("ἄνθρωπος", "άνθρωπος"), ("ştiinţa", "știința"), ("lodz", "Łódź"), ("ħobż", "hobz"),
    ("efficient", "eﬃcient"), ("cooperate", "co\u00adoperate"), ("word", "wo\u200brd"),
    ("rock'n'roll", "rock ’n’ roll"), ("e-mail", "e‑mail"), ("H2O", "H₂O"), ("m2", "m²"),
    ("bold", "𝐛𝐨𝐥𝐝"), ("½", "1/2"), ('"Mc Donald"', "Mc\xa0Donald"),
    ("हिंदी", "हिन्दी"), ("हिन्दी", "हिंदी"), ("पढना", "पढ़ना"), ("चांद", "चाँद"), ("२०२४", "2024"),
    ("કેંદ્ર", "કેન્દ્ર"), ("கொ", "கெ\u0bbe"), ("അവൻ", "അവന്\u200d"),
    ("น้ำ", "นํ้า"), ("๒๐๒๔", "2024"), ("เเละ", "และ"), ("ນ້ຳ", "ນໍ້າ"), ("ԵՎ", "և"), ("ፀሐይ", "ጸሀይ"),
)  # fmt: skip


@pytest.mark.parametrize(("query", "text"), PAIRS)
def test_spellings_of_a_word_are_one(query: str, text: str) -> None:
    """Writers of each language expect this; what is found has a place to mark."""
    term = parse(query).where
    assert isinstance(term, TextTerm)
    words = tokenize(term.text)
    assert words
    assert find_phrase(tokenize(text), words, False) is not None
    assert find_matches(f"… {text}\n\n{text}", [term])


@pytest.mark.parametrize(
    ("word", "text", "written"),
    [
        ("ai", "The A.I. race; a I, AI", ["A.I", "AI"]),
        ("usa", "œ U.S.A. and USA", ["U.S.A", "USA"]),
        ("email", "An e-mail, an e‑mail, e mail", ["e-mail", "e‑mail"]),
        ("apart", "a part, apart", ["apart"]),
        ("те", "т.е. те", ["т.е", "те"]),
    ],
)
def test_abbreviations_are_marked(word: str, text: str, written: list[str]) -> None:
    assert [text[start:end] for start, end in find_matches(text, [TextTerm(word)])] == written


def test_abbreviations_are_words_without_their_signs() -> None:
    text = "A.I. in the U.S.A., e.g. an e-mail; J.R.R. Tolkien, a.b.example.com, v.1, well-known"
    assert joined_words(text) == ["ai", "usa", "eg", "email", "jrr"]
    assert joined_words("no such words - a. b. c.") == []


@pytest.mark.parametrize(
    ("query", "text"),
    [("кот", "который"), ("कमल", "कमला"), ("किताब", "किताबें"), ("가", "각"), ("か", "がん")],
)
def test_parts_of_words_are_not_marked(query: str, text: str) -> None:
    assert find_matches(text, [TextTerm(query)]) == []


def test_marks_are_exact_where_letters_are_folded_together() -> None:
    text = "इस हिन्दी में, コンピューターの 軟體 ﬁn: צה״ל"
    for query, written in (
        ("हिंदी", "हिन्दी"), ("コンピュータ", "コンピューター"), ("软体", "軟體"), ("fin", "ﬁn"), ("צהל", "צה״ל"),
    ):  # fmt: skip
        assert [text[start:end] for start, end in find_matches(text, [TextTerm(query)])] == [
            written
        ]


@given(st.text())
def test_folding_a_folded_text_changes_nothing(text: str) -> None:
    assert tokenize(" ".join(tokenize(text))) == tokenize(text)


def test_each_han_character_has_one_form() -> None:
    groups = HAN_TABLE.read_text("utf-8").split()
    signs = "".join(groups)
    assert len(signs) == len(set(signs))
    for group in groups:
        assert {fold_accents(sign) for sign in group} == {group[0]}
