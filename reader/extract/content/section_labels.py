"""Words by which the sections around an article announce themselves, in the languages of the sets."""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final

MAX_LABEL: Final = 60
"""Characters of the longest line that can be a label."""


class SectionKind(StrEnum):
    """Kind of content that follows a label."""

    TAGS = "tags"
    COMMENTS = "comments"
    RELATED = "related"
    PROMOTION = "promotion"


_TAGS: Final = """
hashtags|hashtag|tags|tag|topics|topic|filed under|filed in|posted in|tagged|tagged with|tagged in|tagged as
labels|keywords|keyword|key words|related topics|related tags|article tags|explore topics|explore more topics|more on these topics|topics in this story|topics in this article
schlagwörter|schlagworte|schlagwort|stichwörter|stichworte|themen|thema|mehr zu den themen|verwandte themen
mots-clés|mots clés|étiquettes|thèmes|sujets|sur les mêmes thèmes|etiquetas|palabras clave|temas|temas relacionados
parole chiave|argomenti|etichette|palavras-chave|tópicos|assuntos|trefwoorden|onderwerpen|tagi|słowa kluczowe|tematy
теги|тэги|метки|ключевые слова|темы|хештеги|хэштеги|теґи|мітки|ключові слова|etiketler|etiket|anahtar kelimeler|konular
タグ|キーワード|ハッシュタグ|标签|標籤|关键词|關鍵字|關鍵詞|话题|話題|태그|키워드|해시태그|tagar|topik|topik terkait|kata kunci
ετικέτες|λέξεις-κλειδιά|štítky|klíčová slova|témata|emneord|emner|nyckelord|ämnen|avainsanat|címkék|etichete|cuvinte cheie|תגיות|وسوم|الوسوم|كلمات مفتاحية
टैग|टैग्स|हैशटैग|विषय|ट्যাগ|ট্যাগ|হ্যাশট্যাগ|বিষয়|แท็ก|หัวข้อ|แฮชแท็ก|từ khóa|thẻ|chủ đề|برچسب‌ها|برچسب ها|برچسبها|کلیدواژه‌ها|هشتگ‌ها|ٹیگز|ٹیگ|الكلمات الدلالية|الكلمات المفتاحية|هاشتاغ|هاشتاج|الهاشتاغات|האשטגים|נושאים|מילות מפתח
taggar|hashtaggar|nyckelord|emneknagger|stikord|tunnisteet|aihetunnisteet|aiheet|kulcsszavak|témák|hashtagek|subiecte|cuvinte-cheie|oznake|ključne riječi|ključne reči|ознаки|кључне речи|ключови думи|тагове|етикети|raktažodžiai|žymos|märksõnad|sildid|atslēgvārdi|birkas|značky|hashtagy|kľúčové slová|etiquetes|paraules clau
话题标签|話題標籤|主题标签|主題標籤|标签云|文章标签|本文标签|ハッシュタグ一覧|関連タグ|この記事のタグ|この記事のキーワード|関連キーワード|관련 태그|관련 키워드|ハッシュタグ|hashtags del artículo|etiquetas del artículo|mots-dièse|hashtags de l'article|хештеги статьи|рубрики|etykiety|hasztagi|hashtagi|hagtaggar
themen in diesem artikel|schlagworte zum artikel|sujets de cet article|thèmes de cet article|mots-clés de l'article|temas de este artículo|temas de esta noticia|tags relacionadas|temas deste artigo|temi|temi dell'articolo|onderwerpen in dit artikel|tematy artykułu|темы статьи|темы материала|θέματα|関連ワード|トピックス|本文关键词|相關標籤|관련 주제|تگ ها|مواضيع المقال|ознаке|ämnen i artikeln|emner i artikkelen
"""
_COMMENTS: Final = """
comments|comment|responses|replies|discussion|the discussion|conversation|the conversation|reader comments|readers' comments|readers comments|your comments|user comments|all comments|latest comments|top comments|comment section|comments section
leave a comment|leave a reply|leave a response|leave your comment|post a comment|add a comment|add your comment|add comment|write a comment|write a reply|post comment|submit comment|view comments|show comments|hide comments|load comments|see all comments|view all comments|read comments|comment on this article|comment on this story|comment on this
join the conversation|join the discussion|start the conversation|start the discussion|start a discussion|have your say|share your thoughts|share your opinion|what do you think|tell us what you think|your thoughts|be the first to comment|be the first to leave a comment|be the first to reply|be the first to respond|be the first to share your thoughts
no comments|no comment yet|no comments yet|no comments so far|no replies yet|no responses yet|there are no comments|there are no comments yet|there are currently no comments|currently no comments|nobody has commented yet|no one has commented yet|sign in to comment|log in to comment|login to comment|please log in to comment|you must be logged in to post a comment|you must be logged in to comment|comments are closed|comments are off|comments are disabled|comments closed|comments have been disabled|comments are turned off
kommentare|kommentar|leserkommentare|kommentare lesen|kommentar schreiben|kommentar verfassen|kommentar hinterlassen|einen kommentar schreiben|schreiben sie einen kommentar|schreibe einen kommentar|noch keine kommentare|keine kommentare|bisher keine kommentare|es gibt noch keine kommentare|jetzt kommentieren|diskutieren sie mit|mitdiskutieren|diskussion|ihre meinung|leserbriefe|schreiben sie den ersten kommentar|anmelden um zu kommentieren
commentaires|commentaire|vos commentaires|réactions|vos réactions|réagir|laisser un commentaire|ajouter un commentaire|écrire un commentaire|poster un commentaire|aucun commentaire|pas encore de commentaires|pas de commentaire|aucun commentaire pour le moment|soyez le premier à commenter|soyez le premier à réagir|commenter|donnez votre avis|participez à la discussion
comentarios|comentario|deja un comentario|dejar un comentario|deja tu comentario|escribe un comentario|añadir un comentario|sin comentarios|aún no hay comentarios|no hay comentarios|todavía no hay comentarios|sé el primero en comentar|comentar|únete a la conversación|tu opinión|opina
commenti|commento|lascia un commento|scrivi un commento|aggiungi un commento|nessun commento|ancora nessun commento|non ci sono commenti|non ci sono ancora commenti|commenta|partecipa alla discussione|di la tua
comentários|comentário|deixe um comentário|deixe o seu comentário|deixe seu comentário|escreva um comentário|adicionar comentário|nenhum comentário|ainda não há comentários|sem comentários|seja o primeiro a comentar
reacties|reactie|reageer|plaats een reactie|geef een reactie|laat een reactie achter|schrijf een reactie|nog geen reacties|geen reacties|opmerkingen|praat mee
opinie|opinia|wasze opinie|twoja opinia|opinie czytelników|opinie internautów|komentarze czytelników|komentarze internautów|komentarze|komentarz|dodaj komentarz|napisz komentarz|skomentuj|brak komentarzy|nie ma jeszcze komentarzy|dyskusja|dołącz do dyskusji
комментарии|комментарий|обсуждение|оставить комментарий|добавить комментарий|написать комментарий|комментариев пока нет|комментариев нет|нет комментариев|пока нет комментариев|коментарі|коментар|залишити коментар|немає коментарів|поки немає коментарів
yorumlar|yorum|yorum yap|yorum yaz|yorum ekle|henüz yorum yok|henüz yorum yapılmadı|ilk yorumu siz yapın|ilk yorumu sen yap
コメント|コメントする|コメントを書く|コメントはありません|コメントはまだありません|まだコメントはありません|评论|評論|留言|发表评论|發表評論|我要评论|网友评论|暂无评论|暫無評論|还没有评论|目前沒有留言|尚無留言|跟贴|跟帖|网友跟贴|网友跟帖|发表跟贴|发表跟帖|跟贴区|跟帖区|网友留言|发表留言|我来说两句|我要留言|参与评论|读者评论|讀者留言|網友留言|發表留言|댓글|댓글 쓰기|댓글이 없습니다|아직 댓글이 없습니다|의견
komentar|tulis komentar|tinggalkan komentar|beri komentar|kirim komentar|belum ada komentar|tiada komen|komen|tinggalkan komen
σχόλια|σχόλιο|αφήστε ένα σχόλιο|προσθέστε σχόλιο|δεν υπάρχουν σχόλια|komentáře|komentář|diskuze|diskuse|přidat komentář|zatím žádné komentáře|žádné komentáře
kommentarer|kommentera|skriv en kommentar|skriv kommentar|lämna en kommentar|inga kommentarer|inga kommentarer än|ingen kommentarer|ingen kommentarer endnu|ingen kommentarer ennå|legg igjen en kommentar|kommentit|kommentoi|kirjoita kommentti|ei kommentteja|ei vielä kommentteja|hozzászólások|hozzászólás|még nincs hozzászólás|comentarii|lasă un comentariu|niciun comentariu|תגובות|הוסף תגובה|אין תגובות|التعليقات|تعليقات|أضف تعليقا|اترك تعليقا|لا توجد تعليقات
टिप्पणियाँ|टिप्पणियां|टिप्पणी|टिप्पणी करें|कमेंट|कमेंट्स|अभी तक कोई टिप्पणी नहीं|कोई टिप्पणी नहीं|कोई टिप्पणी नहीं है|अभी कोई टिप्पणी नहीं है|प्रतिक्रियाएँ|मन्तव्य|মন্তব্য|মন্তব্য করুন|এখনও কোনো মন্তব্য নেই|কোনো মন্তব্য নেই|ความคิดเห็น|แสดงความคิดเห็น|ยังไม่มีความคิดเห็น|bình luận|viết bình luận|chưa có bình luận|chưa có bình luận nào|ý kiến bạn đọc|نظرات|دیدگاه‌ها|دیدگاه ها|هنوز نظری ثبت نشده است|نظری ثبت نشده است|تبصرے|ابھی تک کوئی تبصرہ نہیں
لا توجد تعليقات بعد|لا يوجد تعليقات|لا يوجد تعليقات بعد|لا تعليقات|لا تعليقات بعد|لم يتم إضافة تعليقات|كن أول من يعلق|أضف تعليقك|شارك برأيك|אין עדיין תגובות|עדיין אין תגובות|אין תגובות עדיין|היו הראשונים להגיב|כתבו תגובה|הוסיפו תגובה
inga kommentarer ännu|bli först att kommentera|ingen kommentarer endnu|ingen kommentarer enda|vær den første til å kommentere|skriv den første kommentar|ei kommentteja vielä|ole ensimmäinen kommentoija|még nincsenek hozzászólások|nincs hozzászólás|nincs még hozzászólás|legyen ön az első hozzászóló|niciun comentariu încă|încă nu există comentarii|komentari|komentara nema|još nema komentara|nema komentara|коментари|все още няма коментари|няма коментари|још нема коментара|нема коментара|komentarai|komentarų nėra|kommentaarid|kommentaare pole|komentāri|zatiaľ žiadne komentáre|žiadne komentáre|komentáre|zatím bez komentářů|buďte první|comentaris|encara no hi ha comentaris
коментарів поки немає|коментарів ще немає|ще немає коментарів|пока никто не прокомментировал|станьте первым|будьте первым|комментариев ещё нет|комментариев еще нет|nie dodano jeszcze komentarzy|bądź pierwszy|bądź pierwszą osobą|nog geen opmerkingen|wees de eerste om te reageren|seja o primeiro a comentar|ainda sem comentários|aucun commentaire pour l'instant|aucun commentaire à ce jour|sii il primo a commentare|todavía sin comentarios|aún sin comentarios|noch kein kommentar|noch keine beiträge|henüz yorum bulunmuyor|yorum bulunmamaktadır|hiç yorum yok|belum ada tanggapan|δεν υπάρχουν ακόμη σχόλια|δεν υπάρχουν ακόμα σχόλια|κανένα σχόλιο|尚无评论|目前尚無評論|還沒有評論|还没有人评论|暂时没有评论|まだコメントがありません|コメントなし|등록된 댓글이 없습니다|첫 댓글을 남겨보세요|댓글 없음
réagir à cet article|commenter cet article|écrivez un commentaire|rédiger un commentaire|escribe tu comentario|comenta esta noticia|comenta este artículo|sem comentários ainda|nenhum comentário ainda|comente|comente esta notícia|deixe a sua opinião|commenta per primo|commenta l'articolo|scrivi il primo commento|reageer als eerste|reageer op dit artikel|wees de eerste die reageert|ваш комментарий|оставьте комментарий|комментировать|прокомментировать|ваш коментар|залиште коментар|henüz yorum yapılmamış|yorumunuzu yazın|yorum gönder
全部评论|最新评论|热门评论|写评论|登录后评论|尚無評論|撰寫留言|コメントを投稿|コメントを見る|すべてのコメント|첫 댓글을 작성해보세요|첫 댓글을 작성하세요|댓글을 입력하세요|댓글 보기|لا تعليقات حتى الآن|لا توجد تعليقات حتى الآن|أضف تعليق|أضف تعليقًا|اترك تعليقاً|اترك تعليقًا|اكتب تعليقا|هیچ نظری ثبت نشده|هیچ نظری ثبت نشده است|نظر خود را بنویسید|ارسال نظر|अभी तक कोई टिप्पणी नहीं है|टिप्पणी लिखें|अपनी टिप्पणी लिखें|टिप्पणी जोड़ें|কোন মন্তব্য নেই|এখনো কোনো মন্তব্য নেই|মন্তব্য লিখুন|เขียนความคิดเห็น|viết bình luận của bạn|tulis komentar anda|kirjoita ensimmäinen kommentti|buďte první kdo přidá komentář|írja meg véleményét|scrie un comentariu|добави коментар|напиши коментар|dodaj komentar
"""
_RELATED: Final = """
related|related article|related articles|related story|related stories|related post|related posts|related news|related content|related topics and articles|related reading|related links|related coverage|related items|related videos|related reports|related pages
recommended|recommended for you|recommended articles|recommended stories|recommended reading|recommended posts|recommendations|our recommendations|we recommend|editor's picks|editors' picks|editor's choice|staff picks|picked for you|for you|suggested for you|suggested articles|suggested reading|suggested posts|suggested stories
read more|read next|read also|read on|up next|next up|also read|also on|also in the news|see also|what to read next|keep reading|continue reading|further reading|more to read|more to explore|more stories|more articles|more news|more posts|more headlines|more reading|more like this|more on this|more on this story|more on this topic|more from this|other stories|other articles|other news|other posts|other headlines|similar articles|similar posts|similar stories|similar news
you may like|you may also like|you might like|you might also like|you may also enjoy|you might also enjoy|you might be interested in|you may be interested in|you might also be interested in|you may have missed|you might have missed|in case you missed it|icymi|don't miss|dont miss|must read|must reads|popular|most popular|most read|most viewed|most shared|most commented|trending|trending now|trending stories|trending articles|trending news|latest|latest news|latest stories|latest articles|latest posts|latest headlines|recent articles|recent stories|recent posts|recent news|top stories|top news|top articles|top headlines|popular articles|popular stories|popular posts|popular now|popular news|breaking news|headlines|from around the web|around the web|from the web|elsewhere on the web|from our partners|promoted stories|sponsored stories|explore more|discover more|news feed|in other news|background reading|in the same section|from the same author|others also read|people also read|readers also read|readers also liked
ähnliche artikel|ähnliche beiträge|ähnliche themen|verwandte artikel|verwandte beiträge|weitere artikel|weitere beiträge|weitere nachrichten|weitere meldungen|weitere themen|mehr zum thema|mehr artikel|mehr nachrichten|mehr dazu|mehr lesen|das könnte sie auch interessieren|das könnte dich auch interessieren|das könnte sie interessieren|das könnte ihnen auch gefallen|auch interessant|auch lesenswert|lesen sie auch|lesen sie mehr|lesetipps|empfehlungen|empfohlene artikel|empfohlen|meistgelesen|am meisten gelesen|neueste artikel|neueste beiträge|aktuelle meldungen|zum thema|passend dazu|siehe auch|unsere empfehlungen
articles similaires|articles liés|articles associés|articles connexes|articles recommandés|sur le même sujet|sur le même thème|dans la même rubrique|à lire aussi|lire aussi|à lire également|à lire|lire la suite|à découvrir|à voir aussi|vous aimerez aussi|vous pourriez aussi aimer|vous pourriez aimer|cela pourrait vous intéresser|ceci pourrait vous intéresser|les plus lus|articles les plus lus|dernières actualités|derniers articles|plus d'articles|nos recommandations|recommandé pour vous|voir aussi
artículos relacionados|noticias relacionadas|contenido relacionado|relacionados|relacionadas|relacionado|entradas relacionadas|te puede interesar|también te puede interesar|te podría interesar|le puede interesar|puede interesarte|lea también|lee también|leer más|ver también|más noticias|más sobre este tema|más leídas|lo más leído|las más leídas|lo más visto|últimas noticias|recomendados|recomendado para ti|no te pierdas|sigue leyendo
articoli correlati|articoli simili|notizie correlate|correlati|contenuti correlati|leggi anche|leggi di più|potrebbe interessarti|potrebbe interessarti anche|ti potrebbe interessare|ti potrebbe interessare anche|potrebbero interessarti|vedi anche|altre notizie|altri articoli|i più letti|più letti|ultime notizie|consigliati|consigliati per te|sullo stesso argomento
artigos relacionados|notícias relacionadas|matérias relacionadas|conteúdo relacionado|posts relacionados|leia também|leia mais|veja também|saiba mais|você pode gostar|você também pode gostar|você pode se interessar|pode interessar|mais lidas|mais lidos|as mais lidas|últimas notícias|mais notícias|recomendados para você|ler também
gerelateerde artikelen|gerelateerd|gerelateerde berichten|verwante artikelen|lees ook|lees meer|lees verder|meer over dit onderwerp|meer nieuws|meer artikelen|meest gelezen|laatste nieuws|aanbevolen|aanbevolen voor jou|ook interessant|misschien vind je dit ook leuk|zie ook
powiązane artykuły|powiązane|podobne artykuły|podobne|polecane|polecane artykuły|polecamy|czytaj także|czytaj też|czytaj więcej|przeczytaj także|przeczytaj też|zobacz także|zobacz też|zobacz również|najczęściej czytane|najpopularniejsze|najnowsze|więcej na ten temat|może cię zainteresować|to może cię zainteresować
похожие статьи|похожие материалы|похожие новости|похожие записи|похожее|связанные статьи|материалы по теме|другие материалы по теме|ссылки по теме|по теме|статьи по теме|новости по теме|читайте также|читайте ещё|читайте еще|читать далее|смотрите также|ещё по теме|еще по теме|рекомендуем|рекомендуемые статьи|вам может быть интересно|вас может заинтересовать|популярное|самое читаемое|последние новости|другие новости|другие статьи|главное сегодня|пов'язані статті|схожі статті|читайте також|рекомендуємо
ilgili haberler|ilgili yazılar|ilgili makaleler|ilgili içerikler|benzer haberler|benzer yazılar|bunlar da ilginizi çekebilir|ilginizi çekebilir|önerilen haberler|önerilenler|diğer haberler|çok okunanlar|en çok okunanlar|son haberler|ayrıca okuyun
関連記事|関連ニュース|関連リンク|関連コンテンツ|おすすめ記事|おすすめ|あわせて読みたい|こちらもおすすめ|人気記事|最新記事|アクセスランキング|相关文章|相關文章|相关新闻|相關新聞|相关阅读|相關閱讀|相关报道|相關報導|延伸阅读|延伸閱讀|推荐阅读|推薦閱讀|推荐文章|推薦文章|猜你喜欢|为您推荐|热门文章|熱門文章|更多文章|更多新闻|更多新聞|最新新聞|最新文章|热点新闻|관련 기사|관련기사|관련 뉴스|관련뉴스|관련 글|추천 기사|추천기사|추천 뉴스|인기 기사|인기기사|많이 본 뉴스|많이 본 기사|함께 읽으면 좋은 글|주요 뉴스|다른 기사|다른기사
artikel terkait|berita terkait|terkait|baca juga|baca selengkapnya|rekomendasi|rekomendasi untuk anda|artikel lainnya|berita lainnya|terpopuler|berita populer|berita terbaru|artikel berkaitan|berita berkaitan|lihat juga
σχετικά άρθρα|σχετικά|σχετικά θέματα|διαβάστε επίσης|διαβάστε ακόμα|διαβάστε ακόμη|δείτε επίσης|περισσότερα|περισσότερα νέα|προτεινόμενα|δημοφιλή|ροή ειδήσεων|související články|související|podobné články|přečtěte si také|čtěte také|doporučujeme|nejčtenější|další články
relaterade artiklar|relaterat|relaterede artikler|relaterte artikler|relateret|läs mer|läs också|läs även|les også|læs også|mer om|mest läst|mest lest|mest læst|rekommenderat|anbefalt|aiheeseen liittyvää|lue myös|luetuimmat|suositeltua|kapcsolódó cikkek|ajánlott cikkek|olvasta már|articole similare|citește și|citiți și|vezi și|articole recomandate|כתבות קשורות|כתבות נוספות|אולי יעניין אותך|مقالات ذات صلة|أخبار ذات صلة|مواضيع ذات صلة|اقرأ أيضا|اقرأ أيضًا|اقرأ المزيد
संबंधित लेख|संबंधित खबरें|संबंधित समाचार|सम्बंधित लेख|यह भी पढ़ें|ये भी पढ़ें|और पढ़ें|और खबरें|সম্পর্কিত|সম্পর্কিত খবর|সম্পর্কিত নিবন্ধ|আরও পড়ুন|আরো পড়ুন|บทความที่เกี่ยวข้อง|ข่าวที่เกี่ยวข้อง|อ่านเพิ่มเติม|เรื่องที่เกี่ยวข้อง|bài viết liên quan|tin liên quan|bài liên quan|xem thêm|đọc thêm|có thể bạn quan tâm|tin cùng chuyên mục|مطالب مرتبط|اخبار مرتبط|مقالات مرتبط|بیشتر بخوانید|متعلقہ مضامین|متعلقہ خبریں|مزید پڑھیں
مقالات مشابهة|مقالات متعلقة|أخبار متعلقة|مواضيع متعلقة|اقرأ أيضاً|قد يعجبك أيضا|قد يعجبك أيضًا|الأكثر قراءة|المزيد من الأخبار|موضوعات ذات صلة|מאמרים קשורים|כתבות דומות|עוד בנושא|קראו עוד|קראו גם|אולי תאהבו גם
läs vidare|läs mer om|fler artiklar|liknande artiklar|andra läser|les mer|flere saker|relaterte saker|relateret indhold|relaterede historier|læs mere|lue lisää|lisää aiheesta|liittyvät artikkelit|kapcsolódó|kapcsolódó anyagok|kapcsolódó hírek|ez is érdekelheti|articole similare|articole asociate|știri similare|povezani članci|povezano|pročitajte još|slični članci|čitajte još|повезани чланци|прочитајте још|свързани статии|подобни статии|прочетете още|вижте още|susiję straipsniai|skaitykite taip pat|seotud artiklid|loe ka|saistītie raksti|lasi arī|súvisiace články|čítajte tiež|podobné články|articles relacionats|també et pot interessar
相关推荐|相关资讯|相關推薦|相關資訊|关联阅读|更多阅读|更多相关|你可能还喜欢|您可能还喜欢|你可能也喜歡|大家都在看|この記事を読んだ人におすすめ|関連する記事|合わせて読みたい|続けて読む|連載記事|관련 콘텐츠|함께 보면 좋은 기사|이런 기사도 있어요|관련 소식|推薦記事|схожі новини|статті за темою|новини за темою|також читайте|рекомендовані статті|связанные материалы|ещё новости|читайте по теме|artykuły powiązane|powiązane wiadomości|powiązane treści|inne artykuły|související zprávy|ilgili yazi|ilgili konular|bunlar da ilginizi çekebilir|bunlara da bakın|matérias recomendadas|você também pode se interessar|outras notícias|poderá também gostar|relacionadas con esta noticia|otras noticias|también te puede gustar|contenuti simili|articoli consigliati|leggi anche questi|aanverwante artikelen|meer lezen|gerelateerd nieuws|verwandte nachrichten|verwandte themen|weiterlesen|mehr zu diesem thema|à consulter également|articles en lien|contenus similaires|sujets liés
ces articles peuvent vous intéresser|cela peut vous intéresser|ceci pourrait vous intéresser|lire la suite sur ce sujet|dit vind je misschien ook leuk|misschien vind je dit ook leuk|misschien ook interessant|przeczytaj również|przeczytaj też|warto przeczytać|może cię zainteresować|mohlo by vás zajímat|přečtěte si také|olvassa el ezt is|ez is érdekelheti|ajánlott cikkek|още по темата|вижте също|може да ви интересува
"""
_ADVERTISEMENTS: Final = """
advertisement|advertisements|advertising|advert|ad|ads|sponsored|sponsored content|promoted|promoted content|paid content|paid post|advertisement - continue reading below|story continues below advertisement|article continues below advertisement|article continues after advertisement|scroll to continue|continue reading below
anzeige|werbung|publicité|publicidad|pubblicità|publicidade|advertentie|reklama|реклама|reklam|広告|广告|廣告|광고|iklan|διαφήμιση|annons|annonse|annonce|mainos|hirdetés|publicitate|פרסומת|إعلان
"""
_PROMOTION: Final = """
share|share this|share this article|share this story|share this post|share this page|share article|share story|share on|share via|tweet|print|print this|print article|copy link|email this|save article|save for later|bookmark|follow us|follow|like this|like us on facebook|teilen|artikel teilen|partager|partagez|compartir|comparte|condividi|compartilhar|compartilhe|delen|udostępnij|поделиться|paylaş|シェア|分享|공유|공유하기|bagikan|κοινοποίηση|sdílet|dela|del|jaa
subscribe|subscribe now|subscribe today|sign up|sign up now|sign up today|sign in|log in|login|register|register now|join|join now|join us|become a member|support us|support our journalism|donate|newsletter|newsletters|our newsletter|our newsletters|newsletter sign-up|newsletter signup|stay informed|stay up to date|stay in the loop|never miss a story|we value your privacy|accept cookies|accept all cookies|manage cookies|cookie settings|manage consent
about us|contact us|privacy policy|cookie policy|terms of use|terms of service|terms and conditions|all rights reserved|back to top|download app|get app|get the app|download the app|open in app|continue in app|jetzt abonnieren|newsletter abonnieren|newsletter bestellen|jetzt anmelden|s'abonner|abonnez-vous|inscrivez-vous à la newsletter|suscríbete|suscríbase|regístrate|iscriviti|iscriviti alla newsletter|abbonati|assine|assine já|inscreva-se|abonneer|schrijf je in|zapisz się|subskrybuj|подписаться|подпишитесь|abone ol
unsubscribe|unsubscribe here|view in browser|view online|view this email in your browser|read online|read in app|update preferences|manage preferences|manage subscription|email preferences|forward to a friend|forward this email|abmelden|abbestellen|im browser ansehen|im browser anzeigen|se désabonner|se désinscrire|voir dans le navigateur|darse de baja|cancelar suscripción|ver en el navegador|annulla iscrizione|disiscriviti|visualizza nel browser|cancelar inscrição|ver no navegador|afmelden|uitschrijven|bekijk in browser|wypisz się|otwórz w przeglądarce|отписаться|открыть в браузере
summarise|summarize|translate|summarise with ai|summarize with ai|ai summary|ai assistant|ai features|ai tools|listen to this article|zusammenfassen|übersetzen|résumer|traduire|resumir|traducir|riassumi|traduci|traduzir
try ai|try the ai|try our ai|chat with this article|ask this article|mit ki zusammenfassen|artikel mit ki zusammenfassen|ki-assistent|ki fragen|résumer avec l'ia|résumé par l'ia|résumé ia|assistant ia|resumir con ia|resumir con la ia|resumen con ia|resumen de ia|pregúntale a la ia|asistente de ia|resumir com ia|resumir com a ia|resumo com ia|resumo por ia|assistente de ia|riassumi con l'ia|riassunto ia|chiedi all'ia|assistente ia|vat samen met ai|samenvatten met ai|ai-samenvatting|podsumuj z ai|podsumowanie ai|streszczenie ai|asystent ai
попробуйте наш ии|краткое изложение с ии|краткий пересказ от ии|пересказ от ии|ии-помощник|стислий виклад від ші|yapay zeka ile özetle|yapay zekâ ile özetle|yapay zeka özeti|yapay zekaya sor|ai摘要|ai总结|ai總結|ai助手|ai要約|aiで要約|aiに質問する|aiアシスタント|ai 요약|ai로 요약하기|ai 어시스턴트|لخص بالذكاء الاصطناعي|ملخص بالذكاء الاصطناعي|اسأل الذكاء الاصطناعي|خلاصه با هوش مصنوعی|ai से पूछें|ai सारांश|एआई से पूछें|एआई सारांश|আমাদের এআই সুবিধা ব্যবহার করে দেখুন|এআই সারাংশ|ลองใช้ฟีเจอร์ ai ของเรา|สรุปด้วย ai|ถาม ai|tóm tắt bằng ai|hỏi ai về bài viết này|ringkas dengan ai|ringkasan ai|tanya ai|sammanfatta med ai|ai-sammanfattning|oppsummer med ai|opsummer med ai|tiivistä tekoälyllä|shrnout pomocí ai|összefoglalás ai-val
"""
_AI: Final = r"(?:(?<![a-z])(?:a\.?i\.?|ki|ia)(?![a-z])|(?<!\w)(?:sztucznej inteligencji|yapay zek[aâ]\w*|ии|ші|τν|τεχνητής? νοημοσύνης?|artificial intelligence|künstliche intelligenz|intelligence artificielle|inteligencia artificial|intelligenza artificiale|inteligência artificial)(?!\w)|人工知能|人工智能|人工智慧|인공지능|الذكاء ال[إا]صطناعي|ذكاء اصطناعي|הבינה המלאכותית|בינה מלאכותית|एआई|ए\.?आई\.?|कृत्रिम बुद्धिमत्ता|आर्टिफिशियल इंटेलिजेंस|এআই|কৃত্রিম বুদ্ধিমত্তা|هوش مصنوعی|مصنوعی ذہانت|trí tuệ nhân tạo|ปัญญาประดิษฐ์|(?<!\w)(?:tekoäly\w*|mesterséges intelligenci\w*|um[eě]l[éáouý]\w* inteligenc\w*|umjetn\w+ inteligencij\w*|veštačk\w+ inteligencij\w*|изкуствен\w+ интелект\w*|искусственн\w+ интеллект\w*|штучн\w+ інтелект\w*|inteligenț\w+ artificial\w+|artificiell intelligens|kunstig intelligens|kecerdasan buatan|kunstmatige intelligentie|dirbtin\w+ intelekt\w*|tehisintellekt\w*|mākslīg\w+ intelekt\w*)(?!\w))"
_TRY: Final = r"(?:try|use|test|explore|discover|meet|ask|chat with|talk to|unlock|get|experience|check out|probieren|entdecken|entdecke|testen|teste|nutzen|nutze|fragen|frage|frag|essayez|découvrez|explorez|demandez|testez|posez|prueba|pruebe|explora|descubre|pregunta|prova|scopri|esplora|chiedi|experimente|conheça|explore|descubra|pergunte|probeer|ontdek|vraag|wypróbuj|odkryj|zapytaj|попробуйте|узнайте|спросите|откройте|deneyin|keşfedin|sorun|试试|試試|体验|體驗|coba|jelajahi|δοκιμάστε|vyzkoušejte|prøv|kokeile|спробуйте|дізнайтеся|відкрийте|testa|prova på|upptäck|oppdag|opdag|جر[ّ]?ب(?:وا)?|اكتشف(?:وا)?|استخدم|اسأل|נסו|נסה|גלו|גלה|שאלו|आज़माएँ|आज़माएं|आजमाएं|आज़माइए|पूछें|जानें|खोजें|চেষ্টা করুন|জিজ্ঞাসা করুন|امتحان کنید|بپرسید|آزمائیں|thử|khám phá|hỏi|ลอง|สำรวจ|ถาม|fråga|spør|spørg|kysy|tutustu|löydä|próbáld ki|próbálja ki|fedezd fel|fedezze fel|kérdezd|încearcă|încercați|descoperă|descoperiți|întreabă|isprobajte|otkrijte|pitajte|isprobaj|otkrij|опитайте|открийте|попитайте|испробајте|откријте|išbandykite|atraskite|proovi|avasta|izmēģiniet|vyskúšajte|objavte|vyzkoušej|objevte|zeptejte|provate|scoprite|experimenta|descobreix|testez|poznaj|sprawdź)"
_OURS: Final = r"(?:our|the new|new|unsere?n?|neue?n?|nos|notre|nouvelles?|nuestr[ao]s?|nuev[ao]s?|le nostre|la nostra|i nostri|nossas?|nossos?|onze|nasze|наши|наші|bizim|我们的|我們的|kami|μας|naše|vår[at]?|vores|features?|tools?|assistant|chatbot|summary|summaries|funktionen|assistent|fonctions|fonctionnalités|outils|funciones|herramientas|asistente|funzioni|strumenti|recursos|ferramentas|functies|funkcje|функции|функції|özellikleri|ميزات|功能|機能|기능|fitur|λειτουργίες|funkce|funktioner|funksjoner|ميزاتنا|ميزات|مساعد\w*|أدوات\w*|שלנו|התכונות|תכונות|העוזר|सुविधा\w*|सहायक|हमार\w+|टूल\w*|সুবিধা\w*|আমাদের|ابزار\w*|قابلیت\w*|ما|خصوصیات|hamari|chúng tôi|tính năng|công cụ|trợ lý|ฟีเจอร์|เครื่องมือ|ผู้ช่วย|ของเรา|verktyg|assistent|ominaisuu\w+|työkalu\w*|funkci\w*|eszköz\w*|funcții\w*|instrumente\w*|alat\w*|značajk\w+|funkcij\w+|функци\w+|функц\w+|можливост\w+|возможност\w+|инструмент\w*|asistent\w*|pomocník\w*|nástroj\w*|funkts\w+|tööriist\w*|možnosti|możliwości|asystent\w*|narzędzi\w*)"
_NETWORK: Final = r"(?:facebook|messenger|twitter|x|linkedin|whatsapp|telegram|reddit|pinterest|flipboard|bluesky|mastodon|threads|instagram|e-?mail|line|vk|weibo|wechat)"
_SHARING: Final = re.compile(
    rf"(?:(?:(?:share|post|save|teilen|partager|compartir|compartilhar|condividi|delen|udostępnij|поделиться|follow(?: us)?|tweet)(?: (?:this|it|article|story))*"
    rf"(?: (?:on|via|to|by|with|auf|sur|en|no|na|su|op|в|through))? {_NETWORK})(?:\W+(?:and |or )?|$))+",
    re.I,
)
_CONTROL: Final = re.compile(
    rf"{_NETWORK}|mail|more|link|print(?: (?:this|page))?|comments?|\d{{1,5}}|copy|listen|gift(?: this)?(?: article)?",
    re.I,
)
"""Labels of further buttons in a row; `_PROMOTION` has the others."""
_BETWEEN_CONTROLS: Final = re.compile(r"\s*[|·•/,]\s*|\s{2,}|\n")
MAX_CONTROLS: Final = 160
"""Characters of the longest row of buttons."""
_AI_OFFERS: Final = re.compile(
    rf"{_TRY}\b(?=.*{_OURS})(?=.*{_AI})[^?]{{1,50}}|(?=.*{_OURS})(?=.*{_AI})[^?]{{1,40}}(?:{_TRY}|ausprobieren|erkunden|を試す|を体験|を使う|사용해 ?보기|체험하기|체험)"
    rf"|(?:ask|chat with|talk to|frag\w*|demandez|demander|pregunt\w+|chiedi|pergunt\w+|vraag|zapytaj|спросите|запитайте|fråga|spør|spørg)\W(?:\S+ )?(?:\w')?{_AI}\b.{{0,24}}"
    rf"|(?=.*{_AI})(?=.*(?:试|試|体验|體驗|使用|使う|使っ|探索|体験|체험|사용|물어|질문|聞く|询问|詢問)).{{1,30}}"
    r"|(?:ai|ki|ia)[- ](?:(?:powered|driven|based|gestützte|basierte) )?(?:features?|tools?|summary|assistant|funktionen|zusammenfassung|overview|insights?)\b.{0,24}",
    re.I,
)
"""Offers of a site's artificial intelligence: slow, so only lines that name it are compared."""
_OPEN: Final = (
    (
        SectionKind.PROMOTION,
        r"(?:explore|discover|see) what .{1,40} can do\b.{0,20}"
        r"|(?:share|follow) (?:this|us|on|via|to)\b.{0,40}|(?:subscribe|sign up|sign in|log in|register|join)(?: (?:now|today|here|free|for|to|up|our|us)\b.{0,50})"
        r"|(?:get|download|try|use) (?:the|our) (?:free |new |mobile |\w+ )?(?:app|apps|newsletters?|magazine|e-?paper|podcast|briefing)\b.{0,30}|get .{0,40} in your inbox|(?:©|copyright|\(c\)) .{0,50}|by continuing\b.{0,50}|read (?:the )?(?:full|original) (?:story|article)\b.{0,30}",
    ),
    (
        SectionKind.COMMENTS,
        r"\d[\d.,]*\s?k?\s*(?:comments?|responses|replies|kommentare?|commentaires?|réactions?|comentarios?|comentários?|commenti|commento|reacties|komentarz[ey]?|komentar|комментари[йяев]+|коментар[іів]+|yorum|コメント|条评论|條評論|則留言|评论|評論|개의 댓글|댓글|σχόλια|komentářů|kommentarer|kommenttia)"
        r"|(?:comments?|kommentare|commentaires|réactions|comentarios|comentários|commenti|reacties|komentarze|комментарии|коментарі|yorumlar|コメント|评论|評論|留言|댓글|σχόλια|komentáře|kommentarer|kommentit|discussion|responses|replies)\s*[(\[:·•-]?\s*\d[\d.,]*\s?k?\s*[)\]]?"
        r"|(?:leave|post|add|write|submit|join) (?:a|your|the) (?:comment|reply|response|conversation|discussion|debate)\b.{0,24}|be the first to (?:comment|reply|respond|share|post)\b.{0,24}"
        r"|(?:there (?:are|is) )?(?:currently )?no (?:comments?|replies|responses)\b.{0,30}|(?:log|sign) ?in to (?:leave|post|add|write|join)\b.{0,30}|comments? (?:are|is|have been) .{0,24}|comment(?:s|ing)? (?:policy|guidelines|rules)",
    ),
    (
        SectionKind.RELATED,
        r"more (?:from|on|in|about|stories (?:from|by|on))\b.{1,40}|read (?:more|next|also) (?:from|on|about)\b.{1,30}|(?:related|recommended|similar|other|more|latest|recent|popular|trending|top) (?:articles?|stories|posts?|news|reads?|reading|coverage|headlines|content|links|videos?)\b.{0,24}"
        r"|you (?:may|might|could) (?:also )?(?:like|enjoy|love|be interested in|have missed)\b.{0,16}|(?:also|up) (?:read|next|on)\b.{0,20}|(?:trending|popular|latest) (?:now|today|on|in|this)\b.{0,20}|most (?:read|popular|viewed|shared)\b.{0,20}|what (?:to|else to|others are|people are|readers are|we're) read(?:ing)?\b.{0,16}"
        r"|(?:ähnliche|verwandte|weitere|mehr|passende) (?:artikel|beiträge|themen|nachrichten|meldungen|geschichten|news)\b.{0,24}|das könnte (?:sie|dich|ihnen|dir)\b.{0,30}|mehr (?:zum|zu|aus|von|über)\b.{1,30}|(?:plus|autres) (?:d')?(?:articles|actualités|sujets)\b.{0,24}|más (?:noticias|artículos|sobre|de)\b.{1,30}|altr[ie] (?:articoli|notizie|storie)\b.{0,24}|mais (?:notícias|artigos|sobre)\b.{1,30}",
    ),
)
_OPEN_PATTERN: Final = re.compile(
    "|".join(f"(?P<{kind.value}>{text})" for kind, text in _OPEN), re.I
)
_AI_OFFER: Final = re.compile(_AI, re.I)
_AMBIGUOUS: Final = frozenset(
    "discussion|the discussion|conversation|the conversation|diskussion|opinie|opinia|responses|replies|réactions|opina|opmerkingen|обсуждение|discussione|dyskusja|의견|comment|comments".split(
        "|"
    )
)
_LEGAL: Final = re.compile(
    r"(?:©|\(c\) ?\d|copyright\b|all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|tutti i diritti riservati"
    r"|todos os direitos reservados|alle rechten voorbehouden|wszelkie prawa zastrzeżone|все права защищены|tüm hakları saklıdır|版权所有|版權所有|著作権|無断転載|저작권|무단 ?전재)",
    re.I,
)
_LEGAL_STARTS: Final = frozenset("©(cCaAtTwWвВ版著無저무")
"""First signs of such notices."""
MAX_MAILING_OFFER: Final = 100
"""Characters of the longest line that only offers a mailing list."""
_MAILINGS: Final = (
    "newsletter", "inbox", "posteingang", "boletim", "nieuwsbrief", "nyhetsbrev", "nyhedsbrev", "uutiskirje", "zpravodaj",
)  # fmt: skip
_FOREIGN_MAILINGS: Final = (
    "boletín", "рассылк", "розсилк", "bülten", "ニュースレター", "メールマガジン", "メルマガ", "电子报", "電子報", "뉴스레터",
    "نشرتنا", "النشرة البريدية", "hírlevél", "ενημερωτικό δελτίο",
)  # fmt: skip
_JOINING: Final = (
    r"(?:sign up|subscribe|register for|join|get (?:our|the|all)|receive (?:our|the)|(?:jetzt )?abonnier\w*|(?:jetzt )?anmelden|melden sie|bestellen|inscri\w+|abonnez\S*|recevez|suscr\w+|regístr\w+|recib\w+"
    r"|iscriv\w+|ricev\w+|assine|inscreva\S*|receba|aanmelden|meld je|schrijf|ontvang|zapisz|subskrybuj|подпи\w+|получайте|підпи\w+|abone ol\w*|登録\w*|订阅|訂閱|구독\w*|اشترك\w*"
    r"|prenumerera|anmäl|tilmeld|meld deg|tilaa|iratkoz\w+|přihla\w+|odebírejte|εγγραφ\w+)"
)
_MAILING_OFFER: Final = re.compile(rf"\W*{_JOINING}\b.*|.*{_JOINING}\W*", re.I | re.S)
_WORD: Final = re.compile(r"\w+")
_TRIGGERS: Final = frozenset(
    "ai ki ia share post save tweet partager compartir compartilhar condividi delen follow subscribe sign log register join get download try use c copyright by read"
    " comment comments commenting reply replies response responses kommentar kommentare commentaire commentaires comentario"
    " comentarios commenti commento reacties komentarz komentarze komentarzy komentar yorum kommentarer kommenttia discussion"
    " leave post add write submit first no more related recommended similar other latest recent popular trending top you also up"
    " most what verwandte weitere mehr passende plus autres altri altre mais what explore discover see artificial".split()
)
"""Words of which an open pattern needs one; a pattern costs 20 times as much."""
_SPELLINGS: Final = str.maketrans({"’": "'", "ʼ": "'", "ς": "σ"})
_NUMBERED: Final = re.compile(
    r"[^\w#©(]*(?:\d{1,2}(?:\.\d{1,2}){0,2}[.):]|\d{1,2}(?:\.\d{1,2}){1,2}|[ivx]{1,4}[.)]|[a-h][.)])\s+",
    re.I,
)
"""The number of a label in a page whose sections are numbered."""
_EDGES: Final = re.compile(
    r"^[^\w#©(]+|[^\w)\]\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0963\u0966-\u0dff\u0e30-\u0e4e\u1000-\u109f\u1780-\u17ff]+$"
)
"""Signs around a label. Vowel signs of Indic and other scripts are none for `\\w`."""
_SHOW_ALL: Final = re.compile(
    r"\W+(?:(?:see|view|show|read|browse) (?:all|more)|all|more|alle(?: anzeigen| ansehen)?|mehr|tout(?:es)?(?: voir)?|voir tout|ver (?:todos?|todas?|más|mais|tudo)|vedi tutti|tutti|bekijk alles|zobacz wszystkie|все|смотреть все|tümü|すべて(?:見る)?|もっと見る|查看全部|更多|전체 ?보기|더 ?보기)$"
)
"""A link to the rest of a list, on the line of its label."""
_ALL: Final = (
    "all", "more", "alle", "mehr", "anzeigen", "ansehen", "tout", "toutes", "voir", "todos", "todo", "todas", "toda", "más", "mais",
    "tudo", "tutti", "alles", "wszystkie", "все", "tümü", "すべて", "見る", "查看全部", "更多", "보기",
)  # fmt: skip
"""The ends of such links."""
_ADDITION: Final = re.compile(rf"\s*[(\[]\s*\d+\s*[)\]]$|{_SHOW_ALL.pattern}")
_COUNT: Final = re.compile(r"\s*[(\[]\s*\d+\s*[)\]]$")
_COUNT_BEFORE: Final = re.compile(r"\d[\d.,]*\s*k?\s+(\S.*)")
_BARE_COUNT: Final = re.compile(
    r"(.*\w\W+\w.*|.{8,}?|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{4,}?)\s+\d{1,4}$"
)
"""A label of two words or a long one, and a count; "Topic 4" is a chapter."""


