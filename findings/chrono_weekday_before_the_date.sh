#!/bin/sh
# chrono-node 2.10.3: of a full date with its weekday it takes the weekday, and gives a day of this week. `parseDate` of
# "Tuesday, the 3rd of March, 2026", asked on 15 June 2026, is 16 June 2026; without the comma after Tuesday it is
# the same. "Tuesday, 3 March 2026" is right. In German "Dienstag, den 03.03.2026", the usual form of letters
# and programmes, "am Dienstag, dem 3. März 2026" and "Di., 3. März 2026" go wrong, in French "mardi, le 3 mars
# 2026". `parse` has both dates, the guessed one first, and `parseDate` takes the first; that day,
# month and year of the other are in the text (`isCertain`) is not considered. The README begins with "Sat Aug 17
# 2013" and "17 August 2013 - 19 August 2013" as what it reads. In Spanish "del 3 al 5 de marzo de 2026" has
# no beginning: only the 5th is found; French and Italian give the span.
# For a program that looks for the date of a page: take the result whose year is certain, not the first.
# Needs node and npm. Fails once the English date is right.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund chrono-node@2.10.3 >/dev/null
cat >dates.mjs <<'JS'
import * as chrono from "chrono-node";

const asked = new Date("2026-06-15T12:00:00Z");
const texts = [
  ["en", "Tuesday, the 3rd of March, 2026"],
  ["en", "Tuesday the 3rd of March 2026"],
  ["en", "Tuesday, 3 March 2026"],
  ["de", "Dienstag, den 03.03.2026"],
  ["de", "am Dienstag, dem 3. März 2026"],
  ["de", "Di., 3. März 2026"],
  ["de", "Dienstag, den 3. März 2026"],
  ["fr", "mardi, le 3 mars 2026"],
  ["es", "del 3 al 5 de marzo de 2026"],
  ["fr", "du 3 au 5 mars 2026"],
];
const show = (date) => date?.toISOString().slice(0, 10);
for (const [language, text] of texts) {
  const parts = chrono[language].parse(text, asked).map(({ text, start, end }) => `"${text}" ${show(start.date())}${end ? ` to ${show(end.date())}` : ""}`);
  console.log(`${language}: ${text}\n   parseDate: ${show(chrono[language].parseDate(text, asked))}, parse: ${parts.join("; ")}`);
}
if (show(chrono.en.parseDate(texts[0][1], asked)) === "2026-03-03") {
  console.log("the date is right: this finding is outdated");
  process.exit(1);
}
JS
TZ=UTC node dates.mjs
