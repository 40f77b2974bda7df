"""Sequences of calls as real clients make them, and calls for several addresses."""

import hashlib
import json
from typing import Any, Final
from urllib.parse import quote

from reader.model.entry import EntryId
from tests.server.conftest import SECRET, Answer, Served, article_page

PAGE: Final = article_page("The ferry")


def multipart(fields: list[tuple[str, str | None, bytes]], mark: str = "xYzZY") -> bytes:
    """Encode fields: name, file name or None, content."""
    parts = []
    for name, file, content in fields:
        said = f'; filename="{file}"\r\nContent-Type: text/html' if file else ""
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"{said}\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{mark}--\r\n".encode()


def singlefile(served: Served, body: bytes, query: str = "", token: str | None = SECRET) -> Answer:
    return served.ask(
        "POST",
        f"/api/v1/bookmarks/singlefile{query}",
        body,
        {
            "Content-Type": "multipart/form-data; boundary=xYzZY",
            "Accept": "application/json",
            "Origin": "moz-extension://2c5b1a3e-0000-4000-8000-000000000000",
        },
        token=token,
    )


def test_koreader(served: Served) -> None:
    """The calls of `wallabag.koplugin`: log in, list to the end, download, tag, archive, delete."""
    one = served.save("https://example.org/1", "One")
    two = served.save("https://example.org/2", "Two")
    login = served.ask(
        "POST",
        "/oauth/v2/token",
        {
            "grant_type": "password",
            "client_id": "reader",
            "client_secret": "reader",
            "username": "reader",
            "password": SECRET,
        },
        {"Accept": "application/json, */*"},
        token=None,
    )
    token = login.json["access_token"]
    assert login.json["expires_in"] > 300
    seen, page = [], 1
    while True:
        answer = served.ask(
            "GET", f"/api/entries.json?archive=0&page={page}&perPage=1", token=token
        )
        if answer.status == 404:
            break
        assert answer.body.startswith(b"{")
        seen += [each["id"] for each in answer.json["_embedded"]["items"]]
        page += 1
    assert seen == [two, one]
    book = served.ask("GET", f"/api/entries/{one}/export.epub", token=token)
    assert book.body.startswith(b"PK")
    json_type = {"Content-type": "application/json", "Accept": "application/json, */*"}
    for method, path, body in (
        ("POST", "/api/entries.json", {"url": "https://example.org/3", "tags": "kindle,later"}),
        ("POST", f"/api/entries/{one}/tags.json", {"tags": "good, short"}),
        ("PATCH", f"/api/entries/{one}.json", {"archive": 1}),
    ):
        sent = json.dumps(body).encode()
        answer = served.ask(method, path, sent, json_type, token=token)
        assert (answer.status, answer.body[:1]) == (200, b"{")
    assert served.ask("DELETE", f"/api/entries/{two}.json", token=token).status == 200
    left = served.ask("GET", "/api/entries.json?archive=0&tags=kindle").json["_embedded"]["items"]
    assert [each["url"] for each in left] == ["https://example.org/3"]
    archived = served.ask("GET", "/api/entries.json?archive=1").json["_embedded"]["items"]
    assert [tag["label"] for tag in archived[0]["tags"]] == ["good", "short"]


