"""Stop words by language, folded like `model.tokenizer.tokens`."""

from typing import Final

_LISTS: Final = {
    "en": """a about above after again against all also although always am among an and another any are
        around as at away back be became because become been before being below between both but by
        came can cannot could d did didn do does doesn doing don done down during each either else
        even ever every few first for from further get gets getting go goes going gone got had has
        have having he her here hers herself him himself his how however i if in into is isn it its
        itself just know last least less let like likely ll m made make makes many may maybe me
        might more most much must my myself need never new next no nor not now of off often on once
        one only or other others our ours out over own per perhaps put quite rather re really s
        said same say says see seem seems seen she should since so some something still such t take
        than that the their theirs them themselves then there these they thing things think this
        those though three through thus to together too toward two under until up upon us use used
        using ve very want was way we well went were what when where whether which while who whole
        whom whose why will with within without won would year years yes yet you your yours""",
    "de": """aber alle allem allen aller alles als also am an ander andere anderen anderer anderes auch
        auf aus bei beim bereits bin bis bist da dabei damit dann daran darauf darum das dass dazu
        dein dem den denn der des deshalb die dies diese diesem diesen dieser dieses doch dort du
        durch ein eine einem einen einer eines einige er es etwa etwas euch fuer fur ganz gar gegen
        gibt habe haben hat hatte hatten her hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren
        ihrer im immer in ins ist ja jede jedem jeden jeder jedes jedoch jetzt kann kein keine keinen
        konnen konnte machen mal man mehr mein mich mir mit muss mussen nach nicht nichts noch nun
        nur ob oder ohne schon sehr sei sein seine seinem seinen seiner seit selbst sich sie sind so
        sogar solche soll sollen sollte sondern sowie uber um und uns unser unter viel viele vom von
        vor wahrend war waren warum was weil weiter welche wenn wer werde werden wie wieder will wir
        wird wo wohl wurde wurden zu zum zur zwar zwei zwischen""",
    "fr": """a afin ai aient alors apres au aucun aucune aujourd aussi autre autres aux avaient avait
        avant avec avoir beaucoup bien bon c ca car ce ceci cela celle celles celui ces cet cette ceux
        chaque chez comme comment contre d dans de deja depuis des deux devant dire dit doit donc dont
        du elle elles en encore entre est et etaient etait ete etes etre eu eux faire fait faut fois
        font ici il ils j je jusqu l la le les leur leurs lors lui m ma mais me meme memes mes moi moins
        mon n ne ni non nos notre nous on ont ou par parce pas peu peut peuvent plus plusieurs pour
        pourquoi pouvait qu quand que quel quelle quelles quelque quelques quels qui quoi s sa sans se
        selon sera ses si son sont sous souvent sur t ta te tes toi ton tous tout toute toutes tres trop
        tu un une vers voir vos votre vous y""",
    "es": """a al algo algunas algunos ante antes aqui asi aunque bajo bien cada casi como con contra
        cual cuando de del desde despues donde dos durante e el ella ellas ellos en entre era eran es
        esa ese eso esos esta estaba estan estar este esto estos fue fueron ha habia hace hacer hacia
        han hasta hay la las le les lo los mas me mi mientras mismo mucho muchos muy nada ni no nos
        nosotros o otra otras otro otros para pero poco por porque pues que quien quienes se sea segun
        ser si sido sin sino sobre solo son su sus tambien tan tanto te tener tiene tienen toda todas
        todo todos tras tu un una uno unos y ya yo""",
    "it": """a ad ai al alla alle allo anche ancora anni avere aveva c che chi ci come con contro cosa
        cosi cui da dal dalla dalle dai degli dei del della delle dello di dopo dove due e ed era
        erano essere fa fare fino fra gia gli ha hanno ho i il in io l la le lei li lo loro lui ma me
        meno mi mia mio molto ne negli nei nel nella nelle nello no noi non o ogni per perche piu poi
        prima pro qualche quale quando quanto quella quelle quelli quello questa queste questi questo
        qui sara se sempre senza si sia solo sono sotto su sua sue sugli sui sul sulla suo suoi tra
        tutta tutte tutti tutto un una uno va vi""",
    "pt": """a ainda algo ao aos apenas apos aquela aquele aquilo as assim ate cada com como contra da
        das de dela dele depois desde desta deste do dois dos e ela elas ele eles em entre era essa
        esse esta estao estar estava este eu faz foi foram ha isso isto ja la lhe mais mas me mesmo
        meu minha muito na nao nas nem no nos nossa nosso num numa o onde os ou outra outro outros
        para pela pelas pelo pelos pode por porque qual quando que quem se seja sem ser sera seu seus
        si sido so sobre sua suas tambem tem ter tinha toda todas todo todos tu um uma uns voce""",
    "nl": """aan achter al alle alleen als altijd ander andere bij dan dat de deze die dit doen door drie
        dus een eens en er ge geen had hadden heb hebben heeft hem het hier hij hoe hun iets ik in is
        ja je kan kon kunnen maar me meer men met mijn moet moeten na naar niet niets nog nu of om
        omdat onder ons ook op over sinds te tegen toch toen tot twee u uit uw van veel voor waar was
        wat we wel werd werden wie wij wil worden wordt zal ze zei zelf zich zij zijn zo zoals zonder
        zou""",
}

STOPWORDS: Final = frozenset(word for words in _LISTS.values() for word in words.split())
"""Stop words of all languages, since texts quote others and their own may be unknown."""