@cache
def _phrases() -> dict[str, SectionKind]:
    rows = (
        (SectionKind.PROMOTION, _ADVERTISEMENTS),
        (SectionKind.PROMOTION, _PROMOTION),
        (SectionKind.RELATED, _RELATED),
        (SectionKind.COMMENTS, _COMMENTS),
        (SectionKind.TAGS, _TAGS),
    )
    return {
        _normalised(phrase.strip()): kind
        for kind, text in rows
        for line in text.strip().splitlines()
        for phrase in line.split("|")
    }


@cache
def _advertisements() -> frozenset[str]:
    lines = _ADVERTISEMENTS.strip().splitlines()
    return frozenset(_folded(phrase) for line in lines for phrase in line.split("|"))


def is_advertisement(text: str) -> bool:
    """Return whether a line only marks the place of an advertisement or of buttons to share."""
    line = _normalised(text)
    return line in _advertisements() or _SHARING.fullmatch(line) is not None


def is_mailing_offer(text: str) -> bool:
    """Return whether a line only asks to subscribe to a site's mails."""
    if len(text) > MAX_MAILING_OFFER:
        return False
    line = text.casefold()
    words = _MAILINGS if line.isascii() else (*_MAILINGS, *_FOREIGN_MAILINGS)
    return any(map(line.__contains__, words)) and _MAILING_OFFER.fullmatch(text) is not None


