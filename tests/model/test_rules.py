import pytest

from reader.model.change import Change
from reader.model.entry import Entry, EntryId
from reader.model.errors import SettingsError
from reader.model.rules import change_for, parse_rule, parse_rules


def entry(**fields: object) -> Entry:
    values: dict[str, object] = {
        "id": EntryId("000000000001"),
        "url": "https://example.org/1",
        "title": "Article 1",
        "added": "2025-06-01T00:00:00Z",
    }
    return Entry(**{**values, **fields})  # type: ignore[arg-type]


def test_rules_only_add() -> None:
    """What is so already is left alone; all matching rules count at once."""
    first, second = parse_rules(
        [{"query": "site:example", "tag": "A, b/c"}, {"query": "words:>1", "do": "archive, star"}]
    )
    assert change_for([first, second], entry(tags=("a",), starred=True)) == Change(
        add_tags=("b/c",), archived=True
    )
    assert change_for([first], entry(tags=("A", "B/C"))) is None
    assert str(first) == "site:example: tag A, b/c"


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"query": "is:x", "tag": "a"},
        {"query": "a"},
        {"query": "a", "do": "delete"},
        {"query": "a", "tags": "b"},
        {"query": "sort:title", "tag": "b"},
    ],
)
def test_a_wrong_rule_is_named(row: dict[str, str]) -> None:
    """The sentence says what is wrong with it; the settings add file and line."""
    with pytest.raises(SettingsError, match=r"^rule: "):
        parse_rule(row)
