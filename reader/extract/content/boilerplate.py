"""Parts of a page that are never read: code, lines of chrome."""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from reader.extract.content.patterns import NAME_GROUPS, name_groups
from reader.extract.content.segmenter import (
    HEADINGS,
    Block,
    Box,
    blocks_in,
    collapse_whitespace,
    text_of,
)

MIN_COPY_CHARS: Final = 80
"""Characters of a `<noscript>` that are looked for elsewhere on the page."""
MIN_NOSCRIPT_BYTES: Final = 400
"""Bytes from which a `<noscript>` may be the text that a script would have shown."""
MAX_COMMENT_SHARE: Final = 0.8
"""Share of the running text in comments from which they are the page: a thread."""
MAX_BUTTON_CHARS: Final = 25
"""Characters of the longest link drawn as a button that is a call; longer ones name a text."""
MAX_PROFILE_CHARS: Final = 60
"""Characters of a line about a post's writer: a label and up to 40 more."""
MAX_NAME_CHARS: Final = 40
"""Characters of the longest name of a post's writer."""
MAX_NAME_DISTANCE: Final = 8
"""Lines between a writer's name and what describes them."""
MAX_PAGER_CHARS: Final = 160
"""Characters of a link to the previous or next post: a label and a title."""
MIN_TEXT_ABOVE: Final = 500
"""Characters of running text above a link to the next post; lists have such links from the start."""
MIN_COLUMN_CHARS: Final = 1_000
"""Characters of running text in the column that has the article."""
MIN_COLUMN_SHARE: Final = 0.6
"""Share of the page's running text in the column that has the article."""
MAX_SIDE_SHARE: Final = 0.25
"""Running text of another column, as a share of the article's."""
MAX_DIALOG_SHARE: Final = 0.8
"""Share of a page's blocks in the largest dialog about cookies."""
MAX_PHRASE_CHARS: Final = 80
"""Characters of the longest line that is compared with the phrases of chrome."""

_TRIMMED: Final = " \t.:-–—|•·»›…()[]*"
_BOILERPLATE_PHRASE: Final = re.compile(
    r"(?:advert(?:isement|ising)?s?|ad feedback|sponsored(?: content)?|anzeige|werbung|publicidad|publicité|publicidade|pubblicità|reklama|advertentie|annons|annonse|広告"
    r"|(?:article |story )?continues? (?:reading )?(?:below|after|the main story)(?: (?:the )?(?:advertisement|ad|gallery|video))?|scroll to continue(?: reading)?|continue reading(?: the main story| below)?"
    r"|click to tweet|tweet this|text size|font size|sharing is caring!?|share(?: this)?(?: (?:story|article|post|on \w+|with a friend|via \w+))*|like this story\? share it with a friend!?"
    r"|(?:copy|get) link|print(?: this)?(?: (?:page|article))?|(?:jump to|pin|print|rate|save) (?:this )?recipe|(?:\d+ )?(?:min(?:ute)?s?|minuten|minutes|minutos) (?:read|lesezeit|de lecture|de lectura|de leitura)|(?:reading time|lesezeit|temps de lecture|tiempo de lectura|tempo de leitura):? ?(?:ca\. )?\d+ ?\w{0,8}"
    r"|loading(?: comments)?\W*|wird geladen\W*|this slideshow requires javascript|(?:please )?enable javascript.{0,60}|image \d+ of \d+|\d+/\d+|view this (?:image|post)(?: on \w+)?|view comments?|show (?:more|less)|read more|mehr anzeigen|weiterlesen|(?:zur )?bildergalerie"
    r"|(?:apply|book|buy|enroll?|order|register|shop) now|add to (?:bag|basket|cart)|in den warenkorb|ajouter au panier|añadir al carrito|aggiungi al carrello|subscribe|sign up|log ?in|anmelden|s'abonner|suscríbete|follow(?: us)?(?: on \w+)?|skip (?:to (?:main )?content|advertisement)|unsubscribe(?: (?:here|from this list))?|view (?:this (?:e-?mail|message) )?in (?:your |a )?browser|newsletter abbestellen|back to top|nach oben|zurück|permalink|powered by [\w. ]{2,30})",
    re.I,
)
"""Whole lines of these words are never part of an article."""

