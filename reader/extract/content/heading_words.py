"""Words of titles, menus and pointers around an article, in the languages of pages.

`section_labels` has the words of whole sections.
"""

import re
from typing import Final

RELATED_HEADING: Final = re.compile(
    r"(?:related(?: (?:articles?|stories|posts?|news|content|topics|reading|links|coverage|items|videos?))?"
    r"|recommended(?: (?:for you|articles?|stories|reading|posts?))?|recommendations"
    r"|more (?:from|on|stories|articles|news|like this|posts|in|about)\b.{0,40}|read (?:more|next|also)(?: (?:from|on|about)\b.{0,30})?"
    r"|you (?:may|might) (?:also )?(?:like|enjoy|be interested in|have missed).{0,12}|(?:also|up) (?:read|next|on\b.{0,20})|see also"
    r"|(?:trending|popular|latest|recent|top)(?: (?:now|stories|articles|news|posts|on\b.{0,20}))?|most (?:read|popular|viewed)\b.{0,20}|don'?t miss"
    r"|what to read next|keep reading|further reading|suggested (?:articles?|reading|posts?)|similar (?:articles?|posts?|stories)|other (?:articles|stories|posts)\b.{0,20}"
    r"|(?:ähnliche|verwandte|weitere|mehr) (?:artikel|beiträge|themen|nachrichten|zum thema)|das könnte (?:sie|dich|ihnen)\b.{0,30}|auch interessant|lesen sie auch|meistgelesen"
    r"|(?:articles?|sur le) (?:similaires|liés|associés|même sujet)|à lire aussi|lire aussi|artículos relacionados|relacionados|te puede interesar|noticias relacionadas"
    r"|articoli correlati|leggi anche|artigos relacionados|leia também|関連記事|相关文章|相關文章|관련 ?기사)",
    re.I,
)
"""The title of a list of related articles."""
TAG_HEADING: Final = re.compile(
    r"(?:hash)?tags?|topics?|filed under|tagged(?: with| in)?|keywords?|schlagw\w+|etiquetas|mots[- ]clés|themen",
    re.I,
)
"""The title of a list of tags."""
REVIEWS_HEADING: Final = re.compile(
    r"(?:\(?\d[\d,. ]*\)?\s*)?"
    r"(?:(?:top|most|customers?|product|user|buyer|verified|all|latest|ratings? (?:and|&))\s+){0,3}"
    r"(?:reviews|ratings?|rezensionen|(?:kunden)?bewertungen|kundenrezensionen|avis(?: clients?)?"
    r"|opiniones|reseñas|valoraciones|recensioni|recensies|beoordelingen|opinie|recenzje|отзывы"
    r"|hodnocení|recenze|avaliações|anmeldelser|recensioner|yorumlar|レビュー|评价|評價|리뷰)"
    r"(?:\s+(?:&|and) (?:ratings?|questions?|q&a)|\s+(?:by|from|of) .{1,40})?(?:\s*\(?\d[\d,. ]*\)?)?[\s:]*",
    re.I,
)
"""The title of customers' reviews, with their number."""
RELATED_CUE: Final = re.compile(
    r"(?:related(?: (?:story|stories|article|articles|content|coverage|video|post|reading))?|read(?: (?:more|also|next|this|the full story))?|also (?:read|see)|see also|more|must read|don'?t miss"
    r"|also on [\w. ]{2,30}|recommended|you may also like|watch|listen|lesen sie (?:auch|hier|dazu|mehr)|lies auch|mehr (?:zum thema|dazu)|siehe auch|auch interessant|lire aussi|à lire(?: aussi)?|voir aussi"
    r"|leggi anche|vedi anche|lea también|lee también|leer más|ver también|te puede interesar|leia (?:também|mais)|veja também|lees ook|lue myös|läs också|les også|læs også|czytaj (?:też|także|więcej)|zobacz (?:też|także)"
    r"|читайте также|читать далее|関連記事|相关阅读|相關閱讀)\s*(?:[:|–—>»•·-]+\s*|$)",
    re.I,
)
"""The words before a link to a related article on its line."""
READ_ON: Final = re.compile(
    r"(?:read (?:more|also|next)|see also|also read|related|more|lesen sie auch|lire aussi|à lire"
    r"|leia também|leggi anche|lea también): \S.{8,160}",
    re.I,
)
"""A line of plain text that names a related article."""
SOURCES_HEADING: Final = re.compile(
    r"(?:(?:selected|suggested|useful|more|external|web) )?(?:further reading|see also|links|references|sources|notes|bibliography|works cited|resources|credits|citations)(?: (?:and|&) (?:notes|references|further reading|links|sources|resources))?"
    r"|quellen(?:verzeichnis)?|weblinks|literatur(?:verzeichnis)?|einzelnachweise|siehe auch|weiterführende (?:links|literatur)|voir aussi|références|liens(?: externes)?|bibliographie|notes et références"
    r"|fuentes|referencias|enlaces(?: externos)?|véase también|ver también|bibliografía|fonti|riferimenti|collegamenti(?: esterni)?|vedi anche|bibliografia|fontes|referências|ligações externas|veja também"
    r"|bronnen|externe links|zie ook|źródła|bibliografia|linki zewnętrzne|zobacz też|источники|ссылки|литература|примечания|см\. также|kaynaklar|källor|kilder|lähteet|参考文献|参考资料|參考資料|外部リンク|関連項目|참고 ?문헌|출처",
    re.I,
)
"""The title of a list of sources or of links to other sites."""
NOTES_HEADING: Final = re.compile(
    r"(?:foot|end|side)?notes?|references|citations|sources|notes and references|fußnoten|anmerkungen|notas|notes de bas de page|einzelnachweise|références",
    re.I,
)
"""The title of the notes below an article."""
MENU_ENTRIES: Final = frozenset(
    "home|start|news|latest|world|local|business|politics|sport|sports|tech|technology|science|health"
    "|culture|arts|opinion|travel|weather|markets|video|videos|podcasts|about|about us|contact|contact us"
    "|search|menu|log in|login|sign in|sign up|register|subscribe|get the app|skip to content"
    "|skip to main content|skip to navigation|newsletter|newsletters|my account|help|faq|blog|shop|jobs"
    "|archive|startseite|nachrichten|politik|wirtschaft|kultur|anmelden|suche|accueil|actualités|économie"
    "|connexion|inicio|noticias|economía|deportes|iniciar sesión|notizie|accedi|início|entrar"
    "|strona główna|zaloguj|главная|новости|войти|首页|新闻|登录|ホーム|ログイン".split("|")
)
"""Entries of the menu above an article in plain text."""
