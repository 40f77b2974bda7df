"""A small export of every format, written for this project after what the programs write."""

import io
import json
import plistlib
import zipfile
from collections.abc import Mapping
from datetime import datetime


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A zip of the files, in order."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


POCKET = (
    "title,url,time_added,tags,status\n"
    '"Why, and how",https://a.example/1,1700000000,reading|ai,unread\n'
    "https://a.example/2,https://a.example/2,1600961496,,archive\n"
    "A broken row,ftp://a.example/3,1600961496,,unread\n"
)
POCKET_LATER = (
    POCKET.replace("time_added,tags", "time_added,cursor,tags")
    .replace("0,reading", "0,,reading")
    .replace("6,,", "6,,,")
)
POCKET_ZIP = zipped(
    {
        "part_000000.csv": POCKET,
        "part_000001.csv": "title,url,time_added,tags,status\nMore,https://a.example/4,1700000001,,unread\n",
        "annotations/part_000000.json": json.dumps(
            [
                {
                    "url": "https://a.example/1",
                    "title": "Why",
                    "highlights": [{"quote": "the  words", "created_at": 1700000100}],
                }
            ]
        ),
    }
)
RIL = """<!DOCTYPE html>
<html><head><title>Pocket Export</title></head><body>
<h1>Unread</h1><ul><li><a href="https://b.example/1" time_added="1688628695" tags="one,two words">First &amp; last</a></li></ul>
<h1>Read Archive</h1><ul><li><a href="https://b.example/2" time_added="1688628696" tags="">https://b.example/2</a></li></ul>
</body></html>"""
INSTAPAPER = (
    "URL,Title,Selection,Folder,Timestamp,Tags\n"
    "https://c.example/1,Une cour,a kept line,Unread,1700000000,[]\n"
    'https://c.example/2,AMP,,Archive,1700000001,"[""react"",""java script""]"\n'
    'https://c.example/3,Why,,Starred,1700000002,"[""social""]"\n'
    "https://c.example/4,Own,,Cooking,1700000003,[]\n"
)
OMNIVORE = zipped(
    {
        "metadata_0_to_20.json": json.dumps(
            [
                {
                    "id": "1",
                    "slug": "the-crisis-192",
                    "title": "The crisis",
                    "author": "Juliette G.",
                    "url": "https://d.example/1",
                    "state": "Archived",
                    "readingProgress": 40,
                    "labels": ["RSS", "Økonomi"],
                    "savedAt": "2024-10-29T16:30:11.000Z",
                    "publishedAt": "2024-10-28T00:00:00.000Z",
                    "description": "About it.",
                }
            ]
        ),
        "metadata_20_to_40.json": json.dumps(
            [{"slug": "two", "title": "Two", "url": "https://d.example/2", "state": "Active"}]
        ),
        "content/the-crisis-192.html": "<div><p>The words that were read offline, all of them.</p></div>",
        "highlights/the-crisis-192.md": "# Highlights\n\n> words that were read [⤴️](https://o.example/x)\n\nmy thought\n\n> all of\n> them\n",
    }
)
WALLABAG = json.dumps(
    [
        {
            "id": 1,
            "title": "An entry",
            "url": "https://e.example/1",
            "is_archived": 1,
            "is_starred": False,
            "created_at": "2024-01-01T10:00:00+0200",
            "language": "en",
            "domain_name": "e.example",
            "content": "<p>The text of the entry, whole.</p>",
            "published_by": ["A. One", "B. Two"],
            "tags": ["x", {"id": 3, "label": "y z", "slug": "y-z"}],
            "annotations": [
                {
                    "text": "my note",
                    "quote": "text of the entry",
                    "created_at": "2024-01-02T10:00:00+0000",
                    "ranges": [],
                }
            ],
        },
        "nonsense",
    ]
)
KARAKEEP = json.dumps(
    {
        "bookmarks": [
            {
                "createdAt": 1747327518,
                "title": "Kept",
                "tags": ["a", "b"],
                "lists": ["l2"],
                "content": {"type": "link", "url": "https://f.example/1"},
                "note": "why",
                "archived": True,
            },
            {
                "createdAt": 1747327519,
                "title": "A text",
                "tags": [],
                "content": {"type": "text", "text": "Words of my own."},
            },
            {"createdAt": 1, "title": "Nothing", "tags": [], "content": None},
        ],
        "lists": [
            {"id": "l1", "name": "Home", "type": "manual", "parentId": None},
            {"id": "l2", "name": "Garden", "type": "manual", "parentId": "l1"},
        ],
    }
)
RAINDROP = (
    "id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite\n"
    '42,"Saved, ""quoted"" title","First line\nSecond line",Said,https://g.example/1,Research/Go,"reading, go",'
    '2024-01-02T03:04:05.123Z,https://g.example/c.jpg,"One highlight\nAnother",true\n'
    "43,Plain,,,https://g.example/2,Unsorted,,2024-01-03T03:04:05.000Z,,,false\n"
)
READWISE = (
    "Title,URL,ID,Document tags,Saved date,Reading progress,Location,Seen\n"
    'One,https://h.example/1,01g,"[\'example\', ""it\'s""]",2022-11-06 04:33:50+00:00,0.5,later,True\n'
    "Two,https://h.example/2,01h,[broken,2022-11-06 04:33:50.123456+00:00,100,archive,True\n"
    "Feed,https://h.example/3,01i,,2022-11-06 04:33:50+00:00,0,feed,False\n"
)
MATTER = zipped(
    {
        "_matter_history.csv": (
            "Title,Author,Publisher,URL,Tags,Word Count,In Queue,Favorited,Read,Highlight_Count,Last Interaction Date,File Id\n"
            "Matters,A. Writer,The Paper,https://i.example/1,one;two,200,False,True,True,1,2023-02-03 04:05:06,77\n"
        ),
        "_matter_highlights.csv": "Title,Author,Publisher,Text,Highlighted Date\nMatters,A. Writer,The Paper,what matters here,2023-02-03\n",
        "77.html": "<p>This is what matters here and everywhere.</p>",
    }
)
NETSCAPE = """<!DOCTYPE NETSCAPE-Bookmark-file-1>
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks</H1>
<DL><p>
    <DT><H3 ADD_DATE="1">Reading</H3>
    <DL><p>
        <DT><H3>Deep</H3>
        <DL><p>
            <DT><A HREF="https://j.example/1" ADD_DATE="1700000000" TAGS="x,linkding:bookmarks.archived" TOREAD="0">One &lt;b&gt;</A>
            <DD>What it says[linkding-notes]my note[/linkding-notes]
        </DL><p>
    </DL><p>
    <DT><A HREF="https://j.example/2" ADD_DATE="1700000001">Two</A>
    <DT><A HREF="place:sort=8">Most visited</A>
</DL><p>
"""
PINBOARD = json.dumps(
    [
        {
            "href": "https://k.example/1",
            "description": "Pinned",
            "extended": "Long",
            "time": "2020-01-02T03:04:05Z",
            "toread": "yes",
            "tags": "a b",
        }
    ]
)
READECK = zipped(
    {
        "data.json": "{}",
        "b1/info.json": json.dumps(
            {
                "URL": "https://l.example/1",
                "Title": "Decked",
                "Created": "2024-05-06T07:08:09Z",
                "Labels": ["q"],
                "IsArchived": True,
            }
        ),
        "b1/index.html": "<p>The text that lies in the deck.</p>",
    }
)
SAFARI = plistlib.dumps(
    {
        "Children": [
            {
                "Title": "com.apple.ReadingList",
                "Children": [
                    {
                        "URLString": "https://m.example/1",
                        "URIDictionary": {"title": "On the sofa"},
                        "ReadingList": {
                            "DateAdded": datetime(2023, 4, 5, 6, 7, 8),
                            "PreviewText": "Begins so",
                        },
                    }
                ],
            }
        ]
    },
    fmt=plistlib.FMT_BINARY,
)
TABLE = (
    "name;link;labels;saved_at;state;note\n"
    'A "quoted" word;https://p.example/1;"[""one"", ""two words""]";1700000000000;ARCHIVED;why\n'
    "Two;https://p.example/2;;;;\n"
)
PLAIN = "# mine\nhttps://n.example/1\nhttps://n.example/2 | With a title\n- [Marked](https://n.example/3)\nnot an address\n"

