"""wallabag's API over a real library: lists, entries, marks, tags and the trash."""

from typing import Any

from reader.model.entry import EntryId
from reader.model.entry_number import MAX_NUMBER, id_prefix, number_of
from reader.services import entries
from tests.server.conftest import Served


def items(served: Served, query: str = "") -> list[dict[str, Any]]:
    answer = served.ask("GET", f"/api/entries.json{query}")
    assert answer.status == 200, answer.body
    found: list[dict[str, Any]] = answer.json["_embedded"]["items"]
    return found


def test_numbers_are_the_start_of_ids_and_exact_in_every_client() -> None:
    """JavaScript keeps integers below 2**53, Lua writes those below 10**14 without an exponent."""
    assert MAX_NUMBER < 10**14 < 2**53
    for entry_id in ("000000000000", "zzzzzzzzzzzz", "c9zcerb973cx"):
        number = number_of(EntryId(entry_id))
        assert entry_id.startswith(id_prefix(number))
        assert 0 <= number <= MAX_NUMBER
        assert f"{float(number):.14g}" == str(number)


def test_a_saved_page_is_listed_and_read(served: Served) -> None:
    number = served.save("https://example.org/ferry", "The ferry", tags="sea, Winter")
    (listed,) = items(served)
    assert (listed["id"], listed["title"], listed["url"]) == (
        number,
        "The ferry",
        "https://example.org/ferry",
    )
    assert [tag["label"] for tag in listed["tags"]] == ["sea", "Winter"]
    assert (listed["is_archived"], listed["is_starred"]) == (0, 0)
    assert listed["domain_name"] == "example.org"
    assert listed["created_at"].endswith("+0000")
    assert "<p>The ferry leaves the pier" in listed["content"]
    assert "Home" not in listed["content"]
    one = served.ask("GET", f"/api/entries/{number}.json").json
    assert one == listed
    assert "content" not in served.ask("GET", f"/api/entries/{number}?detail=metadata").json
    (entry,) = served.workspace.synced_cache().entries([EntryId(entry_ids(served)[0])])
    assert entry.title == "The ferry"


def entry_ids(served: Served) -> list[str]:
    return [record.entry.id for record in served.workspace.library.records()]


def test_a_page_without_content_is_a_link_that_is_fetched(served: Served) -> None:
    answer = served.ask(
        "POST", "/api/entries", [("url", "https://example.org/later?utm_source=x"), ("tags", "a,b")]
    )
    assert answer.status == 200
    assert answer.json["url"] == "https://example.org/later"
    assert answer.json["is_not_parsed"] is True
    (entry_id,) = entry_ids(served)
    for _ in range(200):
        if served.requested:
            break
        served.ask("GET", "/health")
    assert served.requested == [entry_id]
    again = served.ask("POST", "/api/entries", {"url": "https://example.org/later", "tags": "c"})
    assert again.json["id"] == answer.json["id"]
    assert [tag["label"] for tag in again.json["tags"]] == ["a", "b", "c"]
    assert len(items(served)) == 1


def test_content_without_an_article_is_a_link_too(served: Served) -> None:
    number = served.save("https://example.org/empty", content="<html><body></body></html>")
    assert served.ask("GET", f"/api/entries/{number}").json["is_not_parsed"] is True


def test_filters_meet_and_orders_turn(served: Served) -> None:
    one = served.save("https://example.org/1", "One", tags="a,b", starred=1)
    two = served.save("https://example.org/2", "Two", tags="a", archive=1)
    three = served.save("https://other.example/3", "Three")
    for query, wanted in {
        "": {one, two, three},
        "?archive=0": {one, three},
        "?archive=1": {two},
        "?starred=1&archive=0": {one},
        "?starred=0": {two, three},
        "?tags=a": {one, two},
        "?tags=a,b": {one},
        "?tags=a,missing": set(),
        "?domain_name=other.example": {three},
        "?notParsed=1": set(),
        "?annotations=1": set(),
        "?public=1": set(),
    }.items():
        assert {each["id"] for each in items(served, query)} == wanted, query
    newest = [each["id"] for each in items(served)]
    assert [each["id"] for each in items(served, "?order=asc")] == newest[::-1]
    served.ask("PATCH", f"/api/entries/{newest[2]}", {"title": "Changed last"})
    assert items(served, "?sort=updated")[0]["id"] == newest[2]
    assert items(served, "?sort=updated&order=asc")[-1]["id"] == newest[2]