@cache
def _control_start() -> re.Pattern[str]:
    """Return a pattern of the first words of what buttons around an article say."""
    words = {
        phrase.split()[0] for line in _PROMOTION.split("\n") if line for phrase in line.split("|")
    }
    return re.compile(rf"\W{{0,3}}(?:{'|'.join(sorted(words))})", re.I)


def is_control_row(pieces: Iterable[str]) -> bool:
    """Return whether texts are what two or more buttons around an article say."""
    found = [piece for text in pieces for piece in _BETWEEN_CONTROLS.split(text) if piece.strip()]
    return len(found) > 1 and all(map(_is_control, found))


def may_be_controls(text: str) -> bool:
    """Return whether a line is short and begins like a button around an article."""
    return len(text) <= MAX_CONTROLS and _control_start().match(text) is not None


def _is_control(text: str) -> bool:
    line = _normalised(text)
    return _CONTROL.fullmatch(line) is not None or (
        _phrases().get(line) is SectionKind.PROMOTION or _SHARING.fullmatch(line) is not None
    )


def is_ambiguous(text: str) -> bool:
    """Return whether a label of comments is a common heading in articles, too."""
    return _normalised(text) in _AMBIGUOUS


def names_ai(text: str) -> bool:
    """Return whether a text names artificial intelligence in one of the languages."""
    return _AI_OFFER.search(text) is not None


