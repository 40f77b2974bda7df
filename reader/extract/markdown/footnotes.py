"""Footnotes found by their references: links, raised numbers, side notes.

A reference becomes `<sup data-note="key">`, its text is taken out of the page into `Notes`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement
from lxml.html.builder import E

from reader.extract import removals
from reader.extract.content.heading_words import NOTES_HEADING
from reader.extract.dom import ElementIndex
from reader.extract.markdown.footnote_registry import ATTRIBUTE, FootnoteRegistry

_LABEL: Final = re.compile(
    r"[\[(]?\s*(?:\w{1,3}\s)?(\d{1,4}|[a-z]{1,2}|[ivxlc]{1,6}|[*†‡§¶⁂#]{1,4}|[⁰¹²³⁴-⁹]{1,3})\s*[\])]?\.?",
    re.I,
)
_NUMBER: Final = re.compile(r"\s*[\[(]?\s*(\d{1,3})\s*[\])]?[.:]?\s*")
_NOTE_NAME: Final = re.compile(
    r"fn|foot-?note|end-?note|ftn|(?:^|[\s_#-])(?:side|margin)?-?notes?(?:$|[\s_\d-])|noteref|cite|reference"
    r"|(?:^|[\s_#-])(?:ref|bib|sdfootnote|edn)",
    re.I,
)
_TARGET_ATTRIBUTES: Final = (
    "data-definition",
    "data-fn",
    "data-footnote-id",
    "data-note-id",
    "data-footnote",
)
_QUOTED_ID: Final = re.compile(r"['\"]#?([\w:.-]{2,80})['\"]")
_BACK_LINK: Final = re.compile(
    r"[\s↩︎⤴↑^⏎↵⇧⬆️\ufe0e\ufe0f«]*|(?:jump |go )?(?:back|up|return)(?: to .{0,30})?", re.I
)
_NOTE_TAGS: Final = frozenset(
    ("li", "p", "div", "aside", "dd", "section", "tr", "td", "blockquote")
)
_INLINE_WRAPPERS: Final = frozenset(
    ("sup", "span", "a", "small", "b", "strong", "em", "cite", "font", "i")
)
_GROUP_SEPARATOR: Final = re.compile(r"[\s\[\](),;]*")
_MAX_NOTE: Final = 6000
"""Characters of the longest note; a longer target is a section of the article."""
_MAX_NOTES: Final = 3000
"""Notes of one article: bounds the time of a hostile page."""


_DOCUTILS: Final = (
    "//table[contains(concat(' ', @class, ' '), ' footnote ')]"
    "|//dl[contains(concat(' ', @class, ' '), ' footnote ') or contains(@class, 'footnotes')]"
)
"""Notes of docutils before 0.18: a table for each, later a definition list for all."""


@dataclass(frozen=True, slots=True)
class _Reference:
    """An element that holds only a mark, and the note it links to."""

    element: HtmlElement
    label: str
    note_id: str


def normalise(index: ElementIndex) -> FootnoteRegistry:
    """Take the notes out of the page, and mark their references. Linear."""
    root = index.root
    notes = FootnoteRegistry()
    if index.names_class("footnote"):
        _open_docutils_notes(root)
    if _may_refer(index):
        finder = _ReferenceFinder(root)
        references = list(finder.linked_references())
        _extract_notes(references, finder, notes)
    if not notes.notes:
        _unlinked_notes(root, notes)
    _sidenotes(root, notes)
    return notes


def _may_refer(index: ElementIndex) -> bool:
    """Return whether any link has the text of a mark, and names a target. Faster than to collect."""
    links = index.root.iter("a")
    return index.has_attribute(*_TARGET_ATTRIBUTES) or any(
        _LABEL.fullmatch("".join(link.itertext()).strip())
        for link in links
        if "#" in (link.get("href") or "") or link.get("onclick")
    )


class _ReferenceFinder:
    """The page's links and targets by id and name, and their order."""

    def __init__(self, root: HtmlElement) -> None:
        self.root = root
        self.targets: dict[str, HtmlElement] = {}
        self.order: dict[HtmlElement, int] = {}
        self.links: list[HtmlElement] = []
        self.back_links: dict[str, HtmlElement] = {}
        # In C: most elements are neither links nor targets.
        found = root.xpath("//*[self::a or @id or @data-definition or @data-fn]")
        for number, element in enumerate(found):
            tag = element.tag
            self.order[element] = number
            name = element.get("id") or (element.get("name") if tag == "a" else None)
            if name:
                self.targets.setdefault(name, element)
            if tag == "a" or element.get("data-definition") or element.get("data-fn"):
                self.links.append(element)
                fragment = (element.get("href") or "").rpartition("#")[2]
                if "ref" in fragment:
                    self.back_links.setdefault(fragment.replace("ref", "", 1), element)

    def linked_references(self) -> Iterator[_Reference]:
        """Yield linked references in document order, each mark once."""
        seen: set[HtmlElement] = set()
        for link in self.links[:20_000]:
            label_text = "".join(link.itertext()).strip()
            label = _LABEL.fullmatch(label_text) if len(label_text) < 12 else None
            if label is None or link in seen:
                continue
            key = self._target_id(link)
            if key is None or not _looks_like_reference(link, key):
                continue
            target = self.targets.get(key, self.back_links.get(key))
            if target is None or self.order[target] <= self.order[link]:
                continue
            seen.update(link.iter())
            yield _Reference(link, label[1], key)

    def _target_id(self, link: HtmlElement) -> str | None:
        """Return the name of the mark's target; None if it is not on this page."""
        for name in _TARGET_ATTRIBUTES:
            value = link.get(name)
            if value and value in self.targets:
                return str(value)
        href = link.get("href") or ""
        if "#" in href:
            fragment = href.rpartition("#")[2]
            if fragment and (fragment in self.targets or fragment in self.back_links):
                return str(fragment)
        for value in _QUOTED_ID.findall(link.get("onclick") or ""):
            if value in self.targets:
                return str(value)
        return None