_CONSENT_DIALOGS: Final = frozenset(
    "onetrust-consent-sdk onetrust-banner-sdk onetrust-pc-sdk optanon cybotcookiebotdialog didomi-host"
    " qc-cmp2-container qc-cmp-ui-container usercentrics-root truste-consent-track trustarc-banner"
    " osano-cm-window cmplz-cookiebanner cmplz-cookiebanner-container cookie-law-info-bar"
    " wt-cli-cookie-bar cky-consent-container cky-modal cookieconsent cc-window klaro"
    " tarteaucitronroot iubenda-cs-banner borlabscookiebox moove_gdpr_cookie_modal fc-consent-root"
    " cookiefirst-root axeptio_overlay hs-eu-cookie-confirmation cookiescript_injected evidon-banner".split()
)
"""Identifiers and classes of the dialogs that such programs add to a page, in lower case."""

_CONSENT: Final = ("cookie", "gdpr", "consent")
_CONSENT_NAME: Final = re.compile(
    r"(?:^|[\s_-])(?:cookies?|gdpr|consent)[_-]?(?:banner|dialog|modal|notice|overlay|popup)(?:$|[\s_-])"
)
"""Names of a dialog about cookies that no such program made."""
_SIGNATURES: Final = frozenset(
    "signature signature-content post-signature post_signature postsignature post-sig post_sig sig_text"
    " user-signature user_signature message-signature forum-signature member-signature bbp-signature".split()
)
"""Classes of what the writers of posts set below each of them, in lower case."""

_BUTTON: Final = re.compile(r"(?:^|[\s_-])(?:btn|button)(?:$|[\s_-])", re.I)
_PROFILE: Final = re.compile(
    r"(joined?|join date|registered(?: on)?|registration date|member since|reg\.? date|posts|posts?(?= ?:)|messages|threads|topics|location|country|reputation|reaction score|karma|solutions|trophy points|likes(?: received| given)?|thanks(?: given| received)?|thanked|points|age|gender"
    r"|registriert(?: seit)?|dabei seit|mitglied seit|beiträge|themen|ort|wohnort|danke|inscription|inscrit(?: le)?|messages postés|localisation|registrado|mensajes|ubicación|iscritto(?: il)?|messaggi|località|dołączył\w*|posty|skąd|регистрация|сообщени[яй]|откуда|репутация|registrado em|mensagens|aangemeld|berichten|locatie)"
    r"(?::\s*|\s+(?=[\d#]|(?:jan|feb|m[aä]r|apr|may|mai|jun|jul|aug|sep|o[ck]t|nov|de[cz])))\S.{0,40}",
    re.I,
)
_WHOLE_PROFILE: Final = re.compile(
    r"(?:joined|registered|member since|registriert|inscrit)\W{1,3}[\w ,./-]{0,20}?\d{4}\s*(?:posts|messages|beiträge)\W{1,3}\d",
    re.I,
)
"""All of it in one block, with line breaks that are gone: "annaJoined: 2016Posts: 1,502"."""
_MEMBERSHIP: Final = re.compile(
    r"join|regist|member|reg\.|posts|messag|reaction|reputation|karma|thank|likes|trophy|beitr|dabei|mitglied|inscri|iscri|mensa|posty|dołą|регистр|сообщ|репут|aangemeld|berichten",
    re.I,
)
"""Kinds of lines that only forums have: lists of people have places and ages, too."""
_PROFILE_START: Final = re.compile(
    r"[abcdgijklmnoprstuwисоро]\w*[. ]?[\w ]{0,24}?(?:: ?\S| (?=[\d#jfmasond]))", re.I
)
_RANK: Final = re.compile(
    r"(?:(?:senior|junior|full|new|active|well-known|advanced|super|veteran|gold|silver|registered|premium|global|forum) )*"
    r"(?:members?|users?|moderators?|mod|administrators?|admin|regular|newbie|guest|contributor|supporter|legend|guru|offline|online|neues mitglied|mitglied|erfahrener benutzer|benutzer|membre|miembro|utente|użytkownik)|#?\d{1,5}|offline|op"
    r"|(?:(?:quote|reply|report|like|share|edit|thanks)(?: ?\(\d+\))?\s*)+|(?:location|country|city|from|occupation|rank):? [\w ,.'-]{1,30}",
    re.I,
)
_BACK: Final = re.compile(
    r"(?:«|<<|←|‹|◄|◀)\s*.{1,140}|(?:previous|older) (?:post|article|story|entry)\b.{0,120}|vorheriger (?:beitrag|artikel)\b.{0,120}|(?:article|billet) précédent\b.{0,120}|(?:entrada|artículo) anterior\b.{0,120}",
    re.I,
)
_FORTH: Final = re.compile(
    r".{1,140}\s*(?:»|>>|→|›|►|▶)|(?:next|newer) (?:post|article|story|entry)\b.{0,120}|nächster (?:beitrag|artikel)\b.{0,120}|(?:article|billet) suivant\b.{0,120}|(?:entrada|artículo) siguiente\b.{0,120}",
    re.I,
)
"""Links to the posts before and after: a page has both, next to each other."""
_COMMENT_GROUP: Final = list(NAME_GROUPS).index("comment")