def test_pages_have_links_and_end(served: Served) -> None:
    for number in range(5):
        served.ask("POST", "/api/entries", {"url": f"https://example.org/{number}"})
    seen = []
    for page in (1, 2, 3):
        answer = served.ask("GET", f"/api/entries?page={page}&perPage=2&detail=metadata").json
        assert (answer["page"], answer["limit"], answer["pages"], answer["total"]) == (
            page,
            2,
            3,
            5,
        )
        assert ("next" in answer["_links"]) == (page < 3)
        seen += [each["id"] for each in answer["_embedded"]["items"]]
    assert len(set(seen)) == 5
    assert served.ask("GET", "/api/entries?page=4&perPage=2").status == 404
    assert served.ask("GET", "/api/entries?perPage=0").json["limit"] == 30
    assert served.ask("GET", "/api/entries?perPage=999999").json["pages"] == 1
    assert served.ask("GET", "/api/entries?page=1&archive=1").json["total"] == 0


def test_since_gives_what_changed(served: Served) -> None:
    one = served.save("https://example.org/1", "One")
    served.ahead += 100
    two = served.save("https://example.org/2", "Two")
    served.ahead += 100
    since = int(served.workspace.clock()) - 10
    assert items(served, f"?since={since}") == []
    for change in ({"starred": 1}, {"archive": 1}, {"tags": "x"}, {"title": "New"}):
        served.ask("PATCH", f"/api/entries/{one}", change)
        (found,) = items(served, f"?since={since}")
        assert found["id"] == one
        served.ahead += 100
        since = int(served.workspace.clock()) - 10
    assert {each["id"] for each in items(served, "?since=0")} == {one, two}
    entry = served.workspace.library.get(EntryId(entry_ids(served)[0])).entry
    entries.mark(served.workspace, [entry.id], finished=True)
    assert len(items(served, f"?since={since}")) == 1


def test_marks_titles_and_tags_change(served: Served) -> None:
    number = served.save("https://example.org/1", "One", tags="a,b")
    path = f"/api/entries/{number}.json"
    changed = served.ask("PATCH", path, [("archive", "1"), ("starred", "1"), ("title", "Uno")]).json
    assert (changed["is_archived"], changed["is_starred"], changed["title"]) == (1, 1, "Uno")
    assert changed["archived_at"]
    changed = served.ask("PATCH", path, {"tags": "B,c", "archive": False}).json
    assert [tag["label"] for tag in changed["tags"]] == ["b", "c"]
    assert changed["is_archived"] == 0
    assert served.ask("PATCH", path, {"tags": ""}).json["tags"] == changed["tags"]
    added = served.ask("POST", f"/api/entries/{number}/tags.json", {"tags": "d"}).json
    assert [tag["label"] for tag in added["tags"]] == ["b", "c", "d"]
    numbers = {tag["label"]: tag["id"] for tag in added["tags"]}
    removed = served.ask("DELETE", f"/api/entries/{number}/tags/{numbers['c']}.json").json
    assert [tag["label"] for tag in removed["tags"]] == ["b", "d"]
    assert served.ask("DELETE", f"/api/entries/{number}/tags/{numbers['c']}").status == 404
    assert served.ask("GET", f"/api/entries/{number}/tags").json == removed["tags"]
    undone = served.workspace.library.undo()
    assert undone is not None
    assert undone.changed == 1
    assert [tag["label"] for tag in served.ask("GET", path).json["tags"]] == ["b", "c", "d"]