def test_wallabagger(served: Served) -> None:
    """The calls of the browser extension, with what the page shows as content."""
    origin = {"Origin": "chrome-extension://gbmgphmejlcoihgedabhgjdkcahacjlj"}

    def ask(method: str, path: str, body: Any = None, token: str | None = None) -> Answer:
        answer = served.ask(method, path, body, origin, token=token)
        assert answer.headers["access-control-allow-origin"] == origin["Origin"]
        return answer

    assert ask("GET", "/api/version").json >= "2.4"
    login = ask(
        "POST",
        "/oauth/v2/token",
        {
            "grant_type": "password",
            "client_id": "reader",
            "client_secret": "reader",
            "username": "reader",
            "password": SECRET,
        },
    ).json
    url = "https://example.org/behind-a-login"
    hashed = hashlib.sha1(url.encode()).hexdigest()
    exists = f"/api/entries/exists.json?hashed_url={hashed}"
    token = login["access_token"]
    assert ask("GET", exists, token=token).json == {"exists": False}
    saved = ask(
        "POST",
        "/api/entries.json",
        {"url": url, "origin_url": None, "archive": 0, "title": "Mine", "content": PAGE},
        token,
    ).json
    assert (saved["title"], saved["is_archived"]) == ("Mine", 0)
    assert "The gulls" not in saved["content"]
    assert ask("GET", exists, token=token).json == {"exists": True}
    assert ask("GET", f"{exists}&return_id=1", token=token).json == {"exists": saved["id"]}
    path = f"/api/entries/{saved['id']}"
    assert ask("PATCH", f"{path}.json", {"title": "Ours"}, token).json["title"] == "Ours"
    assert ask("PATCH", f"{path}.json", {"starred": 1}, token).json["is_starred"] == 1
    tagged = ask("PATCH", f"{path}.json", {"tags": "one,two"}, token).json["tags"]
    left = ask("DELETE", f"{path}/tags/{tagged[0]['id']}.json", token=token).json
    assert [tag["label"] for tag in left["tags"]] == ["two"]
    assert {"two"} == {tag["label"] for tag in ask("GET", "/api/tags.json", token=token).json}
    assert ask("DELETE", f"{path}.json", token=token).status == 200
    assert ask("GET", exists, token=token).json == {"exists": False}


def test_frigoligo_and_the_ios_app(served: Served) -> None:
    """Both ask who answers, then synchronise by the time of change."""
    assert served.ask("GET", "/api/info", token=None).json["appname"] == "wallabag"
    number = served.save("https://example.org/1", "One")
    query = "/api/entries?since=1&detail=metadata&perPage=100&page=1&sort=updated&order=asc"
    (found,) = served.ask("GET", query).json["_embedded"]["items"]
    assert found["id"] == number
    whole = served.ask("GET", f"/api/entries/{number}").json
    # Kinds that Frigoligo casts to without a test, and null where it allows null.
    kinds = {
        "id": int, "created_at": str, "updated_at": str, "title": str, "url": str,
        "reading_time": int, "is_archived": int, "is_starred": int, "tags": list,
        "is_public": bool, "user_id": int, "user_name": str, "user_email": str,
    }  # fmt: skip
    assert {name: type(whole[name]) for name in kinds} == kinds
    assert whole["headers"] is None
    assert whole["published_by"] is None or all(isinstance(n, str) for n in whole["published_by"])
    settings = served.ask("GET", "/api/config").json
    assert settings.keys() == {
        *("id", "items_per_page", "language", "feed_limit", "reading_speed"),
        *("action_mark_as_read", "list_mode"),
    }
    assert served.ask("PATCH", f"/api/entries/{number}/reload").json["id"] == number
    for _ in range(200):
        if served.requested:
            break
        served.ask("GET", "/health")
    assert len(served.requested) == 1


def test_singlefile_sends_a_whole_page(served: Served) -> None:
    url = "https://example.org/ferry"
    body = multipart([("url", None, url.encode()), ("file", "page.html", PAGE.encode())])
    first = singlefile(served, body)
    assert (first.status, first.json["alreadyExists"]) == (201, False)
    assert first.headers["content-type"] == "application/json"
    again = singlefile(served, body, "?ifexists=overwrite")
    assert (again.status, again.json["id"]) == (200, first.json["id"])
    longer = article_page("The ferry", *[f"Another paragraph, number {n}." * 9 for n in range(20)])
    more = multipart([("url", None, url.encode()), ("file", "page.html", longer.encode())])
    words = served.workspace.library.get(EntryId(first.json["id"])).entry.words
    assert singlefile(served, more, "?ifexists=skip").status == 200
    assert served.workspace.library.get(EntryId(first.json["id"])).entry.words == words
    assert singlefile(served, more, "?ifexists=append").status == 200
    assert served.workspace.library.get(EntryId(first.json["id"])).entry.words > 2 * words
    found = served.ask("GET", f"/api/v1/bookmarks/check-url?url={quote(url, safe='')}").json
    assert found == {"bookmarkId": first.json["id"]}


