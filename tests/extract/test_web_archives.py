"""Pages saved with their files: SingleFile's packed form, web archives, frames, browser folders."""

import io
import plistlib
import zipfile
from pathlib import Path

import pytest

from reader.extract import extract
from reader.extract.input.web_archives import MAX_MEMBERS, read_web_archive
from reader.model.article import Article
from reader.model.errors import NotAnArticleError
from reader.services.input_sources import read_file_with_images

SENTENCE = "The gauge at the end of the mole has counted every tide since the war, and never twice."
URL = "https://gauge.example/mole"
PNG = (
    b"\x89PNG\r\n\x1a\n"
    + (13).to_bytes(4, "big")
    + b"IHDR"
    + (40).to_bytes(4, "big") * 2
    + bytes(200)
)
BODY = "".join(f"<p>{number}. {SENTENCE}</p>" for number in range(5))
IMAGE = '<figure><img src="images/1.png" alt="The mole"><figcaption>The mole at noon</figcaption></figure>'


def page(body: str, title: str = "The gauge") -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    )


def packed(files: dict[str, bytes], after: bytes = b"") -> bytes:
    """Pack files as SingleFile does: a zip between two pieces of HTML."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    head = (
        b"<!DOCTYPE html> <html data-sfz><!--\n Page saved with SingleFile \n url: "
        + URL.encode()
        + b" \n--><meta charset=windows-1252><body hidden><div>Please wait...</div><!--"
    )
    return (
        head + out.getvalue() + b"--><sfz-extra-data>" + after + b"</sfz-extra-data></body></html>"
    )


def single_file(body: str) -> bytes:
    comment = f"<!--\n Page saved with SingleFile \n url: {URL} \n-->"
    return page(body).replace('<html lang="en">', f'<html lang="en">{comment}').encode()


def assert_whole(article: Article) -> None:
    assert article.title == "The gauge"
    assert article.markdown.count(SENTENCE) == 5
    assert "Please wait" not in article.markdown
    (image,) = article.images
    assert image.content == PNG
    assert f"![The mole]({image.name})" in article.markdown


@pytest.mark.parametrize("extra", [b"", b"A" * 200_000], ids=["short", "long"])
def test_a_packed_page_is_its_index(extra: bytes) -> None:
    """With its pictures and its address, however much follows the zip."""
    files = {"index.html": single_file(BODY + IMAGE), "images/1.png": PNG, "manifest.json": b"{}"}
    article = extract(packed(files, extra))
    assert_whole(article)
    assert article.url == URL


def test_frames_of_a_packed_page_are_read() -> None:
    """A frame is a page in a folder of its own."""
    files = {
        "index.html": single_file('<iframe src="frames/0/index.html"></iframe>'),
        "frames/0/index.html": page(BODY).encode(),
        "manifest.json": b"{}",
    }
    assert extract(packed(files)).markdown.count(SENTENCE) == 5


def test_a_zip_that_is_no_page_is_refused() -> None:
    """Other zips, broken ones, and those with a flood of files."""
    with pytest.raises(NotAnArticleError):
        extract(packed({"other.html": page(BODY).encode()})[100:])
    many = {f"f{number}": b"" for number in range(MAX_MEMBERS + 1)}
    assert read_web_archive(packed({"index.html": b"x", "manifest.json": b"{}", **many})) is None
    bomb = packed(
        {
            "index.html": page(BODY).encode(),
            "images/1.png": bytes(40_000_000),
            "manifest.json": b"{}",
        }
    )
    assert extract(bomb).images == ()
    whole = packed({"index.html": page(BODY).encode(), "manifest.json": b"{}"})
    for cut in range(0, len(whole), 97):
        read_web_archive(whole[:cut] + b"PK\x05\x06" + whole[cut:])


@pytest.mark.parametrize("form", [plistlib.FMT_BINARY, plistlib.FMT_XML])
def test_a_web_archive_gives_page_images_and_frames(form: plistlib.PlistFormat) -> None:
    """As Safari writes it: resources by their addresses."""
    inner = page(BODY + IMAGE.replace("images/1.png", "/img/1.png"))
    archive = {
        "WebMainResource": {
            "WebResourceData": page('<iframe src="/frame.html"></iframe>').encode("utf-16-le"),
            "WebResourceURL": URL,
            "WebResourceMIMEType": "text/html",
            "WebResourceTextEncodingName": "UTF-16LE",
        },
        "WebSubresources": [
            {
                "WebResourceData": PNG,
                "WebResourceURL": "https://gauge.example/img/1.png",
                "WebResourceMIMEType": "image/png",
            }
        ],
        "WebSubframeArchives": [
            {
                "WebMainResource": {
                    "WebResourceData": inner.encode(),
                    "WebResourceURL": "https://gauge.example/frame.html",
                }
            }
        ],
    }
    content = plistlib.dumps(archive, fmt=form)
    article = extract(content)
    assert_whole(article)
    assert article.url == URL
    for cut in range(0, len(content), 61):
        read_web_archive(content[:cut] + b"\xff" + content[cut + 1 :])
        read_web_archive(content[:cut])


def test_a_page_saved_whole_has_the_images_of_its_folder(tmp_path: Path) -> None:
    """By the relative addresses that browsers write, in a folder named in their language."""
    for ending in ("_files", "-Dateien"):
        name = f"The gauge{ending}"
        folder = tmp_path / name
        folder.mkdir()
        (folder / "noon (1).png").write_bytes(PNG)
        (folder / "style.css").write_text("p {}")
        source = f"./{name}/noon%20(1).png".replace("The gauge", "The%20gauge")
        comment = f"<!-- saved from url=(0026){URL} -->"
        text = page(BODY + f'<img src="{source}" alt="The mole">')
        file = tmp_path / "The gauge.html"
        file.write_text(text.replace("<html", f"{comment}<html", 1))
        article = extract(read_file_with_images(str(file)), name=str(file))
        assert_whole(article)
        assert article.url == URL
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


def test_without_the_folder_alternative_text_stands_for_the_image() -> None:
    """The address of a file in that folder is one that no server ever had."""
    image = '<p><img src="./The%20gauge_files/noon.png" alt="The mole at noon"></p>'
    comment = f"<!-- saved from url=(0026){URL} -->"
    text = page(BODY + image + BODY).replace("<html", f"{comment}<html", 1)
    article = extract(text.encode())
    assert "_files" not in article.markdown
    assert "The mole at noon" in article.markdown
    assert article.url == URL


def test_nested_shadow_roots_and_old_attributes() -> None:
    """SingleFile and Chromium wrote other attributes; slots take what has their name."""
    for attribute in ("shadowrootmode", "shadowroot", "shadowmode"):
        inner = f'<template {attribute}="open"><p><slot name="who">Nobody</slot> wrote: <slot></slot></p></template>'
        outer = f'<x-log><template {attribute}="open"><h2>Log</h2><slot></slot></template><x-note>{inner}<b slot="who">Mara</b>{SENTENCE}</x-note></x-log>'
        markdown = extract(page(BODY + outer + BODY).encode()).markdown
        assert f"**Mara** wrote: {SENTENCE}" in markdown
        assert "## Log" in markdown
        assert "Nobody" not in markdown


@pytest.mark.parametrize(
    ("head", "attributes", "body"),
    [
        (f'<meta name="savepage-url" content="{URL}">', "", ""),
        ("", f' data-scrapbook-source="{URL}"', ""),
        ("", "", f'<div class="reader-header"><a class="domain reader-domain" href="{URL}">tower</a></div>'),
    ],
)  # fmt: skip
def test_the_address_that_a_saving_program_wrote(head: str, attributes: str, body: str) -> None:
    """Save Page WE, WebScrapBook, and the reader view of Firefox."""
    page = f"<html{attributes}><head>{head}<title>T</title></head><body>{body}{BODY}</body></html>"
    assert extract(page.encode()).url == URL


def test_the_shadow_root_that_webscrapbook_writes_into_an_attribute() -> None:
    """The host's own text goes into its slot."""
    shadow = f"&lt;p&gt;{SENTENCE}&lt;/p&gt;&lt;p&gt;So says &lt;slot&gt;&lt;/slot&gt;, the clerk.&lt;/p&gt;"
    host = f'<x-box data-scrapbook-shadowdom="{shadow}">Mara</x-box>'
    article = extract(f"<title>T</title><article>{BODY}{host}{BODY}</article>".encode())
    assert "So says Mara, the clerk." in article.markdown


def test_the_bar_of_the_wayback_machine_is_no_part_of_the_page() -> None:
    """Its dates are not the page's."""
    bar = "<!-- BEGIN WAYBACK TOOLBAR INSERT --><div>9 captures<br>1 Jan 2020 - 2 Mar 2024</div><!-- END WAYBACK TOOLBAR INSERT -->"
    article = extract(f"<title>T</title><body>{bar}<h1>T</h1>{BODY}</body>".encode())
    assert article.published is None
    assert "captures" not in article.markdown
