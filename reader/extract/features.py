"""What can be seen of a block without reading it: numbers for the model that keeps or drops."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from lxml.html import HtmlElement

from reader.extract.blocks import Block, Box
from reader.extract.lexicon import spoken

FAR: Final = 9
"""Levels up from which a name no longer counts."""

_NAMES: Final[Mapping[str, str]] = {
    "comment": "comments? disqus respond discuss discussion repl(?:y|ies) reactions? livefyre kommentare? commentlist commentaires?"
    " comment(?:body|text|content|area|section|form) thread(?:s|ed)? forum messages?",
    "related": "relate[ds]\\w* recommend\\w* more (?:read|see)(?:more|next|also) also similar trending popular mostread mostviewed latest recent\\w*"
    " outbrain taboola \\w*teasers? promos? carousel upnext zergnet suggest\\w* onward further",
    "card": "cards? feeds? tiles? items? grid loop archive lists? rows?",
    "share": "shar(?:e|ing)\\w* social\\w* facebook fb twitter whatsapp pinterest addthis sharedaddy follow\\w* bookmarks? likes? flattr sns",
    "nav": "nav\\w* menus? breadcrumbs? crumbs? pagination pager paging toc skip jump toolbar topbar masthead next prev\\w* pages tabs?",
    "foot": "foot(?:er)?s? \\w*footer bottom copyright legal disclaimer imprint impressum colophon",
    "side": "side side(?:bar|col)s?\\w* \\w*sidebar asides? widgets?\\w* rail secondary complementary modules? marginal(?:spalte)? infobox",
    "ad": "ads? adv\\w* adsense \\w*sponsor\\w* banners? dfp googlead\\w* promoted commercial anzeigen? werbung paid affiliate adslot",
    "signup": "newsletter\\w* subscri\\w* signup signin mailing paywall regwall login regist\\w* donat\\w* member\\w* cta optin abo nl email",
    "author": "authors?\\w* bio byline\\w* contributors? writers? profile vcard autor\\w* fn reporter credits?",
    "date": "date\\w* time publish\\w* updated timestamp dateline posted datum pubdate",
    "tags": "tags? tagged tag\\w*links? taglist topics? categor\\w* keywords? hashtags? labels? schlagw\\w* taxonomy filed cat",
    "meta": "\\w*meta\\w* infos? details stats ratings? votes? utility",
    "caption": "\\w*captions? credit figures? photos? imgs? images? gallery slides?\\w* pictures? media videos? legend",
    "hidden": "hidden hide visually sr screenreader reader a11y print\\w* mobile\\w* offscreen noprint collapse\\w* modals? popups? overlay tooltips? cookies? consent gdpr lightbox dialog",
    "body": "(?:article|story|entry|post|content|main)(?:body|text|content|copy) articlebody storytext prose markdown",
    "article": "articles? story storys? posts? entry hentry blogpost news artikel beitrag",
    "main": "main contents? maincontent primary inhalt container page wrapper",
    "text": "texts? paragraphs? para copy body absatz p rich(?:text)?",
    "lead": "lead lede intro\\w* summary standfirst subtitle subhead\\w* dek deck excerpt abstract kicker vorspann descriptions? desc",
    "title": "\\w*titles? headlines? \\w*heading head h1 h2 h3 ueberschrift",
    "quote": "quotes? pullquote blockquote embed\\w* tweet instagram zitat",
    "note": "footnotes? endnotes? references? citations? biblio\\w* notes? corrections? reflist reference cite",
    "code": "code\\w* highlight\\w* syntax source snippet examples? ingredients? instructions? recipe",
}
_TAG_GROUPS: Final = [
    "article",
    "main",
    "nav",
    "aside",
    "footer",
    "header",
    "form",
    "table",
    "ul",
    "ol",
    "section",
    "figure",
    "blockquote",
    "a",
    "td",
    "li",
    "p",
    "dl",
    "details",
    "body",
]
_COMPILED: Final = {
    name: re.compile(rf"(?<![a-z0-9])(?:{'|'.join(words.split())})(?![a-z])")
    for name, words in _NAMES.items()
}
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\s:./]+")

_WORDS: Final[Mapping[str, str]] = {
    "share": r"\b(?:share|tweet|facebook|twitter|whatsapp|pinterest|linkedin|e-?mail this|print this|teilen|drucken|follow us|follow me|like us|flipboard|reddit)\b",
    "more": r"\b(?:read (?:more|next|also|the full|on)|continue reading|see (?:also|more)|more (?:from|on|stories|news|about|like)|view (?:all|more)|learn more|click here|"
    r"find out more|weiterlesen|mehr (?:zu|zum|lesen|von|aus)|lesen sie|lire aussi|leer más|lea también|ver más|siehe auch|watch:|listen:|también te puede|à lire)\b",
    "related": r"\b(?:related|recommended|you (?:may|might) (?:also )?(?:like|enjoy|be interested)|trending|most (?:read|popular|viewed|recent)|popular|latest|recent (?:posts|comments|articles)|top stories|"
    r"editor'?s? picks|don'?t miss|up next|also on|ähnliche|verwandte|das könnte|meistgelesen|neueste|beliebte|sur le même sujet|relacionad[ao]s|artículos|leggi anche)\b",
    "signup": r"\b(?:subscribe|subscription|subscribers?|sign ?up|newsletter|log ?in|sign ?in|register|your (?:inbox|email)|free trial|donate|support (?:us|our)|become a (?:member|patron|supporter)|"
    r"patreon|anmelden|registrieren|abonnieren|abo|abonne[zr]|inscri\w+|suscr\w+|unsubscribe|get the (?:app|latest)|download (?:our|the) app|membership|buy (?:now|it|the)|paypal|flattr|rss)\b",
    "rights": r"©|\(c\)|\b(?:copyright|all rights reserved|alle rechte|tous droits|derechos reservados|terms of|privacy|cookies?|impressum|datenschutz|disclaimer|creative commons|may not be (?:published|reproduced)|reprint|licen[sc]ed? under)\b",
    "comment": r"\b(?:comments?|repl(?:y|ies)|responses?|kommentare?n?|commentaires?|comentarios?|antworten|leave a|trackbacks?|pingbacks?|add your|be the first|join the (?:discussion|conversation)|moderat\w+|upvote|points|says:|said on|schrieb am|sagt)\b",
    "author": r"^(?:by|von|par|por|di|written by|posted by|about the author|author|autor|text|posted|veröffentlicht|geschrieben|publié|editor|reporting by|story by|photos? by)\b[ :]|\b(?:is an? (?:\w+ ){0,4}(?:writer|reporter|editor|author|journalist|columnist|professor|correspondent|freelance\w*|contributor|founder|analyst|fellow|producer|blogger)|"
    r"contributed to this|can be reached|follow (?:him|her|them) on|reach (?:him|her)|opinions expressed|views expressed|lives in|his (?:latest |new )?book|her (?:latest |new )?book|covers \w+ for)\b|@\w+",
    "date": r"\b(?:19|20)\d\d\b|\b\d{1,2}[./:]\d{1,2}(?:[./:]\d{2,4})?\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez)[a-zé]*\.? \d{1,2}\b|\b\d{1,2}\.? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|juni|juli|okt|dez)",
    "stamp": r"\b(?:posted|published|updated|last (?:modified|updated)|modified|ago|min(?:ute)?s? read|reading time|uhr|a\.?m\.?|p\.?m\.?|veröffentlicht|aktualisiert|gmt|est|edt|pst|heure|mis à jour|publié|stand)\b",
    "tags": r"^(?:tags?|topics?|categor(?:y|ies)|filed under|posted in|more about|keywords?|labels?|schlagw\w+|kategorien?|tagged|stichw\w+|themen|etiquetas|mots[- ]clés|in this (?:story|article)|ressort|filed)\b|(?:^|\s)#\w+",
    "credit": r"\b(?:photo(?:graph)?s?|image|picture|foto|fotos|bild|bilder|credit|courtesy|getty|reuters|afp|shutterstock|ap photo|associated press|dpa|quelle|source|illustration|video|caption|gallery|slideshow|play)\b",
    "ad": r"\b(?:advertisement|sponsored|promoted|anzeige|werbung|advert|story continues|article continues|publicidad|publicité|scroll to continue|ad feedback|affiliate|commission|deals?)\b",
    "first": r"\b(?:home(?:page)?|startseite|menu|search|suche|kontakt|contact|about us|über uns|skip to|sitemap|top of page|nach oben|back to|zurück|next|previous|weiter|page \d|seite \d|older|newer|edit|advertise|help|faq|careers)\b",
    "update": r"^(?:update|correction|editor'?s? note|note|clarification|disclosure|this (?:story|article|post) (?:was|has|is|originally)|an earlier version|originally published)\b",
}
_SAID: Final = {name: re.compile(pattern) for name, pattern in _WORDS.items()}
_STOP: Final = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "to",
        "in",
        "and",
        "is",
        "that",
        "for",
        "it",
        "was",
        "on",
        "with",
        "as",
        "by",
        "at",
        "from",
        "be",
        "this",
        "are",
        "he",
        "his",
        "they",
        "have",
        "not",
        "but",
        "had",
        "we",
        "i",
        "you",
        "she",
        "her",
        "or",
        "which",
        "der",
        "die",
        "das",
        "und",
        "ist",
        "nicht",
        "ein",
        "eine",
        "zu",
        "den",
        "mit",
        "von",
        "sich",
        "auf",
        "für",
        "dem",
        "des",
        "im",
        "es",
        "er",
        "sie",
        "ich",
        "wir",
        "auch",
        "als",
        "an",
        "war",
        "aus",
        "bei",
        "le",
        "la",
        "les",
        "de",
        "des",
        "un",
        "une",
        "et",
        "est",
        "que",
        "qui",
        "dans",
        "pour",
        "pas",
        "sur",
        "en",
        "du",
        "au",
        "il",
        "elle",
        "nous",
        "vous",
        "ce",
        "el",
        "los",
        "las",
        "y",
        "que",
        "del",
        "se",
        "por",
        "con",
        "una",
        "para",
        "su",
        "al",
        "lo",
        "como",
        "más",
        "pero",
        "no",
        "il",
        "di",
        "che",
        "è",
        "per",
        "un",
        "in",
        "non",
        "sono",
        "con",
        "del",
        "della",
    ]
)
_WORD: Final = re.compile(r"\w+")
_END: Final = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*(?:\s?\[\w+\])*$")
_SENTENCE: Final = re.compile(r"[.!?。！？][\"'”’»)]*(?:\s|$)")
_TAGS_OF_BLOCKS: Final = [
    "p",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "div",
    "td",
    "blockquote",
    "pre",
    "figcaption",
    "span",
    "dd",
    "dt",
    "section",
    "article",
    "table",
    "a",
]


@lru_cache(maxsize=4096)
def named(words: str) -> tuple[int, ...]:
    """Which groups of names the class and id words belong to, by index."""
    words = _CAMEL.sub("-", words).lower()
    return tuple(i for i, pattern in enumerate(_COMPILED.values()) if pattern.search(words))


class PageView:
    """Everything about a page that blocks are measured against; made once per page."""

    def __init__(
        self,
        blocks: Sequence[Block],
        boxes: Sequence[Box],
        *,
        titles: Sequence[str] = (),
        told: str = "",
        description: str = "",
        hidden: frozenset[HtmlElement] = frozenset(),
        apart: frozenset[int] | set[int] = frozenset(),
        opinions: Sequence[Sequence[float]] = (),
    ) -> None:
        self.blocks, self.boxes, self.hidden, self.apart = blocks, boxes, hidden, apart
        self.opinions = opinions
        self.titles = [set(_WORD.findall(title.lower())) for title in titles if title]
        self.told = _squeezed(told)
        self.description = _squeezed(description)
        self._context()
        self._measure()
        self._core()

    def _context(self) -> None:
        """For every box the depth of the nearest box with each kind of name and tag."""
        names, groups = len(_NAMES), {tag: i for i, tag in enumerate(_TAG_GROUPS)}
        self.context: dict[Box, list[int]] = {}
        for box in self.boxes:
            if box.parent is None:
                levels = [-99] * (names + len(groups) + 1)
            else:
                levels = self.context[box.parent]
            element = box.element
            words = spoken(element)
            found = named(words) if words else ()
            group = groups.get(element.tag)
            if found or group is not None or element in self.hidden:
                levels = levels.copy()
                for index in found:
                    levels[index] = box.depth
                if group is not None:
                    levels[names + group] = box.depth
                if element in self.hidden:
                    levels[-1] = box.depth
            self.context[box] = levels

    def _measure(self) -> None:
        self.own: list[list[float]] = []
        self.good: list[int] = []
        wrong = [
            list(_NAMES).index(name) for name in ("comment", "related", "foot", "signup", "hidden")
        ]
        tags = [len(_NAMES) + _TAG_GROUPS.index(tag) for tag in ("nav", "aside", "footer", "form")]
        for number, block in enumerate(self.blocks):
            features = _own(block)
            self.own.append(features)
            levels = self.context[block.box]
            near = block.box.depth - 4
            good = len(block.text)
            if (
                number in self.apart
                or features[2] > 0.33
                or (features[8] < 0.12 and good < 200)
                or features[1] < 8
            ):
                good = 0
            elif (
                any(levels[i] >= near for i in wrong)
                or any(levels[i] >= 0 for i in tags)
                or levels[-1] >= 0
            ):
                good //= 8
            self.good.append(good)
            box: Box | None = block.box
            size = len(block.text)
            while box is not None:
                box.chars += size
                box.linked += block.linked
                box.good += good
                box = box.parent

    def _core(self) -> None:
        """The opinions of one's own: which box, and which stretch of blocks, is the article."""
        total = max(1, sum(self.good))
        self.total = total
        self.cores: list[Box] = []
        for share in (0.5, 0.8):
            deepest = self.boxes[0]
            for box in self.boxes:
                if box.good >= share * total and box.depth >= deepest.depth:
                    deepest = box
            self.cores.append(deepest)
        scores: dict[Box, float] = defaultdict(float)
        for block, good in zip(self.blocks, self.good, strict=True):
            worth = float(good)
            around = block.box.parent if block.box.element.tag == "p" else block.box
            for _ in range(4):
                if around is None:
                    break
                scores[around] += worth
                worth /= 2
                around = around.parent
        winner = max(scores, key=lambda box: scores[box], default=self.boxes[0])
        self.cores.append(winner)
        self.paths = [self._path(core) for core in self.cores]
        self.stretch = self._stretch()

    @staticmethod
    def _path(box: Box | None) -> dict[Box, int]:
        path: dict[Box, int] = {}
        while box is not None:
            path[box] = box.depth
            box = box.parent
        return path

    def _stretch(self) -> tuple[int, int]:
        best = running = 0.0
        start = 0
        found = (0, len(self.blocks))
        mean = 30.0
        for i, block in enumerate(self.blocks):
            gain = self.good[i] - (mean + 0.7 * block.linked if not self.good[i] else 0)
            if running <= 0:
                running, start = 0.0, i
            running += gain
            if running > best:
                best, found = running, (start, i + 1)
        return found

    def rows(self) -> list[list[float]]:
        """One list of numbers per judged block, in the order of `NAMES`."""
        count, chars = len(self.blocks), max(1, sum(len(block.text) for block in self.blocks))
        linked = sum(block.linked for block in self.blocks)
        texts = Counter(block.text[:60] for block in self.blocks)
        kinds = Counter((block.box.parent, _kind(block.box)) for block in self.blocks)
        wide: Counter[tuple[Box | None, str]] = Counter()
        for block in self.blocks:
            wide[(block.box.parent, _kind(block.box))] += len(block.text)
        title_at = self._title_at()
        articles = sum(1 for box in self.boxes if box.element.tag == "article")
        page = [math.log1p(self.total), math.log1p(count), linked / chars, float(min(articles, 9))]
        rows: list[list[float]] = []
        told = [self._opinion(kept) for kept in self.opinions]
        before = 0
        heading: tuple[int, list[float], int] | None = None
        nothing = [0.0] * len(_SAID)
        for i, block in enumerate(self.blocks):
            own = self.own[i]
            box = block.box
            is_heading = box.element.tag in _HEADINGS
            if i in self.apart and not is_heading:
                before += len(block.text)
                continue
            row = list(own)
            start = block.text[:400].lower()
            said = [1.0 if pattern.search(start) else 0.0 for pattern in _SAID.values()]
            if is_heading:
                heading = (i, said, int(box.element.tag[1]))
                if i in self.apart:
                    before += len(block.text)
                    continue
            row += said
            levels = self.context[box]
            if len(block.pieces) == 1 and block.pieces[0][1] is not box.element:
                inner = named(spoken(block.pieces[0][1]))
                if inner:
                    levels = levels.copy()
                    for index in inner:
                        levels[index] = box.depth
            row += [float(min(FAR, box.depth - level)) for level in levels]
            row.append(_TAG_CODE.get(box.element.tag, 0.0))
            row += [
                i / count,
                before / chars,
                float(min(i, 60)),
                float(min(count - i, 60)),
                max(-60.0, min(60.0, float(i - title_at))),
                float(title_at >= 0),
            ]
            if heading is not None:
                row += [float(min(40, i - heading[0])), float(heading[2])]
                row += [heading[1][k] for k in _HEADED]
            else:
                row += [40.0, 0.0, *(nothing[k] for k in _HEADED)]
            row += self._around(box)
            kind = (box.parent, _kind(box))
            row += [float(min(30, kinds[kind])), math.log1p(wide[kind] / kinds[kind])]
            for core, path in zip(self.cores, self.paths, strict=True):
                meet: Box | None = box
                while meet is not None and meet not in path:
                    meet = meet.parent
                depth = meet.depth if meet is not None else 0
                row += [float(core.depth - depth), float(box.depth - depth)]
            first, last = self.stretch
            row += [
                float(max(-30, min(30, i - first))),
                float(max(-30, min(30, last - i))),
                float(min(4, texts[block.text[:60]])),
            ]
            words = set(_WORD.findall(block.text.lower())) if len(block.text) < 300 else set()
            row.append(
                max((len(words & t) / len(words | t) for t in self.titles), default=0.0)
                if words
                else 0.0
            )
            squeezed = _squeezed(block.text) if self.told or self.description else ""
            row.append((1.0 if squeezed[:200] in self.told else -1.0) if self.told else 0.0)
            row.append(1.0 if len(squeezed) > 20 and squeezed[:60] in self.description else 0.0)
            for opinion in told:
                row += opinion[i]
            row += page
            rows.append(row)
            before += len(block.text)
        return rows

    def _opinion(self, kept: Sequence[float]) -> list[list[float]]:
        """What an opinion says of each block: itself, and where its first and last choice are."""
        count = len(self.blocks)
        chosen = [i for i, keep in enumerate(kept) if keep > 0.5]
        first, last = (chosen[0], chosen[-1]) if chosen else (0, count)
        inside: Counter[Box] = Counter()
        for i in chosen:
            inside[self.blocks[i].box] += len(self.blocks[i].text)
        for box in reversed(self.boxes):
            if box.parent is not None and inside[box]:
                inside[box.parent] += inside[box]
        rows = []
        for i, block in enumerate(self.blocks):
            row = [kept[i], float(max(-20, min(20, i - first))), float(max(-20, min(20, last - i)))]
            around: Box | None = block.box
            for _ in range(4):
                row.append(inside[around] / max(1, around.chars) if around is not None else 0.0)
                around = around.parent if around is not None else None
            rows.append(row)
        return rows

    def _around(self, box: Box) -> list[float]:
        found: list[float] = []
        around: Box | None = box
        for _level in range(5):
            if around is None:
                found += [0.0, 0.0, 1.0, 0.0]
                continue
            size = max(1, around.chars)
            found += [
                math.log1p(around.chars),
                around.linked / size,
                around.good / self.total,
                around.good / size,
            ]
            around = around.parent
        return found

    def _title_at(self) -> int:
        """Where the title stands: the first h1 that says it, else the block most like it."""
        best, at = 0.6, -1
        for i, block in enumerate(self.blocks):
            if len(block.text) > 300:
                continue
            words = set(_WORD.findall(block.text.lower()))
            if not words:
                continue
            like = max((len(words & t) / len(words | t) for t in self.titles), default=0.0)
            like += 0.3 * (block.box.element.tag == "h1")
            if like > best:
                best, at = like, i
        return at


