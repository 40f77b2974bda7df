#!/bin/sh
# node-html-parser 9.0.7: `structuredText`, which the README offers as the text with its structure, runs the headings
# of a table together. The cells of <td> stand on lines of their own, those of <th> do not: "Kiel", "Oslo" and "Rome"
# are "KielOsloRome", while the row below is parted. <summary> and <option> join with what follows, too. A listing in
# <pre> is one line: the elements around it are parted by line breaks, and its own are taken away, although
# HTML (15.3.3) keeps them. If it has <code> in it, as most have, "<code>" stands in the text, as <pre> is one of
# the elements that are not parsed by default. Lists, <dl> and figures are right. The property `text`
# parts no blocks at all and keeps the lines of <pre>.
# For a program that takes texts by it: `blockTextElements: { pre: false }`, and read tables cell by cell.
# Needs node and npm. Fails once the headings are parted.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund node-html-parser@9.0.7 >/dev/null 2>&1
cat >show.mjs <<'JS'
import { parse } from "node-html-parser";

const pages = {
  headings: "<table><tr><th>Kiel</th><th>Oslo</th><th>Rome</th></tr><tr><td>8:00</td><td>9:30</td><td>-</td></tr></table>",
  summary: "<details><summary>Plan</summary>late again</details>",
  listing: "<pre>def f():\n    return 1</pre>",
  "listing with <code>": "<pre><code>def f():\n    return 1</code></pre>",
  definitions: "<dl><dt>Ferry</dt><dd>a boat</dd></dl>",
};
const texts = {};
for (const [name, page] of Object.entries(pages)) {
  texts[name] = parse(page).structuredText;
  console.log(`${name}: ${JSON.stringify(texts[name])}`);
}
if (!texts.headings.includes("8:00\n9:30")) throw new Error("the row is joined, too");
if (!texts.headings.includes("KielOsloRome")) {
  console.log("the headings are parted: this finding is outdated");
  process.exit(1);
}
JS
node show.mjs
