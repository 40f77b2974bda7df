"""Words in the names of page parts, and function words of running text."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

NAME_GROUPS: Final[Mapping[str, str]] = {
    "comment": "comment comments disqus respond discuss discussion reply replies reaction reactions livefyre"
    " kommentar kommentare commentlist commentaire commentaires comment* thread threads forum message messages",
    "related": "relate* recommend* more readmore readnext readalso seemore also similar trending popular mostread"
    " mostviewed latest recent* outbrain taboola *teaser *teasers promo promos carousel upnext zergnet suggest*"
    " onward further crosssell upsell",
    "card": "card cards feed feeds tile tiles item items grid loop archive list lists row rows",
    "share": "share* sharing* social* facebook fb twitter whatsapp pinterest addthis addtoany follow* bookmark"
    " bookmarks like likes flattr sns",
    "nav": "nav* menu menus breadcrumb* crumb crumbs pagination pager paging toc skip jump toolbar topbar masthead"
    " next prev* pages tab tabs dropdown megamenu",
    "foot": "foot footer footers *footer bottom copyright legal disclaimer imprint impressum colophon",
    "side": "side sidebar* sidecol* *sidebar aside asides widget* rail secondary complementary module modules"
    " marginal infobox",
    "ad": "ad ads adv* adsense *sponsor sponsor* banner banners dfp googlead* promoted commercial anzeige anzeigen"
    " werbung paid affiliate adslot",
    "signup": "newsletter* subscri* signup signin mailing paywall regwall login regist* donat* member* cta optin"
    " abo email account",
    "author": "author* bio byline* contributor contributors writer writers profile vcard autor* fn reporter credit"
    " credits user username avatar",
    "date": "date* time publish* updated timestamp dateline posted datum pubdate",
    "tags": "tag tags tagged taglist taglinks topic topics categor* keyword keywords hashtag hashtags label labels"
    " taxonomy filed cat",
    "meta": "*meta meta* info infos details stats rating ratings vote votes utility review reviews",
    "caption": "*caption *captions figure figures photo photos img imgs image images gallery slide* picture"
    " pictures media video videos legend",
    "hidden": "hidden hide visually sr screenreader reader print* mobile* offscreen noprint collapse* modal"
    " modals popup popups overlay tooltip tooltips cookie cookies consent gdpr lightbox dialog banner",
    "body": "articlebody articletext articlecontent storybody storytext entrybody entrytext entrycontent postbody"
    " posttext postcontent contentbody contenttext maintext maincontent bodytext bodycontent prose markdown",
    "article": "article articles story storys stories post posts entry hentry blogpost news artikel beitrag",
    "main": "main content contents primary inhalt container page wrapper",
    "text": "text texts paragraph paragraphs para copy body absatz p rich richtext",
    "lead": "lead lede intro* summary standfirst subtitle subhead* dek deck excerpt abstract kicker vorspann"
    " description descriptions desc",
    "title": "*title *titles headline headlines *heading head h1 h2 h3",
    "quote": "quote quotes pullquote blockquote embed* tweet instagram",
    "note": "footnote footnotes endnote endnotes reference references citation citations biblio* note notes"
    " correction corrections reflist cite",
    "code": "code* highlight* syntax source snippet example examples ingredient ingredients instruction"
    " instructions recipe",
    "commerce": "product* price* cart checkout shop shopping buy sku variant variants wishlist add basket",
    "message": "postbit messagecontent usercontent answer answers question questions bbwrapper cooked",
}
"""Groups of class and id names, chosen by hand; a star stands for any letters."""
_TOKEN: Final = re.compile(r"[A-Z]?[a-z]+[0-9]?|[A-Z]+(?![a-z])")


def _compile(at_end: bool) -> dict[str, tuple[int, ...]]:
    table: dict[str, tuple[int, ...]] = {}
    for index, words in enumerate(NAME_GROUPS.values()):
        for word in words.split():
            if word.startswith("*") if at_end else word.endswith("*"):
                key = word.strip("*")
                table[key] = (*table.get(key, ()), index)
    return table


_PREFIXES: Final = _compile(at_end=False)
_SUFFIXES: Final = _compile(at_end=True)
_MAX_STARRED: Final = max(map(len, (*_PREFIXES, *_SUFFIXES)))
_EXACT: Final[dict[str, tuple[int, ...]]] = {}
for _index, _words in enumerate(NAME_GROUPS.values()):
    for _word in _words.split():
        if "*" not in _word:
            _EXACT[_word] = (*_EXACT.get(_word, ()), _index)


@lru_cache(maxsize=4096)
def split_names(names: str) -> tuple[str, ...]:
    """Return the lower-case words of class and id names, split at signs and capitals."""
    return tuple(dict.fromkeys(map(str.lower, _TOKEN.findall(names))))


@lru_cache(maxsize=4096)
def name_groups(names: str) -> tuple[int, ...]:
    """Return the indices of the groups that the names of an element belong to."""
    found: set[int] = set()
    for token in split_names(names):
        found.update(_token_groups(token))
    return tuple(found)


@lru_cache(maxsize=8192)
def _token_groups(token: str) -> tuple[int, ...]:
    found = list(_EXACT.get(token, ()))
    for length in range(3, min(len(token), _MAX_STARRED) + 1):
        if token[:length] in _PREFIXES:
            found += _PREFIXES[token[:length]]
        if token[-length:] in _SUFFIXES:
            found += _SUFFIXES[token[-length:]]
    return tuple(found)


STOPWORDS: Final = frozenset(
    "the a an of to in and is that for it was on with as by at from be this are he his they have not but had we i"
    " you she her or which has were their been will would there what when who can all if its my our me so about"
    " der die das und ist nicht ein eine zu den mit von sich auf für dem des im es er sie ich wir auch als an war"
    " aus bei einen einem dass werden wird haben hat noch nach wie oder über nur sind zum zur"
    " le la les de un une et est que qui dans pour pas sur en du au il elle nous vous ce ne se plus par avec son sa"
    " el los las y del por con una para su al lo como más pero no sus este esta fue ha sin sobre entre también"
    " di che è per non sono della dei delle nel alla si da più anche gli ma come"
    " o os as um uma do da dos das em no na ao não mais foi pelo pela"
    " het een en van ik te dat die voor met zijn niet aan er maar om ook"
    " w i z na do nie się to że jest o jak po od za co przez dla ale są był była oraz tym tego które który"
    " и в не на что с по он как это но а к у из за то от его для так же все было или при она мы они был"
    " και το να του η της τον την των τα με σε που για από είναι στο στη στην ο οι τις τους ότι δεν θα ως"
    " och att det som på är av för den har inte med om ett men jag ska från till"
    " og er det på til ikke av med den har for som at en et blev kan han"
    " a v se na je že s z do o k i to by ve jako pro ale ve bir ve bu da de için ile olarak çok daha"
    " і в на що не з та до як це у за від".split()
)
"""Function words of the languages of the page sets, from grammars rather than from counts."""