def _open_docutils_notes(root: HtmlElement) -> None:
    """Give notes in tables and definition lists the form of notes in boxes."""
    for holder in root.xpath(_DOCUTILS):
        if holder.tag == "table":
            pairs = [
                (holder, row.find("td"), row.findall("td")[1])
                for row in holder.iter("tr")
                if len(row.findall("td")) == 2
            ]
        else:
            pairs = [
                (term, term, definition)
                for term in holder.findall("dt")
                if (definition := term.getnext()) is not None and definition.tag == "dd"
            ]
        if any(_LABEL.fullmatch(label.text_content().strip()) is None for _, label, _ in pairs):
            continue
        for named, label, text in pairs:
            note = E.aside()
            note.set("id", named.get("id") or label.get("id") or "")
            note.set("role", "doc-footnote")
            note.text = text.text
            note.extend(list(text))
            holder.addprevious(note)
        if pairs:
            holder.drop_tree()


def _looks_like_reference(link: HtmlElement, key: str) -> bool:
    """Return whether the link looks like the mark of a note, not of contents."""
    if link.tag != "a" or link.find(".//sup") is not None:
        return True
    parent = link.getparent()
    for above in (parent, parent.getparent() if parent is not None else None):
        if above is not None and above.tag == "sup":
            return True
    names = (
        f"{key} {link.get('class') or ''} {link.get('role') or ''} {link.get('data-type') or ''}"
    )
    # EPUB's own attribute, which the HTML parser keeps as written.
    names += f" {link.get('epub:type') or ''}"
    if parent is not None:
        names += f" {parent.get('class') or ''}"
    return _NOTE_NAME.search(names) is not None


