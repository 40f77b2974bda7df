#!/bin/sh
# linkedom 0.18.15: a valid page that leaves out the optional tags <html> and <body> has an empty body and
# no title. HTML allows both to be left out (HTML Living Standard, 13.1.2.4; Google's style guide suggests
# it), and browsers and jsdom 29.1.1 make the elements. linkedom does not promise to be as complete as
# jsdom, but its README offers `parseHTML` in the place of `JSDOM` for reading pages. Readability.js 0.6.0
# then finds nothing in the page: `parse()` gives null, without an error. With the two tags written out,
# the same page gives the same article in both. (Defuddle 0.19.4, which uses linkedom, reads both.)
# For a program that runs Readability on linkedom: look for the two tags first, and add them.
# Needs node and npm. Fails once linkedom's document has the article.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund linkedom@0.18.15 jsdom@29.1.1 @mozilla/readability@0.6.0 >/dev/null
cat >pages.mjs <<'JS'
import { JSDOM } from "jsdom";
import { parseHTML } from "linkedom";
import { Readability } from "@mozilla/readability";

const sentence = "<p>The ferry came in late that morning, and nobody minded it, since the fog had been thick.</p>";
const article = `<article><h1>Ferry</h1>${sentence.repeat(6)}</article>`;
const pages = {
  "all tags": `<!DOCTYPE html><html><head><title>Ferry</title></head><body>${article}</body></html>`,
  "optional tags left out": `<!DOCTYPE html><title>Ferry</title>${article}`,
};
const parsers = {
  jsdom: (html) => new JSDOM(html).window.document,
  linkedom: (html) => parseHTML(html).document,
};
const length = {};
for (const [form, html] of Object.entries(pages)) {
  for (const [name, parse] of Object.entries(parsers)) {
    const document = parse(html);
    const body = document.body.innerHTML.length;
    const title = document.title;
    const read = new Readability(document).parse();
    length[`${name}, ${form}`] = read ? read.textContent.length : 0;
    console.log(`${form}, ${name}: title "${title}", body ${body} characters, article ${read ? read.textContent.length : read}`);
  }
}
if (length["linkedom, optional tags left out"] === length["jsdom, optional tags left out"]) {
  console.log("linkedom's document has the article: this finding is outdated");
  process.exit(1);
}
JS
node pages.mjs
