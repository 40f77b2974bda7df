#!/bin/sh
# charset-normalizer 3.5.3: French, Spanish, Portuguese and Swedish in windows-1252 (or Latin-1), for
# decades the usual encoding of pages in them, are taken for Central European or Baltic ones. "déjà" is
# read as "déją", "mañana" as "mańana", "på" as "pĺ". In three of the four the right encoding has the very
# same marks (`chaos`, `coherence`), and `best()` takes windows-1250, whose number is lower. More text does
# not help: the same page ten times over gives the same. The README reports an accuracy of 98 %, and
# these are large languages of the web. chardet 5.2.0 reads all of these texts.
# For a program that opens old pages without a declared encoding: give the likely encodings of the
# language by `cp_isolation`, or prefer windows-1252 among results with equal marks.
# Fails once one of the four is read as it was written.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check charset-normalizer==3.5.3 chardet==5.2.0
"$folder/venv/bin/python" - <<'PY'
import sys

import chardet
from charset_normalizer import from_bytes

TEXTS = {
    "French": "La bibliothèque a rouvert ses portes après trois années de travaux. Les élèves de l'école voisine y"
    " trouvent déjà une salle de lecture, des fenêtres plus larges et même un piano.",
    "Spanish": "El último barco salió a mediodía y nadie se extrañó. Mañana los pescadores recogen las redes cerca"
    " del hotel, donde el muelle es más ancho; así lo decía el capitán.",
    "Portuguese": "A última barca saiu ao meio-dia e ninguém estranhou. Os pescadores já tinham arrumado as redes"
    " perto do hotel, onde o cais é mais largo. Não há horário no mar.",
    "Swedish": "Färjan gick klockan tolv och ingen blev förvånad. Fiskarna hade redan plockat undan näten nära"
    " hotellet, där kajen är bredare, och på kvällen låg båtarna stilla.",
    "Danish": "Færgen sejlede klokken tolv, og ingen blev overrasket. Fiskerne havde allerede samlet nettene nær"
    " hotellet, hvor kajen er bredere, og på øen lå bådene stille.",
}
right = []
for name, text in TEXTS.items():
    for times in (1, 10):
        whole = " ".join([text] * times)
        content = whole.encode("windows-1252")
        results = from_bytes(content)
        best = results.best()
        marks = {result.encoding: (result.chaos, result.coherence) for result in results}
        other = chardet.detect(content)["encoding"]
        words = [word for word in str(best).split() if word not in text.split()]
        print(f"{name}, {len(content)} bytes: {best.encoding} {marks[best.encoding]}, cp1252 {marks.get('cp1252')}: {words[:3]}")
        print(f"    chardet {other}: {'right' if content.decode(other) == whole else 'wrong'}")
        right += [name] if str(best) == whole and name != "Danish" else []
if right:
    sys.exit(f"{', '.join(right)} is right: this finding is outdated")
PY