def _extract_notes(
    references: list[_Reference], finder: _ReferenceFinder, notes: FootnoteRegistry
) -> None:
    wanted = dict.fromkeys(reference.note_id for reference in references[:_MAX_NOTES])
    taken: dict[str, HtmlElement] = {}
    holders: list[HtmlElement] = []
    marks = {inner for reference in references for inner in reference.element.iter()}
    labels = {reference.note_id: reference.label for reference in references}
    for key in sorted(
        wanted, key=lambda name: finder.order[finder.targets.get(name, finder.back_links.get(name))]
    ):
        target = finder.targets.get(key)
        if target is None:
            target = finder.back_links[key]
        note, holder = _take_note(target, finder, wanted, marks)
        if note is None or len(note.text_content()) > _MAX_NOTE:
            continue
        _remove_back_links(note, labels[key])
        if not note.text_content().strip() and note.find(".//img") is None:
            continue
        taken[key] = note
        if holder is not None:
            holders.append(holder)
    for key, note in taken.items():
        notes.notes[key] = note
    for reference in references:
        if reference.note_id in taken:
            _replace_reference(reference.element, reference.note_id, reference.label)
    for holder in holders:
        _drop_empty_section(holder)


def _take_note(
    target: HtmlElement, finder: _ReferenceFinder, wanted: dict[str, None], marks: set[HtmlElement]
) -> tuple[HtmlElement | None, HtmlElement | None]:
    """Take out the note that the target begins or holds. Return it and its parent."""
    if target.getparent() is None:
        return None, None
    holder = target
    while holder.tag not in _NOTE_TAGS or not _has_note_text(holder):
        parent = holder.getparent()
        if parent is None or parent.tag in ("body", "html", "article", "main"):
            return None, None
        holder = parent
    if any(inner in marks for inner in holder.iter("a", "sup", "span") if inner is not holder):
        return None, None
    others = [
        name
        for inner in holder.iter()
        if isinstance(inner.tag, str) and inner is not holder
        for name in (inner.get("id"), inner.get("name"))
        if name and name in wanted
    ]
    if len(set(others)) > 1:
        return _split_note(target, holder, wanted), holder
    above = holder.getparent()
    if above is None:
        return None, None
    holder.drop_tree()
    return holder, above


def _has_note_text(holder: HtmlElement) -> bool:
    """Return whether the element holds more than a mark."""
    return _LABEL.fullmatch(" ".join(holder.text_content().split())) is None and bool(
        holder.text_content().strip()
    )


def _split_note(
    target: HtmlElement, holder: HtmlElement, wanted: dict[str, None]
) -> HtmlElement | None:
    """Take the text between this anchor and the next out of several notes."""
    first = target
    while first.getparent() is not holder:
        first = first.getparent()
        if first is None:
            return None
    note = E.div()
    note.text = first.tail
    following = first.getnext()
    first.tail = None
    while following is not None:
        names = [
            inner.get("id") or inner.get("name")
            for inner in following.iter()
            if isinstance(inner.tag, str)
        ]
        if any(name in wanted for name in names):
            break
        after = following.getnext()
        note.append(following)
        following = after
    while len(note) and note[-1].tag == "br" and not (note[-1].tail or "").strip():
        note[-1].drop_tree()
    holder.remove(first)
    return note


def _remove_back_links(note: HtmlElement, label: str) -> None:
    """Remove the mark and the back links of a note."""
    for box in list(note.iter("span", "div", "p")):
        # Wikipedia marks a note with several references as `^ a b`.
        if "backlink" in (box.get("class") or "") and box is not note:
            removals.drop(box, "back link")
    for link in list(note.iter("a")):
        href = link.get("href") or ""
        label_text = " ".join("".join(link.itertext()).split())
        local = "#" in href or href.startswith("javascript") or not href
        if local and (
            _BACK_LINK.fullmatch(label_text)
            or (_LABEL.fullmatch(label_text) and len(label_text) < 7)
        ):
            holder = link.getparent()
            removals.drop(link, "back link")
            bare = holder is not None and holder is not note and not holder.text_content().strip()
            if bare and holder.tag in ("sup", "span", "b"):
                holder.drop_tree()
    _drop_label(note, label)


