"""The article of `dresses` again in scripts and languages of other lands, with own labels."""

from typing import Final

from tests.extract.dresses import Card, Content, Words

ARTICLES: Final[dict[str, Content]] = {
    "ko": Content(
        title="섬마을 등대지기가 마지막 불을 끈 날",
        paragraphs=(
            "남해의 작은 섬에서 마흔 해 동안 등대를 지켜 온 김 씨는 지난 화요일 저녁 마지막으로 불을 껐다. 이제부터는 육지의 사무실에서 컴퓨터가 불을 켜고 끄게 된다고 항만청은 밝혔다.",
            "그는 매일 해가 지기 한 시간 전에 계단 백서른두 개를 올라 유리를 닦았다. 비가 오는 날에도, 태풍이 지나간 다음 날에도 빠진 적이 없었고, 기록부에는 그가 쓴 날씨가 만 사천 줄 남아 있다.",
            "섬 주민 예순두 명은 등대 아래에 모여 국수를 나누어 먹었다. 가장 어린 아이가 스위치를 내렸고, 사람들은 어둠 속에서 한동안 아무 말도 하지 않았다.",
            "항만청은 건물을 작은 도서관으로 바꿀 계획이라고 말했다. 김 씨는 첫 번째 책으로 자신의 기록부를 내놓겠다고 했으며, 대출 기한은 없다고 덧붙였다.",
        ),
        cards=(
            Card(
                "남해일보",
                "5시간 전",
                "어선들이 새로운 무선 항로 표지를 시험하다",
                "선장들은 화면에 나타난 작은 점이 파도보다 믿을 만한지 아직 모르겠다고 말했다. 시험은 다음 달까지 이어지며 결과는 가을에 공개될 예정이다.",
                "/news/811",
            ),
            Card(
                "섬소식",
                "7시간 전",
                "폐교된 분교에 빵집이 문을 열다",
                "칠판에는 아직도 구구단이 적혀 있고 그 아래에 오늘의 빵 이름이 적힌다. 주인은 아침마다 배가 들어오는 시간에 맞추어 오븐을 켠다고 한다.",
                "/news/812",
            ),
            Card(
                "바다통신",
                "2일 전",
                "물때표를 외우는 학생들의 모임",
                "학생들은 달의 모양만 보고도 물이 들어오는 시간을 맞힌다. 선생님은 시험 문제를 바닷가에서 내고 답안지는 모래 위에 쓰게 한다.",
                "/news/813",
            ),
        ),
        hashtags=(
            "#등대",
            "#남해",
            "#도서관",
        ),
        words=Words(
            "태그",
            "AI 기능을 사용해 보세요",
            "새로운 AI 기능을 만나보세요:",
            "댓글",
            "아직 댓글이 없습니다",
            "관련 기사",
        ),
        language="ko",
    ),
    "hi": Content(
        title="पुराने डाकघर की घड़ी फिर से चलने लगी",
        paragraphs=(
            "बाईस साल से बंद पड़ी डाकघर की घड़ी सोमवार की सुबह फिर से चल पड़ी, और बाज़ार के दुकानदारों ने अपनी घड़ियाँ उससे मिलाईं। मरम्मत का काम शहर के एक सेवानिवृत्त शिक्षक ने बिना किसी शुल्क के किया।",
            "शिक्षक ने बताया कि घड़ी के भीतर उन्हें तीन चिट्ठियाँ मिलीं जो कभी पहुँचाई नहीं गई थीं। उनमें से एक पर उन्नीस सौ इकहत्तर की मुहर थी, और उसका पता आज भी सही है।",
            "नगरपालिका ने घोषणा की है कि मीनार को हर रविवार लोगों के लिए खोला जाएगा। सीढ़ियाँ संकरी हैं, इसलिए एक बार में केवल आठ लोग ऊपर जा सकेंगे।",
            "बच्चों ने घड़ी के लिए एक नया नाम चुना है, लेकिन बुज़ुर्ग उसे अब भी बड़ी घड़ी ही कहते हैं। दोनों इस बात पर सहमत हैं कि वह पाँच मिनट आगे चलती है।",
        ),
        cards=(
            Card(
                "नगर समाचार",
                "5 घंटे पहले",
                "नदी किनारे पुस्तक मेला लगा",
                "मेले में दो सौ से अधिक दुकानें हैं और हर दुकान पर एक किताब मुफ़्त मिलती है। आयोजकों के अनुसार पहले दिन बारह हज़ार लोग आए।",
                "/news/821",
            ),
            Card(
                "पर्वत टाइम्स",
                "7 घंटे पहले",
                "पहाड़ी रेल की पुरानी सीटी लौट आई",
                "रेल के चालक ने कहा कि नई सीटी से बकरियाँ डरती नहीं थीं। अब पुरानी सीटी फिर से लगाई गई है और गाँव वाले खुश हैं।",
                "/news/822",
            ),
            Card(
                "दैनिक किरण",
                "2 दिन पहले",
                "गाँव के स्कूल ने अपना रेडियो शुरू किया",
                "बच्चे हर सुबह मौसम, मंडी के भाव और एक कहानी सुनाते हैं। प्रसारण केवल तीन किलोमीटर तक सुनाई देता है।",
                "/news/823",
            ),
        ),
        hashtags=(
            "#डाकघर",
            "#घड़ी",
        ),
        words=Words(
            "टैग",
            "हमारी एआई सुविधाएँ आज़माएँ",
            "हमारे एआई सहायक से पूछें:",
            "टिप्पणियाँ",
            "अभी तक कोई टिप्पणी नहीं",
            "संबंधित लेख",
        ),
        language="hi",
    ),
    "ar": Content(
        title="مكتبة الميناء تفتح أبوابها للصيادين عند الفجر",
        paragraphs=(
            "فتحت مكتبة الميناء القديم أبوابها هذا الأسبوع عند الرابعة صباحا، بعد أن طلب الصيادون مكانا يقرؤون فيه قبل خروج القوارب. وقالت أمينة المكتبة إن الكتب الأكثر طلبا هي كتب الطقس والروايات الطويلة.",
            "كان المبنى مخزنا للحبال قبل ستين عاما، وما زالت رائحته تعود إلى القاعة كلما هبت الريح من البحر. وقد ترك العمال خطافا واحدا في السقف حتى يتذكر الناس ما كان هنا.",
            "يدفع كل قارئ ثمن كوب من الشاي، ويكتب اسم الكتاب على لوح قرب الباب. ومن يتأخر في إعادة كتاب يحمل صندوقا من السمك إلى المطبخ، ولم يشتك أحد حتى الآن.",
            "وتقول البلدية إنها ستفتح مكتبة ثانية في سوق الخضار إذا وجدت مبنى له نوافذ. أما الصيادون فيقولون إن النوافذ لا تهمهم، لأنهم يقرؤون في الظلام منذ زمن.",
        ),
        cards=(
            Card(
                "صوت الساحل",
                "قبل 5 ساعات",
                "قوارب جديدة تعمل بالشمس",
                "يقول البحارة إن القوارب صامتة إلى درجة أن الأسماك لا تهرب منها. وستستمر التجربة حتى نهاية الصيف في ثلاثة موانئ صغيرة.",
                "/news/831",
            ),
            Card(
                "جريدة الجبل",
                "قبل 7 ساعات",
                "طريق القرية يعود بعد عشر سنوات",
                "عاد الطريق بعد أن أزاح الأهالي الحجارة بأيديهم في أيام الجمعة. ووصلت أول حافلة متأخرة ساعتين لأن السائق توقف كثيرا ليسلم على الناس.",
                "/news/832",
            ),
            Card(
                "أخبار النخيل",
                "قبل يومين",
                "موسم التمر يبدأ مبكرا هذا العام",
                "بدأ المزارعون القطاف قبل أسبوعين من الموعد المعتاد بسبب الحر. ويتوقع التجار أن تنخفض الأسعار في السوق الكبير.",
                "/news/833",
            ),
        ),
        hashtags=(
            "#مكتبة",
            "#الميناء",
        ),
        words=Words(
            "الوسوم",
            "جرب ميزات الذكاء الاصطناعي",
            "اكتشف ما يمكن أن يفعله الذكاء الاصطناعي لدينا:",
            "التعليقات",
            "لا توجد تعليقات بعد",
            "مقالات ذات صلة",
        ),
        language="ar",
    ),
    "pt": Content(
        title="O barbeiro que guarda os relógios dos marinheiros",
        paragraphs=(
            "Há trinta e um anos que o senhor Abílio aceita relógios em troca de um corte de cabelo, e nunca vendeu nenhum. Estão todos na parede da loja, cada um com a hora em que o dono partiu.",
            "Alguns marinheiros voltaram e pediram o relógio de volta. O barbeiro entrega-o sem perguntas, mas pede que se sentem e contem onde estiveram, enquanto ele passa a navalha pela nuca.",
            "A câmara quis comprar a coleção para o museu do porto. Ele respondeu que um museu fecha às seis, e que os barcos chegam quando querem.",
            "Agora a neta aprende o ofício e escreve as histórias num caderno azul. Já vai no quarto, e diz que ainda não chegou à parede do fundo.",
        ),
        cards=(
            Card(
                "Correio do Cais",
                "há 5 horas",
                "A lota passa a leilão pela internet",
                "Os compradores já não precisam de se levantar às quatro da manhã, mas dizem que sentem falta do café. O sistema foi desenhado por dois irmãos da vila.",
                "/news/841",
            ),
            Card(
                "Jornal da Serra",
                "há 7 horas",
                "O comboio da linha estreita volta aos domingos",
                "A locomotiva foi reparada por voluntários durante sete invernos. A primeira viagem esgotou em onze minutos.",
                "/news/842",
            ),
            Card(
                "Rádio Foz",
                "há 2 dias",
                "Farol abre as portas a visitas noturnas",
                "Só doze pessoas por noite podem subir, e é preciso levar a própria lanterna. As marcações abrem na sexta-feira.",
                "/news/843",
            ),
        ),
        hashtags=(
            "#relógios",
            "#porto",
        ),
        words=Words(
            "Palavras-chave",
            "Experimente os nossos recursos de IA",
            "Descubra o que a nossa IA pode fazer:",
            "Comentários",
            "Ainda não há comentários",
            "Artigos relacionados",
        ),
        language="pt",
    ),
    "nl": Content(
        title="Hoe een dorp zijn eigen brug leerde bedienen",
        paragraphs=(
            "Sinds de brugwachter met pensioen ging, draaien de bewoners van het dorp de brug zelf open. Er hangt een rooster bij de bakker, en wie ruilt moet dat met krijt op de stoep schrijven.",
            "De provincie vond het eerst geen goed plan. Toen bleek dat de schippers minder lang hoefden te wachten dan vroeger, kwam er een brief met een stempel en een doos gele hesjes.",
            "Het moeilijkste is niet het draaien, zegt de oudste bediende, maar het wachten. Een schip komt altijd later dan het zegt en vroeger dan je denkt.",
            "In de winter ligt de brug stil en leert men nieuwe mensen op. Dit jaar zijn er vier bij gekomen, van wie de jongste haar eigen trapje meebrengt.",
        ),
        cards=(
            Card(
                "De Dijkbode",
                "5 uur geleden",
                "Veerpont krijgt een elektrische motor",
                "De schipper moet er nog aan wennen dat hij de meeuwen weer hoort. Reizigers merken vooral dat de koffie niet meer trilt.",
                "/news/851",
            ),
            Card(
                "Polderkrant",
                "7 uur geleden",
                "School legt moestuin aan op het dak",
                "De leerlingen hebben berekend hoeveel aarde het dak kan dragen. Het antwoord was minder dan zij hoopten, maar genoeg voor prei.",
                "/news/852",
            ),
            Card(
                "Kustnieuws",
                "2 dagen geleden",
                "Oude peilschaal blijkt honderd jaar te laag",
                "Een student ontdekte de fout in een kasboek van de sluis. Nu moeten drie kaarten opnieuw worden getekend.",
                "/news/853",
            ),
        ),
        hashtags=(
            "#brug",
            "#dorp",
        ),
        words=Words(
            "Trefwoorden",
            "Probeer onze AI-functies",
            "Ontdek wat onze AI voor je kan doen:",
            "Reacties",
            "Nog geen reacties",
            "Gerelateerde artikelen",
        ),
        language="nl",
    ),
    "zh": Content(
        title="山城最后一家修伞铺的老师傅收了徒弟",
        paragraphs=(
            "巷口的修伞铺开了四十七年，上个星期终于来了第一个徒弟。老师傅说，他等这个人等了很久，久到连门口的招牌都换过三次，字却始终是他自己写的。",
            "徒弟原来在城里写程序，去年冬天回家时雨伞坏了，在铺子里坐了一个下午。他看着老师傅把一根断了的伞骨磨平、穿线、上漆，第二天就辞了工作，带着自己的小凳子回来了。",
            "修一把伞只收八块钱，有时候连材料费也不够。可是每逢下雨，铺子门口总排着十几个人，有人甚至从邻县坐两个小时的车来，因为伞是父母留下的。",
            "老师傅把工具分成两份，一份给徒弟，一份留给自己。他说，伞总是要坏的，雨也总是要下的，只要有人愿意等，这门手艺就不会断。",
        ),
        cards=(
            Card(
                "山城晚报",
                "5小时前",
                "老茶馆改成了社区图书室",
                "茶馆的主人把账本也摆上了书架，读者可以看到三十年前一碗茶的价钱。图书室每天开到晚上十点，周末还有评书。",
                "/news/861",
            ),
            Card(
                "江边日报",
                "7小时前",
                "渡口的轮船换上了新的汽笛",
                "船长说新汽笛的声音比旧的高半个音，岸上的狗还没有习惯。旧汽笛送进了码头的小展馆，孩子们可以按着玩。",
                "/news/862",
            ),
            Card(
                "西南周刊",
                "2天前",
                "学生们把校园里的鸟声录成了地图",
                "地图上有六十三个点，每个点都能听到不同的鸟。老师说下学期要把虫声也加进去，已经有人开始在草丛里守夜了。",
                "/news/863",
            ),
        ),
        hashtags=(
            "#修伞",
            "#手艺",
        ),
        words=Words(
            "话题标签", "体验AI功能", "让AI为您解读：", "网友评论", "还没有评论", "相关阅读"
        ),
        language="zh",
    ),
    "he": Content(
        title="הספרייה שבתחנת הרכבת הישנה",
        paragraphs=(
            "לפני שלושים שנה עצרה כאן הרכבת האחרונה, ומאז עמד הבניין ריק עד שתושבי השכונה הביאו אליו מדפים. היום יש בו ארבעת אלפים ספרים ושני תנורים, והשעון על הקיר עדיין מראה את שעת הנסיעה האחרונה.",
            "הספרנית היא בתו של מנהל התחנה, והיא זוכרת את הצפירה של כל קטר. כשמישהו מחזיר ספר באיחור היא שורקת במשרוקית של אביה, וכולם צוחקים.",
            "העירייה מימנה את הגג, והתושבים צבעו את הקירות בעצמם. הצבע לא מספיק לכל הקומה השנייה, ולכן חצי ממנה כחולה וחצי ירוקה.",
            "בקיץ יוצאים עם הספרים אל הרציף וקוראים על הספסלים. מי שמגיע בפעם הראשונה מחפש את הרכבת, ומי שמגיע בפעם השנייה מביא כרית.",
        ),
        cards=(
            Card(
                "קול השכונה",
                "לפני 5 שעות",
                "השוק עובר לשעות הלילה",
                "הסוחרים אומרים שהעגבניות נראות טוב יותר לאור הפנסים. הניסיון יימשך עד החגים ואז תחליט המועצה.",
                "/news/871",
            ),
            Card(
                "חדשות הגליל",
                "לפני 7 שעות",
                "המעיין חזר לזרום אחרי שש שנים",
                "ילדי הכפר שמרו עליו ביומן ורשמו כל טיפה. השבוע הם יכלו סוף סוף למלא דלי שלם.",
                "/news/872",
            ),
            Card(
                "עיתון הנמל",
                "לפני יומיים",
                "סירת הדואר חוגגת מאה שנה",
                "הסירה עדיין מביאה חבילות לאיים הקטנים פעמיים בשבוע. הקברניט אומר שהחבילות נעשות כבדות והמכתבים קלים.",
                "/news/873",
            ),
        ),
        hashtags=(
            "#ספרייה",
            "#רכבת",
        ),
        words=Words(
            "תגיות",
            "נסו את תכונות הבינה המלאכותית שלנו",
            "גלו מה הבינה המלאכותית שלנו יכולה לעשות:",
            "תגובות",
            "אין עדיין תגובות",
            "כתבות נוספות",
        ),
        language="he",
    ),
    "sv": Content(
        title="Så blev telefonkiosken byns minsta museum",
        paragraphs=(
            "När den sista telefonkiosken i länet skulle rivas köpte byalaget den för en krona. Nu står det en hylla där luren hängde, och på hyllan byts en sak om dagen.",
            "I måndags var det en vante från 1952, på tisdagen en räkning från mejeriet. Den som vill ställa ut lägger sin sak i brevlådan intill och skriver en rad om den.",
            "Hittills har ingenting försvunnit, utom en skohorn som kom tillbaka efter en vecka med en ursäkt. Ursäkten visades sedan i två dagar eftersom så många ville läsa den.",
            "Till våren planerar byalaget en filial i busskuren. Där ska man bara ställa ut sådant som folk har glömt på bussen.",
        ),
        cards=(
            Card(
                "Skärgårdsbladet",
                "för 5 timmar sedan",
                "Isvägen öppnar en månad för tidigt",
                "Mätningarna visar fyrtio centimeter, men plogbilen väntar ändå på måndagens prov. De boende har redan börjat cykla.",
                "/news/881",
            ),
            Card(
                "Dalakuriren",
                "för 7 timmar sedan",
                "Körens äldsta sångare fyller hundra",
                "Hon sjunger andra stämman sedan 1941 och har bara missat två övningar. Båda gångerna var det på grund av älgjakten.",
                "/news/882",
            ),
            Card(
                "Norrnytt",
                "för 2 dagar sedan",
                "Bageriet som bakar efter vädret",
                "Vid högtryck blir det kavring och vid lågtryck kanelbullar. Kunderna har lärt sig att läsa barometern i fönstret.",
                "/news/883",
            ),
        ),
        hashtags=(
            "#museum",
            "#by",
        ),
        words=Words(
            "Taggar",
            "Testa våra AI-funktioner",
            "Upptäck vad vår AI kan göra:",
            "Kommentarer",
            "Inga kommentarer än",
            "Relaterade artiklar",
        ),
        language="sv",
    ),
    "uk": Content(
        title="Майстриня, яка лагодить шкільні глобуси",
        paragraphs=(
            "У невеликій майстерні біля вокзалу пані Орися вже двадцять років лагодить глобуси з усієї області. Найстаріший, який їй привезли, показував країни, яких давно немає, і вона вирішила нічого на ньому не виправляти.",
            "Найчастіше ламається вісь, каже вона, бо учні крутять землю надто швидко. Океани вицвітають повільніше за пустелі, а полюси протирають пальцями.",
            "За кожну роботу майстриня бере однаково, хоч би скільки материків довелося клеїти. Школи платять восени, коли приходять гроші, а до того приносять яблука.",
            "Торік вона зробила перший власний глобус, на якому позначені лише місця, де живуть її замовники. Їх уже сто сорок три, і два з них лежать за морем.",
        ),
        cards=(
            Card(
                "Вісник Полісся",
                "5 годин тому",
                "Сільська бібліотека видає насіння",
                "Читачі беруть пакетик навесні й повертають два восени. Найбільше попиту на квасолю з вишитими назвами.",
                "/news/891",
            ),
            Card(
                "Голос міста",
                "7 годин тому",
                "Трамвай без водія проїхав перше коло",
                "Пасажири весь час озиралися на порожню кабіну. Інженери їхали поруч і тримали руку на кнопці.",
                "/news/892",
            ),
            Card(
                "Карпатські новини",
                "2 дні тому",
                "Пастухи повернули стару мову дзвінків",
                "Кожна отара тепер має свій звук, який чути через долину. Туристи просять записати його для телефонів.",
                "/news/893",
            ),
        ),
        hashtags=(
            "#глобус",
            "#майстерня",
        ),
        words=Words(
            "Теги",
            "Спробуйте наші можливості ШІ",
            "Дізнайтеся, що може наш ШІ:",
            "Коментарі",
            "Коментарів поки немає",
            "Схожі статті",
        ),
        language="uk",
    ),
}