LINKWARDEN = json.dumps(
    {
        "pinnedLinks": [{"url": "https://q.example/1"}],
        "collections": [
            {"id": 1, "name": "Work", "links": []},
            {
                "id": 2,
                "name": "Plans",
                "parentId": 1,
                "links": [
                    {
                        "url": "https://q.example/1",
                        "name": "A plan",
                        "description": "Why it matters",
                        "tags": [{"name": "later"}],
                        "createdAt": "2024-05-06T07:08:09.000Z",
                    },
                    {"url": "ftp://q.example/2", "name": "No page"},
                ],
            },
        ],
    }
)
GOODLINKS = json.dumps(
    [
        {
            "url": "https://r.example/1",
            "title": "A good link",
            "addedAt": 1700000000.5,
            "readAt": 1700000100,
            "starred": True,
            "tags": ["sea", "slow"],
            "author": "Ann",
            "summary": "About boats",
            "highlights": [{"content": "The boat waits.", "note": "true", "time": 1700000050}],
        },
        {"url": "https://r.example/2", "addedAt": 1700000001, "tags": []},
    ]
)
READWISE_HIGHLIGHTS = (
    "Highlight,Book Title,Book Author,Amazon Book ID,Note,Color,Tags,Location Type,Location,"
    "Highlighted at,Document tags\n"
    '"First words, here.",A long book,B. Writer,B00X,my thought,Blue,to check,page,3,2024-05-06 07:08:09+00:00,sea\n'
    "Second words.,A long book,B. Writer,B00X,.red .why not clear,,,page,9,2024-05-07 07:08:09+00:00,sea\n"
)
KINDLE = (
    "\ufeffA long book (Writer, B.)\r\n"
    "- Your Highlight on page 7 | Location 100-102 | Added on Sunday, December 18, 2022 3:19:56 PM\r\n"
    "\r\nThe tide comes twice a day.\r\n==========\r\n"
    "A long book (Writer, B.)\r\n"
    "- Your Note on page 7 | Location 102 | Added on Sunday, December 18, 2022 3:20:56 PM\r\n"
    "\r\nnot here\r\n==========\r\n"
    "A long book (Writer, B.)\r\n"
    "- Your Bookmark on page 8 | Location 120 | Added on Monday, 30 December 2024 14:46:33\r\n"
    "\r\n\r\n==========\r\n"
)

_SOURCES: dict[str, str | bytes] = {
    "pocket": POCKET,
    "pocket-html": RIL,
    "instapaper": INSTAPAPER,
    "omnivore": OMNIVORE,
    "wallabag": WALLABAG,
    "karakeep": KARAKEEP,
    "raindrop": RAINDROP,
    "readwise": READWISE,
    "matter": MATTER,
    "netscape": NETSCAPE,
    "linkwarden": LINKWARDEN,
    "goodlinks": GOODLINKS,
    "readwise-highlights": READWISE_HIGHLIGHTS,
    "kindle": KINDLE,
    "pinboard": PINBOARD,
    "readeck": READECK,
    "safari": SAFARI,
    "table": TABLE,
    "list": PLAIN,
}

SAMPLES: dict[str, bytes] = {
    name: content.encode() if isinstance(content, str) else content
    for name, content in _SOURCES.items()
}