_TAG_CODE: Final = {tag: float(i + 1) for i, tag in enumerate(_TAGS_OF_BLOCKS)}
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_HEADED: Final = [
    i
    for i, name in enumerate(_SAID)
    if name in ("more", "related", "signup", "comment", "tags", "share", "author")
]


def _kind(box: Box) -> str:
    return f"{box.element.tag} {box.element.get('class') or ''}"


def _squeezed(text: str) -> str:
    return "".join(_WORD.findall(text.lower()))


def _own(block: Block) -> list[float]:
    text = block.text
    size = len(text)
    words = _WORD.findall(text)
    count = max(1, len(words))
    lower = [word.lower() for word in words[:200]]
    stops = sum(1 for word in lower if word in _STOP)
    return [
        math.log1p(size),
        float(count),
        block.linked / size,
        float(min(20, block.links)),
        block.bold / size,
        float(min(20, len(_SENTENCE.findall(text)))),
        1.0 if _END.search(text[-12:]) else 0.0,
        text.count(",") / count,
        stops / min(count, 200),
        sum(map(str.isdigit, text)) / size,
        sum(1 for word in words if word[0].isupper()) / count,
        size / count,
        1.0 if text[:1].islower() else 0.0,
        1.0 if text.isupper() else 0.0,
        1.0 if block.media else 0.0,
        1.0 if len(block.box.element) and block.box.children else 0.0,
        float("|" in text or "»" in text or "›" in text or "•" in text or "→" in text),
        float(text[:1] in "\"“„«'‘"),
        float(text.endswith((":", "："))),
        float("?" in text),
    ]