def test_tags_of_the_library_are_listed_and_deleted(served: Served) -> None:
    served.save("https://example.org/1", "One", tags="work,work/reports")
    served.save("https://example.org/2", "Two", tags="work")
    found = {each["label"]: each for each in served.ask("GET", "/api/tags.json").json}
    assert {name: each["nbEntries"] for name, each in found.items()} == {
        "work": 2,
        "work/reports": 1,
    }
    assert served.ask("DELETE", f"/api/tags/{found['work']['id']}").json["label"] == "work"
    left = served.ask("GET", "/api/tags").json
    assert [each["label"] for each in left] == ["work/reports"]
    assert served.ask("DELETE", "/api/tags/label.json?tag=work/reports").status == 200
    assert served.ask("GET", "/api/tags").json == []
    assert served.ask("DELETE", "/api/tags/label?tag=work").status == 404


def test_deleting_moves_to_the_trash(served: Served) -> None:
    number = served.save("https://example.org/1", "One")
    answer = served.ask("DELETE", f"/api/entries/{number}.json")
    assert (answer.status, answer.json["title"]) == (200, "One")
    assert served.ask("GET", f"/api/entries/{number}").status == 404
    assert served.ask("DELETE", f"/api/entries/{number}").status == 404
    assert items(served) == []
    assert served.workspace.library.undo() is not None
    assert served.ask("DELETE", f"/api/entries/{number}?expect=id").json == {"id": number}
    assert served.save("https://example.org/1", "One") == number
    assert len(items(served)) == 1


def test_search_speaks_the_query_language(served: Served) -> None:
    one = served.save("https://example.org/1", "A ferry in winter")
    served.ask("POST", "/api/entries", {"url": "https://example.org/2"})
    found = served.ask("GET", "/api/search?term=ferry+is:unread").json["_embedded"]["items"]
    assert [each["id"] for each in found] == [one]
    assert served.ask("GET", "/api/search?term=is:nothing").status == 400


HOSTILE: list[tuple[str, str, Any, int]] = [
    ("GET", "/api/entries?page=x", None, 400),
    ("GET", "/api/entries?page=" + "9" * 400, None, 400),
    ("GET", "/api/entries?since=1.5", None, 400),
    ("GET", "/api/entries?archive=maybe", None, 400),
    ("GET", "/api/entries?" + "a=1&" * 1200, None, 400),
    ("GET", "/api/entries/0", None, 404),
    ("GET", "/api/entries/-1", None, 404),
    ("GET", "/api/entries/x", None, 404),
    ("GET", "/api/entries/" + "9" * 5000, None, 404),
    ("GET", "/api/entries/%D9%A1", None, 404),
    ("GET", f"/api/entries/{2**53}", None, 404),
    ("PATCH", "/api/entries/1", {"starred": 1}, 404),
    ("PUT", "/api/entries/1", None, 405),
    ("GET", "/nothing", None, 404),
    ("POST", "/api/entries", {}, 400),
    ("POST", "/api/entries", {"url": "ftp://example.org"}, 400),
    ("POST", "/api/entries", {"url": "http://"}, 400),
    ("POST", "/api/entries", {"url": "http://[::1"}, 400),
    ("POST", "/api/entries", {"url": "https://example.org/" + "a" * 5000}, 400),
    ("POST", "/api/entries", {"url": ["https://example.org"]}, 400),
    ("POST", "/api/entries", {"url": "https://example.org", "tags": [1]}, 400),
    ("POST", "/api/entries", {"url": "https://example.org", "tags": {"a": 1}}, 400),
    ("POST", "/api/entries", {"url": "https://example.org", "content": {"a": 1}}, 400),
    ("POST", "/api/entries", {"url": "https://example.org", "starred": "very"}, 400),
    ("POST", "/api/entries", b"{", 400),
    ("POST", "/api/entries", b"[]", 400),
    ("POST", "/api/entries", b"[" * 100_000, 400),
    ("POST", "/api/entries", b'{"url": "\xff"}', 400),
    ("POST", "/api/entries", b"\x00\xff" * 50, 400),
]


def test_hostile_values_get_one_line(served: Served) -> None:
    for method, path, body, status in HOSTILE:
        answer = served.ask(method, path, body)
        assert answer.status == status, (method, path[:80], body, answer.body)
        assert answer.body.count(b"\n") <= 1
        assert b"Traceback" not in answer.body
    assert served.ask("GET", "/api/entries").json["total"] == 0