def _drop_label(note: HtmlElement, label: str) -> None:
    """Drop the number or sign at the beginning of a note."""
    sign = re.compile(
        rf"[\s^↑]*[\[(]?\s*{re.escape(label)}\s*[\])]?\s*[.:)]?\s*|[\s^↑]*(?:\[\s*\]|\(\s*\))\s*"
        r"|[\s^↑]*[.:)\]]\s+|[\s^↑]+(?=\S)",
        re.I,
    )
    element: HtmlElement | None = note
    while element is not None:
        if element.text and element.text.strip():
            found = sign.match(element.text)
            if found and not element.text[found.end() : found.end() + 1].isdigit():
                element.text = element.text[found.end() :]
            break
        if len(element) == 0:
            break
        first = element[0]
        label_text = " ".join(first.text_content().split()) if isinstance(first.tag, str) else ""
        if (
            isinstance(first.tag, str)
            and label_text
            and sign.fullmatch(f"{label_text} ")
            and first.tag in _INLINE_WRAPPERS
        ):
            removals.drop(first, "note label")
            continue
        if not label_text and (first.tail or "").strip():
            found = sign.match(first.tail)
            if found and first.tag in _INLINE_WRAPPERS:
                first.tail = first.tail[found.end() :]
            break
        if not label_text:
            if isinstance(first.tag, str) and first.tag in _INLINE_WRAPPERS:
                removals.drop(first, "note label")
                continue
            break
        element = first


def _replace_reference(link: HtmlElement, key: str, label: str) -> None:
    """Replace the mark, and elements that hold only it, by a reference."""
    outer = link
    while True:
        parent = outer.getparent()
        if parent is None or parent.tag not in _INLINE_WRAPPERS:
            break
        if not _GROUP_SEPARATOR.fullmatch(parent.text or "") or not _GROUP_SEPARATOR.fullmatch(
            outer.tail or ""
        ):
            break
        if len(parent) > 1:
            _drop_separators(parent)
            break
        inside = " " if (outer.tail or "").isspace() else ""
        parent.tail = (
            inside + (parent.tail or "") if inside and parent.tail else parent.tail or inside
        )
        outer = parent
    if outer.getparent() is None:
        return
    reference = E.sup(label)
    reference.set(ATTRIBUTE, key)
    reference.tail = outer.tail
    outer.getparent().replace(outer, reference)


def _drop_separators(holder: HtmlElement) -> None:
    """Drop the brackets and commas of a group of marks."""
    if not all(_GROUP_SEPARATOR.fullmatch(child.tail or "") for child in holder):
        return
    holder.text = None
    for child in holder[:-1]:
        child.tail = " "
    holder[-1].tail = None
    if holder.tag in ("cite", "em", "i"):
        holder.tag = "span"


def _drop_empty_section(holder: HtmlElement) -> None:
    """Drop an emptied holder of notes, with its heading and rule."""
    while holder.getparent() is not None and holder.tag not in ("body", "html", "article", "main"):
        left = " ".join(holder.text_content().split())
        if left and not (NOTES_HEADING.fullmatch(left.rstrip(":")) and len(left) < 40):
            return
        if holder.find(".//img") is not None or holder.find(f".//sup[@{ATTRIBUTE}]") is not None:
            return
        before, above = holder.getprevious(), holder.getparent()
        removals.drop(holder, "notes section")
        while before is not None and not (before.tail or "").strip():
            label_text = (
                " ".join(before.text_content().split()).rstrip(":")
                if isinstance(before.tag, str)
                else ""
            )
            if before.tag != "hr" and not (
                NOTES_HEADING.fullmatch(label_text) and len(label_text) < 40
            ):
                break
            previous = before.getprevious()
            removals.drop(before, "notes section")
            before = previous
        holder = above