OPINIONS: Final = ("scores", "readability")
OWN: Final = [
    "length",
    "words",
    "links_share",
    "links",
    "bold",
    "sentences",
    "ends",
    "commas",
    "stops",
    "digits",
    "capitals",
    "word_length",
    "lower_start",
    "upper",
    "media",
    "mixed",
    "bars",
    "quoted",
    "colon",
    "asks",
]
NAMES: Final = (
    OWN
    + [f"says_{name}" for name in _SAID]
    + [f"named_{name}" for name in _NAMES]
    + [f"in_{tag}" for tag in _TAG_GROUPS]
    + [
        "in_unseen",
        "tag",
        "place",
        "chars_before",
        "from_start",
        "from_end",
        "from_title",
        "has_title",
    ]
    + ["from_heading", "heading_level"]
    + [f"heading_says_{list(_SAID)[k]}" for k in _HEADED]
    + [
        f"around{level}_{what}"
        for level in range(5)
        for what in ("chars", "linked", "good", "dense")
    ]
    + ["alike", "alike_length"]
    + [f"core{k}_{side}" for k in (50, 80, "_best") for side in ("up", "down")]
    + ["from_stretch", "to_stretch_end", "repeated", "like_title", "told", "described"]
    + [
        f"{who}_{what}"
        for who in OPINIONS
        for what in ("keeps", "first", "last", "box0", "box1", "box2", "box3")
    ]
    + ["page_good", "page_blocks", "page_linked", "page_articles"]
)
