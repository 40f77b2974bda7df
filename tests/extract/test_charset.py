"""Pages in every encoding that browsers know are read, declared or not."""

import pytest

from reader.encoding_labels import codec_for
from reader.extract.input import html_parser
from reader.extract.input.charset import decode

TEXTS = {
    "ru": "Паром опоздал и сегодня, но никто на причале этого не заметил, кроме двух рыбаков.",
    "uk": "Пором запізнився і сьогодні, але ніхто на пристані цього не помітив, крім рибалок.",
    "el": "Το πλοίο άργησε και σήμερα, αλλά κανείς στην προβλήτα δεν φάνηκε να ενοχλείται.",
    "pl": "Prom spóźnił się także dziś, lecz nikt na nabrzeżu nie zauważył, że coś się zmieniło.",
    "tr": "Vapur bugün de geç kaldı, ama iskeledeki hiç kimse bunu fark etmedi, çünkü alışıktı.",
    "de": "Die Fähre kam auch heute zu spät, doch niemand am Kai störte sich daran, außer Möwen.",
    "ja": "渡し船は今日も遅れたが、桟橋の人々は気にする様子もなく、本を読んで待っていた。",
    "zh": "渡船今天又晚点了，可是码头上的人似乎都不在意，只是坐在长凳上看书等着。",
    "ko": "나룻배는 오늘도 늦었지만 부두에 있는 사람들은 아무도 신경 쓰지 않고 책을 읽었다.",
    "th": "เรือข้ามฟากมาสายอีกแล้ววันนี้ แต่ไม่มีใครบนท่าเรือสนใจเลยสักคน",
    "fr": "Le bac était encore en retard, mais les pêcheurs déjà assis à l’ombre du café n’ont rien dit.",
    "es": "El barco llegó otra vez con retraso, pero ningún pescador de la mañana preguntó qué pasó.",
    "pt": "A balsa atrasou-se outra vez, mas os pescadores não reclamaram e ninguém sabia a razão.",
    "sv": "Färjan var sen även i dag, men fiskarna på ön brydde sig inte, för de läste på bänken.",
    "cs": "Přívoz měl zpoždění i dnes, ale rybáři na břehu si toho nevšimli, protože četli knihy.",
    "hu": "A komp ma is késett, de a parton ülő halászok közül senki sem törődött vele, olvastak.",
    "lt": "Keltas vėlavo ir šiandien, bet žvejai ant kranto to nepastebėjo, nes skaitė knygas.",
    "bg": "Фериботът закъсня и днес, но рибарите на кея не забелязаха, защото четяха книги.",
    "ar": "تأخرت العبارة اليوم أيضا، لكن الصيادين على الرصيف لم يهتموا لأنهم كانوا يقرأون.",
    "he": "המעבורת איחרה גם היום, אבל איש על הרציף לא שם לב לכך, כי כולם קראו ספרים.",
}


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("ru", "cp1251"), ("ru", "koi8-r"), ("ru", "iso-8859-5"), ("ru", "cp866"), ("uk", "cp1251"),
        ("el", "cp1253"), ("el", "iso-8859-7"), ("pl", "cp1250"), ("pl", "iso-8859-2"), ("tr", "cp1254"),
        ("de", "cp1252"), ("ja", "cp932"), ("ja", "euc-jp"), ("ja", "iso-2022-jp"), ("zh", "gb18030"),
        ("ko", "cp949"), ("th", "cp874"), ("he", "cp1255"), ("fr", "cp1252"), ("es", "cp1252"), ("pt", "cp1252"),
        ("sv", "cp1252"), ("cs", "cp1250"), ("cs", "iso-8859-2"), ("hu", "cp1250"), ("lt", "cp1257"),
        ("bg", "cp1251"), ("ar", "cp1256"), ("ar", "iso-8859-6"), ("tr", "iso-8859-9"),
    ],
)  # fmt: skip
def test_an_undeclared_encoding_is_detected(language: str, encoding: str) -> None:
    """The text alone tells it, also where a template names no language, or English for all."""
    text = TEXTS[language]
    for named in (f' lang="{language}"', ' lang="en"', ""):
        page = f"<html{named}><head><title>x</title></head><body><p>{text}</p></body></html>"
        assert text in decode(page.encode(encoding))


def test_the_language_decides_where_letters_are_few() -> None:
    """Two letters beyond ASCII are read by the page's language."""
    page = '<html lang="nl"><body><p>Een café, een coöperatie, een pont.</p></body></html>'
    assert "café, een coöperatie" in decode(page.encode("cp1252"))
    page = '<html lang="lt"><body><p>Keltas vėlavo.</p></body></html>'
    assert "vėlavo" in decode(page.encode("cp1257"))


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("windows-874", "cp874"), ("dos-874", "cp874"), ("x-sjis", "cp932"), ("windows-31j", "cp932"),
        ("ms_kanji", "cp932"), ("windows-949", "cp949"), ("ks_c_5601-1987", "cp949"), ("x-gbk", "gb18030"),
        ("gb_2312-80", "gb18030"), ("x-x-big5", "big5hkscs"), ("cn-big5", "big5hkscs"), ("x-cp1251", "windows-1251"),
        ("csisolatin2", "iso-8859-2"), ("sun_eu_greek", "iso-8859-7"), ("logical", "iso-8859-8"), ("latin1", "windows-1252"),
        ("x-mac-roman", "mac-roman"), ("unicode-1-1-utf-8", "utf-8"), ("x-user-defined", None), ("utf-7", None),
        ("unicode_escape", None), ("idna", None), ("nonsense", None),
    ],
)  # fmt: skip
def test_labels_are_read_as_browsers_do(label: str, codec: str | None) -> None:
    """By the names and aliases of the WHATWG Encoding Standard, in any case."""
    assert codec_for(label) == codec_for(f" {label.upper()} ") == codec


