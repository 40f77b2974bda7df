#!/bin/sh
# natural 8.1.1 (npm): tokenizers made for one language cut or drop letters of that language. The Italian one makes
# "pi gi perch citt" of "È più già perché città": each accented letter ends a word and is lost, and "È" (is) is no
# word at all. The Dutch one makes "co peratie" and "n" of "coöperatie" and "één". The Indonesian one drops all
# capitals: "Jakarta" is "akarta", so the first word of a sentence and every name is another word. The Spanish and
# the Portuguese ones drop numbers: "en 2026" is "en". French, German, Polish, Ukrainian and Vietnamese ones
# know their letters (the Spanish one since issue 132), so one expects it of these. They are offered as tokenizers for the
# languages, without a limit. The words that are left look like words ("perch", "gi"), are stemmed, counted and
# compared, and a classifier or TF-IDF made of them works with other words than the text has.
# For a program that indexes articles by it: split at \p{L}, \p{M} and \p{N} by a RegexpTokenizer.
# Needs node and npm. Fails once the Italian words are whole.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund natural@8.1.1 >/dev/null 2>&1
cat >words.mjs <<'JS'
import natural from "natural";

const sentences = {
  It: "È più già perché città",
  Nl: "één coöperatie, twee reünies",
  Id: "Kapal ke Jakarta",
  Es: "llegó en 2026",
  Pt: "chegou em 2026",
  Fr: "l'été à Noël coûte 3",
  De: "größte Fähre 2026",
  Pl: "zażółć gęślą jaźń 3",
};
const kept = {};
for (const [language, sentence] of Object.entries(sentences)) {
  const words = new natural[`AggressiveTokenizer${language}`]().tokenize(sentence);
  kept[language] = words.join("") === sentence.replace(/[^\p{L}\p{N}]/gu, "");
  console.log(`${language}: ${sentence} -> ${words.join(" | ")}${kept[language] ? "" : "   (not whole)"}`);
}
if (kept.It) {
  console.log("the Italian words are whole: this finding is outdated");
  process.exit(1);
}
JS
node words.mjs