def test_singlefile_refuses_what_is_no_page(served: Served) -> None:
    page, address = PAGE.encode(), b"https://example.org/a"
    for body, status in (
        (b"", 400),
        (b"--xYzZY", 400),
        (b"--xYzZY\r\n\r\n", 400),
        (multipart([]), 400),
        (multipart([("url", None, address)]), 400),
        (multipart([("file", "a.html", b"  ")]), 400),
        (multipart([("file", "a.html", b"<html><body></body></html>")]), 422),
        (multipart([("url", None, b"javascript:1"), ("file", "a.html", page)]), 400),
        (multipart([("file", "a", page), ("file", "b", page)]), 400),
        (multipart([(f"n{n}", None, b"x") for n in range(1100)]), 400),
        (multipart([("file", "a.html", page)], "other"), 400),
        (multipart([("file", "a.html", page)])[:-30], 400),
    ):
        answer = singlefile(served, body)
        assert answer.status == status, (body[:200], answer.body)
        assert answer.body.count(b"\n") <= 1
    body = multipart([("url", None, address), ("file", "a.html", page)])
    assert singlefile(served, body, "?ifexists=explode").status == 400
    assert singlefile(served, body, token=None).status == 401
    assert served.ask("GET", "/api/entries").json["total"] == 0


def test_several_addresses_at_once(served: Served) -> None:
    one, two = "https://example.org/1", "https://example.org/2"
    listed = quote(json.dumps([one, two]))
    saved = served.ask("POST", f"/api/entries/lists.json?urls={listed}").json
    assert [row["url"] for row in saved] == [one, two]
    tags = quote(json.dumps([{"url": one, "tags": "a, b"}, {"url": "https://x.example/"}]))
    tagged = served.ask("POST", f"/api/entries/tags/lists?list={tags}").json
    assert [row["entry"] for row in tagged] == [saved[0]["entry"], False]
    removed = quote(json.dumps([{"url": one, "tags": "a"}]))
    assert served.ask("DELETE", f"/api/entries/tags/list?list={removed}").status == 200
    entry = served.ask("GET", f"/api/entries/{saved[0]['entry']}").json
    assert [tag["label"] for tag in entry["tags"]] == ["b"]
    asked = (
        f"/api/entries/exists?return_id=1&urls[]={quote(one)}&urls[]={quote('https://x.example')}"
    )
    assert served.ask("GET", asked).json == {one: saved[0]["entry"], "https://x.example": None}
    single = served.ask("GET", f"/api/entries/exists?url={quote(two + '?utm_source=a')}").json
    assert single == {"exists": True}
    deleted = served.ask("DELETE", f"/api/entries/list.json?urls={listed}").json
    assert [row["entry"] for row in deleted] == [True, True]
    for path in (
        "/api/entries/list?urls={}",
        "/api/entries/list?urls=[1]",
        "/api/entries/list?urls=" + quote("[" * 9000),
        "/api/entries/list?urls=" + quote(json.dumps([one] * 101)),
    ):
        assert served.ask("DELETE", path).status == 400
    for query in ("", "?hashed_url=", "?urls[]=" + "&urls[]=x" * 200):
        assert served.ask("GET", f"/api/entries/exists{query}").status == 400
    for wrong in ("zz", "00", "g" * 40, "0" * 40, "%00"):
        asked = f"/api/entries/exists?hashed_url={wrong}"
        assert served.ask("GET", asked).json == {"exists": False}


def test_annotations_are_highlights(served: Served) -> None:
    number = served.save("https://example.org/1", "One")
    body = {
        "quote": "the gulls know it",
        "text": "birds",
        "ranges": [{"start": "/p[1]", "startOffset": 1, "end": "/p[1]", "endOffset": 9}],
    }
    made = served.ask("POST", f"/api/annotations/{number}.json", body).json
    assert (made["quote"], made["text"]) == ("the gulls know it", "birds")
    listed = served.ask("GET", f"/api/annotations/{number}").json
    assert (listed["total"], listed["rows"]) == (1, [made])
    assert served.ask("GET", f"/api/entries/{number}").json["annotations"] == [made]
    assert served.ask("GET", "/api/entries?annotations=1").json["total"] == 1
    changed = served.ask("PUT", f"/api/annotations/{made['id']}", {"text": "gulls"}).json
    assert changed["text"] == "gulls"
    assert served.ask("DELETE", f"/api/annotations/{made['id']}").status == 200
    assert served.ask("DELETE", f"/api/annotations/{made['id']}").status == 404
    assert served.ask("GET", f"/api/annotations/{number}").json["total"] == 0
    for quote_, status in (("", 400), ("not in the text", 422), ("x" * 20_000, 400)):
        answer = served.ask("POST", f"/api/annotations/{number}", {"quote": quote_})
        assert answer.status == status