def test_a_header_counts_before_the_page() -> None:
    """The page's own declaration counts only without one, and UTF-8 is read as such always."""
    text = TEXTS["ru"]
    page = f'<meta charset="iso-8859-1"><p>{text}</p>'
    assert text in decode(page.encode("cp1251"), "windows-1251")
    assert text not in decode(page.encode("cp1251"))
    assert text in decode(page.encode(), "windows-1251")


def test_a_script_declares_nothing() -> None:
    """`charset` of a script or a style sheet is that of the other file."""
    text = TEXTS["ru"]
    page = f'<html lang="ru"><script charset="utf-8" src="a.js"></script><p>{text}</p>'
    assert text in decode(page.encode("koi8-r"))


def test_a_comment_declares_nothing() -> None:
    """An example in a comment is no declaration."""
    text = TEXTS["ru"]
    page = f'<!-- <meta charset="utf-8"> --><meta charset="koi8-r"><p>{text}</p>'
    assert text in decode(page.encode("koi8-r"))


@pytest.mark.parametrize("language", ["ru", "ja", "th", "de"])
def test_utf16_without_a_mark_is_known_by_its_first_tag(language: str) -> None:
    """Text of any script follows, whose bytes have no zeros."""
    page = f"\n<!DOCTYPE html><p>{TEXTS[language] * 40}</p>"
    assert decode(page.encode("utf-16-le")) == decode(page.encode("utf-16-be")) == page


def test_a_page_that_is_not_in_the_utf8_that_it_declares_is_detected() -> None:
    """One bad byte changes nothing, a page in another charset is read in that."""
    text = TEXTS["ru"] * 12
    page = f'<meta charset="utf-8"><p>{text}</p>'
    assert text in decode(page.encode("cp1251"))
    assert text in decode(page.encode().replace(b"</p>", b"\xe9</p>"))


def test_bad_bytes_are_weighed_against_the_accents_of_the_whole_page() -> None:
    """A script of a megabyte before the text is not what counts."""
    script = f"<script>{'x' * (1 << 20)}</script>"
    page = f"{script}<p>{TEXTS['ru'] * 12}</p>".encode()
    assert TEXTS["ru"] in decode(page + b"\xe9 " * 10)


def test_declarations_in_a_document_type_and_sections_of_xhtml() -> None:
    """The subset is no text; a section of character data is."""
    head = '<?xml version="1.0"?><!DOCTYPE html PUBLIC "a" "b" [<!ENTITY tide "x">]>'
    page = f"{head}<html xmlns='http://www.w3.org/1999/xhtml'><body><p>Low <![CDATA[ a < b ]]>tide</p></body></html>"
    assert html_parser.parse(page).root.text_content() == "Low  a < b tide"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("The gate isn\x92t shut", "The gate isn’t shut"),
        ("It cost 5 \x80 \x96 each", "It cost 5 € – each"),
        ("The so-called â\x80\x9clock housesâ\x80\x9d", "The so-called “lock houses”"),
        ("A cafÃ© â\x80\x94 closed", "A café — closed"),
        ("«Crème» à la Ñandú", "«Crème» à la Ñandú"),
    ],
)
def test_control_characters_are_the_signs_they_were(page: str, text: str) -> None:
    """Programs write Windows-1252 as Latin-1 into UTF-8, or encode a text twice."""
    assert decode(page.encode()) == text


@pytest.mark.parametrize("read_as", ["latin-1", "cp1252", "iso-8859-15"])
@pytest.mark.parametrize(
    ("language", "encoding"),
    [("ru", "cp1251"), ("bg", "cp1251"), ("el", "iso-8859-7"), ("zh", "gb18030"), ("ko", "cp949"), ("ja", "euc-jp")],
)  # fmt: skip
def test_text_that_a_program_read_as_latin_is_read_again(
    language: str, encoding: str, read_as: str
) -> None:
    """Its pages are valid UTF-8, and say so."""
    text = TEXTS[language] * 3
    misread = text.encode(encoding).decode(read_as)
    page = f'<html><head><meta charset="utf-8"><title>x</title></head><body><p>{misread} ☂</p>'
    assert f"{text} &#9730;" in decode(page.encode())


def test_latin_text_is_not_read_again() -> None:
    """Its letters beyond ASCII are single, or in a row only for a moment."""
    for language in ("de", "fr", "pt", "sv", "cs"):
        page = f"<p>{TEXTS[language] * 5} ÄÖÜÄÖÜ ¿¿¿¡¡¡</p>"
        assert decode(page.encode()) == page
