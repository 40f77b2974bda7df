#!/bin/sh
# FlexSearch 0.8.212: numbers that differ are one to it. The default encoder makes one letter of two equal ones in
# a row, which its documentation calls "letter deduplication" ("missing" is "mising"); it does so with digits,
# too, so 10, 100 and 110 are the same word, and a search for the year 2000 finds 2200, one for room 1001
# also 1101. Nothing in the results tells the exact number from the others. A number of four digits or
# more is cut after the third, and both parts are searched as words (issue 517 saw one result of it). The encoder
# `Charset.LatinSoundex` drops numbers altogether: a document that has "2000" is not found by it. By sound there
# are no double digits, and Soundex says nothing of numbers; MiniSearch 7.2.0 keeps them apart.
# `Charset.Exact` does, too, at the price of accents and case.
# For a program that searches articles: `new Encoder({ dedupe: false, numeric: false })`, or look for the number
# in the texts found.
# Needs node and npm. Fails once 100 and 110 are two numbers.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund flexsearch@0.8.212 minisearch@7.2.0 >/dev/null
cat >search.mjs <<'JS'
import { Charset, Encoder, Index } from "flexsearch";
import MiniSearch from "minisearch";

const texts = ["10 days", "100 days", "110 days", "the year 2000", "the year 2200", "room 1001", "room 1101"];
const encoders = {
  default: {},
  LatinSoundex: { encoder: Charset.LatinSoundex },
  Exact: { encoder: Charset.Exact },
  "without dedupe and numeric": { encoder: new Encoder({ dedupe: false, numeric: false }) },
};
const found = {};
for (const [name, options] of Object.entries(encoders)) {
  const index = new Index(options);
  texts.forEach((text, at) => index.add(at, text));
  for (const query of ["100", "2000", "1001"]) {
    (found[name] ??= {})[query] = index.search(query).map((at) => texts[at]);
  }
  console.log(name, found[name]);
}
const other = new MiniSearch({ fields: ["text"] });
texts.forEach((text, id) => other.add({ id, text }));
console.log("MiniSearch", Object.fromEntries(["100", "2000", "1001"].map((query) => [query, other.search(query).map(({ id }) => texts[id])])));
if (found.default["100"].length === 1) {
  console.log("100 and 110 are two numbers: this finding is outdated");
  process.exit(1);
}
JS
node search.mjs
