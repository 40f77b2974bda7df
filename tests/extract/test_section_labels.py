"""Labels of sections, in many languages, beside headings of articles."""

import pytest

from reader.extract.content.section_labels import label_kind

LABELS = {
    "tags": "Temas de este artículo|Темы статьи|Θέματα|関連ワード|تگ ها|Onderwerpen in dit artikel",
    "comments": (
        "Réagir à cet article|Escribe tu comentario|Nenhum comentário ainda|Commenta per primo"
        "|Reageer als eerste|Оставьте комментарий|全部评论|コメントを投稿|첫 댓글을 작성하세요"
        "|لا تعليقات حتى الآن|अभी तक कोई टिप्पणी नहीं है|কোন মন্তব্য নেই|ارسال نظر"
    ),
    "related": "Ces articles peuvent vous intéresser|Przeczytaj również|Přečtěte si také|Ez is érdekelheti",
    "promotion": (
        "Mit KI zusammenfassen|Résumer avec l’IA|Resumir con IA|Chiedi all’IA|Podsumuj z AI"
        "|Краткий пересказ от ИИ|Yapay zekâ ile özetle|AI摘要|AIで要約|AI 요약|لخص بالذكاء الاصطناعي"
        "|AI से पूछें|สรุปด้วย AI|Tóm tắt bằng AI|Ringkas dengan AI"
    ),
}


@pytest.mark.parametrize(
    ("kind", "label"), [(kind, label) for kind, row in LABELS.items() for label in row.split("|")]
)
def test_labels_in_many_languages(kind: str, label: str) -> None:
    """Each is a label with signs around it, too."""
    assert label_kind(label) == kind
    assert label_kind(f"» {label}:") == kind


@pytest.mark.parametrize(
    "heading",
    [
        "AI in hospitals", "How AI reads scans", "KI im Krankenhaus", "Was die KI kann", "L’IA à l’école",
        "ИИ в медицине", "AI时代的教育", "AIの歴史", "In this article", "En este artículo", "Summary",
    ],
)  # fmt: skip
def test_headings_of_articles_are_no_labels(heading: str) -> None:
    """A chapter may be about artificial intelligence."""
    assert label_kind(heading) is None