def strip_code(root: HtmlElement) -> None:
    """Remove comments, scripts, styles and templates from the tree; TeX in scripts stays."""
    etree.strip_elements(
        root, etree.Comment, etree.ProcessingInstruction, "style", "template", with_tail=False
    )
    for script in list(root.iter("script")):
        if not (script.get("type") or "").startswith("math/"):
            script.drop_tree()


def unwrap_noscripts(root: HtmlElement) -> bool:
    """Make a box of each `<noscript>` whose text the page shows nowhere else.

    Some sites let a script lay out the article, and repeat it here for browsers without scripts.
    Returns whether there was one.
    """
    elsewhere: str | None = None
    is_changed = False
    for noscript in list(root.iter("noscript")):
        text = text_of(noscript)
        if (
            len(text.encode()) < MIN_NOSCRIPT_BYTES
            or next(noscript.iter("p", "br", "li", "h2"), None) is None
        ):
            continue
        # Collected once: a page may have thousands of these elements.
        if elsewhere is None:
            elsewhere = _scriptless_text(root)
        if text[:MIN_COPY_CHARS] not in elsewhere:
            noscript.tag = "div"
            elsewhere += text
            is_changed = True
    return is_changed


def _scriptless_text(root: HtmlElement) -> str:
    outside = ".//body//text()[not(ancestor::noscript|ancestor::script|ancestor::style)]"
    return collapse_whitespace("".join(root.xpath(outside)))


def chrome_lines(blocks: Sequence[Block]) -> set[int]:
    """Return the numbers of blocks that are never article text: rows of links, fixed phrases."""
    found = {
        number
        for number, block in enumerate(blocks)
        if is_link_row(block) or is_button(block) or (is_phrase(block.text))
    }
    return found | _pager_lines(blocks)


def is_phrase(text: str) -> bool:
    """Return whether a line is a fixed phrase of sites around articles."""
    return (
        len(text) < MAX_PHRASE_CHARS
        and _BOILERPLATE_PHRASE.fullmatch(text.strip(_TRIMMED)) is not None
    )


def profile_lines(blocks: Sequence[Block]) -> set[int]:
    """Return the numbers of blocks that describe the writers of posts: "Joined: 2015", ranks.

    A page has such lines if two kinds of them occur twice each, one of membership or posts, or if
    two blocks have the date and the number of posts.
    """
    kinds: dict[str, list[int]] = {}
    whole: set[int] = set()
    for number, block in enumerate(blocks):
        text = block.text
        if len(text) <= 2 * MAX_PROFILE_CHARS and _WHOLE_PROFILE.search(text):
            whole.add(number)
        elif (
            len(text) <= MAX_PROFILE_CHARS
            and _PROFILE_START.match(text)
            and (found := _PROFILE.fullmatch(text))
        ):
            kinds.setdefault(found[1].casefold(), []).append(number)
    if len(whole) > 1:
        return whole | {
            number
            for number, block in enumerate(blocks)
            if len(block.text) <= MAX_PROFILE_CHARS and _RANK.fullmatch(block.text.strip(_TRIMMED))
        }
    often = [kind for kind, numbers in kinds.items() if len(numbers) > 1]
    if len(often) < 2 or not any(map(_MEMBERSHIP.match, often)):
        return set()
    lines = {number for kind in often for number in kinds[kind]}
    near = {number + step for number in lines for step in (-3, -2, -1, 1, 2, 3)}
    return lines | {
        number
        for number in near
        if 0 <= number < len(blocks)
        and len(blocks[number].text) <= MAX_PROFILE_CHARS
        and _RANK.fullmatch(blocks[number].text.strip(_TRIMMED))
    }


def post_names(blocks: Sequence[Block], profiles: Collection[int]) -> set[int]:
    """Return the numbers of the names above the lines that describe the writers of posts."""
    found: set[int] = set()
    for number in profiles:
        for above in range(number - 1, max(-1, number - MAX_NAME_DISTANCE), -1):
            if above not in profiles:
                block = blocks[above]
                is_marked = block.linked_chars or block.bold_chars or block.box.tag in HEADINGS
                if len(block.text) <= MAX_NAME_CHARS and is_marked:
                    found.add(above)
                break
    return found