def _unlinked_notes(root: HtmlElement, notes: FootnoteRegistry) -> None:
    """Take notes without links: raised numbers, and blocks that begin with one."""
    references: dict[str, list[HtmlElement]] = {}
    blocks: dict[str, HtmlElement] = {}
    for sup in root.iter("sup"):
        found = _NUMBER.fullmatch("".join(sup.itertext()))
        if found is None or sup.find(".//a[@href]") is not None:
            continue
        block = _block_started_by(sup)
        if block is not None:
            if found[1] in references:
                blocks.setdefault(found[1], block)
        elif found[1] not in blocks:
            references.setdefault(found[1], []).append(sup)
    if not references:
        return
    if not blocks:
        blocks = _notes_in_list(root, references) or _notes_after_rule(root, references)
    if not blocks or "1" not in blocks:
        return
    ruled = _follows_rule(blocks["1"])
    holders = []
    for label in sorted(blocks, key=int):
        block = blocks[label]
        above = block.getparent()
        if label not in references or above is None or len(block.text_content()) > _MAX_NOTE:
            continue
        note = _join_continuation(block, list(blocks.values())) if ruled else block
        if note is block:
            block.drop_tree()
        _remove_back_links(note, label)
        notes.notes[f"plain-{label}"] = note
        holders.append(above)
        for sup in references[label]:
            _replace_reference(sup, f"plain-{label}", label)
    for holder in holders:
        _drop_empty_section(holder)
    for rule in list(root.iter("hr")):
        if (
            ruled
            and rule.getparent() is not None
            and rule.getnext() is None
            and not (rule.tail or "").strip()
        ):
            rule.drop_tree()


def _block_started_by(sup: HtmlElement) -> HtmlElement | None:
    """Return the paragraph or item that begins with the raised number."""
    element = sup
    while True:
        parent = element.getparent()
        if parent is None or element.getprevious() is not None or (parent.text or "").strip():
            return None
        if parent.tag in _NOTE_TAGS:
            return (
                parent
                if parent.tag in ("p", "li", "div", "dd") and _has_note_text(parent)
                else None
            )
        element = parent


def _notes_in_list(
    root: HtmlElement, references: dict[str, list[HtmlElement]]
) -> dict[str, HtmlElement]:
    """Return the items of the page's last list of notes, by number."""
    for items in reversed(list(root.iter("ol"))):
        names = " ".join(
            f"{box.get('class') or ''} {box.get('id') or ''}"
            for box in (items, *list(items.iterancestors())[:2])
        )
        heading = items.getprevious()
        headed = (
            heading is not None
            and isinstance(heading.tag, str)
            and NOTES_HEADING.fullmatch(" ".join(heading.text_content().split()).rstrip(":"))
        )
        if headed or re.search(r"footnote|endnote", names, re.I):
            return {
                str(number): item
                for number, item in enumerate(items.findall("li"), 1)
                if str(number) in references
            }
    return {}


def _notes_after_rule(
    root: HtmlElement, references: dict[str, list[HtmlElement]]
) -> dict[str, HtmlElement]:
    """Return paragraphs after the last rule that begin with a strong number."""
    rules = list(root.iter("hr"))
    found: dict[str, HtmlElement] = {}
    for block in rules[-1].itersiblings("p") if rules else ():
        if not (block.text or "").strip() and len(block) and block[0].tag in ("strong", "b"):
            number = _NUMBER.fullmatch("".join(block[0].itertext()))
            if number and number[1] in references:
                found.setdefault(number[1], block)
    return found


def _follows_rule(block: HtmlElement) -> bool:
    """Return whether a rule stands directly before the notes."""
    before = block.getprevious()
    return before is not None and before.tag == "hr"


def _join_continuation(block: HtmlElement, blocks: list[HtmlElement]) -> HtmlElement:
    """Return the note with the blocks after it, up to the next note."""
    starts = set(blocks)
    note = E.div()
    following = block.getnext()
    block.tail = None
    note.append(block)
    while (
        following is not None
        and following not in starts
        and following.tag in ("p", "ul", "ol", "blockquote", "pre")
    ):
        after = following.getnext()
        note.append(following)
        following = after
    return note