def is_certain(text: str) -> bool:
    """Return whether a line is a label as a whole, and not only worded like one."""
    line = _normalised(text)
    return (
        line in _phrases()
        or _ADDITION.sub("", line) in _phrases()
        or names_ai(text)
        or _SHARING.fullmatch(line) is not None
    )


def _normalised(text: str) -> str:
    numbered = _NUMBERED.match(text)
    return _trimmed(text[numbered.end() :] if numbered else text)


def _trimmed(text: str) -> str:
    """Return a text folded, without signs at its edges; most lines have none."""
    has_edges = not (text[:1].isalnum() and text[-1:].isalnum())
    return _folded(_EDGES.sub("", text) if has_edges else text)


def _folded(text: str) -> str:
    """Return a text in one spelling: Turkish capitals and final sigmas fold to two forms."""
    folded = text.casefold()
    if folded.isascii():
        return folded
    return folded.translate(_SPELLINGS).replace("i\u0307", "i")


def label_kind(text: str) -> SectionKind | None:
    """Return the kind of section that a line announces, None for other text."""
    return None if len(text) > MAX_LABEL + 4 else _label_kind(text)


@lru_cache(maxsize=1024)
def _label_kind(text: str) -> SectionKind | None:
    """Judge a short line once: half of them come again on the page, or are asked about again."""
    if numbered := _NUMBERED.match(text):
        # "1. Contact us" may be a step as well.
        kind = label_kind(text[numbered.end() :])
        return kind if kind is not SectionKind.PROMOTION or names_ai(text) else None
    line = _trimmed(text)
    if not line or len(line) > MAX_LABEL:
        return None
    phrases = _phrases()
    kind = phrases.get(line)
    if kind is None and line.endswith(_ALL) and (all_of := _SHOW_ALL.search(line)):
        return label_kind(line[: all_of.start()])
    if kind is None and line[-1] in ")]":
        kind = phrases.get(_COUNT.sub("", line).rstrip())
    if kind is not None:
        return kind
    if line[0].isdecimal() and (counted := _COUNT_BEFORE.fullmatch(line)):
        kind = phrases.get(counted[1])
        if kind is SectionKind.COMMENTS:
            return kind
    if line[-1].isdecimal() and (counted := _BARE_COUNT.fullmatch(line)):
        kind = phrases.get(counted[1])
        if kind is not None:
            return kind
    if line.isascii() and _TRIGGERS.isdisjoint(_WORD.findall(line)):
        return None
    if names_ai(line) and _AI_OFFERS.fullmatch(line) is not None:
        return SectionKind.PROMOTION
    found = _OPEN_PATTERN.fullmatch(line)
    if found is None:
        return SectionKind.PROMOTION if _SHARING.fullmatch(line) else None
    return SectionKind(found.lastgroup) if found.lastgroup else None


def is_legal(text: str) -> bool:
    """Return whether a line of any length is a copyright notice."""
    return text[:1] in _LEGAL_STARTS and _LEGAL.match(text) is not None