def _pager_lines(blocks: Sequence[Block]) -> set[int]:
    """Return the numbers of links to the posts before and after, below the text."""
    back: set[int] = set()
    forth: set[int] = set()
    seen = 0
    for number, block in enumerate(blocks):
        if (
            seen >= MIN_TEXT_ABOVE
            and block.linked_chars >= 0.9 * len(block.text)
            and len(block.text) <= MAX_PAGER_CHARS
        ):
            if _BACK.fullmatch(block.text):
                back.add(number)
            elif _FORTH.fullmatch(block.text):
                forth.add(number)
        seen += _prose_chars(block)
    pairs = [(one, other) for one in back for other in range(one - 3, one + 4) if other in forth]
    return {number for pair in pairs for number in pair}


def side_cells(blocks: Sequence[Block], boxes: Sequence[Box]) -> set[int]:
    """Return the numbers of blocks in narrow columns of a layout table next to the text.

    The column of the text has most of the page's running text, and a single row.
    """
    columns: dict[int, list[Box]] = {}
    for box in boxes:
        if box.tag == "td" and box.parent is not None and box.parent.tag == "tr":
            columns.setdefault(id(box.parent), []).append(box)
    if not columns:
        return set()
    sums = [0]
    for block in blocks:
        sums.append(sums[-1] + _prose_chars(block))
    found: set[int] = set()
    for cells in columns.values():
        sizes = [sums[cell.end_block] - sums[cell.first_block] for cell in cells]
        most = max(sizes)
        if len(cells) < 2 or most < max(MIN_COLUMN_CHARS, MIN_COLUMN_SHARE * sums[-1]):
            continue
        for cell, size in zip(cells, sizes, strict=True):
            if size <= MAX_SIDE_SHARE * most:
                found.update(range(cell.first_block, cell.end_block))
    return found


def comment_blocks(blocks: Sequence[Block], boxes: Sequence[Box]) -> set[int]:
    """Return the numbers of blocks in boxes named for comments below running text.

    A box with the page's heading, or with most of its running text, is the page's own thread.
    """
    prose = [_prose_chars(block) for block in blocks]
    first = next((number for number, size in enumerate(prose) if size), len(blocks))
    headings = [number for number, block in enumerate(blocks) if block.box.tag == "h1"]
    found: set[int] = set()
    for box in boxes:
        if (
            box.first_block > first
            and box.first_block not in found
            and box.names
            and _COMMENT_GROUP in name_groups(box.names)
            and not any(box.first_block <= number < box.end_block for number in headings)
        ):
            found.update(range(box.first_block, box.end_block))
    if sum(prose[number] for number in found) > MAX_COMMENT_SHARE * sum(prose):
        return set()
    return found


def consent_dialogs(boxes: Sequence[Box]) -> set[int]:
    """Return the numbers of the blocks in dialogs of programs that ask for consent to cookies.

    An element that is never closed holds the rest of the page, and is none.
    """
    most = MAX_DIALOG_SHARE * max((box.end_block for box in boxes), default=0)
    return blocks_in(
        box
        for box in boxes
        if _names_consent(box.names) and box.end_block - box.first_block <= most
    )


@lru_cache(maxsize=4096)
def _names_consent(names: str) -> bool:
    """Return whether a box is named like a dialog about cookies."""
    names = names.lower()
    if not _CONSENT_DIALOGS.isdisjoint(names.split()):
        return True
    return any(map(names.__contains__, _CONSENT)) and _CONSENT_NAME.search(names) is not None


def signatures(boxes: Sequence[Box]) -> set[int]:
    """Return the numbers of the blocks in the signatures below the posts of a thread."""
    return blocks_in(box for box in boxes if not _SIGNATURES.isdisjoint(box.names.lower().split()))


def _prose_chars(block: Block) -> int:
    """Return the characters of a block that reads like a paragraph, else 0."""
    size = len(block.text)
    return size if size > 80 and 3 * block.linked_chars < size else 0


def is_button(block: Block, longest: int = MAX_BUTTON_CHARS) -> bool:
    """Return whether a line is only a link that looks like a button."""
    return (
        block.link_count == 1
        and not block.has_media
        and len(block.text) <= longest
        and block.linked_chars >= 0.95 * len(block.text)
        and _BUTTON.search(block.names) is not None
    )


def is_link_row(block: Block, *, spaced: bool = False) -> bool:
    """Return whether a line is only links side by side; list items may be references.

    With `spaced` the spaces between the links count as linked.
    """
    linked = block.linked_chars + (block.link_count - 1 if spaced else 0)
    if block.link_count < 2 or linked < 0.93 * len(block.text):
        return False
    return len(block.text) <= 120 and block.box.tag not in (
        "li",
        "dd",
        "table",
        "pre",
        "figcaption",
    )