_SIDENOTE: Final = re.compile(
    r"(?:^|[\s_-])(?:side-?note|margin-?note)(?:$|[\s_-])|(?:^|\s)ltx_role_footnote(?:mark)?(?:$|\s)",
    re.I,
)
_INLINE_NOTE: Final = re.compile(
    r"(?:^|[\s_-])(?:foot-?note|note|fn)(?:-?(?:content|text|body))?(?:$|\s)", re.I
)
_TOGGLE: Final = re.compile(r"(?:^|[\s_-])(?:toggle|(?:foot|side|margin)-?note)", re.I)
_NUMBER_CLASS: Final = re.compile(
    r"(?:^|[\s_-])(?:ltx_note_mark|ltx_tag_note|ltx_note_type|(?:side-?note|foot-?note)-?number)(?:$|\s)"
)
MIN_NOTE: Final = 4
"""Characters of a note; shorter ones are marks of a reference to it."""


def _sidenotes(root: HtmlElement, notes: FootnoteRegistry) -> None:
    """Turn side notes into notes; drop those that repeat one."""
    for element in list(root.iter("span", "small", "aside")):
        if element.getparent() is None or not _is_sidenote(element):
            continue
        if element.find(f".//sup[@{ATTRIBUTE}]") is not None:
            continue
        text = " ".join(element.text_content().split())
        if len(text) > _MAX_NOTE:
            continue
        before = element.getprevious()
        if before is not None and (before.tail or "").strip():
            before = None
        if before is not None and before.get(ATTRIBUTE) is not None:
            note = notes.notes.get(before.get(ATTRIBUTE))
            if note is not None and _without_marks(note) == _without_marks(element):
                removals.drop(element, "repeated note")
                continue
        marks = [
            mark
            for mark in element.iter("span", "sup", "label")
            if mark is not element
            and (
                _NUMBER_CLASS.search(mark.get("class") or "")
                or re.fullmatch(r"\d*[.:)]?", mark.text_content().strip())
            )
        ]
        label = next((words for mark in marks if (words := mark.text_content().strip())), "")
        if len(_without_marks(element, marks)) < MIN_NOTE:
            if marks and label and not _without_marks(element, marks):
                # A second reference to a note of the same number, without its text.
                reference = E.sup(label)
                removals.record("note label", " ".join(element.itertext()), element.getparent())
                reference.tail, element.tail = element.tail, None
                element.getparent().replace(element, reference)
            continue
        for mark in marks:
            if mark.getparent() is not None:
                removals.drop(mark, "note label")
        _drop_toggles(before)
        key = f"side-{len(notes.notes)}"
        reference = E.sup("*")
        reference.set(ATTRIBUTE, key)
        reference.tail = element.tail
        element.tail = None
        element.getparent().replace(element, reference)
        element.tag = "div"
        notes.notes[key] = element


def _may_name_note(name: str) -> bool:
    """Return whether a class has a part that all names of notes have; a third of the time."""
    lowered = name.lower()
    return "note" in lowered or "fn" in lowered


def _is_sidenote(element: HtmlElement) -> bool:
    """Return whether the element is a side note, by name or by its checkbox."""
    name = element.get("class")
    if not name or not _may_name_note(name):
        return False
    if _SIDENOTE.search(name):
        return True
    if element.tag == "aside" or not _INLINE_NOTE.search(name):
        return False
    before = element.getprevious()
    return (
        before is not None
        and not (before.tail or "").strip()
        and before.tag in ("input", "label")
        and _TOGGLE.search(f"{before.get('class') or ''} {before.get('id') or ''}") is not None
    )


def _without_marks(element: HtmlElement, marks: Sequence[HtmlElement] = ()) -> str:
    """Return the element's text without marks and leading signs."""
    text = "".join(element.itertext())
    for mark in marks:
        text = text.replace("".join(mark.itertext()), "", 1)
    return " ".join(re.sub(r"^[\s\d.:)*↩]+", "", text).split())


def _drop_toggles(before: HtmlElement | None) -> None:
    """Drop the controls and the number before a note."""
    while before is not None and before.tag in ("input", "label", "sup"):
        words = "".join(before.itertext()).strip()
        is_mark = not words or _LABEL.fullmatch(words) is not None
        if (before.tail or "").strip() or not is_mark or before.get(ATTRIBUTE) is not None:
            return
        previous = before.getprevious()
        removals.drop(before, "note label")
        before = previous
